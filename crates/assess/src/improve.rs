//! What would improve a grade, by running the same fold on what could be.

use jiff::civil::Date;
use record::{ClauseId, RecordNumber};
use serde::Serialize;

use crate::counted::{Counted, missing_text, value_text};
use crate::fold::{Fold, Score, Tally};
use crate::policy::{Card, CountsFrom, Feature, Letter, Reading, Text, clause_id};
use crate::resolve::plus_months;

/// One step, and what it would bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Improvement {
    /// The clause of the scorecard that it touches.
    pub clause: ClauseId,
    /// What kind of step.
    pub step: Step,
    /// In words.
    pub text: Text,
    /// The records it is about.
    pub records: Vec<RecordNumber>,
    /// How many points it brings by itself, all else being equal. Always above 0.
    pub points: i32,
    /// The letter then.
    pub letter_then: Letter,
    /// From which day on; `None` if at once.
    pub on: Option<Date>,
}

/// What kind of step it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Ask for repair (信用修复).
    Repair,
    /// Do more of what is good.
    More,
    /// Wait: it ends by itself.
    Wait,
}

/// How many steps are shown, and how many records of one feature are looked at one by one.
const STEPS_MOST: usize = 12;
const RECORDS_MOST: usize = 32;

pub(crate) fn improvements(
    card: &Card,
    fold: &Fold,
    counted: &[Counted<'_>],
    read: &[Vec<&Counted<'_>>],
    tally: &Tally,
    now: &Score,
) -> Vec<Improvement> {
    let run = Counterfactual {
        card,
        fold,
        counted,
        read,
        tally,
        now,
    };
    let mut found = Vec::new();
    // A record that several features read is told once, under the one that takes the most.
    let mut features: Vec<(usize, &Feature)> = card.features.iter().enumerate().collect();
    features.sort_by_key(|(at, _)| now.features.get(*at).map_or(0, |(_, points)| *points));
    for (at, feature) in features {
        run.more(at, feature, &mut found);
        run.less(at, feature, &mut found);
    }
    found.sort_by(|one, other| {
        let key = |step: &Improvement| (std::cmp::Reverse(step.points), step.on, step.step);
        key(one)
            .cmp(&key(other))
            .then_with(|| one.clause.cmp(&other.clause))
            .then_with(|| one.records.cmp(&other.records))
    });
    found.truncate(STEPS_MOST);
    found
}

struct Counterfactual<'a> {
    card: &'a Card,
    fold: &'a Fold,
    counted: &'a [Counted<'a>],
    read: &'a [Vec<&'a Counted<'a>>],
    tally: &'a Tally,
    now: &'a Score,
}

