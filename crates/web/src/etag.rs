//! By what a reader knows that nothing has changed: tags of answers, and whether one has them already (RFC 9110, 8.8.3 and 13.1.2).

use std::fmt::Write as _;

use axum::http::{HeaderMap, header};
use sha2::{Digest as _, Sha256};

/// The tag of these bytes.
pub(crate) fn of(bytes: &[u8]) -> String {
    let mut tag = String::from("\"");
    for byte in Sha256::digest(bytes).iter().take(16) {
        let _infallible = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// Whether the client has what has this tag. `If-None-Match` does not mind whether a tag is weak.
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|known| known.to_str().ok());
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.is_some_and(|known| {
        let mut each = known.split(',');
        each.any(|one| one.trim() == "*" || strong(one) == strong(tag))
    })
}
