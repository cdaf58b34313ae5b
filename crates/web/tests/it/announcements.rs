//! Announcements of the credit office: nobody else writes them, everyone sees them from their first day to their last, and nothing in
//! them leads out of the house.

use jiff::SignedDuration;
use store::{AdminFilter, AdminKind, Page};

use crate::support::{House, Jar, main_of};

/// One published by the credit office: its number.
pub(crate) async fn published(house: &House, from: &str, until: &str) -> u64 {
    let guan = house.staff("guan").await;
    let saved = house
        .post(&guan, "/office/announcements/new", &form(from, until))
        .await;
    let address = saved.goes_to().split('?').next().unwrap().to_owned();
    house
        .post(&guan, &format!("{address}/publish"), &[])
        .await
        .goes_to();
    address.rsplit('/').next().unwrap().parse().unwrap()
}

fn form<'a>(from: &'a str, until: &'a str) -> [(&'a str, &'a str); 6] {
    [
        ("title_zh", "年报提醒"),
        ("title_en", "Annual reports are due"),
        ("body_zh", "请在年底前报送。\n\n怎样做，见[指南](/guide/see)。<b>"),
        (
            "body_en",
            "Hand in by the end of the year. See [the guide](/guide/see).",
        ),
        ("from", from),
        ("until", until),
    ]
}

/// Every way in which everyone can come to announcements.
async fn seen(house: &House, id: u64) -> Vec<bool> {
    let mut seen = Vec::new();
    for way in [
        "/",
        "/announcements",
        "/announcements.json",
        "/announcements.atom",
    ] {
        let page = house.get(&Jar::none(), way).await.page(200);
        seen.push(page.contains("年报提醒"));
    }
    let one = house.get(&Jar::none(), &format!("/announcements/{id}")).await;
    seen.push(one.status.as_u16() == 200);
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_seen_from_its_first_day_to_its_last() {
    let house = House::new().await;
    let id = published(&house, "2026-11-25", "2026-11-26").await;
    let day = SignedDuration::from_hours(24);
    for expect in [false, false, true, true, false] {
        assert_eq!(seen(&house, id).await, [expect; 5], "{}", house.clock.today());
        house.pass(day);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_changed_previewed_and_dropped_and_nobody_sees_it() {
    let house = House::new().await;
    let guan = house.staff("guan").await;
    let saved = house
        .post(
            &guan,
            "/office/announcements/new",
            &form("2026-11-23", "2026-12-31"),
        )
        .await;
    let address = saved.goes_to().split('?').next().unwrap().to_owned();
    let page = house.get(&guan, &address).await.page(200);
    assert!(page.contains("<a href=\"/guide/see\">指南</a>"), "{page}");
    assert!(
        page.contains("&#60;b&#62;") || page.contains("&lt;b&gt;"),
        "words stay words: {page}"
    );
    assert_eq!(seen(&house, 1).await, [false; 5]);
    let mut changed = form("2026-11-23", "2026-12-31");
    changed[0].1 = "换了标题";
    house
        .post(&guan, &format!("{address}/edit"), &changed)
        .await
        .goes_to();
    let list = house
        .get(&guan, "/office/announcements?state=draft")
        .await
        .page(200);
    assert!(list.contains("换了标题"));
    house.post(&guan, &format!("{address}/drop"), &[]).await.goes_to();
    house.get(&guan, &address).await.page(404);
    let acts = house
        .store
        .administration(&AdminFilter::default(), Page::new(1, 200))
        .await;
    let kind = AdminKind::AnnouncementPublished;
    assert!(
        acts.unwrap().rows.iter().all(|act| act.kind != kind),
        "a draft is no act"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_and_taking_back_are_acts_and_what_was_published_stays_as_it_is() {
    let house = House::new().await;
    let guan = house.staff("guan").await;
    let id = published(&house, "2026-11-23", "2026-12-31").await;
    let address = format!("/office/announcements/{id}");
    let again = house.post(&guan, &format!("{address}/publish"), &[]).await;
    assert_eq!(again.status.as_u16(), 409);
    let changed = house
        .post(
            &guan,
            &format!("{address}/edit"),
            &form("2026-11-23", "2027-12-31"),
        )
        .await;
    assert_eq!(changed.status.as_u16(), 409, "what is published is not changed");
    assert_eq!(
        house
            .post(&guan, &format!("{address}/drop"), &[])
            .await
            .status
            .as_u16(),
        409
    );
    let take_back = format!("{address}/take-back");
    house.post(&guan, &take_back, &[("why", "错")]).await.page(422);
    house
        .post(&guan, &take_back, &[("why", "日期写错了，重发")])
        .await
        .goes_to();
    assert_eq!(seen(&house, id).await, [false; 5]);
    let page = house.get(&guan, &address).await.page(200);
    assert!(main_of(&page).contains("日期写错了"));
    let twice = house
        .post(&guan, &take_back, &[("why", "日期写错了，重发")])
        .await;
    assert_eq!(twice.status.as_u16(), 409);
    let shen = house.staff("shen").await;
    let acts = house.get(&shen, "/audit/acts").await.page(200);
    assert!(acts.contains("发布公告") && acts.contains("撤回公告") && acts.contains("第 1 号公告"));
    let found = house
        .store
        .administration(&AdminFilter::default(), Page::new(1, 200))
        .await;
    let found = found.unwrap().rows;
    let by = |kind| {
        found
            .iter()
            .find(|act| act.kind == kind)
            .map(|act| act.officer.clone())
    };
    assert_eq!(by(AdminKind::AnnouncementPublished).as_deref(), Some("guan"));
    assert_eq!(by(AdminKind::AnnouncementTakenBack).as_deref(), Some("guan"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_draft_is_told_at_once_and_nothing_leads_out() {
    let house = House::new().await;
    let guan = house.staff("guan").await;
    let wrong = [
        ("title_zh", ""),
        ("title_en", "x"),
        ("body_zh", "见 https://example.org"),
        ("body_en", "see [here](/office)"),
        ("from", "2026-11-25"),
        ("until", "2026-11-24"),
    ];
    let page = house
        .post(&guan, "/office/announcements/new", &wrong)
        .await
        .page(422);
    for says in [
        "请填写中文标题",
        "https://example.org",
        "/office",
        "到期日不能早于起始日",
    ] {
        assert!(page.contains(says), "{says}: {page}");
    }
    let past = house
        .post(
            &guan,
            "/office/announcements/new",
            &form("2026-11-01", "2026-11-22"),
        )
        .await;
    assert!(past.page(422).contains("到期日已过"));
    let none = house.get(&Jar::none(), "/announcements").await.page(200);
    assert!(none.contains("现在没有公告"));
}
