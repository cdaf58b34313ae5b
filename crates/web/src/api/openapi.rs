//! `/api/openapi.json`: the API in the words of OpenAPI 3.1, as it stands in `docs/`. A test holds it to the routes and answers.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};

/// The document.
pub(crate) const DOCUMENT: &str = include_str!("../../../../docs/openapi.json");

/// `GET /api/openapi.json`
pub(crate) async fn show() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, DOCUMENT).into_response()
}
