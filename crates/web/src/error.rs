//! The one function that turns a fault into a page or RFC 9457 problem+json. What happened inside
//! goes to the log with a number; the page says only the number.

use std::fmt::Display;

use askama::Template;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use store::{ActFault, StoreError};

use crate::page::page_with;
use crate::view::{Shell, act_fault, grouped};

/// The problem type and the words of a body with faults.
const WRONG_BODY: &str = "api-wrong-body";
/// Those of a key that asks too fast.
const TOO_FAST: &str = "api-too-fast";

/// Why a request has no page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// No such thing, or not for this viewer: the two look the same.
    #[error("absent, or not for this viewer")]
    NotFound,
    /// Nobody is signed in, and the page needs someone.
    #[error("nobody is signed in")]
    SignIn,
    /// Signed in, but not as one who may.
    #[error("not permitted")]
    Forbidden,
    /// A form that did not come from our own page.
    #[error("the request came from another site")]
    CrossSite,
    /// Not possible in the present state; the words are for the page.
    #[error("{0}")]
    Conflict(String),
    /// The page is there, and takes no such request.
    #[error("the page takes no such request")]
    WrongMethod,
    /// Too large.
    #[error("the request is too large")]
    TooLarge,
    /// Malformed; the words are for the log.
    #[error("{0}")]
    BadRequest(String),
    /// Another kind of file than is taken.
    #[error("a body of this kind is not taken")]
    WrongKind,
    /// Well-formed, and not what is asked for; the locale key of what is wrong and what to do.
    #[error("{0}")]
    Unfit(&'static str),
    /// Well-formed JSON, and not what is asked for; each fault with its place.
    #[error("{} faults in the body", .0.len())]
    WrongBody(Vec<WrongPlace>),
    /// A guard of the store refuses it.
    #[error(transparent)]
    Refused(ActFault),
    /// Too many.
    #[error("too many requests")]
    TooMany,
    /// A key that asks faster than it may; in so many seconds it may again.
    #[error("too many calls by a key")]
    TooFast(u64),
    /// Ours. The words are for the log.
    #[error("{0}")]
    Internal(String),
}

/// What is wrong in a body, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct WrongPlace {
    /// A JSON pointer into the body, as a fragment.
    pub(crate) pointer: String,
    /// What is wrong, in the client's language.
    pub(crate) detail: String,
}

impl Fault {
    /// What the store's refusal is to whoever asked by the API.
    pub(crate) fn of_store(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Act(fault) => Self::Refused(fault),
            error => Self::internal(error),
        }
    }

    /// A fault of ours.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "reads well as `map_err(Fault::internal)`"
    )]
    pub(crate) fn internal(error: impl Display) -> Self {
        Self::Internal(error.to_string())
    }

    /// A malformed request.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "reads well as `map_err(Fault::bad_request)`"
    )]
    pub(crate) fn bad_request(error: impl Display) -> Self {
        Self::BadRequest(error.to_string())
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Refused(ActFault::OverQuota(_)) | Self::TooMany | Self::TooFast(_) => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Self::Conflict(_) | Self::Refused(_) => StatusCode::CONFLICT,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::WrongKind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unfit(_) | Self::WrongBody(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stem of its locale keys, and of its problem type.
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "404",
            Self::SignIn | Self::Forbidden => "403",
            Self::CrossSite => "cross",
            Self::Refused(ActFault::OverQuota(_)) | Self::TooMany | Self::TooFast(_) => "429",
            Self::Conflict(_) | Self::Refused(_) => "409",
            Self::WrongMethod => "405",
            Self::TooLarge => "413",
            Self::BadRequest(_) => "400",
            Self::WrongKind => "415",
            Self::Unfit(_) | Self::WrongBody(_) => "422",
            Self::Internal(_) => "500",
        }
    }
}

/// A handler returns a bare [`Fault`]; the frame middleware knows the viewer, language and what the
/// client accepts, and calls [`render`]. Until then the fault travels in the response's extensions.
impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    shell: Shell,
    title: String,
    says: String,
    code: String,
}

/// RFC 9457.
#[derive(Serialize)]
struct Problem<'a> {
    r#type: String,
    title: String,
    status: u16,
    detail: String,
    instance: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [WrongPlace],
}

/// Turns a fault into what the client asked for. `instance` is the request's number in the log.
pub(crate) fn render(fault: &Fault, shell: Shell, wants_json: bool, instance: &str) -> Response {
    if let Fault::Internal(inside) = fault {
        tracing::error!(instance, inside, "a request failed");
    } else {
        tracing::debug!(instance, %fault, "a request was refused");
    }
    let (status, code) = (fault.status(), fault.code());
    let no_key = wants_json && *fault == Fault::SignIn;
    let title = shell.t(&if no_key {
        "error-401-title".to_owned()
    } else {
        format!("error-{code}-title")
    });
    let says = match fault {
        Fault::Conflict(says) => says.clone(),
        Fault::Unfit(key) => shell.t(key),
        Fault::WrongBody(_) => shell.t(WRONG_BODY),
        Fault::TooFast(_) => shell.t(TOO_FAST),
        Fault::SignIn if wants_json => shell.t("error-401"),
        Fault::BadRequest(_) if wants_json => shell.t("error-400-api"),
        Fault::Refused(ActFault::OverQuota(left)) => {
            let left = grouped(*left);
            shell.lang.with("share-over-quota", &[("left", &left)])
        }
        Fault::Refused(fault) => act_fault(shell.lang, fault),
        _ => shell.t(&format!("error-{code}")),
    };
    if wants_json {
        let kind = match fault {
            Fault::Unfit(key) => (*key).to_owned(),
            Fault::WrongBody(_) => WRONG_BODY.to_owned(),
            Fault::TooFast(_) => TOO_FAST.to_owned(),
            Fault::Refused(fault) => fault.code().to_ascii_lowercase(),
            Fault::SignIn => "401".to_owned(),
            _ => code.to_owned(),
        };
        let errors: &[WrongPlace] = match fault {
            Fault::WrongBody(errors) => errors,
            _ => &[],
        };
        let problem = Problem {
            r#type: format!("/problems/{kind}"),
            title,
            status: status.as_u16(),
            detail: says,
            instance,
            errors,
        };
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if *fault == Fault::SignIn {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Fault::TooFast(seconds) = fault {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        return response;
    }
    let page = ErrorPage {
        shell,
        title,
        says,
        code: format!("{} · {instance}", status.as_u16()),
    };
    page_with(status, &page).unwrap_or_else(|_| status.into_response())
}

#[cfg(test)]
impl crate::page::Samples for ErrorPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let faults = [
            Fault::NotFound,
            Fault::Forbidden,
            Fault::CrossSite,
            Fault::Conflict("…".into()),
            Fault::TooLarge,
            Fault::BadRequest(String::new()),
            Fault::WrongKind,
            Fault::Unfit("api-empty"),
            Fault::TooMany,
            Fault::Internal(String::new()),
        ];
        let words = |fault: &Fault| {
            let code = fault.code();
            let says = match fault {
                Fault::Conflict(says) => says.clone(),
                Fault::Unfit(key) => lang.t(key),
                _ => lang.t(&format!("error-{code}")),
            };
            (lang.t(&format!("error-{code}-title")), says)
        };
        faults
            .iter()
            .map(|fault| {
                let (title, says) = words(fault);
                Self {
                    shell: Shell::sample(lang, crate::view::Desk::Public),
                    title,
                    says,
                    code: "404 · 7".into(),
                }
            })
            .collect()
    }
}
