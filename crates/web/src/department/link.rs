//! `/department/unlinked/{number}`: one unlinked record and the subject it may belong to, side by side.

use askama::Template;

use crate::page::FormFault;
use crate::view::{RecordView, Shell};

#[derive(Template)]
#[template(path = "department/link.html")]
pub(crate) struct LinkPage {
    shell: Shell,
    record: RecordView,
    why: String,
    kinds: Vec<(&'static str, String)>,
    candidate: Option<CandidateView>,
    evidence: String,
    faults: Vec<FormFault>,
}

struct CandidateView {
    name: String,
    kind: String,
    facts: Vec<(String, String)>,
    name_differs: bool,
}

#[cfg(test)]
impl crate::page::Samples for LinkPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let candidate = |name_differs| CandidateView {
            name: "罗*".into(),
            kind: lang.t("kind-person"),
            facts: vec![
                (lang.t("fact-name"), "罗*".into()),
                (lang.t("fact-identifiers"), "440604********1214".into()),
            ],
            name_differs,
        };
        let fault = |field, key: &str| FormFault {
            field,
            says: lang.t(key),
        };
        [
            (None, vec![fault("identifier", "link-not-found")]),
            (Some(candidate(true)), vec![fault("evidence", "link-evidence-missing")]),
            (Some(candidate(false)), Vec::new()),
        ]
        .map(|(candidate, faults)| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            record: RecordView::sample(),
            why: lang.t("unlinked-name_differs"),
            kinds: record::IdentifierKind::ALL
                .map(|kind| (kind.code(), lang.t(&format!("identifier-{}", kind.code()))))
                .into(),
            candidate,
            evidence: String::new(),
            faults,
        })
        .into()
    }
}
