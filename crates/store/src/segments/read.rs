//! Finding records in segments.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use record::{RecordNumber, SubjectId};
use segment::{Merged, SealedRecord, Segment};

use super::{LISTED, Listed, bucket_of, listed};
use crate::db::{Arg, Row, Tx};
use crate::keys::Keys;
use crate::{Result, Store};

/// Records by number; of those that lie in a segment that does not open, what is wrong with it.
pub(crate) type Found = HashMap<RecordNumber, std::result::Result<SealedRecord, String>>;

/// Every sealed record by home, for whoever goes through everyone: each segment is read once, from its beginning to its end.
pub(crate) struct AllSealed(Merged);

impl AllSealed {
    /// Those of homes up to this one that were not given out yet.
    pub(crate) fn up_to(&mut self, home: Option<SubjectId>) -> Result<Found> {
        let mut found = Found::default();
        while let Some(record) = home.map_or(Ok(None), |home| self.0.next_up_to(home))? {
            found.insert(record.number, Ok(record));
        }
        Ok(found)
    }
}

impl Store {
    /// Begins to go through everyone's sealed records.
    pub(crate) async fn all_sealed(&self, tx: &mut Tx) -> Result<AllSealed> {
        let (keys, _) = self.keys(tx).await?;
        let those = listed(tx).await?;
        let open = those.iter().map(|one| self.inner.segments.get(&keys, one));
        let open = open.collect::<Result<Vec<Arc<Segment>>>>()?;
        let open: Vec<&Segment> = open.iter().map(Arc::as_ref).collect();
        Ok(AllSealed(Merged::of(&open)?))
    }

    /// Every record that was sealed under one of these subjects, whose ever it is by now.
    pub(crate) async fn sealed_under(&self, tx: &mut Tx, keys: &Keys, homes: &[SubjectId]) -> Result<Found> {
        let mut found = Found::new();
        let mut buckets: BTreeMap<i64, Vec<SubjectId>> = BTreeMap::new();
        for home in homes {
            buckets.entry(bucket_of(*home)).or_default().push(*home);
        }
        for row in &in_buckets(tx, buckets.keys().copied()).await? {
            let listed = Listed::of(row)?;
            let segment = self.inner.segments.get(keys, &listed)?;
            let those = buckets.get(&listed.bucket).map_or(&[][..], Vec::as_slice);
            let records = segment.find_all(those).map_err(|error| listed.fault(error))?;
            found.extend(records.into_iter().map(|record| (record.number, Ok(record))));
        }
        Ok(found)
    }

    /// Those of these records that are found under their homes. A segment that does not open fails nobody but those in it.
    pub(crate) async fn sealed(
        &self,
        tx: &mut Tx,
        keys: &Keys,
        wanted: &[(SubjectId, RecordNumber)],
    ) -> Result<Found> {
        let mut found = Found::with_capacity(wanted.len());
        let mut buckets: BTreeMap<i64, Vec<(SubjectId, RecordNumber)>> = BTreeMap::new();
        for (home, number) in wanted {
            buckets
                .entry(bucket_of(*home))
                .or_default()
                .push((*home, *number));
        }
        for row in &in_buckets(tx, buckets.keys().copied()).await? {
            let listed = Listed::of(row)?;
            let within = listed.first..=listed.last;
            let of_bucket = buckets.get(&listed.bucket).into_iter().flatten();
            let those: Vec<(SubjectId, RecordNumber)> = of_bucket
                .filter(|(_, number)| within.contains(&number.to_i64()))
                .copied()
                .collect();
            if those.is_empty() {
                continue;
            }
            let segment = self.inner.segments.get(keys, &listed);
            let records =
                segment.and_then(|segment| segment.find(&those).map_err(|error| listed.fault(error)));
            match records {
                Ok(records) => found.extend(records.into_iter().map(|record| (record.number, Ok(record)))),
                // Some may lie in another one.
                Err(error) => {
                    for (_, number) in those {
                        found.entry(number).or_insert_with(|| Err(error.to_string()));
                    }
                }
            }
        }
        Ok(found)
    }
}

/// The rows of the manifest for the segments of these buckets.
async fn in_buckets(tx: &mut Tx, buckets: impl Iterator<Item = i64>) -> Result<Vec<Row>> {
    let those: Vec<Arg> = buckets.map(Arg::from).collect();
    tx.rows_in(&format!("{LISTED} AND s.bucket IN ({{in}})"), &[], &those)
        .await
}
