//! The table of disparity that goes with every scorecard: how groups of people come out of it.
//!
//! A group (by sex, by band of age, by town) is a label that its caller brings along. It exists for this
//! table only: nothing here reads a record, and nothing that concludes anything reads this (guard 3).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::day::DayStamp;
use crate::grade::Grade;
use crate::policy::Letter;

/// Below so many, a group's share says little, and its row could tell of one person.
pub const FEW: u64 = 30;

/// The groups that one subject is in, by trait, as labels for tables of disparity. No scorecard can read them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GroupLabels {
    /// The band of age; of an organisation, of the years since it was established.
    pub age: Option<&'static str>,
    /// `male` or `female`.
    pub sex: Option<&'static str>,
    /// Whether the place of first registration is `here` or `elsewhere`.
    pub household: Option<&'static str>,
}

impl GroupLabels {
    /// The traits, in the order of display.
    pub const TRAITS: [&'static str; 3] = ["age", "sex", "household"];

    /// The group that one is in by a trait, if it is known.
    pub fn of(&self, name: &str) -> Option<&'static str> {
        match name {
            "age" => self.age,
            "sex" => self.sex,
            "household" => self.household,
            _ => None,
        }
    }
}

/// What of a grade goes into the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Graded {
    /// The letter.
    pub letter: Letter,
    /// The points.
    pub points: i32,
}

impl From<&Grade> for Graded {
    fn from(grade: &Grade) -> Self {
        Self {
            letter: grade.letter,
            points: grade.points,
        }
    }
}

/// The table, by group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Disparity {
    /// The groups, by label.
    pub groups: Vec<GroupShare>,
}

impl Disparity {
    /// Whether some group that is not small comes out under four fifths of the best.
    pub fn is_flagged(&self) -> bool {
        self.groups.iter().any(|group| group.flagged)
    }
}

/// One group's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GroupShare {
    /// Its label.
    pub group: String,
    /// How many of it are rated.
    pub count: u64,
    /// How many of them are at least B.
    pub at_least_b: u64,
    /// Their share, in thousandths, rounded down.
    pub share_permille: u64,
    /// The mean of the points, in hundredths, rounded towards nothing.
    pub mean_points_hundredths: i64,
    /// Its share over that of the best group, in thousandths, rounded down.
    pub ratio_permille: u64,
    /// Fewer than [`FEW`]: it is no yardstick, is not flagged, and should not be published by itself.
    pub few: bool,
    /// Its share is under four fifths of the best group's; exact, not from the rounded figures.
    pub flagged: bool,
}

#[derive(Debug, Default)]
struct Sums {
    count: u64,
    at_least_b: u64,
    points: i64,
}

/// The table of these grades, each with the label of its group. Their order does not matter.
///
/// ```
/// use assess::{Graded, Letter, disparity};
/// let of = |letter, points| Graded { letter, points };
/// let one = (0..40).map(|_| ("one", of(Letter::B, 70)));
/// let other = (0..40).map(|n| ("other", if n < 30 { of(Letter::B, 70) } else { of(Letter::C, 60) }));
/// let table = disparity(one.chain(other));
/// let other = &table.groups[1];
/// assert_eq!((other.ratio_permille, other.flagged), (750, true));
/// ```
pub fn disparity<'a>(graded: impl IntoIterator<Item = (&'a str, Graded)>) -> Disparity {
    let mut sums = BTreeMap::<&str, Sums>::new();
    for (group, Graded { letter, points }) in graded {
        let sums = sums.entry(group).or_default();
        sums.count += 1;
        sums.at_least_b += u64::from(letter >= Letter::B);
        sums.points += i64::from(points);
    }
    // The best of those that are not small; of all, if all are.
    let many = sums.values().filter(|sums| sums.count >= FEW);
    let best = many.max_by(|one, other| by_share(one, other));
    let best = best.or_else(|| sums.values().max_by(|one, other| by_share(one, other)));
    let (best_good, best_count) = best.map_or((0, 1), |best| (best.at_least_b, best.count));
    let groups = sums.iter().map(|(group, sums)| {
        let (good, count) = (u128::from(sums.at_least_b), u128::from(sums.count));
        let (best_good, best_count) = (u128::from(best_good), u128::from(best_count));
        // good / count over best_good / best_count, without a fraction in between.
        let (over, under) = (good * best_count, count * best_good);
        let few = sums.count < FEW;
        GroupShare {
            group: (*group).to_owned(),
            count: sums.count,
            at_least_b: sums.at_least_b,
            share_permille: permille(good, count),
            mean_points_hundredths: sums.points * 100 / i64::try_from(sums.count).unwrap_or(i64::MAX).max(1),
            ratio_permille: permille(over, under),
            few,
            flagged: !few && over * 5 < under * 4,
        }
    });
    Disparity {
        groups: groups.collect(),
    }
}

