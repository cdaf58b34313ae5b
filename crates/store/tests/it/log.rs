//! The log of a store: whatever was appended comes into it once, in its order, under one key; and what is altered is named.

use std::fs;
use std::path::PathBuf;

use ledger::{
    EntryBundle, Leaf, LeafIndex, LogSize, Origin, RecordKind, Sha256Ed25519, SignedCheckpoint, Tile,
    TileLevel, TrustPolicy, root_of,
};
use record::RecordNumber;
use store::{
    Clock, Integrated, LogFault, LogFile, LogPlace, LogWriter, Outcome, Place, RestoreTo, Store, StoreError,
};

use crate::support::*;

on_both! {
    every_door_leads_to_the_log
    what_waits_is_promised_and_what_is_logged_proved
    a_store_from_before_gets_its_leaves
    one_writes_at_a_time
    whoever_was_overtaken_signs_nothing
    a_lost_folder_is_written_again
    a_former_database_does_not_sign
    another_origin_is_refused
    turned_keys_open_the_logs_key
    what_is_brought_back_begins_another_log
    it_grows_while_others_append
    an_altered_tile_is_named
    an_altered_bundle_is_named
    an_altered_commitment_is_named
    a_removed_record_is_named
    a_removed_leaf_is_named
    an_altered_leaf_is_named
    another_checkpoint_is_named
}

pub(crate) fn origin() -> Origin {
    Origin::new("log.example").unwrap()
}

pub(crate) fn log_folder(home: &Home) -> PathBuf {
    match &home.place {
        Place::Folder(folder) => folder.join("log"),
        Place::Url(_) => home.folder.path().join("log"),
    }
}

pub(crate) async fn writer(store: &Store) -> LogWriter {
    store.write_the_log(&origin(), |_| ()).await.unwrap()
}

/// Logs all that waits; the size of the log.
async fn logged(store: &Store) -> u64 {
    let mut writer = writer(store).await;
    while writer.integrate().await.unwrap().is_some() {}
    writer.size().0
}

/// A store with something from every door.
async fn made(home: &Home) -> Store {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let firm = company(1, "佛山市南庄餐饮有限公司");
    found(&store, firm.clone()).await;
    let (id, _) = hand_in_by(&store, "chen", &[penalty(firm, "处1"), penalty(person(1), "处2")]).await;
    let mut stated = person(1);
    stated.name = "骆志明".into();
    let market = source("chancheng.market");
    let stray = append_one(&store, licence(stated, "证1")).await;
    store
        .link(stray, subject, &officer("chen"), &market, "户口本原件相符")
        .await
        .unwrap();
    store.confirm(id, &officer("lin"), Some(&market)).await.unwrap();
    store
}

/// The entries of the log, as its files have them.
fn entries(home: &Home, size: u64) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    for index in 0..size.div_ceil(256) {
        let tile = Tile::of(TileLevel::Entries, index, LogSize(size)).unwrap();
        let bytes = fs::read(log_folder(home).join(tile.to_string())).unwrap();
        let bundle = EntryBundle::parse(&bytes, tile.width()).unwrap();
        leaves.extend(bundle.entries().map(|entry| Leaf::parse(entry).unwrap()));
    }
    leaves
}

fn checkpoint(home: &Home) -> SignedCheckpoint {
    SignedCheckpoint::parse(&fs::read(log_folder(home).join("checkpoint")).unwrap()).unwrap()
}

async fn every_door_leads_to_the_log(home: &Home) {
    let store = made(home).await;
    // Tried only, and held already: neither is logged.
    let rows = [licence(person(1), "证9")];
    store
        .dry_run(&submission("chancheng.market", "chen"), &rows)
        .await
        .unwrap();
    let held = hand_in(&store, &[penalty(person(1), "处2")]).await;
    assert!(matches!(held[..], [Outcome::Duplicate(_)]), "{held:?}");
    let id = store
        .begin_submission(&submission("chancheng.market", "chen"))
        .await
        .unwrap();
    store
        .append_sealed(id, &[licence(person(1), "证2"), licence(person(1), "证3")])
        .await
        .unwrap();
    let records = store.tree_size().await.unwrap().0;
    let size = logged(&store).await;

    let leaves = entries(home, size);
    let of_records: Vec<_> = leaves
        .iter()
        .filter_map(|leaf| match leaf {
            Leaf::Record(leaf) => Some(*leaf),
            _ => None,
        })
        .collect();
    let numbers = of_records.iter().map(|leaf| leaf.record.0);
    assert!(
        numbers.eq(0..records),
        "each record once, in the order of numbers"
    );
    assert_eq!(of_records[0].kind, RecordKind::Rules);
    assert_eq!(of_records[1].kind, RecordKind::Statement);
    assert!(of_records.iter().any(|leaf| leaf.kind == RecordKind::Act));

    follow_each_other(&leaves);
    let of = |leaf: &&Leaf| matches!(leaf, Leaf::Submission(said) if said.submission == id);
    assert_eq!(leaves.iter().filter(of).count(), 0);
    assert_eq!(
        leaves
            .iter()
            .filter(|leaf| matches!(leaf, Leaf::Submission(_)))
            .count(),
        7
    );

    let totals = store::SubmissionTotals {
        rows: 2,
        accepted: 2,
        ..Default::default()
    };
    store
        .finish_submission(id, &totals, &store::SubmissionQuality::default(), b"{}")
        .await
        .unwrap();
    assert_eq!(logged(&store).await, size + 1);
    let leaves = entries(home, size + 1);
    assert_eq!(leaves.iter().filter(of).count(), 1);
    let told = checkpoint(home);
    assert_eq!(told.checkpoint().size, LogSize(size + 1));
    let bytes: Vec<_> = leaves.iter().map(Leaf::to_bytes).collect();
    assert_eq!(told.checkpoint().root, root_of::<Sha256Ed25519>(&bytes));
    assert_clean(&store).await;
}

