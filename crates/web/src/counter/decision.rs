//! `/counter/check/{token}`: the verdict with its clause, the checklist, and consent on the spot.

use std::collections::BTreeSet;

use askama::Template;
use assess::{LegalBasis, MaterialState, MaterialStatus, NotRated, Rating, ReasonKind, Verdict};
use axum::http::StatusCode;
use axum::response::Response;
use record::Date;

use super::check::{services, suggested_case};
use super::{Opened, clerk, open, shell};
use crate::error::Fault;
use crate::extract::{Form, Path};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Choice, Given, Shell, day};
use crate::visit::Visit;

/// The version of the notice that the clerk reads out.
const NOTICE_VERSION: &str = "2026-1";

#[derive(Template)]
#[template(path = "counter/decision.html")]
pub(crate) struct DecisionPage {
    shell: Shell,
    here: String,
    service: String,
    office: String,
    case: String,
    verdict: String,
    ordinary: bool,
    text: String,
    /// What the verdict rests on, in words, and its code.
    clause: (String, String),
    basis: String,
    /// Who and what, with the way back to what can be changed.
    given: Vec<Given>,
    /// The form for the next applicant.
    services: Vec<Choice>,
    next_case: String,
    materials_says: String,
    materials: Vec<MaterialView>,
    /// Whether each is a plus, and its words.
    reasons: Vec<(bool, String)>,
    letter_says: String,
    consent_number: Option<u64>,
    ask_consent: Option<AskConsent>,
    faults: Vec<FormFault>,
}

struct MaterialView {
    code: String,
    name: String,
    core: bool,
    in_hand: bool,
    held: Option<String>,
    due: Option<String>,
}

struct AskConsent {
    notice: String,
    statement: String,
    needs_notice: bool,
}

pub(crate) async fn show(visit: Visit, Path(token): Path<String>) -> Result<Response, Fault> {
    let opened = match open(&visit, &token).await {
        Err(Fault::NotFound) => return Ok(see("/counter")),
        opened => opened?,
    };
    page(&page_of(&visit, &token, &opened, Vec::new()))
}

fn page_of(visit: &Visit, token: &str, opened: &Opened, faults: Vec<FormFault>) -> DecisionPage {
    let lang = visit.lang;
    let Opened {
        decision, service, ..
    } = opened;
    let letter = match decision.verdict {
        Verdict::Ordinary => "letter-go-ordinary",
        Verdict::DeferMaterials { .. } => "letter-go",
        Verdict::Complete | Verdict::ZeroVisit => "letter-go-complete",
    };
    DecisionPage {
        shell: shell(visit, "/counter"),
        here: format!("/counter/check/{token}"),
        service: lang.of(&service.name),
        office: lang.of(&service.office),
        case: opened.case.case.to_string(),
        verdict: lang.t(&format!("verdict-{}", decision.verdict.code())),
        ordinary: opened.is_ordinary(),
        text: text(visit, opened),
        clause: opened.clause(visit),
        basis: basis(visit, &service.legal_basis),
        given: given(visit, opened),
        services: services(visit, opened.case.service.as_str()),
        next_case: suggested_case(visit),
        materials_says: materials_says(visit, &decision.materials),
        materials: decision
            .materials
            .iter()
            .map(|status| material(visit, status))
            .collect(),
        reasons: reasons(visit, opened),
        letter_says: lang.t(letter),
        consent_number: opened.consent().map(|consent| consent.number().0),
        ask_consent: ask_consent(visit, opened),
        faults,
    }
}

fn given(visit: &Visit, opened: &Opened) -> Vec<Given> {
    let again = format!("/counter?service={}", opened.case.service);
    let given = |key: &str, value: String| Given {
        label: visit.lang.t(key),
        value,
        change: None,
    };
    vec![
        given("applicant-name", opened.name()),
        given("identifier-value", opened.identifier()),
        Given {
            change: Some(again),
            ..given("counter-case", opened.case.case.to_string())
        },
    ]
}

/// The verdict's text, its day written as people write it.
pub(crate) fn text(visit: &Visit, opened: &Opened) -> String {
    let text = visit.lang.of(&opened.decision.text);
    match opened.decision.verdict {
        Verdict::DeferMaterials { due } => text.replace(&due.to_string(), &day(visit.lang, due)),
        _ => text,
    }
}

