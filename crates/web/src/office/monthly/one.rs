//! `GET /office/reports/{month}`, `…/report.xlsx`, `…/report.csv`: one month, to read, to print and to take away.

use askama::Template;
use axum::response::Response;
use exchange::{Sheet, SheetCell, sheets_workbook};
use record::{PurposeCode, SourceCode};
use store::Month;

use super::figures::{Cell, Figures, RowName, Table};
use super::{Reported, make_reports, reported, title};
use crate::download::{WORKBOOK, csv, download};
use crate::error::Fault;
use crate::extract::Path;
use crate::office::shell;
use crate::page::page;
use crate::view::{Shell, grouped};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "office/report.html")]
pub(crate) struct ReportPage {
    shell: Shell,
    month: String,
    title: String,
    /// When it was made; nothing while the month runs.
    made: Option<String>,
    known: String,
    edition: String,
    tables: Vec<TableView>,
}

struct TableView {
    code: String,
    title: String,
    means: String,
    heads: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

pub(crate) async fn show(visit: Visit, Path(month): Path<String>) -> Result<Response, Fault> {
    let one = find(&visit, &month).await?;
    page(&ReportPage {
        shell: shell(&visit, "/office/reports"),
        month: one.month.to_string(),
        title: title(visit.lang, one.month),
        made: one.made_ms.map(|ms| visit.moment(ms)),
        known: grouped(one.known.0),
        edition: one.edition,
        tables: one
            .figures
            .tables
            .iter()
            .map(|table| view(&visit, table))
            .collect(),
    })
}

/// `…/report.csv`: one value a line.
pub(crate) async fn as_csv(visit: Visit, Path(month): Path<String>) -> Result<Response, Fault> {
    let one = find(&visit, &month).await?;
    let heads = ["monthly-table", "monthly-row", "monthly-column", "monthly-value"];
    let mut lines = vec![heads.map(|key| visit.lang.t(key)).to_vec()];
    for table in &one.figures.tables {
        let view = view(&visit, table);
        for ((name, _), row) in view.rows.iter().zip(&table.rows) {
            for (head, cell) in view.heads.iter().zip(&row.cells) {
                let value = match cell {
                    Cell::Count(number) | Cell::Percent(number) => number.to_string(),
                    Cell::Few | Cell::None => says(*cell),
                };
                lines.push(vec![view.title.clone(), name.clone(), head.clone(), value]);
            }
        }
    }
    csv(&format!("district-{}.csv", one.month), &lines)
}

/// `…/report.xlsx`: a sheet for each table.
pub(crate) async fn as_workbook(visit: Visit, Path(month): Path<String>) -> Result<Response, Fault> {
    let one = find(&visit, &month).await?;
    let sheets: Vec<Sheet> = one
        .figures
        .tables
        .iter()
        .map(|table| sheet(&visit, table))
        .collect();
    let bytes = sheets_workbook(&sheets).map_err(Fault::internal)?;
    Ok(download(&format!("district-{}.xlsx", one.month), WORKBOOK, bytes))
}

/// A month that is over as it is kept, and the one that runs as it stands. Before there was anything, and after, there is none.
async fn find(visit: &Visit, month: &str) -> Result<Reported, Fault> {
    let month: Month = month.parse().map_err(|_| Fault::NotFound)?;
    let store = visit.store();
    if month == Month::of(visit.today()) {
        return reported(store, month).await.map_err(Fault::internal);
    }
    make_reports(store).await.map_err(Fault::internal)?;
    let kept = store.district_report(month).await.map_err(Fault::internal)?;
    let kept = kept.ok_or(Fault::NotFound)?;
    let figures: Figures = serde_json::from_str(&kept.figures).map_err(Fault::internal)?;
    Ok(Reported {
        month,
        known: kept.known,
        edition: kept.edition,
        made_ms: Some(kept.made_ms),
        figures,
    })
}

fn view(visit: &Visit, table: &Table) -> TableView {
    let rows = table.rows.iter().map(|row| {
        let cells = row.cells.iter().map(|cell| says(*cell));
        (name(visit, &row.of), cells.collect())
    });
    TableView {
        code: table.code.clone(),
        title: visit.lang.t(&format!("monthly-{}", table.code)),
        means: visit.lang.t(&format!("monthly-{}-means", table.code)),
        heads: table.columns.iter().map(|column| head(visit, column)).collect(),
        rows: rows.collect(),
    }
}

fn sheet(visit: &Visit, table: &Table) -> Sheet {
    let first = visit.lang.t("monthly-row");
    let heads = table.columns.iter().map(|column| head(visit, column));
    let cell = |cell: &Cell| match cell {
        Cell::Count(number) | Cell::Percent(number) => SheetCell::Number(*number),
        Cell::Few | Cell::None => SheetCell::Text(says(*cell)),
    };
    let rows = table.rows.iter().map(|row| {
        let name = SheetCell::Text(name(visit, &row.of));
        std::iter::once(name).chain(row.cells.iter().map(cell)).collect()
    });
    Sheet {
        name: visit.lang.t(&format!("monthly-{}", table.code)),
        heads: std::iter::once(first).chain(heads).collect(),
        rows: rows.collect(),
    }
}

fn head(visit: &Visit, column: &str) -> String {
    visit.lang.t(&format!("monthly-column-{column}"))
}

/// Names as they are said today: what is kept are codes.
fn name(visit: &Visit, of: &RowName) -> String {
    let lang = visit.lang;
    match of {
        RowName::Source(code) => {
            let source = SourceCode::new(code.as_str());
            source.map_or_else(|_| code.clone(), |source| visit.source_name(&source))
        }
        RowName::Class(code) => {
            let class = visit.bundle.class(code);
            class.map_or_else(|| code.clone(), |class| lang.of(&class.name))
        }
        RowName::Purpose(code) => {
            let purpose = PurposeCode::new(code.as_str()).ok();
            let purpose = purpose.and_then(|purpose| visit.bundle.purpose(&purpose));
            purpose.map_or_else(|| code.clone(), |purpose| lang.of(&purpose.name))
        }
        RowName::Words(key) => lang.t(key),
    }
}

fn says(cell: Cell) -> String {
    match cell {
        Cell::Count(number) => grouped(number),
        Cell::Few => "<10".to_owned(),
        Cell::Percent(share) => format!("{share}%"),
        Cell::None => "–".to_owned(),
    }
}

#[cfg(test)]
impl crate::page::Samples for ReportPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let codes = [
            "subjects",
            "sources",
            "classes",
            "timeliness",
            "queues",
            "pleas",
            "looks",
            "rating",
        ];
        let columns = [
            "held",
            "new",
            "files",
            "rows",
            "refused",
            "timed",
            "late",
            "in-time",
            "to-confirm",
            "unlinked",
            "open",
            "overdue",
            "received",
            "answered",
            "answered-in-time",
            "answered-late",
            "looks",
            "looked-at",
            "times",
        ];
        let table = |empty: bool, code: &str| TableView {
            code: code.to_owned(),
            title: lang.t(&format!("monthly-{code}")),
            means: lang.t(&format!("monthly-{code}-means")),
            heads: columns
                .map(|column| lang.t(&format!("monthly-column-{column}")))
                .into(),
            rows: if empty {
                Vec::new()
            } else {
                vec![("市场监督管理局".into(), columns.map(|_| says(Cell::Few)).into())]
            },
        };
        let month: Month = "2026-10".parse().unwrap();
        [false, true]
            .map(|running| Self {
                shell: Shell::sample(lang, crate::view::Desk::Office),
                month: month.to_string(),
                title: title(lang, month),
                made: (!running).then(|| "今天 09:41".into()),
                known: "1,204".into(),
                edition: "2026.1".into(),
                tables: codes.map(|code| table(running, code)).into(),
            })
            .into()
    }
}
