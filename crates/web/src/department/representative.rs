//! `/department/representatives/new` and `/department/representatives/{number}`: an organisation and who is named as its representative, side by
//! side, and what becomes of it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::{RecordNumber, SubjectId};
use store::{ActFault, LookPermit, Naming, NamingState, StoreError, SubjectFile};

use super::merge::{FileView, Why, file_view, look_beside, opened};
use super::representatives::{LIST, role_of, shelf_name, tone};
use super::{officer, shell};
use crate::error::Fault;
use crate::extract::{Form, Path};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Shell, Tone, act_fault, day};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "department/representative.html")]
pub(crate) struct RepresentativePage {
    shell: Shell,
    /// Empty for one that is not named yet.
    number: String,
    state: Option<(String, Tone)>,
    /// The organisation and the person.
    files: Vec<FileView>,
    /// Whom the organisation's records name today, masked.
    today: Option<String>,
    /// Why, as the first officer wrote it.
    evidence: String,
    /// Whether it waits for a colleague of whoever reads.
    own: bool,
    can_confirm: bool,
    can_take_back: bool,
    why: String,
    faults: Vec<FormFault>,
}

/// Two looks, one for each file. Guard 9: they are written before anything is shown or done.
struct Both {
    organisation: LookPermit,
    person: LookPermit,
}

/// Who is named, or to be: an act's, or what was found in this session.
enum Asked {
    New((SubjectId, SubjectId)),
    Old(Naming),
}

impl Asked {
    fn pair(&self) -> (SubjectId, SubjectId) {
        match self {
            Self::New(pair) => *pair,
            Self::Old(naming) => (naming.organisation, naming.person),
        }
    }
}

async fn look_at_both(visit: &Visit, asked: &Asked) -> Result<Both, Fault> {
    let (organisation, person) = asked.pair();
    Ok(Both {
        organisation: look_beside(visit, (organisation, person), "naming").await?,
        person: look_beside(visit, (person, organisation), "naming").await?,
    })
}

async fn page_of(
    visit: &Visit,
    asked: &Asked,
    both: &Both,
    why: String,
    faults: Vec<FormFault>,
) -> Result<RepresentativePage, Fault> {
    let (who, _) = officer(visit)?;
    let naming = match asked {
        Asked::New(_) => None,
        Asked::Old(naming) => Some(naming),
    };
    let state = naming.map(|naming| naming.state);
    let organisation = opened(visit, &both.organisation).await?;
    let person = opened(visit, &both.person).await?;
    let files = [&organisation, &person].map(|file| file_view(visit, file, role_of(file.kind)));
    let mandated = visit
        .store()
        .mandated_in(&both.organisation)
        .await
        .map_err(Fault::internal)?;
    let own = naming.is_some_and(|naming| naming.by == *who) && state == Some(NamingState::Proposed);
    Ok(RepresentativePage {
        shell: shell(visit, LIST).await?,
        number: naming.map_or_else(String::new, |naming| naming.number.to_string()),
        state: state.map(|state| (visit.lang.t(&format!("naming-{}", state.code())), tone(state))),
        files: files.into(),
        today: mandated.representative.map(|one| {
            let since = day(visit.lang, one.since);
            visit
                .lang
                .with("naming-today", &[("name", &one.masked_name), ("day", &since)])
        }),
        evidence: naming.map_or_else(String::new, |naming| evidence(&organisation, naming.number)),
        own,
        can_confirm: naming.is_some_and(|naming| naming.waits_for(who)),
        can_take_back: matches!(state, Some(NamingState::Proposed | NamingState::Confirmed)),
        why,
        faults,
    })
}

