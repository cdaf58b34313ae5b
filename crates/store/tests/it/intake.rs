//! Numbers, exact linking, what is the same, and what waits.

use record::{Realm, Relation, Target, TreeSize, Value};
use store::{ActFault, Outcome, StoreError, UnlinkedWhy};

use crate::support::*;

on_both! {
    numbers_have_no_gap
    two_handles_append_at_once
    only_exact_links
    unlinked_records_have_no_effect
    the_same_rows_are_held_once
    a_correction_takes_the_place
    adverse_waits
    a_dry_run_keeps_nothing
    what_is_ill_formed_or_foreign_is_refused
    acts_are_not_handed_in
    a_finished_hand_in_takes_no_more
    the_realms_are_apart
}

async fn numbers_have_no_gap(home: &Home) {
    let store = home.create().await;
    assert_eq!(
        store.tree_size().await.unwrap(),
        TreeSize(1),
        "record 0 is the policy"
    );
    let batch: Vec<_> = (0..5).map(|n| registration(person(n))).collect();
    let mut taken: Vec<u64> = hand_in(&store, &batch)
        .await
        .into_iter()
        .map(|o| number(o).0)
        .collect();
    // A duplicate takes no number, and leaves no gap.
    let batch: Vec<_> = (3..8).map(|n| registration(person(n))).collect();
    for outcome in hand_in(&store, &batch).await {
        match outcome {
            Outcome::Accepted(number) => taken.push(number.0),
            Outcome::Duplicate(held) => assert!(taken.contains(&held.0)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(taken, (1..9).collect::<Vec<_>>());
    assert_eq!(store.tree_size().await.unwrap(), TreeSize(9));
    assert_clean(&store).await;
}

async fn two_handles_append_at_once(home: &Home) {
    let one = home.create().await;
    let two = home.open().await;
    let append = async |store: store::Store, from: u16| {
        let mut taken = Vec::new();
        for batch in 0..8 {
            let records: Vec<_> = (0..10)
                .map(|n| registration(person(from + batch * 10 + n)))
                .collect();
            taken.extend(hand_in(&store, &records).await.into_iter().map(|o| number(o).0));
        }
        taken
    };
    let (first, second) = tokio::join!(
        tokio::spawn(append(one.clone(), 0)),
        tokio::spawn(append(two.clone(), 500))
    );
    let mut taken = [first.unwrap(), second.unwrap()].concat();
    taken.sort_unstable();
    assert_eq!(taken, (1..161).collect::<Vec<_>>());
    assert_eq!(one.tree_size().await.unwrap(), TreeSize(161));
    assert_clean(&two).await;
}

async fn only_exact_links(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let named = |name: &str| {
        let mut stated = person(1);
        stated.name = name.to_owned();
        stated
    };
    let mut nameless = person(1);
    nameless.identifier = None;
    let outcomes = hand_in(
        &store,
        &[
            licence(person(1), "证1"),
            licence(named("罗志明 1"), "证2"),
            licence(named("骆志明1"), "证3"),
            licence(person(2), "证4"),
            licence(nameless, "证5"),
        ],
    )
    .await;
    let why = |outcome| match outcome {
        Outcome::Unlinked(_, why) => Some(why),
        _ => None,
    };
    assert!(matches!(outcomes[0], Outcome::Accepted(_)));
    assert!(
        matches!(outcomes[1], Outcome::Accepted(_)),
        "a space makes no other name"
    );
    assert_eq!(why(outcomes[2]), Some(UnlinkedWhy::NameDiffers));
    assert_eq!(why(outcomes[3]), Some(UnlinkedWhy::UnknownIdentifier));
    assert_eq!(why(outcomes[4]), Some(UnlinkedWhy::NoIdentifier));
    let file = file(&store, subject).await;
    assert_eq!(
        numbers(&file.records),
        [subject.0, number(outcomes[0]).0, number(outcomes[1]).0]
    );
    let waiting = store
        .unlinked(&source("chancheng.market"), store::Page::new(1, 10))
        .await
        .unwrap();
    assert_eq!(waiting.total, 3);
    assert_eq!(waiting.rows[0].why, UnlinkedWhy::NameDiffers);
    // Founding again under another name teaches that name.
    hand_in(
        &store,
        &[{
            let mut again = registration(named("骆志明1"));
            again.occurred = day("2026-07-01");
            again
        }],
    )
    .await;
    assert!(matches!(
        hand_in(&store, &[licence(named("骆志明1"), "证6")]).await[0],
        Outcome::Accepted(_)
    ));
    assert_clean(&store).await;
}

async fn unlinked_records_have_no_effect(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, company(1, "佛山市南庄餐饮有限公司")).await;
    let entry = append_one(&store, penalty(company(1, "佛山市南庄餐饮有限公司"), "处1")).await;
    // A record that belongs to nobody points at one in the file: it must not come into the file by that.
    let mut nobody = company(1, "佛山市南庄餐饮有限公司");
    nobody.identifier = None;
    let stray = referring(penalty(nobody, "处2"), Relation::Corrects, Target::Number(entry));
    let outcome = hand_in(&store, &[stray]).await[0];
    assert!(matches!(outcome, Outcome::Unlinked(_, UnlinkedWhy::NoIdentifier)));
    let file = file(&store, subject).await;
    assert_eq!(numbers(&file.all()), [subject.0, entry.0]);
}

async fn the_same_rows_are_held_once(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let row = penalty(person(1), "处1");
    let mut other = with(row.clone(), "kind", Value::Text("警告".into()));
    let outcomes = hand_in(&store, &[row.clone(), row.clone(), other.clone()]).await;
    let held = number(outcomes[0]);
    assert_eq!(outcomes[1..], [Outcome::Duplicate(held), Outcome::Conflict(held)]);
    assert_eq!(
        hand_in(&store, &[other.clone(), row]).await,
        [Outcome::Conflict(held), Outcome::Duplicate(held)]
    );
    // Another document is another row.
    other.document.as_mut().unwrap().number = "处2".into();
    assert!(matches!(hand_in(&store, &[other]).await[0], Outcome::Pending(_)));
    // The report of the hand-in says what the counts were.
    let listed = store
        .submissions(
            &source("chancheng.market"),
            &store::SubmissionFilter::default(),
            store::Page::new(1, 10),
        )
        .await
        .unwrap();
    assert_eq!(listed.total, 3);
    assert_eq!(listed.rows[1].totals.duplicate, 1);
    assert_eq!(listed.rows[1].totals.refused, 1);
}

async fn a_correction_takes_the_place(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let row = penalty(person(1), "处1");
    let first = append_one(&store, row.clone()).await;
    let mended = with(row.clone(), "kind", Value::Text("警告".into()));
    let mended = referring(mended, Relation::Corrects, Target::Number(first));
    let second = append_one(&store, mended.clone()).await;
    assert_eq!(hand_in(&store, &[mended]).await, [Outcome::Duplicate(second)]);
    // Only the newest can be corrected.
    let late = with(row, "kind", Value::Text("通报".into()));
    let late = referring(late, Relation::Corrects, Target::Number(first));
    assert_eq!(hand_in(&store, &[late]).await, [Outcome::Conflict(second)]);
    assert_eq!(
        numbers(&file(&store, subject).await.records),
        [subject.0, first.0, second.0]
    );
    assert_clean(&store).await;
}

async fn adverse_waits(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let (id, outcomes) = hand_in_by(
        &store,
        "chen",
        &[penalty(person(1), "处1"), licence(person(1), "证1")],
    )
    .await;
    assert!(matches!(
        outcomes[..],
        [Outcome::Pending(_), Outcome::Accepted(_)]
    ));
    let waiting = store
        .pending_submissions(&source("chancheng.market"))
        .await
        .unwrap();
    assert_eq!(waiting.iter().map(|one| one.id).collect::<Vec<_>>(), [id]);
    assert_eq!(store.submission(id).await.unwrap().state.code(), "waiting");
    let rows = store.submission_rows(id, store::Page::new(1, 50)).await.unwrap();
    assert_eq!(rows.total, 2);
    assert!(rows.rows.iter().all(|(_, subject)| subject.is_some()));
}

async fn a_dry_run_keeps_nothing(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let before = home.projections().await;
    let (records, submissions) = (home.dump("record").await, home.dump("submission").await);
    let rows = [
        penalty(person(1), "处1"),
        penalty(person(1), "处1"),
        registration(person(2)),
    ];
    let outcomes = store
        .dry_run(&submission("chancheng.market", "chen"), &rows[..2])
        .await
        .unwrap();
    assert!(matches!(
        outcomes[..],
        [Outcome::Pending(_), Outcome::Duplicate(_)]
    ));
    store
        .dry_run(&submission("chancheng.police", "wu"), &rows[2..])
        .await
        .unwrap();
    assert_eq!(home.projections().await, before);
    assert_eq!(
        (home.dump("record").await, home.dump("submission").await),
        (records, submissions)
    );
    assert_eq!(
        hand_in(&store, &rows[..1]).await,
        outcomes[..1],
        "and the same comes of it in earnest"
    );
    assert_clean(&store).await;
}

async fn what_is_ill_formed_or_foreign_is_refused(home: &Home) {
    let store = home.create().await;
    let id = store
        .begin_submission(&submission("chancheng.market", "chen"))
        .await
        .unwrap();
    let mut empty = person(1);
    empty.name = String::new();
    let refused = store
        .append(id, &[penalty(person(1), "处1"), penalty(empty, "处2")])
        .await;
    assert!(matches!(refused, Err(StoreError::IllFormed(_))), "{refused:?}");
    let refused = store.append(id, &[registration(person(1))]).await;
    assert!(
        matches!(refused, Err(StoreError::Act(ActFault::OtherSource))),
        "{refused:?}"
    );
    let refused = store
        .append(record::SubmissionId(99), &[penalty(person(1), "处1")])
        .await;
    assert!(matches!(refused, Err(StoreError::NoSubmission(_))), "{refused:?}");
    // What no catalogue names is not collected, and an adverse record has its document (guards 1 and 3).
    let refused = store
        .append(id, &[record("chancheng.market", "petition.count", person(1))])
        .await;
    assert!(
        matches!(refused, Err(StoreError::NotOfCatalogue(_))),
        "{refused:?}"
    );
    let refused = store
        .append(id, &[record("chancheng.market", "penalty.fine", person(1))])
        .await;
    assert!(
        matches!(refused, Err(StoreError::NotOfCatalogue(_))),
        "{refused:?}"
    );
    assert_eq!(
        store.tree_size().await.unwrap(),
        TreeSize(1),
        "nothing of a refused batch stays"
    );
}

async fn acts_are_not_handed_in(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let mut stranger = person(1);
    stranger.name = "骆志明".into();
    let stray = append_one(&store, penalty(stranger, "处1")).await;
    let mut forged = with(
        record("chancheng.market", "act.link", person(1)),
        "subject",
        Value::Integer(subject.to_i64()),
    );
    forged.subject = None;
    let forged = referring(forged, Relation::Links, Target::Number(stray));
    let id = store
        .begin_submission(&submission("chancheng.market", "chen"))
        .await
        .unwrap();
    let refused = store.append(id, &[forged]).await;
    assert!(
        matches!(refused, Err(StoreError::Act(ActFault::WrongKind))),
        "{refused:?}"
    );
}

async fn a_finished_hand_in_takes_no_more(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let (id, _) = hand_in_by(&store, "chen", &[penalty(person(1), "处1")]).await;
    store.confirm(id, &officer("lin"), None).await.unwrap();
    // Or what nobody has seen would count as confirmed (guard 6).
    let refused = store.append(id, &[penalty(person(1), "处2")]).await;
    assert!(matches!(refused, Err(StoreError::Finished(_))), "{refused:?}");
    let refused = store
        .finish_submission(
            id,
            &store::SubmissionTotals::default(),
            &store::SubmissionQuality::default(),
            b"{}",
        )
        .await;
    assert!(matches!(refused, Err(StoreError::Finished(_))), "{refused:?}");
}

async fn the_realms_are_apart(home: &Home) {
    let store = home.create().await;
    assert_eq!((store.realm(), store.is_demo()), (Realm::Demo, true));
    let (real, _) = record::Identifier::parse(
        record::IdentifierKind::ResidentId,
        "11010519491231002X",
        Realm::Live,
    )
    .unwrap();
    let mut stated = person(1);
    stated.identifier = Some(real.clone());
    let id = store
        .begin_submission(&submission("chancheng.police", "wu"))
        .await
        .unwrap();
    let refused = store.append(id, &[registration(stated)]).await;
    assert!(matches!(refused, Err(StoreError::OtherRealm(_))), "{refused:?}");
    assert_eq!(store.find_subject(real.kind(), real.value()).await.unwrap(), None);
    assert_eq!(home.open().await.realm(), Realm::Demo, "for ever");
}
