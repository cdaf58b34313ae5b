//! Every route, with the action that it needs. A route that is not in this table does not exist.

mod api;
mod department;
mod oversight;
mod people;
mod public;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get};
use tower_http::compression::CompressionLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::access::Action;
use crate::error::Fault;
use crate::ops::{body, health, log, metrics};
use crate::state::App;
use crate::{assets, guard, visit};

/// A form is small.
const FORM_BYTES_MOST: usize = 64 * 1024;
/// Many acknowledgements in a call.
const MANY_BYTES_MOST: usize = 512 * 1024;
/// A list of a hundred thousand numbers.
const LIST_BYTES_MOST: usize = 16 * 1024 * 1024;
/// A file of a department, with what multipart puts around it.
const UPLOAD_BYTES_MOST: usize = crate::department::upload::FILE_BYTES_MOST + 64 * 1024;

/// One page: its path, the action it needs, its handlers.
pub(crate) struct Route {
    /// As axum writes it.
    pub(crate) path: &'static str,
    /// What one must be permitted.
    pub(crate) action: Action,
    methods: MethodRouter<App>,
}

fn route(path: &'static str, action: Action, methods: MethodRouter<App>) -> Route {
    Route {
        path,
        action,
        methods,
    }
}

/// The table.
pub(crate) fn routes() -> Vec<Route> {
    let parts = [
        public::routes(),
        department::routes(),
        api::routes(),
        people::routes(),
        oversight::routes(),
    ];
    parts.into_iter().flatten().collect()
}

/// The whole of what is served.
pub(crate) fn router(app: App) -> Router {
    let mut pages = Router::new();
    for Route {
        path,
        action,
        methods,
    } in routes()
    {
        let admit = move |request: Request, next: Next| visit::admit(action, request, next);
        pages = pages.route(path, methods.layer(from_fn(admit)));
    }
    let pages = pages
        .fallback(|| async { Fault::NotFound })
        .method_not_allowed_fallback(|| async { Fault::WrongMethod })
        .layer(from_fn(guard::same_origin))
        .layer(from_fn_with_state(app.clone(), visit::frame))
        .layer(from_fn_with_state(app.clone(), visit::in_one_state));
    Router::new()
        .route("/assets/{name}", get(assets::serve))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .merge(pages)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MOST))
        .layer(RequestBodyTimeoutLayer::new(app.running.body_silence))
        .layer(from_fn_with_state(app.clone(), body::in_time))
        .layer(CompressionLayer::new())
        .layer(from_fn(guard::headers))
        .layer(from_fn_with_state(app.clone(), log::answered))
        .with_state(app)
}

/// What is said of the running program, to whoever runs it; not where the desks are.
pub(crate) fn figures(app: App) -> Router {
    Router::new()
        .route("/metrics", get(metrics::show))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .with_state(app)
}
