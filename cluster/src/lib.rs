//! Everyone rated on DataFusion and, by Ballista, on many machines.
//!
//! ```text
//! Job (rules, day, mirror) ─► Ratings, a table ─► RateExec ─► rows ─► OutcomeFile
//!                                │                   ▲
//!                                └─ codec ─► scheduler ─► executors, each with the mirror at hand
//! ```
//!
//! The fold is the one of `batch`: a [`RateExec`] calls [`batch::rate_places`] and turns what comes out into columns.
//!
//! It does **not** know: a database, keys, names or identifiers. An executor runs nothing but ratings of the mirrors in its own
//! folder, and what SQL makes of them.

#![warn(missing_docs)]

mod codec;
mod columns;
mod error;
mod executor;
mod guard;
mod job;
mod mirrors;
mod node;
mod rate;
mod scheduler;
mod session;
mod table;

pub use codec::{RatingLogicalCodec, RatingPhysicalCodec};
pub use error::{ClusterError, Result};
pub use executor::{ExecutorOptions, executor};
pub use guard::RatingEngine;
pub use job::Job;
pub use mirrors::Mirrors;
pub use node::RateExec;
pub use rate::{Asked, Place, answer, rate};
pub use scheduler::{SchedulerOptions, scheduler};
pub use session::{local, remote};
pub use table::Ratings;

/// The most bytes of one message between the parts of a cluster: a plan holds all rules, and several go out at once.
const MESSAGE_MOST: u32 = 256 << 20;
