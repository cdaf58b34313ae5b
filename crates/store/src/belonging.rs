//! Whose a record is, from the side of the subject: by the database, and by the segments in which most lie under the very subject that they
//! are about.

use std::collections::HashSet;

use record::{Logged, RecordNumber, SubjectId, TreeSize};
use segment::SealedRecord;

use crate::db::{Arg, Tx};
use crate::segments::Found;
use crate::{Result, Store};

/// The records that were about some subjects at a size of the log, and those of them that lie in segments, opened already.
pub(crate) struct Belonging {
    pub(crate) whose: Vec<(RecordNumber, SubjectId)>,
    sealed: Found,
}

impl Store {
    /// The records about these subjects.
    pub(crate) async fn belonging(
        &self,
        tx: &mut Tx,
        subjects: &[SubjectId],
        known: TreeSize,
    ) -> Result<Belonging> {
        let (keys, _) = self.keys(tx).await?;
        let sealed = self.sealed_under(tx, &keys, subjects).await?;
        self.belonging_with(tx, subjects, known, sealed).await
    }

    /// The same, where everything that was sealed under them has been read already, and maybe more.
    pub(crate) async fn belonging_with(
        &self,
        tx: &mut Tx,
        subjects: &[SubjectId],
        known: TreeSize,
        sealed: Found,
    ) -> Result<Belonging> {
        let known = [Arg::from(known)];
        let values: Vec<Arg> = subjects.iter().copied().map(Arg::from).collect();
        let elsewhere = "SELECT number, subject FROM membership WHERE at_home = 0 AND from_number < $1 \
            AND (until_number IS NULL OR until_number >= $1) AND subject IN ({in})";
        let subjects: HashSet<SubjectId> = subjects.iter().copied().collect();
        let under = |one: &std::result::Result<SealedRecord, String>| {
            one.as_ref().is_ok_and(|one| subjects.contains(&one.subject))
        };
        let numbers = sealed.iter().filter(|(_, one)| under(one));
        let numbers: Vec<Arg> = numbers.map(|(number, _)| Arg::from(*number)).collect();
        let at_home = "SELECT number, subject FROM membership WHERE at_home = 1 AND from_number < $1 \
            AND (until_number IS NULL OR until_number >= $1) AND number IN ({in})";
        let mut rows = tx.rows_in(elsewhere, &known, &values).await?;
        rows.extend(tx.rows_in(at_home, &known, &numbers).await?);
        let whose = rows.iter().map(|row| {
            Ok((
                RecordNumber::from_i64(row.int(0)?),
                SubjectId::from_i64(row.int(1)?),
            ))
        });
        Ok(Belonging {
            whose: whose.collect::<Result<_>>()?,
            sealed,
        })
    }

    /// Whether a source has stated anything about one of these subjects, or anything of an item.
    pub(crate) async fn has_any_of(
        &self,
        tx: &mut Tx,
        subjects: &[SubjectId],
        source: &str,
        item: Option<&str>,
    ) -> Result<bool> {
        let (keys, _) = self.keys(tx).await?;
        let sealed = self.sealed_under(tx, &keys, subjects).await?;
        let stated = |one: &SealedRecord| {
            one.source.as_str() == source && item.is_none_or(|item| one.item.as_str() == item)
        };
        let stated = sealed.values().flatten().filter(|one| stated(one));
        let stated: Vec<Arg> = stated.map(|one| Arg::from(one.number)).collect();
        let at_home =
            "SELECT number FROM membership WHERE at_home = 1 AND until_number IS NULL AND number IN ({in})";
        if !tx.rows_in(at_home, &[], &stated).await?.is_empty() {
            return Ok(true);
        }
        let values: Vec<Arg> = subjects.iter().copied().map(Arg::from).collect();
        let elsewhere = "SELECT r.number FROM membership m JOIN record r ON r.number = m.number WHERE m.at_home = 0 \
            AND m.until_number IS NULL AND r.source = $1 AND ($2 = '' OR r.item = $2) AND m.subject IN ({in})";
        let of = [Arg::from(source), Arg::from(item.unwrap_or_default())];
        Ok(!tx.rows_in(elsewhere, &of, &values).await?.is_empty())
    }

    /// These records, in the order of their numbers.
    pub(crate) async fn logged_of(&self, tx: &mut Tx, belonging: Belonging) -> Result<Vec<Logged>> {
        let numbers: Vec<RecordNumber> = belonging.whose.iter().map(|(number, _)| *number).collect();
        self.logged_in_with(tx, &numbers, belonging.sealed).await
    }
}
