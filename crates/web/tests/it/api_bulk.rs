//! Bulk: a department's own records and answers about a long list, streamed as NDJSON, with a look first; and many
//! acknowledgements in a call.

use axum::body::Body;
use axum::http::Method;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use serde_json::{Value, json};

use crate::api::{get, key, told};
use crate::api_shares::{about, granted, post};
use crate::people::{licence, officer, person, resident, source, stray};
use crate::support::{Answer, House, Jar};

const MARKET: &str = "chancheng.market";
const HRSS: &str = "foshan.hrss";
const CASE: &str = "佛人社评〔2026〕12号";

/// Each line of an answer, held to the document.
fn lines(what: &str, answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.headers.get("etag"), None, "it is never whole");
    let text = answer.page(200);
    let each = text.lines().map(|line| serde_json::from_str(line).unwrap());
    each.inspect(|line| crate::openapi::check(what, 200, line))
        .collect()
}

async fn own(house: &House, key: &str, from: u64) -> Vec<Value> {
    let path = format!("/api/v1/records.ndjson?from={from}");
    let request = Jar::none()
        .request(Method::GET, &path)
        .header("authorization", format!("Bearer {key}"));
    let answer = house.send(request.body(Body::empty()).unwrap()).await;
    lines("get /api/v1/records.ndjson", &answer)
}

fn list(sequences: impl IntoIterator<Item = u16>) -> String {
    let number = |of: u16| json!({ "kind": "resident_id", "value": resident(of).value() });
    let numbers = sequences.into_iter().map(number);
    let lines = std::iter::once(json!({ "case": CASE })).chain(numbers);
    lines.map(|line| line.to_string()).collect::<Vec<_>>().join("\n")
}

