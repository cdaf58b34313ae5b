//! Decisions are numbered once and stand in the index.

use std::collections::BTreeMap;

use super::{Fault, line_of};
use crate::house::House;

const FOLDER: &str = "docs/adr/";
const INDEX: &str = "docs/adr/README.md";

pub(super) fn faults(house: &House) -> Vec<Fault> {
    let index = house.text(INDEX).unwrap_or_default();
    let mut numbers: BTreeMap<&str, &str> = BTreeMap::new();
    let mut faults = Vec::new();
    for (path, text) in house.below(FOLDER, ".md").filter(|(path, _)| *path != INDEX) {
        let name = path.strip_prefix(FOLDER).unwrap_or(path);
        let number = name.split('-').next().unwrap_or(name);
        if let Some(other) = numbers.insert(number, name) {
            faults.push(Fault::at(
                path,
                1,
                format!("`{number}` is the number of `{other}` too"),
                "take the next free one",
            ));
        }
        if !text.starts_with(&format!("# {number} ")) {
            faults.push(Fault::at(
                path,
                1,
                "the title does not begin with the number",
                format!("begin with `# {number} …`"),
            ));
        }
        if !index.contains(&format!("]({name})")) {
            let what = format!("`{name}` is not in the index");
            faults.push(Fault::at(INDEX, line_of(index, "| [0"), what, "add a row"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn decisions_stand_in_the_index() {
        let index = (INDEX, "# Decisions\n| [0001](0001-bytes.md) | bytes |");
        check(
            faults,
            &[index, ("docs/adr/0001-bytes.md", "# 0001 Bytes\n")],
            &[],
        );
        check(
            faults,
            &[
                index,
                ("docs/adr/0001-bytes.md", "# Bytes\n"),
                ("docs/adr/0001-dates.md", "# 0001 Dates\n"),
            ],
            &[
                "docs/adr/0001-bytes.md:1: the title does not begin with the number",
                "docs/adr/0001-dates.md:1: `0001` is the number of `0001-bytes.md` too",
                "docs/adr/README.md:2: `0001-dates.md` is not in the index",
            ],
        );
    }
}
