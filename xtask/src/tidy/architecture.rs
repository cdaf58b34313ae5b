//! ARCHITECTURE.md names every crate there is, and no other.

use super::{Fault, in_backticks, line_of, numbered};
use crate::house::House;

const MAP: &str = "ARCHITECTURE.md";

pub(super) fn faults(house: &House) -> Vec<Fault> {
    let Some(map) = house.text(MAP) else {
        return vec![Fault::at(MAP, 1, "the map of the house is missing", "write it")];
    };
    let unnamed = house
        .crates()
        .filter(|name| !map.contains(&format!("`crates/{name}`")))
        .map(|name| {
            let help = format!("say in {MAP} what `crates/{name}` is for and what it does not know");
            Fault::at(
                MAP,
                line_of(map, "crates/"),
                format!("`crates/{name}` is not named"),
                help,
            )
        });
    let named = numbered(map).flat_map(|(line, text)| in_backticks(text).map(move |name| (line, name)));
    let gone = named
        .filter_map(|(line, name)| Some((line, name.strip_prefix("crates/")?.split('/').next()?)))
        .filter(|(_, name)| !name.is_empty() && !house.has(&format!("crates/{name}/Cargo.toml")))
        .map(|(line, name)| Fault::at(MAP, line, format!("there is no `crates/{name}`"), "mend the map"));
    unnamed.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn the_map_and_the_house_agree() {
        let here = ("crates/record/Cargo.toml", "");
        check(faults, &[(MAP, "`crates/record` is the core"), here], &[]);
        check(
            faults,
            &[(MAP, "\n`crates/ledger/src`"), here],
            &[
                "ARCHITECTURE.md:2: `crates/record` is not named",
                "ARCHITECTURE.md:2: there is no `crates/ledger`",
            ],
        );
        check(
            faults,
            &[here],
            &["ARCHITECTURE.md:1: the map of the house is missing"],
        );
    }
}
