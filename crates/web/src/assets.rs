//! The pages' own style, script and icon, inside the binary. Nothing comes from outside.

use std::fmt::Write as _;

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

/// The address of an asset, with the beginning of its SHA-256.
pub(crate) fn address(name: &str) -> String {
    let mut address = format!("/assets/{name}");
    if let Some(file) = Assets::get(name) {
        address.push_str("?v=");
        for byte in file.metadata.sha256_hash().iter().take(6) {
            let _infallible = write!(address, "{byte:02x}");
        }
    }
    address
}

/// A style sheet as an element, for a page that is taken away and asks for nothing else.
pub(crate) fn style(name: &str) -> String {
    let file = Assets::get(name).map(|file| file.data.into_owned());
    let text = String::from_utf8(file.unwrap_or_default()).unwrap_or_default();
    format!("<style>{text}</style>")
}

/// `GET /assets/{name}`
pub(crate) async fn serve(Path(name): Path<String>) -> Response {
    let Some(file) = Assets::get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let mut response = file.data.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_short_and_nothing_comes_from_outside() {
        let script = Assets::get("enhance.js").unwrap();
        let text = String::from_utf8(script.data.into_owned()).unwrap();
        assert!(text.lines().count() <= 300);
        for name in Assets::iter() {
            let data = Assets::get(&name).unwrap().data.into_owned();
            let text = String::from_utf8(data)
                .unwrap()
                .replace("http://www.w3.org/2000/svg", "");
            assert!(!text.contains("http://") && !text.contains("https://"), "{name}");
            assert!(!text.contains("@import") && !text.contains("url("), "{name}");
        }
    }

    #[test]
    fn the_style_keeps_to_chromium_90_and_20_kb() {
        let style = Assets::get("xinlian.css").unwrap();
        assert!(style.data.len() <= 20_000, "{} bytes", style.data.len());
        let text = String::from_utf8(style.data.into_owned()).unwrap();
        let (text, _) = text
            .split_once(":root")
            .map_or((text.as_str(), ""), |(_, rest)| (rest, ""));
        for too_new in [
            ":has(",
            "@layer",
            "@container",
            "color-mix(",
            "&:",
            "inset-inline",
            ":is(",
        ] {
            assert!(!text.contains(too_new), "{too_new}");
        }
    }
}
