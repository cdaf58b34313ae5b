//! The bounds of the policy language from both sides: what just fits parses, what just does not is refused.

use assess::Bundle;
use record::Realm;

use crate::support;

const CARD: &str = "rating/person.toml";
const ORGANISATION: &str = "rating/organisation.toml";
const LIST: &str = "lists/court-defaulters.toml";
const LIST_ITEMS: &str = "catalogue/lists.toml";
const SERVICE: &str = "services/hygiene-licence-renewal.toml";

/// The first required case of a file, and the same as one that may be left out.
const CASE: [&str; 2] = [
    "name = \"case\"\nlabel = { zh = \"案号\", en = \"Case\" }\nkind = \"text\"\nrequired = true",
    "name = \"case\"\nlabel = { zh = \"案号\", en = \"Case\" }\nkind = \"text\"",
];

/// File, what stands there, what is put in its place.
type Change<'a> = (&'a str, &'a str, &'a str);

/// Every fault of the house's bundle with these changes, as it is told; none if it parses.
fn told(changes: &[Change<'_>]) -> Vec<String> {
    let mut files = support::files();
    for (file, old, new) in changes {
        let text = files.get_mut(*file).expect("the file");
        assert!(text.contains(old), "`{old}` stands in {file}");
        *text = text.replacen(old, new, 1);
    }
    let faults = Bundle::parse(files, Realm::Demo).err().unwrap_or_default();
    faults.iter().map(ToString::to_string).collect()
}

fn fits(change: Change<'_>) {
    assert_eq!(told(&[change]), [""; 0], "{} instead of {}", change.2, change.1);
}

fn refused(change: Change<'_>, expect: &str) {
    let found = told(&[change]);
    assert!(
        found.iter().any(|line| line.contains(expect)),
        "`{expect}` of {} in:\n{}",
        change.2,
        found.join("\n")
    );
}

#[test]
fn letters_fall_within_their_bounds() {
    const LETTERS: &str = "letters = { a = 85, b = 70, c = 50 }";
    for (a, c) in [(10_000, 50), (71, 69), (85, -10_000)] {
        fits((
            CARD,
            LETTERS,
            &format!("letters = {{ a = {a}, b = 70, c = {c} }}"),
        ));
    }
    for (a, c, expect) in [
        (
            70,
            50,
            "letters a = 70, b = 70, c = 50 do not fall; write a above b above c",
        ),
        (85, 70, "letters a = 85, b = 70, c = 70 do not fall"),
        (85, 71, "do not fall"),
        (10_001, 50, "letters beyond ±10000 points"),
        (10_002, 50, "letters beyond ±10000 points"),
        (85, -10_001, "letters beyond ±10000 points"),
        (85, -10_002, "letters beyond ±10000 points"),
    ] {
        let letters = format!("letters = {{ a = {a}, b = 70, c = {c} }}");
        refused((CARD, LETTERS, &letters), expect);
    }
}

#[test]
fn a_dimension_holds_nought_within_its_bounds() {
    for (old, new) in [
        ("least = -70", "least = -10_000"),
        ("most = 15", "most = 10_000"),
        ("most = 15", "most = 0"),
    ] {
        fits((CARD, old, new));
    }
    for (old, new, expect) in [
        (
            "least = -70",
            "least = -10_001",
            "dimension `adverse` from -10001 to 0",
        ),
        (
            "least = -70",
            "least = -10_002",
            "dimension `adverse` from -10002 to 0",
        ),
        (
            "most = 15",
            "most = 10_001",
            "dimension `characteristics` from 0 to 10001",
        ),
        (
            "most = 15",
            "most = 10_002",
            "dimension `characteristics` from 0 to 10002",
        ),
        (
            "most = 15",
            "most = -1",
            "dimension `characteristics` from 0 to -1",
        ),
        (
            "least = 0\nmost = 15",
            "least = 1\nmost = 15",
            "from 1 to 15 does not hold 0",
        ),
    ] {
        refused((CARD, old, new), expect);
    }
}

#[test]
fn a_code_is_short_and_plain() {
    const CODE: &str = "code = \"honour\"\ndimension";
    let of = |code: &str| format!("code = \"{code}\"\ndimension");
    for code in ["a", "0-9", &"a".repeat(50)] {
        fits((CARD, CODE, &of(code)));
    }
    for code in ["", "Honour", "honour.one", "荣誉"] {
        let expect = format!("`{code}` is no code of a feature; write one or more of a to z");
        refused((CARD, CODE, &of(code)), &expect);
    }
    // `rating.person.` and the code are one clause.
    refused((CARD, CODE, &of(&"a".repeat(51))), "choose a shorter code");
}

#[test]
fn bins_rise_and_keep_within_their_bounds() {
    const GOOD: &str = "{ from = 12, points = 2 }";
    const ADVERSE: &str = "{ from = 1, points = -35 }";
    const LATEST: &str = "  { from = 0, points = -4 },\n";
    const HIGHEST: &str = "{ from = 96, points = 8 }";
    for (old, new) in [
        (GOOD, "{ from = 12, points = 0 }"),
        (HIGHEST, "{ from = 96, points = 10_000 }"),
        ("each_most = 200", "each_most = 1"),
    ] {
        fits((CARD, old, new));
    }
    for (old, new, expect) in [
        (
            HIGHEST,
            "{ from = 96, points = 10_001 }",
            "`10001` points go the wrong way",
        ),
        (
            HIGHEST,
            "{ from = 96, points = 10_002 }",
            "`10002` points go the wrong way",
        ),
        (GOOD, "{ from = 36, points = 2 }", "do not rise from 0 or more"),
        (GOOD, "{ from = -1, points = 2 }", "do not rise from 0 or more"),
        (
            ADVERSE,
            "{ from = -1, points = -35 }",
            "do not rise from 0 or more",
        ),
        (LATEST, "", "no points for the most recent months; begin at 0"),
        (
            LATEST,
            "  { from = 1, points = -4 },\n",
            "no points for the most recent months",
        ),
        ("each_most = 200", "each_most = 0", "a record that adds nothing"),
    ] {
        refused((CARD, old, new), expect);
    }
}

#[test]
fn a_feature_reads_what_is_there() {
    for (old, new, expect) in [
        (
            "dimension = \"characteristics\"",
            "dimension = \"nowhere\"",
            "dimension `nowhere` is not in this scorecard",
        ),
        (
            "from_field = \"period_from\"",
            "from_field = \"months\"",
            "name a date field of every item",
        ),
        (
            "months_field = \"months\"",
            "months_field = \"period_to\"",
            "name an integer field of every item",
        ),
    ] {
        refused((CARD, old, new), expect);
    }
}

/// Who someone is, is never rated; what an organisation is registered as may be, and so may a neutral fact.
#[test]
fn a_base_register_rates_no_person() {
    const REGISTERS: &str = "catalogue/registration.toml";
    const RATED: &str = "\"tax.registration\"";
    let person = "code = \"person.registration\"";
    let rateable = format!("{person}\nrateable = true");
    let found = told(&[
        (REGISTERS, person, &rateable),
        (CARD, RATED, "\"person.registration\""),
    ]);
    let expect = "item `person.registration` is a base register's; guard 3: who one is, is never rated";
    assert!(found.iter().any(|line| line.ends_with(expect)), "{found:?}");
    let organisation = "code = \"organisation.registration\"";
    let rateable = format!("{organisation}\nrateable = true");
    let found = told(&[
        (REGISTERS, organisation, &rateable),
        (ORGANISATION, RATED, "\"organisation.registration\""),
    ]);
    assert_eq!(found, [""; 0]);
    let licence = "code = \"licence.general\"";
    let rateable = format!("{licence}\nrateable = true");
    let found = told(&[
        ("catalogue/administration.toml", licence, &rateable),
        (CARD, RATED, "\"licence.general\""),
    ]);
    assert_eq!(found, [""; 0]);
}

#[test]
fn whoever_is_rated_has_a_general_scorecard() {
    let mut files = support::files();
    files.remove(ORGANISATION).expect("the file");
    let faults = Bundle::parse(files, Realm::Demo).expect_err("one is missing");
    let found: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("rating/tech-enterprise.toml:")
                && line.contains("`organisation` has no general scorecard; guard 1")),
        "{found:?}"
    );
}

