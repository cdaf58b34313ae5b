//! Runs of marks: by the beginning of a keyed hash, which records have it. What a database would keep an index for, sorted once and
//! never changed: some are looked for by reading a few blocks, many by going through it once.
//!
//! ```text
//! MAGIC 8 · width 4 · entries 8 · checksum 4
//! blocks of 4,096 entries, each with its checksum 4
//! the first mark of each block 8 · checksum of these 4
//! ```
//!
//! An entry is a mark of seven bytes, a number of five, and in a wide run eight more, by which it is told whether what has the mark
//! says the same. All are big-endian, so that entries are in the order of their bytes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use record::RecordNumber;

use crate::hashed::Hashed;

const MAGIC: [u8; 8] = *b"XLRUN\0\0\x01";
/// Magic, width, entries, checksum.
const HEAD: usize = 24;
/// So many entries are read, and vouched for, together.
const BLOCK: usize = 4_096;
const SUM: usize = 4;
/// Bytes of an entry's mark and number.
const NARROW: usize = 12;
/// The same with what it says.
const WIDE: usize = 20;
/// Where more marks than one for so many blocks are looked for, the whole run is gone through.
const SPARSE: usize = 2;

/// The beginning of a keyed hash: its first seven bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark(u64);

impl Mark {
    /// That of a hash.
    pub fn of(hash: &[u8; 32]) -> Self {
        Self(beginning(hash) >> 8)
    }
}

/// The first eight bytes of a hash.
pub fn beginning(hash: &[u8; 32]) -> u64 {
    hash.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

/// That a record has a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    /// The mark.
    pub mark: Mark,
    /// The record's number, below 2^40.
    pub number: RecordNumber,
    /// The beginning of a hash of what it says; nothing in a narrow run.
    pub said: u64,
}

/// Whether a run's entries have what the record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Mark and number, 12 bytes.
    Narrow,
    /// The same and the beginning of what it says, 20 bytes.
    Wide,
}

impl Width {
    fn bytes(self) -> usize {
        match self {
            Self::Narrow => NARROW,
            Self::Wide => WIDE,
        }
    }
}

/// Why a run cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The file cannot be read or written.
    #[error("the run cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// It is no run, or was never finished.
    #[error("the run is torn: {0}")]
    Torn(&'static str),
    /// A part of it is not what was written.
    #[error("block {0} of the run is damaged")]
    Damaged(usize),
    /// Entries came out of order, or a number is too large.
    #[error("the entry of record {0} does not follow the one before it")]
    Order(RecordNumber),
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunWritten {
    /// How many entries.
    pub entries: u64,
    /// How long the file is.
    pub bytes: u64,
    /// Its SHA-256.
    pub digest: [u8; 32],
}

/// A run, open for reading.
#[derive(Debug)]
pub struct Run {
    file: File,
    width: Width,
    entries: u64,
    /// With which mark each block begins.
    firsts: Vec<Mark>,
}

/// Writes a run of so many entries, which come in order; the file must not be there. When this returns, its content is on the disk.
///
/// # Errors
/// When there are more or fewer entries, they are out of order, or the file cannot be written.
pub fn write_run(
    path: &Path,
    width: Width,
    count: u64,
    entries: impl Iterator<Item = Result<Entry, RunError>>,
) -> Result<RunWritten, RunError> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(path)?;
    let mut out = Hashed::new(file);
    out.write_all(&head(width, count))?;
    let mut block = Vec::with_capacity(BLOCK * width.bytes());
    let (mut firsts, mut before, mut written) = (Vec::new(), None, 0);
    for entry in entries {
        let entry = entry?;
        if before.is_some_and(|before| before >= entry) || entry.number.0 >> 40 != 0 {
            return Err(RunError::Order(entry.number));
        }
        before = Some(entry);
        if block.is_empty() {
            firsts.extend_from_slice(&entry.mark.0.to_be_bytes());
        }
        push(&mut block, width, entry);
        written += 1;
        if block.len() == BLOCK * width.bytes() {
            put_summed(&mut out, &block)?;
            block.clear();
        }
    }
    if !block.is_empty() {
        put_summed(&mut out, &block)?;
    }
    put_summed(&mut out, &firsts)?;
    if written != count {
        return Err(RunError::Torn("it has not as many entries as were said"));
    }
    let (bytes, digest) = out.finish()?;
    Ok(RunWritten {
        entries: count,
        bytes,
        digest,
    })
}

