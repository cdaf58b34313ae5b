//! What authorities owe a subject, and by when: one line for every objection, application and change still open.

use jiff::civil::Date;
use record::{Act, AsOf, ClauseId, Logged, RecordNumber, SourceCode};
use serde::Serialize;

use crate::plea::Plea;
use crate::policy::{Bundle, DutyKind, Item};
use crate::resolve::{Resolution, Resolved, resolve};
use crate::standing::Standing;

/// Something an authority owes and has not done on the day asked about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Duty {
    /// By when.
    pub due: Date,
    /// What.
    pub what: DutyKind,
    /// The record that it is about.
    pub about: RecordNumber,
    /// The act that began it.
    pub since: RecordNumber,
    /// The day that began it, which does not count itself.
    pub began: Date,
    /// Whether the day lies beyond the announced calendar, so that the next one may move it.
    pub provisional: bool,
    /// Whether the day is over.
    pub late: bool,
    /// Who handed in the record it is about, and owes it.
    pub source: SourceCode,
    /// The clause of the deadline.
    pub clause: ClauseId,
}

/// Everything that is owed to one subject on a day, the most urgent first. A bundle without deadlines sets none.
///
/// Pure, as [`crate::assess`] is; `records` are the same.
pub fn duties(bundle: &Bundle, records: &[Logged], as_of: AsOf) -> Vec<Duty> {
    let resolution = resolve(bundle, records, as_of);
    let mut owed = Owed {
        bundle,
        records,
        on: as_of.on,
        found: Vec::new(),
    };
    for plea in &resolution.pleas {
        owed.take_plea(&resolution, plea);
    }
    for resolved in &resolution.records {
        owed.take_telling(&resolution, resolved);
    }
    owed.found.sort();
    owed.found.dedup();
    owed.found
}

struct Owed<'a> {
    bundle: &'a Bundle,
    records: &'a [Logged],
    on: Date,
    found: Vec<Duty>,
}

impl Owed<'_> {
    /// An objection is answered; once upheld, put right. An application is decided and answered.
    fn take_plea(&mut self, resolution: &Resolution<'_>, plea: &Plea<'_>) {
        let filed = plea.logged.record().occurred;
        let Some(target) = resolved_of(resolution, plea.about).filter(|_| filed <= self.on) else {
            return;
        };
        // Waiting for an answer that has not come, though it may be known to come.
        let answer = plea.answer.filter(|(_, day, _)| *day <= self.on);
        let number = plea.logged.number();
        match (plea.act, answer) {
            // What its source took back meanwhile needs no answer any more.
            (Act::Object, None) if target.mended.is_none_or(|mended| mended < number) => {
                self.owe(DutyKind::ObjectionAnswer, target, number, filed);
            }
            (Act::Object, Some((answer, day, true))) => {
                let mended = target.mended.is_some_and(|mended| mended > number);
                if !mended && !self.is_told(resolution, answer) {
                    self.owe(DutyKind::Correction, target, answer, day);
                }
            }
            (Act::ApplyRepair, None) if lives(target) => {
                self.owe(DutyKind::RepairDecision, target, number, filed);
                self.owe(DutyKind::RepairAnswer, target, number, filed);
            }
            _ => {}
        }
    }

    /// Of an adverse record that had effect and was repaired, corrected or taken back, the recipients are told.
    fn take_telling(&mut self, resolution: &Resolution<'_>, resolved: &Resolved<'_>) {
        if resolved.pending || !resolved.item.is_some_and(Item::is_adverse) {
            return;
        }
        let (Standing::Repaired { by } | Standing::Corrected { by } | Standing::Withdrawn { by }) =
            resolved.standing
        else {
            return;
        };
        let Some(since) = self.day_of(by).filter(|day| *day <= self.on) else {
            return;
        };
        if !self.is_told(resolution, by) {
            self.owe(DutyKind::RecipientsTold, resolved, by, since);
        }
    }

    fn is_told(&self, resolution: &Resolution<'_>, act: RecordNumber) -> bool {
        resolution.told.get(&act).is_some_and(|day| *day <= self.on)
    }

    fn day_of(&self, number: RecordNumber) -> Option<Date> {
        let mut acts = self.records.iter();
        let act = acts.find(|logged| logged.number() == number)?;
        Some(act.record().occurred)
    }

    fn owe(&mut self, what: DutyKind, about: &Resolved<'_>, since: RecordNumber, began: Date) {
        let Some((deadline, clause)) = self.bundle.deadline(what).zip(what.clause()) else {
            return;
        };
        let due = deadline.due(self.bundle.calendar(), began);
        self.found.push(Duty {
            due: due.on,
            what,
            about: about.logged.number(),
            since,
            began,
            provisional: due.provisional,
            late: due.on < self.on,
            source: about.logged.record().source.clone(),
            clause,
        });
    }
}

fn resolved_of<'a>(resolution: &'a Resolution<'a>, number: RecordNumber) -> Option<&'a Resolved<'a>> {
    let records = &resolution.records;
    let at = records.binary_search_by_key(&number, |resolved| resolved.logged.number());
    records.get(at.ok()?)
}

/// An application is moot once its record has no effect any more.
fn lives(target: &Resolved<'_>) -> bool {
    matches!(
        target.standing,
        Standing::Counts | Standing::Disputed { .. } | Standing::Pending
    )
}
