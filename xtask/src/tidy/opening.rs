//! Every crate opens by saying what it does and what it does not know.

use super::Fault;
use crate::house::House;

pub(super) fn faults(house: &House) -> Vec<Fault> {
    let roots = house.crates().filter_map(|name| {
        ["lib", "main"]
            .map(|root| format!("crates/{name}/src/{root}.rs"))
            .into_iter()
            .find(|path| house.has(path))
    });
    roots
        .filter(|path| !says_what_it_does_not_know(house.text(path).unwrap_or_default()))
        .map(|path| {
            let help = "open with `//!`: what the crate does, then `It does **not** know …`";
            Fault::at(
                &path,
                1,
                "the opening does not say what the crate does not know",
                help,
            )
        })
        .collect()
}

fn says_what_it_does_not_know(text: &str) -> bool {
    let opening = text.lines().take_while(|line| line.starts_with("//!"));
    opening.into_iter().any(|line| line.contains("**not**"))
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn a_crate_says_what_it_does_not_know() {
        let manifest = ("crates/record/Cargo.toml", "");
        check(
            faults,
            &[
                manifest,
                (
                    "crates/record/src/lib.rs",
                    "//! Records. It does **not** know SQL.\n",
                ),
            ],
            &[],
        );
        check(
            faults,
            &[
                manifest,
                (
                    "crates/record/src/lib.rs",
                    "//! Records.\n\n// It does **not** know SQL.\n",
                ),
            ],
            &["crates/record/src/lib.rs:1: the opening does not say what the crate does not know"],
        );
    }
}
