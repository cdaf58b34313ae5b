//! Handing in: a submission is begun, its records are appended in batches, it is finished.
//! A batch is one transaction; when it returns, its records are on the disk and have their numbers.

use assess::{Bundle, Item};
use record::{AsOf, LayoutCode, OfficerId, Realm, Record, RecordNumber, SourceCode, SubmissionId, TreeSize};

use crate::bundle::Items;
use crate::candidate::{Candidate, Held};
use crate::cores::on_every_core;
use crate::db::{Arg, Tx, args};
use crate::evidence::{Fresh, Placed, drafted, write_evidence, write_sealed_rows};
use crate::keys::{Generation, Keys};
use crate::ledger::log_submission;
use crate::project::{Numbered, Placement, Rows, UnlinkedWhy, place, project, project_placed};
use crate::quality::SubmissionQuality;
use crate::seal::seal_under;
use crate::segments::Ids;
use crate::tags::Sameness;
use crate::tally::project_tally;
use crate::{ActFault, Result, Store, StoreError};

/// What a hand-in is.
#[derive(Debug, Clone)]
pub struct NewSubmission {
    /// Which department hands it in.
    pub source: SourceCode,
    /// In which layout, if it is a file.
    pub layout: Option<LayoutCode>,
    /// The file's name, if it is one.
    pub file_name: Option<String>,
    /// SHA-256 of the file.
    pub file_digest: Option<[u8; 32]>,
    /// Who hands it in.
    pub officer: OfficerId,
}

/// What became of a record that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Appended, and in effect.
    Accepted(RecordNumber),
    /// Appended; adverse, so it waits for a second officer.
    Pending(RecordNumber),
    /// Appended, without effect until a person links it.
    Unlinked(RecordNumber, UnlinkedWhy),
    /// Held already, in this record.
    Duplicate(RecordNumber),
    /// Held already with other content, in this record: refused, and offered as a correction.
    Conflict(RecordNumber),
}

/// A submission's counts: `rows` is the sum of the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SubmissionTotals {
    /// All rows.
    pub rows: u64,
    /// In effect.
    pub accepted: u64,
    /// Waiting for a second officer.
    pub pending: u64,
    /// Held already.
    pub duplicate: u64,
    /// Belonging to nobody yet.
    pub unlinked: u64,
    /// Refused.
    pub refused: u64,
}

impl SubmissionTotals {
    /// As SQL takes them, in the order of the columns.
    pub(crate) fn counts(&self) -> [i64; 6] {
        [
            self.rows,
            self.accepted,
            self.pending,
            self.duplicate,
            self.unlinked,
            self.refused,
        ]
        .map(|count| i64::try_from(count).unwrap_or(i64::MAX))
    }
}

/// Whether what is appended stays, and where. Nothing is written of what does not.
#[derive(Clone, Copy)]
pub(crate) enum Keep {
    /// In the database.
    Everything,
    /// What has a subject in segments of these ids, the rest in the database.
    Sealed(Ids),
    Nothing,
}

