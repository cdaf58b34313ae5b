//! `xinlian verify` and `xinlian rebuild`: what someone altered behind the program's back is named, and what
//! can be made anew is.

use crate::support::{FOUND_FAULTS, Home, UNREADABLE, on_both, xinlian};
use crate::tables::{COMPANY, MARKET, POLICE, company, penalties, person_id, register};

on_both! {
    an_altered_record_is_named
    an_altered_projection_is_named_and_mended
    a_folder_without_a_store_is_said_to_be_one
    sealed_records_are_explained_and_verified_as_before
}

/// Four persons, a company and its penalty: records 1 to 6.
fn district(home: &Home) {
    home.init_demo();
    for (source, name, table) in [
        (POLICE, "a.csv", register(4)),
        (MARKET, "b.csv", company()),
        (MARKET, "c.csv", penalties(&[("佛禅市监处〔2026〕1号", "0.2")])),
    ] {
        let file = home.write(name, table.csv());
        assert_eq!(home.ingest(source, &file, &[]).0, 0);
    }
    assert_eq!(home.verify_clean(), 7);
}

/// What `verify` names, as table and row.
fn differences(home: &Home) -> Vec<(String, String)> {
    let report = home.run("verify", &["--json"]).ends(FOUND_FAULTS).json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let differences = report["differences"].as_array().unwrap();
    differences
        .iter()
        .map(|one| (text(&one["table"]), text(&one["row"])))
        .collect()
}

fn an_altered_record_is_named(home: &Home) {
    district(home);
    // The body of one record under another's number, as if a penalty were another's.
    let swap = "UPDATE record SET body = (SELECT body FROM record WHERE number = 3) WHERE number = 2";
    assert_eq!(home.sql(swap), 1);
    let found = differences(home);
    assert!(
        found.contains(&("record".to_owned(), "2".to_owned())),
        "{found:?}"
    );
    assert!(
        !found.contains(&("record".to_owned(), "3".to_owned())),
        "{found:?}"
    );
    home.run("verify", &[]).ends(FOUND_FAULTS).says(&["record 2: "]);
    // Evidence is not made anew: nothing is thrown away to make it fit.
    home.run("rebuild", &[]).ends(UNREADABLE).complains(&["record 2"]);
    home.run("explain", &[&person_id(1)]).ends(UNREADABLE);
    home.run("explain", &[&person_id(0)]).ok();
}

fn an_altered_projection_is_named_and_mended(home: &Home) {
    district(home);
    let ask = || {
        let args = ["--json", "--on", "2026-06-01", &crate::tables::company_code()];
        home.run("explain", &args).ok().out
    };
    let before = ask();
    // The company's penalty is made another's, and the company's name another.
    assert_eq!(home.sql("UPDATE membership SET subject = 1 WHERE number = 6"), 1);
    assert_eq!(home.sql("UPDATE organisation SET name = '某某'"), 1);
    assert_ne!(ask(), before, "the altering is felt");
    let found = differences(home);
    for table in ["membership", "organisation"] {
        let of: Vec<_> = found.iter().filter(|(name, _)| name == table).collect();
        assert_eq!(of.len(), 2, "what is stored and what should be: {found:?}");
    }
    assert!(found.iter().any(|(_, row)| row.contains(COMPANY)), "{found:?}");
    home.run("rebuild", &[])
        .ok()
        .says(&["mended membership", "mended organisation"]);
    home.verify_clean();
    assert_eq!(ask(), before);
    home.run("rebuild", &[]).ok().says(&["0 were different before"]);
}

fn a_folder_without_a_store_is_said_to_be_one(home: &Home) {
    for (subcommand, args) in [
        ("verify", &[][..]),
        ("rebuild", &[]),
        ("keys rotate", &[]),
        ("explain", &["440604"]),
        ("serve", &["--port", "0"]),
    ] {
        home.run(subcommand, args)
            .ends(UNREADABLE)
            .complains(&["there is no store", "xinlian init"]);
    }
    assert!(!home.path("data").exists(), "looking for a store makes none");
    home.init_demo();
    home.run("init", &["--demo"])
        .ends(UNREADABLE)
        .complains(&["already"]);
    home.verify_clean();
    let nowhere = [
        "verify",
        "--database",
        "postgres://localhost:1/none",
        "--data",
        "/nonexistent",
    ];
    xinlian(&nowhere)
        .ends(UNREADABLE)
        .complains(&["cannot open the store in the PostgreSQL database"]);
}

fn sealed_records_are_explained_and_verified_as_before(home: &Home) {
    district(home);
    let explained = home.run("explain", &[&person_id(1)]).ok().out;
    home.run("seal", &[]).ok().says(&["0 records sealed"]);
    let sealed = home.run("seal", &["--recent", "0", "--json"]).ok().json();
    assert_eq!(sealed["records"], 6, "{sealed}");
    assert!(sealed["segments"].as_u64().unwrap() > 1 && sealed["bytes"].as_u64().unwrap() > 1_000);
    assert_eq!(home.run("explain", &[&person_id(1)]).ok().out, explained);
    assert_eq!(home.verify_clean(), 7);
    home.run("rebuild", &[]).ok();
    home.run("seal", &["--recent", "0", "--from-start"])
        .ok()
        .says(&["0 records sealed into 0 segments"]);
    // The same file once more is held already.
    let file = home.write("again.csv", register(4).csv());
    let (code, report) = home.ingest(POLICE, &file, &[]);
    assert_eq!((code, &report["duplicate"]), (0, &4.into()), "{report}");
}
