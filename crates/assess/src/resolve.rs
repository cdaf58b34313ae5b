//! Pass one: what each known record is worth on the day, once everything that bears on it is heard.
//!
//! References reach backwards only, so records are heard from the newest to the oldest: when a record's
//! turn comes, everything that could silence it has spoken. Corrections, withdrawals, links and
//! confirmations are matters of knowledge and hold for every day asked about; repairs, objections,
//! exits and revocations hold from the day they occurred.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use record::{
    Act, AsOf, Commitment, Ends, ItemCode, Logged, RecordNumber, Reference, Relation, SourceCode,
    SubjectKind, SubmissionId, Target, Value, resident_birth_date, same_name_key,
};

use crate::assessment::Standing;
use crate::policy::{Bundle, CountsFrom, Item, List};

/// A known record of the subject and what it is worth on the day.
#[derive(Debug, Clone)]
pub(crate) struct Resolved<'a> {
    pub(crate) logged: &'a Logged,
    /// Its catalogue item; `None` for acts and for items no longer in the catalogue.
    pub(crate) item: Option<&'a Item>,
    pub(crate) standing: Standing,
    /// The first day on which it has effect.
    pub(crate) starts: Date,
    /// The first day on which it has none, if nothing else happens.
    pub(crate) ends: Option<Date>,
}

/// All that pass one found.
#[derive(Debug, Clone)]
pub(crate) struct Resolution<'a> {
    pub(crate) kind: Option<SubjectKind>,
    pub(crate) minor: bool,
    pub(crate) deceased: bool,
    /// By number.
    pub(crate) records: Vec<Resolved<'a>>,
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
    answers: Vec<Answer>,
}

#[derive(Debug, Clone)]
struct Answer {
    number: RecordNumber,
    source: SourceCode,
    occurred: Date,
    upheld: bool,
}

pub(crate) fn resolve<'a>(bundle: &'a Bundle, records: &'a [Logged], as_of: AsOf) -> Resolution<'a> {
    let known: BTreeMap<RecordNumber, &Logged> = records
        .iter()
        .filter(|logged| as_of.knows(logged.number()))
        .map(|logged| (logged.number(), logged))
        .collect();
    let mut hearing = Hearing {
        bundle,
        on: as_of.on,
        by_commitment: known
            .values()
            .map(|logged| (logged.commitment(), logged.number()))
            .collect(),
        known: &known,
        heard: BTreeMap::new(),
        confirmed: BTreeSet::new(),
        pending: BTreeSet::new(),
    };
    for logged in known.values().rev() {
        hearing.hear(logged);
    }
    let mut found: Vec<Resolved<'a>> = known
        .values()
        .filter(|logged| hearing.about(logged.number()).linked != Some(false))
        .filter(|logged| logged.record().act().is_none_or(has_standing))
        .map(|logged| hearing.standing(logged))
        .collect();
    apply_exits(bundle, as_of.on, &mut found);
    let person = Person::of(&found, as_of.on);
    Resolution {
        kind: person.kind,
        minor: person.minor,
        deceased: person.deceased,
        records: found,
    }
}

/// Acts that are themselves in force or not, beside bearing on others.
fn has_standing(act: Act) -> bool {
    matches!(act, Act::Notice | Act::Consent)
}

struct Hearing<'a, 'k> {
    bundle: &'a Bundle,
    on: Date,
    known: &'k BTreeMap<RecordNumber, &'a Logged>,
    by_commitment: BTreeMap<Commitment, RecordNumber>,
    heard: BTreeMap<RecordNumber, Heard>,
    confirmed: BTreeSet<(SubmissionId, SourceCode)>,
    pending: BTreeSet<RecordNumber>,
}

