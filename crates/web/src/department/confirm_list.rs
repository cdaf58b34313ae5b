//! `GET /department/confirm`: what waits for a second officer.

use askama::Template;

use crate::view::Shell;

#[derive(Template)]
#[template(path = "department/confirm_list.html")]
pub(crate) struct ConfirmListPage {
    shell: Shell,
    submissions: Vec<PendingRow>,
}

struct PendingRow {
    id: u64,
    file: String,
    layout: String,
    when: String,
    officer: String,
    pending: String,
    own: bool,
}

#[cfg(test)]
impl crate::page::Samples for ConfirmListPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = |own| PendingRow {
            id: 12,
            file: "a.csv".into(),
            layout: "行政处罚".into(),
            when: "今天".into(),
            officer: "陈科员".into(),
            pending: "1,173".into(),
            own,
        };
        [Vec::new(), vec![row(true), row(false)]]
            .map(|submissions| Self {
                shell: Shell::sample(lang, crate::view::Desk::Department),
                submissions,
            })
            .into()
    }
}
