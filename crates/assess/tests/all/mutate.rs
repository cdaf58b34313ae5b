//! Mutation testing of policies: which changes are made, and what becomes of each.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use assess::{Fate, Tally, Trial, TrialFault, mutants};

use crate::support;

/// A file, its text, and the clause and key of what is changed in it.
const CLAUSES: &[(&str, &str, &str)] = &[
    (
        "rating/a.toml",
        "code = \"a\"\n[[dimension]]\ncode = \"d\"\nleast = 5\n",
        "rating.a.bound.d least",
    ),
    (
        "services/s.toml",
        "code = \"s\"\n[trust]\ngrade_at_least = \"A\"\n",
        "services.s.trust grade_at_least",
    ),
    (
        "services/s.toml",
        "code = \"s\"\n[[material]]\ncode = \"m\"\ndefer_working_days = 5\n",
        "services.s.m defer_working_days",
    ),
    (
        "lists/l.toml",
        "code = \"l\"\n[[step]]\ncode = \"p\"\nwaits_months = 3\n",
        "lists.l.p waits_months",
    ),
    (
        "lists/l.toml",
        "code = \"l\"\n[[state]]\ncode = \"p\"\nin_force = true\n",
        "lists.l state.1.in_force",
    ),
    (
        "measures/a.toml",
        "[[incentive]]\ncode = \"i\"\nlasts = { months = 6 }\n",
        "measures.i lasts.months",
    ),
    (
        "access/p.toml",
        "[[purpose]]\ncode = \"p\"\nmay_ask_grade = true\n",
        "access.purpose.p may_ask_grade",
    ),
    (
        "repair.toml",
        "[[tier]]\ntier = \"general\"\ndisplay_months_least = 3\n",
        "repair.general display_months_least",
    ),
    (
        "repair.toml",
        "[[channel]]\ncode = \"c\"\nwaives = [\"x\"]\n",
        "repair.channel.c waives",
    ),
    ("repair.toml", "performed_by = [\"x\"]\n", "repair performed_by"),
    (
        "deadlines.toml",
        "[[deadline]]\nduty = \"objection_answer\"\nworking_days = 5\n",
        "deadlines.objection-answer working_days",
    ),
    (
        "calendar.toml",
        "[[holiday]]\nfrom = 2026-01-01\n",
        "calendar holiday.1.from",
    ),
    (
        "catalogue/a.toml",
        "[[item]]\ncode = \"a.b\"\neffect_months_most = 6\n",
        "catalogue.a.b effect_months_most",
    ),
];

/// Each list of tables is of its own clause, or told by the place of its entries.
#[test]
fn every_change_names_its_clause() {
    for &(path, text, expect) in CLAUSES {
        let files = BTreeMap::from([(path.to_owned(), text.to_owned())]);
        let all = mutants(&files);
        assert!(!all.is_empty(), "{text}");
        for mutant in &all {
            assert_eq!(format!("{} {}", mutant.clause, mutant.key), expect, "{text}");
            assert_eq!(mutant.file, path);
            let old = text.lines().nth(mutant.line - 1).expect("its line");
            let made = mutant.made(&files).remove(path).expect("the file");
            let new = made.lines().nth(mutant.line - 1).expect("its line");
            assert_ne!(old, new, "{text}");
        }
    }
    for (path, text) in [
        ("cases/a.toml", "[[item]]\ncode = \"a\"\nsince = 2026-01-01\n"),
        ("layouts/a.toml", "code = \"a\"\nterm_months = 6\n"),
        ("catalogue/a.toml", "[[item]\n"),
        ("sources.toml", "[[source]]\ncode = \"a\"\nitems = [\"x\"]\n"),
    ] {
        let files = BTreeMap::from([(path.to_owned(), text.to_owned())]);
        assert!(mutants(&files).is_empty(), "{path}");
    }
}

