//! Credit repair: when it opens, what it asks for, and what stops.

use std::sync::LazyLock;

use assess::{Bundle, Measure, RepairNeed, Standing, Tier, assess, repair};
use jiff::ToSpan;
use proptest::prelude::*;
use record::{AsOf, Logged, Realm, Reference, Relation, Target, Value};

use crate::made::{Making, ON, all_known, bare, drawn, logged, make};
use crate::support;

static DEMO: LazyLock<Bundle> = LazyLock::new(|| support::bundle(Realm::Demo));

/// The same file and an application for each of its records, in their order.
fn applied(records: &[Logged], commitment: bool, performed: bool) -> Vec<Logged> {
    let mut all = records.to_vec();
    for one in records {
        let number = all.len() as u64;
        let mut act = bare("act.apply-repair", "subject", ON.saturating_sub(1.day()));
        if commitment {
            act.fields.insert(
                "commitment".parse().expect("name"),
                Value::Text("今后守法".into()),
            );
        }
        if performed {
            act.fields.insert(
                "performed".parse().expect("name"),
                Value::Date(ON.saturating_sub(2.days())),
            );
        }
        act.references.push(Reference {
            relation: Relation::Asks,
            target: Target::Number(one.number()),
        });
        all.push(logged(number, number, act));
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: support::cases(100), ..ProptestConfig::default() })]

    #[test]
    fn there_is_an_answer_for_what_speaks_against_one_and_for_nothing_else(drawn in drawn(), firm in any::<bool>()) {
        let making = if firm { Making::FIRM } else { Making::PERSON };
        let records = make(&DEMO, making, &drawn);
        let found = assess(&DEMO, &records, all_known(&records));
        for logged in &records {
            let record = logged.record();
            let item = DEMO.item(&record.item).filter(|item| item.is_adverse());
            let standing = found.standing(logged.number()).map(|found| found.standing);
            let lives = matches!(standing, Some(Standing::Counts | Standing::Disputed { .. }));
            let answer = repair(&DEMO, &records, &found, logged.number());
            prop_assert_eq!(answer.is_some(), lives && item.is_some());
            let (Some(answer), Some(item)) = (answer, item) else { continue };
            // Nobody applied: nothing opens, and nobody is late with it.
            prop_assert!(!answer.open && answer.applied.is_none() && answer.answer_by.is_none());
            let date = record.document.as_ref().map_or(record.occurred, |document| document.date);
            let least = i64::from(item.display_months_least.unwrap_or(0));
            prop_assert_eq!(answer.open_from, date.saturating_add(least.months()));
            let needs: Vec<RepairNeed> = answer.conditions.iter().map(|condition| condition.needs).collect();
            prop_assert_eq!(needs, [RepairNeed::Repairable, RepairNeed::ShortestDisplay, RepairNeed::Performed, RepairNeed::Commitment]);
            let whole = answer.conditions.iter().all(|condition| !condition.text.zh.contains('{') && condition.clause.is_some());
            prop_assert!(whole, "{:?}", answer);
        }
    }

    #[test]
    fn an_application_changes_nothing_and_time_only_opens(drawn in drawn(), firm in any::<bool>(), days in 0..800_i32) {
        let making = if firm { Making::FIRM } else { Making::PERSON };
        let plain = make(&DEMO, making, &drawn);
        let asked = applied(&plain, true, true);
        let as_of = all_known(&asked);
        let (before, after) = (assess(&DEMO, &plain, as_of), assess(&DEMO, &asked, as_of));
        prop_assert_eq!(before.to_bytes(), after.to_bytes());
        let later = assess(&DEMO, &asked, AsOf { on: ON.saturating_add(days.days()), ..as_of });
        for one in &plain {
            let (Some(now), Some(then)) = (
                repair(&DEMO, &asked, &after, one.number()),
                repair(&DEMO, &asked, &later, one.number()),
            ) else { continue };
            prop_assert!(!now.open || then.open);
            prop_assert!(now.applied.is_some() && now.answer_by > now.authority_by);
            let item = DEMO.item(&one.record().item).expect("adverse");
            let early = now.conditions.iter().any(|one| {
                one.clause.as_ref().is_some_and(|id| id.as_str().starts_with("repair.channel."))
            });
            prop_assert_eq!(now.open, item.repairable && (early || now.open_from <= ON));
            prop_assert_eq!(then.open_from, now.open_from);
        }
    }

    #[test]
    fn an_answer_ends_the_waiting_on_its_day(drawn in drawn(), days in -1..2_i32) {
        let plain = make(&DEMO, Making::FIRM, &drawn);
        let mut asked = applied(&plain, true, true);
        for (one, application) in plain.iter().zip(plain.len() as u64..) {
            let number = asked.len() as u64;
            let mut act = bare("act.answer", one.record().source.as_str(), ON.saturating_add(days.days()));
            act.fields.insert("upheld".parse().expect("name"), Value::Bool(false));
            act.references.push(Reference {
                relation: Relation::Answers,
                target: Target::Number(record::RecordNumber(application)),
            });
            asked.push(logged(number, number, act));
        }
        let found = assess(&DEMO, &asked, all_known(&asked));
        for one in &plain {
            let Some(answer) = repair(&DEMO, &asked, &found, one.number()) else { continue };
            prop_assert_eq!(answer.applied.is_some(), days > 0);
        }
    }

    #[test]
    fn a_repair_stops_display_use_and_measures_and_takes_nothing(drawn in drawn(), firm in any::<bool>()) {
        let making = if firm { Making::FIRM } else { Making::PERSON };
        let asked = applied(&make(&DEMO, making, &drawn), true, true);
        let before = assess(&DEMO, &asked, all_known(&asked));
        let open = asked.iter().find(|one| repair(&DEMO, &asked, &before, one.number()).is_some_and(|answer| answer.open));
        let Some(one) = open else { return Ok(()) };
        let mut act = bare("act.repair", one.record().source.as_str(), ON);
        act.references.push(Reference { relation: Relation::Repairs, target: Target::Number(one.number()) });
        let mut repaired = asked.clone();
        repaired.push(logged(asked.len() as u64, asked.len() as u64, act));
        let after = assess(&DEMO, &repaired, all_known(&repaired));
        let standing = after.standing(one.number()).expect("known");
        let stopped = matches!(standing.standing, Standing::Repaired { .. }) && !standing.displayed;
        prop_assert!(stopped, "{:?}", standing);
        prop_assert!(after.entries.iter().all(|entry| entry.record != one.number()));
        prop_assert!(after.measures.iter().all(|measure| !measure.because().records.contains(&one.number())));
        let restrictions = |found: &assess::Assessment| {
            found.measures.iter().filter(|measure| matches!(measure, Measure::Restriction(_))).count()
        };
        prop_assert!(restrictions(&after) <= restrictions(&before));
        if let (Some(before), Some(after)) = (before.rating.grade(), after.rating.grade()) {
            prop_assert!(after.points >= before.points);
        }
        prop_assert!(repair(&DEMO, &repaired, &after, one.number()).is_none());
    }
}

