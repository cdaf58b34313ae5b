//! Layouts: what the columns of a department's file mean, as policy files in `policies/layouts/`.
//! How one is written stands in `docs/layouts.md`.

mod faults;
mod headers;
mod hints;
mod infer;
mod parse;
mod raw;
mod suggest;
mod verify;

use std::collections::BTreeMap;

use assess::{Bundle, Hint, PolicyFault, Text};
use record::{FieldName, IdentifierKind, ItemCode, LayoutCode, SourceCode, SubjectKind};

use crate::cell::AmountUnit;
pub use headers::Aliases;
pub(crate) use headers::{HeaderMap, detect, header_key, nearest};
pub use infer::{Proposal, infer_layout};

/// One layout's text, held against the catalogue.
#[cfg(fuzzing)]
pub(crate) fn parse_layout(text: &str, bundle: &Bundle) -> Result<Layout, Vec<PolicyFault>> {
    parse::parse("layouts/a.toml", text, bundle)
}

/// The layouts of a bundle.
#[derive(Debug, Clone, Default)]
pub struct Layouts(BTreeMap<LayoutCode, Layout>);

impl Layouts {
    /// Reads every file of the bundle below `layouts/`, and holds each against the catalogue.
    ///
    /// # Errors
    /// All faults of all layouts, each with its file and line.
    pub fn from_bundle(bundle: &Bundle) -> Result<Self, Vec<PolicyFault>> {
        let mut layouts = BTreeMap::new();
        let mut faults = Vec::new();
        for (path, text) in bundle
            .files()
            .iter()
            .filter(|(path, _)| path.starts_with("layouts/"))
        {
            match parse::parse(path, text, bundle) {
                Ok(layout) => {
                    let named = format!("layouts/{}.toml", layout.code);
                    if *path != named {
                        faults.push(faults::fault_of_file(
                            path,
                            format!("the layout is `{}`", layout.code),
                            format!("name the file `{named}`"),
                        ));
                    }
                    layouts.insert(layout.code.clone(), layout);
                }
                Err(found) => faults.extend(found),
            }
        }
        if faults.is_empty() {
            Ok(Self(layouts))
        } else {
            Err(faults)
        }
    }

    /// The layout of this code.
    pub fn get(&self, code: &LayoutCode) -> Option<&Layout> {
        self.0.get(code)
    }

    /// All layouts by code.
    pub fn iter(&self) -> impl Iterator<Item = &Layout> {
        self.0.values()
    }

    /// The layouts with an item that this source may hand in.
    pub fn of_source<'a>(
        &'a self,
        bundle: &'a Bundle,
        source: &SourceCode,
    ) -> impl Iterator<Item = &'a Layout> {
        let items = bundle
            .source(source)
            .map_or(&[][..], |source| source.items.as_slice());
        self.iter()
            .filter(|layout| layout.items().any(|item| items.contains(item)))
    }

    /// The one layout that a header row fits best: all columns that must be there are there, and it knows
    /// more of the headers than any other. `None` if none fits, or two fit equally well.
    pub fn detect(&self, headers: &[String]) -> Option<&Layout> {
        detect(self.iter(), headers, &Aliases::default())
    }
}

/// One layout.
#[derive(Debug, Clone)]
pub struct Layout {
    pub(crate) code: LayoutCode,
    pub(crate) name: Text,
    pub(crate) subject: Option<SubjectKind>,
    /// The identifier that a row gives says its kind of subject.
    pub(crate) subject_by_identifier: bool,
    pub(crate) item: Option<ItemCode>,
    pub(crate) on_correction_months: Option<i32>,
    pub(crate) late_after_working_days: Option<u32>,
    pub(crate) columns: Vec<Column>,
}

impl Layout {
    /// Its code, e.g. `sgs-penalty-2018`.
    pub fn code(&self) -> &LayoutCode {
        &self.code
    }

    /// Its name.
    pub fn name(&self) -> &Text {
        &self.name
    }

    /// Whether rows are expected within some working days of their document.
    pub fn has_deadline(&self) -> bool {
        self.late_after_working_days.is_some()
    }

    /// Its columns, in the order of the template.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Its columns without those of hints: what the file of the standard has.
    pub(crate) fn template(&self) -> &[Column] {
        let hints = self.columns.iter().position(Column::is_hint);
        let (own, _) = self.columns.split_at(hints.unwrap_or(self.columns.len()));
        own
    }

    /// Whether it takes hints at whom a row without an identifier means.
    pub(crate) fn takes_hints(&self) -> bool {
        self.columns.last().is_some_and(Column::is_hint)
    }

    /// The catalogue items that its rows become.
    pub fn items(&self) -> impl Iterator<Item = &ItemCode> {
        let of_values = self.columns.iter().flat_map(|column| match &column.kind {
            CellKind::Code { values, .. } => values.as_slice(),
            _ => &[],
        });
        self.item
            .iter()
            .chain(of_values.filter_map(|value| match &value.means {
                Some(Means::Item(item)) => Some(item),
                _ => None,
            }))
    }

