//! `GET /office/queue`: objections and applications for repair of every department, those that are late first.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use store::{PleaInfo, PleaKind};

use super::{due_day_of, queues, shell};
use crate::department::owed::{due, is_late, left};
use crate::error::Fault;
use crate::extract::Query;
use crate::page::page;
use crate::view::{Filter, Pager, Shell, Tone, day, due_day, with_query};
use crate::visit::Visit;

const PER_PAGE: u32 = 50;
/// How many answered ones are looked back at.
const ANSWERED_MOST: u32 = 1_000;
const STATES: [&str; 3] = ["open", "late", "answered"];
const KINDS: [PleaKind; 2] = [PleaKind::Objection, PleaKind::Repair];

#[derive(Template)]
#[template(path = "office/queue.html")]
pub(crate) struct QueuePage {
    shell: Shell,
    filters: Vec<Filter>,
    late: u64,
    rows: Vec<PleaRow>,
    pager: Pager,
}

/// One line: nothing in it says whom it is about, or what was said.
struct PleaRow {
    number: u64,
    kind: String,
    item: String,
    source: String,
    began: String,
    due: String,
    state: String,
    tone: Tone,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    state: Option<String>,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    page: u32,
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let state = wanted.state.unwrap_or_else(|| "open".to_owned());
    let queues = queues(&visit).await?;
    let late = queues.iter().map(|queue| queue.late).sum();
    let mut pleas: Vec<PleaInfo> = Vec::new();
    if state != "answered" {
        pleas.extend(queues.into_iter().flat_map(|queue| queue.pleas));
        pleas.sort_by_key(|plea| (due_day_of(&visit, plea), plea.number));
    }
    if state == "late" {
        pleas.retain(|plea| is_late(&visit, plea));
    }
    if state == "answered" || state.is_empty() {
        let answered = visit.store().answered_pleas(ANSWERED_MOST).await;
        pleas.extend(answered.map_err(Fault::internal)?);
    }
    pleas.retain(|plea| {
        (wanted.kind.is_empty() || plea.kind.code() == wanted.kind)
            && (wanted.source.is_empty() || plea.source.as_str() == wanted.source)
    });
    let href = with_query(
        "/office/queue",
        &[
            ("state", &state),
            ("kind", &wanted.kind),
            ("source", &wanted.source),
        ],
    );
    let number = wanted.page.clamp(1, 10_000);
    let skip = usize::try_from((number - 1) * PER_PAGE).unwrap_or(0);
    let shown = pleas
        .iter()
        .skip(skip)
        .take(usize::try_from(PER_PAGE).unwrap_or(0));
    let rows = shown.map(|plea| row(&visit, plea)).collect();
    page(&QueuePage {
        shell: shell(&visit, "/office/queue"),
        filters: filters(&visit, &state, &wanted.kind, &wanted.source),
        late,
        rows,
        pager: Pager::new(visit.lang, &href, number, PER_PAGE, super::count(pleas.len())),
    })
}

fn filters(visit: &Visit, state: &str, kind: &str, source: &str) -> Vec<Filter> {
    let lang = visit.lang;
    let all = || lang.t("all");
    let states = STATES.map(|state| (state.to_owned(), lang.t(&format!("office-plea-{state}"))));
    let kinds = KINDS.map(|kind| (kind.code().to_owned(), lang.t(&format!("plea-{}", kind.code()))));
    let sources = visit.bundle.sources();
    let sources = sources.map(|source| (source.code.to_string(), lang.of(&source.name)));
    vec![
        Filter::new("state", lang.t("audit-state"), all(), states, state),
        Filter::new("kind", lang.t("owed-what"), all(), kinds, kind),
        Filter::new("source", lang.t("audit-source"), all(), sources, source),
    ]
}

fn row(visit: &Visit, plea: &PleaInfo) -> PleaRow {
    let lang = visit.lang;
    let item = visit.bundle.item(&plea.item);
    let due = due(visit, plea);
    let (state, tone) = match (plea.answered, due) {
        (Some(_), _) => (lang.t("office-plea-answered"), Tone::Off),
        (None, Some(due)) => left(visit, due),
        (None, None) => (lang.t("owed-no-deadline"), Tone::Off),
    };
    PleaRow {
        number: plea.number.0,
        kind: lang.t(&format!("plea-{}", plea.kind.code())),
        item: item.map_or_else(|| plea.item.to_string(), |item| lang.of(&item.name)),
        source: visit.source_name(&plea.source),
        began: day(lang, plea.began),
        due: due.map_or_else(|| lang.t("owed-no-deadline"), |due| due_day(lang, due)),
        state,
        tone,
    }
}

#[cfg(test)]
impl crate::page::Samples for QueuePage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = PleaRow {
            number: 4712,
            kind: lang.t("plea-objection"),
            item: "行政处罚（一般）".into(),
            source: "市场监督管理局".into(),
            began: "2026年11月20日".into(),
            due: "2026年12月1日".into(),
            state: lang.count("owed-late", 2),
            tone: Tone::Bad,
        };
        [(0, Vec::new()), (1, vec![row])]
            .map(|(late, rows)| Self {
                shell: Shell::sample(lang, crate::view::Desk::Office),
                filters: vec![Filter::new(
                    "state",
                    lang.t("audit-state"),
                    lang.t("all"),
                    STATES.map(|state| (state.to_owned(), lang.t(&format!("office-plea-{state}")))),
                    "late",
                )],
                late,
                rows,
                pager: Pager::new(lang, "/office/queue", 1, 50, 1),
            })
            .into()
    }
}
