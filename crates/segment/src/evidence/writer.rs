//! Writing a segment.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BinaryArray, Date32Array, FixedSizeBinaryArray, Int64Array, RecordBatch, StringArray,
};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::encryption::encrypt::FileEncryptionProperties;
use parquet::errors::ParquetError;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use record::RecordNumber;

use super::{Place, SealedRecord, SegmentError, SegmentKey};
use crate::day::days_of;
use crate::hashed::Hashed;

/// So many rows are encoded at a time.
const BATCH: usize = 4_096;
/// So many rows have statistics of their own, and are left out together.
const GROUP: usize = 1 << 16;
/// So many rows, or so many bytes of one column, are read together.
const PAGE_ROWS: usize = 1_024;
const PAGE_BYTES: usize = 32 << 10;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// How many records.
    pub records: u64,
    /// The least of their numbers.
    pub first: RecordNumber,
    /// The greatest of their numbers.
    pub last: RecordNumber,
    /// How long the file is.
    pub bytes: u64,
    /// Its SHA-256.
    pub digest: [u8; 32],
}

/// A segment in the making. One that is dropped before it is finished is no segment.
pub struct SegmentWriter {
    parquet: ArrowWriter<Hashed>,
    waiting: Vec<SealedRecord>,
    before: Option<Place>,
    records: u64,
    first: RecordNumber,
    last: RecordNumber,
}

impl SegmentWriter {
    /// Begins a file, which must not be there, under a key that no other has.
    ///
    /// # Errors
    /// When it is there or cannot be written.
    pub fn create(path: &Path, key: &SegmentKey) -> Result<Self, SegmentError> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        let options = ArrowWriterOptions::new()
            .with_properties(properties(key)?)
            .with_skip_arrow_metadata(true);
        let schema = columns(&[])?.schema();
        Ok(Self {
            parquet: ArrowWriter::try_new_with_options(Hashed::new(file), schema, options)?,
            waiting: Vec::with_capacity(BATCH),
            before: None,
            records: 0,
            first: RecordNumber(u64::MAX),
            last: RecordNumber(0),
        })
    }

    /// Takes the next record, by subject, then day, then number.
    ///
    /// # Errors
    /// When it belongs before the one before it, or the file cannot be written.
    pub fn push(&mut self, record: SealedRecord) -> Result<(), SegmentError> {
        let place = record.place();
        if self.before.is_some_and(|before| before >= place) {
            return Err(SegmentError::Order(record.number));
        }
        self.before = Some(place);
        self.first = self.first.min(record.number);
        self.last = self.last.max(record.number);
        self.records += 1;
        self.waiting.push(record);
        if self.waiting.len() == BATCH {
            self.encode()?;
        }
        Ok(())
    }

    fn encode(&mut self) -> Result<(), SegmentError> {
        self.parquet.write(&columns(&self.waiting)?)?;
        self.waiting.clear();
        Ok(())
    }

    /// Ends the file; when this returns, its content is on the disk. That its name is too, is for whoever keeps the folder.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<Written, SegmentError> {
        if !self.waiting.is_empty() {
            self.encode()?;
        }
        let (bytes, digest) = self.parquet.into_inner()?.finish()?;
        Ok(Written {
            records: self.records,
            first: self.first,
            last: self.last,
            bytes,
            digest,
        })
    }
}

fn properties(key: &SegmentKey) -> Result<WriterProperties, SegmentError> {
    let encryption = FileEncryptionProperties::builder(key.expose().to_vec()).build()?;
    let sorting = (0..3).map(|column_idx| SortingColumn {
        column_idx,
        descending: false,
        nulls_first: false,
    });
    let mut properties = WriterProperties::builder()
        .set_created_by("xinlian".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_max_row_group_row_count(Some(GROUP))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_data_page_size_limit(PAGE_BYTES)
        .set_write_batch_size(64)
        .set_sorting_columns(Some(sorting.collect()))
        .set_statistics_enabled(EnabledStatistics::None)
        .with_file_encryption_properties(encryption);
    for column in ["subject", "occurred"] {
        properties = properties.set_column_statistics_enabled(path(column), EnabledStatistics::Page);
    }
    for column in ["subject", "occurred", "number", "submission"] {
        properties = properties
            .set_column_dictionary_enabled(path(column), false)
            .set_column_encoding(path(column), Encoding::DELTA_BINARY_PACKED);
    }
    for column in ["key", "statement"] {
        properties = properties.set_column_dictionary_enabled(path(column), false);
    }
    // Keys are random.
    properties = properties.set_column_compression(path("key"), Compression::UNCOMPRESSED);
    Ok(properties.build())
}

fn path(column: &str) -> ColumnPath {
    ColumnPath::from(column)
}

/// The rows by columns, in the order of `reader::COLUMNS`.
fn columns(rows: &[SealedRecord]) -> Result<RecordBatch, SegmentError> {
    let numbers = |of: fn(&SealedRecord) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(rows.iter().map(of)))
    };
    let days = Date32Array::from_iter_values(rows.iter().map(|row| days_of(row.occurred)));
    let sources = StringArray::from_iter_values(rows.iter().map(|row| row.source.as_str()));
    let items = StringArray::from_iter_values(rows.iter().map(|row| row.item.as_str()));
    let keys: Vec<u8> = rows.iter().flat_map(|row| *row.key.expose()).collect();
    let keys = FixedSizeBinaryArray::try_new(32, keys.into(), None).map_err(ParquetError::from)?;
    let statements = BinaryArray::from_iter_values(rows.iter().map(|row| &row.statement));
    let columns: [(&str, ArrayRef); 8] = [
        ("subject", numbers(|row| row.subject.to_i64())),
        ("occurred", Arc::new(days)),
        ("number", numbers(|row| row.number.to_i64())),
        ("submission", numbers(|row| row.submission.to_i64())),
        ("source", Arc::new(sources)),
        ("item", Arc::new(items)),
        ("key", Arc::new(keys)),
        ("statement", Arc::new(statements)),
    ];
    let columns = columns.into_iter().map(|(name, column)| (name, column, false));
    Ok(RecordBatch::try_from_iter_with_nullable(columns).map_err(ParquetError::from)?)
}
