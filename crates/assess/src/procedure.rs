//! Where an entry of a list, or an entry in the making, stands in its procedure: the steps that its records
//! made, and those that may follow, each with its day by the calendar.
//!
//! Records are heard in the order of their days. A step toward force is heard only in its state, with its
//! document and once its waiting time is over, so that no decision comes before the time for a defence is
//! over. What ends an entry (an exit, a repair, a withdrawal, its term) is heard whenever it comes.

use std::collections::BTreeMap;

use jiff::civil::Date;
use record::{Act, ClauseId, ItemCode, ListCode, Logged, RecordNumber, same_name_key};
use serde::Serialize;

use crate::entry::is_whole;
use crate::exits::{Exit, text_of};
use crate::policy::{Bundle, Calendar, LIST_FIELD, List, Step, Text, Who, clause_id};
use crate::resolve::{Resolved, plus_months};
use crate::standing::Standing;

/// The source that is the subject itself.
const OWN: &str = "subject";

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StepTaken {
    /// The step's clause, `lists.LIST.STEP`.
    pub clause: ClauseId,
    /// What happened, in plain words.
    pub text: Text,
    /// The record that made it; none if it came by itself.
    pub record: Option<RecordNumber>,
    /// The day.
    pub on: Date,
    /// The code of the state that it reached.
    pub to: String,
    /// Whether it came after the day on which it was due.
    pub late: bool,
}

/// A step that may follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StepAhead {
    /// The step's clause.
    pub clause: ClauseId,
    /// What would happen, in plain words.
    pub text: Text,
    /// Whose step it is.
    pub who: Who,
    /// The item whose record makes it; none if it comes by itself.
    pub by: Option<ItemCode>,
    /// The code of the state that it leads to.
    pub to: String,
    /// The first day on which it can be taken.
    pub from_day: Date,
    /// The last day on which it is in time; of one that comes by itself, its day.
    pub due: Option<Date>,
    /// Whether that day is over.
    pub overdue: bool,
}

/// One entry, or one in the making, in the procedure of its list. Made only here, from records.
///
/// ```compile_fail
/// // It cannot be written down by hand.
/// fn forge(list: record::ListCode, name: assess::Text) -> assess::Procedure {
///     assess::Procedure { list, state: "listed".to_owned(), name, in_force: true }
/// }
/// ```
///
/// ```compile_fail
/// // Nor can a step be said to have been taken without the engine having heard its record.
/// fn taken(clause: record::ClauseId, text: assess::Text, on: jiff::civil::Date) -> assess::StepTaken {
///     assess::StepTaken { clause, text, record: None, on, to: "listed".to_owned(), late: false }
/// }
/// ```
///
/// ```compile_fail
/// // Nor is it read from JSON.
/// fn read(json: &str) -> assess::Procedure {
///     serde_json::from_str(json).unwrap()
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Procedure {
    /// The list.
    pub list: ListCode,
    /// The record that is, or would be, the entry.
    pub entry: Option<RecordNumber>,
    /// The code of the state it is in.
    pub state: String,
    /// The state's name.
    pub name: Text,
    /// Whether the entry has effect in that state.
    pub in_force: bool,
    /// Since when it is in that state.
    pub since: Date,
    /// The steps that led there.
    pub history: Vec<StepTaken>,
    /// The steps that may follow.
    pub next: Vec<StepAhead>,
    /// Records of this case that made no step: too early, out of turn, without a document.
    pub unheard: Vec<RecordNumber>,
}

/// One procedure while its records are heard.
struct Run<'a> {
    list: &'a List,
    source: &'a str,
    case: Option<String>,
    state: String,
    since: Date,
    /// By state: the day on which it was first reached.
    reached: BTreeMap<String, Date>,
    /// The entry's place among the records.
    entry: Option<usize>,
    /// The day on which it came into force.
    in_force_from: Option<Date>,
    history: Vec<StepTaken>,
    unheard: Vec<RecordNumber>,
}

