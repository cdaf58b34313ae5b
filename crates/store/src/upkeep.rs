//! Upkeep: projections made anew, everything recomputed and compared.

use std::fmt;

use record::{Act, LayoutCode, Logged, RecordNumber};
use serde::Serialize;

use crate::administration::AdminKind;
use crate::db::{Arg, Row, Tx, args};
use crate::keys::Generation;
use crate::known::Known;
use crate::listed::sought;
use crate::project::{Numbered, PROJECTIONS, project};
use crate::read::{HOME, Opened, RECORD_COLUMNS, select_with};
use crate::segments::{LIES_AT_HOME, Marks, are_there_any};
use crate::tags::{self, Sameness, Tag};
use crate::{Result, Store, StoreError};

/// Something that is not as it is recomputed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The table.
    pub table: String,
    /// Which row.
    pub row: String,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.table, self.row, self.what)
    }
}

/// What `verify` found.
#[derive(Debug, Clone, Serialize)]
pub struct VerifyReport {
    /// How many records were opened and held against their commitments.
    pub records: u64,
    /// How many leaves of the log were recomputed and held against its files and its checkpoint.
    pub leaves: u64,
    /// How many rows of projections were recomputed and compared.
    pub projection_rows: u64,
    /// Every difference.
    pub differences: Vec<Difference>,
}

impl VerifyReport {
    /// Whether everything is as it is recomputed.
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }
}

impl fmt::Display for VerifyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for difference in &self.differences {
            writeln!(f, "{difference}")?;
        }
        let (records, rows, count) = (self.records, self.projection_rows, self.differences.len());
        write!(
            f,
            "{records} records, {} leaves of the log and {rows} rows of projections recomputed, {count} differences",
            self.leaves
        )
    }
}

/// What `rebuild` did.
#[derive(Debug, Clone, Serialize)]
pub struct RebuildReport {
    /// How many records were read.
    pub records: u64,
    /// How many rows of projections were written.
    pub projection_rows: u64,
    /// What differed before, and is mended now.
    pub mended: Vec<Difference>,
}

impl fmt::Display for RebuildReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for difference in &self.mended {
            writeln!(f, "mended {difference}")?;
        }
        let (records, rows, count) = (self.records, self.projection_rows, self.mended.len());
        write!(
            f,
            "{rows} rows of projections made anew from {records} records, {count} were different before"
        )
    }
}

/// How many records are read at a time.
pub(crate) const BLOCK: i64 = 1_000;
/// The same where some of them lie in segments: in the order of their numbers they are all over each, which is best read once.
const SEALED_BLOCK: i64 = 50_000;

impl Store {
    /// Makes every projection anew, in one transaction, and says what was different.
    ///
    /// # Errors
    /// When a record does not open; then nothing is changed.
    pub async fn rebuild(&self) -> Result<RebuildReport> {
        let mut tx = self.inner.db.write_log().await?;
        let mut broken = Vec::new();
        let records = self.check_records(&mut tx, &mut broken).await?;
        if let Some(difference) = broken.first() {
            return Err(StoreError::DoesNotOpen(difference.to_string()));
        }
        let (projection_rows, mended) = self.reproject(&mut tx).await?;
        for (table, _) in PROJECTIONS {
            tx.execute(format!("DROP TABLE old_{table}"), args![]).await?;
        }
        let about = format!("{} {}", records, mended.len());
        self.note(&mut tx, AdminKind::Rebuilt, None, &about).await?;
        tx.commit().await?;
        Ok(RebuildReport {
            records,
            projection_rows,
            mended,
        })
    }

