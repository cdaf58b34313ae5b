//! The sealed report of one's own file: what stands in it, and how it becomes a PDF. What is kept of one, the store says.

pub(crate) mod content;
mod flow;
pub(crate) mod font;
pub(crate) mod pdf;
mod structure;

use std::path::PathBuf;

pub use font::{FontFault, ReportFont};

/// How reports are made.
#[derive(Debug, Clone)]
pub struct ReportSettings {
    /// The font with Chinese characters; one of the system's if nothing is said.
    pub font: Option<PathBuf>,
    /// For how many days a report can be verified.
    pub valid_days: u16,
    /// Where the public reaches these pages, e.g. `https://credit.example.gov.cn`: a report's square code leads there.
    pub address: Option<String>,
}

impl Default for ReportSettings {
    fn default() -> Self {
        Self {
            font: None,
            valid_days: 90,
            address: None,
        }
    }
}