/// The laws that a service cites.
pub(crate) fn basis(visit: &Visit, basis: &[LegalBasis]) -> String {
    let cite = |basis: &LegalBasis| {
        let law = visit.lang.of(&basis.law);
        basis
            .article
            .as_ref()
            .map_or(law.clone(), |article| format!("{law} {article}"))
    };
    basis.iter().map(cite).collect::<Vec<_>>().join(" · ")
}

fn materials_says(visit: &Visit, materials: &[MaterialStatus]) -> String {
    let held = |status: &&MaterialStatus| matches!(status.state, MaterialState::Held { .. });
    let asked = || materials.iter().filter(|status| !held(status));
    let counts = [
        ("core", asked().filter(|status| status.core).count().to_string()),
        (
            "deferrable",
            asked().filter(|status| !status.core).count().to_string(),
        ),
        ("held", materials.iter().filter(held).count().to_string()),
    ];
    let counts = counts.each_ref().map(|(name, count)| (*name, count.as_str()));
    visit.lang.with("materials-says", &counts)
}

fn material(visit: &Visit, status: &MaterialStatus) -> MaterialView {
    let lang = visit.lang;
    let by = |due: Date| lang.with("material-due", &[("day", &day(lang, due))]);
    let (held, due) = match &status.state {
        MaterialState::InHand => (None, None),
        MaterialState::Held { source, record } => {
            let values = [
                ("source", visit.source_name(source)),
                ("number", record.to_string()),
            ];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            (Some(lang.with("material-held-by", &values)), None)
        }
        MaterialState::MissingCore => (None, Some(lang.t("material-missing-core"))),
        MaterialState::MissingDeferrable { due } => (
            None,
            Some(due.map_or_else(|| lang.t("material-missing-deferrable"), by)),
        ),
    };
    MaterialView {
        code: status.code.clone(),
        name: lang.of(&status.name),
        core: status.core,
        in_hand: status.state == MaterialState::InHand,
        held,
        due,
    }
}

/// The decision's reasons, each a plus or not. None of them tells a grade.
fn reasons(visit: &Visit, opened: &Opened) -> Vec<(bool, String)> {
    let plus = |kind| {
        matches!(
            kind,
            ReasonKind::NothingMissing | ReasonKind::NoVisitNeeded | ReasonKind::Trusted
        )
    };
    let reason = |kind: ReasonKind| (plus(kind), visit.lang.t(&format!("reason-{}", kind.code())));
    let reasons = opened.decision.reasons.iter();
    reasons.map(|found| reason(found.kind)).collect()
}

/// Consent is asked for only where it would matter: everything else is there.
fn ask_consent(visit: &Visit, opened: &Opened) -> Option<AskConsent> {
    let lang = visit.lang;
    let wanted = opened
        .decision
        .reasons
        .iter()
        .any(|reason| reason.kind == ReasonKind::NoConsent);
    wanted.then(|| {
        let until = day(lang, consent_until(visit));
        let service = lang.of(&opened.service.name);
        AskConsent {
            notice: lang.t("consent-notice"),
            statement: lang.with("consent-statement", &[("service", &service), ("day", &until)]),
            needs_notice: needs_notice(opened),
        }
    })
}

fn needs_notice(opened: &Opened) -> bool {
    opened.assessment.rating == Rating::NotRated(NotRated::NoNotice)
}

/// A consent at the counter holds a year, unless revoked before.
fn consent_until(visit: &Visit) -> Date {
    visit.today().saturating_add(jiff::Span::new().years(1))
}

/// `POST /counter/check/{token}`: which materials are on the desk.
pub(crate) async fn materials(
    visit: Visit,
    Path(token): Path<String>,
    Form(ticked): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let session = visit.session()?;
    let case = visit.app.cases.get(session, visit.now, &token);
    let Some(case) = case else {
        return Ok(see("/counter"));
    };
    let service = visit.bundle.service(&case.service).ok_or(Fault::NotFound)?;
    let in_hand: BTreeSet<String> = ticked
        .into_iter()
        .filter(|(name, code)| name == "in_hand" && service.material(code).is_some())
        .map(|(_, code)| code)
        .collect();
    visit
        .app
        .cases
        .change(session, visit.now, &token, |case| case.in_hand = in_hand);
    Ok(see(&format!("/counter/check/{token}")))
}

