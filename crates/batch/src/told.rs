//! What of a table of counts is told: no count below ten, nor one that would give such a count away by subtraction.
//!
//! A table is a matrix with the sums of its lines in the last row and column. A cell that is not told can be worked out from
//! those that are if, and only if, its edge is a bridge of the graph whose vertices are the lines and whose edges are the
//! cells that are not told (Gusfield, A graph theoretic approach to statistical data security, 1988). So further cells are
//! left out, the smallest first, until no edge is a bridge; and a sum of what is left out of a line is no small one either.

use serde::{Deserialize, Serialize};

/// Fewer than so many are not told.
pub const TOLD_LEAST: u64 = 10;

/// A count as it may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// So many.
    Count(u64),
    /// At least one and fewer than ten.
    Few,
    /// Left out, for others could be worked out from it.
    Hidden,
    /// At least so many: a sum of which some parts are not told.
    AtLeast(u64),
}

impl Told {
    /// A count that stands by itself.
    pub fn of(count: u64) -> Self {
        if is_small(count) {
            Self::Few
        } else {
            Self::Count(count)
        }
    }

    /// The count, if it is told.
    pub fn count(self) -> Option<u64> {
        match self {
            Self::Count(count) => Some(count),
            _ => None,
        }
    }

    /// Whether it is told to be nobody.
    pub fn is_nobody(self) -> bool {
        self == Self::Count(0)
    }
}

/// A table of counts with the sums of its lines in the last row and the last column.
#[derive(Debug, Clone)]
pub(crate) struct Counts {
    columns: usize,
    values: Vec<u64>,
    hidden: Vec<bool>,
    fixed: Vec<bool>,
}

impl Counts {
    /// A table of these rows; the sums are added.
    pub(crate) fn of(rows: &[Vec<u64>]) -> Self {
        let inner = rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut values = Vec::with_capacity((rows.len() + 1) * (inner + 1));
        let mut sums = vec![0; inner + 1];
        for row in rows {
            let total: u64 = row.iter().sum();
            for (sum, value) in sums.iter_mut().zip(row.iter().chain([&total])) {
                *sum += value;
            }
            values.extend(row.iter().copied());
            values.push(total);
        }
        values.extend(sums);
        let hidden = values.iter().map(|value| is_small(*value)).collect();
        Self {
            columns: inner + 1,
            fixed: vec![false; values.len()],
            hidden,
            values,
        }
    }

    /// Rows, the one with the sums among them.
    pub(crate) fn rows(&self) -> usize {
        self.values.len() / self.columns
    }

