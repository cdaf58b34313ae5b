//! Pass two: the fold over what lives, with reasons that sum exactly to the points.

use jiff::civil::Date;
use record::{AsOf, ClauseId, Logged, RecordNumber, SubjectKind};
use serde::Serialize;

use crate::because::Because;
use crate::counted::{Counted, counted, value_text};
use crate::fold::{Fold, Score, Tally};
use crate::improve::{self, Improvement};
use crate::plan::NOTICES;
use crate::policy::{Bundle, Card, Letter, Reading, Text, clause_id};
use crate::reading::Fact;
use crate::resolve::{Resolution, resolve};
use crate::standing::Standing;

/// A grade, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// Rated.
    Rated(Grade),
    /// Not rated. Nothing is worse for it: the ordinary path is open.
    NotRated(NotRated),
}

impl Rating {
    /// The grade, if there is one.
    pub fn grade(&self) -> Option<&Grade> {
        match self {
            Self::Rated(grade) => Some(grade),
            Self::NotRated(_) => None,
        }
    }
}

/// Why a subject is not rated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NotRated {
    /// A person who has had no notice of being rated (guard 2).
    NoNotice,
    /// Under 18 (guard 13).
    Minor,
    /// Dead (guard 13).
    Deceased,
    /// An organisation struck off the register.
    Cancelled,
    /// No scorecard rates this kind of subject.
    NoScorecard,
}

impl NotRated {
    /// Its code in locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoNotice => "no_notice",
            Self::Minor => "minor",
            Self::Deceased => "deceased",
            Self::Cancelled => "cancelled",
            Self::NoScorecard => "no_scorecard",
        }
    }
}

/// A grade and everything that explains it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Grade {
    /// The letter.
    pub letter: Letter,
    /// The points.
    pub points: i32,
    /// The scorecard, e.g. `rating.person`.
    pub scorecard: ClauseId,
    /// The dimensions, in the scorecard's order.
    pub dimensions: Vec<DimensionScore>,
    /// Why: the points of the reasons sum exactly to `points`.
    pub reasons: Vec<Reason>,
    /// What would improve it, the most first.
    pub improvements: Vec<Improvement>,
}

/// One dimension's share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DimensionScore {
    /// Its code within the scorecard.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Its points, within its bounds.
    pub points: i32,
    /// The least it can give.
    pub least: i32,
    /// The most it can give.
    pub most: i32,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reason {
    /// The clause and the records.
    pub because: Because,
    /// The points it gives or takes.
    pub points: i32,
    /// In words.
    pub text: Text,
}

pub(crate) fn grade(bundle: &Bundle, resolution: &Resolution<'_>, on: Date) -> Rating {
    let rules: Vec<(&Card, &Fold)> = match resolution.kind {
        Some(kind) => bundle.folds(kind).collect(),
        None => Vec::new(),
    };
    if rules.is_empty() {
        return Rating::NotRated(NotRated::NoScorecard);
    }
    if resolution.minor {
        return Rating::NotRated(NotRated::Minor);
    }
    if resolution.deceased {
        return Rating::NotRated(NotRated::Deceased);
    }
    if resolution.cancelled {
        return Rating::NotRated(NotRated::Cancelled);
    }
    if resolution.kind == Some(SubjectKind::Person) && !has_notice(resolution) {
        return Rating::NotRated(NotRated::NoNotice);
    }
    let rules = rules.into_iter().filter(|(card, _)| applies(card, resolution));
    let runs = rules.map(|(card, fold)| Run::of(card, fold, resolution, on));
    // Guard 1: the best counts, so that a card of one's own can only add. Of equals it is the last, and
    // the general one stands first.
    let best = runs.max_by_key(|run| (run.score.letter, run.score.points));
    best.and_then(|run| run.grade())
        .map_or(Rating::NotRated(NotRated::NoScorecard), Rating::Rated)
}

/// Whether a scorecard rates this subject: a general one everyone, another those of whom a record counts.
fn applies(card: &Card, resolution: &Resolution<'_>) -> bool {
    card.is_general()
        || resolution.records.iter().any(|resolved| {
            resolved.standing == Standing::Counts
                && card.applies_with.contains(&resolved.logged.record().item)
        })
}

/// One scorecard over what counts.
struct Run<'a> {
    card: &'a Card,
    fold: &'a Fold,
    counted: Vec<Counted<'a>>,
    tally: Tally,
    score: Score,
}

impl<'a> Run<'a> {
    fn of(card: &'a Card, fold: &'a Fold, resolution: &'a Resolution<'a>, on: Date) -> Self {
        let counted = counted(fold, resolution);
        let tally = fold.tally(counted.iter().map(Counted::placed), on);
        let score = fold.score(&tally);
        Self {
            card,
            fold,
            counted,
            tally,
            score,
        }
    }

