//! `xinlian backup`, `restore` and `doctor`.

use std::process::Stdio;

use serde_json::Value;

use crate::support::{FOUND_FAULTS, Home, Kind, Ran, UNREADABLE, USAGE, on_both, run, xinlian};
use crate::tables::{POLICE, register};

on_both! {
    a_backup_is_made_while_a_file_is_taken_in_and_brought_back
    the_doctor_says_what_is_wrong_and_what_to_do
}

/// Restores into a folder of this home; the report.
fn restored(home: &Home, from: &str, into: &str) -> Value {
    let (keys, into) = (home.at("data/keys.toml"), home.at(into));
    let args = [
        "restore",
        "--json",
        "--from",
        from,
        "--into",
        &into,
        "--keys-from",
        &keys,
    ];
    xinlian(&args).ok().json()
}

fn a_backup_is_made_while_a_file_is_taken_in_and_brought_back(home: &Home) {
    home.init_demo();
    let file = home.write("a.csv", register(3_000).csv());
    let mut ingest = home
        .command("ingest", &["--source", POLICE, &file])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut made = Vec::new();
    while ingest.try_wait().unwrap().is_none() && made.len() < 3 {
        let ran = home.run("backup", &["--json", "--to", &home.at("backups")]);
        made.extend((ran.code == Some(0)).then(|| ran.json()));
        std::thread::sleep(std::time::Duration::from_millis(1_100));
    }
    assert!(ingest.wait().unwrap().success());
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    made.push(
        home.run("backup", &["--json", "--to", &home.at("backups")])
            .ok()
            .json(),
    );
    assert!(
        made.len() > 1,
        "none was made during the import; make the file longer"
    );
    for (n, backup) in made.iter().enumerate() {
        let folder = backup["folder"].as_str().unwrap();
        xinlian(&["restore", "--dry-run", "--from", folder])
            .ok()
            .says(&["whole", backup["head"].as_str().unwrap()]);
        let report = restored(home, folder, &format!("again{n}"));
        assert_eq!(report["same_head"], true);
        for part in ["head", "records"] {
            assert_eq!(report[part], backup[part], "{part}");
        }
        assert_eq!(report["verify"]["differences"], serde_json::json!([]));
    }
    let last = format!("again{}", made.len() - 1);
    let verified = xinlian(&["verify", "--json", "--data", &home.at(&last)])
        .ok()
        .json();
    assert_eq!(verified["records"], 3_001);
}

#[test]
fn a_damaged_backup_is_refused_and_nothing_overwritten() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        let made = home
            .run("backup", &["--json", "--to", &home.at("backups")])
            .ok()
            .json();
        let folder = made["folder"].as_str().unwrap().to_owned();
        let (data, keys) = (home.at("data"), home.at("data/keys.toml"));
        let restore =
            |into: &str| xinlian(&["restore", "--from", &folder, "--into", into, "--keys-from", &keys]);
        restore(&data)
            .ends(UNREADABLE)
            .complains(&["nothing was restored", "nothing is overwritten"]);
        let path = std::path::Path::new(&folder).join("database.db");
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[70_000] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let into = home.at("again");
        restore(&into)
            .ends(UNREADABLE)
            .complains(&["`database.db` is damaged", "bytes 0 to 1048575"]);
        xinlian(&["restore", "--dry-run", "--from", &folder])
            .ends(UNREADABLE)
            .complains(&["damaged"]);
        assert!(!home.path("again").exists());
        xinlian(&["restore", "--from", &folder])
            .ends(USAGE)
            .complains(&["--into", "--keys-from"]);
        home.run("backup", &[]).ends(UNREADABLE).complains(&["--to DIR"]);
        let text = home.run("backup", &["--to", &home.at("others")]).ok();
        text.says(&["1 records", "head ", "the key file is not in it"]);
    });
}

/// What the doctor says of a check: its states.
fn states(ran: &Ran, check: &str) -> Vec<String> {
    let report = ran.json();
    let checks = report["checks"].as_array().unwrap();
    let of = checks.iter().filter(|one| one["check"] == check);
    of.map(|one| one["state"].as_str().unwrap().to_owned()).collect()
}

fn the_doctor_says_what_is_wrong_and_what_to_do(home: &Home) {
    home.run("doctor", &["--json"]).ends(FOUND_FAULTS);
    home.init_demo();
    let backups = home.at("backups");
    let look = |more: &[&str]| {
        let mut args = vec!["--json", "--backup-folder", &backups];
        args.extend(more);
        home.run("doctor", &args)
    };
    let first = look(&[]).ends(FOUND_FAULTS);
    assert_eq!(states(&first, "backup"), ["fault"], "{first:#?}");
    assert_eq!(states(&first, "verify"), ["warn"], "{first:#?}");
    home.run("backup", &["--to", &backups]).ok();
    home.verify_clean();
    let free = ["--free-mib-least", "0"];
    let well = look(&free);
    for check in [
        "settings",
        "keys",
        "disk",
        "migrations",
        "writer",
        "clock",
        "verify",
        "queues",
        "backup",
    ] {
        let states = states(&well, check);
        assert!(
            !states.is_empty() && states.iter().all(|state| state == "ok"),
            "{check}: {well:#?}"
        );
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(home.path("data/keys.toml"), open).unwrap();
        assert_eq!(states(&look(&free).ends(FOUND_FAULTS), "keys"), ["fault"]);
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(home.path("data/keys.toml"), private).unwrap();
    }
    let full = look(&["--free-mib-least", "1048576"]).ends(FOUND_FAULTS);
    assert!(states(&full, "disk").contains(&"fault".to_owned()), "{full:#?}");
    home.sql("UPDATE submission SET received_ms = 9999999999999");
    assert_eq!(states(&look(&free).ends(FOUND_FAULTS), "clock"), ["fault"]);
    home.sql("UPDATE submission SET received_ms = 0");
    home.sql("UPDATE record SET commitment = same_tag WHERE number = 0");
    home.run("verify", &[]).ends(FOUND_FAULTS);
    assert_eq!(states(&look(&free).ends(FOUND_FAULTS), "verify"), ["fault"]);
    home.sql("DELETE FROM _sqlx_migrations WHERE version > 9");
    let before = look(&free);
    assert_eq!(states(&before, "migrations"), ["warn"], "{before:#?}");
    let said = home.run("doctor", &["--free-mib-least", "0"]);
    said.says(&["warn  migrations", "do: take a backup"]);
}