    /// Columns, the one with the sums among them.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    fn place(&self, row: usize, column: usize) -> usize {
        row * self.columns + column
    }

    /// The count at a place.
    pub(crate) fn value(&self, row: usize, column: usize) -> u64 {
        self.values.get(self.place(row, column)).copied().unwrap_or(0)
    }

    /// Known from elsewhere, so that leaving it out here would hide nothing.
    pub(crate) fn known(&mut self, row: usize, column: usize) {
        let place = self.place(row, column);
        if let (Some(fixed), Some(hidden)) = (self.fixed.get_mut(place), self.hidden.get_mut(place)) {
            (*fixed, *hidden) = (true, false);
        }
    }

    /// Not told elsewhere, and so not here.
    pub(crate) fn leave_out(&mut self, row: usize, column: usize) {
        let place = self.place(row, column);
        if let Some(hidden) = self.hidden.get_mut(place) {
            *hidden = true;
        }
    }

    /// What is told of it, row by row.
    pub(crate) fn tell(mut self) -> Vec<Vec<Told>> {
        while self.leave_out_one() {}
        // Where no cell is left that may hide one, nothing is told but what is known from elsewhere.
        if !self.lines().bridges().is_empty() {
            for (hidden, fixed) in self.hidden.iter_mut().zip(&self.fixed) {
                *hidden = !fixed;
            }
        }
        let cells = self.values.iter().zip(&self.hidden);
        let told: Vec<Told> = cells.map(|(value, hidden)| said(*value, *hidden)).collect();
        told.chunks(self.columns).map(<[Told]>::to_vec).collect()
    }

    /// Leaves one more out, if one must be.
    fn leave_out_one(&mut self) -> bool {
        let next = self.beside_a_bridge().or_else(|| self.beside_a_small_sum());
        match next {
            Some(place) => {
                if let Some(hidden) = self.hidden.get_mut(place) {
                    *hidden = true;
                }
                true
            }
            None => false,
        }
    }

    /// A cell that makes a way around a bridge, or leads on towards one.
    fn beside_a_bridge(&self) -> Option<usize> {
        let lines = self.lines();
        lines.bridges().into_iter().find_map(|bridge| {
            let (near, far) = self.ends(bridge);
            let (near, far) = (lines.reached(bridge, near), lines.reached(bridge, far));
            let among = |lines: &[bool], line: usize| lines.get(line).copied().unwrap_or(false);
            let closes = |place: &usize| {
                let (row, column) = self.ends(*place);
                among(&near, row) && among(&far, column) || among(&far, row) && among(&near, column)
            };
            let leads_on = |place: &usize| {
                let (row, column) = self.ends(*place);
                among(&near, row) != among(&near, column)
            };
            let all = 0..self.values.len();
            self.smallest(all.clone().filter(closes))
                .or_else(|| self.smallest(all.filter(leads_on)))
        })
    }

    /// The two lines of a cell: its row, and its column counted on from the rows.
    fn ends(&self, place: usize) -> (usize, usize) {
        (place / self.columns, self.rows() + place % self.columns)
    }

    fn lines(&self) -> Lines {
        let mut lines = Lines(vec![Vec::new(); self.rows() + self.columns]);
        for place in (0..self.values.len()).filter(|place| self.is_hidden(*place)) {
            let (row, column) = self.ends(place);
            lines.join(row, column, place);
            lines.join(column, row, place);
        }
        lines
    }

    /// A further cell of a line whose parts that are left out are few together.
    fn beside_a_small_sum(&self) -> Option<usize> {
        let (rows, columns) = (self.rows(), self.columns);
        let of_row = (0..rows).map(|row| (0..columns).map(|column| self.place(row, column)).collect());
        let of_column = (0..columns).map(|column| (0..rows).map(|row| self.place(row, column)).collect());
        let mut lines = of_row.chain(of_column);
        lines.find_map(|line: Vec<usize>| {
            let (sum, parts) = line.split_last()?;
            let left_out = parts.iter().filter(|place| self.is_hidden(**place));
            let together: u64 = left_out.filter_map(|place| self.values.get(*place)).sum();
            let small = (1..TOLD_LEAST).contains(&together) && !self.is_hidden(*sum);
            small.then(|| self.smallest(line.iter().copied()))?
        })
    }

    /// The one that tells least, of those that are told and may be left out; an empty one last.
    fn smallest(&self, places: impl Iterator<Item = usize>) -> Option<usize> {
        let may = |place: &usize| !self.is_hidden(*place) && self.fixed.get(*place) == Some(&false);
        places.filter(may).min_by_key(|place| {
            let value = self.values.get(*place).copied().unwrap_or(0);
            (value == 0, value, *place)
        })
    }

    fn is_hidden(&self, place: usize) -> bool {
        self.hidden.get(place).copied().unwrap_or(false)
    }
}

/// By line, which lines the cells that are not told lead to, and by which cell.
struct Lines(Vec<Vec<(usize, usize)>>);

/// How far a walk over lines has come.
#[derive(Default)]
struct Walk {
    /// By line, as the how many-th it was come to.
    order: Vec<Option<usize>>,
    come_to: usize,
    bridges: Vec<usize>,
}

impl Lines {
    fn join(&mut self, line: usize, other: usize, cell: usize) {
        if let Some(cells) = self.0.get_mut(line) {
            cells.push((other, cell));
        }
    }

    fn from(&self, line: usize) -> impl Iterator<Item = (usize, usize)> {
        self.0.get(line).into_iter().flatten().copied()
    }

    /// The cells without which two lines would no longer hang together, in their order (Tarjan 1974).
    fn bridges(&self) -> Vec<usize> {
        let mut walk = Walk {
            order: vec![None; self.0.len()],
            ..Walk::default()
        };
        for line in 0..self.0.len() {
            if walk.order.get(line) == Some(&None) {
                self.walk(line, None, &mut walk);
            }
        }
        walk.bridges.sort_unstable();
        walk.bridges
    }

    /// The first line in the order of the walk that this one leads back to, without the cell by which one came.
    fn walk(&self, line: usize, came_by: Option<usize>, walk: &mut Walk) -> usize {
        let own = walk.come_to;
        walk.come_to += 1;
        if let Some(order) = walk.order.get_mut(line) {
            *order = Some(own);
        }
        let mut back_to = own;
        for (other, cell) in self.from(line).filter(|(_, cell)| Some(*cell) != came_by) {
            let back = if let Some(order) = walk.order.get(other).copied().flatten() {
                order
            } else {
                let back = self.walk(other, Some(cell), walk);
                if back > own {
                    walk.bridges.push(cell);
                }
                back
            };
            back_to = back_to.min(back);
        }
        back_to
    }

    /// By line, whether one comes to it from this one without a cell.
    fn reached(&self, without: usize, from: usize) -> Vec<bool> {
        let mut reached = vec![false; self.0.len()];
        let mut waiting = vec![from];
        while let Some(line) = waiting.pop() {
            match reached.get_mut(line) {
                Some(known) if !*known => *known = true,
                _ => continue,
            }
            let next = self.from(line).filter(|(_, cell)| *cell != without);
            waiting.extend(next.map(|(other, _)| other));
        }
        reached
    }
}