    /// Opens every record, holds it against its commitment and its tags, recomputes every projection, and
    /// names every difference. Nothing is changed but the note of what it found; appending waits meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify(&self) -> Result<VerifyReport> {
        let mut tx = self.inner.db.write_log().await?;
        let mut differences = Vec::new();
        let records = self.check_records(&mut tx, &mut differences).await?;
        self.check_segments(&mut tx, &mut differences).await?;
        self.check_attachments(&mut tx, &mut differences).await?;
        let leaves = self.check_log(&mut tx, &mut differences).await?;
        let (projection_rows, found) = self.reproject(&mut tx).await?;
        differences.extend(found);
        tx.rollback().await?;
        let mut tx = self.inner.db.write().await?;
        let about = format!("{records} {}", differences.len());
        self.note(&mut tx, AdminKind::Verified, None, &about).await?;
        tx.commit().await?;
        Ok(VerifyReport {
            records,
            leaves,
            projection_rows,
            differences,
        })
    }

    /// Records in order: none missing, each opens to what its commitment and tags say.
    async fn check_records(&self, tx: &mut Tx, differences: &mut Vec<Difference>) -> Result<u64> {
        let (keys, index_key) = self.keys(tx).await?;
        let index = keys.generation(index_key)?;
        let size = tx
            .one_int("SELECT next FROM counter WHERE name = 'record'", args![])
            .await?;
        let at_once = block(tx).await?;
        let mut expected = 0;
        let mut from = 0;
        loop {
            let rows = tx.rows(evidence(IN_BLOCKS), args![from, at_once]).await?;
            let Some(last) = rows.last() else { break };
            from = last.int(0)? + 1;
            let opened = self.opened(tx, &keys, &rows).await?;
            let mut sealed = Vec::new();
            for (row, opened) in rows.iter().zip(opened) {
                let number = row.int(0)?;
                if number != expected {
                    let row = format!("{expected} to {}", number - 1);
                    differences.push(difference("record", row, "missing"));
                }
                expected = number + 1;
                match check_record(index, row, opened) {
                    Ok(marks) => sealed.extend(marks),
                    Err(what) => differences.push(difference("record", number.to_string(), &what)),
                }
            }
            match self.not_in_runs(tx, &sealed).await {
                Ok(lacking) => differences.extend(lacking.into_iter().map(|number| {
                    difference("record", number.to_string(), "the runs do not have its marks")
                })),
                Err(StoreError::DoesNotOpen(what)) => {
                    differences.push(difference("run", "all".to_owned(), &what));
                }
                Err(error) => return Err(error),
            }
        }
        if expected != size {
            let what = format!(
                "the counter says {size} records, the last has number {}",
                expected - 1
            );
            differences.push(difference("counter", "record".to_owned(), &what));
        }
        Ok(u64::try_from(expected).unwrap_or(0))
    }

    /// Sets the projections aside as `old_…`, makes them anew, and compares. Records that do not open are
    /// passed over; `check_records` has named them.
    pub(crate) async fn reproject(&self, tx: &mut Tx) -> Result<(u64, Vec<Difference>)> {
        for (table, _) in PROJECTIONS {
            tx.execute(
                format!("CREATE TEMPORARY TABLE old_{table} AS SELECT * FROM {table}"),
                args![],
            )
            .await?;
            tx.execute(format!("DELETE FROM {table}"), args![]).await?;
        }
        let (keys, index_key) = self.keys(tx).await?;
        let index = keys.generation(index_key)?;
        let at_once = block(tx).await?;
        let mut from = 0;
        loop {
            let sql = format!("SELECT {RECORD_COLUMNS} WHERE r.number >= $1 ORDER BY r.number LIMIT $2");
            let rows = tx.rows(sql, args![from, at_once]).await?;
            let Some(last) = rows.last() else { break };
            from = last.int(0)? + 1;
            let opened = self.opened(tx, &keys, &rows).await?.into_iter().flatten();
            let block: Vec<Logged> = opened.filter_map(|one| one.logged().ok()).collect();
            // A publication changes the catalogue for those after it, so it ends a run.
            for run in block.split_inclusive(|logged| logged.record().act() == Some(Act::PublishPolicy)) {
                let Some(first) = run.first() else { continue };
                let bundle = self.bundle_before(tx, first.number().to_i64()).await?;
                let numbered: Vec<Numbered<'_>> = run
                    .iter()
                    .map(|logged| Numbered {
                        number: logged.number(),
                        submission: logged.submission(),
                        record: logged.record(),
                    })
                    .collect();
                project(
                    self,
                    tx,
                    index,
                    bundle.as_deref(),
                    &numbered,
                    &mut Known::default(),
                )
                .await?;
            }
        }
        // Which of them lie at home is no projection: it follows from where they were sealed.
        tx.execute(
            format!("UPDATE membership SET at_home = 1 WHERE {LIES_AT_HOME}"),
            args![],
        )
        .await?;
        let mut rows = 0;
        let mut differences = Vec::new();
        for (table, columns) in PROJECTIONS {
            rows += tx
                .one_int(format!("SELECT COUNT(*) FROM {table}"), args![])
                .await?;
            compare(tx, table, columns, &mut differences).await?;
        }
        Ok((u64::try_from(rows).unwrap_or(0), differences))
    }

    /// Sameness tag, number and content tag of sealed records, whose rows no longer have them.
    pub(crate) async fn tags_of_sealed(
        &self,
        tx: &mut Tx,
        numbers: &[RecordNumber],
    ) -> Result<Vec<(Tag, RecordNumber, Tag)>> {
        let (keys, index) = self.keys(tx).await?;
        let index = keys.generation(index)?;
        let values: Vec<Arg> = numbers.iter().map(|number| Arg::from(*number)).collect();
        let rows = tx
            .rows_in(&evidence("WHERE r.number IN ({in})"), &[], &values)
            .await?;
        let opened = self.opened(tx, &keys, &rows).await?;
        let tagged = rows.iter().zip(opened).map(|(row, opened)| {
            let logged = opened?.logged()?;
            let (same, content) = tags_of(index, row, &logged)?;
            Ok((same, logged.number(), content))
        });
        tagged.collect()
    }
}