impl Store {
    /// Begins a hand-in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_submission(&self, new: &NewSubmission) -> Result<SubmissionId> {
        let mut tx = self.inner.db.write().await?;
        let id = self.begin_submission_in(&mut tx, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub(crate) async fn begin_submission_in(&self, tx: &mut Tx, new: &NewSubmission) -> Result<SubmissionId> {
        let id = tx.locked_counter("submission").await?;
        tx.execute(
            "UPDATE counter SET next = $1 WHERE name = 'submission'",
            args![id + 1],
        )
        .await?;
        let line = args![
            id,
            new.source.as_str(),
            new.layout.as_ref().map(LayoutCode::as_str),
            new.file_name
                .as_ref()
                .map(|name| name.replace(char::is_control, "")),
            new.file_digest,
            new.officer.as_str(),
            self.clock().now_ms(),
        ];
        let columns = [
            "id",
            "source",
            "layout",
            "file_name",
            "file_digest",
            "officer",
            "received_ms",
        ];
        tx.insert("submission", &columns, vec![line], "").await?;
        Ok(SubmissionId::from_i64(id))
    }

    /// Appends a batch of a submission in one transaction, and says what became of each record, in order.
    /// When it returns, every record that has a number is on the disk.
    ///
    /// # Errors
    /// When a record is ill-formed, of another source or realm, or not as the catalogue has it (then nothing
    /// is appended), when the submission is finished, or the database fails.
    pub async fn append(&self, submission: SubmissionId, records: &[Record]) -> Result<Vec<Outcome>> {
        refuse_acts(records)?;
        let mut tx = self.inner.db.write_log().await?;
        let outcomes = self
            .append_in(&mut tx, submission, records, Keep::Everything)
            .await?;
        tx.commit().await?;
        Ok(outcomes)
    }

    /// The same for a batch of ten thousands: what has a subject goes straight into segments, and where there are many of those by now,
    /// they are merged first. Others wait meanwhile for about a second.
    ///
    /// # Errors
    /// As [`Store::append`], and when a segment cannot be written.
    pub async fn append_sealed(&self, submission: SubmissionId, records: &[Record]) -> Result<Vec<Outcome>> {
        refuse_acts(records)?;
        // Sweeping goes through the whole folder: only after something was merged is there anything to be swept.
        if self.merge_segments().await? > 0 {
            self.sweep_segments().await?;
        }
        let ids = self.batch_ids().await?;
        let mut tx = self.inner.db.write_log().await?;
        let appended = self
            .append_in(&mut tx, submission, records, Keep::Sealed(ids))
            .await;
        match appended {
            Ok(outcomes) => {
                tx.commit().await?;
                Ok(outcomes)
            }
            Err(error) => {
                tx.rollback().await?;
                self.unwrite_batch(ids);
                Err(error)
            }
        }
    }

    /// What would become of these records, by the same code, and nothing is kept.
    ///
    /// # Errors
    /// As [`Store::append`].
    pub async fn dry_run(&self, new: &NewSubmission, records: &[Record]) -> Result<Vec<Outcome>> {
        refuse_acts(records)?;
        let mut tx = self.inner.db.write_log().await?;
        let submission = self.begin_submission_in(&mut tx, new).await?;
        let outcomes = self
            .append_in(&mut tx, submission, records, Keep::Nothing)
            .await?;
        tx.rollback().await?;
        Ok(outcomes)
    }

    /// Ends a hand-in with its counts and its report, which is kept sealed, for it quotes rows.
    ///
    /// # Errors
    /// When there is no such submission, it is finished already, or the database fails.
    pub async fn finish_submission(
        &self,
        id: SubmissionId,
        totals: &SubmissionTotals,
        quality: &SubmissionQuality,
        report: &[u8],
    ) -> Result<()> {
        let mut tx = self.inner.db.write_log().await?;
        let (source, layout) = open_submission(&mut tx, id).await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let sealed = seal_under(&keys, &report_place(id), report)?;
        let mut args = args![id, sealed];
        args.extend(totals.counts().map(Arg::from));
        args.push(Arg::Text(quality.to_json()));
        let sql = "UPDATE submission SET finished = 1, report = $2, row_count = $3, accepted = $4, pending = $5, \
            duplicate = $6, unlinked = $7, refused = $8, quality = $9 WHERE id = $1";
        tx.execute(sql, args).await?;
        let source = SourceCode::new(source).map_err(|_| StoreError::NotFound)?;
        log_submission(&mut tx, id, &source, layout.as_ref()).await?;
        tx.commit().await
    }

    /// An act of a person: a submission of one.
    pub(crate) async fn append_act(&self, officer: &OfficerId, record: Record) -> Result<RecordNumber> {
        let mut tx = self.inner.db.write_log().await?;
        let number = self.append_act_in(&mut tx, officer, record).await?;
        tx.commit().await?;
        Ok(number)
    }

    pub(crate) async fn append_act_in(
        &self,
        tx: &mut Tx,
        officer: &OfficerId,
        record: Record,
    ) -> Result<RecordNumber> {
        let new = NewSubmission {
            source: record.source.clone(),
            layout: None,
            file_name: None,
            file_digest: None,
            officer: officer.clone(),
        };
        let id = self.begin_submission_in(tx, &new).await?;
        let outcomes = self.append_in(tx, id, &[record], Keep::Everything).await?;
        let sql = "UPDATE submission SET finished = 1, row_count = 1, accepted = 1 WHERE id = $1";
        tx.execute(sql, args![id]).await?;
        log_submission(tx, id, &new.source, None).await?;
        match outcomes.first() {
            Some(Outcome::Accepted(number) | Outcome::Pending(number) | Outcome::Unlinked(number, _)) => {
                Ok(*number)
            }
            Some(Outcome::Duplicate(number) | Outcome::Conflict(number)) => Ok(*number),
            None => Err(StoreError::NotFound),
        }
    }

    pub(crate) async fn append_in(
        &self,
        tx: &mut Tx,
        submission: SubmissionId,
        records: &[Record],
        keep: Keep,
    ) -> Result<Vec<Outcome>> {
        let next = tx.locked_counter("record").await?;
        let (keys, index_key) = self.keys(tx).await?;
        let (source, layout) = open_submission(tx, submission).await?;
        self.check(tx, records, &source, next).await?;
        let bundle = self.bundle_before(tx, next).await?;

        let index = keys.generation(index_key)?;
        let sameness = Sameness::of(index, &source, layout.as_ref());
        let candidates: Vec<Candidate<'_>> = match keep {
            Keep::Sealed(_) => Candidate::all(index, &sameness, records),
            Keep::Everything | Keep::Nothing => {
                let each = records.iter();
                each.map(|record| Candidate::of(index, &sameness, record))
                    .collect()
            }
        };
        let mut held = Held::load(self, tx, &candidates).await?;
        let judged = Judged::of(&mut held, &candidates, next);
        let run = judged.numbered(submission);
        let mut known = self.remembered(index, next);
        let bundle = bundle.as_deref();
        let keys = (&*keys, index);
        let placements = match keep {
            Keep::Everything => {
                write_evidence(tx, keys, submission, &judged.fresh).await?;
                project(self, tx, index, bundle, &run, &mut known).await?
            }
            Keep::Sealed(ids) => {
                let placed = place(tx, index, bundle, &run, &mut known).await?;
                self.keep_sealed(tx, keys, ids, bundle, (&judged.fresh, &run), placed)
                    .await?
            }
            Keep::Nothing => place(tx, index, bundle, &run, &mut known).await?.0,
        };
        let size = match keep {
            Keep::Everything | Keep::Sealed(_) => next + i64::try_from(run.len()).unwrap_or(0),
            Keep::Nothing => next,
        };
        let sql = "UPDATE counter SET next = $1 WHERE name = 'record' AND next < $1";
        tx.execute(sql, args![size]).await?;
        self.remember(index, size, known);
        Ok(judged.outcomes(&mut Items::of(bundle), &run, placements))
    }

