//! Columnar files: evidence segments, which hold what was recorded, runs of marks, by which it is found again, and the packed mirror,
//! which is what rating reads of it.
//!
//! ```text
//! the store's records ─► SegmentWriter ─► Parquet under a key ─► Segment, Merged ─► the store
//! assess::life, subject by subject ─► Writer ─► sixteen bytes a record ─► Mirror ─► assess::Rater
//! ```
//!
//! A segment is evidence: it is listed in the store's manifest, and what is in it is in it alone. A mirror is a cache. It says of
//! which size of the log and of which rules it is, it is replaced whole, and one that is torn, stale or damaged is told from a
//! good one before anything is read from it.
//!
//! It does **not** know: SQL, where keys are kept, whose a record is today, or which files there are. Whom an id means is the
//! store's to say.

#![warn(missing_docs)]

mod block;
mod day;
mod error;
mod evidence;
mod footer;
mod hashed;
mod mirror;
mod packed;
mod run;
mod subject;
mod writer;

pub use day::{day_of, days_of};
pub use error::{MirrorError, Result};
pub use evidence::{
    Merged, SealedRecord, Segment, SegmentError, SegmentKey, SegmentRows, SegmentWriter, Written,
};
pub use footer::About;
pub use mirror::{Batch, Batches, Mirror};
pub use run::{Entry, Mark, Run, RunError, RunWritten, Width, beginning, merged_runs, write_run};
pub use subject::Subject;
pub use writer::Writer;
