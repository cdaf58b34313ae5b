//! What statistics are counted from, and those that were worked out. Records are opened here to be counted, one block after the other, and only
//! counts come out; where somebody lives becomes the code of a town, is handed over for one run, and is kept nowhere.

use std::collections::{BTreeMap, HashMap};

use assess::Bundle;
use jiff::Unit;
use record::{Date, Logged, RecordNumber, SubjectId, SubmissionId, TreeSize, Value};

use crate::administration::AdminKind;
use crate::db::{Arg, Row, Tx, args};
use crate::district::{Month, day_of};
use crate::everyone::Share;
use crate::read::RECORD_COLUMNS;
use crate::{Result, Store, StoreError};

/// How many records are opened at a time.
const BLOCK: i64 = 1_000;
/// Over how many numbers registrations are looked for at a time.
const REACH: i64 = 20_000;
/// With which day each band of days begins.
const BANDS: [u32; 5] = [0, 2, 8, 31, 91];

/// So many records of an item came from a source in a month, so many days after what they tell of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivedCount {
    /// The month.
    pub month: String,
    /// The source's code.
    pub source: String,
    /// The item's code.
    pub item: String,
    /// With so many days its band begins: 0, 2, 8, 31 or 91.
    pub days: u32,
    /// How many.
    pub records: u64,
}

/// Statistics that were worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptStatistics {
    /// On which day.
    pub day: Date,
    /// On how much of the log.
    pub known: TreeSize,
    /// By which edition of the rules.
    pub edition: String,
    /// When, in milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// What is told, as JSON, in the form of whoever worked it out.
    pub figures: String,
}

/// What the last nightly run noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastNightly {
    /// When it ended, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// On how much of the log it rated everyone.
    pub known: TreeSize,
    /// How many it rated.
    pub rated: u64,
    /// The day that it compared with.
    pub since: Date,
    /// How many have another grade than on that day, though nothing was handed in; nothing if they are few.
    pub moved: Option<u64>,
}

const COLUMNS: &str = "day, known, edition, made_ms, figures";

impl Store {
    /// Counts what came in since it was last counted, up to a size of the log. Each block is a transaction of its own, so that one that is cut off
    /// goes on where it was, and nothing is counted twice.
    ///
    /// # Errors
    /// When the database fails or a record does not open.
    pub async fn count_arrived(&self, known: TreeSize, mut told: impl FnMut(Share)) -> Result<()> {
        loop {
            let mut tx = self.inner.db.write().await?;
            let from = tx.locked_counter("arrived").await?;
            let to = known.to_i64().min(from + BLOCK);
            if from >= to {
                return tx.rollback().await;
            }
            let counts = self.arrived_between(&mut tx, from, to).await?;
            let lines = counts.into_iter().map(|((month, source, item, days), records)| {
                args![month, source, item, i64::from(days), records]
            });
            let columns = ["month", "source", "item", "days", "records"];
            let more = " ON CONFLICT (month, source, item, days) DO UPDATE SET records = arrived.records + excluded.records";
            tx.insert("arrived", &columns, lines.collect(), more).await?;
            let sql = "UPDATE counter SET next = $1 WHERE name = 'arrived'";
            tx.execute(sql, args![to]).await?;
            tx.commit().await?;
            told(Share {
                done: u64::try_from(to).unwrap_or(0),
                of: known.0,
            });
        }
    }

    async fn arrived_between(
        &self,
        tx: &mut Tx,
        from: i64,
        to: i64,
    ) -> Result<BTreeMap<(String, String, String, u32), i64>> {
        let (keys, _) = self.keys(tx).await?;
        let sql = "SELECT DISTINCT s.id, s.received_ms FROM record r JOIN submission s ON s.id = r.submission \
            WHERE r.number >= $1 AND r.number < $2";
        let mut received: HashMap<SubmissionId, Date> = HashMap::new();
        for row in tx.rows(sql, args![from, to]).await? {
            received.insert(SubmissionId::from_i64(row.int(0)?), day_of(row.int(1)?)?);
        }
        let sql = format!("SELECT {RECORD_COLUMNS} WHERE r.number >= $1 AND r.number < $2 ORDER BY r.number");
        let mut counts = BTreeMap::new();
        let rows = tx.rows(sql, args![from, to]).await?;
        for logged in self.logged(tx, &keys, &rows).await? {
            let (record, came) = (logged.record(), received.get(&logged.submission()));
            let came = *came.ok_or(StoreError::NotFound)?;
            let key = (
                Month::of(came).to_string(),
                record.source.to_string(),
                record.item.to_string(),
                band(record.occurred, came),
            );
            *counts.entry(key).or_insert(0) += 1;
        }
        Ok(counts)
    }

