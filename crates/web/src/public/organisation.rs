//! `GET /organisations/{uscc}`: one organisation's public page, without any grade.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use record::{IdentifierKind, Logged};

use super::data::{self, DataRecord, Format};
use super::shown::Shown;
use crate::error::Fault;
use crate::extract::Path;
use crate::page::{page, see};
use crate::view::{Desk, EntryView, RecordContext, RecordView, Shell, day, entries};
use crate::visit::Visit;

/// The one item that is the register's own.
const REGISTRATION: &str = "organisation.registration";

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

pub(crate) async fn show(
    visit: Visit,
    headers: HeaderMap,
    Path(asked): Path<String>,
) -> Result<Response, Fault> {
    let (uscc, format) = Format::of(&asked);
    let found = visit.store().organisation(uscc).await.map_err(Fault::internal)?;
    let hit = found.ok_or(Fault::NotFound)?;
    let shown = Shown::of(&visit, hit.subject).await?;
    let file = &shown.file;
    // Of two that were merged, either code leads to the page of the one file.
    let own = file
        .identifiers
        .iter()
        .rfind(|one| one.kind() == IdentifierKind::Uscc);
    if let Some(own) = own.filter(|own| file.subject != hit.subject && own.value() != hit.uscc) {
        let ending = asked.get(uscc.len()..).unwrap_or_default();
        return Ok(see(&format!("/organisations/{}{ending}", own.value())));
    }
    let public = shown.records();
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: Some(&shown.assessment),
        lang: visit.lang,
    };
    if format != Format::Html {
        let whose = (hit.name.as_str(), hit.uscc.as_str());
        let row = |logged: &&Logged| DataRecord::of(&context, &shown, whose, logged);
        let rows: Vec<DataRecord> = public.iter().map(row).collect();
        return match format {
            Format::Json => data::json(&visit, &headers, &rows, None),
            Format::Csv => Ok(data::csv(&visit, &headers, &rows)),
            Format::Html | Format::Atom => Err(Fault::NotFound),
        };
    }
    let registration = public
        .iter()
        .rfind(|logged| logged.record().item.as_str() == REGISTRATION)
        .map(|logged| context.view(logged));
    let mut entries = entries(visit.lang, &visit.bundle, &shown.assessment);
    entries.retain(|entry| public.iter().any(|logged| logged.number().0 == entry.record));
    page(&OrganisationPage {
        shell: visit.shell(Desk::Public),
        name: hit.name,
        uscc: hit.uscc,
        as_of: day(visit.lang, visit.today()),
        registered_by: registration
            .as_ref()
            .map(|record| registered_by(&visit, record))
            .unwrap_or_default(),
        facts: registration.map(|record| record.facts).unwrap_or_default(),
        entries,
        sections: sections(&visit, &context, &public),
    })
}

fn registered_by(visit: &Visit, record: &RecordView) -> String {
    let values = [
        ("source", record.source.as_str()),
        ("number", &record.number.to_string()),
    ];
    visit.lang.with("registered-by", &values)
}

fn sections(visit: &Visit, context: &RecordContext<'_>, public: &[&Logged]) -> Vec<Section> {
    let section_of = |logged: &Logged| {
        let code = logged.record().item.as_str();
        match code.split('.').next() {
            _ if code == REGISTRATION => None,
            Some("licence") => Some("licence"),
            Some("penalty") => Some("penalty"),
            Some("honour" | "ip") => Some("honour"),
            _ => Some("other"),
        }
    };
    ["licence", "penalty", "honour", "other"]
        .map(|id| Section {
            id,
            title: visit.lang.t(&format!("section-{id}")),
            empty: visit.lang.t(&format!("section-{id}-empty")),
            records: public
                .iter()
                .rev()
                .filter(|logged| section_of(logged) == Some(id))
                .map(|logged| context.view(logged))
                .collect(),
        })
        .into()
}

#[cfg(test)]
impl crate::page::Samples for OrganisationPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let with = |entries, records: Vec<RecordView>| Self {
            shell: Shell::sample(lang, Desk::Public),
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
                    records: if id == "penalty" {
                        records.clone()
                    } else {
                        Vec::new()
                    },
                })
                .into(),
        };
        vec![
            with(
                vec![EntryView::sample(true), EntryView::sample(false)],
                vec![RecordView::sample()],
            ),
            with(Vec::new(), Vec::new()),
        ]
    }
}
