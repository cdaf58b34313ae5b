//! `/my/records/{number}/repair`: what a record's repair asks for, the application, and how far it is.

use askama::Template;
use assess::{Item, RepairAnswer, RepairNeed};
use axum::http::StatusCode;
use axum::response::Response;
use record::{Act, Date, Logged, RecordNumber, Relation, Target, Value};
use serde::Deserialize;
use store::{ActFault, RepairApplication, StoreError};

use super::{Opened, open, shell};
use crate::access::Action;
use crate::error::Fault;
use crate::extract::{Form, Last};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{RecordContext, RecordView, RepairView, Shell, act_fault, day, due_day, repair_view};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "my/repair.html")]
pub(crate) struct RepairPage {
    shell: Shell,
    record: RecordView,
    /// Where it stands, in a line and what that means.
    state: StateView,
    repair: Option<RepairView>,
    refused: Option<RefusedView>,
    form: Option<FormView>,
    faults: Vec<FormFault>,
}

struct StateView {
    title: String,
    says: String,
    class: &'static str,
}

/// The last application that was refused.
struct RefusedView {
    when: String,
    why: String,
}

struct FormView {
    performed: String,
    /// Whether the day must be said, for no record shows it.
    asks_performed: bool,
    committed: bool,
    today: String,
}

/// What the form brings.
#[derive(Deserialize, Default)]
pub(crate) struct Application {
    #[serde(default)]
    performed: String,
    #[serde(default)]
    commitment: String,
}

pub(crate) async fn show(visit: Visit, Last(number): Last<u64>) -> Result<Response, Fault> {
    let opened = open(&visit, &format!("repair {number}")).await?;
    let form = Application::default();
    page(&page_of(
        &visit,
        &opened,
        RecordNumber(number),
        &form,
        Vec::new(),
    )?)
}

fn page_of(
    visit: &Visit,
    opened: &Opened,
    number: RecordNumber,
    form: &Application,
    faults: Vec<FormFault>,
) -> Result<RepairPage, Fault> {
    let mut records = opened.file.records.iter();
    let logged = records.find(|logged| logged.number() == number && logged.record().act().is_none());
    let logged = logged.ok_or(Fault::NotFound)?;
    let all = opened.file.all();
    let found = assess::repair(&visit.bundle, &all, &opened.assessment, number);
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: Some(&opened.assessment),
        lang: visit.lang,
    };
    let record = context.view(logged);
    let can_apply = visit.may(Action::Repair) && found.as_ref().is_some_and(is_open);
    Ok(RepairPage {
        shell: shell(visit, opened, ""),
        state: state(visit, logged, &record, found.as_ref()),
        repair: found
            .as_ref()
            .map(|found| repair_view(visit.lang, &visit.bundle, found, can_apply)),
        refused: refused(visit, &all, number),
        form: found.filter(|_| can_apply).map(|found| FormView {
            performed: form.performed.clone(),
            asks_performed: !is_met(&found, RepairNeed::Performed),
            committed: form.commitment == "yes",
            today: visit.today().to_string(),
        }),
        record,
        faults,
    })
}

fn is_met(found: &RepairAnswer, needs: RepairNeed) -> bool {
    let mut conditions = found.conditions.iter();
    conditions.any(|condition| condition.needs == needs && condition.met)
}

/// What the applicant cannot say in the form is met already.
fn is_open(found: &RepairAnswer) -> bool {
    found.applied.is_none()
        && is_met(found, RepairNeed::Repairable)
        && is_met(found, RepairNeed::ShortestDisplay)
}

fn state(visit: &Visit, logged: &Logged, record: &RecordView, found: Option<&RepairAnswer>) -> StateView {
    let lang = visit.lang;
    let view = |key: &str, says: String, class| StateView {
        title: lang.t(key),
        says,
        class,
    };
    let Some(found) = found else {
        let item = visit.bundle.item(&logged.record().item);
        let says = if item.is_some_and(Item::is_adverse) {
            record.standing.means.clone()
        } else {
            lang.t("repair-nothing-good")
        };
        return view("repair-nothing", says, "as-usual");
    };
    if found.applied.is_some() {
        let due = [
            ("repair-due-decision", found.authority_by),
            ("repair-due-answer", found.answer_by),
        ];
        let due = due
            .into_iter()
            .filter_map(|(key, due)| Some(lang.with(key, &[("day", &due_day(lang, due?))])));
        return view("repair-waits", due.collect::<Vec<_>>().join(" "), "late");
    }
    if !is_met(found, RepairNeed::Repairable) {
        return view("repair-other-way", lang.t("repair-other-way-says"), "as-usual");
    }
    if is_open(found) {
        return view("repair-open", lang.t("repair-open-says"), "");
    }
    let from = day(lang, found.open_from);
    StateView {
        title: lang.with("repair-not-yet", &[("day", &from)]),
        says: lang.t("repair-not-yet-says"),
        class: "late",
    }
}