/// What the first officer wrote, from the organisation's file.
fn evidence(organisation: &SubjectFile, number: RecordNumber) -> String {
    let act = organisation
        .records
        .iter()
        .find(|logged| logged.number() == number);
    match act.and_then(|act| act.record().field("evidence")) {
        Some(record::Value::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

async fn shown(visit: &Visit, asked: Asked) -> Result<Response, Fault> {
    let both = look_at_both(visit, &asked).await?;
    page(&page_of(visit, &asked, &both, String::new(), Vec::new()).await?)
}

fn pair(visit: &Visit) -> Result<Option<(SubjectId, SubjectId)>, Fault> {
    Ok(visit
        .app
        .pairs
        .get(visit.session()?, visit.now, &shelf_name(visit)?))
}

/// `GET …/new`: the two that were found, side by side.
pub(crate) async fn compare(visit: Visit) -> Result<Response, Fault> {
    match pair(&visit)? {
        Some(pair) => shown(&visit, Asked::New(pair)).await,
        None => Ok(see(LIST)),
    }
}

/// `POST …/new`: the officer names the person; without effect before a second one confirms it.
pub(crate) async fn name(visit: Visit, Form(form): Form<Why>) -> Result<Response, Fault> {
    let Some(pair) = pair(&visit)? else {
        return Ok(see(LIST));
    };
    let (officer, source) = officer(&visit)?;
    let asked = Asked::New(pair);
    let both = look_at_both(&visit, &asked).await?;
    let done = visit
        .store()
        .name_representative(&both.organisation, &both.person, officer, source, &form.why)
        .await;
    answer(&visit, &asked, &both, form, done, "naming-propose").await
}

async fn naming(visit: &Visit, number: u64) -> Result<Asked, Fault> {
    let (_, source) = officer(visit)?;
    let found = visit.store().naming(source, RecordNumber(number)).await;
    Ok(Asked::Old(found.map_err(Fault::of_store)?))
}

/// `GET …/{number}`.
pub(crate) async fn show(visit: Visit, Path(number): Path<u64>) -> Result<Response, Fault> {
    let asked = naming(&visit, number).await?;
    shown(&visit, asked).await
}

/// `POST …/{number}/confirm`: by a second officer.
pub(crate) async fn confirm(visit: Visit, Path(number): Path<u64>) -> Result<Response, Fault> {
    let asked = naming(&visit, number).await?;
    let (officer, source) = officer(&visit)?;
    let both = look_at_both(&visit, &asked).await?;
    let done = visit
        .store()
        .confirm_naming(
            RecordNumber(number),
            &both.organisation,
            &both.person,
            officer,
            source,
        )
        .await;
    answer(&visit, &asked, &both, Why::default(), done, "naming-confirm").await
}

/// `POST …/{number}/take-back`: it says nothing any more, at once.
pub(crate) async fn take_back(
    visit: Visit,
    Path(number): Path<u64>,
    Form(form): Form<Why>,
) -> Result<Response, Fault> {
    let asked = naming(&visit, number).await?;
    let (officer, source) = officer(&visit)?;
    let both = look_at_both(&visit, &asked).await?;
    let done = visit
        .store()
        .take_back_naming(
            RecordNumber(number),
            &both.organisation,
            officer,
            source,
            &form.why,
        )
        .await;
    answer(&visit, &asked, &both, form, done, "naming-take-back").await
}

async fn answer(
    visit: &Visit,
    asked: &Asked,
    both: &Both,
    form: Why,
    done: Result<RecordNumber, StoreError>,
    what: &str,
) -> Result<Response, Fault> {
    let says = match done {
        Ok(_) => return Ok(see(&format!("{LIST}?done={what}"))),
        Err(StoreError::Act(ActFault::NoReason)) => visit.lang.t("link-evidence-missing"),
        Err(StoreError::Act(ActFault::OtherSource)) => visit.lang.t("naming-other-source"),
        Err(StoreError::Act(ActFault::SameOfficer)) => {
            return Err(Fault::Conflict(visit.lang.t("naming-own")));
        }
        Err(StoreError::Act(fault)) => return Err(Fault::Conflict(act_fault(visit.lang, &fault))),
        Err(error) => return Err(Fault::of_store(error)),
    };
    let fault = FormFault { field: "why", says };
    let page = page_of(visit, asked, both, form.why, vec![fault]).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

#[cfg(test)]
impl crate::page::Samples for RepresentativePage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let page = |number: &str, state: Option<NamingState>, own: bool, faults| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            number: number.into(),
            state: state.map(|state| (lang.t(&format!("naming-{}", state.code())), tone(state))),
            files: FileView::samples(lang, ["naming-organisation", "naming-person"]),
            today: own.then(|| lang.with("naming-today", &[("name", "陈*"), ("day", "2016年5月18日")])),
            evidence: if number.is_empty() {
                String::new()
            } else {
                "…".into()
            },
            own,
            can_confirm: state == Some(NamingState::Proposed) && !own,
            can_take_back: matches!(state, Some(NamingState::Proposed | NamingState::Confirmed)),
            why: String::new(),
            faults,
        };
        let fault = FormFault {
            field: "why",
            says: lang.t("naming-other-source"),
        };
        vec![
            page("", None, false, vec![fault]),
            page("7", Some(NamingState::Proposed), false, Vec::new()),
            page("7", Some(NamingState::Proposed), true, Vec::new()),
            page("7", Some(NamingState::Confirmed), false, Vec::new()),
            page("7", Some(NamingState::TakenBack), false, Vec::new()),
        ]
    }
}
