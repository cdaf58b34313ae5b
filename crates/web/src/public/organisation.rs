//! `GET /organisations/{uscc}`: one organisation's public page, without any grade.

use askama::Template;

use crate::view::{EntryView, RecordView, Shell};

#[derive(Template)]
#[template(path = "public/organisation.html")]
pub(crate) struct OrganisationPage {
    shell: Shell,
    name: String,
    uscc: String,
    as_of: String,
    facts: Vec<(String, String)>,
    registered_by: String,
    entries: Vec<EntryView>,
    sections: Vec<Section>,
}

struct Section {
    id: &'static str,
    title: String,
    empty: String,
    records: Vec<RecordView>,
}

#[cfg(test)]
impl crate::page::Samples for OrganisationPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let with = |entries, records: Vec<RecordView>| Self {
            shell: Shell::sample(lang, crate::view::Desk::Public),
            name: "南庄某餐饮服务有限公司".into(),
            uscc: "91440604DEM0000X".into(),
            as_of: "2026年11月23日".into(),
            facts: vec![("法定代表人".into(), "罗某".into())],
            registered_by: lang.with("registered-by", &[("source", "市监局"), ("number", "1")]),
            entries,
            sections: ["licence", "penalty", "honour", "other"]
                .map(|id| Section {
                    id,
                    title: lang.t(&format!("section-{id}")),
                    empty: lang.t(&format!("section-{id}-empty")),
                    records: records.clone(),
                })
                .into(),
        };
        vec![
            with(vec![EntryView::sample(true), EntryView::sample(false)], vec![RecordView::sample()]),
            with(Vec::new(), Vec::new()),
        ]
    }
}
