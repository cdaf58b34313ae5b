//! `GET /`: one search box, and what the credit office has to say.

use askama::Template;
use axum::response::Response;

use super::announcements::{AnnouncementRow, newest};
use crate::error::Fault;
use crate::page::page;
use crate::view::{Desk, Shell};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "public/home.html")]
pub(crate) struct HomePage {
    shell: Shell,
    announcements: Vec<AnnouncementRow>,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    page(&HomePage {
        shell: visit.shell(Desk::Public),
        announcements: newest(&visit).await?,
    })
}

#[cfg(test)]
impl crate::page::Samples for HomePage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        [Vec::new(), vec![AnnouncementRow::sample()]]
            .map(|announcements| Self {
                shell: Shell::sample(lang, Desk::Public),
                announcements,
            })
            .into()
    }
}
