//! `/api/v1/shares/{number}/ask` and `…/changes`: asking under a share. The answer is the signed one of the desk.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use record::RecordNumber;
use serde::Deserialize;
use store::{Door, Question, Share, SignedAnswer};

use super::json;
use crate::department::sharing::asking::{self, WrongNumber, own_share};
use crate::error::{Fault, WrongPlace};
use crate::extract::{Json, Path};
use crate::visit::Visit;

/// About whom, and in which case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ask {
    #[serde(default)]
    case: String,
    #[serde(default)]
    identifiers: Vec<Stated>,
}

/// A number and what kind of number it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    kind: String,
    value: String,
}

/// `POST …/ask`: about subjects by their numbers, which go in the body and never in an address.
pub(crate) async fn ask(
    visit: Visit,
    Path(number): Path<u64>,
    Json(asked): Json<Ask>,
) -> Result<Response, Fault> {
    let share = own_share(&visit, number).await?;
    let pairs: Vec<(&str, &str)> = asked
        .identifiers
        .iter()
        .map(|one| (one.kind.as_str(), one.value.as_str()))
        .collect();
    let mut wrong = Vec::new();
    let question = question(&visit, &share, &asked.case, &mut wrong)?;
    let about = asking::numbers(&visit, &share, &pairs).unwrap_or_else(|numbers| {
        wrong.extend(numbers.into_iter().map(in_body));
        Vec::new()
    });
    let Some(question) = question.filter(|_| wrong.is_empty()) else {
        return Err(Fault::WrongBody(wrong));
    };
    let answered = visit.store().ask_shared(&question, &about).await;
    let (_, signed) = answered.map_err(Fault::of_store)?;
    Ok(jose(&signed))
}

/// Since when, and in which case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Follow {
    #[serde(default)]
    case: String,
    #[serde(default)]
    since: u64,
}

/// `POST …/changes`: whatever is new since a number; the payload's `next` is the number to go on from.
pub(crate) async fn follow(
    visit: Visit,
    Path(number): Path<u64>,
    Json(asked): Json<Follow>,
) -> Result<Response, Fault> {
    let share = own_share(&visit, number).await?;
    let mut wrong = Vec::new();
    let Some(question) = question(&visit, &share, &asked.case, &mut wrong)? else {
        return Err(Fault::WrongBody(wrong));
    };
    let new = visit
        .store()
        .changes_shared(&question, RecordNumber(asked.since))
        .await;
    let (_, _, signed) = new.map_err(Fault::of_store)?;
    Ok(jose(&signed))
}

fn question(
    visit: &Visit,
    share: &Share,
    case: &str,
    wrong: &mut Vec<WrongPlace>,
) -> Result<Option<Question>, Fault> {
    let question = asking::question(visit, share, case, Door::Api)?;
    if question.is_none() {
        wrong.push(WrongPlace {
            pointer: "#/case".to_owned(),
            detail: visit.lang.t("share-case-missing"),
        });
    }
    Ok(question)
}

fn in_body(wrong: WrongNumber) -> WrongPlace {
    let pointer = match wrong.place {
        Some(place) => format!("#/identifiers/{place}"),
        None => "#/identifiers".to_owned(),
    };
    WrongPlace {
        pointer,
        detail: wrong.says,
    }
}

/// A signed answer, as it stands.
fn jose(signed: &SignedAnswer) -> Response {
    let mut response = json(StatusCode::OK, signed);
    let kind = HeaderValue::from_static("application/jose+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
