//! What came out, in texts and numbers, and as Parquet.

use std::borrow::Cow;
use std::path::Path;

use assess::{Bundle, Rated, Scorecard};

use crate::columns::{Column, Table, Texts};
use crate::error::Result;
use crate::rate::Outcome;

const SCHEMA: &str = "message outcome {
    required int64 subject;
    optional binary scorecard (string);
    optional binary grade (string);
    optional int32 points;
    optional binary dimensions (string);
    optional binary reasons (string);
    optional binary not_rated (string);
}";

/// How many subjects a row group has.
const ROWS: usize = 1 << 18;

/// What came out for one subject, as it is written down. Either the rating is there or why there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row<'r> {
    /// The subject's id.
    pub subject: i64,
    /// The scorecard's code.
    pub scorecard: Option<&'r str>,
    /// The letter.
    pub grade: Option<&'r str>,
    /// The points.
    pub points: Option<i32>,
    /// The points of the dimensions, as `code=points`.
    pub dimensions: Option<Cow<'r, str>>,
    /// The features that weigh most, as `code=points`.
    pub reasons: Option<Cow<'r, str>>,
    /// Why there is no rating.
    pub not_rated: Option<&'r str>,
}

/// The words in which outcomes are written down: the codes of a bundle's scorecards.
#[derive(Debug)]
pub struct Wording<'b>(Vec<&'b Scorecard>);

impl<'b> Wording<'b> {
    /// That of a bundle.
    pub fn of(bundle: &'b Bundle) -> Self {
        Self(bundle.scorecards().collect())
    }

    /// An outcome as it is written down.
    pub fn row(&self, outcome: &Outcome) -> Row<'b> {
        let rated = outcome.rating.as_ref().ok();
        Row {
            dimensions: self.dimensions(outcome).map(Cow::Owned),
            reasons: self.reasons(outcome).map(Cow::Owned),
            ..self.heads(outcome, rated)
        }
    }

    /// The same without what is made for it alone: dimensions and reasons.
    pub fn short_row(&self, outcome: &Outcome) -> Row<'b> {
        self.heads(outcome, outcome.rating.as_ref().ok())
    }

    /// The points of the dimensions, as `code=points`.
    pub fn dimensions(&self, outcome: &Outcome) -> Option<String> {
        let rated = outcome.rating.as_ref().ok()?;
        Some(told(dimensions(self.card(rated), rated)))
    }

    /// The features that weigh most, as `code=points`.
    pub fn reasons(&self, outcome: &Outcome) -> Option<String> {
        let rated = outcome.rating.as_ref().ok()?;
        Some(told(reasons(self.card(rated), rated)))
    }

    fn heads(&self, outcome: &Outcome, rated: Option<&Rated>) -> Row<'b> {
        Row {
            subject: i64::try_from(outcome.subject).unwrap_or(i64::MAX),
            scorecard: rated
                .and_then(|rated| self.card(rated))
                .map(|card| card.code.as_str()),
            grade: rated.map(|rated| rated.letter.as_str()),
            points: rated.map(|rated| rated.points),
            not_rated: outcome.rating.as_ref().err().map(|why| why.code()),
            ..Row::default()
        }
    }

    fn card(&self, rated: &Rated) -> Option<&'b Scorecard> {
        self.0.get(usize::from(rated.card)).copied()
    }
}

fn dimensions<'c>(card: Option<&'c Scorecard>, rated: &Rated) -> impl Iterator<Item = (&'c str, i32)> {
    let codes = card.into_iter().flat_map(|card| &card.dimensions);
    codes
        .map(|dimension| dimension.code.as_str())
        .zip(rated.dimensions.iter().copied())
}

fn reasons<'c>(card: Option<&'c Scorecard>, rated: &Rated) -> impl Iterator<Item = (&'c str, i32)> {
    rated.reasons.iter().filter_map(move |(feature, points)| {
        let feature = card?.features.get(usize::from(*feature))?;
        Some((feature.code.as_str(), *points))
    })
}

fn told<'c>(pairs: impl Iterator<Item = (&'c str, i32)>) -> String {
    let pairs: Vec<String> = pairs.map(|(code, points)| format!("{code}={points}")).collect();
    pairs.join(" ")
}

/// A Parquet file of what came out, in the making: a row for each subject, in the order in which they are pushed. The same rows
/// give the same bytes.
pub struct OutcomeFile {
    table: Table,
    group: Group,
}

/// The rows of a row group.
#[derive(Default)]
struct Group {
    subject: Vec<i64>,
    scorecard: Texts,
    grade: Texts,
    points: Vec<Option<i32>>,
    dimensions: Texts,
    reasons: Texts,
    not_rated: Texts,
}

impl OutcomeFile {
    /// Begins the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create(place: &Path) -> Result<Self> {
        Ok(Self {
            table: Table::create(place, SCHEMA)?,
            group: Group::default(),
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn push(&mut self, row: &Row<'_>) -> Result<()> {
        self.group.push(row);
        if self.group.subject.len() == ROWS {
            self.table.write(&std::mem::take(&mut self.group).columns())?;
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<()> {
        if !self.group.subject.is_empty() {
            self.table.write(&self.group.columns())?;
        }
        self.table.finish()
    }
}

impl Group {
    fn push(&mut self, row: &Row<'_>) {
        self.subject.push(row.subject);
        self.scorecard.push(row.scorecard);
        self.grade.push(row.grade);
        self.points.push(row.points);
        self.dimensions.push(row.dimensions.as_deref());
        self.reasons.push(row.reasons.as_deref());
        self.not_rated.push(row.not_rated);
    }

    fn columns(self) -> [Column; 7] {
        [
            Column::Int64(self.subject),
            self.scorecard.column(),
            self.grade.column(),
            Column::optional(self.points.into_iter()),
            self.dimensions.column(),
            self.reasons.column(),
            self.not_rated.column(),
        ]
    }
}

/// Writes what came out, a row for each subject, in the order given.
///
/// # Errors
/// When the file cannot be written.
pub fn write_outcomes(place: &Path, bundle: &Bundle, outcomes: &[Outcome]) -> Result<()> {
    let (wording, mut file) = (Wording::of(bundle), OutcomeFile::create(place)?);
    for outcome in outcomes {
        file.push(&wording.row(outcome))?;
    }
    file.finish()
}
