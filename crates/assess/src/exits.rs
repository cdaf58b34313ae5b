//! How a list entry ends by another record: an exit names it by number, commitment or document.

use jiff::civil::Date;
use record::{Commitment, ItemCode, RecordNumber, Relation, Target, Value, same_name_key};

use crate::policy::{Bundle, List};
use crate::resolve::Resolved;
use crate::standing::Standing;

/// Ends the entries that a living exit names.
pub(crate) fn apply_exits(bundle: &Bundle, on: Date, found: &mut [Resolved<'_>]) {
    for list in bundle.lists().filter(|list| !list.exits.is_empty()) {
        let exits: Vec<Exit> = found.iter().filter_map(|exit| Exit::of(list, exit)).collect();
        for entry in found.iter_mut().filter(|entry| is_of(&list.items, entry)) {
            let out = exits
                .iter()
                .filter(|exit| exit.ends(list, entry))
                .map(|exit| exit.occurred)
                .min();
            let Some(out) = out.filter(|out| entry.ends.is_none_or(|end| *out < end)) else {
                continue;
            };
            entry.ends = Some(out);
            if out <= on && matches!(entry.standing, Standing::Counts | Standing::Disputed { .. }) {
                entry.standing = Standing::Ended { on: out };
            }
        }
    }
}

fn is_of(items: &[ItemCode], resolved: &Resolved<'_>) -> bool {
    resolved.item.is_some_and(|item| items.contains(&item.code))
}

pub(crate) struct Exit {
    occurred: Date,
    commitments: Vec<Commitment>,
    numbers: Vec<RecordNumber>,
    document: Option<String>,
}

impl Exit {
    /// An exit that lives; one that is to come ends its entry on its day.
    pub(crate) fn of(list: &List, exit: &Resolved<'_>) -> Option<Self> {
        let lives = matches!(
            exit.standing,
            Standing::Counts | Standing::Future | Standing::Disputed { .. } | Standing::Ended { .. }
        );
        if !lives || !is_of(&list.exits, exit) {
            return None;
        }
        Some(Self::naming(exit))
    }

    /// What a record names as the entry that it is about.
    pub(crate) fn naming(exit: &Resolved<'_>) -> Self {
        let record = exit.logged.record();
        let (mut commitments, mut numbers) = (Vec::new(), Vec::new());
        for reference in record.references.iter().filter(|r| r.relation == Relation::Exits) {
            match reference.target {
                Target::Number(number) => numbers.push(number),
                Target::Commitment(commitment) => commitments.push(commitment),
                Target::Submission(_) => {}
            }
        }
        Self {
            occurred: record.occurred,
            commitments,
            numbers,
            document: text_of(record.field("entry_document")),
        }
    }

    pub(crate) fn ends(&self, list: &List, entry: &Resolved<'_>) -> bool {
        let record = entry.logged.record();
        if record.occurred > self.occurred {
            return false;
        }
        let number = record
            .document
            .as_ref()
            .map(|document| same_name_key(&document.number));
        let fields = list
            .exit_fields
            .iter()
            .map(|name| text_of(record.fields.get(name)));
        let mut named = std::iter::once(number).chain(fields).flatten();
        self.numbers.contains(&entry.logged.number())
            || self.commitments.contains(&entry.logged.commitment())
            || self
                .document
                .as_ref()
                .is_some_and(|document| named.any(|name| name == *document))
    }
}

pub(crate) fn text_of(value: Option<&Value>) -> Option<String> {
    match value {
        Some(Value::Text(text)) => Some(same_name_key(text)),
        _ => None,
    }
}
