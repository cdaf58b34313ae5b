//! `GET /department/due`: everything this department owes an answer to, what is late first unless one sorts otherwise.

use askama::Template;
use assess::{Due, DutyKind};
use axum::response::Response;
use record::{Date, OfficerId};
use serde::Deserialize;
use store::{PleaInfo, PleaKind};

use super::{officer, shell};
use crate::error::Fault;
use crate::extract::Query;
use crate::lang::Lang;
use crate::page::page;
use crate::view::{Column, Filter, Shell, Sort, Tone, day, due_day, with_chosen};
use crate::visit::{Frame, Visit};

/// What has its answer, as an address names it, and how many of those are listed, the newest.
const ANSWERED: &str = "answered";
const ANSWERED_MOST: u32 = 200;
/// What may be filtered by.
const KINDS: [PleaKind; 2] = [PleaKind::Objection, PleaKind::Repair];

#[derive(Template)]
#[template(path = "department/owed.html")]
pub(crate) struct OwedPage {
    shell: Shell,
    columns: Vec<Column>,
    filters: Vec<Filter>,
    /// Whether there is anything beyond what the filter lets through.
    any: bool,
    pleas: Vec<OwedRow>,
    late: u64,
}

/// One line: nothing in it says whom it is about.
pub(crate) struct OwedRow {
    number: u64,
    kind: String,
    item: String,
    began: String,
    due: String,
    left: String,
    tone: Tone,
    /// Whether a colleague must answer it.
    colleagues: bool,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    sort: String,
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let (who, source) = officer(&visit)?;
    let store = visit.store();
    let answered = asked.state == ANSWERED;
    let found = if answered {
        store.answered_pleas_of(source, ANSWERED_MOST).await
    } else {
        store.open_pleas(source).await
    };
    let mut open = found.map_err(Fault::internal)?;
    let sort = Sort::of(&asked.sort, &["due", "began", "item"]);
    open.sort_by_key(|plea| plea.number);
    match sort.by {
        "began" => sort.rows(&mut open, |plea| plea.began),
        "item" => sort.rows(&mut open, |plea| plea.item.clone()),
        _ => sort.rows(&mut open, |plea| {
            due(&visit, plea).map_or(Date::MAX, |due| due.on)
        }),
    }
    let late = open
        .iter()
        .filter(|plea| !answered && is_late(&visit, plea))
        .count();
    let any = answered || !open.is_empty();
    if let Some(kind) = KINDS.into_iter().find(|kind| kind.code() == asked.kind) {
        open.retain(|plea| plea.kind == kind);
    }
    page(&OwedPage {
        shell: shell(&visit, "/department/due").await?,
        columns: columns(visit.lang, sort, &asked),
        filters: filters(visit.lang, &asked),
        any,
        pleas: open.iter().map(|plea| row(&visit, plea, who)).collect(),
        late: u64::try_from(late).unwrap_or(u64::MAX),
    })
}

fn filters(lang: Lang, asked: &Asked) -> Vec<Filter> {
    let answered = [(ANSWERED.to_owned(), lang.t("owed-answered"))];
    let kinds = KINDS.map(|kind| (kind.code().to_owned(), lang.t(&format!("plea-{}", kind.code()))));
    vec![
        Filter::new(
            "state",
            lang.t("owed-state"),
            lang.t("owed-waits"),
            answered,
            &asked.state,
        ),
        Filter::new("kind", lang.t("owed-what"), lang.t("all"), kinds, &asked.kind),
    ]
}

fn columns(lang: Lang, sort: Sort, asked: &Asked) -> Vec<Column> {
    let href = with_chosen(
        "/department/due",
        &[("state", &asked.state), ("kind", &asked.kind)],
    );
    let column = |key: &str, name| Column::sorts(lang.t(key), name, sort, &href);
    vec![
        column("owed-what", "item"),
        column("owed-since", "began"),
        column("owed-due", "due"),
        Column::plain(lang.t("owed-days")),
    ]
}

fn row(visit: &Visit, plea: &PleaInfo, who: &OfficerId) -> OwedRow {
    let lang = visit.lang;
    let item = visit.bundle.item(&plea.item);
    let due = due(visit, plea);
    let (left, tone) = match due {
        _ if plea.answered.is_some() => (lang.t("owed-answered"), Tone::Off),
        Some(due) => left(visit, due),
        None => (String::new(), Tone::Off),
    };
    OwedRow {
        number: plea.number.0,
        kind: lang.t(&format!("plea-{}", plea.kind.code())),
        item: item.map_or_else(|| plea.item.to_string(), |item| lang.of(&item.name)),
        began: day(lang, plea.began),
        due: due.map_or_else(|| lang.t("owed-no-deadline"), |due| due_day(lang, due)),
        left,
        tone,
        colleagues: plea.answered.is_none() && !plea.is_for(who),
    }
}

/// By when it is to be answered, as the rules in force say; nothing if they set no deadline.
pub(crate) fn due(visit: &Frame, plea: &PleaInfo) -> Option<Due> {
    let bundle = &visit.bundle;
    let duties: &[DutyKind] = match plea.kind {
        PleaKind::Objection => &[DutyKind::ObjectionAnswer],
        // The department's own part comes first, and one answer does for both.
        PleaKind::Repair => &[DutyKind::RepairDecision, DutyKind::RepairAnswer],
    };
    let deadlines = duties.iter().filter_map(|duty| bundle.deadline(*duty));
    deadlines
        .map(|deadline| deadline.due(bundle.calendar(), plea.began))
        .min()
}

/// Whether its day is over.
pub(crate) fn is_late(visit: &Frame, plea: &PleaInfo) -> bool {
    due(visit, plea).is_some_and(|due| due.on < visit.today())
}

/// How long there is, in words.
pub(crate) fn left(visit: &Frame, due: Due) -> (String, Tone) {
    let between = |from: Date, to: Date| u64::try_from(to.since(from).map_or(0, |span| span.get_days()));
    let today = visit.today();
    match due.on {
        on if on < today => {
            let days = between(on, today).unwrap_or(0);
            (visit.lang.count("owed-late", days), Tone::Bad)
        }
        on if on == today => (visit.lang.t("owed-today"), Tone::Late),
        on => {
            let days = between(today, on).unwrap_or(0);
            (visit.lang.count("owed-left", days), Tone::Good)
        }
    }
}

#[cfg(test)]
impl crate::page::Samples for OwedPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let row = |kind: &str, left: String, tone| OwedRow {
            number: 4712,
            kind: lang.t(kind),
            item: "行政处罚（一般）".into(),
            began: "2026年11月20日".into(),
            due: lang.with("due-provisional", &[("day", "…")]),
            left,
            colleagues: tone == Tone::Good,
            tone,
        };
        let rows = vec![
            row("plea-objection", lang.count("owed-late", 2), Tone::Bad),
            row("plea-repair", lang.t("owed-today"), Tone::Late),
            row("plea-repair", lang.count("owed-left", 3), Tone::Good),
            row("plea-repair", lang.t("owed-no-deadline"), Tone::Off),
        ];
        [(Vec::new(), 0, ""), (Vec::new(), 0, "repair"), (rows, 1, "")]
            .map(|(pleas, late, kind)| {
                let asked = Asked {
                    kind: kind.into(),
                    state: String::new(),
                    sort: String::new(),
                };
                Self {
                    shell: Shell::sample(lang, crate::view::Desk::Department),
                    columns: columns(lang, Sort::of("-due", &["due"]), &asked),
                    filters: filters(lang, &asked),
                    any: !kind.is_empty() || late > 0,
                    pleas,
                    late,
                }
            })
            .into()
    }
}
