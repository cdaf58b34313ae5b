//! The log of a store: what `ledger` says is written, written.
//!
//! ```text
//! append, act ──► record, ledger_leaf      one transaction: whatever was appended waits to be logged, and nothing else does
//! LogWriter   ──► log/tile/…, synced ──► ledger (size, checkpoint), committed ──► log/checkpoint
//! ```
//!
//! A record's leaf is read from its row. Only leaves that are no records have rows of their own, each with its place, so that what waits
//! is all that lies beyond the size of the last checkpoint, whatever door it came through.
//!
//! The database says what was signed. A signature leaves the writer only after the row with it is committed, which happens only if nobody
//! has taken the writer's place since; so one key never signs two histories. The files follow from the rows: a folder that was lost is
//! written again, and compared with what was signed.

mod check;
mod entries;
mod fault;
mod folder;
mod leaves;
mod proof;
mod writer;

use ledger::Sha256Ed25519;

pub use fault::{LogFault, OtherLog};
pub(crate) use folder::LogFolder;
pub(crate) use leaves::log_submission;
pub use proof::{LogFile, LogPlace, LogStatus, ProofOfLogging};
pub(crate) use writer::begin_another_log;
pub use writer::{Integrated, LogWriter};

/// What the house's log is hashed and signed with.
pub(crate) type HouseSuite = Sha256Ed25519;

/// The folder of the log, beside the database. It can be served as it is.
pub(crate) const FOLDER: &str = "log";
/// So many leaves are read, placed and signed for at once.
pub(crate) const BATCH: u64 = 1 << 16;
