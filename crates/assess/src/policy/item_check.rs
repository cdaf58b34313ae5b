//! A record against the catalogue: what exchange reports by row and store refuses.

use std::cell::Cell;

use jiff::ToSpan;
use jiff::civil::Date;
use record::{Record, SubjectKind, Value, ValueKind, resident_birth_date};

use super::Bundle;
use super::catalogue::{FieldSpec, Item, Source};
use super::hint::Hint;

/// Why a record is not what the catalogue asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ItemFault {
    /// The item is not in the catalogue.
    #[error(
        "item `{0}` is not in the catalogue in force; only what a published catalogue names is collected"
    )]
    Uncatalogued(String),
    /// The source may not hand this item in.
    #[error("`{from}` does not hand in `{item}`; ask for it in sources.toml")]
    NotOfSource {
        /// The source.
        from: String,
        /// The item.
        item: String,
    },
    /// What the record tells occurred before the item's first day.
    #[error("`{item}` takes what occurred from {since} on; leave the row out")]
    NotYet {
        /// The item.
        item: String,
        /// Its first day.
        since: Date,
    },
    /// What the record tells occurred when the item had ended.
    #[error("`{item}` ended on {until}; what occurred from then on is not collected")]
    Over {
        /// The item.
        item: String,
        /// The day it ended.
        until: Date,
    },
    /// The item needs a subject.
    #[error("the subject is missing; name it with its identifier")]
    SubjectMissing,
    /// The item does not speak about this kind of subject.
    #[error("`{item}` does not speak about a `{kind}`")]
    SubjectKind {
        /// The item.
        item: String,
        /// The kind of subject.
        kind: &'static str,
    },
    /// The item needs its document.
    #[error("the document is missing; give its number, authority and date")]
    DocumentMissing,
    /// A field that must be there is not.
    #[error("`{0}` is missing; fill it in")]
    FieldMissing(String),
    /// A field that the item does not have.
    #[error("`{0}` is no field of this item; leave it out")]
    FieldUnknown(String),
    /// A field with a value of the wrong kind.
    #[error("`{field}` takes {wanted}, not {found}")]
    FieldKind {
        /// The field.
        field: String,
        /// What it takes.
        wanted: &'static str,
        /// What was given.
        found: &'static str,
    },
    /// A text that is too long or empty.
    #[error("`{field}` has {found} characters; it takes 1 to {most}")]
    FieldLength {
        /// The field.
        field: String,
        /// How many characters.
        found: usize,
        /// The most.
        most: usize,
    },
    /// A text that is not in the field's code list.
    #[error("`{field}` is `{found}`; it takes one of: {allowed}")]
    FieldValue {
        /// The field.
        field: String,
        /// The text.
        found: String,
        /// The code list, in the words of records.
        allowed: String,
    },
    /// A quantity below zero.
    #[error("`{field}` is `{found}`; it is never below 0")]
    FieldNegative {
        /// The field.
        field: String,
        /// The value.
        found: String,
    },
    /// An adverse record about someone who was under 18.
    #[error("the person was under 18 on {0}; such records are not taken (guard 13)")]
    Juvenile(Date),
}

/// The longest a text field is that sets no bound of its own, in characters.
const TEXT_MOST: usize = 4000;

impl ItemFault {
    /// The stable code in row reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Uncatalogued(_) => "ITEM-UNKNOWN",
            Self::NotOfSource { .. } => "ITEM-NOT-OF-SOURCE",
            Self::NotYet { .. } => "ITEM-NOT-YET",
            Self::Over { .. } => "ITEM-ENDED",
            Self::SubjectMissing => "SUBJECT-MISSING",
            Self::SubjectKind { .. } => "SUBJECT-KIND",
            Self::DocumentMissing => "DOCUMENT-MISSING",
            Self::FieldMissing(_) => "REQUIRED",
            Self::FieldUnknown(_) => "FIELD-UNKNOWN",
            Self::FieldKind { .. } => "FIELD-KIND",
            Self::FieldLength { .. } => "TOO-LONG",
            Self::FieldValue { .. } => "NOT-IN-LIST",
            Self::FieldNegative { .. } => "NEGATIVE",
            Self::Juvenile(_) => "JUVENILE",
        }
    }

    /// The field it is about, if it is about one.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::FieldMissing(field)
            | Self::FieldUnknown(field)
            | Self::FieldKind { field, .. }
            | Self::FieldLength { field, .. }
            | Self::FieldValue { field, .. }
            | Self::FieldNegative { field, .. } => Some(field),
            _ => None,
        }
    }
}

impl Bundle {
    /// Every fault of a record against the catalogue in force, its source's items included. Acts have
    /// none: they are checked where they are made.
    pub fn check_record(&self, record: &Record) -> Vec<ItemFault> {
        self.record_check().faults(record)
    }

    /// The same for many records, one after the other.
    pub fn record_check(&self) -> RecordCheck<'_> {
        RecordCheck {
            bundle: self,
            last: Cell::new(None),
        }
    }
}

/// Records against the catalogue, one after the other: most often of the same source and item as before.
#[derive(Debug)]
pub struct RecordCheck<'a> {
    bundle: &'a Bundle,
    /// The item of the last record, and whether it is handed in by that source.
    last: Cell<Option<(&'a Source, &'a Item, bool)>>,
}

