//! Sealed evidence: records that lie in segments, files beside the database, and no longer in it.
//!
//! ```text
//! record (body, key)  ───seal───►  segments/ID.parquet, and a row of `segment`, in one transaction
//! record (home)       ◄──read───   the segments of that home's bucket
//! segments of a bucket ──merge───►  one
//! ```
//!
//! The row of a record stays where it is: its number, hand-in, source, item and commitment. What it says and its key go into a segment,
//! sorted by subject, so that a person's file is read from a few pages of a few files; the marks by which it is found again go into
//! runs. Records that come by the ten thousand are written there at once. `home` is the subject under which it lies there: not whose it is today, which `membership` says.
//!
//! The manifest (`segment`, `segment_key`) commits in the transaction that empties the rows. A file that no row names was cut off
//! before that, and is swept away; a file that was merged into another is kept as long as somebody may still be reading it.

mod check;
mod merge;
mod read;
mod runs;
mod sealing;
mod sweep;
mod writing;

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use record::SubjectId;
use segment::{Run, Segment, SegmentKey, Written};

use crate::db::{Row, Tx, args};
use crate::keys::{Keys, file_error};
use crate::open::make_private_folder;
use crate::seal::{open_under, seal_under};
use crate::{Result, Store, StoreError};

pub(crate) use read::Found;
pub(crate) use runs::{Marks, RunKind};
use runs::{listed_runs, run_name};
pub use sealing::{Seal, Sealing};
pub(crate) use writing::{Draft, Ids};

/// The folder of segments, beside the database.
pub(crate) const FOLDER: &str = "segments";
/// Into so many parts subjects are divided; a segment holds records of one.
const BUCKETS: u64 = 64;
/// So many segments are kept open.
const OPEN_MOST: usize = 2_048;

/// The segments of a store.
#[derive(Debug)]
pub(crate) struct Segments {
    folder: PathBuf,
    open: Mutex<HashMap<i64, Arc<Segment>>>,
    runs: Mutex<HashMap<i64, Arc<Run>>>,
}

impl Segments {
    pub(crate) fn in_folder(folder: PathBuf) -> Self {
        Self {
            folder,
            open: Mutex::default(),
            runs: Mutex::default(),
        }
    }

    /// Where they lie.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of a segment.
    pub(crate) fn path(&self, id: i64) -> PathBuf {
        self.folder.join(file_name(id))
    }

    pub(crate) fn make_folder(&self) -> Result<()> {
        make_private_folder(&self.folder)
    }

    /// That the names in the folder are on the disk.
    fn sync_folder(&self) -> Result<()> {
        let synced = File::open(&self.folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| file_error(&self.folder, error))
    }

    /// The segment of a row of the manifest: open already, or opened now.
    fn get(&self, keys: &Keys, listed: &Listed) -> Result<Arc<Segment>> {
        let held = |open: &HashMap<i64, Arc<Segment>>| open.get(&listed.id).cloned();
        if let Some(segment) = held(&self.open.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(segment);
        }
        let key = listed.key(keys)?;
        let segment = Segment::open(&self.path(listed.id), &key).map_err(|error| listed.fault(error))?;
        let segment = Arc::new(segment);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= OPEN_MOST {
            open.clear();
        }
        open.insert(listed.id, Arc::clone(&segment));
        Ok(segment)
    }

    fn forget(&self, id: i64) {
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
    }
}

/// The name of a segment's file.
pub(crate) fn file_name(id: i64) -> String {
    format!("{id:08}.parquet")
}

/// In which part a subject is: consecutive ids are spread over all of them.
fn bucket_of(home: SubjectId) -> i64 {
    let mixed = home.0.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    i64::try_from(mixed % BUCKETS).unwrap_or(0)
}

/// A row of the manifest, with its key.
#[derive(Debug)]
struct Listed {
    id: i64,
    bucket: i64,
    records: u64,
    first: i64,
    last: i64,
    bytes: u64,
    digest: [u8; 32],
    wrapped: Vec<u8>,
}

/// The condition that what a row of `membership` is of lies in a segment under the very subject that it is about.
pub(crate) const LIES_AT_HOME: &str =
    "from_number = number AND subject = (SELECT r.home FROM record r WHERE r.number = membership.number)";

