//! What one feature reads of the records that feed it, one reading at a time.
//!
//! A fact is what a packed record can hold: item, day, one whole number, and the first and last month it
//! speaks of. Nothing else of a record can reach a score. Integers only.

use std::sync::Arc;

use jiff::Span;
use jiff::civil::Date;

use crate::day::DayStamp;
use crate::policy::{Feature, MONTHS_MOST, Reading, decay_thousandths};

/// What the fold sees of a record, beside its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// The day it occurred.
    pub occurred: DayStamp,
    /// Its quantity, 0 if its item has none.
    pub quantity: i64,
    /// The first and the last month it covers, see [`DayStamp::month`]; none if nobody asks, or it covers none.
    pub covers: Option<(i32, i32)>,
}

/// How one feature reads.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    pub(crate) reading: Reading,
    pub(crate) within: Option<i32>,
    pub(crate) each_most: i64,
    /// By age in months, what a record is worth in thousandths; beyond its end nothing.
    pub(crate) decay: Arc<[u16]>,
}

/// A feature's window on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    on: DayStamp,
    /// Facts must have occurred after this day.
    after: DayStamp,
}

/// What a feature has gathered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Gathered {
    count: i64,
    /// Wide enough for any number of any quantities, so that what is added can be taken out again.
    sum: i128,
    latest: Option<DayStamp>,
    months: Months,
}

impl Reader {
    pub(crate) fn new(feature: &Feature) -> Self {
        Self {
            reading: feature.reading,
            within: feature
                .within_months
                .map(|months| i32::try_from(months).unwrap_or(1200).min(1200)),
            each_most: feature.each_most.unwrap_or(i64::MAX),
            decay: decay_table(feature.half_life_months.unwrap_or(1)),
        }
    }

    pub(crate) fn window(&self, on: Date) -> Window {
        let after = self.within.map_or(DayStamp::FIRST, |months| {
            DayStamp::of(on.saturating_sub(Span::new().months(months)))
        });
        Window {
            on: DayStamp::of(on),
            after,
        }
    }

    /// Whether this fact is within the window: by its day, or by the months it covers.
    pub(crate) fn reads(&self, window: Window, fact: &Fact) -> bool {
        match self.reading {
            Reading::Months => self.covered(window, fact).is_some(),
            _ => fact.occurred > window.after,
        }
    }

    /// Gathers facts of one item. Which reading it is, is asked once for all of them.
    pub(crate) fn gather<'f>(
        &self,
        window: Window,
        gathered: &mut Gathered,
        facts: impl Iterator<Item = &'f Fact>,
    ) {
        if self.reading == Reading::Months {
            for (newest, oldest) in facts.filter_map(|fact| self.covered(window, fact)) {
                gathered.months.add(newest, oldest);
            }
            return;
        }
        let read = facts.filter(|fact| fact.occurred > window.after);
        match self.reading {
            Reading::LatestMonths => {
                gathered.latest = gathered.latest.max(read.map(|fact| fact.occurred).max());
            }
            Reading::Count => gathered.count += i64::try_from(read.count()).unwrap_or(i64::MAX),
            _ => {
                for fact in read {
                    gathered.count += 1;
                    gathered.sum += self.share(window, fact);
                }
            }
        }
    }

    /// Takes a fact out again; true if it cannot be taken out without reading the others once more.
    pub(crate) fn forget(&self, window: Window, gathered: &mut Gathered, fact: &Fact) -> bool {
        if !self.reads(window, fact) {
            return false;
        }
        match self.reading {
            Reading::LatestMonths => gathered.latest == Some(fact.occurred),
            Reading::Months => true,
            Reading::Count | Reading::Sum | Reading::DecayedCount | Reading::DecayedSum => {
                gathered.count -= 1;
                gathered.sum -= self.share(window, fact);
                false
            }
        }
    }

    pub(crate) fn value(&self, window: Window, gathered: &Gathered) -> Option<i64> {
        let whole = |sum: i128| i64::try_from(sum).unwrap_or(i64::MAX);
        match self.reading {
            Reading::Count => Some(gathered.count),
            Reading::Sum | Reading::DecayedCount => Some(whole(gathered.sum)),
            Reading::DecayedSum => Some(whole(gathered.sum / 1000)),
            Reading::Months => Some(gathered.months.count()),
            Reading::LatestMonths => gathered.latest.map(|latest| latest.whole_months_until(window.on)),
        }
    }

    /// What one fact adds to a sum: never below 0.
    fn share(&self, window: Window, fact: &Fact) -> i128 {
        let decay = || {
            let age = usize::try_from(fact.occurred.whole_months_until(window.on)).ok();
            i128::from(age.and_then(|age| self.decay.get(age)).copied().unwrap_or(0))
        };
        let quantity = i128::from(fact.quantity.clamp(0, self.each_most));
        match self.reading {
            Reading::Sum => quantity,
            Reading::DecayedSum => quantity * decay(),
            Reading::DecayedCount => decay(),
            Reading::Count | Reading::Months | Reading::LatestMonths => 0,
        }
    }

    /// The newest and the oldest month within the window that a fact covers, in months before the
    /// window's own, which is 0.
    fn covered(&self, window: Window, fact: &Fact) -> Option<(u32, u32)> {
        let (first, last) = fact.covers?;
        let this = window.on.month();
        let most = i32::try_from(MONTHS_MOST).unwrap_or(0);
        let oldest = self.within.unwrap_or(most).min(most).checked_sub(1)?;
        let newest = this.saturating_sub(last).max(0);
        let oldest = this.saturating_sub(first).min(oldest);
        let (newest, oldest) = (u32::try_from(newest).ok()?, u32::try_from(oldest).ok()?);
        (newest <= oldest).then_some((newest, oldest))
    }
}

/// A set of months, by how long before the window's own each lies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Months([u128; 2]);

impl Months {
    fn add(&mut self, newest: u32, oldest: u32) {
        let below = |end: u32, from: u32| match end.saturating_sub(from) {
            0 => 0,
            bits @ 1..128 => (1_u128 << bits) - 1,
            _ => u128::MAX,
        };
        for (part, from) in self.0.iter_mut().zip([0, 128]) {
            *part |= below(oldest + 1, from) & !below(newest, from);
        }
    }

    fn count(self) -> i64 {
        self.0.iter().map(|part| i64::from(part.count_ones())).sum()
    }
}

/// What [`decay_thousandths`] says of every age at which something is left.
pub(crate) fn decay_table(half_life: u32) -> Arc<[u16]> {
    let worth = |age: i64| u16::try_from(decay_thousandths(age, half_life)).unwrap_or(0);
    (0..).map(worth).take_while(|worth| *worth > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_counted_once() {
        for (spans, count) in [
            (&[(0, 0)][..], 1),
            (&[(0, 11), (6, 17)], 18),
            (&[(100, 150), (120, 130)], 51),
            (&[(127, 128)], 2),
            (&[(128, 128), (127, 127)], 2),
            (&[(0, 239)], 240),
        ] {
            let mut months = Months::default();
            for (newest, oldest) in spans {
                months.add(*newest, *oldest);
            }
            assert_eq!(months.count(), count, "{spans:?}");
        }
    }
}
