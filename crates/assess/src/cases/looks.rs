//! Worked cases of looks: what is known of one, and what it weighs.

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use record::{ClauseId, PurposeCode};
use serde::Deserialize;

use super::CaseResult;
use crate::policy::{Bundle, LookFacts};

/// A worked case of a look as it is written. What is left out is the ordinary: one person, of one's own department's business.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is an answer of its own")]
pub(crate) struct LookCase {
    name: String,
    /// Day and time in Asia/Shanghai, e.g. `2026-11-23T09:41:00`.
    at: String,
    purpose: PurposeCode,
    what: String,
    #[serde(default)]
    own_name: bool,
    #[serde(default)]
    same_surname: bool,
    #[serde(default = "one")]
    lately: u64,
    #[serde(default = "one")]
    today: u64,
    #[serde(default)]
    former_days: u64,
    #[serde(default)]
    former: u64,
    #[serde(default = "one")]
    days_again: u64,
    #[serde(default = "yes")]
    has_business: bool,
    #[serde(default)]
    decoy: bool,
    points: u32,
    reviewed: bool,
    #[serde(default)]
    shows: Vec<String>,
    #[serde(default)]
    near: Vec<String>,
}

fn one() -> u64 {
    1
}

fn yes() -> bool {
    true
}

impl LookCase {
    /// Weighs it and compares.
    pub(crate) fn run(&self, bundle: &Bundle, file: &str) -> CaseResult {
        let mut differences = Vec::new();
        match self.at.parse::<DateTime>() {
            Ok(at) => self.compare(bundle, at, &mut differences),
            Err(_) => differences.push(format!("`{}` is no day with its time", self.at)),
        }
        CaseResult {
            file: file.to_owned(),
            name: self.name.clone(),
            shows: self.shows.clone(),
            near: self.near.clone(),
            differences,
        }
    }

    /// The clauses it names.
    pub(crate) fn about(&self) -> BTreeSet<String> {
        self.shows.iter().chain(&self.near).cloned().collect()
    }

    fn compare(&self, bundle: &Bundle, at: DateTime, differences: &mut Vec<String>) {
        let rules = bundle.look_rules();
        let weight = rules.weigh(bundle.calendar(), &self.facts(at));
        if weight.points != self.points {
            differences.push(format!("`{}` points and not `{}`", weight.points, self.points));
        }
        let reviewed = rules.review_from().is_some_and(|from| weight.points >= from);
        if reviewed != self.reviewed {
            differences.push(format!("reviewed is `{reviewed}`"));
        }
        let holds = |id: &String| {
            let mut reasons = weight.reasons.iter();
            reasons.any(|reason| *id == format!("looks.{}", reason.sign.code().replace('_', "-")))
        };
        for id in self.shows.iter().filter(|id| !holds(id)) {
            differences.push(format!("`{id}` is to apply and does not"));
        }
        for id in self.near.iter().filter(|id| holds(id)) {
            differences.push(format!("`{id}` is not to apply and does"));
        }
        for id in self.shows.iter().chain(&self.near) {
            let known = ClauseId::new(id.as_str()).ok();
            if known.is_none_or(|id| bundle.clause(&id).is_none()) {
                differences.push(format!("there is no clause `{id}`"));
            }
        }
    }

    fn facts(&self, at: DateTime) -> LookFacts {
        LookFacts {
            at,
            purpose: self.purpose.clone(),
            what: self.what.clone(),
            own_name: self.own_name,
            same_surname: self.same_surname,
            lately: self.lately,
            today: self.today,
            former_days: self.former_days,
            former: self.former,
            days_again: self.days_again,
            has_business: self.has_business,
            decoy: self.decoy,
        }
    }
}
