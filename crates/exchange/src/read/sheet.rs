//! A worksheet's cells as text, row by row, whichever program wrote them.

use calamine::{DataType, Dimensions};

use super::spool::SpoolWriter;
use super::workbook::Stop;
use super::xlsx_scan::damaged;
use super::{CELL_MOST_CHARS, COLUMNS_MOST, RawRow};
use crate::fault::{row_place, too_large};

/// The most rows a worksheet has.
const ROWS_MOST: u32 = 1_048_576;
/// The most text of a workbook, in bytes.
const TEXT_MOST_BYTES: usize = 1 << 30;

/// Takes the cells of one sheet in their order and writes its rows.
///
/// A cell merged over several rows says the same of each of them that has anything else; a cell merged over columns
/// stands in its first.
pub(crate) struct SheetRows<'s, 'w> {
    writer: &'s mut SpoolWriter<'w>,
    open: Option<OpenRow>,
    /// Those not yet reached, the next one last.
    merges: Vec<Dimensions>,
    filling: Vec<Filling>,
    text_bytes: &'s mut usize,
}

/// A merged cell whose lower rows are still to come.
struct Filling {
    last: u32,
    column: usize,
    text: String,
}

impl<'s, 'w> SheetRows<'s, 'w> {
    /// `text_bytes` counts over all sheets of a workbook.
    pub(crate) fn new(
        writer: &'s mut SpoolWriter<'w>,
        mut merges: Vec<Dimensions>,
        text_bytes: &'s mut usize,
    ) -> Self {
        merges.retain(|merge| merge.end.0 > merge.start.0);
        merges.sort_by_key(|merge| std::cmp::Reverse(merge.start));
        Self {
            writer,
            open: None,
            merges,
            filling: Vec::new(),
            text_bytes,
        }
    }

    /// Takes a cell; both places count from 0.
    pub(crate) fn cell(&mut self, row: u32, column: u32, value: &impl DataType) -> Result<(), Stop> {
        let Some(text) = cell_text(value) else {
            return Ok(());
        };
        let (row, column) = (row.saturating_add(1), column as usize);
        let place = || row_place(row);
        if row > ROWS_MOST {
            return Err(too_large("rows", ROWS_MOST).into());
        }
        if column >= COLUMNS_MOST {
            return Err(too_large("columns", COLUMNS_MOST).at(place()).into());
        }
        if text.len() > CELL_MOST_CHARS && text.chars().count() > CELL_MOST_CHARS {
            return Err(too_large("characters of a cell", CELL_MOST_CHARS)
                .at(place())
                .into());
        }
        self.count(text.len())?;
        match &mut self.open {
            Some(current) if current.row == row => current.set(column, text),
            Some(current) if current.row > row => return Err(damaged().at(place()).into()),
            _ => {
                if let Some(before) = self.open.replace(OpenRow::new(row, column, text)) {
                    self.close(before)?;
                }
            }
        }
        Ok(())
    }

    /// Writes the last row.
    pub(crate) fn end(mut self) -> Result<(), Stop> {
        match self.open.take() {
            Some(last) => self.close(last),
            None => Ok(()),
        }
    }

    fn count(&mut self, bytes: usize) -> Result<(), Stop> {
        *self.text_bytes = self.text_bytes.saturating_add(bytes);
        if *self.text_bytes > TEXT_MOST_BYTES {
            return Err(too_large("bytes of text", TEXT_MOST_BYTES).into());
        }
        Ok(())
    }

    fn close(&mut self, mut row: OpenRow) -> Result<(), Stop> {
        self.filling.retain(|filling| filling.last >= row.row);
        let mut filled = 0;
        for filling in &self.filling {
            if row.cell(filling.column).is_empty() {
                filled += filling.text.len();
                row.set(filling.column, filling.text.clone());
            }
        }
        self.count(filled)?;
        while let Some(merge) = self.merges.pop_if(|merge| merge.start.0 < row.row) {
            let (first, column) = (merge.start.0.saturating_add(1), merge.start.1 as usize);
            let text = row.cell(column);
            if first == row.row && !text.is_empty() {
                self.filling.push(Filling {
                    last: merge.end.0.saturating_add(1),
                    column,
                    text: text.to_owned(),
                });
            }
        }
        Ok(self.writer.row(&row.close())?)
    }
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

    fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
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
fn cell_text(value: &impl DataType) -> Option<String> {
    let text = if let Some(text) = value
        .get_string()
        .or_else(|| value.get_datetime_iso())
        .or_else(|| value.get_duration_iso())
    {
        text.to_owned()
    } else if let Some(number) = value.get_int() {
        number.to_string()
    } else if let Some(number) = value.get_float() {
        number_text(number)
    } else if let Some(yes) = value.get_bool() {
        if yes { "TRUE" } else { "FALSE" }.to_owned()
    } else if let Some(error) = value.get_error() {
        error.to_string()
    } else {
        let date = value.get_datetime()?;
        if date.is_datetime() && date.as_f64() >= 1.0 {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            if (hour, minute, second) == (0, 0, 0) {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
            }
        } else {
            number_text(date.as_f64())
        }
    };
    (!text.is_empty()).then_some(text)
}

/// A number with the fifteen digits that a spreadsheet keeps: 0.1 + 0.2 is `0.3`, and an identifier of
/// eighteen digits that was taken for a number shows its exponent, so that it is not mistaken for whole.
pub(crate) fn number_text(number: f64) -> String {
    if number.abs() >= 1e15 || !number.is_finite() {
        return format!("{number:e}");
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
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
