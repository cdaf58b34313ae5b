//! Runs of marks: by which sealed records are found again whose rows no longer say it. For each time that records were sealed there is one by
//! what makes rows the same, with the beginning of what each says, and one by commitments; where there are many, some become one.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use record::RecordNumber;
use segment::{Entry, Mark, Run, RunError, RunWritten, Width, beginning, merged_runs, write_run};

use super::{Segments, next_id};
use crate::db::{Row, Tx, args};
use crate::tags::Tag;
use crate::{Result, Store, StoreError};

/// There are so many runs of a kind at most; beyond that, so many become one.
const MOST: usize = 16;
/// So many marks are gathered for one run when all are made anew.
const GATHERED: usize = 1 << 20;

/// By what the marks of a run are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunKind {
    /// By what makes rows the same.
    Same,
    /// By commitments.
    Commitment,
}

impl RunKind {
    pub(super) const BOTH: [Self; 2] = [Self::Same, Self::Commitment];

    /// Its code in the manifest.
    fn code(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Commitment => "commitment",
        }
    }

    fn width(self) -> Width {
        match self {
            Self::Same => Width::Wide,
            Self::Commitment => Width::Narrow,
        }
    }
}

/// What a sealed record is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marks {
    same: Entry,
    commitment: Entry,
}

impl Marks {
    pub(crate) fn of(number: RecordNumber, same: &Tag, content: &Tag, commitment: &[u8; 32]) -> Self {
        let entry = |hash, said| Entry {
            mark: Mark::of(hash),
            number,
            said,
        };
        Self {
            same: entry(same, beginning(content)),
            commitment: entry(commitment, 0),
        }
    }

    pub(super) fn entry(&self, kind: RunKind) -> Entry {
        match kind {
            RunKind::Same => self.same,
            RunKind::Commitment => self.commitment,
        }
    }
}

/// A run that is written and not listed yet.
#[derive(Debug)]
pub(crate) struct MadeRun {
    id: i64,
    kind: RunKind,
    written: RunWritten,
}

/// A row of the manifest of runs.
#[derive(Debug)]
pub(super) struct ListedRun {
    pub(super) id: i64,
    kind: RunKind,
    pub(super) entries: u64,
    pub(super) bytes: u64,
    pub(super) digest: [u8; 32],
}

impl ListedRun {
    fn of(row: &Row) -> Result<Self> {
        let code = row.text(1)?;
        let kind = RunKind::BOTH.into_iter().find(|kind| kind.code() == code);
        let count = |place: usize| -> Result<u64> { Ok(u64::try_from(row.int(place)?).unwrap_or_default()) };
        Ok(Self {
            id: row.int(0)?,
            kind: kind.ok_or(StoreError::NotFound)?,
            entries: count(2)?,
            bytes: count(3)?,
            digest: row.hash(4)?,
        })
    }
}

/// The name of a run's file.
pub(super) fn run_name(id: i64) -> String {
    format!("{id:08}.run")
}

/// Every run that is read, by id.
pub(super) async fn listed_runs(tx: &mut Tx) -> Result<Vec<ListedRun>> {
    let sql = "SELECT id, kind, entries, bytes, digest FROM run WHERE gone_ms IS NULL ORDER BY id";
    tx.rows(sql, args![]).await?.iter().map(ListedRun::of).collect()
}

/// Lists runs whose files are on the disk.
pub(super) async fn list_runs(tx: &mut Tx, made: &[MadeRun]) -> Result<()> {
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let line = |made: &MadeRun| {
        let RunWritten {
            entries,
            bytes,
            digest,
            ..
        } = made.written;
        args![made.id, made.kind.code(), count(entries), count(bytes), digest]
    };
    let columns = ["id", "kind", "entries", "bytes", "digest"];
    tx.insert("run", &columns, made.iter().map(line).collect(), "")
        .await
}

impl Segments {
    fn run(&self, id: i64) -> Result<Arc<Run>> {
        let held = |open: &HashMap<i64, Arc<Run>>| open.get(&id).cloned();
        if let Some(run) = held(&self.runs.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(run);
        }
        let run =
            Arc::new(Run::open(&self.folder.join(run_name(id))).map_err(|error| run_fault(id, &error))?);
        let mut open = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert(id, Arc::clone(&run));
        Ok(run)
    }

    pub(super) fn forget_run(&self, id: i64) {
        self.runs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
    }

    /// Writes a run of each kind under these ids.
    pub(super) fn write_runs(&self, ids: [i64; 2], marks: &[Marks]) -> Result<Vec<MadeRun>> {
        let each = RunKind::BOTH.into_iter().zip(ids);
        each.map(|(kind, id)| self.write_run(id, kind, marks)).collect()
    }

    fn write_run(&self, id: i64, kind: RunKind, marks: &[Marks]) -> Result<MadeRun> {
        let mut entries: Vec<Entry> = marks.iter().map(|marks| marks.entry(kind)).collect();
        entries.sort_unstable();
        let count = entries.len() as u64;
        self.put_run(id, kind, count, entries.into_iter().map(Ok))
    }

    fn put_run(
        &self,
        id: i64,
        kind: RunKind,
        count: u64,
        entries: impl Iterator<Item = std::result::Result<Entry, RunError>>,
    ) -> Result<MadeRun> {
        let path = self.folder.join(run_name(id));
        let written =
            write_run(&path, kind.width(), count, entries).map_err(|error| run_fault(id, &error))?;
        Ok(MadeRun { id, kind, written })
    }

