//! `/log/checkpoint` and `/log/tile/…`: the log as c2sp.org/tlog-tiles has it, for whoever keeps a copy or checks a proof. It names nobody:
//! a leaf of a record is its number and a commitment.

use axum::http::{Uri, header};
use axum::response::{IntoResponse as _, Response};
use store::LogFile;

use crate::error::Fault;
use crate::visit::Visit;

/// What is below a full path never changes.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";

pub(crate) async fn show(visit: Visit, uri: Uri) -> Result<Response, Fault> {
    let path = uri.path().strip_prefix("/log/").ok_or(Fault::NotFound)?;
    let file = visit.store().log_file(path).await.map_err(Fault::internal)?;
    let (kind, kept, bytes) = match file.ok_or(Fault::NotFound)? {
        LogFile::Checkpoint(text) => ("text/plain; charset=utf-8", "no-cache", text.into_bytes()),
        LogFile::Tile(bytes) => ("application/octet-stream", FOR_GOOD, bytes),
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)];
    Ok((headers, bytes).into_response())
}
