//! `/my/records/{number}`: one record whole, what happened to it, and the objection to it.

use std::collections::BTreeSet;

use askama::Template;
use assess::{DutyKind, Standing};
use axum::http::StatusCode;
use axum::response::Response;
use record::{Act, Date, Ends, Logged, RecordNumber, SourceCode, Target, Value};
use store::{ObjectionGround, StoreError};

use super::proof::SealView;
use super::{Opened, open, shell};
use crate::access::Action;
use crate::attached::{self, FileView};
use crate::error::Fault;
use crate::extract::{Filled, Last};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{RecordContext, RecordView, Shell, Step, Tone, act_fault, act_name, day, due_day};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "my/record.html")]
pub(crate) struct RecordPage {
    shell: Shell,
    record: RecordView,
    seal: SealView,
    timeline: Vec<Step>,
    /// What was handed in with objections and applications.
    files: Vec<FileView>,
    can_object: bool,
    ground: String,
    faults: Vec<FormFault>,
}

pub(crate) async fn show(visit: Visit, Last(number): Last<u64>) -> Result<Response, Fault> {
    let opened = open(&visit, &format!("record {number}")).await?;
    page(&page_of(&visit, &opened, RecordNumber(number), String::new(), Vec::new()).await?)
}

async fn page_of(
    visit: &Visit,
    opened: &Opened,
    number: RecordNumber,
    ground: String,
    faults: Vec<FormFault>,
) -> Result<RecordPage, Fault> {
    let mut seen = opened.file.seen_for(&visit.bundle, opened.permit.purpose());
    let found = seen.find(|logged| logged.number() == number);
    let logged = found.ok_or(Fault::NotFound)?;
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: Some(&opened.assessment),
        lang: visit.lang,
    };
    let standing = opened.assessment.standing(number).map(|found| found.standing);
    let can_object = visit.may(Action::Object)
        && logged.record().act().is_none()
        && matches!(
            standing,
            Some(Standing::Counts | Standing::Pending | Standing::Underway | Standing::Future)
        );
    Ok(RecordPage {
        shell: shell(visit, opened, ""),
        record: context.view(logged),
        seal: SealView::of(visit, number).await?,
        timeline: timeline(visit, opened, &context, logged, standing),
        files: files(visit, opened, logged),
        can_object,
        ground,
        faults,
    })
}

fn files(visit: &Visit, opened: &Opened, logged: &Logged) -> Vec<FileView> {
    let of = |act: &&Logged| {
        let base = visit.own(&format!("/files/{}-", act.number()));
        attached::views(visit.lang, act, Some(&base))
    };
    bearing_on(opened, logged).iter().flat_map(of).collect()
}

/// Taken in, every act that bears on it, and its end.
fn timeline(
    visit: &Visit,
    opened: &Opened,
    context: &RecordContext<'_>,
    logged: &Logged,
    standing: Option<Standing>,
) -> Vec<Step> {
    let lang = visit.lang;
    let received = |logged: &Logged| {
        let info = opened.file.submissions.get(&logged.submission());
        info.map(|info| visit.moment(info.received_ms))
            .unwrap_or_default()
    };
    let by = [
        ("source", context.source_name(logged)),
        ("submission", logged.submission().to_string()),
    ];
    let mut steps = vec![Step {
        what: lang.t("timeline-received"),
        when: received(logged),
        who: lang.with(
            "timeline-received-by",
            &by.each_ref().map(|(name, value)| (*name, value.as_str())),
        ),
        says: String::new(),
        tone: Tone::Good,
    }];
    let acts = bearing_on(opened, logged);
    let asks = |act: &Logged| act.record().act() == Some(Act::ApplyRepair);
    let refers = |act: &Logged, to: &Logged| {
        let mut references = act.record().references.iter();
        references.any(|reference| reference.target == Target::Number(to.number()))
    };
    for act in &acts {
        let of_repair = acts.iter().any(|asked| asks(asked) && refers(act, asked));
        steps.push(Step {
            when: received(act),
            ..act_step(visit, context, act, of_repair)
        });
    }
    let answered = |asked: &Logged| acts.iter().any(|act| refers(act, asked));
    let waits = acts.iter().any(|act| asks(act) && !answered(act));
    let objection = match standing {
        Some(Standing::Disputed { by }) => acts.iter().find(|act| act.number() == by),
        _ => None,
    };
    let answer_by = objection.and_then(|act| answer_by(visit, act.record().occurred));
    steps.extend(next_step(visit, logged, standing, waits, answer_by));
    steps
}

/// The acts that refer to a record, to its submission, or to such acts; by number.
fn bearing_on<'a>(opened: &'a Opened, logged: &Logged) -> Vec<&'a Logged> {
    let mut targets = BTreeSet::from([logged.number()]);
    let mut found = Vec::new();
    // What the person does states its subject and stands among the records; what officers do does not.
    let own = opened
        .file
        .records
        .iter()
        .filter(|logged| logged.record().act().is_some());
    let mut acts: Vec<&Logged> = own.chain(&opened.file.acts).collect();
    acts.sort_by_key(|act| act.number());
    for act in acts {
        let bears = act
            .record()
            .references
            .iter()
            .any(|reference| match reference.target {
                Target::Number(number) => targets.contains(&number),
                Target::Submission(submission) => submission == logged.submission(),
                Target::Commitment(commitment) => commitment == logged.commitment(),
            });
        if bears && act.number() != logged.number() {
            targets.insert(act.number());
            found.push(act);
        }
    }
    found
}

