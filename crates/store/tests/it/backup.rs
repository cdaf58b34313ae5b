//! Backups: whole, consistent while others write, told apart from damaged ones, and brought back on either database.

use std::path::{Path, PathBuf};

use record::Realm;
use store::{Clock, Keys, Manifest, NewJob, Place, RestoreTo, Seal, Store, StoreError};

use crate::rebuild::busy;
use crate::support::*;

on_both! {
    a_backup_brings_everything_back_but_sessions
    it_is_of_one_moment_while_others_write
    a_flipped_byte_is_named
    nothing_is_overwritten_and_no_other_key_file_taken
    the_head_is_of_the_records_alone
    sealed_records_come_along
}

async fn made(home: &Home, store: &Store) -> (PathBuf, Manifest) {
    let mut told = Vec::new();
    let below = home.folder.path().join("backups");
    let made = store
        .backup(&below, |progress| told.push(progress))
        .await
        .unwrap();
    let last = told.last().unwrap();
    assert_eq!(last.done, last.of, "progress ends where it said that it would");
    assert!(told.is_sorted_by_key(|progress| progress.done));
    made
}

async fn restore(home: &Home, from: &Path, name: &str) -> (Place, store::Result<store::Restored>) {
    let folder = home.folder.path().join(name);
    let to = RestoreTo {
        folder: folder.clone(),
        database: None,
        keys_from: home.keys.clone(),
    };
    let restored = Store::restore(from, &to, home.clock.clone(), |_| {}).await;
    (Place::Folder(folder), restored)
}

/// A handle on a store that was brought back into a folder, to see its tables.
fn other(home: &Home, folder: &str) -> Other {
    Other(home.folder.path().join(folder))
}

struct Other(PathBuf);

impl Other {
    async fn dump(&self, table: &str) -> Vec<String> {
        dump_of(&self.0.join("xinlian.db"), table).await
    }
}

/// What is brought back is what there was, without who is signed in, and with the note that it was verified.
fn same_but_for_the_note(table: &str, found: &[String], rows: &[String]) {
    match table {
        "session" => assert!(found.is_empty() && rows.len() == 1),
        "sign_in_attempt" => assert!(found.is_empty()),
        "administration" => {
            assert!(rows.iter().all(|row| found.contains(row)));
            assert_eq!(found.len(), rows.len() + 1);
            assert!(
                found
                    .iter()
                    .any(|row| row.contains("verified") && !rows.contains(row))
            );
        }
        "counter" => {
            let other = |row: &&String| !row.contains("administration");
            assert!(found.iter().filter(other).eq(rows.iter().filter(other)));
        }
        _ => assert_eq!(found, rows, "{table}"),
    }
}

async fn a_backup_brings_everything_back_but_sessions(home: &Home) {
    if all_is_sealed() {
        return;
    }
    let store = home.create().await;
    busy(home, &store).await;
    let job = NewJob {
        source: source("chancheng.market"),
        officer: officer("chen"),
        once: "k".into(),
        layout: None,
        file_name: "六月.csv".into(),
        body: vec![7; 3_000_000],
    };
    store.put_job(&job).await.unwrap();
    home.sql("INSERT INTO session (token, officer, created_ms, expires_ms) VALUES ('\\x01', 'chen', 0, 1)")
        .await;
    let (folder, manifest) = made(home, &store).await;
    assert_eq!(manifest.records, store.tree_size().await.unwrap().0);
    assert_eq!(manifest.head, store.head().await.unwrap().1);
    assert_eq!(manifest.realm, "demo");
    let names: Vec<_> = manifest.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["database.db", "record-keys.db"]);
    assert_eq!(Manifest::check(&folder).unwrap(), manifest);
    assert_eq!(Manifest::newest(folder.parent().unwrap()).unwrap().1, manifest);
    let laid: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .collect();
    assert_eq!(laid.len(), 4, "no log of SQLite is left: {laid:?}");
    assert!(
        dump_of(&folder.join("database.db"), "record_key")
            .await
            .is_empty()
    );

    let before: Vec<(String, Vec<String>)> = {
        let mut all = Vec::new();
        for table in home.tables().await {
            all.push((table.clone(), home.dump(&table).await));
        }
        all
    };
    let (place, restored) = restore(home, &folder, "again").await;
    let restored = restored.unwrap();
    assert!(restored.verify.is_clean(), "{}", restored.verify);
    assert_eq!(restored.head, manifest.head);
    assert!(!home.folder.path().join("again.part").exists());
    let again = other(home, "again");
    for (table, rows) in before {
        let found = again.dump(&table).await;
        same_but_for_the_note(&table, &found, &rows);
    }
    let keys = home.folder.path().join("again/keys.toml");
    let opened = Store::open(&place, Some(&keys), home.clock.clone())
        .await
        .unwrap();
    assert_eq!(opened.realm(), Realm::Demo);
    assert_eq!(opened.job_body(1).await.unwrap(), job.body);
    append_one(&opened, licence(person(1), "证9")).await;
    assert_eq!(
        opened.head().await.unwrap().0.0,
        manifest.records + 1,
        "and it goes on"
    );
}

