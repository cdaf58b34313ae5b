//! `/api/v1/jobs/{id}`: how far a file is that was handed over.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use store::{Job, StoreError};

use super::json;
use crate::department::officer;
use crate::error::Fault;
use crate::extract::Path;
use crate::visit::Visit;

/// A job as its sender reads it.
#[derive(Serialize)]
pub(super) struct JobView {
    job: u64,
    state: &'static str,
    file: String,
    /// How many rows are done, of how many; while it is being taken in.
    #[serde(skip_serializing_if = "Option::is_none")]
    rows_done: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<u64>,
    /// The address of the report, once the hand-in has begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    submission: Option<String>,
    /// Why it was not taken in.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<serde_json::Value>,
    #[serde(rename = "self")]
    address: String,
}

pub(super) fn address(job: u64) -> String {
    format!("/api/v1/jobs/{job}")
}

pub(super) fn view(visit: &Visit, job: &Job) -> JobView {
    let progress = visit.app.progress_of(job.id);
    let fault = job
        .fault
        .as_deref()
        .map(|said| serde_json::from_str(said).unwrap_or_default());
    JobView {
        job: job.id,
        state: match (job.finished, &job.fault, progress) {
            (true, None, _) => "done",
            (true, Some(_), _) => "failed",
            (false, _, Some(_)) => "taking",
            (false, _, None) => "waiting",
        },
        file: job.file_name.clone(),
        rows_done: progress.map(|(done, _)| done),
        rows: progress.map(|(_, rows)| rows),
        submission: job.submission.map(|id| format!("/api/v1/submissions/{}", id.0)),
        fault,
        address: address(job.id),
    }
}

/// `GET /api/v1/jobs/{id}`
pub(crate) async fn show(visit: Visit, Path(id): Path<u64>) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    match visit.store().job(source, id).await {
        Ok(job) => Ok(json(StatusCode::OK, &view(&visit, &job))),
        Err(StoreError::NotFound) => Err(Fault::NotFound),
        Err(error) => Err(Fault::internal(error)),
    }
}