    /// The column with this official code.
    pub fn column(&self, code: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.code == code)
    }

    /// The column that a record is known by: its document's number, or else its subject's identifier.
    pub(crate) fn key_column(&self) -> Option<&str> {
        let column = self
            .aimed(&Aim::DocumentNumber)
            .or_else(|| self.aimed(&Aim::Identifier))?;
        Some(&column.code)
    }

    /// The column with the identifiers of this kind of subject.
    pub(crate) fn identifier_column(&self, subject: SubjectKind) -> Option<&Column> {
        self.columns.iter().find(|column| match &column.kind {
            CellKind::Identifier { kinds, .. } => {
                column.to.contains(&Aim::Identifier) && kinds.contains_key(&subject)
            }
            _ => false,
        })
    }

    pub(crate) fn aimed(&self, aim: &Aim) -> Option<&Column> {
        self.columns.iter().find(|column| column.to.contains(aim))
    }
}

/// One column of a layout.
#[derive(Debug, Clone)]
pub struct Column {
    pub(crate) code: String,
    pub(crate) name: Text,
    pub(crate) aliases: Vec<String>,
    pub(crate) kind: CellKind,
    pub(crate) required: bool,
    pub(crate) required_for: Vec<SubjectKind>,
    pub(crate) blank_for: Vec<SubjectKind>,
    pub(crate) max_chars: Option<usize>,
    pub(crate) to: Vec<Aim>,
    pub(crate) example: String,
    pub(crate) help: Option<Text>,
}

impl Column {
    /// Its official code, which is its header in the template, e.g. `CF_JDRQ`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Its name.
    pub fn name(&self) -> &Text {
        &self.name
    }

    /// Whether every row must have it, whatever its subject.
    pub fn is_required(&self) -> bool {
        self.required
    }

    /// Whether its value is kept in the record. Others are checked and dropped.
    pub fn is_kept(&self) -> bool {
        !self.to.is_empty()
    }

    /// The longest text it takes, in characters.
    pub fn max_chars(&self) -> Option<usize> {
        self.max_chars
    }

    /// A cell of it as it should be, for templates; may be empty.
    pub fn example(&self) -> &str {
        &self.example
    }

    /// Whether it is a hint at whom a row means, and kept only if the row has no identifier.
    pub fn is_hint(&self) -> bool {
        self.to.iter().any(|aim| matches!(aim, Aim::Hint(_)))
    }

    /// What to heed when filling it in.
    pub fn help(&self) -> Option<&Text> {
        self.help.as_ref()
    }

    /// The values it takes, if it is a code list.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        let values = match &self.kind {
            CellKind::Code { values, .. } => values.as_slice(),
            _ => &[],
        };
        values.iter().map(|value| value.zh.as_str())
    }

    /// Whether it takes a date of birth.
    pub(crate) fn is_birth(&self) -> bool {
        matches!(self.kind, CellKind::Date { is_birth: true, .. })
    }

    /// Whether it takes an identifier, which pages and reports mask.
    pub fn is_identifier(&self) -> bool {
        matches!(self.kind, CellKind::Identifier { .. })
    }
}

/// What kind of value the cells of a column hold.
#[derive(Debug, Clone)]
pub(crate) enum CellKind {
    Text,
    DocumentNumber,
    CaseNumber,
    Date {
        /// 2099/12/31 and 长期 mean that there is no end.
        long_term: bool,
        /// It may not lie after today.
        not_after_today: bool,
        /// It may not lie before the day in this column.
        not_before: Option<String>,
        /// It must be the date of birth that the subject's identifier carries.
        is_birth: bool,
    },
    Amount {
        unit: AmountUnit,
        ask_from_yuan: Option<i64>,
    },
    Integer {
        least: i64,
        most: i64,
    },
    Code {
        values: Vec<CodeValue>,
        /// Several values may stand in one cell; the last of them in the list decides.
        several: bool,
    },
    Identifier {
        /// Which kind it is for which subject.
        kinds: BTreeMap<SubjectKind, IdentifierKind>,
        /// The column that says which kind it is for a person.
        kind_from: Option<String>,
        /// Beginnings that only these subjects have.
        prefixes: Vec<Prefix>,
    },
}

/// One value of a code list.
#[derive(Debug, Clone)]
pub(crate) struct CodeValue {
    pub(crate) zh: String,
    /// What it may be called, as [`record::same_name_key`] makes them: its name first.
    pub(crate) keys: Vec<String>,
    /// More may follow it in the cell, as in `其他-补办`.
    pub(crate) detail: bool,
    pub(crate) means: Option<Means>,
    /// Rows with it are refused, with these words.
    pub(crate) refused: Option<Text>,
}

/// What a value of a code list stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Means {
    Kind(SubjectKind),
    Identifier(IdentifierKind),
    Item(ItemCode),
}

/// A beginning of an identifier that only some kinds of subjects have.
#[derive(Debug, Clone)]
pub(crate) struct Prefix {
    pub(crate) starts: String,
    pub(crate) only: Vec<SubjectKind>,
}

/// Where a column's value goes in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Aim {
    Kind,
    Name,
    Identifier,
    IdentifierKind,
    Item,
    DocumentNumber,
    DocumentAuthority,
    DocumentDate,
    Occurred,
    Ends,
    Field(FieldName),
    /// Kept of rows without an identifier only.
    Hint(Hint),
}
