//! Mutants that provably change no grade, list, measure or decision. Only what can be shown from the bundle
//! alone is here.

use jiff::ToSpan;
use jiff::civil::Date;
use record::ItemCode;

use super::Mutant;
use crate::policy::{Bundle, CountsFrom, Dimension, Feature, Scorecard};

/// Why this mutant of `base`, parsed as `mutated`, changes no such thing; `None` if that is not shown.
pub(super) fn why(base: &Bundle, mutated: &Bundle, mutant: &Mutant) -> Option<String> {
    let parts: Vec<&str> = mutant.clause.split('.').collect();
    match (parts.as_slice(), mutant.key.as_str()) {
        (["rating", card, "bound", dimension], key) => {
            let (one, other) = (card_of(base, card)?, card_of(mutated, card)?);
            out_of_reach(one, other, dimension, key)
        }
        (["rating", card, feature], "within_months") => {
            let of = |bundle| {
                card_of(bundle, card)?
                    .features
                    .iter()
                    .find(|one| one.code == *feature)
            };
            beyond_effect(base, of(base)?, of(mutated)?)
        }
        (["catalogue", ..], "rateable") => {
            let code = ItemCode::new(mutant.clause.strip_prefix("catalogue.")?).ok()?;
            let reads = |card: &Scorecard| {
                let read = card.features.iter().flat_map(|feature| &feature.items);
                read.chain(&card.applies_with).any(|item| *item == code)
            };
            (!base.scorecards().any(reads)).then(|| "no scorecard reads the item".to_owned())
        }
        (["lists", code], "term_months_most") => ended_before(base, mutated, code),
        (["calendar"], _) => same_days(base, mutated),
        _ => None,
    }
}

/// A longest term that every item of the list has run out before.
fn ended_before(base: &Bundle, mutated: &Bundle, code: &str) -> Option<String> {
    let of = |bundle: &Bundle| {
        let list = bundle.lists().find(|list| list.code.as_str() == code)?;
        Some((list.items.clone(), list.term_months_most))
    };
    let ((items, one), (_, other)) = (of(base)?, of(mutated)?);
    let shorter = one.min(other);
    let ends = |code: &ItemCode| {
        base.item(code)?
            .effect_months_most
            .filter(|most| *most <= shorter)
    };
    items
        .iter()
        .all(|code| ends(code).is_some())
        .then(|| format!("its items have effect for no more than {shorter} months"))
}

/// Calendars by which offices work on the same days, and that reach as far.
fn same_days(base: &Bundle, mutated: &Bundle) -> Option<String> {
    let (one, other) = (base.calendar(), mutated.calendar());
    if one.announced_to() != other.announced_to() {
        return None;
    }
    let ends = [one, other].into_iter().flat_map(|calendar| {
        let holidays = calendar.holidays().iter();
        let days = holidays.flat_map(|holiday| [holiday.from, holiday.to]);
        days.chain(calendar.workdays())
    });
    let ends: Vec<Date> = ends.collect();
    let (first, last) = (ends.iter().min().copied()?, ends.iter().max().copied()?);
    let mut days = first.series(1.day()).take_while(|day| *day <= last);
    days.all(|day| one.is_working_day(day) == other.is_working_day(day))
        .then(|| "offices work on the same days".to_owned())
}

fn card_of<'b>(bundle: &'b Bundle, code: &str) -> Option<&'b Scorecard> {
    bundle.scorecards().find(|card| card.code == code)
}

/// A bound that all features of its dimension together never go beyond.
fn out_of_reach(one: &Scorecard, other: &Scorecard, code: &str, key: &str) -> Option<String> {
    let bound = |card: &Scorecard| -> Option<i64> {
        let dimension: &Dimension = card.dimensions.iter().find(|dimension| dimension.code == code)?;
        match key {
            "least" => Some(-i64::from(dimension.least)),
            "most" => Some(i64::from(dimension.most)),
            _ => None,
        }
    };
    let features = one.features.iter().filter(|feature| feature.dimension == code);
    let most = |feature: &Feature| {
        let points = feature.bins.iter().map(|bin| match key {
            "least" => -i64::from(bin.points),
            _ => i64::from(bin.points),
        });
        points.max().unwrap_or(0).max(0)
    };
    let together: i64 = features.map(most).sum();
    (together <= bound(one)?.min(bound(other)?))
        .then(|| format!("its features never give more than {together} points together"))
}

/// A window that looks back further than anything it reads has effect.
fn beyond_effect(base: &Bundle, one: &Feature, other: &Feature) -> Option<String> {
    let shorter = one.within_months?.min(other.within_months?);
    let over = |code: &ItemCode| {
        let item = base.item(code)?;
        let counts = item.counts_from == CountsFrom::Occurred;
        item.effect_months_most.filter(|most| counts && *most <= shorter)
    };
    one.items
        .iter()
        .all(|code| over(code).is_some())
        .then(|| format!("nothing that it reads has effect for more than {shorter} months"))
}