/// `POST /counter/check/{token}/consent`: the applicant was told, and agreed, on the spot.
pub(crate) async fn consent(
    visit: Visit,
    Path(token): Path<String>,
    Form(ticked): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let opened = open(&visit, &token).await?;
    if let Some(held) = opened.consent() {
        let held = held.number();
        return Ok(see(&format!("/counter/check/{token}?done=consent&n={held}")));
    }
    if ask_consent(&visit, &opened).is_none() {
        // Nobody is asked for what would not help, whatever a form says.
        return Ok(see(&format!("/counter/check/{token}")));
    }
    let is_ticked = |field: &str| ticked.iter().any(|(name, value)| name == field && value == "yes");
    let needs_notice = needs_notice(&opened);
    if !is_ticked("agreed") || (needs_notice && !is_ticked("told")) {
        let fault = FormFault {
            field: "consent",
            says: visit.lang.t("consent-both"),
        };
        let page = page_of(&visit, &token, &opened, vec![fault]);
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let (officer, source) = clerk(&visit)?;
    if needs_notice {
        let told = visit
            .store()
            .notice(&opened.permit, officer, source, NOTICE_VERSION)
            .await;
        told.map_err(Fault::internal)?;
    }
    let agreed = visit.store().consent(
        &opened.permit,
        officer,
        source,
        &opened.purpose,
        &opened.case.service,
        Some(consent_until(&visit)),
    );
    let number = agreed.await.map_err(Fault::internal)?;
    Ok(see(&format!("/counter/check/{token}?done=consent&n={number}")))
}

#[cfg(test)]
impl crate::page::Samples for DecisionPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let material = |core, in_hand, held: Option<String>, due: Option<String>| MaterialView {
            code: format!("m{core}{in_hand}{}", due.as_ref().map_or(0, String::len)),
            name: "延续申请书".into(),
            core,
            in_hand,
            held,
            due,
        };
        let held = lang.with("material-held-by", &[("source", "公安分局"), ("number", "7")]);
        let ask = |needs_notice| AskConsent {
            notice: lang.t("consent-notice"),
            statement: lang.with("consent-statement", &[("service", "…"), ("day", "…")]),
            needs_notice,
        };
        let counts = [("core", "3"), ("deferrable", "1"), ("held", "2")];
        let verdicts = [
            ("ordinary", "letter-go-ordinary", Some(ask(true))),
            ("ordinary", "letter-go-ordinary", Some(ask(false))),
            ("defer_materials", "letter-go", None),
            ("complete", "letter-go-complete", None),
            ("zero_visit", "letter-go-complete", None),
        ];
        verdicts
            .into_iter()
            .map(|(verdict, letter, ask_consent)| Self {
                shell: Shell::sample(lang, crate::view::Desk::Counter),
                here: "/counter/check/t".into(),
                service: "公共场所卫生许可证延续".into(),
                office: "禅城区卫生健康局".into(),
                case: "2026-1123-0419".into(),
                verdict: lang.t(&format!("verdict-{verdict}")),
                ordinary: verdict == "ordinary",
                text: "…".into(),
                clause: ("…".into(), "services.x.trust".into()),
                basis: "…".into(),
                given: vec![Given {
                    label: lang.t("applicant-name"),
                    value: "罗**".into(),
                    change: Some("/counter".into()),
                }],
                services: vec![("elder-card".into(), "老年人优待证".into(), true)],
                next_case: "2026-1123-0420".into(),
                materials_says: lang.with("materials-says", &counts),
                materials: vec![
                    material(true, true, None, None),
                    material(true, false, None, Some(lang.t("material-missing-core"))),
                    material(
                        false,
                        false,
                        None,
                        Some(lang.with("material-due", &[("day", "…")])),
                    ),
                    material(false, false, None, Some(lang.t("material-missing-deferrable"))),
                    material(true, false, Some(held.clone()), None),
                ],
                reasons: ["nothing_missing", "core_missing", "trust_not_open"]
                    .map(|code| (code == "nothing_missing", lang.t(&format!("reason-{code}"))))
                    .into(),
                letter_says: lang.t(letter),
                consent_number: ask_consent.is_none().then_some(7),
                ask_consent,
                faults: vec![FormFault {
                    field: "consent",
                    says: lang.t("consent-both"),
                }],
            })
            .collect()
    }
}
