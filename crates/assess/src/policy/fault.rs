//! What is wrong with a policy file, and where.

use std::fmt;

use serde::Serialize;

/// One fault of a policy text. All of a bundle's faults are found, not the first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PolicyFault {
    /// Path below `policies/`; empty if the fault is of the bundle as a whole.
    pub file: String,
    /// From 1; 0 if the fault is of the file as a whole.
    pub line: usize,
    /// In characters, from 1; 0 if the fault is of the file as a whole.
    pub column: usize,
    /// What is wrong, in lower case, the value in backticks.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
}

impl fmt::Display for PolicyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "{}", self.file)?;
            if self.line > 0 {
                write!(f, ":{}:{}", self.line, self.column)?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.message)?;
        if !self.help.is_empty() {
            write!(f, "; {}", self.help)?;
        }
        Ok(())
    }
}

impl std::error::Error for PolicyFault {}

/// Collects the faults of one reading.
#[derive(Debug, Default)]
pub(crate) struct Faults(pub(crate) Vec<PolicyFault>);

impl Faults {
    /// A fault of the bundle as a whole.
    pub(crate) fn of_bundle(&mut self, message: impl Into<String>, help: impl Into<String>) {
        self.0.push(PolicyFault {
            file: String::new(),
            line: 0,
            column: 0,
            message: message.into(),
            help: help.into(),
        });
    }

    pub(crate) fn sorted(mut self) -> Vec<PolicyFault> {
        self.0.sort();
        self.0.dedup();
        self.0
    }
}
