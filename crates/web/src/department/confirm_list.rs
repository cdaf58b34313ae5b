//! `GET /department/confirm`: what waits for a second officer.

use askama::Template;
use axum::response::Response;

use store::SubmissionState;

use super::{file_name, is_own, layout_name, layouts, officer, shell};
use crate::error::Fault;
use crate::page::page;
use crate::view::{Shell, grouped};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "department/confirm_list.html")]
pub(crate) struct ConfirmListPage {
    shell: Shell,
    submissions: Vec<PendingRow>,
}

struct PendingRow {
    file: String,
    layout: String,
    when: String,
    officer: String,
    pending: String,
    own: bool,
    /// Where one acts on it.
    href: String,
    /// It is to be taken back.
    undoing: bool,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let (officer, source) = officer(&visit)?;
    let pending = visit
        .store()
        .pending_submissions(source)
        .await
        .map_err(Fault::internal)?;
    let layouts = layouts(&visit)?;
    let mut submissions = Vec::with_capacity(pending.len());
    for info in pending {
        let undoing = matches!(info.state, SubmissionState::Undoing { .. });
        submissions.push(PendingRow {
            file: file_name(&visit, &info),
            layout: layout_name(&visit, &layouts, info.layout.as_ref()),
            when: visit.moment(info.received_ms),
            officer: visit.app.officer_name(&info.officer).await,
            pending: grouped(if undoing {
                info.totals.rows - info.totals.refused - info.totals.duplicate
            } else {
                info.totals.pending
            }),
            own: is_own(&info, officer),
            href: if undoing {
                format!("/department/submissions/{}/undo", info.id)
            } else {
                format!("/department/confirm/{}", info.id)
            },
            undoing,
        });
    }
    // What one can act on comes first.
    submissions.sort_by_key(|row| row.own);
    page(&ConfirmListPage {
        shell: shell(&visit, "/department/confirm").await?,
        submissions,
    })
}

#[cfg(test)]
impl crate::page::Samples for ConfirmListPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = |own| PendingRow {
            file: "a.csv".into(),
            layout: "行政处罚".into(),
            when: "今天".into(),
            officer: "陈科员".into(),
            pending: "1,173".into(),
            own,
            href: "/x".into(),
            undoing: own,
        };
        [Vec::new(), vec![row(true), row(false)]]
            .map(|submissions| Self {
                shell: Shell::sample(lang, crate::view::Desk::Department),
                submissions,
            })
            .into()
    }
}
