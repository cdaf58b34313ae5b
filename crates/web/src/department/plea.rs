//! `/department/due/{number}`: an objection or an application for repair with its record, and the answer to it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::{Logged, OfficerId, RecordNumber, Value};
use serde::Deserialize;
use store::{ActFault, LookPermit, PleaInfo, PleaKind, StoreError};

use super::{new_look, officer, owed, shell};
use crate::attached::{self, FileView};
use crate::error::Fault;
use crate::extract::{Form, Path};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{
    RecordContext, RecordView, RepairView, Shell, Step, Tone, act_fault, day, due_day, repair_view,
};
use crate::visit::Visit;

const LIST: &str = "/department/due";

#[derive(Template)]
#[template(path = "department/plea.html")]
pub(crate) struct PleaPage {
    shell: Shell,
    plea: PleaView,
    record: RecordView,
    repair: Option<RepairView>,
    /// Whether a repair may be granted; an objection may always be upheld.
    can_grant: bool,
    /// Once it is answered: what was decided, by whom and when, and why.
    answer: Option<Step>,
    decision: String,
    why: String,
    faults: Vec<FormFault>,
}

struct PleaView {
    number: u64,
    /// `objection` or `repair`.
    code: &'static str,
    title: String,
    began: String,
    due: String,
    left: String,
    tone: Tone,
    /// What the subject says.
    says: Vec<(String, String)>,
    /// What it hands in with it.
    files: Vec<FileView>,
}

/// What the form brings.
#[derive(Deserialize, Default)]
pub(crate) struct Answer {
    #[serde(default)]
    decision: String,
    #[serde(default)]
    why: String,
}

pub(crate) async fn show(visit: Visit, Path(number): Path<u64>) -> Result<Response, Fault> {
    let plea = plea(&visit, RecordNumber(number)).await?;
    if let Some(back) = colleagues(&visit, &plea)? {
        return Ok(back);
    }
    let permit = look(&visit, &plea).await?;
    let form = Answer::default();
    page(&page_of(&visit, &plea, &permit, &form, Vec::new()).await?)
}

async fn plea(visit: &Visit, number: RecordNumber) -> Result<PleaInfo, Fault> {
    let (_, source) = officer(visit)?;
    match visit.store().plea(source, number).await {
        Ok(plea) => Ok(plea),
        Err(StoreError::NotFound) => Err(Fault::NotFound),
        Err(error) => Err(Fault::internal(error)),
    }
}

/// The way back from what a colleague must answer, until it is: nobody's file is opened for that.
fn colleagues(visit: &Visit, plea: &PleaInfo) -> Result<Option<Response>, Fault> {
    let (who, _) = officer(visit)?;
    let own = plea.answered.is_none() && !plea.is_for(who);
    Ok(own.then(|| see(&format!("{LIST}?done=plea-own&n={}", plea.number))))
}

/// The same for whoever would answer: what has its answer is answered once.
fn closed(visit: &Visit, plea: &PleaInfo) -> Result<Option<Response>, Fault> {
    if plea.answered.is_some() {
        return Ok(Some(see(LIST)));
    }
    colleagues(visit, plea)
}

/// Guard 9: the look is written before anything of the file is shown or done.
async fn look(visit: &Visit, plea: &PleaInfo) -> Result<LookPermit, Fault> {
    let subject = plea.subject.ok_or(Fault::NotFound)?;
    let (case, what) = (format!("/{}", plea.number), format!("plea {}", plea.about));
    let look = new_look(visit, subject, &case, what)?;
    visit.store().look(&look).await.map_err(Fault::internal)
}

async fn page_of(
    visit: &Visit,
    plea: &PleaInfo,
    permit: &LookPermit,
    form: &Answer,
    faults: Vec<FormFault>,
) -> Result<PleaPage, Fault> {
    let file = visit.store().file(permit, None).await.map_err(Fault::internal)?;
    let all = file.all();
    let assessment = assess::assess(&visit.bundle, &all, visit.as_of);
    let one = |number| {
        let found = all.iter().find(|logged| logged.number() == number);
        found.ok_or(Fault::NotFound)
    };
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: Some(&assessment),
        lang: visit.lang,
    };
    let answer = match plea.answered {
        Some(number) => Some(answer_step(visit, plea, one(number)?).await),
        None => None,
    };
    let found = match plea.kind {
        PleaKind::Repair if answer.is_none() => assess::repair(&visit.bundle, &all, &assessment, plea.about),
        _ => None,
    };
    Ok(PleaPage {
        shell: shell(visit, LIST).await?,
        plea: plea_view(visit, plea, one(plea.number)?),
        record: context.view(one(plea.about)?),
        can_grant: plea.kind == PleaKind::Objection || found.as_ref().is_some_and(|found| found.open),
        repair: found.map(|found| repair_view(visit.lang, &visit.bundle, &found, false)),
        answer,
        decision: form.decision.clone(),
        why: form.why.clone(),
        faults,
    })
}

/// What was decided, and why.
async fn answer_step(visit: &Visit, plea: &PleaInfo, act: &Logged) -> Step {
    let record = act.record();
    let said = |field: &str| match record.field(field) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let granted = record.field("upheld") == Some(&Value::Bool(true));
    let outcome = if granted { "yes" } else { "no" };
    let who = said("officer");
    Step {
        what: visit.lang.t(&format!("plea-{}-{outcome}", plea.kind.code())),
        when: day(visit.lang, record.occurred),
        who: match OfficerId::new(who.as_str()) {
            Ok(officer) => visit.app.officer_name(&officer).await,
            Err(_) => who,
        },
        says: said("ground"),
        tone: if granted { Tone::Good } else { Tone::Off },
    }
}

