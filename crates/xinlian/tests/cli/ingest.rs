//! `xinlian ingest`: the report, what is taken, what is held already, what is refused.

use serde_json::{Value, json};

use crate::support::{FOUND_FAULTS, Home, on_both};
use crate::tables::{HRSS, MARKET, POLICE, company, insurance, penalties, person_id, register};

on_both! {
    the_report_counts_every_row
    a_file_handed_in_twice_is_held_already
    the_same_document_with_other_content_is_a_conflict
    a_dry_run_says_the_same_and_keeps_nothing
    adverse_records_wait_and_strangers_stay_unlinked
    a_hand_in_that_was_cut_off_goes_on
}

/// The counts of a report: rows, accepted, pending, duplicate, unlinked, refused.
#[track_caller]
pub(crate) fn counts(report: &Value) -> [u64; 6] {
    let count = |key: &str| {
        report[key]
            .as_u64()
            .unwrap_or_else(|| panic!("no `{key}` in {report}"))
    };
    let [rows, parts @ ..] = ["rows", "accepted", "pending", "duplicate", "unlinked", "refused"].map(count);
    assert_eq!(
        rows,
        parts.iter().sum::<u64>(),
        "every row is counted once: {report}"
    );
    let [accepted, pending, duplicate, unlinked, refused] = parts;
    [rows, accepted, pending, duplicate, unlinked, refused]
}

/// The faults of a report: row, column, code.
#[track_caller]
pub(crate) fn faults(report: &Value) -> Vec<(u64, String, String)> {
    let errors = report["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| {
            let text = |key: &str| error[key].as_str().unwrap().to_owned();
            assert!(
                !text("message").is_empty() && !text("message_en").is_empty(),
                "{error}"
            );
            (error["row"].as_u64().unwrap(), text("column"), text("code"))
        })
        .collect()
}

fn fault(row: u64, column: &str, code: &str) -> (u64, String, String) {
    (row, column.to_owned(), code.to_owned())
}

fn the_report_counts_every_row(home: &Home) {
    home.init_demo();
    // Rows 3, 5 and 6 are bad: a check digit, a day that does not exist, and both name and number missing.
    let id = person_id(1);
    let wrong = format!("{}{}", &id[..17], if id.ends_with('0') { '1' } else { '0' });
    let table = register(6)
        .with(3, 1, &wrong)
        .with(5, 3, "2015-02-30")
        .with(6, 0, "")
        .with(6, 1, "");
    let file = home.write("人口.csv", table.csv());
    let (code, report) = home.ingest(POLICE, &file, &[]);
    assert_eq!(code, FOUND_FAULTS);
    assert_eq!(counts(&report), [6, 3, 0, 0, 0, 3]);
    assert_eq!(report["file"], "人口.csv");
    assert_eq!(report["layout"], "register-persons");
    let expected = [
        fault(3, "ZJHM", "ID-CHECK-DIGIT"),
        fault(5, "DJRQ", "DATE-INVALID"),
        fault(6, "XM", "REQUIRED"),
        fault(6, "ZJHM", "REQUIRED"),
    ];
    assert_eq!(faults(&report), expected);
    let said = report.to_string();
    assert!(
        !said.contains(&wrong[..17]),
        "a report masks persons' numbers: {said}"
    );
    // Mended, only what was refused is new.
    let file = home.write("人口.csv", register(6).csv());
    let (code, report) = home.ingest(POLICE, &file, &[]);
    assert_eq!((code, counts(&report)), (0, [6, 3, 0, 3, 0, 0]));
    assert_eq!(home.verify_clean(), 7, "six persons and the policies");
    // People read the same.
    let args = ["--source", POLICE, &file];
    home.run("ingest", &args).ok().says(&[
        "人口.csv (register-persons): 6 rows = 0 accepted + 0 pending + 6 duplicate + 0 unlinked + 0 refused",
    ]);
}

fn a_file_handed_in_twice_is_held_already(home: &Home) {
    home.init_demo();
    let first = home.write("a.csv", register(40).csv());
    let second = home.write("b.csv", insurance(40, 2024).csv());
    for (duplicates, accepted) in [(0, 40), (40, 0)] {
        for (source, file) in [(POLICE, &first), (HRSS, &second)] {
            let (code, report) = home.ingest(source, file, &[]);
            assert_eq!((code, counts(&report)), (0, [40, accepted, 0, duplicates, 0, 0]));
        }
    }
    // Within one file too.
    let mut table = insurance(2, 2023);
    table.0.push(table.0[1].clone());
    let file = home.write("c.csv", table.csv());
    let (code, report) = home.ingest(HRSS, &file, &[]);
    assert_eq!((code, counts(&report)), (0, [3, 2, 0, 1, 0, 0]));
    assert_eq!(home.verify_clean(), 83);
}

