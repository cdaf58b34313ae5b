//! `GET /my/looks`: who looked, when, why and in which case; by purpose, and with one's own visits if one wishes.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::{LookView, look_views, looks, open, purpose, question, shell, visits};
use crate::access::Action;
use crate::error::Fault;
use crate::extract::Query;
use crate::lang::Lang;
use crate::page::page;
use crate::view::{Filter, Pager, Shell, with_query};
use crate::visit::Visit;

const PER_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "my/looks.html")]
pub(crate) struct LooksPage {
    shell: Shell,
    looks_href: String,
    can_ask: bool,
    own_shown: bool,
    filters: Vec<Filter>,
    looks: Vec<LookView>,
    pager: Pager,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    own: u8,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    page: u32,
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let own = asked.own == 1;
    let opened = open(&visit, "looks").await?;
    let mut found = looks(&visit, opened.file.subject, own).await?;
    let purposes: BTreeMap<String, String> = found
        .iter()
        .map(|look| (look.purpose.clone(), purpose(&visit, &look.purpose)))
        .collect();
    if purposes.contains_key(&asked.purpose) {
        found.retain(|look| look.purpose == asked.purpose);
    }
    let mandated = match visit.acting {
        Some(_) => {
            let found = visit.store().mandated_in(&opened.permit).await;
            Some(found.map_err(Fault::internal)?)
        }
        None => None,
    };
    let number = asked.page.clamp(1, 10_000);
    let skip = usize::try_from((number - 1) * PER_PAGE).unwrap_or(0);
    let shown = usize::try_from(PER_PAGE).unwrap_or(0);
    let total = u64::try_from(visits(&found).count()).unwrap_or(0);
    let on_page = visits(&found).skip(skip).take(shown);
    let mut views = look_views(&visit, on_page, mandated.as_ref());
    for (look, question) in question::asked(&visit, &opened.permit).await? {
        // What was asked of one of several looks that are one line stands at that line.
        let at = |view: &&mut LookView| view.covers(look) && view.question.is_none();
        if let Some(view) = views.iter_mut().find(at) {
            view.id = look;
            view.question = Some(question);
        }
    }
    let own_asked = if own { "1" } else { "0" };
    let href = with_query(
        &visit.own("/looks"),
        &[("own", own_asked), ("purpose", &asked.purpose)],
    );
    page(&LooksPage {
        looks_href: visit.own("/looks"),
        can_ask: visit.may(Action::AskLook),
        shell: shell(&visit, &opened, "/looks"),
        own_shown: own,
        filters: filters(visit.lang, purposes, &asked.purpose),
        looks: views,
        pager: Pager::new(visit.lang, &href, number, PER_PAGE, total),
    })
}

fn filters(lang: Lang, purposes: BTreeMap<String, String>, asked: &str) -> Vec<Filter> {
    vec![Filter::new(
        "purpose",
        lang.t("look-purpose"),
        lang.t("all"),
        purposes,
        asked,
    )]
}

#[cfg(test)]
impl crate::page::Samples for LooksPage {
    fn samples(lang: Lang) -> Vec<Self> {
        [Vec::new(), LookView::samples(lang)]
            .map(|looks| Self {
                shell: Shell::sample(lang, crate::view::Desk::My),
                looks_href: "/my/looks".into(),
                can_ask: true,
                own_shown: looks.is_empty(),
                filters: filters(lang, BTreeMap::from([("a".into(), "…".into())]), "a"),
                looks,
                pager: Pager::new(lang, "/my/looks", 1, 50, 2),
            })
            .into()
    }
}
