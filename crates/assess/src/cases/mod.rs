//! Worked cases: records and a date, and what must follow. Data, run as tests and by `policy check`.

mod after;
mod book;
mod file;
mod looks;
mod served;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use record::{AsOf, ClauseId, PurposeCode, TreeSize};
use serde::Serialize;

pub(crate) use self::book::CaseBook;
use self::file::CaseFile;
use self::written::{Case, Expect};
use crate::assessment::{Assessment, assess};
use crate::check::{Finding, Severity};
use crate::decide::{Ask, Decision, Verdict, decide};
use crate::grade::Rating;
use crate::policy::Bundle;
use crate::procedure::StepAhead;

/// What came of one worked case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseResult {
    /// Its file, below `policies/`.
    pub file: String,
    /// Its name; empty if the file could not be read.
    pub name: String,
    /// The clauses that it shows applying.
    pub shows: Vec<String>,
    /// The clauses that it shows just not applying.
    pub near: Vec<String>,
    /// Where the outcome differs from what is expected; empty if it passed.
    pub differences: Vec<String>,
}

impl CaseResult {
    /// Whether everything came as expected.
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }
}

impl std::fmt::Display for CaseResult {
    /// One line: the case, and what differs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = if self.name.is_empty() {
            "the file"
        } else {
            &self.name
        };
        write!(f, "{}: {name}: ", self.file)?;
        if self.passed() {
            f.write_str("passes")
        } else {
            f.write_str(&self.differences.join("; "))
        }
    }
}

/// Runs the worked cases of these files (`cases/*.toml`; others are left alone).
pub fn run_cases(bundle: &Bundle, files: &BTreeMap<String, String>) -> Vec<CaseResult> {
    CaseBook::read(files).run(bundle)
}

/// Clauses that no case shows applying, or none shows just not applying.
pub fn check_coverage(bundle: &Bundle, results: &[CaseResult]) -> Vec<Finding> {
    let named = |of: fn(&CaseResult) -> &Vec<String>| -> BTreeSet<&str> {
        results
            .iter()
            .filter(|case| case.passed())
            .flat_map(|case| of(case).iter().map(String::as_str))
            .collect()
    };
    let (shows, near) = (named(|case| &case.shows), named(|case| &case.near));
    let mut found = Vec::new();
    for clause in bundle.clauses().filter(|clause| wants_cases(&clause.id)) {
        for (seen, message) in [
            (
                shows.contains(clause.id.as_str()),
                "no worked case shows it applying",
            ),
            (
                near.contains(clause.id.as_str()),
                "no worked case shows it just not applying",
            ),
        ] {
            if !seen {
                found.push(Finding {
                    severity: Severity::Error,
                    rule: "worked-cases",
                    about: clause.id.to_string(),
                    message: message.to_owned(),
                    help: "write one in policies/cases/".to_owned(),
                    file: clause.file.clone(),
                    line: clause.line,
                });
            }
        }
    }
    found
}

/// Items, lists and their steps, measures, deadlines, repair, features, and services as wholes.
fn wants_cases(id: &ClauseId) -> bool {
    let parts: Vec<&str> = id.as_str().split('.').collect();
    match parts.as_slice() {
        ["lists" | "measures" | "services" | "deadlines" | "looks", _]
        | ["lists", _, _]
        | ["catalogue" | "repair", ..]
        | ["rating", _, "bound", _] => true,
        ["rating", _, last] => *last != "base",
        _ => false,
    }
}

fn run(bundle: &Bundle, file: &str, case: &Case) -> CaseResult {
    let mut differences = Vec::new();
    let file_of = CaseFile::build(bundle, case, &mut differences);
    let as_of = AsOf {
        on: case.on,
        known: TreeSize(file_of.records.len() as u64),
    };
    let assessment = assess(bundle, &file_of.records, as_of);
    let decision = case.ask.as_ref().map(|ask| {
        let purpose = ask
            .purpose
            .clone()
            .or_else(|| PurposeCode::new("counter.service").ok());
        let asked = purpose.map(|purpose| Ask {
            service: ask.service.clone(),
            purpose,
            in_hand: ask.in_hand.clone(),
        });
        asked.map(|asked| decide(bundle, &file_of.records, &assessment, &asked))
    });
    let decision = decision.flatten();
    compare(case, &file_of, &assessment, decision.as_ref(), &mut differences);
    let mut applied = applied(&assessment, decision.as_ref());
    applied.extend(file_of.taken.iter().map(|item| format!("catalogue.{item}")));
    applied.extend(after::compare(
        bundle,
        case,
        &file_of,
        &assessment,
        &mut differences,
    ));
    for id in &case.shows {
        if !applied.contains(id) {
            differences.push(format!("`{id}` is to apply and does not"));
        }
    }
    for id in &case.near {
        if applied.contains(id) {
            differences.push(format!("`{id}` is not to apply and does"));
        }
    }
    for id in case.shows.iter().chain(&case.near) {
        if ClauseId::new(id.as_str())
            .ok()
            .is_none_or(|id| bundle.clause(&id).is_none())
        {
            differences.push(format!("there is no clause `{id}`"));
        }
    }
    CaseResult {
        file: file.to_owned(),
        name: case.name.clone(),
        shows: case.shows.clone(),
        near: case.near.clone(),
        differences,
    }
}

