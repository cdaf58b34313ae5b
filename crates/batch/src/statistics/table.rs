//! A table of what is told, with the sums of its lines.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::told::{Counts, Told};

/// A table of counts, as far as they are told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldTable {
    /// The codes of its columns, without that of the sums.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<ToldRow>,
    /// The sums of the columns, and last the sum of all.
    pub sums: Vec<Told>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldRow {
    /// Its code.
    pub code: String,
    /// Its counts, and last their sum.
    pub cells: Vec<Told>,
}

/// Counts by row and column.
pub(super) type Cells<'a> = BTreeMap<(&'a str, &'a str), u64>;

impl ToldTable {
    /// What is told of counts. What is `known` of sums of rows is told here as it is there.
    pub(super) fn of(cells: &Cells<'_>, columns: &[&str], known: bool) -> Self {
        let rows: Vec<&str> = cells
            .keys()
            .map(|(row, _)| *row)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let columns: Vec<&str> = columns
            .iter()
            .copied()
            .filter(|column| cells.keys().any(|(_, one)| one == column))
            .collect();
        if rows.is_empty() {
            return Self::default();
        }
        let line = |row: &str| {
            let cell = |column: &&str| cells.get(&(row, *column)).copied().unwrap_or(0);
            columns.iter().map(cell).collect::<Vec<u64>>()
        };
        let mut counts = Counts::of(&rows.iter().map(|row| line(row)).collect::<Vec<_>>());
        if known {
            for row in 0..counts.rows() {
                counts.known(row, columns.len());
            }
        }
        let mut told = counts.tell();
        let sums = told.pop().unwrap_or_default();
        let rows = rows.into_iter().zip(told).map(|(code, cells)| ToldRow {
            code: code.to_owned(),
            cells,
        });
        Self {
            columns: columns.into_iter().map(str::to_owned).collect(),
            rows: rows.collect(),
            sums,
        }
    }

    /// What is told at a row and a column; the sum of a line where none is named. Nobody where the table has no such line.
    pub fn at(&self, row: Option<&str>, column: Option<&str>) -> Told {
        let cells = match row {
            None => Some(&self.sums),
            Some(row) => self.rows.iter().find(|one| one.code == row).map(|one| &one.cells),
        };
        let place = match column {
            None => Some(self.columns.len()),
            Some(column) => self.columns.iter().position(|one| one == column),
        };
        let told = cells
            .zip(place)
            .and_then(|(cells, place)| cells.get(place).copied());
        told.unwrap_or(Told::Count(0))
    }

    /// The rows of which it is told how many they have in all, and how many in this column.
    pub(super) fn rows_told<'t>(&'t self, column: &'t str) -> impl Iterator<Item = &'t str> {
        let rows = self.rows.iter().map(|row| row.code.as_str());
        rows.filter(move |row| {
            let told = [None, Some(column)].map(|column| self.at(Some(row), column).count());
            told.iter().all(Option::is_some)
        })
    }
}
