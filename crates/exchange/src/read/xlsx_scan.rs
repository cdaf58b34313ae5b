//! A first look into a workbook's parts, so that nothing in it can eat the memory of the reader behind.
//!
//! A workbook is a zip of XML parts. The reader holds one XML event, and the shared strings, in memory; so here
//! every part is unpacked once, counted and thrown away: how much it unpacks to, how long the longest run
//! between two tags is, and how many shared strings it claims to have. The sizes that the zip's own directory
//! states are not believed.

use std::io::{BufReader, Read, Seek as _, SeekFrom};

use assess::Text;
use zip::ZipArchive;

use super::text::{CHUNK_BYTES, fill};
use super::workbook::Source;
use crate::FileFault;
use crate::fault::too_large;

/// The most parts of a workbook.
const PARTS_MOST: usize = 10_000;
/// The most a worksheet unpacks to, in bytes. It is streamed.
const SHEET_MOST_BYTES: u64 = 1 << 30;
/// The most any other part unpacks to, in bytes. It may be held in memory.
const PART_MOST_BYTES: u64 = 64 << 20;
/// The longest run between two tags, in bytes: a full cell of characters written as entities, and some.
const RUN_MOST_BYTES: u32 = 1 << 20;
/// The most ranges of merged cells.
const MERGES_MOST: u64 = 200_000;
/// The most shared strings a workbook may claim, as that many are set aside at once.
const SHARED_MOST: u64 = 3_000_000;

/// What the look found.
pub(crate) struct Found {
    /// Whether any worksheet has merged cells.
    pub(crate) has_merges: bool,
    /// How many cells of all worksheets hold a formula.
    pub(crate) formulas: u64,
}

/// Looks at every part of the workbook.
pub(crate) fn scan(source: &mut Box<dyn Source>) -> Result<Found, FileFault> {
    source.seek(SeekFrom::Start(0)).map_err(|_| damaged())?;
    let mut archive = ZipArchive::new(BufReader::new(source)).map_err(|_| damaged())?;
    if archive.len() > PARTS_MOST {
        return Err(too_large("parts of a workbook", PARTS_MOST));
    }
    let mut total = 0;
    let (mut merges, mut formulas) = (0, 0);
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).map_err(|_| damaged())?;
        let name = part.name().map_err(|_| damaged())?.to_lowercase();
        if name.ends_with("vbaproject.bin") {
            return Err(macros().at(name));
        }
        let is_text = !name.contains("/media/") && name.rsplit('.').next() != Some("bin");
        let most = if name.contains("/worksheets/") {
            SHEET_MOST_BYTES
        } else {
            PART_MOST_BYTES
        };
        let mut scanner = Scanner::new(is_text, most);
        scanner.scan(&mut part).map_err(|fault| fault.at(name))?;
        total += scanner.bytes;
        merges += scanner.merge.found;
        formulas += scanner.formula.found;
        if merges > MERGES_MOST {
            return Err(too_large("merged ranges", MERGES_MOST));
        }
        if total > SHEET_MOST_BYTES {
            return Err(too_large("bytes of the unpacked workbook", SHEET_MOST_BYTES));
        }
    }
    Ok(Found {
        has_merges: merges > 0,
        formulas,
    })
}

struct Scanner {
    is_text: bool,
    most: u64,
    bytes: u64,
    /// Bytes since the last `<`.
    run: u32,
    after_open: bool,
    claim: Claim,
    merge: Word,
    formula: Word,
}

impl Scanner {
    fn new(is_text: bool, most: u64) -> Self {
        Self {
            is_text,
            most,
            bytes: 0,
            run: 0,
            after_open: false,
            claim: Claim::default(),
            merge: Word::new(b"mergeCell "),
            formula: Word::new(b"</f>"),
        }
    }

