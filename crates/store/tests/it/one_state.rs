//! What one request reads is one state of the database, until it writes something itself.

use std::sync::Arc;
use std::time::Duration;

use store::StoreError;
use tokio::sync::Barrier;

use crate::support::*;

on_both! {
    what_others_write_meanwhile_is_not_seen
    what_was_written_is_read_after
    nothing_is_kept_beyond
    however_many_ask_at_once_nobody_waits_for_another
}

async fn what_others_write_meanwhile_is_not_seen(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let looks = async || store.newest_looks_at(subject, true, 9).await.unwrap().len();
    let asks = async {
        assert_eq!(looks().await, 0);
        let (other, look) = (store.clone(), new_look(subject));
        tokio::spawn(async move { other.look(&look).await.map(|_| ()) })
            .await
            .unwrap()
            .unwrap();
        // PostgreSQL reads anew: there nothing is shared.
        let seen = usize::from(home.kind != Kind::Sqlite);
        assert_eq!(looks().await, seen);
        permit(&store, subject).await;
        assert_eq!(looks().await, 2, "a look of one's own ends the state");
    };
    store.in_one_state(asks).await;
    assert_eq!(looks().await, 2);
}

async fn what_was_written_is_read_after(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let asks = async {
        let permit = permit(&store, subject).await;
        let before = store.file(&permit, None).await.unwrap();
        let again = store.file(&permit, None).await.unwrap();
        assert_eq!(numbers(&before.records), numbers(&again.records));
        let number = append_one(&store, penalty(person(1), "1")).await;
        let after = store.file(&permit, None).await.unwrap();
        assert!(numbers(&after.records).contains(&number.0), "a file is read anew");
        let as_before = store.file(&permit, Some(before.known)).await.unwrap();
        assert_eq!(numbers(&before.records), numbers(&as_before.records));
        let refused = store.public_file(subject).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    };
    store.in_one_state(asks).await;
}

async fn nothing_is_kept_beyond(home: &Home) {
    let store = home.create().await;
    let before = store.in_one_state(store.tree_size()).await.unwrap();
    append_one(&store, penalty(person(1), "1")).await;
    let after = store.in_one_state(store.tree_size()).await.unwrap();
    assert!(before < after);
    // Two readers at once: one of them has a transaction of its own.
    let both = async { tokio::join!(store.tree_size(), store.tree_size()) };
    let (one, other) = store.in_one_state(both).await;
    assert_eq!((one.unwrap(), other.unwrap()), (after, after));
}

async fn however_many_ask_at_once_nobody_waits_for_another(home: &Home) {
    const MANY: usize = 40;
    let store = home.create().await;
    let size = store.tree_size().await.unwrap();
    // Each has asked once, and goes on only when all have.
    let barrier = Arc::new(Barrier::new(MANY));
    let each = (0..MANY).map(|_| {
        let (store, barrier) = (store.clone(), Arc::clone(&barrier));
        tokio::spawn(async move {
            let asks = async {
                let before = store.tree_size().await.unwrap();
                barrier.wait().await;
                (before, store.tree_size().await.unwrap())
            };
            store.in_one_state(asks).await
        })
    });
    for one in each.collect::<Vec<_>>() {
        let answered = tokio::time::timeout(Duration::from_secs(20), one).await;
        assert!(answered.is_ok(), "it waits for another");
        assert_eq!(answered.unwrap().unwrap(), (size, size));
    }
}
