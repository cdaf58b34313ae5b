//! `/api/v1`: what another system may ask, by a key of its own. The same doors as the desks': one table of routes, one place
//! that permits, the same intake. Answers are JSON, faults RFC 9457.

pub(crate) mod around;
pub(crate) mod ask;
pub(crate) mod ask_list;
pub(crate) mod changes;
pub(crate) mod events;
pub(crate) mod jobs;
pub(crate) mod openapi;
pub(crate) mod pleas;
pub(crate) mod records;
pub(crate) mod run;
pub(crate) mod shares;
mod stream;
pub(crate) mod submissions;

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use identity::ApiKey;
use serde::Serialize;

/// Where all of it lies.
pub(crate) const ROOT: &str = "/api/";

/// The key that a request brings: `Authorization: Bearer xinlian_…`.
pub(crate) fn key_of(headers: &HeaderMap) -> Option<ApiKey> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| ApiKey::parse(key.trim()))?
}

/// JSON that nobody keeps.
fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let mut response = (status, Json(body)).into_response();
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, no_store);
    response
}
