//! For tests: what somebody who solves the equations of published tables finds.

use crate::told::Told;

/// The counts that are not told and can be worked out: of tables whose last row and column are sums, as table, row and column.
/// Unknowns of one table are no unknowns of another.
pub(crate) fn worked_out(tables: &[&[Vec<Told>]]) -> Vec<(usize, usize, usize)> {
    let each = tables.iter().enumerate();
    each.flat_map(|(at, table)| {
        of_table(table)
            .into_iter()
            .map(move |(row, column)| (at, row, column))
    })
    .collect()
}

/// The unknowns that the equations of rows and columns determine. Each cell that is not told is an unknown; one is found if it alone
/// can be made of the equations.
fn of_table(told: &[Vec<Told>]) -> Vec<(usize, usize)> {
    let (height, width) = (told.len(), told.first().map_or(0, Vec::len));
    let unknown: Vec<(usize, usize)> = (0..height * width)
        .map(|place| (place / width, place % width))
        .filter(|(row, column)| told[*row][*column].count().is_none())
        .collect();
    let line = |of: &dyn Fn(usize, usize) -> bool, is_sum: &dyn Fn(usize, usize) -> bool| {
        let sign = |(row, column): &(usize, usize)| match (of(*row, *column), is_sum(*row, *column)) {
            (false, _) => 0.0,
            (true, true) => -1.0,
            (true, false) => 1.0,
        };
        unknown.iter().map(sign).collect::<Vec<f64>>()
    };
    let rows = (0..height).map(|one| line(&|row, _| row == one, &|_, column| column == width - 1));
    let columns = (0..width).map(|one| line(&|_, column| column == one, &|row, _| row == height - 1));
    let mut equations: Vec<Vec<f64>> = rows.chain(columns).collect();
    reduce(&mut equations);
    let alone = |equation: &Vec<f64>| {
        let parts: Vec<usize> = (0..unknown.len())
            .filter(|at| equation[*at].abs() > 1e-9)
            .collect();
        (parts.len() == 1).then(|| unknown[parts[0]])
    };
    equations.iter().filter_map(alone).collect()
}

/// Gauss and Jordan.
fn reduce(equations: &mut [Vec<f64>]) {
    let width = equations.first().map_or(0, Vec::len);
    let mut next = 0;
    for column in 0..width {
        let Some(pivot) = (next..equations.len()).find(|row| equations[*row][column].abs() > 1e-9) else {
            continue;
        };
        equations.swap(next, pivot);
        let lead: Vec<f64> = equations[next]
            .iter()
            .map(|value| value / equations[next][column])
            .collect();
        for (row, equation) in equations.iter_mut().enumerate() {
            let times = if row == next { 0.0 } else { equation[column] };
            for (value, lead) in equation.iter_mut().zip(&lead) {
                *value -= times * lead;
            }
        }
        equations[next] = lead;
        next += 1;
    }
}
