//! The public lists: records of organisations of one kind, the newest first. Whether one may be shown on a day, an assessment
//! tells; this only finds which could be, by a projection of their kinds and days, so that what cannot be shown is never opened.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

use record::{
    Date, ItemCode, Logged, Record, RecordNumber, SourceCode, SubjectId, SubjectKind, same_name_key,
    tidy_text,
};

use crate::db::{Arg, Tx, args};
use crate::project::Numbered;
use crate::read::{Opened, RECORD_COLUMNS};
use crate::{OrganisationHit, Result, Store};

/// How many records are read at a time when a store of an earlier version is opened.
const BLOCK: i64 = 1_000;

/// Which of the two public lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PublicList {
    /// 行政许可.
    Licences,
    /// 行政处罚.
    Penalties,
}

impl PublicList {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Licences, Self::Penalties];

    /// How the codes of its items begin. There is an index of just this condition.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Licences => "licence.",
            Self::Penalties => "penalty.",
        }
    }
}

/// What of a list is wanted.
#[derive(Debug, Clone, Default)]
pub struct PublicFilter {
    /// Handed in by this department.
    pub source: Option<SourceCode>,
    /// Of one of these items; without any, there is nothing.
    pub items: Vec<PublicItem>,
    /// Occurred on one of these days.
    pub occurred: Option<RangeInclusive<Date>>,
    /// The organisation's name has each of these words.
    pub words: String,
}

/// An item whose records may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicItem {
    /// Which.
    pub item: ItemCode,
    /// What occurred, and whose document is, of an earlier day is shown no longer.
    pub since: Option<Date>,
}

/// A record that could be on a list.
#[derive(Debug, Clone)]
pub struct PublicCandidate {
    /// The record.
    pub logged: Logged,
    /// Whom it is about.
    pub organisation: OrganisationHit,
}

impl Store {
    /// At most `most` candidates with numbers below `before`, the newest first. None of them is about a natural person.
    ///
    /// # Errors
    /// When the database fails or something does not open.
    pub async fn public_candidates(
        &self,
        list: PublicList,
        filter: &PublicFilter,
        before: RecordNumber,
        most: u32,
    ) -> Result<Vec<PublicCandidate>> {
        if filter.items.is_empty() {
            return Ok(Vec::new());
        }
        let mut find = args![before, i64::from(most)];
        let wanted = wanted(list, filter, &mut find);
        let mut tx = self.inner.db.read().await?;
        let of_list = tx.is_below("p.item", list.prefix());
        // The plus keeps SQLite from going through everything below a number in `membership` first.
        let sql = format!(
            "SELECT p.number, o.subject, o.kind, o.name, o.uscc FROM public_record p \
            JOIN membership m ON m.number = +p.number AND m.until_number IS NULL \
            JOIN organisation o ON o.subject = m.subject \
            WHERE {of_list} AND p.number < $1{wanted} \
            ORDER BY p.number DESC LIMIT $2"
        );
        let mut organisations = HashMap::new();
        for row in tx.rows(sql, find).await? {
            let organisation = OrganisationHit {
                subject: SubjectId::from_i64(row.int(1)?),
                kind: row.text(2)?,
                name: row.text(3)?,
                uscc: row.text(4)?,
            };
            organisations.insert(RecordNumber::from_i64(row.int(0)?), organisation);
        }
        let numbers: Vec<RecordNumber> = organisations.keys().copied().collect();
        let mut found: Vec<PublicCandidate> = self
            .logged_in(&mut tx, &numbers)
            .await?
            .into_iter()
            .filter_map(|logged| {
                let organisation = organisations.remove(&logged.number())?;
                Some(PublicCandidate { logged, organisation })
            })
            .collect();
        found.sort_by_key(|candidate| std::cmp::Reverse(candidate.logged.number()));
        Ok(found)
    }
}

