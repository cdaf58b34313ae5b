//! A report as tables and charts in words: one form of it for the page, the file and the workbook.

use batch::{CardReport, DayReport, MOVED_LITTLE, MOVED_MUCH, Opened, SimulationReport, Told, TraitReport};

use super::words::{Names, thousandths};
use crate::view::{Chart, Figure, Point, Tone, day, told};

/// A table with its heading.
#[derive(Debug, Clone)]
pub(crate) struct TableView {
    /// Its place on the page.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// How it is read.
    pub(crate) means: String,
    /// The headings, the first one over the names of the rows.
    pub(crate) heads: Vec<String>,
    /// Name and cells of each row.
    pub(crate) rows: Vec<(String, Vec<String>)>,
}

/// One scorecard of a day.
#[derive(Debug, Clone)]
pub(crate) struct CardView {
    /// Its place on the page.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// The most that is said of it, in figures.
    pub(crate) figures: Vec<Figure>,
    /// How points lay before and lie after.
    pub(crate) charts: Vec<Chart>,
    /// Everything else.
    pub(crate) tables: Vec<TableView>,
    /// That there is nothing to tell, where it rates too few.
    pub(crate) few: Option<String>,
}

const LETTERS: [&str; 4] = ["A", "B", "C", "D"];

/// The scorecards of a day.
pub(super) fn cards(names: &Names<'_>, day: &DayReport) -> Vec<CardView> {
    day.cards.iter().map(|card| card_view(names, card)).collect()
}

fn card_view(names: &Names<'_>, card: &CardReport) -> CardView {
    if card.people.count().is_none() {
        return CardView {
            id: card.card.clone(),
            title: names.card(&card.card),
            figures: Vec::new(),
            charts: Vec::new(),
            tables: Vec::new(),
            few: Some(names.lang.t("simulation-card-few")),
        };
    }
    let mut tables = vec![matrix(names, card), openings(names, card), reasons(names, card)];
    tables.extend(card.groups.iter().map(|one| groups(names, card, one)));
    tables.push(shifts(names, card));
    tables.push(examples(names, card));
    tables.retain(|table| !table.rows.is_empty());
    CardView {
        id: card.card.clone(),
        title: names.card(&card.card),
        figures: figures(names, card),
        charts: charts(names, card),
        tables,
        few: None,
    }
}

fn figures(names: &Names<'_>, card: &CardReport) -> Vec<Figure> {
    let [better, same, worse, _, _] = card.moved;
    let figure = |count: Told, key: &str, class| Figure {
        number: told(count),
        says: names.lang.t(key),
        class,
    };
    let stability = u64::from(card.stability_points);
    let moved = match card.stability_points {
        ..MOVED_LITTLE => ("simulation-stable", ""),
        MOVED_LITTLE..MOVED_MUCH => ("simulation-moved-little", "wait"),
        _ => ("simulation-moved-much", "minus"),
    };
    vec![
        figure(card.people, "simulation-people", ""),
        figure(
            better,
            "simulation-better",
            if better.is_nobody() { "" } else { "plus" },
        ),
        figure(
            worse,
            "simulation-worse",
            if worse.is_nobody() { "" } else { "minus" },
        ),
        figure(same, "simulation-same", ""),
        Figure {
            number: thousandths(stability),
            says: names.lang.t(moved.0),
            class: moved.1,
        },
    ]
}

fn charts(names: &Names<'_>, card: &CardReport) -> Vec<Chart> {
    let bands = card.points_before.len().max(1) - 1;
    let label = |at: usize| match at {
        at if at == bands => names.lang.t("simulation-not-rated"),
        0 => "0–9".to_owned(),
        at if at + 1 == bands => format!("{}+", at * 10),
        at => format!("{}–{}", at * 10, at * 10 + 9),
    };
    let all = card.points_before.iter().chain(&card.points_after);
    let full = all.filter_map(|one| one.count()).max();
    let chart = |key: &str, counts: &[Told]| Chart {
        title: names.lang.t(key),
        of: names.lang.t("simulation-points"),
        unit: names.lang.t("simulation-people"),
        full,
        points: counts
            .iter()
            .enumerate()
            .map(|(at, count)| Point {
                label: label(at),
                value: count.count().unwrap_or(0),
                shown: told(*count),
                tone: Tone::Off,
            })
            .collect(),
    };
    if card.points_before.is_empty() {
        return Vec::new();
    }
    vec![
        chart("simulation-points-before", &card.points_before),
        chart("simulation-points-after", &card.points_after),
    ]
}

