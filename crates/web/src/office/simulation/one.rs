//! `GET /office/simulations/{id}`, `…/report.html`, `…/report.xlsx`: one draft and what it would do to everyone. Whoever reads it is
//! noted, for an edition is approved by somebody who has (guard 10).

use askama::Template;
use assess::Bundle;
use axum::response::Response;
use batch::{DayReport, SimulationReport};
use record::SimulationId;
use serde::Deserialize;
use std::sync::PoisonError;
use store::{Simulation, SimulationDone, SimulationState};

use super::file::{about, as_page, as_workbook, attention_title};
use super::list::tone;
use super::run::SimulationStep;
use super::tables::{CardView, TableView, beside, cards, days};
use super::words::Names;
use crate::download::{WORKBOOK, download};
use crate::error::Fault;
use crate::extract::{Path, Query};
use crate::office::shell;
use crate::page::page;
use crate::view::{Given, Shell, Tone, day, with_query};
use crate::visit::Visit;

const LIST: &str = "/office/simulations";

#[derive(Template)]
#[template(path = "office/simulation.html")]
pub(crate) struct SimulationPage {
    shell: Shell,
    id: u64,
    name: String,
    state: String,
    tone: Tone,
    /// Why, by whom, by which rules, on how much.
    given: Vec<Given>,
    body: Body,
}

enum Body {
    /// It waits, or is so far.
    Working(Working),
    /// Why there is none.
    Failed(String),
    Done(Box<Done>),
}

#[derive(Default)]
struct Working {
    says: String,
    done: u64,
    of: u64,
}

struct Done {
    /// Whether its seal fits.
    sealed: bool,
    attention_title: String,
    attention: Vec<String>,
    /// Address, day, whether it is open.
    days: Vec<(String, String, bool)>,
    across: Option<TableView>,
    /// By how they moved, the examples that one may open.
    examples: Vec<(String, Vec<u32>)>,
    cards: Vec<CardView>,
    beside: Vec<TableView>,
    readers: Vec<String>,
}

#[derive(Deserialize, Default)]
pub(crate) struct Wanted {
    #[serde(default)]
    day: usize,
}

/// `GET /office/simulations/{id}`
pub(crate) async fn show(
    visit: Visit,
    Path(id): Path<u64>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let one = found(&visit, id).await?;
    let mut shell = shell(&visit, LIST);
    let (body, said) = match &one.state {
        SimulationState::Waiting => {
            shell.refresh_seconds = Some(2);
            (Body::Working(working(&visit, id)), Vec::new())
        }
        SimulationState::Failed(why) => (
            Body::Failed(visit.lang.t(&format!("simulation-failed-{why}"))),
            Vec::new(),
        ),
        SimulationState::Done(done) => {
            let report = read(&visit, &one, done).await?;
            let body = Body::Done(Box::new(shown(&visit, &one, done, &report, wanted.day).await?));
            (body, about(visit.lang, &report))
        }
    };
    page(&SimulationPage {
        shell,
        id,
        name: one.name.clone(),
        state: visit.lang.t(&format!("simulation-{}", one.state.code())),
        tone: tone(&one.state),
        given: given(&visit, &one, said),
        body,
    })
}

/// `…/report.html`
pub(crate) async fn html(visit: Visit, Path(id): Path<u64>) -> Result<Response, Fault> {
    let (one, report, draft) = to_take_away(&visit, id).await?;
    let text = as_page(&one.name, &report, (&visit.bundle, &draft), visit.lang.code());
    let bytes = text.map_err(Fault::internal)?.into_bytes();
    Ok(download(
        &format!("simulation-{id}.html"),
        "text/html; charset=utf-8",
        bytes,
    ))
}

