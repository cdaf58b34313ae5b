//! What came out for everyone, as Parquet.

use std::path::Path;

use assess::{Bundle, Rated, Scorecard};

use crate::columns::{Column, Table};
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

/// Writes what came out, a row for each subject: scorecard, grade, points, the points of the dimensions as `code=points`, the
/// features that weigh most as `code=points`, or why there is no rating.
///
/// # Errors
/// When the file cannot be written.
pub fn write_outcomes(place: &Path, bundle: &Bundle, outcomes: &[Outcome]) -> Result<()> {
    let cards: Vec<&Scorecard> = bundle.scorecards().collect();
    let mut table = Table::create(place, SCHEMA)?;
    for part in outcomes.chunks(ROWS) {
        let rated = || part.iter().map(|one| one.rating.as_ref().ok());
        let card = |rated: &Rated| cards.get(usize::from(rated.card)).copied();
        let dimensions: Vec<Option<String>> = rated()
            .map(|one| one.map(|one| told(dimensions(card(one), one))))
            .collect();
        let reasons: Vec<Option<String>> = rated()
            .map(|one| one.map(|one| told(reasons(card(one), one))))
            .collect();
        table.write(&[
            Column::Int64(
                part.iter()
                    .map(|one| i64::try_from(one.subject).unwrap_or(i64::MAX))
                    .collect(),
            ),
            Column::texts(rated().map(|one| one.and_then(card).map(|card| card.code.as_str()))),
            Column::texts(rated().map(|one| one.map(|one| one.letter.as_str()))),
            Column::optional(rated().map(|one| one.map(|one| one.points))),
            Column::texts(dimensions.iter().map(Option::as_deref)),
            Column::texts(reasons.iter().map(Option::as_deref)),
            Column::texts(
                part.iter()
                    .map(|one| one.rating.as_ref().err().map(|why| why.code())),
            ),
        ])?;
    }
    table.finish()
}

fn dimensions<'c>(card: Option<&'c Scorecard>, rated: &Rated) -> impl Iterator<Item = (&'c str, i32)> {
    let codes = card.into_iter().flat_map(|card| &card.dimensions);
    codes
        .map(|dimension| dimension.code.as_str())
        .zip(rated.dimensions.clone())
}

fn reasons<'c>(card: Option<&'c Scorecard>, rated: &Rated) -> impl Iterator<Item = (&'c str, i32)> {
    let reasons = rated.reasons.clone().into_iter();
    reasons.filter_map(move |(feature, points)| {
        let feature = card?.features.get(usize::from(feature))?;
        Some((feature.code.as_str(), points))
    })
}

fn told<'c>(pairs: impl Iterator<Item = (&'c str, i32)>) -> String {
    let pairs: Vec<String> = pairs.map(|(code, points)| format!("{code}={points}")).collect();
    pairs.join(" ")
}
