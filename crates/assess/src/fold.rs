//! The kernel: a scorecard compiled into a fold over plain facts.
//!
//! An item leads to the few features it feeds, so a record costs the features of *its* item and not
//! the number of all features. What each feature gathers of a fact is `reading`'s to say.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use record::{FieldName, ItemCode, ValueKind};

use crate::policy::{Card, Feature, Item, Letter, Letters, Reading};
use crate::reading::{Fact, Gathered, Reader, Window};

/// A compiled scorecard.
#[derive(Debug, Clone)]
pub(crate) struct Fold {
    places: BTreeMap<ItemCode, u16>,
    /// By the item's place: the features that it feeds.
    feeds: Vec<Vec<usize>>,
    /// By the item's place: where its period stands, if any feature counts months of it.
    periods: Vec<Option<Period>>,
    features: Vec<Compiled>,
    bounds: Vec<(i32, i32)>,
    base: i32,
    letters: Letters,
}

#[derive(Debug, Clone)]
struct Compiled {
    dimension: usize,
    reader: Reader,
    bins: Vec<(i64, i32)>,
    of_money: bool,
}

/// The fields that give a record's period: see `Feature`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) from: Option<FieldName>,
    pub(crate) to: Option<FieldName>,
    pub(crate) months: Option<FieldName>,
}

