//! Everyone rated on a day, on as many cores as there are.

use std::sync::atomic::{AtomicU64, Ordering};

use assess::{Bundle, NotRated, Plan, Rated, Rater};
use jiff::civil::Date;
use segment::{Batch, Mirror};

use crate::error::{BatchError, Result};

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
    let parts = rate_each(
        bundle,
        mirror,
        on,
        threads,
        done,
        Vec::new,
        |part: &mut Vec<Outcome>, outcome| {
            part.push(outcome);
        },
    )?;
    // Each thread took its batches in order, and the whole is put in order by the ids.
    let mut all: Vec<Outcome> = parts.into_iter().flatten().collect();
    all.sort_unstable_by_key(|outcome| outcome.subject);
    Ok(all)
}

/// Rates everyone and lets each thread gather what it needs of it, in any order.
///
/// # Errors
/// When the mirror is bad or of other rules.
pub fn rate_each<T: Send>(
    bundle: &Bundle,
    mirror: &Mirror,
    on: Date,
    threads: usize,
    done: impl Fn(u64) + Sync,
    begin: impl Fn() -> T + Sync,
    each: impl Fn(&mut T, Outcome) + Sync,
) -> Result<Vec<T>> {
    let plan = &mirror.about().plan;
    if !plan.covers(&Plan::of(bundle)) {
        return Err(BatchError::Plan);
    }
    let batches = mirror.batches();
    let so_far = AtomicU64::new(0);
    let work = || {
        let (mut rater, mut batch, mut gathered) = (Rater::new(bundle, plan, on), Batch::default(), begin());
        while batches.take(&mut batch)? {
            let mut count = 0;
            batches.each(&mut batch, |subject, spans| {
                let rating = rater.rate(subject.who, spans);
                each(
                    &mut gathered,
                    Outcome {
                        subject: subject.id,
                        rating,
                    },
                );
                count += 1;
            })?;
            done(so_far.fetch_add(count, Ordering::Relaxed) + count);
        }
        Ok(gathered)
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (1..threads.max(1)).map(|_| scope.spawn(work)).collect();
        let own: Result<T> = work();
        let mut parts = vec![own?];
        for thread in threads {
            parts.push(thread.join().map_err(|_| BatchError::Thread)??);
        }
        Ok(parts)
    })
}
