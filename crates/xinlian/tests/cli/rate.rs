//! `xinlian rate`: everyone on a day, from a mirror that grows with the log and is held against it.

use crate::support::{FOUND_FAULTS, Home, UNREADABLE, on_both};
use crate::tables::{MARKET, POLICE, company, penalties, register};

on_both! {
    everyone_is_counted_and_the_mirror_grows
    a_mirror_that_says_otherwise_is_named
    the_statement_is_of_a_scorecard_that_there_is
}

fn hand_in(home: &Home, source: &str, table: &str) {
    let file = home.write("handed-in.csv", table);
    assert_eq!(home.ingest(source, &file, &[]).0, 0);
}

fn everyone_is_counted_and_the_mirror_grows(home: &Home) {
    home.init_demo();
    hand_in(home, POLICE, &register(4).csv());
    hand_in(home, MARKET, &company().csv());
    let counts = |args: &[&str]| {
        let mut all = vec!["--json"];
        all.extend(args);
        home.run("rate", &all).ok().json()
    };
    let first = counts(&[]);
    assert_eq!(first["subjects"], 5, "{first}");
    // Nobody was told of being rated; the company needs no notice.
    assert_eq!(first["not_rated"]["no_notice"], 4, "{first}");
    assert_eq!(first["grades"]["organisation"]["B"], 1, "{first}");
    hand_in(
        home,
        MARKET,
        &penalties(&[("佛禅市监处〔2026〕1号", "0.2")]).csv(),
    );
    let second = counts(&[
        "--out",
        &home.path("out.parquet").to_string_lossy(),
        "--facts",
        &home.path("facts").to_string_lossy(),
    ]);
    assert!(second["known"].as_u64() > first["known"].as_u64());
    for file in ["out.parquet", "facts/facts.parquet", "facts/subjects.parquet"] {
        let bytes = std::fs::read(home.path(file)).unwrap();
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"), "{file}");
    }
    assert_eq!(home.verify_clean(), 7);
    let verified = home.run("verify", &["--json"]).ok().json();
    assert_eq!(verified["mirror"]["known"], second["known"], "{verified}");
    home.run("verify", &[]).ok().says(&["the packed mirror of"]);
}

fn a_mirror_that_says_otherwise_is_named(home: &Home) {
    home.init_demo();
    hand_in(home, POLICE, &register(4).csv());
    home.run("rate", &[]).ok().says(&["not rated, no_notice: 4"]);
    let place = home.path("data/mirror/people.mirror");
    let mut bytes = std::fs::read(&place).unwrap();
    bytes[8] ^= 1;
    std::fs::write(&place, bytes).unwrap();
    let report = home.run("verify", &["--json"]).ends(FOUND_FAULTS).json();
    assert_eq!(
        report["mirror"]["damaged_blocks"],
        serde_json::json!([0]),
        "{report}"
    );
    home.run("verify", &[]).ends(FOUND_FAULTS).says(&[
        "block 0 of the packed mirror is damaged",
        "remove the folder `mirror`",
    ]);
    std::fs::remove_dir_all(home.path("data/mirror")).unwrap();
    home.run("rate", &[]).ok();
    home.run("verify", &[]).ok();
}

fn the_statement_is_of_a_scorecard_that_there_is(home: &Home) {
    home.init_demo();
    home.run("rate", &["--sql", "person", "--on", "2026-06-01"])
        .ok()
        .says(&["-- person", "2026-06-01", "FROM facts", "AS grade"]);
    home.run("rate", &["--sql", "nobody"])
        .ends(UNREADABLE)
        .complains(&["`nobody`", "person", "organisation"]);
}
