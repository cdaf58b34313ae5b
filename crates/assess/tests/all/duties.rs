//! What authorities owe, and the calendar it is counted on.

use std::sync::LazyLock;

use assess::{Bundle, Duty, DutyKind, Standing, assess, duties};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use record::{AsOf, Logged, Realm, RecordNumber, Reference, Relation, Target, Value};

use crate::made::{Making, ON, all_known, bare, drawn, logged, make};
use crate::support;

static DEMO: LazyLock<Bundle> = LazyLock::new(|| support::bundle(Realm::Demo));

/// Next year's calendar announced, as far as a test needs it.
static NEXT: LazyLock<Bundle> = LazyLock::new(|| {
    let mut files = support::changed_files(
        "calendar.toml",
        "announced_to = 2026-12-31",
        "announced_to = 2027-12-31",
    );
    files.get_mut("calendar.toml").expect("it").push_str(
        "\n[[holiday]]\nname = { zh = \"元旦\", en = \"New Year\" }\nfrom = 2027-01-01\nto = 2027-01-03\n\
        \n[[holiday]]\nname = { zh = \"试验\", en = \"Made up\" }\nfrom = 2027-01-04\nto = 2027-01-05\n",
    );
    support::parse(files, Realm::Demo)
});

fn of(found: &[Duty], what: DutyKind, about: RecordNumber) -> Option<&Duty> {
    found.iter().find(|duty| duty.what == what && duty.about == about)
}

fn check(began: Date, working_days: u32, due: Date, provisional: bool) {
    let found = DEMO.calendar().due(began, working_days);
    assert_eq!(
        (found.on, found.provisional),
        (due, provisional),
        "{working_days} after {began}"
    );
}

#[test]
fn working_days_around_spring_festival_and_national_day_2026() {
    // 2026-02-15 to 23 are off, Saturdays the 14th and 28th are worked.
    check(date(2026, 2, 12), 1, date(2026, 2, 13), false);
    check(date(2026, 2, 13), 1, date(2026, 2, 14), false);
    check(date(2026, 2, 13), 2, date(2026, 2, 24), false);
    check(date(2026, 2, 14), 1, date(2026, 2, 24), false);
    check(date(2026, 2, 18), 1, date(2026, 2, 24), false);
    check(date(2026, 2, 26), 2, date(2026, 2, 28), false);
    check(date(2026, 2, 28), 1, date(2026, 3, 2), false);
    // 2026-10-01 to 07 are off, Sunday 2026-09-20 and Saturday 2026-10-10 are worked.
    check(date(2026, 9, 18), 1, date(2026, 9, 20), false);
    check(date(2026, 9, 30), 1, date(2026, 10, 8), false);
    check(date(2026, 9, 30), 3, date(2026, 10, 10), false);
    check(date(2026, 9, 30), 4, date(2026, 10, 12), false);
    // Beyond the last day announced plain weekdays are all that is known.
    check(date(2026, 12, 30), 1, date(2026, 12, 31), false);
    check(date(2026, 12, 31), 1, date(2027, 1, 1), true);
    check(date(2026, 12, 31), 2, date(2027, 1, 4), true);
}

#[test]
fn the_next_calendar_moves_what_was_provisional_and_nothing_else() {
    for began in [date(2026, 9, 30), date(2026, 12, 29), date(2026, 12, 31)] {
        for days in 1..12 {
            let (now, then) = (DEMO.calendar().due(began, days), NEXT.calendar().due(began, days));
            assert!(!then.provisional);
            assert!(now.provisional || now == then, "{began} {days}");
        }
    }
    assert_eq!(NEXT.calendar().due(date(2026, 12, 31), 1).on, date(2027, 1, 6));
    // A calendar that does not say how far it reaches, reaches to the end of its last year; an empty one nowhere.
    let unsaid = support::changed("calendar.toml", "announced_to = 2026-12-31\n", "", Realm::Demo);
    assert_eq!(unsaid.calendar().announced_to(), Some(date(2026, 12, 31)));
    let mut files = support::files();
    files.remove("calendar.toml");
    let none = support::parse(files, Realm::Demo);
    assert!(none.calendar().due(ON, 1).provisional);
}

#[test]
fn the_earlier_of_working_days_and_plain_days_is_due() {
    let deadline = DEMO.deadline(DutyKind::ObjectionAnswer).expect("set").clone();
    let due = |days_most, on| {
        let deadline = assess::Deadline {
            days_most,
            ..deadline.clone()
        };
        deadline.due(DEMO.calendar(), on).on
    };
    let before = date(2026, 2, 13);
    assert_eq!(due(None, before), date(2026, 3, 2));
    assert_eq!(due(Some(20), before), date(2026, 3, 2));
    assert_eq!(due(Some(16), before), date(2026, 3, 1));
    for (old, new) in [
        ("working_days = 7", "working_days = 0"),
        ("working_days = 7", "working_days = 61"),
        ("duty = \"correction\"", "duty = \"repair_answer\""),
    ] {
        let parsed = Bundle::parse(support::changed_files("deadlines.toml", old, new), Realm::Demo);
        assert!(parsed.is_err(), "{new}");
    }
}

