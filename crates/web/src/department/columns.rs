//! `/department/upload/{token}/columns`: which column of the file is which column of the layout. An officer says it once; the
//! department's next file with these headers is read without asking.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::{Layout, Layouts, Peek};
use record::LayoutCode;
use serde::Deserialize;
use store::OwnHeader;

use super::waiting::{Upload, begin_check, held};
use super::{layouts, officer, shell};
use crate::error::Fault;
use crate::extract::{Form, Path, Query};
use crate::page::{FormFault, page, page_with, see};
use crate::view::Shell;
use crate::visit::Visit;

/// How many rows of the file are looked at.
const ROWS: usize = 30;
/// How many values of a column are shown.
const SAMPLES: usize = 3;

#[derive(Template)]
#[template(path = "department/columns.html")]
pub(crate) struct ColumnsPage {
    shell: Shell,
    token: String,
    file: String,
    /// Code, name and whether it is the chosen one.
    layouts: Vec<(String, String, bool)>,
    layout: String,
    /// Under the key of their heading: what must be there, and what may be left out.
    parts: Vec<(&'static str, Vec<ColumnRow>)>,
    /// Places and headers of the file, with some values below each.
    headers: Vec<HeaderChoice>,
    faults: Vec<FormFault>,
}

/// A column of the layout.
struct ColumnRow {
    code: String,
    name: String,
    example: String,
    required: bool,
    chosen: Option<usize>,
}

struct HeaderChoice {
    place: usize,
    header: String,
    values: String,
}

impl ColumnRow {
    fn is(&self, place: usize) -> bool {
        self.chosen == Some(place)
    }
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    layout: String,
}

/// What was found of the file: its header, and the rows below.
struct Found {
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Found {
    /// Of the table with the most columns.
    fn of(tables: Vec<Peek>) -> Option<Self> {
        let table = tables
            .into_iter()
            .filter(|table| table.header().is_some())
            .max_by_key(|table| {
                let header = table.header().and_then(|at| table.rows.get(at));
                header.map_or(0, |cells| cells.iter().filter(|cell| !cell.is_empty()).count())
            })?;
        let at = table.header()?;
        let mut rows = table.rows.into_iter().skip(at);
        Some(Self {
            headers: rows.next()?,
            rows: rows.collect(),
        })
    }
}

/// The beginning of the file; `None` if it cannot be read, or is being taken in.
async fn found(visit: &Visit, upload: Arc<Upload>) -> Result<Option<Found>, Fault> {
    let reader = visit.app.reader.clone();
    let peek = tokio::task::spawn_blocking(move || {
        let file = upload.open(&reader)?.ok()?;
        file.peek(ROWS).ok()
    });
    Ok(peek.await.map_err(Fault::internal)?.and_then(Found::of))
}

/// `GET`.
pub(crate) async fn show(
    visit: Visit,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let Some(upload) = held(&visit, &token)? else {
        return Ok(see("/department/upload"));
    };
    let Some(found) = found(&visit, Arc::clone(&upload)).await? else {
        return Ok(see(&format!("/department/upload/{token}")));
    };
    let all = layouts(&visit)?;
    let layout = chosen(&visit, &all, &upload, &asked.layout, &found)?;
    let places = layout.suggest(&found.headers, &found.rows);
    let matching = Matching {
        layout,
        places,
        faults: Vec::new(),
    };
    page(&page_of(&visit, (&token, &upload), &all, &found, matching).await?)
}

/// The layout asked for, or the one the file was read by, or the one of which the most required columns are found.
fn chosen<'l>(
    visit: &'l Visit,
    all: &'l Layouts,
    upload: &Upload,
    asked: &str,
    found: &Found,
) -> Result<&'l Layout, Fault> {
    let (_, source) = officer(visit)?;
    let wanted = LayoutCode::new(asked).ok().or_else(|| upload.layout());
    let mut of_source = all.of_source(&visit.bundle, source);
    if let Some(layout) = wanted.and_then(|code| of_source.find(|layout| *layout.code() == code)) {
        return Ok(layout);
    }
    let found_of = |layout: &&Layout| {
        let places = layout.suggest(&found.headers, &found.rows);
        let columns = layout.columns().iter().zip(&places);
        let required = columns.filter(|(column, place)| column.is_required() && place.is_some());
        (required.count(), places.iter().flatten().count())
    };
    let of_source = all.of_source(&visit.bundle, source);
    of_source.max_by_key(found_of).ok_or(Fault::NotFound)
}

/// Which column of the file is which of the layout, so far.
struct Matching<'l> {
    layout: &'l Layout,
    places: Vec<Option<usize>>,
    faults: Vec<FormFault>,
}

