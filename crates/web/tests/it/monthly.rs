//! The credit office's monthly reports: made once, the same whenever they are made, and with nobody in them.

use jiff::SignedDuration;

use crate::access::objection_of;
use crate::people::{company, licence, penalty, person, resident};
use crate::support::{House, main_of};

/// The figures of a report, as a file has them.
async fn figures(house: &House, month: &str) -> String {
    let guan = house.staff("guan").await;
    let path = format!("/office/reports/{month}/report.csv");
    house.get(&guan, &path).await.page(200)
}

/// A line's value: table, row, column.
fn value<'a>(csv: &'a str, starts: &str) -> &'a str {
    let line = csv.lines().find(|line| line.starts_with(starts));
    let line = line.unwrap_or_else(|| panic!("no `{starts}` in {csv}"));
    line.rsplit(',').next().unwrap()
}

async fn november(house: &House) {
    for n in 1..=3 {
        house.found(person(n)).await;
    }
    house.found(company(1)).await;
    let own = house.subject_of(1).await;
    let record = house.append("chen", licence(person(1), "证1")).await.1;
    objection_of(house, own, record).await;
    house.append("chen", penalty(company(1), "处1")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_reported_the_same_whenever_it_is_made() {
    let (early, late) = (House::new().await, House::new().await);
    let days = |n: i64| SignedDuration::from_hours(24 * n);
    for house in [&early, &late] {
        november(house).await;
        house.pass(days(8));
    }
    // At one house the report is made at once; at the other a month of work goes by first.
    let first = figures(&early, "2026-11").await;
    late.found(person(9)).await;
    late.append("chen", licence(person(2), "证2")).await;
    late.pass(days(40));
    assert_eq!(figures(&late, "2026-11").await, first);
    early.pass(days(90));
    assert_eq!(figures(&early, "2026-11").await, first, "and it is kept");
    for (starts, expect) in [
        ("在册主体,自然人,月末", "<10"),
        ("在册主体,法人或其他组织,月末", "1"),
        ("异议和修复,异议,本月收到", "1"),
        ("异议和修复,异议,待答复", "1"),
        ("异议和修复,异议,已过期限", "0"),
        ("月末待办,禅城区市场监督管理局,待复核的报送", "1"),
        ("评价的告知与同意,评价告知,次数", "0"),
    ] {
        assert_eq!(value(&first, starts), expect, "{starts}");
    }
    let december = figures(&late, "2026-12").await;
    assert_eq!(
        value(&december, "异议和修复,异议,已过期限"),
        "1",
        "nobody answered"
    );
    let reports = late.store.district_reports().await.unwrap();
    assert_eq!(reports.len(), 2);
    assert!(reports[0].known > reports[1].known);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_has_nobody_in_it_and_looks_at_nobody() {
    let house = House::new().await;
    november(&house).await;
    let own = house.subject_of(1).await;
    let before = house.looks(own).await.len();
    let guan = house.staff("guan").await;
    let list = house.get(&guan, "/office/reports").await.page(200);
    assert!(list.contains("还没有月报"), "November is not over");
    let running = house.get(&guan, "/office/reports/2026-11").await.page(200);
    assert!(running.contains("没有留存"), "{running}");
    assert!(house.store.district_reports().await.unwrap().is_empty());
    house.pass(SignedDuration::from_hours(24 * 10));
    let guan = house.staff("guan").await;
    let list = house.get(&guan, "/office/reports").await.page(200);
    assert!(list.contains("/office/reports/2026-11/report.xlsx"));
    let page = house.get(&guan, "/office/reports/2026-11").await.page(200);
    assert!(!page.contains("没有留存"));
    let main = main_of(&page);
    assert!(!main.contains("罗志明") && !main.contains(resident(1).value()) && !main.contains("证1"));
    let english = house
        .get(&guan, "/office/reports/2026-11?lang=en")
        .await
        .page(200);
    assert!(english.contains("Objections and repairs") && english.contains("&#60;10"));
    let file = house.get(&guan, "/office/reports/2026-11/report.xlsx").await;
    assert_eq!(file.bytes.get(..2), Some(&b"PK"[..]));
    assert!(
        file.header("content-disposition")
            .contains("district-2026-11.xlsx")
    );
    assert_eq!(house.looks(own).await.len(), before, "and looks at nobody");
    for none in ["2026-10", "2027-01", "2026-13", "november"] {
        house
            .get(&guan, &format!("/office/reports/{none}"))
            .await
            .page(404);
    }
}
