//! A department's own system is told of what changed: it fails twice, is told then, and says by the API that it put it right.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::Reach;
use web::{Trust, tell_all};

use crate::api::{get, key, told};
use crate::api_shares::{about, granted};
use crate::people::{licence, officer, person, resident, source};
use crate::support::House;

/// What came to the receiver: headers and body.
type Heard = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// A receiver on this machine that fails so often before it takes anything.
async fn receiver(fails: usize) -> (String, Heard) {
    let heard = Heard::default();
    let keep = Arc::clone(&heard);
    let take = async move |headers: HeaderMap, body: String| {
        let mut heard = keep.lock().unwrap();
        heard.push((headers, body));
        if heard.len() > fails {
            StatusCode::NO_CONTENT
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/in", listener.local_addr().unwrap());
    let router = Router::new().route("/in", post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, heard)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_is_told_until_it_is_taken() {
    let house = House::new().await;
    let (store, trust) = (&house.store, Trust::of_machine().unwrap());
    house.found(person(1)).await;
    let record = house.append("chen", licence(person(1), "证1")).await.1;
    let share = granted(&house, 10).await;
    let key = key(&house, "api-hrss", "foshan.hrss").await;
    crate::api_shares::post(&house, &key, &format!("/api/v1/shares/{share}/ask"), &about(&[1]))
        .await
        .page(200);
    let (url, heard) = receiver(2).await;
    let (hrss, market) = (source("foshan.hrss"), source("chancheng.market"));
    store.put_webhook(&hrss, &url, Reach::Public).await.unwrap();
    let change = store
        .withdraw(record, &officer("chen"), &market, "报错了人员")
        .await
        .unwrap();
    let count = || heard.lock().unwrap().len();
    for (seconds, expect) in [(0, 1), (1, 1), (1, 2), (7, 2), (1, 3), (600, 3)] {
        house.pass(SignedDuration::from_secs(seconds));
        tell_all(store, &trust).await.unwrap();
        assert_eq!(count(), expect, "after {seconds} more seconds");
    }
    let heard = heard.lock().unwrap().clone();
    let ids: Vec<&str> = heard
        .iter()
        .map(|(headers, _)| headers["webhook-id"].to_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        [format!("{share}-{record}-{change}").as_str(); 3],
        "the same at every try"
    );
    let (_, body) = &heard[2];
    let event: Value = serde_json::from_str(body).unwrap();
    let document = crate::openapi::document();
    let schema = &document["components"]["schemas"]["Event"];
    crate::openapi::fits(&document, schema, &event).unwrap();
    let expect = json!({ "share": share.0, "record": record.0, "change": change.0, "kind": "withdrawn" });
    assert_eq!(event["data"], expect);
    for of_somebody in [resident(1).value(), "罗志明", "licence", "报错"] {
        assert!(!body.contains(of_somebody), "{body}");
    }
    // That it was told puts nothing right: its system says so, with what it was told.
    let waits = told(&get(&house, &key, "/api/v1/changes").await, 200);
    assert_eq!(waits["changes"].as_array().unwrap().len(), 1);
    let mut said = event["data"].clone();
    said.as_object_mut().unwrap().remove("kind");
    said["how"] = "已从本系统删除".into();
    let path = "/api/v1/changes/acknowledgements";
    told(
        &crate::api_shares::post(&house, &key, path, &said.to_string()).await,
        201,
    );
}

/// The address is looked at before each call: one registered where it may lie is not called where it may not.
#[tokio::test(flavor = "multi_thread")]
async fn a_live_store_calls_nothing_on_its_own_machine() {
    let house = House::of(crate::support::Kind {
        realm: record::Realm::Live,
        secure: true,
        guide: false,
    })
    .await;
    let trust = Trust::of_machine().unwrap();
    let (url, heard) = receiver(0).await;
    let market = source("chancheng.market");
    house
        .store
        .put_webhook(&market, &url, Reach::Public)
        .await
        .unwrap();
    assert!(web::push_test(&house.store, &trust, &market).await.is_err());
    assert!(heard.lock().unwrap().is_empty());
    house.store.remove_webhook(&market).await.unwrap();
    house
        .store
        .put_webhook(&market, &url, Reach::Plain)
        .await
        .unwrap();
    assert_eq!(web::push_test(&house.store, &trust, &market).await.unwrap(), 204);
    assert_eq!(heard.lock().unwrap().len(), 1);
}

/// A record handed to the bureau, its endpoint, and the change that was told: the key, and the event's id.
async fn told_once(house: &House, url: &str) -> (String, String) {
    let (store, trust) = (&house.store, Trust::of_machine().unwrap());
    house.found(person(1)).await;
    let record = house.append("chen", licence(person(1), "证1")).await.1;
    let share = granted(house, 10).await;
    let key = key(house, "api-hrss", "foshan.hrss").await;
    let ask = format!("/api/v1/shares/{share}/ask");
    crate::api_shares::post(house, &key, &ask, &about(&[1]))
        .await
        .page(200);
    let hrss = source("foshan.hrss");
    store.put_webhook(&hrss, url, Reach::Public).await.unwrap();
    let (chen, market) = (officer("chen"), source("chancheng.market"));
    let change = store
        .withdraw(record, &chen, &market, "报错了人员")
        .await
        .unwrap();
    tell_all(store, &trust).await.unwrap();
    (key, format!("{share}-{record}-{change}"))
}

async fn ask_replay(house: &House, key: &str, once: &str, body: &Value) -> crate::support::Answer {
    let request = crate::support::Jar::none()
        .request(axum::http::Method::POST, "/api/v1/events/replay")
        .header("authorization", format!("Bearer {key}"))
        .header("content-type", "application/json")
        .header("idempotency-key", once);
    let body = axum::body::Body::from(body.to_string());
    let answer = house.send(request.body(body).unwrap()).await;
    let method = axum::http::Method::POST;
    crate::api::as_documented(&method, "/api/v1/events/replay", &answer);
    answer
}

/// What cannot be asked of events, beside what can.
async fn refused(house: &House, key: &str) {
    for (path, status) in [
        ("/api/v1/events?state=lost", 422),
        ("/api/v1/events?from=yesterday", 422),
        ("/api/v1/events?limit=0", 422),
        ("/api/v1/events?state=given-up", 200),
    ] {
        told(&get(house, key, path).await, status);
    }
    for body in [
        json!({}),
        json!({ "id": "x" }),
        json!({ "state": "lost", "from": "2026-11-01" }),
    ] {
        told(&ask_replay(house, key, "once-3", &body).await, 422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_read_and_sent_again_once_for_each_request() {
    let house = House::new().await;
    let trust = Trust::of_machine().unwrap();
    let (url, heard) = receiver(1).await;
    let (key, id) = told_once(&house, &url).await;
    let events = told(&get(&house, &key, "/api/v1/events").await, 200);
    let [event] = events["events"].as_array().unwrap().as_slice() else {
        panic!("{events}")
    };
    assert_eq!(
        (&event["id"], &event["state"], &event["status"]),
        (&json!(id), &json!("waiting"), &json!(503))
    );
    assert!(event["next_try"].is_string() && event["fault"].is_string());
    for of_somebody in [resident(1).value(), "罗志明", "licence", "报错"] {
        assert!(!events.to_string().contains(of_somebody), "{events}");
    }
    // At once, in place of when it would be tried next.
    let one = json!({ "id": id });
    let answer = told(&ask_replay(&house, &key, "once-1", &one).await, 202);
    assert_eq!(answer, json!({ "events": 1, "repeated": false }));
    tell_all(&house.store, &trust).await.unwrap();
    assert_eq!(heard.lock().unwrap().len(), 2);
    let answer = told(&ask_replay(&house, &key, "once-1", &one).await, 200);
    assert_eq!(answer, json!({ "events": 1, "repeated": true }));
    tell_all(&house.store, &trust).await.unwrap();
    assert_eq!(heard.lock().unwrap().len(), 2, "the same request is done once");
    let period = json!({ "from": "2026-11-23", "to": "2026-11-23", "state": "sent" });
    let other = told(&ask_replay(&house, &key, "once-1", &period).await, 422);
    assert_eq!(other["type"], "/problems/api-key-reused");
    told(&ask_replay(&house, &key, "once-2", &period).await, 202);
    tell_all(&house.store, &trust).await.unwrap();
    assert_eq!(heard.lock().unwrap().len(), 3, "taken before, and sent again");
    let ids: Vec<String> = heard
        .lock()
        .unwrap()
        .iter()
        .map(|(headers, _)| headers["webhook-id"].to_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, [id.as_str(); 3]);
    let sent = told(&get(&house, &key, "/api/v1/events?state=sent").await, 200);
    assert_eq!(
        (&sent["events"][0]["status"], &sent["events"][0]["replays"]),
        (&204.into(), &2.into())
    );
    refused(&house, &key).await;
    // It is an act of the house, by the key's name.
    let shen = house.staff("shen").await;
    let acts = house
        .get(&shen, "/audit/acts?kind=events-replayed")
        .await
        .page(200);
    assert!(
        acts.contains("重发变化通知") && acts.contains("api-hrss") && acts.contains(&id),
        "{acts}"
    );
    let market = crate::api::key(&house, "api-market", "chancheng.market").await;
    assert_eq!(
        told(&get(&house, &market, "/api/v1/events").await, 200)["events"],
        json!([])
    );
    told(&ask_replay(&house, &market, "once-1", &one).await, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_sees_events_and_has_them_sent_again() {
    let house = House::new().await;
    let trust = Trust::of_machine().unwrap();
    let (url, heard) = receiver(0).await;
    let (_, id) = told_once(&house, &url).await;
    let zhou = house.staff("zhou").await;
    let list = "/department/sharing/events";
    let page = house.get(&zhou, list).await.page(200);
    assert!(
        page.contains(&url) && page.contains("已送达") && page.contains(&id),
        "{page}"
    );
    for of_somebody in [resident(1).value(), "罗志明"] {
        assert!(!page.contains(of_somebody));
    }
    assert!(
        !house
            .get(&zhou, &format!("{list}?state=given-up"))
            .await
            .page(200)
            .contains(&id)
    );
    let csv = house
        .get(&zhou, &format!("{list}.csv?kind=withdrawn"))
        .await
        .page(200);
    assert!(csv.contains(&id) && csv.contains("204"), "{csv}");
    let replay = format!("{list}/replay");
    let answer = house.post(&zhou, &replay, &[("id", &id)]).await;
    assert_eq!(answer.status, 303);
    assert!(
        answer.header("location").contains("done=events-replayed"),
        "{:?}",
        answer.headers
    );
    tell_all(&house.store, &trust).await.unwrap();
    assert_eq!(heard.lock().unwrap().len(), 2);
    // Thirty days on it is out of reach, and a period without events sends none.
    house.pass(SignedDuration::from_hours(31 * 24));
    let zhou = house.staff("zhou").await;
    assert!(!house.get(&zhou, list).await.page(200).contains(&id));
    house.post(&zhou, &replay, &[("state", "sent")]).await;
    tell_all(&house.store, &trust).await.unwrap();
    assert_eq!(heard.lock().unwrap().len(), 2);
    // Another department has no endpoint of its own here.
    let lin = house.staff("lin").await;
    assert!(!house.get(&lin, list).await.page(200).contains(&url));
    assert_eq!(house.post(&lin, &replay, &[("id", &id)]).await.status, 404);
}
