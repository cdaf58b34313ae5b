//! CSV: commas, tabs or semicolons, quoted cells with line breaks inside, any line ending.
//!
//! An own reader of RFC 4180, because three things matter here that readers of tables leave out: rows are
//! counted as a spreadsheet counts them (blank lines included, line breaks inside a cell not), a quote that is
//! never closed is a fault with the row where it was opened, and no cell or row may grow without bound.

use assess::Text;
use encoding_rs::Encoding;

use super::text::{Data, Decoded};
use super::{CELL_MOST_CHARS, COLUMNS_MOST, CSV_ROWS_MOST, ROW_MOST_BYTES, RawRow, Room};
use crate::FileFault;
use crate::fault::{row_place, too_large};

/// Where the reader stands within a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    Plain,
    Quoted,
    /// After a quote inside a quoted cell: it closes the cell, or another follows and both are one.
    AfterQuote,
}

/// A stream of the rows of a CSV file.
pub(crate) struct CsvRows {
    text: Decoded,
    delimiter: u8,
    chunk: String,
    at: usize,
    row: u32,
    last: Room,
    /// The last byte was a carriage return, so that a line feed belongs to it.
    after_return: bool,
    ended: bool,
}

impl CsvRows {
    pub(crate) fn new(data: &Data, encoding: &'static Encoding, delimiter: u8) -> Result<Self, FileFault> {
        Ok(Self {
            text: Decoded::new(data.reader()?, encoding),
            delimiter,
            chunk: String::new(),
            at: 0,
            row: 0,
            last: Room::default(),
            after_return: false,
            ended: false,
        })
    }

    /// The next row, blank ones included.
    pub(crate) fn next_row(&mut self) -> Result<Option<RawRow>, FileFault> {
        let mut row = RawRow::after(self.row, self.last);
        let found = self.read_row(&mut row)?;
        self.last = row.room();
        Ok(found.then_some(row))
    }

    /// How many rows there are from here on that are not blank, each of which can be read.
    pub(crate) fn count(mut self) -> Result<u32, FileFault> {
        let mut row = RawRow::default();
        let mut count = 0;
        while self.read_row(&mut row)? {
            count += u32::from(!row.is_blank());
        }
        Ok(count)
    }

    /// Reads the next row into this one. False at the end of the file.
    fn read_row(&mut self, row: &mut RawRow) -> Result<bool, FileFault> {
        row.begin(self.row.saturating_add(1));
        let mut state = State::CellStart;
        let mut begun = false;
        loop {
            if self.at >= self.chunk.len() {
                if self.ended || !self.text.next_into(&mut self.chunk)? {
                    self.ended = true;
                    return self.end_of_file(row, state, begun);
                }
                self.at = 0;
            }
            if std::mem::take(&mut self.after_return) && self.peek() == Some(b'\n') {
                self.at += 1;
                continue;
            }
            begun = true;
            if self.step(row, &mut state) {
                return self.end_row(row);
            }
            if row.bytes() > ROW_MOST_BYTES {
                return Err(endless(row.row, state));
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.chunk.as_bytes().get(self.at).copied()
    }

    /// Takes the plain text that lies ahead, or one meaningful byte. True at the row's end.
    fn step(&mut self, row: &mut RawRow, state: &mut State) -> bool {
        let rest = self.chunk.get(self.at..).unwrap_or_default();
        if *state == State::Quoted {
            let plain = rest.find('"').unwrap_or(rest.len());
            row.push_text(rest.get(..plain).unwrap_or_default());
            self.at += plain;
            if plain < rest.len() {
                self.at += 1;
                *state = State::AfterQuote;
            }
            return false;
        }
        let delimiter = self.delimiter;
        let special = |b: u8| b == delimiter || matches!(b, b'\n' | b'\r' | b'"');
        let plain = rest.bytes().position(special).unwrap_or(rest.len());
        if plain > 0 {
            // After a closing quote more text is not proper, but it is kept rather than lost.
            row.push_text(rest.get(..plain).unwrap_or_default());
            self.at += plain;
            *state = State::Plain;
            return false;
        }
        self.at += 1;
        match rest.bytes().next() {
            Some(b'"') if *state == State::CellStart => *state = State::Quoted,
            Some(b'"') => {
                row.push_text("\"");
                if *state == State::AfterQuote {
                    *state = State::Quoted;
                }
            }
            Some(b'\n') => return true,
            Some(b'\r') => {
                self.after_return = true;
                return true;
            }
            _ => {
                row.end_cell();
                *state = State::CellStart;
            }
        }
        false
    }

    fn end_row(&mut self, row: &mut RawRow) -> Result<bool, FileFault> {
        row.end_cell();
        self.row = row.row;
        if row.row > CSV_ROWS_MOST {
            return Err(too_large("rows", CSV_ROWS_MOST));
        }
        if row.len() > COLUMNS_MOST {
            return Err(too_large("columns", COLUMNS_MOST).at(row_place(row.row)));
        }
        let long = row.bytes() > CELL_MOST_CHARS
            && row
                .cells()
                .any(|cell| cell.len() > CELL_MOST_CHARS && cell.chars().count() > CELL_MOST_CHARS);
        if long {
            return Err(too_large("characters of a cell", CELL_MOST_CHARS).at(row_place(row.row)));
        }
        Ok(true)
    }

    fn end_of_file(&mut self, row: &mut RawRow, state: State, begun: bool) -> Result<bool, FileFault> {
        if state == State::Quoted {
            return Err(unclosed(row.row));
        }
        if !begun {
            return Ok(false);
        }
        row.unended = true;
        self.end_row(row)
    }
}

fn endless(row: u32, state: State) -> FileFault {
    if state == State::Quoted {
        unclosed(row)
    } else {
        too_large("bytes of a row", ROW_MOST_BYTES).at(row_place(row))
    }
}

fn unclosed(row: u32) -> FileFault {
    FileFault::new(
        "QUOTE-UNCLOSED",
        Text::new(
            "有一个双引号没有配对，后面的行都被吞进一个单元格",
            "a double quote is never closed, so that the rows after it run into one cell",
        ),
        Text::new(
            "请在该行补上或删去双引号，或另存为 XLSX",
            "close or remove the quote in that row, or save as XLSX",
        ),
    )
    .at(row_place(row))
}

/// Which character parts the cells: the one that the first line has most of outside quotes.
pub(crate) fn find_delimiter(first_text: &str) -> u8 {
    let mut counts = [(b',', 0_usize), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    for b in first_text.bytes() {
        match b {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted && counts.iter().any(|(_, n)| *n > 0) => break,
            _ if quoted => {}
            _ => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(*delimiter == b);
                }
            }
        }
    }
    // The first of equals wins, which is the comma.
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts
        .iter()
        .find(|(_, count)| *count == most)
        .map_or(b',', |(delimiter, _)| *delimiter)
}

#[cfg(test)]
mod tests {
    use encoding_rs::UTF_8;

