//! The running program: what it logs, what it says of itself, and how it ends.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Home, Kind, UNREADABLE, USAGE, run, wait};
use crate::tables::{POLICE, register};

/// A server, ended when the case ends.
pub(crate) struct Served {
    child: Child,
    pub(crate) address: String,
}

impl Served {
    pub(crate) fn new(home: &Home, args: &[&str]) -> Self {
        let mut child = home
            .command("serve", &["--port", "0"])
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().rsplit_once("://").unwrap().1.trim_end_matches('/');
        Self {
            address: address.to_owned(),
            child,
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Asks, and gives back the whole answer.
    pub(crate) fn ask(&self, method: &str, target: &str, headers: &str, body: &str) -> String {
        let length = body.len();
        let mut stream = self.connect();
        let request = format!(
            "{method} {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut said = Vec::new();
        stream.read_to_end(&mut said).unwrap();
        String::from_utf8_lossy(&said).into_owned()
    }

    fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Tells it to read its certificates again.
    pub(crate) fn hang_up(&self) {
        self.signal("-HUP");
    }

    fn signal(&self, signal: &str) {
        let told = std::process::Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status();
        assert!(told.unwrap().success());
    }

    /// Tells it to end; its exit code and its log.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        self.terminate();
        let code = self.child.wait().unwrap().code();
        let mut log = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        (code, log)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whatever somebody types or sends, wherever they put it: the log has none of it.
#[test]
fn no_line_of_the_log_holds_what_a_client_said() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        let file = home.write("a.csv", register(20).csv());
        home.ingest(POLICE, &file, &[]);
        let served = Served::new(home, &["--log-format", "json", "--log", "debug"]);
        let canaries = [
            "44060419900101123X",
            "罗伟明",
            "canaryquery",
            "canarycookie",
            "CANARYVERB",
        ];
        let [id, name, query, cookie, verb] = canaries;
        let form = format!("name={id}&password={name}&code={query}");
        let same = "origin: http://x\r\ncontent-type: application/x-www-form-urlencoded\r\n";
        let cookies = format!(
            "cookie: xl_session={cookie}; a={id}\r\nx-request-id: {query}\r\nreferer: http://x/{id}\r\n"
        );
        for (method, target, headers, body) in [
            (
                "GET",
                format!("/organisations?q={query}{id}"),
                cookies.as_str(),
                "",
            ),
            ("GET", format!("/organisations/{id}"), "", ""),
            ("GET", format!("/my/records/{id}?n={query}"), "", ""),
            ("GET", format!("/no/such/{query}/{id}"), "", ""),
            ("GET", format!("/{id}%E7%BD%97"), "", ""),
            ("POST", "/sign-in".to_owned(), same, form.as_str()),
            (
                "POST",
                format!("/api/v1/submissions?layout={query}"),
                cookies.as_str(),
                form.as_str(),
            ),
            (verb, "/".to_owned(), "", ""),
        ] {
            let answer = served.ask(method, &target, headers, body);
            assert!(answer.starts_with("HTTP/1.1"), "{answer}");
            let head = answer.split("\r\n\r\n").next().unwrap();
            assert!(
                head.contains("\r\nx-request-id: ") && !head.contains(&format!("x-request-id: {query}")),
                "{head}"
            );
        }
        let (code, log) = served.end();
        assert_eq!(code, Some(0), "{log}");
        for canary in canaries {
            assert!(!log.contains(canary), "`{canary}` in the log:\n{log}");
        }
        let answered: Vec<Value> = log
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .filter(|line| line["message"] == "answered")
            .collect();
        assert_eq!(answered.len(), 8, "{log}");
        assert_eq!(answered[1]["route"], "/organisations/{uscc}");
        assert_eq!(
            (&answered[3]["route"], &answered[3]["status"]),
            (&Value::from("none"), &Value::from(404))
        );
        assert!(
            answered
                .iter()
                .all(|line| line["span"]["id"].is_string() && line["ms"].is_u64()),
            "{log}"
        );
    });
}

#[test]
fn told_to_end_it_finishes_what_is_under_way() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        let served = Served::new(home, &[]);
        let mut stream = served.connect();
        let body = "name=nobody&password=wrong&code=000000";
        let head = format!(
            "POST /sign-in HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncontent-length: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let (first, rest) = body.split_at(10);
        stream.write_all(first.as_bytes()).unwrap();
        // The server has the request by then; a connection that is not answered yet is not cut.
        std::thread::sleep(Duration::from_millis(300));
        served.terminate();
        std::thread::sleep(Duration::from_millis(300));
        assert!(
            TcpStream::connect(&served.address).is_err(),
            "nothing new is taken"
        );
        stream.write_all(rest.as_bytes()).unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        assert!(said.starts_with("HTTP/1.1 4"), "{said}");
        let (code, log) = served.end();
        assert_eq!(code, Some(0), "{log}");
        assert!(
            !home.path("data/xinlian.db-wal").exists(),
            "the log of SQLite is folded in"
        );
    });
}

