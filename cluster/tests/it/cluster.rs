//! On Ballista: a scheduler and two executors as processes of their own, on this machine.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use datafusion::prelude::SessionContext;
use xinlian_cluster::{Place, answer};

use crate::city::{City, ON};
use crate::here::{letters, tally};

/// How long is waited for anything.
const PATIENCE: Duration = Duration::from_secs(120);

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Cluster {
    scheduler: Running,
    executors: Vec<Running>,
    works: Vec<PathBuf>,
    url: String,
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_xinlian-cluster"))
}

/// Two ports next to each other that nobody listens at.
fn ports() -> u16 {
    loop {
        let one = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = one.local_addr().unwrap().port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return port;
        }
    }
}

fn log(city: &City, name: &str) -> Stdio {
    std::fs::File::create(city.path(&format!("{name}.log")))
        .unwrap()
        .into()
}

fn wait_for(what: &str, mut there: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !there() {
        assert!(begun.elapsed() < PATIENCE, "{what}: waited in vain");
        std::thread::sleep(Duration::from_millis(5));
    }
}

impl Cluster {
    /// A scheduler, and an executor for each folder of mirrors, with one thread each.
    fn start(city: &City, mirrors: &[PathBuf]) -> Self {
        let port = ports();
        let listen = format!("127.0.0.1:{port}");
        let scheduler = program()
            .args([
                "--log",
                "info",
                "scheduler",
                "--lost-after",
                "3",
                "--listen",
                &listen,
            ])
            .stderr(log(city, "scheduler"))
            .spawn()
            .unwrap();
        let scheduler = Running(scheduler);
        wait_for("the scheduler", || std::net::TcpStream::connect(&listen).is_ok());
        let mut cluster = Self {
            scheduler,
            executors: Vec::new(),
            works: Vec::new(),
            url: format!("http://{listen}"),
        };
        for (n, mirrors) in mirrors.iter().enumerate() {
            cluster.add(city, n, mirrors, &listen);
        }
        cluster
    }

    fn add(&mut self, city: &City, n: usize, mirrors: &Path, scheduler: &str) {
        let (work, name) = (city.path(&format!("work-{n}")), format!("executor-{n}"));
        std::fs::create_dir(&work).unwrap();
        let executor = program()
            .args(["--log", "info", "executor", "--threads", "1", "--sign-every", "1"])
            .args([
                "--scheduler",
                scheduler,
                "--listen",
                &format!("127.0.0.1:{}", ports()),
            ])
            .arg("--mirrors")
            .arg(mirrors)
            .arg("--work")
            .arg(&work)
            .stderr(log(city, &name))
            .spawn()
            .unwrap();
        self.executors.push(Running(executor));
        self.works.push(work);
        let place = city.path(&format!("{name}.log"));
        wait_for(&name, || {
            let log = std::fs::read_to_string(&place).unwrap();
            log.contains("registration succeed") && log.contains("flight server listening")
        });
    }

    fn rate(&self, city: &City, parts: u64, out: &Path) -> Command {
        let mut command = program();
        command
            .args(["rate", "--cluster", &self.url, "--json"])
            .args(["--parts", &parts.to_string(), "--on", &ON.to_string()])
            .arg("--mirror")
            .arg(city.mirror())
            .arg("--rules")
            .arg(city.path("rules"))
            .arg("--out")
            .arg(out);
        command
    }

    /// How many parts lie finished at an executor.
    fn finished(&self, n: usize) -> usize {
        files(&self.works[n])
    }
}

fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.path() {
            path if path.is_dir() => files(&path),
            _ => 1,
        })
        .sum()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn two_executors_make_the_same_file_and_answer_sql() {
    let city = City::of(300_000, 2_000);
    let cluster = Cluster::start(&city, &[city.path("mirrors"), city.path("mirrors")]);
    let out = city.path("out.parquet");
    let ended = cluster.rate(&city, 24, &out).output().unwrap();
    assert!(ended.status.success(), "{}", said(&ended));
    assert_eq!(std::fs::read(&out).unwrap(), city.expected());
    assert!(
        cluster.finished(0) > 0 && cluster.finished(1) > 0,
        "one of them had nothing to do"
    );
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let asked = city.asked(Place::Cluster(cluster.url.clone()));
    let sql = "SELECT grade, count(*) FROM ratings GROUP BY grade";
    let tallied = runtime.block_on(answer(&asked, sql)).unwrap();
    assert_eq!(tally(&tallied), letters(&city));
}

