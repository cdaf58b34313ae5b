//! TOML documents to entries, each with its place, one fault per broken entry and not one per file.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::fault::{Faults, PolicyFault};

/// The longest policy file that is read, in bytes.
const FILE_MOST_BYTES: usize = 1 << 20;

/// The text of one file, for turning offsets into lines.
#[derive(Debug)]
struct Source {
    file: String,
    text: String,
}

/// Where an entry stands: its file, where it begins and where its keys' values begin.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    source: Arc<Source>,
    start: usize,
    keys: BTreeMap<String, usize>,
}

impl Place {
    pub(crate) fn file(&self) -> &str {
        &self.source.file
    }

    /// The line on which this entry begins, from 1.
    pub(crate) fn line(&self) -> usize {
        line_and_column(&self.source.text, self.start).0
    }

    /// Whether the entry states this key, rather than leaving it to its default.
    pub(crate) fn states(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }

    /// A fault of this entry as a whole.
    pub(crate) fn fault(&self, faults: &mut Faults, message: impl Into<String>, help: impl Into<String>) {
        self.fault_from(faults, self.start, message.into(), help.into());
    }

    /// A fault of one key of this entry; of the entry if it lacks the key.
    pub(crate) fn fault_at(
        &self,
        faults: &mut Faults,
        key: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let offset = self.keys.get(key).copied().unwrap_or(self.start);
        self.fault_from(faults, offset, message.into(), help.into());
    }

    fn fault_from(&self, faults: &mut Faults, offset: usize, message: String, help: String) {
        faults
            .0
            .push(fault_in(&self.source, Some(offset..offset), message, help));
    }
}

/// One entry and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

/// One file, taken apart table by table.
pub(crate) struct Document<'a> {
    source: Arc<Source>,
    table: DeTable<'a>,
    span: Range<usize>,
}

impl<'a> Document<'a> {
    /// Reads a file as far as it can be read.
    pub(crate) fn open(file: &str, text: &'a str, faults: &mut Faults) -> Option<Self> {
        let source = Arc::new(Source {
            file: file.to_owned(),
            text: text.to_owned(),
        });
        if text.len() > FILE_MOST_BYTES {
            let message = format!("the file has {} bytes; the most is {FILE_MOST_BYTES}", text.len());
            faults.0.push(fault_in(&source, None, message, String::new()));
            return None;
        }
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let message = error.message().to_owned();
            let help = "see the TOML 1.0 syntax".to_owned();
            faults.0.push(fault_in(&source, error.span(), message, help));
        }
        let span = root.span();
        errors.is_empty().then(|| Self {
            source,
            table: root.into_inner(),
            span,
        })
    }

    /// Takes the array of tables of this name out; none if it is absent.
    pub(crate) fn take_array<T: DeserializeOwned>(
        &mut self,
        key: &str,
        faults: &mut Faults,
    ) -> Vec<Placed<T>> {
        let Some((_, value)) = self.table.remove_entry(key) else {
            return Vec::new();
        };
        let span = value.span();
        let DeValue::Array(entries) = value.into_inner() else {
            let message = format!("`{key}` is no list of tables");
            let help = format!("write each as `[[{key}]]`");
            faults.0.push(fault_in(&self.source, Some(span), message, help));
            return Vec::new();
        };
        entries
            .into_iter()
            .filter_map(|entry| read_entry(&self.source, entry, faults))
            .collect()
    }

    /// Takes whatever is left as one entry. Keys that it does not know are faults.
    pub(crate) fn take_rest<T: DeserializeOwned>(self, faults: &mut Faults) -> Option<Placed<T>> {
        let Self { source, table, span } = self;
        read_entry(&source, Spanned::new(span, DeValue::Table(table)), faults)
    }
}

fn read_entry<T: DeserializeOwned>(
    source: &Arc<Source>,
    entry: Spanned<DeValue<'_>>,
    faults: &mut Faults,
) -> Option<Placed<T>> {
    let start = entry.span().start;
    let keys = match entry.get_ref() {
        DeValue::Table(table) => table
            .iter()
            .map(|(key, value)| (key.get_ref().to_string(), value.span().start))
            .collect(),
        _ => BTreeMap::new(),
    };
    let span = entry.span();
    match T::deserialize(ValueDeserializer::from(entry)) {
        Ok(value) => Some(Placed {
            value,
            place: Place {
                source: Arc::clone(source),
                start,
                keys,
            },
        }),
        Err(error) => {
            let at = error.span().or(Some(span));
            let message = error.message().trim().replace('\n', " ");
            let help = "see docs/policy-language.md for what stands here".to_owned();
            faults.0.push(fault_in(source, at, message, help));
            None
        }
    }
}

fn fault_in(source: &Source, span: Option<Range<usize>>, message: String, help: String) -> PolicyFault {
    let (line, column) = span.map_or((0, 0), |span| line_and_column(&source.text, span.start));
    PolicyFault {
        file: source.file.clone(),
        line,
        column,
        message,
        help,
    }
}

fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset = offset.saturating_sub(1);
    }
    let before = text.get(..offset).unwrap_or_default();
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// A TOML local date as a civil date.
pub(crate) fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    to_date::<D::Error>(toml::value::Datetime::deserialize(deserializer)?)
}

/// A TOML local date, or nothing.
pub(crate) fn optional_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    Option::<toml::value::Datetime>::deserialize(deserializer)?
        .map(to_date::<D::Error>)
        .transpose()
}

fn to_date<E: serde::de::Error>(found: toml::value::Datetime) -> Result<Date, E> {
    if found.time.is_some() || found.offset.is_some() {
        return Err(E::custom(format!(
            "`{found}` has a time; write the day alone, as 2026-04-01"
        )));
    }
    let day = found
        .date
        .ok_or_else(|| E::custom("a day is wanted, as 2026-04-01"))?;
    let part = |n: u8| i8::try_from(n).unwrap_or(0);
    let year = i16::try_from(day.year).unwrap_or(i16::MAX);
    Date::new(year, part(day.month), part(day.day))
        .map_err(|_| E::custom(format!("`{found}` is no day of the calendar")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Entry {
        #[serde(rename = "code")]
        _code: String,
        #[serde(default, deserialize_with = "optional_date", rename = "on")]
        _on: Option<Date>,
    }

    fn check(text: &str, expect: &[&str]) {
        let mut faults = Faults::default();
        if let Some(mut document) = Document::open("a.toml", text, &mut faults) {
            document.take_array::<Entry>("entry", &mut faults);
            document.take_rest::<BTreeMap<String, String>>(&mut faults);
        }
        let found: Vec<String> = faults
            .sorted()
            .iter()
            .map(|fault| format!("{}:{} {}", fault.line, fault.column, fault.message))
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn every_broken_entry_is_found_in_its_place() {
        check("[[entry]]\ncode = \"a\"\non = 2026-04-01\n", &[]);
        check(
            "[[entry]]\ncode = \"a\"\nwrong = 1\n\n[[entry]]\ncode = 5\n",
            &[
                "3:1 unknown field `wrong`, expected `code` or `on`",
                "6:8 invalid type: integer `5`, expected a string",
            ],
        );
        check(
            "[[entry]]\ncode = \"a\"\non = 2026-04-01T00:00:00\n",
            &["3:6 `2026-04-01T00:00:00` has a time; write the day alone, as 2026-04-01"],
        );
        check("entry = 3\n", &["1:9 `entry` is no list of tables"]);
    }
}
