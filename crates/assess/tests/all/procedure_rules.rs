//! What the language and the check say of lists and measures, in their place; and lists drawn from their data.

use std::sync::LazyLock;

use assess::{Bundle, Severity, check};
use record::Realm;

use crate::support;

static DEMO: LazyLock<Bundle> = LazyLock::new(|| support::bundle(Realm::Demo));

const LIST: &str = "lists/serious-violations.toml";

/// File, what stands there, what is put in its place, and what the check finds.
const FOUND: &[(&str, &str, &str, &str)] = &[
    (
        LIST,
        "waits_working_days = 5",
        "waits_working_days = 4",
        "a defence may take 5",
    ),
    (
        LIST,
        "within_working_days = 5\n",
        "within_working_days = 2\n",
        "gives `2` working days",
    ),
    (
        LIST,
        "within_working_days = 5\n",
        "",
        "gives no time for a defence",
    ),
    (
        LIST,
        "document = { zh = \"列入告知书\", en = \"Notice of intent\" }\n",
        "",
        "rests on no document",
    ),
    (
        LIST,
        "[[state]]\ncode = \"noticed\"",
        "[[state]]\ncode = \"lost\"\nname = { zh = \"无\", en = \"none\" }\n\n[[state]]\ncode = \"noticed\"",
        "`lost` is never reached",
    ),
    (
        LIST,
        "who = \"subject\"\nwaits_months = 12",
        "who = \"source\"\nwaits_months = 12",
        "no way out",
    ),
    (
        LIST,
        "at_term = true",
        "by = \"act.repair\"",
        "does not end with the term",
    ),
    (
        "measures/departments.toml",
        "conflicts_with = [\"limit-fiscal-funds\"]\n",
        "",
        "contradicts `limit-fiscal-funds`",
    ),
    (
        "measures/class-a.toml",
        "kind = \"procurement\"",
        "kind = \"funds\"",
        "overlaps with `limit-procurement`",
    ),
    (
        "measures/class-a.toml",
        "kind = \"bidding\"\n",
        "",
        "does not say what it touches",
    ),
    (
        "measures/class-a.toml",
        "target = { zh = \"列入名单的供应商\", en = \"The supplier listed\" }\n",
        "",
        "does not say whom it meets",
    ),
];

/// And what the parser refuses.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    (
        LIST,
        "to = \"heard\"",
        "to = \"nowhere\"",
        "there is no state `nowhere`",
    ),
    (
        LIST,
        "by = \"list.defence\"",
        "by = \"list.nothing\"",
        "not in the catalogue",
    ),
    (LIST, "by = \"list.defence\"\n", "", "is not said"),
    (
        LIST,
        "at_term = true",
        "at_term = true\nby = \"list.defence\"",
        "said twice",
    ),
    (
        LIST,
        "by = \"act.repair\"",
        "by = \"act.object\"",
        "makes no step",
    ),
    (
        LIST,
        "exits = [\"serious-violation.market-removed\"]",
        "exits = []",
        "not among `exits`",
    ),
    (LIST, "case_field = \"case\"\n", "", "which case it belongs to"),
    (LIST, "code = \"defence\"", "code = \"notice\"", "stands twice"),
    (
        LIST,
        "by = \"list.defence\"",
        "by = \"commitment.kept\"",
        "which list it is about",
    ),
    (LIST, "in_force = true", "in_forces = true", "unknown field"),
    (
        "lists/food-safety.toml",
        "items = [\"serious-violation.food\"]",
        "items = [\"serious-violation.market\"]",
        "too",
    ),
    (
        "measures/class-a.toml",
        "lasts = { months = 24 }",
        "lasts = { months = 61 }",
        "not within 1 to 60",
    ),
    (
        "measures/class-a.toml",
        "lasts = { months = 24 }",
        "lasts = \"forever\"",
        "forever",
    ),
    ("measures/class-a.toml", "class = \"A\"\n", "", "class"),
    (
        "measures/departments.toml",
        "[\"limit-fiscal-funds\"]",
        "[\"trust-approval\"]",
        "there is no restriction",
    ),
];

#[test]
fn every_list_is_drawn_and_told_in_both_languages() {
    for list in DEMO.lists() {
        for language in ["zh-CN", "en"] {
            let drawn = list.diagram(language);
            assert!(drawn.starts_with("stateDiagram-v2\n"), "{}", list.code);
            let arrows = drawn.lines().filter(|line| line.contains("-->")).count();
            let steps: usize = list.steps.iter().map(|step| step.from.len().max(1)).sum();
            assert!(arrows > steps, "{drawn}");
            // One colon before each label, and none in it.
            assert!(
                drawn
                    .lines()
                    .filter(|line| line.contains("-->"))
                    .all(|line| line.matches(':').count() <= 1),
                "{drawn}"
            );
            let table = list.steps_table(language);
            assert_eq!(table.lines().count(), list.steps.len() + 2);
            assert!(table.lines().all(|row| row.matches('|').count() == 8), "{table}");
        }
    }
}

#[test]
fn what_a_list_or_measure_may_not_be() {
    for (file, old, new, expect) in FOUND {
        let found = check(&support::changed(file, old, new, Realm::Demo));
        let errors: Vec<String> = found
            .iter()
            .filter(|finding| finding.severity == Severity::Error && finding.line > 0)
            .map(ToString::to_string)
            .collect();
        assert!(
            expect.is_empty()
                || errors
                    .iter()
                    .any(|line| line.contains(expect) && line.contains(".toml:")),
            "{expect}: {errors:#?}"
        );
    }
}

#[test]
fn what_no_list_may_say() {
    for (file, old, new, expect) in REFUSED {
        let faults = Bundle::parse(support::changed_files(file, old, new), Realm::Demo).expect_err(expect);
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let placed = faults.iter().any(|fault| fault.file == *file && fault.line > 0);
        assert!(
            placed && lines.iter().any(|line| line.contains(expect)),
            "{expect}: {lines:#?}"
        );
    }
}

#[test]
fn what_follows_is_visible_both_ways() {
    for list in DEMO.lists() {
        let brings: Vec<_> = DEMO.measures_of_list(&list.code).collect();
        assert!(!brings.is_empty(), "{}", list.code);
        assert!(brings.iter().all(|rule| rule.from_lists().contains(&list.code)));
    }
    let of_grade = |letter| DEMO.measures_of_grade(letter).count();
    assert_eq!(of_grade(assess::Letter::D), 0, "a low grade brings nothing about");
    assert!(of_grade(assess::Letter::A) > of_grade(assess::Letter::B));
}