fn plea_view(visit: &Visit, plea: &PleaInfo, act: &Logged) -> PleaView {
    let lang = visit.lang;
    let due = owed::due(visit, plea);
    let (left, tone) = match due {
        _ if plea.answered.is_some() => (lang.t("owed-answered"), Tone::Good),
        Some(due) => owed::left(visit, due),
        None => (lang.t("owed-no-deadline"), Tone::Off),
    };
    let said = |(field, label): (&str, &str)| {
        let says = match act.record().field(field)? {
            Value::Text(text) => text.clone(),
            Value::Date(date) => day(lang, *date),
            _ => return None,
        };
        Some((lang.t(label), says))
    };
    let fields = [
        ("ground", "plea-ground"),
        ("performed", "plea-performed"),
        ("commitment", "plea-commitment"),
    ];
    PleaView {
        number: plea.number.0,
        code: plea.kind.code(),
        title: lang.t(&format!("plea-{}", plea.kind.code())),
        began: day(lang, plea.began),
        due: due.map_or_else(String::new, |due| due_day(lang, due)),
        left,
        tone,
        says: fields.into_iter().filter_map(said).collect(),
        files: attached::views(lang, act, Some(&format!("{LIST}/{}/files/", plea.number))),
    }
}

/// `GET /department/due/{number}/files/{place}`: a look of its own, which the subject sees.
pub(crate) async fn file(visit: Visit, Path((number, place)): Path<(u64, u8)>) -> Result<Response, Fault> {
    let plea = plea(&visit, RecordNumber(number)).await?;
    if let Some(back) = colleagues(&visit, &plea)? {
        return Ok(back);
    }
    let subject = plea.subject.ok_or(Fault::NotFound)?;
    let what = format!("attachment {}", plea.number);
    let look = new_look(&visit, subject, &format!("/{}", plea.number), what)?;
    let permit = visit.store().look(&look).await.map_err(Fault::internal)?;
    attached::send(visit.store(), &permit, plea.number, place).await
}

/// `POST /department/due/{number}`
pub(crate) async fn answer(
    visit: Visit,
    Path(number): Path<u64>,
    Form(form): Form<Answer>,
) -> Result<Response, Fault> {
    let plea = plea(&visit, RecordNumber(number)).await?;
    if let Some(back) = closed(&visit, &plea)? {
        return Ok(back);
    }
    let permit = look(&visit, &plea).await?;
    let fault = match form.decision.as_str() {
        "yes" | "no" => match decide(&visit, &plea, &permit, &form).await {
            Ok(_) => {
                let done = if form.decision == "yes" {
                    "granted"
                } else {
                    "refused"
                };
                return Ok(see(&format!("{LIST}?done=plea-{done}&n={number}")));
            }
            Err(StoreError::Act(fault)) => fault,
            Err(error) => return Err(Fault::internal(error)),
        },
        _ => {
            let fault = FormFault {
                field: "decision-no",
                says: visit.lang.t("plea-choose"),
            };
            let page = page_of(&visit, &plea, &permit, &form, vec![fault]).await?;
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let fault = FormFault {
        field: if fault == ActFault::NoReason {
            "why"
        } else {
            "decision-no"
        },
        says: act_fault(visit.lang, &fault),
    };
    let page = page_of(&visit, &plea, &permit, &form, vec![fault]).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn decide(
    visit: &Visit,
    plea: &PleaInfo,
    permit: &LookPermit,
    form: &Answer,
) -> Result<RecordNumber, StoreError> {
    let Some((officer, source)) = visit.permit.staff() else {
        return Err(ActFault::OtherSource.into());
    };
    let (store, number, yes) = (visit.store(), plea.number, form.decision == "yes");
    match plea.kind {
        PleaKind::Objection => {
            store
                .answer(permit, number, yes, officer, source, &form.why)
                .await
        }
        PleaKind::Repair => {
            let answered = store.answer_repair(permit, number, yes, officer, source, &form.why);
            answered.await
        }
    }
}

#[cfg(test)]
impl crate::page::Samples for PleaPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let plea = |code: &'static str| PleaView {
            number: 4712,
            code,
            title: lang.t(&format!("plea-{code}")),
            began: "2026年11月20日".into(),
            due: "2026年11月25日".into(),
            left: lang.t("owed-today"),
            tone: Tone::Late,
            says: ["plea-ground", "plea-performed", "plea-commitment"]
                .map(|key| (lang.t(key), "…".into()))
                .into(),
            files: if code == "repair" {
                FileView::samples(lang)
            } else {
                Vec::new()
            },
        };
        let page = |code, can_grant, decision: &str| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            plea: plea(code),
            record: RecordView::sample(),
            repair: (code == "repair").then(|| RepairView::sample(lang)),
            can_grant,
            answer: decision.is_empty().then(|| Step {
                what: lang.t("plea-repair-no"),
                when: "2026年11月25日".into(),
                who: "林科长".into(),
                says: "…".into(),
                tone: Tone::Off,
            }),
            decision: decision.into(),
            why: "…".into(),
            faults: vec![FormFault {
                field: "decision-no",
                says: lang.t("plea-choose"),
            }],
        };
        vec![
            page("objection", true, "yes"),
            page("repair", true, "no"),
            page("repair", false, ""),
        ]
    }
}
