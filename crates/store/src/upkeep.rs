//! Upkeep: projections made anew, everything recomputed and compared, keys turned over.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError};

use record::{Act, LayoutCode, Logged, RecordNumber, SubmissionId};
use serde::Serialize;

use crate::administration::AdminKind;
use crate::db::{Arg, Row, Tx, args};
use crate::keys::{Generation, Keys};
use crate::known::Known;
use crate::listed::sought;
use crate::open::{INDEX_KEY, KEY_CHECK};
use crate::project::{Numbered, PROJECTIONS, project};
use crate::read::{Opened, RECORD_COLUMNS};
use crate::seal::{Random, open_under, seal_under, unwrap_key, wrap_key};
use crate::segments::{are_there_any, rewrap_segments};
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
            "{records} records and {rows} rows of projections recomputed, {count} differences"
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

/// What turning the keys over did.
#[derive(Debug, Clone, Serialize)]
pub struct RotateReport {
    /// The new generation.
    pub generation: u32,
    /// How many record keys were wrapped anew.
    pub record_keys: u64,
}

impl fmt::Display for RotateReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (generation, keys) = (self.generation, self.record_keys);
        write!(
            f,
            "generation {generation} of the keys: {keys} record keys wrapped anew, every index made anew"
        )
    }
}