impl RecordCheck<'_> {
    /// Every fault of a record, as [`Bundle::check_record`] has them.
    pub fn faults(&self, record: &Record) -> Vec<ItemFault> {
        if record.act().is_some() {
            return Vec::new();
        }
        let (item, handed_in) = match self.last.get() {
            Some((source, item, handed_in)) if source.code == record.source && item.code == record.item => {
                (item, handed_in)
            }
            _ => {
                let Some(item) = self.bundle.item(&record.item) else {
                    return vec![ItemFault::Uncatalogued(record.item.to_string())];
                };
                let source = self.bundle.source(&record.source);
                let handed_in = source.is_some_and(|source| source.items.contains(&record.item));
                self.last.set(source.map(|source| (source, item, handed_in)));
                (item, handed_in)
            }
        };
        let mut faults = item.check(record);
        if !handed_in {
            faults.push(ItemFault::NotOfSource {
                from: record.source.to_string(),
                item: record.item.to_string(),
            });
        }
        faults
    }
}

impl Item {
    /// Every fault of a record against this item; empty if it is what the catalogue asks for.
    pub fn check(&self, record: &Record) -> Vec<ItemFault> {
        let mut faults: Vec<ItemFault> = self.outside_dates(record.occurred).into_iter().collect();
        match &record.subject {
            None => faults.push(ItemFault::SubjectMissing),
            Some(subject) => {
                if !self.subjects.contains(&subject.kind) {
                    faults.push(ItemFault::SubjectKind {
                        item: self.code.to_string(),
                        kind: subject.kind.code(),
                    });
                }
                faults.extend(self.juvenile(record));
            }
        }
        if self.document_required && record.document.is_none() {
            faults.push(ItemFault::DocumentMissing);
        }
        for spec in self.fields.iter().filter(|spec| spec.required) {
            if !record.fields.contains_key(&spec.name) {
                faults.push(ItemFault::FieldMissing(spec.name.to_string()));
            }
        }
        for (name, value) in &record.fields {
            match self.field(name.as_str()) {
                Some(spec) => faults.extend(self.check_field(spec, value)),
                None => faults.extend(check_hint(record, name.as_str(), value)),
            }
        }
        faults
    }

    fn outside_dates(&self, occurred: Date) -> Option<ItemFault> {
        let item = || self.code.to_string();
        match (self.since, self.until) {
            (Some(since), _) if occurred < since => Some(ItemFault::NotYet { item: item(), since }),
            (_, Some(until)) if occurred >= until => Some(ItemFault::Over { item: item(), until }),
            _ => None,
        }
    }

    fn check_field(&self, spec: &FieldSpec, value: &Value) -> Option<ItemFault> {
        let field = || spec.name.to_string();
        if value.kind() != spec.kind {
            return Some(ItemFault::FieldKind {
                field: field(),
                wanted: kind_name(spec.kind),
                found: kind_name(value.kind()),
            });
        }
        match value {
            Value::Text(text) => {
                let found = text.chars().count();
                let most = spec.max_chars.map_or(TEXT_MOST, |most| most as usize);
                if !(1..=most).contains(&found) {
                    return Some(ItemFault::FieldLength {
                        field: field(),
                        found,
                        most,
                    });
                }
                (!spec.takes_text(text)).then(|| ItemFault::FieldValue {
                    field: field(),
                    found: text.clone(),
                    allowed: allowed(spec),
                })
            }
            Value::Integer(number) if self.quantity.as_ref() == Some(&spec.name) && *number < 0 => {
                Some(ItemFault::FieldNegative {
                    field: field(),
                    found: number.to_string(),
                })
            }
            Value::Amount(amount) if amount.fen() < 0 => Some(ItemFault::FieldNegative {
                field: field(),
                found: amount.to_string(),
            }),
            _ => None,
        }
    }

    fn juvenile(&self, record: &Record) -> Option<ItemFault> {
        let subject = record.subject.as_ref()?;
        if subject.kind != SubjectKind::Person || !self.is_adverse() {
            return None;
        }
        let carried = subject.identifier.as_ref().and_then(resident_birth_date);
        let stated = || match record.field(Hint::BirthDate.field()) {
            Some(Value::Date(born)) => Some(*born),
            _ => None,
        };
        let born = carried.or_else(stated)?;
        is_minor(born, record.occurred).then_some(ItemFault::Juvenile(record.occurred))
    }
}

/// A field that the item does not have may be a hint, of a record that names nobody by an identifier.
fn check_hint(record: &Record, name: &str, value: &Value) -> Option<ItemFault> {
    let subject = record.subject.as_ref();
    let named = subject.is_none_or(|subject| subject.identifier.is_some());
    let field = name.to_owned();
    let Some(hint) = Hint::of_field(name).filter(|_| !named) else {
        return Some(ItemFault::FieldUnknown(field));
    };
    if value.kind() != hint.kind() {
        let (wanted, found) = (kind_name(hint.kind()), kind_name(value.kind()));
        return Some(ItemFault::FieldKind { field, wanted, found });
    }
    let Value::Text(text) = value else { return None };
    let (found, most) = (text.chars().count(), hint.max_chars());
    (!(1..=most).contains(&found)).then_some(ItemFault::FieldLength { field, found, most })
}

/// Whether someone born on this day is under 18 on that day.
pub(crate) fn is_minor(born: Date, on: Date) -> bool {
    on < born.saturating_add(18.years())
}

fn allowed(spec: &FieldSpec) -> String {
    let values = spec.values.as_deref().unwrap_or_default();
    let values: Vec<&str> = values.iter().map(|value| value.zh.as_str()).collect();
    values.join("、")
}

fn kind_name(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text => "a text",
        ValueKind::Integer => "a whole number",
        ValueKind::Amount => "an amount of money",
        ValueKind::Date => "a day",
        ValueKind::Bool => "yes or no",
        ValueKind::Bytes => "bytes",
    }
}
