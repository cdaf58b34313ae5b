//! What stands before every handler: same-origin forms, and the headers that every answer carries.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::Fault;

/// Nothing from outside, nothing inline, no framing, forms only to ourselves.
const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                   form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Headers of every answer.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CSP),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Adds the headers.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Refuses whatever changes something and does not come from a page of our own.
pub(crate) async fn same_origin(request: Request, next: Next) -> Response {
    // A key is sent by whoever has it and never by a browser of itself, so no other site can borrow it.
    let by_key = request.uri().path().starts_with(crate::api::ROOT);
    let safe = by_key || matches!(*request.method(), Method::GET | Method::HEAD);
    if safe || is_same_origin(request.headers()) {
        next.run(request).await
    } else {
        Fault::CrossSite.into_response()
    }
}

/// Chromium says `Sec-Fetch-Site` over TLS and on localhost, and `Origin` with every POST. Where both
/// are absent no browser of ours sent the form.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else {
        return false;
    };
    origin
        .split_once("://")
        .is_some_and(|(_, of_origin)| of_origin == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_forms_are_taken() {
        let check = |pairs: &[(&'static str, &'static str)], expect: bool| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            assert_eq!(is_same_origin(&headers), expect, "{pairs:?}");
        };
        check(&[], false);
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("sec-fetch-site", "cross-site")], false);
        check(&[("sec-fetch-site", "none")], false);
        check(
            &[("origin", "http://desk.gov:8080"), ("host", "desk.gov:8080")],
            true,
        );
        check(&[("origin", "http://desk.gov"), ("host", "desk.gov:8080")], false);
        check(&[("origin", "https://evil.example"), ("host", "desk.gov")], false);
        check(&[("origin", "null"), ("host", "desk.gov")], false);
        check(
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "http://desk.gov"),
                ("host", "desk.gov"),
            ],
            false,
        );
    }
}
