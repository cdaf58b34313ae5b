//! `/my/reports`: the reports that were made of one's own file, each with its code, its seal and the way to take it back.

use askama::Template;
use axum::response::Response;
use record::ReportCode;
use store::{LookPermit, Report, ReportState};

use super::{open, permit_to, shell};
use crate::download::download;
use crate::error::Fault;
use crate::extract::Last;
use crate::page::{page, see};
use crate::view::{Shell, Tone, day};
use crate::visit::{Frame, Visit};

#[derive(Template)]
#[template(path = "my/reports.html")]
pub(crate) struct ReportsPage {
    shell: Shell,
    reports: Vec<ReportView>,
}

struct ReportView {
    code: String,
    made: String,
    until: String,
    edition: String,
    state: String,
    tone: Tone,
    holds: bool,
    /// Whether it still waits to be taken away.
    waits: bool,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let opened = open(&visit, "reports").await?;
    let reports = visit.store().reports(&opened.permit).await;
    let reports = reports.map_err(Fault::internal)?;
    page(&ReportsPage {
        shell: shell(&visit, &opened, "/reports"),
        reports: reports
            .iter()
            .map(|report| view(&visit, report))
            .collect::<Result<_, Fault>>()?,
    })
}

fn view(visit: &Visit, report: &Report) -> Result<ReportView, Fault> {
    let lang = visit.lang;
    let (key, tone) = match report.state {
        ReportState::Holds => ("report-holds", Tone::Good),
        ReportState::Expired => ("report-expired", Tone::Off),
        ReportState::Withdrawn(_) => ("report-withdrawn", Tone::Off),
    };
    let waiting = visit
        .app
        .reports
        .get(visit.session()?, visit.now, report.code.as_str());
    Ok(ReportView {
        code: report.code.to_string(),
        made: day(lang, Frame::day_of(report.made_ms)),
        until: day(lang, report.until),
        edition: report.edition.clone(),
        state: lang.t(key),
        tone,
        holds: report.state == ReportState::Holds,
        waits: waiting.is_some(),
    })
}

/// `GET /my/reports/{code}/report.pdf`: the file, while it waits. Afterwards nobody has it but who took it away.
pub(crate) async fn file(visit: Visit, Last(code): Last<String>) -> Result<Response, Fault> {
    let code = ReportCode::parse(&code).map_err(|_| Fault::NotFound)?;
    let waiting = visit.app.reports.get(visit.session()?, visit.now, code.as_str());
    let bytes = waiting.ok_or(Fault::NotFound)?;
    permit_to(&visit, &format!("report {code}")).await?;
    Ok(download(
        &format!("xinlian-{code}.pdf"),
        "application/pdf",
        bytes.to_vec(),
    ))
}

/// `GET /my/reports/{code}/seal.json`: what anybody can check the file by with any JOSE library, without asking here.
pub(crate) async fn seal(visit: Visit, Last(code): Last<String>) -> Result<Response, Fault> {
    let (_, report) = own(&visit, &code).await?;
    let bytes = serde_json::to_vec(&report.seal).map_err(Fault::internal)?;
    Ok(download(
        &format!("xinlian-{}.json", report.code),
        "application/jose+json",
        bytes,
    ))
}

/// `POST /my/reports/{code}/withdraw`: from now on it is not vouched for.
pub(crate) async fn withdraw(visit: Visit, Last(code): Last<String>) -> Result<Response, Fault> {
    let (permit, report) = own(&visit, &code).await?;
    let withdrawn = visit.store().withdraw_report(&permit, &report.code).await;
    if withdrawn.map_err(Fault::internal)? {
        Ok(see(&visit.own("/reports?done=report-withdraw")))
    } else {
        Err(Fault::NotFound)
    }
}

/// A report of one's own file.
async fn own(visit: &Visit, code: &str) -> Result<(LookPermit, Report), Fault> {
    let code = ReportCode::parse(code).map_err(|_| Fault::NotFound)?;
    let permit = permit_to(visit, &format!("report {code}")).await?;
    let reports = visit.store().reports(&permit).await.map_err(Fault::internal)?;
    let found = reports.into_iter().find(|report| report.code == code);
    Ok((permit, found.ok_or(Fault::NotFound)?))
}

#[cfg(test)]
impl crate::page::Samples for ReportsPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let report = |key: &str, tone, holds, waits| ReportView {
            code: "7K3M-9QXD-40RT-C2PA".into(),
            made: "2026年11月23日".into(),
            until: "2027年2月21日".into(),
            edition: "2026.1".into(),
            state: lang.t(key),
            tone,
            holds,
            waits,
        };
        let reports = vec![
            report("report-holds", Tone::Good, true, true),
            report("report-expired", Tone::Off, false, false),
            report("report-withdrawn", Tone::Off, false, false),
        ];
        [Vec::new(), reports]
            .map(|reports| Self {
                shell: Shell::sample(lang, crate::view::Desk::My),
                reports,
            })
            .into()
    }
}