/// Every finished hand-in has one leaf after its records, in a chain of its source's own numbers; an open one has none yet.
fn follow_each_other(leaves: &[Leaf]) {
    let mut last = std::collections::BTreeMap::new();
    let mut seen = Vec::new();
    for leaf in leaves {
        match leaf {
            Leaf::Record(leaf) => seen.push(*leaf),
            Leaf::Submission(said) => {
                let own = seen.iter().filter(|leaf| leaf.submission == said.submission);
                let own: Vec<_> = own.map(|leaf| leaf.commitment.0).collect();
                assert_eq!(said.statement.records(), Some(own.len() as u64));
                assert_eq!(said.statement.root, root_of::<Sha256Ed25519>(&own));
                let before = last.insert(said.statement.source.clone(), said.statement.clone());
                match before {
                    Some(before) => assert!(said.statement.follows::<Sha256Ed25519>(&before)),
                    None => assert_eq!((said.statement.first.0, said.statement.previous), (1, None)),
                }
            }
            other => panic!("{other:?}"),
        }
    }
}

async fn what_waits_is_promised_and_what_is_logged_proved(home: &Home) {
    let store = made(home).await;
    let before = store.log_status().await.unwrap();
    assert_eq!((before.size, before.key), (0, None));
    assert_eq!(store.log_proof(RecordNumber(0)).await.unwrap(), None);
    assert_eq!(store.log_file("checkpoint").await.unwrap(), None);
    let size = logged(&store).await;
    assert_eq!(size, before.waiting);

    let status = store.log_status().await.unwrap();
    let policy = format!("log {}\nquorum none\n", status.key.unwrap());
    let policy = TrustPolicy::parse(policy.as_bytes()).unwrap();
    let records = store.tree_size().await.unwrap().0;
    for number in (0..records).map(RecordNumber) {
        let proved = store.log_proof(number).await.unwrap().unwrap();
        let Leaf::Record(leaf) = &proved.leaf else {
            panic!("{:?}", proved.leaf)
        };
        assert_eq!(leaf.record, number);
        proved
            .proof
            .verify::<Sha256Ed25519>(proved.leaf.hash::<Sha256Ed25519>(), &policy)
            .unwrap();
        let place = store.log_place(number).await.unwrap();
        assert_eq!(place, LogPlace::Integrated(proved.proof.index, LogSize(size)));
    }
    let beyond = store.log_proof(RecordNumber(records)).await;
    assert!(matches!(beyond, Err(StoreError::NotFound)), "{beyond:?}");

    let next = append_one(&store, licence(person(1), "证5")).await;
    let place = store.log_place(next).await.unwrap();
    assert_eq!(place, LogPlace::Promised(LeafIndex(size)));
    // What is not integrated is not served, and nothing but the log is.
    let served = async |path: &str| store.log_file(path).await.unwrap();
    let last = Tile::of(TileLevel::Entries, 0, LogSize(size))
        .unwrap()
        .to_string();
    let Some(LogFile::Tile(bytes)) = served(&last).await else {
        panic!("`{last}` is served")
    };
    assert_eq!(bytes, fs::read(log_folder(home).join(&last)).unwrap());
    for path in [
        format!("tile/entries/000.p/{}", size + 1),
        "tile/entries/001.p/1".into(),
        "tile/1/000.p/1".into(),
        "lock".into(),
        "../keys.toml".into(),
        "tile/../lock".into(),
        String::new(),
    ] {
        assert_eq!(served(&path).await, None, "{path}");
    }
}

