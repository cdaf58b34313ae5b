//! The file: read with the line of everything in it, and every fault named, not the first only.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::{SETTINGS, Setting, USUAL_FILE, of_key};

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SettingFault {
    /// `file:line`, or which variable.
    pub(crate) place: String,
    /// What is wrong and what to do.
    pub(crate) what: String,
}

impl fmt::Display for SettingFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// A file that was read and is without fault.
#[derive(Debug)]
pub(crate) struct SettingsFile {
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// By key: the value and its line.
    values: BTreeMap<&'static str, (String, usize)>,
}

impl SettingsFile {
    /// The file that was named, or the usual one if it is there.
    ///
    /// # Errors
    /// Every fault that it has.
    pub(crate) fn find(named: Option<&Path>) -> Result<Option<Self>, Vec<SettingFault>> {
        let path = match named {
            Some(path) => path,
            None if Path::new(USUAL_FILE).exists() => Path::new(USUAL_FILE),
            None => return Ok(None),
        };
        let text = std::fs::read_to_string(path).map_err(|error| {
            vec![SettingFault {
                place: path.display().to_string(),
                what: format!("cannot be read: {error}"),
            }]
        })?;
        Self::parse(path, &text).map(Some)
    }

    /// Reads its text.
    pub(crate) fn parse(path: &Path, text: &str) -> Result<Self, Vec<SettingFault>> {
        let mut reading = Reading {
            path,
            text,
            faults: Vec::new(),
            values: BTreeMap::new(),
        };
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            reading.fault(at, error.message().to_owned());
        }
        if reading.faults.is_empty() {
            reading.sections(table.get_ref());
        }
        if reading.faults.is_empty() {
            Ok(Self {
                path: path.to_owned(),
                values: reading.values,
            })
        } else {
            reading.faults.sort_by_key(|(line, _)| *line);
            Err(reading.faults.into_iter().map(|(_, fault)| fault).collect())
        }
    }

    /// What it says of a setting, and where.
    pub(crate) fn value(&self, setting: &Setting) -> Option<(&str, String)> {
        let (value, line) = self.values.get(setting.key)?;
        Some((value, format!("{}:{line}", self.path.display())))
    }

    /// Whether it holds a password.
    pub(crate) fn holds_secret(&self) -> bool {
        SETTINGS.iter().any(|setting| {
            let value = self.values.get(setting.key);
            value.is_some_and(|(value, _)| setting.kind.shown(value) != *value)
        })
    }

    /// The command line with what the file says as defaults: whatever an option or its variable says goes before.
    pub(crate) fn under(&self, command: clap::Command) -> clap::Command {
        command
            .mut_args(|arg| {
                let setting = SETTINGS
                    .iter()
                    .find(|setting| arg.get_env().is_some_and(|env| env == setting.env));
                match setting.and_then(|setting| Some((setting, self.values.get(setting.key)?))) {
                    Some((setting, (value, _))) => arg
                        .default_value(value.clone())
                        .hide_default_value(setting.kind.is_secret()),
                    None => arg,
                }
            })
            .mut_subcommands(|inner| self.under(inner))
    }
}

/// A file while it is read.
struct Reading<'a> {
    path: &'a Path,
    text: &'a str,
    /// With their lines.
    faults: Vec<(usize, SettingFault)>,
    values: BTreeMap<&'static str, (String, usize)>,
}

