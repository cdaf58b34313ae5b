//! What `policy check` says of a bundle, to the word: each rule finds what it is for and nothing beside it.

use std::collections::BTreeMap;

use assess::{Bundle, Finding, Severity, check, check_change};
use record::Realm;

use crate::support;

const PENALTIES: &str = "catalogue/penalties.toml";
const SPAN: &str = "display_months_most = 12\neffect_months_most = 12";

/// What a rule says about one thing: `error: message`.
fn said(found: &[Finding], rule: &str, about: &str) -> Vec<String> {
    let of = |finding: &&Finding| finding.rule == rule && finding.about == about;
    let said = |finding: &Finding| format!("{}: {}", finding.severity.as_str(), finding.message);
    found.iter().filter(of).map(said).collect()
}

/// The house's bundle with texts of one file put in the place of others.
fn changed(file: &str, changes: &[(&str, &str)]) -> Bundle {
    let mut files = support::files();
    let text = files.get_mut(file).expect("the file");
    for (old, new) in changes {
        assert!(text.contains(old), "`{old}` stands in {file}");
        *text = text.replacen(old, new, 1);
    }
    support::parse(files, Realm::Demo)
}

#[test]
fn ends_are_within_the_law() {
    const REPAIR: (&str, &str) = ("repairable = true", "repairable = false");
    for (changes, expect) in [
        (&[][..], &[][..]),
        (
            &[(SPAN, "effect_months_most = 12")],
            &["error: is public without an end of display"],
        ),
        (
            &[
                (SPAN, "effect_months_most = 12"),
                ("publicity = \"public\"", "publicity = \"subject\""),
            ],
            &[],
        ),
        (&[(SPAN, "display_months_most = 12\neffect_months_most = 6")], &[]),
        (
            &[(SPAN, "display_months_most = 11\neffect_months_most = 12")],
            &["error: has effect for `12` months and is shown for `11`"],
        ),
        (
            &[(SPAN, "display_months_most = 13\neffect_months_most = 12")],
            &["error: lasts longer than the 12 months of its tier"],
        ),
        (
            &[("display_months_least = 3", "display_months_least = 4")],
            &["error: can be repaired only after more than the 3 months of its tier"],
        ),
        (&[("display_months_least = 3", "display_months_least = 2")], &[]),
        (&[REPAIR], &["warning: cannot be repaired"]),
        (
            &[("tier = \"general\"", "tier = \"minor\"")],
            &[
                "error: can be repaired only after more than the 0 months of its tier",
                "error: is minor and public",
                "error: is minor and rated",
                "error: lasts longer than the 3 months of its tier",
            ],
        ),
    ] {
        let found = check(&changed(PENALTIES, changes));
        assert_eq!(
            said(&found, "guard-7-ends", "food.penalty"),
            expect,
            "{changes:?}"
        );
    }
}

/// Of the house's own rules nothing is an error; what is worth a look is counted, so that more of it is noticed.
#[test]
fn what_it_says_of_the_house() {
    let mut counts = BTreeMap::<(Severity, &str), usize>::new();
    for finding in check(&support::bundle(Realm::Demo)) {
        *counts.entry((finding.severity, finding.rule)).or_default() += 1;
    }
    let counts: Vec<_> = counts.into_iter().collect();
    // Clauses written from memory, and the restrictions that rest on them.
    let expect = [
        ((Severity::Warning, "guard-14-truth"), 18),
        ((Severity::Note, "guard-14-truth"), 300),
    ];
    assert_eq!(counts, expect);
}

/// Rules do not reach back.
#[test]
fn a_bundle_is_not_in_force_before_the_one_it_follows() {
    let now = support::bundle(Realm::Demo);
    let from = now.in_force_from();
    for (day, refused) in [
        (from.saturating_sub(jiff::Span::new().days(1)), true),
        (from, false),
        (from.saturating_add(jiff::Span::new().days(1)), false),
    ] {
        let line = format!("in_force_from = {from}");
        let then = changed("bundle.toml", &[(&line, &format!("in_force_from = {day}"))]);
        let found = check_change(&now, &then);
        let dates = found.iter().filter(|finding| finding.rule == "bundle-dates");
        assert_eq!(dates.count(), usize::from(refused), "{found:?}");
    }
}

