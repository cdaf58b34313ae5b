//! A file as it was handed in: what it is by its content, whatever its name says.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use assess::Text;
use encoding_rs::{Encoding, UTF_8};
use sha2::{Digest, Sha256};

use crate::FileFault;
use crate::fault::{too_large, unreadable};
use crate::read::csv::{CsvRows, find_delimiter};
use crate::read::json::JsonRows;
use crate::read::text::{CHUNK_BYTES, Data, Probe, empty, fill};
use crate::read::xlsx::Sheet;
use crate::read::{CSV_MOST_BYTES, Rows, XLSX_MOST_BYTES, xlsx};

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text with cells parted by commas, tabs or semicolons, in this encoding.
    Csv(&'static Encoding),
    /// One flat JSON object a line, in UTF-8.
    Ndjson,
    /// A workbook.
    Xlsx,
}

impl Format {
    /// Its name on pages: `CSV UTF-8`, `CSV GB18030`, `NDJSON`, `XLSX`.
    pub fn name(self) -> String {
        match self {
            Self::Csv(encoding) => format!("CSV {}", encoding.name().to_uppercase()),
            Self::Ndjson => "NDJSON".to_owned(),
            Self::Xlsx => "XLSX".to_owned(),
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
    Csv { data: Data, delimiter: u8 },
    Json { data: Data, headers: Arc<[String]> },
    Sheets(Vec<Sheet>),
}

impl SourceFile {
    /// Opens a file on disk. A CSV file is not held in memory, but read twice.
    ///
    /// # Errors
    /// When it is nothing that can be read to its end.
    pub fn open(path: &Path) -> Result<Self, FileFault> {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        Self::of_data(&name, Data::Path(path.to_owned())).map_err(|fault| fault.of(&name))
    }

    /// Takes a file that is in memory, e.g. from an upload.
    ///
    /// # Errors
    /// When it is nothing that can be read to its end.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, FileFault> {
        // Some browsers send the whole path.
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        Self::of_data(name, Data::Bytes(bytes.into())).map_err(|fault| fault.of(name))
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

    fn of_data(name: &str, data: Data) -> Result<Self, FileFault> {
        let mut reader = data.reader()?;
        let mut head = vec![0; CHUNK_BYTES];
        let read = fill(&mut reader, &mut head).map_err(|error| unreadable(&error))?;
        head.truncate(read);
        match Kind::of(&head) {
            Kind::Zip => {
                let bytes = read_workbook(head, reader)?;
                let sheets = xlsx::read(&bytes)?;
                let rows = sheets.iter().flat_map(|sheet| &sheet.rows);
                let row_count = rows.filter(|row| !row.is_blank()).count();
                if row_count == 0 {
                    return Err(empty());
                }
                Ok(Self {
                    name: name.to_owned(),
                    digest: Sha256::digest(&bytes).into(),
                    format: Format::Xlsx,
                    row_count: u32::try_from(row_count).unwrap_or(u32::MAX),
                    body: Body::Sheets(sheets),
                })
            }
            Kind::Text => {
                let (encoding, digest) = probe(&head, reader)?;
                let delimiter = find_delimiter(&first_text(&data, encoding)?);
                let row_count = count_rows(&data, encoding, delimiter)?;
                Ok(Self {
                    name: name.to_owned(),
                    digest,
                    format: Format::Csv(encoding),
                    row_count,
                    body: Body::Csv { data, delimiter },
                })
            }
            Kind::Json => {
                let (encoding, digest) = probe(&head, reader)?;
                if encoding != UTF_8 {
                    return Err(json_in_another_encoding());
                }
                let (headers, row_count) = JsonRows::probe(&data)?;
                Ok(Self {
                    name: name.to_owned(),
                    digest,
                    format: Format::Ndjson,
                    row_count,
                    body: Body::Json { data, headers },
                })
            }
            Kind::Other(fault) => Err(*fault),
        }
    }

    /// Its tables, one after the other: of a workbook each visible worksheet that is not empty, with its name.
    pub(crate) fn into_tables(self) -> Result<Vec<Table>, FileFault> {
        let one = |rows| Table {
            sheet: None,
            row_count: self.row_count,
            rows,
        };
        let rows = match (self.body, self.format) {
            (Body::Csv { data, delimiter }, Format::Csv(encoding)) => {
                Rows::Csv(CsvRows::new(&data, encoding, delimiter)?)
            }
            (Body::Json { data, headers }, _) => Rows::Json(JsonRows::new(&data, headers)?),
            (Body::Sheets(sheets), _) => return Ok(sheets.into_iter().map(Table::of).collect()),
            (Body::Csv { .. }, Format::Xlsx | Format::Ndjson) => return Err(empty()),
        };
        Ok(vec![one(rows)])
    }
}

/// Rows under one header.
pub(crate) struct Table {
    /// The worksheet's name.
    pub(crate) sheet: Option<String>,
    /// How many rows are not blank, the header among them.
    pub(crate) row_count: u32,
    pub(crate) rows: Rows,
}

impl Table {
    fn of(sheet: Sheet) -> Self {
        let count = sheet.rows.iter().filter(|row| !row.is_blank()).count();
        Self {
            sheet: Some(sheet.name),
            row_count: u32::try_from(count).unwrap_or(u32::MAX),
            rows: Rows::Sheet(sheet.rows.into_iter()),
        }
    }
}

fn read_workbook(mut head: Vec<u8>, reader: impl Read) -> Result<Vec<u8>, FileFault> {
    reader
        .take(XLSX_MOST_BYTES.saturating_add(1))
        .read_to_end(&mut head)
        .map_err(|error| unreadable(&error))?;
    if head.len() as u64 > XLSX_MOST_BYTES {
        return Err(too_large("bytes of a workbook", XLSX_MOST_BYTES));
    }
    Ok(head)
}

/// Looks at every byte once: the encoding and the digest.
fn probe(head: &[u8], mut reader: impl Read) -> Result<(&'static Encoding, [u8; 32]), FileFault> {
    let mut probe = Probe::new(head);
    let mut digest = Sha256::new();
    let mut total = head.len() as u64;
    probe.feed(head, false);
    digest.update(head);
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let read = fill(&mut reader, &mut buffer).map_err(|error| unreadable(&error))?;
        let bytes = buffer.get(..read).unwrap_or_default();
        let last = read < buffer.len();
        probe.feed(bytes, last);
        digest.update(bytes);
        total += read as u64;
        if total > CSV_MOST_BYTES {
            return Err(too_large("bytes of a CSV file", CSV_MOST_BYTES));
        }
        if last {
            return Ok((probe.finish()?, digest.finalize().into()));
        }
    }
}

fn first_text(data: &Data, encoding: &'static Encoding) -> Result<String, FileFault> {
    let mut reader = data.reader()?;
    let mut head = vec![0; CHUNK_BYTES];
    let read = fill(&mut reader, &mut head).map_err(|error| unreadable(&error))?;
    head.truncate(read);
    let mut text = String::new();
    // The head may end within a character, which is no fault of the file; only the first line matters here.
    let mut decoder = encoding.new_decoder_with_bom_removal();
    text.reserve(decoder.max_utf8_buffer_length(head.len()).unwrap_or(CHUNK_BYTES));
    let _ = decoder.decode_to_string(&head, &mut text, false);
    Ok(text)
}

fn count_rows(data: &Data, encoding: &'static Encoding, delimiter: u8) -> Result<u32, FileFault> {
    let mut rows = Rows::Csv(CsvRows::new(data, encoding, delimiter)?);
    let mut count = 0_u32;
    while rows.next()?.is_some() {
        count += 1;
    }
    if count == 0 { Err(empty()) } else { Ok(count) }
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
    Zip,
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
        let start: Vec<u8> = head
            .iter()
            .copied()
            .skip_while(|b| b.is_ascii_whitespace() || matches!(b, 0xEF | 0xBB | 0xBF))
            .take(16)
            .map(|b| b.to_ascii_lowercase())
            .collect();
        match start.as_slice() {
            [b'p', b'k', 3 | 5 | 7, ..] => Self::Zip,
            [0xd0, 0xcf, 0x11, 0xe0, ..] => other(
                "旧版 Excel（.xls）或加密的工作簿",
                "an old Excel workbook (.xls) or an encrypted one",
            ),
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
            [0x1f, 0x8b, ..] | [b'r', b'a', b'r', b'!', ..] | [b'7', b'z', 0xbc, 0xaf, ..] => {
                other("压缩包", "an archive")
            }
            _ => Self::Text,
        }
    }
}
