//! One mutant against the worked cases, those about it first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use record::Realm;

use super::{Fate, Mutant, equal};
use crate::cases::CaseBook;
use crate::check::{Finding, Severity, check, check_change};
use crate::policy::{Bundle, PolicyFault};

/// Why no mutant can be tried.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrialFault {
    /// The policies do not parse.
    #[error("the policies cannot be read:\n{}", lines(.0))]
    Policies(Vec<PolicyFault>),
    /// Some cases fail without any mutant.
    #[error("these cases fail already:\n{}", .0.join("\n"))]
    Cases(Vec<String>),
}

fn lines(faults: &[PolicyFault]) -> String {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// Policies and their worked cases, read once, to try mutants against. May be shared by threads.
pub struct Trial {
    files: BTreeMap<String, String>,
    base: Bundle,
    errors: BTreeSet<String>,
    book: CaseBook,
    /// By code, the places of the cases about it.
    about: BTreeMap<String, Vec<usize>>,
}

impl Trial {
    /// A trial of these files, `cases/` among them. Cases run as in a demo.
    ///
    /// # Errors
    /// When the policies do not parse, or a case fails already.
    pub fn new(files: &BTreeMap<String, String>) -> Result<Self, TrialFault> {
        let base = Bundle::parse(files.clone(), Realm::Demo).map_err(TrialFault::Policies)?;
        let book = CaseBook::read(files);
        let failing: Vec<String> = book
            .run(&base)
            .iter()
            .filter(|case| !case.passed())
            .map(ToString::to_string)
            .collect();
        if !failing.is_empty() {
            return Err(TrialFault::Cases(failing));
        }
        let mut about: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, codes) in book.about() {
            for code in codes {
                about.entry(code).or_default().push(place);
            }
        }
        Ok(Self {
            files: base.files().clone(),
            errors: errors(&check(&base)),
            base,
            book,
            about,
        })
    }

    /// Every mutant of the policies.
    pub fn mutants(&self) -> Vec<Mutant> {
        super::mutants(&self.files)
    }

    /// What becomes of each of these mutants, in their order, on so many threads. `after_each` is told of every
    /// one that is done, from any thread.
    pub fn all(&self, mutants: &[Mutant], threads: usize, after_each: impl Fn(&Fate) + Sync) -> Vec<Fate> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done: Vec<(usize, Fate)> = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(mutant) = mutants.get(place) else {
                    return done;
                };
                let fate = self.of(mutant);
                after_each(&fate);
                done.push((place, fate));
            }
        };
        let mut done: Vec<(usize, Fate)> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut done = work();
            for other in others {
                match other.join() {
                    Ok(theirs) => done.extend(theirs),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            done
        });
        done.sort_unstable_by_key(|(place, _)| *place);
        done.into_iter().map(|(_, fate)| fate).collect()
    }

    /// What becomes of a mutant.
    pub fn of(&self, mutant: &Mutant) -> Fate {
        let bundle = match Bundle::parse(mutant.made(&self.files), Realm::Demo) {
            Ok(bundle) => bundle,
            Err(faults) => {
                let why = faults.first().map(ToString::to_string).unwrap_or_default();
                return Fate::Refused { why };
            }
        };
        let mut found = errors(&check(&bundle));
        found.extend(errors(&check_change(&self.base, &bundle)));
        if let Some(why) = found.difference(&self.errors).next() {
            return Fate::Refused { why: why.clone() };
        }
        if let Some(by) = self.killer(mutant, &bundle) {
            return Fate::Killed { by };
        }
        match equal::why(&self.base, &bundle, mutant) {
            Some(why) => Fate::Equal { why },
            None => Fate::Survived,
        }
    }

    /// The first case that fails, as `file: name`.
    fn killer(&self, mutant: &Mutant, bundle: &Bundle) -> Option<String> {
        let first = self.first(&mutant.clause);
        let mut done = vec![false; self.book.len()];
        let others = 0..self.book.len();
        for place in first.into_iter().chain(others) {
            match done.get_mut(place) {
                Some(done) if !*done => *done = true,
                _ => continue,
            }
            let result = self.book.run_one(bundle, place)?;
            if !result.passed() {
                return Some(format!("{}: {}", result.file, result.name));
            }
        }
        None
    }

    /// The cases about a clause, then those about what it is part of.
    fn first(&self, clause: &str) -> Vec<usize> {
        let mut found = Vec::new();
        let mut code = clause;
        loop {
            found.extend(self.about.get(code).into_iter().flatten().copied());
            match code.rsplit_once('.') {
                Some((parent, _)) => code = parent,
                None => return found,
            }
        }
    }
}

/// Errors without their places, which a mutant moves.
fn errors(findings: &[Finding]) -> BTreeSet<String> {
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    errors
        .map(|finding| format!("[{}] `{}`: {}", finding.rule, finding.about, finding.message))
        .collect()
}
