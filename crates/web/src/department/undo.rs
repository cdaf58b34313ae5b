//! `/department/submissions/{id}/undo`: a whole hand-in is taken back, by two officers.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::{RecordNumber, SubmissionId};
use serde::Deserialize;
use store::{StoreError, SubmissionInfo, SubmissionState};

use super::submission::of_own_source;
use super::{Counts, file_name, layout_name, layouts, officer, shell};
use crate::error::Fault;
use crate::extract::{Form, Path};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Shell, act_fault};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "department/undo.html")]
pub(crate) struct UndoPage {
    shell: Shell,
    id: u64,
    file: String,
    layout: String,
    when: String,
    counts: Counts,
    step: Step,
    why: String,
    faults: Vec<FormFault>,
}

/// What can be done on the page.
enum Step {
    /// Nothing is proposed yet.
    Propose,
    /// Somebody proposed it, for this reason.
    Decide {
        by: String,
        ground: String,
        /// It was oneself.
        own: bool,
    },
    /// It is taken back.
    Done { by: String, ground: String },
}

#[derive(Deserialize, Default)]
pub(crate) struct Why {
    #[serde(default)]
    why: String,
}

/// `GET`.
pub(crate) async fn show(visit: Visit, Path(id): Path<u64>) -> Result<Response, Fault> {
    let info = undoable(&visit, id).await?;
    page(&page_of(&visit, info, String::new(), Vec::new()).await?)
}

/// A finished hand-in of a file of this department.
async fn undoable(visit: &Visit, id: u64) -> Result<SubmissionInfo, Fault> {
    let info = of_own_source(visit, SubmissionId(id)).await?;
    if info.layout.is_none() || info.state == SubmissionState::Open {
        return Err(Fault::NotFound);
    }
    Ok(info)
}

async fn page_of(
    visit: &Visit,
    info: SubmissionInfo,
    why: String,
    faults: Vec<FormFault>,
) -> Result<UndoPage, Fault> {
    let (officer, _) = officer(visit)?;
    let step = match &info.state {
        SubmissionState::Undoing { by, .. } => Step::Decide {
            by: visit.app.officer_name(by).await,
            ground: ground(visit, &info).await?,
            own: by == officer,
        },
        SubmissionState::Undone { by, .. } => Step::Done {
            by: visit.app.officer_name(by).await,
            ground: ground(visit, &info).await?,
        },
        _ => Step::Propose,
    };
    let layouts = layouts(visit)?;
    Ok(UndoPage {
        shell: shell(visit, "/department/submissions").await?,
        id: info.id.0,
        file: file_name(visit, &info),
        layout: layout_name(visit, &layouts, info.layout.as_ref()),
        when: visit.moment(info.received_ms),
        counts: info.totals.into(),
        step,
        why,
        faults,
    })
}

async fn ground(visit: &Visit, info: &SubmissionInfo) -> Result<String, Fault> {
    visit.store().undo_ground(info.id).await.map_err(Fault::internal)
}

/// `POST`: proposes it.
pub(crate) async fn propose(
    visit: Visit,
    Path(id): Path<u64>,
    Form(form): Form<Why>,
) -> Result<Response, Fault> {
    let info = undoable(&visit, id).await?;
    let (officer, source) = officer(&visit)?;
    let done = visit
        .store()
        .propose_undo(info.id, officer, source, &form.why)
        .await;
    answer(&visit, info, form, done).await
}

/// `POST …/confirm`: by a second officer.
pub(crate) async fn confirm(visit: Visit, Path(id): Path<u64>) -> Result<Response, Fault> {
    let info = undoable(&visit, id).await?;
    let (officer, source) = officer(&visit)?;
    let done = visit.store().confirm_undo(info.id, officer, source).await;
    answer(&visit, info, Why::default(), done).await
}

/// `POST …/drop`: the hand-in stays.
pub(crate) async fn drop(
    visit: Visit,
    Path(id): Path<u64>,
    Form(form): Form<Why>,
) -> Result<Response, Fault> {
    let info = undoable(&visit, id).await?;
    let (officer, source) = officer(&visit)?;
    let done = visit.store().drop_undo(info.id, officer, source, &form.why).await;
    answer(&visit, info, form, done).await
}

async fn answer(
    visit: &Visit,
    info: SubmissionInfo,
    form: Why,
    done: Result<RecordNumber, StoreError>,
) -> Result<Response, Fault> {
    let says = match done {
        Ok(_) => return Ok(see(&format!("/department/submissions/{}", info.id))),
        Err(StoreError::Act(store::ActFault::NoReason)) => visit.lang.t("undo-why-missing"),
        Err(StoreError::Act(fault)) => {
            return Err(Fault::Conflict(act_fault(visit.lang, &fault)));
        }
        Err(error) => return Err(Fault::internal(error)),
    };
    let fault = FormFault { field: "why", says };
    let page = page_of(visit, info, form.why, vec![fault]).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

#[cfg(test)]
impl crate::page::Samples for UndoPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let page = |step, faults| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            id: 12,
            file: "2026年11月处罚.csv".into(),
            layout: "行政处罚".into(),
            when: "今天 09:41".into(),
            counts: Counts::sample(),
            step,
            why: String::new(),
            faults,
        };
        let decide = |own| Step::Decide {
            by: "陈科员".into(),
            ground: "整批报错了月份".into(),
            own,
        };
        let fault = FormFault {
            field: "why",
            says: lang.t("undo-why-missing"),
        };
        vec![
            page(Step::Propose, vec![fault]),
            page(decide(true), Vec::new()),
            page(decide(false), Vec::new()),
            page(
                Step::Done {
                    by: "林科员".into(),
                    ground: "整批报错了月份".into(),
                },
                Vec::new(),
            ),
        ]
    }
}
