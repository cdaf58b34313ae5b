//! The language refuses what no bundle may say, in its place; and no text makes it panic.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use assess::{Bundle, Severity, assess, check, check_coverage, run_cases};
use proptest::prelude::*;
use record::Realm;

use crate::made::{Making, all_known, drawn, make};
use crate::support;

/// One text put in the place of another, and what the parser says of it.
fn refuses(file: &str, old: &str, new: &str, expect: &str) {
    let faults = Bundle::parse(support::changed_files(file, old, new), Realm::Demo).expect_err(expect);
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(
        faults
            .iter()
            .any(|fault| fault.file == file && fault.line > 0 && fault.to_string().contains(expect)),
        "`{expect}` in:\n{}",
        lines.join("\n")
    );
}

const CARD: &str = "rating/person.toml";
const TECH: &str = "rating/tech-enterprise.toml";

/// File, what stands there, what is put in its place, and what the fault says.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    (CARD, "points = 70", "points = 69", "below the B from 70"),
    (
        CARD,
        "{ from = 12, points = 2 }",
        "{ from = 12, points = -2 }",
        "the wrong way",
    ),
    (
        CARD,
        "{ from = 1, points = -35 }",
        "{ from = 1, points = 35 }",
        "the wrong way",
    ),
    (
        CARD,
        "{ from = 1, points = -35 }",
        "{ from = 1, points = -55 }",
        "turn back",
    ),
    (
        CARD,
        "{ from = 12, points = 2 }",
        "{ from = 0, points = 2 }",
        "no record at all",
    ),
    (CARD, "within_months = 120\n", "", "covered months need a window"),
    (
        CARD,
        "within_months = 120",
        "within_months = 241",
        "covered months need a window",
    ),
    (
        CARD,
        "from_field = \"period_from\"",
        "from_field = \"months\"",
        "no such field `months`",
    ),
    (
        CARD,
        "from_field = \"period_from\"",
        "from_field = \"begun\"",
        "no such field `begun`",
    ),
    (
        CARD,
        "months_field = \"months\"",
        "months_field = \"period_to\"",
        "no such field `period_to`",
    ),
    (
        CARD,
        "months_field = \"months\"\n",
        "",
        "the same item's period elsewhere",
    ),
    (
        CARD,
        "half_life_months = 6\n",
        "",
        "`half_life_months` is missing",
    ),
    (
        CARD,
        "half_life_months = 6",
        "half_life_months = 0",
        "not within 1 to 120",
    ),
    (
        CARD,
        "reading = \"count\"",
        "reading = \"count\"\nhalf_life_months = 6",
        "means nothing to this reading",
    ),
    (
        CARD,
        "reading = \"count\"",
        "reading = \"count\"\neach_most = 6",
        "means nothing to this reading",
    ),
    (
        CARD,
        "reading = \"count\"",
        "reading = \"count\"\nto_field = \"year\"",
        "means nothing to this reading",
    ),
    (
        CARD,
        "reading = \"decayed_count\"",
        "reading = \"fading\"",
        "unknown variant `fading`",
    ),
    (
        CARD,
        "each_most = 200",
        "each_most = 0",
        "a record that adds nothing",
    ),
    (
        CARD,
        "\"social-insurance.fraud\"",
        "\"volunteer.hours\"",
        "money and numbers in one sum",
    ),
    (
        CARD,
        "[model_card]",
        "[model_card]\nauthor = \"x\"",
        "unknown field `author`",
    ),
    (CARD, "limits = {", "limit = {", "unknown field `limit`"),
    (
        TECH,
        "\"tech.high-tech\"",
        "\"tech.unheard-of\"",
        "not in the catalogue",
    ),
    (
        TECH,
        "\"tech.high-tech\"",
        "\"tech.small-medium\"",
        "stands twice",
    ),
    (
        TECH,
        "\"tech.high-tech\"",
        "\"penalty.fine\"",
        "opens no other scorecard",
    ),
    (
        TECH,
        "\"tech.high-tech\"",
        "\"licence.general\"",
        "is not rateable",
    ),
    (
        TECH,
        "applies_with = ",
        "applies_when = ",
        "unknown field `applies_when`",
    ),
    (
        TECH,
        "applies_with = [\"tech.high-tech\", \"tech.small-medium\", \"tech.specialised\"]",
        "",
        "two general scorecards",
    ),
    (
        TECH,
        "subjects = [\"organisation\"]",
        "subjects = [\"stranger\"]",
        "unknown variant `stranger`",
    ),
    (CARD, "least = -70", "least = 1", "does not hold 0"),
    (CARD, "a = 85", "a = 60", "do not fall"),
    (
        CARD,
        "\"tax.registration\"",
        "\"person.registration\"",
        "is not rateable",
    ),
    (
        CARD,
        "\"tax.registration\"",
        "\"person.blood\"",
        "not in the catalogue",
    ),
    (
        CARD,
        "\"tax.registration\"",
        "\"tax.registration\", \"penalty.fine\"",
        "in one feature",
    ),
    (CARD, "{value}", "{amount}", "`{amount}` is filled with nothing"),
    (CARD, "reading = \"sum\"", "reading = \"mean\"", "unknown variant"),
    (
        "catalogue/judicial.toml",
        "effect_months_most = 60",
        "effect_months_most = 61",
        "more than the 60",
    ),
    (
        "catalogue/judicial.toml",
        "effect_months_most = 60\n",
        "",
        "never ends",
    ),
    (
        "catalogue/judicial.toml",
        "document_required = true\n",
        "",
        "does not ask for a document",
    ),
    (
        "catalogue/judicial.toml",
        "court.judgment",
        "act.judgment",
        "begins with `act.`",
    ),
    (
        "catalogue/tax.toml",
        "quantity = \"amount\"",
        "quantity = \"words\"",
        "not an integer or amount",
    ),
    (
        "lists/court-defaulters.toml",
        "\"court.judgment-defaulter\"",
        "\"penalty.minor\"",
        "no fact field",
    ),
    (
        "lists/court-defaulters.toml",
        "\"court.judgment-defaulter\"",
        "\"tax.grade-a\"",
        "the other way",
    ),
    (
        "lists/court-defaulters.toml",
        "term_months = 24",
        "term_months = 0",
        "not within 1 to 60",
    ),
    (
        "measures/restrictions.toml",
        "from_lists = [\"court-defaulters\"]",
        "from_grade = \"D\"",
        "unknown field `from_grade`",
    ),
    (
        "measures/restrictions.toml",
        "from_lists = [\"court-defaulters\"]",
        "from_lists = []",
        "from nothing else",
    ),
    (
        "measures/restrictions.toml",
        "\"court-defaulters\"",
        "\"tax-grade-a\"",
        "of the other colour",
    ),
    (
        "measures/incentives.toml",
        "from_grade = \"B\"\n",
        "",
        "nothing opens it",
    ),
    (
        "services/elder-card.toml",
        "held_as = \"person.registration\"",
        "held_as = \"penalty.fine\"",
        "or is adverse",
    ),
    (
        "services/hygiene-licence-renewal.toml",
        "defer_working_days = 5",
        "defer_working_days = 11",
        "beyond the promised",
    ),
    (
        "sources.toml",
        "\"tax.grade-a\"",
        "\"tax.grade-z\"",
        "not in the catalogue",
    ),
    (
        "access/roles.toml",
        "\"counter.service\"",
        "\"curiosity\"",
        "there is no purpose",
    ),
    ("bundle.toml", "language = 1", "language = 2", "is not 1"),
    ("bundle.toml", "2026-04-01", "2026-04-01T08:00:00", "has a time"),
    ("bundle.toml", "edition =", "editon =", "unknown field"),
    (
        "calendar.toml",
        "to = 2026-01-03",
        "to = 2025-01-03",
        "before it begins",
    ),
    ("calendar.toml", "zh = \"元旦\"", "zh =", "string"),
];

