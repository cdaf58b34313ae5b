//! `GET /department/quality`: how well and how timely this department hands in, month by month.

use askama::Template;
use axum::response::Response;

use super::{officer, shell};
use crate::error::Fault;
use crate::page::page;
use crate::view::{Shell, grouped};
use crate::visit::Visit;

/// How many of the commonest faults a month names.
const FAULTS_SHOWN: usize = 3;

#[derive(Template)]
#[template(path = "department/quality.html")]
pub(crate) struct QualityPage {
    shell: Shell,
    months: Vec<MonthRow>,
}

struct MonthRow {
    month: String,
    files: String,
    undone: u64,
    rows: String,
    refused: String,
    late: String,
    score: String,
    timeliness: String,
    /// Code and how often.
    faults: Vec<(String, String)>,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let months = visit.store().quality(source).await.map_err(Fault::internal)?;
    let percent = |share: Option<u64>| share.map_or_else(|| "–".to_owned(), |share| format!("{share}%"));
    let rows = months.into_iter().map(|month| MonthRow {
        month: format!("{:04}-{:02}", month.year, month.month),
        files: grouped(month.files),
        undone: month.undone,
        rows: grouped(month.rows),
        refused: grouped(month.refused),
        late: grouped(month.late),
        score: percent(month.score()),
        timeliness: percent(month.timeliness()),
        faults: month
            .faults
            .into_iter()
            .take(FAULTS_SHOWN)
            .map(|(code, found)| (code, grouped(found)))
            .collect(),
    });
    page(&QualityPage {
        months: rows.collect(),
        shell: shell(&visit, "/department/quality").await?,
    })
}

#[cfg(test)]
impl crate::page::Samples for QualityPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = |undone| MonthRow {
            month: "2026-11".into(),
            files: "12".into(),
            undone,
            rows: "1,204".into(),
            refused: "8".into(),
            late: "3".into(),
            score: "99%".into(),
            timeliness: "98%".into(),
            faults: vec![("DATE-INVALID".into(), "5".into())],
        };
        [Vec::new(), vec![row(0), row(1)]]
            .map(|months| Self {
                shell: Shell::sample(lang, crate::view::Desk::Department),
                months,
            })
            .into()
    }
}
