//! What DataFusion and Ballista cost beside the bare fold, on one machine; for docs/performance.md.
//!
//! `cargo run --release --example figures -- [RECORDS [SUBJECTS [ROUNDS]]]`: the best of so many rounds of each, in turn.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use assess::Bundle;
use batch::{Made, OutcomeFile, Wording, generate, rate_places};
use futures::TryStreamExt as _;
use jiff::civil::{Date, date};
use record::Realm;
use segment::Mirror;
use xinlian_cluster::{Job, Ratings, local};

const ON: Date = date(2026, 11, 1);

/// Wall and processor seconds.
type Took = (f64, f64);

struct Place {
    folder: PathBuf,
    mirror: PathBuf,
    rules: PathBuf,
    out: PathBuf,
    bundle: Bundle,
}

fn main() -> anyhow::Result<()> {
    let numbers: Vec<u64> = std::env::args()
        .skip(1)
        .map(|n| n.parse())
        .collect::<Result<_, _>>()?;
    let number = |at: usize, or| numbers.get(at).copied().unwrap_or(or);
    let (records, subjects, rounds) = (number(0, 20_000_000), number(1, 75_000), number(2, 3));
    let place = make(records, subjects)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut best: BTreeMap<&str, Took> = BTreeMap::new();
    for _ in 0..=rounds {
        let mut note = |what, took: Took| {
            let best = best.entry(what).or_insert((f64::MAX, f64::MAX));
            *best = (best.0.min(took.0), best.1.min(took.1));
        };
        note("1 the fold, one thread", bare(&place, false)?);
        note(
            "2 the fold and its rows in words, one thread",
            bare(&place, true)?,
        );
        let ask = |sql| runtime.block_on(node(&place, sql));
        note(
            "3 RateExec, subject and grade",
            ask("SELECT subject, grade FROM ratings")?,
        );
        note("4 RateExec, all columns", ask("SELECT * FROM ratings")?);
        let sql = "SELECT grade, count(*) FROM ratings GROUP BY grade";
        note("5 RateExec under GROUP BY grade", ask(sql)?);
        note("6 batch to Parquet, two threads", whole(&place)?);
        note(
            "7 one process, two threads, to Parquet",
            program(&place, &["--threads", "2"])?,
        );
        let cluster = Cluster::start(&place)?;
        for _ in 0..2 {
            note("8 two executors of one thread, to Parquet", cluster.rate(&place)?);
        }
    }
    println!("{records} records, {subjects} subjects, best of {rounds}: wall s, CPU s");
    for (what, (wall, cpu)) in best {
        println!("{what}: {wall:.3} {cpu:.3}");
    }
    Ok(())
}

fn make(records: u64, subjects: u64) -> anyhow::Result<Place> {
    let folder = std::env::temp_dir().join("xinlian-figures");
    std::fs::create_dir_all(&folder)?;
    let place = Place {
        mirror: folder.join("people.mirror"),
        rules: folder.join("rules"),
        out: folder.join("out.parquet"),
        bundle: bundle()?,
        folder,
    };
    std::fs::write(&place.rules, place.bundle.to_bytes())?;
    let there = Mirror::open(&place.mirror).ok().map(|mirror| mirror.rows());
    if there != Some(records) {
        let (seed, on) = (1, ON);
        generate(
            &place.mirror,
            &place.bundle,
            Made {
                records,
                subjects,
                seed,
                on,
            },
        )?;
    }
    Ok(place)
}

fn bundle() -> anyhow::Result<Bundle> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies");
    let (mut folders, mut files) = (vec![root.clone()], BTreeMap::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                let name = path.strip_prefix(&root)?.to_string_lossy().into_owned();
                files.insert(name, std::fs::read_to_string(&path)?);
            }
        }
    }
    Bundle::parse(files, Realm::Demo).map_err(|faults| anyhow::anyhow!("{faults:?}"))
}

/// The fold as every scale calls it, and what came out held to be used.
fn bare(place: &Place, in_words: bool) -> anyhow::Result<Took> {
    let mirror = Mirror::open(&place.mirror)?;
    let wording = Wording::of(&place.bundle);
    timed(own_cpu, || {
        rate_places(
            &place.bundle,
            &mirror,
            ON,
            0..mirror.subjects().len(),
            |outcome| {
                if in_words {
                    std::hint::black_box(wording.row(outcome));
                } else {
                    std::hint::black_box(outcome);
                }
                Ok(())
            },
        )?;
        Ok(())
    })
}

