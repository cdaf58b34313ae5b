//! `xinlian staff add`: a member of staff of a known department, whose password is never on a command line.

use std::io::Write as _;
use std::process::Stdio;

use record::OfficerId;

use crate::support::{Home, Ran, UNREADABLE, USAGE, on_both, wait};

on_both! {
    an_officer_is_added_with_a_secret_of_their_own
    what_is_no_member_of_staff_is_not_added
}

const PASSWORD: &str = "correct horse battery";

/// Adds a member of staff, with the password on standard input.
fn add(home: &Home, args: &[&str], password: &str) -> Ran {
    let mut command = home.command("staff add", args);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that refuses its arguments does not read on.
    let _unread = writeln!(child.stdin.take().unwrap(), "{password}");
    Ran::of(child.wait_with_output().unwrap())
}

const CHEN: [&str; 7] = [
    "chen",
    "--name",
    "陈科员",
    "--source",
    "chancheng.market",
    "--role",
    "officer",
];

fn an_officer_is_added_with_a_secret_of_their_own(home: &Home) {
    home.run("init", &[]).ok();
    let added = |args: &[&str]| {
        let ran = add(home, args, PASSWORD).ok();
        let secret = ran.out.lines().last().unwrap().to_owned();
        let is_base32 = secret
            .bytes()
            .all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b));
        assert!(secret.len() >= 32 && is_base32, "{ran:#?}");
        assert!(!ran.out.contains(PASSWORD) && !ran.err.contains(PASSWORD));
        secret
    };
    let first = added(&CHEN);
    let second = added(&[
        "li",
        "--name",
        "李窗口",
        "--source",
        "nanzhuang.service-centre",
        "--role",
        "clerk",
    ]);
    assert_ne!(first, second);
    let staff = wait(async {
        let store = home.open().await;
        let staff = store
            .staff(&OfficerId::new("chen").unwrap())
            .await
            .unwrap()
            .unwrap();
        store.close().await;
        staff
    });
    assert_eq!((staff.name.as_str(), staff.role.as_str()), ("陈科员", "officer"));
    assert_eq!(staff.source.as_str(), "chancheng.market");
    assert!(!staff.password.contains(PASSWORD), "only its hash is kept");
    home.verify_clean();
}

fn what_is_no_member_of_staff_is_not_added(home: &Home) {
    add(home, &CHEN, PASSWORD)
        .ends(UNREADABLE)
        .complains(&["there is no store", "xinlian init"]);
    home.run("init", &[]).ok();
    add(home, &CHEN, "eleven char")
        .ends(UNREADABLE)
        .complains(&["fewer than 12 characters"]);
    add(home, &CHEN, "")
        .ends(UNREADABLE)
        .complains(&["fewer than 12 characters"]);
    let mut other = CHEN;
    other[4] = "nanhai.market";
    add(home, &other, PASSWORD)
        .ends(UNREADABLE)
        .complains(&["nanhai.market"]);
    for role in ["person", "system", "administrator"] {
        let mut other = CHEN;
        other[6] = role;
        let ran = add(home, &other, PASSWORD);
        assert!([UNREADABLE, USAGE].contains(&ran.code.unwrap()), "{ran:#?}");
        ran.complains(&["`officer`, `clerk`, `auditor` or `office`"]);
    }
    add(home, &["Chen Ling"], PASSWORD).ends(USAGE);
    let held = home.sql("UPDATE staff SET disabled = disabled");
    assert_eq!(held, 0, "nobody was added");
}