#[test]
fn what_no_bundle_may_say() {
    for (file, old, new, expect) in REFUSED {
        if *expect == "string" {
            assert!(Bundle::parse(support::changed_files(file, old, new), Realm::Demo).is_err());
        } else {
            refuses(file, old, new, expect);
        }
    }
}

#[test]
fn what_parses_but_may_not_be_published() {
    for (file, old, new, expect) in [
        (
            "access/purposes.toml",
            "code = \"own-file\"",
            "code = \"hiring\"\nmay_ask_grade = true",
            "guard-1-purposes",
        ),
        (
            "catalogue/honours.toml",
            "个人诚信荣誉",
            "无偿献血",
            "guard-3-inputs",
        ),
        (
            "catalogue/honours.toml",
            "name = \"level\"",
            "name = \"age_band\"",
            "guard-3-inputs",
        ),
        (
            "rating/person.toml",
            "\"tax.registration\"",
            "\"honour.person\"",
            "guard-3-inputs",
        ),
        (
            "catalogue/classes.toml",
            "code = \"honour\"",
            "code = \"honour\"\ncharacteristic_of_persons = true",
            "guard-3-inputs",
        ),
        (
            "catalogue/administration.toml",
            "display_months_most = 12\neffect_months_most = 12",
            "display_months_most = 24\neffect_months_most = 24",
            "guard-7-ends",
        ),
        (
            "catalogue/administration.toml",
            "publicity = \"subject\"\ntier = \"minor\"",
            "publicity = \"public\"\ntier = \"minor\"",
            "guard-7-ends",
        ),
        (
            "catalogue/abnormal.toml",
            "effect_months_most = 36",
            "effect_months_most = 36\ntier = \"general\"",
            "guard-7-ends",
        ),
    ] {
        let text = support::changed_files(file, old, new);
        let bundle = match (expect, Bundle::parse(text, Realm::Demo)) {
            (_, Ok(bundle)) => bundle,
            // Roles name the purpose that was renamed.
            (_, Err(_)) => {
                let mut text = support::changed_files(file, old, new);
                let roles = text.get_mut("access/roles.toml").expect("roles");
                *roles = roles.replace("own-file", "hiring");
                support::parse(text, Realm::Demo)
            }
        };
        let found = check(&bundle);
        assert!(
            found
                .iter()
                .any(|finding| finding.severity == Severity::Error && finding.rule == expect),
            "{expect}: {found:?}"
        );
    }
}

