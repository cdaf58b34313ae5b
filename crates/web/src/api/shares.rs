//! `/api/v1/shares`: what a department is given by others and gives to them.

use axum::http::StatusCode;
use axum::response::Response;
use record::{Date, FieldName, ItemCode, SourceCode};
use serde::Serialize;
use store::{Share, Way};

use super::changes::ChangeView;
use super::json;
use crate::department::officer;
use crate::department::sharing::asking::own_share;
use crate::error::Fault;
use crate::extract::Path;
use crate::visit::Visit;

/// A share, as either side reads it.
#[derive(Serialize)]
struct ShareView<'a> {
    number: u64,
    state: &'static str,
    owner: &'a SourceCode,
    recipient: &'a SourceCode,
    item: &'a ItemCode,
    ways: Vec<&'static str>,
    fields: &'a [FieldName],
    what_for: &'a str,
    basis: &'a str,
    per_day: u32,
    applied: Date,
    until: Date,
    #[serde(rename = "self")]
    address: String,
}

fn view(share: &Share) -> ShareView<'_> {
    let asks = &share.asks;
    ShareView {
        number: share.number.0,
        state: share.state.code(),
        owner: &asks.owner,
        recipient: &share.recipient,
        item: &asks.item,
        ways: asks.ways.iter().copied().map(Way::code).collect(),
        fields: &asks.fields,
        what_for: &asks.what_for,
        basis: &asks.basis,
        per_day: asks.per_day,
        applied: share.applied,
        until: asks.until,
        address: format!("/api/v1/shares/{}", share.number),
    }
}

#[derive(Serialize)]
struct Shares<'a> {
    shares: Vec<ShareView<'a>>,
}

/// `GET /api/v1/shares`: of the caller's department, the newest first.
pub(crate) async fn list(visit: Visit) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let shares = visit.store().shares().await.map_err(Fault::internal)?;
    let own = shares.iter().filter(|share| share.concerns(source));
    let shares = own.map(view).collect();
    Ok(json(StatusCode::OK, &Shares { shares }))
}

/// How much was handed out so far.
#[derive(Serialize)]
struct HandedOut {
    records: u64,
    subjects: u64,
}

/// One share, with what was done under it.
#[derive(Serialize)]
struct OneShare<'a> {
    #[serde(flatten)]
    share: ShareView<'a>,
    /// How many subjects the recipient can still ask about today, while it is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_today: Option<u64>,
    handed_out: HandedOut,
    /// What was told of records handed out, put right or not, the newest first.
    changes: Vec<ChangeView<'a>>,
}

/// `GET /api/v1/shares/{number}`
pub(crate) async fn show(visit: Visit, Path(number): Path<u64>) -> Result<Response, Fault> {
    let share = own_share(&visit, number).await?;
    let store = visit.store();
    let left_today = if share.state.is_in_force() {
        Some(store.left_today(&share).await.map_err(Fault::internal)?)
    } else {
        None
    };
    let (records, subjects) = store.handed_out(share.number).await.map_err(Fault::internal)?;
    let told = store.changes_under(&share).await.map_err(Fault::internal)?;
    let one = OneShare {
        share: view(&share),
        left_today,
        handed_out: HandedOut { records, subjects },
        changes: told.iter().map(ChangeView::of).collect(),
    };
    Ok(json(StatusCode::OK, &one))
}
