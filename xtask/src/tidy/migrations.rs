//! The two databases have the same migrations: the same files, numbered without gaps, making the same
//! tables with the same columns. Types may differ, because the databases do.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fault, line_of};
use crate::house::House;

const SQLITE: &str = "crates/store/migrations/sqlite/";
const POSTGRES: &str = "crates/store/migrations/postgres/";

pub(super) fn faults(house: &House) -> Vec<Fault> {
    let (sqlite, postgres) = (files(house, SQLITE), files(house, POSTGRES));
    let mut faults = Vec::new();
    let names: BTreeSet<&str> = sqlite.keys().chain(postgres.keys()).copied().collect();
    for (place, name) in names.iter().enumerate() {
        let wanted = format!("{:04}_", place + 1);
        if !name.starts_with(&wanted) {
            let path = format!("{SQLITE}{name}");
            faults.push(Fault::at(
                &path,
                1,
                format!("the number is not `{wanted}`"),
                "number migrations 0001, 0002, … without gaps",
            ));
        }
        match (sqlite.get(name), postgres.get(name)) {
            (Some(one), Some(other)) => faults.extend(compare(name, one, other)),
            (here, _) => {
                let (there, missing) = if here.is_some() {
                    (SQLITE, POSTGRES)
                } else {
                    (POSTGRES, SQLITE)
                };
                let what = format!("there is no `{missing}{name}`");
                faults.push(Fault::at(
                    &format!("{there}{name}"),
                    1,
                    what,
                    "write the migration for both databases",
                ));
            }
        }
    }
    faults
}

fn files<'a>(house: &'a House, folder: &'a str) -> BTreeMap<&'a str, &'a str> {
    house
        .below(folder, ".sql")
        .filter_map(|(path, text)| Some((path.strip_prefix(folder)?, text)))
        .collect()
}

/// Tables and columns that only one of the two makes.
fn compare(name: &str, sqlite: &str, postgres: &str) -> Vec<Fault> {
    let (one, other) = (columns(sqlite), columns(postgres));
    let mut faults = Vec::new();
    for (mine, theirs, here, there, text) in [
        (&one, &other, SQLITE, POSTGRES, sqlite),
        (&other, &one, POSTGRES, SQLITE, postgres),
    ] {
        for (table, column) in mine.difference(theirs) {
            let path = format!("{here}{name}");
            let what = format!("`{table}.{column}` is not made in {there}");
            faults.push(Fault::at(
                &path,
                line_of(text, column),
                what,
                "make it in both, or in neither",
            ));
        }
    }
    faults
}

/// Every (table, column) that `CREATE TABLE` makes; a table with no columns found counts as `(table, "")`. A table that is made to take
/// the place of another, and gets its name, makes nothing.
fn columns(sql: &str) -> BTreeSet<(String, String)> {
    let sql: String = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let lower = sql.to_lowercase();
    let mut found = BTreeSet::new();
    for statement in lower.split(';') {
        let words: Vec<&str> = statement.split_whitespace().collect();
        if let ["alter", "table", table, "rename", "to", _] = words.as_slice() {
            found.retain(|(made, _): &(String, String)| made != table);
        }
        let Some(rest) = statement.trim().strip_prefix("create table ") else {
            continue;
        };
        let Some((table, body)) = rest.trim_start_matches("if not exists ").split_once('(') else {
            continue;
        };
        for part in top_level_parts(body) {
            let word = part
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .trim_matches('"');
            let word = word.split('(').next().unwrap_or_default();
            if ![
                "",
                "primary",
                "unique",
                "check",
                "foreign",
                "constraint",
                "exclude",
            ]
            .contains(&word)
            {
                found.insert((table.trim().trim_matches('"').to_owned(), word.to_owned()));
            }
        }
    }
    found
}

/// What stands between the commas that are in no inner brackets, up to the closing bracket.
fn top_level_parts(body: &str) -> Vec<String> {
    let (mut depth, mut parts) = (0_usize, vec![String::new()]);
    for c in body.chars() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn both_databases_make_the_same() {
        let one = "CREATE TABLE look (\n  id INTEGER PRIMARY KEY, -- a, b\n  at TEXT NOT NULL CHECK (at IN ('a','b')),\n  UNIQUE (id, at)\n) STRICT;";
        let other = "CREATE TABLE look (id BIGINT PRIMARY KEY, at TIMESTAMPTZ NOT NULL);";
        let [a, b] = [SQLITE, POSTGRES].map(|folder| format!("{folder}0001_first.sql"));
        check(faults, &[(&a, one), (&b, other)], &[]);
        check(
            faults,
            &[(&a, one), (&b, "CREATE TABLE look (id BIGINT, who TEXT);")],
            &[
                "crates/store/migrations/sqlite/0001_first.sql:3: `look.at` is not made in crates/store/migrations/postgres/",
                "crates/store/migrations/postgres/0001_first.sql:1: `look.who` is not made in crates/store/migrations/sqlite/",
            ],
        );
    }

    #[test]
    fn a_table_made_in_place_of_another_makes_nothing() {
        let one = "CREATE TABLE new (id BIGINT);\nDROP TABLE look;\nALTER TABLE new RENAME TO look;";
        let [a, b] = [SQLITE, POSTGRES].map(|folder| format!("{folder}0001_first.sql"));
        check(faults, &[(&a, one), (&b, "")], &[]);
    }

    #[test]
    fn both_databases_have_each_file() {
        check(
            faults,
            &[("crates/store/migrations/sqlite/0002_more.sql", "")],
            &[
                "crates/store/migrations/sqlite/0002_more.sql:1: the number is not `0001_`",
                "crates/store/migrations/sqlite/0002_more.sql:1: there is no `crates/store/migrations/postgres/0002_more.sql`",
            ],
        );
    }
}
