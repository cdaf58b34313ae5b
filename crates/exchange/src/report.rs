//! What became of a file: the counts, and every fault of every row.

use assess::Text;
use record::{LayoutCode, RecordNumber};
use serde::{Deserialize, Serialize};

use crate::cell::CellFault;
use crate::{Aliases, Layout, Row};

/// The most faults that a report lists. Beyond them they are only counted.
const ERRORS_MOST: usize = 100_000;
/// The longest value that a report repeats, in characters.
const VALUE_MOST_CHARS: usize = 80;

/// One fault of one row, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// The row as the officer sees it in the spreadsheet; the header is row 1.
    pub row: u32,
    /// The column's official code; empty if the fault is of the row as a whole.
    pub column: String,
    /// A stable code, e.g. `DATE-INVALID`.
    pub code: String,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
    /// The same in English.
    pub message_en: String,
    /// The cell as it stands in the file, cut to 80 characters. Identifiers of persons are masked.
    pub value: String,
}

impl RowError {
    /// A fault of a row.
    pub fn new(row: u32, column: &str, code: &str, text: Text, value: &str) -> Self {
        Self {
            row,
            column: column.to_owned(),
            code: code.to_owned(),
            message: text.zh,
            message_en: text.en,
            value: value.chars().take(VALUE_MOST_CHARS).collect(),
        }
    }

    pub(crate) fn of_cell(row: u32, column: &str, fault: CellFault, value: &str) -> Self {
        Self::new(row, column, fault.code, fault.text, value)
    }

    /// The row has the key of a record that is already held, and other content. It is refused, and may be
    /// handed in as a correction of that record.
    pub fn conflict(layout: &Layout, row: &Row, held: RecordNumber) -> Self {
        let column = layout.key_column();
        let value = column.and_then(|code| row.cell(layout, code)).unwrap_or_default();
        let text = Text::new(
            format!("同一文书已入库（记录 {held}），内容不同；若此行是对的，请作为更正报送"),
            format!(
                "record {held} holds this document with other content; if this row is right, hand it in as a correction"
            ),
        );
        Self::new(row.row, column.unwrap_or_default(), "CONFLICT", text, value)
    }

    /// The message in a language: English for `en` and its kin, Chinese for anything else.
    pub fn message_of(&self, language: &str) -> &str {
        if language == "en" || language.starts_with("en-") {
            &self.message_en
        } else {
            &self.message
        }
    }
}

/// Something that refuses no row but should be known, once for each code and column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The first row that has it.
    pub row: u32,
    /// The column's official code, or its header if the layout does not know it.
    pub column: String,
    /// A stable code: `LATE`, `USCC-CHECKSUM`, `COLUMN-UNKNOWN`.
    pub code: String,
    /// What it is, in Chinese.
    pub message: String,
    /// The same in English.
    pub message_en: String,
    /// How many rows have it.
    pub rows: u32,
}

/// What became of a row that was not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is a record and counts.
    Accepted,
    /// It is a record and waits for a second officer.
    Pending,
    /// It was already held.
    Duplicate,
    /// It is a record without effect until a person joins it to a subject.
    Unlinked,
}

/// What became of a file.
///
/// ```text
/// {"file","layout","rows","accepted","pending","duplicate","unlinked","refused",
///  "errors":[{"row","column","code","message","message_en","value"}], "notes":[…]}
/// ```
///
/// INVARIANT: rows = accepted + pending + duplicate + unlinked + refused; only [`Report::take`] and
/// [`Report::refuse`] count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The file's name.
    pub file: String,
    /// The layout it was read by.
    pub layout: Option<LayoutCode>,
    /// How many rows it has, the header and blank ones not counted.
    pub rows: u32,
    /// How many are records that count.
    pub accepted: u32,
    /// How many are records that wait for a second officer.
    pub pending: u32,
    /// How many were already held.
    pub duplicate: u32,
    /// How many wait for a person to join them to a subject.
    pub unlinked: u32,
    /// How many were refused.
    pub refused: u32,
    /// Every fault of every refused row, by row.
    pub errors: Vec<RowError>,
    /// How many more faults there are than a report lists.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub errors_left_out: u32,
    /// What should be known and refuses no row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl Report {
    /// Its counts on one line: `3 rows = 2 accepted + 0 pending + …`.
    pub fn counts_line(&self) -> String {
        format!(
            "{} rows = {} accepted + {} pending + {} duplicate + {} unlinked + {} refused",
            self.rows, self.accepted, self.pending, self.duplicate, self.unlinked, self.refused
        )
    }

    /// The report of a file of which no row was looked at yet.
    pub fn new(file: &str, layout: Option<&LayoutCode>) -> Self {
        Self {
            file: file.to_owned(),
            layout: layout.cloned(),
            rows: 0,
            accepted: 0,
            pending: 0,
            duplicate: 0,
            unlinked: 0,
            refused: 0,
            errors: Vec::new(),
            errors_left_out: 0,
            notes: Vec::new(),
        }
    }

    /// Counts a row that was not refused.
    pub fn take(&mut self, taken: Taken) {
        self.rows += 1;
        *match taken {
            Taken::Accepted => &mut self.accepted,
            Taken::Pending => &mut self.pending,
            Taken::Duplicate => &mut self.duplicate,
            Taken::Unlinked => &mut self.unlinked,
        } += 1;
    }

    /// Counts a row that was refused, with all its faults.
    pub fn refuse(&mut self, errors: Vec<RowError>) {
        self.rows += 1;
        self.refused += 1;
        for error in errors {
            if self.errors.len() < ERRORS_MOST {
                self.errors.push(error);
            } else {
                self.errors_left_out += 1;
            }
        }
    }

    /// Counts what should be known of a row, see [`Row::notes`] and [`crate::Intake::notes`].
    pub fn note(&mut self, notes: Vec<RowError>) {
        for note in notes {
            let known = self
                .notes
                .iter_mut()
                .find(|known| known.code == note.code && known.column == note.column);
            match known {
                Some(known) => known.rows += 1,
                None => self.notes.push(Note {
                    row: note.row,
                    column: note.column,
                    code: note.code,
                    message: note.message,
                    message_en: note.message_en,
                    rows: 1,
                }),
            }
        }
    }

    /// Whether every row was taken or already held.
    pub fn is_clean(&self) -> bool {
        self.refused == 0
    }
}

/// The refused rows as they stand in the file, kept so that they can be given back in a workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The file's headers.
    pub headers: Vec<String>,
    /// What the department's own headers mean.
    #[serde(default)]
    pub aliases: Aliases,
    /// The rows.
    pub rows: Vec<ReturnedRow>,
}

/// One refused row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedRow {
    /// Its number in the file.
    pub row: u32,
    /// Its cells as they stand there.
    pub cells: Vec<String>,
}

impl Returned {
    /// No rows yet, under these headers (see [`crate::Intake::headers`]).
    pub fn new(headers: &[String], aliases: Aliases) -> Self {
        Self {
            headers: headers.to_vec(),
            aliases,
            rows: Vec::new(),
        }
    }

    /// Keeps a refused row.
    pub fn keep(&mut self, row: &Row) {
        self.rows.push(ReturnedRow {
            row: row.row,
            cells: row.cells().map(str::to_owned).collect(),
        });
    }
}
