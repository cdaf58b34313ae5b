//! Going through everyone in a mirror, on as many threads as are given.

use std::num::NonZero;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::available_parallelism;

use assess::{Bundle, LifeSpan, Plan};
use segment::{Batch, Batches, Mirror, Subject};

use crate::error::{BatchError, Result};

/// How many threads this machine runs at once.
pub fn cores() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}

/// That a mirror holds what these rules read.
pub(crate) fn holds(mirror: &Mirror, bundle: &Bundle) -> Result<()> {
    let covers = mirror.about().plan.covers(&Plan::of(bundle));
    covers.then_some(()).ok_or(BatchError::Plan)
}

/// Hands over, on this thread, whom nobody else takes of some batches. `done` is told after each batch how many subjects it had.
pub(crate) fn through(
    batches: &Batches<'_>,
    mut done: impl FnMut(u64),
    mut each: impl FnMut(&Subject, &[LifeSpan]) -> Result<()>,
) -> Result<()> {
    let mut batch = Batch::default();
    while batches.take(&mut batch)? {
        let mut count = 0;
        batches.each(&mut batch, |subject, spans| {
            count += 1;
            each(subject, spans)
        })?;
        done(count);
    }
    Ok(())
}

/// Hands everyone over once, and gives back what each thread made of those it had, in any order. `done` is told after each batch how many
/// subjects are done so far.
pub(crate) fn each<T: Send>(
    mirror: &Mirror,
    threads: usize,
    done: impl Fn(u64) + Sync,
    begin: impl Fn() -> T + Sync,
    each: impl Fn(&mut T, &Subject, &[LifeSpan]) -> Result<()> + Sync,
) -> Result<Vec<T>> {
    let batches = mirror.batches();
    let so_far = AtomicU64::new(0);
    let work = || {
        let mut made = begin();
        let done = |count| done(so_far.fetch_add(count, Ordering::Relaxed) + count);
        through(&batches, done, |subject, spans| each(&mut made, subject, spans))?;
        Ok(made)
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
