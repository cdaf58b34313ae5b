//! A layout file to a layout: each column by its kind, each aim and value by its meaning.

use assess::{Bundle, PolicyFault};
use record::{FieldName, IdentifierKind, ItemCode, SubjectKind, same_name_key};
use toml::Spanned;

use super::faults::Faults;
use super::raw::{RawColumn, RawKind, RawLayout, RawValue};
use super::{Aim, CellKind, CodeValue, Column, Layout, Means, Prefix, verify};

/// Reads one file and holds it against the catalogue.
pub(super) fn parse(path: &str, text: &str, bundle: &Bundle) -> Result<Layout, Vec<PolicyFault>> {
    let mut faults = Faults::new(path, text);
    let raw: RawLayout = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            let message = error.message().trim().replace('\n', " ");
            faults.at(
                error.span().map_or(0, |span| span.start),
                message,
                "see docs/layouts.md",
            );
            return Err(faults.found);
        }
    };
    let starts: Vec<usize> = raw.columns.iter().map(|column| column.span().start).collect();
    let columns = raw
        .columns
        .into_iter()
        .map(|column| to_column(column, &mut faults))
        .collect();
    let layout = Layout {
        code: raw.code,
        name: raw.name,
        subject: raw.subject,
        subject_by_identifier: raw.subject_by_identifier,
        item: raw.item,
        on_correction_months: raw.on_correction_months,
        late_after_working_days: raw.late_after_working_days,
        columns,
    };
    verify::verify(&layout, &starts, bundle, &mut faults);
    if faults.found.is_empty() {
        Ok(layout.with_hints())
    } else {
        Err(faults.found)
    }
}

fn to_column(raw: Spanned<RawColumn>, faults: &mut Faults<'_>) -> Column {
    let start = raw.span().start;
    let raw = raw.into_inner();
    stray_keys(&raw, start, faults);
    let mut to = Vec::new();
    for aim in &raw.to {
        match to_aim(aim) {
            Some(aim) => to.push(aim),
            None => faults.at(
                start,
                format!(
                    "column `{}` goes to `{aim}`, which is no place in a record",
                    raw.code
                ),
                "see docs/layouts.md for the places",
            ),
        }
    }
    let kind = to_kind(&raw, &to, start, faults);
    Column {
        code: raw.code,
        name: raw.name,
        aliases: raw.aliases,
        kind,
        required: raw.required,
        required_for: raw.required_for,
        blank_for: raw.blank_for,
        max_chars: raw.max_chars,
        to,
        example: raw.example,
        help: raw.help,
    }
}

fn to_aim(text: &str) -> Option<Aim> {
    Some(match text {
        "subject.kind" => Aim::Kind,
        "subject.name" => Aim::Name,
        "subject.identifier" => Aim::Identifier,
        "subject.identifier_kind" => Aim::IdentifierKind,
        "item" => Aim::Item,
        "document.number" => Aim::DocumentNumber,
        "document.authority" => Aim::DocumentAuthority,
        "document.date" => Aim::DocumentDate,
        "occurred" => Aim::Occurred,
        "ends" => Aim::Ends,
        other => Aim::Field(FieldName::new(other.strip_prefix("field.")?).ok()?),
    })
}

/// Keys that belong to another kind of column than this one is.
fn stray_keys(raw: &RawColumn, start: usize, faults: &mut Faults<'_>) {
    let date = raw.kind == RawKind::Date;
    let code = raw.kind == RawKind::Code;
    let identifier = raw.kind == RawKind::Identifier;
    let keys = [
        ("long_term", raw.long_term, date),
        ("not_after_today", raw.not_after_today, date),
        ("not_before", raw.not_before.is_some(), date),
        ("is_birth", raw.is_birth, date),
        ("unit", raw.unit.is_some(), raw.kind == RawKind::Amount),
        (
            "ask_from_yuan",
            raw.ask_from_yuan.is_some(),
            raw.kind == RawKind::Amount,
        ),
        ("least", raw.least.is_some(), raw.kind == RawKind::Integer),
        ("most", raw.most.is_some(), raw.kind == RawKind::Integer),
        ("values", !raw.values.is_empty(), code),
        ("several", raw.several, code),
        ("identifier", !raw.identifier.is_empty(), identifier),
        (
            "identifier_kind_from",
            raw.identifier_kind_from.is_some(),
            identifier,
        ),
        ("prefixes", !raw.prefixes.is_empty(), identifier),
    ];
    for (key, is_there, belongs) in keys {
        if is_there && !belongs {
            faults.at(
                start,
                format!("column `{}` has `{key}`, which its kind does not take", raw.code),
                "leave it out, or change the kind",
            );
        }
    }
}

