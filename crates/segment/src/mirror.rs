//! Reading a mirror: one subject, or everyone in batches that threads share.

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use assess::{DayStamp, Fact, LifeSpan};

use crate::block::BlockReader;
use crate::error::{MirrorError, Result};
use crate::footer::{About, Footer};
use crate::packed::{ROW, WIDE, unpack, unpack_wide};
use crate::subject::{SUBJECT, Subject};

/// Where packed spans begin.
const ROWS_AT: u64 = 16;
/// How many spans a batch has, about: half of what the second cache of a core holds.
const BATCH_SPANS: u64 = 32 << 10;

/// What never counts.
const NOTHING: LifeSpan = LifeSpan {
    line: 0,
    from: DayStamp::NEVER,
    until: DayStamp::NEVER,
    fact: Fact {
        occurred: DayStamp::NEVER,
        quantity: 0,
        covers: None,
    },
};

/// A mirror that is whole, open for reading.
#[derive(Debug)]
pub struct Mirror {
    blocks: BlockReader,
    footer: Footer,
    sum: u32,
    subjects: Vec<Subject>,
    wide: Vec<LifeSpan>,
}

/// How many spans a subject counts as when everyone is divided: one, if it has none.
fn weight(subject: &Subject) -> u64 {
    u64::from(subject.count).max(1)
}

/// Everyone, or some of them, in batches of which each is taken once, by whichever thread asks.
#[derive(Debug)]
pub struct Batches<'m> {
    mirror: &'m Mirror,
    /// The places of the subjects of each batch.
    places: Vec<Range<usize>>,
    next: AtomicUsize,
}

/// Some subjects next to each other, and room for their spans.
#[derive(Debug, Default)]
pub struct Batch {
    /// The place of its first subject.
    pub first: usize,
    subjects: usize,
    at: u64,
    bytes: Vec<u8>,
    range: Range<usize>,
    spans: Vec<LifeSpan>,
}

impl Mirror {
    /// Opens a mirror and reads its index.
    ///
    /// # Errors
    /// When it cannot be read, or is torn, damaged or of another version.
    pub fn open(place: &Path) -> Result<Self> {
        let file = File::open(place)?;
        let (footer, sums, sum) = Footer::read(&file)?;
        let blocks = BlockReader::new(file, footer.end, sums)?;
        let ordered = Some(footer.wide_at)
            == footer
                .rows
                .checked_mul(ROW as u64)
                .and_then(|n| n.checked_add(ROWS_AT))
            && Some(footer.index_at)
                == footer
                    .wide
                    .checked_mul(WIDE as u64)
                    .and_then(|n| n.checked_add(footer.wide_at))
            && Some(footer.end)
                == footer
                    .subjects
                    .checked_mul(SUBJECT as u64)
                    .and_then(|n| n.checked_add(footer.index_at));
        if !ordered {
            return Err(MirrorError::Torn("its parts do not follow each other"));
        }
        let mut buffer = Vec::new();
        let (wide, _) = blocks
            .read(footer.wide_at..footer.index_at, &mut buffer)?
            .as_chunks::<WIDE>();
        let wide = wide.iter().map(unpack_wide).collect();
        let (subjects, _) = blocks
            .read(footer.index_at..footer.end, &mut buffer)?
            .as_chunks::<SUBJECT>();
        let subjects: Vec<Subject> = subjects.iter().map(Subject::from_bytes).collect();
        let mut next = 0_u64;
        for subject in &subjects {
            if subject.first != next {
                return Err(MirrorError::Torn("its index has a gap"));
            }
            next += u64::from(subject.count);
        }
        if next != footer.rows {
            return Err(MirrorError::Torn("its index ends too early"));
        }
        Ok(Self {
            blocks,
            footer,
            sum,
            subjects,
            wide,
        })
    }

    /// What it is of.
    pub fn about(&self) -> &About {
        &self.footer.about
    }

    /// The checksum of all it holds. Two mirrors that differ have different ones, but for one chance in four billion.
    pub fn sum(&self) -> u32 {
        self.sum
    }

    /// Its subjects, by id.
    pub fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    /// How many spans it has.
    pub fn rows(&self) -> u64 {
        self.footer.rows
    }

    /// The subject with this id.
    pub fn find(&self, id: u64) -> Option<&Subject> {
        let at = self
            .subjects
            .binary_search_by_key(&id, |subject| subject.id)
            .ok()?;
        self.subjects.get(at)
    }