    fn scan(&mut self, part: &mut dyn Read) -> Result<(), FileFault> {
        let mut buffer = vec![0; CHUNK_BYTES];
        loop {
            let read = fill(part, &mut buffer).map_err(|_| damaged())?;
            let chunk = buffer.get(..read).unwrap_or_default();
            self.bytes += read as u64;
            if self.bytes > self.most {
                return Err(too_large("bytes of a part", self.most));
            }
            if self.is_text {
                self.look(chunk)?;
            }
            if read < buffer.len() {
                return Ok(());
            }
        }
    }

    fn look(&mut self, chunk: &[u8]) -> Result<(), FileFault> {
        for b in chunk {
            match b {
                // UTF-16, which no spreadsheet program writes, would hide the tags from this look.
                0 => return Err(odd()),
                // Comments, CDATA and document types may hold any number of tags in one event.
                b'!' if self.after_open => return Err(odd()),
                b'<' => self.run = 0,
                _ => self.run += 1,
            }
            self.after_open = *b == b'<';
            if self.run > RUN_MOST_BYTES {
                return Err(too_large("bytes between two tags", RUN_MOST_BYTES));
            }
            self.merge.take(*b);
            self.formula.take(*b);
            if self.claim.take(*b) > SHARED_MOST {
                return Err(too_large("shared strings", SHARED_MOST));
            }
        }
        Ok(())
    }
}

/// Counts how often some bytes stand there, of which the first does not come again among the others.
struct Word {
    bytes: &'static [u8],
    matched: usize,
    found: u64,
}

impl Word {
    fn new(bytes: &'static [u8]) -> Self {
        Self {
            bytes,
            matched: 0,
            found: 0,
        }
    }

    fn take(&mut self, b: u8) {
        let next = self.bytes.get(self.matched) == Some(&b);
        self.matched = match (next, self.bytes.first() == Some(&b)) {
            (true, _) => self.matched + 1,
            (false, begins) => usize::from(begins),
        };
        if self.matched == self.bytes.len() {
            self.found += 1;
            self.matched = 0;
        }
    }
}

/// Reads the number in `uniqueCount="123"` wherever it stands.
#[derive(Default)]
struct Claim {
    matched: usize,
    number: u64,
}

impl Claim {
    const WORD: &[u8] = b"uniqueCount";

    fn take(&mut self, b: u8) -> u64 {
        if self.matched < Self::WORD.len() {
            let next = Self::WORD.get(self.matched) == Some(&b);
            self.matched = if next {
                self.matched + 1
            } else {
                usize::from(b == b'u')
            };
            self.number = 0;
            return 0;
        }
        match b {
            b'0'..=b'9' => self.number = self.number.saturating_mul(10).saturating_add(u64::from(b - b'0')),
            b'=' | b'"' | b'\'' | b'+' | b' ' | b'\t' | b'\r' | b'\n' if self.number == 0 => {}
            _ => self.matched = 0,
        }
        self.number
    }
}

pub(crate) fn damaged() -> FileFault {
    FileFault::new(
        "DAMAGED",
        Text::new(
            "工作簿已损坏或不完整，无法打开",
            "the workbook is damaged or cut off and cannot be opened",
        ),
        Text::new(
            "请用表格软件打开并另存为 XLSX 后重新报送",
            "open it in a spreadsheet program, save it as XLSX and hand that in",
        ),
    )
}

fn macros() -> FileFault {
    FileFault::new(
        "MACROS",
        Text::new(
            "工作簿带有宏，不予读取",
            "the workbook carries macros and is not read",
        ),
        Text::new(
            "请用表格软件打开并另存为不带宏的 XLSX 后重新报送",
            "open it in a spreadsheet program, save it as XLSX without macros and hand that in",
        ),
    )
}

fn odd() -> FileFault {
    FileFault::new(
        "XML-ODD",
        Text::new(
            "工作簿内含表格软件不会写出的内容",
            "the workbook holds what no spreadsheet program writes",
        ),
        Text::new(
            "请用表格软件打开并另存为 XLSX 后重新报送",
            "open it in a spreadsheet program, save it as XLSX and hand that in",
        ),
    )
}
