//! Guard 14: policy must be true, and what was written from memory restricts no one outside the demo.

use super::{Findings, Severity};
use crate::policy::{Bundle, MeasureRule};

const RULE: &str = "guard-14-truth";

pub(super) fn check(bundle: &Bundle, found: &mut Findings) {
    for clause in bundle.clauses() {
        if clause.legal_basis.is_empty() {
            let help = "name the law, even unverified";
            found.add(
                Severity::Error,
                RULE,
                clause.id.as_str(),
                "rests on nothing",
                help,
            );
        }
        if clause.unverified {
            let help = "compare it with the text of the law, then take `unverified` out";
            found.add(
                Severity::Note,
                RULE,
                clause.id.as_str(),
                "was written from memory",
                help,
            );
        }
    }
    for measure in bundle.measures() {
        let MeasureRule::Restriction(rule) = measure else {
            continue;
        };
        let own = format!("measures.{}", rule.code);
        let ids = std::iter::once(own).chain(rule.from_lists.iter().map(|list| format!("lists.{list}")));
        let unverified = bundle.clauses().filter(|clause| clause.unverified);
        let unverified: Vec<&str> = unverified.map(|clause| clause.id.as_str()).collect();
        if ids.into_iter().any(|id| unverified.contains(&id.as_str())) {
            let help = "it or a list it comes from is unverified";
            found.add(
                Severity::Warning,
                RULE,
                rule.code.as_str(),
                "restricts no one outside a demo",
                help,
            );
        }
    }
}
