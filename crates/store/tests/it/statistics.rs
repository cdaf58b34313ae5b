//! What statistics are counted from, on both databases: each record once, whoever is cut off; and those that were worked out.

use record::{TreeSize, Value};
use store::{ArrivedCount, LastNightly, Store};

use crate::support::*;

on_both! {
    every_record_is_counted_once_by_month_and_days
    the_newest_address_says_the_town
    the_public_reads_the_first_of_a_month
    a_nightly_run_is_an_act_of_the_house
}

async fn counted(store: &Store, known: TreeSize) -> Vec<ArrivedCount> {
    store.count_arrived(known, |_| {}).await.unwrap();
    store.arrived().await.unwrap()
}

fn records(counts: &[ArrivedCount], month: &str, item: &str) -> Vec<(u32, u64)> {
    let of = counts.iter().filter(|one| one.month == month && one.item == item);
    of.map(|one| (one.days, one.records)).collect()
}

async fn every_record_is_counted_once_by_month_and_days(home: &Home) {
    home.at("2026-10-20T01:00:00Z");
    let store = home.create().await;
    let firm = company(1, "佛山市南庄餐饮有限公司");
    found(&store, firm.clone()).await;
    let begun = store.tree_size().await.unwrap();
    let mut late = penalty(firm.clone(), "处1");
    late.occurred = day("2026-09-01");
    hand_in_by(&store, "chen", &[late]).await;
    home.at("2026-11-10T01:00:00Z");
    let mut soon = penalty(firm.clone(), "处2");
    soon.occurred = day("2026-11-09");
    let mut week = penalty(firm, "处3");
    week.occurred = day("2026-11-03");
    hand_in_by(&store, "chen", &[soon, week]).await;
    let known = store.tree_size().await.unwrap();
    // A run that was cut off goes on where it was; one that comes again counts nothing twice; an earlier size changes nothing.
    let part = counted(&store, begun).await;
    assert_eq!(part.iter().map(|one| one.records).sum::<u64>(), begun.0);
    let whole = counted(&store, known).await;
    assert_eq!(whole.iter().map(|one| one.records).sum::<u64>(), known.0);
    assert_eq!(records(&whole, "2026-10", "penalty.fine"), [(31, 1)]);
    assert_eq!(records(&whole, "2026-11", "penalty.fine"), [(0, 1), (2, 1)]);
    assert_eq!(counted(&store, known).await, whole);
    assert_eq!(counted(&store, begun).await, whole);
    // Made anew, and by two at once.
    home.sql("DELETE FROM arrived").await;
    home.sql("UPDATE counter SET next = 0 WHERE name = 'arrived'")
        .await;
    let other = home.open().await;
    let (one, two) = tokio::join!(
        store.count_arrived(known, |_| {}),
        other.count_arrived(known, |_| {})
    );
    one.and(two).unwrap();
    assert_eq!(store.arrived().await.unwrap(), whole);
    assert_clean(&store).await;
}

async fn the_newest_address_says_the_town(home: &Home) {
    let store = home.create().await;
    let lives = |sequence, address: &str| {
        let registration = registration(person(sequence));
        with(registration, "address", Value::Text(address.into()))
    };
    let one = append_one(&store, lives(1, "佛山市禅城区南庄镇榕荫路1号")).await;
    let two = append_one(&store, lives(2, "佛山市顺德区大良街道1号")).await;
    let mut moved = lives(2, "佛山市禅城区祖庙街道建新路2号");
    moved.occurred = moved.occurred.tomorrow().unwrap();
    append_one(&store, moved).await;
    let known = store.tree_size().await.unwrap();
    let towns = |known| {
        let store = store.clone();
        async move { store.towns(bundle(), known, |_| {}).await.unwrap() }
    };
    let now = towns(known).await;
    assert_eq!(
        now.get(&one.0).map(String::as_str),
        Some("nanzhuang.service-centre")
    );
    assert_eq!(now.get(&two.0).map(String::as_str), Some("zumiao.service-centre"));
    let before = towns(TreeSize(known.0 - 1)).await;
    assert_eq!(
        before.get(&two.0),
        None,
        "it was another address, of no town of the district"
    );
}

async fn the_public_reads_the_first_of_a_month(home: &Home) {
    home.at("2026-10-30T01:00:00Z");
    let store = home.create().await;
    let keep = |figures: &'static str| {
        let store = store.clone();
        async move {
            store
                .keep_statistics(TreeSize(1), "2026.1", figures)
                .await
                .unwrap();
        }
    };
    assert_eq!(store.statistics().await.unwrap(), None);
    keep("october").await;
    home.at("2026-11-02T01:00:00Z");
    keep("second").await;
    keep("second again").await;
    home.at("2026-11-09T01:00:00Z");
    keep("ninth").await;
    assert_eq!(store.statistics().await.unwrap().unwrap().figures, "ninth");
    let public = store.public_statistics().await.unwrap().unwrap();
    assert_eq!(
        (public.figures.as_str(), public.day),
        ("second again", day("2026-11-02"))
    );
}

async fn a_nightly_run_is_an_act_of_the_house(home: &Home) {
    let store = home.create().await;
    assert_eq!(store.last_nightly().await.unwrap(), None);
    for moved in [Some(12), None, Some(0)] {
        let done = LastNightly {
            at_ms: store.clock().now_ms(),
            known: TreeSize(7),
            rated: 3,
            since: day("2026-11-22"),
            moved,
        };
        store.note_nightly(&done).await.unwrap();
        assert_eq!(store.last_nightly().await.unwrap(), Some(done));
    }
}
