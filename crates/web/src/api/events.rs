//! `/api/v1/events`: what was sent to the endpoint of the caller's department, and sending it again.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use jiff::Timestamp;
use record::Date;
use serde::{Deserialize, Serialize};
use store::{ChangeKind, EventFilter, EventState, PushEvent, Replayed, StoreError};

use super::changes::{cursor_of, limit_of, place_of};
use super::json;
use super::submissions::once;
use crate::audit::period;
use crate::department::officer;
use crate::error::{Fault, WrongPlace};
use crate::extract::{Json, Query};
use crate::view::{with_chosen, with_query};
use crate::visit::Visit;

/// An event, as its department reads it. It names nobody.
#[derive(Serialize)]
struct EventView {
    /// The `webhook-id` and the `id` of the CloudEvent.
    id: String,
    share: u64,
    record: u64,
    change: u64,
    kind: &'static str,
    at: Timestamp,
    state: &'static str,
    /// How often it was tried since it was to be sent, or sent again.
    tries: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_try: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tried: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<Timestamp>,
    /// The status of the last answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
    replays: u64,
}

impl EventView {
    fn of(event: PushEvent) -> Self {
        let moment = |ms| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let place = event.id.0;
        Self {
            id: event.id.to_string(),
            share: place.share.0,
            record: place.record.0,
            change: place.by.0,
            kind: event.kind.code(),
            at: moment(event.at_ms),
            state: event.state.code(),
            tries: event.tries,
            next_try: event.next_ms.map(moment),
            tried: event.tried_ms.map(moment),
            sent: event.delivered_ms.map(moment),
            status: event.status,
            fault: event.fault,
            replays: event.replays,
        }
    }
}

#[derive(Serialize)]
struct Events {
    events: Vec<EventView>,
    /// What to give as `after`, if there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Which, from where on, and how many.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    after: Option<String>,
    limit: Option<u32>,
}

/// `GET /api/v1/events`: of the last thirty days, the newest change first.
pub(crate) async fn list(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let filter = filter(&asked.state, &asked.kind, [&asked.from, &asked.to]);
    let filter = filter.map_err(|_| Fault::Unfit("api-wrong-filter"))?;
    let after = match &asked.after {
        Some(cursor) => Some(place_of(cursor).ok_or(Fault::Unfit("api-wrong-cursor"))?),
        None => None,
    };
    let limit = limit_of(asked.limit)?;
    let found = visit
        .store()
        .events_after(source, &filter, after, limit + 1)
        .await;
    let mut found = found.map_err(Fault::internal)?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let last = found.last().filter(|_| more);
    let next = last.map(|last| cursor_of(last.id.0));
    let link = next.as_ref().map(|next| {
        let said = [
            ("state", asked.state.as_str()),
            ("kind", &asked.kind),
            ("from", &asked.from),
            ("to", &asked.to),
        ];
        let all = with_chosen("/api/v1/events", &said);
        let on = with_query(&all, &[("limit", &limit.to_string()), ("after", next)]);
        format!("<{on}>; rel=\"next\"")
    });
    let events = found.into_iter().map(EventView::of).collect();
    let mut response = json(StatusCode::OK, &Events { events, next });
    if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// What is asked for, or the name of what cannot be read.
fn filter(state: &str, kind: &str, [from, to]: [&str; 2]) -> Result<EventFilter, &'static str> {
    let known = EventState::from_code(state);
    let changed = ChangeKind::from_code(kind);
    let is_day = |text: &str| text.is_empty() || text.parse::<Date>().is_ok();
    for (fits, name) in [
        (state.is_empty() || known.is_some(), "state"),
        (kind.is_empty() || changed.is_some(), "kind"),
        (is_day(from), "from"),
        (is_day(to), "to"),
    ] {
        if !fits {
            return Err(name);
        }
    }
    let (from_ms, until_ms) = period(from, to);
    Ok(EventFilter {
        state: known,
        kind: changed,
        from_ms,
        until_ms,
        ..EventFilter::default()
    })
}

/// One by its id, or those of a period.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Replay {
    #[serde(default)]
    id: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// How many are sent again.
#[derive(Serialize)]
struct SentAgain {
    events: u64,
    /// Whether the same request came before; nothing was done this time.
    repeated: bool,
}

/// `POST /api/v1/events/replay`: 202, and 200 if the same key and request came before: it is done once.
pub(crate) async fn replay(
    visit: Visit,
    headers: HeaderMap,
    Json(asked): Json<Replay>,
) -> Result<Response, Fault> {
    let (by, source) = officer(&visit)?;
    let once = once(&headers).ok_or(Fault::Unfit("api-no-idempotency-key"))?;
    let wrong = |name: &str| {
        let pointer = format!("#/{name}");
        let detail = visit.lang.t("api-wrong-filter");
        Fault::WrongBody(vec![WrongPlace { pointer, detail }])
    };
    let mut filter = filter(&asked.state, &asked.kind, [&asked.from, &asked.to]).map_err(wrong)?;
    if asked.id.is_empty() {
        if filter.from_ms.is_none() {
            return Err(wrong("from"));
        }
    } else {
        filter.id = Some(asked.id.parse().map_err(|_| wrong("id"))?);
    }
    let done = visit
        .store()
        .replay_events(source, by.as_str(), &filter, Some(&once))
        .await;
    let (status, events, repeated) = match done {
        Ok(Replayed::Now(events)) => (StatusCode::ACCEPTED, events, false),
        Ok(Replayed::Before(events)) => (StatusCode::OK, events, true),
        Ok(Replayed::OtherRequest) => return Err(Fault::Unfit("api-key-reused")),
        Err(StoreError::NotFound) => return Err(Fault::NotFound),
        Err(error) => return Err(Fault::internal(error)),
    };
    Ok(json(status, &SentAgain { events, repeated }))
}