    /// Writes what has a subject into segments, and the rest into the database, with what follows from them. While the segments are written on
    /// threads of their own, so are the rows.
    async fn keep_sealed(
        &self,
        tx: &mut Tx,
        keys: (&Keys, &Generation),
        ids: Ids,
        bundle: Option<&Bundle>,
        (fresh, run): (&[Fresh<'_>], &[Numbered<'_>]),
        (placements, mut rows): (Vec<Placement>, Rows),
    ) -> Result<Vec<Placement>> {
        let Some(submission) = run.first().map(|one| one.submission) else {
            return Ok(placements);
        };
        rows.at_home = true;
        let (sealed, open) = divided(fresh, &placements);
        let (drafts, commitments) = drafted(submission, &sealed)?;
        let store = self.clone();
        let writing = tokio::spawn(async move { store.write_batch(ids, drafts).await });
        write_sealed_rows(tx, submission, &sealed, commitments).await?;
        write_evidence(tx, keys, submission, &open).await?;
        project_placed(self, tx, keys.1, bundle, run, (&placements, rows)).await?;
        project_tally(tx, run, &placements).await?;
        let batch = writing.await.map_err(|_| segment::SegmentError::Damaged)??;
        batch.list(tx, keys.0).await?;
        Ok(placements)
    }

    /// Every record is well-formed, of its source and realm, and as the catalogue in force today has it.
    async fn check(&self, tx: &mut Tx, records: &[Record], source: &str, next: i64) -> Result<()> {
        let catalogue = if records.iter().any(|record| record.act().is_none()) {
            let (on, known) = (self.clock().today(), TreeSize::from_i64(next));
            Some(self.bundle_in(tx, AsOf { on, known }).await?)
        } else {
            None
        };
        let realm = self.realm();
        let check = |records: &[Record]| check_all(catalogue.as_deref(), source, realm, records);
        if records.len() < MANY {
            return check(records);
        }
        let parts: Vec<&[Record]> = records.chunks(MANY).collect();
        on_every_core(&parts, |part| check(part)).into_iter().collect()
    }
}

