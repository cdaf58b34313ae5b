//! Time is a parameter: one file reads the system's calendar clock. Measuring how long something takes
//! (`Instant`) is no reading of the calendar and is free outside the core.

use super::{Fault, is_comment, numbered};
use crate::house::House;

/// The one place that asks what day it is.
const CLOCK: &str = "crates/store/src/clock.rs";
const READS: [&str; 4] = [
    "SystemTime::now",
    "Timestamp::now",
    "Zoned::now",
    "OffsetDateTime::now",
];
/// Core crates: they do not even measure.
const CORE: [&str; 4] = [
    "crates/record/src/",
    "crates/ledger/src/",
    "crates/assess/src/",
    "crates/linkage/src/",
];

pub(super) fn faults(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in house.below("crates/", ".rs").filter(|(path, _)| *path != CLOCK) {
        let core = CORE.iter().any(|folder| path.starts_with(folder));
        for (line, code) in numbered(text).filter(|(_, code)| !is_comment(code)) {
            let read = READS
                .iter()
                .chain(core.then_some(&"Instant::now"))
                .find(|read| code.contains(**read));
            if let Some(read) = read {
                let help = format!(
                    "take the day or moment as a parameter; the shells get it from the `Clock` in {CLOCK}"
                );
                faults.push(Fault::at(path, line, format!("`{read}` reads the clock"), help));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn one_file_reads_the_clock() {
        let reads = "let today = Timestamp::now();";
        check(
            faults,
            &[
                (CLOCK, reads),
                ("crates/web/src/a.rs", "// Timestamp::now\nInstant::now()"),
            ],
            &[],
        );
        check(
            faults,
            &[
                ("crates/web/src/a.rs", reads),
                ("crates/assess/src/b.rs", "Instant::now()"),
            ],
            &[
                "crates/assess/src/b.rs:1: `Instant::now` reads the clock",
                "crates/web/src/a.rs:1: `Timestamp::now` reads the clock",
            ],
        );
    }
}
