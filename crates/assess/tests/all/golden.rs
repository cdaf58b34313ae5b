//! Golden conclusions, pinned to the version of the engine's meaning: the bundle and the records lie beside
//! them as bytes, so that neither a policy of today nor a test helper can move them. If one of these
//! fails, a conclusion reached last year no longer replays: make it a new `SEMANTICS`, or mend the engine.
//!
//! `XINLIAN_WRITE_GOLDEN=1` writes them, once for each new version.

use std::fmt::Write as _;
use std::path::PathBuf;

use assess::{Bundle, SEMANTICS, assess, decide};
use jiff::ToSpan;
use record::{AsOf, Logged, Realm, SubjectKind, Submitted};

use crate::made::{Drawn, Making, ON, Then, all_known, counter, items, logged, make};
use crate::support;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/semantics-{SEMANTICS}"))
}

/// The conclusions of one stored file: on three days, and with half of it known.
fn conclude(bundle: &Bundle, records: &[Logged]) -> String {
    let all = all_known(records);
    let half = AsOf {
        known: record::TreeSize(all.known.0 / 2),
        ..all
    };
    let earlier = AsOf {
        on: ON.saturating_sub(7.months()),
        ..all
    };
    let later = AsOf {
        on: ON.saturating_add(14.months()),
        ..all
    };
    let mut text = String::new();
    for as_of in [all, half, earlier, later] {
        let found = assess(bundle, records, as_of);
        let ask = counter(&["application", "inspection-report", "identity", "old-licence"]);
        let decision = decide(bundle, records, &found, &ask);
        let pretty = |value: serde_json::Value| serde_json::to_string_pretty(&value).expect("json");
        let both = serde_json::json!({ "assessment": found, "decision": decision });
        writeln!(text, "{}", pretty(both)).expect("to a string");
        assert_eq!(serde_json::to_vec(&found).expect("json"), found.to_bytes());
    }
    text
}

fn drawn(bundle: &Bundle, kind: SubjectKind) -> Vec<Drawn> {
    let codes = items(bundle, kind);
    let then = [
        Then::Objected,
        Then::Repaired,
        Then::Withdrawn,
        Then::Upheld,
        Then::Rejected,
        Then::Corrected,
    ];
    let one = |(item, _)| Drawn {
        item,
        days_ago: i32::try_from(item).expect("few") * 37 % 2_400 + 20,
        quantity: 7 + i64::try_from(item).expect("few") * 1_001,
        ends_after: (item % 5 == 0).then_some(500),
        confirmed: item % 7 != 0,
        then: then.get(item % 11).map(|then| (*then, 15)).into_iter().collect(),
    };
    codes.iter().enumerate().map(one).collect()
}

fn write() {
    std::fs::create_dir_all(folder()).expect("a folder");
    let mut files = support::files();
    files.retain(|path, _| !path.starts_with("layouts/") && !path.starts_with("cases/"));
    let bundle = support::parse(files, Realm::Demo);
    std::fs::write(folder().join("bundle.json"), bundle.to_bytes()).expect("written");
    for (name, making) in [("person", Making::PERSON), ("organisation", Making::FIRM)] {
        let records = make(&bundle, making, &drawn(&bundle, making.kind));
        let mut lines = String::new();
        for one in &records {
            let bytes = one.record().canonical_bytes();
            let hex: String = bytes.iter().fold(String::new(), |mut hex, byte| {
                write!(hex, "{byte:02x}").expect("to a string");
                hex
            });
            writeln!(lines, "{} {} {hex}", one.number(), one.submission()).expect("to a string");
        }
        std::fs::write(folder().join(format!("{name}.records")), lines).expect("written");
        std::fs::write(folder().join(format!("{name}.json")), conclude(&bundle, &records)).expect("written");
    }
}

fn read_records(name: &str) -> Vec<Logged> {
    let text = std::fs::read_to_string(folder().join(format!("{name}.records"))).expect("the records");
    let parse = |line: &str| {
        let parts: Vec<&str> = line.split(' ').collect();
        let bytes: Vec<u8> = (0..parts[2].len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&parts[2][at..at + 2], 16).expect("hex"))
            .collect();
        let record = Submitted(bytes).parse().expect("canonical");
        logged(
            parts[0].parse().expect("number"),
            parts[1].parse().expect("number"),
            record,
        )
    };
    text.lines().map(parse).collect()
}

#[test]
fn last_years_conclusions_replay() {
    if std::env::var_os("XINLIAN_WRITE_GOLDEN").is_some() {
        write();
    }
    let bytes = std::fs::read(folder().join("bundle.json")).expect("the bundle");
    let bundle = Bundle::from_bytes(&bytes).expect("a bundle that was published stays readable");
    for name in ["person", "organisation"] {
        let found = conclude(&bundle, &read_records(name));
        let stored = std::fs::read_to_string(folder().join(format!("{name}.json"))).expect("the conclusion");
        let place = found
            .lines()
            .zip(stored.lines())
            .position(|(one, other)| one != other);
        assert!(
            found == stored,
            "{name}: the conclusion differs from line {place:?}"
        );
    }
}
