//! `GET /office`: what the district holds, what waits where, and who hands in well and in time.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use store::{Holdings, MonthQuality};

use super::{Queue, holdings, queues, shell};
use crate::error::Fault;
use crate::lang::Lang;
use crate::page::page;
use crate::view::{Chart, Figure, Point, Shell, Task, Tone, grouped};
use crate::visit::Visit;

/// How many bars a chart has; what is beyond stands together.
const BARS_MOST: usize = 10;
/// How many months are taken together in the league.
const LEAGUE_MONTHS: usize = 3;
/// A share under which a department is marked.
const FINE_PERCENT: u64 = 90;

#[derive(Template)]
#[template(path = "office/home.html")]
pub(crate) struct HomePage {
    shell: Shell,
    figures: Vec<Figure>,
    tasks: Vec<Task>,
    months: Option<Chart>,
    classes: Chart,
    sources: Chart,
    league: Vec<LeagueRow>,
}

struct LeagueRow {
    source: String,
    rows: String,
    timeliness: Option<u64>,
    score: Option<u64>,
    late: String,
    refused: String,
}

impl LeagueRow {
    fn tone(share: Option<u64>) -> Tone {
        match share {
            Some(share) if share < FINE_PERCENT => Tone::Late,
            Some(_) => Tone::Good,
            None => Tone::Off,
        }
    }
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let held = holdings(&visit).await?;
    let queues = queues(&visit).await?;
    let lang = visit.lang;
    page(&HomePage {
        shell: shell(&visit, "/office"),
        figures: figures(lang, &held),
        tasks: tasks(lang, &queues),
        months: months(lang, &held),
        classes: classes(&visit, &held),
        sources: sources(&visit, &held),
        league: league(&visit).await?,
    })
}

fn figures(lang: Lang, held: &Holdings) -> Vec<Figure> {
    let records: u64 = held.records.iter().map(|(.., count)| count).sum();
    let kinds = ["person", "organisation", "sole_trader"].map(|kind| {
        let number = held.subjects.get(kind).copied().unwrap_or(0);
        (number, lang.t(&format!("kinds-{kind}")))
    });
    let first = [(records, lang.t("office-records"))];
    let figure = |(number, says)| Figure {
        number: grouped(number),
        says,
        class: "",
    };
    first.into_iter().chain(kinds).map(figure).collect()
}

fn tasks(lang: Lang, queues: &[Queue]) -> Vec<Task> {
    let sum = |of: fn(&Queue) -> u64| queues.iter().map(of).sum::<u64>();
    let late = sum(|queue| queue.late);
    let task = |count: u64, key: &str, href| Task {
        count,
        says: lang.t(key),
        more: lang.t(&format!("{key}-what")),
        tone: if count > 0 { Tone::Late } else { Tone::Off },
        href,
        go: lang.t("office-see"),
    };
    let mut pleas = task(
        sum(|queue| super::count(queue.pleas.len())),
        "office-pleas",
        "/office/queue",
    );
    if late > 0 {
        (pleas.more, pleas.tone) = (lang.count("audit-late", late), Tone::Bad);
        pleas.href = "/office/queue?state=late";
    }
    let mut tasks = vec![
        pleas,
        task(
            sum(|queue| queue.to_confirm),
            "office-to-confirm",
            "/office/sources?sort=-confirm",
        ),
        task(
            sum(|queue| queue.unlinked),
            "office-unlinked",
            "/office/sources?sort=-unlinked",
        ),
    ];
    tasks.sort_by_key(|task| task.count == 0);
    tasks
}

/// Rows taken month by month; nothing for a single month.
fn months(lang: Lang, held: &Holdings) -> Option<Chart> {
    let point = |(year, month, rows): &(i16, i8, u64)| Point {
        label: format!("{year:04}-{month:02}"),
        value: *rows,
        shown: grouped(*rows),
        tone: Tone::Good,
    };
    let points: Vec<Point> = held.months.iter().map(point).collect();
    (points.len() > 1).then(|| Chart {
        title: lang.t("office-months"),
        of: lang.t("quality-month"),
        unit: lang.t("count-rows"),
        full: None,
        points,
    })
}

