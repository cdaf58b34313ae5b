//! Staff, their one-time codes, attempts to sign in, and sessions.

use store::{NewStaff, Session, SessionOwner, Store, StoreError};

use crate::support::*;

on_both! {
    a_member_is_kept_and_replaced
    a_disabled_member_is_seen_as_such
    a_step_is_spent_once
    one_step_between_two_handles
    failures_are_counted
    failures_are_forgotten
    a_session_expires
    a_session_ends
    a_session_is_one_owners
    expired_sessions_are_swept_away
}

const MINUTE_MS: i64 = 60_000;

fn chen() -> NewStaff {
    NewStaff {
        officer: officer("chen"),
        name: "陈".into(),
        source: source("chancheng.market"),
        role: "officer".into(),
        password: "hash of one".into(),
        totp: b"secret of one".to_vec(),
    }
}

async fn a_member_is_kept_and_replaced(home: &Home) {
    let store = home.create().await;
    assert!(store.staff(&officer("chen")).await.unwrap().is_none());
    store.put_staff(&chen()).await.unwrap();
    let kept = home.open().await.staff(&officer("chen")).await.unwrap().unwrap();
    assert_eq!(kept.officer, officer("chen"));
    assert_eq!((kept.name.as_str(), kept.role.as_str()), ("陈", "officer"));
    assert_eq!(kept.source, source("chancheng.market"));
    assert_eq!(
        (kept.password.as_str(), &kept.totp[..]),
        ("hash of one", &b"secret of one"[..])
    );
    assert_eq!((kept.last_step, kept.disabled), (0, false));

    assert!(store.spend_step(&officer("chen"), 7).await.unwrap());
    let mut other = chen();
    other.officer = officer("lin");
    store.put_staff(&other).await.unwrap();
    let newer = NewStaff {
        officer: officer("chen"),
        name: "陈工".into(),
        source: source("chancheng.court"),
        role: "clerk".into(),
        password: "hash of two".into(),
        totp: b"secret of two".to_vec(),
    };
    store.put_staff(&newer).await.unwrap();
    let kept = store.staff(&officer("chen")).await.unwrap().unwrap();
    assert_eq!((kept.name.as_str(), kept.role.as_str()), ("陈工", "clerk"));
    assert_eq!(kept.source, source("chancheng.court"));
    assert_eq!(
        (kept.password.as_str(), &kept.totp[..]),
        ("hash of two", &b"secret of two"[..])
    );
    assert_eq!(kept.last_step, 7, "a new secret gives no spent step back");
    let lin = store.staff(&officer("lin")).await.unwrap().unwrap();
    assert_eq!(lin.name, "陈", "another's row is left alone");
    assert_eq!(home.dump("staff").await.len(), 2);
}

async fn a_disabled_member_is_seen_as_such(home: &Home) {
    let store = home.create().await;
    store.put_staff(&chen()).await.unwrap();
    assert_eq!(home.sql("UPDATE staff SET disabled = 1").await, 1);
    assert!(store.staff(&officer("chen")).await.unwrap().unwrap().disabled);
    store.put_staff(&chen()).await.unwrap();
    let again = store.staff(&officer("chen")).await.unwrap().unwrap();
    assert!(!again.disabled, "put again, it may sign in again");
    // A secret stands in its own row only.
    let mut other = chen();
    other.officer = officer("lin");
    store.put_staff(&other).await.unwrap();
    home.sql("UPDATE staff SET totp = (SELECT o.totp FROM staff o WHERE o.officer = 'lin')")
        .await;
    let moved = store.staff(&officer("chen")).await;
    assert!(matches!(moved, Err(StoreError::DoesNotOpen(_))), "{moved:?}");
}

async fn a_step_is_spent_once(home: &Home) {
    let store = home.create().await;
    store.put_staff(&chen()).await.unwrap();
    let mut other = chen();
    other.officer = officer("lin");
    store.put_staff(&other).await.unwrap();
    let spend = async |name: &str, step: u64| store.spend_step(&officer(name), step).await.unwrap();
    assert!(spend("chen", 58_000_000).await);
    assert!(!spend("chen", 58_000_000).await, "not a second time");
    assert!(!spend("chen", 57_999_999).await, "nor an earlier one");
    assert!(spend("lin", 58_000_000).await, "another's is another's");
    assert!(spend("chen", 58_000_001).await);
    assert!(!spend("nobody", 58_000_000).await);
    let kept = store.staff(&officer("chen")).await.unwrap().unwrap();
    assert_eq!(kept.last_step, 58_000_001);
}

async fn one_step_between_two_handles(home: &Home) {
    let one = home.create().await;
    let two = home.open().await;
    one.put_staff(&chen()).await.unwrap();
    for step in 1..=20 {
        let spend =
            |store: Store| tokio::spawn(async move { store.spend_step(&officer("chen"), step).await });
        let (first, second) = (spend(one.clone()), spend(two.clone()));
        let done = [first.await.unwrap().unwrap(), second.await.unwrap().unwrap()];
        assert_eq!(done.into_iter().filter(|spent| *spent).count(), 1, "step {step}");
    }
}