    fn grade(&self) -> Option<Grade> {
        let Self {
            card,
            fold,
            tally,
            score,
            ..
        } = self;
        let read = self.read();
        Some(Grade {
            letter: score.letter,
            points: score.points,
            scorecard: clause_id(&["rating", &card.code])?,
            dimensions: dimensions(card, score),
            reasons: reasons(card, fold, &read, score),
            improvements: improve::improvements(card, fold, &self.counted, &read, tally, score),
        })
    }

    /// By feature: the records that it reads.
    fn read(&self) -> Vec<Vec<&Counted<'a>>> {
        let mut read = vec![Vec::new(); self.card.features.len()];
        for counted in &self.counted {
            for feature in self.fold.readers(&self.tally, counted.place, &counted.fact) {
                if let Some(of_feature) = read.get_mut(feature) {
                    of_feature.push(counted);
                }
            }
        }
        read
    }
}

/// What the scorecards read of one subject, made ready for folding: for timing, and for trying many.
#[derive(Debug)]
pub struct Facts<'b> {
    parts: Vec<(&'b Fold, Vec<(u16, Fact)>)>,
    on: Date,
}

impl<'b> Facts<'b> {
    /// What every scorecard that applies reads of these records. None if no scorecard does.
    pub fn of(bundle: &'b Bundle, records: &[Logged], as_of: AsOf) -> Option<Self> {
        let resolution = resolve(bundle, records, as_of);
        let rules = bundle
            .folds(resolution.kind?)
            .filter(|(card, _)| applies(card, &resolution));
        let facts = |fold: &Fold| {
            counted(fold, &resolution)
                .iter()
                .map(|one| (one.place, one.fact))
                .collect()
        };
        let parts: Vec<(&Fold, Vec<(u16, Fact)>)> = rules.map(|(_, fold)| (fold, facts(fold))).collect();
        (!parts.is_empty()).then_some(Self { parts, on: as_of.on })
    }

    /// How many facts there are, of all scorecards together.
    pub fn count(&self) -> usize {
        self.parts.iter().map(|(_, facts)| facts.len()).sum()
    }

    /// The best letter and points of these scorecards, without reasons.
    pub fn fold(&self) -> Option<(Letter, i32)> {
        let scores = self.parts.iter().map(|(fold, facts)| {
            let (points, letter) = fold.points(
                &fold.tally(facts.iter().map(|(place, fact)| (*place, fact)), self.on),
                None,
            );
            (letter, points)
        });
        scores.max()
    }
}

/// Whether the person was told of being rated, by act or in a department's file.
fn has_notice(resolution: &Resolution<'_>) -> bool {
    resolution.records.iter().any(|resolved| {
        let code = resolved.logged.record().item.as_str();
        NOTICES.contains(&code) && resolved.standing == Standing::Counts
    })
}

fn dimensions(card: &Card, score: &Score) -> Vec<DimensionScore> {
    let pairs = card.dimensions.iter().zip(&score.dimensions);
    pairs
        .map(|(dimension, (_, points))| DimensionScore {
            code: dimension.code.clone(),
            name: dimension.name.clone(),
            points: *points,
            least: dimension.least,
            most: dimension.most,
        })
        .collect()
}

/// The base, every feature with points, and a line for every bound that was met.
fn reasons(card: &Card, fold: &Fold, read: &[Vec<&Counted<'_>>], score: &Score) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let mut give = |id: &[&str], records: Vec<RecordNumber>, points: i32, text: Text| {
        if let Some(clause) = clause_id(id) {
            reasons.push(Reason {
                because: Because { clause, records },
                points,
                text,
            });
        }
    };
    let code = card.code.as_str();
    give(
        &["rating", code, "base"],
        Vec::new(),
        card.base.points,
        card.base.text.clone(),
    );
    for ((at, feature), (value, points)) in card.features.iter().enumerate().zip(&score.features) {
        if *points != 0 {
            let value = value.unwrap_or(0);
            let of_zero = feature.text_of_zero.clone().filter(|_| value == 0);
            let value = value_text(feature.reading, fold.is_of_money(at), value);
            let records = numbers(feature.reading, read.get(at).map_or(&[], Vec::as_slice));
            give(
                &["rating", code, &feature.code],
                records,
                *points,
                of_zero.unwrap_or_else(|| feature.text.with("value", value)),
            );
        }
    }
    for (dimension, (sum, bounded)) in card.dimensions.iter().zip(&score.dimensions) {
        if sum != bounded {
            let id = ["rating", code, "bound", &dimension.code];
            give(
                &id,
                Vec::new(),
                bounded.saturating_sub(*sum),
                dimension.bound_text.clone(),
            );
        }
    }
    reasons
}

/// The records that a feature read, by number; of the most recent, only itself.
fn numbers(reading: Reading, read: &[&Counted<'_>]) -> Vec<RecordNumber> {
    if reading == Reading::LatestMonths {
        let latest = read
            .iter()
            .max_by_key(|counted| (counted.fact.occurred, counted.number()));
        return latest.map(|counted| counted.number()).into_iter().collect();
    }
    read.iter().map(|counted| counted.number()).collect()
}