#[test]
fn a_scorecard_without_a_model_card_parses_and_is_not_published() {
    let mut files = support::files();
    let text = files.get_mut(TECH).expect("the file");
    let (from, to) = (text.find("[model_card]"), text.find("[base]"));
    text.replace_range(from.expect("a model card")..to.expect("a base"), "");
    let found = check(&support::parse(files, Realm::Demo));
    let about = |finding: &&assess::Finding| finding.rule == "model-card";
    let found: Vec<String> = found.iter().filter(about).map(ToString::to_string).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("rating.tech-enterprise"), "{found:?}");
}

#[test]
fn all_faults_are_found_not_the_first() {
    let mut files = support::changed_files("rating/person.toml", "points = 70", "points = 3");
    for (file, old, new) in [
        ("lists/tax-grade-a.toml", "term_months = 12", "term_months = 0"),
        ("catalogue/tax.toml", "nature = \"good\"", "nature = \"nice\""),
        ("sources.toml", "level = \"city\"", "level = \"moon\""),
    ] {
        let text = files.get_mut(file).expect("the file");
        *text = text.replacen(old, new, 1);
    }
    let faults = Bundle::parse(files, Realm::Demo).expect_err("four files are broken");
    for file in [
        "rating/person.toml",
        "lists/tax-grade-a.toml",
        "catalogue/tax.toml",
        "sources.toml",
    ] {
        assert!(
            faults.iter().any(|fault| fault.file == file && fault.line > 0),
            "{file}"
        );
    }
}

