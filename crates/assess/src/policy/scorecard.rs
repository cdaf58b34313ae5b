//! Scorecards as they are written. `fold` compiles them.

use record::{FieldName, ItemCode, SubjectKind};
use serde::{Deserialize, Serialize};

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
    /// How many there are, in thousandths, each halving with every half-life (see [`decay_thousandths`]).
    DecayedCount,
    /// The sum of their quantity, each halving with every half-life, rounded down to a whole.
    DecayedSum,
    /// How many calendar months within the window their periods cover, a month that two of them cover
    /// being one.
    Months,
    /// How many whole months ago the most recent occurred; no record gives no points.
    LatestMonths,
}

impl Reading {
    /// Whether it adds up quantities.
    pub fn adds_quantities(self) -> bool {
        matches!(self, Self::Sum | Self::DecayedSum)
    }

    /// Whether it lets records fade.
    pub fn decays(self) -> bool {
        matches!(self, Self::DecayedCount | Self::DecayedSum)
    }
}

/// What a record of this age is worth in a decayed reading, in thousandths: 1000 when new, and half of
/// it, rounded down, after every half-life; between two halvings it falls in a straight line. Nothing is
/// left after ten half-lives. It never rises with age.
///
/// ```
/// use assess::decay_thousandths;
/// assert_eq!(decay_thousandths(0, 12), 1000);
/// assert_eq!(decay_thousandths(6, 12), 750);
/// assert_eq!(decay_thousandths(12, 12), 500);
/// assert_eq!(decay_thousandths(18, 12), 375);
/// assert_eq!(decay_thousandths(120, 12), 0);
/// ```
pub fn decay_thousandths(age_months: i64, half_life_months: u32) -> i64 {
    let (age, half_life) = (age_months.max(0), i64::from(half_life_months.max(1)));
    let after = |halvings: i64| u32::try_from(halvings).map_or(0, |n| 1000_i64.checked_shr(n).unwrap_or(0));
    let (halvings, rest) = (age / half_life, age % half_life);
    let (now, next) = (after(halvings), after(halvings.saturating_add(1)));
    now - (now - next) * rest / half_life
}

/// From which value on, how many points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bin {
    /// The least value: a count (thousandths of one if it decays), a quantity (amounts in fen), months
    /// covered, or months ago.
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
    /// After how many months a record is worth half, for the decayed readings.
    #[serde(default)]
    pub half_life_months: Option<u32>,
    /// The most of its quantity that one record adds to a sum.
    #[serde(default)]
    pub each_most: Option<i64>,
    /// Of `months`: the date field where a record's period begins.
    #[serde(default)]
    pub from_field: Option<FieldName>,
    /// Of `months`: the date field where it ends; the day the record occurred if it has none.
    #[serde(default)]
    pub to_field: Option<FieldName>,
    /// Of `months`: the integer field that says how many months of the period count, its last ones.
    #[serde(default)]
    pub months_field: Option<FieldName>,
    /// Points by value, rising; below the first there are none.
    pub bins: Vec<Bin>,
    /// What is said of its points; `{value}` is the value.
    pub text: Text,
    /// What is said instead where the value is 0, e.g. that it was this month.
    #[serde(default)]
    pub text_of_zero: Option<Text>,
    /// What would bring the next bin, for features of good records; `{missing}` and `{next}`.
    #[serde(default)]
    pub improve: Option<Text>,
}

impl Feature {
    /// The fields that give a record's period: where it begins, where it ends, how many months of it.
    pub(crate) fn period(&self) -> [Option<&FieldName>; 3] {
        [
            self.from_field.as_ref(),
            self.to_field.as_ref(),
            self.months_field.as_ref(),
        ]
    }
}

/// What everyone should know of a scorecard before it is used. A bundle is not published without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelCard {
    /// What it is for.
    pub purpose: Text,
    /// What it must not be used for.
    pub not_for: Text,
    /// On which data it works, and what it never sees.
    pub data: Text,
    /// What it cannot tell, and where it errs.
    pub limits: Text,
    /// How its bins and points were set.
    pub method: Text,
    /// Who answers for it, and where to turn.
    pub answers: Text,
}

impl ModelCard {
    /// Its parts, by key, in the order of display.
    pub fn parts(&self) -> [(&'static str, &Text); 6] {
        [
            ("purpose", &self.purpose),
            ("not_for", &self.not_for),
            ("data", &self.data),
            ("limits", &self.limits),
            ("method", &self.method),
            ("answers", &self.answers),
        ]
    }
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
    /// It rates those only of whom a record of one of these items counts; everyone if empty.
    #[serde(default)]
    pub applies_with: Vec<ItemCode>,
    /// What everyone should know of it.
    #[serde(default)]
    pub model_card: Option<ModelCard>,
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

impl Scorecard {
    /// Whether it rates everyone of its kinds, and not only those of whom some record counts.
    pub fn is_general(&self) -> bool {
        self.applies_with.is_empty()
    }
}
