//! Bytes to rows of cells. Nothing here knows what a column means.

pub(crate) mod csv;
pub(crate) mod json;
mod parquet;
mod sheet;
pub(crate) mod spool;
pub(crate) mod text;
pub(crate) mod workbook;
mod xls;
mod xlsx;
mod xlsx_scan;

use crate::FileFault;

/// The most columns a file has.
pub(crate) const COLUMNS_MOST: usize = 256;
/// The longest cell, in characters: what a spreadsheet holds in one.
pub(crate) const CELL_MOST_CHARS: usize = 32_767;
/// The longest row, in bytes.
pub(crate) const ROW_MOST_BYTES: usize = 1 << 20;
/// The most rows of a CSV file.
pub(crate) const CSV_ROWS_MOST: u32 = 1_000_000_000;
/// The largest CSV file, in bytes.
pub(crate) const CSV_MOST_BYTES: u64 = 256 << 30;
/// The largest workbook or Parquet file, in bytes.
pub(crate) const WORKBOOK_MOST_BYTES: u64 = 128 << 20;

/// One row of a file: its number as the officer sees it there, and its cells.
///
/// The cells' text stands in one string, so that a wide row costs two allocations and not thirty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RawRow {
    /// The row's number in the spreadsheet; the first is 1.
    pub(crate) row: u32,
    text: String,
    ends: Vec<u32>,
    /// The file ended inside this row, without a line's end.
    pub(crate) unended: bool,
}

impl RawRow {
    pub(crate) fn new(row: u32) -> Self {
        Self {
            row,
            ..Self::default()
        }
    }

    /// An empty row with room for as much as the last one had, for the rows of a file are alike.
    pub(crate) fn after(row: u32, last: Room) -> Self {
        Self {
            row,
            text: String::with_capacity(last.bytes + last.bytes / 4),
            ends: Vec::with_capacity(last.cells),
            unended: false,
        }
    }

    /// How much it holds.
    pub(crate) fn room(&self) -> Room {
        Room {
            bytes: self.bytes(),
            cells: self.len(),
        }
    }

    /// Begins another row in the same place.
    pub(crate) fn begin(&mut self, row: u32) {
        self.row = row;
        self.text.clear();
        self.ends.clear();
        self.unended = false;
    }

    /// Adds to the text of the cell that is being read.
    pub(crate) fn push_text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Ends the cell that is being read.
    pub(crate) fn end_cell(&mut self) {
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// The cell in this place, empty if the row has none.
    pub(crate) fn cell(&self, place: usize) -> &str {
        let end = self.ends.get(place).map(|end| *end as usize);
        let from = match place.checked_sub(1) {
            None => Some(0),
            Some(before) => self.ends.get(before).map(|end| *end as usize),
        };
        match (from, end) {
            (Some(from), Some(end)) => self.text.get(from..end).unwrap_or_default(),
            _ => "",
        }
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|place| self.cell(place))
    }

    /// Whether all cells are blank.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// How much a row holds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Room {
    bytes: usize,
    cells: usize,
}

/// A stream of rows.
pub(crate) enum Rows {
    /// From a CSV file, chunk by chunk.
    Csv(csv::CsvRows),
    /// From an NDJSON file, line by line.
    Json(json::JsonRows),
    /// From a worksheet, held deflated.
    Sheet(spool::SpoolRows),
}

impl Rows {
    /// The next row that is not blank.
    pub(crate) fn next(&mut self) -> Result<Option<RawRow>, FileFault> {
        loop {
            let row = match self {
                Self::Csv(rows) => rows.next_row()?,
                Self::Json(rows) => rows.next_row()?,
                Self::Sheet(rows) => rows.next_row()?,
            };
            match row {
                Some(row) if row.is_blank() => {}
                other => return Ok(other),
            }
        }
    }
}