fn head(width: Width, count: u64) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    let width = u32::try_from(width.bytes()).unwrap_or(0).to_be_bytes();
    let said = MAGIC.into_iter().chain(width).chain(count.to_be_bytes());
    for (place, byte) in head.iter_mut().zip(said) {
        *place = byte;
    }
    let (said, sum) = head.split_at_mut(HEAD - SUM);
    sum.copy_from_slice(&crc32fast::hash(said).to_be_bytes());
    head
}

fn put_summed(out: &mut Hashed, bytes: &[u8]) -> Result<(), RunError> {
    out.write_all(bytes)?;
    Ok(out.write_all(&crc32fast::hash(bytes).to_be_bytes())?)
}

fn push(block: &mut Vec<u8>, width: Width, entry: Entry) {
    let packed = u128::from(entry.mark.0) << 40 | u128::from(entry.number.0);
    let bytes = packed.to_be_bytes();
    block.extend_from_slice(bytes.last_chunk::<NARROW>().unwrap_or(&[0; NARROW]));
    if width == Width::Wide {
        block.extend_from_slice(&entry.said.to_be_bytes());
    }
}

/// The entry of these bytes, of which there are as many as the width says.
fn entry_of(bytes: &[u8]) -> Option<Entry> {
    let (packed, said) = bytes.split_first_chunk::<NARROW>()?;
    let mut whole = [0; 16];
    whole.last_chunk_mut::<NARROW>()?.copy_from_slice(packed);
    let whole = u128::from_be_bytes(whole);
    Some(Entry {
        mark: Mark(u64::try_from(whole >> 40).ok()?),
        number: RecordNumber(u64::try_from(whole & ((1 << 40) - 1)).ok()?),
        said: said.first_chunk().map_or(0, |said| u64::from_be_bytes(*said)),
    })
}

impl Run {
    /// Opens a run.
    ///
    /// # Errors
    /// When it cannot be read, or is torn or damaged in what tells of its blocks.
    pub fn open(path: &Path) -> Result<Self, RunError> {
        let file = File::open(path)?;
        let mut found = [0; HEAD];
        file.read_exact_at(&mut found, 0)?;
        let count = found.get(12..).and_then(<[u8]>::first_chunk);
        let entries = u64::from_be_bytes(*count.unwrap_or(&[0; 8]));
        let width = [Width::Narrow, Width::Wide]
            .into_iter()
            .find(|width| head(*width, entries) == found)
            .ok_or(RunError::Torn("it does not begin as one"))?;
        let blocks = usize::try_from(entries.div_ceil(BLOCK as u64)).unwrap_or(usize::MAX);
        let at = (HEAD as u64)
            .checked_add(entries.saturating_mul(width.bytes() as u64))
            .and_then(|at| at.checked_add(blocks as u64 * SUM as u64));
        let length = file.metadata()?.len();
        let rest = at.and_then(|at| length.checked_sub(at));
        if rest != Some(blocks as u64 * 8 + SUM as u64) {
            return Err(RunError::Torn("it is not as long as it says"));
        }
        let firsts = read_summed(&file, at.unwrap_or(0), blocks * 8)?;
        let firsts = firsts.ok_or(RunError::Torn("the marks of its blocks are damaged"))?;
        let (firsts, _) = firsts.as_chunks::<8>();
        Ok(Self {
            firsts: firsts
                .iter()
                .map(|first| Mark(u64::from_be_bytes(*first)))
                .collect(),
            file,
            width,
            entries,
        })
    }

    /// How many entries it has.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// The entries of these marks, which are in order.
    ///
    /// # Errors
    /// When it cannot be read or is damaged where they would be.
    pub fn find(&self, marks: &[Mark]) -> Result<Vec<Entry>, RunError> {
        let mut found = Vec::new();
        if marks.len() > self.firsts.len() / SPARSE {
            for block in 0..self.firsts.len() {
                self.find_in(block, marks, &mut found)?;
            }
            return Ok(found);
        }
        let mut next = 0;
        for mark in marks {
            // The last block that begins before the mark may end with it.
            let first = self
                .firsts
                .partition_point(|first| first < mark)
                .saturating_sub(1);
            let end = self.firsts.partition_point(|first| first <= mark);
            for block in first.max(next)..end {
                self.find_in(block, marks, &mut found)?;
                next = block + 1;
            }
        }
        Ok(found)
    }

