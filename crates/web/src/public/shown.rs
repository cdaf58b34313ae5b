//! What the public may see of an organisation: the one piece of code that decides it, for pages, lists and open data alike.

use std::collections::BTreeSet;

use assess::{Assessment, Bundle, Publicity};
use record::{Logged, RecordNumber, SubjectId};
use store::{StoreError, SubjectFile};

use crate::error::Fault;
use crate::visit::Visit;

/// An organisation's file, with what of it is public today.
pub(crate) struct Shown {
    /// The file.
    pub(crate) file: SubjectFile,
    /// What follows from it.
    pub(crate) assessment: Assessment,
    numbers: BTreeSet<RecordNumber>,
}

impl Shown {
    /// Reads and assesses the file. For a natural person as if there were none.
    pub(crate) async fn of(visit: &Visit, subject: SubjectId) -> Result<Self, Fault> {
        let file = match visit.store().public_file(subject).await {
            Err(StoreError::NotFound) => return Err(Fault::NotFound),
            found => found.map_err(Fault::internal)?,
        };
        let assessment = assess::assess(&visit.bundle, &file.all(), visit.as_of);
        let public = file
            .records
            .iter()
            .filter(|logged| is_public(&visit.bundle, &assessment, logged));
        Ok(Self {
            numbers: public.map(Logged::number).collect(),
            assessment,
            file,
        })
    }

    /// Whether a record of it may be shown.
    pub(crate) fn has(&self, number: RecordNumber) -> bool {
        self.numbers.contains(&number)
    }

    /// What may be shown, by number.
    pub(crate) fn records(&self) -> Vec<&Logged> {
        let records = self.file.records.iter();
        records.filter(|logged| self.has(logged.number())).collect()
    }

    /// When a record of it was taken in, in milliseconds since 1970 UTC.
    pub(crate) fn received_ms(&self, logged: &Logged) -> i64 {
        let found = self.file.submissions.get(&logged.submission());
        found.map_or(0, |found| found.received_ms)
    }
}

/// Only what the catalogue publishes, and only as long as it may be displayed.
fn is_public(bundle: &Bundle, assessment: &Assessment, logged: &Logged) -> bool {
    let displayed = assessment
        .standing(logged.number())
        .is_some_and(|standing| standing.displayed);
    let item = bundle.item(&logged.record().item);
    displayed && item.is_some_and(|item| item.publicity == Publicity::Public)
}
