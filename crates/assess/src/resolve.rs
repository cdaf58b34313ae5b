//! Pass one: what each known record is worth on the day, once everything that bears on it is heard.
//!
//! References reach backwards only, so records are heard from the newest to the oldest: when a record's
//! turn comes, everything that could silence it has spoken. Corrections, withdrawals, links and
//! confirmations are matters of knowledge and hold for every day asked about; repairs, objections,
//! exits and revocations hold from the day they occurred.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::Date;
use record::{
    Act, AsOf, Commitment, Ends, Logged, RecordNumber, Reference, Relation, SourceCode, SubjectKind,
    SubmissionId, Target, Value,
};

use crate::exits::apply_exits;
use crate::person::{Person, silence_juvenile};
use crate::plea::{Answer, Plea, first_heard};
use crate::policy::{Bundle, CountsFrom, Item};
use crate::procedure::{self, Procedure};
use crate::standing::Standing;

/// A known record of the subject and what it is worth on the day.
#[derive(Debug, Clone)]
pub(crate) struct Resolved<'a> {
    pub(crate) logged: &'a Logged,
    /// Its catalogue item; `None` for acts and for items no longer in the catalogue.
    pub(crate) item: Option<&'a Item>,
    pub(crate) standing: Standing,
    /// Whether it still waits for its second officer, whatever became of it since.
    pub(crate) pending: bool,
    /// The objection that is open on the day, whatever else silences it.
    pub(crate) disputed: Option<RecordNumber>,
    /// The correction or withdrawal by its own source, if there was one.
    pub(crate) mended: Option<RecordNumber>,
    /// The first day on which it has effect.
    pub(crate) starts: Date,
    /// The first day on which it has none, if nothing else happens.
    pub(crate) ends: Option<Date>,
}

/// All that pass one found.
#[derive(Debug, Clone)]
pub(crate) struct Resolution<'a> {
    pub(crate) kind: Option<SubjectKind>,
    pub(crate) person: Person,
    pub(crate) minor: bool,
    pub(crate) deceased: bool,
    /// Of lists, each entry's or would-be entry's.
    pub(crate) procedures: Vec<Procedure>,
    /// An organisation that is struck off the register (注销).
    pub(crate) cancelled: bool,
    /// By number.
    pub(crate) records: Vec<Resolved<'a>>,
    /// Objections and applications for repair that were heard, by number.
    pub(crate) pleas: Vec<Plea<'a>>,
    /// What an act told the recipients of, and on which day.
    pub(crate) told: BTreeMap<RecordNumber, Date>,
}

/// What later records have said about one record.
#[derive(Debug, Clone, Default)]
struct Heard {
    corrected: Option<RecordNumber>,
    withdrawn: Option<RecordNumber>,
    repaired: Option<RecordNumber>,
    disputed: Option<RecordNumber>,
    /// The newest word on its link: whether it stands.
    linked: Option<bool>,
    /// The link that joined it to this subject, if it did not come so.
    linked_by: Option<RecordNumber>,
    /// The newest correction or withdrawal by its own source.
    mended: Option<RecordNumber>,
    answers: Vec<Answer>,
}

pub(crate) fn resolve<'a>(bundle: &'a Bundle, records: &'a [Logged], as_of: AsOf) -> Resolution<'a> {
    let mut hearing = Hearing::of(bundle, records, as_of);
    for at in (0..hearing.slots.len()).rev() {
        hearing.hear(at);
    }
    let mut found: Vec<Resolved<'a>> = hearing
        .slots
        .iter()
        .filter(|slot| slot.heard.linked != Some(false))
        .filter(|slot| slot.act.is_none_or(has_standing))
        .map(|slot| slot.resolved(bundle, as_of.on))
        .collect();
    apply_exits(bundle, as_of.on, &mut found);
    let known: Vec<&Logged> = hearing.slots.iter().map(|slot| slot.logged).collect();
    let procedures = procedure::hear(bundle, &known, as_of.on, &mut found);
    let person = Person::of(&found);
    let (minor, deceased) = (person.is_minor(as_of.on), person.is_deceased(as_of.on));
    silence_juvenile(&person, &mut found);
    hearing
        .pleas
        .sort_by_key(|plea| (plea.logged.number(), plea.about));
    Resolution {
        kind: person.kind,
        minor,
        deceased,
        procedures: if minor || deceased { Vec::new() } else { procedures },
        cancelled: person.is_cancelled(as_of.on),
        person,
        records: found,
        pleas: hearing.pleas,
        told: hearing.told,
    }
}

