//! How well and how timely each department hands in, month by month. Counts only: nothing here knows a row.

use std::collections::BTreeMap;

use record::SourceCode;
use serde::{Deserialize, Serialize};

use crate::db::args;
use crate::submission::UNDO;
use crate::{Clock, Result, Store, StoreError};

/// Two years.
const MONTHS_MOST: usize = 24;

/// What a hand-in says of its quality, beside its counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionQuality {
    /// Rows taken of a layout that has a deadline.
    pub timed: u64,
    /// Of those, rows that came after it.
    pub late: u64,
    /// How often each fault was found, by its code.
    pub faults: BTreeMap<String, u64>,
}

impl SubmissionQuality {
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A department's hand-ins of one month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MonthQuality {
    /// Its year.
    pub year: i16,
    /// Its month, 1 to 12.
    pub month: i8,
    /// Files handed in to their end.
    pub files: u64,
    /// Of those, files taken back as a whole.
    pub undone: u64,
    /// Rows, those held already left out.
    pub rows: u64,
    /// Of those, rows that were taken and not taken back with their file.
    pub taken: u64,
    /// Rows refused.
    pub refused: u64,
    /// Rows taken of layouts with a deadline.
    pub timed: u64,
    /// Of those, rows that came after it.
    pub late: u64,
    /// How often each fault was found, the commonest first.
    pub faults: Vec<(String, u64)>,
}

impl MonthQuality {
    /// Of a hundred rows that were new, how many were taken and stayed; `None` without rows.
    pub fn score(&self) -> Option<u64> {
        (self.taken * 100).checked_div(self.rows)
    }

    /// Of a hundred rows with a deadline, how many came in time; `None` if there were none.
    pub fn timeliness(&self) -> Option<u64> {
        (self.timed.saturating_sub(self.late) * 100).checked_div(self.timed)
    }
}

impl Store {
    /// A department's hand-ins by month, the newest first; at most two years.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn quality(&self, source: &SourceCode) -> Result<Vec<MonthQuality>> {
        let mut found = self.quality_of(Some(source)).await?;
        Ok(found.remove(source).unwrap_or_default())
    }

    /// The same of every department that has handed anything in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn quality_of_all(&self) -> Result<BTreeMap<SourceCode, Vec<MonthQuality>>> {
        self.quality_of(None).await
    }

    async fn quality_of(
        &self,
        source: Option<&SourceCode>,
    ) -> Result<BTreeMap<SourceCode, Vec<MonthQuality>>> {
        let (of_source, args) = match source {
            Some(source) => ("s.source = $1 AND ", args![source.as_str()]),
            None => ("", args![]),
        };
        let sql = format!(
            "SELECT s.received_ms, s.row_count, s.duplicate, s.refused, s.quality, uc.number, s.source \
            FROM submission s {UNDO} WHERE {of_source}s.layout IS NOT NULL AND s.finished = 1"
        );
        let mut tx = self.inner.db.read().await?;
        let mut sources: BTreeMap<SourceCode, Months> = BTreeMap::new();
        for row in tx.rows(sql, args).await? {
            let source = SourceCode::new(row.text(6)?).map_err(|_| StoreError::NotFound)?;
            let months = sources.entry(source).or_default();
            let received =
                jiff::Timestamp::from_millisecond(row.int(0)?).map_err(|_| StoreError::NotFound)?;
            let day = Clock::day_of(received);
            let count = |place| row.int(place).map(|count| u64::try_from(count).unwrap_or(0));
            let said: SubmissionQuality = row
                .text_or_none(4)?
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default();
            let new = count(1)?.saturating_sub(count(2)?);
            let undone = row.int_or_none(5)?.is_some();
            let (month, faults) = months.entry((day.year(), day.month())).or_default();
            (month.year, month.month) = (day.year(), day.month());
            month.files += 1;
            month.undone += u64::from(undone);
            month.rows += new;
            month.refused += count(3)?;
            month.taken += if undone { 0 } else { new.saturating_sub(count(3)?) };
            month.timed += said.timed;
            month.late += said.late;
            for (code, found) in said.faults {
                *faults.entry(code).or_default() += found;
            }
        }
        Ok(sources
            .into_iter()
            .map(|(source, months)| (source, newest_first(months)))
            .collect())
    }
}

/// By year and month: its counts, and how often each fault was found.
type Months = BTreeMap<(i16, i8), (MonthQuality, BTreeMap<String, u64>)>;

fn newest_first(months: Months) -> Vec<MonthQuality> {
    let months = months.into_values().rev().take(MONTHS_MOST);
    months
        .map(|(mut month, faults)| {
            month.faults = faults.into_iter().collect();
            month.faults.sort_by_key(|(_, found)| std::cmp::Reverse(*found));
            month
        })
        .collect()
}
