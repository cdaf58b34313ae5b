//! A person's own file: notice, objection, consent.

use assess::{NotRated, Rating, Standing};
use record::{RecordNumber, SubjectId};

use crate::counter::{BOTH, check};
use crate::people::{licence, officer, penalty, person};
use crate::support::{House, assessment, main_of};

const GROUND: &str = "这张罚单不是我的，请核对原件";

async fn standing(house: &House, subject: SubjectId, number: RecordNumber) -> Standing {
    assessment(house, subject)
        .await
        .standing(number)
        .unwrap()
        .standing
}

async fn points(house: &House, subject: SubjectId) -> i32 {
    match assessment(house, subject).await.rating {
        Rating::Rated(grade) => grade.points,
        Rating::NotRated(why) => panic!("{why:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_rated_before_being_told() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let own = house.person(subject).await;
    let page = house.get(&own, "/my").await.page(200);
    assert!(
        page.contains(r#"action="/my/notice""#) && !page.contains(r#"class="letter""#),
        "{page}"
    );
    assert_eq!(
        assessment(&house, subject).await.rating,
        Rating::NotRated(NotRated::NoNotice)
    );
    assert_eq!(
        house.post(&own, "/my/notice", &[]).await.goes_to(),
        "/my?done=notice"
    );
    let told = house.store.tree_size().await.unwrap();
    let page = house.get(&own, "/my").await.page(200);
    assert!(
        !page.contains(r#"action="/my/notice""#) && page.contains(r#"class="letter""#),
        "{page}"
    );
    house.post(&own, "/my/notice", &[]).await.goes_to();
    assert_eq!(house.store.tree_size().await.unwrap(), told, "one is told once");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_takes_a_record_out_at_once() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let own = house.person(subject).await;
    house.post(&own, "/my/notice", &[]).await.goes_to();
    let clean = points(&house, subject).await;
    let (submission, number) = house.append("chen", penalty(person(1), "处1")).await;
    house
        .store
        .confirm(submission, &officer("lin"), None)
        .await
        .unwrap();
    let fined = points(&house, subject).await;
    assert!(fined < clean, "else this shows nothing: {fined} and {clean}");
    let address = format!("/my/records/{number}");
    assert!(
        house
            .get(&own, &address)
            .await
            .page(200)
            .contains(r#"id="object""#)
    );

    for short in ["", "短", "     "] {
        let page = house
            .post(&own, &format!("{address}/object"), &[("ground", short)])
            .await
            .page(422);
        assert!(page.contains(r##"href="#ground""##), "{page}");
    }
    assert_eq!(standing(&house, subject, number).await, Standing::Counts);

    let objected = house
        .post(&own, &format!("{address}/object"), &[("ground", GROUND)])
        .await;
    assert!(
        objected
            .goes_to()
            .starts_with(&format!("{address}?done=object&n="))
    );
    assert!(matches!(
        standing(&house, subject, number).await,
        Standing::Disputed { .. }
    ));
    assert_eq!(points(&house, subject).await, clean);
    let page = house.get(&own, &address).await.page(200);
    assert!(!page.contains(r#"id="object""#), "{page}");
    // The same ground again needs new evidence.
    let size = house.store.tree_size().await.unwrap();
    let again = house
        .post(&own, &format!("{address}/object"), &[("ground", GROUND)])
        .await;
    again.page(422);
    assert_eq!(house.store.tree_size().await.unwrap(), size);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_writes_is_shown_as_text() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let own = house.person(subject).await;
    let (_, number) = house.append("chen", licence(person(1), "证1")).await;
    let ground = r#"<script>alert(1)</script>" onfocus="x"#;
    let address = format!("/my/records/{number}");
    house
        .post(&own, &format!("{address}/object"), &[("ground", ground)])
        .await
        .goes_to();
    let page = house.get(&own, &address).await.page(200);
    assert!(page.contains("alert(1)"), "the ground is shown: {page}");
    assert!(
        !page.contains("<script>alert") && !page.contains(r#"" onfocus=""#),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_consent_is_used_no_more() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let (own, li) = (house.person(subject).await, house.staff("li").await);
    let case = check(&house, &li, 1, "hygiene-licence-renewal", "2026-1").await;
    let agreed = house.post(&li, &format!("{case}/consent"), &BOTH).await;
    let consent = agreed.goes_to().rsplit('=').next().unwrap().to_owned();
    let deferred = "可容缺受理：今天受理";
    assert!(house.get(&li, &case).await.page(200).contains(deferred));
    let revoke = format!("/my/consents/{consent}/revoke");
    assert_eq!(
        house.post(&own, &revoke, &[]).await.goes_to(),
        "/my/consents?done=consent-revoke"
    );
    let page = house.get(&li, &case).await.page(200);
    assert!(
        !page.contains(deferred) && page.contains(r#"name="agreed""#),
        "{page}"
    );
    let page = house.get(&own, "/my/consents").await.page(200);
    assert!(!page.contains(&revoke), "{page}");
    let size = house.store.tree_size().await.unwrap();
    assert_eq!(
        house.post(&own, &revoke, &[]).await.goes_to(),
        "/my/consents",
        "twice is once"
    );
    assert_eq!(house.store.tree_size().await.unwrap(), size);
}

/// Whoever tries it on another's record is told that there is none, and nothing changes.
#[tokio::test(flavor = "multi_thread")]
async fn foreign_records_and_consents_stay_as_they_are() {
    let house = House::new().await;
    let (one, two) = (house.found(person(1)).await, house.found(person(2)).await);
    let (_, number) = house.append("chen", licence(person(1), "证1")).await;
    let li = house.staff("li").await;
    let case = check(&house, &li, 1, "hygiene-licence-renewal", "2026-1").await;
    let agreed = house.post(&li, &format!("{case}/consent"), &BOTH).await;
    let consent = agreed
        .goes_to()
        .rsplit('=')
        .next()
        .unwrap()
        .parse()
        .map(RecordNumber)
        .unwrap();
    let size = house.store.tree_size().await.unwrap();
    let other = house.person(two).await;
    house
        .get(&other, &format!("/my/records/{number}"))
        .await
        .page(404);
    house
        .post(
            &other,
            &format!("/my/records/{number}/object"),
            &[("ground", GROUND)],
        )
        .await
        .page(404);
    house
        .post(&other, &format!("/my/consents/{consent}/revoke"), &[])
        .await
        .page(404);
    // Nor is a record of one's own a consent.
    let own = house.person(one).await;
    house
        .post(&own, &format!("/my/consents/{number}/revoke"), &[])
        .await
        .page(404);
    assert_eq!(house.store.tree_size().await.unwrap(), size);
    assert_eq!(standing(&house, one, number).await, Standing::Counts);
    assert_eq!(standing(&house, one, consent).await, Standing::Counts);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_record_is_on_the_page_with_its_standing() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let (_, waits) = house.append("chen", penalty(person(1), "处1")).await;
    let (_, counts) = house.append("chen", licence(person(1), "证1")).await;
    let (_, others) = house.append("chen", licence(person(2), "证2")).await;
    let own = house.person(subject).await;
    house.post(&own, "/my/notice", &[]).await.goes_to();
    let notice = RecordNumber(house.store.tree_size().await.unwrap().0 - 1);
    let page = house.get(&own, "/my").await.page(200);
    let main = main_of(&page);
    let line = |number: RecordNumber| {
        let (_, line) = main.split_once(&format!("/my/records/{number}\"><b>"))?;
        line.split_once("</li>").map(|(line, _)| line.to_owned())
    };
    assert!(line(waits).unwrap().contains(r#"class="tag late""#), "{main}");
    assert!(line(counts).unwrap().contains(r#"class="tag ""#), "{main}");
    assert_eq!(line(others), None);
    assert_eq!(line(notice), None, "what one did oneself stands on its own page");
}

/// What happened this month was not “0 months ago”.
#[tokio::test(flavor = "multi_thread")]
async fn a_penalty_of_this_month_is_said_to_be() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let own = house.person(subject).await;
    house.post(&own, "/my/notice", &[]).await.goes_to();
    let mut fine = penalty(person(1), "处1");
    fine.occurred = house.clock.today();
    fine.document.as_mut().unwrap().date = fine.occurred;
    let (submission, _) = house.append("chen", fine).await;
    house
        .store
        .confirm(submission, &officer("lin"), None)
        .await
        .unwrap();
    let page = house.get(&own, "/my").await.page(200);
    assert!(
        page.contains("最近一次处罚在本月") && !page.contains("0 个月前"),
        "{page}"
    );
}
