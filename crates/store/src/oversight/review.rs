//! The queue of unusual looks, and what auditors found of them. A finding is a record; a later one takes the place of an earlier.

use assess::{LookReason, LookSign};
use record::{Act, OfficerId, RecordNumber, SourceCode, Value};

use super::list::{LOOK, SeenLook};
use crate::act::{reason, said, text};
use crate::bundle::named;
use crate::db::{Row, Tx, args};
use crate::look::look_of;
use crate::organisation::{Page, Paged};
use crate::{ActFault, Result, Store, StoreError};

/// What an auditor found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finding {
    /// There was cause for it.
    Explained,
    /// Somebody is asked further.
    FollowUp,
}

impl Finding {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Explained, Self::FollowUp];

    /// Its code in records, forms and locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Explained => "explained",
            Self::FollowUp => "follow_up",
        }
    }

    /// The finding with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|finding| finding.code() == code)
    }
}

/// A look that weighs enough to be reviewed.
#[derive(Debug, Clone)]
pub struct UnusualLook {
    /// The look.
    pub look: SeenLook,
    /// What it weighs.
    pub points: u32,
    /// Why: their points sum to it.
    pub reasons: Vec<LookReason>,
    /// By the rules of which edition.
    pub edition: String,
    /// The newest finding, if there is one.
    pub finding: Option<Finding>,
}

/// One finding, with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The record.
    pub number: RecordNumber,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Who.
    pub officer: String,
    /// What was found.
    pub finding: Finding,
    /// The note.
    pub note: String,
}

/// Which unusual looks are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnusualFilter {
    /// `open`, or the code of a finding; any without one.
    pub state: Option<String>,
    /// Only with this sign.
    pub sign: Option<LookSign>,
    /// Only by this officer.
    pub officer: Option<OfficerId>,
}

const FINDING: &str =
    "(SELECT v.finding FROM look_review v WHERE v.look = u.look ORDER BY v.number DESC LIMIT 1)";

fn columns() -> String {
    format!(
        "SELECT {LOOK}, u.points, u.reasons, u.edition, {FINDING} FROM unusual_look u JOIN look l ON l.id = u.look"
    )
}

