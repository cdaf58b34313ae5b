//! `/department/confirm/{id}`: the second officer opens the evidence, page by page, and confirms.

use std::collections::BTreeSet;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use identity::SessionHash;
use record::{Logged, SubjectId, SubmissionId};
use serde::Deserialize;
use store::{NewLook, Page, Paged, StoreError, SubmissionInfo, SubmissionState};

use super::{file_name, layout_name, layouts, new_look, officer, shell};
use crate::error::Fault;
use crate::extract::{Form, Path, Query};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Pager, RecordContext, RecordView, Shell, act_fault};
use crate::visit::Visit;

const PER_PAGE: u32 = 20;

#[derive(Template)]
#[template(path = "department/confirm.html")]
pub(crate) struct ConfirmPage {
    shell: Shell,
    id: u64,
    file: String,
    layout: String,
    when: String,
    officer: String,
    records: Vec<RecordView>,
    pager: Pager,
    own: bool,
    total: u64,
    pages_left: u64,
    faults: Vec<FormFault>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    page: u32,
}

pub(crate) async fn show(
    visit: Visit,
    Path(id): Path<u64>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let info = waiting(&visit, SubmissionId(id)).await?;
    let Some(info) = info else {
        return Ok(see(&format!("/department/submissions/{id}")));
    };
    page(&page_of(&visit, info, asked.page.max(1), Vec::new()).await?)
}

/// The submission, if it is of this department; `None` if nothing in it waits.
async fn waiting(visit: &Visit, id: SubmissionId) -> Result<Option<SubmissionInfo>, Fault> {
    let (_, source) = officer(visit)?;
    match visit.store().submission(id).await {
        Ok(info) if info.source == *source => {
            Ok(Some(info).filter(|info| info.state == SubmissionState::Waiting))
        }
        Ok(_) | Err(StoreError::NoSubmission(_)) => Err(Fault::NotFound),
        Err(error) => Err(Fault::internal(error)),
    }
}

async fn page_of(
    visit: &Visit,
    info: SubmissionInfo,
    number: u32,
    faults: Vec<FormFault>,
) -> Result<ConfirmPage, Fault> {
    let (officer, _) = officer(visit)?;
    let rows = evidence(visit, &info, number).await?;
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: None,
        lang: visit.lang,
    };
    let opened = mark_opened(visit, info.id, rows.page)?;
    let layouts = layouts(visit)?;
    let href = format!("/department/confirm/{}", info.id);
    Ok(ConfirmPage {
        shell: shell(visit, "/department/confirm").await?,
        id: info.id.0,
        file: file_name(visit, &info),
        layout: layout_name(visit, &layouts, info.layout.as_ref()),
        when: visit.moment(info.received_ms),
        officer: visit.app.officer_name(&info.officer).await,
        records: rows.rows.iter().map(|(logged, _)| context.view(logged)).collect(),
        pager: Pager::new(visit.lang, &href, rows.page, PER_PAGE, rows.total),
        own: info.officer == *officer,
        total: rows.total,
        pages_left: left(rows.pages, &opened),
        faults,
    })
}

/// A page of the evidence. The look at each subject on it is written before any of it is shown.
async fn evidence(
    visit: &Visit,
    info: &SubmissionInfo,
    number: u32,
) -> Result<Paged<(Logged, Option<SubjectId>)>, Fault> {
    let rows = visit
        .store()
        .submission_rows(info.id, Page::new(number, PER_PAGE))
        .await;
    let rows = rows.map_err(Fault::internal)?;
    let subjects: BTreeSet<SubjectId> = rows.rows.iter().filter_map(|(_, subject)| *subject).collect();
    let (case, what) = (format!("#{}", info.id), format!("records {}", info.id));
    let looks = subjects.into_iter();
    let looks: Result<Vec<NewLook>, Fault> = looks
        .map(|subject| new_look(visit, subject, &case, what.clone()))
        .collect();
    visit
        .store()
        .look_at_each(&looks?)
        .await
        .map_err(Fault::internal)?;
    Ok(rows)
}

/// The shelf is one for all sessions, and a name on it is one owner's: so the name holds the session.
fn shelf_name(session: SessionHash, id: SubmissionId) -> String {
    format!("{session:?}-{id}")
}

/// Notes that this officer has had a page open, and says which ones by now.
fn mark_opened(visit: &Visit, id: SubmissionId, page: u32) -> Result<BTreeSet<u32>, Fault> {
    let session = visit.session()?;
    let mut opened = opened(visit, id)?;
    opened.insert(page);
    let name = shelf_name(session, id);
    let kept = visit.app.opened.put_as(session, visit.now, name, opened.clone());
    if kept { Ok(opened) } else { Err(Fault::TooMany) }
}

fn opened(visit: &Visit, id: SubmissionId) -> Result<BTreeSet<u32>, Fault> {
    let session = visit.session()?;
    let held = visit.app.opened.get(session, visit.now, &shelf_name(session, id));
    Ok(held.unwrap_or_default())
}

fn left(pages: u32, opened: &BTreeSet<u32>) -> u64 {
    (1..=pages).filter(|page| !opened.contains(page)).map(|_| 1).sum()
}

#[derive(Deserialize)]
pub(crate) struct Confirmation {
    #[serde(default)]
    read: String,
}

/// `POST /department/confirm/{id}`
pub(crate) async fn confirm(
    visit: Visit,
    Path(id): Path<u64>,
    Form(form): Form<Confirmation>,
) -> Result<Response, Fault> {
    let id = SubmissionId(id);
    let Some(info) = waiting(&visit, id).await? else {
        return Ok(see(&format!("/department/submissions/{id}")));
    };
    let (officer, source) = officer(&visit)?;
    let rows = visit.store().submission_rows(id, Page::new(1, PER_PAGE)).await;
    let pages = rows.map_err(Fault::internal)?.pages;
    let refused = if form.read != "yes" || left(pages, &opened(&visit, id)?) > 0 {
        visit.lang.t("confirm-read-first")
    } else {
        match visit.store().confirm(id, officer, Some(source)).await {
            Ok(_) => return Ok(see(&format!("/department/submissions/{id}?done=confirm&n={id}"))),
            Err(StoreError::Act(fault)) => {
                let why = act_fault(visit.lang, &fault);
                visit.lang.with("confirm-refused", &[("why", &why)])
            }
            Err(error) => return Err(Fault::internal(error)),
        }
    };
    let fault = FormFault {
        field: "read",
        says: refused,
    };
    let page = page_of(&visit, info, 1, vec![fault]).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

#[cfg(test)]
impl crate::page::Samples for ConfirmPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let fault = || FormFault {
            field: "read",
            says: lang.t("confirm-read-first"),
        };
        [(true, 0), (false, 3), (false, 0)]
            .map(|(own, pages_left)| Self {
                shell: Shell::sample(lang, crate::view::Desk::Department),
                id: 12,
                file: "a.csv".into(),
                layout: "行政处罚".into(),
                when: "今天".into(),
                officer: "陈科员".into(),
                records: vec![RecordView::sample()],
                pager: Pager::new(lang, "/department/confirm/12", 1, 1, 4),
                own,
                total: 4,
                pages_left,
                faults: if own { Vec::new() } else { vec![fault()] },
            })
            .into()
    }
}
