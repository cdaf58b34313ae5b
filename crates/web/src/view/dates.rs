//! Days and moments, in Asia/Shanghai.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use crate::lang::Lang;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day: `2026年11月23日`, `23 November 2026`.
pub(crate) fn day(lang: Lang, day: Date) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Lang::En => {
            format!("{} {} {}", day.day(), english(day), day.year())
        }
    }
}

/// The month that a day is in: `2026年11月`, `November 2026`.
pub(crate) fn month(lang: Lang, day: Date) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月", day.year(), day.month()),
        Lang::En => format!("{} {}", english(day), day.year()),
    }
}

fn english(day: Date) -> &'static str {
    let at = usize::try_from(day.month() - 1).ok();
    at.and_then(|at| MONTHS.get(at)).copied().unwrap_or_default()
}

/// A moment as one says it on `today`: `今天 09:41`, `11月18日 09:41`, `2025年11月18日 09:41`.
pub(crate) fn moment(lang: Lang, moment: Timestamp, today: Date) -> String {
    let local = moment.to_zoned(shanghai());
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    let on = local.date();
    if on == today {
        return format!("{} {time}", lang.t("today"));
    }
    match lang {
        Lang::Zh if on.year() == today.year() => format!("{}月{}日 {time}", on.month(), on.day()),
        _ => format!("{} {time}", day(lang, on)),
    }
}

/// A moment with its day and year, whatever today is: for what is read later, on paper.
pub(crate) fn moment_whole(lang: Lang, moment: Timestamp) -> String {
    let local = moment.to_zoned(shanghai());
    format!(
        "{} {:02}:{:02}",
        day(lang, local.date()),
        local.hour(),
        local.minute()
    )
}

/// China has had one offset and no summer time since 1991; no time-zone database is needed.
pub(crate) fn shanghai() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments() {
        let today = Date::constant(2026, 11, 23);
        assert_eq!(day(Lang::Zh, today), "2026年11月23日");
        assert_eq!(day(Lang::En, today), "23 November 2026");
        assert_eq!(month(Lang::Zh, today), "2026年11月");
        assert_eq!(month(Lang::En, today), "November 2026");
        let at: Timestamp = "2026-11-23T01:41:00Z".parse().unwrap();
        assert_eq!(moment(Lang::Zh, at, today), "今天 09:41");
        let at: Timestamp = "2026-11-17T16:05:00Z".parse().unwrap();
        assert_eq!(moment(Lang::Zh, at, today), "11月18日 00:05");
        assert_eq!(moment(Lang::En, at, today), "18 November 2026 00:05");
    }
}
