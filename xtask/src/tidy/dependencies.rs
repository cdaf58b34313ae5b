//! Every outside dependency has its version in one place and its reason in docs/dependencies.md.

use super::{Fault, in_backticks, line_of, numbered};
use crate::house::House;

const REASONS: &str = "docs/dependencies.md";
const ROOT: &str = "Cargo.toml";
/// Workspaces of their own, with versions of their own.
const APART: [&str; 2] = ["cluster/Cargo.toml", "fuzz/Cargo.toml"];

pub(super) fn faults(house: &House) -> Vec<Fault> {
    let root = house.text(ROOT).unwrap_or_default();
    let reasons = house.text(REASONS).unwrap_or_default();
    let outside = outside(root);
    let apart: Vec<(&str, &str, String)> = APART
        .into_iter()
        .flat_map(|place| {
            let text = house.text(place).unwrap_or_default();
            of_one_apart(text)
                .into_iter()
                .map(move |name| (place, text, name))
        })
        .collect();
    let mut faults = Vec::new();
    let of_all = outside.iter().map(|name| (ROOT, root, name));
    for (place, text, name) in of_all.chain(apart.iter().map(|(place, text, name)| (*place, *text, name))) {
        if !reasons
            .lines()
            .any(|line| line.starts_with(&format!("| `{name}` |")))
        {
            let help = format!("add a row `| `{name}` | … |` to {REASONS}: why, and what was looked at");
            faults.push(Fault::at(
                place,
                line_of(text, &format!("{name} = ")),
                format!("`{name}` has no reason"),
                help,
            ));
        }
    }
    for (line, text) in numbered(reasons).filter(|(_, text)| text.starts_with("| `")) {
        let name = in_backticks(text).next().unwrap_or_default();
        let of_apart = apart.iter().map(|(_, _, name)| name);
        if !outside.iter().chain(of_apart).any(|known| known == name) && !of_npm(house, name) {
            faults.push(Fault::at(
                REASONS,
                line,
                format!("`{name}` is no dependency"),
                "remove the row",
            ));
        }
    }
    for name in outside.iter().filter(|name| !is_used(house, name)) {
        let line = line_of(root, &format!("{name} = "));
        faults.push(Fault::at(
            ROOT,
            line,
            format!("no crate uses `{name}`"),
            "remove it",
        ));
    }
    for name in house.crates() {
        faults.extend(versions(house, &format!("crates/{name}/Cargo.toml")));
    }
    faults
}

/// Names in `[workspace.dependencies]` that are not crates of this house.
fn outside(root: &str) -> Vec<String> {
    let table = toml::from_str::<toml::Table>(root).unwrap_or_default();
    let all = table
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies")?.as_table());
    let outside = all
        .into_iter()
        .flatten()
        .filter(|(_, how)| how.get("path").is_none());
    outside.map(|(name, _)| name.clone()).collect()
}

/// Names in the `[dependencies]` of a workspace of its own that are not crates of this house.
fn of_one_apart(manifest: &str) -> Vec<String> {
    let table = toml::from_str::<toml::Table>(manifest).unwrap_or_default();
    let all = table.get("dependencies").and_then(toml::Value::as_table);
    let outside = all
        .into_iter()
        .flatten()
        .filter(|(_, how)| how.get("path").is_none());
    outside.map(|(name, _)| name.clone()).collect()
}

fn is_used(house: &House, name: &str) -> bool {
    let wanted = [format!("\n{name}.workspace"), format!("\n{name} = {{ workspace")];
    let manifests = house.files().filter(|(path, _)| path.ends_with("/Cargo.toml"));
    manifests
        .into_iter()
        .any(|(_, text)| wanted.iter().any(|wanted| text.contains(wanted)))
}

fn of_npm(house: &House, name: &str) -> bool {
    house
        .text("e2e/package.json")
        .is_some_and(|json| json.contains(&format!("\"{name}\":")))
}

/// Dependencies of one crate that do not say `workspace = true`.
fn versions(house: &House, path: &str) -> Vec<Fault> {
    let text = house.text(path).unwrap_or_default();
    let Ok(manifest) = toml::from_str::<toml::Table>(text) else {
        return vec![Fault::at(path, 1, "the manifest is not TOML", "mend it")];
    };
    let mut faults = Vec::new();
    for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
        for (name, how) in manifest
            .get(table)
            .and_then(toml::Value::as_table)
            .into_iter()
            .flatten()
        {
            if how.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                let help =
                    "put the version into [workspace.dependencies] of the root and say `workspace = true`";
                faults.push(Fault::at(
                    path,
                    line_of(text, name),
                    format!("`{name}` has a version of its own"),
                    help,
                ));
            }
        }
    }
    if manifest
        .get("lints")
        .and_then(|lints| lints.get("workspace")?.as_bool())
        != Some(true)
    {
        faults.push(Fault::at(
            path,
            1,
            "the house's lints are not on",
            "add `[lints] workspace = true`",
        ));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    const USER: (&str, &str) = ("xtask/Cargo.toml", "[dependencies]\ncsv.workspace = true\n");
    const LOCK: &str = "[workspace.dependencies]\nrecord = { path = \"crates/record\" }\ncsv = \"1\"\n";

    #[test]
    fn each_dependency_has_a_reason() {
        check(
            faults,
            &[USER, (ROOT, LOCK), (REASONS, "| `csv` | because |")],
            &[],
        );
        check(
            faults,
            &[(ROOT, LOCK), (REASONS, "\n| `calamine` | because |")],
            &[
                "Cargo.toml:3: `csv` has no reason",
                "docs/dependencies.md:2: `calamine` is no dependency",
                "Cargo.toml:3: no crate uses `csv`",
            ],
        );
    }

    #[test]
    fn what_a_workspace_of_its_own_needs_has_its_reason_too() {
        for place in APART {
            let manifest =
                "[dependencies]\nrecord = { path = \"../crates/record\" }\nlibfuzzer-sys = \"0.4\"\n";
            check(
                faults,
                &[(place, manifest), (REASONS, "| `libfuzzer-sys` | because |")],
                &[],
            );
            check(
                faults,
                &[(place, manifest), (REASONS, "")],
                &[&format!("{place}:3: `libfuzzer-sys` has no reason")],
            );
        }
    }

    #[test]
    fn versions_stand_in_one_place() {
        let good = "[dependencies]\ncsv.workspace = true\n[lints]\nworkspace = true";
        let bad = "[dev-dependencies]\ncsv = \"1\"";
        let rest = [USER, (ROOT, LOCK), (REASONS, "| `csv` | because |")];
        check(
            faults,
            &[rest[0], rest[1], rest[2], ("crates/record/Cargo.toml", good)],
            &[],
        );
        check(
            faults,
            &[rest[0], rest[1], rest[2], ("crates/record/Cargo.toml", bad)],
            &[
                "crates/record/Cargo.toml:2: `csv` has a version of its own",
                "crates/record/Cargo.toml:1: the house's lints are not on",
            ],
        );
    }
}
