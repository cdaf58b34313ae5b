//! What no scorecard may break: signs, slopes, a base of at least B, and readings that can be read.

use record::{FieldName, SubjectKind, ValueKind};

use super::catalogue::{Item, Nature};
use super::fault::Faults;
use super::parse::PlacedCard;
use super::read::{Place, Placed};
use super::scorecard::{Dimension, Feature, Letters, Reading, Scorecard};

/// The longest window of the months reading: twenty years.
pub(crate) const MONTHS_MOST: u32 = 240;

/// A code names one scorecard, and every kind of subject that is rated at all has one general one.
pub(super) fn verify_cards(cards: &[PlacedCard], faults: &mut Faults) {
    for (at, (Placed { value: card, place }, _)) in cards.iter().enumerate() {
        verify_code("scorecard", &card.code, place, faults);
        if card.subjects.is_empty() {
            place.fault_at(faults, "subjects", "no kind of subject", "name whom it rates");
        }
        let before = || cards.iter().take(at).map(|(card, _)| &card.value);
        if before().any(|other| other.code == card.code) {
            let message = format!("scorecard `{}` stands twice", card.code);
            place.fault_at(faults, "code", message, "a code names one thing");
        }
        for kind in &card.subjects {
            let general = |other: &Scorecard| other.is_general() && other.subjects.contains(kind);
            if card.is_general() && before().any(general) {
                let message = format!("`{}` has two general scorecards", kind.code());
                let help = "a kind of subject has one; name in `applies_with` whom another is for";
                place.fault_at(faults, "subjects", message, help);
            }
            if !card.is_general() && !cards.iter().any(|(other, _)| general(&other.value)) {
                let message = format!("`{}` has no general scorecard", kind.code());
                let help = "guard 1: the better of the two counts, so there must be two";
                place.fault_at(faults, "subjects", message, help);
            }
        }
    }
}

/// A code is part of clause ids, which bound its length, and has none of their dots.
fn verify_code(noun: &str, code: &str, place: &Place, faults: &mut Faults) {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if code.is_empty() || !code.chars().all(fits) {
        let help = "write one or more of a to z, 0 to 9 and `-`";
        place.fault_at(faults, "code", format!("`{code}` is no code of a {noun}"), help);
    }
}

/// What decides whether a scorecard applies: something good, or neutral, that may be rated.
fn verify_applies(card: &Scorecard, place: &Place, items: &[Item], faults: &mut Faults) {
    for (at, code) in card.applies_with.iter().enumerate() {
        let key = "applies_with";
        if card.applies_with.iter().take(at).any(|other| other == code) {
            place.fault_at(faults, key, format!("item `{code}` stands twice"), "");
        }
        let Some(item) = items.iter().find(|item| item.code == *code) else {
            let message = format!("item `{code}` is not in the catalogue");
            place.fault_at(faults, key, message, "name an item of the catalogue");
            continue;
        };
        if item.is_adverse() {
            let message = format!("item `{code}` is adverse");
            let help = "guard 1: what speaks against a subject opens no other scorecard";
            place.fault_at(faults, key, message, help);
        }
        if !item.rateable {
            let message = format!("item `{code}` is not rateable");
            place.fault_at(
                faults,
                key,
                message,
                "guard 3: the catalogue says what may be rated",
            );
        }
    }
}

/// The parts of the language that no scorecard may break, whatever is later added to `check`.
pub(crate) fn verify_scorecard(
    card: &Placed<Scorecard>,
    features: &[Placed<Feature>],
    items: &[Item],
    faults: &mut Faults,
) {
    let Placed { value: card, place } = card;
    let Letters { a, b, c } = card.letters;
    if !(a > b && b > c) {
        let message = format!("letters a = {a}, b = {b}, c = {c} do not fall");
        place.fault_at(faults, "letters", message, "write a above b above c");
    }
    if !(b..=10_000).contains(&card.base.points) {
        let message = format!("base `{}` is below the B from {b}", card.base.points);
        let help = "guard 1: a subject without adverse records is at least B";
        place.fault_at(faults, "base", message, help);
    }
    if a > 10_000 || c < -10_000 {
        place.fault_at(faults, "letters", "letters beyond ±10000 points", "");
    }
    verify_applies(card, place, items, faults);
    for (at, dimension) in card.dimensions.iter().enumerate() {
        let Dimension {
            code, least, most, ..
        } = dimension;
        verify_code("dimension", code, place, faults);
        if *least > 0 || *most < 0 || *least < -10_000 || *most > 10_000 {
            let message = format!("dimension `{code}` from {least} to {most} does not hold 0");
            place.fault(faults, message, "guard 1: an empty dimension gives no points");
        }
        if card.dimensions.iter().take(at).any(|other| other.code == *code) {
            place.fault(faults, format!("dimension `{code}` stands twice"), "");
        }
    }
    for (at, feature) in features.iter().enumerate() {
        let code = &feature.value.code;
        verify_code("feature", code, &feature.place, faults);
        if features.iter().take(at).any(|other| other.value.code == *code) {
            let message = format!("feature `{code}` stands twice");
            feature.place.fault_at(faults, "code", message, "");
        }
        verify_feature(&feature.value, &feature.place, card, items, faults);
        verify_reading(&feature.value, &feature.place, items, faults);
        let others = features.iter().take(at).map(|other| &other.value);
        verify_one_period(&feature.value, &feature.place, others, faults);
    }
}

