//! `GET /department/unlinked`: records without a subject, which have no effect until someone links them.

use askama::Template;

use crate::view::{Pager, RecordView, Shell};

#[derive(Template)]
#[template(path = "department/unlinked.html")]
pub(crate) struct UnlinkedPage {
    shell: Shell,
    records: Vec<UnlinkedRow>,
    pager: Pager,
}

struct UnlinkedRow {
    record: RecordView,
    why: String,
}

#[cfg(test)]
impl crate::page::Samples for UnlinkedPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = |code: &str| UnlinkedRow {
            record: RecordView::sample(),
            why: lang.t(&format!("unlinked-{code}")),
        };
        let codes = ["no_identifier", "unknown_identifier", "name_differs", "undone"];
        [Vec::new(), codes.map(row).into()]
            .map(|records| Self {
                shell: Shell::sample(lang, crate::view::Desk::Department),
                records,
                pager: Pager::new(lang, "/department/unlinked", 1, 50, 5),
            })
            .into()
    }
}
