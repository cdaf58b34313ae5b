//! The credit office drafts a change of the rules, and it is tried on everyone.

use std::time::Duration;

use assess::{scorecard_numbers, with_numbers};
use record::{SimulationId, TreeSize};
use store::{AdminFilter, AdminKind, NewSimulation, Page, SimulationState};

use crate::people::{company, officer, source};
use crate::support::{House, main_of};

const NEW: &str = "/office/simulations/new";
/// A report of a day without anybody.
const NOBODY: &str = r#"{"before":{"edition":"2026.1","digest":"00"},"after":{"edition":"2026.2","digest":"01"},
    "known":1,"lists":null,"days":[{"on":"2026-11-23","subjects":{"count":0},"cards":[],"not_rated":[],"attention":[]}]}"#;

/// A simulation that is done.
pub(crate) async fn kept(house: &House) -> SimulationId {
    let store = &house.store;
    let bundle = store.bundle(store.now_as_of().await.unwrap()).await.unwrap();
    let new = NewSimulation {
        name: "试算".into(),
        why: "看看会怎样".into(),
        by: officer("guan"),
        source: Some(source("chancheng.credit-office")),
        bundle: (*bundle).clone(),
        days: vec![store.clock().today()],
    };
    let id = store.draft_simulation(&new).await.unwrap();
    assert!(
        store
            .finish_simulation(id, TreeSize(1), NOBODY, &[])
            .await
            .unwrap()
    );
    id
}