    /// Takes away files of runs that are not listed after all.
    pub(super) fn unwrite_runs(&self, made: &[MadeRun]) {
        for made in made {
            let _ = std::fs::remove_file(self.folder.join(run_name(made.id)));
        }
    }
}

fn run_fault(id: i64, error: &RunError) -> StoreError {
    StoreError::DoesNotOpen(format!("run {id}: {error}"))
}

impl Store {
    /// The entries of some marks among sealed records, in no order.
    pub(crate) async fn in_runs(
        &self,
        tx: &mut Tx,
        kind: RunKind,
        mut marks: Vec<Mark>,
    ) -> Result<Vec<Entry>> {
        marks.sort_unstable();
        marks.dedup();
        let mut found = Vec::new();
        for one in listed_runs(tx).await?.iter().filter(|one| one.kind == kind) {
            let run = self.inner.segments.run(one.id)?;
            found.extend(run.find(&marks).map_err(|error| run_fault(one.id, &error))?);
        }
        Ok(found)
    }

    /// Merges until there are not too many runs.
    pub(super) async fn merge_runs(&self) -> Result<()> {
        for kind in RunKind::BOTH {
            loop {
                let mut tx = self.inner.db.read().await?;
                let mut runs = listed_runs(&mut tx).await?;
                drop(tx);
                runs.retain(|one| one.kind == kind);
                if runs.len() <= MOST {
                    break;
                }
                runs.sort_by_key(|one| (one.entries, one.id));
                runs.truncate(MOST);
                self.merge_runs_into_one(kind, &runs).await?;
            }
        }
        Ok(())
    }

    async fn merge_runs_into_one(&self, kind: RunKind, old: &[ListedRun]) -> Result<()> {
        let mut tx = self.inner.db.write().await?;
        let id = next_id(&mut tx).await?;
        tx.commit().await?;
        let open = old.iter().map(|one| self.inner.segments.run(one.id));
        let open = open.collect::<Result<Vec<Arc<Run>>>>()?;
        let count = open.iter().map(|run| run.entries()).sum();
        let store = self.clone();
        let made = tokio::task::spawn_blocking(move || {
            let entries = merged_runs(open.iter().map(Arc::as_ref));
            let made = store.inner.segments.put_run(id, kind, count, entries)?;
            store.inner.segments.sync_folder()?;
            Ok::<_, StoreError>(made)
        });
        let made = made.await.map_err(|_| segment::SegmentError::Damaged)??;
        let mut tx = self.inner.db.write_log().await?;
        let mut taken = 0;
        for one in old {
            taken += self.run_gone(&mut tx, one.id).await?;
        }
        if taken != old.len() as u64 {
            // Somebody else merged them meanwhile.
            tx.rollback().await?;
            self.inner.segments.unwrite_runs(&[made]);
            return Ok(());
        }
        list_runs(&mut tx, &[made]).await?;
        tx.commit().await
    }

    async fn run_gone(&self, tx: &mut Tx, id: i64) -> Result<u64> {
        let sql = "UPDATE run SET gone_ms = $2 WHERE id = $1 AND gone_ms IS NULL";
        tx.execute(sql, args![id, self.clock().now_ms()]).await
    }

    /// Begins to make all runs anew, in a transaction: those that are there are read no longer once it commits.
    pub(crate) async fn new_runs(&self, tx: &mut Tx) -> Result<NewRuns<'_>> {
        self.inner.segments.make_folder()?;
        for one in listed_runs(tx).await? {
            self.run_gone(tx, one.id).await?;
        }
        Ok(NewRuns {
            store: self,
            marks: Vec::new(),
        })
    }
}

impl Store {
    /// Of what a store of an earlier version had sealed, makes the runs.
    pub(crate) async fn complete_runs(&self) -> Result<()> {
        let Some(mut tx) = self.take_what_is_due("runs").await? else {
            return Ok(());
        };
        let (keys, index_key) = self.keys(&mut tx).await?;
        self.retag(&mut tx, &keys, index_key).await?;
        let nothing = tx.no_bytes();
        let sql = format!(
            "UPDATE record SET same_start = {nothing}, commitment_start = {nothing} WHERE home IS NOT NULL"
        );
        tx.execute(sql, args![]).await?;
        tx.commit().await
    }
}

/// Runs that are made anew.
pub(crate) struct NewRuns<'s> {
    store: &'s Store,
    marks: Vec<Marks>,
}

impl NewRuns<'_> {
    /// Takes the marks of one more sealed record.
    pub(crate) async fn take(&mut self, tx: &mut Tx, marks: Marks) -> Result<()> {
        self.marks.push(marks);
        if self.marks.len() == GATHERED {
            self.write(tx).await?;
        }
        Ok(())
    }

    /// Writes and lists those that are left.
    pub(crate) async fn finish(mut self, tx: &mut Tx) -> Result<()> {
        if !self.marks.is_empty() {
            self.write(tx).await?;
        }
        self.store.inner.segments.sync_folder()
    }

    async fn write(&mut self, tx: &mut Tx) -> Result<()> {
        let marks = std::mem::take(&mut self.marks);
        let segments = &self.store.inner.segments;
        let ids = [next_id(tx).await?, next_id(tx).await?];
        // What a transaction left that did not commit: its ids were given out by nobody.
        for id in ids {
            let _ = std::fs::remove_file(segments.folder.join(run_name(id)));
        }
        list_runs(tx, &segments.write_runs(ids, &marks)?).await
    }
}
