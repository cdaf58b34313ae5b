//! What `xinlian ingest` does not take, and how it says so.

use std::process::Stdio;

use crate::ingest::{counts, faults};
use crate::support::{FOUND_FAULTS, Home, Kind, Ran, UNREADABLE, USAGE, on_both, run};
use crate::tables::{HRSS, POLICE, insurance, live_number, person_id, register};

on_both! {
    an_unreadable_file_leaves_the_others_taken
    made_up_and_real_people_never_mix
}

fn an_unreadable_file_leaves_the_others_taken(home: &Home) {
    home.init_demo();
    let first = home.write("a.csv", register(3).csv());
    let refused = home.write("b.csv", register(2).with(2, 3, "昨天").csv());
    let picture = home.write("c.csv", b"\x89PNG\r\n\x1a\n not a table");
    let gone = home.at("gone.csv");
    let last = home.write("d.csv", register(5).csv());
    let args = [
        "--json", "--source", POLICE, &first, &refused, &picture, &gone, &last,
    ];
    let ran = home.run("ingest", &args).ends(UNREADABLE);
    let reports = ran.json_lines();
    let [taken, partly, unread, missing, late] = &reports[..] else {
        panic!("one object for each file: {reports:#?}")
    };
    assert_eq!(counts(taken), [3, 3, 0, 0, 0, 0]);
    assert_eq!(counts(partly), [2, 0, 0, 1, 0, 1]);
    for (report, path, code) in [(unread, &picture, "FORMAT"), (missing, &gone, "UNREADABLE")] {
        assert_eq!(report["file"], path.as_str());
        assert!(report["error"].as_str().unwrap().contains(code), "{report}");
    }
    assert_eq!(counts(late), [5, 2, 0, 3, 0, 0]);
    assert_eq!(home.verify_clean(), 6);
    // Without the unreadable ones it is the refused row that decides.
    home.run("ingest", &["--source", POLICE, &refused, &last])
        .ends(FOUND_FAULTS);
    home.run("ingest", &["--source", POLICE, &picture])
        .ends(UNREADABLE)
        .complains(&["c.csv", "FORMAT", "a picture"]);
}

fn made_up_and_real_people_never_mix(home: &Home) {
    home.run("init", &[]).ok().says(&["live store", "keys.toml"]);
    let demo = register(2);
    let real = (0..2).fold(demo.clone(), |table, number| {
        let id = live_number(&person_id(number));
        table.with(usize::try_from(number).unwrap() + 2, 1, &id)
    });
    let file = home.write("demo.csv", demo.csv());
    let (code, report) = home.ingest(POLICE, &file, &[]);
    assert_eq!((code, counts(&report)), (FOUND_FAULTS, [2, 0, 0, 0, 0, 2]));
    assert_eq!(
        faults(&report)[0],
        (2, "ZJHM".to_owned(), "DEMO-IDENTITY".to_owned())
    );
    home.run("ingest", &["--source", POLICE, &file])
        .ends(FOUND_FAULTS)
        .says(&[
            "row 2 ZJHM: DEMO-IDENTITY",
            "made-up",
            "a live store does not take it",
        ]);
    assert_eq!(home.verify_clean(), 1);
    let file = home.write("real.csv", real.csv());
    assert_eq!(counts(&home.ingest(POLICE, &file, &[]).1), [2, 2, 0, 0, 0, 0]);
    home.run("explain", &[&person_id(0)])
        .ends(UNREADABLE)
        .complains(&["no subject has this identifier"]);
    home.run("explain", &["--json", &live_number(&person_id(0))]).ok();
}

#[test]
fn real_people_do_not_get_into_a_demo() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        let table = register(1).with(2, 1, &live_number(&person_id(0)));
        let file = home.write("real.csv", table.csv());
        let (code, report) = home.ingest(POLICE, &file, &[]);
        assert_eq!((code, counts(&report)), (FOUND_FAULTS, [1, 0, 0, 0, 0, 1]));
        assert_eq!(faults(&report)[0].2, "REAL-IN-DEMO");
    });
}

#[test]
fn a_layout_that_does_not_fit_is_named_with_those_that_do() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        let file = home.write("a.csv", register(2).csv());
        let with = |source: &str, layout: &str| {
            home.run("ingest", &["--source", source, "--layout", layout, &file])
                .ends(UNREADABLE)
        };
        with(POLICE, "no-such-layout").complains(&["LAYOUT-UNKNOWN", "no-such-layout", "register-persons"]);
        with(POLICE, "social-insurance-months").complains(&[
            "LAYOUT-NOT-OF-SOURCE",
            "chancheng.police",
            "social-insurance-months",
        ]);
        with(HRSS, "social-insurance-months").complains(&["HEADER-MISSING", "JFYS（缴费月数）"]);
        home.run("ingest", &["--source", HRSS, "--layout", "No Such", &file])
            .ends(USAGE)
            .complains(&["--layout", "is not a layout code"]);
        // Found by its header, a source may still not hand it in.
        home.run("ingest", &["--source", HRSS, &file])
            .ends(UNREADABLE)
            .complains(&["LAYOUT-UNKNOWN", "social-insurance-months"]);
        assert_eq!(home.verify_clean(), 1);
        // The right one, said or found, is the same.
        let (said, found) = (["--dry-run", "--layout", "register-persons"], ["--dry-run"]);
        let said = home.ingest(POLICE, &file, &said);
        assert_eq!(said, home.ingest(POLICE, &file, &found));
        assert_eq!(counts(&said.1), [2, 2, 0, 0, 0, 0]);
    });
}

#[test]
fn a_source_that_nobody_knows_is_answered_with_those_there_are() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        let file = home.write("a.csv", insurance(1, 2024).csv());
        home.run("ingest", &["--source", "nanhai.market", &file])
            .ends(UNREADABLE)
            .complains(&["nanhai.market", "chancheng.police", "foshan.hrss"]);
        home.run("ingest", &["--source", "Not a code", &file])
            .ends(USAGE)
            .complains(&["--source", "Not a code"]);
        home.run("ingest", &[&file]).ends(USAGE).complains(&["--source"]);
        home.run("ingest", &["--source", HRSS])
            .ends(USAGE)
            .complains(&["<FILE>"]);
        assert_eq!(home.verify_clean(), 1);
    });
}

#[test]
fn whoever_stops_reading_the_report_stops_nothing_else() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        let first = home.write("a.csv", register(3).with(2, 3, "昨天").csv());
        let second = home.write("b.csv", register(5).csv());
        let mut command = home.command("ingest", &["--source", POLICE, &first, &second]);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let ran = Ran::of(child.wait_with_output().unwrap()).ends(FOUND_FAULTS);
        assert_eq!(ran.err, "", "nothing of it is the user's concern");
        assert_eq!(home.verify_clean(), 6);
    });
}