fn to_kind(raw: &RawColumn, to: &[Aim], start: usize, faults: &mut Faults<'_>) -> CellKind {
    match raw.kind {
        RawKind::Text => CellKind::Text,
        RawKind::DocumentNumber => CellKind::DocumentNumber,
        RawKind::CaseNumber => CellKind::CaseNumber,
        RawKind::Date => CellKind::Date {
            long_term: raw.long_term,
            not_after_today: raw.not_after_today
                || to
                    .iter()
                    .any(|aim| matches!(aim, Aim::Occurred | Aim::DocumentDate)),
            not_before: raw.not_before.clone(),
            is_birth: raw.is_birth,
        },
        RawKind::Amount => {
            let unit = raw.unit.unwrap_or_else(|| {
                faults.at(
                    start,
                    format!("column `{}` does not say its unit", raw.code),
                    "set `unit` to \"元\" or \"万元\"",
                );
                crate::cell::AmountUnit::Yuan
            });
            CellKind::Amount {
                unit,
                ask_from_yuan: raw.ask_from_yuan,
            }
        }
        RawKind::Integer => CellKind::Integer {
            least: raw.least.unwrap_or(0),
            most: raw.most.unwrap_or(i64::from(i32::MAX)),
        },
        RawKind::Code => {
            if raw.values.is_empty() {
                faults.at(
                    start,
                    format!("column `{}` has no values", raw.code),
                    "list them as `values`",
                );
            }
            let values = raw
                .values
                .iter()
                .map(|value| to_value(raw, value, to, start, faults))
                .collect();
            CellKind::Code {
                values,
                several: raw.several,
            }
        }
        RawKind::Identifier => to_identifier(raw, start, faults),
    }
}

fn to_identifier(raw: &RawColumn, start: usize, faults: &mut Faults<'_>) -> CellKind {
    let mut kinds = std::collections::BTreeMap::new();
    for (subject, code) in &raw.identifier {
        match IdentifierKind::from_code(code) {
            Some(kind) => {
                kinds.insert(*subject, kind);
            }
            None => faults.at(
                start,
                format!("`{code}` is no kind of identifier"),
                "e.g. `resident_id` or `uscc`",
            ),
        }
    }
    if kinds.is_empty() {
        faults.at(
            start,
            format!("column `{}` names no kind of identifier", raw.code),
            "e.g. `identifier = { person = \"resident_id\" }`",
        );
    }
    CellKind::Identifier {
        kinds,
        kind_from: raw.identifier_kind_from.clone(),
        prefixes: raw
            .prefixes
            .iter()
            .map(|prefix| Prefix {
                starts: prefix.starts.clone(),
                only: prefix.only.clone(),
            })
            .collect(),
    }
}

fn to_value(
    raw: &RawColumn,
    value: &RawValue,
    to: &[Aim],
    start: usize,
    faults: &mut Faults<'_>,
) -> CodeValue {
    let text = value.means.as_deref();
    let means = text.and_then(|text| {
        let found = to.iter().find_map(|aim| match aim {
            Aim::Kind => [
                SubjectKind::Person,
                SubjectKind::Organisation,
                SubjectKind::SoleTrader,
            ]
            .into_iter()
            .find(|kind| kind.code() == text)
            .map(Means::Kind),
            Aim::IdentifierKind => IdentifierKind::from_code(text).map(Means::Identifier),
            Aim::Item => ItemCode::new(text).ok().map(Means::Item),
            _ => None,
        });
        if found.is_none() {
            faults.at(
                start,
                format!(
                    "value `{}` of column `{}` means `{text}`, which its place does not take",
                    value.zh, raw.code
                ),
                "see docs/layouts.md",
            );
        }
        found
    });
    let needs = to
        .iter()
        .any(|aim| matches!(aim, Aim::Kind | Aim::IdentifierKind | Aim::Item));
    if needs && means.is_none() && text.is_none() && value.refused.is_none() {
        faults.at(
            start,
            format!("value `{}` of column `{}` means nothing", value.zh, raw.code),
            "set `means`",
        );
    }
    CodeValue {
        zh: value.zh.clone(),
        keys: std::iter::once(&value.zh)
            .chain(&value.also)
            .map(|name| same_name_key(name))
            .collect(),
        detail: value.detail,
        means,
        refused: value.refused.clone(),
    }
}
