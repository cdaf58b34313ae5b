//! The guards as properties, over files that nobody thought of.

use std::sync::LazyLock;

use assess::{Assessment, Bundle, Letter, Measure, Rating, Restriction, Standing, assess, decide};
use jiff::ToSpan;
use proptest::prelude::*;
use record::{AsOf, Logged, Realm, TreeSize};

use crate::made::{Drawn, Making, ON, all_known, counter, drawn, items, logged, make};
use crate::support;

static DEMO: LazyLock<Bundle> = LazyLock::new(|| support::bundle(Realm::Demo));
static LIVE: LazyLock<Bundle> = LazyLock::new(|| support::bundle(Realm::Live));

fn restrictions(assessment: &Assessment) -> Vec<&Restriction> {
    assessment
        .measures
        .iter()
        .filter_map(|measure| match measure {
            Measure::Restriction(restriction) => Some(restriction),
            Measure::Incentive(_) => None,
        })
        .collect()
}

fn counts(assessment: &Assessment, adverse: bool) -> usize {
    let of_nature = |code| DEMO.item(code).is_some_and(|item| item.is_adverse() == adverse);
    assessment
        .standings
        .iter()
        .filter(|record| record.standing == Standing::Counts && of_nature(&record.item))
        .count()
}

fn makings() -> impl Strategy<Value = Making> {
    prop::sample::select(vec![Making::PERSON, Making::FIRM, Making::TRADER])
}

