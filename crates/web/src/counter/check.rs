//! `GET /counter`, `POST /counter/check`: the applicant's number, the service, the case.

use std::collections::BTreeSet;

use askama::Template;
use assess::Service;
use axum::http::StatusCode;
use axum::response::Response;
use record::{CaseNumber, Identifier, IdentifierFault, IdentifierKind, ServiceCode};
use serde::Deserialize;

use super::{CounterCase, LedgerRow, ledger, shell};
use crate::error::Fault;
use crate::extract::{Form, Query};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Choice, Shell};
use crate::visit::Visit;

/// The kinds of identifier that a counter is shown.
const KINDS: [IdentifierKind; 6] = [
    IdentifierKind::ResidentId,
    IdentifierKind::Uscc,
    IdentifierKind::HkMacaoPermit,
    IdentifierKind::TaiwanPermit,
    IdentifierKind::ForeignPermanentResident,
    IdentifierKind::Passport,
];
/// How many of the latest cases stand below the form.
const LEDGER_SHOWN: usize = 8;
/// The kinds that a number tells of itself, by its length and check digit.
const TELLING: [IdentifierKind; 2] = [IdentifierKind::ResidentId, IdentifierKind::Uscc];

#[derive(Template)]
#[template(path = "counter/check.html")]
pub(crate) struct CheckPage {
    shell: Shell,
    form: CheckForm,
    not_found: Option<String>,
    looks: Vec<LedgerRow>,
    faults: Vec<FormFault>,
}

/// The form as it stands.
struct CheckForm {
    identifier: String,
    kinds: Vec<Choice>,
    services: Vec<Choice>,
    case: String,
}

#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    service: String,
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let form = Check {
        service: asked.service,
        case: suggested_case(&visit),
        ..Check::default()
    };
    page(&page_of(&visit, &form, None, Vec::new()).await?)
}

/// `GET /counter/check`: where a language switch after a faulty form leads.
pub(crate) async fn back() -> Response {
    see("/counter")
}

#[derive(Deserialize, Default)]
pub(crate) struct Check {
    #[serde(default)]
    identifier: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    case: String,
}

async fn page_of(
    visit: &Visit,
    form: &Check,
    not_found: Option<String>,
    faults: Vec<FormFault>,
) -> Result<CheckPage, Fault> {
    let chosen = IdentifierKind::from_code(&form.kind).unwrap_or(IdentifierKind::ResidentId);
    let kind = |kind: IdentifierKind| {
        let says = visit.lang.t(&format!("identifier-{}", kind.code()));
        (kind.code().to_owned(), says, kind == chosen)
    };
    let mut looks = ledger(visit).await?;
    looks.truncate(LEDGER_SHOWN);
    Ok(CheckPage {
        shell: shell(visit, "/counter"),
        form: CheckForm {
            identifier: form.identifier.chars().take(40).collect(),
            kinds: KINDS.map(kind).into(),
            services: services(visit, &form.service),
            case: form.case.chars().take(64).collect(),
        },
        not_found,
        looks,
        faults,
    })
}

/// The services of the rules in force.
pub(super) fn services(visit: &Visit, chosen: &str) -> Vec<Choice> {
    let choice = |service: &Service| {
        let code = service.code.to_string();
        let is_chosen = code == chosen;
        (code, visit.lang.of(&service.name), is_chosen)
    };
    visit.bundle.services().map(choice).collect()
}

/// A case number to begin with, by the minute; counters that have their own type it over.
pub(super) fn suggested_case(visit: &Visit) -> String {
    let now = visit
        .now
        .to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(8)));
    format!(
        "{}-{:02}{:02}-{:02}{:02}{:02}",
        now.year(),
        now.month(),
        now.day(),
        now.hour(),
        now.minute(),
        now.second()
    )
}

/// `POST /counter/check`: the identifier goes in the body, never in an address.
pub(crate) async fn check(visit: Visit, Form(form): Form<Check>) -> Result<Response, Fault> {
    let (case, identifier) = match parse(&visit, &form) {
        Ok(parsed) => parsed,
        Err(faults) => {
            let page = page_of(&visit, &form, None, faults).await?;
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let found = visit
        .store()
        .find_subject(identifier.kind(), identifier.value())
        .await;
    let Some(subject) = found.map_err(Fault::internal)? else {
        let says = visit.lang.t("counter-not-found");
        return page(&page_of(&visit, &form, Some(says), Vec::new()).await?);
    };
    let case = CounterCase { subject, ..case };
    let put = visit.app.cases.put(visit.session()?, visit.now, case);
    let token = put.ok_or(Fault::TooMany)?;
    Ok(see(&format!("/counter/check/{token}")))
}

fn parse(visit: &Visit, form: &Check) -> Result<(CounterCase, Identifier), Vec<FormFault>> {
    let lang = visit.lang;
    let mut faults = Vec::new();
    let identifier = identify(visit, &form.kind, &form.identifier).map_err(|fault| {
        let why = crate::view::identifier_fault(lang, &fault);
        faults.push(FormFault {
            field: "identifier",
            says: lang.with("counter-bad-identifier", &[("why", &why)]),
        });
    });
    let service = ServiceCode::new(form.service.clone()).ok();
    let service = service.filter(|code| visit.bundle.service(code).is_some());
    let service = service.ok_or_else(|| {
        faults.push(FormFault {
            field: "service",
            says: lang.t("counter-bad-service"),
        });
    });
    let case = CaseNumber::new(&form.case).map_err(|_| {
        faults.push(FormFault {
            field: "case",
            says: lang.t("counter-bad-case"),
        });
    });
    let (Ok(identifier), Ok(service), Ok(case)) = (identifier, service, case) else {
        return Err(faults);
    };
    let case = CounterCase {
        subject: record::SubjectId(0),
        service,
        case,
        in_hand: BTreeSet::new(),
    };
    Ok((case, identifier))
}

/// The number as what it was said to be; where nothing was said, as what it tells of itself.
pub(super) fn identify(visit: &Visit, kind: &str, number: &str) -> Result<Identifier, IdentifierFault> {
    let read = |kind| {
        let read = Identifier::parse(kind, number, visit.store().realm());
        read.map(|(identifier, _)| identifier)
    };
    let said = IdentifierKind::from_code(kind).filter(|kind| KINDS.contains(kind));
    if let Some(kind) = said {
        return read(kind);
    }
    let told = TELLING.into_iter().find_map(|kind| read(kind).ok());
    told.map_or_else(|| read(IdentifierKind::ResidentId), Ok)
}

#[cfg(test)]
impl crate::page::Samples for CheckPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let fault = |field, says| FormFault { field, says };
        let with = |not_found, looks, faults| Self {
            shell: Shell::sample(lang, crate::view::Desk::Counter),
            form: CheckForm {
                identifier: String::new(),
                kinds: vec![("resident_id".into(), lang.t("identifier-resident_id"), true)],
                services: vec![("elder-card".into(), "老年人优待证".into(), true)],
                case: "2026-1123-0419".into(),
            },
            not_found,
            looks,
            faults,
        };
        vec![
            with(None, Vec::new(), Vec::new()),
            with(
                Some(lang.t("counter-not-found")),
                LedgerRow::samples(),
                Vec::new(),
            ),
            with(
                None,
                Vec::new(),
                vec![
                    fault("identifier", lang.with("counter-bad-identifier", &[("why", "…")])),
                    fault("case", lang.t("counter-bad-case")),
                    fault("service", lang.t("counter-bad-service")),
                    fault("identifier", lang.t("counter-expired")),
                ],
            ),
        ]
    }
}
