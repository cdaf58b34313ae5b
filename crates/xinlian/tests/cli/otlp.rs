//! Traces and figures by OTLP, as a collector of this test takes them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use serde_json::Value;

use crate::serve::Served;
use crate::support::{Home, Kind, run};

/// What each request was for, and its body. It is answered as it must be.
fn collector() -> (String, Receiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (told, heard) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            if let Some(request) = hear(&stream) {
                stream
                    .write_all(
                        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
                    )
                    .unwrap();
                if told.send(request).is_err() {
                    return;
                }
            }
        }
    });
    (address, heard)
}

fn hear(stream: &TcpStream) -> Option<(String, Value)> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_lowercase());
    }
    assert!(
        lines.contains(&"content-type: application/json".to_owned()),
        "{lines:?}"
    );
    let length = lines
        .iter()
        .find_map(|line| line.strip_prefix("content-length: "))?;
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).ok()?;
    let target = lines.first()?.split(' ').nth(1)?.to_owned();
    Some((target, serde_json::from_slice(&body).unwrap()))
}

/// The attribute of a span or a point.
fn attribute<'v>(of: &'v Value, key: &str) -> &'v Value {
    let all = of["attributes"].as_array().unwrap();
    let found = all.iter().find(|one| one["key"] == key);
    &found.unwrap_or_else(|| panic!("no `{key}` in {of}"))["value"]
}

#[test]
fn a_collector_is_sent_what_the_log_has_and_no_more() {
    run(Kind::Sqlite, |home: &Home| {
        home.init_demo();
        let (address, heard) = collector();
        let served = Served::new(home, &["--otlp-endpoint", &address]);
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let parent = format!("traceparent: 00-{trace}-00f067aa0ba902b7-01\r\n");
        served.ask("GET", "/organisations?q=440604198001011214", &parent, "");
        served.ask("GET", "/organisations/440604198001011214", "", "");
        let unsampled = format!("traceparent: 00-{trace}-00f067aa0ba902b7-00\r\n");
        served.ask("GET", "/guide", &unsampled, "");
        // Nothing waits for a time to come: what is left goes out when it is told to end.
        assert_eq!(served.end().0, Some(0));

        let sent: Vec<_> = heard.try_iter().collect();
        let whole = format!("{sent:?}");
        assert!(
            !whole.contains("440604"),
            "an address or a query went out: {whole}"
        );
        let of = |target: &str| {
            sent.iter()
                .filter(|(to, _)| to == target)
                .map(|(_, body)| body)
                .collect::<Vec<_>>()
        };
        let spans: Vec<&Value> = of("/v1/traces")
            .into_iter()
            .flat_map(|body| {
                body["resourceSpans"][0]["scopeSpans"][0]["spans"]
                    .as_array()
                    .unwrap()
            })
            .collect();
        assert_eq!(spans.len(), 2, "{whole}");
        assert_eq!(spans[0]["name"], "GET /organisations");
        assert_eq!(spans[0]["traceId"], trace);
        assert_eq!(spans[0]["parentSpanId"], "00f067aa0ba902b7");
        assert_eq!(
            attribute(spans[0], "http.response.status_code")["intValue"],
            "200"
        );
        assert_eq!(
            attribute(spans[1], "http.route")["stringValue"],
            "/organisations/{uscc}"
        );
        assert_ne!(spans[1]["traceId"], trace);

        let metrics =
            of("/v1/metrics").pop().unwrap()["resourceMetrics"][0]["scopeMetrics"][0]["metrics"].clone();
        let metrics = metrics.as_array().unwrap();
        let named = |name: &str| metrics.iter().find(|one| one["name"] == name).unwrap();
        let points = named("xinlian_requests_total")["sum"]["dataPoints"]
            .as_array()
            .unwrap();
        let counted: u64 = points
            .iter()
            .map(|point| point["asInt"].as_str().unwrap().parse::<u64>().unwrap())
            .sum();
        assert_eq!(counted, 3, "what is not traced is counted all the same");
        let took = &named("xinlian_request_seconds")["histogram"]["dataPoints"][0];
        let buckets = took["bucketCounts"].as_array().unwrap().len();
        assert_eq!(buckets, took["explicitBounds"].as_array().unwrap().len() + 1);
        assert!(
            named("xinlian_records_total")["sum"]["isMonotonic"]
                .as_bool()
                .unwrap()
        );
        assert_eq!(
            named("xinlian_otlp_dropped_total")["sum"]["dataPoints"][0]["asInt"],
            "0"
        );
    });
}

#[test]
fn without_its_collector_the_desks_serve_and_the_doctor_says_so() {
    run(Kind::Sqlite, |home: &Home| {
        home.init_demo();
        // A port that nobody listens on any more.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let endpoint = format!("http://{address}");
        let served = Served::new(home, &["--otlp-endpoint", &endpoint]);
        assert!(served.ask("GET", "/livez", "", "").starts_with("HTTP/1.1 200"));
        let (code, log) = served.end();
        assert_eq!(code, Some(0));
        assert!(log.contains("the collector takes no traces or figures"), "{log}");
        let (there, _heard) = collector();
        for (endpoint, says) in [
            (&endpoint, "takes no traces: it was not reached"),
            (&there, "takes traces"),
        ] {
            let doctor = home.run("doctor", &["--otlp-endpoint", endpoint]);
            assert!(doctor.out.contains(says), "{doctor:?}");
        }
        home.run("serve", &["--otlp-endpoint", "collector:4318"])
            .ends(crate::support::USAGE)
            .complains(&["is no address of a site"]);
    });
}
