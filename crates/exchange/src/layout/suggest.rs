//! Which column of a file could be which column of a layout: a proposal for an officer to look at, by the words of the header and
//! by what stands below it.

use std::collections::BTreeSet;

use super::headers::headers_of;
use super::{CellKind, Column, Layout, header_key};
use crate::cell::{parse_amount, parse_date};

/// Below so many of a hundred a header is no proposal.
const LEAST: u32 = 35;

/// And one below so many is no hint.
const LEAST_OF_HINTS: u32 = 100;

impl Layout {
    /// For each of its columns the place in the file that is proposed for it. No place is proposed twice.
    pub fn suggest(&self, headers: &[String], rows: &[Vec<String>]) -> Vec<Option<usize>> {
        let mut scores: Vec<(u32, usize, usize)> = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let names = headers_of(column);
            for (place, header) in headers.iter().enumerate() {
                let key = header_key(header);
                let likeness = names.iter().map(|name| likeness(name, &key)).max().unwrap_or(0);
                let cells = rows.iter().filter_map(|row| row.get(place));
                let cells: Vec<&String> = cells.filter(|cell| !cell.is_empty()).collect();
                let score = match fits(column, &cells) {
                    Some(true) => likeness + if likeness > 0 { 15 } else { 0 },
                    Some(false) if likeness < 100 => 0,
                    _ => likeness,
                };
                // A hint is proposed for a header that says it, and never takes a column from the standard's own.
                let least = if column.is_hint() { LEAST_OF_HINTS } else { LEAST };
                if score >= least {
                    scores.push((score, at, place));
                }
            }
        }
        // The best first; of equals what stands first in layout and file.
        scores.sort_by_key(|(score, at, place)| (std::cmp::Reverse(*score), *at, *place));
        let mut found = vec![None; self.columns.len()];
        let mut taken = BTreeSet::new();
        for (_, at, place) in scores {
            if let Some(slot) = found.get_mut(at).filter(|slot| slot.is_none())
                && taken.insert(place)
            {
                *slot = Some(place);
            }
        }
        found
    }
}

/// How alike two headers are, of a hundred: twice the pairs of neighbouring characters they share, over all pairs; one that holds the
/// other whole is at least half alike.
pub(super) fn likeness(one: &str, other: &str) -> u32 {
    if one.is_empty() || other.is_empty() {
        return 0;
    }
    if one == other {
        return 100;
    }
    let pairs = |text: &str| {
        let chars: Vec<char> = text.chars().collect();
        chars
            .windows(2)
            .map(|two| two.iter().collect::<String>())
            .collect::<BTreeSet<String>>()
    };
    let (a, b) = (pairs(one), pairs(other));
    let shared = a.intersection(&b).count() * 200 / (a.len() + b.len()).max(1);
    let within =
        one.chars().count() > 1 && other.chars().count() > 1 && (one.contains(other) || other.contains(one));
    let shared = u32::try_from(shared).unwrap_or(0);
    if within { shared.max(60) } else { shared }
}

/// Whether the cells look like the column's kind; `None` if they say nothing.
fn fits(column: &Column, cells: &[&String]) -> Option<bool> {
    let all = |test: &dyn Fn(&str) -> bool| {
        let good = cells.iter().filter(|cell| test(cell)).count();
        (!cells.is_empty()).then_some(good * 2 > cells.len())
    };
    match &column.kind {
        CellKind::Date { .. } => all(&|cell| parse_date(cell).is_ok() || cell.contains("长期")),
        CellKind::Amount { unit, .. } => all(&|cell| parse_amount(cell, *unit, None).is_ok()),
        CellKind::Integer { .. } => all(&|cell| cell.bytes().all(|b| b.is_ascii_digit() || b == b',')),
        CellKind::Identifier { .. } => {
            all(&|cell| cell.len() >= 8 && cell.chars().all(|c| c.is_ascii_alphanumeric()))
        }
        CellKind::Code { values, .. } => all(&|cell| {
            let key = record::same_name_key(cell);
            values.iter().any(|value| value.keys.contains(&key))
        }),
        CellKind::Text | CellKind::DocumentNumber | CellKind::CaseNumber => None,
    }
}
