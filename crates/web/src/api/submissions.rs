//! `/api/v1/submissions`: a file is handed over, and its report read.

use axum::body::Bytes;
use axum::extract::FromRequest as _;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use exchange::{Note, Report, RowError};
use record::{LayoutCode, SubmissionId};
use serde::{Deserialize, Serialize};
use store::{Handed, NewJob, SubmissionInfo, SubmissionState};

use super::{jobs, json, run};
use crate::department::submission::{kept, of_own_source};
use crate::department::upload::{FILE_BYTES_MOST, plain_name};
use crate::department::{layouts, officer};
use crate::error::Fault;
use crate::extract::{Path, Query};
use crate::visit::Visit;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Faults on one page of a report.
const PER_PAGE: usize = 500;

/// What a body may be, and how a file of it ends.
const KINDS: [(&str, &str); 6] = [
    ("application/x-ndjson", "ndjson"),
    ("application/jsonl", "ndjson"),
    ("text/csv", "csv"),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.apache.parquet", "parquet"),
];

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// By which layout; found by its headers if none is named.
    #[serde(default)]
    layout: String,
    /// The file's name, for people.
    #[serde(default)]
    name: String,
}

/// `POST /api/v1/submissions`: 202 and a job, at once. The same key and file again is the same job.
pub(crate) async fn hand_in(
    visit: Visit,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Fault> {
    let (officer, source) = officer(&visit)?;
    let once = once(&headers).ok_or(Fault::Unfit("api-no-idempotency-key"))?;
    let ending = ending(&headers).ok_or(Fault::WrongKind)?;
    let layout = match asked.layout.as_str() {
        "" => None,
        code => {
            let code = LayoutCode::new(code).ok();
            let known = code.filter(|code| layouts(&visit).is_ok_and(|all| all.get(code).is_some()));
            Some(known.ok_or(Fault::Unfit("api-unknown-layout"))?)
        }
    };
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(fault) if fault.status() == StatusCode::PAYLOAD_TOO_LARGE => return Err(Fault::TooLarge),
        Err(fault) => return Err(Fault::bad_request(fault)),
    };
    if body.is_empty() {
        return Err(Fault::Unfit("api-empty"));
    }
    if body.len() > FILE_BYTES_MOST {
        return Err(Fault::TooLarge);
    }
    let new = NewJob {
        source: source.clone(),
        officer: officer.clone(),
        once,
        layout,
        file_name: file_name(&asked.name, ending),
        body: body.into(),
    };
    match visit.store().put_job(&new).await.map_err(Fault::internal)? {
        Handed::OtherFile => Err(Fault::Unfit("api-key-reused")),
        Handed::New(job) | Handed::Again(job) => {
            if !job.finished {
                tokio::spawn(run::all(visit.app.clone()));
            }
            let mut response = json(StatusCode::ACCEPTED, &jobs::view(&visit, &job));
            if let Ok(address) = HeaderValue::from_str(&jobs::address(job.id)) {
                response.headers_mut().insert(header::LOCATION, address);
            }
            Ok(response.into_response())
        }
    }
}

/// What its sender knows the file by: 1 to 128 visible ASCII characters.
pub(super) fn once(headers: &HeaderMap) -> Option<String> {
    let key = headers.get(IDEMPOTENCY_KEY)?.to_str().ok()?;
    let fits = (1..=128).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| key.to_owned())
}

fn ending(headers: &HeaderMap) -> Option<&'static str> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let kind = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let known = KINDS.into_iter().find(|(known, _)| *known == kind);
    known.map(|(_, ending)| ending)
}

/// A name that ends as its kind does.
fn file_name(name: &str, ending: &str) -> String {
    let name = plain_name(name);
    match name.as_str() {
        "" => format!("api.{ending}"),
        whole if whole.to_lowercase().ends_with(&format!(".{ending}")) => name,
        _ => format!("{name}.{ending}"),
    }
}

/// A report as its sender reads it.
#[derive(Serialize)]
struct ReportView<'a> {
    submission: u64,
    file: &'a str,
    layout: Option<&'a str>,
    state: &'static str,
    rows: u32,
    accepted: u32,
    /// Adverse: without effect until a second officer confirms the submission.
    pending: u32,
    duplicate: u32,
    /// Without a subject: they wait for a person.
    unlinked: u32,
    refused: u32,
    /// Every fault of every row, a page at a time.
    errors: Vec<&'a RowError>,
    notes: &'a [Note],
    /// The address of the next page of faults.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct AskedPage {
    #[serde(default)]
    page: usize,
}

/// `GET /api/v1/submissions/{id}`
pub(crate) async fn show(
    visit: Visit,
    Path(id): Path<u64>,
    Query(asked): Query<AskedPage>,
) -> Result<Response, Fault> {
    let info = of_own_source(&visit, SubmissionId(id)).await?;
    let Some(kept) = kept(&visit, info.id).await? else {
        return Err(Fault::NotFound);
    };
    Ok(json(
        StatusCode::OK,
        &report_view(&info, &kept.report, asked.page.max(1)),
    ))
}

fn report_view<'a>(info: &'a SubmissionInfo, report: &'a Report, page: usize) -> ReportView<'a> {
    let from = (page - 1).saturating_mul(PER_PAGE);
    let more = report.errors.len() > from.saturating_add(PER_PAGE);
    ReportView {
        submission: info.id.0,
        file: info.file_name.as_deref().unwrap_or_default(),
        layout: info.layout.as_ref().map(LayoutCode::as_str),
        state: match info.state {
            SubmissionState::Open => "open",
            SubmissionState::Waiting => "waiting",
            SubmissionState::Confirmed { .. } => "confirmed",
            SubmissionState::Undoing { .. } => "undoing",
            SubmissionState::Undone { .. } => "undone",
            SubmissionState::Done => "done",
        },
        rows: report.rows,
        accepted: report.accepted,
        pending: report.pending,
        duplicate: report.duplicate,
        unlinked: report.unlinked,
        refused: report.refused,
        errors: report.errors.iter().skip(from).take(PER_PAGE).collect(),
        notes: &report.notes,
        next: more.then(|| format!("/api/v1/submissions/{}?page={}", info.id.0, page + 1)),
    }
}
