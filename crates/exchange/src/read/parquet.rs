//! Parquet: flat columns, each row as the text a person would type. The names of the columns are the header, row 0.

use std::io::{Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use assess::Text;
use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use parquet::basic::LogicalType;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, FileReader as _, Length};
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::record::Field;
use parquet::schema::types::Type;

use super::sheet::number_text;
use super::spool::SpoolWriter;
use super::workbook::{Source, Stop};
use super::{CELL_MOST_CHARS, COLUMNS_MOST, RawRow};
use crate::FileFault;
use crate::fault::{row_place, too_large};

/// The most rows that are read of a file: they are held deflated.
const ROWS_MOST: u32 = 5_000_000;

/// Writes the one table out.
pub(crate) fn copy_out(source: &mut Box<dyn Source>, writer: &mut SpoolWriter<'_>) -> Result<(), Stop> {
    let length = source.seek(SeekFrom::End(0)).map_err(Stop::Write)?;
    let empty: Box<dyn Source> = Box::new(std::io::empty());
    let shared = Shared {
        source: Arc::new(Mutex::new(std::mem::replace(source, empty))),
        length,
    };
    let reader = SerializedFileReader::new(shared).map_err(|_| broken())?;
    if reader.metadata().file_metadata().num_rows() > ROWS_MOST.into() {
        return Err(too_large("rows", ROWS_MOST).into());
    }
    let columns = columns(reader.metadata().file_metadata().schema())?;
    writer.sheet("")?;
    writer.row(&row_of(0, columns.iter().map(|column| column.name.clone())))?;
    let rows = reader.get_row_iter(None).map_err(|_| broken())?;
    for (number, row) in (1_u32..).zip(rows) {
        let row = row.map_err(|_| broken().at(row_place(number)))?;
        if number > ROWS_MOST {
            return Err(too_large("rows", ROWS_MOST).into());
        }
        let mut cells = Vec::with_capacity(columns.len());
        for ((_, field), column) in row.get_column_iter().zip(&columns) {
            let text = text_of(field, column.is_text).ok_or_else(|| nested(&column.name))?;
            if text.len() > CELL_MOST_CHARS && text.chars().count() > CELL_MOST_CHARS {
                return Err(too_large("characters of a cell", CELL_MOST_CHARS)
                    .at(row_place(number))
                    .into());
            }
            cells.push(text);
        }
        writer.row(&row_of(number, cells.into_iter()))?;
    }
    Ok(())
}

struct Column {
    name: String,
    /// Bytes that say they are text.
    is_text: bool,
}

fn columns(schema: &Type) -> Result<Vec<Column>, FileFault> {
    let fields = schema.get_fields();
    if fields.len() > COLUMNS_MOST {
        return Err(too_large("columns", COLUMNS_MOST));
    }
    fields
        .iter()
        .map(|field| {
            let info = field.get_basic_info();
            if !field.is_primitive() {
                return Err(nested(info.name()));
            }
            Ok(Column {
                name: info.name().to_owned(),
                is_text: matches!(info.logical_type_ref(), Some(LogicalType::String)),
            })
        })
        .collect()
}

fn row_of(number: u32, cells: impl Iterator<Item = String>) -> RawRow {
    let mut row = RawRow::new(number);
    for cell in cells {
        row.push_text(&cell);
        row.end_cell();
    }
    row
}

/// A value as text; `None` if it is not one value.
fn text_of(field: &Field, is_text: bool) -> Option<String> {
    Some(match field {
        Field::Null => String::new(),
        Field::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        Field::Byte(n) => n.to_string(),
        Field::Short(n) => n.to_string(),
        Field::Int(n) => n.to_string(),
        Field::Long(n) => n.to_string(),
        Field::UByte(n) => n.to_string(),
        Field::UShort(n) => n.to_string(),
        Field::UInt(n) => n.to_string(),
        Field::ULong(n) => n.to_string(),
        Field::Float(n) => number_text(n.to_string().parse().ok()?),
        Field::Double(n) => number_text(*n),
        Field::Str(text) => text.clone(),
        // Old writers leave out that their bytes are text.
        Field::Bytes(bytes) if !is_text => std::str::from_utf8(bytes.data()).ok()?.to_owned(),
        Field::Date(days) => date(1970, 1, 1)
            .checked_add(jiff::Span::new().try_days(*days).ok()?)
            .ok()?
            .to_string(),
        Field::TimestampMillis(n) => moment(Timestamp::from_millisecond(*n).ok()?),
        Field::TimestampMicros(n) => moment(Timestamp::from_microsecond(*n).ok()?),
        // A decimal is written out with all its digits.
        Field::Decimal(_) | Field::TimeMillis(_) | Field::TimeMicros(_) => field.to_string(),
        _ => return None,
    })
}

/// The wall clock that was written down, without a zone.
fn moment(at: Timestamp) -> String {
    let at = at.to_zoned(TimeZone::UTC).datetime();
    if at.time() == jiff::civil::Time::midnight() {
        at.date().to_string()
    } else {
        at.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

fn broken() -> FileFault {
    FileFault::new(
        "DAMAGED",
        Text::new(
            "Parquet 文件已损坏或不完整",
            "the Parquet file is damaged or cut off",
        ),
        Text::new("请重新导出", "export it again"),
    )
}

fn nested(column: &str) -> FileFault {
    FileFault::new(
        "NESTED",
        Text::new(
            format!("列 `{column}` 的值不是单个文字、数字或日期"),
            format!("the values of column `{column}` are not single texts, numbers or dates"),
        ),
        Text::new(
            "请导出平的表，每列一个值",
            "export a flat table, one value a column",
        ),
    )
    .at(column)
}

/// The one source, read from several places in turn.
struct Shared {
    source: Arc<Mutex<Box<dyn Source>>>,
    length: u64,
}

impl Shared {
    fn lock(source: &Mutex<Box<dyn Source>>) -> MutexGuard<'_, Box<dyn Source>> {
        source.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Length for Shared {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Shared {
    type T = From;

    fn get_read(&self, start: u64) -> ParquetResult<From> {
        Ok(From {
            source: Arc::clone(&self.source),
            at: start,
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<bytes::Bytes> {
        if start.saturating_add(length as u64) > self.length {
            return Err(ParquetError::EOF("beyond the end".to_owned()));
        }
        let mut bytes = vec![0; length];
        let mut source = Self::lock(&self.source);
        source.seek(SeekFrom::Start(start))?;
        source.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// A reader from one place on.
struct From {
    source: Arc<Mutex<Box<dyn Source>>>,
    at: u64,
}

impl Read for From {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let mut source = Shared::lock(&self.source);
        source.seek(SeekFrom::Start(self.at))?;
        let read = source.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}
