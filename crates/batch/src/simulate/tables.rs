//! From two ratings of everyone to what is told of them.

use std::collections::{BTreeMap, BTreeSet};

use assess::{Bundle, FEW, Graded, GroupLabels, GroupShare, Letter, MeasureRule, Scorecard, disparity};
use jiff::civil::Date;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::pass::{Difference, Found, Row};
use super::report::{
    Attention, CardReport, DayReport, Example, GroupRow, NotRatedRow, Opened, Opening, ReasonMove,
    TraitReport,
};
use super::stability::{MOVED_MUCH, stability};
use super::{DrawnExample, Trial};
use crate::told::{Counts, TOLD_LEAST, Told, tell_line};

/// The places of a letter in the matrix: A, B, C, D, not rated.
const PLACES: usize = 5;
/// The place of those who are not rated.
const NOT_RATED: usize = 4;
/// Of those who moved from one letter to another, so many are examples.
const EXAMPLES: usize = 3;
/// So many features are told of.
const REASONS: usize = 12;
/// How many bands the points have, of ten each.
const BANDS: usize = 10;

/// What is told of a day, and whose the examples are.
pub(super) fn day(trial: &Trial<'_>, on: Date, found: &Found<'_>) -> (DayReport, Vec<DrawnExample>) {
    let mut by_card: BTreeMap<&str, Vec<&Row<'_>>> = BTreeMap::new();
    let mut by_why: BTreeMap<&str, u64> = BTreeMap::new();
    for row in &found.rows {
        match (row.card(), row.after) {
            (Some(card), _) => by_card.entry(card).or_default().push(row),
            (None, Err(why)) => *by_why.entry(why.code()).or_default() += 1,
            (None, Ok(_)) => {}
        }
    }
    let mut chance = ChaCha8Rng::from_seed(trial.seed);
    let (mut cards, mut drawn, mut attention) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (code, rows) in &by_card {
        let card = Card { trial, code, rows };
        cards.push(card.report(found, &mut chance, &mut drawn, &mut attention));
    }
    // What the draft touches is read first; the rest stays in the order of its codes.
    cards.sort_by_key(|card| !touched(trial, &card.card, by_card.get(card.card.as_str())));
    // What the scorecards say of how many they rate is told already; what must hide behind others hides behind the other whys.
    let mut all: Vec<Vec<u64>> = vec![by_card.values().map(|rows| rows.len() as u64).collect()];
    if let Some(line) = all.first_mut() {
        line.extend(by_why.values());
    }
    let nobody = all.iter().flatten().all(|count| *count == 0);
    let mut counts = Counts::of(&all);
    for column in 0..by_card.len() {
        if counts.value(0, column) >= TOLD_LEAST {
            counts.known(0, column);
        }
    }
    for column in 0..counts.columns() {
        counts.leave_out(1, column);
    }
    let told = counts.tell();
    let line = told.first().map_or(&[][..], Vec::as_slice);
    let whys = by_why.keys().zip(line.iter().skip(by_card.len()));
    let report = DayReport {
        on,
        subjects: line.last().copied().filter(|_| !nobody).unwrap_or(Told::Count(0)),
        cards,
        not_rated: whys
            .map(|(why, count)| NotRatedRow {
                why: (*why).to_owned(),
                count: *count,
            })
            .collect(),
        attention: attention.into_iter().collect(),
    };
    (report, drawn)
}

/// A scorecard and all whom it rates.
struct Card<'t, 'b> {
    trial: &'t Trial<'b>,
    code: &'t str,
    rows: &'t [&'t Row<'b>],
}

impl Card<'_, '_> {
    fn report(
        &self,
        found: &Found<'_>,
        chance: &mut ChaCha8Rng,
        drawn: &mut Vec<DrawnExample>,
        attention: &mut BTreeSet<Attention>,
    ) -> CardReport {
        let people = Told::of(self.rows.len() as u64);
        let cells = self.cells();
        let (before, after) = (self.bands(true), self.bands(false));
        let stability_points = stability(rated(&before), rated(&after));
        if stability_points >= MOVED_MUCH {
            attention.insert(Attention::Unstable {
                card: self.code.to_owned(),
            });
        }
        let enough = people.count().is_some();
        let matrix = if enough { matrix(&cells) } else { Vec::new() };
        let moved = moved(&cells, &matrix);
        let openings = self.openings(&cells, &matrix, attention);
        let groups = self.groups(&moved, attention);
        let told = |line: &[u64]| if enough { tell_line(line) } else { Vec::new() };
        CardReport {
            card: self.code.to_owned(),
            people,
            moved,
            points_before: told(&before),
            points_after: told(&after),
            shifts: told(&self.shifts()),
            stability_points,
            stability_letters: stability(&letters(&cells, true), &letters(&cells, false)),
            reasons: self.reasons(found),
            groups: if enough { groups } else { Vec::new() },
            openings,
            examples: self.examples(chance, drawn),
            matrix,
        }
    }

