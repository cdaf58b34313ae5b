//! The key file: turned over, lost, mistaken for another.

use store::{Keys, NewStaff, Place, Store, StoreError};

use crate::support::*;

on_both! {
    keys_are_turned_over
    an_old_handle_goes_on
    turning_over_while_others_append
    another_key_file_is_refused
    a_lost_key_file_is_named
    a_store_is_made_once
}

async fn keys_are_turned_over(home: &Home) {
    if all_is_sealed() {
        return;
    }
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let (id, outcomes) = hand_in_by(&store, "chen", &[penalty(person(1), "处1")]).await;
    let staff = NewStaff {
        officer: officer("chen"),
        name: "陈".into(),
        source: source("chancheng.market"),
        role: "officer".into(),
        password: "hash".into(),
        totp: b"secret".to_vec(),
    };
    store.put_staff(&staff).await.unwrap();
    let before = format!("{:?}", file(&store, subject).await);
    let wrapped = home.dump("record_key").await;
    for generation in 2..4 {
        let report = store.rotate_keys(&home.keys).await.unwrap();
        assert_eq!(
            (report.generation, report.record_keys),
            (generation, store.tree_size().await.unwrap().0)
        );
    }
    let after = home.dump("record_key").await;
    assert!(
        after
            .iter()
            .all(|line| line.contains("key_id=Some(3)") && !wrapped.contains(line))
    );
    for store in [store, home.open().await] {
        assert_eq!(
            store
                .find_subject(resident(1).kind(), resident(1).value())
                .await
                .unwrap(),
            Some(subject)
        );
        assert_eq!(format!("{:?}", file(&store, subject).await), before);
        let held = store::Outcome::Duplicate(number(outcomes[0]));
        assert_eq!(hand_in(&store, &[penalty(person(1), "处1")]).await, [held]);
        assert_eq!(
            store.submission_report(id).await.unwrap().as_deref(),
            Some(&b"{}"[..])
        );
        assert_eq!(
            store.staff(&officer("chen")).await.unwrap().unwrap().totp,
            b"secret"
        );
        assert_clean(&store).await;
    }
}

async fn an_old_handle_goes_on(home: &Home) {
    let old = home.create().await;
    let subject = found(&old, person(1)).await;
    home.open().await.rotate_keys(&home.keys).await.unwrap();
    // It has never heard of the new generation.
    assert_eq!(
        old.find_subject(resident(1).kind(), resident(1).value())
            .await
            .unwrap(),
        Some(subject)
    );
    append_one(&old, licence(person(1), "证1")).await;
    found(&old, person(2)).await;
    assert_eq!(numbers(&file(&old, subject).await.records).len(), 2);
    assert_clean(&old).await;
    assert_clean(&home.open().await).await;
}

async fn turning_over_while_others_append(home: &Home) {
    let one = home.create().await;
    let two = home.open().await;
    let appending = tokio::spawn(async move {
        for n in 0..25 {
            found(&one, person(n)).await;
        }
    });
    for _ in 0..3 {
        two.rotate_keys(&home.keys).await.unwrap();
        assert_clean(&two).await;
        two.rebuild().await.unwrap();
    }
    appending.await.unwrap();
    assert_clean(&two).await;
    for n in 0..25 {
        let id = resident(n);
        assert!(
            two.find_subject(id.kind(), id.value()).await.unwrap().is_some(),
            "person {n}"
        );
    }
}

async fn another_key_file_is_refused(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let other = home.folder.path().join("other.toml");
    Keys::create(&other).unwrap();
    let refused = Store::open(&home.place, Some(&other), home.clock.clone())
        .await
        .unwrap_err();
    assert!(matches!(refused, StoreError::OtherKeys(_)), "{refused}");
    assert!(
        refused
            .to_string()
            .contains("not the one that belongs to this database"),
        "{refused}"
    );
    // One from before the keys were turned over lacks the newest.
    let old = home.folder.path().join("old.toml");
    std::fs::copy(&home.keys, &old).unwrap();
    store.rotate_keys(&home.keys).await.unwrap();
    let refused = Store::open(&home.place, Some(&old), home.clock.clone())
        .await
        .unwrap_err();
    assert!(matches!(refused, StoreError::NoKey(2)), "{refused}");
    assert!(
        refused.to_string().contains("bring back the key file"),
        "{refused}"
    );
}

async fn a_lost_key_file_is_named(home: &Home) {
    let store = home.create().await;
    store.close().await;
    std::fs::write(&home.keys, "keys = 1").unwrap();
    let refused = home.try_open().await.unwrap_err();
    assert!(matches!(refused, StoreError::KeyFile { .. }), "{refused}");
    std::fs::remove_file(&home.keys).unwrap();
    let refused = home.try_open().await.unwrap_err();
    assert!(refused.to_string().contains("keys.toml"), "{refused}");
}

async fn a_store_is_made_once(home: &Home) {
    let refused = home.try_open().await;
    assert!(matches!(refused, Err(StoreError::NoStore(_))), "{refused:?}");
    if let Place::Folder(folder) = &home.place {
        // What a creation that was cut off leaves behind.
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(home.database_file(), b"").unwrap();
    }
    let demo = record::Realm::Demo;
    let keys = Some(home.keys.as_path());
    let store = Store::create(&home.place, keys, demo, bundle(), home.clock.clone())
        .await
        .unwrap();
    found(&store, person(1)).await;
    let refused = Store::create(&home.place, keys, demo, bundle(), home.clock.clone()).await;
    assert!(matches!(refused, Err(StoreError::StoreExists(_))), "{refused:?}");
    let again = home.open().await;
    assert_eq!(again.realm(), demo, "it stays what it was made");
    assert_eq!(again.tree_size().await.unwrap(), store.tree_size().await.unwrap());
    assert_clean(&again).await;
}
