//! Another system hands in by a key: at once answered, taken in once, and told what became of every row.

use axum::body::Body;
use axum::http::{Method, header};
use identity::ApiKey;
use jiff::SignedDuration;
use record::SubmissionId;
use serde_json::Value;
use store::{Handed, NewJob, NewSubmission};

use crate::department::{csv, fine};
use crate::people::{officer, person, source};
use crate::support::{Answer, House, Jar};

const WISHES: &str = "/api/v1/submissions?layout=sgs-wishes";
const HAND_IN: &str = "/api/v1/submissions?layout=sgs-penalty-2018&name=十一月";

/// A key of the market regulator's system.
pub(crate) async fn key(house: &House, name: &str, from: &str) -> String {
    let key = ApiKey::generate().unwrap();
    let until = house.clock.now_ms() + 86_400_000;
    let (name, from) = (officer(name), source(from));
    let put = house.store.put_api_key(key.hash(), &name, &from, until, None);
    put.await.unwrap();
    key.to_text()
}

/// What is sent beside the body.
struct Sent<'a> {
    key: &'a str,
    once: &'a str,
    kind: &'a str,
}

async fn post(house: &House, path: &str, sent: &Sent<'_>, body: &[u8]) -> Answer {
    let mut request = Jar::none().request(Method::POST, path);
    for (name, value) in [
        ("authorization", format!("Bearer {}", sent.key)),
        ("idempotency-key", sent.once.to_owned()),
        ("content-type", sent.kind.to_owned()),
    ] {
        if !value.is_empty() {
            request = request.header(name, value);
        }
    }
    let answer = house.send(request.body(Body::from(body.to_vec())).unwrap()).await;
    as_documented(&Method::POST, path, &answer);
    answer
}

pub(crate) async fn get(house: &House, key: &str, path: &str) -> Answer {
    let request = Jar::none().request(Method::GET, path);
    let request = request.header(header::AUTHORIZATION, format!("bearer {key}"));
    let answer = house.send(request.body(Body::empty()).unwrap()).await;
    as_documented(&Method::GET, path, &answer);
    answer
}

pub(crate) fn told(answer: &Answer, status: u16) -> Value {
    serde_json::from_str(&answer.page(status)).unwrap()
}

/// Holds an answer to the API's document: whatever is asked here is in it.
pub(crate) fn as_documented(method: &Method, address: &str, answer: &Answer) {
    let path = address.split('?').next().unwrap();
    if !path.starts_with("/api/v1/") {
        return;
    }
    let parts = path.split('/').map(|part| match part {
        number if number.parse::<u64>().is_ok() && path.contains("/shares/") => "{number}",
        number if number.parse::<u64>().is_ok() => "{id}",
        part => part,
    });
    let path = parts.collect::<Vec<_>>().join("/");
    let method = method.as_str().to_lowercase();
    if crate::openapi::document()["paths"][&path][&method].is_object() {
        let value = serde_json::from_slice(&answer.bytes).unwrap();
        crate::openapi::check(&format!("{method} {path}"), answer.status.as_u16(), &value);
    }
}

