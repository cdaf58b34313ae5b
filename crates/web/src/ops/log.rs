//! Each request has a number, which stands in every line that the log has of it and in a header of its answer. Logged are its
//! route as the table of routes writes it, its method, its status and how long it took. An address may hold whatever somebody
//! typed, so neither it nor the query is logged.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::ops::otlp::{Context, Span};
use crate::state::App;

/// The header that holds a request's number.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What stands for the route of an address that is none of ours.
const NO_ROUTE: &str = "none";

/// The number of a request. It is ours: one that a client sends is not taken over, for it could hold anything.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// Numbers a request, counts it and logs what became of it.
pub(crate) async fn answered(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = app.next_request();
    let method = method_name(request.method());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| NO_ROUTE.to_owned(), |path| path.as_str().to_owned());
    let context = app.otlp.as_ref().map(|_| Context::of_request(request.headers()));
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", id);
    async {
        let mut response = next.run(request).await;
        let (status, took) = (response.status().as_u16(), begun.elapsed());
        app.metrics.answered(&route, method, status, took);
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(method, route, status, ms, "answered");
        if let (Some(otlp), Some(context)) = (&app.otlp, context) {
            let ended_ms = app.store.clock().now_ms();
            otlp.answered(Span {
                context,
                route,
                method,
                status,
                ended_ms,
                took,
            });
        }
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        response
    }
    .instrument(span)
    .await
}

/// A method that is none of the usual ones may be any word.
fn method_name(method: &Method) -> &'static str {
    const USUAL: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    USUAL
        .into_iter()
        .find(|usual| method.as_str() == *usual)
        .unwrap_or("OTHER")
}
