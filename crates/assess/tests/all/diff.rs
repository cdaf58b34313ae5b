//! What changes between two editions, by clause and key.

use std::collections::BTreeMap;

use assess::{Bundle, Change, ClauseChange, diff, statements};
use record::Realm;

use crate::support;

fn changed(file: &str, from: &str, to: &str) -> Vec<ClauseChange> {
    let old = support::bundle(Realm::Demo);
    let mut files: BTreeMap<String, String> = old.files().clone();
    let text = files.get_mut(file).expect("a file of the house");
    assert!(text.contains(from), "{file} holds {from}");
    *text = text.replacen(from, to, 1);
    let new = Bundle::parse(files, Realm::Demo).expect("it still parses");
    diff(&old, &new)
}

#[test]
fn nothing_differs_from_itself_and_every_clause_is_stated() {
    let bundle = support::bundle(Realm::Demo);
    assert_eq!(diff(&bundle, &bundle), []);
    let stated = statements(&bundle);
    for clause in bundle.clauses() {
        let statement = stated.get(clause.id.as_str());
        assert!(statement.is_some(), "`{}` is stated", clause.id);
        assert!(
            statement.is_some_and(|one| one.file == clause.file),
            "{}",
            clause.id
        );
    }
}

#[test]
fn a_changed_point_is_one_key_of_one_clause() {
    let found = changed("rating/person.toml", "points = -8", "points = -7");
    let [one] = found.as_slice() else {
        panic!("one clause: {found:#?}");
    };
    assert_eq!(one.clause, "rating.person.penalty-fine");
    assert!(one.subjects.contains("person") && one.subjects.len() == 1);
    let Change::Changed { keys } = &one.change else {
        panic!("{one:?}");
    };
    let [key] = keys.as_slice() else {
        panic!("one key: {keys:?}");
    };
    assert_eq!(
        (key.key.as_str(), key.from.as_deref(), key.to.as_deref()),
        ("bins.1.points", Some("-8"), Some("-7"))
    );
    assert_eq!((key.label.zh.as_str(), key.label.en.as_str()), ("分值", "points"));
}

#[test]
fn a_new_material_is_added_and_a_renamed_one_is_two() {
    let found = changed(
        "services/hygiene-licence-renewal.toml",
        "code = \"letter-of-authority\"",
        "code = \"authorisation\"",
    );
    let changes: Vec<(&str, &Change)> = found
        .iter()
        .map(|one| (one.clause.as_str(), &one.change))
        .collect();
    assert_eq!(
        changes,
        [
            ("services.hygiene-licence-renewal.authorisation", &Change::Added),
            (
                "services.hygiene-licence-renewal.letter-of-authority",
                &Change::Removed
            ),
        ]
    );
}

/// An entry of a list is known by what names it, and by its place only if nothing does; a list of words is one key.
#[test]
fn a_key_is_named_by_what_it_is_known_by() {
    let stated = statements(&support::bundle(Realm::Demo));
    for (clause, key, expect) in [
        ("rating.person.social-insurance", "bins.12.points", "2"),
        ("rating.person.social-insurance", "bins.96.points", "8"),
        (
            "rating.person.social-insurance",
            "items",
            "person.social-insurance",
        ),
        ("catalogue.penalty.fine", "field.fine.kind", "amount"),
        (
            "catalogue.penalty.fine",
            "subjects",
            "organisation, person, sole_trader",
        ),
        ("calendar", "holiday.2026-02-15.to", "2026-02-23"),
        ("lists.serious-violations", "legal_basis.2.law.en", ""),
        ("lists.serious-violations", "state.asked.in_force", "true"),
    ] {
        let Some(statement) = stated.get(clause) else {
            panic!("`{clause}` is not among {:?}", stated.keys().collect::<Vec<_>>())
        };
        let found = statement.keys.get(key);
        let found = found.unwrap_or_else(|| panic!("{clause}: no `{key}` in {:#?}", statement.keys));
        assert!(expect.is_empty() || found == expect, "{clause} {key}: {found}");
    }
}