fn classes(visit: &Visit, held: &Holdings) -> Chart {
    let name = |code: &record::ItemCode| {
        let class = visit.bundle.item(code).map(|item| item.class.clone());
        let class = class.and_then(|code| visit.bundle.class(&code));
        class.map_or_else(
            || visit.lang.t("office-others"),
            |class| visit.lang.of(&class.name),
        )
    };
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for (item, _, count) in &held.records {
        *sums.entry(name(item)).or_default() += count;
    }
    bars(visit.lang, "office-classes", "office-class", sums)
}

fn sources(visit: &Visit, held: &Holdings) -> Chart {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for (_, source, count) in &held.records {
        *sums.entry(visit.source_name(source)).or_default() += count;
    }
    bars(visit.lang, "office-by-source", "audit-source", sums)
}

/// The longest bars first, and the rest together.
fn bars(lang: Lang, title: &str, of: &str, sums: BTreeMap<String, u64>) -> Chart {
    let mut sums: Vec<(String, u64)> = sums.into_iter().collect();
    sums.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let rest: u64 = sums.iter().skip(BARS_MOST).map(|(_, count)| count).sum();
    sums.truncate(BARS_MOST);
    if rest > 0 {
        sums.push((lang.t("office-others"), rest));
    }
    Chart {
        title: lang.t(title),
        of: lang.t(of),
        unit: lang.t("office-records"),
        full: None,
        points: sums
            .into_iter()
            .map(|(label, value)| Point {
                label,
                value,
                shown: grouped(value),
                tone: Tone::Good,
            })
            .collect(),
    }
}

/// Who hands in in time, the least timely first: there somebody may help.
async fn league(visit: &Visit) -> Result<Vec<LeagueRow>, Fault> {
    let mut rows = Vec::new();
    let quality = visit.store().quality_of_all().await.map_err(Fault::internal)?;
    for source in visit.bundle.sources() {
        let Some(months) = quality.get(&source.code) else {
            continue;
        };
        let mut all = MonthQuality::default();
        for month in months.iter().take(LEAGUE_MONTHS) {
            all.rows += month.rows;
            all.taken += month.taken;
            all.refused += month.refused;
            all.timed += month.timed;
            all.late += month.late;
        }
        rows.push(LeagueRow {
            source: visit.lang.of(&source.name),
            rows: grouped(all.rows),
            timeliness: all.timeliness(),
            score: all.score(),
            late: grouped(all.late),
            refused: grouped(all.refused),
        });
    }
    rows.sort_by_key(|row| (row.timeliness.unwrap_or(101), row.score.unwrap_or(101)));
    Ok(rows)
}

#[cfg(test)]
impl crate::page::Samples for HomePage {
    fn samples(lang: Lang) -> Vec<Self> {
        let mut held = Holdings {
            months: vec![(2026, 10, 120), (2026, 11, 80)],
            ..Holdings::default()
        };
        held.subjects.insert("person".into(), 20_000);
        let sums = |n: u64| (0..n).map(|at| (format!("…{at}"), at)).collect();
        let row = |timeliness, score| LeagueRow {
            source: "市场监督管理局".into(),
            rows: "1,204".into(),
            timeliness,
            score,
            late: "3".into(),
            refused: "8".into(),
        };
        [
            (0, Vec::new()),
            (3, vec![row(Some(62), Some(99)), row(None, None)]),
        ]
        .map(|(waiting, league)| Self {
            shell: Shell::sample(lang, crate::view::Desk::Office),
            figures: figures(lang, &held),
            tasks: tasks(
                lang,
                &[Queue {
                    source: record::SourceCode::new("foshan.tax").unwrap(),
                    pleas: Vec::new(),
                    late: waiting,
                    to_confirm: waiting,
                    oldest_ms: None,
                    unlinked: waiting,
                }],
            ),
            months: months(lang, &held).filter(|_| waiting > 0),
            classes: bars(lang, "office-classes", "office-class", sums(14)),
            sources: bars(lang, "office-by-source", "audit-source", sums(3)),
            league,
        })
        .into()
    }
}
