//! What the public lists of licences and penalties are read from: never a natural person's, and nothing that cannot be shown.

use std::ops::RangeInclusive;

use record::{Date, ItemCode, Record, RecordNumber, SubjectId};
use store::{PublicFilter, PublicItem, PublicList, Store};

use crate::support::*;

on_both! {
    of_organisations_alone
    by_item_and_day
    by_month_source_and_words
    a_penalty_waits_for_its_second_officer
    what_was_linked_is_found
    page_by_page
    an_earlier_version_is_completed
    what_does_not_open_holds_nobody_up
}

fn item(code: &str, since: Option<&str>) -> PublicItem {
    PublicItem {
        item: ItemCode::new(code).unwrap(),
        since: since.map(day),
    }
}

fn of_items(items: &[PublicItem]) -> PublicFilter {
    PublicFilter {
        items: items.to_vec(),
        ..PublicFilter::default()
    }
}

fn licences() -> PublicFilter {
    of_items(&[item("licence.general", None)])
}

/// The numbers found, the newest first.
async fn listed(store: &Store, list: PublicList, filter: &PublicFilter) -> Vec<u64> {
    let most = RecordNumber(u64::MAX);
    let found = store.public_candidates(list, filter, most, 100).await.unwrap();
    found.iter().map(|one| one.logged.number().0).collect()
}

fn on(mut record: Record, occurred: &str, document: &str) -> Record {
    record.occurred = day(occurred);
    record.document.as_mut().unwrap().date = day(document);
    record
}

async fn of_organisations_alone(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let firm = company(1, "佛山市南庄餐饮有限公司");
    found(&store, firm.clone()).await;
    append_one(&store, licence(person(1), "证1")).await;
    let shown = append_one(&store, licence(firm.clone(), "证2")).await;
    assert_eq!(listed(&store, PublicList::Licences, &licences()).await, [shown.0]);
    assert!(
        listed(&store, PublicList::Penalties, &licences())
            .await
            .is_empty(),
        "each list its own"
    );
    assert!(
        listed(&store, PublicList::Licences, &PublicFilter::default())
            .await
            .is_empty(),
        "nothing that is not named"
    );
    let lines = home.dump("public_record").await;
    assert_eq!(
        lines.len(),
        1,
        "of a natural person there is no day in clear: {lines:?}"
    );
    assert_clean(&store).await;
}

async fn by_item_and_day(home: &Home) {
    let store = home.create().await;
    let firm = company(1, "佛山市南庄餐饮有限公司");
    found(&store, firm.clone()).await;
    let old = append_one(
        &store,
        on(licence(firm.clone(), "证1"), "2024-02-29", "2024-02-20"),
    )
    .await;
    let late = append_one(&store, on(licence(firm, "证2"), "2024-02-20", "2024-03-01")).await;
    // The later one of its own day and its document's counts.
    for (since, expected) in [
        (None, vec![late.0, old.0]),
        (Some("2024-02-29"), vec![late.0, old.0]),
        (Some("2024-03-01"), vec![late.0]),
        (Some("2024-03-02"), vec![]),
    ] {
        let filter = of_items(&[item("licence.food", None), item("licence.general", since)]);
        assert_eq!(
            listed(&store, PublicList::Licences, &filter).await,
            expected,
            "{since:?}"
        );
    }
    let other = of_items(&[item("licence.food", None)]);
    assert!(listed(&store, PublicList::Licences, &other).await.is_empty());
}

async fn by_month_source_and_words(home: &Home) {
    let store = home.create().await;
    let mut numbers = Vec::new();
    for (number, name, occurred) in [
        (1, "佛山市南庄餐饮有限公司", "2026-05-31"),
        (2, "佛山市张槎五金厂", "2026-06-01"),
    ] {
        found(&store, company(number, name)).await;
        let record = on(licence(company(number, name), "证1"), occurred, "2026-06-02");
        numbers.push(append_one(&store, record).await.0);
    }
    let days = |first: &str, last: &str| -> Option<RangeInclusive<Date>> { Some(day(first)..=day(last)) };
    let market = Some(source("chancheng.market"));
    let police = Some(source("chancheng.police"));
    for (source, occurred, words, expected) in [
        (None, days("2026-06-01", "2026-06-30"), "", vec![numbers[1]]),
        (None, days("2026-05-01", "2026-05-31"), "", vec![numbers[0]]),
        (
            market.clone(),
            days("2026-05-01", "2026-06-30"),
            "",
            vec![numbers[1], numbers[0]],
        ),
        (police, None, "", vec![]),
        (market, None, "南庄", vec![numbers[0]]),
        (None, None, "佛山 五金", vec![numbers[1]]),
        (None, None, "佛山 % 五金", vec![]),
    ] {
        let filter = PublicFilter {
            source,
            occurred,
            words: words.to_owned(),
            ..licences()
        };
        assert_eq!(
            listed(&store, PublicList::Licences, &filter).await,
            expected,
            "{words}"
        );
    }
}

