//! What the fuzz targets (`fuzz/`) reach beside the crate's public items. It is there only when the compiler is told `--cfg fuzzing`,
//! as `scripts/fuzz.sh` does.

use std::sync::Arc;

use assess::{Bundle, PolicyFault};
use encoding_rs::Encoding;
use jiff::civil::Date;
use record::AmountFen;

use crate::FileFault;
use crate::cell::{
    AmountUnit, CellFault, has_lost_digits, parse_amount, parse_date, parse_integer, tidy_case_number,
    tidy_document_number,
};
use crate::layout::parse_layout;
use crate::read::spool::gather;
use crate::read::text::{Data, Decoded, Probe};

/// The encoding of a text that comes in these parts, the first of at least four bytes if there are as many.
///
/// # Errors
/// When it is none that is read.
pub fn encoding(parts: &[&[u8]]) -> Result<&'static Encoding, FileFault> {
    let mut probe = Probe::new(parts.first().copied().unwrap_or_default());
    for part in parts {
        probe.feed(part, false);
    }
    probe.feed(&[], true);
    probe.finish()
}

/// The encoding as [`encoding`] finds it, if the last part is told to be the last.
///
/// # Errors
/// When it is none that is read.
pub fn encoding_told_the_end(parts: &[&[u8]]) -> Result<&'static Encoding, FileFault> {
    let mut probe = Probe::new(parts.first().copied().unwrap_or_default());
    for (place, part) in parts.iter().enumerate() {
        probe.feed(part, place + 1 == parts.len());
    }
    probe.finish()
}

/// A text, decoded as the reader of CSV does.
///
/// # Errors
/// When a byte fits the encoding not.
pub fn decoded(bytes: &[u8], encoding: &'static Encoding) -> Result<String, FileFault> {
    let data = Data::Bytes(Arc::from(bytes));
    let mut decoded = Decoded::new(data.reader()?, encoding);
    let (mut text, mut chunk) = (String::new(), String::new());
    while decoded.next_into(&mut chunk)? {
        text.push_str(&chunk);
    }
    Ok(text)
}

/// A cell as a day.
///
/// # Errors
/// With what is said of it, in both languages.
pub fn date(cell: &str) -> Result<Date, (String, String)> {
    parse_date(cell).map_err(said)
}

/// A cell as an amount in 元 or 万元.
///
/// # Errors
/// With what is said of it, in both languages.
pub fn amount(
    cell: &str,
    in_ten_thousands: bool,
    ask_from_yuan: Option<i64>,
) -> Result<AmountFen, (String, String)> {
    let unit = if in_ten_thousands {
        AmountUnit::TenThousandYuan
    } else {
        AmountUnit::Yuan
    };
    parse_amount(cell, unit, ask_from_yuan).map_err(said)
}

/// A cell as a whole number.
///
/// # Errors
/// With what is said of it, in both languages.
pub fn integer(cell: &str, least: i64, most: i64) -> Result<i64, (String, String)> {
    parse_integer(cell, least, most).map_err(said)
}

/// A cell as the number of a document and of a case, and whether a spreadsheet took its last digits.
pub fn number(cell: &str) -> (String, String, bool) {
    (
        tidy_document_number(cell),
        tidy_case_number(cell),
        has_lost_digits(cell),
    )
}

/// What a reading process might write: the rows of it, if it is whole; `None` if it is not believed.
pub fn frames(bytes: &[u8]) -> Option<u32> {
    let sheets = gather(&mut &*bytes)?.ok()?;
    let mut count = 0;
    for sheet in sheets {
        let mut rows = sheet.into_rows();
        while rows.next_row().ok()?.is_some() {
            count += 1;
        }
    }
    Some(count)
}

/// A layout's text, held against the catalogue.
///
/// # Errors
/// With every fault of it.
pub fn layout(text: &str, bundle: &Bundle) -> Result<(), Vec<PolicyFault>> {
    parse_layout(text, bundle).map(drop)
}

fn said(fault: CellFault) -> (String, String) {
    (fault.text.zh, fault.text.en)
}