fn by_share(one: &Sums, other: &Sums) -> std::cmp::Ordering {
    let cross = |one: &Sums, other: &Sums| u128::from(one.at_least_b) * u128::from(other.count);
    cross(one, other).cmp(&cross(other, one))
}

/// A ratio in thousandths, rounded down; of nothing to nothing it is the whole.
fn permille(over: u128, under: u128) -> u64 {
    let ratio = (over * 1000).checked_div(under).unwrap_or(1000);
    u64::try_from(ratio).unwrap_or(u64::MAX)
}

/// The band of age on a day, as a label for the table: `18-29`, `30-44`, `45-59`, `60+`; `under-18` is rated
/// nowhere.
pub fn age_band(born: Date, on: Date) -> &'static str {
    match DayStamp::of(born).whole_months_until(DayStamp::of(on)) / 12 {
        ..18 => "under-18",
        18..30 => "18-29",
        30..45 => "30-44",
        45..60 => "45-59",
        _ => "60+",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(groups: &[(&'static str, u64, u64)]) -> Disparity {
        let of = |good: bool| Graded {
            letter: if good { Letter::B } else { Letter::D },
            points: if good { 70 } else { 41 },
        };
        disparity(
            groups
                .iter()
                .flat_map(|(group, count, good)| (0..*count).map(move |n| (*group, of(n < *good)))),
        )
    }

    #[test]
    fn under_four_fifths_is_flagged_and_four_fifths_is_not() {
        for (groups, flags) in [
            (&[("a", 100, 100), ("b", 100, 80)][..], &[false, false][..]),
            (&[("a", 100, 100), ("b", 100, 79)], &[false, true]),
            (&[("a", 1000, 999), ("b", 1000, 799)], &[false, true]), // 0.7998, rounded it would pass
            (&[("a", 100, 50), ("b", 90, 45)], &[false, false]),
            (&[("a", 29, 29), ("b", 100, 70)], &[false, false]), // a small group is no yardstick
            (&[("a", 100, 100), ("b", 29, 0)], &[false, false]), // and is not flagged
            (&[("a", 100, 0), ("b", 100, 0)], &[false, false]),
            (&[], &[]),
        ] {
            let table = rows(groups);
            let found: Vec<bool> = table.groups.iter().map(|group| group.flagged).collect();
            assert_eq!(found, flags, "{groups:?}");
            assert_eq!(table.is_flagged(), flags.contains(&true));
        }
    }

    #[test]
    fn a_row_says_how_many_and_how_well() {
        let table = rows(&[("a", 40, 40), ("b", 60, 40)]);
        let b = &table.groups[1];
        assert_eq!((b.count, b.at_least_b, b.share_permille), (60, 40, 666));
        assert_eq!((b.ratio_permille, b.few, b.flagged), (666, false, true));
        assert_eq!(b.mean_points_hundredths, 6033); // (40 × 70 + 20 × 41) / 60
    }

    /// The yardstick is the best share, of however many; a group of just so many is no small one.
    #[test]
    fn the_best_share_is_the_yardstick() {
        let table = rows(&[("a", 1000, 900), ("b", 50, 40), ("c", FEW, FEW / 2)]);
        let found: Vec<(u64, bool)> = table
            .groups
            .iter()
            .map(|group| (group.ratio_permille, group.few))
            .collect();
        assert_eq!(found, [(1000, false), (888, false), (555, false)]);
        assert!(rows(&[("a", FEW - 1, 0)]).groups.iter().all(|group| group.few));
    }

    #[test]
    fn bands_begin_on_birthdays() {
        let (born, day) = (Date::constant(1996, 6, 2), Date::constant(2026, 6, 1));
        assert_eq!(age_band(born, day), "18-29");
        assert_eq!(age_band(Date::constant(1996, 6, 1), day), "30-44");
        assert_eq!(age_band(Date::constant(1976, 1, 1), day), "45-59");
        assert_eq!(age_band(Date::constant(2010, 1, 1), day), "under-18");
        assert_eq!(age_band(Date::constant(1950, 1, 1), day), "60+");
    }
}
