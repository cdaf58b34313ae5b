//! Scorecards as they are written. `fold` compiles them.

use record::{ItemCode, SubjectKind};
use serde::{Deserialize, Serialize};

use super::catalogue::{Item, Nature};
use super::fault::Faults;
use super::read::{Place, Placed};
use super::text::{LegalBasis, Text};

/// A letter. Greater is better: `letter >= Letter::B` reads "at least B".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Letter {
    /// Serious adverse history.
    D,
    /// Some adverse history.
    C,
    /// Good: where everyone without adverse records starts.
    B,
    /// Very good.
    A,
}

impl Letter {
    /// The letter itself.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }
}

impl std::fmt::Display for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// From how many points on each letter is given; below `c` it is D.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letters {
    /// The least points of an A.
    pub a: i32,
    /// The least points of a B.
    pub b: i32,
    /// The least points of a C.
    pub c: i32,
}

impl Letters {
    /// The letter of so many points.
    pub fn letter(&self, points: i32) -> Letter {
        match points {
            points if points >= self.a => Letter::A,
            points if points >= self.b => Letter::B,
            points if points >= self.c => Letter::C,
            _ => Letter::D,
        }
    }
}

/// Where everyone starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// How many points.
    pub points: i32,
    /// What is said of them.
    pub text: Text,
}

/// One of a scorecard's dimensions, with its bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// The least points it gives; 0 or below.
    pub least: i32,
    /// The most points it gives; 0 or above.
    pub most: i32,
    /// What is said when a bound is met.
    pub bound_text: Text,
}

/// How a feature reads the records of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// How many there are.
    Count,
    /// The sum of their quantity.
    Sum,
    /// How many whole months ago the most recent occurred; no record gives no points.
    LatestMonths,
}

/// From which value on, how many points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bin {
    /// The least value: a count, a quantity (amounts in fen), or months ago.
    pub from: i64,
    /// The points.
    pub points: i32,
}

/// One feature of a scorecard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Its code within the scorecard.
    pub code: String,
    /// The code of its dimension.
    pub dimension: String,
    /// Its name.
    pub name: Text,
    /// The items whose records it reads.
    pub items: Vec<ItemCode>,
    /// How it reads them.
    pub reading: Reading,
    /// Only records that occurred within so many months.
    #[serde(default)]
    pub within_months: Option<u32>,
    /// Points by value, rising; below the first there are none.
    pub bins: Vec<Bin>,
    /// What is said of its points; `{value}` is the value.
    pub text: Text,
    /// What would bring the next bin, for features of good records; `{missing}` and `{next}`.
    #[serde(default)]
    pub improve: Option<Text>,
}

/// A scorecard: records to points, points to a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scorecard {
    /// Its code, e.g. `person`.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Whom it rates.
    pub subjects: Vec<SubjectKind>,
    /// What it rests on.
    pub legal_basis: Vec<LegalBasis>,
    /// Where everyone starts.
    pub base: Base,
    /// The letters.
    pub letters: Letters,
    /// The dimensions, in the order of display.
    #[serde(skip_deserializing)]
    pub dimensions: Vec<Dimension>,
    /// The features, in the order of display.
    #[serde(skip_deserializing)]
    pub features: Vec<Feature>,
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
    for (at, dimension) in card.dimensions.iter().enumerate() {
        let Dimension {
            code, least, most, ..
        } = dimension;
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
        if features.iter().take(at).any(|other| other.value.code == *code) {
            let message = format!("feature `{code}` stands twice");
            feature.place.fault_at(faults, "code", message, "");
        }
        verify_feature(&feature.value, &feature.place, card, items, faults);
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
    if feature.reading == Reading::Sum && item.quantity.is_none() {
        let message = format!("item `{code}` has no quantity to sum");
        place.fault_at(
            faults,
            "items",
            message,
            "give it one in the catalogue, or count it",
        );
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