#[test]
fn a_list_has_a_term_of_five_years_at_most() {
    const TERM: &str = "term_months = 24\nterm_months_most = 60";
    fits((LIST, TERM, "term_months = 60\nterm_months_most = 60"));
    for (term, most) in [(0, 60), (25, 24), (24, 61)] {
        let new = format!("term_months = {term}\nterm_months_most = {most}");
        let expect = format!("a term of `{term}`, at most `{most}` months, is not within 1 to 60");
        refused((LIST, TERM, &new), &expect);
    }
}

/// Every step but the decision that opens a procedure says which case it is of, and which list.
#[test]
fn the_records_of_a_procedure_know_each_other() {
    let list = "name = \"list\"\nlabel = { zh = \"所涉名单\", en = \"Which list\" }\nkind = \"text\"";
    let required = format!("{list}\nrequired = true");
    for (change, expect) in [
        (
            (LIST_ITEMS, CASE[0], CASE[1]),
            "item `list.notice` does not say which case it belongs to",
        ),
        (
            ("catalogue/serious-violations.toml", CASE[0], CASE[1]),
            "item `serious-violation.market` does not say which case it belongs to",
        ),
        (
            (LIST_ITEMS, required.as_str(), list),
            "item `list.notice` does not say which list it is about",
        ),
    ] {
        refused(change, expect);
    }
}

#[test]
fn a_service_names_purposes_and_bars_that_are_there() {
    const BARS: &str = "bars = [\"commitment.breach\"]";
    fits((SERVICE, BARS, "bars = [\"penalty.fine\"]"));
    for (old, new, expect) in [
        (
            "purposes = [\"counter.service\"]",
            "purposes = [\"curiosity\"]",
            "there is no purpose `curiosity`",
        ),
        (
            BARS,
            "bars = [\"commitment.unheard-of\"]",
            "bar `commitment.unheard-of` is no adverse item of the catalogue",
        ),
        (
            BARS,
            "bars = [\"honour.person\"]",
            "bar `honour.person` is no adverse item of the catalogue",
        ),
    ] {
        refused((SERVICE, old, new), expect);
    }
}

