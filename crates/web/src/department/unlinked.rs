//! `GET /department/unlinked`: records without a subject, which have no effect until someone links them.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use store::Page;

use super::proposal::{band, shown};
use super::{officer, shell};
use crate::error::Fault;
use crate::extract::Query;
use crate::page::page;
use crate::view::{Pager, RecordContext, RecordView, Shell, Tone};
use crate::visit::Visit;

const PER_PAGE: u32 = 25;

#[derive(Template)]
#[template(path = "department/unlinked.html")]
pub(crate) struct UnlinkedPage {
    shell: Shell,
    records: Vec<UnlinkedRow>,
    pager: Pager,
}

struct UnlinkedRow {
    record: RecordView,
    why: String,
    /// What the best proposal is called, if there is one worth showing.
    likely: Option<(String, Tone)>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    page: u32,
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let page_asked = Page::new(asked.page, PER_PAGE);
    let found = visit.store().queue(source, page_asked, 1).await;
    let found = found.map_err(Fault::internal)?;
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: None,
        lang: visit.lang,
    };
    let rows = found.rows.iter().map(|queued| UnlinkedRow {
        record: context.view(&queued.row.logged),
        why: visit.lang.t(&format!("unlinked-{}", queued.row.why.code())),
        likely: shown(&queued.proposals).next().map(|best| band(visit.lang, best)),
    });
    page(&UnlinkedPage {
        shell: shell(&visit, "/department/unlinked").await?,
        records: rows.collect(),
        pager: Pager::new(
            visit.lang,
            "/department/unlinked",
            found.page,
            PER_PAGE,
            found.total,
        ),
    })
}

#[cfg(test)]
impl crate::page::Samples for UnlinkedPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = |code: &str| UnlinkedRow {
            record: RecordView::sample(),
            why: lang.t(&format!("unlinked-{code}")),
            likely: (code == "no_identifier").then(|| (lang.t("proposal-likely"), Tone::Good)),
        };
        let codes = ["no_identifier", "unknown_identifier", "name_differs", "undone"];
        [Vec::new(), codes.map(row).into()]
            .map(|records| Self {
                shell: Shell::sample(lang, crate::view::Desk::Department),
                records,
                pager: Pager::new(lang, "/department/unlinked", 1, 50, 5),
            })
            .into()
    }
}