    /// The entries of a block whose marks are among these.
    fn find_in(&self, block: usize, marks: &[Mark], found: &mut Vec<Entry>) -> Result<(), RunError> {
        let first = self.firsts.get(block).copied().unwrap_or(Mark(0));
        let mut wanted = marks
            .get(marks.partition_point(|mark| *mark < first)..)
            .unwrap_or_default()
            .iter()
            .peekable();
        if wanted.peek().is_none() {
            return Ok(());
        }
        for entry in self.block(block)? {
            while wanted.next_if(|mark| **mark < entry.mark).is_some() {}
            match wanted.peek() {
                Some(mark) if **mark == entry.mark => found.push(entry),
                Some(_) => {}
                None => break,
            }
        }
        Ok(())
    }

    /// All entries, in order.
    pub fn all(&self) -> impl Iterator<Item = Result<Entry, RunError>> {
        (0..self.firsts.len()).flat_map(|block| match self.block(block) {
            Ok(entries) => entries.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        })
    }

    fn block(&self, block: usize) -> Result<Vec<Entry>, RunError> {
        let width = self.width.bytes();
        let before = block as u64 * BLOCK as u64;
        let count = usize::try_from(self.entries.saturating_sub(before)).unwrap_or(usize::MAX);
        let at = HEAD as u64 + before * width as u64 + block as u64 * SUM as u64;
        let bytes = read_summed(&self.file, at, count.min(BLOCK) * width)?;
        let bytes = bytes.ok_or(RunError::Damaged(block))?;
        let entries = bytes.chunks_exact(width).map(entry_of);
        entries.collect::<Option<_>>().ok_or(RunError::Damaged(block))
    }
}

/// Bytes, if the checksum behind them is theirs.
fn read_summed(file: &File, at: u64, length: usize) -> Result<Option<Vec<u8>>, RunError> {
    let mut bytes = vec![0; length + SUM];
    file.read_exact_at(&mut bytes, at)?;
    let sum = bytes.split_off(length);
    Ok((crc32fast::hash(&bytes).to_be_bytes() == *sum).then_some(bytes))
}

