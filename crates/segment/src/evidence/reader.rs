//! Reading a segment.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int64Type};
use arrow_array::{Array, BooleanArray, PrimitiveArray, RecordBatch};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowPredicate, ArrowPredicateFn, ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder, RowFilter, RowSelection, RowSelector,
};
use parquet::encryption::decrypt::FileDecryptionProperties;
use parquet::errors::ParquetError;
use parquet::file::metadata::PageIndexPolicy;
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use record::{ItemCode, RecordKey, RecordNumber, SourceCode, SubjectId, SubmissionId};

use super::pread::Pread;
use super::{SealedRecord, SegmentError, SegmentKey, caught};
use crate::day::day_of;

/// So many rows are decoded at a time.
const BATCH: usize = 4_096;

/// A segment, open.
#[derive(Debug)]
pub struct Segment {
    file: Pread,
    metadata: ArrowReaderMetadata,
}

impl Segment {
    /// Opens a segment with its key.
    ///
    /// # Errors
    /// When it cannot be read, is torn, was altered in what tells of its pages, or the key is another's.
    pub fn open(path: &Path, key: &SegmentKey) -> Result<Self, SegmentError> {
        let file = Pread::new(File::open(path)?)?;
        let decryption = FileDecryptionProperties::builder(key.expose().to_vec()).build()?;
        let options = ArrowReaderOptions::new()
            .with_page_index_policy(PageIndexPolicy::Required)
            .with_file_decryption_properties(decryption);
        let metadata = caught(|| Ok(ArrowReaderMetadata::load(&file, options)?))?;
        Ok(Self { file, metadata })
    }

    /// How many records it holds.
    pub fn records(&self) -> u64 {
        let rows = self.metadata.metadata().file_metadata().num_rows();
        u64::try_from(rows).unwrap_or(0)
    }

    /// Those of these records that it holds, each with the subject under which it was sealed; by subject, then day, then
    /// number. Only the pages are read in which they can be.
    ///
    /// # Errors
    /// When it cannot be read or was altered.
    pub fn find(&self, wanted: &[(SubjectId, RecordNumber)]) -> Result<Vec<SealedRecord>, SegmentError> {
        let mut wanted: Vec<(i64, i64)> = wanted
            .iter()
            .map(|(subject, number)| (subject.to_i64(), number.to_i64()))
            .collect();
        wanted.sort_unstable();
        let subjects: Vec<i64> = wanted.iter().map(|(subject, _)| *subject).collect();
        let (groups, selection) = self.pages_of(&subjects)?;
        let finding = ProjectionMask::columns(self.metadata.parquet_schema(), ["subject", "number"]);
        let is_wanted = ArrowPredicateFn::new(finding, move |batch| {
            let (subjects, numbers) = (column_of(&batch, 0), column_of(&batch, 1));
            let rows = subjects.iter().copied().zip(numbers.iter().copied());
            let found = rows.map(|row| wanted.binary_search(&row).is_ok());
            Ok(BooleanArray::from(found.collect::<Vec<bool>>()))
        });
        self.filtered(groups, selection, is_wanted)
    }

    fn filtered(
        &self,
        groups: Vec<usize>,
        selection: RowSelection,
        is_wanted: impl ArrowPredicate,
    ) -> Result<Vec<SealedRecord>, SegmentError> {
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        caught(|| {
            let reader = self
                .reader()
                .with_row_groups(groups)
                .with_row_selection(selection)
                .with_row_filter(RowFilter::new(vec![Box::new(is_wanted)]))
                .build()?;
            let mut found = Vec::new();
            for batch in reader {
                rows(&batch.map_err(ParquetError::from)?, &mut found)?;
            }
            Ok(found)
        })
    }

    /// Every record that was sealed under one of these subjects; by subject, then day, then number.
    ///
    /// # Errors
    /// When it cannot be read or was altered.
    pub fn find_all(&self, subjects: &[SubjectId]) -> Result<Vec<SealedRecord>, SegmentError> {
        let mut wanted: Vec<i64> = subjects.iter().map(|subject| subject.to_i64()).collect();
        wanted.sort_unstable();
        let (groups, selection) = self.pages_of(&wanted)?;
        let finding = ProjectionMask::columns(self.metadata.parquet_schema(), ["subject"]);
        let is_wanted = ArrowPredicateFn::new(finding, move |batch| {
            let subjects = column_of(&batch, 0).iter();
            let found = subjects.map(|subject| wanted.binary_search(subject).is_ok());
            Ok(BooleanArray::from(found.collect::<Vec<bool>>()))
        });
        self.filtered(groups, selection, is_wanted)
    }

