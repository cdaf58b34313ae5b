//! Acting for an organisation: who may, from when to when, for how much, and that the organisation sees it.

use assess::Scope;
use jiff::SignedDuration;
use record::{SubjectId, Value};

use crate::access::{appoint, company_permit};
use crate::people::{company, licence, officer, person, represents, resident, source, with};
use crate::support::{House, Jar, main_of};

/// A house with a company that person 1 represents; its desk, and the two.
async fn represented() -> (House, String, SubjectId, SubjectId) {
    let house = House::new().await;
    let representative = house.found(person(1)).await;
    let organisation = house.found(company(1)).await;
    house.append("chen", represents(company(1), 1)).await;
    let desk = format!("/company/{}", company(1).identifier.unwrap().value());
    (house, desk, representative, organisation)
}

/// The status of the desk for somebody.
async fn status(house: &House, jar: &Jar, path: &str) -> u16 {
    house.get(jar, path).await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_representative_has_the_file_of_the_company_and_the_look_is_written_under_their_name() {
    let (house, desk, representative, organisation) = represented().await;
    house.append("chen", licence(company(1), "企证1")).await;
    let jar = house.person(representative).await;
    let chooser = house.get(&jar, "/company").await.page(200);
    assert!(chooser.contains(&format!(r#"href="{desk}""#)), "{chooser}");
    let page = house.get(&jar, &desk).await.page(200);
    assert!(
        page.contains(r#"id="acting-for""#) && page.contains(&company(1).name),
        "the page says for whom: {page}"
    );
    assert!(
        page.contains("企证1") && !page.contains(r#"href="/my/"#),
        "it leads nowhere but to the company's pages: {page}"
    );
    let looks = house.looks(organisation).await;
    let last = looks.last().unwrap();
    assert_eq!(
        (last.viewer_kind.as_str(), last.agent()),
        ("agent", Some(representative))
    );
    assert!(last.is_own());
    let seen = house.get(&jar, &format!("{desk}/looks?own=1")).await.page(200);
    assert!(
        seen.contains("本企业 罗***"),
        "the masked name: {}",
        main_of(&seen)
    );
    assert!(!seen.contains(resident(1).value()), "no page shows the number");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_of_others_and_none_look_the_same() {
    let (house, desk, ..) = represented().await;
    let other = house.found(person(2)).await;
    let jar = house.person(other).await;
    let foreign = house.get(&jar, &desk).await;
    let absent = house.get(&jar, "/company/91440604DEM000000X").await;
    assert_eq!((foreign.status.as_u16(), absent.status.as_u16()), (403, 403));
    let other_name = |text: String| {
        text.replace("91440604DEM000000X", "")
            .replace(desk.trim_start_matches("/company/"), "")
    };
    assert_eq!(
        other_name(foreign.without_instance()),
        other_name(absent.without_instance())
    );
    let chooser = house.get(&jar, "/company").await.page(200);
    assert!(!chooser.contains(&company(1).name), "{chooser}");
}

/// A number typed wrong is somebody's, and gives nobody anything: number and name must be of one.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_under_another_name_makes_nobody_representative() {
    let house = House::new().await;
    let someone = house.found(person(1)).await;
    house.found(company(1)).await;
    let wrong = with(
        represents(company(1), 1),
        "representative",
        Value::Text("陈大文".into()),
    );
    house.append("chen", wrong).await;
    let desk = format!("/company/{}", company(1).identifier.unwrap().value());
    let jar = house.person(someone).await;
    assert_eq!(status(&house, &jar, &desk).await, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_in_office_counts_and_one_taken_back_does_not() {
    let (house, desk, first, _) = represented().await;
    let second = house.found(person(2)).await;
    let (one, two) = (house.person(first).await, house.person(second).await);
    assert_eq!(status(&house, &one, &desk).await, 200);
    let mut newer = represents(company(1), 2);
    newer.occurred = "2026-07-01".parse().unwrap();
    let (_, number) = house.append("chen", newer).await;
    assert_eq!(status(&house, &one, &desk).await, 403);
    assert_eq!(status(&house, &two, &desk).await, 200);
    let market = source("chancheng.market");
    let why = "登记有误，已核对";
    let taken_back = house.store.withdraw(number, &officer("lin"), &market, why).await;
    taken_back.unwrap();
    assert_eq!(status(&house, &one, &desk).await, 200);
    assert_eq!(status(&house, &two, &desk).await, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_acts_from_acceptance_to_revocation() {
    let (house, desk, representative, _) = represented().await;
    let agent = house.found(person(2)).await;
    let (_, number) = house.append("chen", licence(company(1), "企证1")).await;
    let (own, agents) = (house.person(representative).await, house.person(agent).await);
    let (whom, id) = (person(2).name, resident(2));
    let form = [
        ("name", whom.as_str()),
        ("number", id.value()),
        ("scope", "act"),
        ("last", "2027-05-23"),
    ];
    // Name and number must be of one, the end must be near, and nobody is appointed twice.
    let wrong = [
        (0, "陈大文", "没有找到"),
        (1, "440604198001010000", "没有找到"),
        (3, "2036-01-01", "两年"),
    ];
    for (at, value, says) in wrong {
        let mut form = form;
        form[at].1 = value;
        let page = house
            .post(&own, &format!("{desk}/agents/appoint"), &form)
            .await
            .page(422);
        assert!(page.contains(says), "{says}: {page}");
    }
    let sent = house.post(&own, &format!("{desk}/agents/appoint"), &form).await;
    let appointment = sent.goes_to().rsplit_once("n=").unwrap().1.to_owned();
    let page = house
        .post(&own, &format!("{desk}/agents/appoint"), &form)
        .await
        .page(422);
    assert!(page.contains("已经可以代办"), "{page}");

    assert_eq!(status(&house, &agents, &desk).await, 403, "asked is not accepted");
    let chooser = house.get(&agents, "/company").await.page(200);
    assert!(chooser.contains(r#"id="asking""#), "{chooser}");
    let accept = format!("/my/appointments/{appointment}/accept");
    house.post(&own, &accept, &[]).await.page(404);
    house.post(&agents, &accept, &[]).await.goes_to();
    assert_eq!(status(&house, &agents, &desk).await, 200);

    let objected = format!("{desk}/records/{number}/object");
    let ground = [("ground", "这张证不是我们的，请核对")];
    house.post(&agents, &objected, &ground).await.goes_to();
    house
        .post(&agents, &format!("{desk}/agents/appoint"), &form)
        .await
        .page(403);
    let told = house.get(&own, &format!("{desk}/agents")).await.page(200);
    let (_, done) = told.split_once(r#"id="done""#).unwrap();
    assert!(
        done.contains("本企业 罗***") && done.contains(&format!("/records/{number}")),
        "who did what: {done}"
    );

    house
        .post(&own, &format!("{desk}/agents/{appointment}/revoke"), &[])
        .await
        .goes_to();
    assert_eq!(status(&house, &agents, &desk).await, 403, "it counts at once");
    house.post(&agents, &accept, &[]).await.page(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_changes_nothing_and_is_offered_nothing() {
    let (house, desk, representative, organisation) = represented().await;
    let reader = house.found(person(2)).await;
    let (_, number) = house.append("chen", licence(company(1), "企证1")).await;
    let appointment = appoint(&house, representative, organisation, 2, Scope::Read).await;
    let jar = house.person(reader).await;
    house
        .post(&jar, &format!("/my/appointments/{appointment}/accept"), &[])
        .await
        .goes_to();
    let page = house
        .get(&jar, &format!("{desk}/records/{number}"))
        .await
        .page(200);
    assert!(!page.contains(r#"id="object""#), "{page}");
    let size = house.store.tree_size().await.unwrap();
    for path in [
        format!("/records/{number}/object"),
        format!("/records/{number}/repair"),
        "/agents/appoint".into(),
        "/notice".into(),
    ] {
        house
            .post(&jar, &format!("{desk}{path}"), &[("ground", "这张证不是我们的")])
            .await
            .page(403);
    }
    assert_eq!(house.store.tree_size().await.unwrap(), size);
    // What was accepted is laid down by whoever accepted it.
    house
        .post(&jar, &format!("/my/appointments/{appointment}/decline"), &[])
        .await
        .goes_to();
    assert_eq!(status(&house, &jar, &desk).await, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_ends_by_itself() {
    let (house, desk, representative, organisation) = represented().await;
    let agent = house.found(person(2)).await;
    let appointment = appoint(&house, representative, organisation, 2, Scope::Act).await;
    let jar = house.person(agent).await;
    house
        .post(&jar, &format!("/my/appointments/{appointment}/accept"), &[])
        .await
        .goes_to();
    assert_eq!(status(&house, &jar, &desk).await, 200);
    house.pass(SignedDuration::from_hours(24 * 182));
    let jar = house.person(agent).await;
    assert_eq!(status(&house, &jar, &desk).await, 403);
}

/// The store holds it too: a permit of an agent does not appoint, whatever a page lets through.
#[tokio::test(flavor = "multi_thread")]
async fn only_the_representative_appoints() {
    let (house, _, _, organisation) = represented().await;
    let agent = house.found(person(2)).await;
    let permit = company_permit(&house, agent, organisation).await;
    let new = store::NewAppointment {
        name: person(1).name,
        number: resident(1).value().to_owned(),
        scope: Scope::Read,
        last: "2027-01-01".parse().unwrap(),
    };
    let refused = house.store.appoint(&permit, &new).await.unwrap_err();
    assert!(refused.to_string().contains("legal representative"), "{refused}");
}