/// What the features of one subject have gathered on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    on: Date,
    /// One for all tallies of one folding: only what is gathered differs.
    windows: Arc<[Window]>,
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
        let mut periods = vec![None; places.len()];
        let mut features = Vec::with_capacity(card.features.len());
        for (at, feature) in card.features.iter().enumerate() {
            for place in feature.items.iter().filter_map(|item| places.get(item)) {
                let place = usize::from(*place);
                if let Some(fed) = feeds.get_mut(place) {
                    fed.push(at);
                }
                if let Some(period) = periods
                    .get_mut(place)
                    .filter(|_| feature.reading == Reading::Months)
                {
                    *period = Some(Period::of(feature));
                }
            }
            features.push(Compiled::new(card, feature, items));
        }
        Self {
            places,
            feeds,
            periods,
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

    /// Where an item's period stands, if any feature counts months of it.
    pub(crate) fn period(&self, place: u16) -> Option<&Period> {
        self.periods.get(usize::from(place))?.as_ref()
    }

    /// Whether a feature's values are sums of money, in fen.
    pub(crate) fn is_of_money(&self, feature: usize) -> bool {
        self.features
            .get(feature)
            .is_some_and(|compiled| compiled.of_money)
    }

    /// The features that gather this fact, by place in the scorecard.
    pub(crate) fn readers<'t>(
        &'t self,
        tally: &'t Tally,
        place: u16,
        fact: &'t Fact,
    ) -> impl Iterator<Item = usize> + 't {
        let reads = |at: &usize| {
            let compiled = self.features.get(*at).zip(tally.windows.get(*at));
            compiled.is_some_and(|(compiled, window)| compiled.reader.reads(*window, fact))
        };
        self.fed(place).iter().copied().filter(reads)
    }

    fn fed(&self, place: u16) -> &[usize] {
        let fed = self.feeds.get(usize::from(place));
        fed.map_or(&[], Vec::as_slice)
    }

    /// A tally of nothing, on a day.
    pub(crate) fn empty(&self, on: Date) -> Tally {
        let windows = self.features.iter().map(|feature| feature.reader.window(on));
        Tally {
            on,
            windows: windows.collect(),
            gathered: vec![Gathered::default(); self.features.len()],
        }
    }

    /// Folds the facts that count on a day, each with its item's place. Their order does not matter.
    pub(crate) fn tally<'a>(&self, facts: impl IntoIterator<Item = (u16, &'a Fact)>, on: Date) -> Tally {
        let mut tally = self.empty(on);
        for (place, fact) in facts {
            self.gather(&mut tally, place, &std::iter::once(fact));
        }
        tally
    }

    /// Folds facts that are all of the item at this place.
    pub(crate) fn gather<'a>(
        &self,
        tally: &mut Tally,
        place: u16,
        facts: &(impl Iterator<Item = &'a Fact> + Clone),
    ) {
        for feature in self.fed(place) {
            if let Some((reader, window, gathered)) = self.part(tally, *feature) {
                reader.gather(window, gathered, facts.clone());
            }
        }
    }

    /// The tally as if some of its facts had never been: only the features that they fed are touched.
    /// `left` gives the other facts, and is asked only where a feature must read them once more.
    pub(crate) fn tally_without<'a, 'l, L>(
        &self,
        tally: &Tally,
        gone: impl IntoIterator<Item = (u16, &'a Fact)>,
        left: impl Fn() -> L,
    ) -> Tally
    where
        L: Iterator<Item = (u16, &'l Fact)>,
    {
        let mut tally = tally.clone();
        let mut stale = Vec::new();
        for (place, fact) in gone {
            for feature in self.fed(place) {
                let part = self.part(&mut tally, *feature);
                if part.is_some_and(|(reader, window, gathered)| reader.forget(window, gathered, fact)) {
                    stale.push(*feature);
                }
            }
        }
        stale.sort_unstable();
        stale.dedup();
        for feature in stale {
            let Some((reader, window, gathered)) = self.part(&mut tally, feature) else {
                continue;
            };
            *gathered = Gathered::default();
            let read = left().filter(|(place, _)| self.fed(*place).contains(&feature));
            reader.gather(window, gathered, read.map(|(_, fact)| fact));
        }
        tally
    }

    fn part<'t>(&self, tally: &'t mut Tally, at: usize) -> Option<(&Reader, Window, &'t mut Gathered)> {
        let reader = &self.features.get(at)?.reader;
        Some((reader, *tally.windows.get(at)?, tally.gathered.get_mut(at)?))
    }

    /// Points, dimension by dimension, and the letter.
    pub(crate) fn score(&self, tally: &Tally) -> Score {
        let mut features = Vec::with_capacity(self.features.len());
        let sums = self.sums(tally, None, |value, points| features.push((value, points)));
        let dimensions: Vec<(i32, i32)> = self.bounded(&sums).collect();
        let points = self.total(dimensions.iter().copied());
        Score {
            points,
            letter: self.letters.letter(points),
            features,
            dimensions,
        }
    }

    /// Points, letter, and by dimension the points within its bounds; each feature's points are told as they come.
    pub(crate) fn score_told(
        &self,
        tally: &Tally,
        mut tell: impl FnMut(u16, i32),
    ) -> (i32, Letter, Vec<i32>) {
        let mut places = 0_u16..;
        let mut sums = self.sums(tally, None, |_, points| {
            if let Some(at) = places.next() {
                tell(at, points);
            }
        });
        let points = self.total(self.bounded(&sums));
        for (sum, (least, most)) in sums.iter_mut().zip(&self.bounds) {
            *sum = (*sum).clamp(*least, *most);
        }
        (points, self.letters.letter(points), sums)
    }

    /// The points and the letter alone; as if one feature had another value, if one is given.
    pub(crate) fn points(&self, tally: &Tally, instead: Option<(usize, i64)>) -> (i32, Letter) {
        let sums = self.sums(tally, instead, |_, _| {});
        let points = self.total(self.bounded(&sums));
        (points, self.letters.letter(points))
    }

    /// By dimension, the sum of its features' points; each feature's value and points are told as they come.
    fn sums(
        &self,
        tally: &Tally,
        instead: Option<(usize, i64)>,
        mut tell: impl FnMut(Option<i64>, i32),
    ) -> Vec<i32> {
        let mut sums = vec![0_i32; self.bounds.len()];
        let parts = self
            .features
            .iter()
            .zip(tally.windows.iter())
            .zip(&tally.gathered);
        for (at, ((feature, window), gathered)) in parts.enumerate() {
            let value = match instead {
                Some((other, value)) if other == at => Some(value),
                _ => feature.reader.value(*window, gathered),
            };
            let points = value.map_or(0, |value| feature.points(value));
            if let Some(sum) = sums.get_mut(feature.dimension) {
                *sum = sum.saturating_add(points);
            }
            tell(value, points);
        }
        sums
    }

    /// By dimension, the sum and the sum within its bounds.
    fn bounded(&self, sums: &[i32]) -> impl Iterator<Item = (i32, i32)> {
        let pairs = sums.iter().zip(&self.bounds);
        pairs.map(|(sum, (least, most))| (*sum, (*sum).clamp(*least, *most)))
    }

    fn total(&self, dimensions: impl Iterator<Item = (i32, i32)>) -> i32 {
        dimensions.fold(self.base, |points, (_, bounded)| points.saturating_add(bounded))
    }
}

impl Compiled {
    fn new(card: &Card, feature: &Feature, items: &BTreeMap<ItemCode, Item>) -> Self {
        let mut dimensions = card.dimensions.iter();
        let mut read = feature.items.iter().filter_map(|code| items.get(code));
        Self {
            dimension: dimensions
                .position(|dimension| dimension.code == feature.dimension)
                .unwrap_or(0),
            reader: Reader::new(feature),
            bins: feature.bins.iter().map(|bin| (bin.from, bin.points)).collect(),
            of_money: feature.reading.adds_quantities()
                && read.any(|item| item.quantity_kind() == Some(ValueKind::Amount)),
        }
    }