/// A file in which every record with a standing is contested the day before.
fn contested(records: &[Logged]) -> Vec<Logged> {
    let mut all = records.to_vec();
    for one in records {
        let number = all.len() as u64;
        let mut act = bare("act.object", "subject", ON.saturating_sub(1.day()));
        act.references.push(Reference {
            relation: Relation::ObjectsTo,
            target: Target::Number(one.number()),
        });
        all.push(logged(number, number, act));
    }
    all
}

fn answered(records: &[Logged], upheld: bool) -> Vec<Logged> {
    let mut all = records.to_vec();
    for one in records
        .iter()
        .filter(|one| one.record().act() == Some(record::Act::Object))
    {
        let Some(Target::Number(about)) = one.record().references.first().map(|reference| reference.target)
        else {
            continue;
        };
        let target = records.iter().find(|other| other.number() == about).expect("it");
        let number = all.len() as u64;
        let mut act = bare("act.answer", target.record().source.as_str(), ON);
        act.fields
            .insert("upheld".parse().expect("name"), Value::Bool(upheld));
        act.references.push(Reference {
            relation: Relation::Answers,
            target: Target::Number(one.number()),
        });
        all.push(logged(number, number, act));
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: support::cases(100), ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_suspended_is_owed_an_answer(drawn in drawn(), firm in any::<bool>()) {
        let making = if firm { Making::FIRM } else { Making::PERSON };
        let records = contested(&make(&DEMO, making, &drawn));
        let as_of = all_known(&records);
        let (found, owed) = (assess(&DEMO, &records, as_of), duties(&DEMO, &records, as_of));
        for standing in &found.standings {
            let disputed = matches!(standing.standing, Standing::Disputed { .. });
            prop_assert!(!disputed || of(&owed, DutyKind::ObjectionAnswer, standing.number).is_some(), "{standing:?}");
        }
        // Answered, nothing waits for an answer; upheld, it is to be put right.
        for upheld in [false, true] {
            let records = answered(&records, upheld);
            let as_of = all_known(&records);
            let owed = duties(&DEMO, &records, as_of);
            prop_assert!(owed.iter().all(|duty| duty.what != DutyKind::ObjectionAnswer), "{owed:?}");
            let found = assess(&DEMO, &records, as_of);
            for standing in &found.standings {
                let counts = matches!(standing.standing, Standing::Counts | Standing::Disputed { .. });
                prop_assert!(!counts || of(&owed, DutyKind::Correction, standing.number).is_none() || standing.item.as_str().starts_with("act."));
            }
        }
    }

    #[test]
    fn a_duty_is_due_after_it_began_and_late_only_after_that(drawn in drawn(), days in 0..60_i32) {
        let records = contested(&make(&DEMO, Making::FIRM, &drawn));
        let on = ON.saturating_add(days.days());
        let as_of = AsOf { on, ..all_known(&records) };
        let owed = duties(&DEMO, &records, as_of);
        for duty in &owed {
            prop_assert!(duty.began < duty.due && duty.began <= on);
            prop_assert_eq!(duty.late, duty.due < on);
            prop_assert!(DEMO.clause(&duty.clause).is_some());
        }
        prop_assert!(owed.is_sorted());
        // The same in whatever order the records come.
        let mut turned = records.clone();
        turned.reverse();
        prop_assert_eq!(duties(&DEMO, &turned, as_of), owed);
        // The next calendar moves days beyond this one's end, and only those.
        let moved = duties(&NEXT, &records, as_of);
        prop_assert_eq!(moved.len(), duties(&DEMO, &records, as_of).len());
    }

    #[test]
    fn told_is_told(drawn in drawn()) {
        let mut records = make(&DEMO, Making::FIRM, &drawn);
        let as_of = all_known(&records);
        for duty in duties(&DEMO, &records, as_of) {
            let since = records.iter().find(|one| one.number() == duty.since).expect("known");
            let mut act = bare("act.tell", since.record().source.as_str(), ON);
            act.references.push(Reference { relation: Relation::Answers, target: Target::Number(duty.since) });
            let number = records.len() as u64;
            records.push(logged(number, number, act));
        }
        let left = duties(&DEMO, &records, all_known(&records));
        prop_assert!(left.iter().all(|duty| duty.what == DutyKind::ObjectionAnswer), "{left:?}");
        // And telling changes no conclusion.
        let (before, after) = (assess(&DEMO, &records, as_of), assess(&DEMO, &records, all_known(&records)));
        prop_assert_eq!(before.standings, after.standings);
    }
}
