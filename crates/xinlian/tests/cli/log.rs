//! `xinlian log`, `proof` and `verify-proof`: what was handed in stands in a log that clients of other people read.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{FOUND_FAULTS, Home, UNREADABLE, on_both, xinlian};
use crate::tables::{MARKET, POLICE, company, register};

on_both! {
    what_was_handed_in_is_logged_and_proved
    a_live_store_names_its_log_first
    other_peoples_client_reads_it
}

/// Where Debian puts Go's packages of the checksum database.
const DEBIAN_GO_PATH: &str = "/usr/share/gocode";

fn district(home: &Home) {
    home.init_demo();
    for (source, name, table) in [(POLICE, "a.csv", register(300)), (MARKET, "b.csv", company())] {
        let file = home.write(name, table.csv());
        assert_eq!(home.ingest(source, &file, &[]).0, 0);
    }
}

fn what_was_handed_in_is_logged_and_proved(home: &Home) {
    district(home);
    home.run("log", &[]).ok().says(&[
        "0 leaves are in the log, 305 wait; 302 of all are records",
        "nothing was signed",
    ]);
    home.run("proof", &["4"])
        .ends(UNREADABLE)
        .complains(&["record 4 waits"]);
    home.run("log", &["--close"]).ok().says(&[
        "305 leaves are in the log, 0 wait",
        "demo.xinlian.example/log\n305\n",
    ]);
    let status = home.run("log", &["--json"]).ok().json();
    let key = status["key"].as_str().unwrap();

    let proof = home.run("proof", &["4"]).ok().out;
    let file = home.write("proof", &proof);
    xinlian(&["verify-proof", &file, "--key", key])
        .ok()
        .says(&["record 4 of hand-in 1", "leaf 5 of 305"]);
    let (head, path) = proof.split_once("index 5\n").unwrap();
    for altered in [
        format!("{head}index 6\n{path}"),
        proof.replace("\n305\n", "\n304\n"),
    ] {
        let file = home.write("altered", altered);
        xinlian(&["verify-proof", &file, "--key", key])
            .ends(FOUND_FAULTS)
            .complains(&["proves nothing"]);
    }
    xinlian(&["verify-proof", &file, "--key", "x"]).ends(2);
    let none = home.write("none", "x");
    xinlian(&["verify-proof", &none, "--key", key]).ends(UNREADABLE);
    home.run("proof", &["302"]).ends(UNREADABLE);

    let report = home.run("verify", &["--json"]).ok().json();
    assert_eq!(report["leaves"], 305);
    // And an altered tile is named.
    let tile = home.path("data/log/tile/0/000");
    let mut bytes = fs::read(&tile).unwrap();
    bytes[32 * 7] ^= 1;
    fs::write(&tile, bytes).unwrap();
    home.run("verify", &[])
        .ends(FOUND_FAULTS)
        .says(&["log leaf 7: `tile/0/000`"]);
}

fn a_live_store_names_its_log_first(home: &Home) {
    home.run("init", &[]).ok();
    home.run("log", &["--close"])
        .ends(UNREADABLE)
        .complains(&["--ledger-origin"]);
    let named = ["--close", "--ledger-origin", "credit.example/log"];
    home.run("log", &named).ok().says(&["credit.example/log\n2\n"]);
    let other = ["--close", "--ledger-origin", "other.example/log"];
    home.run("log", &other)
        .ends(UNREADABLE)
        .complains(&["`credit.example/log` for good"]);
    home.run("log", &["--close", "--ledger-origin", "a b"]).ends(2);
}

/// Go's client reads the folder of a store as it lies there, and verifies each leaf, each tile and a proof.
fn other_peoples_client_reads_it(home: &Home) {
    if std::env::var_os("XINLIAN_WITHOUT_GO").is_some_and(|said| said == "1") {
        eprintln!("left out: XINLIAN_WITHOUT_GO=1 says that Go cannot be had");
        return;
    }
    district(home);
    home.run("log", &["--close"]).ok();
    let status = home.run("log", &["--json"]).ok().json();
    let folder = home.path("data/log");
    fs::write(folder.join("key"), status["key"].as_str().unwrap()).unwrap();
    let proof = home.run("proof", &["4"]).ok().out;
    let (head, _) = proof.split_once("\n\n").unwrap();
    let (_, path) = head.split_once("index 5\n").unwrap();
    fs::create_dir(folder.join("inclusion")).unwrap();
    fs::write(folder.join("inclusion/5"), path).unwrap();
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ledger/tests/go/verify.go");
    let read = Command::new("go")
        .env("GO111MODULE", "off")
        .env("GOPATH", DEBIAN_GO_PATH)
        .env("GOFLAGS", "")
        .env("GOCACHE", home.path("cache"))
        .arg("run")
        .arg(program)
        .arg(&folder)
        .output()
        .unwrap();
    let complains = String::from_utf8_lossy(&read.stderr);
    assert!(read.status.success(), "{complains}");
    assert_eq!(
        String::from_utf8_lossy(&read.stdout),
        "305 leaves, 1 inclusion proofs, 0 consistency proofs\n"
    );
}
