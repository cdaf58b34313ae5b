//! A life rated on a day is the assessment of that day, to the letter.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use assess::{Bundle, Life, NotRated, Plan, Rated, Rater, Rating, assess, life};
use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;
use record::{AsOf, Logged, Realm};

use crate::made::{Drawn, Making, ON, all_known, drawn, make};
use crate::{procedures, support};

static DEMO: LazyLock<Bundle> = LazyLock::new(|| support::bundle(Realm::Demo));
static PLAN: LazyLock<Plan> = LazyLock::new(|| Plan::of(&DEMO));

fn rate(life: &Life, on: Date) -> Result<Rated, NotRated> {
    Rater::new(&DEMO, &PLAN, on).rate(life.who, &life.spans)
}

/// Holds the two equal: letter, points, scorecard, dimensions, and the points of the features that weigh most.
fn same(records: &[Logged], as_of: AsOf, life: &Life) -> Result<(), TestCaseError> {
    let (one, other) = (rate(life, as_of.on), assess(&DEMO, records, as_of).rating);
    let (rated, grade) = match (one, other) {
        (Err(why), Rating::NotRated(also)) => {
            prop_assert_eq!(why, also);
            return Ok(());
        }
        (Ok(rated), Rating::Rated(grade)) => (rated, grade),
        (one, other) => return Err(TestCaseError::fail(format!("{one:?} beside {other:?}"))),
    };
    let card = DEMO
        .scorecards()
        .nth(usize::from(rated.card))
        .expect("a scorecard");
    let code = format!("rating.{}", card.code);
    prop_assert_eq!(
        (rated.letter, rated.points, code.as_str()),
        (grade.letter, grade.points, grade.scorecard.as_str())
    );
    let dimensions: Vec<i32> = grade.dimensions.iter().map(|one| one.points).collect();
    prop_assert_eq!(&rated.dimensions, &dimensions);
    let told: BTreeMap<&str, i32> = grade
        .reasons
        .iter()
        .map(|reason| (reason.because.clause.as_str(), reason.points))
        .collect();
    for (feature, points) in &rated.reasons {
        let clause = format!("{code}.{}", card.features[usize::from(*feature)].code);
        prop_assert_eq!(told.get(clause.as_str()), Some(points), "{}", clause);
    }
    Ok(())
}

fn held(making: Making, drawn: &[Drawn], days: &[i32], known: u64) -> Result<(), TestCaseError> {
    let records = make(&DEMO, making, drawn);
    let all = all_known(&records);
    for known in [all.known, record::TreeSize(known.min(all.known.0))] {
        let life = life(&DEMO, &PLAN, &records, known);
        prop_assert!(life.spans.is_sorted_by_key(|span| span.line));
        // The days on which something happens, those beside them, and some others.
        let of_records = records.iter().map(|logged| logged.record().occurred);
        let beside = of_records.flat_map(|day| [-1, 0, 1].map(|by| day.saturating_add(by.days())));
        for on in beside.chain(days.iter().map(|days| ON.saturating_add(days.days()))) {
            same(&records, AsOf { on, known }, &life)?;
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: support::cases(32), ..ProptestConfig::default() })]

    #[test]
    fn of_persons(drawn in drawn(), notice in any::<bool>(), days in prop::collection::vec(-9_000..3_000_i32, 8), known in 0..60_u64) {
        held(Making { notice, ..Making::PERSON }, &drawn, &days, known)?;
    }

    #[test]
    fn of_the_young(drawn in drawn(), days in prop::collection::vec(-3_000..3_000_i32, 8), known in 0..60_u64) {
        held(Making { born: jiff::civil::date(2005, 6, 2), ..Making::PERSON }, &drawn, &days, known)?;
    }

    #[test]
    fn of_firms(drawn in drawn(), days in prop::collection::vec(-3_000..3_000_i32, 8), known in 0..60_u64) {
        held(Making::FIRM, &drawn, &days, known)?;
    }

    #[test]
    fn of_the_listed(full in 0..4_usize, done in procedures::done(), day in 0..1_500_i32) {
        let records = procedures::make(full, &done);
        let known = procedures::on(day, &records).known;
        let life = life(&DEMO, &PLAN, &records, known);
        let days = records.iter().flat_map(|one| [0, 1].map(|by| one.record().occurred.saturating_add(by.days())));
        for on in days.chain([procedures::on(day, &records).on]) {
            same(&records, AsOf { on, known }, &life)?;
        }
    }

    #[test]
    fn of_traders(drawn in drawn(), days in prop::collection::vec(-3_000..3_000_i32, 8), known in 0..60_u64) {
        held(Making::TRADER, &drawn, &days, known)?;
    }
}
