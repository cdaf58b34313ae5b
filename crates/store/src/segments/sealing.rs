//! Sealing: records leave the database for segments.

use std::fmt;

use record::{RecordNumber, SubjectId};
use segment::SealedRecord;
use serde::Serialize;

use super::writing::Batch;
use super::{Draft, LIES_AT_HOME, Marks};
use crate::administration::AdminKind;
use crate::db::{Tx, args};
use crate::everyone::Share;
use crate::read::{RECORD_COLUMNS_COUNT, select_with};
use crate::{Result, Store};

/// So many numbers are gone through at a time: what is held in memory, and what a segment is made of at first.
const ROUND: i64 = 1 << 17;
/// So many rows are read, or emptied by one statement, at a time.
const BLOCK: usize = 2_000;

/// A round in which others change what is sealed begins again so often; then its records wait until all are gone through.
const TRIES: u32 = 5;

/// What is to be sealed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seal {
    /// So many of the newest records stay in the database.
    pub keep: u64,
    /// Goes through all records, not only through those that came since the last time: for those that were nobody's then.
    pub from_start: bool,
}

/// What sealing did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Sealing {
    /// How many records left the database.
    pub records: u64,
    /// For how many segments.
    pub segments: u64,
    /// How long those are together.
    pub bytes: u64,
    /// How many segments were merged into others afterwards.
    pub merged: u64,
}

impl fmt::Display for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            records,
            segments,
            bytes,
            merged,
        } = self;
        write!(
            f,
            "{records} records sealed into {segments} segments of {bytes} bytes; {merged} segments merged"
        )
    }
}

impl Store {
    /// Seals the records of subjects, all but the newest of the log, then merges where a bucket has many segments and sweeps
    /// away what is done with. Acts stay in the database, and so does what belongs to nobody yet. Others go on reading and
    /// writing; whatever it is cut off in, nothing is lost or there twice, and the next call goes on.
    ///
    /// # Errors
    /// When the database fails, a record does not open, or a file cannot be written.
    pub async fn seal_records(&self, seal: Seal, mut told: impl FnMut(Share)) -> Result<Sealing> {
        let mut sealing = Sealing::default();
        let (sealed, size) = self.sealed_up_to().await?;
        let begin = if seal.from_start { 0 } else { sealed };
        let end = size.saturating_sub_unsigned(seal.keep);
        let share = |done: i64| Share {
            done: (done - begin).unsigned_abs(),
            of: (end - begin).max(0).unsigned_abs(),
        };
        let mut from = begin;
        while from < end {
            let to = from.saturating_add(ROUND).min(end);
            self.seal_round(from, to, &mut sealing).await?;
            let sql = "UPDATE counter SET next = $1 WHERE name = 'sealed' AND next < $1";
            let mut tx = self.inner.db.write().await?;
            tx.execute(sql, args![to]).await?;
            tx.commit().await?;
            from = to;
            told(share(to));
        }
        sealing.merged = self.merge_segments().await?;
        self.sweep_segments().await?;
        if sealing.records > 0 || sealing.merged > 0 {
            let mut tx = self.inner.db.write().await?;
            let about = format!("{} {}", sealing.records, sealing.segments);
            self.note(&mut tx, AdminKind::RecordsSealed, None, &about).await?;
            tx.commit().await?;
        }
        Ok(sealing)
    }