/// Numbers left as they are, these records taken out.
fn without(records: &[Logged], out: impl Fn(&Logged) -> bool) -> Vec<Logged> {
    records.iter().filter(|logged| !out(logged)).cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: support::cases(120), ..ProptestConfig::default() })]

    #[test]
    fn guard_1_the_outcome_with_a_grade_is_at_least_the_one_without(
        making in makings(), drawn in drawn(), hands in prop::sample::subsequence(
            vec!["application", "inspection-report", "identity", "old-licence", "letter-of-authority"], 0..=5),
    ) {
        let with = make(&DEMO, making, &drawn);
        let as_of = all_known(&with);
        let rated = assess(&DEMO, &with, as_of);
        // The same file, but never rated: the assessment of a bundle without scorecards.
        let unrated = assess(&UNRATED, &with, as_of);
        prop_assert!(unrated.rating.grade().is_none());
        let ask = counter(&hands);
        let (one, other) = (decide(&DEMO, &with, &rated, &ask), decide(&UNRATED, &with, &unrated, &ask));
        prop_assert!(one.verdict >= other.verdict, "{:?} < {:?}", one.verdict, other.verdict);
        prop_assert_eq!(one.promised_working_days, other.promised_working_days);
        // And no restriction comes or goes with the grade.
        prop_assert_eq!(restrictions(&rated), restrictions(&unrated));
        prop_assert!(rated.measures.len() >= unrated.measures.len());
    }

    #[test]
    fn guard_1_without_adverse_records_at_least_b(making in makings(), drawn in drawn()) {
        let records = make(&DEMO, making, &drawn);
        let found = assess(&DEMO, &records, all_known(&records));
        if counts(&found, true) == 0 && let Rating::Rated(grade) = &found.rating {
            prop_assert!(grade.letter >= Letter::B, "{:?}", grade.reasons);
        }
    }

    #[test]
    fn guard_1_a_scorecard_for_some_never_lowers_the_grade(drawn in drawn(), certificate in 0..3_usize) {
        let codes = items(&DEMO, Making::FIRM.kind);
        let of_tech = ["tech.high-tech", "tech.small-medium", "tech.specialised"][certificate];
        let item = codes.iter().position(|code| code.as_str() == of_tech).expect("the item");
        let one = Drawn { item, days_ago: 30, quantity: 1, ends_after: None, confirmed: true, then: Vec::new() };
        let (before, after) = (make(&DEMO, Making::FIRM, &drawn), make(&DEMO, Making::FIRM, &[drawn, vec![one]].concat()));
        let general = assess(&GENERAL, &after, all_known(&after));
        let (before, after) = (assess(&DEMO, &before, all_known(&before)), assess(&DEMO, &after, all_known(&after)));
        let of = |found: &Assessment| found.rating.grade().map(|grade| (grade.letter, grade.points));
        prop_assert!(of(&after) >= of(&general), "{:?} < {:?}", of(&after), of(&general));
        // Nor does becoming one.
        prop_assert!(of(&after) >= of(&before), "{:?} < {:?}", of(&after), of(&before));
    }

    #[test]
    fn guard_1_a_decision_never_tells_the_grade(making in makings(), drawn in drawn()) {
        let records = make(&DEMO, making, &drawn);
        let found = assess(&DEMO, &records, all_known(&records));
        let decision = decide(&DEMO, &records, &found, &counter(&["application", "inspection-report", "identity"]));
        let json = serde_json::to_string(&decision).expect("json");
        for word in ["points", "letter\"", "grade\"", "rating"] {
            prop_assert!(!json.contains(word), "{}", json);
        }
    }

    #[test]
    fn guard_2_no_notice_no_rating_no_consent_no_use(drawn in drawn()) {
        let untold = Making { notice: false, ..Making::PERSON };
        let drawn: Vec<Drawn> = drawn.into_iter().filter(|one| !says_notice(one)).collect();
        let records = make(&DEMO, untold, &drawn);
        prop_assert!(assess(&DEMO, &records, all_known(&records)).rating.grade().is_none());
        let unasked = Making { consent: false, ..Making::PERSON };
        let records = make(&DEMO, unasked, &drawn);
        let found = assess(&DEMO, &records, all_known(&records));
        let decision = decide(&DEMO, &records, &found, &counter(&["application", "inspection-report", "identity"]));
        prop_assert_eq!(decision.verdict, assess::Verdict::Ordinary);
    }

    #[test]
    fn guard_3_words_and_names_change_nothing(making in makings(), drawn in drawn()) {
        let one = make(&DEMO, making, &drawn);
        let other = make(&DEMO, Making { words: "另一些话 回族 女 72岁 祖庙", ..making }, &drawn);
        let (one, other) = (assess(&DEMO, &one, all_known(&one)), assess(&DEMO, &other, all_known(&other)));
        prop_assert_eq!(one.rating, other.rating);
    }

    #[test]
    fn guard_4_no_document_no_entry_and_no_restriction(making in makings(), drawn in drawn()) {
        let records = make(&DEMO, Making { documents: false, ..making }, &drawn);
        let found = assess(&DEMO, &records, all_known(&records));
        prop_assert!(found.entries.is_empty());
        prop_assert!(restrictions(&found).is_empty());
        prop_assert_eq!(counts(&found, true), 0);
        prop_assert!(found.rating.grade().is_none_or(|grade| grade.letter >= Letter::B));
        let records = make(&DEMO, making, &drawn);
        let found = assess(&DEMO, &records, all_known(&records));
        for restriction in restrictions(&found) {
            prop_assert!(!restriction.document().number.is_empty() && !restriction.document().authority.is_empty());
            prop_assert!(!restriction.fact().is_empty());
        }
        // No number of minor records becomes an entry: each entry is one record of its list's own item.
        for entry in &found.entries {
            let list = DEMO.list(&entry.list).expect("a list");
            let standing = found.standing(entry.record).expect("its record");
            prop_assert!(list.items.contains(&standing.item));
        }
    }

    #[test]
    fn guard_5_what_is_not_linked_has_no_effect(making in makings(), drawn in drawn(), stranger in drawn()) {
        let own = make(&DEMO, making, &drawn);
        let next = own.len() as u64;
        // A stranger's records, of the same name, in the store but not of this subject: not handed in at all;
        // and one linked by mistake and unlinked again: as if it had never been.
        let theirs = make(&DEMO, making, &stranger);
        let mistake = theirs.iter().skip(3).take(1).map(|one| logged(next, next, one.record().clone()));
        let mut with: Vec<Logged> = own.iter().cloned().chain(mistake).collect();
        if with.len() > own.len() {
            let unlink = record::Record {
                source: "chancheng.market".parse().expect("code"),
                item: record::Act::Unlink.item(),
                subject: None,
                document: None,
                occurred: ON,
                ends: None,
                fields: std::collections::BTreeMap::new(),
                references: vec![record::Reference {
                    relation: record::Relation::Unlinks,
                    target: record::Target::Number(record::RecordNumber(next)),
                }],
            };
            with.push(logged(next + 1, next + 1, unlink));
        }
        let as_of = all_known(&with);
        prop_assert_eq!(assess(&DEMO, &with, as_of).to_bytes(), assess(&DEMO, &own, as_of).to_bytes());
    }

    #[test]
    fn guard_6_a_dispute_takes_nothing_and_suspends(making in makings(), drawn in drawn()) {
        let records = make(&DEMO, making, &drawn);
        let found = assess(&DEMO, &records, all_known(&records));
        let disputed: Vec<_> = found
            .standings
            .iter()
            .filter(|record| matches!(record.standing, Standing::Disputed { .. }))
            .map(|record| record.number)
            .collect();
        if let Rating::Rated(grade) = &found.rating {
            for reason in &grade.reasons {
                prop_assert!(reason.because.records.iter().all(|number| !disputed.contains(number)));
            }
        }
        for entry in found.entries.iter().filter(|entry| disputed.contains(&entry.record)) {
            prop_assert!(entry.disputed.is_some());
        }
    }

    #[test]
    fn guard_7_everything_adverse_ends(making in makings(), drawn in drawn()) {
        let records = make(&DEMO, making, &drawn);
        let as_of = AsOf { on: ON.saturating_add(61.months()), ..all_known(&records) };
        let found = assess(&DEMO, &records, as_of);
        prop_assert_eq!(counts(&found, true), 0);
        prop_assert!(restrictions(&found).is_empty());
        // Before that too: nothing counts longer than its item's cap from the later of its two days.
        let found = assess(&DEMO, &records, all_known(&records));
        for standing in &found.standings {
            let item = DEMO.item(&standing.item);
            let Some(months) = item.and_then(|item| item.effect_months_most) else { continue };
            let logged = records.iter().find(|one| one.number() == standing.number).expect("known");
            let last = logged.record().occurred.saturating_add(i64::from(months).months());
            prop_assert!(standing.ends.is_some_and(|ends| ends <= last));
            prop_assert!(ON < last || standing.standing != Standing::Counts);
        }
    }

    #[test]
    fn guard_8_reasons_sum_and_steps_only_better(making in makings(), drawn in drawn()) {
        let records = make(&DEMO, making, &drawn);
        let found = assess(&DEMO, &records, all_known(&records));
        if let Rating::Rated(grade) = &found.rating {
            prop_assert_eq!(grade.reasons.iter().map(|reason| reason.points).sum::<i32>(), grade.points);
            for reason in &grade.reasons {
                prop_assert!(DEMO.clause(&reason.because.clause).is_some(), "{}", reason.because.clause);
                prop_assert!(is_filled(&reason.text));
            }
            for step in &grade.improvements {
                prop_assert!(step.points > 0 && step.letter_then >= grade.letter);
                prop_assert!(is_filled(&step.text));
            }
        }
        for measure in &found.measures {
            prop_assert!(DEMO.clause(&measure.because().clause).is_some());
        }
    }

    #[test]
    fn guard_8_replay_is_the_same_to_the_byte_in_any_order(
        (records, shuffled) in (makings(), drawn())
            .prop_map(|(making, drawn)| make(&DEMO, making, &drawn))
            .prop_flat_map(|records| (Just(records.clone()), Just(records).prop_shuffle())),
        known in 0..90_u64,
    ) {
        let as_of = AsOf { on: ON, known: TreeSize(known) };
        prop_assert_eq!(
            assess(&DEMO, &records, as_of).to_bytes(),
            assess(&REPLAYED, &shuffled, as_of).to_bytes()
        );
        // What is not known yet has no effect on what is.
        let known_only = without(&records, |logged| !as_of.knows(logged.number()));
        prop_assert_eq!(assess(&DEMO, &records, as_of).to_bytes(), assess(&DEMO, &known_only, as_of).to_bytes());
    }

    #[test]
    fn more_good_never_takes_and_more_adverse_never_gives(making in makings(), drawn in drawn(), item in 0..4_096_usize, days in 0..900_i32) {
        let one = Drawn { item, days_ago: days, quantity: 24, ends_after: None, confirmed: true, then: Vec::new() };
        let codes = items(&DEMO, making.kind);
        let adverse = DEMO.item(&codes[item % codes.len()]).is_some_and(assess::Item::is_adverse);
        let (before, after) = (make(&DEMO, making, &drawn), make(&DEMO, making, &[drawn, vec![one]].concat()));
        let before = assess(&DEMO, &before, all_known(&before));
        let after = assess(&DEMO, &after, all_known(&after));
        if let (Rating::Rated(before), Rating::Rated(after)) = (before.rating, after.rating) {
            if adverse {
                prop_assert!(after.points <= before.points);
            } else {
                prop_assert!(after.points >= before.points);
            }
        }
    }

    #[test]
    fn guard_13_the_young_and_the_dead(drawn in drawn()) {
        let young = Making { born: ON.saturating_sub(17.years()), ..Making::PERSON };
        let records = make(&DEMO, young, &drawn);
        let found = assess(&DEMO, &records, all_known(&records));
        prop_assert!(found.rating.grade().is_none() && found.entries.is_empty() && found.measures.is_empty());
        prop_assert!(found.standings.iter().all(|record| !record.displayed));
    }

    #[test]
    fn guard_14_what_is_unverified_restricts_no_one_alive(making in makings(), drawn in drawn()) {
        let records = make(&LIVE, making, &drawn);
        let found = assess(&LIVE, &records, all_known(&records));
        prop_assert!(restrictions(&found).is_empty());
    }
}