async fn send_list(house: &House, key: &str, path: &str, body: String) -> Answer {
    let request = Jar::none()
        .request(Method::POST, path)
        .header("authorization", format!("Bearer {key}"))
        .header("content-type", "application/x-ndjson");
    house.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_department_fetches_what_it_handed_in_and_is_seen_to() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let mut numbers = Vec::new();
    for document in ["证1", "证2"] {
        numbers.push(house.append("chen", licence(person(1), document)).await.1.0);
    }
    let unlinked = house.append("chen", stray(7, "罚7")).await.1.0;
    let [market, hrss] = [
        key(&house, "api-market", MARKET).await,
        key(&house, "api-hrss", HRSS).await,
    ];
    let all = own(&house, &market, 0).await;
    let found: Vec<u64> = all.iter().filter_map(|line| line["number"].as_u64()).collect();
    let expect: Vec<u64> = found
        .iter()
        .copied()
        .filter(|number| numbers.contains(number) || *number == unlinked)
        .collect();
    assert_eq!(expect.len(), 3, "{all:#?}");
    let [line] = all
        .iter()
        .filter(|line| line["number"] == numbers[0])
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    let identifier = json!(["resident_id", resident(1).value()]);
    assert_eq!(line["subject"]["identifier"], identifier);
    assert_eq!(line["document"]["number"], "证1");
    let end = all.last().unwrap();
    assert_eq!(
        (&end["end"], &end["records"]),
        (&true.into(), &found.len().into())
    );
    let looks = house.looks(subject).await;
    let [look] = looks.as_slice() else {
        panic!("one look for the block: {looks:?}")
    };
    assert_eq!(
        (
            look.viewer.as_str(),
            look.door.as_str(),
            look.purpose.as_str(),
            look.case.as_deref()
        ),
        (
            "api-market",
            "api",
            "department.evidence",
            Some("chancheng.market/records")
        )
    );
    let page = house
        .get(&house.person(subject).await, "/my/looks")
        .await
        .page(200);
    assert!(page.contains("取回本部门报送的信息"), "the person reads of it");
    // It goes on from a number, and nobody is looked at for nothing.
    let rest = own(&house, &market, numbers[1]).await;
    assert!(
        rest.iter()
            .all(|line| line["number"].as_u64().is_none_or(|number| number >= numbers[1]))
    );
    let next = end["next"].as_u64().unwrap();
    let nothing = own(&house, &market, next).await;
    assert_eq!(nothing, [json!({ "end": true, "records": 0, "next": next })]);
    let looks = house.looks(subject).await;
    assert_eq!(looks.iter().filter(|look| look.viewer == "api-market").count(), 2);
    // Another department has none of it.
    let others = own(&house, &hrss, 0).await;
    assert_eq!(others.len(), 1, "{others:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_fetch_comes_in_blocks_and_packed() {
    let house = House::new().await;
    house.found(person(1)).await;
    for document in 0..450 {
        house
            .append("chen", licence(person(1), &format!("证{document}")))
            .await;
    }
    let key = key(&house, "api-market", MARKET).await;
    let all = own(&house, &key, 0).await;
    let numbers: Vec<u64> = all.iter().filter_map(|line| line["number"].as_u64()).collect();
    assert!(numbers.len() >= 450 && numbers.is_sorted());
    for packed in ["zstd", "gzip"] {
        let request = Jar::none()
            .request(Method::GET, "/api/v1/records.ndjson")
            .header("authorization", format!("Bearer {key}"))
            .header("accept-encoding", packed);
        let answer = house.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("content-encoding"), packed);
        assert!(answer.bytes.len() < 100_000, "{}", answer.bytes.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_answered_line_by_line_under_the_guards_of_the_desk() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let record = house.append("chen", licence(person(1), "证1")).await.1;
    let share = granted(&house, 100).await;
    let key = key(&house, "api-hrss", HRSS).await;
    let path = format!("/api/v1/shares/{share}/ask.ndjson");
    let answer = send_list(&house, &key, &path, list(1..=60)).await;
    let all = lines("post /api/v1/shares/{number}/ask.ndjson", &answer);
    assert_eq!(all.len(), 61);
    assert_eq!(all[60], json!({ "end": true, "answered": 60 }));
    let said = |line: &Value| -> Value {
        let payload = B64.decode(line["payload"].as_str().unwrap()).unwrap();
        serde_json::from_slice(&payload).unwrap()
    };
    for (place, line) in all[..60].iter().enumerate() {
        assert_eq!(line["line"], place + 2);
    }
    let first = said(&all[0]);
    assert_eq!((&first["way"], &first["case"]), (&"batch".into(), &CASE.into()));
    assert_eq!(first["answers"][0]["records"][0]["number"], record.0);
    assert_eq!(said(&all[1])["answers"][0]["records"], json!([]));
    let looks = house.looks(subject).await;
    assert_eq!((looks.len(), looks[0].case.as_deref()), (1, Some(CASE)));
    // Cut off after line 40, it goes on there; the day's quota is one for desk, API and lists.
    let rest = send_list(&house, &key, &format!("{path}?from=41"), list(1..=60)).await;
    let rest = lines("post /api/v1/shares/{number}/ask.ndjson", &rest);
    assert_eq!((rest.len(), &rest[0]["line"]), (22, &41.into()));
    let one = told(&get(&house, &key, &format!("/api/v1/shares/{share}")).await, 200);
    assert_eq!(one["left_today"], 100 - 60 - 21);
    let over = send_list(&house, &key, &path, list(1..=60)).await;
    assert_eq!(told(&over, 429)["type"], "/problems/over-quota");
    assert_eq!(house.looks(subject).await.len(), 1, "nobody was looked at");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_with_a_fault_looks_at_nobody() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let share = granted(&house, 100).await;
    let [hrss, market] = [
        key(&house, "api-hrss", HRSS).await,
        key(&house, "api-market", MARKET).await,
    ];
    let path = format!("/api/v1/shares/{share}/ask.ndjson");
    let wrong = format!(
        "{}\nnonsense\n\n{{\"kind\":\"shoe_size\",\"value\":\"1\"}}",
        list([1])
    );
    let problem = told(&send_list(&house, &hrss, &path, wrong).await, 422);
    let pointers: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["#/3", "#/5"]);
    for (key, body, status) in [
        (&hrss, list([]), 422),
        (&hrss, String::new(), 422),
        (&hrss, list([1]).lines().last().unwrap().to_owned(), 422),
        (&market, list([1]), 404),
    ] {
        let answer = send_list(&house, key, &path, body).await;
        let problem = told(&answer, status);
        assert!(!problem.to_string().contains(resident(1).value()), "{problem}");
    }
    assert_eq!(post(&house, &hrss, &path, &about(&[1])).await.status, 415);
    assert!(house.looks(subject).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_changes_are_put_right_in_a_call() {
    let house = House::new().await;
    house.found(person(1)).await;
    let mut records = Vec::new();
    for document in ["证1", "证2", "证3"] {
        records.push(house.append("chen", licence(person(1), document)).await.1);
    }
    let share = granted(&house, 10).await;
    let key = key(&house, "api-hrss", HRSS).await;
    post(&house, &key, &format!("/api/v1/shares/{share}/ask"), &about(&[1]))
        .await
        .page(200);
    let (chen, owner) = (officer("chen"), source(MARKET));
    for record in records {
        house
            .store
            .withdraw(record, &chen, &owner, "报错了人员")
            .await
            .unwrap();
    }
    let waits = told(&get(&house, &key, "/api/v1/changes").await, 200);
    let mut many: Vec<Value> = waits["changes"].as_array().unwrap().clone();
    for one in &mut many {
        *one = json!({ "share": one["share"], "record": one["record"], "change": one["change"], "how": "已从本系统删除" });
    }
    assert_eq!(many.len(), 3);
    let path = "/api/v1/changes/acknowledgements/batch";
    let mut short = many.clone();
    short[1]["how"] = "好".into();
    let body = json!({ "acknowledgements": short }).to_string();
    let problem = told(&post(&house, &key, path, &body).await, 422);
    assert_eq!(problem["errors"][0]["pointer"], "#/acknowledgements/1/how");
    for (body, pointer) in [
        (json!({}), "#/acknowledgements"),
        (
            json!({ "acknowledgements": vec![&many[0]; 501] }),
            "#/acknowledgements",
        ),
    ] {
        let problem = told(&post(&house, &key, path, &body.to_string()).await, 422);
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    let first = json!({ "acknowledgements": [many[0]] }).to_string();
    told(&post(&house, &key, path, &first).await, 200);
    let mut unknown = many[0].clone();
    unknown["record"] = 0.into();
    many.push(unknown);
    let all = json!({ "acknowledgements": many }).to_string();
    let said = told(&post(&house, &key, path, &all).await, 200);
    let states: Vec<&str> = said["acknowledgements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["said-before", "said", "said", "not-told"]);
    let waits = told(&get(&house, &key, "/api/v1/changes").await, 200);
    assert_eq!(waits["changes"], json!([]));
}
