//! What is told to a department's own system: signed, tried again, and never of anybody by name.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as B64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use record::RecordNumber;
use serde_json::json;
use sha2::Sha256;
use store::{
    AdminFilter, AdminKind, EventFilter, EventId, EventState, Page, Push, Reach, Replayed, SignedPush, Store,
    StoreError,
};

use crate::sharing::{HEALTH, MARKET, fine, granted, numbers};
use crate::support::*;

on_both! {
    a_change_is_told_once_signed_and_of_nobody
    what_is_not_taken_is_tried_again_and_given_up
    what_is_put_right_or_handed_out_anew_is_told_no_more
    an_endpoint_is_one_and_goes_with_what_waits
    keys_turn_over_and_the_secret_stays
    events_are_told_apart_and_sent_again
    a_request_is_done_once_and_for_what_is_put_right_too
}

const URL: &str = "https://health.example/xinlian";

/// A record handed to the health bureau, and the share.
async fn handed(store: &Store) -> (RecordNumber, RecordNumber) {
    found(store, person(1)).await;
    let record = fine(store, 1, "罚1").await;
    let question = granted(store, "penalty.fine", 100).await;
    assert_eq!(numbers(store, &question, 1).await, [record]);
    (record, question.share)
}

async fn take_back(store: &Store, record: RecordNumber) -> RecordNumber {
    let (chen, market) = (officer("chen"), source(MARKET));
    store
        .withdraw(record, &chen, &market, "报错了人员")
        .await
        .unwrap()
}

async fn due(store: &Store) -> Vec<Push> {
    store.due_pushes(&source(HEALTH)).await.unwrap()
}

/// Checks a signature by the secret as its receiver has it.
fn check(secret: &str, sent: &SignedPush) {
    let key = B64.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    assert_eq!(key.len(), 32);
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.{}", sent.id, sent.timestamp, sent.body).as_bytes());
    let signature = sent.signature.strip_prefix("v1,").unwrap();
    mac.verify_slice(&B64.decode(signature).unwrap()).unwrap();
}

async fn a_change_is_told_once_signed_and_of_nobody(home: &Home) {
    let store = home.create().await;
    let (record, share) = handed(&store).await;
    assert_eq!(store.queue_pushes().await.unwrap(), 0);
    let secret = store
        .put_webhook(&source(HEALTH), URL, Reach::Public)
        .await
        .unwrap();
    assert_eq!(store.queue_pushes().await.unwrap(), 0, "nothing changed");
    let change = take_back(&store, record).await;
    assert_eq!(store.queue_pushes().await.unwrap(), 1);
    assert_eq!(store.queue_pushes().await.unwrap(), 0, "it is there once");
    let [push] = due(&store).await.try_into().unwrap();
    assert!(store.due_pushes(&source(MARKET)).await.unwrap().is_empty());
    let sent = store.take_push(&push).await.unwrap().unwrap();
    assert_eq!(store.take_push(&push).await.unwrap(), None, "somebody has it");
    assert!(due(&store).await.is_empty());
    check(&secret, &sent);
    assert_eq!((sent.url.as_str(), sent.reach), (URL, Reach::Public));
    let event: serde_json::Value = serde_json::from_str(&sent.body).unwrap();
    let expect = json!({
        "specversion": "1.0",
        "id": format!("{share}-{record}-{change}"),
        "source": format!("/api/v1/shares/{share}"),
        "type": "xinlian.record.withdrawn",
        "time": "2026-11-23T01:41:00Z",
        "datacontenttype": "application/json",
        "data": { "share": share.0, "record": record.0, "change": change.0, "kind": "withdrawn" },
    });
    assert_eq!(event, expect, "numbers and a kind, and nobody");
    assert_eq!(sent.id, event["id"]);
    store.push_delivered(&push, 204).await.unwrap();
    home.at("2026-11-25T01:41:00Z");
    assert_eq!(
        (store.queue_pushes().await.unwrap(), due(&store).await.len()),
        (0, 0)
    );
    let told = store
        .changes_to_put_right(&source(HEALTH), None, 1_000)
        .await
        .unwrap();
    assert_eq!(
        told.len(),
        1,
        "that it was taken does not say that it was put right"
    );
}

