//! `/api/v1/changes`: what became of records that were handed to a department, and that it has put them right.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use record::{ItemCode, RecordNumber, SourceCode};
use serde::{Deserialize, Serialize};
use store::{ActFault, Change, StoreError};

use super::json;
use crate::department::officer;
use crate::error::{Fault, WrongPlace};
use crate::extract::Json;
use crate::visit::Visit;

/// A change, as both sides of a share read it. It names nobody.
#[derive(Serialize)]
pub(super) struct ChangeView<'a> {
    share: u64,
    record: u64,
    /// The record or act that changed it.
    change: u64,
    kind: &'static str,
    item: &'a ItemCode,
    owner: &'a SourceCode,
    recipient: &'a SourceCode,
    at: Timestamp,
    /// By when it is to be put right.
    due: Timestamp,
    /// The act that says it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    acknowledged: Option<u64>,
}

impl<'a> ChangeView<'a> {
    pub(super) fn of(change: &'a Change) -> Self {
        let moment = |ms| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
        Self {
            share: change.share.0,
            record: change.record.0,
            change: change.by.0,
            kind: change.kind.code(),
            item: &change.item,
            owner: &change.owner,
            recipient: &change.recipient,
            at: moment(change.at_ms),
            due: moment(change.due_ms),
            acknowledged: change.acknowledged.map(|act| act.0),
        }
    }
}

#[derive(Serialize)]
struct Changes<'a> {
    changes: Vec<ChangeView<'a>>,
}

/// `GET /api/v1/changes`: what the caller's department has not put right yet, the oldest first; at most 1000.
pub(crate) async fn list(visit: Visit) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let found = visit.store().changes_to_put_right(source).await;
    let found = found.map_err(Fault::internal)?;
    let changes = found.iter().map(ChangeView::of).collect();
    Ok(json(StatusCode::OK, &Changes { changes }))
}

/// Which change was put right, and how.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutRight {
    share: u64,
    record: u64,
    change: u64,
    #[serde(default)]
    how: String,
}

/// That it was said.
#[derive(Serialize)]
struct Said {
    share: u64,
    record: u64,
    change: u64,
}

/// `POST /api/v1/changes/acknowledgements`: 201; said again it is 200, and stays as it was said first.
pub(crate) async fn acknowledge(visit: Visit, Json(said): Json<PutRight>) -> Result<Response, Fault> {
    let (by, source) = officer(&visit)?;
    let PutRight {
        share,
        record,
        change,
        how,
    } = said;
    let (of_share, of_record, by_change) = (RecordNumber(share), RecordNumber(record), RecordNumber(change));
    let done = visit
        .store()
        .acknowledge(of_share, of_record, by_change, by, source, &how)
        .await;
    let status = match done {
        Ok(_) => StatusCode::CREATED,
        Err(StoreError::Act(ActFault::AlreadyAnswered)) => StatusCode::OK,
        Err(StoreError::Act(fault @ ActFault::NoReason)) => {
            return Err(Fault::WrongBody(vec![WrongPlace {
                pointer: "#/how".to_owned(),
                detail: crate::view::act_fault(visit.lang, &fault),
            }]));
        }
        Err(error) => return Err(Fault::of_store(error)),
    };
    let said = Said {
        share,
        record,
        change,
    };
    Ok(json(status, &said))
}
