//! Rows of a workbook between the process that reads it and the one that takes them in: frames on a pipe, rows deflated.
//!
//! ```text
//! S name · R rows · R rows · N note · S name · R rows · … · E      or, at any place,      X fault
//! ```
//!
//! A frame is a letter, a length (4 bytes, little-endian) and so many bytes. The reading end believes nothing: whoever took
//! over the process that reads could write anything. Nothing of it touches a disk, and held deflated a workbook of a million
//! rows takes tens of megabytes.

use std::io::{Read, Write};
use std::vec;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use super::xlsx_scan::damaged;
use super::{CELL_MOST_CHARS, COLUMNS_MOST, RawRow};
use crate::FileFault;
use crate::fault::too_large;

/// Bytes of rows that are deflated together.
const BLOCK_BYTES: usize = 256 << 10;
/// The most bytes of a frame: a block, and a row that came on top of it.
const FRAME_MOST_BYTES: usize = 4 << 20;
/// The most worksheets of a workbook.
const SHEETS_MOST: usize = 64;
/// The most deflated bytes that are held of one file.
const HELD_MOST_BYTES: usize = 192 << 20;

/// Something to know of a table as a whole that refuses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SheetNote {
    /// So many cells hold a formula; their last computed values were read.
    Formulas(u64),
}

/// The end that writes.
pub(crate) struct SpoolWriter<'w> {
    out: &'w mut dyn Write,
    block: Vec<u8>,
    count: u32,
    /// The sheet's name, until it has a row.
    name: Option<String>,
}

impl<'w> SpoolWriter<'w> {
    pub(crate) fn new(out: &'w mut dyn Write) -> Self {
        Self {
            out,
            block: Vec::new(),
            count: 0,
            name: None,
        }
    }

    /// Begins a sheet. One without a row that is not blank is left out.
    pub(crate) fn sheet(&mut self, name: &str) -> std::io::Result<()> {
        self.end_block()?;
        self.name = Some(name.to_owned());
        Ok(())
    }

    pub(crate) fn row(&mut self, row: &RawRow) -> std::io::Result<()> {
        if row.is_blank() {
            return Ok(());
        }
        if let Some(name) = self.name.take() {
            self.frame(b'S', name.as_bytes())?;
        }
        self.block.extend(row.row.to_le_bytes());
        let length = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes();
        self.block.extend(length(row.len()));
        for cell in row.cells() {
            self.block.extend(length(cell.len()));
            self.block.extend(cell.as_bytes());
        }
        self.count += 1;
        if self.block.len() >= BLOCK_BYTES {
            self.end_block()?;
        }
        Ok(())
    }

    /// A note on the sheet whose rows were written last.
    pub(crate) fn note(&mut self, note: SheetNote) -> std::io::Result<()> {
        self.end_block()?;
        if self.name.is_none() {
            self.frame(b'N', &serde_json::to_vec(&note)?)?;
        }
        Ok(())
    }

    pub(crate) fn end(mut self) -> std::io::Result<()> {
        self.end_block()?;
        self.frame(b'E', b"")?;
        self.out.flush()
    }

    pub(crate) fn fault(mut self, fault: &FileFault) -> std::io::Result<()> {
        self.frame(b'X', &serde_json::to_vec(fault)?)?;
        self.out.flush()
    }

    fn end_block(&mut self) -> std::io::Result<()> {
        if self.block.is_empty() {
            return Ok(());
        }
        let mut payload = self.count.to_le_bytes().to_vec();
        let mut encoder = DeflateEncoder::new(&mut payload, Compression::fast());
        encoder.write_all(&self.block)?;
        encoder.finish()?;
        self.block.clear();
        self.count = 0;
        self.frame(b'R', &payload)
    }

    fn frame(&mut self, letter: u8, payload: &[u8]) -> std::io::Result<()> {
        let length = u32::try_from(payload.len()).map_err(std::io::Error::other)?;
        self.out.write_all(&[letter])?;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(payload)
    }
}

/// A visible worksheet with something in it, its rows deflated.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// Its name; empty for a table that stands alone in its file.
    pub(crate) name: String,
    /// How many rows it has, none of them blank.
    pub(crate) row_count: u32,
    pub(crate) notes: Vec<SheetNote>,
    blocks: Vec<Vec<u8>>,
}

impl Sheet {
    /// Its name, if it has one.
    pub(crate) fn title(&self) -> Option<String> {
        Some(self.name.clone()).filter(|name| !name.is_empty())
    }

    /// Its first rows, which stay.
    pub(crate) fn first_rows(&self) -> SpoolRows {
        let first: Vec<Vec<u8>> = self.blocks.iter().take(1).cloned().collect();
        SpoolRows {
            blocks: first.into_iter(),
            open: Vec::new(),
            at: 0,
        }
    }

    pub(crate) fn into_rows(self) -> SpoolRows {
        SpoolRows {
            blocks: self.blocks.into_iter(),
            open: Vec::new(),
            at: 0,
        }
    }
}

