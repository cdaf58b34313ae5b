//! A layout against itself and the catalogue: it can make whole records of every item that it names.

use assess::{Bundle, Item};
use record::{FieldName, ValueKind};

use super::faults::Faults;
use super::headers::headers_of;
use super::{Aim, CellKind, Column, Layout};

/// Holds a layout together. `starts` says where each column stands in the file.
pub(super) fn verify(layout: &Layout, starts: &[usize], bundle: &Bundle, faults: &mut Faults<'_>) {
    let placed = || layout.columns.iter().zip(starts.iter().copied());
    for (place, (column, start)) in placed().enumerate() {
        verify_column(layout, column, start, faults);
        let earlier = layout.columns.iter().take(place);
        if let Some(key) = shared_header(column, earlier) {
            faults.at(
                start,
                format!(
                    "header `{key}` of column `{}` belongs to another column too",
                    column.code
                ),
                "give it to one of them",
            );
        }
    }
    for (what, aim) in [("subject.name", Aim::Name), ("occurred", Aim::Occurred)] {
        if layout.aimed(&aim).is_none_or(|column| !column.required) {
            faults.at(
                0,
                format!("no required column goes to `{what}`"),
                "every record has one",
            );
        }
    }
    either(
        layout.subject.is_some() || layout.subject_by_identifier,
        layout.aimed(&Aim::Kind),
        "subject",
        "subject.kind",
        faults,
    );
    verify_by_identifier(layout, faults);
    either(
        layout.item.is_some(),
        layout.aimed(&Aim::Item),
        "item",
        "item",
        faults,
    );
    if layout
        .on_correction_months
        .is_some_and(|months| !(1..=12).contains(&months))
    {
        faults.at(
            0,
            "`on_correction_months` is not within 1 to 12",
            "guard 7: a review within a year",
        );
    }
    if layout.on_correction_months.is_some() && layout.aimed(&Aim::Ends).is_some() {
        faults.at(
            0,
            "a record ends on correction or on a day, not both",
            "leave one out",
        );
    }
    for code in layout.items() {
        match bundle.item(code) {
            Some(item) => verify_item(layout, item, placed(), faults),
            None => faults.at(
                0,
                format!("item `{code}` is not in the catalogue"),
                "name one that is",
            ),
        }
    }
}

fn verify_by_identifier(layout: &Layout, faults: &mut Faults<'_>) {
    if layout.subject_by_identifier && layout.subject.is_some() {
        faults.at(
            0,
            "`subject` is fixed, and `subject_by_identifier` is set too",
            "leave one out",
        );
    }
    if layout.subject_by_identifier && layout.aimed(&Aim::Identifier).is_none() {
        faults.at(
            0,
            "`subject_by_identifier` is set, and no column goes to `subject.identifier`",
            "name the columns of identifiers",
        );
    }
}

fn either(fixed: bool, column: Option<&Column>, key: &str, aim: &str, faults: &mut Faults<'_>) {
    match (fixed, column) {
        (true, Some(column)) => {
            faults.at(
                0,
                format!(
                    "`{key}` is fixed, and column `{}` goes to `{aim}` too",
                    column.code
                ),
                "leave one out",
            );
        }
        (false, None) => faults.at(
            0,
            format!("nothing says the {key} of a row"),
            format!("set `{key}`, or send a required column to `{aim}`"),
        ),
        (false, Some(column)) if !column.required => {
            faults.at(
                0,
                format!("column `{}` goes to `{aim}` and is not required", column.code),
                "set `required = true`",
            );
        }
        _ => {}
    }
}

