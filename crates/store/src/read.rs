//! Reading records back, from the database or from segments: opening their bodies, holding them against their commitments,
//! parsing them strictly.

use record::{Commitment, Logged, RecordKey, RecordNumber, SubjectId, SubmissionId, Submitted};
use segment::SealedRecord;

use crate::db::{Arg, Row, Tx};
use crate::keys::Keys;
use crate::seal::{open_body, unwrap_key};
use crate::segments::Found;
use crate::{Result, Store, StoreError};

/// What every reading of records selects, in this order.
pub(crate) const RECORD_COLUMNS: &str = "r.number, r.submission, r.commitment, r.body, k.key_id, k.wrapped, r.home \
    FROM record r LEFT JOIN record_key k ON k.number = r.number";
/// Which of them is the home.
pub(crate) const HOME: usize = 6;
/// How many columns that are.
pub(crate) const RECORD_COLUMNS_COUNT: usize = 7;

/// A statement that selects these and further columns behind them; what joins and which follows.
pub(crate) fn select_with(more: &str) -> String {
    let (columns, tables) = RECORD_COLUMNS.split_once(" FROM ").unwrap_or_default();
    format!("SELECT {columns}, {more} FROM {tables}")
}

/// A record as it was handed in, once it fits its commitment.
pub(crate) struct Opened {
    pub(crate) number: RecordNumber,
    pub(crate) submission: SubmissionId,
    pub(crate) commitment: Commitment,
    pub(crate) key: RecordKey,
    /// Its canonical bytes.
    pub(crate) bytes: Vec<u8>,
}

impl Opened {
    /// Parses it.
    pub(crate) fn logged(self) -> Result<Logged> {
        let number = self.number;
        let record = Submitted(self.bytes)
            .parse()
            .map_err(|_| StoreError::DoesNotOpen(format!("record {number}")))?;
        Ok(Logged::danger_from_log(
            number,
            self.submission,
            self.commitment,
            record,
        ))
    }

    fn of(keys: &Keys, row: &Row, sealed: &mut Found) -> Result<Self> {
        let number = RecordNumber::from_i64(row.int(0)?);
        let fault = || StoreError::DoesNotOpen(format!("record {number}"));
        let submission = SubmissionId::from_i64(row.int(1)?);
        let commitment = Commitment(row.hash(2)?);
        let (key, bytes) = if let Some(home) = row.int_or_none(HOME)? {
            let found = sealed.remove(&number).ok_or_else(fault)?;
            let found = found.map_err(|what| StoreError::DoesNotOpen(format!("record {number}: {what}")))?;
            let is_it = found.subject == SubjectId::from_i64(home) && found.submission == submission;
            let SealedRecord { key, statement, .. } = is_it.then_some(found).ok_or_else(fault)?;
            (key, statement)
        } else {
            let key_id = row.int_or_none(4)?.and_then(|id| u32::try_from(id).ok());
            let key = unwrap_key(keys, number, key_id.ok_or_else(fault)?, &row.bytes(5)?)?;
            let bytes = open_body(&key, number, &row.bytes(3)?)?;
            (key, bytes)
        };
        if !commitment.opens(&bytes, &key) {
            let what = format!("the commitment of record {number}");
            return Err(StoreError::DoesNotOpen(what));
        }
        Ok(Self {
            number,
            submission,
            commitment,
            key,
            bytes,
        })
    }
}

impl Store {
    /// Opens selected rows, each by itself, in their order.
    pub(crate) async fn opened(&self, tx: &mut Tx, keys: &Keys, rows: &[Row]) -> Result<Vec<Result<Opened>>> {
        self.opened_with(tx, keys, rows, Found::default()).await
    }

    /// The same, where some that are sealed have been found already.
    pub(crate) async fn opened_with(
        &self,
        tx: &mut Tx,
        keys: &Keys,
        rows: &[Row],
        mut sealed: Found,
    ) -> Result<Vec<Result<Opened>>> {
        let mut wanted = Vec::new();
        for row in rows {
            let number = RecordNumber::from_i64(row.int(0)?);
            if let Some(home) = row.int_or_none(HOME)?.filter(|_| !sealed.contains_key(&number)) {
                wanted.push((SubjectId::from_i64(home), number));
            }
        }
        if !wanted.is_empty() {
            sealed.extend(self.sealed(tx, keys, &wanted).await?);
        }
        let opened = rows.iter().map(|row| Opened::of(keys, row, &mut sealed));
        Ok(opened.collect())
    }

    /// The records of selected rows, in their order.
    pub(crate) async fn logged(&self, tx: &mut Tx, keys: &Keys, rows: &[Row]) -> Result<Vec<Logged>> {
        let opened = self.opened(tx, keys, rows).await?;
        opened.into_iter().map(|one| one?.logged()).collect()
    }

    /// The records of these numbers, in the order of their numbers.
    pub(crate) async fn logged_in(&self, tx: &mut Tx, numbers: &[RecordNumber]) -> Result<Vec<Logged>> {
        self.logged_in_with(tx, numbers, Found::default()).await
    }

    /// The same, where some that are sealed have been found already.
    pub(crate) async fn logged_in_with(
        &self,
        tx: &mut Tx,
        numbers: &[RecordNumber],
        sealed: Found,
    ) -> Result<Vec<Logged>> {
        let (keys, _) = self.keys(tx).await?;
        let values: Vec<Arg> = numbers.iter().map(|number| Arg::from(*number)).collect();
        let sql = format!("SELECT {RECORD_COLUMNS} WHERE r.number IN ({{in}})");
        let rows = tx.rows_in(&sql, &[], &values).await?;
        let opened = self.opened_with(tx, &keys, &rows, sealed).await?;
        let logged = opened.into_iter().map(|one| one?.logged());
        let mut logged = logged.collect::<Result<Vec<Logged>>>()?;
        logged.sort_by_key(Logged::number);
        logged.dedup_by_key(|logged| logged.number());
        Ok(logged)
    }
}
