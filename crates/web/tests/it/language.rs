//! The two languages, and how one chooses.

use axum::body::Body;
use axum::http::{Method, header};

use crate::support::{House, Jar};

/// The language a page is in.
fn lang(page: &str) -> &str {
    let (_, from) = page.split_once(r#"<html lang=""#).expect(page);
    from.split_once('"').unwrap().0
}

#[tokio::test(flavor = "multi_thread")]
async fn chinese_first_and_english_by_choice() {
    let house = House::new().await;
    let mut jar = Jar::none();
    assert_eq!(lang(&house.get(&jar, "/").await.page(200)), "zh-CN");
    let chosen = house.get(&jar, "/?lang=en").await;
    assert_eq!(lang(&chosen.page(200)), "en");
    jar.keep(&chosen);
    assert_eq!(jar.0["xl_lang"], "en");
    for path in ["/", "/guide/rating", "/sign-in", "/demo"] {
        assert_eq!(lang(&house.get(&jar, path).await.page(200)), "en", "{path}");
    }
    let back = house.get(&jar, "/?lang=zh").await;
    assert_eq!(
        lang(&back.page(200)),
        "zh-CN",
        "what is asked now goes before what was chosen"
    );
    jar.keep(&back);
    assert_eq!(lang(&house.get(&jar, "/").await.page(200)), "zh-CN");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_that_we_do_not_speak_changes_nothing() {
    let house = House::new().await;
    for code in ["fr", "", "zh-TW", "en'--"] {
        let answer = house.get(&Jar::none(), &format!("/?lang={code}")).await;
        assert!(answer.cookies().is_empty(), "{code}");
        assert_eq!(lang(&answer.page(200)), "zh-CN", "{code}");
        let jar = Jar([("xl_lang".to_owned(), code.to_owned())].into());
        assert_eq!(lang(&house.get(&jar, "/").await.page(200)), "zh-CN", "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_switch_stays_on_the_page_with_what_was_asked() {
    let house = House::new().await;
    let page = house
        .get(&Jar::none(), "/organisations?q=%E9%99%B6%E7%93%B7&page=1&lang=zh")
        .await
        .page(200);
    let (_, from) = page.split_once(r#"lang="en">"#).expect(&page);
    assert!(from.starts_with("English"));
    let (before, _) = page.split_once(r#"" lang="en">English"#).unwrap();
    let (_, href) = before.rsplit_once(r#"href=""#).unwrap();
    let href = href.replace("&#38;", "&").replace("&amp;", "&");
    assert_eq!(href, "/organisations?q=%E9%99%B6%E7%93%B7&page=1&lang=en");
    assert_eq!(lang(&house.get(&Jar::none(), &href).await.page(200)), "en");
}

/// A browser says what its owner reads; a choice of one's own goes before that.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_no_chinese_gets_english() {
    let house = House::new().await;
    let chosen = Jar([("xl_lang".to_owned(), "zh".to_owned())].into());
    for (jar, accept, expect) in [
        (Jar::none(), "en-GB,en;q=0.9", "en"),
        (Jar::none(), "zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        (Jar::none(), "en;q=0.2,zh;q=0.9", "zh-CN"),
        (Jar::none(), "fr", "zh-CN"),
        (chosen, "en-GB,en;q=0.9", "zh-CN"),
    ] {
        let request = jar
            .request(Method::GET, "/")
            .header(header::ACCEPT_LANGUAGE, accept);
        let answer = house.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(lang(&answer.page(200)), expect, "{accept}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_large_size_is_kept_beside_the_language() {
    let house = House::new().await;
    let mut jar = Jar::none();
    jar.keep(&house.get(&jar, "/?size=large").await);
    jar.keep(&house.get(&jar, "/?lang=en").await);
    let page = house.get(&jar, "/guide/rating").await.page(200);
    assert!(page.contains(r#"<html lang="en" class="elder">"#), "{page}");
    jar.keep(&house.get(&jar, "/?size=normal").await);
    let page = house.get(&jar, "/guide/rating").await.page(200);
    assert!(page.contains(r#"<html lang="en">"#), "{page}");
}
