//! XLSX: the visible worksheets, cell by cell, under caps. Never the dense rectangle, which two cells far
//! apart would make as large as one likes.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use assess::Text;
use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx};

use super::xlsx_scan::{damaged, scan};
use super::{CELL_MOST_CHARS, COLUMNS_MOST, RawRow};
use crate::FileFault;
use crate::fault::{row_place, too_large};

/// The most rows a worksheet has.
const ROWS_MOST: u32 = 1_048_576;
/// The most that merged ranges fill, in bytes of text, a short cell counted as 64.
const FILLED_MOST_BYTES: usize = 128 << 20;
/// The most worksheets of a workbook.
const SHEETS_MOST: usize = 64;
/// The most text of a workbook that is held, in bytes.
const TEXT_MOST_BYTES: usize = 256 << 20;

/// A visible worksheet with something in it.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    /// Those with a cell with something in it.
    pub(crate) rows: Vec<RawRow>,
}

/// The visible worksheets, in their order, without the empty ones.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, FileFault> {
    let has_merges = scan(bytes)?;
    // The readers behind were written by others for honest files; whatever a hostile one makes them do ends here.
    catch_unwind(AssertUnwindSafe(|| read_sheets(bytes, has_merges))).unwrap_or_else(|_| Err(damaged()))
}

fn read_sheets(bytes: &[u8], has_merges: bool) -> Result<Vec<Sheet>, FileFault> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let metadata = workbook.sheets_metadata().iter();
    let visible =
        metadata.filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    if names.is_empty() {
        return Err(no_sheet());
    }
    if names.len() > SHEETS_MOST {
        return Err(too_large("worksheets", SHEETS_MOST));
    }
    let mut text_bytes = 0;
    let mut sheets = Vec::new();
    for name in names {
        let rows = read_sheet(&mut workbook, &name, has_merges, &mut text_bytes)?;
        if rows.iter().any(|row| !row.is_blank()) {
            sheets.push(Sheet { name, rows });
        }
    }
    Ok(sheets)
}

fn read_sheet(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    has_merges: bool,
    text_bytes: &mut usize,
) -> Result<Vec<RawRow>, FileFault> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(|_| damaged())?;
    let mut rows = Vec::new();
    let mut open: Option<OpenRow> = None;
    while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
        let (row, column) = cell.get_position();
        let Some(text) = cell_text(cell.get_value()) else {
            continue;
        };
        let (row, column) = (row.saturating_add(1), column as usize);
        let place = || row_place(row);
        if row > ROWS_MOST {
            return Err(too_large("rows", ROWS_MOST));
        }
        if column >= COLUMNS_MOST {
            return Err(too_large("columns", COLUMNS_MOST).at(place()));
        }
        if text.len() > CELL_MOST_CHARS && text.chars().count() > CELL_MOST_CHARS {
            return Err(too_large("characters of a cell", CELL_MOST_CHARS).at(place()));
        }
        *text_bytes += text.len();
        if *text_bytes > TEXT_MOST_BYTES {
            return Err(too_large("bytes of text", TEXT_MOST_BYTES));
        }
        match &mut open {
            Some(current) if current.row == row => current.set(column, text),
            Some(current) if current.row > row => return Err(damaged().at(place())),
            _ => {
                let before = open.replace(OpenRow::new(row, column, text));
                rows.extend(before.map(OpenRow::close));
            }
        }
    }
    rows.extend(open.map(OpenRow::close));
    drop(cells);
    if has_merges {
        let merges = workbook.merge_cells_by_sheet_name(sheet).map_err(|_| damaged())?;
        fill_down(&mut rows, &merges)?;
    }
    Ok(rows)
}

/// A cell merged over several rows says the same of each of them; a cell merged over columns stands in its first.
/// Rows that have nothing else stay away.
fn fill_down(rows: &mut [RawRow], merges: &[Dimensions]) -> Result<(), FileFault> {
    let mut filled = 0_usize;
    for merge in merges.iter().filter(|merge| merge.end.0 > merge.start.0) {
        let (first, column) = (merge.start.0.saturating_add(1), merge.start.1 as usize);
        let last = merge.end.0.saturating_add(1);
        let from = rows.partition_point(|row| row.row < first);
        let until = rows.partition_point(|row| row.row <= last);
        let Some([top, below @ ..]) = rows.get_mut(from..until) else {
            continue;
        };
        let text = top.cell(column).to_owned();
        if top.row != first || text.is_empty() || column >= COLUMNS_MOST {
            continue;
        }
        // Ranges of an honest sheet do not overlap, so that no row is filled more often than it has columns.
        filled = filled.saturating_add(below.len().saturating_mul(text.len().max(64)));
        if filled > FILLED_MOST_BYTES {
            return Err(too_large("bytes of merged cells", FILLED_MOST_BYTES));
        }
        for row in below.iter_mut().filter(|row| row.cell(column).is_empty()) {
            let mut open = OpenRow {
                row: row.row,
                cells: row.cells().map(str::to_owned).collect(),
            };
            open.set(column, text.clone());
            *row = open.close();
        }
    }
    Ok(())
}

/// A row whose cells are still coming in.
struct OpenRow {
    row: u32,
    cells: Vec<String>,
}

impl OpenRow {
    fn new(row: u32, column: usize, text: String) -> Self {
        let mut open = Self {
            row,
            cells: Vec::new(),
        };
        open.set(column, text);
        open
    }

    fn set(&mut self, column: usize, text: String) {
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = text;
        }
    }

    fn close(self) -> RawRow {
        let mut row = RawRow::new(self.row);
        for cell in &self.cells {
            row.push_text(cell);
            row.end_cell();
        }
        row
    }
}

/// The text of a cell as a person would type it; `None` if there is nothing in it.
fn cell_text(value: &DataRef<'_>) -> Option<String> {
    let text = match value {
        DataRef::Empty => return None,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::Error(error) => error.to_string(),
        DataRef::DateTime(date) if date.is_datetime() && date.as_f64() >= 1.0 => {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            if (hour, minute, second) == (0, 0, 0) {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
            }
        }
        DataRef::DateTime(date) => number_text(date.as_f64()),
    };
    (!text.is_empty()).then_some(text)
}

/// A number with the fifteen digits that a spreadsheet keeps: 0.1 + 0.2 is `0.3`, and an identifier of
/// eighteen digits that was taken for a number shows its exponent, so that it is not mistaken for whole.
fn number_text(number: f64) -> String {
    if number.abs() >= 1e15 || !number.is_finite() {
        return format!("{number:e}");
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

fn no_sheet() -> FileFault {
    FileFault::new(
        "EMPTY",
        Text::new(
            "工作簿里没有可见的工作表",
            "the workbook has no visible worksheet",
        ),
        Text::new(
            "请把数据放在第一个工作表",
            "put the rows into the first worksheet",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_type_them() {
        for (number, text) in [
            (5.0, "5"),
            (0.1 + 0.2, "0.3"),
            (45_356.0, "45356"),
            (-0.000_001, "-0.000001"),
            (440_604_198_001_012_345.0, "4.4060419800101235e17"),
        ] {
            assert_eq!(number_text(number), text);
        }
    }
}
