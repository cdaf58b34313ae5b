//! The house's own policies: they parse, pass every rule, and every worked case comes out as written.

use assess::{Severity, check, check_change, check_coverage, run_cases};
use record::Realm;

use crate::support;

#[test]
fn they_parse_in_both_realms_with_digests_of_their_own() {
    let (demo, live) = (support::bundle(Realm::Demo), support::bundle(Realm::Live));
    assert_ne!(demo.digest(), live.digest());
    let again = assess::Bundle::from_bytes(&demo.to_bytes()).expect("its own bytes");
    assert_eq!(again.digest(), demo.digest());
    assert_eq!(again.to_bytes(), demo.to_bytes());
    assert!(demo.files().keys().all(|path| !path.starts_with("cases/")));
}

#[test]
fn no_rule_finds_an_error() {
    let found = check(&support::bundle(Realm::Demo));
    let errors: Vec<String> = found
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(ToString::to_string)
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn every_worked_case_comes_out_as_written() {
    let results = run_cases(&support::bundle(Realm::Demo), &support::files());
    assert!(results.len() > 40, "{} cases", results.len());
    let failed: Vec<String> = results
        .iter()
        .filter(|case| !case.passed())
        .map(|case| {
            format!(
                "{}: {}:\n    {}",
                case.file,
                case.name,
                case.differences.join("\n    ")
            )
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn every_clause_has_a_case_that_applies_and_one_that_just_does_not() {
    let bundle = support::bundle(Realm::Demo);
    let found = check_coverage(&bundle, &run_cases(&bundle, &support::files()));
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{}", lines.join("\n"));
}

#[test]
fn a_new_bundle_may_not_worsen_the_ordinary_path() {
    let now = support::bundle(Realm::Demo);
    assert!(check_change(&now, &now).is_empty());
    for (old, new, says) in [
        (
            "promised_working_days = 10",
            "promised_working_days = 11",
            "promises `11`",
        ),
        (
            "defer_working_days = 5\n",
            "",
            "no longer lets `letter-of-authority`",
        ),
        (
            "held_as = \"person.registration\"\n",
            "",
            "asks again for `identity`",
        ),
        (
            "[trust]",
            "[[material]]\ncode = \"new\"\nname = { zh = \"新\", en = \"new\" }\n\n[trust]",
            "asks for `new`",
        ),
    ] {
        let then = support::changed("services/hygiene-licence-renewal.toml", old, new, Realm::Demo);
        let found: Vec<String> = check_change(&now, &then)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(found.iter().any(|line| line.contains(says)), "{says}: {found:?}");
    }
}
