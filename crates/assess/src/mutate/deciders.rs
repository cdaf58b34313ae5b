//! What in a bundle decides a conclusion, by file and key.
//!
//! Left out, because no conclusion of this crate reads them: words, names and laws; `unverified`, which only a
//! live realm heeds and cases run as in a demo; the caps of classes, which bound policies and not conclusions;
//! `retention_months`, roles and sources, which the store heeds.

/// How a value is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// One less and one more.
    Number,
    /// The day before and the day after.
    Day,
    /// The other.
    Flag,
    /// Each entry dropped.
    Members,
    /// Each of its neighbours in this row.
    Word(&'static [&'static str]),
}

const LETTERS: &[&str] = &["A", "B", "C", "D"];
const PUBLICITY: &[&str] = &["public", "subject"];
const TIERS: &[&str] = &["minor", "general", "severe"];
const COUNTS_FROM: &[&str] = &["occurred", "document"];

use How::{Day, Flag, Members, Number, Word};

/// Folder or file, key without the places of entries, and how it is changed.
const DECIDERS: &[(&str, &str, How)] = &[
    ("catalogue", "item.subjects", Members),
    ("catalogue", "item.since", Day),
    ("catalogue", "item.until", Day),
    ("catalogue", "item.document_required", Flag),
    ("catalogue", "item.publicity", Word(PUBLICITY)),
    ("catalogue", "item.tier", Word(TIERS)),
    ("catalogue", "item.rateable", Flag),
    ("catalogue", "item.repairable", Flag),
    ("catalogue", "item.counts_from", Word(COUNTS_FROM)),
    ("catalogue", "item.display_months_least", Number),
    ("catalogue", "item.display_months_most", Number),
    ("catalogue", "item.effect_months_most", Number),
    ("rating", "subjects", Members),
    ("rating", "applies_with", Members),
    ("rating", "letters.a", Number),
    ("rating", "letters.b", Number),
    ("rating", "letters.c", Number),
    ("rating", "base.points", Number),
    ("rating", "dimension.least", Number),
    ("rating", "dimension.most", Number),
    ("rating", "feature.items", Members),
    ("rating", "feature.within_months", Number),
    ("rating", "feature.half_life_months", Number),
    ("rating", "feature.each_most", Number),
    ("rating", "feature.bins.from", Number),
    ("rating", "feature.bins.points", Number),
    ("lists", "items", Members),
    ("lists", "exits", Members),
    ("lists", "fact_fields", Members),
    ("lists", "exit_fields", Members),
    ("lists", "term_months", Number),
    ("lists", "term_months_most", Number),
    ("lists", "state.in_force", Flag),
    ("lists", "step.from", Members),
    ("lists", "step.at_term", Flag),
    ("lists", "step.within_working_days", Number),
    ("lists", "step.waits_working_days", Number),
    ("lists", "step.waits_months", Number),
    ("measures", "restriction.from_lists", Members),
    ("measures", "restriction.subjects", Members),
    ("measures", "restriction.lasts.months", Number),
    ("measures", "incentive.from_lists", Members),
    ("measures", "incentive.from_grade", Word(LETTERS)),
    ("measures", "incentive.subjects", Members),
    ("measures", "incentive.lasts.months", Number),
    ("measures", "incentive.conflicts_with", Members),
    ("services", "subjects", Members),
    ("services", "purposes", Members),
    ("services", "promised_working_days", Number),
    ("services", "zero_visit", Flag),
    ("services", "material.defer_working_days", Number),
    ("services", "trust.grade_at_least", Word(LETTERS)),
    ("services", "trust.bars", Members),
    ("access", "purpose.may_ask_grade", Flag),
    ("repair.toml", "performed_by", Members),
    ("repair.toml", "tier.display_months_least", Number),
    ("repair.toml", "tier.display_months_most", Number),
    ("repair.toml", "channel.opened_by", Members),
    ("repair.toml", "channel.waives", Members),
    ("deadlines.toml", "deadline.working_days", Number),
    ("deadlines.toml", "deadline.days_most", Number),
    ("looks.toml", "rule.points", Number),
    ("looks.toml", "rule.at_least", Number),
    ("looks.toml", "rule.times", Number),
    ("looks.toml", "rule.known_days", Number),
    ("looks.toml", "rule.opens", Number),
    ("looks.toml", "rule.closes", Number),
    ("looks.toml", "rule.purposes", Members),
    ("looks.toml", "rule.leaves_out", Members),
    ("calendar.toml", "announced_to", Day),
    ("calendar.toml", "holiday.from", Day),
    ("calendar.toml", "holiday.to", Day),
    ("calendar.toml", "workday.on", Day),
];

/// How the value at this key of this file is changed; `None` if it decides nothing.
pub(super) fn how(path: &str, key: &str) -> Option<How> {
    let place = path.split('/').next().unwrap_or(path);
    DECIDERS
        .iter()
        .find(|(at, of, _)| *at == place && *of == key)
        .map(|(.., how)| *how)
}
