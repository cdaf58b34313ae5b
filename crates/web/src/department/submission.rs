//! `GET /department/submissions/{id}`: the report of one hand-in, its faults filtered and paged, and its
//! error workbook.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use exchange::{Report, RowError};
use record::SubmissionId;
use serde::Deserialize;
use store::{StoreError, SubmissionInfo, SubmissionState};

use super::{Counts, ErrorRow, NoteView, error_row, file_name, layout_name, layouts, notes, officer, shell};
use crate::download::{WORKBOOK, download};
use crate::error::Fault;
use crate::extract::{Path, Query};
use crate::intake::Kept;
use crate::page::page;
use crate::view::{Pager, Shell, with_query};
use crate::visit::Visit;

const PER_PAGE: u32 = 50;

/// Code, how many, and whether it is the chosen one.
type Counted = (String, u64, bool);

#[derive(Template)]
#[template(path = "department/submission.html")]
pub(crate) struct SubmissionPage {
    shell: Shell,
    id: u64,
    file: String,
    layout: String,
    when: String,
    officer: String,
    counts: Counts,
    has_workbook: bool,
    waiting: Option<Waiting>,
    confirmed: Option<String>,
    /// That it is being taken back, or was.
    undo: Option<String>,
    can_undo: bool,
    notes: Vec<NoteView>,
    codes: Vec<Counted>,
    columns: Vec<Counted>,
    errors: Vec<ErrorRow>,
    pager: Pager,
}

/// What a submission with adverse records waits for.
struct Waiting {
    title: String,
    says: String,
    can_confirm: bool,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    code: String,
    #[serde(default)]
    column: String,
    #[serde(default)]
    page: u32,
}

pub(crate) async fn show(
    visit: Visit,
    Path(id): Path<u64>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let info = of_own_source(&visit, SubmissionId(id)).await?;
    let kept = kept(&visit, info.id).await?;
    let lang = visit.lang;
    let empty = Report::new("", None);
    let report = kept.as_ref().map_or(&empty, |kept| &kept.report);
    let wanted: Vec<&RowError> = report
        .errors
        .iter()
        .filter(|error| asked.code.is_empty() || error.code == asked.code)
        .filter(|error| asked.column.is_empty() || error.column == asked.column)
        .collect();
    let number = asked.page.max(1);
    let skip = usize::try_from(number.saturating_sub(1).saturating_mul(PER_PAGE)).unwrap_or(0);
    let shown = wanted
        .iter()
        .skip(skip)
        .take(usize::try_from(PER_PAGE).unwrap_or(0));
    let address = format!("/department/submissions/{id}");
    let href = with_query(&address, &[("code", &asked.code), ("column", &asked.column)]);
    let all = layouts(&visit)?;
    let total = u64::try_from(wanted.len()).unwrap_or(0);
    page(&SubmissionPage {
        shell: shell(&visit, "/department/submissions").await?,
        id,
        file: file_name(&visit, &info),
        layout: layout_name(&visit, &all, info.layout.as_ref()),
        when: visit.moment(info.received_ms),
        officer: visit.app.officer_name(&info.officer).await,
        counts: counts(&info),
        has_workbook: kept.as_ref().is_some_and(|kept| !kept.returned.rows.is_empty()),
        waiting: waiting(&visit, &info)?,
        confirmed: confirmed(&visit, &info).await,
        undo: match info.state {
            SubmissionState::Undoing { .. } => Some(lang.t("undo-waits")),
            SubmissionState::Undone { .. } => Some(lang.t("undo-is-done")),
            _ => None,
        },
        can_undo: info.layout.is_some() && info.state != SubmissionState::Open,
        notes: notes(lang, report),
        codes: counted(report, |error| &error.code, &asked.code),
        columns: counted(report, |error| &error.column, &asked.column),
        errors: shown
            .map(|error| error_row(lang, info.layout.as_ref().and_then(|code| all.get(code)), error))
            .collect(),
        pager: Pager::new(lang, &href, number, PER_PAGE, total),
    })
}

/// A submission of another department is as absent as one that never was.
pub(crate) async fn of_own_source(visit: &Visit, id: SubmissionId) -> Result<SubmissionInfo, Fault> {
    let (_, source) = officer(visit)?;
    match visit.store().submission(id).await {
        Ok(info) if info.source == *source => Ok(info),
        Ok(_) | Err(StoreError::NoSubmission(_)) => Err(Fault::NotFound),
        Err(error) => Err(Fault::internal(error)),
    }
}