/// What is told of counts whose sum is known.
pub(crate) fn tell_line(line: &[u64]) -> Vec<Told> {
    let mut hidden: Vec<bool> = line.iter().map(|count| is_small(*count)).collect();
    loop {
        let left_out = || line.iter().zip(&hidden).filter(|(_, hidden)| **hidden);
        let together: u64 = left_out().map(|(count, _)| count).sum();
        if together == 0 || (left_out().count() > 1 && together >= TOLD_LEAST) {
            break;
        }
        let told = (0..line.len()).filter(|place| hidden.get(*place) == Some(&false));
        let next = told.min_by_key(|place| {
            let count = line.get(*place).copied().unwrap_or(0);
            (count == 0, count)
        });
        match next.and_then(|place| hidden.get_mut(place)) {
            Some(next) => *next = true,
            None => break,
        }
    }
    line.iter()
        .zip(hidden)
        .map(|(count, hidden)| said(*count, hidden))
        .collect()
}

fn is_small(count: u64) -> bool {
    (1..TOLD_LEAST).contains(&count)
}

fn said(count: u64, hidden: bool) -> Told {
    match (hidden, is_small(count)) {
        (true, true) => Told::Few,
        (true, false) => Told::Hidden,
        (false, _) => Told::Count(count),
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::solving::worked_out;

    fn table(rows: &[&[u64]]) -> Counts {
        Counts::of(&rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>())
    }

    #[test]
    fn a_large_table_is_told_whole() {
        let told = table(&[&[40, 0], &[10, 200]]).tell();
        assert_eq!(told[0], [Told::Count(40), Told::Count(0), Told::Count(40)]);
        assert_eq!(told[2], [Told::Count(50), Told::Count(200), Told::Count(250)]);
    }

    #[test]
    fn what_would_give_a_small_count_away_is_left_out_too() {
        let told = table(&[&[3, 40, 50], &[60, 20, 70]]).tell();
        assert_eq!(
            told[0],
            [Told::Few, Told::Hidden, Told::Count(50), Told::Count(93)]
        );
        assert_eq!(
            told[1],
            [Told::Hidden, Told::Hidden, Told::Count(70), Told::Count(150)]
        );
        // A line of one small count has a small sum, which hides behind how many there are in all, unless that is known.
        let told = table(&[&[4, 0], &[0, 300]]).tell();
        assert_eq!((told[0][0], told[2][2]), (Told::Few, Told::Hidden));
        let mut counts = table(&[&[4, 0], &[0, 300]]);
        counts.known(2, 2);
        assert_eq!(counts.tell()[1][1], Told::Hidden);
    }

    #[test]
    fn a_line_tells_no_small_sum() {
        assert_eq!(tell_line(&[30, 0]), [Told::Count(30), Told::Count(0)]);
        assert_eq!(
            tell_line(&[30, 4, 20]),
            [Told::Count(30), Told::Few, Told::Hidden]
        );
        assert_eq!(tell_line(&[30, 4, 3]), [Told::Hidden, Told::Few, Told::Few]);
        assert_eq!(tell_line(&[4]), [Told::Few]);
        assert_eq!(tell_line(&[4, 0]), [Told::Few, Told::Hidden]);
    }

    /// Whoever solves the equations of the sums finds no count that is not told. Each cell that is not told is an unknown;
    /// one is found if it alone can be made of the equations.
    #[test]
    fn no_count_can_be_worked_out() {
        let mut chance = ChaCha8Rng::seed_from_u64(7);
        for _ in 0..400 {
            let (rows, columns) = (chance.random_range(1..6_usize), chance.random_range(2..6_usize));
            let mut cell = || match chance.random_range(0..4) {
                0 => 0,
                1 => chance.random_range(1..10),
                _ => chance.random_range(10..400_u64),
            };
            let rows: Vec<Vec<u64>> = (0..rows)
                .map(|_| (0..columns).map(|_| cell()).collect())
                .collect();
            let mut counts = Counts::of(&rows);
            // Somebody knows how many there are in all.
            let (last_row, last_column) = (counts.rows() - 1, counts.columns() - 1);
            if counts.value(last_row, last_column) < 2 * TOLD_LEAST {
                continue;
            }
            counts.known(last_row, last_column);
            let told = counts.clone().tell();
            assert!(worked_out(&[&told]).is_empty(), "{rows:?} {told:?}");
            for (row, line) in told.iter().enumerate() {
                for (column, one) in line.iter().enumerate() {
                    let value = counts.value(row, column);
                    assert!(one.count().is_none_or(|count| count == value));
                    assert!(!is_small(value) || one.count().is_none());
                }
            }
        }
    }
}