fn the_same_document_with_other_content_is_a_conflict(home: &Home) {
    home.init_demo();
    let file = home.write("a.csv", company().csv());
    assert_eq!(home.ingest(MARKET, &file, &[]).0, 0);
    let held = penalties(&[("佛禅市监处〔2026〕1号", "0.2"), ("佛禅市监处〔2026〕2号", "0.3")]);
    let file = home.write("b.csv", held.csv());
    let (code, report) = home.ingest(MARKET, &file, &[]);
    assert_eq!((code, counts(&report)), (0, [2, 0, 2, 0, 0, 0]));
    // Other brackets are the same document; another fine is other content.
    let other = penalties(&[("佛禅市监处[2026]1号", "0.2"), ("佛禅市监处〔2026〕2号", "0.5")]);
    let file = home.write("c.csv", other.csv());
    let (code, report) = home.ingest(MARKET, &file, &[]);
    assert_eq!((code, counts(&report)), (FOUND_FAULTS, [2, 0, 0, 1, 0, 1]));
    assert_eq!(faults(&report), [fault(3, "CF_WSH", "CONFLICT")]);
    let message = report["errors"][0]["message_en"].as_str().unwrap();
    assert!(
        message.contains("correction") && message.contains("record 3"),
        "{message}"
    );
    assert_eq!(home.verify_clean(), 4, "nothing of it was kept");
    // Handed in as a correction it is taken, and waits like any adverse record.
    let (code, report) = home.ingest(MARKET, &file, &["--corrects"]);
    assert_eq!((code, counts(&report)), (0, [2, 0, 1, 1, 0, 0]));
    // From then on it is what is held, however it is handed in.
    for how in [&[][..], &["--corrects"]] {
        let (code, report) = home.ingest(MARKET, &file, how);
        assert_eq!((code, counts(&report)), (0, [2, 0, 0, 2, 0, 0]));
    }
    assert_eq!(home.verify_clean(), 5);
}

fn a_dry_run_says_the_same_and_keeps_nothing(home: &Home) {
    home.init_demo();
    let file = home.write("a.csv", register(5).with(4, 3, "昨天").csv());
    let (code, dry) = home.ingest(POLICE, &file, &["--dry-run"]);
    assert_eq!((code, counts(&dry)), (FOUND_FAULTS, [5, 4, 0, 0, 0, 1]));
    assert_eq!(home.verify_clean(), 1, "only the policies");
    let submissions = home.sql("UPDATE submission SET id = id WHERE source = 'chancheng.police'");
    assert_eq!(submissions, 0);
    let (code, wet) = home.ingest(POLICE, &file, &[]);
    assert_eq!(code, FOUND_FAULTS);
    assert_eq!(wet, dry);
    assert_eq!(home.verify_clean(), 5);
    let (_, again) = home.ingest(POLICE, &file, &["--dry-run"]);
    assert_eq!(counts(&again), [5, 0, 0, 4, 0, 1], "it sees what is held");
}

/// A power failure after the rows and before the end: without `--resume` everything is held already.
fn a_hand_in_that_was_cut_off_goes_on(home: &Home) {
    home.init_demo();
    let file = home.write("a.csv", register(3).csv());
    assert_eq!(home.ingest(POLICE, &file, &[]).0, 0);
    let cut = "UPDATE submission SET finished = 0, report = NULL, row_count = 0, accepted = 0 WHERE layout = 'register-persons'";
    assert_eq!(home.sql(cut), 1);
    // What was not finished has no leaf in the log.
    let leaf = "DELETE FROM ledger_leaf WHERE leaf = (SELECT MAX(leaf) FROM ledger_leaf)";
    assert_eq!(home.sql(leaf), 1);
    let (code, again) = home.ingest(POLICE, &file, &["--resume"]);
    assert_eq!((code, counts(&again)), (0, [3, 3, 0, 0, 0, 0]));
    assert_eq!(
        home.sql("UPDATE submission SET finished = 1 WHERE finished = 0"),
        0,
        "it has its end"
    );
    let (_, third) = home.ingest(POLICE, &file, &["--resume"]);
    assert_eq!(counts(&third), [3, 0, 0, 3, 0, 0], "nothing was cut off any more");
    home.verify_clean();
}

fn adverse_records_wait_and_strangers_stay_unlinked(home: &Home) {
    home.init_demo();
    let file = home.write("a.csv", register(2).csv());
    assert_eq!(home.ingest(POLICE, &file, &[]).0, 0);
    // Number 3 is in no register, and number 2 has another name there.
    let table = insurance(3, 2024).with(3, 0, "罗志敏");
    let file = home.write("b.csv", table.csv());
    let (code, report) = home.ingest(HRSS, &file, &[]);
    assert_eq!((code, counts(&report)), (0, [3, 1, 0, 0, 2, 0]));
    let explained = home.run("explain", &["--json", &person_id(1)]).ok().json();
    let numbers: Vec<&Value> = explained["standings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|standing| &standing["item"])
        .collect();
    assert_eq!(
        numbers,
        [&json!("person.registration")],
        "a record of another name has no effect"
    );
    let file = home.write("c.csv", penalties(&[("佛禅市监处〔2026〕1号", "0.2")]).csv());
    let (code, report) = home.ingest(MARKET, &file, &[]);
    assert_eq!(
        (code, counts(&report)),
        (0, [1, 0, 0, 0, 1, 0]),
        "no register knows the company"
    );
    home.verify_clean();
}
