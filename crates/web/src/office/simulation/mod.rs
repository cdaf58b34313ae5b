//! `/office/simulations`: drafts of rules tried on everyone before they touch anyone (guard 10). What is told of it are counts from
//! which nobody can be found; one example is opened in a case, with a look, and without a name.

pub(crate) mod draft;
pub(crate) mod example;
pub(crate) mod file;
pub(crate) mod list;
pub(crate) mod one;
mod run;
mod tables;
mod words;

pub use file::{as_page, as_workbook};
pub(crate) use run::all;
pub use run::{Simulated, SimulationFault, SimulationStep, simulate_rules};