/// Hears every list's procedure. Entries whose procedure is not through are underway, and without effect.
pub(crate) fn hear<'a>(
    bundle: &'a Bundle,
    known: &[&Logged],
    on: Date,
    found: &mut [Resolved<'a>],
) -> Vec<Procedure> {
    let mut made = Vec::new();
    // Few records make steps, and many subjects have none: found once, not once for each list.
    let makers = found.iter().enumerate();
    let makers: Vec<Maker<'_>> = makers
        .filter_map(|(at, resolved)| Maker::of(bundle, at, resolved))
        .collect();
    if makers.is_empty() {
        return made;
    }
    for list in bundle.lists().filter(|list| !list.steps.is_empty()) {
        let mut hearing = Hearing {
            list,
            calendar: bundle.calendar(),
            runs: Vec::new(),
        };
        for at in events(&makers, list, on, found) {
            hearing.hear(at, found);
        }
        for run in &mut hearing.runs {
            run.close(on, known, found);
        }
        settle(list, &makers, &hearing.runs, found);
        made.extend(
            hearing
                .runs
                .iter()
                .filter_map(|run| run.told(bundle.calendar(), on, found)),
        );
    }
    made
}

/// A record that makes a step of some list.
struct Maker<'b> {
    /// Its place among the records.
    at: usize,
    lists: &'b [ListCode],
    /// Whether its item has a field for the list that is meant.
    asks: bool,
    /// The list that it names there.
    names: Option<String>,
}

impl<'b> Maker<'b> {
    fn of(bundle: &'b Bundle, at: usize, resolved: &Resolved<'_>) -> Option<Self> {
        let item = resolved.item?;
        let lists = bundle.step_lists(&item.code);
        if lists.is_empty() {
            return None;
        }
        let asks = item.field(LIST_FIELD).is_some();
        let names = text_of(resolved.logged.record().field(LIST_FIELD)).filter(|_| asks);
        Some(Self {
            at,
            lists,
            asks,
            names,
        })
    }
}

/// The places of the records that make steps of this list, in the order in which they are heard.
fn events(makers: &[Maker<'_>], list: &List, on: Date, found: &[Resolved<'_>]) -> Vec<usize> {
    let mut places: Vec<(Date, RecordNumber, usize)> = Vec::new();
    let mut called: Option<[String; 3]> = None;
    for maker in makers.iter().filter(|maker| maker.lists.contains(&list.code)) {
        let Some((resolved, item)) = found.get(maker.at).and_then(|one| Some((one, one.item?))) else {
            continue;
        };
        let speaks = match resolved.standing {
            Standing::Counts | Standing::Disputed { .. } | Standing::Ended { .. } => true,
            // Of the entry itself its repair and withdrawal are steps; of the others nothing is left.
            Standing::Repaired { .. } | Standing::Withdrawn { .. } => list.items.contains(&item.code),
            _ => false,
        };
        let stated = resolved.logged.record().subject.as_ref();
        let of_kind = stated.is_some_and(|stated| item.subjects.contains(&stated.kind));
        if !speaks || !of_kind || resolved.starts > on {
            continue;
        }
        let about_it = !maker.asks || {
            let known = [list.code.as_str(), &list.name.zh, &list.name.en];
            let called = called.get_or_insert_with(|| known.map(same_name_key));
            maker.names.as_ref().is_some_and(|named| called.contains(named))
        };
        if about_it {
            places.push((resolved.starts, resolved.logged.number(), maker.at));
        }
    }
    places.sort_unstable();
    places.into_iter().map(|(_, _, at)| at).collect()
}

struct Hearing<'a> {
    list: &'a List,
    calendar: &'a Calendar,
    runs: Vec<Run<'a>>,
}

impl<'a> Hearing<'a> {
    fn hear(&mut self, at: usize, found: &[Resolved<'a>]) {
        let Some(resolved) = found.get(at) else { return };
        let Some(item) = resolved.item else { return };
        if self.list.exits.contains(&item.code) {
            return self.hear_exit(resolved, found);
        }
        let record = resolved.logged.record();
        let case_field = self.list.case_field.as_ref();
        let case = case_field.and_then(|name| text_of(record.fields.get(name)));
        let names = Exit::naming(resolved);
        let source = record.source.as_str();
        let (list, calendar) = (self.list, self.calendar);
        let same_case = |run: &&mut Run<'a>| {
            let of_source = run.source == source || source == OWN;
            let entry = run.entry.and_then(|at| found.get(at));
            of_source
                && ((run.case.is_some() && run.case == case)
                    || entry.is_some_and(|entry| names.ends(list, entry)))
        };
        for run in self.runs.iter_mut().rev().filter(|run| same_case(run)) {
            if run.try_step(at, resolved, calendar) {
                return;
            }
        }
        if let Some(step) = self.opening(&item.code).filter(|step| may_open(step, resolved)) {
            return self.open(step, at, resolved, case);
        }
        // Out of turn: it is named where it was meant for, and makes nothing.
        if let Some(run) = self.runs.iter_mut().rev().find(same_case) {
            run.unheard.push(resolved.logged.number());
        }
    }

