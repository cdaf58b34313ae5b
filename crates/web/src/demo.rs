//! `/demo`: whom one can sign in as and what to try. It exists in demo stores only.

use askama::Template;
use axum::response::Response;
use identity::STEP_SECONDS;
use record::{IdentifierKind, OfficerId};
use serde::Deserialize;
use store::{Page, SessionOwner};

use crate::config::DemoGuide;
use crate::error::Fault;
use crate::extract::Form;
use crate::page::{page, see};
use crate::sign_in;
use crate::view::{Desk, Shell, grouped};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "demo.html")]
pub(crate) struct DemoPage {
    shell: Shell,
    lead: String,
    steps: Vec<String>,
    persons: Vec<PersonView>,
    staff: Vec<StaffView>,
    organisations: Vec<OrganisationView>,
    password: String,
    code: String,
    code_seconds: u64,
    secret: String,
}

struct PersonView {
    index: usize,
    name: String,
    what: String,
    identifier: String,
}

struct StaffView {
    name: String,
    shown: String,
    place: String,
    what: String,
}

struct OrganisationView {
    uscc: String,
    name: String,
    what: String,
}

const STEPS: [&str; 5] = [
    "demo-step-1",
    "demo-step-2",
    "demo-step-3",
    "demo-step-4",
    "demo-step-5",
];

fn guide(visit: &Visit) -> Result<&DemoGuide, Fault> {
    visit.app.demo.as_ref().ok_or(Fault::NotFound)
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let guide = guide(&visit)?;
    let lang = visit.lang;
    let seconds = u64::try_from(visit.now.as_second()).unwrap_or(0);
    let organisations = visit.store().search_organisations("", Page::new(1, 1)).await;
    let organisations = organisations.map_err(Fault::internal)?.total;
    let lead = [
        ("organisations", grouped(organisations)),
        ("records", grouped(visit.as_of.known.0)),
    ];
    let persons = guide
        .persons
        .iter()
        .enumerate()
        .map(|(index, person)| PersonView {
            index,
            name: person.name.clone(),
            what: lang.of(&person.what),
            identifier: person.identifier.clone(),
        });
    let mut shell = visit.shell(Desk::Public);
    shell.here = "/demo".to_owned();
    page(&DemoPage {
        shell,
        lead: lang.with(
            "demo-lead",
            &lead.each_ref().map(|(name, value)| (*name, value.as_str())),
        ),
        steps: STEPS.iter().map(|key| lang.t(key)).collect(),
        persons: persons.collect(),
        staff: staff(&visit, guide).await?,
        organisations: guide
            .organisations
            .iter()
            .map(|organisation| OrganisationView {
                uscc: organisation.uscc.clone(),
                name: organisation.name.clone(),
                what: lang.of(&organisation.what),
            })
            .collect(),
        password: guide.password.clone(),
        code: guide.totp.code_at(seconds),
        code_seconds: STEP_SECONDS - seconds % STEP_SECONDS,
        secret: guide.totp.to_base32(),
    })
}

async fn staff(visit: &Visit, guide: &DemoGuide) -> Result<Vec<StaffView>, Fault> {
    let mut views = Vec::new();
    for one in &guide.staff {
        let found = visit.store().staff(&one.officer).await.map_err(Fault::internal)?;
        if let Some(staff) = found {
            views.push(StaffView {
                name: one.officer.to_string(),
                shown: staff.name,
                place: visit.source_name(&staff.source),
                what: visit.lang.of(&one.what),
            });
        }
    }
    Ok(views)
}

#[derive(Deserialize)]
pub(crate) struct Enter {
    person: Option<usize>,
    staff: Option<String>,
}

/// `POST /demo/enter`: a door that only the guide's own people have, and only in a demo store.
pub(crate) async fn enter(visit: Visit, Form(form): Form<Enter>) -> Result<Response, Fault> {
    let guide = guide(&visit)?;
    if let Some(person) = form.person {
        let person = guide.persons.get(person).ok_or(Fault::NotFound)?;
        let found = visit
            .store()
            .find_subject(IdentifierKind::ResidentId, &person.identifier)
            .await;
        let subject = found.map_err(Fault::internal)?.ok_or(Fault::NotFound)?;
        return sign_in::begin(&visit, SessionOwner::Subject(subject), "/my").await;
    }
    let officer = form.staff.and_then(|name| OfficerId::new(name).ok());
    let known = officer.filter(|officer| guide.staff.iter().any(|one| one.officer == *officer));
    let Some(officer) = known else {
        return Ok(see("/demo"));
    };
    let staff = visit.store().staff(&officer).await.map_err(Fault::internal)?;
    let staff = staff.ok_or(Fault::NotFound)?;
    let home = sign_in::home_of(&staff);
    sign_in::begin(&visit, SessionOwner::Staff(staff.officer), home).await
}

#[cfg(test)]
impl crate::page::Samples for DemoPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let lead = [("organisations", "3,000"), ("records", "200,000")];
        vec![Self {
            shell: Shell::sample(lang, Desk::Public),
            lead: lang.with("demo-lead", &lead),
            steps: STEPS.iter().map(|key| lang.t(key)).collect(),
            persons: vec![PersonView {
                index: 0,
                name: "罗志明".into(),
                what: "…".into(),
                identifier: "440604198001011234".into(),
            }],
            staff: vec![StaffView {
                name: "chen".into(),
                shown: "陈科员".into(),
                place: "市监局".into(),
                what: "…".into(),
            }],
            organisations: vec![OrganisationView {
                uscc: "91440604DEM0000X".into(),
                name: "…".into(),
                what: "…".into(),
            }],
            password: "demo-xinlian".into(),
            code: "123456".into(),
            code_seconds: 17,
            secret: "JBSWY3DPEHPK3PXP".into(),
        }]
    }
}
