//! From a template to a response.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::error::Fault;

/// A page with status 200.
pub(crate) fn page(template: &impl Template) -> Result<Response, Fault> {
    page_with(StatusCode::OK, template)
}

/// A page with another status, e.g. 422 for a form that came back.
pub(crate) fn page_with(status: StatusCode, template: &impl Template) -> Result<Response, Fault> {
    let text = template.render().map_err(Fault::internal)?;
    let mut response = (status, Html(text)).into_response();
    // What a page says of a person or company holds for this moment and this viewer only.
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// What a form's answer is: go and look there.
pub(crate) fn see(address: &str) -> Response {
    axum::response::Redirect::to(address).into_response()
}

/// One fault of a form: the field it is about, and the words.
#[derive(Debug, Clone)]
pub(crate) struct FormFault {
    /// The id of the field.
    pub(crate) field: &'static str,
    /// In words.
    pub(crate) says: String,
}

/// Samples of a page, rendered in both languages by a test.
#[cfg(test)]
pub(crate) trait Samples: Template + Sized {
    /// At least one, and one for each state that looks different.
    fn samples(lang: crate::lang::Lang) -> Vec<Self>;
}
