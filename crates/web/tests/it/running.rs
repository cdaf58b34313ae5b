//! What is said of the running program, and clients that take their time.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Method;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use web::Running;

use crate::people::person;
use crate::support::{House, Jar};

/// Served over a socket until the case ends.
struct Served {
    addr: SocketAddr,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Served {
    async fn new(house: &House, running: Running) -> Self {
        let config = web::Config {
            reader: exchange::Reader::Here,
            store: house.store.clone(),
            addr: ([127, 0, 0, 1], 0).into(),
            tls: None,
            secure_cookies: false,
            demo: None,
            running,
            report: web::ReportSettings::default(),
            mirrors: std::env::temp_dir(),
        };
        let (tell, told) = tokio::sync::oneshot::channel();
        let task = tokio::spawn(web::serve(config, |addr| tell.send(addr).unwrap()));
        let addr = told.await.unwrap();
        Self { addr, task }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn connect(addr: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

async fn get(addr: SocketAddr, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    tokio::task::spawn_blocking(move || {
        let mut stream = connect(addr);
        stream.write_all(request.as_bytes()).unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        said
    })
    .await
    .unwrap()
}

/// Sends the pieces with pauses until the server has had enough; what it said, and when.
async fn dribble(
    addr: SocketAddr,
    head: &'static str,
    piece: &'static str,
    pause: Duration,
) -> (String, Duration) {
    tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        let mut stream = connect(addr);
        stream.write_all(head.as_bytes()).unwrap();
        let mut sending = stream.try_clone().unwrap();
        std::thread::spawn(move || {
            while sending.write_all(piece.as_bytes()).is_ok() && begun.elapsed() < Duration::from_secs(15) {
                std::thread::sleep(pause);
            }
        });
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said);
        (String::from_utf8_lossy(&said).into_owned(), begun.elapsed())
    })
    .await
    .unwrap()
}

fn impatient() -> Running {
    Running {
        header_time: Duration::from_millis(500),
        body_silence: Duration::from_millis(500),
        ..Running::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_headers_slowly_is_gone() {
    let house = House::new().await;
    let served = Served::new(&house, impatient()).await;
    let head = "GET / HTTP/1.1\r\n";
    let (_, took) = dribble(served.addr, head, "a: b\r\n", Duration::from_millis(100)).await;
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert!(
        get(served.addr, "/livez").await.ends_with("ok\n"),
        "others are served"
    );
}

/// Neither silence nor a byte now and then holds a place for long.
#[tokio::test(flavor = "multi_thread")]
async fn who_sends_a_body_slowly_is_gone() {
    let house = House::new().await;
    let served = Served::new(&house, impatient()).await;
    let head = "POST /sign-in HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncontent-length: 4000\r\n\
                content-type: application/x-www-form-urlencoded\r\nconnection: close\r\n\r\n";
    for pause in [Duration::from_mins(1), Duration::from_millis(100)] {
        let (said, took) = dribble(served.addr, head, "a", pause).await;
        assert!(took < Duration::from_secs(5), "{pause:?}: {took:?}");
        assert!(!said.starts_with("HTTP/1.1 2"), "{pause:?}: {said}");
    }
    assert!(
        get(served.addr, "/livez").await.ends_with("ok\n"),
        "others are served"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_served_apart_from_the_desks_and_name_nobody() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let running = Running {
        metrics: Some(free),
        ..Running::default()
    };
    let served = Served::new(&house, running).await;
    for path in [
        "/",
        "/organisations/91440604MA4UKDWT1X?q=canary",
        "/no/such/440604199001011234",
    ] {
        get(served.addr, path).await;
    }
    assert!(get(served.addr, "/metrics").await.starts_with("HTTP/1.1 404"));
    let said = get(free, "/metrics").await;
    assert!(
        said.starts_with("HTTP/1.1 200") && said.contains("text/plain; version=0.0.4"),
        "{said}"
    );
    for expect in [
        "xinlian_requests_total{route=\"/\",method=\"GET\",status=\"200\"} 1",
        "xinlian_requests_total{route=\"/organisations/{uscc}\",method=\"GET\",status=\"404\"} 1",
        "xinlian_requests_total{route=\"none\",method=\"GET\",status=\"404\"} 2",
        "xinlian_request_seconds_count{route=\"/\"} 1",
        "xinlian_jobs_waiting 0",
        "xinlian_pushes_due 0",
    ] {
        assert!(
            said.lines().any(|line| line == expect),
            "no `{expect}` in\n{said}"
        );
    }
    let records = house.store.tree_size().await.unwrap();
    assert!(
        said.contains(&format!("\nxinlian_records_total {}\n", records.0)),
        "{said}"
    );
    for absent in [
        "canary",
        "440604199001011234",
        "91440604MA4UKDWT1X",
        &format!("subject=\"{subject}"),
    ] {
        assert!(!said.contains(absent), "`{absent}` in\n{said}");
    }
    for line in said
        .split("\r\n\r\n")
        .nth(1)
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(
            value.parse::<f64>().is_ok() && name.starts_with(|c: char| c.is_ascii_lowercase()),
            "{line}"
        );
    }
    assert!(get(free, "/readyz").await.ends_with("ready\n"));
    assert!(
        get(free, "/my").await.starts_with("HTTP/1.1 404"),
        "no page is served there"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_it_from_being_ready_is_named() {
    let house = House::new().await;
    let full = Running {
        free_bytes_least: u64::MAX,
        writer_stuck: Duration::ZERO,
        ..Running::default()
    };
    let served = Served::new(&house, full).await;
    let said = get(served.addr, "/readyz").await;
    assert!(
        said.starts_with("HTTP/1.1 503") && said.contains("retry-after: 5"),
        "{said}"
    );
    assert!(
        said.contains("not ready\ndisk: ") && !said.contains("writer"),
        "{said}"
    );
    assert!(
        get(served.addr, "/livez").await.starts_with("HTTP/1.1 200"),
        "it lives all the same"
    );

    let url = format!(
        "sqlite://{}",
        house.folder.path().join("data/xinlian.db").display()
    );
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    run(&mut other, "BEGIN IMMEDIATE").await;
    let said = get(served.addr, "/readyz").await;
    assert!(said.contains("\nwriter: nobody could write for 0 s\n"), "{said}");
    run(&mut other, "ROLLBACK").await;

    run(
        &mut other,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'x', TRUE, x'00', 0)",
    )
    .await;
    let said = get(served.addr, "/readyz").await;
    assert!(
        said.contains("\nmigrations: tables are of version 9999, the program of "),
        "{said}"
    );
}

async fn run(connection: &mut SqliteConnection, sql: &str) {
    sqlx::query(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_the_number_that_the_log_knows_it_by() {
    let house = House::new().await;
    let ok = house.get(&Jar::none(), "/").await;
    let request = Jar::none().request(Method::GET, "/no/such");
    let request = request.header("x-request-id", "of-a-client").body(Body::empty());
    let absent = house.send(request.unwrap()).await;
    assert!(!ok.header("x-request-id").is_empty());
    assert_ne!(ok.header("x-request-id"), absent.header("x-request-id"));
    assert_ne!(absent.header("x-request-id"), "of-a-client");
    assert!(
        absent.text().contains(&absent.header("x-request-id").to_owned()),
        "the page says it too"
    );
}
