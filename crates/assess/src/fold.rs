//! The kernel: a scorecard compiled into a fold over plain facts.
//!
//! An item leads to the few features it feeds, so a record costs the features of *its* item and not
//! the number of all features. A fact is what a packed record of 16 bytes can hold: item, day, one
//! whole number. Nothing else of a record can reach a score. Integers only.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::Date;
use record::ItemCode;

use crate::policy::{Card, Item, Letter, Letters, Reading};

/// What the fold sees of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fact {
    /// Its item's place in the catalogue, by code.
    pub(crate) item: u16,
    /// The day it occurred.
    pub(crate) occurred: Date,
    /// Its quantity, 0 if its item has none.
    pub(crate) quantity: i64,
}

/// A compiled scorecard.
#[derive(Debug, Clone)]
pub(crate) struct Fold {
    places: BTreeMap<ItemCode, u16>,
    /// By the item's place: the features that it feeds.
    feeds: Vec<Vec<usize>>,
    features: Vec<Compiled>,
    bounds: Vec<(i32, i32)>,
    base: i32,
    letters: Letters,
}

#[derive(Debug, Clone)]
struct Compiled {
    dimension: usize,
    reading: Reading,
    within: Option<i32>,
    bins: Vec<(i64, i32)>,
}

/// What a feature has gathered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Gathered {
    count: i64,
    /// Wide enough for any number of any quantities, so that what is added can be taken out again.
    sum: i128,
    latest: Option<Date>,
}

/// What the features of one subject have gathered on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    on: Date,
    after: Vec<Option<Date>>,
    gathered: Vec<Gathered>,
}

/// The points of a tally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Score {
    pub(crate) points: i32,
    pub(crate) letter: Letter,
    /// By feature: its value, if it has one, and its points.
    pub(crate) features: Vec<(Option<i64>, i32)>,
    /// By dimension: the sum of its features' points, and that sum within its bounds.
    pub(crate) dimensions: Vec<(i32, i32)>,
}

impl Fold {
    /// Compiles a verified scorecard.
    pub(crate) fn compile(card: &Card, items: &BTreeMap<ItemCode, Item>) -> Self {
        let places: BTreeMap<ItemCode, u16> = items.keys().cloned().zip(0..).collect();
        let mut feeds = vec![Vec::new(); places.len()];
        let mut features = Vec::with_capacity(card.features.len());
        for (at, feature) in card.features.iter().enumerate() {
            for item in &feature.items {
                let place = places.get(item).map(|place| usize::from(*place));
                if let Some(fed) = place.and_then(|place| feeds.get_mut(place)) {
                    fed.push(at);
                }
            }
            features.push(Compiled {
                dimension: card
                    .dimensions
                    .iter()
                    .position(|dimension| dimension.code == feature.dimension)
                    .unwrap_or(0),
                reading: feature.reading,
                within: feature
                    .within_months
                    .map(|months| i32::try_from(months).unwrap_or(1200).min(1200)),
                bins: feature.bins.iter().map(|bin| (bin.from, bin.points)).collect(),
            });
        }
        Self {
            places,
            feeds,
            features,
            bounds: card.dimensions.iter().map(|d| (d.least, d.most)).collect(),
            base: card.base.points,
            letters: card.letters,
        }
    }

    /// The place of an item, for making facts.
    pub(crate) fn place(&self, item: &ItemCode) -> Option<u16> {
        self.places.get(item).copied()
    }

    /// Whether any feature reads this item.
    pub(crate) fn reads(&self, place: u16) -> bool {
        self.feeds
            .get(usize::from(place))
            .is_some_and(|fed| !fed.is_empty())
    }

    /// Whether this fact is gathered by this feature on a day.
    pub(crate) fn feeds(&self, fact: &Fact, feature: usize, on: Date) -> bool {
        let fed = self
            .feeds
            .get(usize::from(fact.item))
            .is_some_and(|fed| fed.contains(&feature));
        let compiled = self.features.get(feature);
        fed && compiled.is_some_and(|compiled| compiled.first_day(on).is_none_or(|day| fact.occurred > day))
    }

    /// Folds the facts that count on a day. Their order does not matter.
    pub(crate) fn tally<'a>(&self, facts: impl IntoIterator<Item = &'a Fact>, on: Date) -> Tally {
        let mut tally = Tally {
            on,
            after: self
                .features
                .iter()
                .map(|feature| feature.first_day(on))
                .collect(),
            gathered: vec![Gathered::default(); self.features.len()],
        };
        for fact in facts {
            let fed = self
                .feeds
                .get(usize::from(fact.item))
                .map_or(&[][..], Vec::as_slice);
            for feature in fed {
                tally.gather(*feature, fact);
            }
        }
        tally
    }

    /// The tally as if some of its facts had never been: only the features that they fed are touched.
    /// `left` gives the other facts, and is asked only where the most recent one may be gone.
    pub(crate) fn tally_without<'a, 'l, L>(
        &self,
        tally: &Tally,
        gone: impl IntoIterator<Item = &'a Fact>,
        left: impl Fn() -> L,
    ) -> Tally
    where
        L: Iterator<Item = &'l Fact>,
    {
        let mut tally = tally.clone();
        let mut stale = Vec::new();
        for fact in gone {
            for feature in self
                .feeds
                .get(usize::from(fact.item))
                .map_or(&[][..], Vec::as_slice)
            {
                if tally.forget(*feature, fact) {
                    stale.push(*feature);
                }
            }
        }
        for feature in stale {
            let latest = left().filter(|fact| self.feeds(fact, feature, tally.on));
            let latest = latest.map(|fact| fact.occurred).max();
            if let Some(gathered) = tally.gathered.get_mut(feature) {
                gathered.latest = latest;
            }
        }
        tally
    }

    /// Points, dimension by dimension, and the letter.
    pub(crate) fn score(&self, tally: &Tally) -> Score {
        self.score_with(tally, None)
    }

    /// The same, as if one feature had another value: what reaching it would bring.
    pub(crate) fn score_with(&self, tally: &Tally, instead: Option<(usize, i64)>) -> Score {
        let mut dimensions = vec![(0_i32, 0_i32); self.bounds.len()];
        let mut features = Vec::with_capacity(self.features.len());
        for (at, (feature, gathered)) in self.features.iter().zip(&tally.gathered).enumerate() {
            let value = match instead {
                Some((other, value)) if other == at => Some(value),
                _ => feature.value(gathered, tally.on),
            };
            let points = value.map_or(0, |value| feature.points(value));
            if let Some(sum) = dimensions.get_mut(feature.dimension) {
                sum.0 = sum.0.saturating_add(points);
            }
            features.push((value, points));
        }
        let mut points = self.base;
        for (sum, (least, most)) in dimensions.iter_mut().zip(&self.bounds) {
            sum.1 = sum.0.clamp(*least, *most);
            points = points.saturating_add(sum.1);
        }
        Score {
            points,
            letter: self.letters.letter(points),
            features,
            dimensions,
        }
    }
}

