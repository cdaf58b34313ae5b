//! All looks of others, by who, what for and when; at whom, only as a mark that tells one subject from another.

use std::collections::HashMap;

use record::{OfficerId, PurposeCode, SourceCode, SubjectId, SubjectKind};

use crate::db::{Arg, Tx, args};
use crate::look::{Look, look_of};
use crate::organisation::{Page, Paged};
use crate::{LookPermit, Result, Store, tags};

/// A look as an auditor sees it.
#[derive(Debug, Clone)]
pub struct SeenLook {
    /// The look.
    pub look: Look,
    /// What kind of subject it was at.
    pub kind: Option<SubjectKind>,
    /// The name of an organisation, which is public; of a person nothing.
    pub organisation: Option<String>,
    /// By which the subject is told from others: eight characters under a key, new when the keys are turned over.
    pub mark: String,
    /// What it weighs, if that is enough to be reviewed.
    pub points: Option<u32>,
}

/// Which looks are wanted. A person's own are never among them.
#[derive(Debug, Default)]
pub struct LookFilter<'a> {
    /// Only at the subject of this look, which the auditor took first.
    pub at: Option<&'a LookPermit>,
    /// Only by this officer.
    pub officer: Option<OfficerId>,
    /// Only of this department.
    pub source: Option<SourceCode>,
    /// Only for this purpose.
    pub purpose: Option<PurposeCode>,
    /// Only from this moment on, in milliseconds since 1970 UTC.
    pub from_ms: Option<i64>,
    /// Only before this moment.
    pub until_ms: Option<i64>,
}

/// Days in Shanghai are all of one length.
const DAY_MS: i64 = 86_400_000;

/// What every list of looks selects, in this order.
pub(super) const LOOK: &str =
    "l.id, l.at_ms, l.viewer_kind, l.viewer, l.source, l.door, l.subject, l.purpose, l.case_number, l.what";

impl Store {
    /// Every look but people's own at themselves, the newest first. A file of several who were merged is looked at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all_looks(&self, filter: &LookFilter<'_>, page: Page) -> Result<Paged<SeenLook>> {
        let (wanted, mut values) = filter.sql();
        let mut tx = self.inner.db.read().await?;
        let count = format!("SELECT COUNT(*) FROM look l WHERE {wanted}");
        let total = tx.one_int(count, values.clone()).await?;
        let (limit, offset) = (values.len() + 1, values.len() + 2);
        values.extend(args![page.limit(), page.offset()]);
        let sql = format!(
            "SELECT {LOOK} FROM look l WHERE {wanted} ORDER BY l.id DESC LIMIT ${limit} OFFSET ${offset}"
        );
        let rows = tx.rows(sql, values).await?;
        let looks = rows.iter().map(look_of).collect::<Result<Vec<_>>>()?;
        let seen = self.seen(&mut tx, looks).await?;
        Ok(Paged::of(page, total, seen))
    }

    /// How many looks of others there were on each of so many days in a row, of which this is the first one's beginning.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn looks_by_day(&self, first_ms: i64, days: u16) -> Result<Vec<u64>> {
        let filter = LookFilter {
            from_ms: Some(first_ms),
            until_ms: Some(first_ms + i64::from(days) * DAY_MS),
            ..LookFilter::default()
        };
        let (wanted, mut values) = filter.sql();
        values.push(Arg::Int(first_ms));
        let day = format!("(l.at_ms - ${}) / {DAY_MS}", values.len());
        let sql = format!("SELECT {day}, COUNT(*) FROM look l WHERE {wanted} GROUP BY 1");
        let mut tx = self.inner.db.read().await?;
        let mut found = vec![0; usize::from(days)];
        for row in tx.rows(sql, values).await? {
            let place = usize::try_from(row.int(0)?).unwrap_or(usize::MAX);
            if let Some(count) = found.get_mut(place) {
                *count = u64::try_from(row.int(1)?).unwrap_or(0);
            }
        }
        Ok(found)
    }

    /// Looks with what an auditor may know of their subjects.
    pub(super) async fn seen(&self, tx: &mut Tx, looks: Vec<Look>) -> Result<Vec<SeenLook>> {
        let (keys, index) = self.keys(tx).await?;
        let keys = keys.generation(index)?;
        let subjects: Vec<Arg> = looks.iter().map(|look| Arg::from(look.subject)).collect();
        let mut known: HashMap<SubjectId, (Option<SubjectKind>, Option<String>)> = HashMap::new();
        let sql = "SELECT s.id, s.kind, o.name FROM subject s LEFT JOIN organisation o ON o.subject = s.id \
            WHERE s.id IN ({in})";
        for row in tx.rows_in(sql, &[], &subjects).await? {
            let kind = kind_of(&row.text(1)?);
            let name = row.text_or_none(2)?;
            known.insert(SubjectId::from_i64(row.int(0)?), (kind, name));
        }
        let ids: Vec<Arg> = looks
            .iter()
            .map(|look| Arg::Int(i64::try_from(look.id).unwrap_or(i64::MAX)))
            .collect();
        let mut points = HashMap::new();
        let sql = "SELECT look, points FROM unusual_look WHERE look IN ({in})";
        for row in tx.rows_in(sql, &[], &ids).await? {
            let look = u64::try_from(row.int(0)?).unwrap_or(0);
            points.insert(look, u32::try_from(row.int(1)?).unwrap_or(0));
        }
        let seen = |look: Look| {
            let (kind, organisation) = known.get(&look.subject).cloned().unwrap_or_default();
            let tag = tags::of_pseudonym(keys, look.subject.to_i64());
            SeenLook {
                kind,
                organisation,
                mark: mark_of(&tag),
                points: points.get(&look.id).copied(),
                look,
            }
        };
        Ok(looks.into_iter().map(seen).collect())
    }
}