pub(crate) async fn kept(visit: &Visit, id: SubmissionId) -> Result<Option<Kept>, Fault> {
    let bytes = visit
        .store()
        .submission_report(id)
        .await
        .map_err(Fault::internal)?;
    Ok(bytes.and_then(|bytes| Kept::from_bytes(&bytes).ok()))
}

/// What waited for a second officer is in effect from the confirmation on.
fn counts(info: &SubmissionInfo) -> Counts {
    let counts = Counts::from(info.totals);
    match info.state {
        SubmissionState::Confirmed { .. } => Counts {
            accepted: counts.accepted + counts.pending,
            pending: 0,
            ..counts
        },
        _ => counts,
    }
}

fn waiting(visit: &Visit, info: &SubmissionInfo) -> Result<Option<Waiting>, Fault> {
    if info.state != SubmissionState::Waiting {
        return Ok(None);
    }
    let (officer, _) = officer(visit)?;
    let own = info.officer == *officer;
    let key = if own { "waiting-own" } else { "waiting-other" };
    Ok(Some(Waiting {
        title: visit.lang.t(&format!("{key}-title")),
        says: visit.lang.count(key, info.totals.pending),
        can_confirm: !own,
    }))
}

async fn confirmed(visit: &Visit, info: &SubmissionInfo) -> Option<String> {
    let SubmissionState::Confirmed { by, number } = &info.state else {
        return None;
    };
    let name = visit.app.officer_name(by).await;
    let values = [("officer", name.as_str()), ("number", &number.to_string())];
    Some(visit.lang.with("confirm-done-by", &values))
}

fn counted<'a>(report: &'a Report, of: impl Fn(&'a RowError) -> &'a String, chosen: &str) -> Vec<Counted> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for error in &report.errors {
        *counts.entry(of(error).as_str()).or_default() += 1;
    }
    counts
        .into_iter()
        .filter(|(text, _)| !text.is_empty())
        .map(|(text, count)| (text.to_owned(), count, text == chosen))
        .collect()
}

/// `GET …/errors.xlsx`: the refused rows, to be mended and handed in again.
pub(crate) async fn workbook(visit: Visit, Path(id): Path<u64>) -> Result<Response, Fault> {
    let info = of_own_source(&visit, SubmissionId(id)).await?;
    let kept = kept(&visit, info.id).await?.ok_or(Fault::NotFound)?;
    let all = layouts(&visit)?;
    let code = info.layout.ok_or(Fault::NotFound)?;
    if kept.returned.rows.is_empty() || all.get(&code).is_none() {
        return Err(Fault::NotFound);
    }
    let made = tokio::task::spawn_blocking(move || {
        let layout = all.get(&code)?;
        Some(exchange::error_workbook(layout, &kept.report, &kept.returned))
    });
    let bytes = made.await.map_err(Fault::internal)?.ok_or(Fault::NotFound)?;
    Ok(download(
        &format!("returned-{id}.xlsx"),
        WORKBOOK,
        bytes.map_err(Fault::internal)?,
    ))
}

#[cfg(test)]
impl crate::page::Samples for SubmissionPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let waiting = |key: &str, can_confirm| Waiting {
            title: lang.t(&format!("waiting-{key}-title")),
            says: lang.count(&format!("waiting-{key}"), 1173),
            can_confirm,
        };
        let by = [("officer", "林科员"), ("number", "7")];
        let with = |counts, waiting, confirmed: Option<String>| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            id: 12,
            file: "2026年11月处罚.csv".into(),
            layout: "行政处罚".into(),
            when: "今天 09:41".into(),
            officer: "陈科员".into(),
            counts,
            has_workbook: true,
            waiting,
            undo: confirmed.is_none().then(|| lang.t("undo-waits")),
            can_undo: true,
            confirmed,
            notes: NoteView::samples(lang),
            codes: vec![("REQUIRED".into(), 3, true)],
            columns: vec![("CF_WSH".into(), 3, false)],
            errors: ErrorRow::samples(),
            pager: Pager::new(lang, "/x", 1, 4, 8),
        };
        vec![
            with(Counts::sample(), Some(waiting("own", false)), None),
            with(Counts::sample(), Some(waiting("other", true)), None),
            with(Counts::default(), None, Some(lang.with("confirm-done-by", &by))),
        ]
    }
}