/// `…/report.xlsx`
pub(crate) async fn xlsx(visit: Visit, Path(id): Path<u64>) -> Result<Response, Fault> {
    let (_, report, draft) = to_take_away(&visit, id).await?;
    let bytes = as_workbook(&report, (&visit.bundle, &draft), visit.lang.code());
    let bytes = bytes.map_err(Fault::internal)?;
    Ok(download(&format!("simulation-{id}.xlsx"), WORKBOOK, bytes))
}

async fn found(visit: &Visit, id: u64) -> Result<Simulation, Fault> {
    let one = visit.store().simulation(SimulationId(id)).await;
    one.map_err(Fault::internal)?.ok_or(Fault::NotFound)
}

/// What was drafted, what it would do, and the draft itself.
async fn to_take_away(visit: &Visit, id: u64) -> Result<(Simulation, SimulationReport, Bundle), Fault> {
    let one = found(visit, id).await?;
    let SimulationState::Done(done) = &one.state else {
        return Err(Fault::NotFound);
    };
    let report = read(visit, &one, done).await?;
    let draft = visit.store().simulation_bundle(one.id).await;
    Ok((one, report, draft.map_err(Fault::of_store)?))
}

/// The report, and that it is read.
async fn read(visit: &Visit, one: &Simulation, done: &SimulationDone) -> Result<SimulationReport, Fault> {
    let (officer, source) = visit.permit.staff().ok_or(Fault::Forbidden)?;
    let noted = visit.store().read_simulation(one, officer, source).await;
    noted.map_err(Fault::internal)?;
    serde_json::from_str(&done.figures).map_err(Fault::internal)
}

fn working(visit: &Visit, id: u64) -> Working {
    let step = *visit
        .app
        .simulating
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    match step {
        Some((of, SimulationStep { what, done, of: all })) if of == id => Working {
            says: visit.lang.t(&format!("simulation-step-{what}")),
            done,
            of: all,
        },
        _ => Working {
            says: visit.lang.t("simulation-step-waiting"),
            ..Working::default()
        },
    }
}

fn given(visit: &Visit, one: &Simulation, said: Vec<(String, String)>) -> Vec<Given> {
    let lang = visit.lang;
    let mut all = vec![
        (lang.t("simulation-reason"), one.why.clone()),
        (
            lang.t("simulation-drafted"),
            format!("{} · {}", one.by, visit.moment(one.drafted_ms)),
        ),
    ];
    if said.is_empty() {
        all.push((lang.t("simulation-draft"), one.edition.clone()));
        let days = one.days.iter().map(|on| day(lang, *on));
        all.push((lang.t("simulation-on"), lang.list(days)));
    }
    all.extend(said);
    all.into_iter()
        .map(|(label, value)| Given {
            label,
            value,
            change: None,
        })
        .collect()
}

async fn shown(
    visit: &Visit,
    one: &Simulation,
    done: &SimulationDone,
    report: &SimulationReport,
    asked: usize,
) -> Result<Done, Fault> {
    let store = visit.store();
    let draft = store.simulation_bundle(one.id).await.map_err(Fault::of_store)?;
    let names = Names {
        draft: &draft,
        in_force: &visit.bundle,
        lang: visit.lang,
    };
    let mut readers = Vec::new();
    for (officer, at_ms) in store.simulation_readers(one.id).await.map_err(Fault::internal)? {
        readers.push(format!("{officer} · {}", visit.moment(at_ms)));
    }
    let last = report.days.len().saturating_sub(1);
    // Days are counted from 1 in an address; the last one is shown first.
    let open = asked.checked_sub(1).filter(|at| *at <= last).unwrap_or(last);
    let of = report
        .days
        .get(open)
        .ok_or_else(|| Fault::internal("a report without a day"))?;
    let attention = report.attention();
    let days_of = report.days.iter().enumerate().map(|(at, day_of)| {
        let href = with_query(&format!("{LIST}/{}", one.id), &[("day", &(at + 1).to_string())]);
        (href, day(visit.lang, day_of.on), at == open)
    });
    Ok(Done {
        sealed: done.seal.is_some(),
        attention_title: attention_title(visit.lang, attention.len()),
        attention: attention.into_iter().map(|one| names.attention(one)).collect(),
        days: days_of.filter(|_| last > 0).collect(),
        across: days(&names, report),
        examples: examples(&names, of),
        cards: cards(&names, of),
        beside: beside(&names, report, of),
        readers,
    })
}

