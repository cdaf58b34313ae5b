//! `GET /counter`, `POST /counter/check`: the applicant's number, the service, the case.

use askama::Template;

use super::LedgerRow;
use crate::page::FormFault;
use crate::view::Shell;

/// Code, words and whether it is the chosen one.
type Choice = (String, String, bool);

#[derive(Template)]
#[template(path = "counter/check.html")]
pub(crate) struct CheckPage {
    shell: Shell,
    form: CheckForm,
    not_found: Option<String>,
    looks: Vec<LedgerRow>,
    faults: Vec<FormFault>,
}

/// The form as it stands.
struct CheckForm {
    identifier: String,
    kinds: Vec<Choice>,
    services: Vec<Choice>,
    case: String,
}

#[cfg(test)]
impl crate::page::Samples for CheckPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let fault = |field, says| FormFault { field, says };
        let with = |not_found, looks, faults| Self {
            shell: Shell::sample(lang, crate::view::Desk::Counter),
            form: CheckForm {
                identifier: String::new(),
                kinds: vec![("resident_id".into(), lang.t("identifier-resident_id"), true)],
                services: vec![("elder-card".into(), "老年人优待证".into(), true)],
                case: "2026-1123-0419".into(),
            },
            not_found,
            looks,
            faults,
        };
        vec![
            with(None, Vec::new(), Vec::new()),
            with(Some(lang.t("counter-not-found")), LedgerRow::samples(), Vec::new()),
            with(
                None,
                Vec::new(),
                vec![
                    fault("identifier", lang.with("counter-bad-identifier", &[("why", "…")])),
                    fault("case", lang.t("counter-bad-case")),
                    fault("service", lang.t("counter-bad-service")),
                    fault("identifier", lang.t("counter-expired")),
                ],
            ),
        ]
    }
}
