//! Whom a record without an identifier may concern: proposals by what the base registers know. They order an
//! officer's queue and have no other effect (guard 5, ADR 0010); nobody's file is opened for them (ADR 0011).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use assess::Hint;
use jiff::civil::Date;
use linkage::{Profile, Proposal, Register};
use record::{Logged, Record, RecordNumber, SourceCode, SubjectId, SubjectKind, Value, resident_birth_date};

use crate::db::{Arg, Tx};
use crate::keys::Generation;
use crate::merger::{Groups, NOW};
use crate::organisation::{Page, Paged};
use crate::project::UnlinkedWhy;
use crate::submission::UnlinkedRow;
use crate::{Result, Store, StoreError, tags};

/// So many in the register who share a mark are no proposal any more: 王伟 alone means nobody.
const HOLDERS_MOST: usize = 100;

/// The shipped models are tested to be valid; without them nothing is ever proposed.
static REGISTER: LazyLock<Option<Register>> = LazyLock::new(|| Register::shipped().ok());

/// A mark as it is kept: the first eight bytes of its tag.
pub(crate) type Mark = i64;

fn kept(keys: &Generation, mark: &str) -> Mark {
    let tag = tags::of_mark(keys, mark);
    tag.first_chunk().map_or(0, |first| Mark::from_le_bytes(*first))
}

/// The marks of a base register's record.
pub(crate) fn marks(keys: &Generation, record: &Record) -> BTreeSet<Mark> {
    let Some((register, profile)) = REGISTER.as_ref().zip(registered(record)) else {
        return BTreeSet::new();
    };
    let marks = register.marks(&profile);
    marks.iter().map(|mark| kept(keys, mark)).collect()
}

/// A record without a subject, and whom it may concern.
#[derive(Debug)]
pub struct QueueRow {
    /// The record.
    pub row: UnlinkedRow,
    /// The likeliest first. Nothing about anybody is in it but how far they agree with what the record says itself.
    pub proposals: Vec<Proposal<SubjectId>>,
}

impl QueueRow {
    /// Almost certain first, then by the bits of the best proposal, then whatever came first.
    fn rank(&self) -> (bool, f64, Reverse<RecordNumber>) {
        let best = self.proposals.first();
        (
            best.is_some_and(|best| best.almost_certain),
            best.map_or(f64::NEG_INFINITY, |best| best.bits),
            Reverse(self.row.logged.number()),
        )
    }
}

/// So many of the oldest are ordered by their proposals; what came later follows as it came.
const ORDERED_MOST: u32 = 200;

impl Store {
    /// A department's records that belong to nobody yet, each with at most so many proposals: those first of which one
    /// can be said.
    ///
    /// # Errors
    /// When the database fails or a record does not open.
    pub async fn queue(&self, source: &SourceCode, page: Page, most: usize) -> Result<Paged<QueueRow>> {
        let past = page.offset() + page.limit() > i64::from(ORDERED_MOST);
        let wanted = if past { page } else { Page::new(1, ORDERED_MOST) };
        let found = self.unlinked(source, wanted).await?;
        let mut rows = self.with_proposals(found.rows, most).await?;
        if !past {
            let rank = |one: &QueueRow, other: &QueueRow| {
                let ((certain, bits, first), (c, b, f)) = (one.rank(), other.rank());
                c.cmp(&certain).then(b.total_cmp(&bits)).then(f.cmp(&first))
            };
            rows.sort_by(rank);
            let from = usize::try_from(page.offset()).unwrap_or(0);
            let many = usize::try_from(page.limit()).unwrap_or(0);
            rows = rows.into_iter().skip(from).take(many).collect();
        }
        let total = i64::try_from(found.total).unwrap_or(i64::MAX);
        Ok(Paged::of(page, total, rows))
    }

    /// One record of a department that belongs to nobody yet, with at most so many proposals.
    ///
    /// # Errors
    /// When there is no such record.
    pub async fn queue_one(
        &self,
        source: &SourceCode,
        number: RecordNumber,
        most: usize,
    ) -> Result<QueueRow> {
        let row = self.unlinked_one(source, number).await?;
        let mut rows = self.with_proposals(vec![row], most).await?;
        rows.pop().ok_or(StoreError::NotFound)
    }

