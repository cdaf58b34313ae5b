//! `/office/statistics` and `/statistics`, with `.json` and `.csv` beside them. The office reads those of last night; everyone reads the
//! first of the month, of months that are over.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use batch::{Statistics, ToldTable};
use record::{AsOf, TreeSize};
use serde::Deserialize;

use super::rows::{StatisticRow, Words, statistic_rows};
use super::sections::{InWords, Narrowed, Section};
use crate::download;
use crate::error::Fault;
use crate::extract::Query;
use crate::office;
use crate::page::page;
use crate::public::data::{self, Format};
use crate::view::{Desk, Filter, Shell, day, with_chosen};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "statistics.html")]
pub(crate) struct StatisticsPage {
    shell: Shell,
    action: &'static str,
    /// Of which day they are; nothing if there are none yet.
    as_of: Option<String>,
    filters: Vec<Filter>,
    sections: Vec<Section>,
    json: String,
    csv: String,
}

#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    year: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    class: String,
}

/// `GET /office/statistics`, `.json`, `.csv`
pub(crate) async fn office(
    visit: Visit,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let kept = visit.store().statistics().await.map_err(Fault::internal)?;
    let statistics = kept.and_then(|kept| serde_json::from_str(&kept.figures).ok());
    let shell = office::shell(&visit, OFFICE);
    let mut answer = answer(&visit, &headers, &asked, (shell, OFFICE), statistics.as_ref())?;
    // What the office reads is no open data, which may be kept.
    let never = HeaderValue::from_static("no-store");
    answer.headers_mut().insert(header::CACHE_CONTROL, never);
    Ok(answer)
}

/// `GET /statistics`, `.json`, `.csv`
pub(crate) async fn public(
    visit: Visit,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let kept = visit.store().public_statistics().await.map_err(Fault::internal)?;
    let statistics = kept.and_then(|kept| serde_json::from_str::<Statistics>(&kept.figures).ok());
    let shell = visit.shell(Desk::Public);
    let statistics = statistics.map(Statistics::of_months_over);
    answer(&visit, &headers, &asked, (shell, PUBLIC), statistics.as_ref())
}

const OFFICE: &str = "/office/statistics";
const PUBLIC: &str = "/statistics";

fn answer(
    visit: &Visit,
    headers: &HeaderMap,
    asked: &Asked,
    (shell, action): (Shell, &'static str),
    statistics: Option<&Statistics>,
) -> Result<Response, Fault> {
    let (_, format) = Format::of(visit.here.split('?').next().unwrap_or_default());
    if format == Format::Html {
        let words = Words {
            bundle: &visit.bundle,
            lang: visit.lang,
        };
        return page(&page_of(shell, action, words, asked, statistics));
    }
    let rows = statistics.map(|statistics| {
        let mut rows = statistic_rows(statistics, &visit.bundle, visit.lang.code());
        rows.retain(|row| asked.wants(row));
        rows
    });
    let rows = rows.unwrap_or_default();
    if format == Format::Json {
        let of = statistics.map_or((visit.as_of, visit.bundle.edition()), |one| {
            let as_of = AsOf {
                on: one.on,
                known: TreeSize(one.known),
            };
            (as_of, one.edition.as_str())
        });
        return data::json_as_of(visit, headers, of, &rows, None);
    }
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.cells().map(|cell| download::harmless(&cell)).into())
        .collect();
    Ok(data::table(visit, headers, &StatisticRow::FIELDS, &cells))
}

impl Asked {
    /// Whether a row is among those that were chosen, as far as its table is broken down so.
    fn wants(&self, row: &StatisticRow) -> bool {
        let by_source = matches!(row.table, "classes" | "days");
        let of_year = row.table == "grades" || row.of.starts_with(&self.year);
        let of_source = !by_source || self.source.is_empty() || row.row == self.source;
        let of_class = row.table != "classes" || self.class.is_empty() || row.column == self.class;
        of_year && of_source && of_class
    }

