//! `xinlian webhook`: registered once, listed without the secret, tried, taken away.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use crate::support::{Home, UNREADABLE, on_both};

on_both! {
    an_endpoint_is_registered_tried_and_taken_away
}

/// Answers so many requests with a status, and gives back the last of them.
fn answering(listener: TcpListener, status: &'static str) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = String::new();
        let mut part = [0; 4096];
        while !heard.ends_with('}') {
            let count = stream.read(&mut part).unwrap();
            heard += &String::from_utf8_lossy(&part[..count]);
        }
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).unwrap();
        heard
    })
}

fn an_endpoint_is_registered_tried_and_taken_away(home: &Home) {
    home.init_demo();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/in", listener.local_addr().unwrap());
    let of = ["--source", "chancheng.market"];
    for (args, says) in [
        (
            ["--source", "nowhere", "--url", &url],
            "no source has the code `nowhere`",
        ),
        (
            ["--source", "chancheng.market", "--url", "ftp://x/"],
            "is no address of an endpoint",
        ),
        (
            ["--source", "chancheng.market", "--url", "https://10.0.0.7/"],
            "`--intranet` permits",
        ),
        (
            ["--source", "chancheng.market", "--url", "http://8.8.8.8/"],
            "called over `https`",
        ),
        (
            [
                "--source",
                "chancheng.market",
                "--url",
                "https://169.254.169.254/",
            ],
            "`169.254.169.254` is not called",
        ),
    ] {
        home.run("webhook add", &args).ends(UNREADABLE).complains(&[says]);
    }
    let args = ["--source", "chancheng.market", "--url", &url];
    let made = home.run("webhook add", &args).ok();
    let secret = made.out.lines().last().unwrap().to_owned();
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
    home.run("webhook add", &args)
        .ends(UNREADABLE)
        .complains(&["has an endpoint already; remove it first"]);
    let listed = home.run("webhook list", &[]).ok();
    assert_eq!(
        listed.out,
        format!("chancheng.market at {url} (public): never told, 0 wait, 0 given up\n"),
        "it is shown once"
    );
    let heard = answering(listener.try_clone().unwrap(), "204 No Content");
    home.run("webhook test", &of)
        .ok()
        .says(&["it answered with status `204`"]);
    let heard = heard.join().unwrap();
    assert!(
        heard.contains("xinlian.test") && heard.to_lowercase().contains("webhook-signature: v1,"),
        "{heard}"
    );
    let heard = answering(listener, "500 No");
    home.run("webhook test", &of)
        .ends(UNREADABLE)
        .complains(&["was not told", "status `500`"]);
    heard.join().unwrap();
    home.run("webhook remove", &of).ok();
    home.run("webhook remove", &of)
        .ends(UNREADABLE)
        .complains(&["`chancheng.market` has no endpoint"]);
    home.run("webhook test", &of)
        .ends(UNREADABLE)
        .complains(&["has no endpoint"]);
    home.verify_clean();
}
