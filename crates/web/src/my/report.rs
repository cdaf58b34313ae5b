//! `/my/report`: one's own file as a report, to be printed from the browser or made as a sealed PDF.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::{ReportCode, SubjectKind};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use store::NewReport;

use super::{Opened, open, shell};
use crate::error::Fault;
use crate::extract::{Form, Query};
use crate::page::{FormFault, page, page_with, see};
use crate::report::content::Content;
use crate::report::pdf::{Stamp, draw};
use crate::view::{Shell, day, with_query};
use crate::visit::Visit;

/// So many reports of one file are made in a day.
const A_DAY_MOST: usize = 20;
const DAY_MS: i64 = 86_400_000;

#[derive(Template)]
#[template(path = "my/report.html")]
pub(crate) struct ReportPage {
    shell: Shell,
    content: Content,
    valid_says: String,
    faults: Vec<FormFault>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// `1`, to have what is without effect in it too.
    #[serde(default)]
    all: u8,
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let opened = open(&visit, "report").await?;
    page(&page_of(&visit, &opened, asked.all == 1, Vec::new()))
}

fn page_of(visit: &Visit, opened: &Opened, all: bool, faults: Vec<FormFault>) -> ReportPage {
    let days = u64::from(visit.app.report.valid_days);
    ReportPage {
        shell: shell(visit, opened, "/reports"),
        content: Content::of(visit, opened, all),
        valid_says: visit.lang.count("report-valid", days),
        faults,
    }
}

/// `POST /my/report`: the same as a PDF, of which the house keeps the digest and nothing else. It waits a quarter of an hour in
/// memory to be taken away.
pub(crate) async fn make(visit: Visit, Form(asked): Form<Asked>) -> Result<Response, Fault> {
    let all = asked.all == 1;
    let code = visit.store().draw_report_code().map_err(Fault::internal)?;
    let opened = open(&visit, &format!("report {code}")).await?;
    let made = visit
        .store()
        .reports(&opened.permit)
        .await
        .map_err(Fault::internal)?;
    let since = visit.now.as_millisecond() - DAY_MS;
    if made.iter().filter(|report| report.made_ms > since).count() >= A_DAY_MOST {
        return Err(Fault::TooMany);
    }
    let font = match visit.app.report_font().await {
        Ok(font) => font,
        Err(fault) => {
            tracing::error!(%fault, "no report can be made");
            let fault = FormFault {
                field: "make",
                says: visit.lang.t("report-no-font"),
            };
            let page = page_of(&visit, &opened, all, vec![fault]);
            return page_with(StatusCode::SERVICE_UNAVAILABLE, &page);
        }
    };
    let content = Content::of(&visit, &opened, all);
    let days = jiff::Span::new().days(visit.app.report.valid_days);
    let until = visit.today().saturating_add(days);
    let stamp = stamp(&visit, &code, day(visit.lang, until));
    let drawn = tokio::task::spawn_blocking(move || draw(&font, &content, &stamp)).await;
    let bytes = drawn.map_err(Fault::internal)?.map_err(Fault::internal)?;
    let new = NewReport {
        masked_name: match opened.file.kind {
            SubjectKind::Person => record::mask_name(&opened.file.name),
            // The name of an organisation is public.
            _ => opened.file.name.clone(),
        },
        digest: Sha256::digest(&bytes).into(),
        edition: visit.bundle.edition().to_owned(),
        known: visit.as_of.known,
        code: code.clone(),
        until,
    };
    let kept = visit.store().keep_report(&opened.permit, &new).await;
    kept.map_err(Fault::internal)?;
    let session = visit.session()?;
    let name = code.as_str().to_owned();
    visit
        .app
        .reports
        .put_as(session, visit.now, name, Arc::new(bytes));
    Ok(see(&visit.own("/reports?done=report")))
}

/// What makes the report this one. Its square code leads to the page that verifies it, if the settings say where people reach us;
/// else it holds the code alone. The address that a request was sent to is not taken: a client writes it.
fn stamp(visit: &Visit, code: &ReportCode, until: String) -> Stamp {
    let printed = code.to_string();
    let address = visit.app.report.address.as_deref();
    let square = address.map(|address| with_query(&format!("{address}/verify"), &[("code", &printed)]));
    let where_verified = address.map_or_else(
        || visit.lang.t("report-verify-here"),
        |address| {
            let page = format!("{address}/verify");
            visit.lang.with("report-verify-at", &[("address", &page)])
        },
    );
    Stamp {
        code: code.clone(),
        until,
        square: square.unwrap_or(printed),
        where_verified,
    }
}

#[cfg(test)]
impl crate::page::Samples for ReportPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let fault = FormFault {
            field: "make",
            says: lang.t("report-no-font"),
        };
        [(true, vec![fault]), (false, Vec::new())]
            .map(|(full, faults)| Self {
                shell: Shell::sample(lang, crate::view::Desk::My),
                content: Content::sample(lang, full),
                valid_says: lang.count("report-valid", 90),
                faults,
            })
            .into()
    }
}
