//! `GET /organisations/{uscc}`: one organisation's public page, without any grade.

use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use record::{Date, IdentifierKind, Logged};
use serde::Deserialize;

use super::data::{self, DataRecord, Format};
use super::share::{self, Square};
use super::shown::{Event, Shown};
use crate::error::Fault;
use crate::extract::{Path, Query};
use crate::page::{FormFault, page_with, see};
use crate::view::{Desk, EntryView, RecordContext, RecordView, Shell, Step, Tone, day, entries, with_query};
use crate::visit::Visit;

/// The one item that is the register's own.
const REGISTRATION: &str = "organisation.registration";
const SECTIONS: [&str; 4] = ["licence", "penalty", "honour", "other"];
/// Events of its history on a page.
const EVENTS_MOST: usize = 100;

#[derive(Template)]
#[template(path = "public/organisation.html")]
pub(crate) struct OrganisationPage {
    shell: Shell,
    name: String,
    uscc: String,
    state: String,
    as_of: String,
    /// The day asked about, as the field of a form has it.
    on: String,
    today: String,
    /// Whether it is a day before today.
    former: bool,
    faults: Vec<FormFault>,
    registration: Option<RecordView>,
    registered_by: String,
    entries: Vec<EntryView>,
    sections: Vec<Section>,
    history: Vec<Step>,
    address: String,
    square: Option<Square>,
}

struct Section {
    id: &'static str,
    title: String,
    empty: String,
    records: Vec<RecordView>,
}

#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    on: String,
}

pub(crate) async fn show(
    visit: Visit,
    headers: HeaderMap,
    Path(asked): Path<String>,
    Query(Asked { on }): Query<Asked>,
) -> Result<Response, Fault> {
    let (uscc, format) = Format::of(&asked);
    let found = visit.store().organisation(uscc).await.map_err(Fault::internal)?;
    let hit = found.ok_or(Fault::NotFound)?;
    let (as_of, faults) = day_asked(&visit, &on);
    let shown = Shown::on(&visit, hit.subject, as_of).await?;
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
        .rfind(|logged| logged.record().item.as_str() == REGISTRATION);
    let mut entries = entries(visit.lang, &visit.bundle, &shown.assessment);
    entries.retain(|entry| public.iter().any(|logged| logged.number().0 == entry.record));
    let address = share::address(&visit, &headers, file.subject);
    let status = if faults.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let registration = registration.map(|logged| (logged, context.view(logged)));
    let view = OrganisationPage {
        shell: visit.shell(Desk::Public),
        state: registration
            .as_ref()
            .and_then(|(logged, _)| Some(context.value(logged.record().field("status")?)))
            .unwrap_or_default(),
        name: hit.name,
        as_of: day(visit.lang, as_of),
        on: as_of.to_string(),
        today: visit.today().to_string(),
        former: as_of < visit.today(),
        faults,
        registered_by: registration
            .as_ref()
            .map(|(_, record)| registered_by(&visit, record))
            .unwrap_or_default(),
        registration: registration.map(|(_, record)| record),
        entries,
        sections: sections(&visit, &context, &public),
        history: history(&visit, &context, &shown),
        square: share::square(&address),
        address,
        uscc: hit.uscc,
    };
    page_with(status, &view)
}

/// The day of the address; today with what is wrong with it, if it is none or has not come.
fn day_asked(visit: &Visit, on: &str) -> (Date, Vec<FormFault>) {
    let today = visit.today();
    match on.parse::<Date>() {
        _ if on.is_empty() => (today, Vec::new()),
        Ok(on) if on <= today => (on, Vec::new()),
        _ => {
            let says = visit.lang.t("history-no-day");
            (today, vec![FormFault { field: "on", says }])
        }
    }
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
    SECTIONS
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

/// What was made public when; of what has gone only that, and when.
fn history(visit: &Visit, context: &RecordContext<'_>, shown: &Shown) -> Vec<Step> {
    let lang = visit.lang;
    let step = |event: Event| {
        let record = match event {
            Event::Shown(_, number) => shown.file.records.iter().find(|logged| logged.number() == number),
            Event::Gone(_) => None,
        };
        let what = record.map_or_else(
            || lang.t("history-gone"),
            |logged| lang.with("history-shown", &[("item", &context.item_name(logged))]),
        );
        Step {
            what,
            when: day(lang, event.on()),
            who: record
                .map(|logged| context.source_name(logged))
                .unwrap_or_default(),
            says: record
                .and_then(|logged| logged.record().document.as_ref())
                .map(|document| document.number.clone())
                .unwrap_or_default(),
            tone: if record.is_some() { Tone::Good } else { Tone::Off },
        }
    };
    let events = shown.history(&visit.bundle).into_iter();
    let mut steps: Vec<Step> = events.map(step).collect();
    // Of several that went on one day, one line.
    steps.dedup_by(|one, other| one.tone == Tone::Off && other.tone == Tone::Off && one.when == other.when);
    steps.truncate(EVENTS_MOST);
    steps
}

impl OrganisationPage {
    /// An address of this page as data, of the same day.
    fn data(&self, ending: &str) -> String {
        let address = format!("/organisations/{}.{ending}", self.uscc);
        if self.former {
            with_query(&address, &[("on", &self.on)])
        } else {
            address
        }
    }
}

#[cfg(test)]
impl crate::page::Samples for OrganisationPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let step = |tone| Step {
            what: lang.t("history-gone"),
            when: "2026年11月1日".into(),
            who: String::new(),
            says: String::new(),
            tone,
        };
        let with = |entries, records: Vec<RecordView>, former| Self {
            shell: Shell::sample(lang, Desk::Public),
            name: "南庄某餐饮服务有限公司".into(),
            uscc: "91440604DEM0000X".into(),
            state: if former { String::new() } else { "存续".into() },
            as_of: "2026年11月23日".into(),
            on: "2026-11-23".into(),
            today: "2026-11-23".into(),
            former,
            faults: if former {
                vec![FormFault {
                    field: "on",
                    says: lang.t("history-no-day"),
                }]
            } else {
                Vec::new()
            },
            registered_by: lang.with("registered-by", &[("source", "市监局"), ("number", "1")]),
            registration: (!former).then(RecordView::sample),
            entries,
            sections: SECTIONS
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
            history: if former {
                Vec::new()
            } else {
                vec![step(Tone::Good), step(Tone::Off)]
            },
            address: "https://credit.example/o/1K7".into(),
            square: share::square("https://credit.example/o/1K7").filter(|_| !former),
        };
        vec![
            with(
                vec![EntryView::sample(true), EntryView::sample(false)],
                vec![RecordView::sample()],
                false,
            ),
            with(Vec::new(), Vec::new(), true),
        ]
    }
}
