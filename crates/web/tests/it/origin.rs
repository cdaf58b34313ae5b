//! What keeps other sites out: origins, cookies, headers, limits.

use axum::body::Body;
use axum::http::{Method, header};
use record::Realm;

use crate::access::{Stage, table};
use crate::department::{csv, fine};
use crate::people::person;
use crate::stock::PASSWORD;
use crate::support::{Answer, HOST, House, Jar, Kind};

/// A form that says it comes from somewhere.
async fn form_from(house: &House, jar: &Jar, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = jar.request(Method::POST, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    house.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_site_changes_nothing() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let jar = house.person(subject).await;
    let before = house.store.tree_size().await.unwrap();
    let same_port_less = format!("http://{}", HOST.split(':').next().unwrap());
    let sites: [&[(&str, &str)]; 7] = [
        &[],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", &same_port_less)],
        &[("sec-fetch-site", "cross-site")],
        &[
            ("sec-fetch-site", "same-site"),
            ("origin", "http://desk.example:8080"),
        ],
        &[("referer", "http://desk.example:8080/my")],
    ];
    for headers in sites {
        for path in ["/my/notice", "/sign-out", "/no/such/page"] {
            form_from(&house, &jar, path, headers).await.page(403);
        }
    }
    assert_eq!(house.store.tree_size().await.unwrap(), before);
    assert_eq!(
        house.get(&jar, "/my/consents").await.status,
        200,
        "still signed in"
    );
    // The same form from our own page does both.
    let own = [("sec-fetch-site", "same-origin")];
    assert_eq!(form_from(&house, &jar, "/my/notice", &own).await.status, 303);
    assert_ne!(house.store.tree_size().await.unwrap(), before);
    assert_eq!(form_from(&house, &jar, "/sign-out", &own).await.status, 303);
    assert_eq!(house.get(&jar, "/my/consents").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_are_kept_from_scripts_and_other_sites() {
    for secure in [true, false] {
        let house = House::of(Kind {
            realm: Realm::Demo,
            secure,
            guide: true,
        })
        .await;
        let code = house.code();
        let form = [("name", "chen"), ("password", PASSWORD), ("code", &code)];
        let entered = house.post(&Jar::none(), "/sign-in", &form).await;
        let mut jar = Jar::none();
        jar.keep(&entered);
        let left = house.post(&jar, "/sign-out", &[]).await;
        let chosen = house.get(&Jar::none(), "/?lang=en&size=large").await;
        let cookies = [entered.cookies(), left.cookies(), chosen.cookies()].concat();
        assert_eq!(cookies.len(), 4, "{cookies:?}");
        for cookie in cookies {
            let flags: Vec<&str> = cookie.split("; ").skip(1).collect();
            assert!(
                flags.contains(&"HttpOnly") && flags.contains(&"Path=/"),
                "{cookie}"
            );
            if !cookie.contains("Max-Age=0") {
                assert!(flags.contains(&"SameSite=Lax"), "{cookie}");
                assert_eq!(flags.contains(&"Secure"), secure, "{cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
        let session = entered.cookies()[0];
        assert!(
            !session.contains("Max-Age") && !session.contains("Expires"),
            "{session}"
        );
    }
}

fn assert_headers(answer: &Answer, of: &str) {
    let csp = answer.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ] {
        assert!(csp.contains(part), "{of}: {csp}");
    }
    assert!(
        !csp.contains("unsafe") && !csp.contains('*') && !csp.contains("http"),
        "{of}: {csp}"
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{of}");
    assert_eq!(answer.header("x-frame-options"), "DENY", "{of}");
    assert_eq!(answer.header("referrer-policy"), "same-origin", "{of}");
    assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{of}");
    assert_eq!(answer.header("server"), "", "{of}");
    assert_eq!(answer.header("access-control-allow-origin"), "", "{of}");
}

/// Every answer of the access table and a few besides: a page, a redirect, a refusal, a file.
#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_the_headers_and_no_page_is_kept() {
    let stage = Stage::new().await;
    for row in table() {
        for column in 0..stage.jars.len() {
            let answer = stage.ask(&row, column).await;
            let of = format!("{} {} column {column}", row.method, row.path);
            assert_headers(&answer, &of);
            if !answer.status.is_redirection() {
                // Open data is the same for everyone and may be kept, by whoever asks every time whether it still holds.
                let open = [
                    "/licences.",
                    "/penalties.",
                    "/organisations.",
                    "/announcements.",
                    "/statistics.",
                ]
                .iter()
                .any(|set| row.path.starts_with(set));
                let expect = if open { "no-cache" } else { "no-store" };
                assert_eq!(answer.header("cache-control"), expect, "{of}");
            }
        }
    }
    let house = &stage.house;
    for path in [
        "/livez",
        "/readyz",
        "/no/such/page",
        "/assets/no-such-file",
        "/assets/xinlian.css",
    ] {
        assert_headers(&house.get(&Jar::none(), path).await, path);
    }
    assert_headers(
        &form_from(house, &Jar::none(), "/sign-in", &[]).await,
        "a foreign form",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_has_a_limit() {
    let house = House::new().await;
    let long = "x".repeat(64 * 1024);
    let form = [("name", "chen"), ("password", long.as_str()), ("code", "1")];
    assert_eq!(house.post(&Jar::none(), "/sign-in", &form).await.status, 413);
    let shorter = "x".repeat(60 * 1024);
    let form = [("name", "chen"), ("password", shorter.as_str()), ("code", "1")];
    house.post(&Jar::none(), "/sign-in", &form).await.page(422);

    let lin = house.staff("lin").await;
    let mut file = csv(&[fine(1, "佛禅市监处〔2026〕7号", "罚款")]);
    file.resize(1024 * 1024, b'\n');
    let taken = house.upload(&lin, "a.csv", "sgs-penalty-2018", &file).await;
    assert!(
        taken.goes_to().starts_with("/department/upload/"),
        "a file is not a form"
    );
    file.resize(64 * 1024 * 1024 + 1, b'\n');
    house
        .upload(&lin, "a.csv", "sgs-penalty-2018", &file)
        .await
        .page(413);
    file.resize(66 * 1024 * 1024, b'\n');
    house
        .upload(&lin, "a.csv", "sgs-penalty-2018", &file)
        .await
        .page(413);
}
