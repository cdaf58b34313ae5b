//! Sealing: records leave the database for segments.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use record::{RecordNumber, SubjectId};
use segment::{SealedRecord, SegmentError, SegmentKey, SegmentWriter, Written};
use serde::Serialize;

use super::{Made, bucket_of, list, next_id};
use crate::administration::AdminKind;
use crate::db::{Tx, args};
use crate::everyone::Share;
use crate::read::{RECORD_COLUMNS_COUNT, select_with};
use crate::seal::random;
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
            let buckets = self.unsealed(&mut tx, from, to).await?;
            drop(tx);
            if buckets.is_empty() {
                return Ok(());
            }
            self.inner.segments.make_folder()?;
            let (mut segments, mut all) = (Vec::with_capacity(buckets.len()), Vec::new());
            for (bucket, mut records) in buckets {
                records.sort_unstable_by_key(|one| (one.subject, one.occurred, one.number));
                let mut tx = self.inner.db.write().await?;
                let id = next_id(&mut tx).await?;
                tx.commit().await?;
                let records = records.into_iter().map(Ok);
                let (made, which) = self.write_segment(id, bucket, records).await?;
                segments.push(made);
                all.extend(which);
            }
            all.sort_unstable();
            if self.take_over(&segments, &all).await? {
                sealing.segments += segments.len() as u64;
                sealing.records += all.len() as u64;
                sealing.bytes += segments.iter().map(|made| made.written.bytes).sum::<u64>();
                return Ok(());
            }
        }
        Ok(())
    }

    /// The records of subjects that are in the database still, by bucket.
    async fn unsealed(&self, tx: &mut Tx, from: i64, to: i64) -> Result<BTreeMap<i64, Vec<SealedRecord>>> {
        let (keys, _) = self.keys(tx).await?;
        let select = select_with("m.subject");
        let sql = format!(
            "{select} JOIN membership m ON m.number = r.number AND m.until_number IS NULL \
            WHERE r.number >= $1 AND r.number < $2 AND r.home IS NULL AND r.item NOT LIKE 'act.%' ORDER BY r.number LIMIT $3"
        );
        let block = i64::try_from(BLOCK).unwrap_or(i64::MAX);
        let mut buckets: BTreeMap<i64, Vec<SealedRecord>> = BTreeMap::new();
        let mut next = from;
        loop {
            let rows = tx.rows(sql.as_str(), args![next, to, block]).await?;
            let Some(last) = rows.last() else {
                return Ok(buckets);
            };
            next = last.int(0)? + 1;
            let opened = self.opened(tx, &keys, &rows).await?;
            for (row, opened) in rows.iter().zip(opened) {
                let opened = opened?;
                let (key, statement) = (opened.key.clone(), opened.bytes.clone());
                let logged = opened.logged()?;
                let record = logged.record();
                let home = SubjectId::from_i64(row.int(RECORD_COLUMNS_COUNT)?);
                buckets.entry(bucket_of(home)).or_default().push(SealedRecord {
                    subject: home,
                    occurred: record.occurred,
                    number: logged.number(),
                    submission: logged.submission(),
                    source: record.source.clone(),
                    item: record.item.clone(),
                    key,
                    statement,
                });
            }
        }
    }

    /// Writes a segment of records that come in order, and says which they are.
    pub(super) async fn write_segment(
        &self,
        id: i64,
        bucket: i64,
        records: impl Iterator<Item = std::result::Result<SealedRecord, SegmentError>> + Send + 'static,
    ) -> Result<(Made, Vec<(RecordNumber, SubjectId)>)> {
        let (path, key) = (self.inner.segments.path(id), SegmentKey::from_random(random()?));
        let (to, under) = (path.clone(), key.clone());
        let written = tokio::task::spawn_blocking(move || write(&to, &under, records)).await;
        // A thread that falls has said so; its file is swept away.
        let (written, which) = written.map_err(|_| SegmentError::Damaged)??;
        self.inner.segments.sync_folder()?;
        let made = Made {
            id,
            bucket,
            key,
            written,
        };
        Ok((made, which))
    }

    /// Lists segments and empties the rows of their records; whether it did. It does not if any of them has another subject by now, or was
    /// sealed by somebody else: then the files are of no use.
    async fn take_over(&self, segments: &[Made], which: &[(RecordNumber, SubjectId)]) -> Result<bool> {
        let mut tx = self.inner.db.write_log().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        for block in which.chunks(BLOCK) {
            if !empty_rows(&mut tx, block).await? {
                tx.rollback().await?;
                for made in segments {
                    let _ = std::fs::remove_file(self.inner.segments.path(made.id));
                }
                return Ok(false);
            }
        }
        for made in segments {
            list(&mut tx, &keys, made).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}

fn write(
    path: &Path,
    key: &SegmentKey,
    records: impl Iterator<Item = std::result::Result<SealedRecord, SegmentError>>,
) -> Result<(Written, Vec<(RecordNumber, SubjectId)>)> {
    let mut writer = SegmentWriter::create(path, key)?;
    let mut which = Vec::new();
    for record in records {
        let record = record?;
        which.push((record.number, record.subject));
        writer.push(record)?;
    }
    Ok((writer.finish()?, which))
}

/// Empties the rows of these records, which lie under these homes from now on; false if one of them is not as it was.
async fn empty_rows(tx: &mut Tx, which: &[(RecordNumber, SubjectId)]) -> Result<bool> {
    let pairs: Vec<String> = which
        .iter()
        .map(|(number, home)| format!("({}, {})", number.to_i64(), home.to_i64()))
        .collect();
    let nothing = tx.no_bytes();
    let sql = format!(
        "UPDATE record SET home = v.column2, body = {nothing}, same_tag = {nothing}, content_tag = {nothing} \
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
    let sql = format!("DELETE FROM record_key WHERE number IN ({})", numbers.join(", "));
    Ok(tx.execute(sql, args![]).await? == which.len() as u64)
}