/// A record with its key, its tags and its submission's layout.
pub(crate) fn evidence(which: &str) -> String {
    let select = select_with(
        "r.same_tag, r.content_tag, s.layout, r.source, r.item, r.same_start, r.commitment_start",
    );
    format!("{select} JOIN submission s ON s.id = r.submission {which}")
}

pub(crate) const IN_BLOCKS: &str = "WHERE r.number >= $1 ORDER BY r.number LIMIT $2";

pub(crate) async fn block(tx: &mut Tx) -> Result<i64> {
    Ok(if are_there_any(tx).await? {
        SEALED_BLOCK
    } else {
        BLOCK
    })
}

pub(crate) fn difference(table: &str, row: String, what: &str) -> Difference {
    Difference {
        table: table.to_owned(),
        row,
        what: what.to_owned(),
    }
}

pub(crate) fn tags_of(index: &Generation, row: &Row, logged: &Logged) -> Result<(Tag, Tag)> {
    let record = logged.record();
    let bytes = record.canonical_bytes();
    let layout = row.text_or_none(9)?.and_then(|code| LayoutCode::new(code).ok());
    let same = match record.act() {
        Some(_) => tags::of_act(index, logged.number()),
        None => Sameness::of(index, record.source.as_str(), layout.as_ref()).tag(record),
    };
    Ok((same, tags::of_content(index, record, &bytes)))
}

/// What is wrong with a stored record, in words; of one that is sealed and as it should be, by what it is found.
fn check_record(
    index: &Generation,
    row: &Row,
    opened: Result<Opened>,
) -> std::result::Result<Option<Marks>, String> {
    let said = |error: StoreError| error.to_string();
    let is_sealed = row.int_or_none(HOME).map_err(said)?.is_some();
    if row.bytes_or_none(5).map_err(said)?.is_some() == is_sealed {
        let what = if is_sealed {
            "its key lies here still"
        } else {
            "its key is missing"
        };
        return Err(what.to_owned());
    }
    let logged = opened.and_then(Opened::logged).map_err(said)?;
    let (same, content) = tags_of(index, row, &logged).map_err(said)?;
    let record = logged.record();
    let held = |column: usize| row.bytes(column).map_err(said);
    let kept = |tag: Tag| if is_sealed { Vec::new() } else { tag.to_vec() };
    let start = |tag: Tag| {
        if is_sealed {
            Vec::new()
        } else {
            sought(&tag).to_vec()
        }
    };
    for (column, fits) in [
        ("source", row.text(10).map_err(said)? == record.source.as_str()),
        ("item", row.text(11).map_err(said)? == record.item.as_str()),
        ("same_tag", held(7)? == kept(same)),
        ("content_tag", held(8)? == kept(content)),
        ("same_start", held(12)? == start(same)),
        ("commitment_start", held(13)? == start(logged.commitment().0)),
    ] {
        if !fits {
            return Err(format!("column `{column}` is not what the record says"));
        }
    }
    if is_sealed && !held(3)?.is_empty() {
        return Err("what it says lies here still".to_owned());
    }
    let marks = Marks::of(logged.number(), &same, &content, &logged.commitment().0);
    Ok(is_sealed.then_some(marks))
}

/// Rows that are only in the one or the other.
async fn compare(
    tx: &mut Tx,
    table: &str,
    columns: &[&str],
    differences: &mut Vec<Difference>,
) -> Result<()> {
    let list = columns.join(", ");
    let old = format!("old_{table}");
    for (here, there, what) in [
        (old.as_str(), table, "stored, and not recomputed"),
        (table, &old, "recomputed, and not stored"),
    ] {
        let sql = format!("SELECT {list} FROM {here} EXCEPT SELECT {list} FROM {there}");
        for row in tx.rows(sql, args![]).await? {
            let mut said = Vec::new();
            for (place, column) in columns.iter().enumerate() {
                said.push(format!("{column}={}", show(&row, place)));
            }
            differences.push(difference(table, said.join(" "), what));
        }
    }
    Ok(())
}

/// A value for people: numbers and texts as they are, bytes by their first eight.
fn show(row: &Row, place: usize) -> String {
    if let Ok(number) = row.int_or_none(place) {
        return number.map_or("none".to_owned(), |number| number.to_string());
    }
    if let Ok(text) = row.text(place) {
        return text;
    }
    let bytes = row.bytes(place).unwrap_or_default();
    bytes
        .iter()
        .take(8)
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
        + "…"
}
