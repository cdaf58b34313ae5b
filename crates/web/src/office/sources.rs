//! `GET /office/sources`: the departments: what they hold and what waits there, their keys and endpoints.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use store::{ApiKey, Webhook};

use super::{Queue, holdings, queues, shell};
use crate::error::Fault;
use crate::extract::Query;
use crate::lang::Lang;
use crate::page::page;
use crate::view::{Column, Filter, Shell, Sort, Tone, grouped, with_query};
use crate::visit::Visit;

const LEVELS: [(&str, assess::Level); 3] = [
    ("city", assess::Level::City),
    ("district", assess::Level::District),
    ("town", assess::Level::Town),
];

#[derive(Template)]
#[template(path = "office/sources.html")]
pub(crate) struct SourcesPage {
    shell: Shell,
    filters: Vec<Filter>,
    columns: Vec<Column>,
    sources: Vec<SourceRow>,
    keys: Vec<KeyRow>,
    endpoints: Vec<EndpointRow>,
}

struct SourceRow {
    name: String,
    level: String,
    records: u64,
    owed: u64,
    late: u64,
    confirm: u64,
    oldest: String,
    unlinked: u64,
    last: String,
    last_ms: i64,
}

struct KeyRow {
    name: String,
    source: String,
    state: String,
    tone: Tone,
    until: String,
    used: String,
}

struct EndpointRow {
    source: String,
    host: String,
    told: String,
    waiting: u64,
    given_up: u64,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    level: String,
    #[serde(default)]
    sort: String,
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let held = holdings(&visit).await?;
    let level = LEVELS.iter().find(|(code, _)| *code == wanted.level);
    let mut rows = Vec::new();
    for queue in queues(&visit).await? {
        let source = visit.bundle.source(&queue.source);
        let of_level = |(_, level): &(&str, assess::Level)| source.is_some_and(|one| one.level == *level);
        if level.is_some_and(|level| !of_level(level)) {
            continue;
        }
        let records = held.records.iter().filter(|(_, of, _)| *of == queue.source);
        let records = records.map(|(.., count)| count).sum();
        let last_ms = held.last_file_ms.get(&queue.source).copied();
        let name = LEVELS.iter().find(|level| of_level(level));
        let level = name.map(|(code, _)| visit.lang.t(&format!("level-{code}")));
        rows.push(row(&visit, &queue, level.unwrap_or_default(), records, last_ms));
    }
    let asked = Some(wanted.sort.as_str()).filter(|sort| !sort.is_empty());
    let sort = Sort::of(
        asked.unwrap_or("-records"),
        &["name", "records", "owed", "confirm", "unlinked", "last"],
    );
    match sort.by {
        "records" => sort.rows(&mut rows, |row| row.records),
        "owed" => sort.rows(&mut rows, |row| (row.late, row.owed)),
        "confirm" => sort.rows(&mut rows, |row| row.confirm),
        "unlinked" => sort.rows(&mut rows, |row| row.unlinked),
        "last" => sort.rows(&mut rows, |row| row.last_ms),
        _ => sort.rows(&mut rows, |row| row.name.clone()),
    }
    let keys = visit.store().api_keys().await.map_err(Fault::internal)?;
    let endpoints = visit.store().webhooks().await.map_err(Fault::internal)?;
    page(&SourcesPage {
        shell: shell(&visit, "/office/sources"),
        filters: filters(visit.lang, &wanted.level),
        columns: columns(visit.lang, sort, &wanted.level),
        sources: rows,
        keys: keys.iter().map(|key| key_row(&visit, key)).collect(),
        endpoints: endpoints.iter().map(|one| endpoint_row(&visit, one)).collect(),
    })
}

fn filters(lang: Lang, asked: &str) -> Vec<Filter> {
    let levels = LEVELS.map(|(code, _)| (code.to_owned(), lang.t(&format!("level-{code}"))));
    vec![Filter::new(
        "level",
        lang.t("office-level"),
        lang.t("all"),
        levels,
        asked,
    )]
}

