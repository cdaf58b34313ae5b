//! Who the subject is, as far as it protects: a child, one who died, a company struck off. Never used to rate.

use jiff::civil::Date;
use record::{SubjectKind, Value, resident_birth_date};

use crate::policy::{Item, is_minor};
use crate::resolve::Resolved;
use crate::standing::Standing;

/// What is known of who the subject is. Used to protect, never to rate.
pub(crate) struct Person {
    pub(crate) kind: Option<SubjectKind>,
    /// The latest birth that a source states: where they disagree, the youngest age protects.
    born: Option<Date>,
    pub(crate) minor: bool,
    pub(crate) deceased: bool,
    pub(crate) cancelled: bool,
}

impl Person {
    pub(crate) fn of(found: &[Resolved<'_>], on: Date) -> Self {
        let living = |resolved: &&Resolved<'_>| {
            !matches!(
                resolved.standing,
                Standing::Corrected { .. } | Standing::Withdrawn { .. } | Standing::Pending
            )
        };
        let stated = |founds: bool| {
            found
                .iter()
                .filter(living)
                .filter(|resolved| !founds || resolved.item.is_some_and(|item| item.founds))
                .find_map(|resolved| resolved.logged.record().subject.as_ref())
        };
        let kind = stated(true).or_else(|| stated(false)).map(|stated| stated.kind);
        let registered = |field: &str| {
            found.iter().filter(living).any(|resolved| {
                let register = resolved.item.is_some_and(|item| item.founds);
                matches!(resolved.logged.record().field(field), Some(Value::Date(day)) if register && *day <= on)
            })
        };
        if kind != Some(SubjectKind::Person) {
            return Self {
                kind,
                born: None,
                minor: false,
                deceased: false,
                cancelled: registered("cancelled_date"),
            };
        }
        let born = found.iter().filter(living).flat_map(|resolved| {
            let record = resolved.logged.record();
            let said = record
                .subject
                .as_ref()
                .and_then(|stated| stated.identifier.as_ref());
            let registered = match record.field("birth_date") {
                Some(Value::Date(day)) if resolved.item.is_some_and(|item| item.founds) => Some(*day),
                _ => None,
            };
            [registered, said.and_then(resident_birth_date)]
                .into_iter()
                .flatten()
        });
        let born = born.max();
        Self {
            kind,
            born,
            minor: born.is_some_and(|born| is_minor(born, on)),
            deceased: registered("death_date"),
            cancelled: false,
        }
    }
}

/// Guard 13: what happened under 18 never counts, on whatever day one asks.
pub(crate) fn silence_juvenile(person: &Person, found: &mut [Resolved<'_>]) {
    let Some(born) = person.born else { return };
    let adverse = found
        .iter_mut()
        .filter(|one| one.item.is_some_and(Item::is_adverse));
    for resolved in adverse.filter(|one| is_minor(born, one.logged.record().occurred)) {
        let silent = matches!(
            resolved.standing,
            Standing::Corrected { .. } | Standing::Withdrawn { .. } | Standing::Uncatalogued
        );
        if !silent {
            resolved.standing = Standing::Juvenile;
        }
    }
}
