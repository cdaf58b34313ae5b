//! Reading records back: unwrapping their keys, opening their bodies, parsing them strictly.

use record::{Commitment, Logged, RecordNumber, SubmissionId, Submitted};

use crate::db::{Arg, Row, Tx};
use crate::keys::Keys;
use crate::seal::{open_body, unwrap_key};
use crate::{Result, Store, StoreError};

/// What every reading of records selects, in this order.
pub(crate) const RECORD_COLUMNS: &str = "r.number, r.submission, r.commitment, r.body, k.key_id, k.wrapped FROM record r JOIN record_key k ON k.number = r.number";

/// Opens one selected row.
pub(crate) fn logged_of(keys: &Keys, row: &Row) -> Result<Logged> {
    let (number, bytes) = opened(keys, row)?;
    let record = Submitted(bytes)
        .parse()
        .map_err(|_| StoreError::DoesNotOpen(format!("record {number}")))?;
    Ok(Logged::danger_from_log(
        number,
        SubmissionId::from_i64(row.int(1)?),
        Commitment(row.hash(2)?),
        record,
    ))
}

/// The canonical bytes of one selected row, once they fit its commitment.
pub(crate) fn opened(keys: &Keys, row: &Row) -> Result<(RecordNumber, Vec<u8>)> {
    let number = RecordNumber::from_i64(row.int(0)?);
    let key_id =
        u32::try_from(row.int(4)?).map_err(|_| StoreError::DoesNotOpen(format!("record {number}")))?;
    let key = unwrap_key(keys, number, key_id, &row.bytes(5)?)?;
    let bytes = open_body(&key, number, &row.bytes(3)?)?;
    if Commitment(row.hash(2)?).opens(&bytes, &key) {
        Ok((number, bytes))
    } else {
        Err(StoreError::DoesNotOpen(format!(
            "the commitment of record {number}"
        )))
    }
}

impl Store {
    /// The records of these numbers, in the order of their numbers.
    pub(crate) async fn logged_in(&self, tx: &mut Tx, numbers: &[RecordNumber]) -> Result<Vec<Logged>> {
        let (keys, _) = self.keys(tx).await?;
        let values: Vec<Arg> = numbers.iter().map(|number| Arg::from(*number)).collect();
        let sql = format!("SELECT {RECORD_COLUMNS} WHERE r.number IN ({{in}})");
        let rows = tx.rows_in(&sql, &[], &values).await?;
        let mut logged = rows
            .iter()
            .map(|row| logged_of(&keys, row))
            .collect::<Result<Vec<_>>>()?;
        logged.sort_by_key(Logged::number);
        logged.dedup_by_key(|logged| logged.number());
        Ok(logged)
    }
}