async fn it_is_of_one_moment_while_others_write(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let writer = store.clone();
    let writing = tokio::spawn(async move {
        for n in 0..60 {
            append_one(&writer, licence(person(1), &format!("证{n}"))).await;
        }
    });
    let mut taken = Vec::new();
    for n in 0..3 {
        home.at(&format!("2026-11-23T02:00:0{n}Z"));
        taken.push(made(home, &store).await);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    writing.await.unwrap();
    assert!(
        taken[0].1.records < store.tree_size().await.unwrap().0,
        "it did not wait for the writer"
    );
    for (n, (folder, manifest)) in taken.iter().enumerate() {
        let (_, restored) = restore(home, folder, &format!("again{n}")).await;
        let restored = restored.unwrap();
        assert!(restored.verify.is_clean(), "{}", restored.verify);
        assert_eq!(restored.verify.records, manifest.records);
    }
}

async fn a_flipped_byte_is_named(home: &Home) {
    let store = home.create().await;
    busy(home, &store).await;
    let (folder, manifest) = made(home, &store).await;
    let length = usize::try_from(manifest.files[0].bytes).unwrap();
    let mib = (length - 3) / (1024 * 1024) * 1024 * 1024;
    let place = format!("its bytes {mib} to {} were altered", mib + 1024 * 1024 - 1);
    for (file, at, says) in [
        ("database.db", length - 3, place.as_str()),
        ("record-keys.db", 5_000, "its bytes 0 to 1048575 were altered"),
        (
            "manifest.json",
            30,
            "its digest is not what `manifest.json.sha256` says",
        ),
        (
            "manifest.json.sha256",
            3,
            "its digest is not what `manifest.json.sha256` says",
        ),
    ] {
        let path = folder.join(file);
        let whole = std::fs::read(&path).unwrap();
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        std::fs::write(&path, &damaged).unwrap();
        let (place, restored) = restore(home, &folder, "again").await;
        let said = restored.unwrap_err().to_string();
        assert!(
            said.contains(says) && said.contains(file.trim_end_matches(".sha256")),
            "{file}: {said}"
        );
        let Place::Folder(into) = place else { panic!() };
        assert!(!into.exists(), "nothing stands there");
        std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert!(Manifest::check(&folder).is_err(), "{file} that is cut short");
        std::fs::write(&path, whole).unwrap();
    }
    std::fs::remove_file(folder.join("record-keys.db")).unwrap();
    let said = Manifest::check(&folder).unwrap_err().to_string();
    assert!(
        said.contains("`record-keys.db` is damaged: it is missing"),
        "{said}"
    );
    let said = Manifest::check(home.folder.path()).unwrap_err().to_string();
    assert!(said.contains("is no backup"), "{said}");
}

async fn nothing_is_overwritten_and_no_other_key_file_taken(home: &Home) {
    let store = home.create().await;
    let (folder, _) = made(home, &store).await;
    let said = store.backup(folder.parent().unwrap(), |_| {}).await.unwrap_err();
    assert!(said.to_string().contains("already"), "{said}");
    std::fs::create_dir(home.folder.path().join("full")).unwrap();
    std::fs::write(home.folder.path().join("full/x"), "x").unwrap();
    let (_, restored) = restore(home, &folder, "full").await;
    let said = restored.unwrap_err().to_string();
    assert!(said.contains("nothing is overwritten"), "{said}");
    let keys_from = home.folder.path().join("other.toml");
    Keys::create(&keys_from).unwrap();
    let mut to = RestoreTo {
        folder: home.folder.path().join("again"),
        database: None,
        keys_from,
    };
    let refused = Store::restore(&folder, &to, Clock::System, |_| {})
        .await
        .unwrap_err();
    assert!(
        refused.to_string().contains("not the key file that belongs"),
        "{refused}"
    );
    if let Place::Url(url) = &home.place {
        to.keys_from = home.keys.clone();
        to.database = Some(url.clone());
        let refused = Store::restore(&folder, &to, Clock::System, |_| {})
            .await
            .unwrap_err();
        assert!(matches!(refused, StoreError::StoreExists(_)), "{refused}");
        let name = format!("{}_again", url.rsplit_once('/').unwrap().1);
        home.sql(&format!("CREATE DATABASE {name}")).await;
        to.database = Some(format!("{}/{name}", url.rsplit_once('/').unwrap().0));
        let restored = Store::restore(&folder, &to, Clock::System, |_| {}).await;
        home.sql(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
        let restored = restored.unwrap();
        assert!(restored.verify.is_clean(), "{}", restored.verify);
        assert_eq!(restored.head, store.head().await.unwrap().1);
        assert!(to.folder.join("keys.toml").exists() && !to.folder.join("xinlian.db").exists());
    }
}

async fn the_head_is_of_the_records_alone(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let (size, head) = store.head().await.unwrap();
    store.rebuild().await.unwrap();
    store.rotate_keys(&home.keys).await.unwrap();
    assert_eq!(store.head().await.unwrap(), (size, head.clone()));
    append_one(&store, licence(person(1), "证1")).await;
    let (_, after) = store.head().await.unwrap();
    assert_ne!(after, head);
    let number = size.0;
    home.sql(&format!("UPDATE record SET commitment = (SELECT commitment FROM record WHERE number = 0) WHERE number = {number}")).await;
    assert_ne!(store.head().await.unwrap().1, after);
}

async fn sealed_records_come_along(home: &Home) {
    if all_is_sealed() {
        return;
    }
    let store = home.create().await;
    let subjects = busy(home, &store).await;
    let sealing = store.seal_records(Seal::default(), |_| ()).await.unwrap();
    let expected = file(&store, subjects[0]).await.all();
    let (folder, manifest) = made(home, &store).await;
    let is_segment = |name: &&str| name.starts_with("segments/");
    let names = manifest.files.iter().map(|file| file.name.as_str());
    let segments: Vec<&str> = names.filter(is_segment).collect();
    // And two runs, by which what they hold is found.
    assert_eq!(segments.len() as u64, sealing.segments + 2);
    let (place, restored) = restore(home, &folder, "again").await;
    let restored = restored.unwrap();
    assert!(restored.verify.is_clean(), "{}", restored.verify);
    let keys = home.folder.path().join("again/keys.toml");
    let again = Store::open(&place, Some(&keys), home.clock.clone())
        .await
        .unwrap();
    assert_eq!(file(&again, subjects[0]).await.all(), expected);
    // One byte of one of them, and nothing is brought back.
    let path = folder.join(segments[0]);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[20] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let (_, refused) = restore(home, &folder, "third").await;
    let said = refused.unwrap_err().to_string();
    assert!(said.contains(segments[0]) && said.contains("altered"), "{said}");
}
