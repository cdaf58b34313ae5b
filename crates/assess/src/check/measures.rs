//! Measures that overlap, and incentives that contradict restrictions.

use record::SubjectKind;

use super::{Findings, Severity};
use crate::policy::{Bundle, IncentiveRule, MeasureRule, RestrictionRule};

const RULE: &str = "measures";

pub(super) fn check(bundle: &Bundle, found: &mut Findings) {
    let rules: Vec<&MeasureRule> = bundle.measures().collect();
    for (at, rule) in rules.iter().enumerate() {
        check_one(rule, found);
        for other in rules.iter().skip(at + 1) {
            check_pair(rule, other, found);
        }
    }
}

fn about(rule: &MeasureRule) -> String {
    format!("measures.{}", rule.code())
}

fn check_one(rule: &MeasureRule, found: &mut Findings) {
    let mut error = |message: &str, help: &str| {
        found.add(Severity::Error, RULE, about(rule), message, help);
    };
    if rule.kind().is_none_or(|kind| kind.trim().is_empty()) {
        error(
            "does not say what it touches",
            "give it a `kind`, so that overlaps are found",
        );
    }
    if rule.subjects().is_empty() {
        error("meets nobody", "name its `subjects`");
    }
    if let MeasureRule::Restriction(rule) = rule {
        if rule.target.is_none() {
            error(
                "does not say whom it meets",
                "the national list names the target of each measure: give `target`",
            );
        }
        if rule.legal_basis.iter().all(|law| law.law.zh.trim().is_empty()) {
            error(
                "rests on no law",
                "guard 1: name the law that allows the restriction",
            );
        }
    }
}

fn check_pair(one: &MeasureRule, other: &MeasureRule, found: &mut Findings) {
    if one.kind().is_none() || one.kind() != other.kind() || common(one, other).is_none() {
        return;
    }
    match (one, other) {
        (MeasureRule::Restriction(restriction), MeasureRule::Incentive(incentive))
        | (MeasureRule::Incentive(incentive), MeasureRule::Restriction(restriction)) => {
            check_contradiction(restriction, incentive, found);
        }
        _ => check_overlap(one, other, found),
    }
}

fn common(one: &MeasureRule, other: &MeasureRule) -> Option<SubjectKind> {
    let mut kinds = one.subjects().iter().copied();
    kinds.find(|kind| other.subjects().contains(kind))
}

/// Two measures of one agency on one thing, from one list.
fn check_overlap(one: &MeasureRule, other: &MeasureRule, found: &mut Findings) {
    let mut lists = one.from_lists().iter();
    let shared = lists.find(|list| other.from_lists().contains(list));
    let Some(list) = shared.filter(|_| one.agency().zh == other.agency().zh) else {
        return;
    };
    let message = format!(
        "overlaps with `{}`: both are of {} on `{}` from list `{list}`",
        other.code(),
        one.agency().en,
        one.kind().unwrap_or_default()
    );
    found.add(
        Severity::Error,
        RULE,
        about(one),
        message,
        "make them one measure",
    );
}

/// One opens what the other closes, for the same kind of subject.
fn check_contradiction(restriction: &RestrictionRule, incentive: &IncentiveRule, found: &mut Findings) {
    if incentive.conflicts_with.contains(&restriction.code) {
        return;
    }
    let message = format!(
        "contradicts `{}`: both touch `{}`",
        restriction.code,
        incentive.kind.as_deref().unwrap_or_default()
    );
    let help = format!(
        "name it: `conflicts_with = [\"{}\"]`; then the incentive gives way",
        restriction.code
    );
    found.add(
        Severity::Error,
        RULE,
        format!("measures.{}", incentive.code),
        message,
        &help,
    );
}