/// From so many on, records are checked on every core.
const MANY: usize = 1_000;

fn check_all(catalogue: Option<&Bundle>, source: &str, realm: Realm, records: &[Record]) -> Result<()> {
    let catalogue = catalogue.map(Bundle::record_check);
    for record in records {
        let faults = record.faults();
        if !faults.is_empty() {
            return Err(StoreError::IllFormed(faults));
        }
        if record.source.as_str() != source {
            return Err(ActFault::OtherSource.into());
        }
        let stated = record.subject.as_ref();
        if let Some(identifier) = stated.and_then(|stated| stated.identifier.as_ref()) {
            identifier.check(realm).map_err(StoreError::OtherRealm)?;
        }
        let faults = catalogue.as_ref().map(|catalogue| catalogue.faults(record));
        if let Some(faults) = faults.filter(|faults| !faults.is_empty()) {
            return Err(StoreError::NotOfCatalogue(faults));
        }
    }
    Ok(())
}

pub(crate) fn report_place(id: SubmissionId) -> String {
    format!("submission.report/v1/{id}")
}

/// Acts are made by the calls that check their guards, and never handed in.
fn refuse_acts(records: &[Record]) -> Result<()> {
    match records.iter().find(|record| record.act().is_some()) {
        Some(_) => Err(ActFault::WrongKind.into()),
        None => Ok(()),
    }
}

/// Source and layout of a submission that is under way.
async fn open_submission(tx: &mut Tx, id: SubmissionId) -> Result<(String, Option<LayoutCode>)> {
    let sql = "SELECT source, layout, finished FROM submission WHERE id = $1";
    let row = tx
        .row(sql, args![id])
        .await?
        .ok_or(StoreError::NoSubmission(id))?;
    if row.int(2)? != 0 {
        return Err(StoreError::Finished(id));
    }
    let layout = row.text_or_none(1)?.and_then(|code| LayoutCode::new(code).ok());
    Ok((row.text(0)?, layout))
}

/// Those that go into segments, as they have a subject, and the others.
fn divided<'a>(fresh: &[Fresh<'a>], placements: &[Placement]) -> (Vec<Placed<'a>>, Vec<Fresh<'a>>) {
    let (mut sealed, mut open) = (Vec::with_capacity(fresh.len()), Vec::new());
    for (one, placement) in fresh.iter().zip(placements) {
        match placement {
            Placement::Of(subject) => sealed.push((*one, *subject)),
            Placement::Unlinked(_) | Placement::NoSubject => open.push(*one),
        }
    }
    (sealed, open)
}

/// What became of candidates: held already, or new, with the number that it takes.
struct Judged<'a> {
    fates: Vec<Option<Outcome>>,
    fresh: Vec<Fresh<'a>>,
}

impl<'a> Judged<'a> {
    fn of(held: &mut Held<'a>, candidates: &'a [Candidate<'a>], next: i64) -> Self {
        let mut fates = Vec::with_capacity(candidates.len());
        let mut fresh: Vec<Fresh<'_>> = Vec::with_capacity(candidates.len());
        let mut number = next;
        for candidate in candidates {
            let fate = held.judge(candidate, number);
            if fate.is_none() {
                fresh.push((RecordNumber::from_i64(number), candidate));
                number += 1;
            }
            fates.push(fate);
        }
        Self { fates, fresh }
    }

    fn numbered(&self, submission: SubmissionId) -> Vec<Numbered<'a>> {
        let each = self.fresh.iter().map(|(number, candidate)| Numbered {
            number: *number,
            submission,
            record: candidate.record,
        });
        each.collect()
    }

    /// The outcome of each candidate, in their order, once those that are new have their places.
    fn outcomes(
        self,
        items: &mut Items<'_>,
        run: &[Numbered<'_>],
        placements: Vec<Placement>,
    ) -> Vec<Outcome> {
        let mut placed = run.iter().zip(placements).map(|(one, placement)| {
            let adverse = items.item(&one.record.item).is_some_and(Item::is_adverse);
            match placement {
                Placement::Unlinked(why) => Outcome::Unlinked(one.number, why),
                _ if adverse => Outcome::Pending(one.number),
                _ => Outcome::Accepted(one.number),
            }
        });
        let fates = self.fates.into_iter();
        fates.filter_map(|fate| fate.or_else(|| placed.next())).collect()
    }
}
