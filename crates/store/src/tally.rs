//! How many records of each item each source handed in in each month, and how many subjects were first registered in it: projections,
//! by which the district is counted.

use std::collections::{BTreeMap, BTreeSet};

use record::{ItemCode, RecordNumber, SourceCode, SubmissionId};

use crate::db::{Arg, Tx, args};
use crate::district::{Month, day_of};
use crate::project::{Numbered, Placement};
use crate::{Result, StoreError};

/// Counts a run of records, and the subjects that they founded.
pub(crate) async fn project_tally(tx: &mut Tx, run: &[Numbered<'_>], placements: &[Placement]) -> Result<()> {
    let submissions: BTreeSet<SubmissionId> = run.iter().map(|one| one.submission).collect();
    let submissions: Vec<Arg> = submissions.into_iter().map(Arg::from).collect();
    let mut months: BTreeMap<SubmissionId, String> = BTreeMap::new();
    let sql = "SELECT id, received_ms FROM submission WHERE id IN ({in})";
    for row in tx.rows_in(sql, &[], &submissions).await? {
        let month = Month::of(day_of(row.int(1)?)?).to_string();
        months.insert(SubmissionId::from_i64(row.int(0)?), month);
    }
    let mut counts: BTreeMap<(&str, &SourceCode, &ItemCode), i64> = BTreeMap::new();
    let mut founded: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for (one, placement) in run.iter().zip(placements) {
        let month = months.get(&one.submission).ok_or(StoreError::NotFound)?;
        if let (Some(stated), true) = (&one.record.subject, placement.founds(one.number)) {
            *founded.entry((month, stated.kind.code())).or_default() += 1;
        }
        *counts
            .entry((month, &one.record.source, &one.record.item))
            .or_default() += 1;
    }
    let lines = counts
        .into_iter()
        .map(|((month, source, item), records)| args![month, source.as_str(), item.as_str(), records]);
    let more = " ON CONFLICT (month, source, item) DO UPDATE SET records = tally.records + excluded.records";
    tx.insert(
        "tally",
        &["month", "source", "item", "records"],
        lines.collect(),
        more,
    )
    .await?;
    let lines = founded
        .into_iter()
        .map(|((month, kind), subjects)| args![month, kind, subjects]);
    let more =
        " ON CONFLICT (month, kind) DO UPDATE SET subjects = subject_tally.subjects + excluded.subjects";
    tx.insert(
        "subject_tally",
        &["month", "kind", "subjects"],
        lines.collect(),
        more,
    )
    .await
}

impl Placement {
    /// Whether the record of this number founded its subject, which has the number for its id.
    fn founds(self, number: RecordNumber) -> bool {
        matches!(self, Self::Of(subject) if subject.0 == number.0)
    }
}
