//! What a request brings, read so that what is malformed gets a page like any other fault.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use serde::de::DeserializeOwned;

use crate::error::Fault;

/// The values in an address. What is no such value names nothing that is there.
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(values)) => Ok(Self(values)),
            Err(_) => Err(Fault::NotFound),
        }
    }
}

/// The last of the values in an address: what of one's own file is meant, whether the address begins with an organisation or not.
pub(crate) struct Last<T>(pub(crate) T);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for Last<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let values = RawPathParams::from_request_parts(parts, state).await;
        let values = values.map_err(|_| Fault::NotFound)?;
        let last = values.iter().last().ok_or(Fault::NotFound)?;
        last.1.parse().map(Self).map_err(|_| Fault::NotFound)
    }
}

/// What stands behind the question mark.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(values)) => Ok(Self(values)),
            Err(fault) => Err(Fault::bad_request(fault)),
        }
    }
}

/// A form as our own pages send it.
pub(crate) struct Form<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        match axum::extract::Form::from_request(request, state).await {
            Ok(axum::extract::Form(values)) => Ok(Self(values)),
            Err(fault) => {
                let says = fault.to_string();
                Err(match fault.into_response().status() {
                    StatusCode::PAYLOAD_TOO_LARGE => Fault::TooLarge,
                    _ => Fault::BadRequest(says),
                })
            }
        }
    }
}

/// A body of JSON. What is wrong with one is told by its place alone: its words may hold a number of somebody.
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(Fault::WrongKind);
        }
        let body = match Bytes::from_request(request, state).await {
            Ok(body) => body,
            Err(fault) if fault.status() == StatusCode::PAYLOAD_TOO_LARGE => return Err(Fault::TooLarge),
            Err(fault) => return Err(Fault::bad_request(fault)),
        };
        serde_json::from_slice(&body).map(Self).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Fault::BadRequest(format!("no such body: line {line}, column {column}"))
        })
    }
}

/// A form whose fields are asked for by name, with the files that were chosen in it; sent with files or without.
#[derive(Default)]
pub(crate) struct Filled {
    fields: BTreeMap<String, String>,
    /// Each with the name that its sender gave it.
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

impl Filled {
    /// What a field says; nothing if there is none.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.fields.get(field).map_or("", String::as_str)
    }

    async fn read(mut form: axum::extract::Multipart) -> Result<Self, MultipartError> {
        let mut filled = Self::default();
        while let Some(field) = form.next_field().await? {
            let name = field.name().unwrap_or_default().to_owned();
            if let Some(file) = field.file_name().map(str::to_owned) {
                let bytes = field.bytes().await?;
                // A browser sends a nameless empty file where none was chosen.
                if !(file.is_empty() && bytes.is_empty()) {
                    filled.files.push((file, bytes.into()));
                }
            } else {
                filled.fields.insert(name, field.text().await?);
            }
        }
        Ok(filled)
    }
}

impl<S: Send + Sync> FromRequest<S> for Filled {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("multipart/form-data") {
            let Form(fields) = Form::from_request(request, state).await?;
            let files = Vec::new();
            return Ok(Self { fields, files });
        }
        let Multipart(form) = Multipart::from_request(request, state).await?;
        Self::read(form).await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Fault::TooLarge,
            _ => Fault::bad_request(error),
        })
    }
}

/// A form with a file in it.
pub(crate) struct Multipart(pub(crate) axum::extract::Multipart);

impl<S: Send + Sync> FromRequest<S> for Multipart {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        match axum::extract::Multipart::from_request(request, state).await {
            Ok(form) => Ok(Self(form)),
            Err(fault) => Err(Fault::bad_request(fault)),
        }
    }
}
