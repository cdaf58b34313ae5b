//! Files of organisations, which are public: read without a look, of one or of many at once, and never a natural person's.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use record::{Logged, RecordNumber, SubjectId, SubmissionId, Target, TreeSize};

use crate::db::{Arg, Tx};
use crate::file::{Names, kind_of};
use crate::merger::{Groups, NOW};
use crate::submission::submissions_in;
use crate::{Result, Store, StoreError, SubjectFile};

/// Those that are organisations, and never a natural person.
const PUBLIC: &str = "SELECT o.subject FROM organisation o JOIN subject s ON s.id = o.subject \
    WHERE s.kind <> 'person' AND o.subject IN ({in})";

impl Store {
    /// An organisation's file; only what the catalogue publishes may be shown of it.
    ///
    /// # Errors
    /// For a natural person, as if there were none.
    pub async fn public_file(&self, subject: SubjectId) -> Result<SubjectFile> {
        let mut tx = self.inner.db.read().await?;
        let asked = [Arg::from(subject)];
        if tx.rows_in(PUBLIC, &[], &asked).await?.is_empty() {
            return Err(StoreError::NotFound);
        }
        let groups = Groups::load(&mut tx, &[subject], NOW).await?;
        self.file_in(&mut tx, groups.root(subject), None).await
    }

    /// The files of many organisations, by whom was asked about, with a few questions for all of them; a natural person is left out. Each
    /// is what [`public_file`](Self::public_file) gives.
    ///
    /// # Errors
    /// When the database fails or something does not open.
    pub async fn public_files(&self, subjects: &[SubjectId]) -> Result<HashMap<SubjectId, SubjectFile>> {
        let mut tx = self.inner.db.read().await?;
        let asked: Vec<Arg> = subjects.iter().copied().map(Arg::from).collect();
        let mut public = Vec::new();
        for row in tx.rows_in(PUBLIC, &[], &asked).await? {
            public.push(SubjectId::from_i64(row.int(0)?));
        }
        let groups = Groups::load(&mut tx, &public, NOW).await?;
        let roots: BTreeSet<SubjectId> = public.iter().map(|subject| groups.root(*subject)).collect();
        let files = self.files_of_roots(&mut tx, &roots, &groups).await?;
        let of = |subject: SubjectId| Some((subject, files.get(&groups.root(subject))?.clone()));
        Ok(public.into_iter().filter_map(of).collect())
    }

    async fn files_of_roots(
        &self,
        tx: &mut Tx,
        roots: &BTreeSet<SubjectId>,
        groups: &Groups,
    ) -> Result<BTreeMap<SubjectId, SubjectFile>> {
        // Those merged first, so that a subject's own identifiers come last.
        let subjects_of = |root: &SubjectId| -> Vec<SubjectId> {
            let merged = groups.merged_into(*root).into_iter();
            merged.chain([*root]).collect()
        };
        let all: Vec<SubjectId> = roots.iter().flat_map(&subjects_of).collect();
        let known = tx.tree_size().await?;
        let mut owners = Owners::default();
        let records = self.records_of(tx, &all, known, groups, &mut owners).await?;
        let (acts, bearings) = self.acts_bearing_on(tx, &records, known).await?;
        owners.add_acts(&acts, &bearings);
        let submissions = records.iter().chain(&acts).map(Logged::submission).collect();
        let submissions = submissions_in(tx, &submissions).await?;
        let names = Names::load(tx, &all).await?;
        let mut files = BTreeMap::new();
        for root in roots {
            let records = owners.records(*root, &records);
            let acts = owners.acts(*root, &acts);
            let kind = kind_of(*root, &records).ok_or(StoreError::NotFound)?;
            let (name, identifiers) = names
                .of(&subjects_of(root), &records)
                .ok_or(StoreError::NotFound)?;
            let came_with: BTreeSet<SubmissionId> =
                records.iter().chain(&acts).map(Logged::submission).collect();
            let submissions = submissions.iter().filter(|(id, _)| came_with.contains(id));
            let file = SubjectFile {
                subject: *root,
                kind,
                name,
                identifiers,
                submissions: submissions.map(|(id, info)| (*id, info.clone())).collect(),
                records,
                acts,
                known,
            };
            files.insert(*root, file);
        }
        Ok(files)
    }

    /// The records of these subjects, by number; and whose they are.
    async fn records_of(
        &self,
        tx: &mut Tx,
        subjects: &[SubjectId],
        known: TreeSize,
        groups: &Groups,
        owners: &mut Owners,
    ) -> Result<Vec<Logged>> {
        let belonging = self.belonging(tx, subjects, known).await?;
        for (number, subject) in &belonging.whose {
            let root = groups.root(*subject);
            owners.records.entry(*number).or_default().insert(root);
        }
        let records = self.logged_of(tx, belonging).await?;
        for logged in &records {
            let roots = owners.records.get(&logged.number()).into_iter().flatten();
            let of_submission = owners.submissions.entry(logged.submission()).or_default();
            of_submission.extend(roots.copied());
        }
        Ok(records)
    }
}

/// Whose records and acts are whose.
#[derive(Default)]
struct Owners {
    records: HashMap<RecordNumber, BTreeSet<SubjectId>>,
    submissions: HashMap<SubmissionId, BTreeSet<SubjectId>>,
    acts: HashMap<RecordNumber, BTreeSet<SubjectId>>,
}

impl Owners {
    /// An act is in the file of whomever what it bears on is of. What it bears on has a lower number.
    fn add_acts(&mut self, acts: &[Logged], bearings: &HashMap<RecordNumber, Vec<Target>>) {
        for act in acts {
            let number = act.number();
            let targets = bearings.get(&number).into_iter().flatten();
            let whose: BTreeSet<SubjectId> = targets
                .filter_map(|target| match target {
                    Target::Number(target) => self.records.get(target).or_else(|| self.acts.get(target)),
                    Target::Submission(submission) => self.submissions.get(submission),
                    Target::Commitment(_) => None,
                })
                .flatten()
                .copied()
                .collect();
            self.submissions
                .entry(act.submission())
                .or_default()
                .extend(&whose);
            self.acts.insert(number, whose);
        }
    }

    fn records(&self, root: SubjectId, all: &[Logged]) -> Vec<Logged> {
        Self::those(&self.records, root, all)
    }

    fn acts(&self, root: SubjectId, all: &[Logged]) -> Vec<Logged> {
        Self::those(&self.acts, root, all)
    }

    fn those(
        of: &HashMap<RecordNumber, BTreeSet<SubjectId>>,
        root: SubjectId,
        all: &[Logged],
    ) -> Vec<Logged> {
        let is_own = |logged: &&Logged| {
            let whose = of.get(&logged.number());
            whose.is_some_and(|whose| whose.contains(&root))
        };
        all.iter().filter(is_own).cloned().collect()
    }
}
