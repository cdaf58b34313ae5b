//! What the public may see of an organisation: the one piece of code that decides it, for pages, lists and open data alike.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use assess::{Assessment, Bundle, Publicity, Standing, Tier};
use record::{Act, AsOf, Date, Logged, RecordNumber, Relation, SubjectId, Target};
use store::{PublicItem, PublicList, StoreError, SubjectFile};

use crate::error::Fault;
use crate::visit::{Frame, Visit};

/// An organisation's file, with what of it is public.
pub(crate) struct Shown {
    /// The file.
    pub(crate) file: SubjectFile,
    /// What follows from it.
    pub(crate) assessment: Assessment,
    numbers: BTreeSet<RecordNumber>,
}

/// Something that the public could notice on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    /// A record that is public today was made public.
    Shown(Date, RecordNumber),
    /// Something is not public any more. What it was is not told, and by nothing here can be.
    Gone(Date),
}

impl Event {
    /// Its day.
    pub(crate) fn on(self) -> Date {
        match self {
            Self::Shown(on, _) | Self::Gone(on) => on,
        }
    }
}

impl Shown {
    /// Reads and assesses the file; for a natural person as if there were none. What was public on a day and still is: a former day
    /// brings nothing back that has ended, was repaired or was taken back.
    pub(crate) async fn on(visit: &Visit, subject: SubjectId, on: Date) -> Result<Self, Fault> {
        let file = match visit.store().public_file(subject).await {
            Err(StoreError::NotFound) => return Err(Fault::NotFound),
            found => found.map_err(Fault::internal)?,
        };
        let mut shown = Self::today(visit, file);
        if on < visit.today() {
            let mut then = shown.file.all();
            then.retain(|logged| shown.received_on(logged) <= on);
            let then = assess::assess(&visit.bundle, &then, AsOf { on, ..visit.as_of });
            let displayed =
                |number: &RecordNumber| then.standing(*number).is_some_and(|found| found.displayed);
            shown.numbers.retain(displayed);
        }
        Ok(shown)
    }

    /// Of many at once, by whom was asked about.
    pub(crate) async fn of_each(
        visit: &Visit,
        subjects: &[SubjectId],
    ) -> Result<HashMap<SubjectId, Arc<Self>>, Fault> {
        let files = visit.store().public_files(subjects).await;
        let files = files.map_err(Fault::internal)?.into_iter();
        Ok(files
            .map(|(subject, file)| (subject, Arc::new(Self::today(visit, file))))
            .collect())
    }

    fn today(visit: &Visit, file: SubjectFile) -> Self {
        let assessment = assess::assess(&visit.bundle, &file.all(), visit.as_of);
        let public = file
            .records
            .iter()
            .filter(|logged| is_public(&visit.bundle, &assessment, logged));
        Self {
            numbers: public.map(Logged::number).collect(),
            assessment,
            file,
        }
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

impl Shown {
    /// What was made public when, and that something has gone; the newest first.
    pub(crate) fn history(&self, bundle: &Bundle) -> Vec<Event> {
        let records = self.file.records.iter();
        let mut events: Vec<Event> = records.filter_map(|logged| self.event(bundle, logged)).collect();
        events.sort();
        events.sort_by_key(|event| std::cmp::Reverse(event.on()));
        events
    }

    fn event(&self, bundle: &Bundle, logged: &Logged) -> Option<Event> {
        let item = bundle.item(&logged.record().item)?;
        let published = item.publicity == Publicity::Public && item.tier != Some(Tier::Minor);
        // What was never confirmed was never public.
        let confirmed = self.confirmed_on(logged);
        let since = if item.is_adverse() {
            confirmed?
        } else {
            self.received_on(logged)
        };
        if !published {
            return None;
        }
        if self.has(logged.number()) {
            return Some(Event::Shown(since, logged.number()));
        }
        let standing = self.assessment.standing(logged.number())?.standing;
        let gone = match standing {
            Standing::Ended { on } => on,
            Standing::Repaired { by } | Standing::Corrected { by } | Standing::Withdrawn { by } => {
                self.day_of(by)?
            }
            Standing::Counts | Standing::Disputed { .. } => {
                let months = bundle.repair_rules().months_most(item)?;
                let document = logged.record().document.as_ref();
                let from = document.map_or(logged.record().occurred, |document| document.date);
                from.saturating_add(jiff::Span::new().months(months))
            }
            _ => return None,
        };
        (since < gone && gone <= self.assessment.as_of.on).then_some(Event::Gone(gone))
    }

    /// The day on which a record or act was taken in.
    fn received_on(&self, logged: &Logged) -> Date {
        Frame::day_of(self.received_ms(logged))
    }

    fn day_of(&self, number: RecordNumber) -> Option<Date> {
        let mut all = self.file.records.iter().chain(&self.file.acts);
        let found = all.find(|logged| logged.number() == number)?;
        Some(self.received_on(found))
    }

    /// The day on which a second officer confirmed its hand-in.
    fn confirmed_on(&self, logged: &Logged) -> Option<Date> {
        let confirms = |act: &&Logged| {
            act.record().act() == Some(Act::Confirm)
                && act.record().references.iter().any(|reference| {
                    reference.relation == Relation::Confirms
                        && reference.target == Target::Submission(logged.submission())
                })
        };
        self.file
            .acts
            .iter()
            .find(confirms)
            .map(|act| self.received_on(act))
    }
}

/// The items of a list whose records may be shown on a day as far as their kind and their days say: nothing else is read. Whether one of
/// them is shown, [`Shown`] says.
pub(crate) fn shown_items(bundle: &Bundle, list: PublicList, on: Date) -> Vec<PublicItem> {
    let published = bundle.items().filter(|item| {
        let of_list = item.code.as_str().starts_with(list.prefix());
        of_list && item.publicity == Publicity::Public && item.tier != Some(Tier::Minor)
    });
    published
        .map(|item| {
            let months = bundle.repair_rules().months_most(item);
            PublicItem {
                item: item.code.clone(),
                since: months.map(|months| on.saturating_sub(jiff::Span::new().months(months))),
            }
        })
        .collect()
}

/// Only what the catalogue publishes, and only as long as it may be displayed.
fn is_public(bundle: &Bundle, assessment: &Assessment, logged: &Logged) -> bool {
    let displayed = assessment
        .standing(logged.number())
        .is_some_and(|standing| standing.displayed);
    let item = bundle.item(&logged.record().item);
    displayed && item.is_some_and(|item| item.publicity == Publicity::Public)
}
