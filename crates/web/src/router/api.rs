//! What another system may ask by a key. A browser's session opens nothing here, and a key nothing elsewhere.

use std::convert::Infallible;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use tower_http::decompression::RequestDecompressionLayer;

use super::{LIST_BYTES_MOST, MANY_BYTES_MOST, Route, UPLOAD_BYTES_MOST, route};
use crate::access::Action;
use crate::api;

pub(super) fn routes() -> Vec<Route> {
    use Action::{AskShared, FetchOwn, Open, ReadDepartment, ReadShares, ReplayEvents, Upload};
    let file = DefaultBodyLimit::max(UPLOAD_BYTES_MOST);
    let mut routes = vec![
        route("/api/v1/records.ndjson", FetchOwn, get(api::records::list)),
        route("/api/v1/pleas", FetchOwn, get(api::pleas::list)),
        route("/api/v1/events", ReadShares, get(api::events::list)),
        route("/api/v1/events/replay", ReplayEvents, post(api::events::replay)),
        route(
            "/api/v1/shares/{number}/ask.ndjson",
            AskShared,
            post(api::ask_list::ask)
                .layer::<_, Infallible>(RequestDecompressionLayer::new())
                .layer(DefaultBodyLimit::max(LIST_BYTES_MOST)),
        ),
        route(
            "/api/v1/changes/acknowledgements/batch",
            AskShared,
            post(api::changes::acknowledge_many).layer(DefaultBodyLimit::max(MANY_BYTES_MOST)),
        ),
        route("/api/v1/shares", ReadShares, get(api::shares::list)),
        route("/api/v1/shares/{number}", ReadShares, get(api::shares::show)),
        route("/api/v1/shares/{number}/ask", AskShared, post(api::ask::ask)),
        route(
            "/api/v1/shares/{number}/changes",
            AskShared,
            post(api::ask::follow),
        ),
        route("/api/v1/changes", ReadShares, get(api::changes::list)),
        route(
            "/api/v1/changes/acknowledgements",
            AskShared,
            post(api::changes::acknowledge),
        ),
        route(
            "/api/v1/submissions",
            Upload,
            post(api::submissions::hand_in)
                .layer::<_, Infallible>(RequestDecompressionLayer::new())
                .layer(file),
        ),
        route(
            "/api/v1/submissions/{id}",
            ReadDepartment,
            get(api::submissions::show),
        ),
        route("/api/v1/jobs/{id}", ReadDepartment, get(api::jobs::show)),
    ];
    for Route { methods, .. } in &mut routes {
        *methods = std::mem::take(methods).layer(from_fn(api::around::around));
    }
    routes.push(route("/api/openapi.json", Open, get(api::openapi::show)));
    routes
}