    fn address(&self, action: &str) -> String {
        let chosen = [
            ("year", self.year.as_str()),
            ("source", self.source.as_str()),
            ("class", self.class.as_str()),
        ];
        with_chosen(action, &chosen)
    }
}

fn page_of(
    shell: Shell,
    action: &'static str,
    words: Words<'_>,
    asked: &Asked,
    statistics: Option<&Statistics>,
) -> StatisticsPage {
    let (json, csv) = (format!("{action}.json"), format!("{action}.csv"));
    let sections = statistics.map(|statistics| {
        let narrowed = Narrowed {
            year: &asked.year,
            source: &asked.source,
            class: &asked.class,
        };
        let in_words = InWords {
            words,
            statistics,
            narrowed,
        };
        in_words.sections()
    });
    StatisticsPage {
        shell,
        action,
        as_of: statistics.map(|one| day(words.lang, one.on)),
        filters: statistics.map_or_else(Vec::new, |one| filters(words, asked, one)),
        sections: sections.unwrap_or_default(),
        json: asked.address(&json),
        csv: asked.address(&csv),
    }
}

fn filters(words: Words<'_>, asked: &Asked, statistics: &Statistics) -> Vec<Filter> {
    let lang = words.lang;
    let all = || lang.t("all");
    let years = InWords::years(statistics).into_iter();
    let years: Vec<_> = years.map(|year| (year.clone(), year)).collect();
    if years.is_empty() {
        return Vec::new();
    }
    let rows = |table: &ToldTable| table.rows.iter().map(|row| row.code.clone()).collect();
    let columns = |table: &ToldTable| table.columns.clone();
    let sources = InWords::codes(statistics, rows).into_iter();
    let classes = InWords::codes(statistics, columns).into_iter();
    vec![
        Filter::new("year", lang.t("statistics-year"), all(), years, &asked.year),
        Filter::new(
            "source",
            lang.t("record-source"),
            all(),
            sources.map(|code| (code.clone(), words.source(&code))),
            &asked.source,
        ),
        Filter::new(
            "class",
            lang.t("statistics-class"),
            all(),
            classes.map(|code| (code.clone(), words.class(&code))),
            &asked.class,
        ),
    ]
}

#[cfg(test)]
impl crate::page::Samples for StatisticsPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        use super::sections::TableView;
        use crate::view::{Chart, Point, Tone};
        let point = Point {
            label: "2026-10".into(),
            value: 1204,
            shown: "1,204".into(),
            tone: Tone::Off,
        };
        let section = |whole: bool| Section {
            id: "records",
            title: lang.t("statistics-records"),
            means: lang.t("statistics-records-means"),
            charts: whole
                .then(|| Chart {
                    title: lang.t("statistics-by-month"),
                    of: lang.t("statistics-by-month"),
                    unit: lang.t("statistics-count"),
                    full: None,
                    points: vec![point.clone()],
                })
                .into_iter()
                .collect(),
            tables: vec![TableView {
                title: lang.t("statistics-days"),
                heads: vec![lang.t("audit-source"), lang.t("statistics-sum")],
                rows: vec![("南庄镇行政服务中心".into(), vec!["<10".into()])],
            }],
            statements: vec!["SELECT month FROM arrived WHERE days < 2;".into()],
        };
        let page = |sections: Vec<Section>, as_of: Option<&str>| Self {
            shell: Shell::sample(lang, Desk::Public),
            action: PUBLIC,
            as_of: as_of.map(str::to_owned),
            filters: vec![Filter::new(
                "year",
                lang.t("statistics-year"),
                lang.t("all"),
                [("2026".to_owned(), "2026".to_owned())],
                "",
            )],
            sections,
            json: "/statistics.json".into(),
            csv: "/statistics.csv".into(),
        };
        vec![
            page(vec![section(true)], Some("2026年11月23日")),
            page(vec![section(false)], Some("2026年11月23日")),
            page(Vec::new(), Some("2026年11月23日")),
            page(Vec::new(), None),
        ]
    }
}