fn table(names: &Names<'_>, card: &CardReport, code: &str, heads: &[&str]) -> TableView {
    TableView {
        id: format!("{}-{code}", card.card),
        title: names.lang.t(&format!("simulation-{code}")),
        means: names.lang.t(&format!("simulation-{code}-means")),
        heads: heads.iter().map(|key| names.lang.t(key)).collect(),
        rows: Vec::new(),
    }
}

/// From a letter to a letter.
fn matrix(names: &Names<'_>, card: &CardReport) -> TableView {
    let lang = names.lang;
    let places: Vec<String> = LETTERS
        .iter()
        .map(|letter| (*letter).to_owned())
        .chain([lang.t("simulation-not-rated"), lang.t("simulation-sum")])
        .collect();
    let mut view = table(names, card, "matrix", &["simulation-from"]);
    let after = places
        .iter()
        .take(5)
        .map(|place| lang.with("simulation-to", &[("letter", place)]));
    view.heads.extend(after.chain([lang.t("simulation-sum")]));
    let rows = places.into_iter().zip(&card.matrix);
    view.rows = rows
        .map(|(place, row)| (place, row.iter().map(|count| told(*count)).collect()))
        .collect();
    view
}

fn openings(names: &Names<'_>, card: &CardReport) -> TableView {
    let heads = [
        "simulation-what",
        "simulation-kind",
        "simulation-least-before",
        "simulation-least-after",
        "simulation-opens",
        "simulation-closes",
    ];
    let mut view = table(names, card, "openings", &heads);
    let least = |letter: &Option<String>| letter.clone().unwrap_or_else(|| "–".to_owned());
    view.rows = card
        .openings
        .iter()
        .map(|one| {
            let kind = match one.what {
                Opened::Service => "simulation-service",
                Opened::Measure => "simulation-measure",
            };
            let cells = vec![
                names.lang.t(kind),
                least(&one.least_before),
                least(&one.least_after),
                told(one.opens),
                told(one.closes),
            ];
            (names.opened(one), cells)
        })
        .collect();
    view
}

fn reasons(names: &Names<'_>, card: &CardReport) -> TableView {
    let heads = [
        "simulation-feature",
        "simulation-people",
        "simulation-more",
        "simulation-less",
    ];
    let mut view = table(names, card, "reasons", &heads);
    let points = |points: Option<u64>| points.map_or_else(|| "–".to_owned(), crate::view::grouped);
    view.rows = card
        .reasons
        .iter()
        .map(|one| {
            let cells = vec![told(one.people), points(one.more), points(one.less)];
            (names.feature(&card.card, &one.feature), cells)
        })
        .collect();
    view
}

fn groups(names: &Names<'_>, card: &CardReport, of: &TraitReport) -> TableView {
    let heads = [
        "simulation-group",
        "simulation-people",
        "simulation-better",
        "simulation-same",
        "simulation-worse",
        "simulation-one-alone",
        "simulation-ratio-before",
        "simulation-ratio-after",
    ];
    let mut view = table(names, card, "groups", &heads);
    view.id = format!("{}-{}", card.card, of.code);
    view.title = names.of_trait(&of.code);
    let ratio = |ratio: Option<u64>, flagged: bool| match (ratio, flagged) {
        (Some(ratio), false) => thousandths(ratio),
        (Some(ratio), true) => format!("{} {}", thousandths(ratio), names.lang.t("simulation-flagged")),
        (None, true) => names.lang.t("simulation-flagged"),
        (None, false) => "–".to_owned(),
    };
    view.rows = of
        .rows
        .iter()
        .map(|row| {
            let counts = [row.people].into_iter().chain(row.moved).map(told);
            let ratios = [
                ratio(row.ratio_before, row.flagged_before),
                ratio(row.ratio_after, row.flagged_after),
            ];
            (names.group(&row.group), counts.chain(ratios).collect())
        })
        .collect();
    view
}