/// The examples of a day, by scorecard and move.
fn examples(names: &Names<'_>, of: &DayReport) -> Vec<(String, Vec<u32>)> {
    let mut found: Vec<(String, Vec<u32>)> = Vec::new();
    for card in &of.cards {
        for one in &card.examples {
            let not = || names.lang.t("simulation-not-rated");
            let [from, to] = [&one.from, &one.to].map(|letter| letter.clone().unwrap_or_else(not));
            let says = format!("{}: {from} → {to}", names.card(&card.card));
            match found.last_mut() {
                Some((last, numbers)) if *last == says => numbers.push(one.number),
                _ => found.push((says, vec![one.number])),
            }
        }
    }
    found
}

#[cfg(test)]
fn sample_table(lang: crate::lang::Lang, id: &str) -> TableView {
    TableView {
        id: id.into(),
        title: lang.t("simulation-matrix"),
        means: lang.t("simulation-matrix-means"),
        heads: vec!["A".into(), "B".into()],
        rows: vec![("A".into(), vec!["1,204".into()])],
    }
}

/// A scorecard of many people, and one of few.
#[cfg(test)]
fn sample_cards(lang: crate::lang::Lang) -> Vec<CardView> {
    use crate::view::{Chart, Figure, Point};
    let point = Point {
        label: "60–69".into(),
        value: 20,
        shown: "20".into(),
        tone: Tone::Off,
    };
    let card = CardView {
        id: "person".into(),
        title: "自然人信用评价".into(),
        figures: vec![Figure {
            number: "<10".into(),
            says: lang.t("simulation-better"),
            class: "plus",
        }],
        charts: vec![Chart {
            title: lang.t("simulation-points-before"),
            of: lang.t("simulation-points"),
            unit: lang.t("simulation-people"),
            full: None,
            points: vec![point],
        }],
        tables: vec![sample_table(lang, "person-matrix")],
        few: None,
    };
    let few = CardView {
        id: "sole-trader".into(),
        title: "个体工商户信用评价".into(),
        figures: Vec::new(),
        charts: Vec::new(),
        tables: Vec::new(),
        few: Some(lang.t("simulation-card-few")),
    };
    vec![card, few]
}

#[cfg(test)]
impl crate::page::Samples for SimulationPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let done = |whole: bool| Done {
            sealed: whole,
            attention_title: attention_title(lang, usize::from(whole)),
            attention: whole.then(|| "…".to_owned()).into_iter().collect(),
            days: vec![(
                "/office/simulations/3?day=1".into(),
                "2026年11月23日".into(),
                whole,
            )],
            across: whole.then(|| sample_table(lang, "days")),
            examples: vec![("自然人信用评价: B → A".into(), vec![482_913, 120_044])],
            cards: sample_cards(lang),
            beside: vec![sample_table(lang, "whys")],
            readers: vec!["guan · 今天 09:41".into()],
        };
        let bodies = [
            Body::Working(Working::default()),
            Body::Working(Working {
                says: lang.t("simulation-step-rating"),
                done: 3,
                of: 10,
            }),
            Body::Failed(lang.t("simulation-failed-store")),
            Body::Done(Box::new(done(true))),
            Body::Done(Box::new(done(false))),
        ];
        bodies
            .map(|body| Self {
                shell: Shell::sample(lang, crate::view::Desk::Office),
                id: 3,
                name: "A 级下调到 80 分".into(),
                state: lang.t("simulation-done"),
                tone: Tone::Good,
                given: Vec::new(),
                body,
            })
            .into()
    }
}
