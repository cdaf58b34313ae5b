//! Which leaf stands where, and what it says: records from their rows, the others from theirs.

use std::collections::BTreeMap;

use ledger::{Leaf, LeafIndex, LogSize, RecordKind, RecordLeaf};
use record::{Act, Commitment, RecordNumber, SubmissionId};

use crate::Result;
use crate::db::{Row, Tx, args};

/// So many rows are read at once.
pub(super) const BLOCK: i64 = 50_000;

/// How many leaves there are up to some place: records, and others between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaves {
    /// Of records.
    pub(crate) records: i64,
    /// Of anything else.
    pub(crate) others: i64,
}

impl Leaves {
    /// All of them, logged or waiting.
    pub(crate) async fn all(tx: &mut Tx) -> Result<Self> {
        let sql = "SELECT leaf, records FROM ledger_leaf ORDER BY leaf DESC LIMIT 1";
        Ok(Self {
            others: others(tx.row(sql, args![]).await?)?,
            records: tx
                .one_int("SELECT next FROM counter WHERE name = 'record'", args![])
                .await?,
        })
    }

    /// Those before a place.
    async fn before(tx: &mut Tx, place: i64) -> Result<Self> {
        let sql = "SELECT leaf, records FROM ledger_leaf WHERE leaf < $1 ORDER BY leaf DESC LIMIT 1";
        let others = others(tx.row(sql, args![place]).await?)?;
        Ok(Self {
            records: place - others,
            others,
        })
    }

    pub(crate) fn count(self) -> i64 {
        self.records + self.others
    }

    /// As a size of the log.
    pub(crate) fn size(self) -> LogSize {
        LogSize(self.count().unsigned_abs())
    }
}

/// Of a row of `ledger_leaf`: how many others there are up to it.
fn others(row: Option<Row>) -> Result<i64> {
    row.map_or(Ok(0), |row| Ok(row.int(0)? - row.int(1)? + 1))
}

/// Where a record's leaf stands, if there is such a record.
pub(super) async fn place_of(tx: &mut Tx, record: RecordNumber) -> Result<Option<LeafIndex>> {
    let sql = "SELECT 1 FROM record WHERE number = $1";
    if tx.row(sql, args![record]).await?.is_none() {
        return Ok(None);
    }
    let sql =
        "SELECT leaf, records FROM ledger_leaf WHERE records <= $1 ORDER BY records DESC, leaf DESC LIMIT 1";
    let place = record.to_i64() + others(tx.row(sql, args![record]).await?)?;
    Ok(Some(LeafIndex(place.unsigned_abs())))
}

/// The entries of leaves from a place on, up to another and at most so many; `None` for one that the database lacks.
pub(super) async fn entries(
    tx: &mut Tx,
    from: LogSize,
    to: LogSize,
    most: u64,
) -> Result<Vec<Option<Vec<u8>>>> {
    let to = to.0.min(from.0.saturating_add(most));
    let (from, to) = (signed(from.0), signed(to));
    let first = Leaves::before(tx, from).await?.records;
    let beyond = Leaves::before(tx, to).await?.records;
    let mut others = BTreeMap::new();
    let sql = "SELECT leaf, entry FROM ledger_leaf WHERE leaf >= $1 AND leaf < $2 ORDER BY leaf";
    for row in tx.rows(sql, args![from, to]).await? {
        others.insert(row.int(0)?, row.bytes(1)?);
    }
    let mut records = BTreeMap::new();
    let sql = "SELECT number, submission, item, commitment FROM record WHERE number >= $1 AND number < $2";
    for row in tx.rows(sql, args![first, beyond]).await? {
        records.insert(row.int(0)?, of_record(&row)?.to_bytes());
    }
    let mut record = first;
    let entries = (from..to).map(|place| {
        others.remove(&place).or_else(|| {
            record += 1;
            records.remove(&(record - 1))
        })
    });
    Ok(entries.collect())
}

fn of_record(row: &Row) -> Result<Leaf> {
    let item = row.text(2)?;
    let kind = if item == Act::PublishPolicy.item().as_str() {
        RecordKind::Rules
    } else if item.starts_with("act.") {
        RecordKind::Act
    } else {
        RecordKind::Statement
    };
    Ok(Leaf::Record(RecordLeaf {
        record: RecordNumber::from_i64(row.int(0)?),
        submission: SubmissionId::from_i64(row.int(1)?),
        kind,
        commitment: Commitment(row.hash(3)?),
    }))
}

fn signed(place: u64) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}
