//! Drafts of scorecards: which numbers one may change, and the files with other numbers in their places.

use std::collections::BTreeMap;
use std::ops::Range;

use record::ClauseId;

use crate::diff::diff;
use crate::mutate::mutants;
use crate::policy::Bundle;

/// The clauses that decide something about people: a change of them is tried on everyone first (guard 10).
const DECIDING: [&str; 4] = ["rating.", "lists.", "measures.", "services."];

/// A number of a scorecard that a draft may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScorecardNumber {
    /// The clause it belongs to, e.g. `rating.person.penalty-fine`.
    pub clause: String,
    /// Its key within the clause, e.g. `bins.1.points`; entries of a list by their place, from 1.
    pub key: String,
    /// What it is.
    pub value: i64,
    /// The file below `policies/`.
    pub file: String,
    /// Its line in the file, from 1.
    pub line: usize,
    at: Range<usize>,
}

impl ScorecardNumber {
    /// Its name in a form: clause and key.
    pub fn name(&self) -> String {
        format!("{}.{}", self.clause, self.key)
    }
}

/// The numbers of a scorecard that decide something, in the order of its file; none if there is no such scorecard.
pub fn scorecard_numbers(bundle: &Bundle, code: &str) -> Vec<ScorecardNumber> {
    let clause = ClauseId::new(format!("rating.{code}")).ok();
    let clause = clause.and_then(|id| bundle.clause(&id));
    let Some((path, text)) = clause.and_then(|clause| bundle.files().get_key_value(&clause.file)) else {
        return Vec::new();
    };
    let file = BTreeMap::from([(path.clone(), text.clone())]);
    let mut found: Vec<ScorecardNumber> = mutants(&file)
        .into_iter()
        .filter_map(|mutant| {
            Some(ScorecardNumber {
                value: mutant.from.parse().ok()?,
                clause: mutant.clause,
                key: mutant.key,
                file: mutant.file,
                line: mutant.line,
                at: mutant.at,
            })
        })
        .collect();
    found.sort_by_key(|number| number.at.start);
    found.dedup_by_key(|number| number.at.start);
    found
}

/// The files with these numbers changed, and nothing else: comments and order stay.
pub fn with_numbers(
    files: &BTreeMap<String, String>,
    numbers: &[(ScorecardNumber, i64)],
) -> BTreeMap<String, String> {
    let mut changed = files.clone();
    let mut numbers: Vec<_> = numbers.iter().collect();
    // From the end, so that the places of those before still hold.
    numbers.sort_by_key(|(number, _)| std::cmp::Reverse(number.at.start));
    for (number, to) in numbers {
        if let Some(text) = changed.get_mut(&number.file)
            && text.get(number.at.clone()).is_some()
        {
            text.replace_range(number.at.clone(), &to.to_string());
        }
    }
    changed
}

/// Whether a new edition says something else in a scorecard, a list, a measure or a service, and so is tried on everyone first
/// (guard 10). Comments change nothing.
pub fn needs_simulation(in_force: &Bundle, new: &Bundle) -> bool {
    let mut changes = diff(in_force, new).into_iter();
    changes.any(|change| DECIDING.iter().any(|kind| change.clause.starts_with(kind)))
}