fn is_filled(text: &assess::Text) -> bool {
    !text.zh.contains('{') && !text.en.contains('{')
}

/// The bundle once more, from its bytes.
static REPLAYED: LazyLock<Bundle> =
    LazyLock::new(|| Bundle::from_bytes(&DEMO.to_bytes()).expect("its own bytes"));

/// A bundle without the scorecards for some.
static GENERAL: LazyLock<Bundle> = LazyLock::new(|| {
    let mut files = support::files();
    files.remove("rating/tech-enterprise.toml").expect("the card");
    support::parse(files, Realm::Demo)
});

/// A bundle with everything but scorecards.
static UNRATED: LazyLock<Bundle> = LazyLock::new(|| {
    let mut files = support::files();
    files.retain(|path, _| !path.starts_with("rating/"));
    support::parse(files, Realm::Demo)
});

fn says_notice(one: &Drawn) -> bool {
    let codes = items(&DEMO, record::SubjectKind::Person);
    codes[one.item % codes.len()].as_str() == "notice.rating"
}

#[test]
fn a_verified_clause_restricts_in_a_live_realm() {
    let mut files = support::files();
    for path in ["lists/court-defaulters.toml", "measures/restrictions.toml"] {
        let text = files.get_mut(path).expect("the file");
        *text = text
            .replace(", unverified = true }", " }")
            .replace("unverified = true\n", "")
            .replace("unverified = true # terms and exits are from memory\n", "");
    }
    let bundle = support::parse(files, Realm::Live);
    let codes = items(&bundle, record::SubjectKind::Person);
    let item = codes
        .iter()
        .position(|code| code.as_str() == "court.judgment-defaulter")
        .expect("the item");
    let drawn = Drawn {
        item,
        days_ago: 30,
        quantity: 1,
        ends_after: None,
        confirmed: true,
        then: Vec::new(),
    };
    let records = make(&bundle, Making::PERSON, &[drawn]);
    let found = assess(&bundle, &records, all_known(&records));
    let codes: Vec<&str> = restrictions(&found)
        .iter()
        .map(|one| one.code().as_str())
        .collect();
    assert_eq!(codes, ["limit-consumption", "limit-office"]);
}

