//! What one is told, how it is read, and that visits are told as visits.

use crate::access::objection_of;
use crate::counter::{BOTH, check};
use crate::people::{company, licence, officer, penalty, person, represents};
use crate::support::{House, main_of};

#[tokio::test(flavor = "multi_thread")]
async fn one_is_told_of_what_happened_until_it_is_read() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let own = house.person(subject).await;
    let lin = house.staff("lin").await;
    let page = house.get(&own, "/my/messages").await.page(200);
    assert!(main_of(&page).contains("没有未读消息"), "{page}");

    let (_, fined) = house.append("chen", penalty(person(1), "处1")).await;
    let (_, number) = house.append("chen", licence(person(1), "证1")).await;
    let plea = objection_of(&house, subject, number).await;
    let answer = [("decision", "no"), ("why", "经查，原件与记录一致")];
    house
        .post(&lin, &format!("/department/due/{plea}"), &answer)
        .await
        .goes_to();

    let page = house.get(&own, "/my/messages").await.page(200);
    assert!(
        page.contains("有新的记录") && page.contains("异议有了答复"),
        "{page}"
    );
    assert!(
        !main_of(&page).contains("经查"),
        "a message says no more than that: {page}"
    );
    assert!(
        page.contains(r#"<span class="n num">2</span>"#),
        "the count in the menu: {page}"
    );
    let (_, from) = page
        .split_once(r#"href="/my/messages/objection_answered-"#)
        .unwrap();
    let key = from.split('"').next().unwrap();
    let followed = house
        .get(&own, &format!("/my/messages/objection_answered-{key}"))
        .await;
    assert_eq!(followed.goes_to(), format!("/my/records/{number}"));
    let page = house.get(&own, "/my/messages").await.page(200);
    assert!(!main_of(&page).contains("异议有了答复"), "{page}");
    assert!(page.contains(&format!("record_in-{fined}")), "{page}");

    house.post(&own, "/my/messages/read", &[]).await.goes_to();
    let page = house.get(&own, "/my").await.page(200);
    assert!(!page.contains(r#"class="n num""#), "{page}");
    let page = house.get(&own, "/my/messages?show=all").await.page(200);
    assert!(
        page.contains("异议有了答复") && page.contains("有新的记录"),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_nobody_elses() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let other = house.found(person(2)).await;
    let (_, fined) = house.append("chen", penalty(person(1), "处1")).await;
    let others = house.person(other).await;
    let page = house.get(&others, "/my/messages?show=all").await.page(200);
    assert!(main_of(&page).contains("还没有消息"), "{page}");
    house
        .get(&others, &format!("/my/messages/record_in-{fined}"))
        .await
        .page(404);
    let own = house.person(subject).await;
    let page = house.get(&own, "/my/messages").await.page(200);
    assert!(
        page.contains(&format!("record_in-{fined}")),
        "still unread by whom it concerns: {page}"
    );
}

/// Two who act for a company each have read what they have read.
#[tokio::test(flavor = "multi_thread")]
async fn a_company_is_told_at_its_own_desk() {
    let house = House::new().await;
    let representative = house.found(person(1)).await;
    house.found(company(1)).await;
    house.append("chen", represents(company(1), 1)).await;
    let (submission, _) = house.append("chen", penalty(company(1), "企处1")).await;
    house
        .store
        .confirm(submission, &officer("lin"), None)
        .await
        .unwrap();
    let jar = house.person(representative).await;
    let desk = format!("/company/{}", company(1).identifier.unwrap().value());
    let page = house.get(&jar, &format!("{desk}/messages")).await.page(200);
    assert!(
        page.contains(&format!(r#"href="{desk}/messages/record_in-"#)),
        "{page}"
    );
    let own = house.get(&jar, "/my/messages?show=all").await.page(200);
    assert!(
        !own.contains("record_in-"),
        "what concerns the company is not in the person's inbox: {own}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_at_the_counter_is_one_line_that_opens() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let li = house.staff("li").await;
    let case = check(&house, &li, 1, "hygiene-licence-renewal", "2026-1123-7").await;
    for _ in 0..3 {
        house.get(&li, &case).await.page(200);
    }
    house.post(&li, &format!("{case}/consent"), &BOTH).await.goes_to();
    house.get(&li, &case).await.page(200);
    let looks = house.looks(subject).await.len();
    assert!(looks > 4, "{looks}");
    let own = house.person(subject).await;
    let page = house.get(&own, "/my/looks").await.page(200);
    let main = main_of(&page);
    assert_eq!(main.matches("<tr>").count(), 2, "the head and one visit: {main}");
    assert!(main.contains(&format!("这次来访共 {looks} 次查询")), "{main}");
    let (_, inside) = main.split_once("<details>").unwrap();
    assert_eq!(
        inside.matches("<li>").count(),
        looks,
        "each can be seen: {inside}"
    );
    // A consent that was used is told, once for the case.
    let page = house.get(&own, "/my/messages").await.page(200);
    assert_eq!(page.matches("办事时用到了一项授权").count(), 1, "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_departments_case_is_in_words() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let (_, number) = house.append("chen", licence(person(1), "证1")).await;
    let plea = objection_of(&house, subject, number).await;
    let lin = house.staff("lin").await;
    house
        .get(&lin, &format!("/department/due/{plea}"))
        .await
        .page(200);
    let answer = [("decision", "no"), ("why", "经查，原件与记录一致")];
    house
        .post(&lin, &format!("/department/due/{plea}"), &answer)
        .await
        .goes_to();
    let own = house.person(subject).await;
    let page = house.get(&own, "/my/looks").await.page(200);
    let main = main_of(&page);
    assert!(
        main.contains(&format!("禅城区市场监督管理局第 {plea} 号异议或修复申请"))
            && !main.contains("chancheng.market"),
        "{main}"
    );
    assert_eq!(
        main.matches("<tr>").count(),
        2,
        "an objection that is answered is one visit: {main}"
    );
}
