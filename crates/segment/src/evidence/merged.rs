//! Several segments as one, in order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::vec;

use record::SubjectId;

use super::{Place, SealedRecord, Segment, SegmentError, SegmentRows};

/// So many rows of each are held: there may be hundreds.
const BATCH: usize = 512;

/// The records of several segments by subject, then day, then number.
pub struct Merged {
    sources: Vec<(SegmentRows, vec::IntoIter<SealedRecord>)>,
    /// The next record of each source that has one.
    next: BinaryHeap<Reverse<Next>>,
    held: Vec<Option<SealedRecord>>,
}

/// Where a source's next record belongs, and which source that is.
type Next = (Place, usize);

impl Merged {
    /// Begins with the first record of each.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn of(segments: &[&Segment]) -> Result<Self, SegmentError> {
        let mut merged = Self {
            sources: Vec::with_capacity(segments.len()),
            next: BinaryHeap::with_capacity(segments.len()),
            held: segments.iter().map(|_| None).collect(),
        };
        for segment in segments {
            merged.sources.push((segment.by(BATCH)?, Vec::new().into_iter()));
        }
        for source in 0..segments.len() {
            merged.advance(source)?;
        }
        Ok(merged)
    }

    /// The next record, if it is of this subject or one before it.
    ///
    /// # Errors
    /// As of [`Merged::next`].
    pub fn next_up_to(&mut self, subject: SubjectId) -> Result<Option<SealedRecord>, SegmentError> {
        match self.next.peek() {
            Some(Reverse(((next, ..), _))) if *next <= subject => self.next(),
            _ => Ok(None),
        }
    }

    /// The next record; none at the end.
    ///
    /// # Errors
    /// When a segment cannot be read or was altered.
    #[expect(
        clippy::should_implement_trait,
        reason = "a record or a fault, and then the end"
    )]
    pub fn next(&mut self) -> Result<Option<SealedRecord>, SegmentError> {
        let Some(Reverse((_, source))) = self.next.pop() else {
            return Ok(None);
        };
        let record = self.held.get_mut(source).and_then(Option::take);
        self.advance(source)?;
        Ok(record)
    }

    fn advance(&mut self, source: usize) -> Result<(), SegmentError> {
        let Some((rows, read)) = self.sources.get_mut(source) else {
            return Ok(());
        };
        let mut record = read.next();
        if record.is_none() {
            let mut more = Vec::new();
            rows.take(&mut more)?;
            *read = more.into_iter();
            record = read.next();
        }
        if let (Some(record), Some(held)) = (record, self.held.get_mut(source)) {
            self.next.push(Reverse((record.place(), source)));
            *held = Some(record);
        }
        Ok(())
    }
}