    /// What came in, as far as it was counted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn arrived(&self) -> Result<Vec<ArrivedCount>> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT month, source, item, days, records FROM arrived ORDER BY month, source, item, days";
        let one = |row: &Row| {
            Ok(ArrivedCount {
                month: row.text(0)?,
                source: row.text(1)?,
                item: row.text(2)?,
                days: u32::try_from(row.int(3)?).unwrap_or(0),
                records: u64::try_from(row.int(4)?).unwrap_or(0),
            })
        };
        tx.rows(sql, args![]).await?.iter().map(one).collect()
    }

    /// By subject, the code of the town that its newest registration says, if it says one of the district: for the tables of statistics alone.
    ///
    /// # Errors
    /// When the database fails or a record does not open.
    pub async fn towns(
        &self,
        bundle: &Bundle,
        known: TreeSize,
        mut told: impl FnMut(Share),
    ) -> Result<HashMap<u64, String>> {
        let mut tx = self.inner.db.read().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let founds = bundle.items().filter(|item| item.founds);
        let founds: Vec<Arg> = founds.map(|item| Arg::from(item.code.as_str())).collect();
        let mut towns = HashMap::new();
        let mut from = 0;
        while from < known.to_i64() {
            let to = known.to_i64().min(from + REACH);
            let sql = format!(
                "SELECT {RECORD_COLUMNS} WHERE r.number >= $1 AND r.number < $2 AND r.item IN ({{in}})"
            );
            let rows = tx
                .rows_in(&sql, &[Arg::from(from), Arg::from(to)], &founds)
                .await?;
            let mut records = self.logged(&mut tx, &keys, &rows).await?;
            records.sort_by_key(Logged::number);
            let subjects = subjects_of(&mut tx, &records, known).await?;
            for logged in &records {
                let Some(subject) = subjects.get(&logged.number()) else {
                    continue;
                };
                match town_of(bundle, logged) {
                    Some(town) => towns.insert(subject.0, town),
                    None => towns.remove(&subject.0),
                };
            }
            from = to;
            told(Share {
                done: u64::try_from(to).unwrap_or(0),
                of: known.0,
            });
        }
        Ok(towns)
    }

    /// Keeps the statistics of today; those of an earlier run of the day give way.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_statistics(&self, known: TreeSize, edition: &str, figures: &str) -> Result<()> {
        let mut tx = self.inner.db.write().await?;
        let columns = ["day", "known", "edition", "made_ms", "figures"];
        let clock = self.clock();
        let line = args![clock.today().to_string(), known, edition, clock.now_ms(), figures];
        let more = " ON CONFLICT (day) DO UPDATE SET known = excluded.known, edition = excluded.edition, \
            made_ms = excluded.made_ms, figures = excluded.figures";
        tx.insert("statistic", &columns, vec![line], more).await?;
        tx.commit().await
    }

    /// The newest statistics.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn statistics(&self) -> Result<Option<KeptStatistics>> {
        self.kept_statistics("ORDER BY day DESC").await
    }

    /// The statistics that everyone may read: the first of the newest month that has any, so that no two days can be set against each other.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn public_statistics(&self) -> Result<Option<KeptStatistics>> {
        self.kept_statistics(
            "WHERE SUBSTR(day, 1, 7) = (SELECT MAX(SUBSTR(day, 1, 7)) FROM statistic) ORDER BY day",
        )
        .await
    }

    async fn kept_statistics(&self, which: &str) -> Result<Option<KeptStatistics>> {
        let mut tx = self.inner.db.read().await?;
        let sql = format!("SELECT {COLUMNS} FROM statistic {which} LIMIT 1");
        let row = tx.row(sql, args![]).await?;
        row.as_ref().map(kept_of).transpose()
    }

    /// Notes that a nightly run is done, and what it found.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_nightly(&self, done: &LastNightly) -> Result<()> {
        let mut tx = self.inner.db.write().await?;
        let moved = done
            .moved
            .map_or_else(|| FEW.to_owned(), |moved| moved.to_string());
        let about = format!("{} {} {} {moved}", done.known.0, done.rated, done.since);
        self.note(&mut tx, AdminKind::NightlyRun, None, &about).await?;
        tx.commit().await
    }

    /// What the last nightly run noted, if there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_nightly(&self) -> Result<Option<LastNightly>> {
        let Some(act) = self.last_of(AdminKind::NightlyRun).await? else {
            return Ok(None);
        };
        let mut said = act.about.split(' ');
        let mut number = || said.next().and_then(|number| number.parse().ok());
        let (known, rated) = (number(), number());
        let since = said.next().and_then(|day| day.parse().ok());
        Ok(Some(LastNightly {
            at_ms: act.at_ms,
            known: TreeSize(known.unwrap_or(0)),
            rated: rated.unwrap_or(0),
            since: since.unwrap_or(day_of(act.at_ms)?),
            moved: said.next().and_then(|moved| moved.parse().ok()),
        }))
    }
}

