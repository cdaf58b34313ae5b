//! `GET /counter/ledger`: what this clerk looked at today.

use askama::Template;
use axum::response::Response;

use super::{LedgerRow, ledger, shell};
use crate::error::Fault;
use crate::page::page;
use crate::view::{Shell, day};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "counter/ledger.html")]
pub(crate) struct LedgerPage {
    shell: Shell,
    today: String,
    looks: Vec<LedgerRow>,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    page(&LedgerPage {
        shell: shell(&visit, "/counter/ledger"),
        today: day(visit.lang, visit.today()),
        looks: ledger(&visit).await?,
    })
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
