//! Both languages have the same files, the same keys, and the same values in each key.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fault, numbered};
use crate::house::House;

const LANGUAGES: [&str; 2] = ["crates/web/locales/zh-CN/", "crates/web/locales/en/"];

/// One key: where it stands and which values it takes.
struct Key {
    line: usize,
    values: BTreeSet<String>,
}

pub(super) fn faults(house: &House) -> Vec<Fault> {
    let [zh, en] = LANGUAGES.map(|folder| read(house, folder));
    let mut faults = Vec::new();
    for (mine, theirs, here, there) in [
        (&zh, &en, LANGUAGES[0], LANGUAGES[1]),
        (&en, &zh, LANGUAGES[1], LANGUAGES[0]),
    ] {
        for ((file, name), key) in mine {
            let path = format!("{here}{file}");
            match theirs.get(&(file.clone(), name.clone())) {
                None => {
                    let what = format!("`{name}` is not in {there}{file}");
                    faults.push(Fault::at(&path, key.line, what, "say it in both languages"));
                }
                Some(other) => {
                    if let Some(value) = key.values.difference(&other.values).next() {
                        let what = format!("`{name}` says `${value}` here and not in {there}{file}");
                        faults.push(Fault::at(
                            &path,
                            key.line,
                            what,
                            "take the same values in both languages",
                        ));
                    }
                }
            }
        }
    }
    faults
}

fn read(house: &House, folder: &str) -> BTreeMap<(String, String), Key> {
    let mut keys: BTreeMap<(String, String), Key> = BTreeMap::new();
    for (path, text) in house.below(folder, ".ftl") {
        let file = path.strip_prefix(folder).unwrap_or(path).to_owned();
        let mut current = None;
        for (line, words) in numbered(text).filter(|(_, words)| !words.starts_with('#')) {
            if let Some((name, _)) = words
                .split_once('=')
                .filter(|_| words.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-'))
            {
                let name = (file.clone(), name.trim().to_owned());
                keys.insert(
                    name.clone(),
                    Key {
                        line,
                        values: BTreeSet::new(),
                    },
                );
                current = Some(name);
            }
            if let Some(key) = current.as_ref().and_then(|name| keys.get_mut(name)) {
                key.values.extend(values(words));
            }
        }
    }
    keys
}

/// The names after `$`, but for those that only choose a form (`{ $n ->`): Chinese has one form.
fn values(words: &str) -> impl Iterator<Item = String> {
    let after = words.split('$').skip(1).filter(|rest| !rest.contains("->"));
    after.map(|rest| {
        rest.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn both_languages_say_the_same() {
        let [zh, en] = LANGUAGES.map(|folder| format!("{folder}shell.ftl"));
        let words = "n = { $n ->\n    [one] { $shown } record\n   *[other] { $shown } records\n  }\n";
        check(faults, &[(&zh, "n = { $shown } 条\n"), (&en, words)], &[]);
        check(
            faults,
            &[(&zh, "n = 条\n\nonly = 独\n"), (&en, words)],
            &[
                "crates/web/locales/zh-CN/shell.ftl:3: `only` is not in crates/web/locales/en/shell.ftl",
                "crates/web/locales/en/shell.ftl:1: `n` says `$shown` here and not in crates/web/locales/zh-CN/shell.ftl",
            ],
        );
    }
}
