//! List entries: each from one record of a list's own item, with its document.

use jiff::civil::Date;
use record::{ClauseId, Document, Ends, ListCode, RecordNumber, Value};
use serde::Serialize;

use crate::policy::{Bundle, Colour, List, clause_id};
use crate::procedure::Procedure;
use crate::resolve::{Resolution, Resolved};
use crate::standing::Standing;

/// An entry in force. Made only here, from a record that names its document and fact.
///
/// ```compile_fail
/// // It cannot be written down by hand.
/// fn forge(document: record::Document) -> assess::ListEntry {
///     assess::ListEntry { document, fact: String::new() }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ListEntry {
    /// The list.
    pub list: ListCode,
    /// Its clause.
    pub clause: ClauseId,
    /// Red or black.
    pub colour: Colour,
    /// The record that is the entry.
    pub record: RecordNumber,
    /// The document it rests on: number, authority, date.
    pub document: Document,
    /// The fact, as the source stated it.
    pub fact: String,
    /// The first day it has effect.
    pub from: Date,
    /// The first day it has none.
    pub ends: Date,
    /// Whether that day is the day of a review.
    pub ends_by_review: bool,
    /// The open objection, if there is one. It annotates the entry; suspending it is for the authority
    /// or a court.
    pub disputed: Option<RecordNumber>,
    /// Whether the list's clause was written from memory.
    pub unverified: bool,
}

pub(crate) fn entries(bundle: &Bundle, resolution: &Resolution<'_>) -> Vec<ListEntry> {
    if resolution.minor || resolution.deceased {
        return Vec::new();
    }
    let mut found = Vec::new();
    for list in bundle.lists() {
        found.extend(
            resolution
                .records
                .iter()
                .filter_map(|resolved| entry(bundle, list, resolved, &resolution.procedures)),
        );
    }
    found
}

fn entry(
    bundle: &Bundle,
    list: &List,
    resolved: &Resolved<'_>,
    procedures: &[Procedure],
) -> Option<ListEntry> {
    let item = resolved.item.filter(|item| list.items.contains(&item.code))?;
    let disputed = match resolved.standing {
        Standing::Counts => None,
        Standing::Disputed { by } => Some(by),
        _ => return None,
    };
    let record = resolved.logged.record();
    let subject = record.subject.as_ref()?;
    if !item.subjects.contains(&subject.kind) {
        return None;
    }
    let document = record.document.clone().filter(is_whole)?;
    let fact = list
        .fact_fields
        .iter()
        .find_map(|name| match record.fields.get(name) {
            Some(Value::Bytes(_)) | None => None,
            Some(value) => Some(value.to_string()).filter(|fact| !fact.trim().is_empty()),
        })?;
    let id = clause_id(&["lists", list.code.as_str()])?;
    let unverified = |id| bundle.clause(id).is_none_or(|clause| clause.unverified);
    // Guard 14: an entry is as sure as the least sure of the clauses that led to it.
    let mut procedures = procedures.iter();
    let procedure = procedures.find(|procedure| procedure.entry == Some(resolved.logged.number()));
    let steps = procedure.map_or(&[][..], |procedure| &procedure.history);
    Some(ListEntry {
        list: list.code.clone(),
        unverified: unverified(&id) || steps.iter().any(|step| unverified(&step.clause)),
        clause: id,
        colour: list.colour,
        record: resolved.logged.number(),
        document,
        fact,
        from: resolved.starts,
        ends: resolved.ends?,
        ends_by_review: matches!(record.ends, Some(Ends::OnCorrection { review_by }) if Some(review_by) == resolved.ends),
        disputed,
    })
}

pub(crate) fn is_whole(document: &Document) -> bool {
    !document.number.trim().is_empty() && !document.authority.trim().is_empty()
}