/// What [`Listed::of`] reads, in this order.
const LISTED: &str = "SELECT s.id, s.bucket, s.records, s.first_number, s.last_number, s.bytes, s.digest, k.wrapped \
    FROM segment s JOIN segment_key k ON k.segment = s.id WHERE s.gone_ms IS NULL";

impl Listed {
    fn of(row: &Row) -> Result<Self> {
        let count = |place: usize| -> Result<u64> { Ok(u64::try_from(row.int(place)?).unwrap_or_default()) };
        Ok(Self {
            id: row.int(0)?,
            bucket: row.int(1)?,
            records: count(2)?,
            first: row.int(3)?,
            last: row.int(4)?,
            bytes: count(5)?,
            digest: row.hash(6)?,
            wrapped: row.bytes(7)?,
        })
    }

    fn key(&self, keys: &Keys) -> Result<SegmentKey> {
        let key = open_under(keys, &key_place(self.id), &self.wrapped)?;
        let key = <[u8; 32]>::try_from(key).map_err(|_| self.fault("its key is none"))?;
        Ok(SegmentKey::from_random(key))
    }

    fn fault(&self, error: impl std::fmt::Display) -> StoreError {
        StoreError::DoesNotOpen(format!("segment {}: {error}", self.id))
    }
}

/// Every segment that is read, by id.
async fn listed(tx: &mut Tx) -> Result<Vec<Listed>> {
    let rows = tx.rows(format!("{LISTED} ORDER BY s.id"), args![]).await?;
    rows.iter().map(Listed::of).collect()
}

impl Store {
    /// Copies every segment and run that is read into a folder of this name below a backup; their names in it.
    pub(crate) async fn copy_segments(&self, tx: &mut Tx, backup: &Path) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for one in listed(tx).await? {
            if names.is_empty() {
                make_private_folder(&backup.join(FOLDER))?;
            }
            let name = format!("{FOLDER}/{}", file_name(one.id));
            copy_whole(&self.inner.segments.path(one.id), &backup.join(&name))?;
            names.push(name);
        }
        for one in listed_runs(tx).await? {
            let name = format!("{FOLDER}/{}", run_name(one.id));
            copy_whole(
                &self.inner.segments.folder.join(run_name(one.id)),
                &backup.join(&name),
            )?;
            names.push(name);
        }
        Ok(names)
    }
}

/// Copies a file down to the disk.
pub(crate) fn copy_whole(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to).map_err(|error| file_error(from, error))?;
    let synced = File::open(to).and_then(|file| file.sync_all());
    synced.map_err(|error| file_error(to, error))
}

/// Whether there are any.
pub(crate) async fn are_there_any(tx: &mut Tx) -> Result<bool> {
    let sql = "SELECT 1 FROM segment LIMIT 1";
    Ok(tx.row(sql, args![]).await?.is_some())
}

/// An id that no other segment has had.
async fn next_id(tx: &mut Tx) -> Result<i64> {
    let id = tx.locked_counter("segment").await?;
    let sql = "UPDATE counter SET next = $1 WHERE name = 'segment'";
    tx.execute(sql, args![id + 1]).await?;
    Ok(id)
}

/// Lists a segment whose file is on the disk.
async fn list(tx: &mut Tx, keys: &Keys, made: &Made) -> Result<()> {
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let Made {
        id,
        bucket,
        key,
        written,
    } = made;
    let line = args![
        *id,
        *bucket,
        count(written.records),
        written.first,
        written.last,
        count(written.bytes),
        written.digest,
    ];
    let columns = [
        "id",
        "bucket",
        "records",
        "first_number",
        "last_number",
        "bytes",
        "digest",
    ];
    tx.insert("segment", &columns, vec![line], "").await?;
    let line = args![*id, seal_under(keys, &key_place(*id), key.expose())?];
    tx.insert("segment_key", &["segment", "wrapped"], vec![line], "")
        .await
}

/// A segment that is written and not listed yet.
#[derive(Debug)]
struct Made {
    id: i64,
    bucket: i64,
    key: SegmentKey,
    written: Written,
}

/// Where a segment's key is sealed.
fn key_place(id: i64) -> String {
    format!("segment_key.wrapped/v1/{id}")
}
