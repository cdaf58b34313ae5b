//! Statistics: what was handed in month by month, how soon, and how grades lie in the towns, in counts of which none is below ten and
//! none gives a smaller one away.
//!
//! ```text
//! rows of arrivals ─► each month by itself ─► what is told of it ─┐
//! ratings, towns   ─► each kind by itself  ─► what is told of it ─┴─► Statistics, and the statement of each table
//! ```
//!
//! A month is told by itself, and once it is over it is told once: what is said of several months is what is told of each, so that
//! two pages of different months tell no more than both.

mod figures;
mod parquet;
mod query;
mod table;

use std::collections::{BTreeMap, HashMap};

use assess::Bundle;
use jiff::civil::Date;
use record::SubjectKind;
use serde::{Deserialize, Serialize};

pub use parquet::{write_arrived, write_towns};
pub use query::Queries;
pub use table::{ToldRow, ToldTable};

use crate::rate::Outcome;
use crate::told::Told;

/// The column of entries in lists, which stand in no class beside it.
pub const LISTED: &str = "list-entries";
/// The column of records of the base registers, of which it says nothing how old they were.
pub const REGISTER: &str = "register";
/// The row of those whose address says no town of the district.
pub const UNKNOWN_TOWN: &str = "unknown";
/// The kinds of subjects whose grades are told, each in a table of its own.
pub const GRADE_TABLES: [SubjectKind; 3] = [
    SubjectKind::Person,
    SubjectKind::Organisation,
    SubjectKind::SoleTrader,
];

/// So many records of an item came from a source in a month, so many days after what they tell of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// The month, as `2026-11`.
    pub month: String,
    /// The source's code.
    pub source: String,
    /// The item's code.
    pub item: String,
    /// So many days at least; the next band begins where it ends.
    pub days: u32,
    /// How many.
    pub records: u64,
}

/// What statistics are made of.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    /// The day.
    pub on: Date,
    /// How much of the log is counted.
    pub known: u64,
    /// What came in.
    pub arrived: &'a [Arrived],
    /// Everyone, rated on the day.
    pub outcomes: &'a [Outcome],
    /// By subject, what kind it is.
    pub kinds: &'a HashMap<u64, SubjectKind>,
    /// By subject, the code of its town.
    pub towns: &'a HashMap<u64, String>,
}

/// Statistics of a day. All of it may be shown: nobody can be found in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// The day.
    pub on: Date,
    /// How much of the log was counted.
    pub known: u64,
    /// By which edition grades are.
    pub edition: String,
    /// The months, the oldest first.
    pub months: Vec<MonthFigures>,
    /// Grades by town.
    pub grades: Vec<GradesOf>,
    /// By edition, the statements that come to these figures.
    pub queries: BTreeMap<String, Queries>,
}

/// One month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthFigures {
    /// As `2026-11`.
    pub month: String,
    /// Whether nothing is added to it any more.
    pub over: bool,
    /// By which edition its classes are.
    pub edition: String,
    /// Records, by source and class.
    pub classes: ToldTable,
    /// Records, by source and days until they came, of those sources of whom it is told how many they handed in.
    pub days: ToldTable,
    /// What people did about records, by the act's item.
    pub acts: BTreeMap<String, Told>,
}

/// The grades of one kind of subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradesOf {
    /// The kind's code.
    pub kind: String,
    /// By town and letter.
    pub table: ToldTable,
}

/// Works statistics out. Of those from before, the months that were over stay as they were told.
pub fn statistics(bundle: &Bundle, counted: &Counted<'_>, before: Option<&Statistics>) -> Statistics {
    let months = figures::months(bundle, counted, before);
    let mut queries: BTreeMap<String, Queries> = before.map(|one| one.queries.clone()).unwrap_or_default();
    queries.insert(bundle.edition().to_owned(), Queries::of(bundle));
    queries.retain(|edition, _| {
        edition == bundle.edition() || months.iter().any(|month| month.edition == *edition)
    });
    Statistics {
        on: counted.on,
        known: counted.known,
        edition: bundle.edition().to_owned(),
        grades: figures::grades(bundle, counted),
        months,
        queries,
    }
}

impl Statistics {
    /// What may be told of it to everyone: without the month that runs, of which two days would tell what came between them.
    #[must_use]
    pub fn of_months_over(mut self) -> Self {
        self.months.retain(|month| month.over);
        self
    }
}