#[test]
fn death_ends_grade_entries_measures_and_display() {
    let codes = items(&DEMO, record::SubjectKind::Person);
    let item = codes
        .iter()
        .position(|code| code.as_str() == "court.judgment-defaulter")
        .expect("the item");
    let drawn = Drawn {
        item,
        days_ago: 30,
        quantity: 1,
        ends_after: None,
        confirmed: true,
        then: Vec::new(),
    };
    let mut records = make(&DEMO, Making::PERSON, &[drawn]);
    let mut register = records[0].record().clone();
    register.fields.insert(
        "death_date".to_owned().try_into().expect("name"),
        record::Value::Date(ON),
    );
    records[0] = logged(0, 0, register);
    let found = assess(&DEMO, &records, all_known(&records));
    assert_eq!(found.rating, Rating::NotRated(assess::NotRated::Deceased));
    assert!(found.entries.is_empty() && found.measures.is_empty());
    assert!(found.standings.iter().all(|record| !record.displayed));
    let before = AsOf {
        on: ON.saturating_sub(1.days()),
        ..all_known(&records)
    };
    assert_eq!(assess(&DEMO, &records, before).entries.len(), 1);
}

/// The properties above would say nothing if what they draw never met a rule.
#[test]
fn what_is_drawn_meets_the_rules() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut met = std::collections::BTreeMap::<&str, usize>::new();
    for making in [Making::PERSON, Making::FIRM, Making::TRADER]
        .into_iter()
        .cycle()
        .take(2_400)
    {
        let records = make(
            &DEMO,
            making,
            &drawn().new_tree(&mut runner).expect("drawn").current(),
        );
        let found = assess(&DEMO, &records, all_known(&records));
        for standing in &found.standings {
            *met.entry(standing.standing.code()).or_default() += 1;
        }
        if !restrictions(&found).is_empty() {
            *met.entry("restricted").or_default() += 1;
        }
        if let Some(grade) = found.rating.grade() {
            *met.entry(grade.letter.as_str()).or_default() += 1;
            if grade.scorecard.as_str() == "rating.tech-enterprise" {
                *met.entry("a card for some").or_default() += 1;
            }
            if grade
                .reasons
                .iter()
                .any(|reason| reason.because.clause.as_str().contains(".bound."))
            {
                *met.entry("bounded").or_default() += 1;
            }
            if !grade.improvements.is_empty() {
                *met.entry("improvable").or_default() += 1;
            }
        }
        let hands = ["application", "inspection-report", "identity", "old-licence"];
        let decision = decide(&DEMO, &records, &found, &counter(&hands));
        *met.entry(decision.verdict.code()).or_default() += 1;
    }
    for what in [
        "counts",
        "pending",
        "disputed",
        "ended",
        "repaired",
        "corrected",
        "withdrawn",
        "future",
        "restricted",
        "A",
        "B",
        "C",
        "D",
        "bounded",
        "improvable",
        "a card for some",
        "ordinary",
        "defer_materials",
    ] {
        assert!(met.get(what).is_some_and(|times| *times >= 10), "{what}: {met:?}");
    }
}
