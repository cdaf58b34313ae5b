//! Records on their way in, and which of them are held already.

use std::sync::OnceLock;

use record::{Act, LayoutCode, Record, RecordNumber, Relation, Target};

use crate::Result;
use crate::append::Outcome;
use crate::db::Tx;
use crate::keys::Generation;
use crate::listed::sought;
use crate::tags::{self, Tag, TagMap};
use crate::undo::withdrawn_among;

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
    pub(crate) fn of(keys: &'a Generation, layout: Option<&LayoutCode>, record: &'a Record) -> Self {
        let same = Act::of(&record.item)
            .is_none()
            .then(|| tags::of_sameness(keys, layout, record));
        Self {
            record,
            keys,
            same,
            said: OnceLock::new(),
        }
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
pub(crate) struct Held<'a>(TagMap<Tag, Vec<(RecordNumber, Content<'a>)>>);

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
    pub(crate) async fn load(tx: &mut Tx, candidates: &[Candidate<'_>]) -> Result<Self> {
        let same = candidates.iter().filter_map(|c| c.same.as_ref());
        let values: Vec<[u8; 8]> = same.map(sought).collect();
        let sql = "SELECT same_tag, number, content_tag FROM record WHERE substr(same_tag, 1, 8) IN ({in}) ORDER BY number";
        // A tag that only begins alike is nobody's, and does no harm.
        let mut found: Vec<(Tag, RecordNumber, Tag)> = Vec::new();
        for row in tx.rows_in(sql, &[], &values).await? {
            found.push((row.hash(0)?, RecordNumber::from_i64(row.int(1)?), row.hash(2)?));
        }
        let mut held: TagMap<Tag, Vec<(RecordNumber, Content<'a>)>> = TagMap::default();
        if !found.is_empty() {
            let numbers: Vec<RecordNumber> = found.iter().map(|(_, number, _)| *number).collect();
            let withdrawn = withdrawn_among(tx, &numbers).await?;
            found.retain(|(_, number, _)| !withdrawn.contains(number));
        }
        for (same, number, content) in found {
            held.entry(same)
                .or_default()
                .push((number, Content::Held(content)));
        }
        Ok(Self(held))
    }

    /// Held already, or in conflict with what is held; `None` if it is new and takes this number.
    pub(crate) fn judge(&mut self, candidate: &'a Candidate<'a>, number: i64) -> Option<Outcome> {
        let same = self.0.entry(candidate.same?).or_default();
        if !same.is_empty() {
            let (_, tag) = candidate.said();
            if let Some((held, _)) = same.iter().find(|(_, content)| content.is(tag)) {
                return Some(Outcome::Duplicate(*held));
            }
        }
        let corrects = |held: RecordNumber| {
            candidate.record.references.iter().any(|reference| {
                reference.relation == Relation::Corrects && reference.target == Target::Number(held)
            })
        };
        if let Some((held, _)) = same.iter().max_by_key(|(held, _)| *held)
            && !corrects(*held)
        {
            return Some(Outcome::Conflict(*held));
        }
        same.push((RecordNumber::from_i64(number), Content::Now(candidate)));
        None
    }
}
