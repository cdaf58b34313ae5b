//! Taking a file in: decode, append, report. The one way for the desk and the command line alike.
//!
//! Decoding runs on a thread of its own, a few chunks ahead of appending. A chunk is one transaction.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use assess::Bundle;
use exchange::{
    Aliases, FileFault, Intake, Layout, Layouts, Report, Returned, Row, RowError, SourceFile, Taken,
};
use record::{
    LayoutCode, OfficerId, Record, RecordNumber, Reference, Relation, SourceCode, SubmissionId, Target,
};
use serde::{Deserialize, Serialize};
use store::{NewSubmission, Outcome, Store, StoreError, SubmissionQuality, SubmissionTotals};
use tokio::sync::mpsc;

/// Rows of the first transaction. Each later one has twice as many, so that a small file is soon done and a large one does not
/// write the same pages of an index again and again.
const CHUNK_ROWS_FIRST: usize = 2_000;
/// Rows of one transaction at most: whoever else wants to write waits for it, less than a second.
const CHUNK_ROWS_MOST: usize = 16_000;
/// From so many rows on, a file is one of those that fill the district: its later chunks are as large as that, and go straight into
/// segments.
const ROWS_OF_MANY: u32 = 100_000;
const CHUNK_ROWS_OF_MANY: usize = 1 << 17;
/// So many records at once go straight into segments; fewer would make many small ones.
const SEALED_AT_ONCE: usize = 1 << 14;
/// Chunks that may wait to be appended.
const CHUNKS_AHEAD: usize = 1;
/// How many of the first good rows are handed back, so that one sees what was read.
const SAMPLES: usize = 8;

/// A hand-in: who, and how.
#[derive(Debug, Clone)]
pub struct HandIn {
    /// Which department.
    pub source: SourceCode,
    /// Who hands it in.
    pub officer: OfficerId,
    /// By which layout; found by the file's headers if none is named.
    pub layout: Option<LayoutCode>,
    /// Check and report, and keep nothing. Rows are checked in chunks, so two equal rows far apart in
    /// one file show as two.
    pub dry_run: bool,
    /// A row that is held with other content corrects what is held, instead of being refused.
    pub corrects: bool,
    /// Whether it goes on with a hand-in that was cut off.
    pub continues: Continues,
}

/// Whether a hand-in goes on with one that was begun and never finished, because the program was killed. What that one had
/// taken in is then counted as it was taken, and not as held already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continues {
    /// It is one of its own.
    Nothing,
    /// With the newest of the same file by the same officer, if there is one.
    CutOff,
    /// With what was begun for this job.
    Job(u64),
}

/// What became of a file.
#[derive(Debug, Clone)]
pub struct HandedIn {
    /// The counts and every fault.
    pub report: Report,
    /// The refused rows as they stand in the file.
    pub returned: Returned,
    /// The submission; `None` for a dry run.
    pub submission: Option<SubmissionId>,
    /// The first good rows with their numbers in the file.
    pub samples: Vec<(u32, Record)>,
    /// How many rows there are in all, for progress.
    pub row_count: u32,
}

/// What a submission keeps as its report, sealed in the store.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    /// The counts and every fault.
    pub report: Report,
    /// The refused rows, so that they can be given back in a workbook.
    pub returned: Returned,
}