    async fn with_proposals(&self, rows: Vec<UnlinkedRow>, most: usize) -> Result<Vec<QueueRow>> {
        let mut proposals = match REGISTER.as_ref() {
            Some(register) => self.proposals(register, &rows, most).await?,
            None => HashMap::new(),
        };
        let of = |row: UnlinkedRow| QueueRow {
            proposals: proposals.remove(&row.logged.number()).unwrap_or_default(),
            row,
        };
        Ok(rows.into_iter().map(of).collect())
    }

    async fn proposals(
        &self,
        register: &Register,
        rows: &[UnlinkedRow],
        most: usize,
    ) -> Result<HashMap<RecordNumber, Vec<Proposal<SubjectId>>>> {
        let mut tx = self.inner.db.read().await?;
        let (keys, index_key) = self.keys(&mut tx).await?;
        let keys = keys.generation(index_key)?;
        let asked: Vec<Asked> = rows
            .iter()
            .filter_map(|row| Asked::of(register, keys, &row.logged))
            .collect();
        let found_by = asked.iter().flat_map(|asked| &asked.found_by).copied();
        let holders = self.holders(&mut tx, keys.id, found_by.collect()).await?;
        let held = self.held(&mut tx, &holders).await?;
        let profiles = asked.iter().map(|asked| &asked.profile).chain(held.profiles());
        let counted = profiles.flat_map(|profile| register.counted_by(profile));
        let counted: BTreeMap<String, Mark> = counted
            .map(|mark| {
                let kept = kept(keys, &mark);
                (mark, kept)
            })
            .collect();
        let marks = counted.values().copied().collect();
        let counts = self.mark_counts(&mut tx, keys.id, &marks).await?;
        let count = |mark: &str| {
            let mark = counted.get(mark);
            mark.and_then(|mark| counts.get(mark)).copied().unwrap_or(0)
        };
        let undone = undone(&mut tx, &held.groups, rows).await?;
        let mut found = HashMap::new();
        for asked in &asked {
            let subjects = asked.found_by.iter().filter_map(|mark| holders.get(mark));
            let subjects: BTreeSet<SubjectId> = subjects.flatten().copied().collect();
            let mut those = Vec::new();
            for subject in subjects {
                let root = held.groups.root(subject);
                if undone.contains(&(asked.number, root)) {
                    continue;
                }
                let profiles = held.by_subject.get(&subject).into_iter().flatten();
                those.extend(profiles.map(|profile| (root, profile.clone())));
            }
            let proposals = register.propose(&asked.profile, &those, count, most);
            // The prior of any register is one; were it not, nothing is proposed.
            found.insert(asked.number, proposals.unwrap_or_default());
        }
        Ok(found)
    }

    /// Who has these marks, without those that too many have.
    async fn holders(
        &self,
        tx: &mut Tx,
        key: u32,
        marks: BTreeSet<Mark>,
    ) -> Result<HashMap<Mark, Vec<SubjectId>>> {
        let counts = self.mark_counts(tx, key, &marks).await?;
        let few = |mark: &Mark| {
            counts
                .get(mark)
                .is_some_and(|count| *count <= HOLDERS_MOST as u64)
        };
        let values: Vec<Arg> = marks.into_iter().filter(few).map(Arg::Int).collect();
        let mut found: HashMap<Mark, Vec<SubjectId>> = HashMap::new();
        let rest = "FROM likeness WHERE mark IN ({in})";
        for (mark, subject) in tx.pairs_in(["mark", "subject"], rest, &values).await? {
            let holders = found.entry(mark).or_default();
            holders.push(SubjectId::from_i64(subject));
        }
        Ok(found)
    }