impl Compiled {
    /// Facts must have occurred after this day.
    fn first_day(&self, on: Date) -> Option<Date> {
        self.within
            .map(|months| on.saturating_sub(Span::new().months(months)))
    }

    fn value(&self, gathered: &Gathered, on: Date) -> Option<i64> {
        match self.reading {
            Reading::Count => Some(gathered.count),
            Reading::Sum => Some(i64::try_from(gathered.sum).unwrap_or(i64::MAX)),
            Reading::LatestMonths => gathered.latest.map(|latest| whole_months(latest, on)),
        }
    }

    fn points(&self, value: i64) -> i32 {
        let reached = self.bins.iter().take_while(|(from, _)| *from <= value);
        reached.last().map_or(0, |(_, points)| *points)
    }
}

impl Tally {
    /// The day it was folded on.
    pub(crate) fn on(&self) -> Date {
        self.on
    }

    fn gather(&mut self, feature: usize, fact: &Fact) {
        let (Some(gathered), Some(after)) = (self.gathered.get_mut(feature), self.after.get(feature)) else {
            return;
        };
        if after.is_some_and(|day| fact.occurred <= day) {
            return;
        }
        gathered.count += 1;
        gathered.sum += i128::from(fact.quantity.max(0));
        gathered.latest = gathered.latest.max(Some(fact.occurred));
    }

    /// Takes a fact out again; true if it may have been the most recent.
    fn forget(&mut self, feature: usize, fact: &Fact) -> bool {
        let (Some(gathered), Some(after)) = (self.gathered.get_mut(feature), self.after.get(feature)) else {
            return false;
        };
        if after.is_some_and(|day| fact.occurred <= day) {
            return false;
        }
        gathered.count -= 1;
        gathered.sum -= i128::from(fact.quantity.max(0));
        gathered.latest == Some(fact.occurred)
    }
}

/// How many whole months lie between two days; 0 if the first is not before the second.
fn whole_months(from: Date, to: Date) -> i64 {
    let months = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
    let begun = i64::from(to.day() < from.day());
    (months(to) - months(from) - begun).max(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::policy::Letters;

    /// One item that feeds a count, a sum and a latest, within and without a window.
    fn fold() -> Fold {
        let compiled = |reading, within| Compiled {
            dimension: 0,
            reading,
            within,
            bins: vec![(1, 1), (3, 2)],
        };
        Fold {
            places: BTreeMap::new(),
            feeds: vec![vec![0, 2], vec![1, 2, 3]],
            features: vec![
                compiled(Reading::Count, Some(12)),
                compiled(Reading::Sum, None),
                compiled(Reading::LatestMonths, None),
                compiled(Reading::LatestMonths, Some(24)),
            ],
            bounds: vec![(-3, 3)],
            base: 5,
            letters: Letters { a: 8, b: 5, c: 2 },
        }
    }

    proptest! {
        #[test]
        fn taking_out_is_never_having_been(
            drawn in prop::collection::vec((0..3_u16, 0..1_500_i64, any::<i64>(), any::<bool>()), 0..20),
        ) {
            let on = Date::constant(2026, 6, 1);
            let fold = fold();
            let fact = |(item, days, quantity): (u16, i64, i64)| Fact {
                item,
                occurred: on.saturating_sub(Span::new().days(days)),
                quantity,
            };
            let of = |wanted: bool| -> Vec<Fact> {
                let chosen = drawn.iter().filter(|(.., gone)| *gone == wanted);
                chosen.map(|(item, days, quantity, _)| fact((*item, *days, *quantity))).collect()
            };
            let (gone, left) = (of(true), of(false));
            let all = fold.tally(gone.iter().chain(&left), on);
            prop_assert_eq!(fold.tally_without(&all, &gone, || left.iter()), fold.tally(&left, on));
        }
    }

    #[test]
    fn months_are_whole() {
        let day = |y, m, d| Date::new(y, m, d).unwrap();
        for (from, to, months) in [
            (day(2026, 1, 31), day(2026, 2, 28), 0),
            (day(2026, 1, 31), day(2026, 3, 31), 2),
            (day(2025, 12, 1), day(2026, 1, 1), 1),
            (day(2026, 6, 1), day(2026, 1, 1), 0),
        ] {
            assert_eq!(whole_months(from, to), months, "{from} {to}");
        }
    }
}