/// A question on one thread's worth of parts; the mirror has been opened before, as for the fold.
async fn node(place: &Place, sql: &str) -> anyhow::Result<Took> {
    let mirror = Mirror::open(&place.mirror)?;
    let context = local(place.folder.clone(), 1);
    let job = Job::new(&mirror, &place.mirror, &place.bundle, ON);
    context.register_table("ratings", Arc::new(Ratings::new(job, &mirror, Some(1))))?;
    // Opens the mirror and reads the rules.
    context
        .sql("SELECT subject FROM ratings LIMIT 1")
        .await?
        .collect()
        .await?;
    let (begun, used) = (Instant::now(), own_cpu()?);
    let mut rows = 0;
    let mut batches = context.sql(sql).await?.execute_stream().await?;
    while let Some(batch) = batches.try_next().await? {
        rows += std::hint::black_box(batch).num_rows();
    }
    ensure!(rows > 0, "nothing came back");
    Ok((begun.elapsed().as_secs_f64(), own_cpu()? - used))
}

/// What `xinlian rate --out` does, mirror opened and all.
fn whole(place: &Place) -> anyhow::Result<Took> {
    timed(own_cpu, || {
        let mirror = Mirror::open(&place.mirror)?;
        let outcomes = batch::rate(&place.bundle, &mirror, ON, 2, |_| ())?;
        let (wording, mut file) = (Wording::of(&place.bundle), OutcomeFile::create(&place.out)?);
        for outcome in &outcomes {
            file.push(&wording.row(outcome))?;
        }
        Ok(file.finish()?)
    })
}

fn command(place: &Place) -> anyhow::Result<Command> {
    let mut command = Command::new(binary()?);
    command
        .args(["rate", "--on", &ON.to_string()])
        .stdout(Stdio::null());
    command
        .arg("--mirror")
        .arg(&place.mirror)
        .arg("--rules")
        .arg(&place.rules);
    command.arg("--out").arg(&place.out);
    Ok(command)
}

/// The program beside the folder of examples.
fn binary() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own
        .parent()
        .and_then(Path::parent)
        .context("the example lies nowhere")?;
    Ok(folder.join("xinlian-cluster"))
}

fn program(place: &Place, more: &[&str]) -> anyhow::Result<Took> {
    let mut command = command(place)?;
    timed(ended_cpu, || {
        ensure!(command.args(more).status()?.success(), "the program failed");
        Ok(())
    })
}

fn timed(
    cpu: impl Fn() -> anyhow::Result<f64>,
    work: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<Took> {
    let (begun, used) = (Instant::now(), cpu()?);
    work()?;
    Ok((begun.elapsed().as_secs_f64(), cpu()? - used))
}

struct Cluster {
    all: Vec<Child>,
    url: String,
}

impl Cluster {
    fn start(place: &Place) -> anyhow::Result<Self> {
        let listen = format!("127.0.0.1:{}", port()?);
        let mut cluster = Self {
            all: vec![
                Command::new(binary()?)
                    .args(["scheduler", "--listen", &listen])
                    .spawn()?,
            ],
            url: format!("http://{listen}"),
        };
        while std::net::TcpStream::connect(&listen).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        for n in 0..2 {
            let work = place.folder.join(format!("work-{n}"));
            std::fs::create_dir_all(&work)?;
            let mut executor = Command::new(binary()?);
            executor.args(["executor", "--threads", "1", "--scheduler", &listen]);
            executor.args(["--listen", &format!("127.0.0.1:{}", port()?)]);
            executor
                .arg("--mirrors")
                .arg(&place.folder)
                .arg("--work")
                .arg(&work);
            cluster.all.push(executor.spawn()?);
        }
        std::thread::sleep(Duration::from_secs(2));
        Ok(cluster)
    }

    fn rate(&self, place: &Place) -> anyhow::Result<Took> {
        let processes = || {
            self.all
                .iter()
                .map(|one| cpu_of(&one.id().to_string()))
                .sum::<anyhow::Result<f64>>()
        };
        let before = processes()?;
        let (wall, cpu) = program(place, &["--cluster", &self.url])?;
        Ok((wall, cpu + processes()? - before))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for one in &mut self.all {
            // It may have ended already.
            let _ = one.kill();
            let _ = one.wait();
        }
    }
}

fn port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn own_cpu() -> anyhow::Result<f64> {
    cpu_of("self")
}

/// User and system, as Linux says it in ticks of a hundredth of a second.
fn cpu_of(process: &str) -> anyhow::Result<f64> {
    ticks(process, 11)
}

/// Of processes that this one began and that have ended.
fn ended_cpu() -> anyhow::Result<f64> {
    ticks("self", 13)
}

fn ticks(process: &str, skipped: usize) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after
        .split_whitespace()
        .skip(skipped)
        .take(2)
        .map(str::parse::<u32>);
    Ok(f64::from(ticks.sum::<Result<u32, _>>()?) / 100.0)
}
