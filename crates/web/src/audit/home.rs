//! `GET /audit`: what is due, and how many looks there were day by day.

use super::{Waiting, midnight, shell_with, waiting};
use crate::error::Fault;
use crate::lang::Lang;
use crate::page::page;
use crate::view::{Chart, Point, Shell, Task, Tone, grouped};
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use jiff::ToSpan as _;

/// How many days the chart shows.
const DAYS: u16 = 14;

#[derive(Template)]
#[template(path = "audit/home.html")]
pub(crate) struct HomePage {
    shell: Shell,
    total: u64,
    tasks: Vec<Task>,
    looks: Chart,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let waiting = waiting(&visit).await?;
    page(&HomePage {
        shell: shell_with(&visit, "/audit", &waiting),
        total: waiting.questions + waiting.unusual + waiting.follow_up,
        tasks: tasks(visit.lang, &waiting),
        looks: looks(&visit).await?,
    })
}

/// What people ask first, then what is unusual.
fn tasks(lang: Lang, waiting: &Waiting) -> Vec<Task> {
    let task = |count: u64, late: u64, key: &str, href| Task {
        count,
        says: lang.t(key),
        more: if late > 0 {
            lang.count("audit-late", late)
        } else {
            lang.t(&format!("{key}-what"))
        },
        tone: match (late, count) {
            (1.., _) => Tone::Bad,
            (0, 1..) => Tone::Late,
            (0, 0) => Tone::Off,
        },
        href,
        go: lang.t(&format!("{key}-go")),
    };
    let mut tasks = vec![
        task(
            waiting.questions,
            waiting.questions_late,
            "audit-due-questions",
            "/audit/questions",
        ),
        task(
            waiting.unusual,
            waiting.unusual_late,
            "audit-due-unusual",
            "/audit/unusual",
        ),
        task(
            waiting.follow_up,
            0,
            "audit-due-follow-up",
            "/audit/unusual?state=follow_up",
        ),
    ];
    tasks.sort_by_key(|task| task.count == 0);
    tasks
}

/// Looks of others, day by day.
async fn looks(visit: &Visit) -> Result<Chart, Fault> {
    let first = visit.today().saturating_sub((i64::from(DAYS) - 1).days());
    let from_ms = midnight(first).unwrap_or_default();
    let counts = visit.store().looks_by_day(from_ms, DAYS).await;
    let counts = counts.map_err(Fault::internal)?.into_iter();
    let points = (0_i64..).zip(counts).map(|(after, total)| {
        let day = first.saturating_add(after.days());
        Point {
            label: format!("{:02}-{:02}", day.month(), day.day()),
            value: total,
            shown: grouped(total),
            tone: Tone::Good,
        }
    });
    Ok(chart(visit.lang, points.collect()))
}

fn chart(lang: Lang, points: Vec<Point>) -> Chart {
    Chart {
        title: lang.t("audit-looks-chart"),
        of: lang.t("audit-day"),
        unit: lang.t("audit-looks-unit"),
        full: None,
        points,
    }
}

#[cfg(test)]
impl crate::page::Samples for HomePage {
    fn samples(lang: Lang) -> Vec<Self> {
        let point = |value: u64| Point {
            label: format!("11-{value:02}"),
            value,
            shown: value.to_string(),
            tone: Tone::Good,
        };
        [(0, 0), (3, 0), (3, 2)]
            .map(|(count, late)| Self {
                shell: Shell::sample(lang, crate::view::Desk::Audit),
                total: count,
                tasks: tasks(
                    lang,
                    &Waiting {
                        questions: count,
                        questions_late: late,
                        unusual: count,
                        unusual_late: late,
                        follow_up: count,
                    },
                ),
                looks: chart(lang, (1..15).map(point).collect()),
            })
            .into()
    }
}