fn shifts(names: &Names<'_>, card: &CardReport) -> TableView {
    let ends = CardReport::SHIFTS;
    let mut view = table(names, card, "shifts", &["simulation-shift", "simulation-people"]);
    let signed = |points: i32| format!("{points:+}").replace('-', "−").replace("+0", "0");
    let label = |at: usize| {
        let from = at.checked_sub(1).and_then(|at| ends.get(at));
        let to = ends.get(at).map(|next| next - 1);
        match (from, to) {
            (None, Some(to)) => format!("≤ {}", signed(to)),
            (Some(from), Some(to)) if *from == to => signed(to),
            (Some(from), Some(to)) => format!("{} … {}", signed(*from), signed(to)),
            (Some(from), None) if at == ends.len() => format!("≥ {}", signed(*from)),
            _ => names.lang.t("simulation-one-alone"),
        }
    };
    let rows = card.shifts.iter().enumerate();
    view.rows = rows.map(|(at, count)| (label(at), vec![told(*count)])).collect();
    view
}

fn examples(names: &Names<'_>, card: &CardReport) -> TableView {
    let lang = names.lang;
    let mut view = table(
        names,
        card,
        "examples",
        &["simulation-move", "simulation-numbers"],
    );
    for one in &card.examples {
        let letter =
            |letter: &Option<String>| letter.clone().unwrap_or_else(|| lang.t("simulation-not-rated"));
        let cell = format!("{} → {}", letter(&one.from), letter(&one.to));
        let number = one.number.to_string();
        match view.rows.last_mut() {
            Some((last, numbers)) if *last == cell => numbers.push(number),
            _ => view.rows.push((cell, vec![number])),
        }
    }
    for (_, numbers) in &mut view.rows {
        *numbers = vec![lang.list(std::mem::take(numbers))];
    }
    view
}

/// What is said of a day beside its scorecards: whom neither rates, and what lists and their measures do.
pub(super) fn beside(names: &Names<'_>, report: &SimulationReport, of: &DayReport) -> Vec<TableView> {
    let lang = names.lang;
    let table = |code: &str, heads: &[&str], rows| TableView {
        id: code.to_owned(),
        title: lang.t(&format!("simulation-{code}")),
        means: lang.t(&format!("simulation-{code}-means")),
        heads: heads.iter().map(|key| lang.t(key)).collect(),
        rows,
    };
    let whys = of.not_rated.iter().map(|one| {
        let why = lang.t(&format!("simulation-why-{}", one.why.replace('_', "-")));
        (why, vec![told(one.count)])
    });
    let lists = report.lists.iter().flatten().map(|one| {
        let cells = vec![told(one.gained), told(one.lost)];
        (names.clause(&one.clause), cells)
    });
    let mut tables = vec![
        table(
            "lists",
            &["simulation-list", "simulation-gained", "simulation-lost"],
            lists.collect(),
        ),
        table(
            "whys",
            &["simulation-why-not", "simulation-people"],
            whys.collect(),
        ),
    ];
    tables.retain(|table| !table.rows.is_empty());
    tables
}

/// The days beside each other, if there are several.
pub(super) fn days(names: &Names<'_>, report: &SimulationReport) -> Option<TableView> {
    let lang = names.lang;
    let heads = [
        "simulation-day",
        "simulation-card",
        "simulation-people",
        "simulation-better",
        "simulation-worse",
        "simulation-stability",
    ];
    let rows = report.days.iter().flat_map(|one| {
        one.cards.iter().map(|card| {
            let cells = vec![
                names.card(&card.card),
                told(card.people),
                told(card.moved[0]),
                told(card.moved[2]),
                thousandths(u64::from(card.stability_points)),
            ];
            (day(lang, one.on), cells)
        })
    });
    (report.days.len() > 1).then(|| TableView {
        id: "days".to_owned(),
        title: lang.t("simulation-days"),
        means: lang.t("simulation-days-means"),
        heads: heads.iter().map(|key| lang.t(key)).collect(),
        rows: rows.collect(),
    })
}
