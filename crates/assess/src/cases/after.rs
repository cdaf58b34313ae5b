//! What a case expects of repair and of duties.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Deserialize;

use super::file::CaseFile;
use super::written::Case;
use crate::assessment::Assessment;
use crate::duties::duties;
use crate::policy::{self, Bundle, RepairNeed, Tier};
use crate::repair::{RepairAnswer, repair};

/// What is expected of the repair of one record.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectRepair {
    /// The record's place in the case, from 1.
    of: usize,
    /// Whether there is anything to repair.
    #[serde(default)]
    none: bool,
    /// The tier whose clause answers.
    #[serde(default)]
    tier: Option<Tier>,
    #[serde(default, deserialize_with = "policy::optional_date")]
    open_from: Option<Date>,
    #[serde(default)]
    missing: Option<Vec<RepairNeed>>,
    #[serde(default, deserialize_with = "policy::optional_date")]
    answer_by: Option<Date>,
}

/// Compares, and gives the clauses of repair and duties that applied.
pub(super) fn compare(
    bundle: &Bundle,
    case: &Case,
    file: &CaseFile,
    assessment: &Assessment,
    differences: &mut Vec<String>,
) -> BTreeSet<String> {
    let mut applied = BTreeSet::new();
    for expect in &case.expect.repair {
        let place = expect.of.checked_sub(1).and_then(|at| *file.places.get(at)?);
        let answer = place.and_then(|number| repair(bundle, &file.records, assessment, number));
        let of = expect.of;
        match answer {
            Some(answer) => {
                if expect.none {
                    differences.push(format!("record {of} can be repaired, and should not"));
                }
                compare_repair(expect, &answer, differences);
                applied.extend(clauses(&answer));
            }
            None if expect.none => {}
            None => differences.push(format!("there is nothing to repair in record {of}")),
        }
    }
    let owed = duties(bundle, &file.records, assessment.as_of);
    applied.extend(owed.iter().map(|duty| duty.clause.to_string()));
    if let Some(wanted) = &case.expect.duties {
        let found: BTreeSet<String> = owed
            .iter()
            .map(|duty| {
                let place = file.places.iter().position(|number| *number == Some(duty.about));
                let late = if duty.late { " late" } else { "" };
                let provisional = if duty.provisional { " provisional" } else { "" };
                let at = place.map_or(0, |at| at + 1);
                format!("{} {at} {}{late}{provisional}", duty.what.code(), duty.due)
            })
            .collect();
        let wanted: BTreeSet<String> = wanted.iter().cloned().collect();
        if found != wanted {
            differences.push(format!("the duties are {found:?}, expected {wanted:?}"));
        }
    }
    applied
}

/// A tier applies when its repair is open; a condition when it is what is missing; a channel when it opened.
fn clauses(answer: &RepairAnswer) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    if answer.open {
        ids.push(answer.clause.to_string());
    }
    for condition in &answer.conditions {
        let Some(clause) = &condition.clause else { continue };
        let of_channel = clause.as_str().starts_with("repair.channel.");
        if of_channel || !condition.met {
            ids.push(clause.to_string());
        }
    }
    ids
}

fn compare_repair(expect: &ExpectRepair, answer: &RepairAnswer, differences: &mut Vec<String>) {
    let of = expect.of;
    let mut differ = |what: &str, wanted: String, found: String| {
        if wanted != found {
            differences.push(format!(
                "the {what} of record {of} is `{found}`, expected `{wanted}`"
            ));
        }
    };
    if let Some(wanted) = expect.tier {
        differ(
            "clause",
            format!("repair.{}", wanted.code()),
            answer.clause.to_string(),
        );
    }
    if let Some(wanted) = expect.open_from {
        differ(
            "first day of repair",
            wanted.to_string(),
            answer.open_from.to_string(),
        );
    }
    if let Some(wanted) = &expect.missing {
        let unmet = answer.conditions.iter().filter(|condition| !condition.met);
        let codes =
            |needs: Vec<RepairNeed>| needs.iter().map(|need| need.code()).collect::<Vec<_>>().join(" ");
        let found = codes(unmet.map(|condition| condition.needs).collect());
        differ("list of what is missing", codes(wanted.clone()), found);
    }
    if let Some(wanted) = expect.answer_by {
        let found = answer.answer_by.map(|due| due.on.to_string()).unwrap_or_default();
        differ("day of the answer", wanted.to_string(), found);
    }
}