async fn a_penalty_waits_for_its_second_officer(home: &Home) {
    let store = home.create().await;
    let firm = company(1, "佛山市南庄餐饮有限公司");
    found(&store, firm.clone()).await;
    let (id, outcomes) = hand_in_by(&store, "chen", &[penalty(firm, "处1")]).await;
    let fines = of_items(&[item("penalty.fine", Some("2026-01-01"))]);
    assert!(listed(&store, PublicList::Penalties, &fines).await.is_empty());
    let market = source("chancheng.market");
    store.confirm(id, &officer("lin"), Some(&market)).await.unwrap();
    let expected = [number(outcomes[0]).0];
    assert_eq!(listed(&store, PublicList::Penalties, &fines).await, expected);
}

async fn what_was_linked_is_found(home: &Home) {
    let store = home.create().await;
    let mut firm = company(1, "佛山市南庄餐饮有限公司");
    let subject = found(&store, firm.clone()).await;
    firm.identifier = None;
    let stray = append_one(&store, licence(firm, "证1")).await;
    assert!(listed(&store, PublicList::Licences, &licences()).await.is_empty());
    let (chen, market) = (officer("chen"), source("chancheng.market"));
    store
        .link(stray, subject, &chen, &market, "营业执照相符")
        .await
        .unwrap();
    assert_eq!(listed(&store, PublicList::Licences, &licences()).await, [stray.0]);
    store
        .unlink(stray, &chen, &market, "名称相同，不是同一家")
        .await
        .unwrap();
    assert!(listed(&store, PublicList::Licences, &licences()).await.is_empty());
    assert_clean(&store).await;
}

async fn page_by_page(home: &Home) {
    let store = home.create().await;
    let firm = company(1, "佛山市南庄餐饮有限公司");
    let subject = found(&store, firm.clone()).await;
    let records: Vec<Record> = (0..5)
        .map(|at| licence(firm.clone(), &format!("证{at}")))
        .collect();
    hand_in(&store, &records).await;
    let mut before = RecordNumber(u64::MAX);
    let mut seen = Vec::new();
    loop {
        let filter = licences();
        let page = store
            .public_candidates(PublicList::Licences, &filter, before, 2)
            .await
            .unwrap();
        assert!(page.iter().all(|one| one.organisation.subject == subject));
        let Some(last) = page.last() else { break };
        before = last.logged.number();
        seen.extend(page.iter().map(|one| one.logged.number().0));
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted_by(|one, next| one > next), "{seen:?}");
}

/// What the migration leaves to the next opening is as if it had always been kept.
async fn an_earlier_version_is_completed(home: &Home) {
    let store = home.create().await;
    crate::rebuild::busy(home, &store).await;
    let before = home.dump("public_record").await;
    assert!(before.len() > 1);
    store.close().await;
    home.sql("DELETE FROM public_record").await;
    home.sql(
        "INSERT INTO public_record (number, submission, source, item) SELECT number, submission, source, item FROM record \
        WHERE item LIKE 'licence.%' OR item LIKE 'penalty.%'",
    )
    .await;
    let store = home.open().await;
    assert_eq!(home.dump("public_record").await, before);
    assert_clean(&store).await;
}

async fn what_does_not_open_holds_nobody_up(home: &Home) {
    let store = home.create().await;
    let firm = company(1, "佛山市南庄餐饮有限公司");
    let subject: SubjectId = found(&store, firm.clone()).await;
    let broken = append_one(&store, licence(firm.clone(), "证1")).await;
    let whole = append_one(&store, licence(firm, "证2")).await;
    store.close().await;
    home.sql("UPDATE public_record SET occurred = NULL, latest = NULL")
        .await;
    home.sql(&format!(
        "UPDATE record SET body = substr(body, 1, 40) WHERE number = {broken}"
    ))
    .await;
    home.sql("INSERT INTO public_record (number, submission, source, item) VALUES (999, 0, 'a.b', 'licence.general')")
        .await;
    let store = home.open().await;
    assert_eq!(listed(&store, PublicList::Licences, &licences()).await, [whole.0]);
    let report = store.verify().await.unwrap().to_string();
    assert!(report.contains(&format!("record {broken}")), "{report}");
    assert!(!report.contains("public_record"), "{report}");
    assert!(
        store.public_file(subject).await.is_err(),
        "what does not open is not shown as if it were whole"
    );
}
