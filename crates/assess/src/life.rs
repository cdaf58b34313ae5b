//! What a subject's records are worth on every day at once: references resolved, and no day asked yet.
//!
//! A record counts on days that hang together, but for objections, which suspend it while they are open. So each record
//! becomes a few spans of days, and a rating on any day is the fold over the spans that hold it. Equal to the letter to
//! [`assess`](crate::assess) on that day, which a property test holds.

use std::collections::BTreeSet;

use jiff::civil::Date;
use record::{AsOf, Logged, RecordNumber, TreeSize};

use crate::counted::{covers, quantity};
use crate::day::DayStamp;
use crate::plan::Plan;
use crate::policy::Bundle;
use crate::rater::Who;
use crate::reading::Fact;
use crate::resolve::{Resolution, Resolved, resolve, span_of};
use crate::standing::Standing;

/// A record, or an act with a standing of its own, on the days on which it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LifeSpan {
    /// Its line in the plan.
    pub line: u16,
    /// The first day on which it counts.
    pub from: DayStamp,
    /// The first day on which it counts no more.
    pub until: DayStamp,
    /// What the fold sees of it.
    pub fact: Fact,
}

impl LifeSpan {
    /// Whether it counts on a day.
    pub fn counts_on(&self, on: DayStamp) -> bool {
        self.from <= on && on < self.until
    }
}

/// A subject, as far as rating reads it, on every day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// Who it is.
    pub who: Who,
    /// By line, and within one by day.
    pub spans: Vec<LifeSpan>,
}

/// The life of a subject at a size of the log. `records` are as [`assess`](crate::assess) takes them.
pub fn life(bundle: &Bundle, plan: &Plan, records: &[Logged], known: TreeSize) -> Life {
    let turns: Vec<Date> = turns(bundle, records, known).into_iter().collect();
    let first = resolve(bundle, records, AsOf { on: Date::MIN, known });
    let mut spans: Vec<(RecordNumber, LifeSpan)> = Vec::with_capacity(first.records.len());
    let end = |at: usize| turns.get(at).map_or(DayStamp::NEVER, |day| DayStamp::of(*day));
    gather(plan, &first, (DayStamp::FIRST, end(0)), &mut spans);
    for (at, on) in turns.iter().enumerate() {
        let found = resolve(bundle, records, AsOf { on: *on, known });
        gather(plan, &found, (DayStamp::of(*on), end(at + 1)), &mut spans);
    }
    spans.sort_by_key(|(number, span)| (span.line, *number, span.from));
    // Where one turn of another record's changes nothing for this one, its days go on.
    spans.dedup_by(|(number, next), (before, span)| {
        let goes_on = number == before && next.line == span.line && next.from == span.until;
        if goes_on {
            span.until = next.until;
        }
        goes_on
    });
    let mut spans: Vec<LifeSpan> = spans.into_iter().map(|(_, span)| span).collect();
    spans.sort_by_key(|span| (span.line, span.fact.occurred, span.from));
    Life {
        who: Who {
            kind: first.kind,
            born: first.person.born,
            over: first.person.died.or(first.person.cancelled),
        },
        spans,
    }
}

/// The days on which anything may change but by the beginning and the end that a record has anyway: days of acts and of
/// whatever refers to another, and the first days of what makes steps of a list's procedure.
fn turns(bundle: &Bundle, records: &[Logged], known: TreeSize) -> BTreeSet<Date> {
    let mut turns = BTreeSet::new();
    for logged in records.iter().filter(|logged| logged.number().0 < known.0) {
        let record = logged.record();
        if record.act().is_some() || !record.references.is_empty() {
            turns.insert(record.occurred);
        }
        let item = bundle.item(&record.item);
        if item.is_some_and(|item| !bundle.step_lists(&item.code).is_empty()) {
            let item = item.filter(|item| item.takes(record.occurred));
            turns.insert(span_of(bundle, logged, item).0);
        }
    }
    turns
}

/// The spans of what counts between two turns, from the first day to before the second.
fn gather(
    plan: &Plan,
    found: &Resolution<'_>,
    between: (DayStamp, DayStamp),
    spans: &mut Vec<(RecordNumber, LifeSpan)>,
) {
    for resolved in found.records.iter().filter(|resolved| may_count(resolved)) {
        let from = DayStamp::of(resolved.starts).max(between.0);
        let until = resolved.ends.map_or(DayStamp::NEVER, DayStamp::of).min(between.1);
        if from >= until {
            continue;
        }
        let record = resolved.logged.record();
        for (line, reads) in plan.of_item(&record.item) {
            let span = LifeSpan {
                line,
                from,
                until,
                fact: Fact {
                    occurred: DayStamp::of(record.occurred),
                    quantity: quantity(reads.quantity.as_ref(), resolved),
                    covers: reads.period().and_then(|period| covers(&period, resolved)),
                },
            };
            spans.push((resolved.logged.number(), span));
        }
    }
}

/// Whether nothing but its own first and last day keeps it from counting.
fn may_count(resolved: &Resolved<'_>) -> bool {
    let own_days = matches!(
        resolved.standing,
        Standing::Counts | Standing::Future | Standing::Ended { .. }
    );
    own_days && resolved.disputed.is_none()
}
