//! `/company/{uscc}/agents`: who acts for the organisation: whom the register names, whom it appointed, and what each did.

use askama::Template;
use assess::{Appointment, AppointmentState, Scope};
use axum::http::StatusCode;
use axum::response::Response;
use record::{Act, Date, Logged, RecordNumber, SubjectId, Target, Value};
use serde::Deserialize;
use store::{ActFault, Mandated, NewAppointment, Representative, StoreError};

use super::look_view::agent_name;
use super::{Opened, open, shell};
use crate::access::Action;
use crate::error::Fault;
use crate::extract::{Form, Last, Query};
use crate::lang::Lang;
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Pager, Shell, Tone, act_fault, act_name, day};
use crate::visit::Visit;

const PER_PAGE: u32 = 20;

#[derive(Template)]
#[template(path = "my/agents.html")]
pub(crate) struct AgentsPage {
    shell: Shell,
    representative: Option<(String, String)>,
    /// Who was it before, the newest first.
    former: Vec<FormerView>,
    agents: Vec<AgentView>,
    /// Whether one appoints and revokes here.
    may_appoint: bool,
    form: Appoint,
    scopes: Vec<(&'static str, String, bool)>,
    today: String,
    done: Vec<DoneView>,
    pager: Pager,
    faults: Vec<FormFault>,
}

struct AgentView {
    number: u64,
    name: String,
    scope: String,
    made: String,
    until: String,
    state: String,
    tone: Tone,
    open: bool,
}

/// A former representative.
struct FormerView {
    name: String,
    since: String,
    taken_back: bool,
}

/// Something done for the organisation.
struct DoneView {
    who: String,
    what: String,
    when: String,
    record: Option<u64>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    page: u32,
}

/// What the form brings.
#[derive(Deserialize, Default)]
pub(crate) struct Appoint {
    #[serde(default)]
    name: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    last: String,
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let opened = open(&visit, "agents").await?;
    let page_number = asked.page.clamp(1, 10_000);
    page(&page_of(&visit, &opened, Appoint::default(), page_number, Vec::new()).await?)
}

async fn page_of(
    visit: &Visit,
    opened: &Opened,
    form: Appoint,
    number: u32,
    faults: Vec<FormFault>,
) -> Result<AgentsPage, Fault> {
    let lang = visit.lang;
    let mandated = visit.store().mandated_in(&opened.permit).await;
    let mandated = mandated.map_err(Fault::internal)?;
    let done = done(visit, opened, &mandated);
    let total = u64::try_from(done.len()).unwrap_or(0);
    let skip = usize::try_from((number - 1) * PER_PAGE).unwrap_or(0);
    let representative = mandated.representative.as_ref();
    Ok(AgentsPage {
        shell: shell(visit, opened, "/agents"),
        representative: representative.map(|one| {
            let since = lang.with("agent-since", &[("day", &day(lang, one.since))]);
            (one.masked_name.clone(), since)
        }),
        former: former(lang, &mandated),
        agents: mandated
            .appointments
            .iter()
            .map(|one| agent(visit, one))
            .collect(),
        may_appoint: visit.may(Action::Appoint),
        scopes: Scope::ALL
            .map(|scope| {
                let says = lang.t(&format!("agent-scope-{}", scope.code()));
                (scope.code(), says, form.scope == scope.code())
            })
            .into(),
        form,
        today: visit.today().to_string(),
        pager: Pager::new(lang, &visit.own("/agents"), number, PER_PAGE, total),
        done: done
            .into_iter()
            .skip(skip)
            .take(usize::try_from(PER_PAGE).unwrap_or(0))
            .collect(),
        faults,
    })
}

/// Everyone else whom the register has named, once each, the newest first: a register says the same person again and again.
fn former(lang: Lang, mandated: &Mandated) -> Vec<FormerView> {
    let mut seen: Vec<(&str, bool)> = Vec::new();
    let current = mandated.representative.iter();
    seen.extend(current.map(|one| (one.masked_name.as_str(), false)));
    let mut newest: Vec<&Representative> = mandated.former.iter().collect();
    newest.sort_by_key(|one| std::cmp::Reverse((one.since, one.record)));
    newest.retain(|one| {
        let who = (one.masked_name.as_str(), one.taken_back);
        let is_new = !seen.contains(&who);
        seen.push(who);
        is_new
    });
    let view = |one: &Representative| FormerView {
        name: one.masked_name.clone(),
        since: lang.with("agent-since", &[("day", &day(lang, one.since))]),
        taken_back: one.taken_back,
    };
    newest.into_iter().map(view).collect()
}

fn agent(visit: &Visit, one: &Appointment) -> AgentView {
    let lang = visit.lang;
    let last = one.ends.and_then(|ends| ends.yesterday().ok());
    AgentView {
        number: one.number.0,
        name: one.masked_name.clone(),
        scope: lang.t(&format!("agent-scope-{}", one.scope.code())),
        made: lang.with("agent-made", &[("day", &day(lang, one.made))]),
        until: last.map_or_else(String::new, |last| {
            lang.with("consent-until", &[("day", &day(lang, last))])
        }),
        state: lang.t(&format!("agent-{}", one.state.code())),
        tone: match one.state {
            AppointmentState::Accepted => Tone::Good,
            AppointmentState::Asked => Tone::Late,
            _ => Tone::Off,
        },
        open: matches!(one.state, AppointmentState::Accepted | AppointmentState::Asked),
    }
}

/// What was done for the organisation, by whom, the newest first. What was only read stands among the looks.
fn done(visit: &Visit, opened: &Opened, mandated: &Mandated) -> Vec<DoneView> {
    let all = opened.file.all();
    let by = |logged: &Logged| match logged.record().field("by") {
        Some(Value::Integer(person)) => Some(SubjectId::from_i64(*person)),
        _ => None,
    };
    all.iter()
        .rev()
        .filter_map(|logged| {
            let (act, person) = (logged.record().act()?, by(logged)?);
            let info = opened.file.submissions.get(&logged.submission());
            Some(DoneView {
                who: agent_name(visit, person, Some(mandated)),
                what: act_name(visit.lang, act),
                when: info
                    .map(|info| visit.moment(info.received_ms))
                    .unwrap_or_default(),
                record: about(&all, logged),
            })
        })
        .collect()
}

/// The record of the file that an act is about, if it has a page.
fn about(all: &[Logged], act: &Logged) -> Option<u64> {
    if !matches!(act.record().act(), Some(Act::Object | Act::ApplyRepair)) {
        return None;
    }
    let mut references = act.record().references.iter();
    let target = references.find_map(|reference| match reference.target {
        Target::Number(number) => Some(number),
        _ => None,
    })?;
    let known = all.iter().any(|logged| logged.number() == target);
    known.then_some(target.0)
}

/// `POST /company/{uscc}/agents`
pub(crate) async fn appoint(visit: Visit, Form(form): Form<Appoint>) -> Result<Response, Fault> {
    let opened = open(&visit, "agents").await?;
    let appointed = match said(&form) {
        Ok(new) => visit.store().appoint(&opened.permit, &new).await,
        Err(fault) => Err(StoreError::Act(fault)),
    };
    match appointed {
        Ok(number) => Ok(see(&visit.own(&format!("/agents?done=appoint&n={number}")))),
        Err(StoreError::Act(fault)) => {
            let fault = FormFault {
                field: match fault {
                    ActFault::AppointmentEnds => "last",
                    ActFault::WrongKind => "scope",
                    _ => "number",
                },
                says: act_fault(visit.lang, &fault),
            };
            let page = page_of(&visit, &opened, form, 1, vec![fault]).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(Fault::internal(error)),
    }
}

fn said(form: &Appoint) -> Result<NewAppointment, ActFault> {
    Ok(NewAppointment {
        name: form.name.clone(),
        number: form.number.trim().to_owned(),
        scope: Scope::of(&form.scope).ok_or(ActFault::WrongKind)?,
        last: form
            .last
            .trim()
            .parse::<Date>()
            .map_err(|_| ActFault::AppointmentEnds)?,
    })
}

/// `POST /company/{uscc}/agents/{number}/revoke`
pub(crate) async fn revoke(visit: Visit, Last(number): Last<u64>) -> Result<Response, Fault> {
    let opened = open(&visit, "agents").await?;
    let revoked = visit
        .store()
        .revoke_appointment(&opened.permit, RecordNumber(number))
        .await;
    let number = revoked.map_err(Fault::of_store)?;
    Ok(see(&visit.own(&format!("/agents?done=appoint-revoke&n={number}"))))
}

#[cfg(test)]
impl crate::page::Samples for AgentsPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let agent = |state: &str, tone, open| AgentView {
            number: 7,
            name: "陈**".into(),
            scope: lang.t("agent-scope-act"),
            made: lang.with("agent-made", &[("day", "…")]),
            until: lang.with("consent-until", &[("day", "…")]),
            state: lang.t(&format!("agent-{state}")),
            tone,
            open,
        };
        let agents = || {
            vec![
                agent("accepted", Tone::Good, true),
                agent("asked", Tone::Late, true),
                agent("declined", Tone::Off, false),
                agent("revoked", Tone::Off, false),
                agent("ended", Tone::Off, false),
            ]
        };
        let done = || DoneView {
            who: lang.with("look-agent", &[("name", "陈**")]),
            what: lang.t("act-object"),
            when: "今天 09:41".into(),
            record: Some(7),
        };
        [false, true]
            .map(|full| Self {
                shell: Shell::sample(lang, crate::view::Desk::Company),
                representative: full.then(|| ("罗**".into(), lang.with("agent-since", &[("day", "…")]))),
                former: [false, true]
                    .into_iter()
                    .filter(|_| full)
                    .map(|taken_back| FormerView {
                        name: "黄**".into(),
                        since: lang.with("agent-since", &[("day", "…")]),
                        taken_back,
                    })
                    .collect(),
                agents: if full { agents() } else { Vec::new() },
                may_appoint: full,
                form: Appoint::default(),
                scopes: vec![
                    ("read", lang.t("agent-scope-read"), false),
                    ("act", lang.t("agent-scope-act"), true),
                ],
                today: "2026-11-23".into(),
                done: if full { vec![done()] } else { Vec::new() },
                pager: Pager::new(lang, "/company/91440604DEM0000X/agents", 1, PER_PAGE, 1),
                faults: if full {
                    vec![FormFault {
                        field: "number",
                        says: lang.t("fault-UNKNOWN-PERSON"),
                    }]
                } else {
                    Vec::new()
                },
            })
            .into()
    }
}