/// The first eight digits.
fn mark_of(tag: &tags::Tag) -> String {
    let bytes = tag.iter().take(4);
    bytes.fold(String::new(), |text, byte| text + &format!("{byte:02X}"))
}

fn kind_of(code: &str) -> Option<SubjectKind> {
    let kinds = [
        SubjectKind::Person,
        SubjectKind::Organisation,
        SubjectKind::SoleTrader,
    ];
    kinds.into_iter().find(|kind| kind.code() == code)
}

impl LookFilter<'_> {
    fn sql(&self) -> (String, Vec<Arg>) {
        let mut wanted = vec!["l.viewer_kind NOT IN ('self', 'agent')".to_owned()];
        let mut values: Vec<Arg> = Vec::new();
        match self.at {
            // Each of those who were merged may have been looked at alone before; together they are told once.
            Some(permit) => {
                let mut places = Vec::new();
                for subject in permit.at() {
                    values.push(Arg::from(*subject));
                    places.push(format!("${}", values.len()));
                }
                let places = places.join(", ");
                wanted.push(format!(
                    "l.subject IN ({places}) AND NOT EXISTS (SELECT 1 FROM look w WHERE w.id = l.together_with \
                    AND w.subject IN ({places}))"
                ));
            }
            None => wanted.push("l.together_with IS NULL".to_owned()),
        }
        let mut add = |condition: &str, value: Option<Arg>| {
            if let Some(value) = value {
                values.push(value);
                wanted.push(format!("{condition} ${}", values.len()));
            }
        };
        let officer = self.officer.as_ref();
        add("l.viewer =", officer.map(|one| Arg::from(one.as_str())));
        add(
            "l.source =",
            self.source.as_ref().map(|one| Arg::from(one.as_str())),
        );
        let purpose = self.purpose.as_ref();
        add("l.purpose =", purpose.map(|one| Arg::from(one.as_str())));
        add("l.at_ms >=", self.from_ms.map(Arg::from));
        add("l.at_ms <", self.until_ms.map(Arg::from));
        (wanted.join(" AND "), values)
    }
}
