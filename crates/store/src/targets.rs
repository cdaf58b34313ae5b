//! What records refer to by commitment, as numbers.

use std::collections::{HashMap, HashSet};

use record::{Commitment, RecordNumber, Target};
use segment::Mark;

use crate::db::{Arg, Tx};
use crate::listed::sought;
use crate::project::Numbered;
use crate::segments::RunKind;
use crate::{Result, Store};

/// Numbers of records that a part refers to by commitment.
pub(crate) struct Targets(HashMap<Commitment, RecordNumber>);

impl Targets {
    /// Of records that refer by number alone.
    pub(crate) fn none() -> Self {
        Self(HashMap::new())
    }

    pub(crate) async fn load(store: &Store, tx: &mut Tx, part: &[Numbered<'_>]) -> Result<Self> {
        let wanted: HashSet<Commitment> = part
            .iter()
            .flat_map(|one| &one.record.references)
            .filter_map(|reference| match reference.target {
                Target::Commitment(commitment) => Some(commitment),
                _ => None,
            })
            .collect();
        let mut found = HashMap::new();
        if wanted.is_empty() {
            return Ok(Self(found));
        }
        let values: Vec<[u8; 8]> = wanted.iter().map(|commitment| sought(&commitment.0)).collect();
        let open = "SELECT commitment, number FROM record WHERE home IS NULL AND commitment_start IN ({in})";
        let mut rows = tx.rows_in(open, &[], &values).await?;
        let marks = wanted.iter().map(|commitment| Mark::of(&commitment.0)).collect();
        let sealed = store.in_runs(tx, RunKind::Commitment, marks).await?;
        let sealed: Vec<Arg> = sealed.iter().map(|entry| Arg::from(entry.number)).collect();
        let by_number = "SELECT commitment, number FROM record WHERE number IN ({in})";
        rows.extend(tx.rows_in(by_number, &[], &sealed).await?);
        for row in rows {
            let commitment = Commitment(row.hash(0)?);
            if wanted.contains(&commitment) {
                found.insert(commitment, RecordNumber::from_i64(row.int(1)?));
            }
        }
        Ok(Self(found))
    }

    /// The number of the record with this commitment.
    pub(crate) fn number(&self, commitment: &Commitment) -> Option<RecordNumber> {
        self.0.get(commitment).copied()
    }
}