    fn opening(&self, item: &ItemCode) -> Option<&'a Step> {
        self.list
            .steps
            .iter()
            .find(|step| step.opens() && step.is_by(item))
    }

    fn open(&mut self, step: &'a Step, at: usize, resolved: &Resolved<'a>, case: Option<String>) {
        let source = resolved.logged.record().source.as_str();
        let mut run = Run {
            list: self.list,
            source,
            case,
            state: String::new(),
            since: resolved.starts,
            reached: BTreeMap::new(),
            entry: None,
            in_force_from: None,
            history: Vec::new(),
            unheard: Vec::new(),
        };
        // A case that is opened again begins again: what was noticed before and never decided is over.
        let again = |old: &Run<'a>| {
            old.entry.is_none() && old.case.is_some() && old.case == run.case && old.source == source
        };
        for old in self.runs.iter().filter(|old| again(old)) {
            run.unheard
                .extend(old.history.iter().filter_map(|taken| taken.record));
            run.unheard.extend(&old.unheard);
        }
        self.runs.retain(|old| !again(old));
        run.take(step, Some(resolved.logged.number()), resolved.starts, false);
        if self.list.items.iter().any(|item| step.is_by(item)) {
            run.entry = Some(at);
        }
        self.runs.push(run);
    }

    /// An exit ends the entry that it names, wherever in its procedure that is.
    fn hear_exit(&mut self, resolved: &Resolved<'a>, found: &[Resolved<'a>]) {
        let Some(exit) = Exit::of(self.list, resolved) else {
            return;
        };
        let (item, day) = (
            resolved.item.map(|item| &item.code),
            resolved.logged.record().occurred,
        );
        for run in &mut self.runs {
            let Some(entry) = run.entry.and_then(|at| found.get(at)) else {
                continue;
            };
            if !exit.ends(self.list, entry) {
                continue;
            }
            let over = run.is_over() || entry.ends.is_some_and(|ends| ends < day);
            let steps = run
                .list
                .steps
                .iter()
                .filter(|step| item.is_some_and(|item| step.is_by(item)));
            let step = steps.max_by_key(|step| step.leaves(&run.state));
            match step {
                Some(step) if !over => run.take(step, Some(resolved.logged.number()), day, false),
                _ => run.unheard.push(resolved.logged.number()),
            }
        }
    }
}

fn may_open(step: &Step, resolved: &Resolved<'_>) -> bool {
    step.document.is_none() || resolved.logged.record().document.as_ref().is_some_and(is_whole)
}

impl<'a> Run<'a> {
    /// Whether no step is left.
    fn is_over(&self) -> bool {
        !self.list.steps.iter().any(|step| step.leaves(&self.state))
    }

    /// Takes the step that this record makes from the present state, if it may.
    fn try_step(&mut self, at: usize, resolved: &Resolved<'_>, calendar: &Calendar) -> bool {
        let Some(item) = resolved.item else { return false };
        let step = self.list.steps.iter().find(|step| {
            step.leaves(&self.state)
                && step.is_by(&item.code)
                && may_open(step, resolved)
                && self.first_day(step, calendar) <= resolved.starts
        });
        let Some(step) = step else { return false };
        let late = self.due(step, calendar).is_some_and(|due| due < resolved.starts);
        if self.list.items.contains(&item.code) {
            self.entry = Some(at);
        }
        self.take(step, Some(resolved.logged.number()), resolved.starts, late);
        true
    }

    fn take(&mut self, step: &Step, record: Option<RecordNumber>, on: Date, late: bool) {
        let Some(clause) = clause_id(&["lists", self.list.code.as_str(), &step.code]) else {
            return;
        };
        self.state.clone_from(&step.to);
        self.since = on;
        self.reached.entry(step.to.clone()).or_insert(on);
        if self.list.is_in_force(&step.to) && self.in_force_from.is_none() {
            self.in_force_from = Some(on);
        }
        self.history.push(StepTaken {
            clause,
            text: step.text.clone(),
            record,
            on,
            to: step.to.clone(),
            late,
        });
    }

