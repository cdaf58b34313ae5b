//! Whom a record is about, by what the base registers have taught of identifiers and names.

use std::collections::{BTreeMap, HashSet};
use std::sync::PoisonError;

use record::{IdentifierKind, Record, SubjectId, SubjectKind, Value, same_name_key, tidy_text};

use crate::db::{Arg, Tx, args};
use crate::keys::Generation;
use crate::merger::{Groups, NOW};
use crate::project::{Numbered, Placement, Rows, UnlinkedWhy};
use crate::tags::{self, Tag, TagMap, TagSet};
use crate::{Result, Store};

/// What the database knows of the identifiers that records name.
#[derive(Debug, Default)]
pub(crate) struct Known {
    subjects: TagMap<(IdentifierKind, Tag), SubjectId>,
    /// Whose file is whose.
    groups: Groups,
    /// The names in a file, by the subject whose file it is.
    names: TagSet<(SubjectId, Tag)>,
    /// Whether it knows more than the database had when this began.
    taught: bool,
}

/// What the last records that were appended taught of whom their identifiers name, so that the next ones, mostly of the same file, ask for
/// less.
#[derive(Debug)]
pub(crate) struct Remembered {
    /// The key that the tags are made with.
    generation: u32,
    /// How many records there were then: one more, and it may not be so any longer.
    size: i64,
    known: Known,
}

/// So many identifiers are remembered; with more, all are forgotten.
const REMEMBERED_MOST: usize = 2_000_000;

impl Store {
    /// What is remembered, if no record has been appended since.
    pub(crate) fn remembered(&self, keys: &Generation, size: i64) -> Known {
        let mut held = self
            .inner
            .remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let still = |held: &Remembered| held.generation == keys.id && held.size == size;
        held.take()
            .filter(still)
            .map(|held| held.known)
            .unwrap_or_default()
    }

    /// Remembers what was in the database already: what was taught just now is not yet sure to last.
    pub(crate) fn remember(&self, keys: &Generation, size: i64, known: Known) {
        if known.taught || !known.groups.is_empty() || known.subjects.len() > REMEMBERED_MOST {
            return;
        }
        let mut held = self
            .inner
            .remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *held = Some(Remembered {
            generation: keys.id,
            size,
            known,
        });
    }
}

/// The identifiers that a record states.
pub(crate) struct Identified {
    now: Option<(IdentifierKind, Tag)>,
    /// Whom that was known to name before the run.
    named: Option<SubjectId>,
    /// The one that a base register says the subject had before.
    former: Option<(IdentifierKind, Tag)>,
}

impl Identified {
    pub(crate) fn of(keys: &Generation, record: &Record) -> Self {
        Self {
            now: identifier_of(keys, record),
            named: None,
            former: former_of(keys, record),
        }
    }
}

impl Known {
    /// Reads what these records ask for, and is not known yet.
    pub(crate) async fn learn(&mut self, tx: &mut Tx, stated: &mut [Identified]) -> Result<()> {
        let mut said: Vec<(SubjectId, Tag)> = Vec::new();
        let mut found: HashSet<SubjectId> = HashSet::new();
        // By kind, or every identifier there is would be read each time: the table is in the order of kind and tag.
        for (kind, tags) in self.unknown(stated) {
            let sql = format!(
                "FROM identifier i LEFT JOIN subject_name n ON n.subject = i.subject \
                 WHERE i.kind = '{}' AND i.tag IN ({{in}})",
                kind.code()
            );
            for (tag, subject, name) in tx.hashes_in(["i.tag", "i.subject", "n.tag"], &sql, &tags).await? {
                let subject = SubjectId::from_i64(subject);
                self.subjects.insert((kind, tag), subject);
                found.insert(subject);
                said.extend(name.map(|name| (subject, name)));
            }
        }
        let ids: Vec<SubjectId> = found.iter().copied().collect();
        self.groups.add(Groups::load(tx, &ids, NOW).await?);
        // The names of those with whom they were merged.
        let others = self.groups.all().filter(|one| !found.contains(one));
        let others: Vec<Arg> = others.map(Arg::from).collect();
        let sql = "SELECT subject, tag FROM subject_name WHERE subject IN ({in})";
        for row in tx.rows_in(sql, &[], &others).await? {
            said.push((SubjectId::from_i64(row.int(0)?), row.hash(1)?));
        }
        let said = said.into_iter();
        self.names
            .extend(said.map(|(one, name)| (self.groups.root(one), name)));
        Ok(())
    }

