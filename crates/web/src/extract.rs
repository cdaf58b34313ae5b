//! What a request brings, read so that what is malformed gets a page like any other fault.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
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
