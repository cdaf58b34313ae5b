//! Records on their way in, and which of them are held already.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::BuildHasherDefault;
use std::sync::OnceLock;

use record::{Record, RecordNumber, Relation, Target};
use segment::{Mark, beginning};

use crate::append::Outcome;
use crate::cores::on_every_core;
use crate::db::Tx;
use crate::keys::Generation;
use crate::listed::sought;
use crate::segments::RunKind;
use crate::tags::{self, Sameness, Tag, TagMap};
use crate::undo::withdrawn_among;
use crate::{Result, Store};

/// A record on its way in.
pub(crate) struct Candidate<'a> {
    pub(crate) record: &'a Record,
    keys: &'a Generation,
    pub(crate) same: Option<Tag>,
    /// What it says: only asked for if it is kept, or if another is the same.
    said: OnceLock<(Vec<u8>, Tag)>,
}

impl<'a> Candidate<'a> {
    /// Acts are never the same as one another: two consents on one day are two consents.
    pub(crate) fn of(keys: &'a Generation, sameness: &Sameness, record: &'a Record) -> Self {
        let same = record.act().is_none().then(|| sameness.tag(record));
        Self {
            record,
            keys,
            same,
            said: OnceLock::new(),
        }
    }

    /// The same of many, each with its canonical bytes, on every core.
    pub(crate) fn all(keys: &'a Generation, sameness: &Sameness, records: &'a [Record]) -> Vec<Self> {
        let made = |record| {
            let candidate = Self::of(keys, sameness, record);
            candidate.said();
            candidate
        };
        on_every_core(records, made)
    }

    /// Its canonical bytes, and their tag.
    pub(crate) fn said(&self) -> &(Vec<u8>, Tag) {
        self.said.get_or_init(|| {
            let bytes = self.record.canonical_bytes();
            let tag = tags::of_content(self.keys, self.record, &bytes);
            (bytes, tag)
        })
    }
}

/// Records held already, or come just now, by what makes rows the same.
pub(crate) struct Held<'a>(TagMap<Tag, Same<'a>>);

/// Records that are the same in that: mostly one.
struct Same<'a> {
    newest: One<'a>,
    older: Vec<One<'a>>,
}

type One<'a> = (RecordNumber, Content<'a>);

impl<'a> Same<'a> {
    fn of(newest: One<'a>) -> Self {
        Self {
            newest,
            older: Vec::new(),
        }
    }

    fn push(&mut self, one: One<'a>) {
        self.older.push(std::mem::replace(&mut self.newest, one));
    }

    fn all(&self) -> impl Iterator<Item = &One<'a>> {
        self.older.iter().chain([&self.newest])
    }
}

/// What a record says.
enum Content<'a> {
    Held(Tag),
    Now(&'a Candidate<'a>),
}

impl Content<'_> {
    fn is(&self, tag: &Tag) -> bool {
        match self {
            Self::Held(held) => held == tag,
            Self::Now(candidate) => candidate.said().1 == *tag,
        }
    }
}

impl<'a> Held<'a> {
    pub(crate) async fn load(store: &Store, tx: &mut Tx, candidates: &[Candidate<'_>]) -> Result<Self> {
        let same = candidates.iter().filter_map(|c| c.same.as_ref());
        let values: Vec<[u8; 8]> = same.map(sought).collect();
        let those = [
            "same_tag, number, content_tag",
            "record",
            "home IS NULL AND same_start",
        ];
        // A tag that only begins alike is nobody's, and does no harm.
        let mut found: Vec<(Tag, RecordNumber, Tag)> = Vec::new();
        for row in tx.rows_with(those, &values).await? {
            found.push((row.hash(0)?, RecordNumber::from_i64(row.int(1)?), row.hash(2)?));
        }
        found.extend(sealed(store, tx, candidates).await?);
        let held = TagMap::with_capacity_and_hasher(candidates.len(), BuildHasherDefault::default());
        found.sort_unstable_by_key(|(_, number, _)| *number);
        if !found.is_empty() {
            let numbers: Vec<RecordNumber> = found.iter().map(|(_, number, _)| *number).collect();
            let withdrawn = withdrawn_among(tx, &numbers).await?;
            found.retain(|(_, number, _)| !withdrawn.contains(number));
        }
        let mut held = Self(held);
        for (same, number, content) in found {
            held.add(same, (number, Content::Held(content)));
        }
        Ok(held)
    }

    /// One more, newer than the others.
    fn add(&mut self, same: Tag, one: One<'a>) {
        match self.0.entry(same) {
            Entry::Vacant(place) => {
                place.insert(Same::of(one));
            }
            Entry::Occupied(mut others) => others.get_mut().push(one),
        }
    }

    /// Held already, or in conflict with what is held; `None` if it is new and takes this number.
    pub(crate) fn judge(&mut self, candidate: &'a Candidate<'a>, number: i64) -> Option<Outcome> {
        let tag = candidate.same?;
        if let Some(same) = self.0.get(&tag) {
            let (_, content) = candidate.said();
            if let Some((held, _)) = same.all().find(|(_, held)| held.is(content)) {
                return Some(Outcome::Duplicate(*held));
            }
            let (newest, _) = same.newest;
            let corrects = candidate.record.references.iter().any(|reference| {
                reference.relation == Relation::Corrects && reference.target == Target::Number(newest)
            });
            if !corrects {
                return Some(Outcome::Conflict(newest));
            }
        }
        self.add(tag, (RecordNumber::from_i64(number), Content::Now(candidate)));
        None
    }
}

/// Tags and number of sealed records that are the same as candidates. One that says what a candidate with its mark says is taken at that;
/// the others are opened.
async fn sealed(
    store: &Store,
    tx: &mut Tx,
    candidates: &[Candidate<'_>],
) -> Result<Vec<(Tag, RecordNumber, Tag)>> {
    let marks = candidates.iter().filter_map(|c| c.same.as_ref()).map(Mark::of);
    let entries = store.in_runs(tx, RunKind::Same, marks.collect()).await?;
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let mut by_mark: HashMap<Mark, (Vec<segment::Entry>, bool)> = HashMap::new();
    for entry in entries {
        by_mark.entry(entry.mark).or_default().0.push(entry);
    }
    let mut found = Vec::new();
    for candidate in candidates {
        let Some(same) = candidate.same else { continue };
        let Some((entries, differ)) = by_mark.get_mut(&Mark::of(&same)) else {
            continue;
        };
        let (_, content) = candidate.said();
        let before = found.len();
        let alike = entries.iter().filter(|entry| entry.said == beginning(content));
        found.extend(alike.map(|entry| (same, entry.number, *content)));
        *differ |= found.len() == before;
    }
    let others = by_mark.into_values().filter(|(_, differ)| *differ);
    let others: Vec<RecordNumber> = others
        .flat_map(|(entries, _)| entries)
        .map(|entry| entry.number)
        .collect();
    if !others.is_empty() {
        found.extend(store.tags_of_sealed(tx, &others).await?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
