//! `xinlian bench district`: ingest, explanation and counter decisions, on a made-up district of its own. `xinlian bench files`: the same
//! explanation, in a store that is there.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use record::{AsOf, IdentifierKind, PurposeCode, ServiceCode, SubjectId};
use serde::Serialize;
use store::{NewLook, Store, Viewer};

use super::at;
use crate::command::demo;
use crate::place::StoreArgs;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many made-up persons
    #[arg(long, default_value_t = 20_000)]
    subjects: u32,
    /// Folder to make the district in; removed afterwards
    #[arg(long, value_name = "DIR", default_value = "target/bench-district")]
    data: PathBuf,
    /// How many files to open, subjects to explain and decisions to make
    #[arg(long, default_value_t = 2_000)]
    rounds: usize,
}

#[derive(clap::Args)]
pub(crate) struct Files {
    /// A store of the demo in whose register made-up persons are, as `xinlian fixtures` writes them
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// How many they are
    #[arg(long, default_value_t = 20_000)]
    subjects: u32,
    /// How many of their files to open
    #[arg(long, default_value_t = 2_000)]
    rounds: usize,
}

/// The district is always the same one.
const SEED: u64 = 1;

/// What was measured. Times are wall time of this process.
#[derive(Serialize)]
struct Figures {
    rows: u64,
    ingest_seconds: f64,
    ingest_rows_per_second: f64,
    explain_p50_ms: f64,
    explain_p99_ms: f64,
    counter_decisions_per_second: f64,
    memory_peak_mib: f64,
    database_mib: f64,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let made = demo::make(&args.data, args.subjects, SEED).await?;
    let subjects = some_subjects(&made.store, args.subjects, args.rounds).await?;
    let explained = explained(&made.store, &subjects).await?;
    let service = ServiceCode::new("hygiene-licence-renewal")?;
    let begun = Instant::now();
    for subject in &subjects {
        conclude(&made.store, *subject, Some(&service)).await?;
    }
    let decisions = begun.elapsed();
    let database = std::fs::metadata(args.data.join("xinlian.db"))?.len();
    let figures = Figures {
        rows: made.rows,
        ingest_seconds: made.ingest.as_secs_f64(),
        ingest_rows_per_second: per_second(made.rows, made.ingest),
        explain_p50_ms: at(&explained, 50).as_secs_f64() * 1000.0,
        explain_p99_ms: at(&explained, 99).as_secs_f64() * 1000.0,
        counter_decisions_per_second: per_second(u64::try_from(subjects.len())?, decisions),
        memory_peak_mib: memory_peak_mib()?,
        database_mib: mib(database),
    };
    println!("{}", serde_json::to_string_pretty(&figures)?);
    drop(made);
    std::fs::remove_dir_all(&args.data)?;
    Ok(ExitCode::SUCCESS)
}

/// How long it takes until a file is looked at, read, and assessed.
#[derive(Serialize)]
struct Opened {
    files: usize,
    p50_ms: f64,
    p99_ms: f64,
}

/// Times how files are opened in a store.
pub(crate) async fn files(args: Files) -> anyhow::Result<ExitCode> {
    let place = StoreArgs {
        data: args.data,
        database: None,
        keys: None,
    };
    let store = place.open().await?;
    let subjects = some_subjects(&store, args.subjects, args.rounds).await?;
    let times = explained(&store, &subjects).await?;
    let opened = Opened {
        files: times.len(),
        p50_ms: at(&times, 50).as_secs_f64() * 1000.0,
        p99_ms: at(&times, 99).as_secs_f64() * 1000.0,
    };
    println!("{}", serde_json::to_string(&opened)?);
    Ok(ExitCode::SUCCESS)
}

/// How long each of these took to be explained, the fastest first.
async fn explained(store: &Store, subjects: &[SubjectId]) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(subjects.len());
    for subject in subjects {
        let begun = Instant::now();
        conclude(store, *subject, None).await?;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    Ok(times)
}

/// Persons of the register, evenly spread over it.
async fn some_subjects(store: &Store, persons: u32, rounds: usize) -> anyhow::Result<Vec<SubjectId>> {
    let mut subjects = Vec::with_capacity(rounds);
    let people = crate::fixtures::first_persons(persons, SEED, store.clock().today());
    let step = (people.len() / rounds.max(1)).max(1);
    for value in people.iter().step_by(step).take(rounds) {
        let found = store.find_subject(IdentifierKind::ResidentId, value).await?;
        subjects.push(found.context("a made-up person is not in the register")?);
    }
    Ok(subjects)
}

/// What the counter and `explain` do: log the look, read the file, assess and, for a service, decide.
async fn conclude(store: &Store, subject: SubjectId, service: Option<&ServiceCode>) -> anyhow::Result<()> {
    let as_of: AsOf = store.now_as_of().await?;
    let purpose = PurposeCode::new(if service.is_some() {
        "counter.service"
    } else {
        "operator.explain"
    })?;
    let look = NewLook {
        viewer: Viewer::cli()?,
        subject,
        purpose: purpose.clone(),
        case: None,
        what: "bench".to_owned(),
    };
    let permit = store.look(&look).await?;
    let records = store.file(&permit, Some(as_of.known)).await?.all();
    let bundle = store.bundle(as_of).await?;
    let assessment = assess::assess(&bundle, &records, as_of);
    if let Some(service) = service {
        let ask = assess::Ask {
            service: service.clone(),
            purpose,
            in_hand: std::collections::BTreeSet::new(),
        };
        std::hint::black_box(assess::decide(&bundle, &records, &assessment, &ask));
    }
    std::hint::black_box(assessment);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "figures are read by people")]
fn per_second(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "figures are read by people")]
fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// The most memory this process has held, as Linux says it.
fn memory_peak_mib() -> anyhow::Result<f64> {
    let status =
        std::fs::read_to_string("/proc/self/status").context("peak memory is read from Linux's /proc")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .context("no VmHWM in /proc/self/status")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib / 1024.0)
}
