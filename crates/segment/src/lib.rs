//! The packed mirror: what rating reads of everyone's records, sixteen bytes each, by subject.
//!
//! ```text
//! assess::life, subject by subject ─► Writer ─► one file ─► Mirror ─► assess::Rater
//! ```
//!
//! A mirror is a cache. It says of which size of the log and of which rules it is, it is replaced whole, and one that is
//! torn, stale or damaged is told from a good one before anything is read from it.
//!
//! It does **not** know: SQL, keys, names, identifiers, documents, or what a record said beyond the few numbers that rating
//! reads. Whom an id means is the store's to say.

#![warn(missing_docs)]

mod block;
mod error;
mod footer;
mod mirror;
mod packed;
mod subject;
mod writer;

pub use error::{MirrorError, Result};
pub use footer::About;
pub use mirror::{Batch, Batches, Mirror};
pub use subject::Subject;
pub use writer::Writer;