/// Acts that are themselves in force or not, beside bearing on others.
fn has_standing(act: Act) -> bool {
    matches!(
        act,
        Act::Notice | Act::Consent | Act::Appoint | Act::NameRepresentative
    )
}

/// A known record, and what has been heard of it so far.
struct Slot<'a> {
    logged: &'a Logged,
    item: Option<&'a Item>,
    act: Option<Act>,
    pending: bool,
    heard: Heard,
}

struct Hearing<'a> {
    bundle: &'a Bundle,
    on: Date,
    /// By number, each once.
    slots: Vec<Slot<'a>>,
    /// Empty if nothing refers by commitment.
    by_commitment: BTreeMap<Commitment, RecordNumber>,
    confirmed: BTreeMap<SubmissionId, Vec<(&'a SourceCode, RecordNumber)>>,
    /// Hand-ins taken back as a whole, by whom and in which act; the newest act first.
    undone: BTreeMap<SubmissionId, Vec<(&'a SourceCode, RecordNumber)>>,
    pleas: Vec<Plea<'a>>,
    told: BTreeMap<RecordNumber, Date>,
}

impl<'a> Hearing<'a> {
    fn of(bundle: &'a Bundle, records: &'a [Logged], as_of: AsOf) -> Self {
        let mut known: Vec<&Logged> = records
            .iter()
            .filter(|logged| as_of.knows(logged.number()))
            .collect();
        known.sort_by_key(|logged| logged.number());
        known.dedup_by_key(|logged| logged.number());
        let slot = |logged: &'a Logged| {
            let item = bundle.item(&logged.record().item);
            Slot {
                logged,
                item,
                act: logged.record().act().filter(|_| item.is_none()),
                pending: false,
                heard: Heard::default(),
            }
        };
        let by_commitment = known
            .iter()
            .flat_map(|logged| &logged.record().references)
            .any(|reference| matches!(reference.target, Target::Commitment(_)))
            .then(|| {
                let pairs = known.iter().map(|logged| (logged.commitment(), logged.number()));
                pairs.collect()
            });
        Self {
            bundle,
            on: as_of.on,
            by_commitment: by_commitment.unwrap_or_default(),
            slots: known.into_iter().map(slot).collect(),
            confirmed: BTreeMap::new(),
            undone: BTreeMap::new(),
            pleas: Vec::new(),
            told: BTreeMap::new(),
        }
    }

    /// Hears one record: whether it may speak, and if so, what it says about earlier ones.
    fn hear(&mut self, at: usize) {
        let Some(slot) = self.slots.get(at) else { return };
        let (logged, act) = (slot.logged, slot.act);
        if let Some(act @ (Act::Object | Act::ApplyRepair)) = act {
            let heard = slot.heard.clone();
            match act {
                Act::Object => self.judge_objection(logged, &heard),
                _ => self.note_application(logged, &heard),
            }
        }
        // Guard 6: whoever joined it to this subject did so under a second officer's eyes, too.
        let linked_by = self.slots.get(at).and_then(|slot| slot.heard.linked_by);
        let confirmed = self.confirmed_since(logged, linked_by);
        let Some(slot) = self.slots.get_mut(at) else {
            return;
        };
        let by = self.undone.get(&logged.submission()).into_iter().flatten();
        let mut own = by.filter(|(source, at)| **source == logged.record().source && *at > logged.number());
        // The first of them took it back.
        if let Some((_, at)) = own.next_back() {
            slot.heard.withdrawn = Some(*at);
            slot.heard.mended = slot.heard.mended.or(Some(*at));
        }
        if slot.item.is_some_and(Item::is_adverse) {
            // Guard 4, at every reading: without its document an adverse fact waits for ever.
            slot.pending = !confirmed || logged.record().document.is_none();
        } else if act == Some(Act::NameRepresentative) {
            slot.pending = !confirmed;
        }
        let silenced = slot.heard.corrected.is_some() || slot.heard.withdrawn.is_some();
        if slot.pending || silenced || slot.heard.linked == Some(false) {
            return;
        }
        for reference in &logged.record().references {
            self.apply(logged, act, *reference);
        }
    }

    fn apply(&mut self, speaker: &'a Logged, act: Option<Act>, reference: Reference) {
        let (number, record) = (speaker.number(), speaker.record());
        if let Target::Submission(submission) = reference.target {
            match (act, reference.relation) {
                (Some(Act::Confirm), Relation::Confirms) => {
                    let by = self.confirmed.entry(submission).or_default();
                    by.push((&record.source, number));
                }
                // A whole hand-in is taken back by two officers, as a whole hand-in takes effect by two.
                (Some(Act::Withdraw), Relation::Withdraws)
                    if self.confirmed_since(speaker, Some(speaker.number())) =>
                {
                    let by = self.undone.entry(submission).or_default();
                    by.push((&record.source, number));
                }
                _ => {}
            }
            return;
        }
        let for_others = self.repairs_for_others(&record.source);
        let has_come = record.occurred <= self.on;
        let Some(target) = self.target(speaker, reference.target) else {
            return;
        };
        let same_source = record.source == target.logged.record().source;
        let given = matches!(target.act, Some(Act::Consent | Act::Appoint));
        let heard = &mut target.heard;
        match reference.relation {
            Relation::Corrects if same_source => {
                heard.corrected = Some(number);
                heard.mended = heard.mended.or(Some(number));
            }
            Relation::Withdraws if same_source => {
                heard.withdrawn = Some(number);
                heard.mended = heard.mended.or(Some(number));
            }
            Relation::Repairs if has_come && (same_source || for_others) => heard.repaired = Some(number),
            Relation::Revokes if has_come && given => heard.withdrawn = Some(number),
            Relation::Links => {
                heard.linked = heard.linked.or(Some(true));
                heard.linked_by = heard.linked_by.or(Some(number));
            }
            Relation::Unlinks => heard.linked = heard.linked.or(Some(false)),
            // Only who made the act, or the one window, tells of it; what others tell answers nothing either.
            Relation::Answers if act == Some(Act::Tell) && !(has_come && (same_source || for_others)) => {}
            Relation::Answers if act == Some(Act::Tell) => {
                let about = target.logged.number();
                self.told.entry(about).or_insert(record.occurred);
            }
            Relation::Answers => heard.answers.push(Answer {
                number,
                source: record.source.clone(),
                occurred: record.occurred,
                upheld: matches!(record.field("upheld"), Some(Value::Bool(true))),
            }),
            // Objections are judged with their answers, exits with their lists; the rest has no standing to
            // say what it says.
            _ => {}
        }
    }

    /// Whether a second officer of the same source confirmed the hand-in that this came with.
    fn confirmed_since(&self, logged: &Logged, since: Option<RecordNumber>) -> bool {
        let mut by = self.confirmed.get(&logged.submission()).into_iter().flatten();
        by.any(|(source, at)| **source == logged.record().source && since.is_none_or(|since| *at > since))
    }

    /// An objection suspends until it is answered by who decided the record; upheld, it takes it back.
    fn judge_objection(&mut self, objection: &'a Logged, heard: &Heard) {
        if heard.withdrawn.is_some() || heard.corrected.is_some() {
            return;
        }
        let filed = objection.record().occurred <= self.on;
        let on = self.on;
        for reference in &objection.record().references {
            if reference.relation != Relation::ObjectsTo {
                continue;
            }
            let for_others: Vec<bool> = heard
                .answers
                .iter()
                .map(|answer| self.repairs_for_others(&answer.source))
                .collect();
            let Some(target) = self.target(objection, reference.target) else {
                continue;
            };
            let answer = first_heard(&heard.answers, &for_others, &target.logged.record().source);
            let open = answer.is_none_or(|answer| on < answer.occurred);
            let upheld = answer.filter(|answer| answer.upheld).map(|answer| answer.number);
            target.heard.withdrawn = upheld.or(target.heard.withdrawn);
            if open && filed {
                target.heard.disputed = Some(objection.number());
            }
            let about = target.logged.number();
            self.pleas.push(Plea::of(objection, Act::Object, about, answer));
        }
    }

    /// An application for repair changes nothing; it only waits for its answer.
    fn note_application(&mut self, application: &'a Logged, heard: &Heard) {
        if heard.withdrawn.is_some() || heard.corrected.is_some() {
            return;
        }
        let for_others: Vec<bool> = heard
            .answers
            .iter()
            .map(|answer| self.repairs_for_others(&answer.source))
            .collect();
        for reference in &application.record().references {
            if reference.relation != Relation::Asks {
                continue;
            }
            let Some(target) = self.target(application, reference.target) else {
                continue;
            };
            let answer = first_heard(&heard.answers, &for_others, &target.logged.record().source);
            let about = target.logged.number();
            self.pleas
                .push(Plea::of(application, Act::ApplyRepair, about, answer));
        }
    }

    fn repairs_for_others(&self, source: &SourceCode) -> bool {
        self.bundle
            .source(source)
            .is_some_and(|source| source.repairs_for_others)
    }

    /// The record that a reference means: known, and earlier than who refers to it.
    fn target(&mut self, speaker: &Logged, target: Target) -> Option<&mut Slot<'a>> {
        let number = match target {
            Target::Number(number) => number,
            Target::Commitment(commitment) => *self.by_commitment.get(&commitment)?,
            Target::Submission(_) => return None,
        };
        if number >= speaker.number() {
            return None;
        }
        let at = self
            .slots
            .binary_search_by_key(&number, |slot| slot.logged.number());
        self.slots.get_mut(at.ok()?)
    }
}