#[test]
fn a_trust_path_that_nothing_opens_is_told() {
    let services = "services/hygiene-licence-renewal.toml";
    let asked = "purposes = [\"counter.service\"]";
    for (new, expect) in [
        (asked, &[][..]),
        (
            "purposes = [\"department.evidence\"]",
            &["warning: its trust path can never open"],
        ),
        ("purposes = [\"department.evidence\", \"counter.service\"]", &[]),
    ] {
        let found = check(&changed(services, &[(asked, new)]));
        let said = said(&found, "guard-1-purposes", "hygiene-licence-renewal");
        assert_eq!(said, expect, "{new}");
    }
}

/// Who someone is, is never rated.
#[test]
fn what_says_who_someone_is_is_no_input() {
    const HONOURS: &str = "catalogue/honours.toml";
    let as_register = ("class = \"honour\"", "class = \"registration\"");
    for (changes, expect) in [
        (&[][..], &[][..]),
        (
            &[as_register],
            &["error: item `honour.person` says who someone is"],
        ),
    ] {
        let found = check(&changed(HONOURS, changes));
        assert_eq!(said(&found, "guard-3-inputs", "honour"), expect);
    }
}

/// From wherever an entry is in force its subject can set out for the exit, and somebody else answers by a day.
#[test]
fn every_entry_has_a_way_out() {
    const LIST: &str = "lists/abnormal-operations.toml";
    const NONE: [&str; 2] = [
        "error: state `asked` has no way out that its subject can take",
        "error: state `listed` has no way out that its subject can take",
    ];
    let exit = "who = \"source\"\nwithin_working_days = 5\ntext = { zh = \"核实已经改正，移出名录\"";
    for (changes, expect) in [
        (&[][..], &[][..]),
        (
            &[(exit, "who = \"source\"\ntext = { zh = \"核实已经改正，移出名录\"")],
            &NONE[..],
        ),
        (
            &[(
                exit,
                "who = \"subject\"\nwithin_working_days = 5\ntext = { zh = \"核实已经改正，移出名录\"",
            )],
            &NONE[..],
        ),
    ] {
        let found = check(&changed(LIST, changes));
        let said = said(&found, "list-procedure", "lists.abnormal-operations");
        assert_eq!(said, expect, "{changes:?}");
    }
}

#[test]
fn a_defence_has_three_working_days_at_the_least() {
    const LIST: &str = "lists/serious-violations.toml";
    for (days, expect) in [
        ("3", &[][..]),
        ("2", &["error: gives `2` working days for a defence"]),
    ] {
        let new = format!("within_working_days = {days}");
        let found = check(&changed(LIST, &[("within_working_days = 5", &new)]));
        let said = said(&found, "list-procedure", "lists.serious-violations.defence");
        assert_eq!(said, expect, "{days}");
    }
}

#[test]
fn an_item_that_nobody_hands_in_is_told() {
    let found = check(&changed("sources.toml", &[("  \"honour.teacher\",\n", "")]));
    let told: Vec<&str> = found
        .iter()
        .filter(|finding| finding.rule == "catalogue-sources")
        .map(|finding| finding.about.as_str())
        .collect();
    assert_eq!(told, ["honour.teacher"]);
    assert_eq!(
        said(&found, "catalogue-sources", "honour.teacher"),
        ["warning: no source hands it in"]
    );
}

/// What gives points says what would give more; what takes them does not, nor what a day decides, nor what has one step.
#[test]
fn what_gives_points_says_its_next_step() {
    const CARD: &str = "rating/person.toml";
    let improve =
        "improve = { zh = \"再获得 {missing} 项诚信荣誉\", en = \"Honours still to earn: {missing}\" }\n";
    let steps = "  { from = 1, points = 5 },\n  { from = 2, points = 8 },\n]\ntext = { zh = \"近五年诚信荣誉";
    let one_step = "  { from = 1, points = 5 },\n]\ntext = { zh = \"近五年诚信荣誉";
    for (changes, expect) in [
        (&[][..], &[][..]),
        (&[(improve, "")], &["warning: says nothing of its next step"]),
        (&[(improve, ""), (steps, one_step)], &[]),
    ] {
        let found = check(&changed(CARD, changes));
        let said = said(&found, "guard-8-improve", "rating.person.honour");
        assert_eq!(said, expect, "{changes:?}");
    }
    // A bin without points in a feature that takes them.
    let adverse = ("  { from = 1, points = -8 },", "  { from = 1, points = 0 },");
    let found = check(&changed(CARD, &[adverse]));
    assert!(found.iter().all(|finding| finding.rule != "guard-8-improve"));
}
