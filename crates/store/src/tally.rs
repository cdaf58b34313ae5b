//! How many records of each item each source handed in in each month: a projection, by which the district is counted.

use std::collections::{BTreeMap, BTreeSet};

use record::{ItemCode, SourceCode, SubmissionId};

use crate::db::{Arg, Tx, args};
use crate::district::{Month, day_of};
use crate::project::Numbered;
use crate::{Result, StoreError};

/// Counts a run of records.
pub(crate) async fn project_tally(tx: &mut Tx, run: &[Numbered<'_>]) -> Result<()> {
    let submissions: BTreeSet<SubmissionId> = run.iter().map(|one| one.submission).collect();
    let submissions: Vec<Arg> = submissions.into_iter().map(Arg::from).collect();
    let mut months: BTreeMap<SubmissionId, String> = BTreeMap::new();
    let sql = "SELECT id, received_ms FROM submission WHERE id IN ({in})";
    for row in tx.rows_in(sql, &[], &submissions).await? {
        let month = Month::of(day_of(row.int(1)?)?).to_string();
        months.insert(SubmissionId::from_i64(row.int(0)?), month);
    }
    let mut counts: BTreeMap<(&str, &SourceCode, &ItemCode), i64> = BTreeMap::new();
    for one in run {
        let month = months.get(&one.submission).ok_or(StoreError::NotFound)?;
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
    .await
}
