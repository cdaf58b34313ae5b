//! Dependencies point inward. The table says which crate may depend on which; the core may also not
//! depend on what would give it a clock, randomness, a database or a network.

use super::{Fault, line_of};
use crate::house::House;

/// Each crate with the crates of this house it may depend on.
const LAYERS: [(&str, &[&str]); 11] = [
    ("record", &[]),
    ("ledger", &["record"]),
    ("assess", &["record"]),
    ("linkage", &["record"]),
    ("exchange", &["record", "assess"]),
    ("identity", &["record"]),
    ("segment", &["record", "assess"]),
    ("batch", &["record", "assess", "segment"]),
    ("store", &["record", "ledger", "assess", "linkage", "segment"]),
    (
        "web",
        &[
            "record", "assess", "segment", "batch", "exchange", "identity", "store",
        ],
    ),
    (
        "xinlian",
        &[
            "record", "ledger", "assess", "segment", "batch", "exchange", "identity", "store", "web",
        ],
    ),
];

/// Crates without I/O, clock and randomness.
const CORE: [&str; 4] = ["record", "ledger", "assess", "linkage"];

/// What the core never depends on, not even in its tests' helpers.
const NOT_IN_CORE: [&str; 14] = [
    "argon2",
    "axum",
    "calamine",
    "csv",
    "getrandom",
    "hyper",
    "hyper-util",
    "rand",
    "rand_chacha",
    "sqlx",
    "tokio",
    "tower",
    "tracing",
    "reqwest",
];

pub(super) fn faults(house: &House) -> Vec<Fault> {
    house.crates().flat_map(|name| faults_of(house, name)).collect()
}

fn faults_of(house: &House, name: &str) -> Vec<Fault> {
    let path = format!("crates/{name}/Cargo.toml");
    let text = house.text(&path).unwrap_or_default();
    let Some((_, allowed)) = LAYERS.iter().find(|(known, _)| *known == name) else {
        let help = "write an ADR saying which layer it enforces or which build time it isolates, then add it to xtask/src/tidy/layers.rs";
        return vec![Fault::at(
            &path,
            1,
            format!("`{name}` is not in the layer table"),
            help,
        )];
    };
    let manifest = toml::from_str::<toml::Table>(text).unwrap_or_default();
    let mut faults = Vec::new();
    for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
        for (wanted, _) in manifest
            .get(table)
            .and_then(toml::Value::as_table)
            .into_iter()
            .flatten()
        {
            let of_house = LAYERS.iter().any(|(known, _)| known == wanted);
            let line = line_of(text, &format!("{wanted}.workspace"));
            if of_house && !allowed.contains(&wanted.as_str()) {
                let what = format!("`{name}` may not depend on `{wanted}`");
                let help = format!("it may on: {}; move the code outward", allowed.join(", "));
                faults.push(Fault::at(&path, line, what, help));
            }
            if CORE.contains(&name) && NOT_IN_CORE.contains(&wanted.as_str()) {
                let what = format!("`{name}` is of the core and `{wanted}` brings the outside in");
                faults.push(Fault::at(
                    &path,
                    line,
                    what,
                    "hand in what it would give as a parameter",
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
    fn dependencies_point_inward() {
        check(
            faults,
            &[(
                "crates/store/Cargo.toml",
                "[dependencies]\nrecord.workspace = true\n",
            )],
            &[],
        );
        check(
            faults,
            &[(
                "crates/record/Cargo.toml",
                "[dev-dependencies]\nstore.workspace = true\ntokio.workspace = true\n",
            )],
            &[
                "crates/record/Cargo.toml:2: `record` may not depend on `store`",
                "crates/record/Cargo.toml:3: `record` is of the core and `tokio` brings the outside in",
            ],
        );
        check(
            faults,
            &[("crates/somewhere/Cargo.toml", "")],
            &["crates/somewhere/Cargo.toml:1: `somewhere` is not in the layer table"],
        );
    }
}