impl Counterfactual<'_> {
    /// The next bin of a feature that speaks well.
    fn more(&self, at: usize, feature: &Feature, found: &mut Vec<Improvement>) {
        let Some(improve) = &feature.improve else { return };
        if feature.reading == Reading::LatestMonths {
            return;
        }
        let (value, points) = self.now.features.get(at).copied().unwrap_or((None, 0));
        let value = value.unwrap_or(0);
        let next = feature
            .bins
            .iter()
            .find(|bin| bin.from > value && bin.points > points);
        let Some(next) = next else { return };
        let then = self.fold.points(self.tally, Some((at, next.from)));
        if then.0 <= self.now.points {
            return;
        }
        let of_money = self.fold.is_of_money(at);
        let missing = missing_text(feature.reading, of_money, next.from.saturating_sub(value));
        let text = improve
            .with("missing", missing)
            .with("next", value_text(feature.reading, of_money, next.from));
        self.give(feature, Step::More, text, Vec::new(), then, None, found);
    }

    /// The adverse records of a feature gone: repaired, or ended by themselves; each, and all together.
    fn less(&self, at: usize, feature: &Feature, found: &mut Vec<Improvement>) {
        let taken = self.now.features.get(at).is_some_and(|(_, points)| *points < 0);
        if !taken {
            return;
        }
        let mut read = self.read.get(at).cloned().unwrap_or_default();
        read.sort_by_key(|counted| std::cmp::Reverse((counted.fact.occurred, counted.number())));
        for counted in read.iter().take(RECORDS_MOST) {
            self.without(feature, std::slice::from_ref(counted), found);
        }
        if read.len() > 1 {
            self.without(feature, &read, found);
        }
    }

    fn without(&self, feature: &Feature, gone: &[&Counted<'_>], found: &mut Vec<Improvement>) {
        let numbers: Vec<RecordNumber> = gone.iter().map(|counted| counted.number()).collect();
        let left = || {
            let others = self.counted.iter();
            others
                .filter(|counted| !numbers.contains(&counted.number()))
                .map(Counted::placed)
        };
        let tally = self
            .fold
            .tally_without(self.tally, gone.iter().map(|counted| counted.placed()), left);
        let then = self.fold.points(&tally, None);
        if then.0 <= self.now.points {
            return;
        }
        let mut numbers = numbers;
        numbers.sort_unstable();
        if gone.iter().all(|counted| counted.item.repairable) {
            let from = gone.iter().map(|counted| repairable_from(counted)).max();
            let from = from.filter(|from| *from > self.on());
            let text = repair_text(feature, numbers.len(), from);
            self.give(feature, Step::Repair, text, numbers.clone(), then, from, found);
        }
        let ends: Option<Vec<Date>> = gone.iter().map(|counted| counted.resolved.ends).collect();
        if let Some(end) = ends.and_then(|ends| ends.into_iter().max()) {
            let text = wait_text(feature, numbers.len(), end);
            self.give(feature, Step::Wait, text, numbers, then, Some(end), found);
        }
    }

    fn on(&self) -> Date {
        self.tally.on()
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one step, given once")]
    fn give(
        &self,
        feature: &Feature,
        step: Step,
        text: Text,
        records: Vec<RecordNumber>,
        (points_then, letter_then): (i32, Letter),
        on: Option<Date>,
        found: &mut Vec<Improvement>,
    ) {
        let points = points_then.saturating_sub(self.now.points);
        let told =
            |other: &Improvement| !records.is_empty() && other.step == step && other.records == records;
        if found.iter().any(told) {
            return;
        }
        let Some(clause) = clause_id(&["rating", &self.card.code, &feature.code]).filter(|_| points > 0)
        else {
            return;
        };
        found.push(Improvement {
            clause,
            step,
            text,
            records,
            points,
            letter_then,
            on,
        });
    }
}

/// The first day on which repair may be asked for: when the shortest display is reached.
fn repairable_from(counted: &Counted<'_>) -> Date {
    let item = counted.item;
    let record = counted.resolved.logged.record();
    let from = match (item.counts_from, &record.document) {
        (CountsFrom::Document, Some(document)) => document.date,
        _ => record.occurred,
    };
    plus_months(from, item.display_months_least.unwrap_or(0))
}

fn repair_text(feature: &Feature, records: usize, from: Option<Date>) -> Text {
    let (zh, en) = (&feature.name.zh, &feature.name.en);
    match from {
        None => Text::new(
            format!("改正并履行后，现在即可申请信用修复：{zh}（{records} 条）"),
            format!("once put right, ask for repair now: {en} ({records})"),
        ),
        Some(day) => Text::new(
            format!("改正并履行后，自 {day} 起可申请信用修复：{zh}（{records} 条）"),
            format!("once put right, ask for repair from {day} on: {en} ({records})"),
        ),
    }
}

fn wait_text(feature: &Feature, records: usize, end: Date) -> Text {
    let (zh, en) = (&feature.name.zh, &feature.name.en);
    Text::new(
        format!("{end} 到期后自动不再计入：{zh}（{records} 条）"),
        format!("ends by itself on {end}: {en} ({records})"),
    )
}
