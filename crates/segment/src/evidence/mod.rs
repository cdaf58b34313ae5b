//! Evidence segments: records that are done with changing place, in Parquet, by subject and day.
//!
//! ```text
//! SealedRecord, in order ─► SegmentWriter ─► one encrypted file ─► Segment ─► the records of some subjects, or all
//! ```
//!
//! A file is Parquet with modular encryption (AES-256-GCM) under a key of its own, footer and all: without the key nothing of it
//! can be read, with it any engine that knows the format can. What a row says is the record's canonical bytes beside its own key,
//! so that whoever reads it can hold it against its commitment; the columns before them are for finding and counting.

mod merged;
mod pread;
mod reader;
mod writer;

use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::civil::Date;
use record::{ItemCode, RecordKey, RecordNumber, SourceCode, SubjectId, SubmissionId};
use zeroize::{Zeroize, ZeroizeOnDrop};

pub use merged::Merged;
pub use reader::{Segment, SegmentRows};
pub use writer::{SegmentWriter, Written};

/// The key of one segment: 32 random bytes, used for no other file.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SegmentKey([u8; 32]);

impl SegmentKey {
    /// A key of these bytes, which the caller drew at random.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, to be wrapped and kept apart from the file.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for SegmentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SegmentKey(…)")
    }
}

/// A record as a segment holds it.
#[derive(Debug, Clone)]
pub struct SealedRecord {
    /// Whose it was when it was sealed: by this it is found. Who has it today the store knows.
    pub subject: SubjectId,
    /// When what it says happened.
    pub occurred: Date,
    /// Its number in the log.
    pub number: RecordNumber,
    /// The hand-in that it came with.
    pub submission: SubmissionId,
    /// Which department handed it in.
    pub source: SourceCode,
    /// Under which item of the catalogue.
    pub item: ItemCode,
    /// The key that its commitment was made with.
    pub key: RecordKey,
    /// Its canonical bytes.
    pub statement: Vec<u8>,
}

impl SealedRecord {
    fn place(&self) -> Place {
        (self.subject, self.occurred, self.number)
    }
}

/// Where a record stands in a segment: records are in the order of these.
type Place = (SubjectId, Date, RecordNumber);

/// Why a segment cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SegmentError {
    /// The file cannot be read or written.
    #[error("the segment cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// It is no segment, it is torn or altered, or the key is another's.
    #[error("the segment does not open: {0}")]
    DoesNotOpen(#[from] parquet::errors::ParquetError),
    /// It was altered in a way that its decoder does not survive.
    #[error("the segment was altered or torn")]
    Damaged,
    /// A column is not what the format says.
    #[error("column `{0}` of the segment is not what it should be")]
    Column(&'static str),
    /// Records were handed in out of order.
    #[error("record {0} came after one that stands behind it")]
    Order(RecordNumber),
}

/// What a decoder gives, or falls over: lengths that were altered are subtracted from before anything vouches for them
/// (parquet 60). Whatever it held is dropped with it.
fn caught<T>(decode: impl FnOnce() -> Result<T, SegmentError>) -> Result<T, SegmentError> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or(Err(SegmentError::Damaged))
}
