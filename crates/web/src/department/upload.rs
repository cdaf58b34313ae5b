//! `/department/upload`: choose a file, see what the check says, hand it in.

use std::sync::{Arc, Mutex};

use askama::Template;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use axum::response::Response;
use record::LayoutCode;

use super::waiting::{State, Upload, begin_check};
use super::{layouts, officer, shell};
use crate::download::{WORKBOOK, download};
use crate::error::Fault;
use crate::extract::{Multipart, Path};
use crate::page::{FormFault, page, page_with, see};
use crate::view::Shell;
use crate::visit::Visit;

/// The largest file.
pub(crate) const FILE_BYTES_MOST: usize = 64 * 1024 * 1024;

#[derive(Template)]
#[template(path = "department/upload.html")]
pub(crate) struct UploadPage {
    shell: Shell,
    layouts: Vec<LayoutChoice>,
    chosen: String,
    most_bytes: usize,
    faults: Vec<FormFault>,
}

struct LayoutChoice {
    code: String,
    name: String,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    page(&page_of(&visit, String::new(), Vec::new()).await?)
}

async fn page_of(visit: &Visit, chosen: String, faults: Vec<FormFault>) -> Result<UploadPage, Fault> {
    let (_, source) = officer(visit)?;
    let all = layouts(visit)?;
    let choices = all.of_source(&visit.bundle, source).map(|layout| LayoutChoice {
        code: layout.code().to_string(),
        name: visit.lang.of(layout.name()),
    });
    Ok(UploadPage {
        shell: shell(visit, "/department/upload").await?,
        layouts: choices.collect(),
        chosen,
        most_bytes: FILE_BYTES_MOST,
        faults,
    })
}

/// `POST /department/upload`: keeps the file and begins to check it.
pub(crate) async fn receive(visit: Visit, form: Multipart) -> Result<Response, Fault> {
    let sent = Sent::read(form).await?;
    let fault = |field, key: &str| FormFault {
        field,
        says: visit.lang.t(key),
    };
    let layout = LayoutCode::new(sent.layout.clone()).ok();
    let layout = layout.filter(|code| layouts(&visit).is_ok_and(|all| all.get(code).is_some()));
    let mut faults = Vec::new();
    if sent.bytes.is_empty() {
        faults.push(fault("file", "upload-no-file"));
    }
    if layout.is_none() && !sent.layout.is_empty() {
        faults.push(fault("layout", "upload-unknown-layout"));
    }
    if !faults.is_empty() {
        let page = page_of(&visit, sent.layout, faults).await?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let (officer, source) = officer(&visit)?;
    let kib = u32::try_from(sent.bytes.len().div_ceil(1024)).map_err(|_| Fault::TooLarge)?;
    let room = Arc::clone(&visit.app.upload_kib).try_acquire_many_owned(kib);
    let put = room.ok().and_then(|room| {
        let upload = Arc::new(Upload {
            file: sent.file,
            layout: Mutex::new(layout),
            source: source.clone(),
            officer: officer.clone(),
            bytes: Mutex::new(sent.bytes),
            state: Mutex::new(State::Checking { done: 0 }),
            _room: room,
        });
        let token = visit
            .app
            .uploads
            .put(visit.session?, visit.now, Arc::clone(&upload))?;
        Some((token, upload))
    });
    let Some((token, upload)) = put else {
        let page = page_of(&visit, sent.layout, vec![fault("file", "upload-busy-elsewhere")]).await?;
        return page_with(StatusCode::SERVICE_UNAVAILABLE, &page);
    };
    begin_check(&visit, upload).await;
    Ok(see(&format!("/department/upload/{token}")))
}

/// What the form sent.
struct Sent {
    file: String,
    bytes: Vec<u8>,
    layout: String,
}

impl Sent {
    async fn read(Multipart(mut form): Multipart) -> Result<Self, Fault> {
        let refused = |error: MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Fault::TooLarge,
            _ => Fault::bad_request(error),
        };
        let mut sent = Self {
            file: String::new(),
            bytes: Vec::new(),
            layout: String::new(),
        };
        while let Some(field) = form.next_field().await.map_err(refused)? {
            match field.name() {
                Some("file") => {
                    sent.file = plain_name(field.file_name().unwrap_or_default());
                    sent.bytes = field.bytes().await.map_err(refused)?.into();
                }
                Some("layout") => sent.layout = field.text().await.map_err(refused)?,
                _ => {}
            }
        }
        if sent.bytes.len() > FILE_BYTES_MOST {
            return Err(Fault::TooLarge);
        }
        Ok(sent)
    }
}

/// A file's name without folders, tidied, at most 100 characters.
pub(crate) fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    record::tidy_text(last).chars().take(100).collect()
}

/// `GET /department/templates/{layout}.xlsx`
pub(crate) async fn template(visit: Visit, Path(file): Path<String>) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let code = file
        .strip_suffix(".xlsx")
        .and_then(|code| LayoutCode::new(code).ok());
    let code = code.ok_or(Fault::NotFound)?;
    let all = layouts(&visit)?;
    let found = all
        .of_source(&visit.bundle, source)
        .find(|layout| *layout.code() == code);
    let bytes = exchange::template_workbook(found.ok_or(Fault::NotFound)?);
    Ok(download(&file, WORKBOOK, bytes.map_err(Fault::internal)?))
}

#[cfg(test)]
impl crate::page::Samples for UploadPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let layouts = || {
            vec![LayoutChoice {
                code: "sgs-penalty-2018".into(),
                name: "行政处罚".into(),
            }]
        };
        let fault = FormFault {
            field: "file",
            says: lang.t("upload-no-file"),
        };
        [Vec::new(), vec![fault]]
            .map(|faults| Self {
                shell: Shell::sample(lang, crate::view::Desk::Department),
                layouts: layouts(),
                chosen: "sgs-penalty-2018".into(),
                most_bytes: 64,
                faults,
            })
            .into()
    }
}
