//! One pass over everyone: each rated by both, and how the points of features differ.

use std::collections::BTreeMap;

use assess::{GroupLabels, Letter, LifeSpan, NotRated, Rated, RatedWho, Rater, Scorecard};
use jiff::civil::Date;
use segment::{Batch, Subject};

use super::Trial;
use crate::error::Result;
use crate::everyone::{each, holds};

/// A rating without its reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grade<'b> {
    pub(super) card: &'b str,
    pub(super) letter: Letter,
    pub(super) points: i32,
}

/// One subject under both.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'b> {
    pub(super) subject: u64,
    pub(super) before: std::result::Result<Grade<'b>, NotRated>,
    pub(super) after: std::result::Result<Grade<'b>, NotRated>,
    pub(super) groups: GroupLabels,
}

impl<'b> Row<'b> {
    /// The scorecard that it is told under: the draft's, or else the one in force.
    pub(super) fn card(&self) -> Option<&'b str> {
        self.after.or(self.before).ok().map(|grade| grade.card)
    }
}

/// How one feature's points differ over everyone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) people: u64,
    pub(super) more: u64,
    pub(super) less: u64,
}

/// By scorecard and feature.
pub(super) type Differences<'b> = BTreeMap<(&'b str, &'b str), Difference>;

/// Everyone under both.
#[derive(Debug, Default)]
pub(super) struct Found<'b> {
    /// By subject.
    pub(super) rows: Vec<Row<'b>>,
    pub(super) differences: Differences<'b>,
}

/// Rates everyone by both, on as many threads as are given.
pub(super) fn rate_both<'b>(trial: &Trial<'b>, on: Date, done: impl Fn(u64) + Sync) -> Result<Found<'b>> {
    for side in [&trial.before, &trial.after] {
        holds(side.mirror, side.bundle)?;
    }
    let parts = each(
        trial.before.mirror,
        trial.threads,
        done,
        || Part::new(trial, on),
        Part::take,
    )?;
    Ok(Found::together(parts.into_iter().map(|part| part.found)))
}

impl Found<'_> {
    fn together(parts: impl Iterator<Item = Self>) -> Self {
        let mut all = Self::default();
        for part in parts {
            all.rows.extend(part.rows);
            for (feature, other) in part.differences {
                let sum = all.differences.entry(feature).or_default();
                sum.people += other.people;
                sum.more += other.more;
                sum.less += other.less;
            }
        }
        all.rows.sort_unstable_by_key(|row| row.subject);
        all
    }
}

/// What one thread works with and has found.
struct Part<'t, 'b> {
    trial: &'t Trial<'b>,
    before: (Rater<'b>, Vec<&'b Scorecard>),
    after: (Rater<'b>, Vec<&'b Scorecard>),
    /// Whether both read the same mirror.
    same: bool,
    /// Room for the spans of one subject in the draft's own mirror.
    own: Batch,
    found: Found<'b>,
}

impl<'t, 'b> Part<'t, 'b> {
    fn new(trial: &'t Trial<'b>, on: Date) -> Self {
        let side = |side: &super::Side<'b>| {
            let rater = Rater::new(side.bundle, &side.mirror.about().plan, on).telling_all();
            (rater, side.bundle.scorecards().collect())
        };
        Self {
            trial,
            before: side(&trial.before),
            after: side(&trial.after),
            same: std::ptr::eq(trial.before.mirror, trial.after.mirror),
            own: Batch::default(),
            found: Found::default(),
        }
    }

    fn take(&mut self, subject: &Subject, spans: &[LifeSpan]) -> Result<()> {
        let before = self.before.0.rate(subject.who, spans);
        let after = if self.same {
            self.after.0.rate(subject.who, spans)
        } else {
            self.after_of(subject)?
        };
        let (was, is) = (graded(&self.before.1, &before), graded(&self.after.1, &after));
        if let (Ok(one), Ok(other)) = (&before, &after) {
            self.differ(one, other);
        }
        self.found.rows.push(Row {
            subject: subject.id,
            before: was,
            after: is,
            groups: self.trial.groups.get(&subject.id).copied().unwrap_or_default(),
        });
        Ok(())
    }

    /// Both mirrors are of one log and so of the same subjects.
    fn after_of(&mut self, subject: &Subject) -> Result<std::result::Result<Rated, NotRated>> {
        let mirror = self.trial.after.mirror;
        Ok(match mirror.find(subject.id) {
            Some(told) => self.after.0.rate(told.who, mirror.read(told, &mut self.own)?),
            None => self.after.0.rate(RatedWho::default(), &[]),
        })
    }

    fn differ(&mut self, before: &Rated, after: &Rated) {
        let (Some(was), Some(is)) = (
            self.before.1.get(usize::from(before.card)),
            self.after.1.get(usize::from(after.card)),
        ) else {
            return;
        };
        let card = is.code.as_str();
        let mut points: BTreeMap<&'b str, i64> = BTreeMap::new();
        for (of, rated, sign) in [(was, before, -1), (is, after, 1)] {
            for (feature, given) in &rated.reasons {
                if let Some(feature) = of.features.get(usize::from(*feature)) {
                    *points.entry(feature.code.as_str()).or_default() += i64::from(*given) * sign;
                }
            }
        }
        for (feature, points) in points.into_iter().filter(|(_, points)| *points != 0) {
            let sum = self.found.differences.entry((card, feature)).or_default();
            sum.people += 1;
            if points > 0 {
                sum.more += points.unsigned_abs();
            } else {
                sum.less += points.unsigned_abs();
            }
        }
    }
}

fn graded<'b>(
    cards: &[&'b Scorecard],
    rating: &std::result::Result<Rated, NotRated>,
) -> std::result::Result<Grade<'b>, NotRated> {
    let rated = rating.as_ref().map_err(|why| *why)?;
    let card = cards.get(usize::from(rated.card)).ok_or(NotRated::NoScorecard)?;
    Ok(Grade {
        card: card.code.as_str(),
        letter: rated.letter,
        points: rated.points,
    })
}
