//! A report to take away: one file of HTML that needs nothing else, and a workbook.

use askama::Template;
use assess::Bundle;
use batch::SimulationReport;
use exchange::{Sheet, SheetCell, WorkbookFault, sheets_workbook};

use super::tables::{CardView, TableView, beside, cards, days};
use super::words::Names;
use crate::assets;
use crate::lang::Lang;
use crate::view::{day, grouped};

#[derive(Template)]
#[template(path = "office/simulation_file.html")]
pub(crate) struct FilePage {
    lang: Lang,
    style: String,
    title: String,
    about: Vec<(String, String)>,
    attention_title: String,
    attention: Vec<String>,
    across: Vec<TableView>,
    days: Vec<DayView>,
    few: String,
}

struct DayView {
    title: String,
    cards: Vec<CardView>,
    tables: Vec<TableView>,
}

/// A report as one file of HTML; `title` is what it is called. Everything said of it is in it, and it asks for nothing else.
///
/// # Errors
/// When it cannot be rendered.
pub fn as_page(
    title: &str,
    report: &SimulationReport,
    rules: (&Bundle, &Bundle),
    lang: &str,
) -> Result<String, askama::Error> {
    let lang = Lang::from_code(lang).unwrap_or_default();
    let names = names(rules, lang);
    let attention = report.attention();
    let page = FilePage {
        lang,
        style: assets::style("xinlian.css"),
        title: title.to_owned(),
        about: about(lang, report),
        attention_title: attention_title(lang, attention.len()),
        attention: attention.into_iter().map(|one| names.attention(one)).collect(),
        across: days(&names, report).into_iter().collect(),
        days: report
            .days
            .iter()
            .map(|one| DayView {
                title: day(lang, one.on),
                cards: cards(&names, one),
                tables: beside(&names, report, one),
            })
            .collect(),
        few: lang.t("simulation-few"),
    };
    page.render()
}

/// A report as a workbook: a sheet for each table of each day.
///
/// # Errors
/// When it cannot be written.
pub fn as_workbook(
    report: &SimulationReport,
    rules: (&Bundle, &Bundle),
    lang: &str,
) -> Result<Vec<u8>, WorkbookFault> {
    let lang = Lang::from_code(lang).unwrap_or_default();
    let names = names(rules, lang);
    let mut first = Sheet {
        name: lang.t("simulation-about"),
        heads: vec![lang.t("simulation-about"), String::new()],
        rows: Vec::new(),
    };
    let said = about(lang, report).into_iter();
    let attention = report.attention().into_iter();
    let attention = attention.map(|one| (lang.t("simulation-attention"), names.attention(one)));
    for (label, value) in said
        .chain(attention)
        .chain([(lang.t("simulation-few-head"), lang.t("simulation-few"))])
    {
        first
            .rows
            .push(vec![SheetCell::Text(label), SheetCell::Text(value)]);
    }
    let mut sheets = vec![first];
    sheets.extend(days(&names, report).map(|table| sheet("", &table)));
    for (at, one) in report.days.iter().enumerate() {
        let of_day = if report.days.len() > 1 {
            format!("{} ", at + 1)
        } else {
            String::new()
        };
        for (nth, card) in cards(&names, one).iter().enumerate() {
            let prefix = format!("{of_day}{}. ", nth + 1);
            sheets.extend(card.charts.iter().map(|chart| {
                Sheet {
                    name: format!("{prefix}{}", chart.title),
                    heads: vec![chart.of.clone(), chart.unit.clone()],
                    rows: chart
                        .points
                        .iter()
                        .map(|point| vec![SheetCell::Text(point.label.clone()), cell(&point.shown)])
                        .collect(),
                }
            }));
            sheets.extend(card.tables.iter().map(|table| sheet(&prefix, table)));
        }
        sheets.extend(
            beside(&names, report, one)
                .iter()
                .map(|table| sheet(&of_day, table)),
        );
    }
    sheets_workbook(&sheets)
}

fn names<'a>((in_force, draft): (&'a Bundle, &'a Bundle), lang: Lang) -> Names<'a> {
    Names {
        draft,
        in_force,
        lang,
    }
}

/// By which rules and of how much it is.
pub(super) fn about(lang: Lang, report: &SimulationReport) -> Vec<(String, String)> {
    let rules = |rules: &batch::Rules| {
        let short = rules.digest.get(..12).unwrap_or_default();
        format!("{} · {short}", rules.edition)
    };
    vec![
        (lang.t("simulation-in-force"), rules(&report.before)),
        (lang.t("simulation-draft"), rules(&report.after)),
        (
            lang.t("simulation-on"),
            lang.list(report.days.iter().map(|one| day(lang, one.on))),
        ),
        (lang.t("simulation-known"), grouped(report.known)),
    ]
}

/// How much there is to look at.
pub(super) fn attention_title(lang: Lang, count: usize) -> String {
    if count == 0 {
        lang.t("simulation-attention-none")
    } else {
        lang.count("simulation-attention-some", count as u64)
    }
}

fn sheet(prefix: &str, table: &TableView) -> Sheet {
    let row = |(name, cells): &(String, Vec<String>)| {
        let name = SheetCell::Text(name.clone());
        std::iter::once(name)
            .chain(cells.iter().map(|one| cell(one)))
            .collect()
    };
    Sheet {
        name: format!("{prefix}{}", table.title),
        heads: table.heads.clone(),
        rows: table.rows.iter().map(row).collect(),
    }
}

/// What reads as a whole number is one.
fn cell(text: &str) -> SheetCell {
    let number = text.replace(',', "").parse();
    number.map_or_else(|_| SheetCell::Text(text.to_owned()), SheetCell::Number)
}

#[cfg(test)]
impl crate::page::Samples for FilePage {
    fn samples(lang: Lang) -> Vec<Self> {
        let table = |id: &str| TableView {
            id: id.into(),
            title: lang.t("simulation-whys"),
            means: lang.t("simulation-whys-means"),
            heads: vec!["A".into(), "B".into()],
            rows: vec![("A".into(), vec!["<10".into()])],
        };
        [true, false]
            .map(|whole| Self {
                lang,
                style: String::new(),
                title: "A 级下调到 80 分".into(),
                about: vec![(lang.t("simulation-draft"), "2026.2".into())],
                attention_title: attention_title(lang, usize::from(whole)),
                attention: whole.then(|| "…".to_owned()).into_iter().collect(),
                across: whole.then(|| table("days")).into_iter().collect(),
                days: vec![DayView {
                    title: "2026年11月23日".into(),
                    cards: Vec::new(),
                    tables: vec![table("whys")],
                }],
                few: lang.t("simulation-few"),
            })
            .into()
    }
}
