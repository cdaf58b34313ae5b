//! `GET /counter/check/{token}/receipt`: the receipt of a consent, to print.

use askama::Template;

use crate::view::Shell;

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
