//! Simulations on both databases, and the gate that they are (guard 10).

use std::collections::BTreeMap;

use assess::{Bundle, scorecard_numbers, with_numbers};
use record::{OfficerId, Realm, SimulationId, SubjectId, TreeSize};
use store::{
    AdminFilter, AdminKind, NewSimulation, Page, SimulationFilter, SimulationGate, SimulationState, Store,
    StoreError,
};

use crate::support::*;

on_both! {
    one_goes_from_a_draft_to_a_report
    what_decides_about_people_is_published_after_a_simulation_alone
    a_report_that_was_changed_is_none
}

/// The rules of a store with another number in the scorecard of persons.
async fn draft(store: &Store) -> Bundle {
    let in_force = store.bundle(store.now_as_of().await.unwrap()).await.unwrap();
    let numbers = scorecard_numbers(&in_force, "person");
    let letter = numbers
        .iter()
        .find(|number| number.name() == "rating.person.letters.a");
    parse(
        with_numbers(in_force.files(), &[(letter.unwrap().clone(), 80)]),
        store.realm(),
    )
}

fn parse(files: BTreeMap<String, String>, realm: Realm) -> Bundle {
    Bundle::parse(files, realm).unwrap()
}

async fn drafted(store: &Store, bundle: &Bundle) -> SimulationId {
    let new = NewSimulation {
        name: "A 级下调到 80 分".into(),
        why: "过半数的人止步于 84 分".into(),
        by: officer("guan"),
        source: Some(source("chancheng.credit-office")),
        bundle: bundle.clone(),
        days: vec!["2026-11-23".parse().unwrap(), "2025-11-23".parse().unwrap()],
    };
    store.draft_simulation(&new).await.unwrap()
}

async fn read(store: &Store, id: SimulationId, by: &OfficerId) {
    let one = store.simulation(id).await.unwrap().unwrap();
    store
        .read_simulation(&one, by, &source("chancheng.credit-office"))
        .await
        .unwrap();
}

async fn one_goes_from_a_draft_to_a_report(home: &Home) {
    let store = home.create().await;
    let bundle = draft(&store).await;
    let id = drafted(&store, &bundle).await;
    assert_eq!(store.waiting_simulations().await.unwrap(), [id]);
    assert_eq!(
        store.simulation_bundle(id).await.unwrap().digest(),
        bundle.digest()
    );
    let known = TreeSize(1);
    let examples = [(123_456, SubjectId(0))];
    assert!(store.finish_simulation(id, known, "{}", &examples).await.unwrap());
    assert!(
        !store.finish_simulation(id, known, "{}", &[]).await.unwrap(),
        "it is done"
    );
    let one = store.simulation(id).await.unwrap().unwrap();
    let SimulationState::Done(done) = &one.state else {
        panic!("{one:?}")
    };
    assert!(done.seal.is_some() && done.figures == "{}" && done.known == known);
    assert_eq!((one.days.len(), one.digest), (2, bundle.digest()));
    assert_eq!(
        store.simulation_example(id, 123_456).await.unwrap(),
        Some(SubjectId(0))
    );
    assert_eq!(store.simulation_example(id, 123_457).await.unwrap(), None);
    read(&store, id, &officer("xie")).await;
    read(&store, id, &officer("xie")).await;
    let readers = store.simulation_readers(id).await.unwrap();
    assert_eq!(
        readers.iter().map(|one| one.0.as_str()).collect::<Vec<_>>(),
        ["xie"]
    );
    for (kind, by) in [
        (AdminKind::SimulationDrafted, "guan"),
        (AdminKind::SimulationRead, "xie"),
    ] {
        let filter = AdminFilter {
            kind: Some(kind),
            ..AdminFilter::default()
        };
        let acts = store
            .administration(&filter, Page::new(1, 10))
            .await
            .unwrap()
            .rows;
        assert_eq!(acts.len(), 1, "{kind:?} is noted once");
        assert_eq!(acts[0].officer, by);
        assert!(acts[0].about.starts_with("1 "), "{}", acts[0].about);
    }
    let other = drafted(&store, &bundle).await;
    store.fail_simulation(other, "store").await.unwrap();
    for (text, state, expect) in [
        ("", None, 2),
        ("80 分", None, 2),
        ("2026", None, 2),
        ("100%", None, 0),
        ("", Some("done"), 1),
        ("", Some("failed"), 1),
        ("", Some("waiting"), 0),
    ] {
        let filter = SimulationFilter {
            text: text.into(),
            state,
        };
        let found = store.simulations(&filter, Page::new(1, 10)).await.unwrap();
        assert_eq!(found.total, expect, "{filter:?}");
    }
}

async fn what_decides_about_people_is_published_after_a_simulation_alone(home: &Home) {
    let store = home.create_live().await;
    let bundle = draft(&store).await;
    let (xu, xie) = (officer("xu"), officer("xie"));
    let gate = async |by: &OfficerId| store.simulation_gate(&bundle, by).await.unwrap();
    let refused = async || match store.publish_bundle(&bundle, &xu, &xie).await {
        Err(StoreError::NotSimulated(gate)) => gate,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused().await, SimulationGate::Untried(bundle.digest()));
    let id = drafted(&store, &bundle).await;
    assert_eq!(
        refused().await,
        SimulationGate::Untried(bundle.digest()),
        "it waits"
    );
    store.finish_simulation(id, TreeSize(1), "{}", &[]).await.unwrap();
    read(&store, id, &xu).await;
    let unread = refused().await;
    assert!(unread.to_string().contains("/office/simulations/1"), "{unread}");
    assert_eq!(
        gate(&xu).await,
        SimulationGate::Read(id),
        "whoever drafted it has, and approves nothing"
    );
    read(&store, id, &xie).await;
    store.publish_bundle(&bundle, &xu, &xie).await.unwrap();
    // Another draft is another digest; and words alone need no simulation.
    let mut files = bundle.files().clone();
    let rating = files.get_mut("rating/person.toml").unwrap();
    *rating = rating.replace("a = 80", "a = 81");
    let other = parse(files, Realm::Live);
    assert!(!store.simulation_gate(&other, &xie).await.unwrap().is_open());
    let mut files = bundle.files().clone();
    let about = files.get_mut("bundle.toml").unwrap();
    *about = about.replace("2026.1", "2026.2");
    let words = parse(files, Realm::Live);
    assert_eq!(
        store.simulation_gate(&words, &xie).await.unwrap(),
        SimulationGate::NotNeeded
    );
}

async fn a_report_that_was_changed_is_none(home: &Home) {
    let store = home.create().await;
    let bundle = draft(&store).await;
    let id = drafted(&store, &bundle).await;
    store
        .finish_simulation(id, TreeSize(1), "{\"days\":[]}", &[])
        .await
        .unwrap();
    read(&store, id, &officer("xie")).await;
    assert!(
        store
            .simulation_gate(&bundle, &officer("xie"))
            .await
            .unwrap()
            .is_open()
    );
    home.sql("UPDATE simulation SET figures = '{}'").await;
    let one = store.simulation(id).await.unwrap().unwrap();
    assert!(matches!(&one.state, SimulationState::Done(done) if done.seal.is_none()));
    assert!(
        !store
            .simulation_gate(&bundle, &officer("xie"))
            .await
            .unwrap()
            .is_open()
    );
}