fn act_step(visit: &Visit, context: &RecordContext<'_>, logged: &Logged, of_repair: bool) -> Step {
    let lang = visit.lang;
    let record = logged.record();
    let text = |field: &str| match record.field(field) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let upheld = matches!(record.field("upheld"), Some(Value::Bool(true)));
    let (what, tone) = match record.act() {
        Some(Act::Answer) if of_repair => (lang.t("timeline-repair-refused"), Tone::Bad),
        Some(Act::Answer) if upheld => (lang.t("timeline-upheld"), Tone::Good),
        Some(Act::Answer) => (lang.t("timeline-not-upheld"), Tone::Bad),
        Some(act @ (Act::Object | Act::ApplyRepair)) => (act_name(lang, act), Tone::Late),
        Some(act @ (Act::Withdraw | Act::Unlink)) => (act_name(lang, act), Tone::Off),
        Some(act) => (act_name(lang, act), Tone::Good),
        None => (context.item_name(logged), Tone::Good),
    };
    Step {
        what,
        when: String::new(),
        who: if let Some(place) = text("place") {
            let place =
                SourceCode::new(place).map_or_else(|_| String::new(), |place| visit.source_name(&place));
            lang.with("timeline-person-at", &[("place", &place)])
        } else if record.source.as_str() == "subject" {
            lang.t("timeline-person")
        } else {
            context.source_name(logged)
        },
        says: ["ground", "evidence", "commitment"]
            .into_iter()
            .find_map(text)
            .unwrap_or_default(),
        tone,
    }
}

/// By when an objection of this day is to be answered.
fn answer_by(visit: &Visit, began: Date) -> Option<String> {
    let deadline = visit.bundle.deadline(DutyKind::ObjectionAnswer)?;
    let due = deadline.due(visit.bundle.calendar(), began);
    Some(
        visit
            .lang
            .with("timeline-answer-by", &[("day", &due_day(visit.lang, due))]),
    )
}

/// What comes next, or what was the end.
fn next_step(
    visit: &Visit,
    logged: &Logged,
    standing: Option<Standing>,
    waits: bool,
    answer_by: Option<String>,
) -> Option<Step> {
    let lang = visit.lang;
    let step = |key: &str, when: String, says: String, tone| Step {
        what: lang.t(key),
        when,
        who: String::new(),
        says,
        tone,
    };
    match standing? {
        Standing::Pending => {
            let says = lang.t("timeline-waits-says");
            Some(step("timeline-waits", String::new(), says, Tone::Late))
        }
        Standing::Disputed { .. } => Some(step(
            "timeline-objection-waits",
            String::new(),
            answer_by.unwrap_or_default(),
            Tone::Late,
        )),
        Standing::Counts if waits => Some(step(
            "timeline-repair-waits",
            String::new(),
            String::new(),
            Tone::Late,
        )),
        Standing::Ended { on } => Some(step("timeline-ended", day(lang, on), String::new(), Tone::Off)),
        Standing::Counts => {
            let ends = logged.record().ends.map(Ends::day)?;
            Some(step("timeline-ends", day(lang, ends), String::new(), Tone::Off))
        }
        _ => None,
    }
}

/// `POST /my/records/{number}/object`: from this moment the record does not count.
pub(crate) async fn object(
    visit: Visit,
    Last(number): Last<u64>,
    mut form: Filled,
) -> Result<Response, Fault> {
    let opened = open(&visit, &format!("record {number}")).await?;
    let number = RecordNumber(number);
    let said = form.text("ground").to_owned();
    let files = match attached::read(visit.lang, std::mem::take(&mut form.files)) {
        Ok(files) => files,
        Err(fault) => {
            let page = page_of(&visit, &opened, number, said, vec![fault]).await?;
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let ground = ObjectionGround::new(&said).map(|ground| ground.with_files(files));
    let objected = match ground {
        Ok(ground) => visit.store().object(&opened.permit, number, &ground).await,
        Err(fault) => Err(StoreError::Act(fault)),
    };
    match objected {
        Ok(objection) => Ok(see(
            &visit.own(&format!("/records/{number}?done=object&n={objection}"))
        )),
        Err(StoreError::Act(store::ActFault::NotOfSubject)) => Err(Fault::NotFound),
        Err(StoreError::Act(fault)) => {
            let why = act_fault(visit.lang, &fault);
            let fault = FormFault {
                field: "ground",
                says: visit.lang.with("object-refused", &[("why", &why)]),
            };
            let page = page_of(&visit, &opened, number, said, vec![fault]).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(Fault::internal(error)),
    }
}

#[cfg(test)]
impl crate::page::Samples for RecordPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let step = |key: &str, tone| Step {
            what: lang.t(key),
            when: "今天 09:41".into(),
            who: lang.with("timeline-received-by", &[("source", "…"), ("submission", "7")]),
            says: lang.t("timeline-waits-says"),
            tone,
        };
        let fault = FormFault {
            field: "ground",
            says: lang.t("object-ground-missing"),
        };
        [(true, vec![fault]), (false, Vec::new())]
            .map(|(can_object, faults)| Self {
                shell: Shell::sample(lang, crate::view::Desk::My),
                record: RecordView::sample(),
                seal: SealView::sample(lang, can_object),
                timeline: vec![
                    step("timeline-received", Tone::Good),
                    step("timeline-waits", Tone::Late),
                    step("timeline-objection-waits", Tone::Late),
                    step("timeline-ends", Tone::Off),
                    step("timeline-ended", Tone::Off),
                    step("timeline-upheld", Tone::Good),
                    step("timeline-not-upheld", Tone::Bad),
                    step("timeline-repair-waits", Tone::Late),
                    step("timeline-repair-refused", Tone::Bad),
                    step("timeline-person", Tone::Good),
                ],
                files: if can_object {
                    FileView::samples(lang)
                } else {
                    Vec::new()
                },
                can_object,
                ground: "…".into(),
                faults,
            })
            .into()
    }
}
