//! XLS, the workbook of 1997 to 2003. Its reader makes the dense rectangle, up to half a gigabyte of it, which is why files
//! are read by a process with bounds of its own.

use std::io::{BufReader, Read as _, Seek as _, SeekFrom};

use assess::Text;
use calamine::{Reader, Xls, XlsError};

use super::sheet::SheetRows;
use super::spool::SpoolWriter;
use super::workbook::{Source, Stop};
use super::xlsx::visible;
use super::xlsx_scan::damaged;
use crate::FileFault;
use crate::fault::unreadable;

/// Writes the visible worksheets out, in their order.
pub(crate) fn copy_out(source: &mut Box<dyn Source>, writer: &mut SpoolWriter<'_>) -> Result<(), Stop> {
    match copy_sheets(source, writer) {
        Err(Stop::Fault(fault)) if fault == damaged() && is_encrypted(source)? => Err(locked().into()),
        copied => copied,
    }
}

fn copy_sheets(source: &mut Box<dyn Source>, writer: &mut SpoolWriter<'_>) -> Result<(), Stop> {
    let mut workbook = Xls::new(BufReader::new(source)).map_err(|error| match error {
        XlsError::Password => locked(),
        _ => damaged(),
    })?;
    let mut text_bytes = 0;
    for name in visible(workbook.sheets_metadata().iter())? {
        let merges = workbook.merge_cells_by_sheet_name(&name).map_err(|_| damaged())?;
        let range = workbook.worksheet_range(&name).map_err(|_| damaged())?;
        let (top, left) = range.start().unwrap_or_default();
        writer.sheet(&name)?;
        let mut rows = SheetRows::new(writer, merges, &mut text_bytes);
        for (row, column, value) in range.used_cells() {
            let from = |start: u32, n: usize| start.saturating_add(u32::try_from(n).unwrap_or(u32::MAX));
            rows.cell(from(top, row), from(left, column), value)?;
        }
        rows.end()?;
    }
    Ok(())
}

/// Whether this is the shell around an encrypted XLSX: the name of its stream, in UTF-16, stands in the directory.
fn is_encrypted(source: &mut Box<dyn Source>) -> Result<bool, FileFault> {
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut bytes = Vec::new();
    source
        .seek(SeekFrom::Start(0))
        .and_then(|_| source.read_to_end(&mut bytes))
        .map_err(|error| unreadable(&error))?;
    Ok(bytes.windows(name.len()).any(|window| window == name))
}

fn locked() -> FileFault {
    FileFault::new(
        "PASSWORD",
        Text::new(
            "工作簿设有打开密码，无法读取",
            "the workbook is locked with a password and cannot be read",
        ),
        Text::new(
            "请用表格软件打开，去掉密码后另存为 XLSX",
            "open it in a spreadsheet program, remove the password and save it as XLSX",
        ),
    )
}
