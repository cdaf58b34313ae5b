//! Whole-population runs: everyone rated from the packed mirror, and the plain SQL that says the same.
//!
//! ```text
//! Mirror ─► rate ─► one outcome for each subject ─► Parquet
//!    └────► facts ─► Parquet ─► any engine that runs the statements of `sql` and `statistics`
//! ```
//!
//! It does **not** know: a database, keys, names or identifiers. Subjects are ids, and whoever may see whose they are is
//! settled elsewhere. A rating made here is the one that a desk makes: the same fold over the same facts.

#![warn(missing_docs)]

mod columns;
mod counts;
mod error;
mod everyone;
mod facts;
mod generate;
mod outcome;
mod rate;
mod simulate;
#[cfg(test)]
mod solving;
mod sql;
mod statistics;
mod told;

pub use counts::Counts;
pub use error::{BatchError, Result};
pub use everyone::cores;
pub use facts::write_facts;
pub use generate::{Made, generate};
pub use outcome::{OutcomeFile, Row, Wording, write_outcomes};
pub use rate::{Outcome, rate, rate_places};
pub use simulate::{
    Attention, CardReport, DayReport, DrawnExample, Example, GroupRow, ListMove, MOVED_LITTLE, MOVED_MUCH,
    NotRatedRow, Opened, Opening, ReasonMove, Rules, Side, SimulationReport, TraitReport, Trial, simulate,
};
pub use sql::statement;
pub use statistics::{
    Arrived, Counted, GRADE_TABLES, GradesOf, LISTED, MonthFigures, Queries, REGISTER, Statistics, ToldRow,
    ToldTable, UNKNOWN_TOWN, statistics, write_arrived, write_towns,
};
pub use told::{TOLD_LEAST, Told};
