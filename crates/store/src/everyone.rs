//! Counts over everyone. Files are opened inside, one chunk after the other, and only counts come out: no name,
//! no number, no record of anybody, so that no look is taken.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use assess::{Assessment, Bundle, Disparity, Graded, GroupLabels, Letter, age_band, assess, disparity};
use record::{
    AsOf, Date, IdentifierKind, Logged, Record, RecordNumber, SubjectId, SubjectKind, SubmissionId, Target,
    TreeSize, Value, resident_birth_date,
};
use serde::Serialize;

use crate::db::{Tx, args};
use crate::merger::Groups;
use crate::segments::Found;
use crate::{Result, Store};

/// How many subjects are read at a time.
pub(crate) const CHUNK: usize = 500;

/// How many of how many are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Share {
    /// So many.
    pub done: u64,
    /// Of so many.
    pub of: u64,
}

/// How a scorecard comes out for groups of people, by every trait that is looked at.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct DisparityOf {
    /// The scorecard's code.
    pub scorecard: String,
    /// How many it rates.
    pub rated: u64,
    /// By trait, `age`, `sex`, `household` of persons, `age` of organisations: the table of its groups.
    pub traits: BTreeMap<&'static str, Disparity>,
}

/// How conclusions move from one bundle to another, by kind of subject.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Moves {
    /// How many subjects there are.
    pub subjects: u64,
    /// How many of them have another letter, other points, lists or measures.
    pub touched: u64,
    /// How many have a better letter.
    pub better: u64,
    /// How many have a worse letter.
    pub worse: u64,
    /// How many go from a letter to a letter; `-` for not rated.
    pub letters: BTreeMap<String, BTreeMap<String, u64>>,
    /// How many come under a list or a measure, by its code.
    pub gained: BTreeMap<String, u64>,
    /// How many are no longer under it.
    pub lost: BTreeMap<String, u64>,
}

