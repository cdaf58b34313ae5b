//! Work that is divided among the cores of the machine.

use std::num::NonZero;
use std::thread::{self, available_parallelism};

/// How many there are.
pub(crate) fn cores() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}

/// What is made of each, in their order, in as many parts as there are cores.
pub(crate) fn on_every_core<'a, T: Sync, U: Send>(all: &'a [T], made: impl Fn(&'a T) -> U + Sync) -> Vec<U> {
    let parts = all.chunks(all.len().div_ceil(cores()).max(1));
    thread::scope(|scope| {
        let made = &made;
        let threads: Vec<_> = parts
            .map(|part| {
                (
                    part,
                    scope.spawn(move || part.iter().map(made).collect::<Vec<U>>()),
                )
            })
            .collect();
        // A thread that falls is a fault of ours; its part is made here, where it falls again and is told.
        let joined = threads
            .into_iter()
            .flat_map(|(part, thread)| thread.join().unwrap_or_else(|_| part.iter().map(made).collect()));
        joined.collect()
    })
}
