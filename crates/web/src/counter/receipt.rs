//! `GET /counter/check/{token}/receipt`: the receipt of a consent, to print.

use askama::Template;
use axum::response::Response;

use super::{open, shell};
use crate::error::Fault;
use crate::extract::Path;
use crate::my::consents::service_name;
use crate::my::purpose;
use crate::page::page;
use crate::view::{Shell, day};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "counter/receipt.html")]
pub(crate) struct ReceiptPage {
    shell: Shell,
    back: String,
    name: String,
    identifier: String,
    what: String,
    when: String,
    until: String,
    number: u64,
    commitment: String,
}

pub(crate) async fn show(visit: Visit, Path(token): Path<String>) -> Result<Response, Fault> {
    let opened = open(&visit, &token).await?;
    let lang = visit.lang;
    let consent = opened.consent().ok_or(Fault::NotFound)?;
    let service = service_name(&visit, consent);
    let purpose = purpose(&visit, opened.purpose.as_str());
    page(&ReceiptPage {
        shell: shell(&visit, "/counter"),
        back: format!("/counter/check/{token}"),
        name: opened.name(),
        identifier: opened.identifier(),
        what: lang.with(
            "receipt-what-says",
            &[("service", &service), ("purpose", &purpose)],
        ),
        when: day(lang, consent.record().occurred),
        until: match consent.record().ends {
            Some(ends) => day(lang, ends.day()),
            None => lang.t("receipt-open"),
        },
        number: consent.number().0,
        commitment: consent.commitment().to_string(),
    })
}

#[cfg(test)]
impl crate::page::Samples for ReceiptPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        vec![Self {
            shell: Shell::sample(lang, crate::view::Desk::Counter),
            back: "/counter/check/t".into(),
            name: "罗**".into(),
            identifier: "440604********1214".into(),
            what: lang.with("receipt-what-says", &[("service", "…"), ("purpose", "…")]),
            when: "2026年11月23日".into(),
            until: lang.t("receipt-open"),
            number: 7,
            commitment: "ab".repeat(32),
        }]
    }
}