async fn what_is_not_taken_is_tried_again_and_given_up(home: &Home) {
    let store = home.create().await;
    let (record, _) = handed(&store).await;
    store
        .put_webhook(&source(HEALTH), URL, Reach::Public)
        .await
        .unwrap();
    take_back(&store, record).await;
    store.queue_pushes().await.unwrap();
    let first = store.take_push(&due(&store).await[0]).await.unwrap().unwrap();
    // Cut off in the middle: after twenty seconds another may.
    home.at("2026-11-23T01:41:19Z");
    assert!(due(&store).await.is_empty());
    home.at("2026-11-23T01:41:20Z");
    assert_eq!(due(&store).await.len(), 1);
    for (at, next) in [
        ("2026-11-23T01:42:00Z", "2026-11-23T01:42:08Z"),
        ("2026-11-23T01:42:08Z", "2026-11-23T01:42:40Z"),
        ("2026-11-23T01:42:40Z", "2026-11-23T01:44:48Z"),
        ("2026-11-25T01:40:00Z", "2026-11-25T01:48:32Z"),
    ] {
        home.at(at);
        let [push] = due(&store).await.try_into().unwrap();
        let again = store.take_push(&push).await.unwrap().unwrap();
        assert_eq!((&again.id, &again.body), (&first.id, &first.body));
        assert_ne!(again.signature, first.signature, "signed at its own time");
        store.push_failed(&push, "status 503", Some(503)).await.unwrap();
        assert!(due(&store).await.is_empty());
        let webhook = store.webhooks().await.unwrap().remove(0);
        assert_eq!(
            (webhook.waiting, webhook.fault.as_deref()),
            (1, Some("status 503"))
        );
        home.at(next);
        assert_eq!(due(&store).await.len(), 1, "{next}");
    }
    home.at("2026-11-27T01:41:00Z");
    let [push] = due(&store).await.try_into().unwrap();
    store.take_push(&push).await.unwrap().unwrap();
    store.push_failed(&push, "status 503", Some(503)).await.unwrap();
    home.at("2026-12-27T01:41:00Z");
    assert!(due(&store).await.is_empty());
    let webhook = store.webhooks().await.unwrap().remove(0);
    assert_eq!((webhook.waiting, webhook.given_up), (0, 1));
    assert_eq!(store.queue_pushes().await.unwrap(), 0);
}

async fn what_is_put_right_or_handed_out_anew_is_told_no_more(home: &Home) {
    let store = home.create().await;
    let (record, share) = handed(&store).await;
    let other = fine(&store, 1, "罚2").await;
    let question = crate::sharing::question(share);
    numbers(&store, &question, 1).await;
    store
        .put_webhook(&source(HEALTH), URL, Reach::Public)
        .await
        .unwrap();
    let change = take_back(&store, record).await;
    let subject = store
        .find_subject(resident(1).kind(), resident(1).value())
        .await
        .unwrap()
        .unwrap();
    let permit = store.look(&new_look(subject)).await.unwrap();
    let ground = store::ObjectionGround::new("罚款不是我的").unwrap();
    store.object(&permit, other, &ground).await.unwrap();
    assert_eq!(store.queue_pushes().await.unwrap(), 2);
    let (wu, health) = (officer("wu"), source(HEALTH));
    let right = store.acknowledge(share, record, change, &wu, &health, "已从本系统删除");
    right.await.unwrap();
    numbers(&store, &question, 1).await;
    for push in due(&store).await {
        assert_eq!(store.take_push(&push).await.unwrap(), None, "{push:?}");
    }
    home.at("2026-11-24T01:41:00Z");
    assert!(due(&store).await.is_empty());
    assert_eq!(store.webhooks().await.unwrap()[0].given_up, 0);
}

async fn an_endpoint_is_one_and_goes_with_what_waits(home: &Home) {
    let store = home.create().await;
    let (record, _) = handed(&store).await;
    let health = source(HEALTH);
    let first = store.put_webhook(&health, URL, Reach::Intranet).await.unwrap();
    let twice = store.put_webhook(&health, URL, Reach::Public).await;
    assert!(matches!(twice, Err(StoreError::WebhookExists(_))));
    take_back(&store, record).await;
    store.queue_pushes().await.unwrap();
    store.remove_webhook(&health).await.unwrap();
    assert!(matches!(
        store.remove_webhook(&health).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        store.test_push(&health).await,
        Err(StoreError::NotFound)
    ));
    assert!(due(&store).await.is_empty() && store.webhooks().await.unwrap().is_empty());
    let second = store.put_webhook(&health, URL, Reach::Plain).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(
        store.queue_pushes().await.unwrap(),
        1,
        "it is not put right, and so told there"
    );
    check(&second, &store.test_push(&health).await.unwrap());
}

