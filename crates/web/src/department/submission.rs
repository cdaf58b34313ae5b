//! `GET /department/submissions/{id}`: the report of one hand-in, its faults filtered and paged, and its
//! error workbook.

use askama::Template;

use super::{Counts, ErrorRow};
use crate::view::{Pager, Shell};

/// Code, how many, and whether it is the chosen one.
type Counted = (String, u64, bool);

#[derive(Template)]
#[template(path = "department/submission.html")]
pub(crate) struct SubmissionPage {
    shell: Shell,
    id: u64,
    file: String,
    layout: String,
    when: String,
    officer: String,
    counts: Counts,
    has_workbook: bool,
    waiting: Option<Waiting>,
    confirmed: Option<String>,
    codes: Vec<Counted>,
    columns: Vec<Counted>,
    errors: Vec<ErrorRow>,
    pager: Pager,
}

/// What a submission with adverse records waits for.
struct Waiting {
    title: String,
    says: String,
    can_confirm: bool,
}

#[cfg(test)]
impl crate::page::Samples for SubmissionPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let waiting = |key: &str, can_confirm| Waiting {
            title: lang.t(&format!("waiting-{key}-title")),
            says: lang.count(&format!("waiting-{key}"), 1173),
            can_confirm,
        };
        let by = [("officer", "林科员"), ("when", "今天")];
        let with = |counts, waiting, confirmed| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            id: 12,
            file: "2026年11月处罚.csv".into(),
            layout: "行政处罚".into(),
            when: "今天 09:41".into(),
            officer: "陈科员".into(),
            counts,
            has_workbook: true,
            waiting,
            confirmed,
            codes: vec![("REQUIRED".into(), 3, true)],
            columns: vec![("CF_WSH".into(), 3, false)],
            errors: ErrorRow::samples(),
            pager: Pager::new(lang, "/x", 1, 4, 8),
        };
        vec![
            with(Counts::sample(), Some(waiting("own", false)), None),
            with(Counts::sample(), Some(waiting("other", true)), None),
            with(Counts::default(), None, Some(lang.with("confirm-done-by", &by))),
        ]
    }
}