fn verify_feature(feature: &Feature, place: &Place, card: &Scorecard, items: &[Item], faults: &mut Faults) {
    if !card.dimensions.iter().any(|d| d.code == feature.dimension) {
        let message = format!("dimension `{}` is not in this scorecard", feature.dimension);
        place.fault_at(faults, "dimension", message, "name one of its dimensions");
    }
    if feature.items.is_empty() {
        place.fault_at(faults, "items", "no item to read", "name at least one");
    }
    let mut natures = Vec::new();
    for (at, code) in feature.items.iter().enumerate() {
        if feature.items.iter().take(at).any(|other| other == code) {
            place.fault_at(faults, "items", format!("item `{code}` stands twice"), "");
        }
        let Some(item) = items.iter().find(|item| item.code == *code) else {
            let message = format!("item `{code}` is not in the catalogue");
            place.fault_at(
                faults,
                "items",
                message,
                "guard 3: only catalogue items are ever rated",
            );
            continue;
        };
        verify_rated_item(item, feature, place, card, faults);
        natures.push(item.is_adverse());
    }
    natures.dedup();
    if natures.len() > 1 {
        let help = "split it, so that each feature speaks one way";
        place.fault_at(faults, "items", "adverse items and others in one feature", help);
    }
    verify_bins(feature, natures.first() == Some(&true), place, faults);
}

fn verify_rated_item(item: &Item, feature: &Feature, place: &Place, card: &Scorecard, faults: &mut Faults) {
    let code = &item.code;
    if !item.rateable {
        let message = format!("item `{code}` is not rateable");
        place.fault_at(
            faults,
            "items",
            message,
            "guard 3: the catalogue says what may be rated",
        );
    }
    if item.nature == Nature::Neutral && card.subjects.contains(&SubjectKind::Person) && item.founds {
        let message = format!("item `{code}` is a base register's");
        place.fault_at(faults, "items", message, "guard 3: who one is, is never rated");
    }
    if feature.reading.adds_quantities() && item.quantity.is_none() {
        let message = format!("item `{code}` has no quantity to sum");
        place.fault_at(
            faults,
            "items",
            message,
            "give it one in the catalogue, or count it",
        );
    }
}

/// That a feature has the keys of its reading, and no others.
fn verify_reading(feature: &Feature, place: &Place, items: &[Item], faults: &mut Faults) {
    let reading = feature.reading;
    match (feature.half_life_months, reading.decays()) {
        (None, true) => {
            let help = "say after how many months a record is worth half";
            place.fault_at(faults, "reading", "`half_life_months` is missing", help);
        }
        (Some(_), false) => not_of_reading(feature, place, "half_life_months", faults),
        (Some(months), true) if !(1..=120).contains(&months) => {
            let message = format!("a half-life of {months} months is not within 1 to 120");
            place.fault_at(faults, "half_life_months", message, "");
        }
        _ => {}
    }
    match feature.each_most {
        Some(_) if !reading.adds_quantities() => not_of_reading(feature, place, "each_most", faults),
        Some(most) if most < 1 => {
            place.fault_at(
                faults,
                "each_most",
                "a record that adds nothing",
                "write 1 or more",
            );
        }
        _ => {}
    }
    let periods = [
        ("from_field", &feature.from_field, ValueKind::Date),
        ("to_field", &feature.to_field, ValueKind::Date),
        ("months_field", &feature.months_field, ValueKind::Integer),
    ];
    for (key, field, kind) in periods {
        match field {
            Some(_) if reading != Reading::Months => not_of_reading(feature, place, key, faults),
            Some(field) => verify_period_field(feature, field, kind, key, place, items, faults),
            None => {}
        }
    }
    if reading == Reading::Months
        && !feature
            .within_months
            .is_some_and(|months| (1..=MONTHS_MOST).contains(&months))
    {
        let help = format!("set `within_months` to 1 to {MONTHS_MOST}");
        place.fault_at(faults, "within_months", "covered months need a window", help);
    }
    if reading.adds_quantities() {
        let mut kinds: Vec<_> = items
            .iter()
            .filter(|item| feature.items.contains(&item.code))
            .filter_map(Item::quantity_kind)
            .collect();
        kinds.dedup();
        if kinds.len() > 1 {
            place.fault_at(faults, "items", "money and numbers in one sum", "split it");
        }
    }
}

