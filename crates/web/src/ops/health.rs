//! Whether the program lives (`/livez`), and whether it can do its work (`/readyz`). What fails is named; how, stands in the log.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::state::App;

/// The database answers within this time, or it does not answer.
const ANSWER_TIME: Duration = Duration::from_secs(2);
/// Who wants to write waits so long at each asking.
const WRITE_TIME: Duration = Duration::from_millis(500);

/// Since when nobody could write, as far as was asked.
#[derive(Default)]
pub(crate) struct Health {
    busy_since: Mutex<Option<Instant>>,
}

/// That it answers at all.
pub(crate) async fn live() -> &'static str {
    "ok\n"
}

/// Whether everything that a page needs is there.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    let faults = faults(&app).await;
    if faults.is_empty() {
        return "ready\n".into_response();
    }
    let mut text = "not ready\n".to_owned();
    for (check, says) in &faults {
        tracing::error!(check, says, "not ready");
        let _ = writeln!(text, "{check}: {says}");
    }
    let retry = [(header::RETRY_AFTER, HeaderValue::from_static("5"))];
    (StatusCode::SERVICE_UNAVAILABLE, retry, text).into_response()
}

/// What is not as it must be: the check, and what is wrong.
async fn faults(app: &App) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    if let Some(free) = app.store.free_bytes()
        && free < app.running.free_bytes_least
    {
        const MIB: u64 = 1024 * 1024;
        let least = app.running.free_bytes_least / MIB;
        faults.push(("disk", format!("{} MiB free, fewer than {least}", free / MIB)));
    }
    match tokio::time::timeout(ANSWER_TIME, app.store.schema()).await {
        Err(_) => faults.push(("database", "does not answer in time".to_owned())),
        Ok(Err(error)) => {
            tracing::error!(%error, "the database does not answer");
            faults.push(("database", "does not answer".to_owned()));
        }
        Ok(Ok(schema)) if !schema.is_current() => {
            let says = format!(
                "tables are of version {}, the program of {}",
                schema.applied, schema.known
            );
            faults.push(("migrations", says));
        }
        Ok(Ok(_)) => faults.extend(writer(app).await),
    }
    faults
}

async fn writer(app: &App) -> Option<(&'static str, String)> {
    let wrote = match tokio::time::timeout(WRITE_TIME, app.store.try_write()).await {
        Ok(Err(error)) => {
            tracing::error!(%error, "nothing can be written");
            return Some(("writer", "nothing can be written".to_owned()));
        }
        wrote => wrote.is_ok(),
    };
    let mut since = app
        .health
        .busy_since
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if wrote {
        *since = None;
        return None;
    }
    let waited = since.get_or_insert_with(Instant::now).elapsed();
    (waited >= app.running.writer_stuck)
        .then(|| ("writer", format!("nobody could write for {} s", waited.as_secs())))
}
