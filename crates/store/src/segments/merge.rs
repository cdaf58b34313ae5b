//! Merging: where a bucket has many segments, the smallest become one.

use std::collections::BTreeMap;
use std::sync::Arc;

use segment::{Merged, Segment};

use super::{Listed, list, listed, next_id};
use crate::db::args;
use crate::{Result, Store};

/// A bucket has so many segments at most; beyond that, so many become one.
const MOST: usize = 8;

impl Store {
    /// Merges until no bucket has too many segments; how many went into others.
    pub(super) async fn merge_segments(&self) -> Result<u64> {
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
            for (bucket, mut segments) in buckets {
                segments.sort_by_key(|one| (one.records, one.id));
                segments.truncate(MOST);
                if self.merge_into_one(bucket, &segments).await? {
                    merged += segments.len() as u64;
                }
            }
        }
    }

    /// Makes one segment of several; whether it did. Where one of them is gone by now, somebody else did.
    async fn merge_into_one(&self, bucket: i64, old: &[Listed]) -> Result<bool> {
        let mut tx = self.inner.db.write().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let id = next_id(&mut tx).await?;
        tx.commit().await?;
        let open = old.iter().map(|one| self.inner.segments.get(&keys, one));
        let open = open.collect::<Result<Vec<Arc<Segment>>>>()?;
        let open: Vec<&Segment> = open.iter().map(Arc::as_ref).collect();
        let mut merged = Merged::of(&open)?;
        let records = std::iter::from_fn(move || merged.next().transpose());
        let (made, _) = self.write_segment(id, bucket, records).await?;
        let mut tx = self.inner.db.write_log().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let sql = "UPDATE segment SET gone_ms = $2 WHERE id = $1 AND gone_ms IS NULL";
        let mut taken = 0;
        for one in old {
            taken += tx.execute(sql, args![one.id, self.clock().now_ms()]).await?;
        }
        let records: u64 = old.iter().map(|one| one.records).sum();
        if taken != old.len() as u64 || made.written.records != records {
            tx.rollback().await?;
            let _ = std::fs::remove_file(self.inner.segments.path(id));
            return Ok(false);
        }
        list(&mut tx, &keys, &made).await?;
        tx.commit().await?;
        Ok(true)
    }
}
