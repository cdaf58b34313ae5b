//! Worked cases read once, to be run against one bundle or many.

use std::collections::{BTreeMap, BTreeSet};

use super::written::{Case, Empty};
use super::{CaseResult, run};
use crate::policy::{Bundle, Document as File, Faults, Placed};

/// The worked cases of some files.
pub(crate) struct CaseBook {
    cases: Vec<(String, Case)>,
    /// One for each file with something that is no case.
    unread: Vec<CaseResult>,
}

impl CaseBook {
    /// Reads `cases/*.toml`; others are left alone.
    pub(crate) fn read(files: &BTreeMap<String, String>) -> Self {
        let mut book = Self {
            cases: Vec::new(),
            unread: Vec::new(),
        };
        for (path, text) in files.iter().filter(|(path, _)| path.starts_with("cases/")) {
            let mut faults = Faults::default();
            let mut cases: Vec<Placed<Case>> = Vec::new();
            if let Some(mut file) = File::open(path, text, &mut faults) {
                cases = file.take_array("case", &mut faults);
                file.take_rest::<Empty>(&mut faults);
            }
            let cases = cases.into_iter().map(|case| (path.clone(), case.value));
            book.cases.extend(cases);
            let unread = faults.sorted();
            if !unread.is_empty() {
                book.unread.push(CaseResult {
                    file: path.clone(),
                    name: String::new(),
                    shows: Vec::new(),
                    near: Vec::new(),
                    differences: unread.iter().map(ToString::to_string).collect(),
                });
            }
        }
        book
    }

    /// How many cases it has.
    pub(crate) fn len(&self) -> usize {
        self.cases.len()
    }

    /// Runs all of them; what could not be read comes last.
    pub(crate) fn run(&self, bundle: &Bundle) -> Vec<CaseResult> {
        let run = self.cases.iter().map(|(file, case)| run(bundle, file, case));
        run.chain(self.unread.iter().cloned()).collect()
    }

    /// Runs the one at this place.
    pub(crate) fn run_one(&self, bundle: &Bundle, place: usize) -> Option<CaseResult> {
        let (file, case) = self.cases.get(place)?;
        Some(run(bundle, file, case))
    }

    /// By place, the codes that a case is about: the clauses it names, its records' items, its service.
    pub(crate) fn about(&self) -> impl Iterator<Item = (usize, BTreeSet<String>)> {
        self.cases.iter().enumerate().map(|(place, (_, case))| {
            let clauses = case.shows.iter().chain(&case.near).cloned();
            let items = case
                .records
                .iter()
                .map(|record| format!("catalogue.{}", record.item));
            let service = case.ask.iter().map(|ask| format!("services.{}", ask.service));
            (place, clauses.chain(items).chain(service).collect())
        })
    }
}
