//! `/office/simulations`: drafts of rules tried on everyone before they touch anyone (guard 10). What is told of it are counts from
//! which nobody can be found; whose an example is, these pages do not know.

pub(crate) mod draft;
pub(crate) mod file;
pub(crate) mod list;
pub(crate) mod one;
mod run;
mod tables;
mod words;

pub use file::{as_page, as_workbook};
pub(crate) use run::all;
pub use run::{Simulated, SimulationFault, SimulationStep, simulate_rules};
