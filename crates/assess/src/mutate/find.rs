//! Every mutant of a bundle's files, from their texts: a mutant changes a few bytes and nothing else.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Mutant;
use super::deciders::{How, how};

/// Every mutant of these files, in their order. Files that are no TOML have none: they do not parse.
pub fn mutants(files: &BTreeMap<String, String>) -> Vec<Mutant> {
    let mut found = Vec::new();
    for (path, text) in files {
        let Ok(table) = DeTable::parse(text) else { continue };
        let mut walk = Walk {
            path,
            text,
            found: &mut found,
        };
        let root = Spot {
            clause: root_clause(path, table.get_ref()),
            ..Spot::default()
        };
        walk.table(table.get_ref(), &root);
    }
    found
}

/// Where the walk is.
#[derive(Debug, Clone, Default)]
struct Spot {
    clause: String,
    /// With the places of entries, within the clause.
    key: String,
    /// Without them, within the file.
    pattern: String,
}

impl Spot {
    fn below(&self, key: &str) -> Self {
        Self {
            clause: self.clause.clone(),
            key: joined(&self.key, key),
            pattern: joined(&self.pattern, key),
        }
    }

    /// The entry at a place of a list of tables: a clause of its own, or told by its place.
    fn entry(&self, path: &str, place: usize, table: &DeTable<'_>) -> Self {
        match entry_clause(path, &self.clause, &self.pattern, table) {
            Some(clause) => Self {
                clause,
                key: String::new(),
                pattern: self.pattern.clone(),
            },
            None => Self {
                key: joined(&self.key, &(place + 1).to_string()),
                ..self.clone()
            },
        }
    }
}

fn joined(one: &str, other: &str) -> String {
    match one {
        "" => other.to_owned(),
        one => format!("{one}.{other}"),
    }
}

fn said<'t>(table: &'t DeTable<'_>, key: &str) -> Option<&'t str> {
    match table.get(key)?.get_ref() {
        DeValue::String(text) => Some(text),
        _ => None,
    }
}

/// The clause of what stands at the head of a file.
fn root_clause(path: &str, table: &DeTable<'_>) -> String {
    let (folder, name) = path.split_once('/').unwrap_or(("", path));
    match folder {
        "" => name.trim_end_matches(".toml").to_owned(),
        folder => joined(folder, said(table, "code").unwrap_or_default()),
    }
}

/// The clause of an entry of a list of tables, if it is one.
fn entry_clause(path: &str, head: &str, list: &str, table: &DeTable<'_>) -> Option<String> {
    let code = |key: &str| Some(said(table, key)?.replace('_', "-"));
    let prefix = match (path.split('/').next()?, list) {
        ("catalogue", "item") => "catalogue".to_owned(),
        ("rating", "dimension") => format!("{head}.bound"),
        ("rating", "feature") | ("services", "material") | ("lists", "step") => head.to_owned(),
        ("measures", _) => "measures".to_owned(),
        ("access", list) => format!("access.{list}"),
        ("repair.toml", "tier") => return Some(format!("repair.{}", code("tier")?)),
        ("repair.toml", "channel") => "repair.channel".to_owned(),
        ("looks.toml", _) => return Some(format!("looks.{}", code("sign")?)),
        ("deadlines.toml", _) => return Some(format!("deadlines.{}", code("duty")?)),
        _ => return None,
    };
    Some(format!("{prefix}.{}", said(table, "code")?))
}

struct Walk<'a> {
    path: &'a str,
    text: &'a str,
    found: &'a mut Vec<Mutant>,
}

