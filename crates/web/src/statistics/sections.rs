//! Statistics as charts and tables in words, narrowed to a year, a source and a class. A sum over months is a sum of what is told of each.

use std::collections::BTreeSet;

use batch::{MonthFigures, Queries, Statistics, Told, ToldTable};

use super::rows::Words;
use crate::lang::Lang;
use crate::view::{Chart, Point, Tone, told};

/// What is wanted of them; empty for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Narrowed<'a> {
    pub(super) year: &'a str,
    pub(super) source: &'a str,
    pub(super) class: &'a str,
}

/// One part of the page: what it is, its charts and tables, and the statement that comes to the same.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    /// Its place on the page.
    pub(crate) id: &'static str,
    /// What it is called.
    pub(crate) title: String,
    /// How it is read.
    pub(crate) means: String,
    /// Its charts.
    pub(crate) charts: Vec<Chart>,
    /// Its tables.
    pub(crate) tables: Vec<TableView>,
    /// The statement of each edition whose classes were counted by.
    pub(crate) statements: Vec<String>,
}

/// A table with its heading.
#[derive(Debug, Clone)]
pub(crate) struct TableView {
    /// What it is called.
    pub(crate) title: String,
    /// The headings, the first one over the names of the rows.
    pub(crate) heads: Vec<String>,
    /// Name and cells of each row.
    pub(crate) rows: Vec<(String, Vec<String>)>,
}

/// What is told of several counts together, each of which is told by itself: nothing more than they tell.
fn together(parts: impl Iterator<Item = Told>) -> Told {
    let parts: Vec<Told> = parts.filter(|part| !part.is_nobody()).collect();
    let told: u64 = parts.iter().filter_map(|part| part.count()).sum();
    match parts.as_slice() {
        [one] => *one,
        parts if parts.iter().all(|part| part.count().is_some()) => Told::Count(told),
        _ if told > 0 => Told::AtLeast(told),
        _ => Told::Hidden,
    }
}

/// Statistics in words.
pub(super) struct InWords<'a> {
    pub(super) words: Words<'a>,
    pub(super) statistics: &'a Statistics,
    pub(super) narrowed: Narrowed<'a>,
}

impl<'a> InWords<'a> {
    /// The years of which there are months, the newest first.
    pub(super) fn years(statistics: &Statistics) -> Vec<String> {
        let years: BTreeSet<&str> = statistics
            .months
            .iter()
            .filter_map(|one| one.month.get(..4))
            .collect();
        years.into_iter().rev().map(str::to_owned).collect()
    }

    /// Codes that rows or columns of a month's first table have.
    pub(super) fn codes(statistics: &Statistics, of: impl Fn(&ToldTable) -> Vec<String>) -> BTreeSet<String> {
        let months = statistics.months.iter();
        months.flat_map(|month| of(&month.classes)).collect()
    }

    fn lang(&self) -> Lang {
        self.words.lang
    }