impl<'a> Slot<'a> {
    fn resolved(&self, bundle: &Bundle, on: Date) -> Resolved<'a> {
        // What occurred when its item had ended, or was none yet, is told by no catalogue.
        let item = self.item.filter(|item| item.takes(self.logged.record().occurred));
        let (starts, ends) = span_of(bundle, self.logged, item);
        let heard = &self.heard;
        let standing = if let Some(by) = heard.corrected {
            Standing::Corrected { by }
        } else if let Some(by) = heard.withdrawn {
            Standing::Withdrawn { by }
        } else if self.pending {
            Standing::Pending
        } else if item.is_none() && self.act.is_none() {
            Standing::Uncatalogued
        } else if let Some(by) = heard.repaired {
            Standing::Repaired { by }
        } else if on < starts {
            Standing::Future
        } else if let Some(on) = ends.filter(|end| *end <= on) {
            Standing::Ended { on }
        } else if let Some(by) = heard.disputed {
            Standing::Disputed { by }
        } else {
            Standing::Counts
        };
        Resolved {
            logged: self.logged,
            item,
            standing,
            pending: self.pending,
            disputed: heard.disputed,
            mended: heard.mended,
            starts,
            ends,
        }
    }
}

/// From which day on a record has effect, and from which day on no more: its own end, its item's cap and
/// its lists' terms, whichever comes first (guard 7, at every reading).
pub(crate) fn span_of(bundle: &Bundle, logged: &Logged, item: Option<&Item>) -> (Date, Option<Date>) {
    let record = logged.record();
    let own = record.ends.map(Ends::day);
    let Some(item) = item else {
        return (record.occurred, own);
    };
    let document = record.document.as_ref().map(|document| document.date);
    let counted_from = match (item.counts_from, document) {
        (CountsFrom::Document, Some(date)) => date,
        _ => record.occurred,
    };
    // An adverse fact has no effect before the document it rests on.
    let starts = match document {
        Some(date) if item.is_adverse() => record.occurred.max(date),
        _ => record.occurred,
    };
    let cap = item
        .effect_months_most
        .map(|months| plus_months(counted_from, months));
    let terms = bundle.terms(&item.code).map(|terms| {
        let months = if own.is_some() { terms.most } else { terms.default };
        plus_months(counted_from, months)
    });
    let ends = own.into_iter().chain(cap).chain(terms).min();
    (starts, ends)
}

pub(crate) fn plus_months(day: Date, months: u32) -> Date {
    let months = i32::try_from(months).unwrap_or(i32::MAX).min(12 * 200);
    day.saturating_add(Span::new().months(months))
}