#[test]
fn a_value_of_a_code_list_keeps_to_the_length_of_its_field() {
    const UTILITIES: &str = "catalogue/judicial.toml";
    const MOST: &str = "max_chars = 20\nvalues = [";
    fits((UTILITIES, MOST, "max_chars = 2\nvalues = ["));
    refused(
        (UTILITIES, MOST, "max_chars = 1\nvalues = ["),
        "value `供水` of field `utility` is longer than `max_chars`",
    );
}

#[test]
fn an_edition_a_holiday_and_a_text() {
    const EDITION: &str = "edition = \"2026.1\"";
    let edition = |chars: usize| format!("edition = \"{}\"", "春".repeat(chars));
    fits(("bundle.toml", EDITION, &edition(1)));
    fits(("bundle.toml", EDITION, &edition(64)));
    for wrong in [edition(0), edition(65), edition(66), "edition = \" \"".to_owned()] {
        refused(
            ("bundle.toml", EDITION, &wrong),
            "bundle.toml:5:11: an edition has 1 to 64 characters",
        );
    }
    // A holiday of one day.
    fits(("calendar.toml", "to = 2026-01-03", "to = 2026-01-01"));
    refused(
        ("calendar.toml", "to = 2026-01-03", "to = 2025-12-31"),
        "it ends on 2025-12-31, before it begins",
    );
    for (old, new, expect) in [
        (
            "zh = \"个人特征\"",
            "zh = \"\"",
            "a text is empty: zh ``, en `Characteristics`",
        ),
        (
            "en = \"Characteristics\"",
            "en = \" \"",
            "a text is empty: zh `个人特征`, en ` `",
        ),
    ] {
        refused((CARD, old, new), expect);
    }
}

#[test]
fn a_code_names_one_thing() {
    for (file, old, new, expect) in [
        (
            "catalogue/classes.toml",
            "\"honour\"",
            "\"registration\"",
            "class `registration` stands twice",
        ),
        (
            "catalogue/honours.toml",
            "\"honour.person\"",
            "\"penalty.fine\"",
            "item `penalty.fine` stands twice",
        ),
        (
            "sources.toml",
            "\"foshan.hrss\"",
            "\"foshan.tax\"",
            "source `foshan.tax` stands twice",
        ),
        (
            LIST,
            "\"court-defaulters\"",
            "\"tax-grade-a\"",
            "list `tax-grade-a` stands twice",
        ),
        (
            "access/purposes.toml",
            "\"counter.service\"",
            "\"own-file\"",
            "purpose `own-file` stands twice",
        ),
        (
            "access/roles.toml",
            "\"clerk\"",
            "\"officer\"",
            "role `officer` stands twice",
        ),
    ] {
        let (old, new) = (format!("code = {old}"), format!("code = {new}"));
        refused((file, &old, &new), expect);
    }
}

/// The files of a bundle have their places and their sizes.
#[test]
fn what_is_no_file_of_a_bundle_is_told() {
    let with = |path: &str, text: String| {
        let mut files = support::files();
        files.insert(path.to_owned(), text);
        let faults = Bundle::parse(files, Realm::Demo).err().unwrap_or_default();
        faults.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    for path in [
        "catalogue/notes.md",
        "wishes/first.toml",
        "first.toml",
        "catalogue/toml",
    ] {
        let expect =
            format!("file `{path}` has no place in a bundle; see docs/policy-language.md for the folders");
        assert_eq!(with(path, String::new()), [expect]);
    }
    assert_eq!(with("layouts/notes.md", "free".to_owned()), [""; 0]);
    let long = |bytes: usize| "#".repeat(bytes);
    assert_eq!(with("catalogue/long.toml", long(1 << 20)), [""; 0]);
    for bytes in [(1 << 20) + 1, (1 << 20) + 2] {
        let expect = format!("catalogue/long.toml: the file has {bytes} bytes; the most is 1048576");
        assert_eq!(with("catalogue/long.toml", long(bytes)), [expect]);
    }
    let files = support::files();
    let rules = files.iter().filter(|(path, _)| !path.starts_with("cases/"));
    let left = (3 << 20) - rules.map(|(_, text)| text.len()).sum::<usize>();
    assert_eq!(with("layouts/long.toml", long(left)), [""; 0]);
    for more in [1, 2] {
        let expect = format!(
            "the bundle has {} bytes; the most is 3145728; split what is no rule out of it",
            (3 << 20) + more
        );
        assert_eq!(with("layouts/long.toml", long(left + more)), [expect]);
    }
    let mut files = support::files();
    files.remove("bundle.toml").expect("the file");
    let faults = Bundle::parse(files, Realm::Demo).expect_err("it has no head");
    let found: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        ["there is no `bundle.toml`; it names the edition and the day it is in force"]
    );
}