    /// How many go from each place to each.
    fn cells(&self) -> Vec<Vec<u64>> {
        let mut cells = vec![vec![0; PLACES]; PLACES];
        for row in self.rows {
            let (from, to) = places(row);
            if let Some(count) = cells.get_mut(from).and_then(|line| line.get_mut(to)) {
                *count += 1;
            }
        }
        cells
    }

    /// How many have points in each band, and last those without any.
    fn bands(&self, before: bool) -> Vec<u64> {
        let mut bands = vec![0; BANDS + 1];
        for row in self.rows {
            let grade = if before { row.before } else { row.after };
            let band = grade.map_or(BANDS, |grade| {
                usize::try_from(grade.points.div_euclid(10))
                    .unwrap_or(0)
                    .min(BANDS - 1)
            });
            if let Some(count) = bands.get_mut(band) {
                *count += 1;
            }
        }
        bands
    }

    /// By how many points they move, and last those whom one of the two does not rate.
    fn shifts(&self) -> Vec<u64> {
        let ends = CardReport::SHIFTS;
        let mut shifts = vec![0; ends.len() + 2];
        for row in self.rows {
            let place = match (row.before, row.after) {
                (Ok(was), Ok(is)) => ends.partition_point(|from| *from <= is.points - was.points),
                _ => ends.len() + 1,
            };
            if let Some(count) = shifts.get_mut(place) {
                *count += 1;
            }
        }
        shifts
    }

    fn reasons(&self, found: &Found<'_>) -> Vec<ReasonMove> {
        let of_card = found
            .differences
            .iter()
            .filter(|((card, _), _)| *card == self.code);
        let mut all: Vec<(&str, &Difference)> = of_card
            .map(|((_, feature), difference)| (*feature, difference))
            .collect();
        all.sort_by_key(|(feature, difference)| {
            (std::cmp::Reverse(difference.more + difference.less), *feature)
        });
        let tell = |(feature, difference): (&str, &Difference)| {
            let people = Told::of(difference.people);
            let enough = people.count().is_some();
            ReasonMove {
                feature: feature.to_owned(),
                people,
                more: enough.then_some(difference.more),
                less: enough.then_some(difference.less),
            }
        };
        all.into_iter().take(REASONS).map(tell).collect()
    }

    /// What a letter opens to those whom this scorecard rates, before and after.
    fn openings(
        &self,
        cells: &[Vec<u64>],
        matrix: &[Vec<Told>],
        attention: &mut BTreeSet<Attention>,
    ) -> Vec<Opening> {
        let opened = |bundle: &Bundle| opened_by_letters(bundle, self.code);
        let (was, is) = (opened(self.trial.before.bundle), opened(self.trial.after.bundle));
        let all: BTreeSet<&(Opened, String)> = was.keys().chain(is.keys()).collect();
        let mut found = Vec::new();
        for key in all {
            let (before, after) = (was.get(key).copied(), is.get(key).copied());
            let opens = |least: Option<Letter>, place: usize| {
                least.is_some_and(|least| letter_at(place).is_some_and(|letter| letter >= least))
            };
            let counted = |wanted: &dyn Fn(bool, bool) -> bool| {
                sum_of(cells, matrix, &|from, to| {
                    wanted(opens(before, from), opens(after, to))
                })
            };
            let (opened, _) = counted(&|was, is| !was && is);
            let (closed, closes_to) = counted(&|was, is| was && !is);
            if closes_to > 0 {
                attention.insert(Attention::Closes {
                    card: self.code.to_owned(),
                    code: key.1.clone(),
                });
            }
            found.push(Opening {
                what: key.0,
                code: key.1.clone(),
                least_before: before.map(|letter| letter.to_string()),
                least_after: after.map(|letter| letter.to_string()),
                opens: opened,
                closes: closed,
            });
        }
        found
    }

    fn groups(&self, moved: &[Told; 5], attention: &mut BTreeSet<Attention>) -> Vec<TraitReport> {
        let traits = GroupLabels::TRAITS.into_iter();
        traits
            .filter(|code| self.rows.iter().any(|row| row.groups.of(code).is_some()))
            .map(|code| self.of_trait(code, moved, attention))
            .collect()
    }

