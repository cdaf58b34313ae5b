//! `GET /`: one search box.

use askama::Template;
use axum::response::Response;

use crate::error::Fault;
use crate::page::page;
use crate::view::{Desk, Shell};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "public/home.html")]
pub(crate) struct HomePage {
    shell: Shell,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    page(&HomePage {
        shell: visit.shell(Desk::Public),
    })
}

#[cfg(test)]
impl crate::page::Samples for HomePage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        vec![Self {
            shell: Shell::sample(lang, Desk::Public),
        }]
    }
}
