//! `GET /organisations?q=&page=`: organisations by name or social credit code.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use store::Page;

use super::data::{self, Format};
use crate::error::Fault;
use crate::extract::Query;
use crate::page::page;
use crate::view::{Desk, Pager, Shell, with_query};
use crate::visit::Visit;

const PER_PAGE: u32 = 20;

#[derive(Template)]
#[template(path = "public/search.html")]
pub(crate) struct SearchPage {
    shell: Shell,
    q: String,
    results: Vec<OrganisationRow>,
    pager: Pager,
}

struct OrganisationRow {
    href: String,
    name: String,
    uscc: String,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: u32,
}

/// One that was found, as data.
#[derive(Serialize)]
struct DataHit {
    organisation: String,
    uscc: String,
}

pub(crate) async fn show(
    visit: Visit,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let q: String = record::tidy_text(&asked.q).chars().take(100).collect();
    let at = Page::new(asked.page, PER_PAGE);
    let found = visit
        .store()
        .search_organisations(&q, at)
        .await
        .map_err(Fault::internal)?;
    let path = visit.here.split('?').next().unwrap_or_default();
    let (_, format) = Format::of(path);
    if format != Format::Html {
        let next = (found.page < found.pages).then(|| (found.page + 1).to_string());
        let next = next.map(|next| with_query(path, &[("q", &q), ("page", &next)]));
        let row = |hit: store::OrganisationHit| DataHit {
            organisation: hit.name,
            uscc: hit.uscc,
        };
        let rows: Vec<DataHit> = found.rows.into_iter().map(row).collect();
        if format == Format::Json {
            return data::json(&visit, &headers, &rows, next);
        }
        let cells = rows
            .iter()
            .map(|hit| vec![data::neutral(&hit.organisation), data::neutral(&hit.uscc)]);
        let cells: Vec<Vec<String>> = cells.collect();
        return Ok(data::table(&visit, &headers, &["organisation", "uscc"], &cells));
    }
    let results = found.rows.into_iter().map(|hit| OrganisationRow {
        href: format!("/organisations/{}", hit.uscc),
        name: hit.name,
        uscc: hit.uscc,
    });
    let href = with_query("/organisations", &[("q", &q)]);
    page(&SearchPage {
        shell: visit.shell(Desk::Public),
        results: results.collect(),
        pager: Pager::new(visit.lang, &href, found.page, PER_PAGE, found.total),
        q,
    })
}

#[cfg(test)]
impl crate::page::Samples for SearchPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = || OrganisationRow {
            href: "/organisations/91440604DEM0000X".into(),
            name: "南庄某餐饮服务有限公司".into(),
            uscc: "91440604DEM0000X".into(),
        };
        let with = |results: Vec<OrganisationRow>, total| Self {
            shell: Shell::sample(lang, Desk::Public),
            q: "<南庄>".into(),
            results,
            pager: Pager::new(lang, "/organisations?q=1", 2, 1, total),
        };
        vec![with(vec![row()], 3), with(Vec::new(), 0)]
    }
}
