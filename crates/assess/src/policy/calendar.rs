//! Working days: weekends, and the State Council's yearly list of holidays and 调休.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::read;
use super::text::{LegalBasis, Text};

/// A stretch of days off, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// Its name.
    pub name: Text,
    /// Its first day.
    #[serde(deserialize_with = "read::date")]
    pub from: Date,
    /// Its last day.
    #[serde(deserialize_with = "read::date")]
    pub to: Date,
}

/// A weekend day that is worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workday {
    /// The day.
    #[serde(deserialize_with = "read::date")]
    pub on: Date,
}

/// The calendar. Without any file it knows weekends only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Calendar {
    pub(crate) holidays: Vec<Holiday>,
    pub(crate) workdays: Vec<Workday>,
    pub(crate) legal_basis: Vec<LegalBasis>,
    /// The last day that the lists reach, if the file says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) announced_to: Option<Date>,
}

/// A day by which something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Due {
    /// The last day.
    pub on: Date,
    /// Whether days counted in it lie beyond the announced calendar, so that the next one may move it.
    pub provisional: bool,
}

/// What stands in the file beside the days.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CalendarHead {
    #[serde(default)]
    pub(crate) legal_basis: Vec<LegalBasis>,
    #[serde(default, deserialize_with = "read::optional_date")]
    pub(crate) announced_to: Option<Date>,
}

impl Calendar {
    /// Whether offices work on this day.
    pub fn is_working_day(&self, day: Date) -> bool {
        if self.workdays.iter().any(|workday| workday.on == day) {
            return true;
        }
        let holiday = |holiday: &Holiday| (holiday.from..=holiday.to).contains(&day);
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        !weekend && !self.holidays.iter().any(holiday)
    }

    /// The day that is so many working days after this one; the day itself does not count.
    pub fn after_working_days(&self, day: Date, working_days: u32) -> Date {
        let mut found = day;
        let mut left = working_days.min(1_000);
        // Ten years of days bound the walk, whatever a calendar says.
        for _ in 0..3_660 {
            if left == 0 {
                break;
            }
            let Ok(next) = found.tomorrow() else { break };
            found = next;
            if self.is_working_day(found) {
                left -= 1;
            }
        }
        found
    }

    /// The last day that is announced: as the file says, or else the end of the last year it has a holiday
    /// in. After it plain weekdays are all that is known.
    pub fn announced_to(&self) -> Option<Date> {
        let last = self.holidays.iter().map(|holiday| holiday.to).max();
        let year_end = last.map(Date::last_of_year);
        self.announced_to.or(year_end)
    }

    /// As [`Calendar::after_working_days`], and whether the calendar reaches that far.
    pub fn due(&self, day: Date, working_days: u32) -> Due {
        let on = self.after_working_days(day, working_days);
        let provisional = self.announced_to().is_none_or(|last| on > last);
        Due { on, provisional }
    }

    /// The holidays, as they are announced.
    pub fn holidays(&self) -> &[Holiday] {
        &self.holidays
    }

    /// The weekend days that are worked.
    pub fn workdays(&self) -> impl Iterator<Item = Date> {
        self.workdays.iter().map(|workday| workday.on)
    }

    /// What its days rest on.
    pub fn legal_basis(&self) -> &[LegalBasis] {
        &self.legal_basis
    }
}
