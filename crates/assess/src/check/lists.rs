//! Lists as procedures: every state can be reached, every step has an item and a document, a notice gives
//! time for a defence, and every entry has a way out that its subject can take, and an end by time.

use std::collections::BTreeSet;

use super::{Findings, Severity};
use crate::policy::{Bundle, Colour, List, Step, Who};

const RULE: &str = "list-procedure";

/// The shortest time for a statement and defence, in working days.
const DEFENCE_WORKING_DAYS_LEAST: u32 = 3;

pub(super) fn check(bundle: &Bundle, found: &mut Findings) {
    for list in bundle.lists() {
        if list.steps.is_empty() {
            let severity = match list.colour {
                Colour::Black => Severity::Error,
                Colour::Red => Severity::Warning,
            };
            let help = "write its `[[state]]` and `[[step]]`, from the notice to the way out";
            found.add(severity, RULE, about(list, None), "has no procedure", help);
            continue;
        }
        check_reach(list, found);
        check_steps(bundle, list, found);
        check_defence(list, found);
        check_ends(list, found);
        if list.colour == Colour::Black {
            check_way_out(list, found);
        }
    }
}

fn about(list: &List, step: Option<&Step>) -> String {
    let step = step.map_or_else(String::new, |step| format!(".{}", step.code));
    format!("lists.{}{step}", list.code)
}

fn error(list: &List, step: Option<&Step>, found: &mut Findings, message: String, help: &str) {
    found.add(Severity::Error, RULE, about(list, step), message, help);
}

/// The states that can be reached from these.
fn reached<'a>(list: &'a List, from: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut seen: BTreeSet<&str> = from.into_iter().collect();
    // Each round adds a state or is the last.
    for _ in 0..list.states.len() {
        for step in &list.steps {
            if step.from.iter().any(|from| seen.contains(from.as_str())) {
                seen.insert(&step.to);
            }
        }
    }
    seen
}

fn check_reach(list: &List, found: &mut Findings) {
    let opened = list.steps.iter().filter(|step| step.opens());
    let seen = reached(list, opened.map(|step| step.to.as_str()));
    for state in list
        .states
        .iter()
        .filter(|state| !seen.contains(state.code.as_str()))
    {
        let message = format!("state `{}` is never reached", state.code);
        error(
            list,
            None,
            found,
            message,
            "write the step that leads to it, or take it out",
        );
    }
}

fn check_steps(bundle: &Bundle, list: &List, found: &mut Findings) {
    for step in &list.steps {
        let Some(by) = step.by.as_ref().filter(|_| !step.is_act()) else {
            continue;
        };
        if step.document.is_none() {
            let help = "guard 4: name the legal document that it rests on";
            error(list, Some(step), found, "rests on no document".to_owned(), help);
        }
        let asked = bundle.item(by).is_some_and(|item| item.document_required);
        if !asked && !list.exits.contains(by) {
            let message = format!("item `{by}` asks for no document");
            error(
                list,
                Some(step),
                found,
                message,
                "set `document_required = true` in the catalogue",
            );
        }
    }
}

/// After a notice the subject can speak, and nobody decides before its time is over.
fn check_defence(list: &List, found: &mut Findings) {
    let notices = list
        .steps
        .iter()
        .filter(|step| step.opens() && !list.is_in_force(&step.to));
    for notice in notices {
        let after: Vec<&Step> = list.steps.iter().filter(|step| step.leaves(&notice.to)).collect();
        let defence = after.iter().find(|step| step.who == Who::Subject);
        let Some(days) = defence.and_then(|step| step.within_working_days) else {
            let help = "write a step of the subject with `within_working_days`";
            error(
                list,
                Some(notice),
                found,
                "gives no time for a defence".to_owned(),
                help,
            );
            continue;
        };
        if days < DEFENCE_WORKING_DAYS_LEAST {
            let message = format!("gives `{days}` working days for a defence");
            let help = "give three at the least";
            error(list, defence.copied(), found, message, help);
        }
        let decides = |step: &&&Step| {
            let leads = reached(list, [step.to.as_str()]);
            step.who != Who::Subject && leads.iter().any(|state| list.is_in_force(state))
        };
        for step in after.iter().filter(decides) {
            if step.waits_working_days < days {
                let message = format!(
                    "waits `{}` working days, while a defence may take {days}",
                    step.waits_working_days
                );
                let help = "nobody decides before the other side could speak; raise `waits_working_days`";
                error(list, Some(step), found, message, help);
            }
        }
    }
}

/// From wherever an entry is in force its term ends it.
fn check_ends(list: &List, found: &mut Findings) {
    for state in list.states.iter().filter(|state| state.in_force) {
        let term = |step: &Step| step.at_term && step.leaves(&state.code) && !list.is_in_force(&step.to);
        if !list.steps.iter().any(term) {
            let message = format!("state `{}` does not end with the term", state.code);
            error(
                list,
                None,
                found,
                message,
                "guard 7: write a step with `at_term = true` from it",
            );
        }
    }
}

/// From wherever an entry is in force its subject can set out for the exit, and is answered by a day.
fn check_way_out(list: &List, found: &mut Findings) {
    let answered: BTreeSet<&str> = {
        let own = list.steps.iter().filter(|step| step.who == Who::Subject);
        own.map(|step| step.to.as_str())
            .filter(|state| {
                list.steps.iter().any(|step| {
                    step.leaves(state)
                        && step.within_working_days.is_some()
                        && step.who != Who::Subject
                        && !list.is_in_force(&step.to)
                })
            })
            .collect()
    };
    for state in list.states.iter().filter(|state| state.in_force) {
        let mut seen = BTreeSet::from([state.code.as_str()]);
        for _ in 0..list.states.len() {
            for step in list.steps.iter().filter(|step| step.who == Who::Subject) {
                if step.from.iter().any(|from| seen.contains(from.as_str())) {
                    seen.insert(&step.to);
                }
            }
        }
        if seen.is_disjoint(&answered) {
            let message = format!("state `{}` has no way out that its subject can take", state.code);
            let help = "write a step of the subject, and the answer to it with `within_working_days`";
            error(list, None, found, message, help);
        }
    }
}