impl Store {
    /// The tables of disparity of every scorecard in force, over everyone as of then.
    ///
    /// # Errors
    /// When the database fails, or a record does not open.
    pub async fn disparities(&self, as_of: AsOf) -> Result<Vec<DisparityOf>> {
        let bundle = self.bundle(as_of).await?;
        let mut rows: BTreeMap<String, Vec<(Traits, Graded)>> = BTreeMap::new();
        self.each_file(as_of, |records| {
            let found = assess(&bundle, records, as_of);
            if let Some(grade) = found.rating.grade() {
                let card = grade.scorecard.as_str().trim_start_matches("rating.").to_owned();
                let traits = Traits::of(records, as_of);
                rows.entry(card).or_default().push((traits, Graded::from(grade)));
            }
        })
        .await?;
        let tables = rows.into_iter().map(|(scorecard, rows)| {
            let names: BTreeSet<&'static str> = rows
                .iter()
                .flat_map(|(traits, _)| traits.0.keys().copied())
                .collect();
            let table = |name: &'static str| {
                let groups = rows.iter();
                let groups =
                    groups.map(|(traits, graded)| (traits.0.get(name).copied().unwrap_or("?"), *graded));
                (name, disparity(groups))
            };
            DisparityOf {
                scorecard,
                rated: rows.len() as u64,
                traits: names.into_iter().map(table).collect(),
            }
        });
        Ok(tables.collect())
    }

    /// For each day, by subject, the groups that it is in, for the tables of a simulation: read by those tables alone, and kept
    /// nowhere.
    ///
    /// # Errors
    /// When the database fails, or a record does not open.
    pub async fn group_labels(
        &self,
        days: &[Date],
        known: TreeSize,
        mut told: impl FnMut(Share),
    ) -> Result<Vec<HashMap<u64, GroupLabels>>> {
        let mut labels = vec![HashMap::new(); days.len()];
        let on = days.last().copied().unwrap_or(Date::MIN);
        self.each_files(AsOf { on, known }, |files, share| {
            for (subject, records) in files {
                for (on, labels) in days.iter().zip(&mut labels) {
                    let Traits(found) = Traits::of(&records, AsOf { on: *on, known });
                    let label = |name| found.get(name).copied();
                    let of = GroupLabels {
                        age: label("age"),
                        sex: label("sex"),
                        household: label("household"),
                    };
                    labels.insert(subject.0, of);
                }
            }
            told(share);
            Ok(())
        })
        .await?;
        Ok(labels)
    }

    /// For how many the conclusions differ between two bundles, by kind of subject.
    ///
    /// # Errors
    /// When the database fails, or a record does not open.
    pub async fn moves(
        &self,
        from: &Bundle,
        to: &Bundle,
        as_of: AsOf,
    ) -> Result<BTreeMap<&'static str, Moves>> {
        let mut moves: BTreeMap<&'static str, Moves> = BTreeMap::new();
        self.each_file(as_of, |records| {
            let (one, other) = (assess(from, records, as_of), assess(to, records, as_of));
            let kind = one.kind.or(other.kind).map_or("-", SubjectKind::code);
            moves.entry(kind).or_default().take(&one, &other);
        })
        .await?;
        Ok(moves)
    }

    /// Hands over every subject's records and acts, in the order of their numbers.
    async fn each_file(&self, as_of: AsOf, mut each: impl FnMut(&[Logged])) -> Result<()> {
        self.each_files(as_of, |files, _| {
            for (_, records) in files {
                each(&records);
            }
            Ok(())
        })
        .await
    }

    /// Every subject that there was at a size of the log.
    pub(crate) async fn subject_ids(&self, known: TreeSize) -> Result<Vec<SubjectId>> {
        let mut tx = self.inner.db.read().await?;
        subject_ids(&mut tx, known).await
    }

    /// Hands over everyone's records and acts, some subjects at a time, in the order of their ids, and of how many subjects
    /// in all they are the last.
    pub(crate) async fn each_files(
        &self,
        as_of: AsOf,
        mut each: impl FnMut(Vec<(SubjectId, Vec<Logged>)>, Share) -> Result<()>,
    ) -> Result<()> {
        let mut tx = self.inner.db.read().await?;
        let subjects = subject_ids(&mut tx, as_of.known).await?;
        let mut share = Share {
            done: 0,
            of: subjects.len() as u64,
        };
        let mut sealed = self.all_sealed(&mut tx).await?;
        for chunk in subjects.chunks(CHUNK) {
            share.done += chunk.len() as u64;
            let found = sealed.up_to(chunk.last().copied())?;
            each(self.files_of(&mut tx, chunk, as_of, Some(found)).await?, share)?;
        }
        Ok(())
    }

    /// The files of those of these subjects, in their order, who have one of their own. What was sealed under them is not looked for if it was
    /// read already.
    pub(crate) async fn files_of(
        &self,
        tx: &mut Tx,
        chunk: &[SubjectId],
        as_of: AsOf,
        sealed: Option<Found>,
    ) -> Result<Vec<(SubjectId, Vec<Logged>)>> {
        let groups = Groups::load(tx, chunk, as_of.known).await?;
        // Whose file the records of each number are in.
        let mut roots: HashMap<SubjectId, SubjectId> = HashMap::new();
        for subject in chunk.iter().filter(|subject| groups.root(**subject) == **subject) {
            let merged = groups.merged_into(*subject).into_iter().chain([*subject]);
            roots.extend(merged.map(|one| (one, *subject)));
        }
        let subjects: Vec<SubjectId> = roots.keys().copied().collect();
        let belonging = if let Some(mut sealed) = sealed {
            // Those merged with one of the chunk may be of another.
            let others = subjects.iter().filter(|one| chunk.binary_search(one).is_err());
            let others: Vec<SubjectId> = others.copied().collect();
            let (keys, _) = self.keys(tx).await?;
            sealed.extend(self.sealed_under(tx, &keys, &others).await?);
            self.belonging_with(tx, &subjects, as_of.known, sealed).await?
        } else {
            self.belonging(tx, &subjects, as_of.known).await?
        };
        let mut owners = Owners::default();
        for (number, subject) in &belonging.whose {
            if let Some(root) = roots.get(subject) {
                owners.add(*number, *root);
            }
        }
        let records = self.logged_of(tx, belonging).await?;
        let acts = self.acts_on(tx, &records, as_of.known).await?;
        Ok(owners.divide(records, acts))
    }
}

/// In their order.
async fn subject_ids(tx: &mut Tx, known: TreeSize) -> Result<Vec<SubjectId>> {
    let sql = "SELECT id FROM subject WHERE id < $1 ORDER BY id";
    let rows = tx.rows(sql, args![known]).await?;
    rows.iter()
        .map(|row| Ok(SubjectId::from_i64(row.int(0)?)))
        .collect()
}

/// Whose records and acts are whose.
#[derive(Default)]
struct Owners {
    numbers: HashMap<RecordNumber, BTreeSet<SubjectId>>,
    submissions: HashMap<SubmissionId, BTreeSet<SubjectId>>,
}

impl Owners {
    fn add(&mut self, number: RecordNumber, subject: SubjectId) {
        self.numbers.entry(number).or_default().insert(subject);
    }

