//! What a mirror holds, as Parquet that any engine reads: a table of facts and one of subjects.

use std::path::Path;

use assess::DayStamp;
use segment::{Batch, Mirror, days_of};

use crate::columns::{Column, Table};
use crate::error::{BatchError, Result};

const FACTS: &str = "message facts {
    required int64 subject;
    required int32 line;
    required int32 occurred (date);
    optional int32 counts_from (date);
    optional int32 counts_until (date);
    required int64 quantity;
    optional int32 first_month;
    optional int32 last_month;
}";

const SUBJECTS: &str = "message subjects {
    required int64 subject;
    optional binary kind (string);
    optional int32 born (date);
    optional int32 over (date);
}";

/// How many rows a row group has.
const ROWS: usize = 1 << 20;

#[derive(Default)]
struct Group {
    subject: Vec<i64>,
    line: Vec<i32>,
    occurred: Vec<i32>,
    from: Vec<Option<i32>>,
    until: Vec<Option<i32>>,
    quantity: Vec<i64>,
    months: Vec<Option<(i32, i32)>>,
}

/// Writes `facts.parquet` and `subjects.parquet` into a folder, by subject and within one by line and day. `counts_from` and
/// `counts_until` are the days between which a fact counts; months are counted from the year 0.
///
/// # Errors
/// When the mirror is bad or the files cannot be written.
pub fn write_facts(mirror: &Mirror, folder: &Path) -> Result<()> {
    let mut table = Table::create(&folder.join("facts.parquet"), FACTS)?;
    let (batches, mut batch, mut group) = (mirror.batches(), Batch::default(), Group::default());
    while batches.take(&mut batch)? {
        batches.each(&mut batch, |subject, spans| {
            for span in spans {
                group.subject.push(i64::try_from(subject.id).unwrap_or(i64::MAX));
                group.line.push(i32::from(span.line));
                group.occurred.push(days(span.fact.occurred).unwrap_or(0));
                group.from.push(days(span.from));
                group.until.push(days(span.until));
                group.quantity.push(span.fact.quantity);
                group.months.push(span.fact.covers);
            }
            Ok::<_, BatchError>(())
        })?;
        if group.subject.len() >= ROWS {
            table.write(&std::mem::take(&mut group).columns())?;
        }
    }
    if !group.subject.is_empty() {
        table.write(&group.columns())?;
    }
    table.finish()?;
    write_subjects(mirror, folder)
}

fn write_subjects(mirror: &Mirror, folder: &Path) -> Result<()> {
    let mut table = Table::create(&folder.join("subjects.parquet"), SUBJECTS)?;
    for part in mirror.subjects().chunks(ROWS) {
        table.write(&[
            Column::Int64(
                part.iter()
                    .map(|one| i64::try_from(one.id).unwrap_or(i64::MAX))
                    .collect(),
            ),
            Column::texts(part.iter().map(|one| one.who.kind.map(record::SubjectKind::code))),
            Column::optional(part.iter().map(|one| one.who.born.map(days_of))),
            Column::optional(part.iter().map(|one| one.who.over.map(days_of))),
        ])?;
    }
    table.finish()
}

impl Group {
    fn columns(self) -> [Column; 8] {
        [
            Column::Int64(self.subject),
            Column::Int32(self.line),
            Column::Int32(self.occurred),
            Column::optional(self.from.into_iter()),
            Column::optional(self.until.into_iter()),
            Column::Int64(self.quantity),
            Column::optional(self.months.iter().map(|months| months.map(|(first, _)| first))),
            Column::optional(self.months.iter().map(|months| months.map(|(_, last)| last))),
        ]
    }
}

/// Days since 1970; none for a stamp that is no day.
fn days(stamp: DayStamp) -> Option<i32> {
    stamp.day().map(days_of)
}
