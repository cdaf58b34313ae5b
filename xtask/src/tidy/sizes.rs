//! A file is about 500 lines before its tests, `enhance.js` 300. Functions are held to 70 lines by clippy
//! (`too-many-lines-threshold`); here is held how many places may ask clippy for an exception.
//!
//! What is over a limit stands in `xtask/ratchet.toml` with the length it may have. A number there may only
//! go down: a file that has become shorter must have its number lowered, one under the limit goes out.

use super::{Fault, has_ending, line_of};
use crate::house::House;

const RATCHET: &str = "xtask/ratchet.toml";
const LINES_OF_RUST: usize = 500;
const LINES_OF_SCRIPT: usize = 300;

pub(super) fn faults(house: &House) -> Vec<Fault> {
    let text = house.text(RATCHET).unwrap_or_default();
    let ratchet = toml::from_str::<toml::Table>(text).unwrap_or_default();
    let known = |path: &str| number(ratchet.get("file-lines").and_then(|lines| lines.get(path)));
    let mut faults = Vec::new();
    let mut exceptions = 0;
    for (path, code) in house.files() {
        if path.starts_with("crates/") {
            exceptions += code.matches("expect(clippy::too_many_lines").count();
        }
        let Some(limit) = limit(path) else { continue };
        let lines = lines_before_tests(code);
        match known(path) {
            None if lines > limit => {
                let help = "split it by noun, each part with its own tests";
                faults.push(Fault::at(
                    path,
                    limit,
                    format!("{lines} lines before the tests; {limit} fit"),
                    help,
                ));
            }
            Some(most) if lines > most => {
                faults.push(Fault::at(
                    path,
                    most,
                    format!("grew to {lines} lines; the ratchet holds {most}"),
                    "split it",
                ));
            }
            Some(most) if lines < most => faults.push(lower(text, path, lines, limit)),
            _ => {}
        }
    }
    let gone = ratchet
        .get("file-lines")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flatten();
    for (path, _) in gone.filter(|(path, _)| !house.has(path)) {
        faults.push(Fault::at(
            RATCHET,
            line_of(text, path),
            format!("there is no `{path}`"),
            "remove the line",
        ));
    }
    let most = number(ratchet.get("long-functions")).unwrap_or(0);
    if exceptions != most {
        let what = format!("{exceptions} functions are excepted from 70 lines; the ratchet holds {most}");
        let help = if exceptions > most {
            "split the function"
        } else {
            "lower `long-functions`"
        };
        faults.push(Fault::at(RATCHET, line_of(text, "long-functions"), what, help));
    }
    faults
}

/// How long this file may be; `None` if nobody asks. Test files are data and may be long.
fn limit(path: &str) -> Option<usize> {
    let in_src = path.starts_with("xtask/src/") || (path.starts_with("crates/") && path.contains("/src/"));
    match path {
        _ if in_src && has_ending(path, ".rs") => Some(LINES_OF_RUST),
        _ if path.starts_with("crates/web/assets/") && has_ending(path, ".js") => Some(LINES_OF_SCRIPT),
        _ => None,
    }
}

fn lines_before_tests(code: &str) -> usize {
    code.lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .count()
}

fn lower(text: &str, path: &str, lines: usize, limit: usize) -> Fault {
    let line = line_of(text, path);
    if lines <= limit {
        return Fault::at(
            RATCHET,
            line,
            format!("`{path}` has {lines} lines now"),
            "remove the line: it is under the limit",
        );
    }
    Fault::at(
        RATCHET,
        line,
        format!("`{path}` has {lines} lines now"),
        format!("lower its number to {lines}"),
    )
}

fn number(value: Option<&toml::Value>) -> Option<usize> {
    usize::try_from(value?.as_integer()?).ok()
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn files_are_short_and_the_ratchet_only_tightens() {
        let path = "crates/record/src/lib.rs";
        let long = |lines: usize| "x\n".repeat(lines) + "#[cfg(test)]\n" + &"y\n".repeat(900);
        check(faults, &[(path, &long(500))], &[]);
        check(
            faults,
            &[(path, &long(501))],
            &["crates/record/src/lib.rs:500: 501 lines before the tests; 500 fit"],
        );
        let ratchet = |most: usize| (RATCHET, format!("[file-lines]\n\"{path}\" = {most}\n"));
        let with = |most: usize, lines: usize, expect: &[&str]| {
            let (name, text) = ratchet(most);
            check(faults, &[(path, &long(lines)), (name, &text)], expect);
        };
        with(600, 600, &[]);
        with(
            600,
            601,
            &["crates/record/src/lib.rs:600: grew to 601 lines; the ratchet holds 600"],
        );
        with(
            600,
            580,
            &["xtask/ratchet.toml:2: `crates/record/src/lib.rs` has 580 lines now"],
        );
    }

    #[test]
    fn exceptions_are_counted() {
        let code = "#[expect(clippy::too_many_lines, reason = \"a table\")]";
        check(
            faults,
            &[("crates/a/src/lib.rs", code)],
            &["xtask/ratchet.toml:1: 1 functions are excepted from 70 lines; the ratchet holds 0"],
        );
    }
}
