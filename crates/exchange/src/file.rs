//! A file as it was handed in: what it is by its content, whatever its name says.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use assess::Text;
use encoding_rs::{Encoding, UTF_8};
use sha2::{Digest, Sha256};

use crate::FileFault;
use crate::fault::{UNREADABLE, too_large, unreadable};
use crate::read::csv::{CsvRows, find_delimiter};
use crate::read::json::JsonRows;
use crate::read::spool::{Sheet, SheetNote};
use crate::read::text::{CHUNK_BYTES, Data, Packing, Probe, empty, fill};
use crate::read::{CSV_MOST_BYTES, Rows, WORKBOOK_MOST_BYTES, workbook};
use crate::reader::Reader;

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text with cells parted by commas, tabs or semicolons, in this encoding.
    Csv(&'static Encoding),
    /// One flat JSON object a line, in UTF-8.
    Ndjson,
    /// A workbook.
    Xlsx,
    /// A workbook of the years before 2007.
    Xls,
    /// A table in Parquet.
    Parquet,
}

impl Format {
    /// Its name on pages: `CSV UTF-8`, `CSV GB18030`, `NDJSON`, `XLSX`.
    pub fn name(self) -> String {
        match self {
            Self::Csv(encoding) => format!("CSV {}", encoding.name().to_uppercase()),
            Self::Ndjson => "NDJSON".to_owned(),
            Self::Xlsx => "XLSX".to_owned(),
            Self::Xls => "XLS".to_owned(),
            Self::Parquet => "Parquet".to_owned(),
        }
    }
}

/// A file that was looked through once: it can be read to its end, within the bounds.
#[derive(Debug)]
pub struct SourceFile {
    name: String,
    digest: [u8; 32],
    format: Format,
    row_count: u32,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Text(TextTable),
    Sheets(Vec<Sheet>),
}

/// One table as text, which is read from its place again.
#[derive(Debug)]
enum TextTable {
    Csv {
        data: Data,
        encoding: &'static Encoding,
        delimiter: u8,
    },
    Json {
        data: Data,
        headers: Arc<[String]>,
    },
}

impl TextTable {
    fn rows(&self) -> Result<Rows, FileFault> {
        match self {
            Self::Csv {
                data,
                encoding,
                delimiter,
            } => Ok(Rows::Csv(CsvRows::new(data, encoding, *delimiter)?)),
            Self::Json { data, headers } => Ok(Rows::Json(JsonRows::new(data, Arc::clone(headers))?)),
        }
    }
}

impl SourceFile {
    /// Opens a file on disk. A CSV or NDJSON file is not held in memory, but read twice; of others the rows are held deflated.
    ///
    /// # Errors
    /// When it is nothing that can be read to its end.
    pub fn open(path: &Path, reader: &Reader) -> Result<Self, FileFault> {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        Self::of_data(&name, Data::Path(path.to_owned()), reader).map_err(|fault| fault.of(&name))
    }

    /// Takes a file that is in memory, e.g. from an upload.
    ///
    /// # Errors
    /// When it is nothing that can be read to its end.
    pub fn from_bytes(name: &str, bytes: Vec<u8>, reader: &Reader) -> Result<Self, FileFault> {
        // Some browsers send the whole path.
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        Self::of_data(name, Data::Bytes(bytes.into()), reader).map_err(|fault| fault.of(name))
    }

    /// Its name, without folders.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 over its bytes.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// What it is by its content.
    pub fn format(&self) -> Format {
        self.format
    }

    /// How many rows it has that are not blank, the header among them.
    pub fn row_count(&self) -> u32 {
        self.row_count
    }

    /// The first rows of its tables that are not blank, at most so many of each; nothing is taken out.
    ///
    /// # Errors
    /// When the file changed on its disk since it was opened.
    pub fn peek(&self, most: usize) -> Result<Vec<Peek>, FileFault> {
        let take = |mut rows: Rows| {
            let mut found = Vec::new();
            while found.len() < most
                && let Some(row) = rows.next()?
            {
                found.push(row.cells().map(record::tidy_text).collect());
            }
            Ok(found)
        };
        let peek = |sheet: Option<String>, rows| {
            Ok(Peek {
                sheet,
                rows: take(rows)?,
            })
        };
        match &self.body {
            Body::Text(text) => Ok(vec![peek(None, text.rows()?)?]),
            Body::Sheets(sheets) => {
                let sheets = sheets.iter();
                sheets
                    .map(|sheet| peek(sheet.title(), Rows::Sheet(sheet.first_rows())))
                    .collect()
            }
        }
    }

