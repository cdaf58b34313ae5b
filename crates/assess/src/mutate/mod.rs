//! Mutation testing of policies: whatever decides something is changed by one, and some worked case must fail.
//!
//! A case that would pass under another number does not prove the number. [`mutants`] finds every number,
//! day, flag and membership that decides a conclusion, each with the smallest change of it; [`Trial`] runs
//! the worked cases against one of them. What does not parse, or breaks a guard, could never be published and
//! is counted apart; so is what provably changes no grade, list, measure or decision.

mod deciders;
mod equal;
mod find;
mod trial;

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

pub use find::mutants;
pub use trial::{Trial, TrialFault};

/// One small change of a bundle's files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Mutant {
    /// The clause that it changes, in the form of [`crate::statements`].
    pub clause: String,
    /// Its file below the policy folder.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// The key, as `bins.2.points`; entries of a list by their place, from 1.
    pub key: String,
    /// What it was.
    pub from: String,
    /// What it is now; empty if it was dropped.
    pub to: String,
    /// Where in the file's text, in bytes.
    #[serde(skip)]
    pub(crate) at: Range<usize>,
    /// What stands there now.
    #[serde(skip)]
    pub(crate) text: String,
}

impl Mutant {
    /// The files with this change made. Nothing is changed if the file is not there.
    pub fn made(&self, files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut made = files.clone();
        if let Some(text) = made.get_mut(&self.file)
            && text.get(self.at.clone()).is_some()
        {
            text.replace_range(self.at.clone(), &self.text);
        }
        made
    }
}

impl std::fmt::Display for Mutant {
    /// One line: clause, place, key, and what became of it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            clause,
            file,
            line,
            key,
            from,
            to,
            ..
        } = self;
        write!(f, "{clause} ({file}:{line}): `{key}` ")?;
        if to.is_empty() {
            write!(f, "without `{from}`")
        } else {
            write!(f, "`{from}` becomes `{to}`")
        }
    }
}

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "fate")]
pub enum Fate {
    /// A worked case failed.
    Killed {
        /// The case, as `file: name`.
        by: String,
    },
    /// Every worked case passed: nothing proves what was changed.
    Survived,
    /// It does not parse, or breaks a guard: no case is needed.
    Refused {
        /// By what.
        why: String,
    },
    /// It provably changes no grade, list, measure or decision.
    Equal {
        /// Why.
        why: String,
    },
}

/// How many mutants met which fate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Tally {
    /// A case failed.
    pub killed: usize,
    /// No case failed.
    pub survived: usize,
    /// Could never be published.
    pub refused: usize,
    /// Provably change nothing.
    pub equal: usize,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, fate: &Fate) {
        let of = match fate {
            Fate::Killed { .. } => &mut self.killed,
            Fate::Survived => &mut self.survived,
            Fate::Refused { .. } => &mut self.refused,
            Fate::Equal { .. } => &mut self.equal,
        };
        *of = of.saturating_add(1);
    }

    /// The killed among those that a case could kill, in thousandths, rounded down; 1000 if there are none.
    pub fn killed_thousandths(&self) -> usize {
        let all = self.killed.saturating_add(self.survived);
        self.killed.saturating_mul(1000).checked_div(all).unwrap_or(1000)
    }
}
