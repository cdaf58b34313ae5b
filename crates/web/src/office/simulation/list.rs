//! `GET /office/simulations`: the drafts that were tried, the newest first.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use store::{Page, Simulation, SimulationFilter, SimulationState};

use crate::error::Fault;
use crate::extract::Query;
use crate::lang::Lang;
use crate::office::shell;
use crate::page::page;
use crate::view::{Filter, Pager, Shell, Tone, day, with_chosen};
use crate::visit::Visit;

const LIST: &str = "/office/simulations";
const PER_PAGE: u32 = 50;
/// The longest text that is searched for.
const SEARCH_MOST: usize = 100;

#[derive(Template)]
#[template(path = "office/simulations.html")]
pub(crate) struct SimulationsPage {
    shell: Shell,
    q: String,
    filters: Vec<Filter>,
    rows: Vec<SimulationRow>,
    pager: Pager,
}

struct SimulationRow {
    id: u64,
    name: String,
    edition: String,
    days: String,
    by: String,
    drafted: String,
    state: String,
    tone: Tone,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: u32,
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let q: String = record::tidy_text(&wanted.q).chars().take(SEARCH_MOST).collect();
    let filter = SimulationFilter {
        text: q.clone(),
        state: SimulationState::CODES
            .into_iter()
            .find(|code| *code == wanted.state),
    };
    let at = Page::new(wanted.page, PER_PAGE);
    let found = visit
        .store()
        .simulations(&filter, at)
        .await
        .map_err(Fault::internal)?;
    let href = with_chosen(LIST, &[("q", &q), ("state", &wanted.state)]);
    page(&SimulationsPage {
        shell: shell(&visit, LIST),
        filters: vec![state_filter(visit.lang, &wanted.state)],
        rows: found.rows.iter().map(|one| row(&visit, one)).collect(),
        pager: Pager::new(visit.lang, &href, found.page, PER_PAGE, found.total),
        q,
    })
}

fn state_filter(lang: Lang, asked: &str) -> Filter {
    let states = SimulationState::CODES.map(|code| (code.to_owned(), lang.t(&format!("simulation-{code}"))));
    Filter::new("state", lang.t("audit-state"), lang.t("all"), states, asked)
}

fn row(visit: &Visit, one: &Simulation) -> SimulationRow {
    let lang = visit.lang;
    SimulationRow {
        id: one.id.0,
        name: one.name.clone(),
        edition: one.edition.clone(),
        days: lang.list(one.days.iter().map(|on| day(lang, *on))),
        by: one.by.clone(),
        drafted: visit.moment(one.drafted_ms),
        state: lang.t(&format!("simulation-{}", one.state.code())),
        tone: tone(&one.state),
    }
}

/// How a state is coloured.
pub(super) fn tone(state: &SimulationState) -> Tone {
    match state {
        SimulationState::Waiting => Tone::Late,
        SimulationState::Done(_) => Tone::Good,
        SimulationState::Failed(_) => Tone::Bad,
    }
}

#[cfg(test)]
impl crate::page::Samples for SimulationsPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let row = |state: SimulationState| SimulationRow {
            id: 3,
            name: "A 级下调到 80 分".into(),
            edition: "2026.2".into(),
            days: "2026年11月23日".into(),
            by: "guan".into(),
            drafted: "今天 09:41".into(),
            state: lang.t(&format!("simulation-{}", state.code())),
            tone: tone(&state),
        };
        let states = [SimulationState::Waiting, SimulationState::Failed("store".into())];
        [Vec::new(), states.map(row).into()]
            .map(|rows| Self {
                shell: Shell::sample(lang, crate::view::Desk::Office),
                q: String::new(),
                filters: vec![state_filter(lang, "done")],
                rows,
                pager: Pager::new(lang, LIST, 1, PER_PAGE, 2),
            })
            .into()
    }
}