    /// Everyone, in batches.
    pub fn batches(&self) -> Batches<'_> {
        self.batches_of(0..self.subjects.len())
    }

    /// Those at some places among the subjects, in batches.
    pub fn batches_of(&self, places: Range<usize>) -> Batches<'_> {
        Batches {
            mirror: self,
            places: self.cut(places, BATCH_SPANS),
            next: AtomicUsize::new(0),
        }
    }

    /// Everyone, in so many parts next to each other, or fewer, with about as many spans each: for each the places of its subjects.
    pub fn parts(&self, count: u64) -> Vec<Range<usize>> {
        let whole: u64 = self.subjects.iter().map(weight).sum();
        self.cut(0..self.subjects.len(), whole.div_ceil(count.max(1)))
    }

    /// Cuts places into ranges of which each but the last has at least so many spans.
    fn cut(&self, places: Range<usize>, spans: u64) -> Vec<Range<usize>> {
        let end = places.end.min(self.subjects.len());
        let mut starts = Vec::new();
        let mut filled = spans;
        for (at, subject) in self.subjects.iter().enumerate().take(end).skip(places.start) {
            if filled >= spans {
                starts.push(at);
                filled = 0;
            }
            filled += weight(subject);
        }
        let ends = starts.iter().skip(1).copied().chain([end]);
        starts
            .iter()
            .copied()
            .zip(ends)
            .map(|(from, to)| from..to)
            .collect()
    }

    /// Reads the spans of one subject into a batch of one.
    ///
    /// # Errors
    /// When they cannot be read, or are not what was written.
    pub fn read<'b>(&self, subject: &Subject, batch: &'b mut Batch) -> Result<&'b [LifeSpan]> {
        self.fill(subject.first, subject.first + u64::from(subject.count), batch)?;
        batch.spans_of(self, subject)
    }

    /// Reads every block once, and says which are not what was written.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn damaged_blocks(&self) -> Result<Vec<usize>> {
        let mut damaged = Vec::new();
        let mut buffer = Vec::new();
        for block in 0..self.blocks.blocks() as u64 {
            let start = block * crate::block::BLOCK;
            let end = (start + crate::block::BLOCK).min(self.footer.end);
            match self.blocks.read(start..end, &mut buffer) {
                Ok(_) => {}
                Err(MirrorError::Damaged(at)) => damaged.push(at),
                Err(other) => return Err(other),
            }
        }
        Ok(damaged)
    }

    fn fill(&self, from: u64, to: u64, batch: &mut Batch) -> Result<()> {
        let at = |row: u64| ROWS_AT + row * ROW as u64;
        let length = self.blocks.read(at(from)..at(to), &mut batch.bytes)?.len();
        batch.at = from;
        let start = usize::try_from(at(from) % crate::block::BLOCK).unwrap_or(0);
        batch.range = start..start + length;
        Ok(())
    }
}

impl Batches<'_> {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.places.len()
    }

    /// Reads the next batch that nobody has taken; false if there is none.
    ///
    /// # Errors
    /// When it cannot be read, or is not what was written.
    pub fn take(&self, batch: &mut Batch) -> Result<bool> {
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        let Some(places) = self.places.get(at).cloned() else {
            return Ok(false);
        };
        let first = places.start;
        let subjects = self.mirror.subjects.get(places).unwrap_or_default();
        let from = subjects.first().map_or(0, |subject| subject.first);
        let to = subjects
            .last()
            .map_or(0, |subject| subject.first + u64::from(subject.count));
        self.mirror.fill(from, to, batch)?;
        (batch.first, batch.subjects) = (first, subjects.len());
        Ok(true)
    }

    /// Hands over each subject of a batch with its spans.
    ///
    /// # Errors
    /// When a span is not what was written, or whoever is told fails.
    pub fn each<E: From<MirrorError>>(
        &self,
        batch: &mut Batch,
        mut each: impl FnMut(&Subject, &[LifeSpan]) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let subjects = self.mirror.subjects.iter().skip(batch.first).take(batch.subjects);
        for subject in subjects {
            each(subject, batch.spans_of(self.mirror, subject)?)?;
        }
        Ok(())
    }
}

impl Batch {
    fn spans_of(&mut self, mirror: &Mirror, subject: &Subject) -> Result<&[LifeSpan]> {
        let torn = || MirrorError::Torn("its index points past its spans");
        let bytes = self.bytes.get(self.range.clone()).ok_or_else(torn)?;
        let (rows, _) = bytes.as_chunks::<ROW>();
        let from = usize::try_from(subject.first - self.at).map_err(|_| torn())?;
        let rows = rows.get(from..from + subject.count()).ok_or_else(torn)?;
        self.spans.clear();
        let mut lost = false;
        let mut wide = |place: u32| {
            let span = mirror.wide.get(place as usize).copied();
            lost |= span.is_none();
            span.unwrap_or(NOTHING)
        };
        self.spans
            .extend(rows.iter().map(|row| unpack(*row).unwrap_or_else(&mut wide)));
        if lost {
            return Err(torn());
        }
        Ok(&self.spans)
    }
}