/// A file of cases, what is put in the place of what, and what is said of it.
const WRONG: &[(&str, &str, &str, &str)] = &[
    (
        "cases/person.toml",
        "points = 85",
        "points = 86",
        "the number of points is `85`, expected `86`",
    ),
    (
        "cases/item-abnormal.toml",
        "repair = [{ of = 1, tier = \"general\" }]",
        "repair = [{ of = 1, tier = \"severe\" }]",
        "the clause of record 1 is `repair.general`, expected `repair.severe`",
    ),
    (
        "cases/item-abnormal.toml",
        "repair = [{ of = 1, tier = \"general\" }]",
        "repair = [{ of = 1, none = true }]",
        "record 1 can be repaired, and should not",
    ),
    (
        "cases/repair.toml",
        "repair = [{ of = 1, none = true }], duties",
        "repair = [{ of = 1 }], duties",
        "there is nothing to repair in record 1",
    ),
    (
        "cases/bounds-services.toml",
        "due = 2026-06-08",
        "due = 2026-06-09",
        "the due day is `2026-06-08`, expected `2026-06-09`",
    ),
    (
        "cases/bounds-services.toml",
        "verdict = \"defer_materials\", due",
        "verdict = \"ordinary\", due",
        "the verdict is `defer_materials`, expected `ordinary`",
    ),
    (
        "cases/bounds-lists.toml",
        "procedures = [\"serious-violations asked\"]",
        "procedures = [\"serious-violations listed\"]",
        "the row of procedures is `serious-violations asked`, expected `serious-violations listed`",
    ),
    (
        "cases/bounds-lists.toml",
        "\"term 2028-03-12 2028-03-12\"",
        "\"term 2028-03-12 2028-03-13\"",
        "expected `application 2026-03-12 -, removal 2025-03-12 -, repair 2025-03-12 -, term 2028-03-12 2028-03-13",
    ),
    (
        "cases/bounds-measures.toml",
        "\"no-favours\", \"shared-publicly\"",
        "\"shared-publicly\"",
        "`ban-food-business closer-supervision limit-fiscal-funds limit-honours no-favours shared-publicly to-credit-bureau`",
    ),
    (
        "cases/item-abnormal.toml",
        "refused = [\"SUBJECT-KIND\"]",
        "refused = [\"DOCUMENT-MISSING\"]",
        "the door finds {\"SUBJECT-KIND\"}, expected {\"DOCUMENT-MISSING\"}",
    ),
    (
        "cases/person.toml",
        "points = 85",
        "sum_of_it = 85",
        "unknown field `sum_of_it`",
    ),
];

#[test]
fn a_case_that_is_wrong_fails() {
    let bundle = support::bundle(Realm::Demo);
    for &(file, old, new, expect) in WRONG {
        let files = support::changed_files(file, old, new);
        let failed: Vec<_> = run_cases(&bundle, &files)
            .into_iter()
            .filter(|case| !case.passed())
            .collect();
        let [failed] = failed.as_slice() else {
            panic!("{expect}: {failed:?}")
        };
        assert_eq!(failed.file, file);
        let line = failed.to_string();
        assert!(
            line.starts_with(&format!("{file}: ")) && line.contains(expect),
            "{line}"
        );
        assert!(failed.differences[0].contains(expect), "{:?}", failed.differences);
    }
}

/// Whatever decides wants two cases: what is only for reading wants none.
#[test]
fn a_clause_without_its_cases_is_told() {
    let bundle = support::bundle(Realm::Demo);
    let found = check_coverage(&bundle, &[]);
    let told = |about: &str| {
        let of = found.iter().filter(|finding| finding.about == about);
        of.map(|finding| finding.message.as_str()).collect::<Vec<_>>()
    };
    for clause in [
        "lists.tax-grade-a",
        "lists.serious-violations.early-exit",
        "measures.no-favours",
        "services.hygiene-licence-renewal",
        "deadlines.objection-answer",
        "catalogue.penalty.fine",
        "repair.general",
        "rating.person.bound.adverse",
        "rating.person.honour",
    ] {
        assert_eq!(
            told(clause),
            [
                "no worked case shows it applying",
                "no worked case shows it just not applying"
            ],
            "{clause}"
        );
    }
    for clause in [
        "rating.person.base",
        "class.honour",
        "services.hygiene-licence-renewal.trust",
    ] {
        assert!(
            bundle.clauses().any(|one| one.id.as_str() == clause),
            "{clause} is one"
        );
        assert!(told(clause).is_empty(), "{clause}");
    }
    // Only a case that passes counts.
    let results = run_cases(&bundle, &support::files());
    assert!(check_coverage(&bundle, &results).is_empty());
    let failing: Vec<_> = results
        .into_iter()
        .map(|mut case| {
            case.differences.push("different".to_owned());
            case
        })
        .collect();
    assert_eq!(check_coverage(&bundle, &failing).len(), found.len());
    assert_eq!(
        failing[0].to_string(),
        format!("{}: {}: different", failing[0].file, failing[0].name)
    );
}