async fn a_store_from_before_gets_its_leaves(home: &Home) {
    let store = made(home).await;
    let before = store.log_status().await.unwrap().waiting;
    home.sql("DELETE FROM ledger_leaf").await;
    home.sql("INSERT INTO meta (key, value) VALUES ('ledger', 'due')")
        .await;
    let store = home.open().await;
    assert_eq!(store.log_status().await.unwrap().waiting, before);
    let size = logged(&store).await;
    let records = usize::try_from(store.tree_size().await.unwrap().0).unwrap();
    let leaves = entries(home, size);
    let (first, then) = leaves.split_at(records);
    assert!(first.iter().all(|leaf| matches!(leaf, Leaf::Record(_))));
    assert!(then.iter().all(|leaf| matches!(leaf, Leaf::Submission(_))));
    append_one(&store, licence(person(1), "证5")).await;
    assert_eq!(logged(&store).await, size + 2);
    assert_clean(&store).await;
}

async fn one_writes_at_a_time(home: &Home) {
    let store = made(home).await;
    let mut first = writer(&store).await;
    let second = home.open().await.write_the_log(&origin(), |_| ()).await;
    assert!(matches!(second.err(), Some(StoreError::Log(LogFault::Held(_)))));
    let done = first.integrate().await.unwrap().unwrap();
    let Integrated {
        leaves,
        size,
        waiting,
    } = done;
    assert_eq!((leaves, waiting), (size.0, 0));
    assert_eq!(first.integrate().await.unwrap(), None);
    let key = first.key();
    drop(first);
    assert_eq!(writer(&home.open().await).await.key(), key);
}

async fn whoever_was_overtaken_signs_nothing(home: &Home) {
    let store = made(home).await;
    let mut first = writer(&store).await;
    first.integrate().await.unwrap();
    let published = checkpoint(home);
    // Another machine, with a folder of its own.
    home.sql("UPDATE ledger SET fence = fence + 1").await;
    append_one(&store, licence(person(1), "证5")).await;
    let refused = first.integrate().await;
    assert!(
        matches!(refused, Err(StoreError::Log(LogFault::Overtaken))),
        "{refused:?}"
    );
    assert_eq!(checkpoint(home), published);
    drop(first);
    assert_eq!(logged(&store).await, published.checkpoint().size.0 + 2);
    assert_clean(&store).await;
}

async fn a_lost_folder_is_written_again(home: &Home) {
    let store = made(home).await;
    // Over a tile, so that there are full ones and more than a level.
    let rows: Vec<_> = (0..300).map(|n| licence(person(1), &format!("证{n}"))).collect();
    hand_in(&store, &rows).await;
    let size = logged(&store).await;
    let (before, all) = (checkpoint(home), entries(home, size));
    fs::remove_dir_all(log_folder(home)).unwrap();
    let missing = store.verify().await.unwrap();
    assert!(
        missing.to_string().contains("tile/0/000: cannot be read"),
        "{missing}"
    );
    let mut told = Vec::new();
    drop(
        store
            .write_the_log(&origin(), |done| told.push(done))
            .await
            .unwrap(),
    );
    assert_eq!(told.last().unwrap().done, size);
    assert_eq!((checkpoint(home), entries(home, size)), (before, all));
    assert_clean(&store).await;
}

async fn a_former_database_does_not_sign(home: &Home) {
    let store = made(home).await;
    let size = logged(&store).await;
    let former = checkpoint(home);
    append_one(&store, licence(person(1), "证5")).await;
    logged(&store).await;
    let published = checkpoint(home);
    home.sql(&format!(
        "UPDATE ledger SET size = {size}, checkpoint = '{former}'"
    ))
    .await;
    let refused = store.write_the_log(&origin(), |_| ()).await.err();
    let Some(StoreError::Log(LogFault::Ahead { known, .. })) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(known, size);
    assert_eq!(checkpoint(home), published);
}

async fn another_origin_is_refused(home: &Home) {
    let store = made(home).await;
    logged(&store).await;
    let other = Origin::new("other.example").unwrap();
    let refused = store
        .write_the_log(&other, |_| ())
        .await
        .err()
        .unwrap()
        .to_string();
    assert!(
        refused.contains("`log.example`") && refused.contains("`other.example`"),
        "{refused}"
    );
}

async fn turned_keys_open_the_logs_key(home: &Home) {
    let store = made(home).await;
    let key = writer(&store).await.key();
    store.rotate_keys(&home.keys).await.unwrap();
    append_one(&store, licence(person(1), "证5")).await;
    logged(&store).await;
    assert_eq!(store.log_status().await.unwrap().key, Some(key));
    assert_clean(&home.open().await).await;
}