    fn points(&self, value: i64) -> i32 {
        let reached = self.bins.iter().take_while(|(from, _)| *from <= value);
        reached.last().map_or(0, |(_, points)| *points)
    }
}

impl Period {
    fn of(feature: &Feature) -> Self {
        Self {
            from: feature.from_field.clone(),
            to: feature.to_field.clone(),
            months: feature.months_field.clone(),
        }
    }
}

impl Tally {
    /// Forgets all that was gathered.
    pub(crate) fn clear(&mut self) {
        self.gathered.fill(Gathered::default());
    }

    /// The day it was folded on.
    pub(crate) fn on(&self) -> Date {
        self.on
    }
}

#[cfg(test)]
mod tests {
    use jiff::Span;
    use proptest::prelude::*;

    use super::*;
    use crate::day::DayStamp;
    use crate::reading::decay_table;

    const READINGS: [(Reading, Option<i32>); 8] = [
        (Reading::Count, Some(12)),
        (Reading::Sum, None),
        (Reading::LatestMonths, None),
        (Reading::LatestMonths, Some(24)),
        (Reading::DecayedCount, Some(36)),
        (Reading::DecayedSum, None),
        (Reading::Months, Some(12)),
        (Reading::Months, Some(240)),
    ];

    /// Two items that feed every reading, within and without a window.
    fn fold() -> Fold {
        let compiled = |(reading, within)| Compiled {
            dimension: 0,
            reader: Reader {
                reading,
                within,
                each_most: 1_000_000,
                decay: decay_table(7),
            },
            bins: vec![(1, 1), (3, 2)],
            of_money: false,
        };
        Fold {
            places: BTreeMap::new(),
            feeds: vec![vec![0, 2, 4, 6], vec![1, 2, 3, 5, 6, 7]],
            periods: Vec::new(),
            features: READINGS.into_iter().map(compiled).collect(),
            bounds: vec![(-3, 3)],
            base: 5,
            letters: Letters { a: 8, b: 5, c: 2 },
        }
    }

    type Drawn = (u16, i64, i64, i32);

    fn drawn() -> impl Strategy<Value = Drawn> {
        (0..3_u16, 0..4_000_i64, any::<i64>(), -3..60_i32)
    }

    fn fact(on: Date, (item, days, quantity, months): Drawn) -> (u16, Fact) {
        let occurred = on.saturating_sub(Span::new().days(days));
        let occurred = DayStamp::of(occurred);
        let last = occurred.month();
        let fact = Fact {
            occurred,
            quantity,
            covers: (months >= 0).then_some((last - months, last)),
        };
        (item, fact)
    }

    fn each(facts: &[(u16, Fact)]) -> impl Iterator<Item = (u16, &Fact)> {
        facts.iter().map(|(item, fact)| (*item, fact))
    }

    proptest! {
        #[test]
        fn taking_out_is_never_having_been(drawn in prop::collection::vec((drawn(), any::<bool>()), 0..20)) {
            let on = Date::constant(2026, 6, 1);
            let fold = fold();
            let of = |wanted: bool| -> Vec<(u16, Fact)> {
                let chosen = drawn.iter().filter(|(_, gone)| *gone == wanted);
                chosen.map(|(one, _)| fact(on, *one)).collect()
            };
            let (gone, left) = (of(true), of(false));
            let all = fold.tally(each(&gone).chain(each(&left)), on);
            prop_assert_eq!(fold.tally_without(&all, each(&gone), || each(&left)), fold.tally(each(&left), on));
        }

        /// More never lessens a value that counts, sums or covers, and never makes the latest older.
        #[test]
        fn more_never_turns_back(some in prop::collection::vec(drawn(), 0..20), one in drawn()) {
            let on = Date::constant(2026, 6, 1);
            let fold = fold();
            let mut facts: Vec<(u16, Fact)> = some.into_iter().map(|one| fact(on, one)).collect();
            let before = fold.score(&fold.tally(each(&facts), on));
            facts.push(fact(on, one));
            let after = fold.score(&fold.tally(each(&facts), on));
            for (at, (before, after)) in before.features.iter().zip(&after.features).enumerate() {
                match fold.features[at].reader.reading {
                    Reading::LatestMonths => prop_assert!(before.0.is_none() || after.0 <= before.0),
                    _ => prop_assert!(after.0 >= before.0, "{:?}", READINGS[at]),
                }
            }
        }
    }
}