/// The newest answer that refused an application for this record, unless it was granted after all.
fn refused(visit: &Visit, all: &[Logged], record: RecordNumber) -> Option<RefusedView> {
    let refers = |logged: &Logged, relation, to: RecordNumber| {
        let mut references = logged.record().references.iter();
        references.any(|r| r.relation == relation && r.target == Target::Number(to))
    };
    let asked: Vec<RecordNumber> = all
        .iter()
        .filter(|logged| refers(logged, Relation::Asks, record))
        .map(Logged::number)
        .collect();
    let newest = all.iter().rev().find(|logged| {
        asked
            .iter()
            .any(|asked| refers(logged, Relation::Answers, *asked))
    })?;
    let answer = newest.record();
    (answer.act() == Some(Act::Answer)).then(|| RefusedView {
        when: day(visit.lang, answer.occurred),
        why: match answer.field("ground") {
            Some(Value::Text(why)) => why.clone(),
            _ => String::new(),
        },
    })
}

/// `POST /my/records/{number}/repair`
pub(crate) async fn apply(
    visit: Visit,
    Last(number): Last<u64>,
    Form(form): Form<Application>,
) -> Result<Response, Fault> {
    let opened = open(&visit, &format!("repair {number}")).await?;
    let number = RecordNumber(number);
    let asked = match said(&visit, &form) {
        Ok(application) => {
            let store = visit.store();
            store.apply_repair(&opened.permit, number, &application).await
        }
        Err(fault) => Err(StoreError::Act(fault)),
    };
    match asked {
        Ok(act) => Ok(see(
            &visit.own(&format!("/records/{number}/repair?done=repair-asked&n={act}"))
        )),
        Err(StoreError::Act(ActFault::NotOfSubject)) => Err(Fault::NotFound),
        Err(StoreError::Act(fault)) => {
            let fault = FormFault {
                field: match fault {
                    ActFault::NoCommitment => "commitment",
                    ActFault::NotPerformed => "performed",
                    _ => "state",
                },
                says: act_fault(visit.lang, &fault),
            };
            let page = page_of(&visit, &opened, number, &form, vec![fault])?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(Fault::internal(error)),
    }
}

/// The application as the form says it: the commitment is the text that was ticked.
fn said(visit: &Visit, form: &Application) -> Result<RepairApplication, ActFault> {
    if form.commitment != "yes" {
        return Err(ActFault::NoCommitment);
    }
    let performed = match form.performed.trim() {
        "" => None,
        day => Some(day.parse::<Date>().map_err(|_| ActFault::NotPerformed)?),
    };
    RepairApplication::new(&visit.lang.t("repair-commitment"), performed)
}

#[cfg(test)]
impl crate::page::Samples for RepairPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let form = |asks_performed| FormView {
            performed: "2026-06-10".into(),
            asks_performed,
            committed: asks_performed,
            today: "2026-11-23".into(),
        };
        let fault = |field| FormFault {
            field,
            says: lang.t("fault-NOT-PERFORMED"),
        };
        let state = |key: &str, class| StateView {
            title: lang.with(key, &[("day", "…")]),
            says: lang.t("repair-open-says"),
            class,
        };
        let page = |state, form: Option<FormView>, whole: bool| Self {
            shell: Shell::sample(lang, crate::view::Desk::My),
            record: RecordView::sample(),
            state,
            repair: whole.then(|| RepairView::sample(lang)),
            refused: whole.then(|| RefusedView {
                when: "2026年11月23日".into(),
                why: "罚款尚未缴清".into(),
            }),
            faults: form
                .iter()
                .flat_map(|_| [fault("performed"), fault("commitment")])
                .collect(),
            form,
        };
        vec![
            page(state("repair-open", ""), Some(form(true)), true),
            page(state("repair-open", ""), Some(form(false)), true),
            page(state("repair-not-yet", "late"), None, true),
            page(state("repair-nothing", "as-usual"), None, false),
            page(state("repair-other-way", "as-usual"), None, true),
            page(state("repair-waits", "late"), None, true),
        ]
    }
}
