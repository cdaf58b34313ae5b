//! The log as it is served, and the proof of a record of one's own.

use crate::people::{penalty, person};
use crate::support::{House, Jar};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_logged_is_served_and_its_subject_keeps_the_proof() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let own = house.person(subject).await;
    let (_, number) = house.append("chen", penalty(person(1), "处1")).await;
    let (address, proof) = (
        format!("/my/records/{number}"),
        format!("/my/records/{number}/proof"),
    );
    let page = house.get(&own, &address).await.page(200);
    assert!(
        page.contains("等待写入公开账本") && !page.contains(&proof),
        "{page}"
    );
    house.get(&own, &proof).await.page(404);

    let origin = store::LogOrigin::new("log.example").unwrap();
    let mut writer = house.store.write_the_log(&origin, |_| ()).await.unwrap();
    writer.integrate().await.unwrap();
    let size = writer.size();
    let nobody = Jar::none();
    let checkpoint = house.get(&nobody, "/log/checkpoint").await;
    assert!(checkpoint.text().starts_with(&format!("log.example\n{size}\n")));
    assert_eq!(checkpoint.header("cache-control"), "no-cache");
    let bundle = house
        .get(&nobody, &format!("/log/tile/entries/000.p/{size}"))
        .await;
    assert!(bundle.header("cache-control").contains("immutable"));
    for absent in [
        format!("/log/tile/entries/000.p/{}", size.0 + 1),
        "/log/tile/entries/000".into(),
        "/log/lock".into(),
        "/log/tile/..%2F..%2Fkeys.toml".into(),
    ] {
        house.get(&nobody, &absent).await.page(404);
    }

    let page = house.get(&own, &address).await.page(200);
    assert!(page.contains(&proof), "{page}");
    let looks = house.looks(subject).await.len();
    let kept = house.get(&own, &proof).await;
    assert!(kept.text().ends_with(&checkpoint.text()), "{}", kept.text());
    assert_eq!(
        house.looks(subject).await.len(),
        looks + 1,
        "a proof is fetched by a look"
    );
    // Another's and absent look the same.
    let other = house.person(house.found(person(2)).await).await;
    house.get(&other, &proof).await.page(404);
}