/// How many records are read at a time.
const BLOCK: i64 = 1_000;
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
        let (projection_rows, found) = self.reproject(&mut tx).await?;
        differences.extend(found);
        tx.rollback().await?;
        let mut tx = self.inner.db.write().await?;
        let about = format!("{records} {}", differences.len());
        self.note(&mut tx, AdminKind::Verified, None, &about).await?;
        tx.commit().await?;
        Ok(VerifyReport {
            records,
            projection_rows,
            differences,
        })
    }

    /// A new generation of keys: every record key is wrapped under the new one, every identifier and row
    /// indexed anew. The key file keeps the old generation, for backups.
    ///
    /// # Errors
    /// When something does not open or cannot be written; then the database is as before.
    pub async fn rotate_keys(&self, keys_file: &Path) -> Result<RotateReport> {
        let mut tx = self.inner.db.write_log().await?;
        let (old, _) = self.keys(&mut tx).await?;
        let new = Arc::new(old.with_new_generation()?);
        // The new keys are on the disk before anything is sealed under them.
        new.replace(keys_file)?;
        let record_keys = rewrap_records(&mut tx, &old, &new).await?;
        rewrap_segments(&mut tx, &old, &new).await?;
        reseal(&mut tx, &old, &new, "submission", "id", "report").await?;
        reseal(&mut tx, &old, &new, "staff", "officer", "totp").await?;
        reseal(&mut tx, &old, &new, "job", "id", "body").await?;
        reseal(&mut tx, &old, &new, "webhook", "source", "secret").await?;
        let generation = new.newest_id();
        self.retag(&mut tx, &new, generation).await?;
        for (key, value) in [
            (INDEX_KEY, generation.to_string()),
            (KEY_CHECK, new.check(generation)?),
        ] {
            tx.execute("UPDATE meta SET value = $2 WHERE key = $1", args![key, value])
                .await?;
        }
        // The tags in the projections are made with the new key by making the projections anew.
        *self.inner.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&new);
        self.reproject(&mut tx).await?;
        for (table, _) in PROJECTIONS {
            tx.execute(format!("DROP TABLE old_{table}"), args![]).await?;
        }
        self.note(&mut tx, AdminKind::KeysRotated, None, &generation.to_string())
            .await?;
        tx.commit().await?;
        Ok(RotateReport {
            generation,
            record_keys,
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
            for (row, opened) in rows.iter().zip(opened) {
                let number = row.int(0)?;
                if number != expected {
                    let row = format!("{expected} to {}", number - 1);
                    differences.push(difference("record", row, "missing"));
                }
                expected = number + 1;
                if let Err(what) = check_record(index, row, opened) {
                    differences.push(difference("record", number.to_string(), &what));
                }
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
    async fn reproject(&self, tx: &mut Tx) -> Result<(u64, Vec<Difference>)> {
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
                project(tx, index, bundle.as_deref(), &numbered, &mut Known::default()).await?;
            }
        }
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

    /// Sameness and content tags under a new index key.
    async fn retag(&self, tx: &mut Tx, keys: &Keys, generation: u32) -> Result<()> {
        let index = keys.generation(generation)?;
        let at_once = block(tx).await?;
        let mut from = 0;
        loop {
            let rows = tx.rows(evidence(IN_BLOCKS), args![from, at_once]).await?;
            let Some(last) = rows.last() else { break };
            from = last.int(0)? + 1;
            let opened = self.opened(tx, keys, &rows).await?;
            for (row, opened) in rows.iter().zip(opened) {
                let (same, content) = tags_of(index, row, &opened?.logged()?)?;
                let start = sought(&same);
                if row.int_or_none(HOME)?.is_some() {
                    let sql = "UPDATE record SET same_start = $2 WHERE number = $1";
                    tx.execute(sql, args![row.int(0)?, start]).await?;
                    continue;
                }
                let sql =
                    "UPDATE record SET same_tag = $2, same_start = $3, content_tag = $4 WHERE number = $1";
                tx.execute(sql, args![row.int(0)?, same, start, content]).await?;
            }
        }
        Ok(())
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
fn evidence(which: &str) -> String {
    let (columns, tables) = RECORD_COLUMNS.split_once(" FROM ").unwrap_or_default();
    format!(
        "SELECT {columns}, r.same_tag, r.content_tag, s.layout, r.source, r.item, r.same_start, r.commitment_start \
        FROM {tables} JOIN submission s ON s.id = r.submission {which}"
    )
}

const IN_BLOCKS: &str = "WHERE r.number >= $1 ORDER BY r.number LIMIT $2";
/// The column of a record's home.
const HOME: usize = 6;

async fn block(tx: &mut Tx) -> Result<i64> {
    Ok(if are_there_any(tx).await? {
        SEALED_BLOCK
    } else {
        BLOCK
    })
}

fn difference(table: &str, row: String, what: &str) -> Difference {
    Difference {
        table: table.to_owned(),
        row,
        what: what.to_owned(),
    }
}

fn tags_of(index: &Generation, row: &Row, logged: &Logged) -> Result<(Tag, Tag)> {
    let record = logged.record();
    let bytes = record.canonical_bytes();
    let layout = row.text_or_none(9)?.and_then(|code| LayoutCode::new(code).ok());
    let same = match record.act() {
        Some(_) => tags::of_act(index, logged.number()),
        None => Sameness::of(index, record.source.as_str(), layout.as_ref()).tag(record),
    };
    Ok((same, tags::of_content(index, record, &bytes)))
}

/// What is wrong with a stored record, in words.
fn check_record(index: &Generation, row: &Row, opened: Result<Opened>) -> std::result::Result<(), String> {
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
    for (column, fits) in [
        ("source", row.text(10).map_err(said)? == record.source.as_str()),
        ("item", row.text(11).map_err(said)? == record.item.as_str()),
        ("same_tag", held(7)? == kept(same)),
        ("content_tag", held(8)? == kept(content)),
        ("same_start", held(12)? == sought(&same)),
        ("commitment_start", held(13)? == sought(&logged.commitment().0)),
    ] {
        if !fits {
            return Err(format!("column `{column}` is not what the record says"));
        }
    }
    if is_sealed && !held(3)?.is_empty() {
        return Err("what it says lies here still".to_owned());
    }
    Ok(())
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

async fn rewrap_records(tx: &mut Tx, old: &Keys, new: &Keys) -> Result<u64> {
    let (mut from, mut count) = (0, 0);
    let mut random = Random::default();
    loop {
        let sql =
            "SELECT number, key_id, wrapped FROM record_key WHERE number >= $1 ORDER BY number LIMIT $2";
        let rows = tx.rows(sql, args![from, BLOCK]).await?;
        let Some(last) = rows.last() else { return Ok(count) };
        from = last.int(0)? + 1;
        for row in &rows {
            let number = RecordNumber::from_i64(row.int(0)?);
            let key_id = u32::try_from(row.int(1)?).map_err(|_| StoreError::NoKey(0))?;
            let key = unwrap_key(old, number, key_id, &row.bytes(2)?)?;
            let (key_id, wrapped) = wrap_key(&mut random, new, number, &key)?;
            let sql = "UPDATE record_key SET key_id = $2, wrapped = $3 WHERE number = $1";
            tx.execute(sql, args![number, i64::from(key_id), wrapped]).await?;
            count += 1;
        }
    }
}

/// Seals a column anew. Places are named as where they were sealed first: `table.column/v1/key`.
async fn reseal(tx: &mut Tx, old: &Keys, new: &Keys, table: &str, key: &str, column: &str) -> Result<()> {
    let rows = tx
        .rows(
            format!("SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL"),
            args![],
        )
        .await?;
    for row in rows {
        let (said, id) = match row.int(0) {
            Ok(id) => (SubmissionId::from_i64(id).to_string(), Arg::Int(id)),
            Err(_) => (row.text(0)?, Arg::Text(row.text(0)?)),
        };
        let place = format!("{table}.{column}/v1/{said}");
        let sealed = seal_under(new, &place, &open_under(old, &place, &row.bytes(1)?)?)?;
        tx.execute(
            format!("UPDATE {table} SET {column} = $2 WHERE {key} = $1"),
            vec![id, Arg::Bytes(sealed)],
        )
        .await?;
    }
    Ok(())
}