async fn page_of(
    visit: &Visit,
    (token, upload): (&str, &Upload),
    all: &Layouts,
    found: &Found,
    matching: Matching<'_>,
) -> Result<ColumnsPage, Fault> {
    let (_, source) = officer(visit)?;
    let Matching {
        layout,
        places,
        faults,
    } = matching;
    let choices = all.of_source(&visit.bundle, source).map(|one| {
        let name = visit.lang.of(one.name());
        (one.code().to_string(), name, one.code() == layout.code())
    });
    let columns = layout
        .columns()
        .iter()
        .zip(&places)
        .map(|(column, place)| ColumnRow {
            code: column.code().to_owned(),
            name: visit.lang.of(column.name()),
            example: column.example().to_owned(),
            required: column.is_required(),
            chosen: *place,
        });
    // What must be there first, in the order of the layout.
    let (required, optional): (Vec<_>, Vec<_>) = columns.partition(|column| column.required);
    let headers = found
        .headers
        .iter()
        .enumerate()
        .filter(|(_, header)| !header.is_empty());
    let headers = headers.map(|(place, header)| {
        let cells = found.rows.iter().filter_map(|row| row.get(place));
        let values: Vec<String> = cells
            .filter(|cell| !cell.is_empty())
            .take(SAMPLES)
            .map(|cell| shown(cell))
            .collect();
        HeaderChoice {
            place,
            header: header.clone(),
            values: values.join("、"),
        }
    });
    Ok(ColumnsPage {
        shell: shell(visit, "/department/upload").await?,
        token: token.to_owned(),
        file: upload.file.clone(),
        layouts: choices.collect(),
        layout: layout.code().to_string(),
        parts: vec![("columns-required", required), ("columns-optional", optional)],
        headers: headers.collect(),
        faults,
    })
}

/// A value as the page shows it: short, and what could be somebody's number masked.
fn shown(cell: &str) -> String {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let short: String = cell.chars().take(16).collect();
    if digits >= 11 {
        record::mask_identifier(&short)
    } else {
        short
    }
}

/// `POST`: keeps what was said, and checks the file anew.
pub(crate) async fn save(
    visit: Visit,
    Path(token): Path<String>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Result<Response, Fault> {
    let back = format!("/department/upload/{token}");
    let Some(upload) = held(&visit, &token)? else {
        return Ok(see("/department/upload"));
    };
    let Some(found) = found(&visit, Arc::clone(&upload)).await? else {
        return Ok(see(&back));
    };
    let all = layouts(&visit)?;
    let asked = form.get("layout").map(String::as_str).unwrap_or_default();
    let layout = chosen(&visit, &all, &upload, asked, &found)?;
    let place = |code: &str| {
        let place: usize = form.get(&format!("column-{code}"))?.parse().ok()?;
        found.headers.get(place).map(|_| place)
    };
    let places: Vec<Option<usize>> = layout
        .columns()
        .iter()
        .map(|column| place(column.code()))
        .collect();
    let faults = faults(&visit, layout, &found, &places);
    if !faults.is_empty() {
        let matching = Matching {
            layout,
            places,
            faults,
        };
        let page = page_of(&visit, (&token, &upload), &all, &found, matching).await?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let (officer, source) = officer(&visit)?;
    let said = said(layout, &found, &places);
    let kept = visit
        .store()
        .keep_own_headers(source, layout.code(), officer, &said)
        .await;
    kept.map_err(Fault::internal)?;
    upload.read_by(layout.code().clone());
    begin_check(&visit, upload).await;
    Ok(see(&back))
}

fn faults(visit: &Visit, layout: &Layout, found: &Found, places: &[Option<usize>]) -> Vec<FormFault> {
    let mut faults = Vec::new();
    let columns = || layout.columns().iter().zip(places);
    let missing: Vec<String> = columns()
        .filter(|(column, place)| column.is_required() && place.is_none())
        .map(|(column, _)| visit.lang.of(column.name()))
        .collect();
    if !missing.is_empty() {
        let values = [("columns", missing.join("、"))];
        faults.push(FormFault {
            field: "columns",
            says: visit.lang.with(
                "columns-missing",
                &values.each_ref().map(|(name, value)| (*name, value.as_str())),
            ),
        });
    }
    let mut taken = BTreeSet::new();
    let twice = places.iter().flatten().find(|place| !taken.insert(**place));
    if let Some(header) = twice.and_then(|place| found.headers.get(*place)) {
        faults.push(FormFault {
            field: "columns",
            says: visit.lang.with("columns-twice", &[("header", header)]),
        });
    }
    faults
}

/// What to keep: each header with its column, and those that the layout would have taken by itself and should not.
fn said(layout: &Layout, found: &Found, places: &[Option<usize>]) -> Vec<OwnHeader> {
    let own = |header: &String, column: &str| OwnHeader {
        layout: layout.code().clone(),
        header: header.clone(),
        column: column.to_owned(),
    };
    let mut said = Vec::new();
    for (place, header) in found
        .headers
        .iter()
        .enumerate()
        .filter(|(_, header)| !header.is_empty())
    {
        let of = places.iter().position(|chosen| *chosen == Some(place));
        let column = of.and_then(|at| layout.columns().get(at));
        said.push(own(header, column.map_or("", |column| column.code())));
    }
    said
}

#[cfg(test)]
impl crate::page::Samples for ColumnsPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = |code: &str, required, chosen| ColumnRow {
            code: code.into(),
            name: "处罚决定日期".into(),
            example: "2026/3/5".into(),
            required,
            chosen,
        };
        let page = |faults| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            token: "t".into(),
            file: "处罚.xlsx".into(),
            layouts: vec![("a".into(), "行政处罚".into(), true)],
            layout: "a".into(),
            parts: vec![
                ("columns-required", vec![row("CF_JDRQ", true, Some(1))]),
                ("columns-optional", vec![row("BZ", false, None)]),
            ],
            headers: vec![HeaderChoice {
                place: 1,
                header: "决定日".into(),
                values: "2026年3月5日".into(),
            }],
            faults,
        };
        let fault = FormFault {
            field: "columns",
            says: lang.with("columns-twice", &[("header", "决定日")]),
        };
        vec![page(Vec::new()), page(vec![fault])]
    }
}