    /// All its records, some at a time, in their order.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn all(&self) -> Result<SegmentRows, SegmentError> {
        self.by(BATCH)
    }

    /// The same, so many at a time.
    pub(super) fn by(&self, rows: usize) -> Result<SegmentRows, SegmentError> {
        Ok(SegmentRows(self.reader().with_batch_size(rows).build()?))
    }

    fn reader(&self) -> ParquetRecordBatchReaderBuilder<Pread> {
        ParquetRecordBatchReaderBuilder::new_with_metadata(self.file.clone(), self.metadata.clone())
            .with_batch_size(BATCH)
    }

    /// The row groups in which some of these subjects can be, and of their rows those of the pages in which they can be.
    fn pages_of(&self, wanted: &[i64]) -> Result<(Vec<usize>, RowSelection), SegmentError> {
        let metadata = self.metadata.metadata();
        let bad = || SegmentError::Column("subject");
        let (mut groups, mut selectors) = (Vec::new(), Vec::new());
        for (group, about) in metadata.row_groups().iter().enumerate() {
            let pages = metadata.page_index_for_row_group(group);
            let Some(ColumnIndexMetaData::INT64(index)) = pages.column_index(0) else {
                return Err(bad());
            };
            let starts = pages.offset_index(0).ok_or_else(bad)?.page_locations();
            let rows = usize::try_from(about.num_rows()).map_err(|_| bad())?;
            let mut of_group = Vec::with_capacity(starts.len());
            for (page, start) in starts.iter().enumerate() {
                let end = starts
                    .get(page + 1)
                    .map_or(Some(rows), |next| usize::try_from(next.first_row_index).ok());
                let start = usize::try_from(start.first_row_index).map_err(|_| bad())?;
                let count = end.and_then(|end| end.checked_sub(start)).ok_or_else(bad)?;
                let (least, most) = index.min_value(page).zip(index.max_value(page)).ok_or_else(bad)?;
                let next = wanted
                    .get(wanted.partition_point(|subject| subject < least)..)
                    .and_then(<[i64]>::first);
                of_group.push(if next.is_some_and(|subject| subject <= most) {
                    RowSelector::select(count)
                } else {
                    RowSelector::skip(count)
                });
            }
            if of_group.iter().any(|selector| !selector.skip) {
                groups.push(group);
                selectors.extend(of_group);
            }
        }
        Ok((groups, RowSelection::from(selectors)))
    }
}

/// A column of whole numbers of a batch; of another kind, nothing.
fn column_of(batch: &RecordBatch, at: usize) -> &[i64] {
    let column = batch.column(at).as_primitive_opt::<Int64Type>();
    column.map_or(&[], |column| column.values())
}

/// The records of a segment, some at a time.
pub struct SegmentRows(ParquetRecordBatchReader);

impl SegmentRows {
    /// Puts the next records behind those that are there; whether there were any.
    ///
    /// # Errors
    /// When the segment cannot be read or was altered.
    pub fn take(&mut self, found: &mut Vec<SealedRecord>) -> Result<bool, SegmentError> {
        let next = caught(|| Ok(self.0.next().transpose().map_err(ParquetError::from)?))?;
        match next {
            Some(batch) => rows(&batch, found).map(|()| true),
            None => Ok(false),
        }
    }
}

/// A batch of columns by rows.
fn rows(batch: &RecordBatch, found: &mut Vec<SealedRecord>) -> Result<(), SegmentError> {
    let column = |name: &'static str| -> Result<&Arc<dyn Array>, SegmentError> {
        let column = batch.column_by_name(name).ok_or(SegmentError::Column(name))?;
        if column.null_count() > 0 {
            return Err(SegmentError::Column(name));
        }
        Ok(column)
    };
    let numbers = |name: &'static str| {
        let column = column(name)?.as_primitive_opt::<Int64Type>();
        column
            .map(PrimitiveArray::values)
            .ok_or(SegmentError::Column(name))
    };
    let texts = |name: &'static str| {
        column(name)?
            .as_string_opt::<i32>()
            .ok_or(SegmentError::Column(name))
    };
    let (subjects, record_numbers, submissions) =
        (numbers("subject")?, numbers("number")?, numbers("submission")?);
    let days = column("occurred")?
        .as_primitive_opt::<Date32Type>()
        .ok_or(SegmentError::Column("occurred"))?;
    let (sources, items) = (texts("source")?, texts("item")?);
    let keys = column("key")?
        .as_fixed_size_binary_opt()
        .ok_or(SegmentError::Column("key"))?;
    let statements = column("statement")?
        .as_binary_opt::<i32>()
        .ok_or(SegmentError::Column("statement"))?;
    let cells = subjects
        .iter()
        .zip(days.values())
        .zip(record_numbers)
        .zip(submissions);
    let cells = cells.zip(sources.iter().flatten()).zip(items.iter().flatten());
    let cells = cells.zip(keys.iter().flatten()).zip(statements.iter().flatten());
    for (((((((subject, day), number), submission), source), item), key), statement) in cells {
        let key = <[u8; 32]>::try_from(key).map_err(|_| SegmentError::Column("key"))?;
        found.push(SealedRecord {
            subject: SubjectId::from_i64(*subject),
            occurred: day_of(*day).ok_or(SegmentError::Column("occurred"))?,
            number: RecordNumber::from_i64(*number),
            submission: SubmissionId::from_i64(*submission),
            source: SourceCode::new(source).map_err(|_| SegmentError::Column("source"))?,
            item: ItemCode::new(item).map_err(|_| SegmentError::Column("item"))?,
            key: RecordKey::from_random(key),
            statement: statement.to_vec(),
        });
    }
    Ok(())
}
