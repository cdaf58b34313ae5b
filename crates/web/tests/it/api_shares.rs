//! Sharing by a key: the guards of the desk, the signed answer, and what was told put right.

use axum::body::Body;
use axum::http::Method;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use record::RecordNumber;
use serde_json::{Value, json};
use store::{Application, Way};

use crate::api::{as_documented, get, key, told};
use crate::people::{licence, officer, person, resident, source};
use crate::support::{Answer, House, Jar};

const MARKET: &str = "chancheng.market";
const HRSS: &str = "foshan.hrss";
const CASE: &str = "佛人社评〔2026〕12号";

pub(crate) async fn post(house: &House, key: &str, path: &str, body: &str) -> Answer {
    let request = Jar::none()
        .request(Method::POST, path)
        .header("authorization", format!("Bearer {key}"))
        .header("content-type", "application/json; charset=utf-8");
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let answer = house.send(request).await;
    as_documented(&Method::POST, path, &answer);
    answer
}

/// What `zhou`'s department applied for: licences of the market regulator's.
async fn applied(house: &House, ways: &[Way], per_day: u32) -> RecordNumber {
    let asks = Application {
        owner: source(MARKET),
        item: "licence.general".parse().unwrap(),
        ways: ways.to_vec(),
        fields: vec!["kind".parse().unwrap()],
        what_for: "评选前的核验".to_owned(),
        basis: "企业信息公示暂行条例".to_owned(),
        per_day,
        until: record::Date::constant(2027, 11, 22),
    };
    let (zhou, hrss) = (officer("zhou"), source(HRSS));
    house.store.apply_share(&asks, &zhou, &hrss).await.unwrap()
}

async fn grant(house: &House, share: RecordNumber) {
    let (lin, market) = (officer("lin"), source(MARKET));
    let granted = house
        .store
        .answer_share(share, true, &lin, &market, "同意按此提供");
    granted.await.unwrap();
}

/// What is granted and in force.
pub(crate) async fn granted(house: &House, per_day: u32) -> RecordNumber {
    let share = applied(house, &Way::ALL, per_day).await;
    grant(house, share).await;
    share
}

pub(crate) fn about(sequences: &[u16]) -> String {
    let of = |sequence: &u16| json!({ "kind": "resident_id", "value": resident(*sequence).value() });
    let identifiers: Vec<Value> = sequences.iter().map(of).collect();
    json!({ "case": CASE, "identifiers": identifiers }).to_string()
}