    fn of_trait(&self, code: &str, moved: &[Told; 5], attention: &mut BTreeSet<Attention>) -> TraitReport {
        let label = |row: &Row<'_>| row.groups.of(code).unwrap_or("?");
        let mut by_group: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for row in self.rows {
            let counts = by_group.entry(label(row)).or_insert_with(|| vec![0; 4]);
            if let Some(count) = counts.get_mut(direction(places(row)).min(3)) {
                *count += 1;
            }
        }
        let mut counts = Counts::of(&by_group.values().cloned().collect::<Vec<_>>());
        let sums = counts.rows() - 1;
        let in_all = [moved[0], moved[1], moved[2], both(moved[3], moved[4])];
        for (column, told) in in_all
            .into_iter()
            .chain([Told::of(self.rows.len() as u64)])
            .enumerate()
        {
            match told {
                Told::Count(_) => counts.known(sums, column),
                _ => counts.leave_out(sums, column),
            }
        }
        let told = counts.tell();
        let graded = |before: bool| {
            let rows = self.rows.iter().filter_map(move |row| {
                let grade = if before { row.before } else { row.after }.ok()?;
                let (letter, points) = (grade.letter, grade.points);
                Some((label(row), Graded { letter, points }))
            });
            disparity(rows).groups
        };
        let (was, is) = (graded(true), graded(false));
        let mut rows = Vec::new();
        for (group, told) in by_group.keys().zip(told) {
            let share = |of: &[GroupShare]| of.iter().find(|one| one.group == *group).cloned();
            let (was, is) = (share(&was), share(&is));
            let flagged = |share: &Option<GroupShare>| share.as_ref().is_some_and(|share| share.flagged);
            if flagged(&is) && !flagged(&was) {
                attention.insert(Attention::Ratio {
                    card: self.code.to_owned(),
                    of: code.to_owned(),
                    group: (*group).to_owned(),
                });
            }
            let at = |column: usize| told.get(column).copied().unwrap_or(Told::Hidden);
            rows.push(GroupRow {
                group: (*group).to_owned(),
                people: at(4),
                moved: [at(0), at(1), at(2), at(3)],
                ratio_before: was.as_ref().and_then(ratio),
                ratio_after: is.as_ref().and_then(ratio),
                flagged_before: flagged(&was),
                flagged_after: flagged(&is),
            });
        }
        rows.sort_by_key(|row| natural(&row.group));
        TraitReport {
            code: code.to_owned(),
            rows,
        }
    }

    /// Some of those who went from one letter to another: of few one, so that no more is told than that there are some.
    fn examples(&self, chance: &mut ChaCha8Rng, drawn: &mut Vec<DrawnExample>) -> Vec<Example> {
        let mut by_cell: BTreeMap<(usize, usize), Vec<u64>> = BTreeMap::new();
        for row in self.rows {
            let (from, to) = places(row);
            if from != to {
                by_cell.entry((from, to)).or_default().push(row.subject);
            }
        }
        let mut examples = Vec::new();
        for ((from, to), mut subjects) in by_cell {
            let most = if (subjects.len() as u64) < TOLD_LEAST {
                1
            } else {
                EXAMPLES
            };
            for _ in 0..most {
                let subject = subjects.swap_remove(chance.random_range(0..subjects.len()));
                let number = loop {
                    let number = chance.random_range(100_000..1_000_000_u32);
                    if drawn.iter().all(|one| one.number != number) {
                        break number;
                    }
                };
                drawn.push(DrawnExample { number, subject });
                let says = |place| letter_at(place).map(|letter| letter.to_string());
                examples.push(Example {
                    number,
                    from: says(from),
                    to: says(to),
                });
            }
        }
        examples
    }
}

/// Whether a draft says something else in a scorecard, or moves somebody whom it rates.
fn touched(trial: &Trial<'_>, code: &str, rows: Option<&Vec<&Row<'_>>>) -> bool {
    let card = |side: &super::Side<'_>| side.bundle.scorecards().find(|card| card.code == code).cloned();
    let moves = |row: &&Row<'_>| row.before != row.after;
    card(&trial.before) != card(&trial.after) || rows.is_some_and(|rows| rows.iter().any(moves))
}

/// The order of a group's label: by the number that it begins with, and what has none last.
fn natural(label: &str) -> (bool, u32, bool) {
    let digits = label.trim_start_matches(['<', '≥', '>']);
    let digits: String = digits.chars().take_while(char::is_ascii_digit).collect();
    let number = digits.parse().ok();
    (number.is_none(), number.unwrap_or(0), !label.starts_with('<'))
}

/// The letter that stands at a place of the matrix.
fn letter_at(place: usize) -> Option<Letter> {
    [Letter::A, Letter::B, Letter::C, Letter::D].get(place).copied()
}

