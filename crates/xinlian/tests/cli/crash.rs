//! A process killed in the middle of `xinlian ingest`: what it had is held, and the next run has the rest.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::ingest::counts;
use crate::support::{Home, on_both, wait};
use crate::tables::{POLICE, register};

on_both! {
    a_killed_hand_in_is_finished_by_the_next
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
