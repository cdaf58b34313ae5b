//! A process killed in the middle of `xinlian ingest`: what it had is held, and the next run has the rest.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::ingest::counts;
use crate::support::{Home, on_both, wait};
use crate::tables::{HRSS, POLICE, insurance, person_id, register};

on_both! {
    a_killed_hand_in_is_finished_by_the_next
}

mod a_large_file_that_was_killed_goes_on {
    use crate::support::Kind;

    #[test]
    fn sqlite() {
        crate::support::run(Kind::Sqlite, super::a_large_file_that_was_killed_goes_on);
    }
}

/// Rows of the file: several transactions' worth.
const ROWS: u32 = 7_000;

fn a_killed_hand_in_is_finished_by_the_next(home: &Home) {
    home.init_demo();
    let file = home.write("a.csv", register(ROWS).csv());
    let mut held = 1;
    let mut killed_between = 0;
    // Each run is killed once it has put something on the disk.
    while killed_between < 2 {
        let mut child = home
            .command("ingest", &["--source", POLICE, &file])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let more = wait_for_more(home, &mut child, held);
        child.kill().unwrap();
        let ended = child.wait().unwrap();
        let now = records(home);
        assert!(
            now >= more,
            "what another process saw is not lost: {now} after {more}"
        );
        assert!(now > held);
        held = now;
        if ended.code().is_some() || now == u64::from(ROWS) + 1 {
            break;
        }
        killed_between += 1;
    }
    assert!(
        killed_between > 0,
        "no run was killed in the middle; make the file longer"
    );
    // A database server may yet finish what a dead client had asked for; `verify` waits for that.
    let verified = home.verify_clean();
    assert!(verified >= held, "{verified} after {held}");
    held = verified;
    let (code, report) = home.ingest(POLICE, &file, &[]);
    let new = u64::from(ROWS) + 1 - held;
    let duplicates = u64::from(ROWS) - new;
    assert_eq!(
        (code, counts(&report)),
        (0, [u64::from(ROWS), new, 0, duplicates, 0, 0])
    );
    assert_eq!(home.verify_clean(), u64::from(ROWS) + 1);
}

/// So many persons, and years of their insurance: as many rows as go straight into segments.
const PERSONS: u32 = 2_000;
const YEARS: i16 = 51;

/// Straight into segments, killed twice, gone on with: each row is there once, and is told to have been taken.
fn a_large_file_that_was_killed_goes_on(home: &Home) {
    home.init_demo();
    let people = home.write("a.csv", register(PERSONS).csv());
    assert_eq!(home.ingest(POLICE, &people, &[]).0, 0);
    let mut years = (1970..1970 + YEARS).map(|year| insurance(PERSONS, year).csv());
    let mut all = years.next().unwrap();
    for year in years {
        all.push_str(year.split_once('\n').unwrap().1);
    }
    let file = home.write("b.csv", all);
    let rows = u64::from(PERSONS) * u64::from(YEARS.unsigned_abs());
    let segments = home.path("data").join("segments");
    let is_there = |ending: &str| {
        let entries = std::fs::read_dir(&segments).into_iter().flatten().flatten();
        entries
            .filter(|entry| entry.path().extension().is_some_and(|of| of == ending))
            .count()
    };
    for kill in 0..2 {
        let before = is_there("parquet");
        let mut child = home
            .command("ingest", &["--source", HRSS, "--resume", &file])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while is_there("parquet") < before + 10 && child.try_wait().unwrap().is_none() {
            assert!(
                begun.elapsed() < Duration::from_mins(2),
                "no segment in two minutes"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().unwrap();
        let ended = child.wait().unwrap();
        assert!(kill > 0 || ended.code().is_none(), "it was killed in the middle");
    }
    let (code, report) = home.ingest(HRSS, &file, &["--resume"]);
    assert_eq!((code, counts(&report)), (0, [rows, rows, 0, 0, 0, 0]));
    assert_eq!(home.verify_clean(), 1 + u64::from(PERSONS) + rows);
    // Again it is held already, which the runs of marks say alone.
    let (_, again) = home.ingest(HRSS, &file, &[]);
    assert_eq!(counts(&again), [rows, 0, 0, rows, 0, 0]);
    let explained = home.run("explain", &["--json", &person_id(7)]).ok().json();
    assert_eq!(
        explained["standings"].as_array().unwrap().len(),
        1 + usize::from(YEARS.unsigned_abs())
    );
}

/// Waits until there are more records than before, or the process has ended; how many there are.
fn wait_for_more(home: &Home, child: &mut Child, held: u64) -> u64 {
    let begun = Instant::now();
    loop {
        let now = records(home);
        if now > held || child.try_wait().unwrap().is_some() {
            return now;
        }
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "nothing was taken in for a minute"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// How many records another process sees.
fn records(home: &Home) -> u64 {
    wait(async {
        let store = home.open().await;
        let size = store.tree_size().await.unwrap().0;
        store.close().await;
        size
    })
}