    fn of_data(name: &str, data: Data, by: &Reader) -> Result<Self, FileFault> {
        let (head, reader) = begin(&data)?;
        let Some(packing) = Packing::of(&head) else {
            return Self::unpacked(name, data, &head, reader, by);
        };
        // What is handed in is the packed file, and what is in it is a text.
        let digest = digest_of(&head, reader, "bytes of a packed file", CSV_MOST_BYTES, |_, _| {})?;
        let data = Data::Packed(packing, Arc::new(data));
        let unpacked = begin(&data).and_then(|(head, reader)| match Kind::of(&head) {
            Kind::Text | Kind::Json if Packing::of(&head).is_none() => {
                Self::unpacked(name, data, &head, reader, by)
            }
            _ => Err(packed_no_text(packing)),
        });
        match unpacked {
            Ok(file) => Ok(Self { digest, ..file }),
            // The packed file itself was read to its end just now.
            Err(fault) if fault.code == UNREADABLE => Err(packed_damaged(packing)),
            Err(fault) => Err(fault),
        }
    }

    fn unpacked(
        name: &str,
        data: Data,
        head: &[u8],
        reader: Box<dyn Read + Send>,
        by: &Reader,
    ) -> Result<Self, FileFault> {
        match Kind::of(head) {
            Kind::Workbook(kind) => {
                let digest = digest_of(
                    head,
                    reader,
                    "bytes of a workbook",
                    WORKBOOK_MOST_BYTES,
                    |_, _| {},
                )?;
                let sheets = by.read(&data)?;
                let row_count = sheets
                    .iter()
                    .fold(0_u32, |sum, sheet| sum.saturating_add(sheet.row_count));
                if row_count == 0 {
                    return Err(empty());
                }
                Ok(Self {
                    name: name.to_owned(),
                    digest,
                    format: match kind {
                        workbook::Kind::Xlsx => Format::Xlsx,
                        workbook::Kind::Xls => Format::Xls,
                        workbook::Kind::Parquet => Format::Parquet,
                    },
                    row_count,
                    body: Body::Sheets(sheets),
                })
            }
            Kind::Text => {
                let (encoding, digest) = probe(head, reader)?;
                let delimiter = find_delimiter(&first_text(&data, encoding)?);
                let row_count = CsvRows::new(&data, encoding, delimiter)?.count()?;
                if row_count == 0 {
                    return Err(empty());
                }
                let table = TextTable::Csv {
                    data,
                    encoding,
                    delimiter,
                };
                Ok(Self {
                    name: name.to_owned(),
                    digest,
                    format: Format::Csv(encoding),
                    row_count,
                    body: Body::Text(table),
                })
            }
            Kind::Json => {
                let (encoding, digest) = probe(head, reader)?;
                if encoding != UTF_8 {
                    return Err(json_in_another_encoding());
                }
                let (headers, row_count) = JsonRows::probe(&data)?;
                Ok(Self {
                    name: name.to_owned(),
                    digest,
                    format: Format::Ndjson,
                    row_count,
                    body: Body::Text(TextTable::Json { data, headers }),
                })
            }
            Kind::Other(fault) => Err(*fault),
        }
    }

    /// Its tables, one after the other: of a workbook each visible worksheet that is not empty, with its name.
    pub(crate) fn into_tables(self) -> Result<Vec<Table>, FileFault> {
        match self.body {
            Body::Text(text) => Ok(vec![Table {
                sheet: None,
                row_count: self.row_count,
                notes: Vec::new(),
                rows: text.rows()?,
            }]),
            Body::Sheets(sheets) => Ok(sheets.into_iter().map(Table::of).collect()),
        }
    }
}

/// A look at the beginning of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peek {
    /// The worksheet's name.
    pub sheet: Option<String>,
    /// The cells of its first rows, tidied.
    pub rows: Vec<Vec<String>>,
}

impl Peek {
    /// Which of its first five rows is most likely the header: the one with the most cells that are words, the first of equals.
    pub fn header(&self) -> Option<usize> {
        let words = |row: &Vec<String>| {
            let wordy = |cell: &&String| cell.chars().any(char::is_alphabetic) && cell.chars().count() <= 40;
            row.iter().filter(wordy).count()
        };
        let counts: Vec<usize> = self.rows.iter().take(5).map(words).collect();
        let most = counts.iter().copied().max().filter(|most| *most > 0)?;
        counts.iter().position(|count| *count == most)
    }
}

/// Rows under one header.
pub(crate) struct Table {
    /// The worksheet's name.
    pub(crate) sheet: Option<String>,
    /// How many rows are not blank, the header among them.
    pub(crate) row_count: u32,
    pub(crate) notes: Vec<SheetNote>,
    pub(crate) rows: Rows,
}

impl Table {
    fn of(sheet: Sheet) -> Self {
        Self {
            sheet: sheet.title(),
            row_count: sheet.row_count,
            notes: sheet.notes.clone(),
            rows: Rows::Sheet(sheet.into_rows()),
        }
    }
}

