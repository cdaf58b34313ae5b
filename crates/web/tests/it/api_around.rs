//! What is around every answer of the API: pages by a cursor, tags, packed bodies, the pace.

use std::io::Write as _;

use axum::body::Body;
use axum::http::Method;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::api::{get, key, told};
use crate::api_shares::{about, granted, post};
use crate::people::{licence, officer, person, source};
use crate::support::{House, Jar};

const MARKET: &str = "chancheng.market";
const HRSS: &str = "foshan.hrss";

#[tokio::test(flavor = "multi_thread")]
async fn what_has_not_changed_is_not_sent_again() {
    let house = House::new().await;
    let key = key(&house, "api-market", MARKET).await;
    let first = get(&house, &key, "/api/v1/shares").await;
    let tag = first.header("etag").to_owned();
    let again = async |tag: &str| {
        let request = Jar::none()
            .request(Method::GET, "/api/v1/shares")
            .header("authorization", format!("Bearer {key}"))
            .header("if-none-match", tag);
        house.send(request.body(Body::empty()).unwrap()).await
    };
    for known in [tag.clone(), format!("\"other\", W/{tag}"), "*".to_owned()] {
        let answer = again(&known).await;
        assert_eq!((answer.status.as_u16(), answer.bytes.len()), (304, 0), "{known}");
        assert_eq!(answer.header("etag"), tag);
    }
    granted(&house, 5).await;
    let changed = again(&tag).await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), tag);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_asks_too_fast_waits() {
    let house = House::new().await;
    let (fast, other) = (
        key(&house, "api-market", MARKET).await,
        key(&house, "api-hrss", HRSS).await,
    );
    let mut refused = None;
    for _ in 0..1_000 {
        let answer = get(&house, &fast, "/api/v1/shares").await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
        assert!(answer.header("ratelimit").starts_with("\"key\";r="));
        assert_eq!(answer.header("ratelimit-policy"), "\"key\";q=120;w=6");
    }
    let refused = refused.expect("no pace is held");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(told(&refused, 429)["type"], "/problems/api-too-fast");
    assert_eq!(
        get(&house, &other, "/api/v1/shares").await.status,
        200,
        "another key is not held up"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_packed_file_is_unpacked_and_a_bomb_is_not() {
    let house = House::new().await;
    let key = key(&house, "api-market", MARKET).await;
    let gzip = |bytes: &[u8]| {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    let send = async |once: &str, encoding: &str, body: Vec<u8>| {
        let request = Jar::none()
            .request(Method::POST, "/api/v1/submissions")
            .header("authorization", format!("Bearer {key}"))
            .header("idempotency-key", once)
            .header("content-type", "text/csv")
            .header("content-encoding", encoding);
        house.send(request.body(Body::from(body)).unwrap()).await
    };
    let rows = "CF_XDR_MC,CF_WSH\n甲,乙\n".as_bytes();
    assert_eq!(send("a", "gzip", gzip(rows)).await.status, 202);
    // The same file is the same, packed or not.
    assert_eq!(send("a", "identity", rows.to_vec()).await.status, 202);
    assert_eq!(send("b", "br", rows.to_vec()).await.status, 415);
    assert_eq!(send("c", "gzip", rows.to_vec()).await.status, 400);
    let bomb = gzip(&vec![b'a'; 80 << 20]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(send("d", "gzip", bomb).await.status, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_read_page_by_page() {
    let house = House::new().await;
    let share = granted(&house, 50).await;
    let key = key(&house, "api-hrss", HRSS).await;
    let (lin, market) = (officer("lin"), source(MARKET));
    let records: Vec<_> = (1..=5).map(|n| licence(person(n), &format!("证{n}"))).collect();
    let mut numbers = Vec::new();
    for n in 1..=5 {
        house.found(person(n)).await;
    }
    for record in &records {
        numbers.push(house.append("lin", record.clone()).await.1);
    }
    let asked = post(
        &house,
        &key,
        &format!("/api/v1/shares/{share}/ask"),
        &about(&[1, 2, 3, 4, 5]),
    )
    .await;
    assert_eq!(asked.status, 200);
    for number in &numbers {
        let withdrawn = house
            .store
            .withdraw(*number, &lin, &market, "录入有误，按原件更正后再报");
        withdrawn.await.unwrap();
    }
    let mut found = Vec::new();
    let mut address = "/api/v1/changes?limit=2".to_owned();
    loop {
        let answer = get(&house, &key, &address).await;
        let page = told(&answer, 200);
        found.extend(
            page["changes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["record"].as_u64().unwrap()),
        );
        match page["next"].as_str() {
            Some(next) => {
                let link = format!("</api/v1/changes?limit=2&after={next}>; rel=\"next\"");
                assert_eq!(answer.header("link"), link);
                address = format!("/api/v1/changes?limit=2&after={next}");
            }
            None => break,
        }
    }
    assert_eq!(found, numbers.iter().map(|number| number.0).collect::<Vec<_>>());
    for (query, problem) in [
        ("after=x", "api-wrong-cursor"),
        ("after=AAAA", "api-wrong-cursor"),
        ("limit=0", "api-wrong-limit"),
        ("limit=1001", "api-wrong-limit"),
    ] {
        let refused: Value = told(&get(&house, &key, &format!("/api/v1/changes?{query}")).await, 422);
        assert_eq!(refused["type"], format!("/problems/{problem}"));
    }
}
