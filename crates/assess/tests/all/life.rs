//! Life events: the young, the dead, companies that are struck off, numbers that change.

use std::sync::LazyLock;

use assess::{Bundle, NotRated, Rating, Standing, assess};
use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;
use record::{AsOf, Document, Logged, Realm, SubjectKind, Value};

use crate::made::{Making, ON, all_known, bare, drawn, logged, make};
use crate::support;

static DEMO: LazyLock<Bundle> = LazyLock::new(|| support::bundle(Realm::Demo));

/// One who came of age on 2023-06-02.
const YOUNG: Making = Making {
    born: date(2005, 6, 2),
    ..Making::PERSON
};

fn adverse(logged: &Logged) -> bool {
    DEMO.item(&logged.record().item)
        .is_some_and(assess::Item::is_adverse)
}

fn event(item: &str, source: &str, kind: SubjectKind, field: &str, value: Value, number: u64) -> Logged {
    let mut record = bare(item, source, ON);
    record.subject.as_mut().expect("stated").kind = kind;
    record.document = Some(Document {
        number: "（禅）登字〔2026〕1号".into(),
        authority: "禅城区市场监督管理局".into(),
        date: ON,
    });
    record.fields.insert(field.parse().expect("name"), value);
    logged(number, number, record)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: support::cases(100), ..ProptestConfig::default() })]

    #[test]
    fn what_happened_under_18_never_counts(drawn in drawn(), years in 0..8_i32) {
        let records = make(&DEMO, YOUNG, &drawn);
        let as_of = AsOf { on: ON.saturating_add(years.years()), ..all_known(&records) };
        let found = assess(&DEMO, &records, as_of);
        let of_age = YOUNG.born.saturating_add(18.years());
        let child = |one: &Logged| adverse(one) && one.record().occurred < of_age;
        for one in records.iter().filter(|one| child(one)) {
            let Some(standing) = found.standing(one.number()) else { continue };
            prop_assert!(!standing.displayed);
            let speaks = matches!(standing.standing, Standing::Counts | Standing::Disputed { .. } | Standing::Ended { .. });
            prop_assert!(!speaks, "{:?}", standing);
            prop_assert!(found.entries.iter().all(|entry| entry.record != one.number()));
            prop_assert!(found.measures.iter().all(|measure| !measure.because().records.contains(&one.number())));
            prop_assert!(assess::repair(&DEMO, &records, &found, one.number()).is_none());
            for reason in found.rating.grade().map_or(&[][..], |grade| &grade.reasons) {
                prop_assert!(!reason.because.records.contains(&one.number()));
            }
        }
        // As if they were not there.
        let grown: Vec<Logged> = records.iter().filter(|one| !child(one)).cloned().collect();
        let without = assess(&DEMO, &grown, as_of);
        prop_assert_eq!(found.rating, without.rating);
        prop_assert_eq!(found.entries, without.entries);
        prop_assert_eq!(found.measures, without.measures);
    }

    #[test]
    fn a_company_struck_off_bears_nothing_and_stays_readable(drawn in drawn(), after in -30..30_i32) {
        let mut records = make(&DEMO, Making::FIRM, &drawn);
        let before = assess(&DEMO, &records, all_known(&records));
        let day = ON.saturating_add(after.days());
        let number = records.len() as u64;
        records.push(event("organisation.cancelled", "chancheng.market", SubjectKind::Organisation, "cancelled_date", Value::Date(day), number));
        let found = assess(&DEMO, &records, all_known(&records));
        if day > ON {
            prop_assert_eq!(found.rating, before.rating);
            prop_assert_eq!(found.measures, before.measures);
        } else {
            prop_assert_eq!(found.rating, Rating::NotRated(NotRated::Cancelled));
            prop_assert!(found.measures.is_empty());
        }
        prop_assert_eq!(found.entries, before.entries);
        prop_assert_eq!(&found.standings[..before.standings.len()], &before.standings[..]);
    }

    #[test]
    fn changed_numbers_successions_and_plans_move_no_point(drawn in drawn(), which in 0..3_usize) {
        let mut records = make(&DEMO, Making::FIRM, &drawn);
        let before = assess(&DEMO, &records, all_known(&records));
        let (item, source, field) = [
            ("organisation.identity-changed", "chancheng.market", "former_identifier"),
            ("organisation.succession", "chancheng.market", "other_name"),
            ("organisation.reorganisation-plan", "chancheng.court", "administrator"),
        ][which];
        let number = records.len() as u64;
        records.push(event(item, source, SubjectKind::Organisation, field, Value::Text("词".into()), number));
        let found = assess(&DEMO, &records, all_known(&records));
        prop_assert_eq!(found.rating, before.rating);
        prop_assert_eq!(found.entries, before.entries);
        prop_assert_eq!(found.measures, before.measures);
    }

    #[test]
    fn death_ends_everything_but_the_records(drawn in drawn()) {
        let mut records = make(&DEMO, Making::PERSON, &drawn);
        let before = assess(&DEMO, &records, all_known(&records));
        let number = records.len() as u64;
        records.push(event("person.registration", "chancheng.police", SubjectKind::Person, "death_date", Value::Date(ON), number));
        let found = assess(&DEMO, &records, all_known(&records));
        prop_assert_eq!(found.rating, Rating::NotRated(NotRated::Deceased));
        prop_assert!(found.measures.is_empty() && found.entries.is_empty());
        prop_assert!(found.standings.iter().all(|standing| !standing.displayed));
        prop_assert_eq!(found.standings.len(), before.standings.len() + 1);
    }
}

#[test]
fn the_youngest_age_that_a_source_states_protects() {
    let records = make(&DEMO, YOUNG, &[]);
    let mut penalty = bare("penalty.fine", "chancheng.police", date(2023, 6, 1));
    penalty.document = Some(Document {
        number: "佛公禅行罚决字〔2023〕1号".into(),
        authority: "禅城公安分局".into(),
        date: date(2023, 7, 1),
    });
    let next = records.len() as u64;
    for (day, juvenile) in [(date(2023, 6, 1), true), (date(2023, 6, 2), false)] {
        penalty.occurred = day;
        let mut all = records.clone();
        all.push(logged(next, next, penalty.clone()));
        let found = assess(&DEMO, &all, all_known(&all));
        let standing = found
            .standing(record::RecordNumber(next))
            .expect("known")
            .standing;
        assert_eq!(standing == Standing::Juvenile, juvenile, "{standing:?}");
    }
}
