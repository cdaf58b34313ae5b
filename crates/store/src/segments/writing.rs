//! Writing many records into segments at once: one for each bucket, and the runs by which they are found again, on every core.

use std::sync::Mutex;
use std::thread;

use record::{RecordNumber, SubjectId};
use segment::{SealedRecord, SegmentKey, SegmentWriter};

use super::runs::{MadeRun, Marks, list_runs, run_name};
use super::{BUCKETS, Made, Segments, bucket_of, file_name, list};
use crate::cores::cores;
use crate::db::{Tx, args};
use crate::keys::Keys;
use crate::seal::random;
use crate::{Result, Store};

/// A record that is to lie in a segment, and what it is to be found by.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) record: SealedRecord,
    pub(crate) marks: Marks,
}

impl Draft {
    /// Its number, and the subject under which it is to lie.
    pub(crate) fn which(&self) -> (RecordNumber, SubjectId) {
        (self.record.number, self.record.subject)
    }
}

/// Ids that were given out for a segment of each bucket and a run of each kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ids(i64);

impl Ids {
    /// How many.
    const COUNT: i64 = BUCKETS.cast_signed() + 2;

    fn of_bucket(self, bucket: i64) -> i64 {
        self.0 + 2 + bucket
    }
}

/// Segments and runs that are written and not listed yet.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(super) segments: Vec<Made>,
    runs: Vec<MadeRun>,
}

impl Batch {
    /// Lists them all: with that, and the transaction that does it, they are there.
    pub(crate) async fn list(&self, tx: &mut Tx, keys: &Keys) -> Result<()> {
        for made in &self.segments {
            list(tx, keys, made).await?;
        }
        list_runs(tx, &self.runs).await
    }
}

impl Store {
    /// Gives out ids for a batch.
    pub(crate) async fn batch_ids(&self) -> Result<Ids> {
        let mut tx = self.inner.db.write().await?;
        let first = tx.locked_counter("segment").await?;
        let sql = "UPDATE counter SET next = $1 WHERE name = 'segment'";
        tx.execute(sql, args![first + Ids::COUNT]).await?;
        tx.commit().await?;
        Ok(Ids(first))
    }

    /// Writes a batch on threads of its own.
    pub(crate) async fn write_batch(&self, ids: Ids, drafts: Vec<Draft>) -> Result<Batch> {
        let store = self.clone();
        let written = tokio::task::spawn_blocking(move || store.inner.segments.write_batch(ids, drafts));
        // A thread that falls has said so; its files are swept away.
        written.await.map_err(|_| segment::SegmentError::Damaged)?
    }

    /// Takes away the files of a batch that is not listed after all.
    pub(crate) fn unwrite_batch(&self, ids: Ids) {
        let segments = &self.inner.segments;
        for bucket in 0..Ids::COUNT - 2 {
            let _ = std::fs::remove_file(segments.folder.join(file_name(ids.of_bucket(bucket))));
        }
        for run in [ids.0, ids.0 + 1] {
            let _ = std::fs::remove_file(segments.folder.join(run_name(run)));
        }
    }
}

impl Segments {
    fn write_batch(&self, ids: Ids, drafts: Vec<Draft>) -> Result<Batch> {
        if drafts.is_empty() {
            return Ok(Batch::default());
        }
        self.make_folder()?;
        let marks: Vec<Marks> = drafts.iter().map(|draft| draft.marks).collect();
        let mut buckets: Vec<(i64, Vec<SealedRecord>)> =
            (0..Ids::COUNT - 2).map(|bucket| (bucket, Vec::new())).collect();
        for draft in drafts {
            let bucket = usize::try_from(bucket_of(draft.record.subject)).unwrap_or(0);
            if let Some((_, records)) = buckets.get_mut(bucket) {
                records.push(draft.record);
            }
        }
        buckets.retain(|(_, records)| !records.is_empty());
        let waiting = Mutex::new(buckets);
        let next = || {
            waiting
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .pop()
        };
        let write_some = || {
            let mut made = Vec::new();
            while let Some((bucket, records)) = next() {
                made.push(self.write_bucket(ids.of_bucket(bucket), bucket, records)?);
            }
            Ok(made)
        };
        let (runs, segments) = thread::scope(|scope| {
            let threads: Vec<_> = (1..cores()).map(|_| scope.spawn(write_some)).collect();
            let runs = self.write_runs([ids.0, ids.0 + 1], &marks);
            let mut segments = vec![write_some()];
            segments.extend(
                threads
                    .into_iter()
                    .map(|thread| thread.join().unwrap_or_else(|_| write_some())),
            );
            (runs, segments)
        });
        let segments: Vec<Vec<Made>> = segments.into_iter().collect::<Result<_>>()?;
        self.sync_folder()?;
        Ok(Batch {
            segments: segments.into_iter().flatten().collect(),
            runs: runs?,
        })
    }

    fn write_bucket(&self, id: i64, bucket: i64, mut records: Vec<SealedRecord>) -> Result<Made> {
        records.sort_unstable_by_key(|one| (one.subject, one.occurred, one.number));
        let key = SegmentKey::from_random(random()?);
        let mut writer = SegmentWriter::create(&self.path(id), &key)?;
        for record in records {
            writer.push(record)?;
        }
        let written = writer.finish()?;
        Ok(Made {
            id,
            bucket,
            key,
            written,
        })
    }
}
