//! Worked cases read once, to be run against one bundle or many.

use std::collections::{BTreeMap, BTreeSet};

use super::looks::LookCase;
use super::written::{Case, Empty};
use super::{CaseResult, run};
use crate::policy::{Bundle, Document as File, Faults, Placed};

/// The worked cases of some files.
pub(crate) struct CaseBook {
    cases: Vec<(String, Case)>,
    /// Of looks, which concern no records.
    looks: Vec<(String, LookCase)>,
    /// One for each file with something that is no case.
    unread: Vec<CaseResult>,
}

impl CaseBook {
    /// Reads `cases/*.toml`; others are left alone.
    pub(crate) fn read(files: &BTreeMap<String, String>) -> Self {
        let mut book = Self {
            cases: Vec::new(),
            looks: Vec::new(),
            unread: Vec::new(),
        };
        for (path, text) in files.iter().filter(|(path, _)| path.starts_with("cases/")) {
            let mut faults = Faults::default();
            let mut cases: Vec<Placed<Case>> = Vec::new();
            if let Some(mut file) = File::open(path, text, &mut faults) {
                cases = file.take_array("case", &mut faults);
                let looks: Vec<Placed<LookCase>> = file.take_array("look", &mut faults);
                book.looks
                    .extend(looks.into_iter().map(|case| (path.clone(), case.value)));
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
        self.cases.len() + self.looks.len()
    }

    /// Runs all of them; what could not be read comes last.
    pub(crate) fn run(&self, bundle: &Bundle) -> Vec<CaseResult> {
        let run = self.cases.iter().map(|(file, case)| run(bundle, file, case));
        let looks = self.looks.iter().map(|(file, case)| case.run(bundle, file));
        run.chain(looks).chain(self.unread.iter().cloned()).collect()
    }

    /// Runs the one at this place.
    pub(crate) fn run_one(&self, bundle: &Bundle, place: usize) -> Option<CaseResult> {
        if let Some((file, case)) = self.cases.get(place) {
            return Some(run(bundle, file, case));
        }
        let (file, case) = self.looks.get(place - self.cases.len())?;
        Some(case.run(bundle, file))
    }

    /// By place, the codes that a case is about: the clauses it names, its records' items, its service.
    pub(crate) fn about(&self) -> impl Iterator<Item = (usize, BTreeSet<String>)> {
        let looks = self.looks.iter().map(|(_, case)| case.about());
        let looks = (self.cases.len()..).zip(looks);
        let of_records = self.cases.iter().enumerate().map(|(place, (_, case))| {
            let clauses = case.shows.iter().chain(&case.near).cloned();
            let items = case
                .records
                .iter()
                .map(|record| format!("catalogue.{}", record.item));
            let service = case.ask.iter().map(|ask| format!("services.{}", ask.service));
            (place, clauses.chain(items).chain(service).collect())
        });
        of_records.chain(looks)
    }
}