impl Kept {
    /// Reads a stored report.
    ///
    /// # Errors
    /// When it was written by another version that this one cannot read.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}

/// Why a file was not taken in, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum IntakeFault {
    /// The file cannot be read, or fits no layout. What was appended before the fault stands.
    #[error(transparent)]
    File(#[from] Box<FileFault>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The layouts of the rules in force cannot be read.
    #[error("the layouts of the rules in force cannot be read: {0}")]
    Layouts(String),
    /// The report could not be written, or the decoder ended without a word.
    #[error("the file could not be taken in: {0}")]
    Inside(String),
}

/// What the decoder says.
enum Decoded {
    Began {
        layout: LayoutCode,
        file_name: String,
        digest: [u8; 32],
        row_count: u32,
        headers: Vec<String>,
        notes: Vec<RowError>,
    },
    Chunk(Vec<Row>),
    Failed(Box<FileFault>),
}

/// Takes a file in under the rules in force today. `progress` is told how many rows are done.
///
/// # Errors
/// When the file as a whole cannot be read, or the store fails. Rows with faults are no error: they are
/// in the report.
pub async fn take_in(
    store: &Store,
    hand_in: &HandIn,
    file: SourceFile,
    mut progress: impl FnMut(u64),
) -> Result<HandedIn, IntakeFault> {
    let as_of = store.now_as_of().await?;
    let bundle = store.bundle(as_of).await?;
    let layouts = Arc::new(layouts(&bundle)?);
    let (sender, mut decoded) = mpsc::channel(CHUNKS_AHEAD);
    let (source, layout) = (hand_in.source.clone(), hand_in.layout.clone());
    let aliases = aliases(store, &source).await?;
    let known = aliases.clone();
    let of_decoder = (Arc::clone(&bundle), Arc::clone(&layouts));
    tokio::task::spawn_blocking(move || {
        let (bundle, layouts) = of_decoder;
        let intake = Intake::new(
            &bundle,
            &layouts,
            layout.as_ref(),
            &source,
            as_of.on,
            &aliases,
            file,
        );
        decode(intake, &sender);
    });
    let mut taking: Option<Taking<'_>> = None;
    while let Some(message) = decoded.recv().await {
        match message {
            Decoded::Began {
                layout,
                file_name,
                digest,
                row_count,
                headers,
                notes,
            } => {
                let new = NewSubmission {
                    source: hand_in.source.clone(),
                    layout: Some(layout.clone()),
                    file_name: Some(file_name.clone()),
                    file_digest: Some(digest),
                    officer: hand_in.officer.clone(),
                };
                let mut begun = Taking::begin(store, &layouts, new, hand_in).await?;
                begun.done = HandedIn {
                    report: Report::new(&file_name, Some(&layout)),
                    returned: Returned::new(&headers, known.clone()),
                    row_count,
                    ..begun.done
                };
                begun.done.report.note(notes);
                taking = Some(begun);
            }
            Decoded::Chunk(rows) => {
                let begun = taking.as_mut().ok_or_else(ended_early)?;
                begun.chunk(rows).await?;
                progress(begun.done.report.rows.into());
            }
            Decoded::Failed(fault) => {
                if let Some(begun) = taking {
                    begun.finish().await?;
                }
                return Err(IntakeFault::File(fault));
            }
        }
    }
    taking.ok_or_else(ended_early)?.finish().await
}

fn ended_early() -> IntakeFault {
    IntakeFault::Inside("the decoder ended without a word".to_owned())
}

fn layouts(bundle: &Bundle) -> Result<Layouts, IntakeFault> {
    Layouts::from_bundle(bundle).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        IntakeFault::Layouts(faults.join("; "))
    })
}

/// What the department's own headers mean.
///
/// # Errors
/// When the store fails.
pub async fn aliases(store: &Store, source: &SourceCode) -> Result<Aliases, StoreError> {
    let mut aliases = Aliases::default();
    for own in store.own_headers(source).await? {
        aliases.learn(&own.layout, &own.header, &own.column);
    }
    Ok(aliases)
}

/// Reads to the end. A send that fails means that nobody listens any more.
fn decode(intake: Result<Intake<'_>, FileFault>, sender: &mpsc::Sender<Decoded>) {
    let mut intake = match intake {
        Ok(intake) => intake,
        Err(fault) => {
            let _gone = sender.blocking_send(Decoded::Failed(Box::new(fault)));
            return;
        }
    };
    let began = Decoded::Began {
        layout: intake.layout().code().clone(),
        file_name: intake.file_name().to_owned(),
        digest: intake.digest(),
        row_count: intake.row_count(),
        headers: intake.headers().to_vec(),
        notes: intake.notes(),
    };
    if sender.blocking_send(began).is_err() {
        return;
    }
    let largest = if intake.row_count() < ROWS_OF_MANY {
        CHUNK_ROWS_MOST
    } else {
        CHUNK_ROWS_OF_MANY
    };
    let mut most = CHUNK_ROWS_FIRST;
    loop {
        let message = match intake.next_chunk(most) {
            Ok(Some(rows)) => Decoded::Chunk(rows),
            Ok(None) => return,
            Err(fault) => Decoded::Failed(Box::new(fault)),
        };
        if sender.blocking_send(message).is_err() {
            return;
        }
        most = (most * 2).min(largest);
    }
}

/// A file being taken in.
struct Taking<'a> {
    store: &'a Store,
    layouts: &'a Layouts,
    new: NewSubmission,
    corrects: bool,
    /// What a hand-in that was cut off had taken in, and this run has not met yet.
    taken_before: HashMap<RecordNumber, Outcome>,
    done: HandedIn,
}

impl<'a> Taking<'a> {
    async fn begin(
        store: &'a Store,
        layouts: &'a Layouts,
        new: NewSubmission,
        hand_in: &HandIn,
    ) -> Result<Self, StoreError> {
        let cut_off = match hand_in.continues {
            Continues::CutOff if !hand_in.dry_run => store.cut_off(&new).await?,
            _ => None,
        };
        let submission = match (hand_in.continues, cut_off) {
            _ if hand_in.dry_run => None,
            (Continues::Job(job), _) => Some(store.begin_job(job, &new).await?),
            (_, Some(cut_off)) => Some(cut_off),
            _ => Some(store.begin_submission(&new).await?),
        };
        let taken_before = match submission.filter(|_| hand_in.continues != Continues::Nothing) {
            Some(submission) => store.outcomes_in(submission).await?,
            None => HashMap::new(),
        };
        let done = HandedIn {
            report: Report::new("", None),
            returned: Returned::default(),
            submission,
            samples: Vec::new(),
            row_count: 0,
        };
        Ok(Self {
            store,
            layouts,
            new,
            corrects: hand_in.corrects,
            taken_before,
            done,
        })
    }

