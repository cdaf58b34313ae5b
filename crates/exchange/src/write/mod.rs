//! Files out: the workbook of refused rows, templates, CSV.

mod csv;
mod table;
mod workbook;

pub use csv::{CsvEncoding, csv_bytes};
pub use table::{Sheet, SheetCell, sheets_workbook};
pub use workbook::{WorkbookFault, error_workbook, template_workbook};