#[test]
fn whoever_does_not_end_is_cut_off_in_time() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        let served = Served::new(home, &["--stop-seconds", "1"]);
        let mut stream = served.connect();
        stream
            .write_all(b"POST /sign-in HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncontent-length: 10\r\ncontent-type: application/x-www-form-urlencoded\r\n\r\na")
            .unwrap();
        std::thread::sleep(Duration::from_millis(300));
        let begun = Instant::now();
        let (code, log) = served.end();
        assert_eq!(code, Some(0), "{log}");
        assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
        assert!(log.contains("some requests did not finish in time"), "{log}");
    });
}

#[test]
fn figures_are_for_this_machine_unless_it_is_said_otherwise() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        home.run("serve", &["--port", "0", "--metrics", "0.0.0.0:0"])
            .ends(UNREADABLE)
            .complains(&["other machines", "--metrics-intranet"]);
        home.run("serve", &["--metrics", "9430"])
            .ends(USAGE)
            .complains(&["--metrics"]);
    });
}

/// A file that another system handed over is taken in to its end, though the program is told to end in the middle of it.
#[test]
fn a_file_that_is_being_taken_in_goes_on_after_the_next_start() {
    const ROWS: u32 = 9_000;
    run(Kind::Sqlite, |home| {
        home.init_demo();
        let made = home
            .run("api-key add", &["api-police", "--source", POLICE, "--days", "30"])
            .ok();
        let key = made.out.lines().last().unwrap().to_owned();
        let bearer = format!("authorization: Bearer {key}\r\n");
        let headers = format!("{bearer}idempotency-key: one\r\ncontent-type: text/csv\r\n");
        let served = Served::new(home, &[]);
        let handed = served.ask(
            "POST",
            "/api/v1/submissions?name=a",
            &headers,
            &register(ROWS).csv(),
        );
        assert!(handed.starts_with("HTTP/1.1 202"), "{handed}");
        // Until some of it is held, and not all.
        let held = || {
            wait(async {
                let store = home.open().await;
                let size = store.tree_size().await.unwrap().0;
                store.close().await;
                size
            })
        };
        let begun = Instant::now();
        while held() < 2 {
            assert!(
                begun.elapsed() < Duration::from_mins(1),
                "nothing was taken in for a minute"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        let (code, log) = served.end();
        assert_eq!(code, Some(0), "{log}");
        let half = held();
        assert!(
            half < u64::from(ROWS) + 1,
            "all was taken in before it ended; make the file longer"
        );
        let served = Served::new(home, &[]);
        let begun = Instant::now();
        loop {
            let job = served.ask("GET", "/api/v1/jobs/1", &bearer, "");
            if job.contains("\"state\":\"done\"") {
                break;
            }
            assert!(begun.elapsed() < Duration::from_mins(2), "{job}");
            std::thread::sleep(Duration::from_millis(200));
        }
        assert_eq!(served.end().0, Some(0));
        assert_eq!(home.verify_clean(), u64::from(ROWS) + 1);
    });
}
