//! `GET /department/due`: everything this department owes an answer to, what is late first.

use askama::Template;
use assess::{Due, DutyKind};
use axum::response::Response;
use record::Date;
use store::{PleaInfo, PleaKind};

use super::{officer, shell};
use crate::error::Fault;
use crate::page::page;
use crate::view::{Shell, Tone, day, due_day};
use crate::visit::{Frame, Visit};

#[derive(Template)]
#[template(path = "department/owed.html")]
pub(crate) struct OwedPage {
    shell: Shell,
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
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let mut open = visit.store().open_pleas(source).await.map_err(Fault::internal)?;
    open.sort_by_key(|plea| (due(&visit, plea).map_or(Date::MAX, |due| due.on), plea.number));
    let late = open.iter().filter(|plea| is_late(&visit, plea)).count();
    page(&OwedPage {
        shell: shell(&visit, "/department/due").await?,
        pleas: open.iter().map(|plea| row(&visit, plea)).collect(),
        late: u64::try_from(late).unwrap_or(u64::MAX),
    })
}

fn row(visit: &Visit, plea: &PleaInfo) -> OwedRow {
    let lang = visit.lang;
    let item = visit.bundle.item(&plea.item);
    let due = due(visit, plea);
    let (left, tone) = match due {
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
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = |kind: &str, left: String, tone| OwedRow {
            number: 4712,
            kind: lang.t(kind),
            item: "行政处罚（一般）".into(),
            began: "2026年11月20日".into(),
            due: lang.with("due-provisional", &[("day", "…")]),
            left,
            tone,
        };
        let rows = vec![
            row("plea-objection", lang.count("owed-late", 2), Tone::Bad),
            row("plea-repair", lang.t("owed-today"), Tone::Late),
            row("plea-repair", lang.count("owed-left", 3), Tone::Good),
            row("plea-repair", lang.t("owed-no-deadline"), Tone::Off),
        ];
        [(Vec::new(), 0), (rows, 1)]
            .map(|(pleas, late)| Self {
                shell: Shell::sample(lang, crate::view::Desk::Department),
                pleas,
                late,
            })
            .into()
    }
}