impl<'a> Hearing<'a, '_> {
    fn about(&self, number: RecordNumber) -> Heard {
        self.heard.get(&number).cloned().unwrap_or_default()
    }

    /// Hears one record: whether it may speak, and if so, what it says about earlier ones.
    fn hear(&mut self, logged: &'a Logged) {
        let (number, record) = (logged.number(), logged.record());
        if record.act() == Some(Act::Object) {
            self.judge_objection(logged);
        }
        let heard = self.about(number);
        let adverse = self.bundle.item(&record.item).is_some_and(Item::is_adverse);
        let confirmed = self
            .confirmed
            .contains(&(logged.submission(), record.source.clone()));
        if adverse && !confirmed {
            self.pending.insert(number);
            return;
        }
        if heard.corrected.is_some() || heard.withdrawn.is_some() || heard.linked == Some(false) {
            return;
        }
        for reference in &record.references {
            self.apply(logged, *reference);
        }
    }

    fn apply(&mut self, speaker: &Logged, reference: Reference) {
        if let Target::Submission(submission) = reference.target {
            let says_so = speaker.record().act() == Some(Act::Confirm);
            if says_so && reference.relation == Relation::Confirms {
                self.confirmed
                    .insert((submission, speaker.record().source.clone()));
            }
            return;
        }
        let Some(target) = self.target(speaker, reference.target) else {
            return;
        };
        let (number, record) = (speaker.number(), speaker.record());
        let same_source = record.source == target.record().source;
        let for_others = self
            .bundle
            .source(&record.source)
            .is_some_and(|s| s.repairs_for_others);
        let has_come = record.occurred <= self.on;
        let consent = target.record().act() == Some(Act::Consent);
        let heard = self.heard.entry(target.number()).or_default();
        match reference.relation {
            Relation::Corrects if same_source => heard.corrected = Some(number),
            Relation::Withdraws if same_source => heard.withdrawn = Some(number),
            Relation::Repairs if has_come && (same_source || for_others) => heard.repaired = Some(number),
            Relation::Revokes if has_come && consent => heard.withdrawn = Some(number),
            Relation::Links => heard.linked = heard.linked.or(Some(true)),
            Relation::Unlinks => heard.linked = heard.linked.or(Some(false)),
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

    /// An objection suspends until it is answered by who decided the record; upheld, it takes it back.
    fn judge_objection(&mut self, objection: &Logged) {
        let heard = self.about(objection.number());
        if heard.withdrawn.is_some() || heard.corrected.is_some() {
            return;
        }
        for reference in &objection.record().references {
            if reference.relation != Relation::ObjectsTo {
                continue;
            }
            let Some(target) = self.target(objection, reference.target) else {
                continue;
            };
            let may_answer = |answer: &&Answer| {
                answer.source == target.record().source
                    || self
                        .bundle
                        .source(&answer.source)
                        .is_some_and(|s| s.repairs_for_others)
            };
            let answer = heard
                .answers
                .iter()
                .filter(may_answer)
                .min_by_key(|answer| answer.number);
            let open = answer.is_none_or(|answer| self.on < answer.occurred);
            let filed = objection.record().occurred <= self.on;
            let upheld = answer.filter(|answer| answer.upheld).map(|answer| answer.number);
            let about = self.heard.entry(target.number()).or_default();
            about.withdrawn = upheld.or(about.withdrawn);
            if open && filed {
                about.disputed = Some(objection.number());
            }
        }
    }

    /// The record that a reference means: known, and earlier than who refers to it.
    fn target(&self, speaker: &Logged, target: Target) -> Option<&'a Logged> {
        let number = match target {
            Target::Number(number) => number,
            Target::Commitment(commitment) => *self.by_commitment.get(&commitment)?,
            Target::Submission(_) => return None,
        };
        let found = self.known.get(&number).copied()?;
        (number < speaker.number()).then_some(found)
    }

    fn standing(&self, logged: &'a Logged) -> Resolved<'a> {
        let (number, record) = (logged.number(), logged.record());
        let item = self.bundle.item(&record.item);
        let (starts, ends) = span_of(self.bundle, logged, item);
        let heard = self.about(number);
        let standing = if let Some(by) = heard.corrected {
            Standing::Corrected { by }
        } else if let Some(by) = heard.withdrawn {
            Standing::Withdrawn { by }
        } else if self.pending.contains(&number) {
            Standing::Pending
        } else if item.is_none() && record.act().is_none() {
            Standing::Uncatalogued
        } else if let Some(by) = heard.repaired {
            Standing::Repaired { by }
        } else if self.on < starts {
            Standing::Future
        } else if let Some(on) = ends.filter(|end| *end <= self.on) {
            Standing::Ended { on }
        } else if let Some(by) = heard.disputed {
            Standing::Disputed { by }
        } else {
            Standing::Counts
        };
        Resolved {
            logged,
            item,
            standing,
            starts,
            ends,
        }
    }
}

/// From which day on a record has effect, and from which day on no more: its own end, its item's cap and
/// its lists' terms, whichever comes first (guard 7, at every reading).
fn span_of(bundle: &Bundle, logged: &Logged, item: Option<&Item>) -> (Date, Option<Date>) {
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
    let terms = bundle
        .lists()
        .filter(|list| list.items.contains(&item.code))
        .map(|list| {
            let months = if own.is_some() {
                list.term_months_most
            } else {
                list.term_months
            };
            plus_months(counted_from, months)
        });
    let ends = own.into_iter().chain(cap).chain(terms).min();
    (starts, ends)
}

pub(crate) fn plus_months(day: Date, months: u32) -> Date {
    let months = i32::try_from(months).unwrap_or(i32::MAX).min(12 * 200);
    day.saturating_add(Span::new().months(months))
}

/// Ends the entries that a living exit names.
fn apply_exits(bundle: &Bundle, on: Date, found: &mut [Resolved<'_>]) {
    for list in bundle.lists().filter(|list| !list.exits.is_empty()) {
        let exits: Vec<Exit> = found.iter().filter_map(|exit| Exit::of(list, exit)).collect();
        for entry in found.iter_mut().filter(|entry| is_of(&list.items, entry)) {
            let out = exits
                .iter()
                .filter(|exit| exit.ends(list, entry))
                .map(|exit| exit.occurred)
                .min();
            let Some(out) = out.filter(|out| entry.ends.is_none_or(|end| *out < end)) else {
                continue;
            };
            entry.ends = Some(out);
            if out <= on && matches!(entry.standing, Standing::Counts | Standing::Disputed { .. }) {
                entry.standing = Standing::Ended { on: out };
            }
        }
    }
}

fn is_of(items: &[ItemCode], resolved: &Resolved<'_>) -> bool {
    resolved.item.is_some_and(|item| items.contains(&item.code))
}

struct Exit {
    occurred: Date,
    commitments: Vec<Commitment>,
    numbers: Vec<RecordNumber>,
    document: Option<String>,
}

impl Exit {
    /// An exit that lives; one that is to come ends its entry on its day.
    fn of(list: &List, exit: &Resolved<'_>) -> Option<Self> {
        let lives = matches!(
            exit.standing,
            Standing::Counts | Standing::Future | Standing::Disputed { .. } | Standing::Ended { .. }
        );
        if !lives || !is_of(&list.exits, exit) {
            return None;
        }
        let record = exit.logged.record();
        let (mut commitments, mut numbers) = (Vec::new(), Vec::new());
        for reference in record.references.iter().filter(|r| r.relation == Relation::Exits) {
            match reference.target {
                Target::Number(number) => numbers.push(number),
                Target::Commitment(commitment) => commitments.push(commitment),
                Target::Submission(_) => {}
            }
        }
        Some(Self {
            occurred: record.occurred,
            commitments,
            numbers,
            document: text_of(record.field("entry_document")),
        })
    }

    fn ends(&self, list: &List, entry: &Resolved<'_>) -> bool {
        let record = entry.logged.record();
        if record.occurred > self.occurred {
            return false;
        }
        let number = record
            .document
            .as_ref()
            .map(|document| same_name_key(&document.number));
        let fields = list
            .exit_fields
            .iter()
            .map(|name| text_of(record.fields.get(name)));
        let mut named = std::iter::once(number).chain(fields).flatten();
        self.numbers.contains(&entry.logged.number())
            || self.commitments.contains(&entry.logged.commitment())
            || self
                .document
                .as_ref()
                .is_some_and(|document| named.any(|name| name == *document))
    }
}

fn text_of(value: Option<&Value>) -> Option<String> {
    match value {
        Some(Value::Text(text)) => Some(same_name_key(text)),
        _ => None,
    }
}

/// What is known of who the subject is. Used to protect, never to rate.
struct Person {
    kind: Option<SubjectKind>,
    minor: bool,
    deceased: bool,
}

impl Person {
    fn of(found: &[Resolved<'_>], on: Date) -> Self {
        let living = |resolved: &&Resolved<'_>| {
            !matches!(
                resolved.standing,
                Standing::Corrected { .. } | Standing::Withdrawn { .. } | Standing::Pending
            )
        };
        let stated = |founds: bool| {
            found
                .iter()
                .filter(living)
                .filter(|resolved| !founds || resolved.item.is_some_and(|item| item.founds))
                .find_map(|resolved| resolved.logged.record().subject.as_ref())
        };
        let kind = stated(true).or_else(|| stated(false)).map(|stated| stated.kind);
        if kind != Some(SubjectKind::Person) {
            return Self {
                kind,
                minor: false,
                deceased: false,
            };
        }
        let born = found.iter().filter(living).flat_map(|resolved| {
            let record = resolved.logged.record();
            let said = record
                .subject
                .as_ref()
                .and_then(|stated| stated.identifier.as_ref());
            let registered = match record.field("birth_date") {
                Some(Value::Date(day)) if resolved.item.is_some_and(|item| item.founds) => Some(*day),
                _ => None,
            };
            [registered, said.and_then(resident_birth_date)]
                .into_iter()
                .flatten()
        });
        // Where the sources disagree, the youngest age protects.
        let minor = born
            .max()
            .is_some_and(|born| on < born.saturating_add(18.years()));
        let deceased = found.iter().filter(living).any(|resolved| {
            let register = resolved.item.is_some_and(|item| item.founds);
            matches!(resolved.logged.record().field("death_date"), Some(Value::Date(day)) if register && *day <= on)
        });
        Self {
            kind,
            minor,
            deceased,
        }
    }
}