    /// How many records wait to be sealed when the `keep` newest stay.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn to_seal(&self, keep: u64) -> Result<u64> {
        let (begin, size) = self.sealed_up_to().await?;
        let waiting = size.saturating_sub_unsigned(keep) - begin;
        Ok(u64::try_from(waiting).unwrap_or(0))
    }

    async fn sealed_up_to(&self) -> Result<(i64, i64)> {
        let mut tx = self.inner.db.read().await?;
        let next = "SELECT next FROM counter WHERE name = $1";
        let sealed = tx.one_int(next, args!["sealed"]).await?;
        Ok((sealed, tx.one_int(next, args!["record"]).await?))
    }

    /// Seals the records with numbers from one to before another: a segment for each bucket, and then one transaction that lists them and
    /// empties the rows in the order in which they lie. If somebody changed one of them meanwhile, it begins again.
    async fn seal_round(&self, from: i64, to: i64, sealing: &mut Sealing) -> Result<()> {
        for _ in 0..TRIES {
            let mut tx = self.inner.db.read().await?;
            let drafts = self.unsealed(&mut tx, from, to).await?;
            drop(tx);
            if drafts.is_empty() {
                return Ok(());
            }
            let mut which: Vec<(RecordNumber, SubjectId)> = drafts.iter().map(Draft::which).collect();
            which.sort_unstable();
            let ids = self.batch_ids().await?;
            let batch = self.write_batch(ids, drafts).await?;
            if self.take_over(&batch, &which).await? {
                sealing.segments += batch.segments.len() as u64;
                sealing.records += which.len() as u64;
                sealing.bytes += batch.segments.iter().map(|made| made.written.bytes).sum::<u64>();
                return Ok(());
            }
            self.unwrite_batch(ids);
        }
        Ok(())
    }

    /// The records of subjects that are in the database still.
    async fn unsealed(&self, tx: &mut Tx, from: i64, to: i64) -> Result<Vec<Draft>> {
        let (keys, _) = self.keys(tx).await?;
        let select = select_with("m.subject, r.same_tag, r.content_tag");
        let sql = format!(
            "{select} JOIN membership m ON m.number = r.number AND m.until_number IS NULL \
            WHERE r.number >= $1 AND r.number < $2 AND r.home IS NULL AND r.item NOT LIKE 'act.%' ORDER BY r.number LIMIT $3"
        );
        let block = i64::try_from(BLOCK).unwrap_or(i64::MAX);
        let mut drafts = Vec::new();
        let mut next = from;
        loop {
            let rows = tx.rows(sql.as_str(), args![next, to, block]).await?;
            let Some(last) = rows.last() else {
                return Ok(drafts);
            };
            next = last.int(0)? + 1;
            let opened = self.opened(tx, &keys, &rows).await?;
            for (row, opened) in rows.iter().zip(opened) {
                let opened = opened?;
                let (key, statement) = (opened.key.clone(), opened.bytes.clone());
                let logged = opened.logged()?;
                let record = logged.record();
                let of = |column: usize| row.hash(RECORD_COLUMNS_COUNT + column);
                drafts.push(Draft {
                    marks: Marks::of(logged.number(), &of(1)?, &of(2)?, &logged.commitment().0),
                    record: SealedRecord {
                        subject: SubjectId::from_i64(row.int(RECORD_COLUMNS_COUNT)?),
                        occurred: record.occurred,
                        number: logged.number(),
                        submission: logged.submission(),
                        source: record.source.clone(),
                        item: record.item.clone(),
                        key,
                        statement,
                    },
                });
            }
        }
    }

    /// Lists segments and empties the rows of their records; whether it did. It does not if any of them has another subject by now, or was
    /// sealed by somebody else: then the files are of no use.
    async fn take_over(&self, batch: &Batch, which: &[(RecordNumber, SubjectId)]) -> Result<bool> {
        let mut tx = self.inner.db.write_log().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        for block in which.chunks(BLOCK) {
            if !empty_rows(&mut tx, block).await? {
                tx.rollback().await?;
                return Ok(false);
            }
        }
        batch.list(&mut tx, &keys).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Empties the rows of these records, which lie under these homes from now on; false if one of them is not as it was.
async fn empty_rows(tx: &mut Tx, which: &[(RecordNumber, SubjectId)]) -> Result<bool> {
    let pairs: Vec<String> = which
        .iter()
        .map(|(number, home)| format!("({}, {})", number.to_i64(), home.to_i64()))
        .collect();
    let nothing = tx.no_bytes();
    let sql = format!(
        "UPDATE record SET home = v.column2, body = {nothing}, same_tag = {nothing}, same_start = {nothing}, \
        content_tag = {nothing}, commitment_start = {nothing} \
        FROM (VALUES {}) AS v WHERE record.number = v.column1 AND record.home IS NULL AND EXISTS (SELECT 1 FROM membership m \
        WHERE m.number = v.column1 AND m.subject = v.column2 AND m.until_number IS NULL)",
        pairs.join(", ")
    );
    if tx.execute(sql, args![]).await? != which.len() as u64 {
        return Ok(false);
    }
    let numbers: Vec<String> = which
        .iter()
        .map(|(number, _)| number.to_i64().to_string())
        .collect();
    let sql = format!(
        "UPDATE membership SET at_home = 1 WHERE number IN ({}) AND {LIES_AT_HOME}",
        numbers.join(", ")
    );
    tx.execute(sql, args![]).await?;
    let sql = format!("DELETE FROM record_key WHERE number IN ({})", numbers.join(", "));
    Ok(tx.execute(sql, args![]).await? == which.len() as u64)
}