fn not_of_reading(feature: &Feature, place: &Place, key: &str, faults: &mut Faults) {
    let message = format!("`{key}` means nothing to this reading of `{}`", feature.code);
    place.fault_at(
        faults,
        key,
        message,
        "leave it out, or choose the reading it belongs to",
    );
}

fn verify_period_field(
    feature: &Feature,
    field: &FieldName,
    kind: ValueKind,
    key: &str,
    place: &Place,
    items: &[Item],
    faults: &mut Faults,
) {
    for item in items.iter().filter(|item| feature.items.contains(&item.code)) {
        if item.field(field.as_str()).map(|field| field.kind) != Some(kind) {
            let message = format!("item `{}` has no such field `{field}`", item.code);
            let help = match kind {
                ValueKind::Date => "name a date field of every item",
                _ => "name an integer field of every item",
            };
            place.fault_at(faults, key, message, help);
        }
    }
}

/// An item's period is one and the same wherever a scorecard reads it.
fn verify_one_period<'a>(
    feature: &Feature,
    place: &Place,
    mut others: impl Iterator<Item = &'a Feature>,
    faults: &mut Faults,
) {
    let differs = |other: &Feature| {
        other.reading == Reading::Months
            && other.items.iter().any(|item| feature.items.contains(item))
            && other.period() != feature.period()
    };
    if feature.reading == Reading::Months
        && let Some(other) = others.find(|other| differs(other))
    {
        let message = format!("feature `{}` takes the same item's period elsewhere", other.code);
        place.fault_at(faults, "items", message, "take it from the same fields");
    }
}

/// Signs and slopes: an adverse record never adds, a good one never takes, more of either never turns back.
fn verify_bins(feature: &Feature, adverse: bool, place: &Place, faults: &mut Faults) {
    if feature.bins.is_empty() {
        return place.fault_at(faults, "bins", "no bins", "write at least one");
    }
    let rising = feature.bins.is_sorted_by(|one, next| one.from < next.from);
    if !rising || feature.bins.iter().any(|bin| bin.from < 0) {
        place.fault_at(faults, "bins", "the bins' `from` do not rise from 0 or more", "");
    }
    let wrong_sign = |points: i32| if adverse { points > 0 } else { points < 0 };
    for bin in &feature.bins {
        if wrong_sign(bin.points) || bin.points.abs() > 10_000 {
            let message = format!(
                "`{}` points go the wrong way for this feature's items",
                bin.points
            );
            let help = "guard 1: adverse items give 0 or less, all others 0 or more";
            place.fault_at(faults, "bins", message, help);
        }
    }
    let Some(first) = feature.bins.first() else { return };
    if feature.reading != Reading::LatestMonths && first.from == 0 && first.points != 0 {
        let help = "begin at 1: unknown scores neutral";
        place.fault_at(faults, "bins", "points for having no record at all", help);
    }
    // Months ago count the other way: the longer ago, the less it matters.
    let more_matters = feature.reading != Reading::LatestMonths;
    let falling = adverse == more_matters;
    let sloped = feature.bins.is_sorted_by(|one, next| {
        if falling {
            one.points >= next.points
        } else {
            one.points <= next.points
        }
    });
    if !sloped {
        let help = "more, and more recent, of the same always matters more";
        place.fault_at(faults, "bins", "the bins' points turn back", help);
    }
    if !more_matters && first.from > 0 {
        // Or a good record would gain, and an adverse one lose, by growing old.
        place.fault_at(
            faults,
            "bins",
            "no points for the most recent months",
            "begin at 0",
        );
    }
}