/// The clauses that made something happen.
fn applied(assessment: &Assessment, decision: Option<&Decision>) -> BTreeSet<String> {
    let reasons = assessment.rating.grade().map_or(&[][..], |grade| &grade.reasons);
    let mut ids: BTreeSet<String> = reasons
        .iter()
        .map(|reason| reason.because.clause.to_string())
        .collect();
    ids.extend(assessment.entries.iter().map(|entry| entry.clause.to_string()));
    let taken = assessment
        .procedures
        .iter()
        .flat_map(|procedure| &procedure.history);
    ids.extend(taken.map(|step| step.clause.to_string()));
    ids.extend(
        assessment
            .measures
            .iter()
            .map(|measure| measure.because().clause.to_string()),
    );
    if let Some(decision) = decision.filter(|decision| decision.verdict > Verdict::Ordinary) {
        ids.insert(format!("services.{}", decision.service));
        ids.extend(
            decision
                .reasons
                .iter()
                .map(|reason| reason.because.clause.to_string()),
        );
    }
    ids
}

fn compare(
    case: &Case,
    file: &CaseFile,
    assessment: &Assessment,
    decision: Option<&Decision>,
    differences: &mut Vec<String>,
) {
    let expect = &case.expect;
    let mut differ = differing(differences);
    let (letter, points, not_rated) = match &assessment.rating {
        Rating::Rated(grade) => (grade.letter.to_string(), grade.points.to_string(), "rated"),
        Rating::NotRated(why) => (String::new(), String::new(), why.code()),
    };
    if let Some(wanted) = expect.letter {
        differ("the letter", wanted.to_string(), letter);
    }
    if let Some(wanted) = expect.points {
        differ("the number of points", wanted.to_string(), points);
    }
    if let Some(wanted) = &expect.scorecard {
        let found = assessment.rating.grade().map(|grade| grade.scorecard.to_string());
        differ(
            "the scorecard",
            format!("rating.{wanted}"),
            found.unwrap_or_default(),
        );
    }
    if let Some(wanted) = &expect.not_rated {
        differ("the rating", wanted.clone(), not_rated.to_owned());
    }
    if let Some(wanted) = &expect.lists {
        let found = assessment.entries.iter().map(|entry| entry.list.to_string());
        differ("the set of lists", joined(wanted.iter().cloned()), joined(found));
    }
    if let Some(wanted) = &expect.measures {
        let found = assessment
            .measures
            .iter()
            .map(|measure| measure.code().to_string());
        differ(
            "the set of measures",
            joined(wanted.iter().cloned()),
            joined(found),
        );
    }
    if let Some(wanted) = &expect.standings {
        let found = file.places.iter().map(|number| {
            number
                .and_then(|number| assessment.standing(number))
                .map_or("none", |found| found.standing.code())
                .to_owned()
        });
        differ(
            "the row of standings",
            wanted.join(" "),
            found.collect::<Vec<_>>().join(" "),
        );
    }
    if let Some(wanted) = &expect.displayed {
        let found = file
            .places
            .iter()
            .map(|number| number.and_then(|number| assessment.standing(number)))
            .map(|standing| standing.is_some_and(|found| found.displayed));
        let row = |row: Vec<bool>| row.iter().map(bool::to_string).collect::<Vec<_>>().join(" ");
        differ("the row of displays", row(wanted.clone()), row(found.collect()));
    }
    drop(differ);
    compare_procedures(expect, assessment, differences);
    compare_decision(&case.expect, decision, differences);
}

fn compare_procedures(expect: &Expect, assessment: &Assessment, differences: &mut Vec<String>) {
    let mut differ = differing(differences);
    if let Some(wanted) = &expect.procedures {
        let found = assessment.procedures.iter();
        let found: Vec<String> = found.map(|one| format!("{} {}", one.list, one.state)).collect();
        differ("the row of procedures", wanted.join(", "), found.join(", "));
    }
    if let Some(wanted) = &expect.next {
        let ahead = assessment.procedures.last().map_or(&[][..], |one| &one.next);
        let told = |step: &StepAhead| {
            let code = step.clause.as_str().rsplit('.').next().unwrap_or_default();
            let due = step.due.map_or_else(|| "-".to_owned(), |due| due.to_string());
            format!("{code} {} {due}", step.from_day)
        };
        let found: Vec<String> = ahead.iter().map(told).collect();
        differ("the row of next steps", wanted.join(", "), found.join(", "));
    }
}

fn compare_decision(expect: &Expect, decision: Option<&Decision>, differences: &mut Vec<String>) {
    let mut differ = differing(differences);
    if let Some(wanted) = &expect.verdict {
        let found = decision.map_or("not asked", |decision| decision.verdict.code());
        differ("the verdict", wanted.clone(), found.to_owned());
    }
    if let Some(wanted) = expect.due {
        let found = match decision.map(|decision| decision.verdict) {
            Some(Verdict::DeferMaterials { due }) => due.to_string(),
            _ => String::new(),
        };
        differ("the due day", wanted.to_string(), found);
    }
}

/// Notes what differs from what was wanted.
fn differing(differences: &mut Vec<String>) -> impl FnMut(&str, String, String) {
    |what, wanted, found| {
        if wanted != found {
            differences.push(format!("{what} is `{found}`, expected `{wanted}`"));
        }
    }
}

fn joined(codes: impl Iterator<Item = String>) -> String {
    let sorted: BTreeSet<String> = codes.collect();
    sorted.into_iter().collect::<Vec<_>>().join(" ")
}