    fn months(&self) -> impl Iterator<Item = &'a MonthFigures> {
        let year = self.narrowed.year;
        let months = self.statistics.months.iter();
        months.filter(move |one| one.month.starts_with(year))
    }

    /// All parts of the page.
    pub(super) fn sections(&self) -> Vec<Section> {
        let mut sections = Vec::new();
        if self.months().next().is_some() {
            sections.extend([self.records(), self.days(), self.acts()]);
        }
        let grades = self.grades();
        sections.extend(Some(grades).filter(|grades| !grades.tables.is_empty()));
        sections
    }

    fn section(&self, id: &'static str, statement: fn(&Queries) -> &String) -> Section {
        let lang = self.lang();
        let statements = self.statistics.queries.values().map(statement);
        let statements: BTreeSet<&String> = statements.collect();
        Section {
            id,
            title: lang.t(&format!("statistics-{id}")),
            means: lang.t(&format!("statistics-{id}-means")),
            charts: Vec::new(),
            tables: Vec::new(),
            statements: statements.into_iter().cloned().collect(),
        }
    }

    fn records(&self) -> Section {
        let asked = |code: &'a str| Some(code).filter(|code| !code.is_empty());
        let (source, class) = (asked(self.narrowed.source), asked(self.narrowed.class));
        let mut section = self.section("records", |queries| &queries.classes);
        let by_month = self.months();
        let by_month = by_month.map(|one| (one.month.clone(), one.classes.at(source, class)));
        section
            .charts
            .push(self.chart("statistics-by-month", by_month.collect()));
        if source.is_none() {
            let rows = self.over(|table| table.rows.iter().map(|row| row.code.as_str()).collect());
            let line = |code: &&str| self.classes(Some(code), class);
            let rows = Self::named(&rows, line, |code| self.words.source(code));
            section.charts.push(self.chart("statistics-by-source", rows));
        }
        if class.is_none() {
            let columns = self.over(|table| table.columns.iter().map(String::as_str).collect());
            let line = |code: &&str| self.classes(source, Some(code));
            let rows = Self::named(&columns, line, |code| self.words.class(code));
            section.charts.push(self.chart("statistics-by-class", rows));
        }
        section
    }

    /// What is told of a source and a class, over all months.
    fn classes(&self, source: Option<&str>, class: Option<&str>) -> Told {
        together(self.months().map(|one| one.classes.at(source, class)))
    }

    fn over(&self, of: fn(&ToldTable) -> Vec<&str>) -> BTreeSet<&'a str> {
        self.months().flat_map(|month| of(&month.classes)).collect()
    }

    /// Each code by its name with what is told of it, most first; nobody is left out.
    fn named(
        codes: &BTreeSet<&str>,
        told: impl Fn(&&str) -> Told,
        name: impl Fn(&str) -> String,
    ) -> Vec<(String, Told)> {
        let rows = codes.iter().map(|code| (name(code), told(code)));
        let mut rows: Vec<(String, Told)> = rows.filter(|(_, told)| !told.is_nobody()).collect();
        rows.sort_by_key(|(_, told)| std::cmp::Reverse(shown_length(*told)));
        rows
    }

    fn chart(&self, title: &str, rows: Vec<(String, Told)>) -> Chart {
        let point = |(label, count): (String, Told)| Point {
            label,
            value: shown_length(count),
            shown: told(count),
            tone: Tone::Off,
        };
        let lang = self.lang();
        Chart {
            title: lang.t(title),
            of: lang.t(title),
            unit: lang.t("statistics-count"),
            full: None,
            points: rows.into_iter().map(point).collect(),
        }
    }

    fn days(&self) -> Section {
        let mut section = self.section("days", |queries| &queries.days);
        let mut bands: Vec<&str> = self
            .months()
            .flat_map(|one| one.days.columns.iter().map(String::as_str))
            .collect();
        bands.sort_by_key(|band| band.parse::<u32>().unwrap_or(u32::MAX));
        bands.dedup();
        let wanted = |code: &&str| self.narrowed.source.is_empty() || **code == *self.narrowed.source;
        let sources: BTreeSet<&str> = self
            .months()
            .flat_map(|one| one.days.rows.iter().map(|row| row.code.as_str()))
            .filter(wanted)
            .collect();
        let cells = |source: &str| {
            let columns = bands.iter().map(|band| Some(*band)).chain([None]);
            let cell = |column| together(self.months().map(|one| one.days.at(Some(source), column)));
            columns.map(|column| told(cell(column))).collect()
        };
        let heads = bands.iter().map(|band| self.words.days(band));
        let rows: Vec<(String, Vec<String>)> = sources
            .iter()
            .map(|code| (self.words.source(code), cells(code)))
            .collect();
        if !rows.is_empty() {
            section
                .tables
                .push(self.table("statistics-days", "audit-source", heads, rows));
        }
        section
    }

    fn table(
        &self,
        title: &str,
        first: &str,
        heads: impl Iterator<Item = String>,
        rows: Vec<(String, Vec<String>)>,
    ) -> TableView {
        let lang = self.lang();
        let heads = std::iter::once(lang.t(first)).chain(heads);
        TableView {
            title: lang.t(title),
            heads: heads.chain([lang.t("statistics-sum")]).collect(),
            rows,
        }
    }

    fn acts(&self) -> Section {
        let mut section = self.section("acts", |queries| &queries.acts);
        let acts: BTreeSet<&str> = self
            .months()
            .flat_map(|one| one.acts.keys().map(String::as_str))
            .collect();
        let cells = |month: &MonthFigures| {
            let cell = |act: &&str| told(month.acts.get(*act).copied().unwrap_or(Told::Count(0)));
            acts.iter().map(cell).collect()
        };
        let heads = acts.iter().map(|act| self.words.act(act));
        let lang = self.lang();
        section.tables.push(TableView {
            title: lang.t("statistics-acts"),
            heads: std::iter::once(lang.t("list-month")).chain(heads).collect(),
            rows: self
                .months()
                .map(|month| (month.month.clone(), cells(month)))
                .collect(),
        });
        section
    }

    fn grades(&self) -> Section {
        let mut section = self.section("grades", |queries| &queries.grades);
        // Grades are by the rules in force on the day, and by no others.
        let of_day = self.statistics.queries.get(&self.statistics.edition);
        section.statements = of_day.map(|queries| queries.grades.clone()).into_iter().collect();
        let tables = self.statistics.grades.iter();
        for one in tables.filter(|one| !one.table.rows.is_empty()) {
            let said = |cells: &[Told]| cells.iter().map(|cell| told(*cell)).collect::<Vec<_>>();
            let towns = one.table.rows.iter();
            let mut rows: Vec<_> = towns
                .map(|row| (self.words.town(&row.code), said(&row.cells)))
                .collect();
            rows.push((self.lang().t("statistics-sum"), said(&one.table.sums)));
            let title = format!("kinds-{}", one.kind);
            section.tables.push(self.table(
                &title,
                "statistics-town",
                one.table.columns.iter().cloned(),
                rows,
            ));
        }
        section
    }
}

/// How long a bar is: of what is not told, none.
fn shown_length(count: Told) -> u64 {
    match count {
        Told::Count(count) | Told::AtLeast(count) => count,
        Told::Few | Told::Hidden => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_months_tell_no_more_than_each() {
        for (parts, told) in [
            (vec![], Told::Count(0)),
            (
                vec![Told::Count(12), Told::Count(0), Told::Count(30)],
                Told::Count(42),
            ),
            (vec![Told::Count(12), Told::Few], Told::AtLeast(12)),
            (vec![Told::Few, Told::Count(0)], Told::Few),
            (vec![Told::Few, Told::Few], Told::Hidden),
            (vec![Told::Hidden], Told::Hidden),
        ] {
            assert_eq!(together(parts.into_iter()), told);
        }
    }
}