    /// What the registers say of the holders of marks, under each name that they have had.
    async fn held(&self, tx: &mut Tx, holders: &HashMap<Mark, Vec<SubjectId>>) -> Result<Held> {
        let subjects: BTreeSet<SubjectId> = holders.values().flatten().copied().collect();
        let subjects: Vec<SubjectId> = subjects.into_iter().collect();
        let groups = Groups::load(tx, &subjects, NOW).await?;
        let values: Vec<Arg> = subjects.into_iter().map(Arg::from).collect();
        let rest = "FROM subject_name WHERE subject IN ({in})";
        let named = tx
            .pairs_in(["number", "subject"], rest, &values)
            .await?
            .into_iter();
        let of: HashMap<RecordNumber, SubjectId> = named
            .map(|(number, subject)| (RecordNumber::from_i64(number), SubjectId::from_i64(subject)))
            .collect();
        let numbers: Vec<RecordNumber> = of.keys().copied().collect();
        let mut by_subject: HashMap<SubjectId, Vec<Profile>> = HashMap::new();
        for logged in self.logged_in(tx, &numbers).await? {
            if let (Some(subject), Some(profile)) = (of.get(&logged.number()), registered(logged.record())) {
                by_subject.entry(*subject).or_default().push(profile);
            }
        }
        Ok(Held { groups, by_subject })
    }
}

/// A record that is asked about.
struct Asked {
    number: RecordNumber,
    profile: Profile,
    found_by: BTreeSet<Mark>,
}

impl Asked {
    fn of(register: &Register, keys: &Generation, logged: &Logged) -> Option<Self> {
        let profile = stated(logged.record())?;
        let found_by = register.found_by(&profile);
        Some(Self {
            number: logged.number(),
            found_by: found_by.iter().map(|mark| kept(keys, mark)).collect(),
            profile,
        })
    }
}

/// What the registers say of some subjects.
struct Held {
    groups: Groups,
    by_subject: HashMap<SubjectId, Vec<Profile>>,
}

impl Held {
    fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.by_subject.values().flatten()
    }
}

/// Who a person has said these records are not about.
async fn undone(
    tx: &mut Tx,
    groups: &Groups,
    rows: &[UnlinkedRow],
) -> Result<HashSet<(RecordNumber, SubjectId)>> {
    let undone = rows.iter().filter(|row| row.why == UnlinkedWhy::Undone);
    let values: Vec<Arg> = undone.map(|row| Arg::from(row.logged.number())).collect();
    let sql = "SELECT number, subject FROM membership WHERE number IN ({in})";
    let mut found = HashSet::new();
    for row in tx.rows_in(sql, &[], &values).await? {
        let subject = groups.root(SubjectId::from_i64(row.int(1)?));
        found.insert((RecordNumber::from_i64(row.int(0)?), subject));
    }
    Ok(found)
}

/// What a record says of whom it means, if it means somebody who is in a register.
fn stated(record: &Record) -> Option<Profile> {
    let mut profile = named(record)?;
    profile.address = text(record, Hint::Address.field());
    profile.phone = text(record, Hint::Phone.field());
    if profile.number.is_none() {
        profile.number = text(record, Hint::Number.field());
    }
    if profile.birth_date.is_none() {
        profile.birth_date = day(record, Hint::BirthDate.field());
    }
    Some(profile)
}

/// What a base register says of its subject.
fn registered(record: &Record) -> Option<Profile> {
    let mut profile = named(record)?;
    profile.address = text(record, "address");
    profile.phone = text(record, "phone");
    profile.representative = text(record, "legal_representative");
    if let Some(born) = day(record, "birth_date") {
        profile.birth_date = Some(born);
    }
    Some(profile)
}

/// Name and identifier. A sole trader's name is a shop's.
fn named(record: &Record) -> Option<Profile> {
    let stated = record.subject.as_ref()?;
    let identifier = stated.identifier.as_ref();
    let mut profile = if stated.kind == SubjectKind::Person {
        let mut person = Profile::person(&stated.name);
        person.birth_date = identifier.and_then(resident_birth_date).and_then(parts);
        person
    } else {
        Profile::organisation(&stated.name)
    };
    profile.number = identifier.map(|identifier| identifier.value().to_owned());
    Some(profile)
}

fn text(record: &Record, field: &str) -> Option<String> {
    match record.field(field) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

fn day(record: &Record, field: &str) -> Option<(i16, u8, u8)> {
    match record.field(field) {
        Some(Value::Date(date)) => parts(*date),
        _ => None,
    }
}

fn parts(date: Date) -> Option<(i16, u8, u8)> {
    let part = |part: i8| u8::try_from(part).ok();
    Some((date.year(), part(date.month())?, part(date.day())?))
}
