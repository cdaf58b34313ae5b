//! Who the subject is, as far as it protects: a child, one who died, a company struck off. Never used to rate.

use jiff::civil::Date;
use record::{SubjectKind, Value, resident_birth_date};

use crate::policy::{Item, is_minor};
use crate::resolve::Resolved;
use crate::standing::Standing;

/// What is known of who the subject is. Used to protect, never to rate.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) kind: Option<SubjectKind>,
    /// The latest birth that a source states: where they disagree, the youngest age protects.
    pub(crate) born: Option<Date>,
    /// The day of death, the first that a register states.
    pub(crate) died: Option<Date>,
    /// The day on which an organisation was struck off.
    pub(crate) cancelled: Option<Date>,
}

impl Person {
    pub(crate) fn of(found: &[Resolved<'_>]) -> Self {
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
            let days = found.iter().filter(living).filter_map(|resolved| {
                let register = resolved.item.is_some_and(|item| item.founds);
                match resolved.logged.record().field(field) {
                    Some(Value::Date(day)) if register => Some(*day),
                    _ => None,
                }
            });
            days.min()
        };
        if kind != Some(SubjectKind::Person) {
            return Self {
                kind,
                born: None,
                died: None,
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
            died: registered("death_date"),
            cancelled: None,
        }
    }

    pub(crate) fn is_minor(&self, on: Date) -> bool {
        self.born.is_some_and(|born| is_minor(born, on))
    }

    pub(crate) fn is_deceased(&self, on: Date) -> bool {
        self.died.is_some_and(|died| died <= on)
    }

    pub(crate) fn is_cancelled(&self, on: Date) -> bool {
        self.cancelled.is_some_and(|cancelled| cancelled <= on)
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