async fn failures_are_counted(home: &Home) {
    let store = home.create().await;
    let begin = home.clock.now_ms();
    let failed = async |name: &str, since: i64| store.failed_attempts(name, since).await.unwrap();
    assert_eq!(failed("chen", 0).await, 0);
    for minute in 0..3 {
        home.at(&format!("2026-11-23T02:0{minute}:00Z"));
        store.note_attempt("chen", false).await.unwrap();
    }
    store.note_attempt("lin", false).await.unwrap();
    let now = home.clock.now_ms();
    assert_eq!(failed("chen", begin).await, 3);
    assert_eq!(
        failed("chen", now - MINUTE_MS).await,
        2,
        "those in the window, its first moment too"
    );
    assert_eq!(failed("chen", now + 1).await, 0);
    assert_eq!(
        (failed("lin", begin).await, failed("li", begin).await),
        (1, 0),
        "by the whole name"
    );
    // A success sets the count back, for this name only.
    home.at("2026-11-23T02:03:00Z");
    store.note_attempt("chen", true).await.unwrap();
    assert_eq!((failed("chen", begin).await, failed("lin", begin).await), (0, 1));
    home.at("2026-11-23T02:04:00Z");
    store.note_attempt("chen", false).await.unwrap();
    assert_eq!(home.open().await.failed_attempts("chen", begin).await.unwrap(), 1);
}

async fn failures_are_forgotten(home: &Home) {
    let store = home.create().await;
    store.note_attempt("chen", false).await.unwrap();
    home.at("2026-11-24T01:41:00Z");
    store.note_attempt("chen", false).await.unwrap();
    assert_eq!(home.dump("sign_in_attempt").await.len(), 2, "a day is kept");
    home.at("2026-11-24T01:41:00.001Z");
    store.note_attempt("lin", false).await.unwrap();
    assert_eq!(
        home.dump("sign_in_attempt").await.len(),
        2,
        "and no more than a day"
    );
    assert_eq!(store.failed_attempts("chen", 0).await.unwrap(), 1);
    // What was typed is not kept, and however long it is, it counts.
    let typed = "440604198001010018".repeat(8);
    for _ in 0..2 {
        store.note_attempt(&typed, false).await.unwrap();
    }
    assert_eq!(store.failed_attempts(&typed, 0).await.unwrap(), 2);
    let dump = home.dump("sign_in_attempt").await.concat();
    assert!(!dump.contains("chen") && !dump.contains("4406"), "{dump}");
}

fn of_staff() -> SessionOwner {
    SessionOwner::Staff(officer("chen"))
}

async fn a_session_expires(home: &Home) {
    let store = home.create().await;
    let expires_ms = home.clock.now_ms() + MINUTE_MS;
    store.put_session([1; 32], &of_staff(), expires_ms).await.unwrap();
    let kept = Session {
        owner: of_staff(),
        expires_ms,
    };
    home.at("2026-11-23T01:41:59.999Z");
    assert_eq!(home.open().await.session([1; 32]).await.unwrap(), Some(kept));
    assert_eq!(store.session([2; 32]).await.unwrap(), None, "by its own token");
    home.at("2026-11-23T01:42:00Z");
    assert_eq!(
        store.session([1; 32]).await.unwrap(),
        None,
        "its last moment is over"
    );
}

async fn a_session_ends(home: &Home) {
    let store = home.create().await;
    let expires_ms = home.clock.now_ms() + MINUTE_MS;
    for token in [[1; 32], [2; 32]] {
        store.put_session(token, &of_staff(), expires_ms).await.unwrap();
    }
    store.end_session([1; 32]).await.unwrap();
    assert_eq!(home.open().await.session([1; 32]).await.unwrap(), None);
    assert!(
        store.session([2; 32]).await.unwrap().is_some(),
        "the other goes on"
    );
    store.end_session([1; 32]).await.unwrap();
    store.end_session([9; 32]).await.unwrap();
    assert_eq!(home.dump("session").await.len(), 1);
}

async fn a_session_is_one_owners(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let expires_ms = home.clock.now_ms() + MINUTE_MS;
    let of_subject = SessionOwner::Subject(subject);
    store.put_session([1; 32], &of_subject, expires_ms).await.unwrap();
    let kept = store.session([1; 32]).await.unwrap().unwrap();
    assert_eq!(kept.owner, of_subject);
    let taken = store.put_session([1; 32], &of_staff(), expires_ms).await;
    assert!(taken.is_err(), "a token is one session's");
    assert_eq!(store.session([1; 32]).await.unwrap().unwrap().owner, of_subject);
}

async fn expired_sessions_are_swept_away(home: &Home) {
    let store = home.create().await;
    let now = home.clock.now_ms();
    store
        .put_session([1; 32], &of_staff(), now + MINUTE_MS)
        .await
        .unwrap();
    store
        .put_session([2; 32], &of_staff(), now + 2 * MINUTE_MS)
        .await
        .unwrap();
    assert_eq!(home.dump("session").await.len(), 2);
    home.at("2026-11-23T01:42:00Z");
    store
        .put_session([3; 32], &of_staff(), now + 3 * MINUTE_MS)
        .await
        .unwrap();
    let left = home.dump("session").await;
    assert_eq!(left.len(), 2);
    assert!(!left.concat().contains("token=Some([01, 01"), "{left:?}");
}