fn verify_column(layout: &Layout, column: &Column, start: usize, faults: &mut Faults<'_>) {
    let names_column = |code: &Option<String>| code.as_ref().is_none_or(|code| layout.column(code).is_some());
    let known = match &column.kind {
        CellKind::Date { not_before, .. } => names_column(not_before),
        CellKind::Identifier { kind_from, .. } => names_column(kind_from),
        _ => true,
    };
    if !known {
        faults.at(
            start,
            format!("column `{}` names a column that is not there", column.code),
            "use its code",
        );
    }
    for aim in &column.to {
        if !fits(aim, &column.kind) {
            faults.at(
                start,
                format!(
                    "column `{}` goes to a place that takes another kind of value",
                    column.code
                ),
                "see docs/layouts.md",
            );
        }
    }
    if column.code.trim().is_empty() || column.name.zh.trim().is_empty() || column.name.en.trim().is_empty() {
        faults.at(start, "a column lacks its code or its name in one language", "");
    }
    let asks_in_yuan = matches!(
        column.kind,
        CellKind::Amount {
            unit: crate::cell::AmountUnit::Yuan,
            ask_from_yuan: Some(_)
        }
    );
    if asks_in_yuan {
        faults.at(
            start,
            format!("column `{}` is in 元 and asks about its unit", column.code),
            "only columns of 万元 are asked about",
        );
    }
}

fn fits(aim: &Aim, kind: &CellKind) -> bool {
    let is_text = matches!(
        kind,
        CellKind::Text | CellKind::DocumentNumber | CellKind::CaseNumber
    );
    let is_date = matches!(kind, CellKind::Date { .. });
    match aim {
        Aim::Kind | Aim::IdentifierKind | Aim::Item => matches!(kind, CellKind::Code { .. }),
        Aim::Name | Aim::DocumentNumber | Aim::DocumentAuthority => is_text,
        Aim::Identifier => matches!(kind, CellKind::Identifier { .. }),
        Aim::DocumentDate | Aim::Occurred | Aim::Ends => is_date,
        // A field takes any value; an identifier only where the catalogue masks it.
        Aim::Field(_) => true,
        // No file names them as its own.
        Aim::Hint(_) => false,
    }
}

fn value_kind(kind: &CellKind) -> ValueKind {
    match kind {
        CellKind::Date { .. } => ValueKind::Date,
        CellKind::Amount { .. } => ValueKind::Amount,
        CellKind::Integer { .. } => ValueKind::Integer,
        _ => ValueKind::Text,
    }
}

fn verify_item<'a>(
    layout: &Layout,
    item: &Item,
    columns: impl Iterator<Item = (&'a Column, usize)>,
    faults: &mut Faults<'_>,
) {
    for (column, start) in columns {
        for aim in &column.to {
            let Aim::Field(name) = aim else { continue };
            let found = value_kind(&column.kind);
            if column.is_identifier() && !item.is_masked(name) {
                faults.at(
                    start,
                    format!(
                        "column `{}` brings an identifier to field `{name}` of `{}`, which is not masked",
                        column.code, item.code
                    ),
                    "only the field that an item `represents` takes one",
                );
            }
            match item.field(name.as_str()) {
                Some(spec) if spec.kind == found => {}
                None if name.as_str() == "entry_document" && found == ValueKind::Text => {}
                Some(_) => faults.at(
                    start,
                    format!(
                        "field `{name}` of `{}` takes another kind of value than column `{}`",
                        item.code, column.code
                    ),
                    "change the column's kind",
                ),
                None => faults.at(
                    start,
                    format!("`{}` has no field `{name}`", item.code),
                    "name one of its fields, or leave the column without a place",
                ),
            }
        }
    }
    for spec in item.fields.iter().filter(|spec| spec.required) {
        if !aimed_and_required(layout, &spec.name) {
            faults.at(
                0,
                format!(
                    "`{}` needs field `{}`, and no required column goes there",
                    item.code, spec.name
                ),
                "add one",
            );
        }
    }
    let has_number = layout
        .aimed(&Aim::DocumentNumber)
        .is_some_and(|column| column.required);
    if item.document_required && !has_number {
        faults.at(
            0,
            format!(
                "`{}` needs a document, and no required column goes to `document.number`",
                item.code
            ),
            "add one",
        );
    }
}

fn aimed_and_required(layout: &Layout, name: &FieldName) -> bool {
    layout
        .aimed(&Aim::Field(name.clone()))
        .is_some_and(|column| column.required)
}

fn shared_header<'a>(column: &Column, others: impl Iterator<Item = &'a Column>) -> Option<String> {
    let mine = headers_of(column);
    let theirs: Vec<String> = others.flat_map(headers_of).collect();
    mine.into_iter().find(|key| theirs.contains(key))
}