/// The entries of several runs, in order.
pub fn merged_runs<'r>(
    runs: impl IntoIterator<Item = &'r Run>,
) -> impl Iterator<Item = Result<Entry, RunError>> {
    let mut sources: Vec<_> = runs.into_iter().map(Run::all).collect();
    let mut next: BinaryHeap<Reverse<(Entry, usize)>> = BinaryHeap::new();
    let mut faults = Vec::new();
    for (source, entries) in sources.iter_mut().enumerate() {
        match entries.next() {
            Some(Ok(entry)) => next.push(Reverse((entry, source))),
            Some(Err(error)) => faults.push(error),
            None => {}
        }
    }
    std::iter::from_fn(move || {
        if let Some(error) = faults.pop() {
            return Some(Err(error));
        }
        let Reverse((entry, source)) = next.pop()?;
        match sources.get_mut(source).and_then(Iterator::next) {
            Some(Ok(entry)) => next.push(Reverse((entry, source))),
            Some(Err(error)) => faults.push(error),
            None => {}
        }
        Some(Ok(entry))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(mark: u64, number: u64, said: u64) -> Entry {
        Entry {
            mark: Mark(mark),
            number: RecordNumber(number),
            said,
        }
    }

    fn run_of(folder: &Path, name: &str, width: Width, entries: &[Entry]) -> Run {
        let path = folder.join(name);
        let count = entries.len() as u64;
        let written = write_run(&path, width, count, entries.iter().copied().map(Ok)).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(written.bytes, bytes.len() as u64);
        assert_eq!(
            written.digest,
            <[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(bytes))
        );
        Run::open(&path).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        /// Whatever is looked for is found as often as it is there, few marks or many, in one run or several as one.
        #[test]
        fn finds_what_a_list_finds(
            marks in proptest::collection::vec(0_u64..3_000, 0..12_000),
            wanted in proptest::collection::btree_set(0_u64..3_100, 0..200),
            cut in 0_usize..12_000,
        ) {
            let mut all: Vec<Entry> = marks.iter().enumerate().map(|(at, mark)| entry(*mark, at as u64, mark ^ 9)).collect();
            let folder = tempfile::tempdir().unwrap();
            let (one, other) = all.split_at_mut(cut.min(marks.len()));
            one.sort_unstable();
            other.sort_unstable();
            let runs = [
                run_of(folder.path(), "one", Width::Wide, one),
                run_of(folder.path(), "other", Width::Wide, other),
            ];
            let merged: Vec<Entry> = merged_runs(&runs).map(Result::unwrap).collect();
            all.sort_unstable();
            prop_assert_eq!(&merged, &all);
            let whole = run_of(folder.path(), "whole", Width::Wide, &merged);
            prop_assert_eq!(whole.entries(), all.len() as u64);
            let wanted: Vec<Mark> = wanted.into_iter().map(Mark).collect();
            for some in [wanted.as_slice(), wanted.get(..1).unwrap_or_default()] {
                let expected: Vec<Entry> = all.iter().filter(|one| some.contains(&one.mark)).copied().collect();
                prop_assert_eq!(whole.find(some).unwrap(), expected);
            }
        }
    }

    #[test]
    fn a_narrow_run_has_no_room_for_more_than_it_needs() {
        let folder = tempfile::tempdir().unwrap();
        let run = run_of(
            folder.path(),
            "run",
            Width::Narrow,
            &[entry(1, 2, 3), entry(u64::MAX >> 8, (1 << 40) - 1, 0)],
        );
        assert_eq!(run.find(&[Mark(1)]).unwrap(), [entry(1, 2, 0)]);
        assert_eq!(
            run.find(&[Mark(u64::MAX >> 8)]).unwrap(),
            [entry(u64::MAX >> 8, (1 << 40) - 1, 0)]
        );
        assert_eq!(
            std::fs::metadata(folder.path().join("run")).unwrap().len(),
            24 + 2 * 12 + 4 + 8 + 4
        );
        let empty = run_of(folder.path(), "empty", Width::Wide, &[]);
        assert_eq!(empty.find(&[Mark(1)]).unwrap(), []);
    }

    #[test]
    fn out_of_order_or_too_few_is_no_run() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, count, entries: &[Entry]| {
            write_run(
                &folder.path().join(name),
                Width::Wide,
                count,
                entries.iter().copied().map(Ok),
            )
        };
        assert!(matches!(
            write("a", 2, &[entry(2, 1, 0), entry(1, 2, 0)]),
            Err(RunError::Order(RecordNumber(2)))
        ));
        assert!(matches!(write("b", 2, &[entry(1, 1, 0)]), Err(RunError::Torn(_))));
        assert!(matches!(
            write("c", 1, &[entry(1, 1 << 40, 0)]),
            Err(RunError::Order(_))
        ));
        assert!(matches!(
            Run::open(&folder.path().join("a")),
            Err(RunError::Torn(_) | RunError::Io(_))
        ));
    }

    /// Nothing is read of a run in which a byte was altered, or that was cut off.
    #[test]
    fn an_altered_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let entries: Vec<Entry> = (0..9_000).map(|at| entry(at * 3, at, at)).collect();
        run_of(folder.path(), "run", Width::Wide, &entries);
        let whole = std::fs::read(folder.path().join("run")).unwrap();
        let path = folder.path().join("altered");
        let read = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            Run::open(&path).and_then(|run| run.all().collect::<Result<Vec<Entry>, RunError>>())
        };
        assert_eq!(read(&whole).unwrap(), entries);
        for at in (0..whole.len())
            .step_by(997)
            .chain([0, 9, 13, whole.len() - 1, whole.len() - 5])
        {
            let mut altered = whole.clone();
            altered[at] ^= 0x10;
            assert!(read(&altered).is_err(), "byte {at}");
            assert!(read(&whole[..at]).is_err(), "cut at {at}");
        }
    }
}
