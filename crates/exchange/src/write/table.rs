//! Tables of figures as a workbook.

use rust_xlsxwriter::Format;

use super::workbook::{WorkbookFault, dated_workbook};

/// The longest name of a sheet that the format takes.
const NAME_MOST: usize = 31;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetCell {
    /// Words. They are written as words, whatever they begin with.
    Text(String),
    /// A count, by which one can reckon on.
    Number(u64),
}

/// One sheet: its name, what its columns are called, and its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// The headings.
    pub heads: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<SheetCell>>,
}

/// Tables as a workbook, one a sheet. The same tables give the same bytes.
///
/// # Errors
/// When the workbook cannot be written: two sheets of one name, or more rows than the format takes.
pub fn sheets_workbook(sheets: &[Sheet]) -> Result<Vec<u8>, WorkbookFault> {
    let mut workbook = dated_workbook();
    let bold = Format::new().set_bold();
    for table in sheets {
        let sheet = workbook.add_worksheet();
        let name: String = table.name.chars().filter(|c| !"[]:*?/\\".contains(*c)).collect();
        sheet.set_name(name.chars().take(NAME_MOST).collect::<String>())?;
        sheet.set_freeze_panes(1, 0)?;
        for (place, head) in (0_u16..).zip(&table.heads) {
            sheet.write_string_with_format(0, place, head, &bold)?;
        }
        for (line, row) in (1_u32..).zip(&table.rows) {
            for (place, cell) in (0_u16..).zip(row) {
                match cell {
                    SheetCell::Text(text) => sheet.write_string(line, place, text)?,
                    // Whole to 2 to the 53rd, which no count here comes to.
                    SheetCell::Number(number) => sheet.write_number(line, place, as_number(*number))?,
                };
            }
        }
        sheet.set_column_width(0, 36)?;
    }
    Ok(workbook.save_to_buffer()?)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2 to the 53rd")]
fn as_number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_tables_are_the_same_bytes() {
        let sheet = Sheet {
            name: "记录/来源".into(),
            heads: vec!["来源".into(), "条".into()],
            rows: vec![vec![SheetCell::Text("=1+1".into()), SheetCell::Number(1204)]],
        };
        let bytes = sheets_workbook(std::slice::from_ref(&sheet)).unwrap();
        assert_eq!(bytes.get(..2), Some(&b"PK"[..]));
        assert_eq!(bytes, sheets_workbook(&[sheet]).unwrap());
    }
}
