//! What one feature reads of the records that feed it, one reading at a time.
//!
//! A fact is what a packed record of 24 bytes can hold: item, day, one whole number, and the first and
//! last month it speaks of. Nothing else of a record can reach a score. Integers only.

use jiff::Span;
use jiff::civil::Date;

use crate::policy::{Feature, MONTHS_MOST, Reading, decay_thousandths};

/// What the fold sees of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fact {
    /// Its item's place in the catalogue, by code.
    pub(crate) item: u16,
    /// The day it occurred.
    pub(crate) occurred: Date,
    /// Its quantity, 0 if its item has none.
    pub(crate) quantity: i64,
    /// The first and the last month it covers, see [`month_of`]; none if nobody asks.
    pub(crate) covers: Option<(i32, i32)>,
}

/// How one feature reads.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    pub(crate) reading: Reading,
    pub(crate) within: Option<i32>,
    pub(crate) half_life: u32,
    pub(crate) each_most: i64,
}

/// A feature's window on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    on: Date,
    /// Facts must have occurred after this day.
    after: Option<Date>,
}

/// What a feature has gathered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Gathered {
    count: i64,
    /// Wide enough for any number of any quantities, so that what is added can be taken out again.
    sum: i128,
    latest: Option<Date>,
    months: Months,
}

impl Reader {
    pub(crate) fn new(feature: &Feature) -> Self {
        Self {
            reading: feature.reading,
            within: feature
                .within_months
                .map(|months| i32::try_from(months).unwrap_or(1200).min(1200)),
            half_life: feature.half_life_months.unwrap_or(1),
            each_most: feature.each_most.unwrap_or(i64::MAX),
        }
    }

    pub(crate) fn window(&self, on: Date) -> Window {
        let after = self
            .within
            .map(|months| on.saturating_sub(Span::new().months(months)));
        Window { on, after }
    }

    /// Whether this fact is within the window: by its day, or by the months it covers.
    pub(crate) fn reads(&self, window: Window, fact: &Fact) -> bool {
        match self.reading {
            Reading::Months => self.covered(window, fact).is_some(),
            _ => window.after.is_none_or(|after| fact.occurred > after),
        }
    }

    pub(crate) fn gather(&self, window: Window, gathered: &mut Gathered, fact: &Fact) {
        if !self.reads(window, fact) {
            return;
        }
        match self.reading {
            Reading::LatestMonths => gathered.latest = gathered.latest.max(Some(fact.occurred)),
            Reading::Months => {
                if let Some((newest, oldest)) = self.covered(window, fact) {
                    gathered.months.add(newest, oldest);
                }
            }
            Reading::Count | Reading::Sum | Reading::DecayedCount | Reading::DecayedSum => {
                gathered.count += 1;
                gathered.sum += self.share(window, fact);
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
            Reading::LatestMonths => gathered.latest.map(|latest| whole_months(latest, window.on)),
        }
    }

    /// What one fact adds to a sum: never below 0.
    fn share(&self, window: Window, fact: &Fact) -> i128 {
        let decay = || {
            i128::from(decay_thousandths(
                whole_months(fact.occurred, window.on),
                self.half_life,
            ))
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
        let this = month_of(window.on);
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

/// The month of a day, counted from the year 0.
pub(crate) fn month_of(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

/// How many whole months lie between two days; 0 if the first is not before the second.
pub(crate) fn whole_months(from: Date, to: Date) -> i64 {
    let begun = i32::from(to.day() < from.day());
    i64::from((month_of(to) - month_of(from) - begun).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

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
