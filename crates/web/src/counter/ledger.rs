//! `GET /counter/ledger`: what this clerk looked at today.

use askama::Template;

use super::LedgerRow;
use crate::view::Shell;

#[derive(Template)]
#[template(path = "counter/ledger.html")]
pub(crate) struct LedgerPage {
    shell: Shell,
    today: String,
    looks: Vec<LedgerRow>,
}

#[cfg(test)]
impl crate::page::Samples for LedgerPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        [Vec::new(), LedgerRow::samples()]
            .map(|looks| Self {
                shell: Shell::sample(lang, crate::view::Desk::Counter),
                today: "2026年11月23日".into(),
                looks,
            })
            .into()
    }
}