/// What became of the changes of some clauses, by fate: how many, or why.
fn fates(trial: &Trial, clause: &str, key: &str) -> Vec<String> {
    let all = trial.mutants();
    let of: Vec<_> = all
        .into_iter()
        .filter(|mutant| mutant.clause == clause && mutant.key == key)
        .collect();
    assert!(!of.is_empty(), "{clause} {key}");
    let seen = AtomicUsize::new(0);
    let fates = trial.all(&of, 2, |_| {
        seen.fetch_add(1, Ordering::Relaxed);
    });
    assert_eq!(seen.into_inner(), of.len());
    assert_eq!(fates.len(), of.len());
    let one = |(mutant, fate): (&assess::Mutant, Fate)| {
        assert_eq!(trial.of(mutant), fate, "{mutant}");
        let said = match fate {
            Fate::Killed { by } => format!("killed by {by}"),
            Fate::Survived => "survived".to_owned(),
            Fate::Refused { why } => format!("refused: {why}"),
            Fate::Equal { why } => format!("equal: {why}"),
        };
        format!("{} to {}: {said}", mutant.from, mutant.to)
    };
    of.iter().zip(fates).map(one).collect()
}

#[test]
fn each_change_meets_its_fate() {
    let trial = Trial::new(&support::files()).expect("the house's own cases pass");
    for (clause, key, expect) in [
        (
            "rating.person.honour",
            "within_months",
            [
                "60 to 59: killed by cases/rating-person.toml: honours",
                "60 to 61: equal: nothing that it reads has effect for more than 60 months",
            ],
        ),
        (
            "catalogue.penalty.fine",
            "display_months_most",
            [
                "12 to 11: refused: [guard-7-ends] `penalty.fine`: has effect",
                "12 to 13: refused: [guard-7-ends] `penalty.fine`: lasts longer",
            ],
        ),
        (
            "lists.tax-grade-a",
            "term_months_most",
            [
                "12 to 11: refused: lists/tax-grade-a.toml:",
                "12 to 13: equal: its items have effect for no more than 12 months",
            ],
        ),
        (
            "lists.court-defaulters",
            "term_months_most",
            [
                "60 to 59: killed by cases/bounds-lists.toml: a defaulter",
                "60 to 61: refused: lists/court-defaulters.toml:",
            ],
        ),
        (
            "services.hygiene-licence-renewal",
            "promised_working_days",
            [
                "10 to 9: refused: services/hygiene-licence-renewal.toml:",
                "10 to 11: refused: [guard-1-ordinary-path]",
            ],
        ),
    ] {
        let found = fates(&trial, clause, key);
        assert_eq!(found.len(), expect.len(), "{found:?}");
        for (found, expect) in found.iter().zip(expect) {
            assert!(found.starts_with(expect), "{found}, and not {expect}");
        }
    }
}

/// A clause, a key, and what becomes of each change of it.
const SHOWN: &[(&str, &str, &[&str])] = &[
    (
        "catalogue.equity.pledge",
        "rateable",
        &["true to false: equal: no scorecard reads the item"],
    ),
    (
        "calendar",
        "holiday.1.from",
        &[
            "2026-03-07 to 2026-03-06: survived",
            "2026-03-07 to 2026-03-08: equal: offices work on the same days",
        ],
    ),
    (
        "calendar",
        "announced_to",
        &[
            "2026-12-31 to 2026-12-30: survived",
            "2026-12-31 to 2027-01-01: survived",
        ],
    ),
    (
        "rating.person.bound.good",
        "most",
        &["15 to 14: survived", "15 to 16: survived"],
    ),
    (
        "rating.person.bound.good",
        "least",
        &[
            "0 to -1: equal: its features never give more than 0 points together",
            "0 to 1: refused: rating/person.toml:1:1: dimension `good` from 1 to 15 does not hold 0; guard 1: an empty dimension gives no points",
        ],
    ),
    (
        "rating.person.bound.characteristics",
        "most",
        &[
            "900 to 899: equal: its features never give more than 35 points together",
            "900 to 901: equal: its features never give more than 35 points together",
        ],
    ),
    (
        "rating.person.bound.adverse",
        "least",
        &["-70 to -71: survived", "-70 to -69: survived"],
    ),
    (
        "rating.person.honour",
        "within_months",
        &[
            "60 to 59: survived",
            "60 to 61: equal: nothing that it reads has effect for more than 60 months",
        ],
    ),
    (
        "lists.court-defaulters",
        "term_months",
        &["24 to 23: survived", "24 to 25: survived"],
    ),
];

