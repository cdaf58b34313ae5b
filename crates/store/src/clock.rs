//! The one place that reads the system's clock.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use record::Date;

/// Time as a parameter: the system's, or one that a test sets.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's clock.
    System,
    /// A clock that stands where it is put.
    Fixed(Arc<Mutex<Timestamp>>),
}

/// Asia/Shanghai: eight hours ahead, without summer time since 1991.
const SHANGHAI: Offset = Offset::constant(8);

impl Clock {
    /// A clock that stands at this moment.
    pub fn fixed(at: Timestamp) -> Self {
        Self::Fixed(Arc::new(Mutex::new(at)))
    }

    /// This moment.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => system_now(),
            Self::Fixed(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub fn now_ms(&self) -> i64 {
        self.now().as_millisecond()
    }

    /// Today in Asia/Shanghai.
    pub fn today(&self) -> Date {
        Self::day_of(self.now())
    }

    /// The day of a moment in Asia/Shanghai.
    pub fn day_of(at: Timestamp) -> Date {
        TimeZone::fixed(SHANGHAI).to_datetime(at).date()
    }

    /// The first moment of a day in Asia/Shanghai, in milliseconds since 1970 UTC.
    pub fn midnight_ms(day: Date) -> i64 {
        let zoned = day.to_zoned(TimeZone::fixed(SHANGHAI));
        zoned.map_or(0, |zoned| zoned.timestamp().as_millisecond())
    }

    /// Date and minute of a stored moment in Asia/Shanghai: `2026-11-23 09:41`.
    pub fn minute_of(ms: i64) -> String {
        let at = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = TimeZone::fixed(SHANGHAI).to_datetime(at);
        format!("{} {:02}:{:02}", local.date(), local.hour(), local.minute())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
fn system_now() -> Timestamp {
    Timestamp::try_from(std::time::SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_sixteen_utc() {
        let before: Timestamp = "2026-11-22T15:59:59Z".parse().unwrap();
        let after: Timestamp = "2026-11-22T16:00:00Z".parse().unwrap();
        assert_eq!(Clock::fixed(before).today(), Date::constant(2026, 11, 22));
        assert_eq!(Clock::fixed(after).today(), Date::constant(2026, 11, 23));
        assert_eq!(Clock::minute_of(after.as_millisecond()), "2026-11-23 00:00");
    }
}