/// The digest of a file of at most so many bytes. Each part of it goes by `see`, and whether it is the last.
fn digest_of(
    head: &[u8],
    mut reader: impl Read,
    what: &str,
    most: u64,
    mut see: impl FnMut(&[u8], bool),
) -> Result<[u8; 32], FileFault> {
    let mut digest = Sha256::new();
    digest.update(head);
    see(head, false);
    let mut total = head.len() as u64;
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let read = fill(&mut reader, &mut buffer).map_err(|error| unreadable(&error))?;
        let bytes = buffer.get(..read).unwrap_or_default();
        let last = read < buffer.len();
        digest.update(bytes);
        see(bytes, last);
        total += read as u64;
        if total > most {
            return Err(too_large(what, most));
        }
        if last {
            return Ok(digest.finalize().into());
        }
    }
}

/// Looks at every byte once: the encoding and the digest.
fn probe(head: &[u8], reader: impl Read) -> Result<(&'static Encoding, [u8; 32]), FileFault> {
    let mut probe = Probe::new(head);
    let see = |bytes: &[u8], last| probe.feed(bytes, last);
    let digest = digest_of(head, reader, "bytes of a CSV file", CSV_MOST_BYTES, see)?;
    Ok((probe.finish()?, digest))
}

/// The first bytes of a file, and whatever reads on from there.
fn begin(data: &Data) -> Result<(Vec<u8>, Box<dyn Read + Send>), FileFault> {
    let mut reader = data.reader()?;
    let mut head = vec![0; CHUNK_BYTES];
    let read = fill(&mut reader, &mut head).map_err(|error| unreadable(&error))?;
    head.truncate(read);
    Ok((head, reader))
}

fn packed_no_text(packing: Packing) -> FileFault {
    let name = packing.name();
    FileFault::new(
        "FORMAT",
        Text::new(
            format!("{name} 压缩文件里不是 CSV 或 NDJSON 文本"),
            format!("what the {name} file holds is no text in CSV or NDJSON"),
        ),
        Text::new("请先解压再报送", "unpack it and hand in what was in it"),
    )
}

fn packed_damaged(packing: Packing) -> FileFault {
    let name = packing.name();
    FileFault::new(
        "DAMAGED",
        Text::new(
            format!("{name} 压缩文件不完整或已损坏"),
            format!("the {name} file is cut off or damaged"),
        ),
        Text::new("请重新压缩或重新传送", "pack or copy it again"),
    )
}

fn first_text(data: &Data, encoding: &'static Encoding) -> Result<String, FileFault> {
    let (head, _) = begin(data)?;
    let mut text = String::new();
    // The head may end within a character, which is no fault of the file; only the first line matters here.
    let mut decoder = encoding.new_decoder_with_bom_removal();
    text.reserve(decoder.max_utf8_buffer_length(head.len()).unwrap_or(CHUNK_BYTES));
    let _ = decoder.decode_to_string(&head, &mut text, false);
    Ok(text)
}

fn json_in_another_encoding() -> FileFault {
    FileFault::new(
        "ENCODING",
        Text::new("NDJSON 文件不是 UTF-8 编码", "the NDJSON file is not in UTF-8"),
        Text::new("请按 UTF-8 重新导出", "export it again in UTF-8"),
    )
}

/// What the first bytes say a file is.
enum Kind {
    Workbook(workbook::Kind),
    Text,
    Json,
    Other(Box<FileFault>),
}

impl Kind {
    fn of(head: &[u8]) -> Self {
        let other = |zh: &str, en: &str| {
            let what = Text::new(
                format!("按内容看，这是{zh}，不是数据表"),
                format!("by its content this is {en}, not a table"),
            );
            let help = Text::new(
                "请用表格软件打开并另存为 XLSX，或导出为 CSV（UTF-8 或 GB18030）",
                "open it in a spreadsheet program and save it as XLSX, or export CSV (UTF-8 or GB18030)",
            );
            Self::Other(Box::new(FileFault::new("FORMAT", what, help)))
        };
        if let Some(kind) = workbook::Kind::of(head) {
            return Self::Workbook(kind);
        }
        let start: Vec<u8> = head
            .iter()
            .copied()
            .skip_while(|b| b.is_ascii_whitespace() || matches!(b, 0xEF | 0xBB | 0xBF))
            .take(16)
            .map(|b| b.to_ascii_lowercase())
            .collect();
        match start.as_slice() {
            [b'%', b'p', b'd', b'f', ..] => other(" PDF 文件", "a PDF"),
            [b'<', b'h' | b'!' | b'?' | b't', ..] => other(
                "网页或 XML（有的系统导出时冒称 .xls）",
                "a web page or XML (which some systems export as .xls)",
            ),
            [b'{', ..] => Self::Json,
            [b'[', b'{' | b'\n' | b'\r' | b' ' | b']', ..] => other(
                " JSON 数组（请改为每行一个对象的 NDJSON）",
                "a JSON array (make it NDJSON, one object a line)",
            ),
            [0xff, 0xd8, 0xff, ..] | [0x89, b'p', b'n', b'g', ..] => other("图片", "a picture"),
            [b'r', b'a', b'r', b'!', ..] | [b'7', b'z', 0xbc, 0xaf, ..] => other("压缩包", "an archive"),
            _ => Self::Text,
        }
    }
}
