//! `/my/consents`: to which services one agreed, and taking it back.

use askama::Template;
use assess::Standing;
use axum::response::Response;
use record::{Act, Logged, RecordNumber, ServiceCode, Value};
use store::StoreError;

use super::{Opened, open, purpose, shell};
use crate::error::Fault;
use crate::extract::Last;
use crate::page::{page, see};
use crate::view::{Shell, Tone, day};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "my/consents.html")]
pub(crate) struct ConsentsPage {
    shell: Shell,
    consents: Vec<ConsentView>,
}

struct ConsentView {
    number: u64,
    service: String,
    purpose: String,
    given: String,
    until: String,
    state: String,
    tone: Tone,
    can_revoke: bool,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let opened = open(&visit, "consents").await?;
    let given = opened.file.records.iter().rev();
    let given = given.filter(|logged| logged.record().act() == Some(Act::Consent));
    page(&ConsentsPage {
        shell: shell(&visit, &opened, "/consents"),
        consents: given.map(|logged| view(&visit, &opened, logged)).collect(),
    })
}

fn view(visit: &Visit, opened: &Opened, logged: &Logged) -> ConsentView {
    let lang = visit.lang;
    let record = logged.record();
    let standing = opened
        .assessment
        .standing(logged.number())
        .map(|found| found.standing);
    let (state, tone) = match standing {
        Some(Standing::Counts | Standing::Future) => ("active", Tone::Good),
        Some(Standing::Ended { .. }) => ("ended", Tone::Off),
        _ => ("revoked", Tone::Off),
    };
    ConsentView {
        number: logged.number().0,
        service: service_name(visit, logged),
        purpose: match record.field("purpose") {
            Some(Value::Text(code)) => purpose(visit, code),
            _ => String::new(),
        },
        given: lang.with("consent-given", &[("day", &day(lang, record.occurred))]),
        until: match record.ends {
            Some(ends) => lang.with("consent-until", &[("day", &day(lang, ends.day()))]),
            None => lang.t("consent-open"),
        },
        state: lang.t(&format!("consent-{state}")),
        tone,
        can_revoke: state == "active",
    }
}

/// The service that a consent is for.
pub(crate) fn service_name(visit: &Visit, consent: &Logged) -> String {
    let Some(Value::Text(code)) = consent.record().field("service") else {
        return String::new();
    };
    let service = ServiceCode::new(code.clone()).ok();
    let service = service.and_then(|code| visit.bundle.service(&code));
    service.map_or_else(|| code.clone(), |service| visit.lang.of(&service.name))
}

/// `POST /my/consents/{number}/revoke`
pub(crate) async fn revoke(visit: Visit, Last(number): Last<u64>) -> Result<Response, Fault> {
    let opened = open(&visit, &format!("consent {number}")).await?;
    let standing = opened.assessment.standing(RecordNumber(number));
    if matches!(
        standing.map(|found| found.standing),
        Some(Standing::Withdrawn { .. })
    ) {
        return Ok(see(&visit.own("/consents")));
    }
    match visit.store().revoke(&opened.permit, RecordNumber(number)).await {
        Ok(_) => Ok(see(&visit.own("/consents?done=consent-revoke"))),
        Err(StoreError::Act(_)) => Err(Fault::NotFound),
        Err(error) => Err(Fault::internal(error)),
    }
}

#[cfg(test)]
impl crate::page::Samples for ConsentsPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let consent = |state: &str, tone| ConsentView {
            number: 7,
            service: "公共场所卫生许可证延续".into(),
            purpose: "窗口办事".into(),
            given: lang.with("consent-given", &[("day", "…")]),
            until: lang.with("consent-until", &[("day", "…")]),
            state: lang.t(&format!("consent-{state}")),
            tone,
            can_revoke: state == "active",
        };
        let consents = vec![
            consent("active", Tone::Good),
            consent("revoked", Tone::Off),
            consent("ended", Tone::Off),
        ];
        [Vec::new(), consents]
            .map(|consents| Self {
                shell: Shell::sample(lang, crate::view::Desk::My),
                consents,
            })
            .into()
    }
}
