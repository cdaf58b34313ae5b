//! Files in and out: readers, layouts, row-level reports, workbooks.
//!
//! ```text
//! SourceFile ─► Intake(bundle, layout, source, today) ─► rows: Record or faults ─► Report · error workbook
//! ```
//!
//! It does **not** know: the store, the clock, who hands in, or which subject a row is about. It writes
//! nothing down. A file is looked through to its end before its first row is given out, so that an unreadable
//! file takes nothing in.

#![warn(missing_docs)]

mod cell;
mod fault;
mod file;
#[cfg(fuzzing)]
pub mod fuzzing;
mod intake;
mod layout;
mod read;
mod reader;
mod report;
mod write;

pub use fault::FileFault;
pub use file::{Format, Peek, SourceFile};
pub use intake::{Intake, Row};
pub use layout::{Aliases, Column, Layout, Layouts, Proposal, infer_layout};
pub use reader::{READER_COMMAND, Reader, serve_reader};
pub use report::{Note, Report, Returned, ReturnedRow, RowError, Taken};
pub use write::{
    CsvEncoding, Sheet, SheetCell, WorkbookFault, csv_bytes, error_workbook, sheets_workbook,
    template_workbook,
};
