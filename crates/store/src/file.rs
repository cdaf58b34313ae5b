//! A subject's file: its records, and every act that bears on them.

use std::collections::{BTreeMap, BTreeSet};

use assess::Bundle;
use record::{
    Identifier, IdentifierKind, Logged, PurposeCode, Realm, RecordNumber, Stated, SubjectId, SubjectKind,
    SubmissionId, TreeSize,
};

use crate::db::{Arg, Tx, args};
use crate::merger::{Groups, NOW};
use crate::read::{RECORD_COLUMNS, logged_of};
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

/// An organisation, and never a natural person.
const PUBLIC: &str = "SELECT 1 FROM organisation o JOIN subject s ON s.id = o.subject \
    WHERE o.subject = $1 AND s.kind <> 'person'";

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

    /// An organisation's file, which is public; only what the catalogue publishes may be shown of it.
    ///
    /// # Errors
    /// For a natural person, as if there were none.
    pub async fn public_file(&self, subject: SubjectId) -> Result<SubjectFile> {
        let mut tx = self.inner.db.read().await?;
        if tx.row(PUBLIC, args![subject]).await?.is_none() {
            return Err(StoreError::NotFound);
        }
        let groups = Groups::load(&mut tx, &[subject], NOW).await?;
        self.file_in(&mut tx, groups.root(subject), None).await
    }

    pub(crate) async fn file_in(
        &self,
        tx: &mut Tx,
        subject: SubjectId,
        known: Option<TreeSize>,
    ) -> Result<SubjectFile> {
        let size = TreeSize::from_i64(
            tx.one_int("SELECT next FROM counter WHERE name = 'record'", args![])
                .await?,
        );
        let known = known.map_or(size, |known| known.min(size));
        let (keys, _) = self.keys(tx).await?;
        let merged = Groups::load(tx, &[subject], known).await?.merged_into(subject);
        let sql = format!(
            "SELECT {RECORD_COLUMNS} JOIN membership m ON m.number = r.number \
            WHERE m.from_number < $1 AND (m.until_number IS NULL OR m.until_number >= $1) AND m.subject IN ({{in}})"
        );
        // Those merged first, so that the subject's own identifiers come last.
        let subjects: Vec<SubjectId> = merged.into_iter().chain([subject]).collect();
        let values: Vec<Arg> = subjects.iter().map(|subject| Arg::from(*subject)).collect();
        let rows = tx.rows_in(&sql, &[Arg::from(known)], &values).await?;
        let mut records = rows
            .iter()
            .map(|row| logged_of(&keys, row))
            .collect::<Result<Vec<_>>>()?;
        records.sort_by_key(Logged::number);
        let founding = records
            .iter()
            .find(|logged| logged.number().0 == subject.0)
            .ok_or(StoreError::NotFound)?;
        let kind = founding
            .record()
            .subject
            .as_ref()
            .map(|stated| stated.kind)
            .ok_or(StoreError::NotFound)?;
        let acts = self.acts_on(tx, &records, known).await?;
        let submissions: BTreeSet<SubmissionId> =
            records.iter().chain(&acts).map(Logged::submission).collect();
        let submissions = submissions_in(tx, &submissions).await?;
        let (name, identifiers) = self.known_as(tx, &subjects, &records).await?;
        Ok(SubjectFile {
            subject,
            kind,
            name,
            identifiers,
            records,
            acts,
            submissions,
            known,
        })
    }

    /// Every act below `known`, and never another's record, that refers to these records, their submissions, or such acts in turn.
    pub(crate) async fn acts_on(
        &self,
        tx: &mut Tx,
        records: &[Logged],
        known: TreeSize,
    ) -> Result<Vec<Logged>> {
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
                    "SELECT f.number FROM reference f JOIN record r ON r.number = f.number \
                    WHERE f.number < $1 AND f.{column} IN ({{in}}) AND r.item LIKE 'act.%'"
                );
                for row in tx.rows_in(&sql, &[Arg::from(known)], values).await? {
                    found.insert(RecordNumber::from_i64(row.int(0)?));
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
        Ok(acts)
    }

    /// The newest registered name, and the identifiers, from the records that stated them.
    async fn known_as(
        &self,
        tx: &mut Tx,
        subjects: &[SubjectId],
        records: &[Logged],
    ) -> Result<(String, Vec<Identifier>)> {
        let subject = subjects.last().copied().ok_or(StoreError::NotFound)?;
        let stated_in = |number: RecordNumber| {
            records
                .iter()
                .find(|logged| logged.number() == number)
                .and_then(|logged| logged.record().subject.as_ref())
        };
        let names = tx
            .rows(
                "SELECT number FROM subject_name WHERE subject = $1 ORDER BY number DESC",
                args![subject],
            )
            .await?;
        let mut name = None;
        for row in names {
            name = name.or_else(|| Some(stated_in(RecordNumber::from_i64(row.int(0).ok()?))?.name.clone()));
        }
        let mut identifiers = Vec::new();
        for subject in subjects {
            let sql = "SELECT number FROM identifier WHERE subject = $1 ORDER BY number";
            for row in tx.rows(sql, args![*subject]).await? {
                let stated = stated_in(RecordNumber::from_i64(row.int(0)?));
                identifiers.extend(stated.and_then(|stated| stated.identifier.clone()));
            }
        }
        Ok((name.ok_or(StoreError::NotFound)?, identifiers))
    }
}

/// Realm is part of every question that names an identifier; kept here so that callers need not ask twice.
impl Store {
    /// Whether this is a demo.
    pub fn is_demo(&self) -> bool {
        self.realm() == Realm::Demo
    }
}
