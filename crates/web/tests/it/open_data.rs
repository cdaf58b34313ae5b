//! Public lists and open data: the same as the page shows, and gone with it.

use axum::body::Body;
use axum::http::{Method, header};
use record::Stated;

use crate::people::{company, licence, officer, penalty, person};
use crate::support::{Answer, House, Jar};

const FINE: &str = "佛禅市监处〔2026〕3号";

/// A company that was fined, and the fine confirmed.
async fn fined(house: &House, whom: Stated, number: &str) -> record::RecordNumber {
    let (submission, record) = house.append("chen", penalty(whom, number)).await;
    house
        .store
        .confirm(submission, &officer("lin"), None)
        .await
        .unwrap();
    record
}

async fn get(house: &House, path: &str) -> Answer {
    house.get(&Jar::none(), path).await
}

/// Every way in which the public can come to a penalty of company 1.
fn ways() -> Vec<String> {
    let uscc = company(1).identifier.unwrap().value().to_owned();
    let mut ways: Vec<String> = ["", ".json", ".csv", ".atom"]
        .map(|ending| format!("/penalties{ending}"))
        .into();
    ways.extend(["", ".json", ".csv"].map(|ending| format!("/organisations/{uscc}{ending}")));
    ways
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_shows_the_same_and_nothing_that_waits() {
    let house = House::new().await;
    house.found(company(1)).await;
    house.append("chen", penalty(company(1), FINE)).await;
    for way in ways() {
        assert!(
            !get(&house, &way).await.page(200).contains(FINE),
            "{way}: it waits"
        );
    }
    fined(&house, company(1), "佛禅市监处〔2026〕4号").await;
    house
        .append("chen", licence(company(1), "佛禅食〔2026〕9号"))
        .await;
    for way in ways() {
        let page = get(&house, &way).await.page(200);
        assert!(
            page.contains("佛禅市监处〔2026〕4号") && !page.contains(FINE),
            "{way}: {page}"
        );
    }
    for ending in ["", ".json", ".csv", ".atom"] {
        let page = get(&house, &format!("/licences{ending}")).await.page(200);
        assert!(
            page.contains("佛禅食〔2026〕9号") && !page.contains("佛禅市监处"),
            "{page}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_is_gone_from_everywhere_at_once() {
    let house = House::new().await;
    house.found(company(1)).await;
    let number = fined(&house, company(1), FINE).await;
    let mut tags = Vec::new();
    for way in ways() {
        let answer = get(&house, &way).await;
        assert!(answer.page(200).contains(FINE), "{way}");
        tags.push(answer.header("etag").to_owned());
    }
    let lin = house.staff("lin").await;
    let withdraw = format!("/department/records/{number}/withdraw");
    house
        .post(&lin, &withdraw, &[("why", "处罚决定已依法撤销")])
        .await
        .goes_to();
    for (way, tag) in ways().into_iter().zip(tags) {
        let request = Jar::none()
            .request(Method::GET, &way)
            .header(header::IF_NONE_MATCH, tag);
        let answer = house.send(request.body(Body::empty()).unwrap()).await;
        assert!(!answer.page(200).contains(FINE), "{way}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_in_it_and_filters_hold() {
    let house = House::new().await;
    house.found(person(1)).await;
    house.found(company(1)).await;
    house.found(company(2)).await;
    fined(&house, person(1), "处〔2026〕1号").await;
    fined(&house, company(1), "处〔2026〕2号").await;
    fined(&house, company(2), "处〔2026〕3号").await;
    let all = get(&house, "/penalties.json").await.page(200);
    assert!(
        !all.contains("处〔2026〕1号") && !all.contains(&person(1).name),
        "{all}"
    );
    let json: serde_json::Value = serde_json::from_str(&all).unwrap();
    assert_eq!(json["data"].as_array().unwrap().len(), 2);
    assert_eq!(json["data"][0]["document"], "处〔2026〕3号", "the newest first");
    let count = async |query: &str| {
        let text = get(&house, &format!("/penalties.json?{query}")).await.page(200);
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        json["data"].as_array().unwrap().len()
    };
    for (query, expect) in [
        ("month=2026-06", 2),
        ("month=2020-01", 0),
        ("source=chancheng.market", 2),
        ("source=foshan.tax", 0),
        ("kind=penalty.nothing", 0),
        ("before=0", 0),
    ] {
        assert_eq!(count(query).await, expect, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_has_it_is_told_so() {
    let house = House::new().await;
    house.found(company(1)).await;
    for way in [
        "/penalties.json",
        "/penalties.csv",
        "/penalties.atom",
        "/organisations.json",
    ] {
        let first = get(&house, way).await;
        let tag = first.header("etag").to_owned();
        assert!(
            !tag.is_empty() && first.header("last-modified").ends_with("GMT"),
            "{way}"
        );
        assert_eq!(first.header("cache-control"), "no-cache");
        let request = Jar::none()
            .request(Method::GET, way)
            .header(header::IF_NONE_MATCH, tag);
        let again = house.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0), "{way}");
    }
}
