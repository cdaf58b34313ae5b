//! The nightly run and the statistics that it works out: for the office every night, for everyone the first of a month.

use jiff::SignedDuration;
use store::{AdminFilter, AdminKind, LastNightly, Page};
use web::run_nightly;

use crate::people::{company, licence, person};
use crate::support::{House, Jar, main_of};

async fn night(house: &House) -> Option<LastNightly> {
    run_nightly(&house.store, &house.folder.path().join("mirror"), |_| {})
        .await
        .unwrap()
}

async fn csv(house: &House, jar: &Jar, path: &str) -> String {
    house.get(jar, path).await.page(200)
}

async fn licences(house: &House, from: u32, to: u32) {
    for n in from..to {
        house.append("chen", licence(company(1), &format!("证{n}"))).await;
    }
}

fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * n)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_of_a_day_does_nothing_unless_something_came() {
    let house = House::new().await;
    house.found(company(1)).await;
    let first = night(&house).await.unwrap();
    assert_eq!((first.rated, first.moved), (1, Some(0)));
    assert_eq!(night(&house).await, None);
    house.append("chen", licence(company(1), "证1")).await;
    let second = night(&house).await.unwrap();
    assert_eq!(second.since, first.since, "both compare with the same day");
    house.pass(days(1));
    assert_eq!(
        night(&house).await.unwrap().since,
        second.since.tomorrow().unwrap()
    );
    let filter = AdminFilter {
        kind: Some(AdminKind::NightlyRun),
        ..AdminFilter::default()
    };
    let acts = house
        .store
        .administration(&filter, Page::new(1, 10))
        .await
        .unwrap();
    assert_eq!(acts.total, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_health_page_says_when_the_last_run_was_and_marks_an_old_one() {
    let house = House::new().await;
    let guan = house.staff("guan").await;
    let row = |page: &str| {
        let from = page.split_once("最近一次夜间计算").unwrap().1;
        from.split_once("</tr>").unwrap().0.to_owned()
    };
    let health = async || row(&house.get(&guan, "/office/health").await.page(200));
    assert!(health().await.contains("从未运行"));
    night(&house).await.unwrap();
    assert!(health().await.contains("\"tag \""), "{}", health().await);
    house.pass(SignedDuration::from_hours(25));
    let guan = house.staff("guan").await;
    let page = house.get(&guan, "/office/health").await.page(200);
    assert!(row(&page).contains("\"tag \""));
    house.pass(SignedDuration::from_hours(2));
    let guan = house.staff("guan").await;
    let page = house.get(&guan, "/office/health").await.page(200);
    assert!(row(&page).contains("tag late"), "{}", row(&page));
}

#[tokio::test(flavor = "multi_thread")]
async fn few_are_not_told_and_a_month_that_runs_is_the_office_s_alone() {
    let house = House::new().await;
    let nobody = Jar::none();
    let page = house.get(&nobody, "/statistics").await.page(200);
    assert!(main_of(&page).contains("还没有可以公布的数"));
    house.found(company(1)).await;
    house.found(person(1)).await;
    licences(&house, 0, 12).await;
    night(&house).await.unwrap();
    let guan = house.staff("guan").await;
    let line = "classes,2026-11,chancheng.market,";
    let office = csv(&house, &guan, "/office/statistics.csv").await;
    assert!(
        office.contains("administration") && office.contains(line),
        "{office}"
    );
    let public = csv(&house, &nobody, "/statistics.csv").await;
    assert!(!public.contains("2026-11"), "{public}");
    // One of a kind and one person's register: told nowhere, nor by what stands beside it.
    for text in [&office, &public] {
        for row in text.lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            let (count, told) = (cells[cells.len() - 2], cells[cells.len() - 1]);
            let few = count.parse::<u64>().is_ok_and(|count| (1..10).contains(&count));
            assert!(!few && (count.is_empty() != (told == "told")), "{row}");
        }
    }
    // The month after, everyone reads it; a licence that came later stands in its own month.
    house.pass(days(10));
    licences(&house, 12, 24).await;
    night(&house).await.unwrap();
    let public = csv(&house, &nobody, "/statistics.csv").await;
    assert!(
        public.contains("2026-11") && !public.contains("2026-12"),
        "{public}"
    );
    let json = house.get(&nobody, "/statistics.json").await.page(200);
    assert!(json.contains(r#""as_of":"2026-12-03""#), "{json}");
    // Narrowed, and in the other language.
    let narrowed = csv(&house, &nobody, "/statistics.csv?year=2025").await;
    assert!(!narrowed.contains("2026-11"));
    let page = house.get(&nobody, "/statistics?lang=en").await.page(200);
    for part in ["SELECT month, source", "COUNT(*) AS subjects", "2026-11"] {
        assert!(main_of(&page).contains(part), "{part}");
    }
}
