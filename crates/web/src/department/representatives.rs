//! `/department/representatives`: representatives whom officers of the register named, waiting, confirmed and taken back; and the way to name
//! another.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::{IdentifierKind, OfficerId, SubjectId, SubjectKind};
use serde::Deserialize;
use store::{Naming, NamingState};

use super::{officer, shell};
use crate::error::Fault;
use crate::extract::{Form, Query};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Choice, Filter, Shell, Tone, identifier_fault};
use crate::visit::Visit;

/// Where the list stands.
pub(super) const LIST: &str = "/department/representatives";
/// The papers by which a person is named, the foreign ones first.
const PAPERS: [IdentifierKind; 5] = [
    IdentifierKind::Passport,
    IdentifierKind::ForeignPermanentResident,
    IdentifierKind::HkMacaoPermit,
    IdentifierKind::TaiwanPermit,
    IdentifierKind::ResidentId,
];
const STATES: [NamingState; 3] = [
    NamingState::Proposed,
    NamingState::Confirmed,
    NamingState::TakenBack,
];

#[derive(Template)]
#[template(path = "department/representatives.html")]
pub(crate) struct RepresentativesPage {
    shell: Shell,
    papers: Vec<Choice>,
    find: Find,
    filters: Vec<Filter>,
    /// Whether there is anything beyond what the filter lets through.
    any: bool,
    namings: Vec<NamingRow>,
    faults: Vec<FormFault>,
}

/// One line: nothing in it says whom it is about.
struct NamingRow {
    number: u64,
    when: String,
    by: String,
    state: String,
    tone: Tone,
    /// Whether it waits for the officer who reads.
    waits: bool,
}

#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    state: String,
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    page(&page_of(&visit, &asked, Find::default(), Vec::new()).await?)
}

async fn page_of(
    visit: &Visit,
    asked: &Asked,
    find: Find,
    faults: Vec<FormFault>,
) -> Result<RepresentativesPage, Fault> {
    let (who, source) = officer(visit)?;
    let found = visit.store().namings(source).await.map_err(Fault::internal)?;
    let any = !found.is_empty();
    let wanted = STATES.into_iter().find(|state| state.code() == asked.state);
    let mut namings = Vec::new();
    for naming in found
        .iter()
        .filter(|one| wanted.is_none_or(|state| one.state == state))
    {
        namings.push(row(visit, naming, who).await);
    }
    let chosen = IdentifierKind::from_code(&find.kind).unwrap_or(IdentifierKind::Passport);
    let paper = |kind: IdentifierKind| {
        let says = visit.lang.t(&format!("identifier-{}", kind.code()));
        (kind.code().to_owned(), says, kind == chosen)
    };
    let states = STATES.map(|state| {
        (
            state.code().to_owned(),
            visit.lang.t(&format!("naming-{}", state.code())),
        )
    });
    Ok(RepresentativesPage {
        shell: shell(visit, LIST).await?,
        papers: PAPERS.map(paper).into(),
        find,
        filters: vec![Filter::new(
            "state",
            visit.lang.t("naming-state"),
            visit.lang.t("all"),
            states,
            &asked.state,
        )],
        any,
        namings,
        faults,
    })
}

async fn row(visit: &Visit, naming: &Naming, who: &OfficerId) -> NamingRow {
    NamingRow {
        number: naming.number.0,
        when: visit.moment(naming.at_ms),
        by: visit.app.officer_name(&naming.by).await,
        state: visit.lang.t(&format!("naming-{}", naming.state.code())),
        tone: tone(naming.state),
        waits: naming.waits_for(who),
    }
}

/// How a state is coloured.
pub(super) fn tone(state: NamingState) -> Tone {
    match state {
        NamingState::Proposed => Tone::Late,
        NamingState::Confirmed => Tone::Good,
        NamingState::TakenBack => Tone::Off,
    }
}

/// Of which organisation, and who: what the form brings.
#[derive(Deserialize, Default)]
pub(crate) struct Find {
    #[serde(default)]
    uscc: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    name: String,
}

