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
}

/// What stands in the file beside the days.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CalendarHead {
    #[serde(default)]
    pub(crate) legal_basis: Vec<LegalBasis>,
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

    /// What its days rest on.
    pub fn legal_basis(&self) -> &[LegalBasis] {
        &self.legal_basis
    }
}
