//! Everyone rated on a day, on as many cores as there are; or some of them, on the thread that asks.

use std::ops::Range;

use assess::{Bundle, LifeSpan, NotRated, Rated, Rater};
use jiff::civil::Date;
use segment::{Mirror, Subject};

use crate::error::Result;
use crate::everyone::{each, holds, through};

/// What came out for one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The subject's id.
    pub subject: u64,
    /// The rating, or why there is none.
    pub rating: std::result::Result<Rated, NotRated>,
}

/// Rates everyone, in the order of the subjects. `done` is told after each batch how many subjects are done so far.
///
/// # Errors
/// When the mirror is bad or of other rules.
pub fn rate(
    bundle: &Bundle,
    mirror: &Mirror,
    on: Date,
    threads: usize,
    done: impl Fn(u64) + Sync,
) -> Result<Vec<Outcome>> {
    holds(mirror, bundle)?;
    let begin = || (Rater::new(bundle, &mirror.about().plan, on), Vec::new());
    let parts = each(
        mirror,
        threads,
        done,
        begin,
        |(rater, outcomes), subject, spans| {
            outcomes.push(outcome(rater, subject, spans));
            Ok(())
        },
    )?;
    // Each thread took its batches in order, and the whole is put in order by the ids.
    let mut all: Vec<Outcome> = parts.into_iter().flat_map(|(_, outcomes)| outcomes).collect();
    all.sort_unstable_by_key(|outcome| outcome.subject);
    Ok(all)
}

/// Rates those at some places among the subjects of a mirror, in their order, and hands over what came out for each.
///
/// # Errors
/// When the mirror is bad or of other rules, or as `told` says.
pub fn rate_places(
    bundle: &Bundle,
    mirror: &Mirror,
    on: Date,
    places: Range<usize>,
    mut told: impl FnMut(&Outcome) -> Result<()>,
) -> Result<()> {
    holds(mirror, bundle)?;
    let mut rater = Rater::new(bundle, &mirror.about().plan, on);
    through(
        &mirror.batches_of(places),
        |_| (),
        |subject, spans| told(&outcome(&mut rater, subject, spans)),
    )
}

fn outcome(rater: &mut Rater<'_>, subject: &Subject, spans: &[LifeSpan]) -> Outcome {
    Outcome {
        subject: subject.id,
        rating: rater.rate(subject.who, spans),
    }
}
