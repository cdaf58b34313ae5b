//! `GET /department/submissions`: the history, by state and layout.

use askama::Template;
use axum::response::Response;
use record::LayoutCode;
use serde::Deserialize;
use store::{Page, SubmissionFilter};

use super::{SubmissionRow, layouts, officer, shell, submission_rows};
use crate::error::Fault;
use crate::extract::Query;
use crate::page::page;
use crate::view::{Pager, Shell, with_query};
use crate::visit::Visit;

const PER_PAGE: u32 = 25;
/// The states by which one filters: code in the address, key of its words.
const STATES: [(&str, &str); 7] = [
    ("", "all"),
    ("waiting", "submission-pending"),
    ("confirmed", "submission-confirmed"),
    ("done", "submission-complete"),
    ("undoing", "submission-undoing"),
    ("undone", "submission-undone"),
    ("open", "submission-running"),
];

/// Code, words and whether it is the chosen one.
type Choice = (String, String, bool);

#[derive(Template)]
#[template(path = "department/submissions.html")]
pub(crate) struct SubmissionsPage {
    shell: Shell,
    states: Vec<Choice>,
    layouts: Vec<Choice>,
    submissions: Vec<SubmissionRow>,
    pager: Pager,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    layout: String,
    #[serde(default)]
    page: u32,
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let filter = SubmissionFilter {
        layout: LayoutCode::new(asked.layout.clone()).ok(),
        state: Some(asked.state.clone()).filter(|state| !state.is_empty()),
        file_name: None,
    };
    let at = Page::new(asked.page, PER_PAGE);
    let found = visit.store().submissions(source, &filter, at).await;
    let found = found.map_err(Fault::internal)?;
    let states = STATES.map(|(code, key)| (code.to_owned(), visit.lang.t(key), asked.state == code));
    let all = layouts(&visit)?;
    let layouts = all.of_source(&visit.bundle, source).map(|layout| {
        let code = layout.code().to_string();
        let chosen = code == asked.layout;
        (code, visit.lang.of(layout.name()), chosen)
    });
    let href = with_query(
        "/department/submissions",
        &[("state", &asked.state), ("layout", &asked.layout)],
    );
    page(&SubmissionsPage {
        shell: shell(&visit, "/department/submissions").await?,
        states: states.into(),
        layouts: layouts.collect(),
        pager: Pager::new(visit.lang, &href, found.page, PER_PAGE, found.total),
        submissions: submission_rows(&visit, found.rows).await?,
    })
}

#[cfg(test)]
impl crate::page::Samples for SubmissionsPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        [Vec::new(), SubmissionRow::samples()]
            .map(|submissions| Self {
                shell: Shell::sample(lang, crate::view::Desk::Department),
                states: vec![(String::new(), lang.t("all"), true)],
                layouts: vec![("a".into(), "b".into(), false)],
                submissions,
                pager: Pager::new(lang, "/department/submissions", 1, 50, 1),
            })
            .into()
    }
}
