//! Deadlines of the authorities, in working days. Read from `deadlines.toml`.

use jiff::Span;
use jiff::civil::Date;
use record::ClauseId;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Due};
use super::clauses::clause_id;
use super::fault::Faults;
use super::read::Placed;
use super::text::{LegalBasis, Text};

/// What an authority owes. A closed set: the engine knows what begins each and what ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyKind {
    /// An objection is to be answered.
    ObjectionAnswer,
    /// After an objection was upheld, its source puts the record right.
    Correction,
    /// After a repair, correction or withdrawal, everyone who received the record is told.
    RecipientsTold,
    /// An application for repair: the authority that made the record decides.
    RepairDecision,
    /// An application for repair: the window answers the applicant.
    RepairAnswer,
}

impl DutyKind {
    /// Every duty.
    pub const ALL: [Self; 5] = [
        Self::ObjectionAnswer,
        Self::Correction,
        Self::RecipientsTold,
        Self::RepairDecision,
        Self::RepairAnswer,
    ];

    /// Its code in locale keys, and in clause ids with `-` for `_`.
    pub fn code(self) -> &'static str {
        match self {
            Self::ObjectionAnswer => "objection_answer",
            Self::Correction => "correction",
            Self::RecipientsTold => "recipients_told",
            Self::RepairDecision => "repair_decision",
            Self::RepairAnswer => "repair_answer",
        }
    }

    pub(crate) fn clause(self) -> Option<ClauseId> {
        clause_id(&["deadlines", &self.code().replace('_', "-")])
    }
}

/// A deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// Of which duty.
    pub duty: DutyKind,
    /// Its name.
    pub name: Text,
    /// Who owes it and what, in plain words.
    pub text: Text,
    /// How many working days, the first of them the one after the day that begins it.
    pub working_days: u32,
    /// The most days of any kind, where a law sets such a bound; the earlier of the two is due.
    #[serde(default)]
    pub days_most: Option<u32>,
    /// Written from memory.
    #[serde(default)]
    pub unverified: bool,
    /// What it rests on.
    pub legal_basis: Vec<LegalBasis>,
}

impl Deadline {
    /// The last day, of what began on this day.
    pub fn due(&self, calendar: &Calendar, began: Date) -> Due {
        let due = calendar.due(began, self.working_days);
        let bound = self
            .days_most
            .map(|days| began.saturating_add(Span::new().days(i64::from(days.min(3_660)))));
        match bound {
            // A bound in plain days holds whatever the next calendar says; the working days may still fall before it.
            Some(bound) if bound <= due.on => Due { on: bound, ..due },
            _ => due,
        }
    }
}

/// The most working days that a deadline has.
const WORKING_DAYS_MOST: u32 = 60;

pub(crate) fn verify_deadlines(deadlines: &[Placed<Deadline>], faults: &mut Faults) {
    for (at, Placed { value, place }) in deadlines.iter().enumerate() {
        if !(1..=WORKING_DAYS_MOST).contains(&value.working_days) {
            let message = format!(
                "`{}` working days are not 1 to {WORKING_DAYS_MOST}",
                value.working_days
            );
            place.fault_at(faults, "working_days", message, "guard 6: within the legal days");
        }
        if deadlines
            .iter()
            .take(at)
            .any(|other| other.value.duty == value.duty)
        {
            let message = format!("duty `{}` has two deadlines", value.duty.code());
            place.fault_at(faults, "duty", message, "a duty has one");
        }
    }
}
