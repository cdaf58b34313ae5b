//! How long a register of made-up people takes to index, what it holds, and how fast it proposes; one line of JSON.
//!
//! usage: register PEOPLE

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "an example over the tests' made-up district, which ends at the first fault"
)]

#[path = "../tests/all/made.rs"]
mod made;

use std::time::{Duration, Instant};

use linkage::Index;
use made::{Dice, register, row};

/// So many rows are asked about, spread over the register.
const ROWS: usize = 1000;

fn main() {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let count: usize = count.expect("usage: register PEOPLE");
    let mut dice = Dice::new(5);
    let people = register(count, &mut dice);
    let before = memory_mib();

    let start = Instant::now();
    let index = Index::new(people.iter().enumerate().map(|(at, one)| (at, one.profile())));
    let index = index.expect("the shipped models are valid");
    let indexed = start.elapsed();
    let held = memory_mib() - before;

    let mut times: Vec<Duration> = Vec::new();
    let (mut first, mut certain, mut certain_right) = (0, 0, 0);
    for (meant, one) in people.iter().enumerate().step_by(count.div_ceil(ROWS)) {
        let row = row(one, &mut dice);
        let start = Instant::now();
        let proposals = index.propose(&row, 10);
        times.push(start.elapsed());
        first += usize::from(proposals.first().is_some_and(|first| first.id == meant));
        for proposal in proposals.iter().filter(|proposal| proposal.almost_certain) {
            certain += 1;
            certain_right += usize::from(proposal.id == meant);
        }
    }
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1e3;
    println!(
        "{{\"people\": {count}, \"index_s\": {:.2}, \"index_mib\": {held:.0}, \"rows\": {}, \
         \"propose_p50_ms\": {:.3}, \"propose_p99_ms\": {:.3}, \"first_right\": {first}, \
         \"certain\": {certain}, \"certain_right\": {certain_right}}}",
        indexed.as_secs_f64(),
        times.len(),
        at(50),
        at(99),
    );
}

/// What the process holds now, as Linux counts it.
fn memory_mib() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}