    async fn chunk(&mut self, mut rows: Vec<Row>) -> Result<(), IntakeFault> {
        let mut records = Vec::with_capacity(rows.len());
        for row in &mut rows {
            self.done.report.note(std::mem::take(&mut row.notes));
            let Ok(record) = &row.result else { continue };
            if self.done.samples.len() < SAMPLES {
                self.done.samples.push((row.row, record.clone()));
            }
            // A row whose record was taken out of it is left with no fault.
            records.extend(std::mem::replace(&mut row.result, Err(Vec::new())));
        }
        let mut outcomes = self.append(&records).await?;
        if self.corrects {
            self.correct(&records, &mut outcomes).await?;
        }
        for outcome in &mut outcomes {
            if let Outcome::Duplicate(number) = outcome
                && let Some(before) = self.taken_before.remove(number)
            {
                *outcome = before;
            }
        }
        let mut outcomes = outcomes.into_iter();
        for row in &mut rows {
            let errors = match std::mem::replace(&mut row.result, Err(Vec::new())) {
                Err(errors) if !errors.is_empty() => Some(errors),
                _ => outcomes.next().and_then(|outcome| self.count(row, outcome)),
            };
            if let Some(errors) = errors {
                self.done.returned.keep(row);
                self.done.report.refuse(errors);
            }
        }
        Ok(())
    }

    async fn append(&self, records: &[Record]) -> Result<Vec<Outcome>, StoreError> {
        match self.done.submission {
            Some(submission) if records.len() >= SEALED_AT_ONCE => {
                self.store.append_sealed(submission, records).await
            }
            Some(submission) => self.store.append(submission, records).await,
            None => self.store.dry_run(&self.new, records).await,
        }
    }

    /// Appends the rows in conflict as corrections of what is held, and says what became of them.
    async fn correct(&self, records: &[Record], outcomes: &mut [Outcome]) -> Result<(), StoreError> {
        let mut corrections = Vec::new();
        let mut places = Vec::new();
        for (record, outcome) in records.iter().zip(outcomes) {
            if let Outcome::Conflict(held) = *outcome {
                let mut correction = record.clone();
                correction.references.push(Reference {
                    relation: Relation::Corrects,
                    target: Target::Number(held),
                });
                corrections.push(correction);
                places.push(outcome);
            }
        }
        if corrections.is_empty() {
            return Ok(());
        }
        for (place, became) in places.into_iter().zip(self.append(&corrections).await?) {
            *place = became;
        }
        Ok(())
    }

    /// Counts a row that the store has looked at; a conflict refuses it after all.
    fn count(&mut self, row: &Row, outcome: Outcome) -> Option<Vec<RowError>> {
        let taken = match outcome {
            Outcome::Accepted(_) => Taken::Accepted,
            Outcome::Pending(_) => Taken::Pending,
            Outcome::Unlinked(..) => Taken::Unlinked,
            Outcome::Duplicate(_) => Taken::Duplicate,
            Outcome::Conflict(held) => {
                let layout = self.new.layout.as_ref().and_then(|code| self.layouts.get(code))?;
                return Some(vec![RowError::conflict(layout, row, held)]);
            }
        };
        self.done.report.take(taken);
        None
    }

    /// What the report says of the file's quality, in counts.
    fn quality(&self, report: &Report) -> SubmissionQuality {
        let layout = self.new.layout.as_ref().and_then(|code| self.layouts.get(code));
        let late = report.notes.iter().filter(|note| note.code == "LATE");
        let mut faults = BTreeMap::new();
        for error in &report.errors {
            *faults.entry(error.code.clone()).or_default() += 1;
        }
        SubmissionQuality {
            timed: if layout.is_some_and(Layout::has_deadline) {
                u64::from(report.rows - report.refused)
            } else {
                0
            },
            late: late.map(|note| u64::from(note.rows)).sum(),
            faults,
        }
    }

    async fn finish(mut self) -> Result<HandedIn, IntakeFault> {
        self.done.returned.rows.sort_by_key(|row| row.row);
        if let Some(submission) = self.done.submission {
            let kept = Kept {
                report: self.done.report.clone(),
                returned: self.done.returned.clone(),
            };
            let bytes = serde_json::to_vec(&kept).map_err(|error| IntakeFault::Inside(error.to_string()))?;
            let totals = totals(&kept.report);
            let quality = self.quality(&kept.report);
            self.store
                .finish_submission(submission, &totals, &quality, &bytes)
                .await?;
        }
        Ok(self.done)
    }
}

fn totals(report: &Report) -> SubmissionTotals {
    SubmissionTotals {
        rows: report.rows.into(),
        accepted: report.accepted.into(),
        pending: report.pending.into(),
        duplicate: report.duplicate.into(),
        unlinked: report.unlinked.into(),
        refused: report.refused.into(),
    }
}
