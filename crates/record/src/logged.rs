//! A record with its number, and the two dates on which everything is asked.

use jiff::civil::Date;
use serde::Serialize;

use crate::{Commitment, Record, RecordNumber, SubmissionId, TreeSize};

/// The two dates: the day asked about, and how much of the ledger counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct AsOf {
    /// The day asked about, in Asia/Shanghai.
    pub on: Date,
    /// A record counts if its number is below this.
    pub known: TreeSize,
}

impl AsOf {
    /// Whether a record of this number counts.
    pub fn knows(&self, number: RecordNumber) -> bool {
        number.0 < self.known.0
    }
}

/// A record that has its number: the only thing that is ever assessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Logged {
    number: RecordNumber,
    submission: SubmissionId,
    commitment: Commitment,
    record: Record,
}

impl Logged {
    /// The one way to make one. Called only by what reads the log (`store`, later `segment`) and by
    /// worked cases and simulation; `xtask tidy` holds the list of callers.
    pub fn danger_from_log(
        number: RecordNumber,
        submission: SubmissionId,
        commitment: Commitment,
        record: Record,
    ) -> Self {
        Self {
            number,
            submission,
            commitment,
            record,
        }
    }

    /// Its place in the log.
    pub fn number(&self) -> RecordNumber {
        self.number
    }

    /// The hand-in it came with.
    pub fn submission(&self) -> SubmissionId {
        self.submission
    }

    /// What the ledger holds of it.
    pub fn commitment(&self) -> Commitment {
        self.commitment
    }

    /// The statement itself.
    pub fn record(&self) -> &Record {
        &self.record
    }
}
