//! Guard 1, over time: a new bundle never worsens the ordinary path.

use super::{Finding, Findings, Severity, catalogue};
use crate::policy::{Bundle, Service};

const RULE: &str = "guard-1-ordinary-path";

/// Checks a new bundle against the one in force: the ordinary path of a service asks no more and takes no
/// longer than before, and no item of the catalogue vanishes with the records it has.
pub fn check_change(in_force: &Bundle, new: &Bundle) -> Vec<Finding> {
    let mut found = Findings::default();
    for now in in_force.services() {
        match new.service(&now.code) {
            None => {
                let help = "people rely on it; end it by a decision of its own";
                found.add(
                    Severity::Warning,
                    RULE,
                    now.code.as_str(),
                    "the service is gone",
                    help,
                );
            }
            Some(then) => compare(now, then, &mut found),
        }
    }
    catalogue::check_kept(in_force, new, &mut found);
    if new.in_force_from() < in_force.in_force_from() {
        let message = format!(
            "in force from {}, before the bundle it follows",
            new.in_force_from()
        );
        found.add(
            Severity::Error,
            "bundle-dates",
            new.edition(),
            message,
            "rules do not reach back",
        );
    }
    found.sorted()
}

fn compare(now: &Service, then: &Service, found: &mut Findings) {
    let code = now.code.as_str();
    let (was, is) = (now.promised_working_days, then.promised_working_days);
    if is > was {
        let message = format!("promises `{is}` working days instead of `{was}`");
        found.add(
            Severity::Error,
            RULE,
            code,
            message,
            "the ordinary path never takes longer",
        );
    }
    for material in &then.materials {
        let before = now.material(&material.code);
        let message = match before {
            None => format!("asks for `{}`, which it did not", material.code),
            Some(before) if before.held_as.is_some() && material.held_as.is_none() => {
                format!("asks again for `{}`, which a department holds", material.code)
            }
            Some(before) if !before.is_core() && material.is_core() => {
                format!("no longer lets `{}` follow later", material.code)
            }
            Some(_) => continue,
        };
        found.add(
            Severity::Error,
            RULE,
            code,
            message,
            "the ordinary path never asks more",
        );
    }
    if now.zero_visit && !then.zero_visit {
        found.add(
            Severity::Error,
            RULE,
            code,
            "asks for a visit again",
            "the ordinary path never asks more",
        );
    }
}
