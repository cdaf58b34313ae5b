use std::collections::HashMap;
use std::path::Path;

use jiff::civil::{Date, date};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use record::Realm;

use super::*;
use crate::solving::worked_out;
use crate::statistics::statistics;
use crate::told::TOLD_LEAST;

/// The catalogue, sources and lists of the house.
fn bundle() -> Bundle {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut files = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    Bundle::parse(files, Realm::Demo).unwrap()
}

fn made(bundle: &Bundle, on: Date, arrived: &[Arrived], before: Option<&Statistics>) -> Statistics {
    let counted = Counted {
        on,
        known: 0,
        arrived,
        outcomes: &[],
        kinds: &HashMap::new(),
        towns: &HashMap::new(),
    };
    statistics(bundle, &counted, before)
}

/// What came in some months: mostly little, from some sources, of some items.
fn chance(bundle: &Bundle, months: &[&str], chance: &mut ChaCha8Rng) -> Vec<Arrived> {
    let items: Vec<&str> = bundle.items().map(|item| item.code.as_str()).collect();
    let sources: Vec<&str> = bundle.sources().map(|source| source.code.as_str()).collect();
    let mut arrived = BTreeMap::new();
    for month in months {
        let (sources, items) = (&sources[..chance.random_range(1..9)], &items);
        for _ in 0..chance.random_range(1..60) {
            let source = sources[chance.random_range(0..sources.len())];
            let item = items[chance.random_range(0..items.len())];
            let days = [0, 2, 8, 31, 91][chance.random_range(0..5)];
            let most = if chance.random_bool(0.6) { 9 } else { 300 };
            *arrived.entry((*month, source, item, days)).or_default() += chance.random_range(1..=most);
        }
    }
    let one = |((month, source, item, days), records): ((&str, &str, &str, u32), u64)| Arrived {
        month: month.to_owned(),
        source: source.to_owned(),
        item: item.to_owned(),
        days,
        records,
    };
    arrived.into_iter().map(one).collect()
}

fn lines(table: &ToldTable) -> Vec<Vec<Told>> {
    let rows = table.rows.iter().map(|row| row.cells.clone());
    let all = rows.chain([table.sums.clone()]);
    all.filter(|line| !line.is_empty()).collect()
}

/// Neither from rows nor from columns, nor from the second table beside the first, nor from a page that was there a month before.
#[test]
fn nothing_below_ten_can_be_worked_out() {
    let bundle = bundle();
    let mut dice = ChaCha8Rng::seed_from_u64(11);
    for _ in 0..150 {
        let arrived = chance(&bundle, &["2026-09", "2026-10", "2026-11"], &mut dice);
        let whole = made(&bundle, date(2026, 12, 1), &arrived, None);
        for month in &whole.months {
            let (classes, days) = (lines(&month.classes), lines(&month.days));
            assert_eq!(worked_out(&[&classes, &days]), [], "{month:?}");
            let all = classes.iter().chain(&days).flatten().chain(month.acts.values());
            assert!(
                all.clone()
                    .all(|told| told.count().is_none_or(|count| count == 0 || count >= TOLD_LEAST))
            );
            // What the second takes as known is known from the first.
            for row in &month.days.rows {
                let at = |column| month.classes.at(Some(&row.code), column).count();
                let said = at(None)
                    .zip(at(Some(REGISTER)))
                    .map(|(all, register)| all - register);
                assert_eq!(row.cells.last().and_then(|sum| sum.count()), said, "{month:?}");
            }
        }
        let (of_october, later): (Vec<_>, Vec<_>) = arrived
            .into_iter()
            .partition(|one| one.month.as_str() < "2026-11");
        let earlier = made(&bundle, date(2026, 11, 1), &of_october, None);
        let both: Vec<Arrived> = of_october.into_iter().chain(later).collect();
        let after = made(&bundle, date(2026, 12, 1), &both, Some(&earlier));
        assert_eq!(
            earlier.months,
            after.months[..2],
            "what was told once is not told otherwise"
        );
    }
}

#[test]
fn each_record_stands_in_one_column_and_the_month_that_runs_is_not_over() {
    let bundle = bundle();
    let one = |item: &str, days, records| Arrived {
        month: "2026-11".to_owned(),
        source: "chancheng.market".to_owned(),
        item: item.to_owned(),
        days,
        records,
    };
    let arrived = [
        one("organisation.registration", 91, 200),
        one("licence.general", 2, 40),
        one("organisation.abnormal-operation", 0, 11),
        one("act.object", 0, 12),
        one("gone.item", 8, 3),
    ];
    let of_day = |day: Date| made(&bundle, day, &arrived, None);
    let found = of_day(date(2026, 11, 30));
    assert!(!found.months[0].over);
    assert!(found.clone().of_months_over().months.is_empty());
    let month = &of_day(date(2026, 12, 1)).of_months_over().months[0];
    let at = |column| month.classes.at(Some("chancheng.market"), column);
    assert_eq!(at(Some(REGISTER)), Told::Count(200));
    assert_eq!(at(Some(OTHERS)), Told::Few);
    // Three of an item that is gone hide behind the smallest beside them.
    assert_eq!(month.acts["act.object"], Told::Count(12));
    let hidden = month
        .classes
        .columns
        .iter()
        .filter(|column| at(Some(column)).count().is_none());
    assert_eq!(hidden.count(), 2);
    assert_eq!(found.queries.keys().collect::<Vec<_>>(), [bundle.edition()]);
}
