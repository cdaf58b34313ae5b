//! Files to save, and a list as one that spreadsheets open.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use exchange::{CsvEncoding, csv_bytes};

use crate::error::Fault;

/// The most rows that one file holds; whoever wants more narrows the filter.
pub(crate) const ROWS_MOST: usize = 10_000;

/// A workbook's media type.
pub(crate) const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file to save, of this media type. The name is plain ASCII of our own making.
pub(crate) fn download(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

/// Rows as a CSV file in UTF-8. A cell that a spreadsheet would take for a formula is kept from being one.
pub(crate) fn csv(name: &str, rows: &[Vec<String>]) -> Result<Response, Fault> {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| harmless(cell)).collect())
        .collect();
    let bytes = csv_bytes(
        rows.iter().map(|row| row.iter().map(String::as_str)),
        CsvEncoding::Utf8,
    );
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8"),
        ),
        (header::CONTENT_DISPOSITION, disposition.map_err(Fault::internal)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, bytes).into_response())
}

/// The apostrophe makes a text of what begins like a formula.
pub(crate) fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, expect) in [
            ("=HYPERLINK(\"//x\")", "'=HYPERLINK(\"//x\")"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@a", "'@a"),
            ("\t=1", "'\t=1"),
            ("2026-11-23", "2026-11-23"),
            ("罗", "罗"),
            ("", ""),
        ] {
            assert_eq!(harmless(cell), expect);
        }
    }
}
