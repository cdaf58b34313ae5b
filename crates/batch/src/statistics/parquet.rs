//! What statistics are made of, as Parquet that any engine reads.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::path::Path;

use super::Arrived;
use crate::columns::{Column, Table};
use crate::error::Result;

const ARRIVED: &str = "message arrived {
    required binary month (string);
    required binary source (string);
    required binary item (string);
    required int32 days;
    required int64 records;
}";

const TOWNS: &str = "message towns {
    required int64 subject;
    required binary town (string);
}";

/// How many rows a row group has.
const ROWS: usize = 1 << 20;

/// Writes what came in, a row for each month, source, item and band of days.
///
/// # Errors
/// When the file cannot be written.
pub fn write_arrived(place: &Path, arrived: &[Arrived]) -> Result<()> {
    let mut table = Table::create(place, ARRIVED)?;
    for part in arrived.chunks(ROWS) {
        table.write(&[
            Column::required(part.iter().map(|one| one.month.as_str())),
            Column::required(part.iter().map(|one| one.source.as_str())),
            Column::required(part.iter().map(|one| one.item.as_str())),
            Column::Int32(
                part.iter()
                    .map(|one| i32::try_from(one.days).unwrap_or(i32::MAX))
                    .collect(),
            ),
            Column::Int64(part.iter().map(|one| signed(one.records)).collect()),
        ])?;
    }
    table.finish()
}

/// Writes the town of each subject whose address says one.
///
/// # Errors
/// When the file cannot be written.
pub fn write_towns<S: BuildHasher>(place: &Path, towns: &HashMap<u64, String, S>) -> Result<()> {
    let rows: BTreeMap<u64, &str> = towns
        .iter()
        .map(|(subject, town)| (*subject, town.as_str()))
        .collect();
    let rows: Vec<(u64, &str)> = rows.into_iter().collect();
    let mut table = Table::create(place, TOWNS)?;
    for part in rows.chunks(ROWS) {
        table.write(&[
            Column::Int64(part.iter().map(|(subject, _)| signed(*subject)).collect()),
            Column::required(part.iter().map(|(_, town)| *town)),
        ])?;
    }
    table.finish()
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