/// The end that reads: all frames to the last, or the fault among them. `None` if the writer ended before its time.
pub(crate) fn gather(from: &mut dyn Read) -> Option<Result<Vec<Sheet>, FileFault>> {
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut held = 0;
    loop {
        let (letter, payload) = next_frame(from)?;
        held += payload.len();
        if held > HELD_MOST_BYTES {
            return Some(Err(too_large("bytes of rows, deflated", HELD_MOST_BYTES)));
        }
        match letter {
            b'E' => return Some(Ok(sheets)),
            b'X' => return Some(Err(serde_json::from_slice(&payload).unwrap_or_else(|_| damaged()))),
            b'S' => sheets.push(Sheet {
                name: String::from_utf8(payload).ok()?,
                row_count: 0,
                notes: Vec::new(),
                blocks: Vec::new(),
            }),
            b'R' => {
                let (count, deflated) = payload.split_first_chunk::<4>()?;
                let sheet = sheets.last_mut()?;
                sheet.row_count = sheet.row_count.saturating_add(u32::from_le_bytes(*count));
                sheet.blocks.push(deflated.to_vec());
            }
            b'N' => sheets
                .last_mut()?
                .notes
                .push(serde_json::from_slice(&payload).ok()?),
            _ => return None,
        }
        if sheets.len() > SHEETS_MOST {
            return Some(Err(too_large("worksheets", SHEETS_MOST)));
        }
    }
}

fn next_frame(from: &mut dyn Read) -> Option<(u8, Vec<u8>)> {
    let mut head = [0; 5];
    from.read_exact(&mut head).ok()?;
    let [letter, length @ ..] = head;
    let length = usize::try_from(u32::from_le_bytes(length)).ok()?;
    if length > FRAME_MOST_BYTES {
        return None;
    }
    let mut payload = vec![0; length];
    from.read_exact(&mut payload).ok()?;
    Some((letter, payload))
}

/// A stream of the rows of a sheet, inflated block by block.
pub(crate) struct SpoolRows {
    blocks: vec::IntoIter<Vec<u8>>,
    open: Vec<u8>,
    at: usize,
}

impl SpoolRows {
    pub(crate) fn next_row(&mut self) -> Result<Option<RawRow>, FileFault> {
        while self.at >= self.open.len() {
            let Some(block) = self.blocks.next() else {
                return Ok(None);
            };
            self.open.clear();
            self.at = 0;
            let most = u64::try_from(FRAME_MOST_BYTES).unwrap_or(u64::MAX);
            DeflateDecoder::new(block.as_slice())
                .take(most)
                .read_to_end(&mut self.open)
                .map_err(|_| damaged())?;
        }
        self.take_row().ok_or_else(damaged).map(Some)
    }

    fn take_row(&mut self) -> Option<RawRow> {
        let mut row = RawRow::new(self.take_number()?);
        let cells = self.take_number()? as usize;
        if cells > COLUMNS_MOST {
            return None;
        }
        for _ in 0..cells {
            let length = self.take_number()? as usize;
            let bytes = self.open.get(self.at..self.at.checked_add(length)?)?;
            if length > CELL_MOST_CHARS * 4 {
                return None;
            }
            row.push_text(std::str::from_utf8(bytes).ok()?);
            row.end_cell();
            self.at += length;
        }
        Some(row)
    }

    fn take_number(&mut self) -> Option<u32> {
        let number = self.open.get(self.at..)?.first_chunk::<4>()?;
        self.at += 4;
        Some(u32::from_le_bytes(*number))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(number: u32, cells: &[String]) -> RawRow {
        let mut row = RawRow::new(number);
        for cell in cells {
            row.push_text(cell);
            row.end_cell();
        }
        row
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            sheets in proptest::collection::vec(proptest::collection::vec(proptest::collection::vec("\\PC{0,9}", 1..5), 0..40), 0..4)
        ) {
            let mut bytes = Vec::new();
            let mut writer = SpoolWriter::new(&mut bytes);
            let mut expect = Vec::new();
            for (place, rows) in sheets.iter().enumerate() {
                writer.sheet(&place.to_string()).unwrap();
                let rows: Vec<RawRow> = (1..).zip(rows).map(|(number, cells)| row(number, cells)).collect();
                for row in &rows {
                    writer.row(row).unwrap();
                }
                let rows: Vec<RawRow> = rows.into_iter().filter(|row| !row.is_blank()).collect();
                if !rows.is_empty() {
                    expect.push((place.to_string(), rows));
                }
            }
            writer.end().unwrap();
            let sheets = gather(&mut bytes.as_slice()).unwrap().unwrap();
            let found: Vec<(String, Vec<RawRow>)> = sheets.into_iter().map(|sheet| {
                let (name, count) = (sheet.name.clone(), sheet.row_count);
                let mut rows = sheet.into_rows();
                let rows: Vec<RawRow> = std::iter::from_fn(|| rows.next_row().unwrap()).collect();
                assert_eq!(rows.len(), count as usize);
                (name, rows)
            }).collect();
            prop_assert_eq!(found, expect);
            // Cut anywhere, it is noticed.
            for cut in 0..bytes.len() {
                prop_assert!(gather(&mut bytes.get(..cut).unwrap()).is_none());
            }
        }

        #[test]
        fn whatever_comes_is_believed_only_if_it_is_whole(bytes in proptest::collection::vec(prop_oneof![Just(b'S'), Just(b'R'), Just(b'E'), Just(0), any::<u8>()], 0..200)) {
            if let Some(Ok(sheets)) = gather(&mut bytes.as_slice()) {
                for sheet in sheets {
                    let mut rows = sheet.into_rows();
                    while let Ok(Some(_)) = rows.next_row() {}
                }
            }
        }
    }
}
