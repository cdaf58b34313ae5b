//! Drafts of scorecards: numbers in their places, and which changes are tried on everyone first.

use assess::{needs_simulation, scorecard_numbers, with_numbers};
use record::Realm;

use crate::support::{bundle, changed};

#[test]
fn numbers_are_changed_in_their_places_and_nowhere_else() {
    let bundle = bundle(Realm::Demo);
    let numbers = scorecard_numbers(&bundle, "person");
    let find = |name: &str| {
        let mut found = numbers.iter().filter(|number| number.name() == name);
        found.next().cloned().expect(name)
    };
    let (base, letter) = (find("rating.person.base.points"), find("rating.person.letters.a"));
    assert_eq!((base.value, letter.value), (70, 85));
    assert!(numbers.windows(2).all(|pair| pair[0].line <= pair[1].line));
    let files = with_numbers(bundle.files(), &[(base, 7), (letter, 1_000)]);
    let (was, is) = (
        &bundle.files()["rating/person.toml"],
        &files["rating/person.toml"],
    );
    let back = is
        .replace("points = 7\n", "points = 70\n")
        .replace("a = 1000,", "a = 85,");
    assert_eq!(back, *was);
    let same: Vec<_> = numbers
        .iter()
        .map(|number| (number.clone(), number.value))
        .collect();
    assert_eq!(with_numbers(bundle.files(), &same), *bundle.files());
    assert_eq!(scorecard_numbers(&bundle, "nobody"), []);
}

#[test]
fn what_decides_about_people_is_tried_first() {
    let now = bundle(Realm::Demo);
    for (file, old, new, needs) in [
        ("rating/person.toml", "\npoints = 70", "\npoints = 71", true),
        ("rating/person.toml", "# 自然人", "# 所有自然人", false),
        (
            "services/hygiene-licence-renewal.toml",
            "promised_working_days = 10",
            "promised_working_days = 11",
            true,
        ),
        (
            "bundle.toml",
            "edition = \"2026.1\"",
            "edition = \"2026.2\"",
            false,
        ),
    ] {
        let other = changed(file, old, new, Realm::Demo);
        assert_eq!(needs_simulation(&now, &other), needs, "{file}");
    }
    assert!(!needs_simulation(&now, &now));
}
