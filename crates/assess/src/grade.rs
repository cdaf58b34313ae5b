//! Pass two: the fold over what lives, with reasons that sum exactly to the points.

use jiff::civil::Date;
use record::{ClauseId, RecordNumber, SubjectKind, Value};
use serde::Serialize;

use crate::because::Because;
use crate::counted::{Counted, value_text};
use crate::fold::{Fact, Fold, Score};
use crate::improve::{self, Improvement};
use crate::policy::{Bundle, Card, Feature, Item, Letter, Reading, Text, clause_id};
use crate::resolve::{Resolution, Resolved};
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
    let rules = resolution.kind.and_then(|kind| bundle.fold(kind));
    let Some((card, fold)) = rules else {
        return Rating::NotRated(NotRated::NoScorecard);
    };
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
    let Some(scorecard) = clause_id(&["rating", &card.code]) else {
        return Rating::NotRated(NotRated::NoScorecard);
    };
    let counted = counted(fold, resolution);
    let tally = fold.tally(counted.iter().map(|counted| &counted.fact), on);
    let score = fold.score(&tally);
    Rating::Rated(Grade {
        letter: score.letter,
        points: score.points,
        scorecard,
        dimensions: dimensions(card, &score),
        reasons: reasons(card, fold, &counted, &score, on),
        improvements: improve::improvements(card, fold, &counted, &tally, &score),
    })
}

/// Whether the person was told of being rated, by act or in a department's file.
fn has_notice(resolution: &Resolution<'_>) -> bool {
    resolution.records.iter().any(|resolved| {
        let code = resolved.logged.record().item.as_str();
        matches!(code, "act.notice" | "notice.rating") && resolved.standing == Standing::Counts
    })
}

/// The records that may be rated: in force, undisputed, of a rateable item that the scorecard reads.
fn counted<'a>(fold: &Fold, resolution: &'a Resolution<'a>) -> Vec<Counted<'a>> {
    let mut found = Vec::new();
    for resolved in &resolution.records {
        let Some(item) = resolved.item.filter(|item| item.rateable) else {
            continue;
        };
        let Some(place) = fold.place(&item.code).filter(|place| fold.reads(*place)) else {
            continue;
        };
        if resolved.standing == Standing::Counts {
            let fact = Fact {
                item: place,
                occurred: resolved.logged.record().occurred,
                quantity: quantity(item, resolved),
            };
            found.push(Counted { fact, item, resolved });
        }
    }
    found
}

fn quantity(item: &Item, resolved: &Resolved<'_>) -> i64 {
    let field = item.quantity.as_ref();
    match field.and_then(|field| resolved.logged.record().fields.get(field)) {
        Some(Value::Integer(number)) => *number,
        Some(Value::Amount(amount)) => amount.fen(),
        _ => 0,
    }
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
fn reasons(card: &Card, fold: &Fold, counted: &[Counted<'_>], score: &Score, on: Date) -> Vec<Reason> {
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
            let value = value_text(feature, counted, value.unwrap_or(0));
            let records = fed(fold, feature, at, counted, on);
            give(
                &["rating", code, &feature.code],
                records,
                *points,
                feature.text.with("value", value),
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
fn fed(fold: &Fold, feature: &Feature, at: usize, counted: &[Counted<'_>], on: Date) -> Vec<RecordNumber> {
    let read = counted.iter().filter(|counted| fold.feeds(&counted.fact, at, on));
    if feature.reading == Reading::LatestMonths {
        let latest = read.max_by_key(|counted| (counted.fact.occurred, counted.number()));
        return latest.map(Counted::number).into_iter().collect();
    }
    read.map(Counted::number).collect()
}
