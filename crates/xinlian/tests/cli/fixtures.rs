//! `xinlian fixtures`: the same seed gives the same files, and nobody in them can be real.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx};
use encoding_rs::GB18030;

use crate::support::{USAGE, files_below, xinlian};
use crate::tables::{is_resident_number, is_social_credit_code};

const DAY: &str = "2026-11-23";

/// Writes a district of sixty and reads every file of it.
fn district(out: &Path, seed: &str) -> BTreeMap<String, Vec<u8>> {
    let out = out.to_str().unwrap();
    let args = [
        "fixtures",
        "--out",
        out,
        "--subjects",
        "60",
        "--seed",
        seed,
        "--today",
        DAY,
    ];
    let ran = xinlian(&args).ok();
    let files = files_below(Path::new(out));
    let named: BTreeSet<&str> = ran
        .out
        .lines()
        .filter_map(|line| line.split('\t').nth(2))
        .collect();
    let written: BTreeSet<String> = files.keys().map(|name| format!("{out}/{name}")).collect();
    assert_eq!(
        named,
        written.iter().map(String::as_str).collect(),
        "each file is named"
    );
    files
}

fn is_csv(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "csv")
}

/// A file's cells, one a line, whatever it is.
fn text(name: &str, bytes: &[u8]) -> String {
    if is_csv(name) {
        return match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => GB18030.decode(bytes).0.into_owned(),
        };
    }
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let range = workbook.worksheet_range_at(0).unwrap().unwrap();
    let cells: Vec<String> = range
        .used_cells()
        .map(|(_, _, cell)| match cell {
            Data::String(text) => text.clone(),
            other => panic!("{other:?} in {name}: identifiers are text"),
        })
        .collect();
    cells.join("\n")
}

fn texts(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<&str, String> {
    files
        .iter()
        .map(|(name, bytes)| (name.as_str(), text(name, bytes)))
        .collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second, other] =
        [("a", "7"), ("b", "7"), ("c", "8")].map(|(name, seed)| district(&folder.path().join(name), seed));
    let csv = |files: &BTreeMap<String, Vec<u8>>| {
        let mut files = files.clone();
        files.retain(|name, _| is_csv(name));
        files
    };
    assert!(csv(&first).len() > 10, "{:?}", first.keys());
    assert!(csv(&first) == csv(&second), "CSV files are the same to the byte");
    // A workbook also holds the moment it was written.
    assert_eq!(texts(&first), texts(&second));
    assert_ne!(texts(&first), texts(&other));
}

#[test]
fn no_identifier_can_be_a_real_one() {
    // The examples of the two standards are right, so that the sums here are.
    assert!(is_resident_number("11010519491231002X") && !is_resident_number("110105194912310021"));
    assert!(is_social_credit_code("91350100M000100Y43") && !is_social_credit_code("91350100M000100Y44"));
    let folder = tempfile::tempdir().unwrap();
    let files = district(folder.path(), "7");
    let (mut persons, mut organisations, mut slips) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (name, text) in texts(&files) {
        for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
            let is_person = word.len() == 18 && word[..17].bytes().all(|b| b.is_ascii_digit());
            if is_person {
                assert!(!is_resident_number(word), "`{word}` in {name} may be someone's");
                persons.insert(word.to_owned());
            } else if word.len() == 18 {
                assert!(
                    !is_social_credit_code(word),
                    "`{word}` in {name} may be someone's"
                );
                let is_slip = word.contains(['I', 'O', 'S', 'V', 'Z']);
                let of = if is_slip { &mut slips } else { &mut organisations };
                of.insert(word.to_owned());
            } else {
                let digits = word.bytes().filter(u8::is_ascii_digit).count();
                assert!(
                    digits < 15,
                    "`{word}` in {name} is as long as an old identity number"
                );
            }
        }
    }
    // One code is written with a letter that no code has, to show how such a row is refused.
    let found = (persons.len(), organisations.len(), slips.len());
    assert_eq!(found, (60, 9, 1), "{organisations:?} {slips:?}");
}

#[test]
fn a_district_has_its_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let args = ["fixtures", "--out", out, "--subjects", "19"];
    xinlian(&args).ends(USAGE).complains(&["--subjects", "19"]);
    let args = ["fixtures", "--out", out, "--today", "2026-02-30"];
    xinlian(&args).ends(USAGE).complains(&["--today", "2026-02-30"]);
    assert!(files_below(folder.path()).is_empty());
}
