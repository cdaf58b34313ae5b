//! New rules tried on everyone before they touch anyone (guard 10): rated by the rules in force and by the draft on one day, and
//! what differs told in counts from which nobody can be found.
//!
//! ```text
//! both mirrors ─► two ratings of each subject ─► tables ─► what is told of them
//!                                        └─────► examples, whose numbers are drawn for this report alone
//! ```

mod pass;
mod report;
mod stability;
mod tables;

use std::collections::HashMap;

use assess::{Bundle, GroupLabels};
use jiff::civil::Date;
use segment::Mirror;

pub use report::{
    Attention, CardReport, DayReport, Example, GroupRow, ListMove, NotRatedRow, Opened, Opening, ReasonMove,
    Rules, SimulationReport, TraitReport,
};
pub use stability::{MOVED_LITTLE, MOVED_MUCH};

use crate::error::Result;

/// Rules, and everyone as they see them.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The rules.
    pub bundle: &'a Bundle,
    /// Everyone's records, resolved by them.
    pub mirror: &'a Mirror,
}

/// What is tried.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    /// What is in force.
    pub before: Side<'a>,
    /// The draft.
    pub after: Side<'a>,
    /// By subject, the groups that it is in; for the tables of groups alone.
    pub groups: &'a HashMap<u64, GroupLabels>,
    /// Of how many threads.
    pub threads: usize,
    /// What the choice of examples begins with.
    pub seed: [u8; 32],
}

/// An example as the store keeps it: its number in the report, and whose it is. It is told to nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrawnExample {
    /// Its number, drawn for this report.
    pub number: u32,
    /// Whose it is.
    pub subject: u64,
}

/// How everyone comes out on a day by the one and by the other. `done` hears how many subjects are done so far.
///
/// # Errors
/// When a mirror is bad or of other rules.
pub fn simulate(
    trial: &Trial<'_>,
    on: Date,
    done: impl Fn(u64) + Sync,
) -> Result<(DayReport, Vec<DrawnExample>)> {
    let found = pass::rate_both(trial, on, done)?;
    Ok(tables::day(trial, on, &found))
}