/// `POST …/find`: numbers and names go in the body and never in an address. It says of nobody more than whether number and name are
/// of one person.
pub(crate) async fn find(visit: Visit, Form(form): Form<Find>) -> Result<Response, Fault> {
    let mut faults = Vec::new();
    let organisation = organisation(&visit, &form, &mut faults).await?;
    let person = person(&visit, &form, &mut faults).await?;
    if let (Some(organisation), Some(person)) = (organisation, person) {
        let session = visit.session()?;
        let pair = (organisation, person);
        let put = visit
            .app
            .pairs
            .put_as(session, visit.now, shelf_name(&visit)?, pair);
        put.then_some(()).ok_or(Fault::TooMany)?;
        return Ok(see("/department/representatives/new"));
    }
    let page = page_of(&visit, &Asked::default(), form, faults).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Under which name the two lie between two requests of one session.
pub(super) fn shelf_name(visit: &Visit) -> Result<String, Fault> {
    Ok(format!("naming {:?}", visit.session()?))
}

async fn organisation(
    visit: &Visit,
    form: &Find,
    faults: &mut Vec<FormFault>,
) -> Result<Option<SubjectId>, Fault> {
    let kind = IdentifierKind::Uscc;
    let says = match record::Identifier::parse(kind, &form.uscc, visit.store().realm()) {
        Err(fault) => identifier_fault(visit.lang, &fault),
        Ok((identifier, _)) => {
            let found = visit.store().find_subject(kind, identifier.value()).await;
            match found.map_err(Fault::internal)? {
                Some(subject) => return Ok(Some(subject)),
                None => visit.lang.t("naming-no-organisation"),
            }
        }
    };
    faults.push(FormFault { field: "uscc", says });
    Ok(None)
}

async fn person(visit: &Visit, form: &Find, faults: &mut Vec<FormFault>) -> Result<Option<SubjectId>, Fault> {
    let kind = IdentifierKind::from_code(&form.kind).filter(|kind| PAPERS.contains(kind));
    let kind = kind.ok_or_else(|| Fault::bad_request("unknown kind"))?;
    let says = match record::Identifier::parse(kind, &form.number, visit.store().realm()) {
        Err(fault) => identifier_fault(visit.lang, &fault),
        Ok((identifier, _)) => {
            let found = visit
                .store()
                .find_person(kind, identifier.value(), &form.name)
                .await;
            match found.map_err(Fault::internal)? {
                Some(person) => return Ok(Some(person)),
                None => visit.lang.t("naming-no-person"),
            }
        }
    };
    faults.push(FormFault {
        field: "number",
        says,
    });
    Ok(None)
}

/// Which of the two a file is, by its kind of subject, in words.
pub(super) fn role_of(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Person => "naming-person",
        SubjectKind::Organisation | SubjectKind::SoleTrader => "naming-organisation",
    }
}

#[cfg(test)]
impl crate::page::Samples for RepresentativesPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = |state: NamingState| NamingRow {
            number: 1204,
            when: "今天 09:41".into(),
            by: "陈科员".into(),
            state: lang.t(&format!("naming-{}", state.code())),
            tone: tone(state),
            waits: state == NamingState::Proposed,
        };
        let page = |any, namings, faults| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            papers: PAPERS
                .map(|kind| {
                    let says = lang.t(&format!("identifier-{}", kind.code()));
                    (kind.code().to_owned(), says, kind == IdentifierKind::Passport)
                })
                .into(),
            find: Find::default(),
            filters: Vec::new(),
            any,
            namings,
            faults,
        };
        let fault = |field, key: &str| FormFault {
            field,
            says: lang.t(key),
        };
        vec![
            page(
                false,
                Vec::new(),
                vec![
                    fault("uscc", "naming-no-organisation"),
                    fault("number", "naming-no-person"),
                ],
            ),
            page(true, Vec::new(), Vec::new()),
            page(true, STATES.map(row).into(), Vec::new()),
        ]
    }
}