async fn what_is_brought_back_begins_another_log(home: &Home) {
    let store = made(home).await;
    let size = logged(&store).await;
    let key = store.log_status().await.unwrap().key.unwrap();
    let (backup, _) = store
        .backup(&home.folder.path().join("backups"), |_| ())
        .await
        .unwrap();
    let folder = home.folder.path().join("again");
    let to = RestoreTo {
        folder: folder.clone(),
        database: None,
        keys_from: home.keys.clone(),
    };
    let restored = Store::restore(&backup, &to, home.clock.clone(), |_| {})
        .await
        .unwrap();
    assert!(restored.verify.is_clean(), "{}", restored.verify);
    let again = Store::open(&Place::Folder(folder), None, Clock::System)
        .await
        .unwrap();
    assert_eq!(logged(&again).await, size);
    let other = again.log_status().await.unwrap().key.unwrap();
    assert_ne!(other, key);
    assert!(other.starts_with("log.example/2+"), "{other}");
}

async fn it_grows_while_others_append(home: &Home) {
    let store = made(home).await;
    let mut writer = writer(&store).await;
    let appending = tokio::spawn({
        let store = store.clone();
        async move {
            for n in 0..40 {
                append_one(&store, licence(person(1), &format!("增{n}"))).await;
            }
        }
    });
    while !appending.is_finished() {
        writer.integrate().await.unwrap();
    }
    appending.await.unwrap();
    writer.integrate().await.unwrap();
    assert_eq!(store.log_status().await.unwrap().waiting, 0);
    assert_clean(&store).await;
    // Partial ones are gone where there are full ones, and recovering finds nothing amiss.
    drop(writer);
    assert_eq!(logged(&store).await, store.log_status().await.unwrap().size);
}

/// Alters, and sees that one of the differences is of this place.
async fn named(home: &Home, alter: impl AsyncFnOnce(&Home), place: &str, what: &str) {
    let store = made(home).await;
    logged(&store).await;
    assert_clean(&store).await;
    alter(home).await;
    let report = store.verify().await.unwrap();
    let found = report
        .differences
        .iter()
        .any(|one| format!("{} {}", one.table, one.row) == place && one.what.contains(what));
    assert!(found, "no `{place}: {what}` in:\n{report}");
}

/// Flips a byte of the one tile or bundle of this level, so far from its end.
fn flip(home: &Home, level: &str, from_end: usize) {
    let folder = log_folder(home).join(format!("tile/{level}/000.p"));
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let file = files.pop().unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let at = bytes.len() - from_end;
    bytes[at] ^= 1;
    fs::write(&file, bytes).unwrap();
}

async fn an_altered_tile_is_named(home: &Home) {
    named(
        home,
        async |home| flip(home, "0", 40),
        "log leaf 13",
        "tile/0/000.p/15",
    )
    .await;
}

async fn an_altered_bundle_is_named(home: &Home) {
    named(
        home,
        async |home| flip(home, "entries", 1),
        "log leaf 14",
        "tile/entries/000.p/15",
    )
    .await;
}

async fn an_altered_commitment_is_named(home: &Home) {
    let alter = async |home: &Home| {
        let other = "(SELECT commitment FROM (SELECT commitment FROM record WHERE number = 2) AS o)";
        home.sql(&format!(
            "UPDATE record SET commitment = {other} WHERE number = 1"
        ))
        .await;
    };
    named(home, alter, "log leaf 2", "something else").await;
}

async fn a_removed_record_is_named(home: &Home) {
    let alter = async |home: &Home| {
        home.sql("DELETE FROM record_key WHERE number = 1").await;
        home.sql("DELETE FROM record WHERE number = 1").await;
    };
    named(home, alter, "log leaf 2", "has nothing for it").await;
}

async fn a_removed_leaf_is_named(home: &Home) {
    let alter = async |home: &Home| {
        home.sql("DELETE FROM ledger_leaf WHERE leaf = 3").await;
    };
    named(home, alter, "ledger_leaf all", "finished hand-ins").await;
}

async fn an_altered_leaf_is_named(home: &Home) {
    let alter = async |home: &Home| {
        let other = "(SELECT entry FROM (SELECT entry FROM ledger_leaf WHERE leaf = 5) AS o)";
        home.sql(&format!("UPDATE ledger_leaf SET entry = {other} WHERE leaf = 3"))
            .await;
    };
    named(home, alter, "log leaf 3", "something else").await;
}

async fn another_checkpoint_is_named(home: &Home) {
    let alter = async |home: &Home| {
        home.sql("UPDATE ledger SET checkpoint = replace(checkpoint, '\n15\n', '\n14\n')")
            .await;
    };
    named(home, alter, "log checkpoint", "not signed").await;
}
