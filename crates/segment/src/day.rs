//! Days as Parquet counts them.

use jiff::civil::{Date, date};
use jiff::{Span, Unit};

const EPOCH: Date = date(1970, 1, 1);

/// Days since 1970.
pub fn days_of(day: Date) -> i32 {
    let since = day.since((Unit::Day, EPOCH));
    since.map_or(0, |span| span.get_days())
}

/// The day so many days after the beginning of 1970; none beyond the year 9999.
pub fn day_of(days: i32) -> Option<Date> {
    EPOCH.checked_add(Span::new().try_days(days).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        for (day, days) in [
            (EPOCH, 0),
            (date(1969, 12, 31), -1),
            (date(2026, 11, 27), 20_784),
            (Date::MIN, -4_371_587),
            (Date::MAX, 2_932_896),
        ] {
            assert_eq!((days_of(day), day_of(days)), (days, Some(day)));
        }
        assert_eq!(day_of(i32::MAX), None);
    }
}
