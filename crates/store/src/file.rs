//! A subject's file: its records, and every act that bears on them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use assess::Bundle;
use record::{
    Identifier, IdentifierKind, Logged, PurposeCode, Realm, RecordNumber, Stated, SubjectId, SubjectKind,
    SubmissionId, Target, TreeSize,
};

use crate::db::{Arg, Tx, args};
use crate::merger::{Groups, NOW};
use crate::submission::{SubmissionInfo, submissions_in};
use crate::{LookPermit, Result, Store, StoreError, tags};

/// All that is known of a subject at a size of the log.
#[derive(Debug, Clone)]
pub struct SubjectFile {
    /// Whose.
    pub subject: SubjectId,
    /// What kind of subject.
    pub kind: SubjectKind,
    /// The name as the newest base register states it.
    pub name: String,
    /// Every identifier known to name the subject, the newest of its own last; before them, those of merged subjects.
    pub identifiers: Vec<Identifier>,
    /// Its records, by number.
    pub records: Vec<Logged>,
    /// Acts that refer to them, to their submissions, or to such acts; by number.
    pub acts: Vec<Logged>,
    /// The hand-ins they came with.
    pub submissions: BTreeMap<SubmissionId, SubmissionInfo>,
    /// How much of the log this is.
    pub known: TreeSize,
}

impl SubjectFile {
    /// Records and acts together, as assessment wants them.
    pub fn all(&self) -> Vec<Logged> {
        let mut all: Vec<Logged> = self.records.iter().chain(&self.acts).cloned().collect();
        all.sort_by_key(Logged::number);
        all.dedup_by_key(|logged| logged.number());
        all
    }

    /// Its records that may be shown to whoever looked for this purpose: the catalogue says which (`seen_for`).
    pub fn seen_for<'f>(
        &'f self,
        bundle: &'f Bundle,
        purpose: &'f PurposeCode,
    ) -> impl DoubleEndedIterator<Item = &'f Logged> {
        self.records.iter().filter(move |logged| {
            let record = logged.record();
            record.act().is_some()
                || bundle
                    .item(&record.item)
                    .is_none_or(|item| item.is_seen_for(purpose))
        })
    }

    /// The subject as the base register states it, for acts about it.
    pub fn stated(&self) -> Option<Stated> {
        let identifier = self.identifiers.last().cloned();
        Some(Stated {
            kind: self.kind,
            name: self.name.clone(),
            identifier,
        })
    }
}

impl Store {
    /// The subject that an identifier names, by the index alone; of one who was merged, the one whose file it is in. It
    /// reveals nothing else.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_subject(&self, kind: IdentifierKind, value: &str) -> Result<Option<SubjectId>> {
        let Ok((identifier, _)) = Identifier::parse(kind, value, self.realm()) else {
            return Ok(None);
        };
        let mut tx = self.inner.db.read().await?;
        let (keys, index) = self.keys(&mut tx).await?;
        let tag = tags::of_identifier(keys.generation(index)?, kind, identifier.value());
        let sql = "SELECT subject FROM identifier WHERE kind = $1 AND tag = $2";
        let Some(row) = tx.row(sql, args![kind.code(), tag]).await? else {
            return Ok(None);
        };
        let subject = SubjectId::from_i64(row.int(0)?);
        let groups = Groups::load(&mut tx, &[subject], NOW).await?;
        Ok(Some(groups.root(subject)))
    }

    /// Reads a file, by leave of a look, as it was known at a size of the log (all of it by default).
    ///
    /// # Errors
    /// When the subject is not yet known at that size, or something does not open.
    pub async fn file(&self, permit: &LookPermit, known: Option<TreeSize>) -> Result<SubjectFile> {
        self.look_at_all(permit, known.unwrap_or(NOW)).await?;
        let mut tx = self.inner.db.read().await?;
        self.file_in(&mut tx, permit.subject(), known).await
    }

    pub(crate) async fn file_in(
        &self,
        tx: &mut Tx,
        subject: SubjectId,
        known: Option<TreeSize>,
    ) -> Result<SubjectFile> {
        let size = tx.tree_size().await?;
        let known = known.map_or(size, |known| known.min(size));
        if let Some(file) = tx.file_read(subject, known) {
            return Ok(file);
        }
        let merged = Groups::load(tx, &[subject], known).await?.merged_into(subject);
        // Those merged first, so that the subject's own identifiers come last.
        let subjects: Vec<SubjectId> = merged.into_iter().chain([subject]).collect();
        let belonging = self.belonging(tx, &subjects, known).await?;
        let records = self.logged_of(tx, belonging).await?;
        let kind = kind_of(subject, &records).ok_or(StoreError::NotFound)?;
        let acts = self.acts_on(tx, &records, known).await?;
        let submissions: BTreeSet<SubmissionId> =
            records.iter().chain(&acts).map(Logged::submission).collect();
        let submissions = submissions_in(tx, &submissions).await?;
        let names = Names::load(tx, &subjects).await?;
        let (name, identifiers) = names.of(&subjects, &records).ok_or(StoreError::NotFound)?;
        let file = SubjectFile {
            subject,
            kind,
            name,
            identifiers,
            records,
            acts,
            submissions,
            known,
        };
        tx.keep_file(&file);
        Ok(file)
    }

    /// Every act below `known`, and never another's record, that refers to these records, their submissions, or such acts in turn.
    pub(crate) async fn acts_on(
        &self,
        tx: &mut Tx,
        records: &[Logged],
        known: TreeSize,
    ) -> Result<Vec<Logged>> {
        Ok(self.acts_bearing_on(tx, records, known).await?.0)
    }

    /// The same, and what each of them bears on.
    pub(crate) async fn acts_bearing_on(
        &self,
        tx: &mut Tx,
        records: &[Logged],
        known: TreeSize,
    ) -> Result<(Vec<Logged>, HashMap<RecordNumber, Vec<Target>>)> {
        let mut bearings: HashMap<RecordNumber, Vec<Target>> = HashMap::new();
        let mut seen: BTreeSet<RecordNumber> = records.iter().map(Logged::number).collect();
        let mut acts = Vec::new();
        let mut newest: Vec<Logged> = records.to_vec();
        while !newest.is_empty() {
            let numbers: Vec<Arg> = newest.iter().map(|logged| Arg::from(logged.number())).collect();
            let submissions: BTreeSet<SubmissionId> = newest.iter().map(Logged::submission).collect();
            let submissions: Vec<Arg> = submissions.into_iter().map(Arg::from).collect();
            let mut found = BTreeSet::new();
            for (column, values) in [("target_number", &numbers), ("target_submission", &submissions)] {
                let sql = format!(
                    "SELECT f.number, f.target_number, f.target_submission FROM reference f \
                    JOIN record r ON r.number = f.number \
                    WHERE f.number < $1 AND f.{column} IN ({{in}}) AND r.item LIKE 'act.%'"
                );
                for row in tx.rows_in(&sql, &[Arg::from(known)], values).await? {
                    let act = RecordNumber::from_i64(row.int(0)?);
                    let record = row.int_or_none(1)?.map(RecordNumber::from_i64);
                    let submission = row.int_or_none(2)?.map(SubmissionId::from_i64);
                    let targets = record.map(Target::Number).into_iter();
                    let targets = targets.chain(submission.map(Target::Submission));
                    bearings.entry(act).or_default().extend(targets);
                    found.insert(act);
                }
            }
            let fresh: Vec<RecordNumber> = found.into_iter().filter(|number| seen.insert(*number)).collect();
            newest = if fresh.is_empty() {
                Vec::new()
            } else {
                self.logged_in(tx, &fresh).await?
            };
            acts.extend(newest.iter().cloned());
        }
        acts.sort_by_key(Logged::number);
        Ok((acts, bearings))
    }
}

