//! `xinlian keys rotate`, and a store whose keys are away.

use crate::ingest::counts;
use crate::support::{Home, UNREADABLE, on_both};
use crate::tables::{HRSS, POLICE, insurance, person_id, register};

on_both! {
    turned_over_keys_open_everything
    without_its_keys_a_store_stays_shut
}

fn turned_over_keys_open_everything(home: &Home) {
    home.init_demo();
    let (first, second) = (
        home.write("a.csv", register(20).csv()),
        home.write("b.csv", insurance(20, 2024).csv()),
    );
    assert_eq!(home.ingest(POLICE, &first, &[]).0, 0);
    let ask = || {
        let args = ["--json", "--on", "2026-06-01", "--known", "21", &person_id(3)];
        home.run("explain", &args).ok().out
    };
    let before = (
        ask(),
        std::fs::read_to_string(home.path("data/keys.toml")).unwrap(),
    );
    home.run("keys rotate", &[])
        .ok()
        .says(&["generation 2", "21 record keys"]);
    let keys = std::fs::read_to_string(home.path("data/keys.toml")).unwrap();
    let old: Vec<&str> = before.1.lines().filter(|line| line.contains(" = \"")).collect();
    assert!(
        old.len() >= 2 && old.iter().all(|line| keys.contains(line)),
        "the old keys are kept"
    );
    assert_eq!(home.verify_clean(), 21);
    assert_eq!(ask(), before.0);
    // What is held is known to be held under the new index, and what is new is found by it.
    assert_eq!(counts(&home.ingest(POLICE, &first, &[]).1), [20, 0, 0, 20, 0, 0]);
    assert_eq!(counts(&home.ingest(HRSS, &second, &[]).1), [20, 20, 0, 0, 0, 0]);
    home.run("keys rotate", &[])
        .ok()
        .says(&["generation 3", "41 record keys"]);
    assert_eq!(home.verify_clean(), 41);
    // A backup of the keys from before the last turn no longer opens the store.
    let newest = std::fs::read(home.path("data/keys.toml")).unwrap();
    std::fs::write(home.path("data/keys.toml"), keys).unwrap();
    home.run("verify", &[])
        .ends(UNREADABLE)
        .complains(&["has no key `3`"]);
    std::fs::write(home.path("data/keys.toml"), newest).unwrap();
    home.verify_clean();
}

fn without_its_keys_a_store_stays_shut(home: &Home) {
    home.init_demo();
    let file = home.write("a.csv", register(2).csv());
    assert_eq!(home.ingest(POLICE, &file, &[]).0, 0);
    std::fs::rename(home.path("data/keys.toml"), home.path("keys-away.toml")).unwrap();
    let id = person_id(0);
    for (subcommand, args) in [
        ("verify", &[][..]),
        ("rebuild", &[]),
        ("explain", &[id.as_str()]),
        ("ingest", &["--source", POLICE, &file]),
        ("keys rotate", &[]),
    ] {
        home.run(subcommand, args)
            .ends(UNREADABLE)
            .complains(&["cannot open the store", "keys.toml"]);
        assert!(
            !home.path("data/keys.toml").exists(),
            "`{subcommand}` makes no keys of its own"
        );
    }
    // Another store's keys, and something that holds no keys.
    let other = home.at("other");
    crate::support::xinlian(&["init", "--demo", "--data", &other]).ok();
    let with = |keys: &str| home.run("verify", &["--keys", keys]);
    with(&home.at("other/keys.toml"))
        .ends(UNREADABLE)
        .complains(&["not the one that belongs to this database"]);
    let torn = home.write("torn.toml", "[[generation]]\nid = 1\n");
    with(&torn)
        .ends(UNREADABLE)
        .complains(&["torn.toml", "is not a key file"]);
    // Wherever its own are, they open it.
    with(&home.at("keys-away.toml")).ok().says(&["0 differences"]);
}
