//! `GET /office/reports`: a report of the district for each month that is over, made once and kept; and the month that runs, which is not.

mod figures;
pub(crate) mod one;

use askama::Template;
use axum::response::Response;
use record::{AsOf, TreeSize};
use serde::Deserialize;
use store::{DistrictReport, Month, Store};

use super::shell;
use crate::error::Fault;
use crate::extract::Query;
use crate::lang::Lang;
use crate::page::page;
use crate::view::{self, Pager, Shell, grouped};
use crate::visit::Visit;

use figures::Figures;

const PER_PAGE: u32 = 24;

#[derive(Template)]
#[template(path = "office/reports.html")]
pub(crate) struct ReportsPage {
    shell: Shell,
    running: (String, String),
    rows: Vec<ReportRow>,
    pager: Pager,
}

struct ReportRow {
    month: String,
    title: String,
    known: String,
    edition: String,
    made: String,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    page: u32,
}

/// A month as it is reported: kept, or as it stands now.
struct Reported {
    month: Month,
    known: TreeSize,
    edition: String,
    /// When it was kept; nothing for one that runs.
    made_ms: Option<i64>,
    figures: Figures,
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    make_reports(visit.store()).await.map_err(Fault::internal)?;
    let kept = visit.store().district_reports().await.map_err(Fault::internal)?;
    let at = wanted.page.clamp(1, 10_000);
    let skip = usize::try_from((at - 1) * PER_PAGE).unwrap_or(0);
    let shown = kept
        .iter()
        .skip(skip)
        .take(usize::try_from(PER_PAGE).unwrap_or(0));
    let running = Month::of(visit.today());
    page(&ReportsPage {
        shell: shell(&visit, "/office/reports"),
        running: (running.to_string(), title(visit.lang, running)),
        rows: shown.map(|one| row(&visit, one)).collect(),
        pager: Pager::new(
            visit.lang,
            "/office/reports",
            at,
            PER_PAGE,
            super::count(kept.len()),
        ),
    })
}

/// Makes the report of every month that is over and has none. Which they were.
///
/// What is counted rests on the log as it was at the end of the month, so that it is the same whenever it is made.
///
/// # Errors
/// When the database fails.
pub async fn make_reports(store: &Store) -> store::Result<Vec<Month>> {
    let running = Month::of(store.clock().today());
    let kept = store.district_reports().await?;
    let mut made = Vec::new();
    let mut next = store.first_month().await?;
    while let Some(month) = next.filter(|month| *month < running) {
        next = Some(month.next());
        if kept.iter().any(|one| one.month == month) {
            continue;
        }
        let report = reported(store, month).await?;
        let text = serde_json::to_string(&report.figures).unwrap_or_default();
        store
            .keep_district_report(month, report.known, &report.edition, &text)
            .await?;
        made.push(month);
    }
    Ok(made)
}

/// A month counted now.
async fn reported(store: &Store, month: Month) -> store::Result<Reported> {
    let facts = store.month_facts(month).await?;
    let on = month.last().min(store.clock().today());
    let known = facts.known;
    // Rules that came into force later answer for a month before there were any.
    let bundle = match store.bundle(AsOf { on, known }).await {
        Ok(bundle) => bundle,
        Err(_) => store.bundle(store.now_as_of().await?).await?,
    };
    Ok(Reported {
        month,
        known,
        edition: bundle.edition().to_owned(),
        made_ms: None,
        figures: Figures::of(&bundle, &facts, on),
    })
}

fn row(visit: &Visit, one: &DistrictReport) -> ReportRow {
    ReportRow {
        month: one.month.to_string(),
        title: title(visit.lang, one.month),
        known: grouped(one.known.0),
        edition: one.edition.clone(),
        made: visit.moment(one.made_ms),
    }
}

/// `2026年11月信用月报`
fn title(lang: Lang, month: Month) -> String {
    lang.with("monthly-title", &[("month", &view::month(lang, month.first()))])
}

#[cfg(test)]
impl crate::page::Samples for ReportsPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let month: Month = "2026-10".parse().unwrap();
        let row = || ReportRow {
            month: month.to_string(),
            title: title(lang, month),
            known: "1,204".into(),
            edition: "2026.1".into(),
            made: "今天 09:41".into(),
        };
        [Vec::new(), vec![row()]]
            .map(|rows| Self {
                shell: Shell::sample(lang, view::Desk::Office),
                running: ("2026-11".into(), title(lang, month.next())),
                rows,
                pager: Pager::new(lang, "/office/reports", 1, PER_PAGE, 1),
            })
            .into()
    }
}