fn places(row: &Row<'_>) -> (usize, usize) {
    let place = |letter: Letter| match letter {
        Letter::A => 0,
        Letter::B => 1,
        Letter::C => 2,
        Letter::D => 3,
    };
    (
        row.before.map_or(NOT_RATED, |grade| place(grade.letter)),
        row.after.map_or(NOT_RATED, |grade| place(grade.letter)),
    )
}

/// Better, the same, worse, rated by the draft alone, no more rated by it.
fn direction((from, to): (usize, usize)) -> usize {
    match (from, to) {
        (NOT_RATED, to) if to != NOT_RATED => 3,
        (from, NOT_RATED) if from != NOT_RATED => 4,
        _ if to < from => 0,
        _ if to == from => 1,
        _ => 2,
    }
}

fn matrix(cells: &[Vec<u64>]) -> Vec<Vec<Told>> {
    let mut counts = Counts::of(cells);
    let (row, column) = (counts.rows() - 1, counts.columns() - 1);
    counts.known(row, column);
    counts.tell()
}

/// A sum over cells of the matrix. What is told adds nothing to what the matrix tells; what it is, is for deciding alone.
fn sum_of(cells: &[Vec<u64>], matrix: &[Vec<Told>], wanted: &dyn Fn(usize, usize) -> bool) -> (Told, u64) {
    let (mut sum, mut told, mut whole) = (0, 0, true);
    for (from, line) in cells.iter().enumerate() {
        for (to, count) in line.iter().enumerate().filter(|(to, _)| wanted(from, *to)) {
            sum += count;
            match matrix.get(from).and_then(|line| line.get(to)) {
                Some(Told::Count(count)) => told += count,
                _ => whole = false,
            }
        }
    }
    let says = match (whole, told) {
        (true, _) => Told::Count(told),
        (false, 0) => Told::Hidden,
        (false, told) => Told::AtLeast(told),
    };
    (says, sum)
}

fn moved(cells: &[Vec<u64>], matrix: &[Vec<Told>]) -> [Told; 5] {
    [0, 1, 2, 3, 4].map(|wanted| sum_of(cells, matrix, &|from, to| direction((from, to)) == wanted).0)
}

/// How many stand at each letter, before or after.
fn letters(cells: &[Vec<u64>], before: bool) -> Vec<u64> {
    let at = |place: usize| -> u64 {
        if before {
            cells.get(place).map_or(0, |line| line.iter().sum())
        } else {
            cells.iter().filter_map(|line| line.get(place)).sum()
        }
    };
    (0..NOT_RATED).map(at).collect()
}

/// Without those who have no points.
fn rated(bands: &[u64]) -> &[u64] {
    bands.get(..BANDS).unwrap_or_default()
}

fn both(one: Told, other: Told) -> Told {
    match (one.count(), other.count()) {
        (Some(one), Some(other)) => Told::Count(one + other),
        _ => Told::Hidden,
    }
}

/// A group's ratio, where neither those at B and above nor the others are few.
fn ratio(share: &GroupShare) -> Option<u64> {
    let others = share.count - share.at_least_b;
    let tells = |count: u64| count == 0 || count >= TOLD_LEAST;
    (share.count >= FEW && tells(share.at_least_b) && tells(others)).then_some(share.ratio_permille)
}

/// What a letter opens to those whom this scorecard rates, and from which letter on.
fn opened_by_letters(bundle: &Bundle, card: &str) -> BTreeMap<(Opened, String), Letter> {
    let Some(card) = bundle.scorecards().find(|one| one.code == card) else {
        return BTreeMap::new();
    };
    let meets = |card: &Scorecard, subjects: &[record::SubjectKind]| {
        subjects.iter().any(|kind| card.subjects.contains(kind))
    };
    let services = bundle.services().filter(|service| meets(card, &service.subjects));
    let services = services.filter_map(|service| {
        let trust = service.trust.as_ref()?;
        Some(((Opened::Service, service.code.to_string()), trust.grade_at_least))
    });
    let of_letter =
        |rule: &MeasureRule| Some(((Opened::Measure, rule.code().to_string()), rule.from_grade()?));
    let measures = bundle.measures().filter(|rule| meets(card, rule.subjects()));
    services.chain(measures.filter_map(of_letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_stand_in_the_order_in_which_one_counts() {
        let mut labels = ["10+", "?", "3-9", "0-2", "70+", "18-29", "<18"];
        labels.sort_by_key(|label| natural(label));
        assert_eq!(labels, ["0-2", "3-9", "10+", "<18", "18-29", "70+", "?"]);
    }
}
