//! `GET /my/looks`: who looked, when, why and in which case.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::{LookView, look_views, looks, open, shell};
use crate::error::Fault;
use crate::extract::Query;
use crate::page::page;
use crate::view::{Pager, Shell};
use crate::visit::Visit;

const PER_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "my/looks.html")]
pub(crate) struct LooksPage {
    shell: Shell,
    own_shown: bool,
    looks: Vec<LookView>,
    pager: Pager,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    own: u8,
    #[serde(default)]
    page: u32,
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let own = asked.own == 1;
    let opened = open(&visit, "looks").await?;
    let views = look_views(&visit, &looks(&visit, opened.file.subject, own).await?);
    let number = asked.page.clamp(1, 10_000);
    let skip = usize::try_from((number - 1) * PER_PAGE).unwrap_or(0);
    let total = u64::try_from(views.len()).unwrap_or(0);
    let shown = usize::try_from(PER_PAGE).unwrap_or(0);
    let href = if own { "/my/looks?own=1" } else { "/my/looks" };
    page(&LooksPage {
        shell: shell(&visit, "/my/looks"),
        own_shown: own,
        looks: views.into_iter().skip(skip).take(shown).collect(),
        pager: Pager::new(visit.lang, href, number, PER_PAGE, total),
    })
}

#[cfg(test)]
impl crate::page::Samples for LooksPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        [Vec::new(), LookView::samples(lang)]
            .map(|looks| Self {
                shell: Shell::sample(lang, crate::view::Desk::My),
                own_shown: looks.is_empty(),
                looks,
                pager: Pager::new(lang, "/my/looks", 1, 50, 2),
            })
            .into()
    }
}
