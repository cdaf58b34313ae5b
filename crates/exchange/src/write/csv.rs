//! CSV as departments exchange it.

use encoding_rs::GB18030;

/// The encoding of a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsvEncoding {
    /// UTF-8 with its mark, without which spreadsheets on Windows read it as GBK.
    Utf8,
    /// GB18030.
    Gb18030,
}

/// Rows as a CSV file: commas, CRLF, quotes where they are needed.
pub fn csv_bytes<'a, R, C>(rows: R, encoding: CsvEncoding) -> Vec<u8>
where
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item = &'a str>,
{
    let mut text = String::new();
    for row in rows {
        for (place, cell) in row.into_iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            push_cell(&mut text, cell);
        }
        text.push_str("\r\n");
    }
    match encoding {
        CsvEncoding::Utf8 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        CsvEncoding::Gb18030 => GB18030.encode(&text).0.into_owned(),
    }
}

fn push_cell(text: &mut String, cell: &str) {
    if cell.contains([',', '"', '\n', '\r', ';', '\t']) || cell.starts_with(' ') || cell.ends_with(' ') {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}