    /// Each subject's own, in the order of numbers. An act belongs to whomever what it refers to belongs to.
    fn divide(mut self, records: Vec<Logged>, acts: Vec<Logged>) -> Vec<(SubjectId, Vec<Logged>)> {
        let mut files: BTreeMap<SubjectId, Vec<Logged>> = BTreeMap::new();
        for one in records.into_iter().chain(acts) {
            let number = one.number();
            let mut whose = self.numbers.get(&number).cloned().unwrap_or_default();
            for reference in &one.record().references {
                let target = match reference.target {
                    Target::Number(target) => self.numbers.get(&target),
                    Target::Submission(target) => self.submissions.get(&target),
                    Target::Commitment(_) => None,
                };
                // A record's references do not make it another's; an act's do.
                if one.record().act().is_some() {
                    whose.extend(target.into_iter().flatten());
                }
            }
            self.submissions
                .entry(one.submission())
                .or_default()
                .extend(&whose);
            for subject in &whose {
                files.entry(*subject).or_default().push(one.clone());
            }
            self.numbers.insert(number, whose);
        }
        files
            .into_iter()
            .map(|(subject, mut file)| {
                file.sort_by_key(Logged::number);
                file.dedup_by_key(|logged| logged.number());
                (subject, file)
            })
            .collect()
    }
}

/// By name of a trait, the label of the group that a subject is in. Read here for counting, and nowhere else.
struct Traits(BTreeMap<&'static str, &'static str>);

impl Traits {
    fn of(records: &[Logged], as_of: AsOf) -> Self {
        let mut found = BTreeMap::new();
        // The newest register that says so.
        for record in records.iter().map(Logged::record) {
            match record.subject.as_ref().map(|stated| stated.kind) {
                Some(SubjectKind::Person) => Self::of_person(record, as_of, &mut found),
                Some(_) => {
                    if let Some(Value::Date(day)) = record.field("established") {
                        found.insert("age", years_band(as_of.on.year() - day.year()));
                    }
                }
                None => {}
            }
        }
        Self(found)
    }

    fn of_person(record: &Record, as_of: AsOf, found: &mut BTreeMap<&'static str, &'static str>) {
        if let Some(Value::Date(born)) = record.field("birth_date") {
            found.insert("age", age_band(*born, as_of.on));
        }
        let stated = record
            .subject
            .as_ref()
            .and_then(|stated| stated.identifier.as_ref());
        let Some(identifier) = stated.filter(|one| one.kind() == IdentifierKind::ResidentId) else {
            return;
        };
        if let Some(born) = resident_birth_date(identifier) {
            found.entry("age").or_insert_with(|| age_band(born, as_of.on));
        }
        // GB 11643: six digits of the place of first registration; the 17th is odd for men.
        if let Some(place) = identifier.value().get(..6) {
            let label = if place.starts_with("4406") {
                "here"
            } else {
                "elsewhere"
            };
            found.insert("household", label);
        }
        let digit = identifier
            .value()
            .get(16..17)
            .and_then(|digit| digit.parse::<u8>().ok());
        if let Some(digit) = digit {
            let label = if digit % 2 == 1 { "male" } else { "female" };
            found.insert("sex", label);
        }
    }
}

/// The band of an organisation's years.
fn years_band(years: i16) -> &'static str {
    match years {
        ..3 => "0-2",
        3..10 => "3-9",
        _ => "10+",
    }
}

impl Moves {
    fn take(&mut self, one: &Assessment, other: &Assessment) {
        self.subjects += 1;
        let (before, after) = (grade_of(one), grade_of(other));
        let (held, holds) = (under(one), under(other));
        if before != after || held != holds {
            self.touched += 1;
        }
        let letter = |grade: Option<(Letter, i32)>| {
            grade.map_or_else(|| "-".to_owned(), |(letter, _)| letter.to_string())
        };
        let row = self.letters.entry(letter(before)).or_default();
        *row.entry(letter(after)).or_default() += 1;
        if let (Some((before, _)), Some((after, _))) = (before, after) {
            self.better += u64::from(after > before);
            self.worse += u64::from(after < before);
        }
        for code in holds.difference(&held) {
            *self.gained.entry(code.clone()).or_default() += 1;
        }
        for code in held.difference(&holds) {
            *self.lost.entry(code.clone()).or_default() += 1;
        }
    }
}

fn grade_of(found: &Assessment) -> Option<(Letter, i32)> {
    found.rating.grade().map(|grade| (grade.letter, grade.points))
}

/// The lists and measures that a subject is under.
fn under(found: &Assessment) -> BTreeSet<String> {
    let lists = found.entries.iter().map(|entry| format!("lists.{}", entry.list));
    let measures = found
        .measures
        .iter()
        .map(|measure| format!("measures.{}", measure.code()));
    lists.chain(measures).collect()
}
