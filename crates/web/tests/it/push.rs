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
