//! `/department/confirm/{id}`: the second officer opens the evidence, page by page, and confirms.

use std::collections::BTreeSet;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use identity::SessionHash;
use record::{Logged, RecordNumber, SubjectId, SubmissionId};
use serde::Deserialize;
use store::{NewLook, Page, Paged, StoreError, SubmissionInfo, SubmissionState};

use super::whole::{self, Reveal};
use super::{file_name, layout_name, layouts, new_look, officer, shell};
use crate::error::Fault;
use crate::extract::{Form, Path, Query};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Choice, Masked, Pager, RecordContext, RecordView, Shell, act_fault};
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
    records: Vec<EvidenceView>,
    purposes: Vec<Choice>,
    pager: Pager,
    own: bool,
    total: u64,
    pages_left: u64,
    faults: Vec<FormFault>,
}

/// One record of the evidence.
struct EvidenceView {
    record: RecordView,
    /// The identifier of a natural person whose file it is in.
    masked: Option<Masked>,
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
    page(&page_of(&visit, info, asked.page.max(1), None, Vec::new()).await?)
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
    whole: Option<RecordNumber>,
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
        records: rows
            .rows
            .iter()
            .map(|(logged, subject)| EvidenceView {
                record: context.view(logged),
                masked: subject.and_then(|_| identifier(visit, info.id, rows.page, logged, whole)),
            })
            .collect(),
        purposes: whole::purposes(visit.lang),
        pager: Pager::new(visit.lang, &href, rows.page, PER_PAGE, rows.total),
        own: info.officer == *officer,
        total: rows.total,
        pages_left: left(rows.pages, &opened),
        faults,
    })
}

/// The identifier that a record states of a natural person, whole if it is the one that was asked for.
fn identifier(
    visit: &Visit,
    id: SubmissionId,
    page: u32,
    logged: &Logged,
    shown: Option<RecordNumber>,
) -> Option<Masked> {
    let number = logged.number();
    let action = format!("/department/confirm/{id}/reveal/{number}?page={page}");
    let masked = whole::masked(visit.lang, logged, shown == Some(number), action)?;
    Some(Masked {
        id: format!("-{number}"),
        ..masked
    })
}

/// `POST /department/confirm/{id}/reveal/{number}`: the whole identifier on one record of the page, to compare it with its document.
pub(crate) async fn reveal(
    visit: Visit,
    Path((id, number)): Path<(u64, u64)>,
    Query(asked): Query<Asked>,
    Form(form): Form<Reveal>,
) -> Result<Response, Fault> {
    let info = waiting(&visit, SubmissionId(id)).await?;
    let Some(info) = info else {
        return Ok(see(&format!("/department/submissions/{id}")));
    };
    let (number, asked) = (RecordNumber(number), asked.page.max(1));
    let rows = visit
        .store()
        .submission_rows(info.id, Page::new(asked, PER_PAGE))
        .await;
    let rows = rows.map_err(Fault::internal)?.rows;
    let mut rows = rows.iter().filter(|(logged, _)| logged.number() == number);
    let subject = rows
        .next()
        .and_then(|(_, subject)| *subject)
        .ok_or(Fault::NotFound)?;
    let Some(occasion) = form.occasion() else {
        let fault = FormFault {
            field: "evidence",
            says: visit.lang.t("mask-no-purpose"),
        };
        let page = page_of(&visit, info, asked, None, vec![fault]).await?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    whole::look(&visit, subject, occasion, number).await?;
    page(&page_of(&visit, info, asked, Some(number), Vec::new()).await?)
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
    let page = page_of(&visit, info, 1, None, vec![fault]).await?;
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
                records: [7, 8]
                    .map(|number| EvidenceView {
                        record: RecordView::sample(),
                        masked: Some(Masked {
                            id: format!("-{number}"),
                            label: lang.t("identifier-resident_id"),
                            value: "440604********1214".into(),
                            whole: number == 8,
                            action: format!("/department/confirm/12/reveal/{number}?page=1"),
                        }),
                    })
                    .into(),
                purposes: whole::purposes(lang),
                pager: Pager::new(lang, "/department/confirm/12", 1, 1, 4),
                own,
                total: 4,
                pages_left,
                faults: if own { Vec::new() } else { vec![fault()] },
            })
            .into()
    }
}
