//! Statistics as rows, for CSV and JSON: one for each count, whether it is told or not.

use assess::Bundle;
use batch::{LISTED, REGISTER, Statistics, Told, ToldTable, UNKNOWN_TOWN};
use record::SourceCode;
use serde::Serialize;

use crate::lang::Lang;

/// One count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatisticRow {
    /// The table: `classes`, `days`, `acts` or `grades`.
    pub table: &'static str,
    /// Of a month, which, as `2026-11`; of grades, the kind of subjects.
    pub of: String,
    /// The row's code; `sum` for the sum of all rows.
    pub row: String,
    /// The row in words.
    pub row_name: String,
    /// The column's code; `sum` for the sum of all columns.
    pub column: String,
    /// The column in words.
    pub column_name: String,
    /// The count, where it is told.
    pub count: Option<u64>,
    /// Whether it is told: `told`, `few` for fewer than ten, `hidden` for what would give fewer than ten away.
    pub told: &'static str,
}

impl StatisticRow {
    /// Its fields, in the order of a CSV's columns.
    pub const FIELDS: [&'static str; 8] = [
        "table",
        "of",
        "row",
        "row_name",
        "column",
        "column_name",
        "count",
        "told",
    ];

    /// Its cells, in that order.
    pub fn cells(&self) -> [String; 8] {
        [
            self.table.to_owned(),
            self.of.clone(),
            self.row.clone(),
            self.row_name.clone(),
            self.column.clone(),
            self.column_name.clone(),
            self.count.map(|count| count.to_string()).unwrap_or_default(),
            self.told.to_owned(),
        ]
    }
}

/// All counts of statistics, in words of the language of this code.
pub fn statistic_rows(statistics: &Statistics, bundle: &Bundle, lang: &str) -> Vec<StatisticRow> {
    let words = Words {
        bundle,
        lang: Lang::from_code(lang).unwrap_or_default(),
    };
    let mut rows = Vec::new();
    for month in &statistics.months {
        let of = &month.month;
        let source = |code: &str| words.source(code);
        let class = |code: &str| words.class(code);
        words.table(&mut rows, ("classes", of), &month.classes, (&source, &class));
        let days = |code: &str| words.days(code);
        words.table(&mut rows, ("days", of), &month.days, (&source, &days));
        for (act, told) in &month.acts {
            let name = words.act(act);
            rows.push(row(
                ("acts", of),
                (act, name),
                ("sum", words.lang.t("statistics-sum")),
                *told,
            ));
        }
    }
    for one in &statistics.grades {
        let town = |code: &str| words.town(code);
        words.table(
            &mut rows,
            ("grades", &one.kind),
            &one.table,
            (&town, &str::to_owned),
        );
    }
    rows
}

fn row(
    (table, of): (&'static str, &str),
    (code, row_name): (&str, String),
    (column, column_name): (&str, String),
    told: Told,
) -> StatisticRow {
    StatisticRow {
        table,
        of: of.to_owned(),
        row: code.to_owned(),
        row_name,
        column: column.to_owned(),
        column_name,
        count: told.count(),
        told: match told {
            Told::Count(_) => "told",
            Told::Few => "few",
            _ => "hidden",
        },
    }
}

/// From a code to what it is called.
type Naming<'f> = &'f dyn Fn(&str) -> String;

/// What codes are called.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) bundle: &'a Bundle,
    pub(super) lang: Lang,
}

impl Words<'_> {
    fn table(
        &self,
        rows: &mut Vec<StatisticRow>,
        of: (&'static str, &str),
        table: &ToldTable,
        (row_name, column_name): (Naming<'_>, Naming<'_>),
    ) {
        let sum = || ("sum", self.lang.t("statistics-sum"));
        let lines = table.rows.iter();
        let lines = lines.map(|line| ((line.code.as_str(), row_name(&line.code)), &line.cells));
        let sums = Some((sum(), &table.sums)).filter(|_| !table.rows.is_empty());
        for ((code, name), cells) in lines.chain(sums) {
            let columns = table.columns.iter();
            let columns = columns.map(|column| (column.as_str(), column_name(column)));
            for (column, told) in columns.chain([sum()]).zip(cells) {
                rows.push(row(of, (code, name.clone()), column, *told));
            }
        }
    }

    pub(super) fn source(&self, code: &str) -> String {
        let source = SourceCode::new(code).ok();
        let source = source.and_then(|code| self.bundle.source(&code));
        source.map_or_else(|| code.to_owned(), |source| self.lang.of(&source.name))
    }

    pub(super) fn town(&self, code: &str) -> String {
        if code == UNKNOWN_TOWN {
            return self.lang.t("statistics-town-unknown");
        }
        let town = self.bundle.towns().find(|(source, _)| source.as_str() == code);
        town.map_or_else(|| code.to_owned(), |(_, town)| self.lang.of(&town.name))
    }

    pub(super) fn class(&self, code: &str) -> String {
        match code {
            LISTED => self.lang.t("statistics-listed"),
            REGISTER => self.lang.t("statistics-register"),
            _ => {
                let class = self.bundle.class(code);
                class.map_or_else(
                    || self.lang.t("statistics-others"),
                    |class| self.lang.of(&class.name),
                )
            }
        }
    }

    pub(super) fn days(&self, band: &str) -> String {
        self.lang.t(&format!("statistics-days-{band}"))
    }

    pub(super) fn act(&self, code: &str) -> String {
        self.lang.t(&format!("statistics-{}", code.replace('.', "-")))
    }
}