async fn keys_turn_over_and_the_secret_stays(home: &Home) {
    let store = home.create().await;
    let health = source(HEALTH);
    let secret = store.put_webhook(&health, URL, Reach::Public).await.unwrap();
    store.rotate_keys(&home.keys).await.unwrap();
    check(&secret, &store.test_push(&health).await.unwrap());
}

async fn events_are_told_apart_and_sent_again(home: &Home) {
    let store = home.create().await;
    let (record, _) = handed(&store).await;
    let health = source(HEALTH);
    let all = EventFilter::default();
    let none = store.replay_events(&health, "wu", &all, None).await;
    assert!(matches!(none, Err(StoreError::NotFound)), "no endpoint");
    store.put_webhook(&health, URL, Reach::Public).await.unwrap();
    take_back(&store, record).await;
    store.queue_pushes().await.unwrap();
    let state = async |expect| {
        for state in EventState::ALL {
            let filter = EventFilter {
                state: Some(state),
                ..EventFilter::default()
            };
            let found = store.events(&health, &filter, Page::new(1, 10)).await.unwrap();
            assert_eq!(found.total, u64::from(state == expect), "{state:?} of {expect:?}");
        }
    };
    state(EventState::Waiting).await;
    let [push] = due(&store).await.try_into().unwrap();
    store.take_push(&push).await.unwrap().unwrap();
    // Asked for while it is being sent: what comes of that try does not take it off the queue.
    let now = store.replay_events(&health, "wu", &all, Some("a")).await.unwrap();
    assert_eq!(now, Replayed::Now(1));
    home.at("2026-11-23T01:41:05Z");
    let later = store.replay_events(&health, "wu", &all, Some("b")).await.unwrap();
    assert_eq!(later, Replayed::Now(1));
    store.push_delivered(&push, 200).await.unwrap();
    let [again] = due(&store).await.try_into().unwrap();
    store.take_push(&again).await.unwrap().unwrap();
    store.push_delivered(&again, 204).await.unwrap();
    state(EventState::Sent).await;
}

async fn a_request_is_done_once_and_for_what_is_put_right_too(home: &Home) {
    let store = home.create().await;
    let (record, share) = handed(&store).await;
    let health = source(HEALTH);
    store.put_webhook(&health, URL, Reach::Public).await.unwrap();
    let change = take_back(&store, record).await;
    store.queue_pushes().await.unwrap();
    let [push] = due(&store).await.try_into().unwrap();
    store.take_push(&push).await.unwrap().unwrap();
    store.push_delivered(&push, 204).await.unwrap();
    let all = EventFilter::default();
    let wu = officer("wu");
    let right = store.acknowledge(share, record, change, &wu, &health, "已从本系统删除");
    right.await.unwrap();
    let id: EventId = format!("{share}-{record}-{change}").parse().unwrap();
    let one = EventFilter {
        id: Some(id),
        ..EventFilter::default()
    };
    for (once, filter, expect) in [
        ("c", &one, Replayed::Now(1)),
        ("c", &one, Replayed::Before(1)),
        ("c", &all, Replayed::OtherRequest),
    ] {
        assert_eq!(
            store
                .replay_events(&health, "wu", filter, Some(once))
                .await
                .unwrap(),
            expect
        );
    }
    let [push] = due(&store).await.try_into().unwrap();
    let sent = store.take_push(&push).await.unwrap().unwrap();
    assert_eq!(sent.id, id.to_string());
    store.push_failed(&push, "status 500", Some(500)).await.unwrap();
    let listed = store.events_after(&health, &one, None, 10).await.unwrap();
    let [event] = listed.as_slice() else {
        panic!("{listed:?}")
    };
    assert_eq!((event.status, event.replays, event.tries), (Some(500), 1, 1));
    assert_eq!(event.state, EventState::Waiting);
    assert!(
        store
            .events_after(&health, &all, Some(id.0), 10)
            .await
            .unwrap()
            .is_empty()
    );
    let acts = store
        .administration(&AdminFilter::default(), Page::new(1, 50))
        .await
        .unwrap();
    let acts = acts
        .rows
        .iter()
        .filter(|act| act.kind == AdminKind::EventsReplayed);
    assert_eq!(acts.map(|act| act.officer.as_str()).collect::<Vec<_>>(), ["wu"]);
}