/// What can be shown to change nothing is told apart from what no case notices.
#[test]
fn what_changes_nothing_is_shown() {
    let mut files = support::files();
    files.retain(|path, _| !path.starts_with("cases/"));
    let mut put = |file: &str, old: &str, new: &str| {
        let text = files.get_mut(file).expect("the file");
        assert!(text.contains(old), "`{old}` stands in {file}");
        *text = text.replacen(old, new, 1);
    };
    put(
        "catalogue/registration.toml",
        "code = \"equity.pledge\"",
        "code = \"equity.pledge\"\nrateable = true",
    );
    // A holiday of a Saturday and a Sunday, which are free already.
    put(
        "calendar.toml",
        "[[holiday]]",
        "[[holiday]]\nname = { zh = \"周末\", en = \"Weekend\" }\nfrom = 2026-03-07\nto = 2026-03-08\n\n[[holiday]]",
    );
    // More than all good things together give.
    put(
        "rating/person.toml",
        "least = 0\nmost = 15\nbound_text = { zh = \"这一方面最多计 15 分\", en = \"This side gives at most 15 points\" }\n\n[[dimension]]\ncode = \"adverse\"",
        "least = 0\nmost = 900\nbound_text = { zh = \"这一方面最多计 15 分\", en = \"This side gives at most 15 points\" }\n\n[[dimension]]\ncode = \"adverse\"",
    );
    let trial = Trial::new(&files).expect("no case fails");
    for &(clause, key, expect) in SHOWN {
        assert_eq!(fates(&trial, clause, key), expect);
    }
}

#[test]
fn nothing_is_tried_where_a_case_fails_already() {
    let wrong = support::changed_files("cases/person.toml", "points = 85", "points = 86");
    let Err(TrialFault::Cases(failing)) = Trial::new(&wrong) else {
        panic!("a case fails")
    };
    assert_eq!(failing.len(), 1, "{failing:?}");
    let broken = support::changed_files("bundle.toml", "language = 1", "language = 2");
    let Err(fault) = Trial::new(&broken) else {
        panic!("they do not parse")
    };
    assert!(matches!(&fault, TrialFault::Policies(faults) if faults.len() == 1));
    assert_eq!(
        fault.to_string(),
        "the policies cannot be read:\nbundle.toml:4:12: policy language `2` is not 1; this program reads version 1"
    );
    let unread = support::changed_files("cases/person.toml", "points = 85", "sum_of_it = 85");
    assert!(matches!(Trial::new(&unread), Err(TrialFault::Cases(failing)) if failing.len() == 1));
}

/// Without its cases nothing notices a change, and with those of others alone neither.
#[test]
fn what_no_case_is_about_survives() {
    let mut files = support::files();
    files.retain(|path, _| !path.starts_with("cases/"));
    let trial = Trial::new(&files).expect("no case fails");
    let found = fates(&trial, "rating.person.honour", "bins.1.points");
    assert_eq!(found, ["5 to 4: survived", "5 to 6: survived"]);
}

#[test]
fn a_tally_counts_each_fate() {
    let mut tally = Tally::default();
    assert_eq!(tally.killed_thousandths(), 1000, "nothing is wrong with nothing");
    let killed = || Fate::Killed { by: String::new() };
    for fate in [
        killed(),
        killed(),
        Fate::Survived,
        Fate::Refused { why: String::new() },
        Fate::Equal { why: String::new() },
    ] {
        tally.add(&fate);
    }
    assert_eq!(
        (tally.killed, tally.survived, tally.refused, tally.equal),
        (2, 1, 1, 1)
    );
    assert_eq!(tally.killed_thousandths(), 666);
}
