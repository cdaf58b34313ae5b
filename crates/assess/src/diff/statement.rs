//! What each clause of a bundle says, as flat keys and values in the words of its file.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::policy::Bundle;

/// One clause as its file has it: `bins.1.points` to `5`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statement {
    /// Its name or title, in Chinese; its code if it has none.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Its file below the policy folder.
    pub file: String,
    /// Kinds of subject that it names.
    pub subjects: Vec<String>,
    /// Every key with its value as text.
    pub keys: BTreeMap<String, String>,
}

/// Every clause of a bundle by its id, and beside the clauses the sources, purposes, roles, layouts and the
/// calendar, under ids of the same form.
pub fn statements(bundle: &Bundle) -> BTreeMap<String, Statement> {
    let mut found = Statements::default();
    for (path, text) in bundle.files() {
        // A bundle has been parsed, so its texts are TOML.
        if let Ok(table) = text.parse::<Table>() {
            found.of_file(path, table);
        }
    }
    found.0
}

#[derive(Default)]
struct Statements(BTreeMap<String, Statement>);

impl Statements {
    fn of_file(&mut self, path: &str, mut table: Table) {
        let folder = path.split('/').next().unwrap_or(path);
        match folder {
            "catalogue" => {
                self.each(path, &mut table, "class", "class", &[]);
                self.each(path, &mut table, "item", "catalogue", &[]);
            }
            "measures" => {
                self.each(path, &mut table, "restriction", "measures", &[]);
                self.each(path, &mut table, "incentive", "measures", &[]);
            }
            "access" => {
                self.each(path, &mut table, "purpose", "access.purpose", &[]);
                self.each(path, &mut table, "role", "access.role", &[]);
            }
            "sources.toml" => self.each(path, &mut table, "source", "sources", &[]),
            "rating" => self.card(path, table),
            "services" => self.service(path, table),
            "repair.toml" => {
                self.each_by(path, &mut table, ("tier", "tier"), "repair", &[]);
                self.each_by(path, &mut table, ("condition", "needs"), "repair.condition", &[]);
                self.each(path, &mut table, "channel", "repair.channel", &[]);
                self.add(path, "repair".to_owned(), table, &[]);
            }
            "looks.toml" => {
                self.each_by(path, &mut table, ("rule", "sign"), "looks", &[]);
                self.add(path, "looks".to_owned(), table, &[]);
            }
            "deadlines.toml" => self.each_by(path, &mut table, ("deadline", "duty"), "deadlines", &[]),
            "messages.toml" => self.each_by(path, &mut table, ("message", "kind"), "messages", &[]),
            "lists" => {
                let id = format!("lists.{}", code_of(&table));
                self.each(path, &mut table, "step", &id, &[]);
                self.add(path, id, table, &[]);
            }
            "layouts" => {
                let id = format!("layouts.{}", code_of(&table));
                self.add(path, id, table, &[]);
            }
            whole => self.add(path, whole.trim_end_matches(".toml").to_owned(), table, &[]),
        }
    }

    fn card(&mut self, path: &str, mut table: Table) {
        let id = format!("rating.{}", code_of(&table));
        let subjects = texts(table.get("subjects"));
        let bound = format!("{id}.bound");
        self.each(path, &mut table, "dimension", &bound, &subjects);
        self.each(path, &mut table, "feature", &id, &subjects);
        if let Some(Value::Table(base)) = table.remove("base") {
            self.add(path, format!("{id}.base"), base, &subjects);
        }
        self.add(path, id, table, &subjects);
    }

    fn service(&mut self, path: &str, mut table: Table) {
        let id = format!("services.{}", code_of(&table));
        let subjects = texts(table.get("subjects"));
        self.each(path, &mut table, "material", &id, &subjects);
        if let Some(Value::Table(trust)) = table.remove("trust") {
            self.add(path, format!("{id}.trust"), trust, &subjects);
        }
        self.add(path, id, table, &subjects);
    }

    /// Each table of an array, by its code below a prefix.
    fn each(&mut self, path: &str, table: &mut Table, key: &str, prefix: &str, subjects: &[String]) {
        self.each_by(path, table, (key, "code"), prefix, subjects);
    }

    /// Each table of an array, by what another key says; a word of the language is written with hyphens in an id.
    fn each_by(
        &mut self,
        path: &str,
        table: &mut Table,
        (key, by): (&str, &str),
        prefix: &str,
        subjects: &[String],
    ) {
        let Some(Value::Array(entries)) = table.remove(key) else {
            return;
        };
        for entry in entries {
            if let Value::Table(entry) = entry {
                let code = entry.get(by).and_then(Value::as_str).unwrap_or_default();
                let code = if by == "code" {
                    code.to_owned()
                } else {
                    code.replace('_', "-")
                };
                self.add(path, format!("{prefix}.{code}"), entry, subjects);
            }
        }
    }

    fn add(&mut self, path: &str, id: String, table: Table, subjects: &[String]) {
        let of = |language: &str| {
            let named = ["name", "text"].iter().find_map(|key| table.get(*key));
            let text = named.and_then(|name| name.get(language)).and_then(Value::as_str);
            text.unwrap_or(&id).to_owned()
        };
        let (zh, en) = (of("zh"), of("en"));
        let own = texts(table.get("subjects"));
        let mut keys = BTreeMap::new();
        flatten("", &Value::Table(table), &mut keys);
        let statement = Statement {
            zh,
            en,
            file: path.to_owned(),
            subjects: if own.is_empty() { subjects.to_vec() } else { own },
            keys,
        };
        self.0.insert(id, statement);
    }
}

fn code_of(table: &Table) -> &str {
    table.get("code").and_then(Value::as_str).unwrap_or_default()
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let entries = value
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    entries
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

fn flatten(prefix: &str, value: &Value, keys: &mut BTreeMap<String, String>) {
    let below = |key: &str| match prefix {
        "" => key.to_owned(),
        prefix => format!("{prefix}.{key}"),
    };
    match value {
        Value::Table(table) => {
            for (key, value) in table {
                flatten(&below(key), value, keys);
            }
        }
        Value::Array(entries) if entries.iter().any(Value::is_table) => {
            for (place, entry) in entries.iter().enumerate() {
                flatten(&below(&key_of(entry, place)), entry, keys);
            }
        }
        Value::Array(entries) => {
            let mut said: Vec<String> = entries.iter().map(said).collect();
            said.sort_unstable();
            keys.insert(prefix.to_owned(), said.join(", "));
        }
        scalar => {
            keys.insert(prefix.to_owned(), said(scalar));
        }
    }
}

/// What an entry of a list of tables is known by: its own code, name or bound, or its place.
fn key_of(entry: &Value, place: usize) -> String {
    let known = ["code", "name", "from", "day", "means"]
        .iter()
        .find_map(|key| match entry.get(*key)? {
            Value::String(text) => Some(text.clone()),
            Value::Integer(number) => Some(number.to_string()),
            Value::Datetime(day) => Some(day.to_string()),
            _ => None,
        });
    known.unwrap_or_else(|| (place + 1).to_string())
}

fn said(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
