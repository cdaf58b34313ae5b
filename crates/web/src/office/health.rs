//! `GET /office/health`: whether the house is in order: database, last verification, jobs, queues, version.

use askama::Template;
use axum::response::Response;
use batch::Told;

use super::{queues, shell};
use crate::error::Fault;
use crate::lang::Lang;
use crate::page::page;
use crate::view::{Shell, Tone, grouped, told};
use crate::visit::Visit;

/// After so many days without verification somebody should verify.
const VERIFY_DAYS: i64 = 7;
const DAY_MS: i64 = 86_400_000;
/// After so many hours without a nightly run somebody should look why.
const NIGHTLY_HOURS: i64 = 26;

#[derive(Template)]
#[template(path = "office/health.html")]
pub(crate) struct HealthPage {
    shell: Shell,
    /// Whether nothing is marked.
    fine: bool,
    rows: Vec<HealthRow>,
}

struct HealthRow {
    what: String,
    says: String,
    more: String,
    tone: Tone,
}

impl HealthRow {
    fn new(lang: Lang, key: &str, says: String, tone: Tone) -> Self {
        Self {
            what: lang.t(&format!("health-{key}")),
            says,
            more: lang.t(&format!("health-{key}-what")),
            tone,
        }
    }
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let lang = visit.lang;
    let store = visit.store();
    let database = store.database_health().await.map_err(Fault::internal)?;
    let size = [
        ("kind", database.kind.to_owned()),
        ("size", grouped(database.bytes.div_ceil(1 << 20))),
        ("migration", database.migration.to_string()),
    ];
    let size = size.each_ref().map(|(name, value)| (*name, value.as_str()));
    let waiting = store.waiting_jobs().await.map_err(Fault::internal)?.len();
    let pushes = store.webhooks().await.map_err(Fault::internal)?;
    let (push, given_up) = pushes.iter().fold((0, 0), |(waiting, given_up), one| {
        (waiting + one.waiting, given_up + one.given_up)
    });
    let queues = queues(&visit).await?;
    let late: u64 = queues.iter().map(|queue| queue.late).sum();
    let pleas: usize = queues.iter().map(|queue| queue.pleas.len()).sum();
    let tone = |bad: bool| if bad { Tone::Late } else { Tone::Good };
    let rows = vec![
        HealthRow::new(
            lang,
            "database",
            lang.with("health-database-says", &size),
            Tone::Good,
        ),
        verified(&visit).await?,
        nightly(&visit).await?,
        HealthRow::new(
            lang,
            "jobs",
            lang.count("health-wait", super::count(waiting)),
            Tone::Good,
        ),
        HealthRow::new(
            lang,
            "pushes",
            lang.with(
                "health-pushes-says",
                &[("waiting", &grouped(push)), ("given", &grouped(given_up))],
            ),
            tone(given_up > 0),
        ),
        HealthRow::new(
            lang,
            "queue",
            lang.with(
                "health-queue-says",
                &[
                    ("waiting", &grouped(super::count(pleas))),
                    ("late", &grouped(late)),
                ],
            ),
            tone(late > 0),
        ),
        HealthRow::new(
            lang,
            "version",
            format!("{} · {}", env!("CARGO_PKG_VERSION"), visit.bundle.edition()),
            Tone::Good,
        ),
    ];
    page(&HealthPage {
        shell: shell(&visit, "/office/health"),
        fine: rows.iter().all(|row| row.tone == Tone::Good),
        rows,
    })
}

/// When everything was recomputed last, and what differed.
async fn verified(visit: &Visit) -> Result<HealthRow, Fault> {
    let lang = visit.lang;
    let last = visit.store().last_verify().await.map_err(Fault::internal)?;
    let (says, tone) = match last {
        None => (lang.t("health-verified-never"), Tone::Late),
        Some(last) => {
            let old = visit.now.as_millisecond() - last.at_ms > VERIFY_DAYS * DAY_MS;
            let says = lang.with(
                "health-verified-says",
                &[
                    ("when", &visit.moment(last.at_ms)),
                    ("records", &last.records.to_string()),
                    ("differences", &last.differences.to_string()),
                ],
            );
            let tone = match (last.differences, old) {
                (0, false) => Tone::Good,
                (0, true) => Tone::Late,
                _ => Tone::Bad,
            };
            (says, tone)
        }
    };
    Ok(HealthRow::new(lang, "verified", says, tone))
}

/// When everyone was rated and the statistics were worked out last.
async fn nightly(visit: &Visit) -> Result<HealthRow, Fault> {
    let lang = visit.lang;
    let last = visit.store().last_nightly().await.map_err(Fault::internal)?;
    let (says, tone) = match last {
        None => (lang.t("health-nightly-never"), Tone::Late),
        Some(last) => {
            let old = visit.now.as_millisecond() - last.at_ms > NIGHTLY_HOURS * DAY_MS / 24;
            let moved = last.moved.map_or_else(|| told(Told::Few), grouped);
            let said = [
                ("when", visit.moment(last.at_ms)),
                ("rated", grouped(last.rated)),
                ("moved", moved),
            ];
            let said = said.each_ref().map(|(name, value)| (*name, value.as_str()));
            let tone = if old { Tone::Late } else { Tone::Good };
            (lang.with("health-nightly-says", &said), tone)
        }
    };
    Ok(HealthRow::new(lang, "nightly", says, tone))
}

#[cfg(test)]
impl crate::page::Samples for HealthPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let keys = [
            "database", "verified", "nightly", "jobs", "pushes", "queue", "version",
        ];
        [true, false]
            .map(|fine| Self {
                shell: Shell::sample(lang, crate::view::Desk::Office),
                fine,
                rows: keys
                    .map(|key| {
                        let tone = if fine { Tone::Good } else { Tone::Bad };
                        HealthRow::new(lang, key, lang.count("health-wait", 3), tone)
                    })
                    .into(),
            })
            .into()
    }
}
