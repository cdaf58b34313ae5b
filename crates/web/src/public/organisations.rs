//! `GET /organisations?q=&page=`: organisations by name or social credit code.

use askama::Template;

use crate::view::{Pager, Shell};

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

#[cfg(test)]
impl crate::page::Samples for SearchPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = || OrganisationRow {
            href: "/organisations/91440604DEM0000X".into(),
            name: "南庄某餐饮服务有限公司".into(),
            uscc: "91440604DEM0000X".into(),
        };
        let with = |results: Vec<OrganisationRow>, total| Self {
            shell: Shell::sample(lang, crate::view::Desk::Public),
            q: "<南庄>".into(),
            results,
            pager: Pager::new(lang, "/organisations?q=1", 2, 1, total),
        };
        vec![with(vec![row()], 3), with(Vec::new(), 0)]
    }
}
