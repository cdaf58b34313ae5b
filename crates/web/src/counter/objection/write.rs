//! `/counter/object/{token}`: the record that the person means, what they say against it, and the entry of it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::RecordNumber;
use store::{ObjectionGround, StoreError};

use super::{HERE, Named, Opened, open};
use crate::attached;
use crate::counter::shell;
use crate::error::Fault;
use crate::extract::{Filled, Path};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Given, Shell, act_fault};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "counter/objection_write.html")]
pub(crate) struct WritePage {
    shell: Shell,
    here: String,
    /// Who and what, with the way back to what can be changed.
    given: Vec<Given>,
    records: Vec<Named>,
    chosen: u64,
    ground: String,
    faults: Vec<FormFault>,
}

/// What the form brings.
#[derive(Default)]
struct Written {
    record: u64,
    ground: String,
    read: String,
    files: Vec<(String, Vec<u8>)>,
}

impl Written {
    fn of(form: Filled) -> Self {
        Self {
            record: form.text("record").parse().unwrap_or_default(),
            ground: form.text("ground").to_owned(),
            read: form.text("read").to_owned(),
            files: form.files,
        }
    }
}

pub(crate) async fn show(visit: Visit, Path(token): Path<String>) -> Result<Response, Fault> {
    let opened = match open(&visit, &token).await {
        Err(Fault::NotFound) => return Ok(see(HERE)),
        opened => opened?,
    };
    if opened.held.entered.is_some() {
        return Ok(see(&format!("{HERE}/{token}/receipt")));
    }
    page(&page_of(&visit, &token, &opened, Written::default(), Vec::new())?)
}

fn page_of(
    visit: &Visit,
    token: &str,
    opened: &Opened,
    form: Written,
    faults: Vec<FormFault>,
) -> Result<WritePage, Fault> {
    let records: Vec<Named> = opened
        .named(visit)?
        .into_iter()
        .map(|logged| opened.view(visit, logged))
        .collect();
    let only = match records.as_slice() {
        [one] => one.number,
        _ => form.record,
    };
    let given = |key: &str, value: String, change: Option<&str>| Given {
        label: visit.lang.t(key),
        value,
        change: change.map(str::to_owned),
    };
    Ok(WritePage {
        shell: shell(visit, HERE),
        here: format!("{HERE}/{token}"),
        given: vec![
            given("applicant-name", opened.name(), None),
            given("identifier-value", opened.identifier(), None),
            given("counter-object-named", opened.held.names.clone(), Some(HERE)),
            given("counter-case", opened.held.case.to_string(), Some(HERE)),
        ],
        records,
        chosen: only,
        ground: form.ground,
        faults,
    })
}

/// From this moment the record does not count.
pub(crate) async fn enter(visit: Visit, Path(token): Path<String>, form: Filled) -> Result<Response, Fault> {
    let mut form = Written::of(form);
    let opened = match open(&visit, &token).await {
        Err(Fault::NotFound) => return Ok(see(HERE)),
        opened => opened?,
    };
    if opened.held.entered.is_some() {
        return Ok(see(&format!("{HERE}/{token}/receipt")));
    }
    match file(&visit, &opened, &mut form).await {
        Ok(objection) => {
            let session = visit.session()?;
            let keep = |held: &mut super::CounterObjection| held.entered = Some(objection);
            visit.app.objections.change(session, visit.now, &token, keep);
            Ok(see(&format!(
                "{HERE}/{token}/receipt?done=counter-object&n={objection}"
            )))
        }
        Err(Refused::Form(faults)) => {
            let page = page_of(&visit, &token, &opened, form, faults)?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(Refused::Fault(fault)) => Err(fault),
    }
}

/// Why nothing was entered.
enum Refused {
    Form(Vec<FormFault>),
    Fault(Fault),
}

fn wrong(field: &'static str, says: String) -> FormFault {
    FormFault { field, says }
}

async fn file(visit: &Visit, opened: &Opened, form: &mut Written) -> Result<RecordNumber, Refused> {
    let mut faults = Vec::new();
    let number = RecordNumber(form.record);
    let named = opened.named(visit).map_err(Refused::Fault)?;
    if !named.iter().any(|logged| logged.number() == number) || !opened.is_person() {
        faults.push(wrong("record", visit.lang.t("counter-object-choose")));
    }
    if form.read != "yes" {
        faults.push(wrong("read", visit.lang.t("counter-object-read-first")));
    }
    let files = attached::read(visit.lang, std::mem::take(&mut form.files)).unwrap_or_else(|fault| {
        faults.push(fault);
        store::Attachments::default()
    });
    let ground = match ObjectionGround::new(&form.ground) {
        Ok(ground) if faults.is_empty() => ground,
        Ok(_) => return Err(Refused::Form(faults)),
        Err(fault) => {
            faults.push(wrong("ground", act_fault(visit.lang, &fault)));
            return Err(Refused::Form(faults));
        }
    };
    let ground = ground.with_files(files);
    match visit.store().object(&opened.permit, number, &ground).await {
        Ok(objection) => Ok(objection),
        Err(StoreError::Act(fault)) => {
            let why = act_fault(visit.lang, &fault);
            let says = visit.lang.with("object-refused", &[("why", &why)]);
            Err(Refused::Form(vec![wrong("ground", says)]))
        }
        Err(error) => Err(Refused::Fault(Fault::internal(error))),
    }
}

#[cfg(test)]
impl crate::page::Samples for WritePage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let given = |key: &str, change: Option<String>| Given {
            label: lang.t(key),
            value: "…".into(),
            change,
        };
        let page = |records: Vec<Named>, faults| Self {
            shell: Shell::sample(lang, crate::view::Desk::Counter),
            here: "/counter/object/t".into(),
            given: vec![
                given("applicant-name", None),
                given("counter-object-named", Some(HERE.into())),
            ],
            chosen: 7,
            records,
            ground: "…".into(),
            faults,
        };
        let fault = |field, key: &str| FormFault {
            field,
            says: lang.t(key),
        };
        vec![
            page(Vec::new(), Vec::new()),
            page(vec![Named::sample(7)], Vec::new()),
            page(
                vec![Named::sample(7), Named::sample(8)],
                vec![
                    fault("record", "counter-object-choose"),
                    fault("read", "counter-object-read-first"),
                    fault("ground", "object-ground-missing"),
                ],
            ),
        ]
    }
}
