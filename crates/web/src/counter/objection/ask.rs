//! `GET /counter/object`, `POST /counter/object`: who is at the counter, and which record they mean.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::{CaseNumber, Identifier, IdentifierKind};
use serde::Deserialize;

use super::{CounterObjection, HERE};
use crate::counter::check::{identify, suggested_case};
use crate::counter::shell;
use crate::error::Fault;
use crate::extract::Form;
use crate::page::{FormFault, page, page_with, see};
use crate::view::Shell;
use crate::visit::Visit;

/// A document's number is no longer than this.
const NAMES_MOST: usize = 128;

#[derive(Template)]
#[template(path = "counter/objection_ask.html")]
pub(crate) struct AskPage {
    shell: Shell,
    form: Asked,
    faults: Vec<FormFault>,
}

/// What the form brings.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    identifier: String,
    #[serde(default)]
    names: String,
    #[serde(default)]
    case: String,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let form = Asked {
        case: suggested_case(&visit),
        ..Asked::default()
    };
    page(&AskPage {
        shell: shell(&visit, HERE),
        form,
        faults: Vec::new(),
    })
}

/// The identifier goes in the body, never in an address.
pub(crate) async fn ask(visit: Visit, Form(form): Form<Asked>) -> Result<Response, Fault> {
    let faults = match parse(&visit, &form) {
        Err(faults) => faults,
        Ok((identifier, names, case)) => {
            let found = visit.store().find_subject(identifier.kind(), identifier.value());
            match found.await.map_err(Fault::internal)? {
                Some(subject) => {
                    let held = CounterObjection {
                        subject,
                        names,
                        case,
                        entered: None,
                    };
                    let put = visit.app.objections.put(visit.session()?, visit.now, held);
                    return Ok(see(&format!("{HERE}/{}", put.ok_or(Fault::TooMany)?)));
                }
                None => vec![fault(&visit, "identifier", "counter-object-nobody")],
            }
        }
    };
    let page = AskPage {
        shell: shell(&visit, HERE),
        form,
        faults,
    };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn fault(visit: &Visit, field: &'static str, key: &str) -> FormFault {
    FormFault {
        field,
        says: visit.lang.t(key),
    }
}

/// All three, or everything that is wrong with them.
fn parse(visit: &Visit, form: &Asked) -> Result<(Identifier, String, CaseNumber), Vec<FormFault>> {
    let mut faults = Vec::new();
    let identifier = match identify(visit, "", &form.identifier) {
        Ok(identifier) if identifier.kind() == IdentifierKind::Uscc => {
            faults.push(fault(visit, "identifier", "counter-object-company"));
            None
        }
        Ok(identifier) => Some(identifier),
        Err(why) => {
            let why = crate::view::identifier_fault(visit.lang, &why);
            let says = visit.lang.with("counter-bad-identifier", &[("why", &why)]);
            faults.push(FormFault {
                field: "identifier",
                says,
            });
            None
        }
    };
    let names = record::tidy_text(&form.names);
    if names.is_empty() || names.chars().count() > NAMES_MOST {
        faults.push(fault(visit, "names", "counter-object-bad-names"));
    }
    let case = CaseNumber::new(&form.case).ok();
    if case.is_none() {
        faults.push(fault(visit, "case", "counter-bad-case"));
    }
    match (identifier, case) {
        (Some(identifier), Some(case)) if faults.is_empty() => Ok((identifier, names, case)),
        _ => Err(faults),
    }
}

#[cfg(test)]
impl crate::page::Samples for AskPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let fault = |field, key: &str| FormFault {
            field,
            says: lang.t(key),
        };
        let faults = vec![
            fault("identifier", "counter-object-nobody"),
            fault("identifier", "counter-object-company"),
            fault("names", "counter-object-bad-names"),
            fault("case", "counter-bad-case"),
        ];
        [Vec::new(), faults]
            .map(|faults| Self {
                shell: Shell::sample(lang, crate::view::Desk::Counter),
                form: Asked {
                    case: "2026-1123-0419".into(),
                    ..Asked::default()
                },
                faults,
            })
            .into()
    }
}
