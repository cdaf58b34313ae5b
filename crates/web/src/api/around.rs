//! What is around every answer of the API: at what pace a key may ask, how a body may be packed, and by what a client knows that
//! nothing has changed.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use record::OfficerId;

use super::stream::is_stream;
use crate::access::Viewer;
use crate::error::Fault;
use crate::etag;
use crate::visit::Visit;

/// So many calls may come at once.
const CALLS_AT_ONCE: u32 = 120;
/// In this time one more is granted.
const A_CALL_EVERY: Duration = Duration::from_millis(50);
/// The largest answer by far is a page of a report.
const ANSWER_BYTES_MOST: usize = 16 << 20;

/// `draft-ietf-httpapi-ratelimit-headers`: what a key is granted, and what is left of it.
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// How many calls each key has left. A key that asks for nothing for a while is forgotten, and begins anew with all of them.
#[derive(Default)]
pub(crate) struct Pace(Mutex<HashMap<OfficerId, Calls>>);

struct Calls {
    left: u32,
    /// Up to when what is granted by and by has been counted in.
    counted: Instant,
}

/// So many keys are remembered before those are forgotten that have all their calls again.
const KEYS_MOST: usize = 1_000;

impl Pace {
    /// Takes one call of a key: how many are left, or in how many seconds there is one again.
    fn take(&self, key: &OfficerId, now: Instant) -> Result<u32, u64> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= KEYS_MOST {
            let full = A_CALL_EVERY * CALLS_AT_ONCE;
            keys.retain(|_, calls| now.duration_since(calls.counted) < full);
        }
        let calls = keys.entry(key.clone()).or_insert(Calls {
            left: CALLS_AT_ONCE,
            counted: now,
        });
        let granted = now.duration_since(calls.counted).as_millis() / A_CALL_EVERY.as_millis();
        let granted = u32::try_from(granted).unwrap_or(u32::MAX);
        if calls.left.saturating_add(granted) >= CALLS_AT_ONCE {
            calls.left = CALLS_AT_ONCE;
            calls.counted = now;
        } else {
            calls.left += granted;
            calls.counted += A_CALL_EVERY * granted;
        }
        match calls.left.checked_sub(1) {
            Some(left) => {
                calls.left = left;
                Ok(left)
            }
            None => Err(1),
        }
    }
}

/// Stands between the permit and the handler of each route of the API.
pub(crate) async fn around(visit: Visit, request: Request, next: Next) -> Response {
    let Viewer::Staff { officer, .. } = &visit.viewer else {
        return next.run(request).await;
    };
    let left = match visit.app.pace.take(officer, Instant::now()) {
        Ok(left) => left,
        Err(seconds) => return Fault::TooFast(seconds).into_response(),
    };
    if !is_unpacked_here(request.headers()) {
        return Fault::WrongKind.into_response();
    }
    let reads = *request.method() == Method::GET;
    let asked = request.headers().clone();
    let mut response = next.run(request).await;
    if reads && response.status() == StatusCode::OK && !is_stream(&response) {
        response = tagged(response, &asked).await;
    }
    let of_seconds = u128::from(CALLS_AT_ONCE) * A_CALL_EVERY.as_millis() / 1_000;
    for (name, value) in [
        (POLICY, format!("\"key\";q={CALLS_AT_ONCE};w={of_seconds}")),
        (LEFT, format!("\"key\";r={left}")),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Whether a body is packed in a way that is unpacked.
fn is_unpacked_here(headers: &HeaderMap) -> bool {
    let packed = headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes);
    matches!(packed, None | Some(b"gzip" | b"zstd" | b"identity"))
}

/// The same answer with its tag, or 304 if the client has it already.
async fn tagged(response: Response, asked: &HeaderMap) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, ANSWER_BYTES_MOST).await else {
        return Fault::internal("an answer of the API that is too large").into_response();
    };
    let tag = etag::of(&body);
    let is_known = etag::is_known(asked, &tag);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, tag);
    }
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_its_calls_and_gets_more_by_and_by() {
        let pace = Pace::default();
        let (one, other) = (OfficerId::new("one").unwrap(), OfficerId::new("other").unwrap());
        let begin = Instant::now();
        for left in (0..CALLS_AT_ONCE).rev() {
            assert_eq!(pace.take(&one, begin), Ok(left));
        }
        assert_eq!(pace.take(&one, begin), Err(1));
        assert_eq!(pace.take(&other, begin), Ok(CALLS_AT_ONCE - 1), "each for itself");
        assert_eq!(pace.take(&one, begin + A_CALL_EVERY / 2), Err(1));
        // Asking in vain costs nothing of what comes.
        assert_eq!(pace.take(&one, begin + A_CALL_EVERY), Ok(0));
        assert_eq!(pace.take(&one, begin + A_CALL_EVERY * 4), Ok(2));
        assert_eq!(
            pace.take(&one, begin + A_CALL_EVERY * 5_000),
            Ok(CALLS_AT_ONCE - 1),
            "no more than all"
        );
    }
}
