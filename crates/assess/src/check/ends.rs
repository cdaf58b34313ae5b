//! Guard 7: everything ends, within the bounds of the law on credit repair.

use super::{Findings, Severity};
use crate::policy::{Bundle, Item, Publicity, Tier};

const RULE: &str = "guard-7-ends";

/// 征信业管理条例 16: five years, for anything adverse.
const ADVERSE_MONTHS_MOST: u32 = 60;

pub(super) fn check(bundle: &Bundle, found: &mut Findings) {
    for class in bundle.classes() {
        if class.adverse_months_most > ADVERSE_MONTHS_MOST {
            let message = format!("`{}` months are more than five years", class.adverse_months_most);
            found.add(
                Severity::Error,
                RULE,
                &class.code,
                message,
                "征信业管理条例 16 allows 60",
            );
        }
    }
    for item in bundle.items().filter(|item| item.is_adverse()) {
        check_item(item, found);
    }
}

fn check_item(item: &Item, found: &mut Findings) {
    let mut error =
        |message: String, help: &str| found.add(Severity::Error, RULE, item.code.as_str(), message, help);
    let effect = item.effect_months_most.unwrap_or(u32::MAX);
    match item.display_months_most {
        None if item.publicity == Publicity::Public => {
            error(
                "is public without an end of display".into(),
                "set `display_months_most`",
            );
        }
        Some(shown) if effect > shown => {
            let message = format!("has effect for `{effect}` months and is shown for `{shown}`");
            error(message, "when display stops, use stops");
        }
        _ => {}
    }
    if let Some(tier) = item.tier {
        check_tier(item, tier, &mut error);
    }
    if item.is_adverse() && item.rateable && !item.repairable && item.tier.is_some() {
        let help = "信用修复管理办法: set `repairable = true`";
        found.add(
            Severity::Warning,
            RULE,
            item.code.as_str(),
            "cannot be repaired",
            help,
        );
    }
}

fn check_tier(item: &Item, tier: Tier, error: &mut impl FnMut(String, &str)) {
    let (least, most) = (tier.display_months_least(), tier.display_months_most());
    if item
        .display_months_most
        .unwrap_or(0)
        .max(item.effect_months_most.unwrap_or(0))
        > most
    {
        error(
            format!("lasts longer than the {most} months of its tier"),
            "NDRC order 36 bounds the tier",
        );
    }
    if item.display_months_least.unwrap_or(0) > least {
        error(
            format!("can be repaired only after more than the {least} months of its tier"),
            "NDRC order 36 sets the shortest display",
        );
    }
    if tier == Tier::Minor && item.publicity == Publicity::Public {
        error("is minor and public".into(), "轻微 is not published");
    }
    if tier == Tier::Minor && item.rateable {
        error(
            "is minor and rated".into(),
            "minor faults are neither published nor rated",
        );
    }
}
