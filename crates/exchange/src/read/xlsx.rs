//! XLSX: the visible worksheets, cell by cell, under caps. Never the dense rectangle, which two cells far
//! apart would make as large as one likes.

use std::io::BufReader;

use assess::Text;
use calamine::{Reader, SheetType, SheetVisible, Xlsx};

use super::sheet::SheetRows;
use super::spool::{SheetNote, SpoolWriter};
use super::workbook::{Source, Stop};
use super::xlsx_scan::{damaged, scan};
use crate::FileFault;

/// Writes the visible worksheets out, in their order.
pub(crate) fn copy_out(source: &mut Box<dyn Source>, writer: &mut SpoolWriter<'_>) -> Result<(), Stop> {
    let found = scan(source)?;
    let mut workbook = Xlsx::new(BufReader::new(source)).map_err(|_| damaged())?;
    let mut text_bytes = 0;
    for name in visible(workbook.sheets_metadata().iter())? {
        let merges = if found.has_merges {
            workbook.merge_cells_by_sheet_name(&name).map_err(|_| damaged())?
        } else {
            Vec::new()
        };
        writer.sheet(&name)?;
        let mut rows = SheetRows::new(writer, merges, &mut text_bytes);
        let mut cells = workbook.worksheet_cells_reader(&name).map_err(|_| damaged())?;
        while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
            let (row, column) = cell.get_position();
            rows.cell(row, column, cell.get_value())?;
        }
        rows.end()?;
        if found.formulas > 0 {
            writer.note(SheetNote::Formulas(found.formulas))?;
        }
    }
    Ok(())
}

/// The names of the worksheets that one sees.
pub(crate) fn visible<'s>(
    sheets: impl Iterator<Item = &'s calamine::Sheet>,
) -> Result<Vec<String>, FileFault> {
    let visible =
        sheets.filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    if names.is_empty() {
        Err(no_sheet())
    } else {
        Ok(names)
    }
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
