//! Words that have no place in the repository: code that is not there yet, tests that do not run, paths
//! that exist on one person's machine only, and addresses that a lock file took from one.

use super::{Fault, has_ending, is_comment, numbered};
use crate::house::House;

/// In Rust code, outside comments.
const IN_RUST: [(&str, &str); 5] = [
    ("todo!(", "write the code, or leave the feature out"),
    ("unimplemented!(", "write the code, or leave the feature out"),
    ("dbg!(", "use `tracing`, or remove it"),
    (
        "#[ignore",
        "make the test run, or remove it; a long form goes behind a number from the environment",
    ),
    ("#[allow(clippy::too_many_lines", "split the function"),
];

/// In any file. Written so that this file does not hold them itself.
const ANYWHERE: [(&str, &str); 7] = [
    (concat!("/ro", "ot/"), "name the place relative to the repository"),
    (concat!("/ho", "me/"), "name the place relative to the repository"),
    (
        concat!("/Us", "ers/"),
        "name the place relative to the repository",
    ),
    (concat!("/wo", "rk/"), "name the place relative to the repository"),
    (
        concat!("\"res", "olved\":"),
        "lock without addresses: `npm install --omit-lockfile-registry-resolved --prefix e2e`",
    ),
    (concat!("<<<<", "<<<"), "finish the merge"),
    (concat!(">>>>", ">>>"), "finish the merge"),
];

pub(super) fn faults(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in house.files().filter(|(path, _)| *path != OWN) {
        let rust = has_ending(path, ".rs");
        for (line, code) in numbered(text) {
            let of_rust = IN_RUST.iter().filter(|_| rust && !is_comment(code));
            for (word, help) in of_rust.chain(&ANYWHERE).filter(|(word, _)| code.contains(word)) {
                faults.push(Fault::at(
                    path,
                    line,
                    format!("`{word}` has no place here"),
                    *help,
                ));
            }
        }
    }
    faults
}

const OWN: &str = "xtask/src/tidy/words.rs";

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn some_words_have_no_place() {
        check(
            faults,
            &[
                ("crates/a/src/lib.rs", "// todo!()\nfn f() {}"),
                ("docs/a.md", "todo!()"),
            ],
            &[],
        );
        check(
            faults,
            &[
                ("crates/a/src/lib.rs", "    todo!()\n"),
                ("docs/a.md", concat!("see /ho", "me/me/notes")),
            ],
            &[
                "crates/a/src/lib.rs:1: `todo!(` has no place here",
                concat!("docs/a.md:1: `/ho", "me/` has no place here"),
            ],
        );
    }
}