    /// The first day on which a step can be taken from the present state. What has been waited for once is not
    /// waited for again: who was refused may ask anew.
    fn first_day(&self, step: &Step, calendar: &Calendar) -> Date {
        let began = self.reached.get(&self.state).copied().unwrap_or(self.since);
        let mut first = self.since;
        if step.waits_working_days > 0 {
            let over = calendar.after_working_days(began, step.waits_working_days);
            first = first.max(over.tomorrow().unwrap_or(over));
        }
        first.max(plus_months(began, step.waits_months))
    }

    fn due(&self, step: &Step, calendar: &Calendar) -> Option<Date> {
        let days = step.within_working_days?;
        Some(calendar.after_working_days(self.since, days))
    }

    /// What no record of the list says: the term, a repair, a withdrawal.
    fn close(&mut self, on: Date, known: &[&Logged], found: &[Resolved<'a>]) {
        let Some(entry) = self.entry.and_then(|at| found.get(at)) else {
            return;
        };
        let act = match entry.standing {
            Standing::Repaired { by } => Some((Act::Repair, by)),
            Standing::Withdrawn { by } => Some((Act::Withdraw, by)),
            _ => None,
        };
        let day = act.and_then(|(_, by)| {
            let at = known.binary_search_by_key(&by, |logged| logged.number()).ok()?;
            known.get(at).map(|logged| logged.record().occurred)
        });
        let ends = entry
            .ends
            .filter(|ends| *ends <= on && day.is_none_or(|day| *ends < day));
        if let Some(ends) = ends {
            let steps = &self.list.steps;
            let term = steps.iter().find(|step| step.at_term && step.leaves(&self.state));
            if let Some(term) = term {
                self.take(term, None, ends.max(self.since), false);
            }
        }
        let Some((act, by)) = act else { return };
        let steps = self.list.steps.iter().filter(|step| step.is_by(&act.item()));
        let Some(step) = steps.max_by_key(|step| step.leaves(&self.state)) else {
            return;
        };
        if !self.is_over() || act == Act::Withdraw {
            self.take(step, Some(by), day.unwrap_or(self.since), false);
        }
    }

    fn told(&self, calendar: &Calendar, on: Date, found: &[Resolved<'a>]) -> Option<Procedure> {
        let entry = self.entry.and_then(|at| found.get(at));
        let ends = entry.and_then(|entry| entry.ends);
        let state = self.list.state(&self.state)?;
        let ahead = |step: &Step| {
            let due = if step.at_term {
                ends
            } else {
                self.due(step, calendar)
            };
            Some(StepAhead {
                clause: clause_id(&["lists", self.list.code.as_str(), &step.code])?,
                text: step.text.clone(),
                who: step.who,
                by: step.by.clone(),
                to: step.to.clone(),
                from_day: match due {
                    Some(due) if step.at_term => due,
                    _ => self.first_day(step, calendar),
                },
                due,
                overdue: due.is_some_and(|due| due < on),
            })
        };
        let next = self.list.steps.iter().filter(|step| step.leaves(&self.state));
        let mut unheard = self.unheard.clone();
        unheard.sort_unstable();
        Some(Procedure {
            list: self.list.code.clone(),
            entry: entry.map(|entry| entry.logged.number()),
            state: state.code.clone(),
            name: state.name.clone(),
            in_force: state.in_force,
            since: self.since,
            history: self.history.clone(),
            next: next.filter_map(ahead).collect(),
            unheard,
        })
    }
}

/// An entry has effect from the day on which its procedure put it in force, and none before.
fn settle(list: &List, makers: &[Maker<'_>], runs: &[Run<'_>], found: &mut [Resolved<'_>]) {
    for at in makers.iter().map(|maker| maker.at) {
        let Some(entry) = found.get_mut(at) else { continue };
        if !entry.item.is_some_and(|item| list.items.contains(&item.code)) {
            continue;
        }
        let run = runs.iter().find(|run| run.entry == Some(at));
        match run.and_then(|run| run.in_force_from) {
            Some(day) => entry.starts = entry.starts.max(day),
            None if matches!(entry.standing, Standing::Counts | Standing::Disputed { .. }) => {
                entry.standing = Standing::Underway;
            }
            None => {}
        }
    }
}