#[test]
fn a_tier_may_be_kinder_than_the_law_and_never_harsher() {
    for (old, new, harsher) in [
        (
            "display_months_least = 3\ndisplay_months_most = 12",
            "display_months_least = 4\ndisplay_months_most = 12",
            true,
        ),
        (
            "display_months_least = 3\ndisplay_months_most = 12",
            "display_months_least = 3\ndisplay_months_most = 13",
            true,
        ),
        (
            "display_months_least = 3\ndisplay_months_most = 12",
            "display_months_least = 2\ndisplay_months_most = 11",
            false,
        ),
        (
            "waives = [\"performed\", \"shortest_display\"]",
            "waives = [\"repairable\"]",
            true,
        ),
        (
            "waives = [\"performed\", \"shortest_display\"]",
            "waives = []",
            true,
        ),
        (
            "performed_by = [\"penalty.performed\"]",
            "performed_by = [\"penalty.fine\"]",
            true,
        ),
        (
            "performed_by = [\"penalty.performed\"]",
            "performed_by = [\"nothing.known\"]",
            true,
        ),
        ("tier = \"severe\"", "tier = \"general\"", true),
        ("needs = \"commitment\"", "needs = \"performed\"", true),
        ("{open_from} 起", "{when} 起", true),
    ] {
        let parsed = Bundle::parse(support::changed_files("repair.toml", old, new), Realm::Demo);
        assert_eq!(parsed.is_err(), harsher, "{new}: {parsed:?}");
        for fault in parsed.err().unwrap_or_default() {
            assert!(fault.file == "repair.toml" && fault.line > 0, "{fault}");
        }
    }
}

#[test]
fn a_kinder_tier_opens_earlier_where_the_item_leaves_it_to_the_tier() {
    let rules = DEMO.repair_rules();
    let mut item = DEMO
        .item(&"penalty.fine".parse().expect("code"))
        .expect("it")
        .clone();
    assert_eq!(rules.months_least(&item), 3);
    item.display_months_least = None;
    assert_eq!((rules.months_least(&item), item.tier), (3, Some(Tier::General)));
    item.tier = None;
    assert_eq!(rules.months_least(&item), 0);
}

#[test]
fn a_bundle_without_rules_of_repair_still_answers() {
    let mut files = support::files();
    files.remove("repair.toml");
    files.remove("deadlines.toml");
    let bundle = support::parse(files, Realm::Demo);
    let mut penalty = bare("penalty.fine", "chancheng.market", ON.saturating_sub(1.year()));
    penalty.occurred = ON.saturating_sub(4.months());
    penalty.document = Some(record::Document {
        number: "佛禅市监处〔2026〕1号".into(),
        authority: "禅城区市场监督管理局".into(),
        date: penalty.occurred,
    });
    let mut confirm = bare("act.confirm", "chancheng.market", ON);
    confirm.references.push(Reference {
        relation: Relation::Confirms,
        target: Target::Submission(record::SubmissionId(0)),
    });
    let records = [logged(0, 0, penalty), logged(1, 1, confirm)];
    let found = assess(&bundle, &records, all_known(&records));
    let answer = repair(&bundle, &records, &found, record::RecordNumber(0)).expect("an answer");
    assert!(!answer.open, "{answer:?}");
    assert_eq!(answer.clause.as_str(), "catalogue.penalty.fine");
    assert!(assess::duties(&bundle, &records, all_known(&records)).is_empty());
}