/// What kind of subject its founding record says it is.
pub(crate) fn kind_of(subject: SubjectId, records: &[Logged]) -> Option<SubjectKind> {
    let founding = records.iter().find(|logged| logged.number().0 == subject.0)?;
    Some(founding.record().subject.as_ref()?.kind)
}

/// Which records state the names and identifiers of some subjects.
pub(crate) struct Names {
    /// The newest last.
    names: HashMap<SubjectId, Vec<RecordNumber>>,
    identifiers: HashMap<SubjectId, Vec<RecordNumber>>,
}

impl Names {
    pub(crate) async fn load(tx: &mut Tx, subjects: &[SubjectId]) -> Result<Self> {
        let values: Vec<Arg> = subjects.iter().copied().map(Arg::from).collect();
        let sql = "SELECT CAST(0 AS BIGINT), subject, number FROM subject_name WHERE subject IN ({in}) \
            UNION ALL SELECT CAST(1 AS BIGINT), subject, number FROM identifier WHERE subject IN ({in})";
        let mut names: HashMap<SubjectId, Vec<RecordNumber>> = HashMap::new();
        let mut identifiers: HashMap<SubjectId, Vec<RecordNumber>> = HashMap::new();
        for row in tx.rows_in(sql, &[], &values).await? {
            let of = if row.int(0)? == 0 {
                &mut names
            } else {
                &mut identifiers
            };
            let numbers = of.entry(SubjectId::from_i64(row.int(1)?)).or_default();
            numbers.push(RecordNumber::from_i64(row.int(2)?));
        }
        for numbers in names.values_mut().chain(identifiers.values_mut()) {
            numbers.sort_unstable();
        }
        Ok(Self { names, identifiers })
    }

    /// The newest registered name of the last of some merged subjects, and the identifiers of them all, as these records state them;
    /// nothing if none states a name.
    pub(crate) fn of(&self, subjects: &[SubjectId], records: &[Logged]) -> Option<(String, Vec<Identifier>)> {
        let stated_in = |number: &RecordNumber| {
            let found = records.iter().find(|logged| logged.number() == *number)?;
            found.record().subject.as_ref()
        };
        let names = self.names.get(subjects.last()?)?;
        let name = names.iter().rev().find_map(stated_in)?.name.clone();
        let identifiers = subjects
            .iter()
            .filter_map(|subject| self.identifiers.get(subject));
        let identifiers = identifiers
            .flatten()
            .filter_map(|number| stated_in(number)?.identifier.clone());
        Some((name, identifiers.collect()))
    }
}

/// Realm is part of every question that names an identifier; kept here so that callers need not ask twice.
impl Store {
    /// Whether this is a demo.
    pub fn is_demo(&self) -> bool {
        self.realm() == Realm::Demo
    }
}
