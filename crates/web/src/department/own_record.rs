//! `/department/records`: a department's own records, one at a time. What a person linked can be undone, and what
//! was wrong taken back.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::{Logged, RecordNumber};
use serde::Deserialize;
use store::{ActFault, Link, OwnRecord, Page, StoreError};

use super::whole::{self, Reveal};
use super::{new_look, officer, shell};
use crate::error::Fault;
use crate::extract::{Form, Path, Query};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Choice, Masked, Pager, RecordContext, RecordView, Shell, act_fault};
use crate::visit::Visit;

const LIST: &str = "/department/records";
const PER_PAGE: u32 = 25;

#[derive(Template)]
#[template(path = "department/records.html")]
pub(crate) struct RecordsPage {
    shell: Shell,
    asked: String,
    links: Vec<LinkRow>,
    pager: Pager,
    faults: Vec<FormFault>,
}

/// A link in the list: nothing in it says whom it is about.
struct LinkRow {
    record: u64,
    when: String,
    by: String,
    evidence: String,
    stands: bool,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    number: String,
    #[serde(default)]
    page: u32,
}

/// `GET`: by number, or what was linked lately.
pub(crate) async fn list(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let mut faults = Vec::new();
    let text = record::tidy_text(&asked.number);
    let number: String = text.chars().filter(char::is_ascii_digit).collect();
    if !text.is_empty() {
        let found = match number.parse().map(RecordNumber) {
            Ok(number) => visit.store().subject_of(source, number).await,
            Err(_) => Err(StoreError::NotFound),
        };
        match found {
            Ok(_) => return Ok(see(&format!("{LIST}/{number}"))),
            Err(StoreError::NotFound) => faults.push(FormFault {
                field: "number",
                says: visit.lang.t("records-not-found"),
            }),
            Err(error) => return Err(Fault::internal(error)),
        }
    }
    let found = visit
        .store()
        .links_of(source, Page::new(asked.page, PER_PAGE))
        .await;
    let found = found.map_err(Fault::internal)?;
    let mut links = Vec::with_capacity(found.rows.len());
    for link in found.rows {
        links.push(link_row(&visit, link).await);
    }
    let page = RecordsPage {
        shell: shell(&visit, LIST).await?,
        asked: text,
        links,
        pager: Pager::new(visit.lang, LIST, found.page, PER_PAGE, found.total),
        faults,
    };
    let missed = !page.faults.is_empty();
    page_with(
        if missed {
            StatusCode::NOT_FOUND
        } else {
            StatusCode::OK
        },
        &page,
    )
}

#[derive(Template)]
#[template(path = "department/record.html")]
pub(crate) struct RecordPage {
    shell: Shell,
    record: RecordView,
    /// The identifier of a natural person whose file it is in.
    masked: Option<Masked>,
    purposes: Vec<Choice>,
    submission: u64,
    link: Option<LinkRow>,
    /// Why it was taken back, if it was.
    withdrawn: Option<String>,
    founds: bool,
    unlinked: bool,
    why: String,
    faults: Vec<FormFault>,
}

/// `POST …/{number}/reveal`: the whole identifier, once it was said what for and that is written.
pub(crate) async fn reveal(
    visit: Visit,
    Path(number): Path<u64>,
    Form(form): Form<Reveal>,
) -> Result<Response, Fault> {
    let number = RecordNumber(number);
    let Some(occasion) = form.occasion() else {
        let fault = FormFault {
            field: "purpose",
            says: visit.lang.t("mask-no-purpose"),
        };
        let page = page_of(&visit, number, String::new(), vec![fault]).await?;
        if page.masked.is_none() {
            return Err(Fault::NotFound);
        }
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let (own, unlinked) = own(&visit, number, whole::what(occasion, number)).await?;
    let shown = identifier(&visit, &own.logged, true).filter(|_| !unlinked);
    let masked = Some(shown.ok_or(Fault::NotFound)?);
    let view = RecordPage {
        masked,
        ..view(&visit, own, unlinked, String::new(), Vec::new()).await?
    };
    page(&view)
}

/// `GET …/{number}`.
pub(crate) async fn show(visit: Visit, Path(number): Path<u64>) -> Result<Response, Fault> {
    page(&page_of(&visit, RecordNumber(number), String::new(), Vec::new()).await?)
}

/// Guard 9: of a record that is in a file, the look is written before anything of it is shown.
async fn own(visit: &Visit, number: RecordNumber, what: String) -> Result<(OwnRecord, bool), Fault> {
    let (_, source) = officer(visit)?;
    let absent = |error| match error {
        StoreError::NotFound => Fault::NotFound,
        other => Fault::internal(other),
    };
    let subject = visit.store().subject_of(source, number).await.map_err(absent)?;
    let permit = match subject {
        Some(subject) => {
            let look = new_look(visit, subject, &format!("/{number}"), what)?;
            Some(visit.store().look(&look).await.map_err(Fault::internal)?)
        }
        None => None,
    };
    let own = visit.store().own_record(source, number, permit.as_ref()).await;
    Ok((own.map_err(absent)?, subject.is_none()))
}

async fn page_of(
    visit: &Visit,
    number: RecordNumber,
    why: String,
    faults: Vec<FormFault>,
) -> Result<RecordPage, Fault> {
    let (own, unlinked) = own(visit, number, format!("record {number}")).await?;
    view(visit, own, unlinked, why, faults).await
}

fn identifier(visit: &Visit, logged: &Logged, whole: bool) -> Option<Masked> {
    let action = format!("{LIST}/{}/reveal", logged.number());
    whole::masked(visit.lang, logged, whole, action)
}

async fn view(
    visit: &Visit,
    own: OwnRecord,
    unlinked: bool,
    why: String,
    faults: Vec<FormFault>,
) -> Result<RecordPage, Fault> {
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: None,
        lang: visit.lang,
    };
    let link = match own.link {
        Some(link) => Some(link_row(visit, link).await),
        None => None,
    };
    Ok(RecordPage {
        shell: shell(visit, LIST).await?,
        record: context.view(&own.logged),
        masked: identifier(visit, &own.logged, false).filter(|_| !unlinked),
        purposes: whole::purposes(visit.lang),
        submission: own.logged.submission().0,
        link,
        withdrawn: own.withdrawn.map(|act| match act.record().field("ground") {
            Some(record::Value::Text(ground)) => ground.clone(),
            _ => String::new(),
        }),
        founds: own.founds,
        unlinked,
        why,
        faults,
    })
}

