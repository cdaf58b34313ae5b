//! Only what truly reads the log may make a `Logged`. Everything else would be evidence out of nothing.

use super::{Fault, is_comment, numbered};
use crate::house::House;

/// Where it may be called: the crate that defines it, the one that reads the log, worked cases, and tests
/// and examples of the core, which make their records up.
const CALLERS: [&str; 5] = [
    "crates/record/",
    "crates/store/",
    "crates/assess/src/cases",
    "crates/assess/tests/",
    "crates/assess/examples/",
];

pub(super) fn faults(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in house.below("crates/", ".rs") {
        if CALLERS.iter().any(|caller| path.starts_with(caller)) {
            continue;
        }
        for (line, code) in numbered(text) {
            if code.contains("danger_from_log") && !is_comment(code) {
                let help = "read the record through `store`, or add the caller to xtask/src/tidy/danger.rs with an ADR";
                faults.push(Fault::at(
                    path,
                    line,
                    "makes a `Logged` without having read the log",
                    help,
                ));
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
    fn evidence_comes_from_the_log() {
        let call = "fn f() {\n    Logged::danger_from_log(n, s, c, r)\n}";
        check(
            faults,
            &[
                ("crates/store/src/read.rs", call),
                ("crates/web/src/a.rs", "// danger_from_log"),
            ],
            &[],
        );
        check(
            faults,
            &[("crates/web/src/a.rs", call)],
            &["crates/web/src/a.rs:2: makes a `Logged` without having read the log"],
        );
    }
}
