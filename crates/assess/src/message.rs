//! What a person or organisation is told of its own file: a pure function of its records and of what follows from them. What
//! follows from looks is told where looks are known.

use std::collections::BTreeSet;

use jiff::Span;
use record::{Act, Date, Ends, Logged, RecordNumber, Relation, SubmissionId, Target};

use crate::policy::MessageKind as Kind;
use crate::{Assessment, Bundle, Standing};

/// Something that one is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What.
    pub kind: Kind,
    /// The record whose page tells more.
    pub about: RecordNumber,
    /// The record that brought it about.
    pub by: RecordNumber,
    /// How many records of one item on one day it tells of.
    pub count: u64,
    /// Since which day it is told.
    pub on: Date,
}

/// The messages that stand on a day, the newest first. `received` says on which day a hand-in came.
pub fn messages(
    bundle: &Bundle,
    records: &[Logged],
    assessment: &Assessment,
    today: Date,
    received: impl Fn(SubmissionId) -> Date,
) -> Vec<Message> {
    let all = All {
        bundle,
        records,
        assessment,
        today,
    };
    let mut found = all.came_in(&received);
    for logged in records {
        found.extend(match logged.record().act() {
            None => all.became(logged, &received),
            Some(act) => all.done(logged, act, &received),
        });
    }
    found.retain(|message| all.stands(message));
    found.sort_by_key(|message| std::cmp::Reverse((message.on, message.by)));
    found
}

struct All<'a> {
    bundle: &'a Bundle,
    records: &'a [Logged],
    assessment: &'a Assessment,
    today: Date,
}

impl All<'_> {
    fn stands(&self, message: &Message) -> bool {
        let Some(rule) = self.bundle.message_rule(message.kind) else {
            return false;
        };
        let last = message
            .on
            .saturating_add(Span::new().days(i64::from(rule.days.min(3_660))));
        message.on <= self.today && self.today < last
    }

    fn get(&self, number: RecordNumber) -> Option<&Logged> {
        self.records.iter().find(|logged| logged.number() == number)
    }

    fn standing(&self, logged: &Logged) -> Option<Standing> {
        self.assessment
            .standing(logged.number())
            .map(|found| found.standing)
    }

    /// Records that came in and speak as the rule names, those of one item on one day as one message.
    fn came_in(&self, received: &impl Fn(SubmissionId) -> Date) -> Vec<Message> {
        let Some(rule) = self.bundle.message_rule(Kind::RecordIn) else {
            return Vec::new();
        };
        let mut found: Vec<(&Logged, Message)> = Vec::new();
        let mut corrections = BTreeSet::new();
        for logged in self.records {
            if let Some(Standing::Corrected { by }) = self.standing(logged) {
                corrections.insert(by);
            }
        }
        for logged in self.records {
            let record = logged.record();
            let item = self.bundle.item(&record.item);
            let told = item.is_some_and(|item| rule.natures.contains(&item.nature))
                && !rule.leaves_out.contains(&record.item)
                && self.standing(logged).is_some()
                && !corrections.contains(&logged.number());
            if !told {
                continue;
            }
            let on = received(logged.submission());
            let alike = |one: &&mut (&Logged, Message)| one.1.on == on && one.0.record().item == record.item;
            if let Some((_, message)) = found.iter_mut().find(alike) {
                message.count += 1;
            } else {
                found.push((
                    logged,
                    message(Kind::RecordIn, logged.number(), logged.number(), on),
                ));
            }
        }
        found.into_iter().map(|(_, message)| message).collect()
    }

    /// What became of a record.
    fn became(&self, logged: &Logged, received: &impl Fn(SubmissionId) -> Date) -> Option<Message> {
        let number = logged.number();
        let at = |by: RecordNumber| self.get(by).map(|by| (by, received(by.submission())));
        match self.standing(logged)? {
            Standing::Corrected { by } => {
                let (_, on) = at(by)?;
                Some(message(Kind::RecordCorrected, by, by, on))
            }
            // An answer that upheld an objection is told as that.
            Standing::Withdrawn { by } => {
                let (act, on) = at(by)?;
                (act.record().act() == Some(Act::Withdraw))
                    .then(|| message(Kind::RecordWithdrawn, number, by, on))
            }
            Standing::Repaired { by } => {
                let (_, on) = at(by)?;
                Some(message(Kind::RepairDecided, number, by, on))
            }
            Standing::Ended { on } => {
                let adverse = self
                    .bundle
                    .item(&logged.record().item)
                    .is_some_and(crate::Item::is_adverse);
                adverse.then(|| message(Kind::RecordEnded, number, number, on))
            }
            _ => None,
        }
    }

    /// What an act tells.
    fn done(&self, logged: &Logged, act: Act, received: &impl Fn(SubmissionId) -> Date) -> Option<Message> {
        let number = logged.number();
        let on = received(logged.submission());
        match act {
            Act::Answer => {
                let asked = self.get(target(logged, Relation::Answers)?)?;
                let (kind, relation) = match asked.record().act()? {
                    Act::Object => (Kind::ObjectionAnswered, Relation::ObjectsTo),
                    Act::ApplyRepair => (Kind::RepairDecided, Relation::Asks),
                    _ => return None,
                };
                Some(message(kind, target(asked, relation)?, number, on))
            }
            Act::Consent if self.standing(logged) == Some(Standing::Counts) => {
                let before = self.bundle.message_rule(Kind::ConsentEnds)?.days_before;
                let ends = logged.record().ends.map(Ends::day)?;
                let on = ends.saturating_sub(Span::new().days(i64::from(before.min(3_660))));
                let on = on.max(logged.record().occurred);
                Some(message(Kind::ConsentEnds, number, number, on))
            }
            Act::Appoint => Some(message(Kind::Appointed, number, number, on)),
            Act::AnswerAppointment => {
                let about = target(logged, Relation::Answers)?;
                Some(message(Kind::AppointmentAnswered, about, number, on))
            }
            _ => None,
        }
    }
}

fn message(kind: Kind, about: RecordNumber, by: RecordNumber, on: Date) -> Message {
    Message {
        kind,
        about,
        by,
        count: 1,
        on,
    }
}

fn target(logged: &Logged, relation: Relation) -> Option<RecordNumber> {
    let mut references = logged.record().references.iter();
    references.find_map(|reference| match reference.target {
        Target::Number(number) if reference.relation == relation => Some(number),
        _ => None,
    })
}
