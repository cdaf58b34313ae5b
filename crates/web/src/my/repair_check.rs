//! `/my/records/{number}/repair/check`: what the application says, to be checked before it is sent, with the way back to each answer.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::{Date, RecordNumber};
use serde::Deserialize;
use store::{ActFault, Attachments, RepairApplication, StoreError};
use tokio::sync::OwnedSemaphorePermit;

use super::{Opened, open, shell};
use crate::attached;
use crate::error::Fault;
use crate::extract::{Form, Last, Query};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Given, RecordContext, RecordView, Shell, act_fault, day};
use crate::visit::Visit;

/// An application between the form and the sending of it. In memory: what is not sent touches no disk.
#[derive(Debug)]
pub(crate) struct Draft {
    /// For which record.
    pub(super) record: RecordNumber,
    /// When the document was performed, if that was asked.
    pub(super) performed: Option<Date>,
    /// What shows it.
    pub(super) files: Attachments,
    /// What it takes of the memory for files.
    pub(super) _room: Option<OwnedSemaphorePermit>,
}

#[derive(Template)]
#[template(path = "my/repair_check.html")]
pub(crate) struct CheckPage {
    shell: Shell,
    record: RecordView,
    given: Vec<Given>,
    draft: String,
    faults: Vec<FormFault>,
}

/// Which draft.
#[derive(Deserialize, Default)]
pub(crate) struct Which {
    #[serde(default)]
    pub(super) draft: String,
}

/// The draft of this record, if it is still there and this session's.
pub(super) fn draft(visit: &Visit, number: RecordNumber, name: &str) -> Result<Option<Arc<Draft>>, Fault> {
    let found = visit.app.repairs.get(visit.session()?, visit.now, name);
    Ok(found.filter(|draft| draft.record == number))
}

pub(crate) async fn show(
    visit: Visit,
    Last(number): Last<u64>,
    Query(which): Query<Which>,
) -> Result<Response, Fault> {
    let number = RecordNumber(number);
    let Some(draft) = draft(&visit, number, &which.draft)? else {
        return Ok(expired(&visit));
    };
    let opened = open(&visit, &format!("repair {number}")).await?;
    page(&page_of(&visit, &opened, &draft, which.draft, Vec::new())?)
}

fn page_of(
    visit: &Visit,
    opened: &Opened,
    draft: &Draft,
    name: String,
    faults: Vec<FormFault>,
) -> Result<CheckPage, Fault> {
    let lang = visit.lang;
    let number = draft.record;
    let mut records = opened.file.records.iter();
    let logged = records.find(|logged| logged.number() == number);
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: Some(&opened.assessment),
        lang,
    };
    let record = context.view(logged.ok_or(Fault::NotFound)?);
    let given = |label: &str, value: String, field: &str| Given {
        label: lang.t(label),
        value,
        change: (!field.is_empty())
            .then(|| visit.own(&format!("/records/{number}/repair?draft={name}#{field}"))),
    };
    let about = match &record.document {
        Some(document) => format!("{} {document}", record.item),
        None => record.item.clone(),
    };
    let performed = draft.performed.map(|on| day(lang, on));
    let answers = [
        Some(given("repair-of", about, "")),
        performed.map(|on| given("repair-performed", on, "performed")),
        Some(given("files-label", attached::names(lang, &draft.files), "files")),
        Some(given(
            "plea-commitment",
            lang.t("repair-commitment"),
            "commitment",
        )),
    ];
    Ok(CheckPage {
        shell: shell(visit, opened, ""),
        given: answers.into_iter().flatten().collect(),
        record,
        draft: name,
        faults,
    })
}

/// `POST /my/records/{number}/repair/send`
pub(crate) async fn send(
    visit: Visit,
    Last(number): Last<u64>,
    Form(which): Form<Which>,
) -> Result<Response, Fault> {
    let number = RecordNumber(number);
    let Some(draft) = draft(&visit, number, &which.draft)? else {
        return Ok(expired(&visit));
    };
    let opened = open(&visit, &format!("repair {number}")).await?;
    let application = said(&visit, &draft).map_err(Fault::internal)?;
    let store = visit.store();
    match store.apply_repair(&opened.permit, number, &application).await {
        Ok(act) => {
            visit.app.repairs.take(visit.session()?, visit.now, &which.draft);
            let done = format!("/records/{number}/repair?done=repair-asked&n={act}");
            Ok(see(&visit.own(&done)))
        }
        Err(StoreError::Act(ActFault::NotOfSubject)) => Err(Fault::NotFound),
        Err(StoreError::Act(fault)) => {
            let says = act_fault(visit.lang, &fault);
            let faults = vec![FormFault { field: "send", says }];
            let page = page_of(&visit, &opened, &draft, which.draft, faults)?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(Fault::internal(error)),
    }
}

/// The way back from a draft that is there no longer: one begins anew, beside the record.
fn expired(visit: &Visit) -> Response {
    see(&visit.own("?done=repair-expired"))
}

/// The application as it was drafted: the commitment is the text that was ticked.
pub(super) fn said(visit: &Visit, draft: &Draft) -> Result<RepairApplication, StoreError> {
    let application = RepairApplication::new(&visit.lang.t("repair-commitment"), draft.performed)?;
    Ok(application.with_files(draft.files.clone()))
}

#[cfg(test)]
impl crate::page::Samples for CheckPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let given = |key: &str, change: Option<String>| Given {
            label: lang.t(key),
            value: "…".into(),
            change,
        };
        let fault = FormFault {
            field: "send",
            says: lang.t("fault-ALREADY-APPLIED"),
        };
        [Vec::new(), vec![fault]]
            .map(|faults| Self {
                shell: Shell::sample(lang, crate::view::Desk::My),
                record: RecordView::sample(),
                given: vec![
                    given("repair-of", None),
                    given("repair-performed", Some("/my/records/7/repair#performed".into())),
                ],
                draft: "t".into(),
                faults,
            })
            .into()
    }
}
