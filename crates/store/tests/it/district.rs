//! A month in counts on both databases: of what was known at its end, whatever came after.

use store::{Month, MonthFacts, Store};

use crate::support::*;

on_both! {
    a_month_counts_what_was_known_at_its_end
    the_first_report_of_a_month_stays
}

fn november() -> Month {
    "2026-11".parse().unwrap()
}

async fn facts(store: &Store, month: Month) -> MonthFacts {
    store.month_facts(month).await.unwrap()
}

async fn a_month_counts_what_was_known_at_its_end(home: &Home) {
    home.at("2026-10-20T01:00:00Z");
    let store = home.create().await;
    found(&store, person(1)).await;
    home.at("2026-11-10T01:00:00Z");
    let firm = company(1, "佛山市南庄餐饮有限公司");
    found(&store, firm.clone()).await;
    hand_in_by(&store, "chen", &[penalty(firm.clone(), "处1")]).await;
    home.at("2026-12-01T01:00:00Z");
    let before = facts(&store, november()).await;
    assert_eq!(
        (before.subjects["person"].all, before.subjects["person"].new),
        (1, 0)
    );
    assert_eq!(
        (
            before.subjects["organisation"].all,
            before.subjects["organisation"].new
        ),
        (1, 1)
    );
    let records: u64 = before.records.iter().map(|(.., held)| held.new).sum();
    assert_eq!(records, 2);
    assert_eq!(before.to_confirm.values().sum::<u64>(), 1, "the penalty waits");
    found(&store, person(2)).await;
    hand_in_by(&store, "chen", &[penalty(firm, "处2")]).await;
    assert_eq!(
        facts(&store, november()).await,
        before,
        "what came later changes nothing"
    );
    let december = facts(&store, november().next()).await;
    assert!(december.known > before.known);
    assert_eq!(december.subjects["person"].new, 1);
    assert_eq!(store.first_month().await.unwrap().unwrap().to_string(), "2026-10");
}

async fn the_first_report_of_a_month_stays(home: &Home) {
    let store = home.create().await;
    let known = store.tree_size().await.unwrap();
    for figures in ["{\"a\":1}", "{\"a\":2}"] {
        store
            .keep_district_report(november(), known, "2026.1", figures)
            .await
            .unwrap();
    }
    let kept = store.district_report(november()).await.unwrap().unwrap();
    assert_eq!((kept.figures.as_str(), kept.known), ("{\"a\":1}", known));
    assert_eq!(store.district_reports().await.unwrap(), [kept]);
    assert!("2026-13".parse::<Month>().is_err() && "2026-11-02".parse::<Month>().is_err());
}