impl Walk<'_> {
    fn table(&mut self, table: &DeTable<'_>, at: &Spot) {
        for (key, value) in table {
            self.value(value, &at.below(key.get_ref()));
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, at: &Spot) {
        if let Some(how) = how(self.path, &at.pattern) {
            return self.change(value, at, how);
        }
        match value.get_ref() {
            DeValue::Table(table) => self.table(table, &self.part(at)),
            DeValue::Array(entries) => {
                for (place, entry) in entries.iter().enumerate() {
                    if let DeValue::Table(table) = entry.get_ref() {
                        self.table(table, &at.entry(self.path, place, table));
                    }
                }
            }
            _ => {}
        }
    }

    /// The base of a scorecard and the trust of a service are clauses of their own.
    fn part(&self, at: &Spot) -> Spot {
        let folder = self.path.split('/').next().unwrap_or_default();
        match (folder, at.pattern.as_str()) {
            ("rating", "base") | ("services", "trust") => Spot {
                clause: joined(&at.clause, &at.pattern),
                key: String::new(),
                pattern: at.pattern.clone(),
            },
            _ => at.clone(),
        }
    }

    fn change(&mut self, value: &Spanned<DeValue<'_>>, at: &Spot, how: How) {
        let span = value.span();
        match (how, value.get_ref()) {
            (How::Number, DeValue::Integer(number)) => {
                let Ok(number) = number.as_str().parse::<i64>() else {
                    return;
                };
                for to in [number.checked_sub(1), number.checked_add(1)]
                    .into_iter()
                    .flatten()
                {
                    self.put(at, &span, number.to_string(), to.to_string());
                }
            }
            (How::Day, DeValue::Datetime(day)) => {
                let Ok(day) = day.to_string().parse::<Date>() else {
                    return;
                };
                for to in [day.yesterday(), day.tomorrow()].into_iter().flatten() {
                    self.put(at, &span, day.to_string(), to.to_string());
                }
            }
            (How::Flag, DeValue::Boolean(flag)) => {
                self.put(at, &span, flag.to_string(), (!flag).to_string());
            }
            (How::Word(row), DeValue::String(word)) => {
                let Some(place) = row.iter().position(|known| known == word) else {
                    return;
                };
                let beside = [place.checked_sub(1), place.checked_add(1)];
                for to in beside.into_iter().flatten().filter_map(|beside| row.get(beside)) {
                    let text = format!("\"{to}\"");
                    self.push(at, &span, word.to_string(), (*to).to_owned(), text);
                }
            }
            (How::Members, DeValue::Array(entries)) => self.drop_each(entries, at, &span),
            _ => {}
        }
    }

    fn drop_each(&mut self, entries: &[Spanned<DeValue<'_>>], at: &Spot, span: &Range<usize>) {
        for dropped in 0..entries.len() {
            let kept = entries.iter().enumerate().filter(|(place, _)| *place != dropped);
            let kept: Vec<&str> = kept
                .filter_map(|(_, entry)| self.text.get(entry.span()))
                .collect();
            let Some(DeValue::String(gone)) = entries.get(dropped).map(Spanned::get_ref) else {
                continue;
            };
            let text = format!("[{}]", kept.join(", "));
            self.push(at, span, gone.to_string(), String::new(), text);
        }
    }

    fn put(&mut self, at: &Spot, span: &Range<usize>, from: String, to: String) {
        let text = to.clone();
        self.push(at, span, from, to, text);
    }

    fn push(&mut self, at: &Spot, span: &Range<usize>, from: String, to: String, text: String) {
        let before = self.text.get(..span.start).unwrap_or_default();
        self.found.push(Mutant {
            clause: at.clause.clone(),
            file: self.path.to_owned(),
            line: before.matches('\n').count() + 1,
            key: at.key.clone(),
            from,
            to,
            at: span.clone(),
            text,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expect: &[&str]) {
        let files = BTreeMap::from([(path.to_owned(), text.to_owned())]);
        let found: Vec<String> = mutants(&files).iter().map(ToString::to_string).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn every_kind_of_decider_is_changed_by_the_least() {
        check(
            "rating/a.toml",
            "code = \"a\"\nletters = { a = 85 }\n[base]\npoints = 70\n[[feature]]\ncode = \"f\"\nitems = [\"x\", \"y\"]\nbins = [{ from = 1, points = 5 }]\n",
            &[
                "rating.a.base (rating/a.toml:4): `points` `70` becomes `69`",
                "rating.a.base (rating/a.toml:4): `points` `70` becomes `71`",
                "rating.a.f (rating/a.toml:8): `bins.1.from` `1` becomes `0`",
                "rating.a.f (rating/a.toml:8): `bins.1.from` `1` becomes `2`",
                "rating.a.f (rating/a.toml:8): `bins.1.points` `5` becomes `4`",
                "rating.a.f (rating/a.toml:8): `bins.1.points` `5` becomes `6`",
                "rating.a.f (rating/a.toml:7): `items` without `x`",
                "rating.a.f (rating/a.toml:7): `items` without `y`",
                "rating.a (rating/a.toml:2): `letters.a` `85` becomes `84`",
                "rating.a (rating/a.toml:2): `letters.a` `85` becomes `86`",
            ],
        );
        check(
            "catalogue/a.toml",
            "[[item]]\ncode = \"a\"\nrepairable = true\ntier = \"general\"\nsince = 2026-03-01\n",
            &[
                "catalogue.a (catalogue/a.toml:3): `repairable` `true` becomes `false`",
                "catalogue.a (catalogue/a.toml:5): `since` `2026-03-01` becomes `2026-02-28`",
                "catalogue.a (catalogue/a.toml:5): `since` `2026-03-01` becomes `2026-03-02`",
                "catalogue.a (catalogue/a.toml:4): `tier` `general` becomes `minor`",
                "catalogue.a (catalogue/a.toml:4): `tier` `general` becomes `severe`",
            ],
        );
        check(
            "catalogue/a.toml",
            "[[class]]\ncode = \"c\"\nadverse_months_most = 60\n",
            &[],
        );
        check("cases/a.toml", "[[case]]\npoints = 1\n", &[]);
    }

    #[test]
    fn a_mutant_changes_its_bytes_and_no_others() {
        let text = "# 名单\ncode = \"l\"\nitems = [\n  \"x\", # 一\n  \"y\",\n]\nterm_months = 24\n";
        let files = BTreeMap::from([("lists/l.toml".to_owned(), text.to_owned())]);
        let made: Vec<String> = mutants(&files)
            .iter()
            .filter_map(|mutant| mutant.made(&files).remove("lists/l.toml"))
            .collect();
        assert_eq!(
            made,
            [
                "# 名单\ncode = \"l\"\nitems = [\"y\"]\nterm_months = 24\n",
                "# 名单\ncode = \"l\"\nitems = [\"x\"]\nterm_months = 24\n",
                "# 名单\ncode = \"l\"\nitems = [\n  \"x\", # 一\n  \"y\",\n]\nterm_months = 23\n",
                "# 名单\ncode = \"l\"\nitems = [\n  \"x\", # 一\n  \"y\",\n]\nterm_months = 25\n",
            ]
        );
    }
}