impl Store {
    /// Unusual looks, the heaviest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unusual_looks(&self, filter: &UnusualFilter, page: Page) -> Result<Paged<UnusualLook>> {
        let mut wanted = vec!["1 = 1".to_owned()];
        let mut values = Vec::new();
        match filter.state.as_deref() {
            Some("open") => wanted.push(format!("{FINDING} IS NULL")),
            Some(state) => {
                values.push(crate::db::Arg::from(state));
                wanted.push(format!("{FINDING} = ${}", values.len()));
            }
            None => {}
        }
        if let Some(sign) = filter.sign {
            values.push(crate::db::Arg::Text(format!("%\"{}\"%", sign.code())));
            wanted.push(format!("u.reasons LIKE ${}", values.len()));
        }
        if let Some(officer) = &filter.officer {
            values.push(crate::db::Arg::from(officer.as_str()));
            wanted.push(format!("l.viewer = ${}", values.len()));
        }
        let wanted = wanted.join(" AND ");
        let mut tx = self.inner.db.read().await?;
        let count =
            format!("SELECT COUNT(*) FROM unusual_look u JOIN look l ON l.id = u.look WHERE {wanted}");
        let total = tx.one_int(count, values.clone()).await?;
        let (limit, offset) = (values.len() + 1, values.len() + 2);
        values.extend(args![page.limit(), page.offset()]);
        let sql = format!(
            "{} WHERE {wanted} ORDER BY u.points DESC, u.look DESC LIMIT ${limit} OFFSET ${offset}",
            columns()
        );
        let rows = tx.rows(sql, values).await?;
        let found = self.unusual_of(&mut tx, &rows).await?;
        Ok(Paged::of(page, total, found))
    }

    /// One unusual look, with every finding, the oldest first.
    ///
    /// # Errors
    /// When the look is none, or not unusual.
    pub async fn unusual_look(&self, look: u64) -> Result<(UnusualLook, Vec<Review>)> {
        let id = i64::try_from(look).map_err(|_| StoreError::NotFound)?;
        let mut tx = self.inner.db.read().await?;
        let rows = tx
            .rows(format!("{} WHERE u.look = $1", columns()), args![id])
            .await?;
        let found = self.unusual_of(&mut tx, &rows).await?.pop();
        let reviews = self.reviews_of(&mut tx, id).await?;
        Ok((found.ok_or(StoreError::NotFound)?, reviews))
    }

    /// An auditor says what they found of an unusual look. Nobody reviews a look of their own.
    ///
    /// # Errors
    /// When the look is none or not unusual, it is the auditor's own, or no note is given.
    pub async fn review_look(
        &self,
        look: u64,
        finding: Finding,
        officer: &OfficerId,
        source: &SourceCode,
        note: &str,
    ) -> Result<RecordNumber> {
        let note = reason(note)?;
        let id = i64::try_from(look).map_err(|_| StoreError::NotFound)?;
        let mut tx = self.inner.db.write_log().await?;
        let sql = "SELECT l.viewer FROM unusual_look u JOIN look l ON l.id = u.look WHERE u.look = $1";
        let row = tx.row(sql, args![id]).await?.ok_or(StoreError::NotFound)?;
        if row.text(0)? == officer.as_str() {
            return Err(ActFault::OwnLook.into());
        }
        let fields = named([
            ("officer", text(officer.as_str())),
            ("look", Value::Integer(id)),
            ("finding", text(finding.code())),
            ("ground", text(&note)),
        ])?;
        let act = self.bare(Act::ReviewLook, source.clone(), None, fields);
        let number = self.append_act_in(&mut tx, officer, act).await?;
        tx.commit().await?;
        Ok(number)
    }

    async fn unusual_of(&self, tx: &mut Tx, rows: &[Row]) -> Result<Vec<UnusualLook>> {
        let looks = rows.iter().map(look_of).collect::<Result<Vec<_>>>()?;
        let seen = self.seen(tx, looks).await?;
        let unusual = |(row, look): (&Row, SeenLook)| {
            let reasons = serde_json::from_str(&row.text(11)?);
            Ok(UnusualLook {
                look,
                points: u32::try_from(row.int(10)?).unwrap_or(0),
                reasons: reasons.map_err(|_| StoreError::DoesNotOpen("a weight of a look".to_owned()))?,
                edition: row.text(12)?,
                finding: row.text_or_none(13)?.as_deref().and_then(Finding::from_code),
            })
        };
        rows.iter().zip(seen).map(unusual).collect()
    }

    async fn reviews_of(&self, tx: &mut Tx, look: i64) -> Result<Vec<Review>> {
        let sql = "SELECT v.number, s.received_ms, s.officer, v.finding FROM look_review v \
            JOIN record r ON r.number = v.number JOIN submission s ON s.id = r.submission \
            WHERE v.look = $1 ORDER BY v.number";
        let rows = tx.rows(sql, args![look]).await?;
        let mut reviews = Vec::new();
        for row in &rows {
            let finding = Finding::from_code(&row.text(3)?);
            reviews.push(Review {
                number: RecordNumber::from_i64(row.int(0)?),
                at_ms: row.int(1)?,
                officer: row.text(2)?,
                finding: finding.ok_or(StoreError::NotFound)?,
                note: String::new(),
            });
        }
        let numbers: Vec<RecordNumber> = reviews.iter().map(|review| review.number).collect();
        for logged in self.logged_in(tx, &numbers).await? {
            let note = said(logged.record(), "ground").unwrap_or_default();
            let mut of = reviews
                .iter_mut()
                .filter(|review| review.number == logged.number());
            if let Some(review) = of.next() {
                note.clone_into(&mut review.note);
            }
        }
        Ok(reviews)
    }
}