/// The job, once nothing is left to do.
async fn ended(house: &House, key: &str, address: &str) -> Value {
    for _ in 0..400 {
        let job = told(&get(house, key, address).await, 200);
        if job["state"] == "done" || job["state"] == "failed" {
            return job;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("{address} never ends")
}

fn rows(how_many: u16) -> Vec<String> {
    let rows = 1..=how_many;
    rows.map(|n| fine(1, &format!("佛禅市监处〔2026〕{n}号"), "罚款"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_taken_in_once_and_reported() {
    let house = House::new().await;
    house.found(person(1)).await;
    let key = key(&house, "api-market", "chancheng.market").await;
    let mut lines = rows(3);
    lines.push(fine(1, "佛禅市监处〔2026〕9号", "罚酒"));
    let body = csv(&lines);
    let sent = Sent {
        key: &key,
        once: "2026-11-23/1",
        kind: "text/csv; charset=utf-8",
    };
    let answer = post(&house, HAND_IN, &sent, &body).await;
    let job = told(&answer, 202);
    let address = answer.header("location").to_owned();
    assert_eq!(job["self"], address);
    assert_eq!(job["file"], "十一月.csv");
    assert_eq!(answer.header("cache-control"), "no-store");
    let job = ended(&house, &key, &address).await;
    assert_eq!((&job["state"], &job["fault"]), (&"done".into(), &Value::Null));
    let report = job["submission"].as_str().unwrap().to_owned();
    let report_told = told(&get(&house, &key, &report).await, 200);
    let figures = ["rows", "accepted", "pending", "duplicate", "unlinked", "refused"];
    assert_eq!(
        figures.map(|of| report_told[of].as_u64().unwrap()),
        [4, 0, 3, 0, 0, 1]
    );
    assert_eq!(report_told["state"], "waiting", "a person confirms it");
    let error = &report_told["errors"][0];
    assert_eq!(
        (&error["row"], &error["column"], &error["code"]),
        (&5.into(), &"CF_CFLB".into(), &"CODE-UNKNOWN".into())
    );

    // Sent again it is the same job, and nothing more is held; with the same key another file is refused.
    let size = house.store.tree_size().await.unwrap();
    let again = post(&house, HAND_IN, &sent, &body).await;
    assert_eq!(
        (told(&again, 202)["state"].clone(), again.header("location")),
        ("done".into(), address.as_str())
    );
    let other = post(&house, HAND_IN, &sent, &csv(&rows(1))).await;
    assert_eq!(told(&other, 422)["type"], "/problems/api-key-reused");
    let by_other_layout = post(&house, "/api/v1/submissions", &sent, &body).await;
    assert_eq!(told(&by_other_layout, 422)["type"], "/problems/api-key-reused");
    assert_eq!(house.store.tree_size().await.unwrap(), size);

    // Another department's system finds neither.
    let police = self::key(&house, "api-police", "chancheng.police").await;
    for path in [&address, &report] {
        assert_eq!(told(&get(&house, &police, path).await, 404)["status"], 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_is_told() {
    let house = House::new().await;
    let key = key(&house, "api-market", "chancheng.market").await;
    let (body, long) = (csv(&rows(1)), "k".repeat(129));
    for (once, kind, path, body, status, problem) in [
        ("", "text/csv", HAND_IN, &body[..], 422, "api-no-idempotency-key"),
        (
            "一",
            "text/csv",
            HAND_IN,
            &body[..],
            422,
            "api-no-idempotency-key",
        ),
        (
            &long,
            "text/csv",
            HAND_IN,
            &body[..],
            422,
            "api-no-idempotency-key",
        ),
        ("1", "", HAND_IN, &body[..], 415, "415"),
        ("1", "image/png", HAND_IN, &body[..], 415, "415"),
        ("1", "text/csv", HAND_IN, b"", 422, "api-empty"),
        ("1", "text/csv", WISHES, &body[..], 422, "api-unknown-layout"),
    ] {
        let sent = Sent {
            key: &key,
            once,
            kind,
        };
        let answer = post(&house, path, &sent, body).await;
        let told = told(&answer, status);
        assert_eq!(told["type"], format!("/problems/{problem}"));
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(!told["detail"].as_str().unwrap().contains("api-"), "{told}");
    }
    for key in ["", "xinlian_00"] {
        let sent = Sent {
            key,
            once: "1",
            kind: "text/csv",
        };
        let answer = post(&house, HAND_IN, &sent, &body).await;
        assert_eq!(told(&answer, 401)["type"], "/problems/401");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_none_is_a_job_that_failed() {
    let house = House::new().await;
    let key = key(&house, "api-market", "chancheng.market").await;
    let wrong = Sent {
        key: &key,
        once: "2",
        kind: "application/x-ndjson",
    };
    let answer = post(&house, "/api/v1/submissions", &wrong, b"{\"a\": 1}\n").await;
    let job = ended(&house, &key, answer.header("location")).await;
    assert_eq!(job["state"], "failed");
    assert!(
        job["fault"]["code"].is_string() && job["fault"]["what"]["en"].is_string(),
        "{job}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_opens_the_api_alone_until_it_ends() {
    let house = House::new().await;
    let key = key(&house, "api-market", "chancheng.market").await;
    for path in ["/department", "/department/unlinked", "/my", "/counter"] {
        let answer = get(&house, &key, path).await;
        assert!(answer.goes_to().starts_with("/sign-in"), "{path}");
    }
    assert_eq!(get(&house, &key, "/api/v1/jobs/1").await.status, 404);
    let keys = house.store.api_keys().await.unwrap();
    assert_eq!(keys[0].last_used_ms, Some(house.clock.now_ms()));
    // Nobody is called as somebody else is.
    let other = ApiKey::generate().unwrap().hash();
    for taken in ["api-market", "lin"] {
        let (name, from) = (officer(taken), source("chancheng.police"));
        let put = house.store.put_api_key(other, &name, &from, i64::MAX, None);
        assert!(put.await.is_err(), "{taken}");
    }
    house.store.revoke_api_key(&officer("api-market")).await.unwrap();
    assert_eq!(get(&house, &key, "/api/v1/jobs/1").await.status, 401);
    assert!(house.store.revoke_api_key(&officer("nobody")).await.is_err());
    let second = self::key(&house, "api-second", "chancheng.market").await;
    assert_eq!(get(&house, &second, "/api/v1/jobs/1").await.status, 404);
    house.pass(SignedDuration::from_hours(24));
    assert_eq!(get(&house, &second, "/api/v1/jobs/1").await.status, 401);
}

/// What a crash leaves of a job of these rows: begun, and nothing of it finished.
async fn begun(house: &House, once: &str, lines: &[String]) -> (u64, SubmissionId) {
    let new = NewJob {
        source: source("chancheng.market"),
        officer: officer("api-market"),
        once: once.to_owned(),
        layout: Some("sgs-penalty-2018".parse().unwrap()),
        file_name: "断电.csv".to_owned(),
        body: csv(lines),
    };
    let Handed::New(job) = house.store.put_job(&new).await.unwrap() else {
        panic!("it is new")
    };
    let begun = NewSubmission {
        source: new.source.clone(),
        layout: new.layout.clone(),
        file_name: Some(new.file_name.clone()),
        file_digest: None,
        officer: new.officer.clone(),
    };
    let submission = house.store.begin_job(job.id, &begun).await.unwrap();
    (job.id, submission)
}

/// The program was killed in the middle of a file: what was taken in is counted as it was, and the rest follows.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_cut_off_is_taken_in_to_its_end() {
    let house = House::new().await;
    house.found(person(1)).await;
    let key = key(&house, "api-market", "chancheng.market").await;
    let market = source("chancheng.market");
    let sent = Sent {
        key: &key,
        once: "whole",
        kind: "text/csv",
    };
    let first = post(&house, HAND_IN, &sent, &csv(&rows(2))).await;
    ended(&house, &key, first.header("location")).await;
    let mut lines = rows(6).split_off(2);
    lines.push(lines[0].clone());
    let (cut, submission) = begun(&house, "cut off", &lines).await;
    let (ended_before, noted) = begun(&house, "not noted", &rows(1)).await;
    let none = store::SubmissionTotals::default();
    let quality = store::SubmissionQuality::default();
    house
        .store
        .finish_submission(noted, &none, &quality, b"{}")
        .await
        .unwrap();
    let held = rows_of(&house, &lines[..2]).await;
    house.store.append(submission, &held).await.unwrap();
    // Whatever comes next wakes it.
    post(&house, HAND_IN, &Sent { once: "next", ..sent }, &csv(&rows(1))).await;
    let told_job = ended(&house, &key, &format!("/api/v1/jobs/{cut}")).await;
    assert_eq!(
        told_job["submission"],
        format!("/api/v1/submissions/{}", submission.0)
    );
    let report = told(
        &get(&house, &key, &format!("/api/v1/submissions/{}", submission.0)).await,
        200,
    );
    let figures = ["rows", "pending", "duplicate"].map(|of| report[of].as_u64().unwrap());
    assert_eq!(figures, [5, 4, 1], "one row stands twice in the file");
    house
        .store
        .confirm(submission, &officer("lin"), Some(&market))
        .await
        .unwrap();
    let other = ended(&house, &key, &format!("/api/v1/jobs/{ended_before}")).await;
    assert_eq!(
        other["fault"],
        Value::Null,
        "it was at its end, and is not taken in anew"
    );
}

/// These rows as records, read by the house's own reader.
async fn rows_of(house: &House, lines: &[String]) -> Vec<record::Record> {
    let as_of = house.store.now_as_of().await.unwrap();
    let bundle = house.store.bundle(as_of).await.unwrap();
    let layouts = exchange::Layouts::from_bundle(&bundle).unwrap();
    let file = exchange::SourceFile::from_bytes("a.csv", csv(lines), &exchange::Reader::Here).unwrap();
    let (from, aliases) = (source("chancheng.market"), exchange::Aliases::default());
    let intake = exchange::Intake::new(&bundle, &layouts, None, &from, as_of.on, &aliases, file);
    let rows = intake.unwrap().next_chunk(100).unwrap().unwrap();
    rows.into_iter().map(|row| row.result.unwrap()).collect()
}