/// The form as it comes, with some fields filled in otherwise.
async fn form(house: &House, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let store = &house.store;
    let bundle = store.bundle(store.now_as_of().await.unwrap()).await.unwrap();
    let today = store.clock().today().to_string();
    let mut form: Vec<(String, String)> = [
        ("card", "person"),
        ("name", "A 级下调"),
        ("why", "过半数的人止步于 84 分"),
        ("edition", "2026.2"),
        ("from", today.as_str()),
        ("on", today.as_str()),
        ("on2", ""),
        ("on3", "2025-11-23"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    for number in scorecard_numbers(&bundle, "person") {
        form.push((number.name(), number.value.to_string()));
    }
    for (name, value) in changes {
        let field = form.iter_mut().find(|(field, _)| field == name);
        (*value).clone_into(&mut field.expect(name).1);
    }
    form
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_draft_stands_at_its_field() {
    let house = House::new().await;
    let guan = house.staff("guan").await;
    for (changes, field) in [
        (&[][..], "rating.person.letters.a"),
        (
            &[("rating.person.letters.a", "eighty")],
            "rating.person.letters.a",
        ),
        // A base below B is none that the language knows (guard 1).
        (
            &[("rating.person.base.points", "60")],
            "rating.person.base.points",
        ),
        // A penalty that gives points.
        (
            &[("rating.person.penalty-fine.bins.1.points", "9")],
            "rating.person.penalty-fine.bins.1.points",
        ),
        (&[("name", " ")], "name"),
        (&[("why", "短")], "why"),
        (&[("edition", "二")], "edition"),
        (&[("from", "2020-01-01")], "from"),
        (&[("on", "2999-01-01")], "on"),
        (&[("on2", "soon")], "on2"),
    ] {
        let form = form(&house, changes).await;
        let pairs: Vec<(&str, &str)> = form
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let answer = house.post(&guan, NEW, &pairs).await;
        assert_eq!(answer.status, 422, "{changes:?}");
        assert!(
            answer.text().contains(&format!("href=\"#{field}\"")),
            "{changes:?}: {}",
            answer.text()
        );
    }
    assert_eq!(house.store.waiting_simulations().await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_tried_read_and_taken_away() {
    let house = House::new().await;
    let guan = house.staff("guan").await;
    let form = form(&house, &[("rating.person.letters.a", "80")]).await;
    let pairs: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let there = house.post(&guan, NEW, &pairs).await.goes_to().to_owned();
    assert_eq!(there, "/office/simulations/1");
    let mut tries = 0;
    let one = loop {
        let one = house.store.simulation(SimulationId(1)).await.unwrap().unwrap();
        if !matches!(one.state, SimulationState::Waiting) {
            break one;
        }
        tries += 1;
        assert!(tries < 600, "it is made some time");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(matches!(one.state, SimulationState::Done(_)), "{one:?}");
    assert_eq!((one.days.len(), one.edition.as_str()), (2, "2026.2"));
    for path in ["", "?day=1", "/report.html", "/report.xlsx"] {
        assert_eq!(
            house.get(&guan, &format!("{there}{path}")).await.status,
            200,
            "{path}"
        );
    }
    let file = house.get(&guan, &format!("{there}/report.html")).await;
    assert!(
        file.text().contains("<style>") && !file.text().contains("<link"),
        "it needs nothing else"
    );
    let list = house.get(&guan, "/office/simulations?state=done&q=下调").await;
    assert!(list.text().contains("A 级下调"));
    for kind in [AdminKind::SimulationDrafted, AdminKind::SimulationRead] {
        let filter = AdminFilter {
            kind: Some(kind),
            ..AdminFilter::default()
        };
        let acts = house
            .store
            .administration(&filter, Page::new(1, 10))
            .await
            .unwrap();
        assert_eq!(acts.total, 1, "{kind:?}: however often it is read");
    }
    assert_eq!(house.get(&guan, "/office/simulations/7").await.status, 404);
}

/// A report that names one example, and whose it is.
async fn with_an_example(house: &House, subject: record::SubjectId) -> SimulationId {
    let store = &house.store;
    let now = store.now_as_of().await.unwrap();
    let bundle = store.bundle(now).await.unwrap();
    let numbers = scorecard_numbers(&bundle, "organisation");
    let base = numbers
        .iter()
        .find(|number| number.name() == "rating.organisation.base.points")
        .unwrap();
    let files = with_numbers(bundle.files(), &[(base.clone(), base.value + 1)]);
    let draft = assess::Bundle::parse(files, store.realm()).unwrap();
    let new = NewSimulation {
        name: "起点加一".into(),
        why: "看看会怎样".into(),
        by: officer("guan"),
        source: Some(source("chancheng.credit-office")),
        bundle: draft,
        days: vec![now.on],
    };
    let id = store.draft_simulation(&new).await.unwrap();
    let report = NOBODY
        .replace(
            "\"digest\":\"00\"",
            &format!("\"digest\":\"{}\"", bundle.digest()),
        )
        .replace("\"known\":1", &format!("\"known\":{}", now.known.0))
        .replace("2026-11-23", &now.on.to_string());
    let examples = [(482_913, subject)];
    assert!(
        store
            .finish_simulation(id, now.known, &report, &examples)
            .await
            .unwrap()
    );
    id
}

/// Guard 9, at an example: no case, no look; no look, nothing shown; and never who it is.
#[tokio::test(flavor = "multi_thread")]
async fn an_example_is_opened_in_a_case_and_whoever_it_is_reads_that() {
    let house = House::new().await;
    let subject = house.found(company(1)).await;
    let id = with_an_example(&house, subject).await;
    let (guan, chen) = (house.staff("guan").await, house.staff("chen").await);
    let path = format!("/office/simulations/{id}/examples/482913");
    let asked = house.get(&guan, &path).await.page(200);
    assert!(
        main_of(&asked).contains("办件号") && !asked.contains("起点分"),
        "{asked}"
    );
    assert_eq!(house.post(&guan, &path, &[("case", " ")]).await.status, 422);
    assert_eq!(
        house.post(&chen, &path, &[("case", "信2026-1")]).await.status,
        403
    );
    let other = format!("/office/simulations/{id}/examples/482914");
    assert_eq!(
        house.post(&guan, &other, &[("case", "信2026-1")]).await.status,
        404
    );
    assert_eq!(house.looks(subject).await.len(), 0);
    let shown = house.post(&guan, &path, &[("case", "信2026-1")]).await.page(200);
    let looks = house.looks(subject).await;
    assert_eq!(looks.len(), 1);
    assert_eq!(
        (
            looks[0].purpose.as_str(),
            looks[0].case.as_deref(),
            looks[0].door.as_str()
        ),
        ("office.example", Some("信2026-1"), "office")
    );
    let words = main_of(&shown);
    assert!(words.contains("+1") && words.contains("B 级"), "{words}");
    let stated = company(1);
    let number = stated.identifier.unwrap();
    assert!(
        !words.contains(&stated.name) && !words.contains(number.value()),
        "{words}"
    );
}