    /// Notes whom the identifiers that are known name, and gives the others, by kind.
    fn unknown(&self, stated: &mut [Identified]) -> BTreeMap<IdentifierKind, Vec<Tag>> {
        let mut unknown: BTreeMap<IdentifierKind, Vec<Tag>> = BTreeMap::new();
        for one in stated {
            one.named = one.now.and_then(|now| self.subjects.get(&now).copied());
            let former = one.former.filter(|former| !self.subjects.contains_key(former));
            for (kind, tag) in one.now.filter(|_| one.named.is_none()).into_iter().chain(former) {
                unknown.entry(kind).or_default().push(tag);
            }
        }
        unknown
    }

    /// Whom a record is about. Exact identifier and a known name, or no effect (guard 5); only the base
    /// registers, whose items found, make a subject or teach a new name.
    pub(crate) fn place(
        &mut self,
        keys: &Generation,
        founds: bool,
        one: Numbered<'_>,
        identified: &Identified,
        rows: &mut Rows,
    ) -> Placement {
        let Some(stated) = &one.record.subject else {
            return Placement::NoSubject;
        };
        let Some((kind, tag)) = identified.now else {
            return Placement::Unlinked(UnlinkedWhy::NoIdentifier);
        };
        let name = tags::of_name(keys, &stated.name);
        let knows = |subject: SubjectId| self.names.contains(&(self.groups.root(subject), name));
        let former = identified.former.filter(|_| founds);
        let named = identified
            .named
            .or_else(|| self.subjects.get(&(kind, tag)).copied());
        let subject = match named {
            Some(subject) if founds || knows(subject) => subject,
            Some(_) => return Placement::Unlinked(UnlinkedWhy::NameDiffers),
            // A changed identifier founds nobody: it is one more of the subject that had the former one.
            None if let Some(former) = former => match self.subjects.get(&former).copied() {
                Some(subject) if knows(subject) => {
                    self.subjects.insert((kind, tag), subject);
                    self.taught = true;
                    rows.identifier.push(args![kind.code(), tag, subject, one.number]);
                    subject
                }
                Some(_) => return Placement::Unlinked(UnlinkedWhy::NameDiffers),
                None => return Placement::Unlinked(UnlinkedWhy::UnknownIdentifier),
            },
            None if founds => {
                let subject = SubjectId(one.number.0);
                self.subjects.insert((kind, tag), subject);
                rows.subject.push(args![subject, stated.kind.code()]);
                rows.identifier.push(args![kind.code(), tag, subject, one.number]);
                subject
            }
            None => return Placement::Unlinked(UnlinkedWhy::UnknownIdentifier),
        };
        if founds {
            self.taught = true;
            self.names.insert((self.groups.root(subject), name));
            rows.subject_name.push(args![subject, name, one.number]);
        }
        // A sole trader may be named by its owner's resident number, which is nobody else's business.
        let public = stated.identifier.as_ref().filter(|identifier| {
            founds && stated.kind != SubjectKind::Person && identifier.kind().is_of_organisation()
        });
        if let Some(identifier) = public {
            let line = args![
                subject,
                stated.kind.code(),
                stated.name.as_str(),
                same_name_key(&stated.name),
                identifier.value(),
                one.number,
                linkage::initials(&stated.name),
            ];
            rows.organisation.insert(subject, line);
        }
        Placement::Of(subject)
    }
}

fn identifier_of(keys: &Generation, record: &Record) -> Option<(IdentifierKind, Tag)> {
    let identifier = record.subject.as_ref()?.identifier.as_ref()?;
    Some((
        identifier.kind(),
        tags::of_identifier(keys, identifier.kind(), identifier.value()),
    ))
}

/// The identifier that a base register says the subject had before.
fn former_of(keys: &Generation, record: &Record) -> Option<(IdentifierKind, Tag)> {
    let (Some(Value::Text(kind)), Some(Value::Text(value))) = (
        record.field("former_identifier_kind"),
        record.field("former_identifier"),
    ) else {
        return None;
    };
    let kind = IdentifierKind::from_code(kind)?;
    let value: String = tidy_text(value)
        .chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_uppercase)
        .collect();
    Some((kind, tags::of_identifier(keys, kind, &value)))
}
