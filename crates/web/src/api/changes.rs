//! `/api/v1/changes`: what became of records that were handed to a department, and that it has put them right.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use jiff::Timestamp;
use record::{ItemCode, RecordNumber, SourceCode};
use serde::{Deserialize, Serialize};
use store::{Acknowledged, ActFault, Change, ChangePlace, StoreError};

use super::json;
use crate::department::officer;
use crate::error::{Fault, WrongPlace};
use crate::extract::{Json, Query};
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
    /// What to give as `after`, if there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Changes at a time, unless the caller says how many.
const LIMIT: u32 = 200;

/// From where on, and how many.
#[derive(Deserialize)]
pub(crate) struct Asked {
    after: Option<String>,
    limit: Option<u32>,
}

/// `GET /api/v1/changes`: what the caller's department has not put right yet, the oldest first; what is put right meanwhile is no gap.
pub(crate) async fn list(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let after = match &asked.after {
        Some(cursor) => Some(place_of(cursor).ok_or(Fault::Unfit("api-wrong-cursor"))?),
        None => None,
    };
    let limit = limit_of(asked.limit)?;
    // One more than is given, so as to know whether there is one.
    let found = visit.store().changes_to_put_right(source, after, limit + 1).await;
    let found = found.map_err(Fault::internal)?;
    let given = found.get(..limit as usize);
    let next = given
        .and_then(<[Change]>::last)
        .map(|last| cursor_of(last.place()));
    let changes = given.unwrap_or(&found).iter().map(ChangeView::of).collect();
    let address = next
        .as_ref()
        .map(|next| format!("</api/v1/changes?limit={limit}&after={next}>; rel=\"next\""));
    let mut response = json(StatusCode::OK, &Changes { changes, next });
    if let Some(address) = address.and_then(|address| HeaderValue::from_str(&address).ok()) {
        response.headers_mut().insert(header::LINK, address);
    }
    Ok(response)
}

/// How many are asked for at a time.
pub(super) fn limit_of(asked: Option<u32>) -> Result<u32, Fault> {
    let limit = asked.unwrap_or(LIMIT);
    let fits = (1..=1_000).contains(&limit);
    fits.then_some(limit).ok_or(Fault::Unfit("api-wrong-limit"))
}

/// A place in the list as the client keeps it, who need not know what it is made of.
pub(super) fn cursor_of(place: ChangePlace) -> String {
    let ChangePlace { by, record, share } = place;
    B64.encode([by.0, record.0, share.0].map(u64::to_be_bytes).concat())
}

pub(super) fn place_of(cursor: &str) -> Option<ChangePlace> {
    let bytes = B64.decode(cursor).ok()?;
    let (numbers, rest) = bytes.as_chunks::<8>();
    let [by, record, share] = <[[u8; 8]; 3]>::try_from(numbers).ok()?.map(u64::from_be_bytes);
    rest.is_empty().then_some(ChangePlace {
        by: RecordNumber(by),
        record: RecordNumber(record),
        share: RecordNumber(share),
    })
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

/// The most that are said in one call.
const SAID_MOST: usize = 500;

/// Many changes that were put right.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ManyPutRight {
    #[serde(default)]
    acknowledgements: Vec<PutRight>,
}

/// What became of each of them.
#[derive(Serialize)]
struct ManySaid {
    acknowledgements: Vec<OneSaid>,
}

/// What became of one.
#[derive(Serialize)]
struct OneSaid {
    #[serde(flatten)]
    said: Said,
    state: &'static str,
}

/// `POST /api/v1/changes/acknowledgements/batch`: up to 500 in one transaction, each with what became of it.
pub(crate) async fn acknowledge_many(
    visit: Visit,
    Json(many): Json<ManyPutRight>,
) -> Result<Response, Fault> {
    let (by, source) = officer(&visit)?;
    let many = many.acknowledgements;
    let wrong = wrong_among(&visit, &many);
    if !wrong.is_empty() {
        return Err(Fault::WrongBody(wrong));
    }
    let places: Vec<(ChangePlace, &str)> = many.iter().map(place_and_how).collect();
    let done = visit.store().acknowledge_many(&places, by, source).await;
    let done = done.map_err(Fault::of_store)?;
    let said = many.iter().zip(done).map(|(one, done)| OneSaid {
        said: Said {
            share: one.share,
            record: one.record,
            change: one.change,
        },
        state: match done {
            Acknowledged::Now => "said",
            Acknowledged::Before => "said-before",
            Acknowledged::NotTold => "not-told",
        },
    });
    let acknowledgements = said.collect();
    Ok(json(StatusCode::OK, &ManySaid { acknowledgements }))
}

fn wrong_among(visit: &Visit, many: &[PutRight]) -> Vec<WrongPlace> {
    let place = |pointer: String, detail: String| WrongPlace { pointer, detail };
    if many.is_empty() || many.len() > SAID_MOST {
        let most = SAID_MOST.to_string();
        let says = visit.lang.with("api-acknowledgements-most", &[("most", &most)]);
        return vec![place("#/acknowledgements".to_owned(), says)];
    }
    let short = |(_, one): &(usize, &PutRight)| !store::is_reason(&one.how);
    let says = crate::view::act_fault(visit.lang, &ActFault::NoReason);
    let short = many.iter().enumerate().filter(short);
    short
        .map(|(at, _)| place(format!("#/acknowledgements/{at}/how"), says.clone()))
        .collect()
}

fn place_and_how(one: &PutRight) -> (ChangePlace, &str) {
    let place = ChangePlace {
        by: RecordNumber(one.change),
        record: RecordNumber(one.record),
        share: RecordNumber(one.share),
    };
    (place, &one.how)
}
