//! The public lists: records of organisations of one kind, the newest first. Whether one may be shown on a day, an assessment
//! tells; this only finds which could be.

use std::collections::HashMap;
use std::fmt::Write as _;

use record::{ItemCode, Logged, RecordNumber, SourceCode, SubjectId, same_name_key, tidy_text};

use crate::db::{Arg, args};
use crate::{OrganisationHit, Result, Store};

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
    /// Of this item.
    pub item: Option<ItemCode>,
    /// The organisation's name has each of these words.
    pub words: String,
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
        let mut find = args![before];
        let mut place = |value: Arg| {
            find.push(value);
            find.len()
        };
        let mut more = String::new();
        if let Some(source) = &filter.source {
            let _infallible = write!(more, " AND r.source = ${}", place(Arg::from(source.as_str())));
        }
        if let Some(item) = &filter.item {
            let _infallible = write!(more, " AND r.item = ${}", place(Arg::from(item.as_str())));
        }
        for word in tidy_text(&filter.words)
            .split(' ')
            .filter(|word| !word.is_empty())
            .take(8)
        {
            let at = place(Arg::from(format!("%{}%", escaped(&same_name_key(word)))));
            let _infallible = write!(more, " AND o.search_name LIKE ${at} ESCAPE '\\'");
        }
        if list == PublicList::Penalties {
            // One that waits for a second officer is shown to nobody.
            more.push_str(" AND EXISTS (SELECT 1 FROM confirmation c WHERE c.submission = r.submission)");
        }
        let limit = place(Arg::from(i64::from(most)));
        let mut tx = self.inner.db.read().await?;
        let of_list = tx.is_below("r.item", list.prefix());
        let sql = format!(
            "SELECT r.number, o.subject, o.kind, o.name, o.uscc FROM record r \
            JOIN membership m ON m.number = r.number AND m.until_number IS NULL \
            JOIN organisation o ON o.subject = m.subject \
            WHERE {of_list} AND r.number < $1{more} \
            ORDER BY r.number DESC LIMIT ${limit}"
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

/// A text in which what `LIKE` has a meaning for stands for itself.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