fn columns(lang: Lang, sort: Sort, level: &str) -> Vec<Column> {
    let href = with_query("/office/sources", &[("level", level)]);
    let column = |key: &str, name| Column::sorts(lang.t(key), name, sort, &href);
    vec![
        column("audit-source", "name"),
        column("office-records", "records").right(),
        column("nav-owed", "owed").right(),
        column("nav-confirm", "confirm").right(),
        column("nav-unlinked", "unlinked").right(),
        column("office-last-file", "last"),
    ]
}

fn row(visit: &Visit, queue: &Queue, level: String, records: u64, last_ms: Option<i64>) -> SourceRow {
    let lang = visit.lang;
    let moment = |ms| visit.moment(ms);
    SourceRow {
        name: visit.source_name(&queue.source),
        level,
        records,
        owed: super::count(queue.pleas.len()),
        late: queue.late,
        confirm: queue.to_confirm,
        oldest: queue
            .oldest_ms
            .map(|ms| lang.with("office-since", &[("day", &moment(ms))]))
            .unwrap_or_default(),
        unlinked: queue.unlinked,
        last: last_ms.map_or_else(|| lang.t("office-never"), moment),
        last_ms: last_ms.unwrap_or(0),
    }
}

fn key_row(visit: &Visit, key: &ApiKey) -> KeyRow {
    let lang = visit.lang;
    let (state, tone) = match (key.revoked, key.expires_ms > visit.now.as_millisecond()) {
        (true, _) => ("key-revoked", Tone::Bad),
        (false, true) => ("key-good", Tone::Good),
        (false, false) => ("key-ended", Tone::Off),
    };
    KeyRow {
        name: key.officer.to_string(),
        source: visit.source_name(&key.source),
        state: lang.t(state),
        tone,
        until: visit.moment(key.expires_ms),
        used: key
            .last_used_ms
            .map_or_else(|| lang.t("office-never"), |ms| visit.moment(ms)),
    }
}

fn endpoint_row(visit: &Visit, one: &Webhook) -> EndpointRow {
    // The path may hold what only the two sides know.
    let host = one.url.split('/').nth(2).unwrap_or_default();
    EndpointRow {
        source: visit.source_name(&one.source),
        host: host.to_owned(),
        told: one
            .delivered_ms
            .map_or_else(|| visit.lang.t("office-never"), |ms| visit.moment(ms)),
        waiting: one.waiting,
        given_up: one.given_up,
    }
}

impl SourceRow {
    fn records(&self) -> String {
        grouped(self.records)
    }
}

#[cfg(test)]
impl crate::page::Samples for SourcesPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let row = |late| SourceRow {
            name: "市场监督管理局".into(),
            level: lang.t("level-district"),
            records: 1204,
            owed: 3,
            late,
            confirm: late,
            oldest: lang.with("office-since", &[("day", "…")]),
            unlinked: 0,
            last: "今天 09:41".into(),
            last_ms: 0,
        };
        let key = |state: &str, tone| KeyRow {
            name: "api-market".into(),
            source: "市场监督管理局".into(),
            state: lang.t(state),
            tone,
            until: "2027年11月23日 09:41".into(),
            used: lang.t("office-never"),
        };
        let endpoint = EndpointRow {
            source: "市场监督管理局".into(),
            host: "hook.example".into(),
            told: lang.t("office-never"),
            waiting: 2,
            given_up: 1,
        };
        vec![
            Self {
                shell: Shell::sample(lang, crate::view::Desk::Office),
                filters: filters(lang, ""),
                columns: columns(lang, Sort::of("-owed", &["name", "owed"]), ""),
                sources: vec![row(0), row(1)],
                keys: vec![
                    key("key-good", Tone::Good),
                    key("key-ended", Tone::Off),
                    key("key-revoked", Tone::Bad),
                ],
                endpoints: vec![endpoint],
            },
            Self {
                shell: Shell::sample(lang, crate::view::Desk::Office),
                filters: filters(lang, "town"),
                columns: columns(lang, Sort::of("", &["name"]), "town"),
                sources: Vec::new(),
                keys: Vec::new(),
                endpoints: Vec::new(),
            },
        ]
    }
}
