//! Open data: the same that a page shows, as JSON or CSV, with what a reader needs to ask again only if something changed.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use exchange::{CsvEncoding, csv_bytes};
use record::{AsOf, Ends, Logged};
use serde::Serialize;

use super::shown::Shown;
use crate::error::Fault;
use crate::etag;
use crate::view::RecordContext;
use crate::visit::Visit;

/// How something is asked for, by the end of its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A page.
    Html,
    /// `.json`
    Json,
    /// `.csv`
    Csv,
    /// `.atom`
    Atom,
}

impl Format {
    /// An address without its ending, and what the ending asks for.
    pub(crate) fn of(address: &str) -> (&str, Self) {
        let endings = [(".json", Self::Json), (".csv", Self::Csv), (".atom", Self::Atom)];
        let found = endings
            .into_iter()
            .find_map(|(ending, format)| Some((address.strip_suffix(ending)?, format)));
        found.unwrap_or((address, Self::Html))
    }
}

/// A public record as data: days as `2026-11-23`, money as people write it.
#[derive(Debug, Serialize)]
pub(crate) struct DataRecord {
    pub(crate) number: u64,
    pub(crate) organisation: String,
    pub(crate) uscc: String,
    pub(crate) item: String,
    pub(crate) item_name: String,
    pub(crate) source: String,
    pub(crate) source_name: String,
    pub(crate) document: Option<String>,
    pub(crate) authority: Option<String>,
    pub(crate) occurred: String,
    pub(crate) ends: Option<String>,
    pub(crate) summary: String,
    /// Whether it is contested, so that nobody passes it on without saying so.
    pub(crate) contested: bool,
}

/// The fields of a record, in the order of the CSV's columns.
pub(crate) const FIELDS: [&str; 13] = [
    "number",
    "organisation",
    "uscc",
    "item",
    "item_name",
    "source",
    "source_name",
    "document",
    "authority",
    "occurred",
    "ends",
    "summary",
    "contested",
];

impl DataRecord {
    /// A record of an organisation as data.
    pub(crate) fn of(
        context: &RecordContext<'_>,
        shown: &Shown,
        (name, uscc): (&str, &str),
        logged: &Logged,
    ) -> Self {
        let record = logged.record();
        let view = context.view(logged);
        let standing = shown.assessment.standing(logged.number());
        let ends = standing
            .and_then(|found| found.ends)
            .or(record.ends.map(Ends::day));
        Self {
            number: view.number,
            organisation: name.to_owned(),
            uscc: uscc.to_owned(),
            item: record.item.to_string(),
            item_name: view.item,
            source: record.source.to_string(),
            source_name: view.source,
            document: view.document,
            authority: view.authority,
            occurred: record.occurred.to_string(),
            ends: ends.map(|day| day.to_string()),
            summary: view.summary,
            contested: standing.is_some_and(|found| found.standing.code() == "disputed"),
        }
    }

    fn cells(&self) -> [String; 13] {
        let text = |text: &Option<String>| neutral(text.as_deref().unwrap_or_default());
        [
            self.number.to_string(),
            neutral(&self.organisation),
            neutral(&self.uscc),
            neutral(&self.item),
            neutral(&self.item_name),
            neutral(&self.source),
            neutral(&self.source_name),
            text(&self.document),
            text(&self.authority),
            self.occurred.clone(),
            text(&self.ends),
            neutral(&self.summary),
            self.contested.to_string(),
        ]
    }
}

/// What stands around records.
#[derive(Serialize)]
struct Envelope<'a, T> {
    as_of: String,
    edition: &'a str,
    known: u64,
    terms: &'static str,
    next: Option<String>,
    data: &'a [T],
}

/// Any rows as JSON, with the day that they are of.
pub(crate) fn json<T: Serialize>(
    visit: &Visit,
    headers: &HeaderMap,
    rows: &[T],
    next: Option<String>,
) -> Result<Response, Fault> {
    json_as_of(visit, headers, (visit.as_of, visit.bundle.edition()), rows, next)
}

/// The same of another day, size of the log and edition.
pub(crate) fn json_as_of<T: Serialize>(
    visit: &Visit,
    headers: &HeaderMap,
    (as_of, edition): (AsOf, &str),
    rows: &[T],
    next: Option<String>,
) -> Result<Response, Fault> {
    let envelope = Envelope {
        as_of: as_of.on.to_string(),
        edition,
        known: as_of.known.0,
        terms: "/open-data",
        next,
        data: rows,
    };
    let bytes = serde_json::to_vec(&envelope).map_err(Fault::internal)?;
    Ok(send(visit, headers, "application/json", bytes))
}

/// Records as CSV.
pub(crate) fn csv(visit: &Visit, headers: &HeaderMap, rows: &[DataRecord]) -> Response {
    let cells: Vec<Vec<String>> = rows.iter().map(|row| row.cells().into()).collect();
    table(visit, headers, &FIELDS, &cells)
}

/// Any table as CSV, in UTF-8 with its mark. What a spreadsheet would compute has an apostrophe before it.
pub(crate) fn table(visit: &Visit, headers: &HeaderMap, columns: &[&str], cells: &[Vec<String>]) -> Response {
    let head = std::iter::once(columns.to_vec());
    let lines = cells
        .iter()
        .map(|row| row.iter().map(String::as_str).collect::<Vec<_>>());
    let bytes = csv_bytes(head.chain(lines), CsvEncoding::Utf8);
    send(visit, headers, "text/csv; charset=utf-8", bytes)
}

/// A cell that no spreadsheet takes for a formula.
pub(crate) fn neutral(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// The answer with its tag and the day that it is of; nothing but that if the reader has it. Caches ask every time, so that what is
/// taken down is gone from them too.
pub(crate) fn send(visit: &Visit, headers: &HeaderMap, media_type: &str, bytes: Vec<u8>) -> Response {
    // Weak, for it is packed or not on its way.
    let tag = format!("W/{}", etag::of(&bytes));
    // What ends on a day is gone at its midnight, so nothing is older than today.
    let midnight = visit.today().to_zoned(crate::view::shanghai());
    let modified = midnight
        .map(|zoned| http_date(zoned.timestamp()))
        .unwrap_or_default();
    let common = [
        (header::ETAG, tag.clone()),
        (header::LAST_MODIFIED, modified),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::VARY, "accept-language, cookie".to_owned()),
    ];
    if etag::is_known(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    (common, [(header::CONTENT_TYPE, media_type.to_owned())], bytes).into_response()
}

/// As HTTP writes moments (RFC 9110).
fn http_date(at: jiff::Timestamp) -> String {
    jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&at)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, expect) in [
            ("=1+1", "'=1+1"),
            ("@sum", "'@sum"),
            ("-2", "'-2"),
            ("＝1", "'＝1"),
            ("南庄", "南庄"),
            ("", ""),
        ] {
            assert_eq!(neutral(cell), expect);
        }
    }

    #[test]
    fn the_ending_says_what_is_asked_for() {
        assert_eq!(Format::of("/penalties"), ("/penalties", Format::Html));
        assert_eq!(Format::of("/penalties.csv"), ("/penalties", Format::Csv));
        assert_eq!(Format::of("9144.json"), ("9144", Format::Json));
    }

    #[test]
    fn a_moment_as_http_writes_it() {
        assert_eq!(
            http_date(jiff::Timestamp::UNIX_EPOCH),
            "Thu, 01 Jan 1970 00:00:00 GMT"
        );
    }
}
