//! `GET /department`: what is due.

use askama::Template;

use super::SubmissionRow;
use crate::view::Shell;

#[derive(Template)]
#[template(path = "department/home.html")]
pub(crate) struct HomePage {
    shell: Shell,
    to_confirm: u64,
    waiting: u64,
    unlinked: u64,
    submissions: Vec<SubmissionRow>,
}

#[cfg(test)]
impl crate::page::Samples for HomePage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let with = |n: u64, submissions| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            to_confirm: n,
            waiting: n,
            unlinked: n,
            submissions,
        };
        vec![with(0, Vec::new()), with(1204, SubmissionRow::samples())]
    }
}
