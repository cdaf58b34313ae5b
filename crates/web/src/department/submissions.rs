//! `GET /department/submissions`: the history, by state and layout.

use askama::Template;

use super::SubmissionRow;
use crate::view::{Pager, Shell};

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

#[cfg(test)]
impl crate::page::Samples for SubmissionsPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        [Vec::new(), SubmissionRow::samples()]
            .map(|submissions| Self {
                shell: Shell::sample(lang, crate::view::Desk::Department),
                states: vec![("".into(), lang.t("all"), true)],
                layouts: vec![("a".into(), "b".into(), false)],
                submissions,
                pager: Pager::new(lang, "/department/submissions", 1, 50, 1),
            })
            .into()
    }
}
