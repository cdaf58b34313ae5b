//! `/my/records/{number}/repair`: what a record's repair asks for, the application, and how far it is.

use std::sync::Arc;

use askama::Template;
use assess::{Item, RepairAnswer, RepairNeed};
use axum::http::StatusCode;
use axum::response::Response;
use record::{Act, Date, Logged, RecordNumber, Relation, Target, Value};
use store::{ActFault, Attachments, StoreError};
use tokio::sync::OwnedSemaphorePermit;

use super::repair_check::{self, Draft, Which};
use super::{Opened, open, shell};
use crate::access::Action;
use crate::attached;
use crate::error::Fault;
use crate::extract::{Filled, Last, Query};
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
    /// The draft that this changes, and the files in it.
    draft: String,
    files: Option<String>,
}

/// What the form brings, or what a draft says that is changed.
#[derive(Default)]
struct Said {
    performed: String,
    committed: bool,
    draft: String,
    files: Option<String>,
}

impl Said {
    fn of_draft(visit: &Visit, name: String, draft: &Draft) -> Self {
        Self {
            performed: draft.performed.map(|day| day.to_string()).unwrap_or_default(),
            committed: true,
            draft: name,
            files: (!draft.files.is_empty()).then(|| attached::names(visit.lang, &draft.files)),
        }
    }
}

pub(crate) async fn show(
    visit: Visit,
    Last(number): Last<u64>,
    Query(which): Query<Which>,
) -> Result<Response, Fault> {
    let opened = open(&visit, &format!("repair {number}")).await?;
    let number = RecordNumber(number);
    let said = repair_check::draft(&visit, number, &which.draft)?
        .map(|draft| Said::of_draft(&visit, which.draft, &draft))
        .unwrap_or_default();
    page(&page_of(&visit, &opened, number, said, Vec::new())?)
}

fn page_of(
    visit: &Visit,
    opened: &Opened,
    number: RecordNumber,
    said: Said,
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
            performed: said.performed,
            asks_performed: !is_met(&found, RepairNeed::Performed),
            committed: said.committed,
            today: visit.today().to_string(),
            draft: said.draft,
            files: said.files,
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

/// `POST /my/records/{number}/repair`: what was answered is kept to be checked, if it could be sent as it is.
pub(crate) async fn draft(
    visit: Visit,
    Last(number): Last<u64>,
    mut form: Filled,
) -> Result<Response, Fault> {
    let opened = open(&visit, &format!("repair {number}")).await?;
    let number = RecordNumber(number);
    let before = repair_check::draft(&visit, number, form.text("draft"))?;
    let sent = std::mem::take(&mut form.files);
    let faults = match drafted(&visit, &opened, number, before.as_deref(), &form, sent).await {
        Ok(draft) => {
            let session = visit.session()?;
            let name = visit.app.repairs.put(session, visit.now, Arc::new(draft));
            let name = name.ok_or(Fault::TooMany)?;
            // What was changed takes the place of what was there.
            visit.app.repairs.take(session, visit.now, form.text("draft"));
            let check = format!("/records/{number}/repair/check?draft={name}");
            return Ok(see(&visit.own(&check)));
        }
        Err(Refused::Form(fault)) => vec![fault],
        Err(Refused::Fault(fault)) => return Err(fault),
    };
    let said = Said {
        performed: form.text("performed").to_owned(),
        committed: form.text("commitment") == "yes",
        ..match before {
            Some(before) => Said::of_draft(&visit, form.text("draft").to_owned(), &before),
            None => Said::default(),
        }
    };
    let page = page_of(&visit, &opened, number, said, faults)?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Why nothing was kept.
enum Refused {
    Form(FormFault),
    Fault(Fault),
}

/// The application, once it is such that it could be sent.
async fn drafted(
    visit: &Visit,
    opened: &Opened,
    number: RecordNumber,
    before: Option<&Draft>,
    form: &Filled,
    sent: Vec<(String, Vec<u8>)>,
) -> Result<Draft, Refused> {
    let refused = |fault: ActFault| {
        Refused::Form(FormFault {
            field: match fault {
                ActFault::NoCommitment => "commitment",
                ActFault::NotPerformed => "performed",
                _ => "state",
            },
            says: act_fault(visit.lang, &fault),
        })
    };
    if form.text("commitment") != "yes" {
        return Err(refused(ActFault::NoCommitment));
    }
    let performed = match form.text("performed").trim() {
        "" => None,
        day => Some(day.parse::<Date>().map_err(|_| refused(ActFault::NotPerformed))?),
    };
    let chosen = attached::read(visit.lang, sent).map_err(Refused::Form)?;
    let files = match before {
        Some(before) if chosen.is_empty() && form.text("drop-files") != "yes" => before.files.clone(),
        _ => chosen,
    };
    let draft = Draft {
        record: number,
        performed,
        _room: room(visit, &files).map_err(Refused::Fault)?,
        files,
    };
    let internal = |error: StoreError| Refused::Fault(Fault::internal(error));
    let application = repair_check::said(visit, &draft).map_err(internal)?;
    let could = visit.store().could_apply(&opened.permit, number, &application);
    match could.await {
        Ok(()) => Ok(draft),
        Err(StoreError::Act(ActFault::NotOfSubject)) => Err(Refused::Fault(Fault::NotFound)),
        Err(StoreError::Act(fault)) => Err(refused(fault)),
        Err(error) => Err(internal(error)),
    }
}

/// What the files take of the memory that all files have together.
fn room(visit: &Visit, files: &Attachments) -> Result<Option<OwnedSemaphorePermit>, Fault> {
    if files.is_empty() {
        return Ok(None);
    }
    let kib = u32::try_from(files.bytes().div_ceil(1024)).map_err(|_| Fault::TooLarge)?;
    let room = Arc::clone(&visit.app.upload_kib).try_acquire_many_owned(kib);
    room.map(Some).map_err(|_| Fault::TooMany)
}

#[cfg(test)]
impl crate::page::Samples for RepairPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let form = |asks_performed| FormView {
            performed: "2026-06-10".into(),
            asks_performed,
            committed: asks_performed,
            today: "2026-11-23".into(),
            draft: "t".into(),
            files: asks_performed.then(|| "…".into()),
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
