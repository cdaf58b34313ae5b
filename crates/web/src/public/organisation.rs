//! `GET /organisations/{uscc}`: one organisation's public page, without any grade.

use askama::Template;
use assess::{Assessment, Bundle, Publicity};
use axum::response::Response;
use record::{IdentifierKind, Logged};

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

pub(crate) async fn show(visit: Visit, Path(uscc): Path<String>) -> Result<Response, Fault> {
    let found = visit.store().organisation(&uscc).await.map_err(Fault::internal)?;
    let hit = found.ok_or(Fault::NotFound)?;
    let file = visit
        .store()
        .public_file(hit.subject)
        .await
        .map_err(Fault::internal)?;
    // Of two that were merged, either code leads to the page of the one file.
    let own = file
        .identifiers
        .iter()
        .rfind(|one| one.kind() == IdentifierKind::Uscc);
    if let Some(own) = own.filter(|own| file.subject != hit.subject && own.value() != hit.uscc) {
        return Ok(see(&format!("/organisations/{}", own.value())));
    }
    let assessment = assess::assess(&visit.bundle, &file.all(), visit.as_of);
    let public: Vec<&Logged> = file
        .records
        .iter()
        .filter(|logged| is_public(&visit.bundle, &assessment, logged))
        .collect();
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: Some(&assessment),
        lang: visit.lang,
    };
    let registration = public
        .iter()
        .rfind(|logged| logged.record().item.as_str() == REGISTRATION)
        .map(|logged| context.view(logged));
    let mut entries = entries(visit.lang, &visit.bundle, &assessment);
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

/// Only what the catalogue publishes, and only as long as it may be displayed.
fn is_public(bundle: &Bundle, assessment: &Assessment, logged: &Logged) -> bool {
    let displayed = assessment
        .standing(logged.number())
        .is_some_and(|standing| standing.displayed);
    let item = bundle.item(&logged.record().item);
    displayed && item.is_some_and(|item| item.publicity == Publicity::Public)
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
