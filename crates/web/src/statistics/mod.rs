//! Statistics for the office and the public: worked out by the nightly run, kept by day, and shown from there.

mod rows;
mod run;
mod sections;
pub(crate) mod show;

pub use rows::{StatisticRow, statistic_rows};
pub(crate) use run::rate_all;
pub use run::{RunFault, StatisticsMade, make_statistics};