/// How it is noted that some moved, and fewer than are told.
const FEW: &str = "few";

/// The band of days between what a record tells of and the day it came; one that came before is in the first.
fn band(occurred: Date, came: Date) -> u32 {
    let days = occurred
        .until((Unit::Day, came))
        .map_or(0, |span| span.get_days());
    let days = u32::try_from(days).unwrap_or(0);
    let band = BANDS.into_iter().rev().find(|from| *from <= days);
    band.unwrap_or(0)
}

async fn subjects_of(
    tx: &mut Tx,
    records: &[Logged],
    known: TreeSize,
) -> Result<HashMap<RecordNumber, SubjectId>> {
    let sql = "SELECT number, subject FROM membership WHERE from_number < $1 \
        AND (until_number IS NULL OR until_number >= $1) AND number IN ({in})";
    let numbers: Vec<Arg> = records.iter().map(|logged| Arg::from(logged.number())).collect();
    let mut subjects = HashMap::new();
    for row in tx.rows_in(sql, &[Arg::from(known)], &numbers).await? {
        let (number, subject) = (row.int(0)?, row.int(1)?);
        subjects.insert(RecordNumber::from_i64(number), SubjectId::from_i64(subject));
    }
    Ok(subjects)
}

fn town_of(bundle: &Bundle, logged: &Logged) -> Option<String> {
    match logged.record().field("address") {
        Some(Value::Text(address)) => bundle.town_of(address).map(ToString::to_string),
        _ => None,
    }
}

fn kept_of(row: &Row) -> Result<KeptStatistics> {
    let day = row.text(0)?;
    Ok(KeptStatistics {
        day: day
            .parse()
            .map_err(|_| StoreError::DoesNotOpen(format!("the statistics of the day `{day}`")))?,
        known: TreeSize::from_i64(row.int(1)?),
        edition: row.text(2)?,
        made_ms: row.int(3)?,
        figures: row.text(4)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_begins_with_its_first_day() {
        let came = Date::constant(2026, 11, 23);
        for (occurred, first) in [
            ("2026-11-23", 0),
            ("2026-11-22", 0),
            ("2026-11-21", 2),
            ("2026-11-15", 8),
            ("2026-10-24", 8),
            ("2026-10-23", 31),
            ("2026-08-24", 91),
            ("1970-01-01", 91),
            ("2027-01-01", 0),
        ] {
            assert_eq!(band(occurred.parse().unwrap(), came), first, "{occurred}");
        }
    }
}