/// What is cut, doubled, swapped or scribbled into a file.
fn scribble() -> impl Strategy<Value = String> {
    let words = vec![
        "[[item]]",
        "[[feature]]",
        "= -1",
        "= 99999999999999999999",
        "= 2026-02-30",
        "\"",
        "{",
        "}",
        "[",
        "]",
        "\n",
        "points",
        "from",
        "0",
        "\u{0}",
        "罗",
        "= true",
        "code = \"x\"",
        "items = []",
        "bins = []",
        "\"act.confirm\"",
        "9999-12-31",
        "-9999-01-01",
        "4294967295",
        "-2147483648",
        "9223372036854775807",
        "1e308",
        "nan",
    ];
    prop_oneof![prop::sample::select(words).prop_map(str::to_owned), ".{0,8}",]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: support::cases(60), ..ProptestConfig::default() })]

    #[test]
    fn no_hostile_bundle_makes_it_panic(
        file in 0..256_usize,
        edits in prop::collection::vec((0.0..1.0_f64, 0..40_usize, scribble()), 1..4),
        records in drawn(),
    ) {
        let mut files: BTreeMap<String, String> = support::files();
        // The cases of the cards are many and alike; parsing and the rules are what is tried here.
        files.retain(|name, _| !name.starts_with("cases/rating-"));
        let names: Vec<String> = files.keys().cloned().collect();
        let name = &names[file % names.len()];
        let text = files.get_mut(name).expect("it is there");
        for (place, cut, put) in edits {
            let mut characters: Vec<char> = text.chars().collect();
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a file")]
            let at = (place * characters.len() as f64) as usize;
            let end = (at + cut).min(characters.len());
            characters.splice(at..end, put.chars());
            *text = characters.into_iter().collect();
        }
        run_through(&files, name, &records);
    }

    #[test]
    fn no_hostile_number_makes_it_panic(
        file in 0..256_usize,
        nth in 0..400_usize,
        number in prop::sample::select(vec!["0", "-1", "1", "2147483647", "-2147483648", "4294967295", "9223372036854775807", "10000", "-10000"]),
        records in drawn(),
    ) {
        let mut files: BTreeMap<String, String> = support::files();
        // The cases of the cards are many and alike; parsing and the rules are what is tried here.
        files.retain(|name, _| !name.starts_with("cases/rating-"));
        let names: Vec<String> = files.keys().cloned().collect();
        let name = &names[file % names.len()];
        let text = files.get_mut(name).expect("it is there");
        let numbers: Vec<(usize, usize)> = text
            .match_indices(" = ")
            .filter_map(|(at, _)| {
                let digits = text[at + 3..].chars().take_while(char::is_ascii_digit).count();
                (digits > 0).then_some((at + 3, at + 3 + digits))
            })
            .collect();
        if let Some((from, to)) = numbers.get(nth % numbers.len().max(1)) {
            text.replace_range(from..to, number);
        }
        run_through(&files, name, &records);
    }
}

static WHOLE: LazyLock<Bundle> = LazyLock::new(|| support::bundle(Realm::Demo));

fn run_through(files: &BTreeMap<String, String>, edited: &str, drawn: &[crate::made::Drawn]) {
    // A bundle that fails is told why; one that parses can be checked, run and assessed under.
    if let Ok(bundle) = Bundle::parse(files.clone(), Realm::Demo) {
        check(&bundle);
        // Of the hundreds of cases only those that were edited: others have been run as they are.
        let mut cases = files.clone();
        cases.retain(|path, _| path == edited || path == "cases/services.toml");
        run_cases(&bundle, &cases);
        for making in [Making::PERSON, Making::FIRM] {
            let records = make(&WHOLE, making, drawn);
            let found = assess(&bundle, &records, all_known(&records));
            if let Some(grade) = found.rating.grade() {
                assert_eq!(
                    grade.reasons.iter().map(|reason| reason.points).sum::<i32>(),
                    grade.points
                );
            }
        }
    }
}
