//! Finding records in segments.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use record::{RecordNumber, SubjectId};
use segment::{Merged, SealedRecord, Segment};

use super::{LISTED, Listed, bucket_of, listed};
use crate::db::{Arg, Tx};
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
        let those: Vec<Arg> = buckets.keys().copied().map(Arg::from).collect();
        let rows = tx
            .rows_in(&format!("{LISTED} AND s.bucket IN ({{in}})"), &[], &those)
            .await?;
        for row in &rows {
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
