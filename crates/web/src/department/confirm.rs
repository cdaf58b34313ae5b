//! `/department/confirm/{id}`: the second officer opens the evidence, page by page, and confirms.

use askama::Template;

use crate::page::FormFault;
use crate::view::{Pager, RecordView, Shell};

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
