//! How many of the registers have a mark of likeness. Of those that thousands have, counting reads thousands of rows, so that their counts
//! are remembered for as long as the registers are what they were.

use std::collections::{BTreeSet, HashMap};
use std::sync::{MutexGuard, PoisonError};

use crate::db::{Arg, Tx, args};
use crate::likeness::Mark;
use crate::{Result, Store};

/// From how many on a count is remembered; to count fewer anew costs next to nothing.
const REMEMBERED_LEAST: u64 = 1_000;

/// Counts that were taken, and of which registers.
#[derive(Debug, Default)]
pub(crate) struct CommonMarks {
    of: Option<Registers>,
    counts: HashMap<Mark, u64>,
}

/// What the registers are a function of: the key of the marks, how many records departments handed in, and how often the house was looked
/// after, for a rebuild makes marks anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Registers {
    key: u32,
    records: i64,
    upkeep: i64,
}

impl Registers {
    async fn load(tx: &mut Tx, key: u32) -> Result<Self> {
        let records =
            "SELECT CAST(COALESCE(SUM(records), 0) AS BIGINT) FROM tally WHERE item NOT LIKE 'act.%'";
        let upkeep = "SELECT next FROM counter WHERE name = 'administration'";
        Ok(Self {
            key,
            records: tx.one_int(records, args![]).await?,
            upkeep: tx.one_int(upkeep, args![]).await?,
        })
    }
}

impl Store {
    /// How many of the registers have each of these marks, which are made with this key.
    pub(crate) async fn mark_counts(
        &self,
        tx: &mut Tx,
        key: u32,
        marks: &BTreeSet<Mark>,
    ) -> Result<HashMap<Mark, u64>> {
        let registers = Registers::load(tx, key).await?;
        let mut found: HashMap<Mark, u64> = {
            let mut common = self.common_marks();
            if common.of != Some(registers) {
                *common = CommonMarks {
                    of: Some(registers),
                    counts: HashMap::new(),
                };
            }
            let known = marks
                .iter()
                .filter_map(|mark| Some((*mark, *common.counts.get(mark)?)));
            known.collect()
        };
        let unknown = marks.iter().filter(|mark| !found.contains_key(mark));
        let unknown: Vec<Arg> = unknown.copied().map(Arg::Int).collect();
        let rest = "FROM likeness WHERE mark IN ({in}) GROUP BY mark";
        let counted = tx.pairs_in(["mark", "COUNT(*)"], rest, &unknown).await?;
        let counted: Vec<(Mark, u64)> = counted
            .into_iter()
            .map(|(mark, count)| (mark, u64::try_from(count).unwrap_or(0)))
            .collect();
        let mut common = self.common_marks();
        if common.of == Some(registers) {
            let many = counted.iter().filter(|(_, count)| *count >= REMEMBERED_LEAST);
            common.counts.extend(many.copied());
        }
        found.extend(counted);
        Ok(found)
    }

    fn common_marks(&self) -> MutexGuard<'_, CommonMarks> {
        self.inner
            .common_marks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