    use super::*;

    fn read(text: &str) -> Result<Vec<(u32, Vec<String>)>, FileFault> {
        let delimiter = find_delimiter(text);
        let mut rows = CsvRows::new(&Data::Bytes(text.as_bytes().into()), UTF_8, delimiter)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next_row()? {
            found.push((row.row, row.cells().map(str::to_owned).collect()));
        }
        Ok(found)
    }

    fn check(text: &str, expect: &[(u32, &[&str])]) {
        let found = read(text).unwrap();
        let expect: Vec<(u32, Vec<String>)> = expect
            .iter()
            .map(|(row, cells)| (*row, cells.iter().map(|c| (*c).to_owned()).collect()))
            .collect();
        assert_eq!(found, expect, "{text:?}");
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        check("a,b\n1,2\n", &[(1, &["a", "b"]), (2, &["1", "2"])]);
        check("a,b\r\n1,2", &[(1, &["a", "b"]), (2, &["1", "2"])]);
        check("a\tb\r1\t2\r", &[(1, &["a", "b"]), (2, &["1", "2"])]);
        check("a;b\n\n1;2\n", &[(1, &["a", "b"]), (2, &[""]), (3, &["1", "2"])]);
        check(
            "a,b\n\"x\ny\",2\n3,4\n",
            &[(1, &["a", "b"]), (2, &["x\ny", "2"]), (3, &["3", "4"])],
        );
        check("a,b\n\"x\"\"y\",\"\"\n", &[(1, &["a", "b"]), (2, &["x\"y", ""])]);
        check(
            "a,b\n5\" pipe,\"x\" y\n",
            &[(1, &["a", "b"]), (2, &["5\" pipe", "x y"])],
        );
        check("", &[]);
        check(",\n", &[(1, &["", ""])]);
    }

    #[test]
    fn a_quote_never_closed_names_its_row() {
        let fault = read("a,b\n1,2\n3,\"4\n5,6\n").unwrap_err();
        assert_eq!(
            (fault.code.as_str(), fault.place.as_str()),
            ("QUOTE-UNCLOSED", "row 3")
        );
        let long = format!("a,b\n1,\"{}", "x\n".repeat(ROW_MOST_BYTES));
        assert_eq!(read(&long).unwrap_err().code, "QUOTE-UNCLOSED");
    }

    proptest::proptest! {
        /// What another reader of tables makes of a well-formed file, this one makes of it too.
        #[test]
        fn agrees_with_a_reader_nobody_here_wrote(
            rows in proptest::collection::vec(proptest::collection::vec("[a-z,;\"\n\r 禅城]{0,6}", 3), 1..8)
        ) {
            let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let mut found = CsvRows::new(&Data::Bytes(text.into_bytes().into()), UTF_8, b',').unwrap();
            for row in &rows {
                let read = found.next_row().unwrap().unwrap();
                proptest::prop_assert_eq!(read.cells().collect::<Vec<_>>(), row.iter().map(String::as_str).collect::<Vec<_>>());
            }
            proptest::prop_assert!(found.next_row().unwrap().is_none());
        }
    }
}
