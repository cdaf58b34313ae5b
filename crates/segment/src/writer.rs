//! Writing a mirror: subjects in the order of their ids, then the index, then the footer.

use std::fs::{self, DirEntry, File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use assess::{LifeSpan, RatedWho};

use crate::block::BlockWriter;
use crate::error::{MirrorError, Result};
use crate::footer::{About, Footer, MAGIC};
use crate::packed::{pack, pack_place, pack_wide};
use crate::subject::Subject;

/// How the name of a mirror in the making ends.
const UNFINISHED: &str = ".new";
/// After how long one that nobody finished is removed.
const LEFT_AFTER: Duration = Duration::from_hours(24);
/// How many this process has begun.
static STARTED: AtomicU64 = AtomicU64::new(0);

/// Writes a mirror beside its place, and puts it there when it is whole. One that is dropped before leaves what was there.
pub struct Writer {
    place: PathBuf,
    beside: PathBuf,
    out: BlockWriter<BufWriter<File>>,
    footer: Footer,
    subjects: Vec<Subject>,
    wide: Vec<LifeSpan>,
    finished: bool,
}

impl Writer {
    /// Begins a mirror for this place, beside it. Several may write for one place; the last to finish has it.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn create(place: &Path, about: About) -> Result<Self> {
        sweep(place);
        let nth = STARTED.fetch_add(1, Ordering::Relaxed);
        let mut beside = place.as_os_str().to_owned();
        beside.push(format!(".{}-{nth}{UNFINISHED}", std::process::id()));
        let beside = PathBuf::from(beside);
        let mut out = BlockWriter::new(BufWriter::with_capacity(1 << 20, create(&beside)?));
        out.write(&MAGIC)?;
        out.write(&[0; 8])?;
        Ok(Self {
            place: place.to_owned(),
            beside,
            out,
            footer: Footer::new(about),
            subjects: Vec::new(),
            wide: Vec::new(),
            finished: false,
        })
    }

    /// Adds a subject with its spans, by line.
    ///
    /// # Errors
    /// When it does not come after the one before, or cannot be written.
    pub fn push(&mut self, id: u64, who: RatedWho, spans: &[LifeSpan]) -> Result<()> {
        if self.subjects.last().is_some_and(|last| last.id >= id) {
            return Err(MirrorError::Order(id));
        }
        for span in spans {
            let row = if let Some(row) = pack(span) {
                row
            } else {
                let place = u32::try_from(self.wide.len()).map_err(|_| MirrorError::Full("wide spans"))?;
                self.wide.push(*span);
                pack_place(span.line, place)
            };
            self.out.write(&row)?;
        }
        self.subjects.push(Subject {
            id,
            who,
            first: self.footer.rows,
            count: u32::try_from(spans.len()).map_err(|_| MirrorError::Full("spans of one subject"))?,
        });
        self.footer.rows += spans.len() as u64;
        Ok(())
    }

    /// Writes the rest, waits until it is on the disk, and puts the mirror into its place.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<()> {
        let mut footer = self.footer.clone();
        footer.subjects = self.subjects.len() as u64;
        footer.wide = self.wide.len() as u64;
        footer.wide_at = self.out.at();
        for span in &self.wide {
            self.out.write(&pack_wide(span))?;
        }
        footer.index_at = self.out.at();
        for subject in &self.subjects {
            self.out.write(&subject.to_bytes())?;
        }
        footer.end = self.out.at();
        let out = std::mem::replace(
            &mut self.out,
            BlockWriter::new(BufWriter::new(File::open(&self.beside)?)),
        );
        let (mut out, sums) = out.finish();
        out.write_all(&footer.to_bytes(&sums))?;
        let file = out
            .into_inner()
            .map_err(|error| MirrorError::Io(error.into_error()))?;
        file.sync_all()?;
        fs::rename(&self.beside, &self.place)?;
        self.finished = true;
        if let Some(folder) = self.place.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

/// Makes the file for its owner alone: it tells of people, if not by name.
fn create(beside: &Path) -> Result<File> {
    // A process of long ago may have had this number.
    match fs::remove_file(beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    Ok(OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(beside)?)
}

/// Removes what writers that were killed have left beside a place.
fn sweep(place: &Path) {
    let (Some(folder), Some(name)) = (place.parent(), place.file_name()) else {
        return;
    };
    let is_left = |entry: &DirEntry| {
        let other = entry.file_name();
        let (name, other) = (name.as_encoded_bytes(), other.as_encoded_bytes());
        let old = entry.metadata().and_then(|found| found.modified());
        let old = old.is_ok_and(|at| at.elapsed().is_ok_and(|since| since > LEFT_AFTER));
        other.starts_with(name) && other.ends_with(UNFINISHED.as_bytes()) && old
    };
    // It is only room on the disk: whatever cannot be seen or removed now can be the next time.
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(is_left) {
        let _ = fs::remove_file(entry.path());
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.finished {
            // What stays is swept by a later writer.
            let _ = fs::remove_file(&self.beside);
        }
    }
}
