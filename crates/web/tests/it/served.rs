//! What every page is like, and what is answered where there is none.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, header};

use crate::access::{Stage, table};
use crate::people::person;
use crate::support::{HOST, House, Jar, main_of};

/// Every page that anyone may see, in both languages: whole, with its words, and nothing inline or foreign.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_whole_and_keeps_to_the_house() {
    let mut stage = Stage::new().await;
    let mut seen = 0;
    for (lang, tag) in [("zh", "zh-CN"), ("en", "en")] {
        for jar in &mut stage.jars {
            jar.0.insert("xl_lang".to_owned(), lang.to_owned());
        }
        for row in table().iter().filter(|row| row.method == "GET") {
            for (column, cell) in row.cells.iter().enumerate() {
                let answer = stage.ask(row, column).await;
                // A file to keep is no page of the house: it brings its own style, and is never shown from here.
                let is_kept = answer.header("content-disposition").starts_with("attachment");
                if *cell != "200" || is_kept || !answer.header("content-type").starts_with("text/html") {
                    continue;
                }
                let (page, of) = (answer.text(), format!("{lang} {} column {column}", row.path));
                assert!(page.contains(&format!(r#"<html lang="{tag}""#)), "{of}");
                assert!(page.trim_end().ends_with("</html>"), "{of}");
                assert!(!main_of(&page).trim().is_empty(), "{of}");
                assert_eq!(page.matches("<h1").count(), 1, "{of}: one first heading");
                for absent in [
                    "⟦",
                    "⟧",
                    " style=",
                    "<style",
                    "javascript:",
                    " onclick",
                    " onload",
                    " onsubmit",
                    "src=\"http",
                    "src=\"//",
                ] {
                    assert!(!page.contains(absent), "{of} has `{absent}`");
                }
                assert_eq!(
                    page.matches("<script").count(),
                    page.matches("<script src=\"/assets/").count(),
                    "{of}"
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen} pages");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_a_page_in_both_languages() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    for jar in [Jar::none(), house.person(subject).await] {
        for (lang, tag) in [("zh", "zh-CN"), ("en", "en")] {
            let page = house
                .get(&jar, &format!("/no/such/page?lang={lang}"))
                .await
                .page(404);
            assert!(
                page.contains(&format!(r#"<html lang="{tag}""#)) && !page.contains('⟦'),
                "{page}"
            );
            assert!(main_of(&page).contains("<h1>"));
        }
    }
}

/// A number that is none is not there, and no words of the framework are shown.
#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_address_is_a_page_that_is_not_there() {
    let stage = Stage::new().await;
    let (lin, own) = (&stage.jars[1], &stage.jars[5]);
    for (jar, path) in [
        (own, "/my/records/abc"),
        (own, "/my/records/-1"),
        (own, "/my/records/99999999999999999999999"),
        (lin, "/department/submissions/abc"),
        (lin, "/department/confirm/abc"),
        (lin, "/department/unlinked/abc"),
    ] {
        let page = stage.house.get(jar, path).await.page(404);
        assert!(page.contains("<!doctype html>"), "{path}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absurd_number_in_an_address_is_no_fault_of_ours() {
    let stage = Stage::new().await;
    let (lin, own) = (&stage.jars[1], &stage.jars[5]);
    for (jar, path) in [
        (own, "/my/records/18446744073709551615"),
        (own, "/my/records/9223372036854775808"),
        (lin, "/department/submissions/18446744073709551615"),
        (lin, "/department/confirm/18446744073709551615"),
        (lin, "/department/unlinked/18446744073709551615"),
    ] {
        stage.house.get(jar, path).await.page(404);
    }
    for path in [
        "/department/submissions?page=4294967295",
        "/department/unlinked?page=0",
        "/organisations?page=4294967295",
    ] {
        stage.house.get(lin, path).await.page(200);
    }
    stage.house.get(own, "/my/looks?page=4294967295").await.page(200);
}

/// A form with a field missing or a query of the wrong kind is answered by a page, too.
#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_form_is_answered_by_a_page() {
    let stage = Stage::new().await;
    let (house, own) = (&stage.house, &stage.jars[5]);
    let object = stage.address("/my/records/{number}/object");
    let answers = [
        house.post(own, &object, &[]).await,
        house.post(&Jar::none(), "/sign-in", &[("name", "chen")]).await,
        house.get(own, "/my/looks?page=x").await,
        house.get(&Jar::none(), "/organisations?page=x").await,
    ];
    for answer in answers {
        assert!(
            answer.status.is_client_error() || answer.status == 200,
            "{}",
            answer.status
        );
        let text = answer.text();
        assert!(text.contains("<!doctype html>"), "{}: {text}", answer.status);
        assert!(!text.contains("eserialize"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_method_is_405_and_says_which_are_right() {
    let house = House::new().await;
    for (method, path, allow) in [
        (Method::POST, "/organisations", "GET"),
        (Method::GET, "/sign-out", "POST"),
        (Method::DELETE, "/sign-in", "GET"),
    ] {
        let request = Jar::none().request(method.clone(), path);
        let request = request.header(header::ORIGIN, format!("http://{HOST}"));
        let answer = house.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 405, "{method} {path}");
        assert!(
            answer.header("allow").contains(allow),
            "{method} {path}: {}",
            answer.header("allow")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_answered_in_problem_json() {
    let house = House::new().await;
    let ask = |path: &str| {
        let request = Jar::none().request(Method::GET, path);
        request
            .header(header::ACCEPT, "application/json")
            .body(Body::empty())
            .unwrap()
    };
    for (path, status) in [("/no/such/page", 404), ("/my", 401)] {
        let answer = house.send(ask(path)).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let problem: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap();
        assert_eq!(problem["status"], status);
        assert!(
            problem["title"]
                .as_str()
                .is_some_and(|title| !title.contains('⟦')),
            "{problem}"
        );
    }
}

/// Over a socket: the one way that the router is reached in earnest.
#[tokio::test(flavor = "multi_thread")]
async fn it_listens_and_answers() {
    let house = House::new().await;
    let config = web::Config {
        reader: exchange::Reader::Here,
        store: house.store.clone(),
        addr: ([127, 0, 0, 1], 0).into(),
        tls: None,
        secure_cookies: false,
        demo: None,
        running: web::Running::default(),
        report: web::ReportSettings::default(),
        mirrors: std::env::temp_dir(),
    };
    let (tell, told) = tokio::sync::oneshot::channel();
    let serving = tokio::spawn(web::serve(config, |addr| tell.send(addr).unwrap()));
    let addr = told.await.unwrap();
    let said = tokio::task::spawn_blocking(move || {
        raw(
            addr,
            "GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        )
    });
    let said = said.await.unwrap();
    assert!(
        said.starts_with("HTTP/1.1 200") && said.ends_with("ok\n"),
        "{said}"
    );
    let garbage = tokio::task::spawn_blocking(move || raw(addr, "\x16\x03\x01 not http\r\n\r\n"));
    assert!(garbage.await.unwrap().starts_with("HTTP/1.1 400"));
    let again = tokio::task::spawn_blocking(move || {
        raw(
            addr,
            "GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        )
    });
    assert!(
        again.await.unwrap().ends_with("ready\n"),
        "one bad client ends nothing"
    );
    serving.abort();
}

fn raw(addr: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    said
}