async fn link_row(visit: &Visit, link: Link) -> LinkRow {
    LinkRow {
        record: link.record.0,
        when: visit.moment(link.at_ms),
        by: visit.app.officer_name(&link.officer).await,
        evidence: link.evidence,
        stands: link.stands,
    }
}

#[derive(Deserialize)]
pub(crate) struct Why {
    #[serde(default)]
    why: String,
}

/// `POST …/{number}/unlink`: everything derived from it follows.
pub(crate) async fn unlink(
    visit: Visit,
    Path(number): Path<u64>,
    Form(form): Form<Why>,
) -> Result<Response, Fault> {
    let number = RecordNumber(number);
    let (officer, source) = officer(&visit)?;
    let done = visit.store().unlink(number, officer, source, &form.why).await;
    answer(&visit, number, "unlink", form, done).await
}

/// `POST …/{number}/withdraw`: it lives no longer.
pub(crate) async fn withdraw(
    visit: Visit,
    Path(number): Path<u64>,
    Form(form): Form<Why>,
) -> Result<Response, Fault> {
    let number = RecordNumber(number);
    let (officer, source) = officer(&visit)?;
    let done = visit.store().withdraw(number, officer, source, &form.why).await;
    answer(&visit, number, "withdraw", form, done).await
}

async fn answer(
    visit: &Visit,
    number: RecordNumber,
    what: &str,
    form: Why,
    done: Result<RecordNumber, StoreError>,
) -> Result<Response, Fault> {
    match done {
        Ok(_) => Ok(see(&format!("{LIST}?done={what}&n={number}"))),
        Err(StoreError::Act(ActFault::NoReason)) => {
            let fault = FormFault {
                field: "why",
                says: visit.lang.t("undo-why-missing"),
            };
            let page = page_of(visit, number, form.why, vec![fault]).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(StoreError::NotFound | StoreError::Act(ActFault::OtherSource)) => Err(Fault::NotFound),
        Err(StoreError::Act(fault)) => Err(Fault::Conflict(act_fault(visit.lang, &fault))),
        Err(error) => Err(Fault::internal(error)),
    }
}

#[cfg(test)]
fn sample_link(stands: bool) -> LinkRow {
    LinkRow {
        record: 1_204,
        when: "2026-11-23 09:41".into(),
        by: "陈晓".into(),
        evidence: "户口本原件相符，已当面核对".into(),
        stands,
    }
}

#[cfg(test)]
impl crate::page::Samples for RecordsPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let missed = FormFault {
            field: "number",
            says: lang.t("records-not-found"),
        };
        let full = [true, false].map(sample_link).into();
        [(Vec::new(), vec![missed]), (full, Vec::new())]
            .map(|(links, faults)| Self {
                shell: Shell::sample(lang, crate::view::Desk::Department),
                asked: "17".into(),
                links,
                pager: Pager::new(lang, LIST, 1, 25, 60),
                faults,
            })
            .into()
    }
}

#[cfg(test)]
impl crate::page::Samples for RecordPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let fault = || FormFault {
            field: "why",
            says: lang.t("undo-why-missing"),
        };
        [
            (Some(sample_link(true)), None, vec![fault()]),
            (None, Some("重复报送".to_owned()), Vec::new()),
            (None, None, Vec::new()),
        ]
        .map(|(link, withdrawn, faults)| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            record: RecordView::sample(),
            masked: link.as_ref().map(|_| Masked {
                id: String::new(),
                label: lang.t("identifier-resident_id"),
                value: "440604********1214".into(),
                whole: false,
                action: "/department/records/7/reveal".into(),
            }),
            purposes: whole::purposes(lang),
            submission: 7,
            unlinked: link.is_none(),
            founds: withdrawn.is_none(),
            link,
            withdrawn,
            why: String::new(),
            faults,
        })
        .into()
    }
}
