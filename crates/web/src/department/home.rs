//! `GET /department`: what is due.

use askama::Template;
use axum::response::Response;
use store::{Page, SubmissionFilter};

use super::{SubmissionRow, due, officer, shell, submission_rows};
use crate::error::Fault;
use crate::page::page;
use crate::view::Shell;
use crate::visit::Visit;

/// How many of the latest submissions are shown.
const RECENT: u32 = 8;

#[derive(Template)]
#[template(path = "department/home.html")]
pub(crate) struct HomePage {
    shell: Shell,
    to_confirm: u64,
    waiting: u64,
    unlinked: u64,
    owed: u64,
    late: u64,
    submissions: Vec<SubmissionRow>,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let due = due(&visit).await?;
    let recent = visit
        .store()
        .submissions(source, &SubmissionFilter::default(), Page::new(1, RECENT))
        .await
        .map_err(Fault::internal)?;
    page(&HomePage {
        shell: shell(&visit, "/department").await?,
        to_confirm: due.to_confirm,
        waiting: due.waiting,
        unlinked: due.unlinked,
        owed: due.owed,
        late: due.late,
        submissions: submission_rows(&visit, recent.rows).await?,
    })
}

#[cfg(test)]
impl crate::page::Samples for HomePage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let with = |n: u64, submissions| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            to_confirm: n,
            waiting: n,
            unlinked: n,
            owed: n,
            late: n,
            submissions,
        };
        vec![with(0, Vec::new()), with(1204, SubmissionRow::samples())]
    }
}