impl Reading<'_> {
    fn line(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }

    fn fault(&mut self, at: usize, what: String) {
        let line = self.line(at);
        let place = format!("{}:{line}", self.path.display());
        self.faults.push((line, SettingFault { place, what }));
    }

    fn sections(&mut self, table: &DeTable<'_>) {
        let known = |name: &str| SETTINGS.iter().any(|setting| section(setting.key) == name);
        for (name, value) in table {
            let at = name.span().start;
            match value.get_ref() {
                DeValue::Table(inner) if known(name.get_ref()) => self.section(name.get_ref(), inner),
                DeValue::Table(_) => {
                    let near = nearest(
                        name.get_ref(),
                        SETTINGS.iter().map(|setting| section(setting.key)),
                    );
                    let what = format!("`[{}]` is no section{}", name.get_ref(), did_you_mean(near));
                    self.fault(at, what);
                }
                _ => {
                    let of = SETTINGS
                        .iter()
                        .find(|setting| setting.key.ends_with(&format!(".{}", name.get_ref())));
                    let help = of.map_or_else(
                        || "; see `xinlian config example`".to_owned(),
                        |setting| format!("; it belongs below `[{}]`", section(setting.key)),
                    );
                    self.fault(at, format!("`{}` stands in no section{help}", name.get_ref()));
                }
            }
        }
    }

    fn section(&mut self, of: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            let key = format!("{of}.{}", name.get_ref());
            let at = name.span().start;
            let Some(setting) = of_key(&key) else {
                let near = nearest(&key, SETTINGS.iter().map(|setting| setting.key));
                self.fault(at, format!("`{key}` is no setting{}", did_you_mean(near)));
                continue;
            };
            let (value, is_bare) = match value.get_ref() {
                DeValue::String(text) => (text.to_string(), false),
                DeValue::Integer(number) => (number.to_string(), true),
                DeValue::Boolean(yes) => (yes.to_string(), true),
                _ => {
                    self.fault(
                        at,
                        format!(
                            "`{key}` takes one value; write `{} = {}`",
                            name.get_ref(),
                            example_of(setting)
                        ),
                    );
                    continue;
                }
            };
            if is_bare != setting.kind.is_bare() {
                let marks = if is_bare {
                    "takes a text in quotation marks"
                } else {
                    "takes a value without quotation marks"
                };
                self.fault(
                    at,
                    format!(
                        "`{key}` {marks}; write `{} = {}`",
                        name.get_ref(),
                        example_of(setting)
                    ),
                );
            } else if let Err(what) = setting.kind.check(&value) {
                self.fault(at, format!("`{key}`: {what}"));
            } else {
                self.values.insert(setting.key, (value, self.line(at)));
            }
        }
    }
}

/// A value as the file writes it.
fn example_of(setting: &Setting) -> String {
    if setting.kind.is_bare() {
        setting.such_as.to_owned()
    } else {
        format!("\"{}\"", setting.such_as)
    }
}

/// The section of a key.
pub(super) fn section(key: &str) -> &str {
    key.split_once('.').map_or(key, |(section, _)| section)
}

fn did_you_mean(near: Option<&str>) -> String {
    near.map_or_else(
        || "; see `xinlian config example`".to_owned(),
        |near| format!("; did you mean `{near}`?"),
    )
}

/// The known word that is nearest to one that is not known, if any is near.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|known| (distance(word, known), known))
        .filter(|(distance, _)| *distance <= (word.chars().count() / 3).max(2))
        .min()
        .map(|(_, known)| known)
}

/// How many letters must be changed, put in or left out (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut next = vec![line + 1];
        for ((above, pair), of_other) in row.iter().skip(1).zip(&row).zip(&other) {
            let left = next.last().copied().unwrap_or_default();
            let changed = pair + usize::from(*of_other != letter);
            next.push((left + 1).min(above + 1).min(changed));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_with_its_line_and_what_to_do() {
        let text = "colour = \"red\"\nport = 1\n[listn]\n[listen]\nprot = 1\nhost = 7\n\
                    behind_tls = \"true\"\nport = 99999\nstop_seconds = [1]\n[log]\nformat = \"xml\"\n";
        let faults = SettingsFile::parse(Path::new("x.toml"), text).unwrap_err();
        let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let expect = [
            "x.toml:1: `colour` stands in no section; see `xinlian config example`",
            "x.toml:2: `port` stands in no section; it belongs below `[listen]`",
            "x.toml:3: `[listn]` is no section; did you mean `listen`?",
            "x.toml:5: `listen.prot` is no setting; did you mean `listen.port`?",
            "x.toml:6: `listen.host` takes a text in quotation marks; write `host = \"127.0.0.1\"`",
            "x.toml:7: `listen.behind_tls` takes a value without quotation marks; write `behind_tls = true`",
            "x.toml:8: `listen.port`: `99999` is no whole number from 0 to 65535",
            "x.toml:9: `listen.stop_seconds` takes one value; write `stop_seconds = 10`",
            "x.toml:11: `log.format`: `xml` is none of `text`, `json`",
        ];
        assert_eq!(said, expect, "in the order of their lines");
    }

    #[test]
    fn what_is_no_toml_is_told_where() {
        let faults = SettingsFile::parse(Path::new("x.toml"), "[store]\ndata = \n[log\n").unwrap_err();
        let places: Vec<&str> = faults.iter().map(|fault| fault.place.as_str()).collect();
        assert!(
            places.contains(&"x.toml:2") && places.contains(&"x.toml:3"),
            "{faults:?}"
        );
    }

    #[test]
    fn a_word_is_near_if_few_letters_differ() {
        let check = |word: &str, expect: Option<&str>| {
            assert_eq!(
                nearest(word, ["listen.port", "log.format"].into_iter()),
                expect,
                "{word}"
            );
        };
        check("listen.prt", Some("listen.port"));
        check("log.formats", Some("log.format"));
        check("something.else", None);
        assert_eq!((distance("", "abc"), distance("kitten", "sitting")), (3, 3));
    }
}
