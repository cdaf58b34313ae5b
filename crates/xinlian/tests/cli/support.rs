//! What all cases share: the program run as a user runs it, and a home for a store on either database.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use store::{Clock, Place, Store};
use tempfile::TempDir;

/// Makes two tests of each case, one on each database.
macro_rules! on_both {
    ($($case:ident)*) => {$(
        mod $case {
            #[test]
            fn sqlite() {
                crate::support::run(crate::support::Kind::Sqlite, super::$case);
            }
            #[test]
            fn postgres() {
                crate::support::run(crate::support::Kind::Postgres, super::$case);
            }
        }
    )*};
}
pub(crate) use on_both;

/// Exit codes, as the guide tells them.
pub(crate) const UNREADABLE: i32 = 1;
pub(crate) const USAGE: i32 = 2;
pub(crate) const FOUND_FAULTS: i32 = 3;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// What the program ended with and said.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// It ended with this code.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    /// It ended well.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        self.ends(0)
    }

    /// It said all of these on standard error.
    #[track_caller]
    pub(crate) fn complains(self, of: &[&str]) -> Self {
        for part in of {
            assert!(self.err.contains(part), "no `{part}` in {self:#?}");
        }
        self
    }

    /// It said all of these on standard output.
    #[track_caller]
    pub(crate) fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.out.contains(part), "no `{part}` in {self:#?}");
        }
        self
    }

    /// Its output is this one JSON object.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in {self:#?}"))
    }

    /// Its output is JSON objects, one a line.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in `{line}`")))
            .collect()
    }
}

/// The program, without what this process's environment would tell it.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xinlian"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("XINLIAN_") {
            command.env_remove(name);
        }
    }
    command.args(args).stdin(Stdio::null());
    command
}

/// Runs the program to its end.
pub(crate) fn xinlian(args: &[&str]) -> Ran {
    Ran::of(command(args).output().unwrap())
}

/// A place for one store and its files, gone when the case ends.
pub(crate) struct Home {
    pub(crate) folder: TempDir,
    kind: Kind,
    database: Option<String>,
}

static HOMES: AtomicU32 = AtomicU32::new(0);

/// Runs a case in a home of its own, and clears the home away whatever happens.
pub(crate) fn run(kind: Kind, case: impl FnOnce(&Home)) {
    let home = Home::new(kind);
    let ended = std::panic::catch_unwind(AssertUnwindSafe(|| case(&home)));
    home.clear();
    if let Err(panic) = ended {
        std::panic::resume_unwind(panic);
    }
}

fn server() -> String {
    std::env::var("XINLIAN_TEST_POSTGRES_URL").unwrap_or_else(|_| {
        panic!(
            "XINLIAN_TEST_POSTGRES_URL is not set, so the PostgreSQL half cannot run: run `make test`, or \
             `scripts/with-postgres.sh cargo test -p xinlian --test cli`"
        )
    })
}

/// Waits for something asynchronous.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(future)
}

impl Home {
    pub(crate) fn new(kind: Kind) -> Self {
        let database = (kind == Kind::Postgres).then(|| {
            let home = HOMES.fetch_add(1, Ordering::Relaxed);
            let name = format!("xinlian_cli_{}_{home}", std::process::id());
            admin(&format!("CREATE DATABASE {name}"));
            name
        });
        Self {
            folder: tempfile::tempdir().unwrap(),
            kind,
            database,
        }
    }

    pub(crate) fn clear(&self) {
        if let Some(name) = &self.database {
            admin(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }

    /// Something in this home.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The same as an argument.
    pub(crate) fn at(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Writes a file in this home; its path as an argument.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).unwrap();
        self.at(name)
    }

    /// The address of its database, which must be a PostgreSQL.
    pub(crate) fn database_url(&self) -> String {
        self.url().unwrap()
    }

    fn url(&self) -> Option<String> {
        let name = self.database.as_ref()?;
        let server = server();
        let (base, _) = server.rsplit_once('/').unwrap();
        Some(format!("{base}/{name}"))
    }

    /// A subcommand on this home's store, e.g. `keys rotate`, ready to be started.
    pub(crate) fn command(&self, subcommand: &str, args: &[&str]) -> Command {
        let mut command = command(&subcommand.split(' ').collect::<Vec<_>>());
        command.arg("--data").arg(self.path("data"));
        if let Some(url) = self.url() {
            command.arg("--database").arg(url);
        }
        command.args(args);
        command
    }

    /// Runs a subcommand on this home's store to its end.
    pub(crate) fn run(&self, subcommand: &str, args: &[&str]) -> Ran {
        Ran::of(self.command(subcommand, args).output().unwrap())
    }

    /// Makes a store for made-up people.
    #[track_caller]
    pub(crate) fn init_demo(&self) {
        self.run("init", &["--demo"]).ok();
    }

    /// Hands one file in, whatever becomes of it: the exit code and the report.
    #[track_caller]
    pub(crate) fn ingest(&self, source: &str, file: &str, more: &[&str]) -> (i32, Value) {
        let mut args = vec!["--json", "--source", source];
        args.extend(more);
        args.push(file);
        let ran = self.run("ingest", &args);
        (ran.code.unwrap(), ran.json())
    }

    /// Everything is as it is recomputed. How many records there are.
    #[track_caller]
    pub(crate) fn verify_clean(&self) -> u64 {
        let report = self.run("verify", &["--json"]).ok().json();
        assert_eq!(report["differences"], serde_json::json!([]), "{report}");
        report["records"].as_u64().unwrap()
    }

    /// Runs a statement behind the program's back; how many rows it touched.
    pub(crate) fn sql(&self, sql: &str) -> u64 {
        let sql = AssertSqlSafe(sql.to_owned());
        wait(async {
            match self.kind {
                Kind::Sqlite => {
                    let url = format!("sqlite://{}", self.at("data/xinlian.db"));
                    let mut raw = SqliteConnection::connect(&url).await.unwrap();
                    let done = sqlx::query(sql).execute(&mut raw).await.unwrap();
                    raw.close().await.unwrap();
                    done.rows_affected()
                }
                Kind::Postgres => {
                    let mut raw = PgConnection::connect(&self.url().unwrap()).await.unwrap();
                    sqlx::query(sql).execute(&mut raw).await.unwrap().rows_affected()
                }
            }
        })
    }

    /// Opens the store as the program does, to ask it what the program does not print.
    pub(crate) async fn open(&self) -> Store {
        let place = match self.url() {
            Some(url) => Place::Url(url),
            None => Place::Folder(self.path("data")),
        };
        Store::open(&place, Some(&self.path("data/keys.toml")), Clock::System)
            .await
            .unwrap()
    }
}

fn admin(sql: &str) {
    wait(async {
        let mut admin = PgConnection::connect(&server()).await.unwrap();
        sqlx::query(AssertSqlSafe(sql.to_owned()))
            .execute(&mut admin)
            .await
            .unwrap();
    });
}

/// Every file below a folder by its path there, with its bytes.
pub(crate) fn files_below(root: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}