#[test]
fn one_killed_in_mid_run_changes_nothing() {
    let city = City::of(2_000_000, 12_000);
    let mut cluster = Cluster::start(&city, &[city.path("mirrors"), city.path("mirrors")]);
    let out = city.path("out.parquet");
    let mut rate = cluster.rate(&city, 400, &out);
    let mut rate = Running(
        rate.stdout(Stdio::null())
            .stderr(log(&city, "rate"))
            .spawn()
            .unwrap(),
    );
    wait_for("parts of the second executor", || cluster.finished(1) >= 5);
    let second = cluster.executors.get_mut(1).unwrap();
    second.0.kill().unwrap();
    second.0.wait().unwrap();
    let done = cluster.finished(0) + cluster.finished(1);
    assert!(done < 390, "{done} of 400 parts were done: it was not in mid-run");
    assert!(rate.0.try_wait().unwrap().is_none(), "it had ended already");
    let ended = rate.0.wait().unwrap();
    let log = std::fs::read_to_string(city.path("rate.log")).unwrap();
    assert!(ended.success(), "{log}");
    assert_eq!(std::fs::read(&out).unwrap(), city.expected());
}

#[test]
fn all_killed_is_said_and_leaves_no_file() {
    let city = City::of(2_000_000, 12_000);
    let mut cluster = Cluster::start(&city, &[city.path("mirrors")]);
    let out = city.path("out.parquet");
    let mut rate = cluster.rate(&city, 400, &out);
    let mut rate = Running(
        rate.stdout(Stdio::null())
            .stderr(log(&city, "rate"))
            .spawn()
            .unwrap(),
    );
    wait_for("parts of the executor", || cluster.finished(0) >= 5);
    cluster.executors.clear();
    let ended = rate.0.wait().unwrap();
    let log = std::fs::read_to_string(city.path("rate.log")).unwrap();
    assert!(!ended.success(), "{log}");
    assert!(log.contains("error: ") && log.contains("failed"), "{log}");
    assert!(!out.exists() && !city.path("out.parquet.part").exists());
    drop(cluster.scheduler);
}

#[test]
fn a_machine_with_another_mirror_says_so() {
    let (city, stale) = (City::of(60_000, 400), City::of(60_000, 400));
    stale.make(60_000, 400, 2);
    let cluster = Cluster::start(&city, &[stale.path("mirrors")]);
    let out = city.path("out.parquet");
    let ended = cluster.rate(&city, 4, &out).output().unwrap();
    assert!(!ended.status.success());
    assert!(
        said(&ended).contains("is not the one that this run is of"),
        "{}",
        said(&ended)
    );
    assert!(!out.exists());
}

/// Whoever speaks to the cluster with the stock client gets nothing read of the machines but mirrors.
#[test]
fn files_of_the_machine_are_refused() {
    use ballista_core::extension::SessionStateExt as _;
    use datafusion::execution::SessionStateBuilder;
    use datafusion::prelude::CsvReadOptions;

    let city = City::of(1_000, 10);
    let cluster = Cluster::start(&city, &[city.path("mirrors")]);
    let secret = city.path("secret.csv");
    std::fs::write(&secret, "name\nwang\n").unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (refused, written) = runtime.block_on(async {
        let state = SessionStateBuilder::new().with_default_features().build();
        let state = state.upgrade_for_ballista(cluster.url.clone()).unwrap();
        let context = SessionContext::new_with_state(state);
        let place = secret.to_string_lossy();
        let table = context.read_csv(place.as_ref(), CsvReadOptions::new());
        let refused = table.await.unwrap().collect().await.unwrap_err();
        let copy = format!("COPY (SELECT 1) TO '{}'", city.path("written.csv").display());
        let written = match context.sql(&copy).await {
            Ok(copy) => copy.collect().await.map(|_| ()).unwrap_err(),
            Err(why) => why,
        };
        (refused, written)
    });
    assert!(
        refused
            .to_string()
            .contains("this cluster rates mirrors and does nothing else"),
        "{refused}"
    );
    assert!(
        !written.to_string().is_empty() && !city.path("written.csv").exists(),
        "{written}"
    );
}
