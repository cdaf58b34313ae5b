//! From counts to what is told of them.

use std::collections::{BTreeMap, BTreeSet};

use assess::{Bundle, Letter};
use record::{Act, ItemCode, SubjectKind};

use super::table::{Cells, ToldTable};
use super::{
    Arrived, Counted, GRADE_TABLES, GradesOf, LISTED, MonthFigures, REGISTER, Statistics, UNKNOWN_TOWN,
};
use crate::told::Told;

/// What people do about records that is told by month.
pub(super) const ACTS: [Act; 4] = [Act::Object, Act::ApplyRepair, Act::Repair, Act::Withdraw];
/// The class of an item that the rules no longer name.
pub(super) const OTHERS: &str = "others";

/// The column of each item: its class, that of entries in lists or that of the base registers. Each record stands in one of them.
pub(super) fn classes(bundle: &Bundle) -> BTreeMap<&str, &str> {
    let listed: BTreeSet<&ItemCode> = bundle.lists().flat_map(|list| &list.items).collect();
    let items = bundle.items().map(|item| {
        let class = match item {
            item if item.founds => REGISTER,
            item if listed.contains(&item.code) => LISTED,
            item => item.class.as_str(),
        };
        (item.code.as_str(), class)
    });
    items.collect()
}

/// Every month in which anything came.
pub(super) fn months(
    bundle: &Bundle,
    counted: &Counted<'_>,
    before: Option<&Statistics>,
) -> Vec<MonthFigures> {
    let mut by_month: BTreeMap<&str, Vec<&Arrived>> = BTreeMap::new();
    for one in counted.arrived {
        by_month.entry(&one.month).or_default().push(one);
    }
    let running = counted.on.strftime("%Y-%m").to_string();
    let classes = classes(bundle);
    let told_once = |month: &str| {
        let months = before.into_iter().flat_map(|before| &before.months);
        months
            .filter(|one| one.over)
            .find(|one| one.month == month)
            .cloned()
    };
    let figures = by_month.into_iter().map(|(month, arrived)| {
        told_once(month).unwrap_or_else(|| {
            let (of_classes, of_days) = tables(&classes, &arrived);
            MonthFigures {
                month: month.to_owned(),
                over: month < running.as_str(),
                edition: bundle.edition().to_owned(),
                acts: acts(&arrived),
                classes: of_classes,
                days: of_days,
            }
        })
    });
    figures.collect()
}

/// The two tables of a month. The second is of what does not come from base registers, and of those sources alone of whom the first one tells
/// how much that is: so no unknown of the one is an unknown of the other.
fn tables(classes: &BTreeMap<&str, &str>, arrived: &[&Arrived]) -> (ToldTable, ToldTable) {
    let class = |one: &Arrived| classes.get(one.item.as_str()).copied().unwrap_or(OTHERS);
    let records = || arrived.iter().filter(|one| !one.item.starts_with("act."));
    let mut cells = Cells::new();
    for one in records() {
        *cells.entry((&one.source, class(one))).or_default() += one.records;
    }
    let columns: BTreeSet<&str> = classes.values().copied().chain([OTHERS]).collect();
    let columns: Vec<&str> = columns.into_iter().collect();
    let of_classes = ToldTable::of(&cells, &columns, false);
    let told: BTreeSet<&str> = of_classes.rows_told(REGISTER).collect();
    let bands: BTreeMap<u32, String> = records().map(|one| (one.days, one.days.to_string())).collect();
    let mut cells = Cells::new();
    for one in records().filter(|one| told.contains(one.source.as_str()) && class(one) != REGISTER) {
        if let Some(band) = bands.get(&one.days) {
            *cells.entry((&one.source, band)).or_default() += one.records;
        }
    }
    let columns: Vec<&str> = bands.values().map(String::as_str).collect();
    let of_days = ToldTable::of(&cells, &columns, true);
    (of_classes, of_days)
}

/// Each by itself: what is not told of one is in no sum of another.
fn acts(arrived: &[&Arrived]) -> BTreeMap<String, Told> {
    let told = |act: Act| {
        let of = arrived.iter().filter(|one| one.item == act.code());
        (act.code().to_owned(), Told::of(of.map(|one| one.records).sum()))
    };
    ACTS.into_iter().map(told).collect()
}

/// How many of each kind have each letter, by town.
pub(super) fn grades(bundle: &Bundle, counted: &Counted<'_>) -> Vec<GradesOf> {
    let letters = [Letter::A, Letter::B, Letter::C, Letter::D].map(Letter::as_str);
    let towns: BTreeSet<&str> = bundle.towns().map(|(code, _)| code.as_str()).collect();
    let mut by_kind: BTreeMap<SubjectKind, Cells<'_>> = BTreeMap::new();
    for outcome in counted.outcomes {
        let (Ok(rated), Some(kind)) = (&outcome.rating, counted.kinds.get(&outcome.subject)) else {
            continue;
        };
        let town = counted.towns.get(&outcome.subject).map(String::as_str);
        let town = town
            .and_then(|town| towns.get(town).copied())
            .unwrap_or(UNKNOWN_TOWN);
        let cells = by_kind.entry(*kind).or_default();
        *cells.entry((town, rated.letter.as_str())).or_default() += 1;
    }
    let table = |kind: SubjectKind| GradesOf {
        kind: kind.code().to_owned(),
        table: ToldTable::of(by_kind.get(&kind).unwrap_or(&Cells::new()), &letters, false),
    };
    GRADE_TABLES.into_iter().map(table).collect()
}

#[cfg(test)]
#[path = "figures_tests.rs"]
mod tests;
