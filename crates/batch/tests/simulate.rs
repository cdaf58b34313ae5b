//! A draft tried on a made-up population: what is told is what two separate ratings say.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use assess::{Bundle, GroupLabels, scorecard_numbers, with_numbers};
use batch::{Attention, CardReport, DayReport, Made, Side, Told, Trial, generate, rate, simulate};
use jiff::civil::{Date, date};
use record::Realm;
use segment::Mirror;

const ON: Date = date(2026, 11, 23);

fn files() -> BTreeMap<String, String> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(folder).expect("the folder of policies") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(root, &path, found);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                let name = path.strip_prefix(root).expect("below the root");
                let text = std::fs::read_to_string(&path).expect("text");
                found.insert(name.to_string_lossy().into_owned(), text);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut found = BTreeMap::new();
    walk(&root, &root, &mut found);
    found
}

fn parse(files: BTreeMap<String, String>) -> Bundle {
    Bundle::parse(files, Realm::Demo).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// The rules in force, and a draft with other numbers in the scorecard of persons.
fn draft(changes: &[(&str, i64)]) -> (Bundle, Bundle) {
    let bundle = parse(files());
    let numbers = scorecard_numbers(&bundle, "person");
    let changes: Vec<_> = changes
        .iter()
        .map(|(name, to)| {
            let number = numbers.iter().find(|number| number.name() == *name);
            (number.expect("the number").clone(), *to)
        })
        .collect();
    let draft = parse(with_numbers(bundle.files(), &changes));
    (bundle, draft)
}

struct Population {
    _folder: tempfile::TempDir,
    place: PathBuf,
    mirror: Mirror,
    groups: HashMap<u64, GroupLabels>,
}

fn population(bundle: &Bundle) -> Population {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("people.mirror");
    let made = Made {
        records: 60_000,
        subjects: 3_000,
        seed: 7,
        on: ON,
    };
    generate(&place, bundle, made).expect("a population");
    let groups = (0..made.subjects).map(|subject| {
        let labels = GroupLabels {
            age: None,
            sex: Some(if subject % 3 == 0 { "female" } else { "male" }),
            household: (subject % 5 > 0).then_some("here"),
        };
        (subject, labels)
    });
    Population {
        groups: groups.collect(),
        mirror: Mirror::open(&place).expect("a mirror"),
        place,
        _folder: folder,
    }
}

fn tried(before: &Bundle, after: &Bundle, people: &Population, own: Option<&Mirror>) -> DayReport {
    let side = |bundle, mirror| Side { bundle, mirror };
    let trial = Trial {
        before: side(before, &people.mirror),
        after: side(after, own.unwrap_or(&people.mirror)),
        groups: &people.groups,
        threads: 2,
        seed: [7; 32],
    };
    let (report, drawn) = simulate(&trial, ON, |_| ()).expect("a simulation");
    let told: usize = report.cards.iter().map(|card| card.examples.len()).sum();
    assert_eq!(drawn.len(), told, "each example is kept");
    for one in &drawn {
        let number = u64::from(one.number);
        assert!((100_000..1_000_000).contains(&number) && number != one.subject);
    }
    report
}

fn persons(report: &DayReport) -> &CardReport {
    let card = report.cards.iter().find(|card| card.card == "person");
    card.expect("persons are rated")
}

#[test]
fn the_same_rules_move_nobody() {
    let (bundle, _) = draft(&[]);
    let people = population(&bundle);
    let report = tried(&bundle, &bundle, &people, None);
    assert_eq!(report.attention, []);
    for card in &report.cards {
        assert_eq!((card.stability_points, card.stability_letters), (0, 0));
        assert_eq!(card.points_before, card.points_after);
        assert!(card.reasons.is_empty() && card.examples.is_empty());
        // Nobody, or not told where that would tell of few beside them.
        let nobody = |told: Told| matches!(told, Told::Count(0) | Told::Hidden);
        assert!(nobody(card.moved[0]) && nobody(card.moved[2]), "{:?}", card.moved);
        let moves = card.openings.iter().flat_map(|one| [one.opens, one.closes]);
        assert!(moves.into_iter().all(nobody));
    }
}

/// Another letter and other points: what is told of the letters is what two separate ratings count.
#[test]
fn what_is_told_is_what_two_ratings_say() {
    let (bundle, draft) = draft(&[
        ("rating.person.letters.a", 80),
        ("rating.person.social-insurance.bins.1.points", 1),
        ("rating.person.social-insurance.bins.2.points", 3),
        ("rating.person.social-insurance.bins.3.points", 5),
        ("rating.person.social-insurance.bins.4.points", 7),
    ]);
    let people = population(&bundle);
    let report = tried(&bundle, &draft, &people, None);
    let card = persons(&report);
    let rated = |rules: &Bundle| rate(rules, &people.mirror, ON, 1, |_| ()).expect("ratings");
    let mut cells = vec![vec![0_u64; 5]; 5];
    let place = |rating: &Result<assess::Rated, assess::NotRated>| {
        rating
            .as_ref()
            .map_or(4, |rated| "ABCD".find(rated.letter.as_str()).expect("a letter"))
    };
    for (one, other) in rated(&bundle).iter().zip(rated(&draft)) {
        let is_person = |rating: &Result<assess::Rated, assess::NotRated>| {
            rating.as_ref().is_ok_and(|rated| {
                bundle
                    .scorecards()
                    .nth(usize::from(rated.card))
                    .expect("a scorecard")
                    .code
                    == "person"
            })
        };
        if is_person(&one.rating) || is_person(&other.rating) {
            cells[place(&one.rating)][place(&other.rating)] += 1;
        }
    }
    let mut told = 0;
    for (row, line) in cells.iter().enumerate() {
        for (column, count) in line.iter().enumerate() {
            match card.matrix[row][column] {
                Told::Count(said) => {
                    assert_eq!(said, *count);
                    told += said;
                }
                Told::Few => assert!((1..10).contains(count)),
                Told::Hidden => assert!(*count == 0 || *count >= 10),
                Told::AtLeast(_) => panic!("a cell is no sum"),
            }
        }
    }
    assert!(told > 1_000, "most is told: {:?}", card.matrix);
    let best = card
        .openings
        .iter()
        .find(|one| one.least_before.as_deref() == Some("A"));
    assert!(
        best.is_some_and(|one| !one.opens.is_nobody()),
        "{:?}",
        card.openings
    );
    let insurance = card.reasons.iter().find(|one| one.feature == "social-insurance");
    assert!(
        insurance.is_some_and(|one| one.less > Some(0) && one.more == Some(0)),
        "{:?}",
        card.reasons
    );
    assert!(!card.examples.is_empty());
    assert_eq!(
        tried(&bundle, &draft, &people, None),
        report,
        "the same seed draws the same examples"
    );
}

#[test]
fn a_draft_with_a_mirror_of_its_own_is_told_the_same() {
    let (bundle, draft) = draft(&[("rating.person.letters.a", 80)]);
    let people = population(&bundle);
    let report = tried(&bundle, &draft, &people, None);
    // A draft that changes how records stand reads a mirror of its own.
    let copy = people.place.with_extension("draft");
    std::fs::copy(&people.place, &copy).expect("a copy");
    let own = Mirror::open(&copy).expect("a mirror");
    assert_eq!(tried(&bundle, &draft, &people, Some(&own)), report);
}

#[test]
fn what_closes_and_what_falls_behind_is_named() {
    let (bundle, draft) = draft(&[("rating.person.letters.a", 95)]);
    let people = population(&bundle);
    let report = tried(&bundle, &draft, &people, None);
    let closes = |one: &Attention| matches!(one, Attention::Closes { card, .. } if card == "person");
    assert!(report.attention.iter().any(closes), "{:?}", report.attention);
    let traits: Vec<&str> = persons(&report)
        .groups
        .iter()
        .map(|one| one.code.as_str())
        .collect();
    assert_eq!(traits, ["sex", "household"], "of age nothing is known here");
}