/// The conditions of a filter, whose values are put into place.
fn wanted(list: PublicList, filter: &PublicFilter, values: &mut Vec<Arg>) -> String {
    let mut place = |value: &str| {
        values.push(Arg::from(value));
        values.len()
    };
    let mut more = String::new();
    let items: Vec<String> = filter
        .items
        .iter()
        .map(|shown| match shown.since {
            None => format!("p.item = ${}", place(shown.item.as_str())),
            Some(since) => {
                let (item, since) = (place(shown.item.as_str()), place(&since.to_string()));
                format!("p.item = ${item} AND p.latest >= ${since}")
            }
        })
        .collect();
    let _infallible = write!(more, " AND ({})", items.join(" OR "));
    if let Some(days) = &filter.occurred {
        let (from, until) = (place(&days.start().to_string()), place(&days.end().to_string()));
        let _infallible = write!(more, " AND p.occurred >= ${from} AND p.occurred <= ${until}");
    }
    if let Some(source) = &filter.source {
        let _infallible = write!(more, " AND p.source = ${}", place(source.as_str()));
    }
    let words = tidy_text(&filter.words);
    for word in words.split(' ').filter(|word| !word.is_empty()).take(8) {
        let at = place(&format!("%{}%", escaped(&same_name_key(word))));
        let _infallible = write!(more, " AND o.search_name LIKE ${at} ESCAPE '\\'");
    }
    if list == PublicList::Penalties {
        // One that waits for a second officer is shown to nobody.
        more.push_str(" AND EXISTS (SELECT 1 FROM confirmation c WHERE c.submission = p.submission)");
    }
    more
}

/// The columns of what could be on a list: number, hand-in, department, item, the day it occurred, and the later one of that and its
/// document's.
pub(crate) const PUBLIC_COLUMNS: [&str; 6] = ["number", "submission", "source", "item", "occurred", "latest"];

/// The row of a licence or penalty that its source states of somebody who is no natural person, whether the catalogue of its day
/// publishes it or not: the catalogue may change.
pub(crate) fn public_row(one: Numbered<'_>) -> Option<Vec<Arg>> {
    let record = one.record;
    let (occurred, latest) = public_days(record)?;
    let of_list = |list: &PublicList| record.item.as_str().starts_with(list.prefix());
    PublicList::ALL.iter().any(of_list).then(|| {
        let (source, item) = (record.source.as_str(), record.item.as_str());
        args![one.number, one.submission, source, item, occurred, latest]
    })
}

/// When it occurred, and the later one of that day and its document's; of a natural person nothing.
fn public_days(record: &Record) -> Option<(String, String)> {
    let stated = record.subject.as_ref()?;
    let document = record.document.as_ref().map(|document| document.date);
    let latest = document.into_iter().chain([record.occurred]).max()?;
    (stated.kind != SubjectKind::Person).then(|| (record.occurred.to_string(), latest.to_string()))
}

impl Store {
    /// What a store of an earlier version could not know by its tables alone: the days of what is on the public lists, which are read
    /// from the records once, and that a record is a natural person's. What does not open, [`verify`](Self::verify) names.
    pub(crate) async fn complete_public_records(&self) -> Result<()> {
        loop {
            let mut tx = self.inner.db.read().await?;
            let unread = "SELECT number FROM public_record WHERE occurred IS NULL LIMIT 1";
            if tx.row(unread, args![]).await?.is_none() {
                return Ok(());
            }
            drop(tx);
            let mut tx = self.inner.db.write_log().await?;
            complete_some(self, &mut tx).await?;
            tx.commit().await?;
        }
    }
}

async fn complete_some(store: &Store, tx: &mut Tx) -> Result<()> {
    let (keys, _) = store.keys(tx).await?;
    let sql = format!(
        "SELECT {RECORD_COLUMNS} JOIN public_record p ON p.number = r.number WHERE p.occurred IS NULL \
        ORDER BY p.number LIMIT $1"
    );
    let rows = tx.rows(sql, args![BLOCK]).await?;
    if rows.is_empty() {
        // Only rows of records that are gone are left.
        let gone = "DELETE FROM public_record WHERE occurred IS NULL";
        tx.execute(gone, args![]).await?;
    }
    let opened = store.opened(tx, &keys, &rows).await?;
    for (row, opened) in rows.iter().zip(opened) {
        let logged = opened.and_then(Opened::logged).ok();
        let days = logged.and_then(|logged| public_days(logged.record()));
        if let Some((occurred, latest)) = days {
            let sql = "UPDATE public_record SET occurred = $2, latest = $3 WHERE number = $1";
            tx.execute(sql, args![row.int(0)?, occurred, latest]).await?;
        } else {
            let sql = "DELETE FROM public_record WHERE number = $1";
            tx.execute(sql, args![row.int(0)?]).await?;
        }
    }
    Ok(())
}

/// A text in which what `LIKE` has a meaning for stands for itself.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
