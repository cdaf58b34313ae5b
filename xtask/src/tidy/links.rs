//! Links between the documents lead somewhere.

use super::{Fault, has_ending, numbered};
use crate::house::House;

pub(super) fn faults(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in house.files().filter(|(path, _)| has_ending(path, ".md")) {
        for (line, target) in
            numbered(text).flat_map(|(line, text)| targets(text).map(move |target| (line, target)))
        {
            if !leads_somewhere(house, path, target) {
                let what = format!("the link to `{target}` leads nowhere");
                faults.push(Fault::at(
                    path,
                    line,
                    what,
                    "mend the path, which counts from this file's folder",
                ));
            }
        }
    }
    faults
}

/// The targets of `[words](target)` in a line, without outside addresses and without anchors.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.contains("://") && !target.starts_with(['#', '<']))
        .filter_map(|target| target.split('#').next())
}

/// Files that are not read (pictures) count by their folder: the link must at least point into the house.
fn leads_somewhere(house: &House, from: &str, target: &str) -> bool {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => {
                if parts.pop().is_none() {
                    return false;
                }
            }
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    let folder = format!("{path}/");
    house.has(&path)
        || house.files().any(|(file, _)| file.starts_with(&folder))
        || NOT_TEXT.iter().any(|name| path.ends_with(name))
}

/// Files one may link to that this tool does not read.
const NOT_TEXT: [&str; 7] = ["LICENSE", ".png", ".webp", ".svg", ".hex", ".csv", ".ndjson"];

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn links_are_followed_from_their_file() {
        let adr = (
            "docs/adr/0001-a.md",
            "see [the map](../../ARCHITECTURE.md#words) and [outside](https://example.org)",
        );
        check(faults, &[("ARCHITECTURE.md", "[all](docs/adr/)"), adr], &[]);
        check(
            faults,
            &[("README.md", "a\n[b](docs/gone.md), [c](../up.md)")],
            &[
                "README.md:2: the link to `docs/gone.md` leads nowhere",
                "README.md:2: the link to `../up.md` leads nowhere",
            ],
        );
    }
}
