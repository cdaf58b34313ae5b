//! Merging: where a bucket has many segments, the smallest become one.

use std::collections::BTreeMap;
use std::sync::Arc;

use segment::{Merged, Segment, SegmentError, SegmentKey, SegmentWriter, Written};
use tokio::task::JoinSet;

use super::{Listed, Made, Segments, list, listed, next_id};
use crate::cores::cores;
use crate::db::args;
use crate::seal::random;
use crate::{Result, Store, StoreError};

/// A bucket has so many segments at most; beyond that, so many become one.
const MOST: usize = 16;

impl Store {
    /// Merges until no bucket has too many segments, and there are not too many runs; how many segments went into others.
    pub(crate) async fn merge_segments(&self) -> Result<u64> {
        self.merge_runs().await?;
        let mut merged = 0;
        loop {
            let mut tx = self.inner.db.read().await?;
            let mut buckets: BTreeMap<i64, Vec<Listed>> = BTreeMap::new();
            for one in listed(&mut tx).await? {
                buckets.entry(one.bucket).or_default().push(one);
            }
            drop(tx);
            buckets.retain(|_, segments| segments.len() > MOST);
            if buckets.is_empty() {
                return Ok(merged);
            }
            let mut merging = JoinSet::new();
            for (bucket, mut segments) in buckets {
                segments.sort_by_key(|one| (one.records, one.id));
                segments.truncate(MOST);
                if merging.len() >= cores() {
                    merged += joined(merging.join_next().await)?;
                }
                let store = self.clone();
                merging.spawn(async move { store.merge_into_one(bucket, &segments).await });
            }
            while !merging.is_empty() {
                merged += joined(merging.join_next().await)?;
            }
        }
    }

    /// Makes one segment of several; how many went into it. Where one of them is gone by now, somebody else did.
    async fn merge_into_one(&self, bucket: i64, old: &[Listed]) -> Result<u64> {
        let mut tx = self.inner.db.write().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let id = next_id(&mut tx).await?;
        tx.commit().await?;
        let open = old.iter().map(|one| self.inner.segments.get(&keys, one));
        let open = open.collect::<Result<Vec<Arc<Segment>>>>()?;
        let key = SegmentKey::from_random(random()?);
        let (store, under) = (self.clone(), key.clone());
        let written =
            tokio::task::spawn_blocking(move || store.inner.segments.merge(id, &under, &open)).await;
        // A thread that falls has said so; its file is swept away.
        let written = written.map_err(|_| SegmentError::Damaged)??;
        let mut tx = self.inner.db.write_log().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let sql = "UPDATE segment SET gone_ms = $2 WHERE id = $1 AND gone_ms IS NULL";
        let mut taken = 0;
        for one in old {
            taken += tx.execute(sql, args![one.id, self.clock().now_ms()]).await?;
        }
        let records: u64 = old.iter().map(|one| one.records).sum();
        if taken != old.len() as u64 || written.records != records {
            tx.rollback().await?;
            let _ = std::fs::remove_file(self.inner.segments.path(id));
            return Ok(0);
        }
        let made = Made {
            id,
            bucket,
            key,
            written,
        };
        list(&mut tx, &keys, &made).await?;
        tx.commit().await?;
        Ok(taken)
    }
}

/// How many segments a merge took.
fn joined(merge: Option<std::result::Result<Result<u64>, tokio::task::JoinError>>) -> Result<u64> {
    match merge {
        Some(Ok(merged)) => merged,
        Some(Err(_)) => Err(StoreError::Segment(SegmentError::Damaged)),
        None => Ok(0),
    }
}

impl Segments {
    fn merge(&self, id: i64, key: &SegmentKey, old: &[Arc<Segment>]) -> Result<Written> {
        let old: Vec<&Segment> = old.iter().map(Arc::as_ref).collect();
        let mut merged = Merged::of(&old)?;
        let mut writer = SegmentWriter::create(&self.path(id), key)?;
        while let Some(record) = merged.next()? {
            writer.push(record)?;
        }
        let written = writer.finish()?;
        self.sync_folder()?;
        Ok(written)
    }
}