/// What was signed. Its signature is checked in the store's tests and, by other code, in the stories.
fn payload(answer: &Answer) -> Value {
    let signed = told(answer, 200);
    assert_eq!(answer.header("content-type"), "application/jose+json");
    assert_eq!(answer.header("cache-control"), "no-store");
    serde_json::from_slice(&B64.decode(signed["payload"].as_str().unwrap()).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_is_read_by_its_two_sides_alone() {
    let house = House::new().await;
    let share = granted(&house, 10).await;
    let address = format!("/api/v1/shares/{share}");
    for (name, of, shares, status) in [
        ("api-market", MARKET, 1, 200),
        ("api-hrss", HRSS, 1, 200),
        ("api-police", "chancheng.police", 0, 404),
    ] {
        let key = key(&house, name, of).await;
        let all = told(&get(&house, &key, "/api/v1/shares").await, 200);
        assert_eq!(all["shares"].as_array().unwrap().len(), shares, "{name}");
        let one = told(&get(&house, &key, &address).await, status);
        if status == 200 {
            assert_eq!(one["number"], share.0);
            assert_eq!(
                (&one["state"], &one["left_today"]),
                (&"in-force".into(), &10.into())
            );
            assert_eq!(one["ways"], json!(["query", "batch", "changes"]));
            assert_eq!(one["handed_out"], json!({ "records": 0, "subjects": 0 }));
        }
        // The owner knows of the share and still asks nothing under it; to others it is not there.
        for path in ["ask", "changes"] {
            let body = if path == "ask" {
                about(&[1])
            } else {
                json!({ "case": CASE }).to_string()
            };
            let answer = post(&house, &key, &format!("{address}/{path}"), &body).await;
            let expect = if of == HRSS { 200 } else { 404 };
            assert_eq!(answer.status, expect, "{name} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_signed_and_looked_at_first() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    house.found(person(2)).await;
    let record = house.append("chen", licence(person(1), "证1")).await.1;
    let share = granted(&house, 10).await;
    let key = key(&house, "api-hrss", HRSS).await;
    let ask = format!("/api/v1/shares/{share}/ask");
    let said = payload(&post(&house, &key, &ask, &about(&[1])).await);
    assert_eq!(
        (&said["case"], &said["officer"], &said["way"]),
        (&CASE.into(), &"api-hrss".into(), &"query".into())
    );
    let [shared] = said["answers"][0]["records"].as_array().unwrap().as_slice() else {
        panic!("{said}")
    };
    assert_eq!(shared["number"], record.0);
    let looks = house.looks(subject).await;
    let look = looks.last().unwrap();
    let told_look = (
        look.viewer.as_str(),
        look.door.as_str(),
        look.purpose.as_str(),
        look.case.as_deref(),
    );
    assert_eq!(told_look, ("api-hrss", "api", "department.sharing", Some(CASE)));
    let own = house.person(subject).await;
    let page = house.get(&own, "/my/looks").await.page(200);
    assert!(
        page.contains(CASE) && page.contains("对接系统"),
        "the person reads of it"
    );
    // One without such a record and one whom nobody knows are answered alike.
    let said = payload(&post(&house, &key, &ask, &about(&[2, 3])).await);
    assert_eq!(said["way"], "batch");
    let rest = |answer: &Value| {
        let mut answer = answer.clone();
        answer["identifier"] = Value::Null;
        answer
    };
    assert_eq!(rest(&said["answers"][0]), rest(&said["answers"][1]));
    assert_eq!(said["answers"][0]["records"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_new_goes_on_from_a_number() {
    let house = House::new().await;
    house.found(person(1)).await;
    let share = granted(&house, 10).await;
    let key = key(&house, "api-hrss", HRSS).await;
    let record = house.append("chen", licence(person(1), "证1")).await.1;
    let path = format!("/api/v1/shares/{share}/changes");
    let first = payload(&post(&house, &key, &path, &json!({ "case": CASE }).to_string()).await);
    assert_eq!(first["answers"][0]["records"][0]["number"], record.0);
    let body = json!({ "case": CASE, "since": first["next"] }).to_string();
    let then = payload(&post(&house, &key, &path, &body).await);
    assert_eq!((&then["answers"], &then["next"]), (&json!([]), &first["next"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_and_nobody_is_looked_at() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let share = granted(&house, 2).await;
    let single = applied_single(&house).await;
    let key = key(&house, "api-hrss", HRSS).await;
    let ask = format!("/api/v1/shares/{share}/ask");
    let number = resident(1).value().to_owned();
    let all_wrong = json!({ "identifiers": [
        { "kind": "resident_id", "value": number },
        { "kind": "resident_id", "value": "440604198001010000" },
        { "kind": "shoe_size", "value": number },
    ] });
    let answer = post(&house, &key, &ask, &all_wrong.to_string()).await;
    let problem = told(&answer, 422);
    assert_eq!(problem["type"], "/problems/api-wrong-body");
    let errors = problem["errors"].as_array().unwrap();
    let pointers: Vec<&str> = errors
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["#/case", "#/identifiers/1", "#/identifiers/2"]);
    for (path, body, status, problem) in [
        (&ask, about(&[]), 422, "api-wrong-body"),
        (
            &ask,
            about(&(1..=201).collect::<Vec<u16>>()),
            422,
            "api-wrong-body",
        ),
        (&ask, "{".to_owned(), 400, "400"),
        (
            &ask,
            json!({ "case": CASE, "names": ["罗志明1"] }).to_string(),
            400,
            "400",
        ),
        (&ask, about(&[1, 2, 3]), 429, "over-quota"),
        (&single, about(&[1]), 409, "not-granted"),
        (&single, about(&[1, 2]), 422, "api-wrong-body"),
        (&"/api/v1/shares/0/ask".to_owned(), about(&[1]), 404, "404"),
        (&"/api/v1/shares/x/ask".to_owned(), about(&[1]), 404, "404"),
    ] {
        let answer = post(&house, &key, path, &body).await;
        let told = told(&answer, status);
        assert_eq!(told["type"], format!("/problems/{problem}"), "{body}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(!told.to_string().contains(&number), "{told}");
    }
    let mut request = Jar::none().request(Method::POST, &ask);
    request = request.header("authorization", format!("Bearer {key}"));
    let form = house.send(request.body(Body::from(about(&[1]))).unwrap()).await;
    assert_eq!(told(&form, 415)["type"], "/problems/415");
    assert!(house.looks(subject).await.is_empty());
}

/// Applied for one by one, and not granted yet: where its questions go.
async fn applied_single(house: &House) -> String {
    let asks = Application {
        owner: source(MARKET),
        item: "penalty.fine".parse().unwrap(),
        ways: vec![Way::Query],
        fields: Vec::new(),
        what_for: "评选前的核验".to_owned(),
        basis: "企业信息公示暂行条例".to_owned(),
        per_day: 5,
        until: record::Date::constant(2027, 11, 22),
    };
    let (zhou, hrss) = (officer("zhou"), source(HRSS));
    let share = house.store.apply_share(&asks, &zhou, &hrss).await.unwrap();
    format!("/api/v1/shares/{share}/ask")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_is_put_right_by_the_recipient_alone() {
    let house = House::new().await;
    house.found(person(1)).await;
    let record = house.append("chen", licence(person(1), "证1")).await.1;
    let share = granted(&house, 10).await;
    let [hrss, market] = [
        key(&house, "api-hrss", HRSS).await,
        key(&house, "api-market", MARKET).await,
    ];
    payload(
        &post(
            &house,
            &hrss,
            &format!("/api/v1/shares/{share}/ask"),
            &about(&[1]),
        )
        .await,
    );
    let nothing = told(&get(&house, &hrss, "/api/v1/changes").await, 200);
    assert_eq!(nothing["changes"], json!([]));
    let (chen, owner) = (officer("chen"), source(MARKET));
    let taken_back = house.store.withdraw(record, &chen, &owner, "报错了人员");
    let change = taken_back.await.unwrap();
    let all = told(&get(&house, &hrss, "/api/v1/changes").await, 200);
    let [one] = all["changes"].as_array().unwrap().as_slice() else {
        panic!("{all}")
    };
    assert_eq!(
        (&one["share"], &one["record"], &one["change"], &one["kind"]),
        (
            &share.0.into(),
            &record.0.into(),
            &change.0.into(),
            &"withdrawn".into()
        )
    );
    assert_eq!(
        (&one["at"], &one["due"]),
        (&"2026-11-23T01:41:00Z".into(), &"2026-11-24T01:41:00Z".into())
    );
    assert_eq!(
        told(&get(&house, &market, "/api/v1/changes").await, 200)["changes"],
        json!([])
    );

    let acknowledge = "/api/v1/changes/acknowledgements";
    let said = json!({ "share": share.0, "record": record.0, "change": change.0, "how": "已从本系统删除" });
    let mut short = said.clone();
    short["how"] = "好".into();
    let problem = told(&post(&house, &hrss, acknowledge, &short.to_string()).await, 422);
    assert_eq!(problem["errors"][0]["pointer"], "#/how");
    assert_eq!(
        post(&house, &market, acknowledge, &said.to_string()).await.status,
        404
    );
    for status in [201, 200] {
        told(&post(&house, &hrss, acknowledge, &said.to_string()).await, status);
    }
    assert_eq!(
        told(&get(&house, &hrss, "/api/v1/changes").await, 200)["changes"],
        json!([])
    );
    let both = told(
        &get(&house, &market, &format!("/api/v1/shares/{share}")).await,
        200,
    );
    assert!(
        both["changes"][0]["acknowledged"].is_u64(),
        "the owner sees that it was: {both}"
    );
}

/// A key asks; applying, granting and ending are for people, and the desk of sharing stays shut to it.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_neither_applies_nor_grants() {
    let house = House::new().await;
    let share = applied(&house, &[Way::Query], 10).await;
    let key = key(&house, "api-market", MARKET).await;
    for path in [
        "new",
        &format!("{share}/answer"),
        &format!("{share}/end"),
        &format!("{share}/ask"),
    ] {
        let answer = post(&house, &key, &format!("/department/sharing/{path}"), "").await;
        assert_eq!(answer.status, 403, "{path}");
    }
    for path in ["", "/answer", "/end"] {
        let answer = post(&house, &key, &format!("/api/v1/shares/{share}{path}"), "{}").await;
        assert!([404, 405].contains(&answer.status.as_u16()), "{path}");
    }
    let system = crate::stock::bundle(record::Realm::Demo).role("system").unwrap();
    for act in ["share.apply", "share.answer"] {
        assert!(!system.may(act), "{act}");
    }
}
