//! Every scorecard says what it is for, what not, on which data, where it errs, and who answers for it.

use super::{Findings, Severity};
use crate::policy::Bundle;

const RULE: &str = "model-card";

pub(super) fn check(bundle: &Bundle, found: &mut Findings) {
    for card in bundle.scorecards().filter(|card| card.model_card.is_none()) {
        let about = format!("rating.{}", card.code);
        let help = "write `[model_card]` with purpose, not_for, data, limits, method and answers";
        found.add(Severity::Error, RULE, about, "has no model card", help);
    }
}
