//! `GET /my`: the grade with why and how to improve, list entries, looks and every record.

use askama::Template;

use super::LookView;
use crate::view::{EntryView, GradeView, RecordView, Shell};

#[derive(Template)]
#[template(path = "my/home.html")]
pub(crate) struct HomePage {
    shell: Shell,
    as_of: String,
    known: u64,
    /// The notice to be acknowledged first, if none was given.
    notice: Option<String>,
    grade: Option<GradeView>,
    not_rated: String,
    entries: Vec<EntryView>,
    incentives: Vec<(String, String)>,
    incentives_count: u64,
    looks: Vec<LookView>,
    looks_count: u64,
    groups: Vec<Group>,
}

/// The records of one source.
struct Group {
    source: String,
    records: Vec<RecordView>,
}

#[cfg(test)]
impl crate::page::Samples for HomePage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        use crate::view::sample_grade;
        let with = |notice: Option<String>, grade: Option<GradeView>, full: bool| Self {
            shell: Shell::sample(lang, crate::view::Desk::My),
            as_of: "2026年11月23日".into(),
            known: 1204,
            notice,
            grade,
            not_rated: lang.t("rating-minor"),
            entries: if full { vec![EntryView::sample(true)] } else { Vec::new() },
            incentives: if full { vec![("容缺受理".into(), "…".into())] } else { Vec::new() },
            incentives_count: u64::from(full),
            looks: if full { LookView::samples(lang) } else { Vec::new() },
            looks_count: 3,
            groups: if full {
                vec![Group {
                    source: "市监局".into(),
                    records: vec![RecordView::sample()],
                }]
            } else {
                Vec::new()
            },
        };
        let notice = lang.with("notice-lead", &[("name", "罗志明")]);
        vec![
            with(Some(notice), None, false),
            with(None, None, false),
            with(None, Some(sample_grade(lang)), true),
        ]
    }
}
