//! Looks and what they open: a file as it is known, and as it was known.

use record::{CaseNumber, IdentifierKind, SubjectId};
use store::{Page, StoreError, Viewer};

use crate::support::*;

on_both! {
    a_look_comes_first
    who_looked_is_seen
    a_file_as_it_was_known
    names_follow_the_register
    subjects_are_found_by_the_whole_identifier
}

async fn a_look_comes_first(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let refused = store.look(&new_look(SubjectId(999))).await;
    assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    assert!(
        home.dump("look").await.is_empty(),
        "a look at nobody leaves no row"
    );
    let permit = permit(&store, subject).await;
    assert_eq!(
        home.dump("look").await.len(),
        1,
        "the look is there before anything is read"
    );
    assert_eq!(store.file(&permit, None).await.unwrap().subject, permit.subject());
    let public = store.public_file(subject).await;
    assert!(
        matches!(public, Err(StoreError::NotFound)),
        "there is no way round the look"
    );
}

async fn who_looked_is_seen(home: &Home) {
    let store = home.create().await;
    let (one, two) = (found(&store, person(1)).await, found(&store, person(2)).await);
    let mut look = new_look(one);
    look.case = Some(CaseNumber::new("（2026）粤0604行1号").unwrap());
    store.look(&look).await.unwrap();
    home.at("2026-11-23T03:00:00Z");
    look.viewer = Viewer::oneself().unwrap();
    store.look(&look).await.unwrap();
    store.look(&new_look(two)).await.unwrap();
    let seen = store.looks_at(one, Page::new(1, 10)).await.unwrap();
    assert_eq!(seen.total, 2);
    assert_eq!(
        (seen.rows[0].viewer_kind.as_str(), seen.rows[0].door.as_str()),
        ("self", "my"),
        "the newest first"
    );
    assert_eq!(
        (seen.rows[1].viewer.as_str(), seen.rows[1].door.as_str()),
        ("li", "counter")
    );
    assert_eq!(seen.rows[1].source.as_deref(), Some("nanzhuang.service-centre"));
    assert_eq!(seen.rows[1].case.as_deref(), Some("（2026）粤0604行1号"));
    assert_eq!(seen.rows[1].purpose, "counter.service");
    let second = store.looks_at(one, Page::new(2, 1)).await.unwrap();
    assert_eq!((second.pages, second.rows[0].id), (2, seen.rows[1].id));
    // One's own visits never push somebody else's look out of sight.
    let others = store.newest_looks_at(one, false, 1).await.unwrap();
    assert_eq!(
        others.iter().map(|look| look.id).collect::<Vec<_>>(),
        [seen.rows[1].id]
    );
    assert_eq!(
        store.newest_looks_at(one, true, 1).await.unwrap()[0].id,
        seen.rows[0].id
    );
    assert_eq!(store.newest_looks_at(two, false, 9).await.unwrap().len(), 1);
    let since = home.clock.now_ms();
    let ledger = store
        .looks_by(&officer("li"), since, Page::new(1, 10))
        .await
        .unwrap();
    assert_eq!(
        ledger.rows.iter().map(|look| look.subject).collect::<Vec<_>>(),
        [two]
    );
    assert_eq!(
        store
            .looks_by(&officer("li"), 0, Page::new(1, 10))
            .await
            .unwrap()
            .total,
        2
    );
}

async fn a_file_as_it_was_known(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let first = append_one(&store, licence(person(1), "证1")).await;
    let second = append_one(&store, licence(person(1), "证2")).await;
    let at = async |known: u64| numbers(&file_at(&store, subject, known).await.records);
    assert_eq!(at(second.0 + 1).await, [subject.0, first.0, second.0]);
    assert_eq!(at(second.0).await, [subject.0, first.0]);
    assert_eq!(at(subject.0 + 1).await, [subject.0]);
    assert_eq!(
        file_at(&store, subject, 9_999).await.known,
        store.tree_size().await.unwrap(),
        "no more than there is"
    );
    let permit = permit(&store, subject).await;
    let early = store.file(&permit, Some(record::TreeSize(subject.0))).await;
    assert!(
        matches!(early, Err(StoreError::NotFound)),
        "nobody knew of the subject then: {early:?}"
    );
}

async fn names_follow_the_register(home: &Home) {
    let store = home.create().await;
    let old = company(1, "佛山市南庄餐饮有限公司");
    let new = company(1, "佛山市禅城餐饮有限公司");
    let subject = found(&store, old.clone()).await;
    let mut numbers = vec![subject.0];
    for (stated, on) in [(new.clone(), "2026-07-01"), (old.clone(), "2026-08-01")] {
        let mut renamed = registration(stated);
        renamed.occurred = day(on);
        numbers.push(append_one(&store, renamed).await.0);
    }
    // A licence under any of its names is its own.
    append_one(&store, licence(new.clone(), "证1")).await;
    for (known, name) in [
        (numbers[0], &old.name),
        (numbers[1], &new.name),
        (numbers[2], &old.name),
    ] {
        assert_eq!(
            &file_at(&store, subject, known + 1).await.name,
            name,
            "as known at {known}"
        );
    }
    let hit = store
        .organisation(old.identifier.as_ref().unwrap().value())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(hit.name, old.name, "renamed there and back");
    assert_eq!(file(&store, subject).await.stated().unwrap(), old);
    assert_clean(&store).await;
}

async fn subjects_are_found_by_the_whole_identifier(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let id = resident(1);
    assert_eq!(
        store.find_subject(id.kind(), id.value()).await.unwrap(),
        Some(subject)
    );
    assert_eq!(
        store
            .find_subject(id.kind(), &format!(" {} ", id.value()))
            .await
            .unwrap(),
        Some(subject)
    );
    assert_eq!(
        store.find_subject(id.kind(), &id.value()[..17]).await.unwrap(),
        None
    );
    assert_eq!(
        store
            .find_subject(IdentifierKind::Passport, id.value())
            .await
            .unwrap(),
        None,
        "the kind is stated"
    );
    assert_eq!(
        store.find_subject(id.kind(), resident(2).value()).await.unwrap(),
        None
    );
    assert_eq!(file(&store, subject).await.identifiers, [id]);
}
