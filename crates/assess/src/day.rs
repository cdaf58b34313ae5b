//! A day as the fold sees it: months and the day of the month in one whole number.

use jiff::civil::Date;

/// A day as `month × 32 + day of the month`, the months counted from the year 0: in the order of days, and whole months
/// between two of them are a subtraction.
///
/// ```
/// use assess::DayStamp;
/// use jiff::civil::date;
/// let (from, to) = (DayStamp::of(date(2025, 12, 31)), DayStamp::of(date(2026, 2, 28)));
/// assert!(from < to);
/// assert_eq!(from.whole_months_until(to), 1);
/// assert_eq!(from.month(), 2025 * 12 + 11);
/// assert_eq!(from.day(), Some(date(2025, 12, 31)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayStamp(pub i32);

impl DayStamp {
    /// Before every day.
    pub const FIRST: Self = Self(i32::MIN);
    /// After every day.
    pub const NEVER: Self = Self(i32::MAX);

    /// The stamp of a day.
    pub fn of(day: Date) -> Self {
        Self((i32::from(day.year()) * 12 + i32::from(day.month()) - 1) * 32 + i32::from(day.day()))
    }

    /// The day; none if it is not the stamp of one.
    pub fn day(self) -> Option<Date> {
        let month = self.month();
        let year = i16::try_from(month.div_euclid(12)).ok()?;
        let of_year = i8::try_from(month.rem_euclid(12) + 1).ok()?;
        let of_month = i8::try_from(self.0.rem_euclid(32)).ok()?;
        Date::new(year, of_year, of_month).ok()
    }

    /// Its month, counted from the year 0.
    pub fn month(self) -> i32 {
        self.0 >> 5
    }

    /// How many whole months lie between two days; 0 if this one is not before the other.
    pub fn whole_months_until(self, other: Self) -> i64 {
        let begun = i32::from(other.0 & 31 < self.0 & 31);
        i64::from((other.month() - self.month() - begun).max(0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn stamps_keep_the_order_of_days(one in 0..3_000_000_i32, other in 0..3_000_000_i32) {
            let day = |days: i32| Date::ZERO.saturating_add(jiff::Span::new().days(days));
            let (one, other) = (day(one), day(other));
            prop_assert_eq!(DayStamp::of(one).cmp(&DayStamp::of(other)), one.cmp(&other));
            prop_assert_eq!(DayStamp::of(one).day(), Some(one));
        }
    }

    #[test]
    fn months_are_whole() {
        let stamp = |y, m, d| DayStamp::of(Date::new(y, m, d).unwrap());
        for (from, to, months) in [
            (stamp(2026, 1, 31), stamp(2026, 2, 28), 0),
            (stamp(2026, 1, 31), stamp(2026, 3, 31), 2),
            (stamp(2025, 12, 1), stamp(2026, 1, 1), 1),
            (stamp(2026, 6, 1), stamp(2026, 1, 1), 0),
        ] {
            assert_eq!(from.whole_months_until(to), months, "{from:?} {to:?}");
        }
    }
}
