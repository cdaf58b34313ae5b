//! `/department/upload`: choose a file, see what the check says, hand it in.

use askama::Template;

use super::{Counts, ErrorRow};
use crate::page::FormFault;
use crate::view::{Pager, Shell};

#[derive(Template)]
#[template(path = "department/upload.html")]
pub(crate) struct UploadPage {
    shell: Shell,
    layouts: Vec<LayoutChoice>,
    chosen: String,
    most_bytes: usize,
    faults: Vec<FormFault>,
}

struct LayoutChoice {
    code: String,
    name: String,
}

#[derive(Template)]
#[template(path = "department/preview.html")]
pub(crate) struct PreviewPage {
    shell: Shell,
    file: String,
    token: String,
    state: PreviewState,
}

enum PreviewState {
    Working(Working),
    Failed(String),
    Ready(Box<Ready>),
}

struct Working {
    says: String,
    done: u64,
    total: u64,
}

struct Ready {
    layout: String,
    counts: Counts,
    takeable: u64,
    errors: Vec<ErrorRow>,
    samples: Vec<SampleRow>,
    pager: Pager,
}

#[derive(Debug, Clone)]
struct SampleRow {
    row: u64,
    subject: String,
    identifier: String,
    item: String,
    summary: String,
    document: String,
}

#[cfg(test)]
impl crate::page::Samples for UploadPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let layouts = || {
            vec![LayoutChoice {
                code: "sgs-penalty-2018".into(),
                name: "行政处罚".into(),
            }]
        };
        let fault = FormFault {
            field: "file",
            says: lang.t("upload-no-file"),
        };
        [Vec::new(), vec![fault]]
            .map(|faults| Self {
                shell: Shell::sample(lang, crate::view::Desk::Department),
                layouts: layouts(),
                chosen: "sgs-penalty-2018".into(),
                most_bytes: 64,
                faults,
            })
            .into()
    }
}

#[cfg(test)]
impl crate::page::Samples for PreviewPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let ready = |counts: Counts, takeable| {
            PreviewState::Ready(Box::new(Ready {
                layout: "行政处罚".into(),
                counts,
                takeable,
                errors: ErrorRow::samples(),
                samples: vec![SampleRow {
                    row: 2,
                    subject: "罗**".into(),
                    identifier: "440604********1214".into(),
                    item: "行政处罚".into(),
                    summary: "罚款 200 元".into(),
                    document: "佛禅市监处〔2026〕12号".into(),
                }],
                pager: Pager::new(lang, "/x", 1, 50, 8),
            }))
        };
        let working = |key| {
            PreviewState::Working(Working {
                says: lang.t(key),
                done: 10,
                total: 20,
            })
        };
        vec![
            working("preview-checking"),
            working("preview-taking"),
            PreviewState::Failed("…".into()),
            ready(Counts::sample(), 1173),
            ready(Counts::default(), 0),
        ]
        .into_iter()
        .map(|state| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            file: "a.csv".into(),
            token: "t".into(),
            state,
        })
        .collect()
    }
}
