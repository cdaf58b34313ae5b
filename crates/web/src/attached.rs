//! Files that go with an objection or an application: read from a form, named on a page, and handed out to be kept and never to be shown
//! in the browser.

use std::fmt::Write as _;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use record::{Logged, RecordNumber};
use store::{Attachment, AttachmentFault, AttachmentMark, Attachments, Store, attachments_of};

use crate::error::Fault;
use crate::lang::Lang;
use crate::page::FormFault;
use crate::view::grouped;

/// What a form with files weighs at most, with what multipart puts around them.
pub(crate) const FORM_BYTES_MOST: usize = store::ATTACHMENTS_MOST * store::ATTACHMENT_BYTES_MOST + 64 * 1024;
/// A browser that is handed one of them opens nothing in it.
const CSP: &str = "default-src 'none'; sandbox";

/// The field of a form that has them.
const FIELD: &str = "files";

/// One file as a page names it.
#[derive(Debug, Clone)]
pub(crate) struct FileView {
    /// Where it is handed out; nothing where the page only says that there is one.
    pub(crate) href: Option<String>,
    /// Which it is, its kind and its size.
    pub(crate) says: String,
    /// Its SHA-256 digest, which the record names.
    pub(crate) digest: String,
}

/// The files that a form brought, or what is wrong with the first that is not taken.
pub(crate) fn read(lang: Lang, sent: Vec<(String, Vec<u8>)>) -> Result<Attachments, FormFault> {
    let files = sent
        .into_iter()
        .map(|(name, bytes)| Attachment::new(&name, bytes));
    let files: Result<Vec<Attachment>, AttachmentFault> = files.collect();
    files.and_then(Attachments::new).map_err(|why| fault(lang, why))
}

/// What is wrong with a file, in words.
fn fault(lang: Lang, why: AttachmentFault) -> FormFault {
    FormFault {
        field: FIELD,
        says: lang.t(&format!("fault-{}", why.code())),
    }
}

/// The files that an act names, handed out at an address below `base` if there is one.
pub(crate) fn views(lang: Lang, act: &Logged, base: Option<&str>) -> Vec<FileView> {
    let marks = attachments_of(act.record());
    let view = |(place, mark): (u8, AttachmentMark)| FileView {
        href: base.map(|base| format!("{base}{place}")),
        says: says(lang, place, mark.kind.code(), mark.bytes),
        digest: mark.digest_text(),
    };
    marks.into_iter().map(view).collect()
}

/// Files that are not handed in yet.
pub(crate) fn names(lang: Lang, files: &Attachments) -> String {
    let name = |(place, file): (u8, &Attachment)| {
        let says = says(lang, place, file.kind().code(), file.bytes().len());
        format!("{says} {}", file.name())
    };
    let names: Vec<String> = files.by_place().map(name).collect();
    if names.is_empty() {
        lang.t("files-none")
    } else {
        names.join("\n")
    }
}

fn says(lang: Lang, place: u8, kind: &str, bytes: usize) -> String {
    let kib = u64::try_from(bytes.div_ceil(1024)).unwrap_or(u64::MAX);
    let (place, kind, size) = (place.to_string(), kind.to_uppercase(), grouped(kib));
    lang.with(
        "files-one",
        &[("place", &place), ("kind", &kind), ("size", &size)],
    )
}

/// Hands a file out, to be kept: by leave of a look at whose act it went with.
pub(crate) async fn send(
    store: &Store,
    permit: &store::LookPermit,
    act: RecordNumber,
    place: u8,
) -> Result<Response, Fault> {
    let file = match store.attachment(permit, act, place).await {
        Err(store::StoreError::NotFound) => return Err(Fault::NotFound),
        file => file.map_err(Fault::internal)?,
    };
    let kind = file.kind();
    let plain = format!("xinlian-{act}-{place}.{}", kind.code());
    // Whatever its sender called it, it ends as what it is.
    let own = match file.name().strip_suffix(&format!(".{}", kind.code())) {
        Some(_) => file.name().to_owned(),
        None => format!("{}.{}", file.name(), kind.code()),
    };
    let headers = [
        (header::CONTENT_TYPE, kind.media_type().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!(
                "attachment; filename=\"{plain}\"; filename*=UTF-8''{}",
                percent(&own)
            ),
        ),
        (header::CONTENT_SECURITY_POLICY, CSP.to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, file.bytes().to_vec()).into_response())
}

/// As RFC 8187 writes a name: letters, digits, and the bytes of everything else.
fn percent(name: &str) -> String {
    name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || byte == b'.' {
            text.push(char::from(byte));
        } else {
            let _infallible = write!(text, "%{byte:02X}");
        }
        text
    })
}

impl FileView {
    /// One that is handed out, and one that is only told of; for the gallery and for tests.
    pub(crate) fn samples(lang: Lang) -> Vec<Self> {
        [Some("/gallery".to_owned()), None]
            .map(|href| Self {
                href,
                says: says(lang, 1, "pdf", 120_000),
                digest: "9f".repeat(32),
            })
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(percent("a\";\r\n收.png"), "a%22%3B%0D%0A%E6%94%B6.png");
    }
}
