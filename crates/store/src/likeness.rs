//! Whom a record without an identifier may concern: proposals by what the base registers know. They order an
//! officer's queue and have no other effect (guard 5, ADR 0010); nobody's file is opened for them (ADR 0011).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use assess::Hint;
use jiff::civil::Date;
use linkage::{Profile, Proposal, Register};
use record::{Logged, Record, RecordNumber, SubjectId, SubjectKind, Value, resident_birth_date};

use crate::db::{Arg, Tx};
use crate::keys::Generation;
use crate::merger::{Groups, NOW};
use crate::{Result, Store, tags};

/// So many in the register who share a mark are no proposal any more: 王伟 alone means nobody.
const HOLDERS_MOST: usize = 100;

/// The shipped models are tested to be valid; without them nothing is ever proposed.
static REGISTER: LazyLock<Option<Register>> = LazyLock::new(|| Register::shipped().ok());

/// A mark as it is kept: the first eight bytes of its tag.
type Mark = i64;

fn kept(keys: &Generation, mark: &str) -> Mark {
    let [a, b, c, d, e, f, g, h, ..] = tags::of_mark(keys, mark);
    Mark::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// The marks of a base register's record.
pub(crate) fn marks(keys: &Generation, record: &Record) -> BTreeSet<Mark> {
    let Some((register, profile)) = REGISTER.as_ref().zip(registered(record)) else {
        return BTreeSet::new();
    };
    let marks = register.marks(&profile);
    marks.iter().map(|mark| kept(keys, mark)).collect()
}

impl Store {
    /// For each of these records whom of the registers it may concern, the likeliest first and at most so many. Nothing
    /// about anybody is in it but how far they agree with what the record says itself.
    ///
    /// # Errors
    /// When the database fails or a record of a register does not open.
    pub async fn proposals(
        &self,
        records: &[&Logged],
        most: usize,
    ) -> Result<Vec<(RecordNumber, Vec<Proposal<SubjectId>>)>> {
        let Some(register) = REGISTER.as_ref() else {
            return Ok(Vec::new());
        };
        let mut tx = self.inner.db.read().await?;
        let (keys, index_key) = self.keys(&mut tx).await?;
        let keys = keys.generation(index_key)?;
        let asked = records.iter().filter_map(|logged| {
            let profile = stated(logged.record())?;
            let found_by = register.found_by(&profile);
            let found_by = found_by.iter().map(|mark| kept(keys, mark)).collect();
            Some((logged.number(), profile, found_by))
        });
        let asked: Vec<(RecordNumber, Profile, BTreeSet<Mark>)> = asked.collect();
        let wanted = asked.iter().flat_map(|(.., found_by)| found_by).copied();
        let holders = holders(&mut tx, wanted.collect()).await?;
        let held = self.held(&mut tx, &holders).await?;
        let profiles = asked.iter().map(|(_, profile, _)| profile);
        let of_registers = held.by_subject.values().flatten();
        let counted = profiles
            .chain(of_registers)
            .flat_map(|profile| register.counted_by(profile));
        let counted: BTreeMap<String, Mark> = counted.map(|mark| (mark.clone(), kept(keys, &mark))).collect();
        let counts = counts(&mut tx, counted.values().copied().collect()).await?;
        let count = |mark: &str| {
            counted
                .get(mark)
                .and_then(|mark| counts.get(mark))
                .copied()
                .unwrap_or(0)
        };
        let mut found = Vec::with_capacity(asked.len());
        for (number, profile, found_by) in &asked {
            let subjects = found_by.iter().filter_map(|mark| holders.get(mark)).flatten();
            let subjects: BTreeSet<SubjectId> = subjects.copied().collect();
            let mut those = Vec::new();
            for subject in subjects {
                let profiles = held.by_subject.get(&subject).into_iter().flatten();
                those.extend(profiles.map(|profile| (held.groups.root(subject), profile.clone())));
            }
            // The shipped models stay models whatever the register's size.
            let proposals = register.propose(profile, &those, count, most).unwrap_or_default();
            found.push((*number, proposals));
        }
        Ok(found)
    }

    /// What the registers say of the holders of marks, under each name that they have had.
    async fn held(&self, tx: &mut Tx, holders: &HashMap<Mark, Vec<SubjectId>>) -> Result<Held> {
        let subjects: BTreeSet<SubjectId> = holders.values().flatten().copied().collect();
        let subjects: Vec<SubjectId> = subjects.into_iter().collect();
        let groups = Groups::load(tx, &subjects, NOW).await?;
        let values: Vec<Arg> = subjects.into_iter().map(Arg::from).collect();
        let sql = "SELECT number, subject FROM subject_name WHERE subject IN ({in})";
        let mut of = HashMap::new();
        for row in tx.rows_in(sql, &[], &values).await? {
            let number = RecordNumber::from_i64(row.int(0)?);
            of.insert(number, SubjectId::from_i64(row.int(1)?));
        }
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

/// What the registers say of some subjects.
struct Held {
    groups: Groups,
    by_subject: HashMap<SubjectId, Vec<Profile>>,
}

/// Who has these marks, without those that too many have.
async fn holders(tx: &mut Tx, marks: BTreeSet<Mark>) -> Result<HashMap<Mark, Vec<SubjectId>>> {
    let counts = counts(tx, marks.clone()).await?;
    let few = |mark: &Mark| {
        counts
            .get(mark)
            .is_some_and(|count| *count <= HOLDERS_MOST as u64)
    };
    let values: Vec<Arg> = marks.into_iter().filter(few).map(Arg::Int).collect();
    let mut found: HashMap<Mark, Vec<SubjectId>> = HashMap::new();
    let sql = "SELECT mark, subject FROM likeness WHERE mark IN ({in})";
    for row in tx.rows_in(sql, &[], &values).await? {
        let holders = found.entry(row.int(0)?).or_default();
        holders.push(SubjectId::from_i64(row.int(1)?));
    }
    Ok(found)
}

/// How many of the registers have each of these marks.
async fn counts(tx: &mut Tx, marks: BTreeSet<Mark>) -> Result<HashMap<Mark, u64>> {
    let values: Vec<Arg> = marks.into_iter().map(Arg::Int).collect();
    let mut found = HashMap::new();
    let sql = "SELECT mark, COUNT(*) FROM likeness WHERE mark IN ({in}) GROUP BY mark";
    for row in tx.rows_in(sql, &[], &values).await? {
        found.insert(row.int(0)?, u64::try_from(row.int(1)?).unwrap_or(0));
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
