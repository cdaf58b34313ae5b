//! Everyone rated from a mirror that was made up: how long it takes, and the same for another engine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use assess::{Bundle, Rater};
use batch::{Made, cores};
use record::{Date, Realm};
use segment::{Batch, Mirror};
use serde::Serialize;

use super::at;
use crate::policies;

/// The newest day of what is made up, and the one that is asked about.
const ON: Date = Date::constant(2026, 11, 1);

#[derive(clap::Args)]
pub(crate) struct Generate {
    /// Where the mirror is made; it takes 16 bytes a record
    #[arg(value_name = "FILE")]
    place: PathBuf,
    /// How many records
    #[arg(long, default_value_t = 20_000_000)]
    records: u64,
    /// How many subjects
    #[arg(long, default_value_t = 75_000)]
    subjects: u64,
    /// What chance begins with
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(clap::Args)]
pub(crate) struct Rate {
    /// The mirror
    #[arg(value_name = "FILE")]
    place: PathBuf,
    /// How many times, after one to warm up
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// On how many cores [default: all]
    #[arg(long)]
    threads: Option<usize>,
}

#[derive(clap::Args)]
pub(crate) struct Facts {
    /// The mirror
    #[arg(value_name = "FILE")]
    place: PathBuf,
    /// Where to write
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// What was measured.
#[derive(Serialize)]
struct Figures {
    records: u64,
    subjects: u64,
    features: BTreeMap<String, usize>,
    threads: usize,
    /// Wall and processor seconds of each round, of all threads together.
    seconds: Vec<f64>,
    cpu_seconds: Vec<f64>,
    /// One subject after the other, read, checked and rated with reasons; of those with about 300 records.
    one_of_about_300_p50_us: f64,
    one_of_about_300_p99_us: f64,
    /// By scorecard and letter, and why not.
    grades: BTreeMap<String, u64>,
}

pub(crate) fn generate(args: &Generate) -> anyhow::Result<ExitCode> {
    let made = Made {
        records: args.records,
        subjects: args.subjects,
        seed: args.seed,
        on: ON,
    };
    batch::generate(&args.place, &policies::bundle(None, Realm::Demo)?, made)
        .with_context(|| format!("cannot make `{}`", args.place.display()))?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn rate(args: &Rate) -> anyhow::Result<ExitCode> {
    let (bundle, mirror) = (policies::bundle(None, Realm::Demo)?, open(&args.place)?);
    let threads = args.threads.unwrap_or_else(cores);
    let mut figures = Figures {
        records: mirror.rows(),
        subjects: mirror.subjects().len() as u64,
        features: bundle
            .scorecards()
            .map(|card| (card.code.clone(), card.features.len()))
            .collect(),
        threads,
        seconds: Vec::new(),
        cpu_seconds: Vec::new(),
        one_of_about_300_p50_us: 0.0,
        one_of_about_300_p99_us: 0.0,
        grades: BTreeMap::new(),
    };
    for round in 0..=args.rounds {
        let (begun, used) = (Instant::now(), cpu()?);
        let outcomes = batch::rate(&bundle, &mirror, ON, threads, |_| ())?;
        if round > 0 {
            figures.seconds.push(begun.elapsed().as_secs_f64());
            figures
                .cpu_seconds
                .push(cpu()?.saturating_sub(used).as_secs_f64());
        }
        figures.grades.clear();
        for outcome in &outcomes {
            let came_out = match &outcome.rating {
                Ok(rated) => rated.letter.as_str(),
                Err(why) => why.code(),
            };
            *figures.grades.entry(came_out.to_owned()).or_default() += 1;
        }
    }
    let one = one_by_one(&bundle, &mirror)?;
    figures.one_of_about_300_p50_us = at(&one, 50).as_secs_f64() * 1e6;
    figures.one_of_about_300_p99_us = at(&one, 99).as_secs_f64() * 1e6;
    println!("{}", serde_json::to_string_pretty(&figures)?);
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn facts(args: &Facts) -> anyhow::Result<ExitCode> {
    let (bundle, mirror) = (policies::bundle(None, Realm::Demo)?, open(&args.place)?);
    std::fs::create_dir_all(&args.folder)?;
    batch::write_facts(&mirror, &args.folder)?;
    let outcomes = batch::rate(&bundle, &mirror, ON, cores(), |_| ())?;
    batch::write_outcomes(&args.folder.join("out.parquet"), &bundle, &outcomes)?;
    for card in bundle.scorecards() {
        let sql = batch::statement(&bundle, &mirror.about().plan, &card.code, ON).unwrap_or_default();
        std::fs::write(args.folder.join(format!("{}.sql", card.code)), sql)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn open(place: &Path) -> anyhow::Result<Mirror> {
    Mirror::open(place).with_context(|| format!("cannot open `{}`", place.display()))
}

/// How long each of some thousand subjects with about 300 records takes, sorted.
fn one_by_one(bundle: &Bundle, mirror: &Mirror) -> anyhow::Result<Vec<Duration>> {
    let about = mirror
        .subjects()
        .iter()
        .filter(|one| (280..320).contains(&one.count()));
    let (mut rater, mut batch) = (Rater::new(bundle, &mirror.about().plan, ON), Batch::default());
    let mut took = Vec::new();
    for subject in about.take(20_000) {
        let begun = Instant::now();
        let spans = mirror.read(subject, &mut batch)?;
        let came_out = rater.rate(subject.who, spans);
        if std::hint::black_box(came_out).is_ok() {
            took.push(begun.elapsed());
        }
    }
    took.sort_unstable();
    Ok(took)
}

/// What this process has used of the processors, user and system, as Linux says it in ticks of a hundredth of a second.
fn cpu() -> anyhow::Result<Duration> {
    let stat =
        std::fs::read_to_string("/proc/self/stat").context("processor time is read from Linux's /proc")?;
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    let ticks = ticks.sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}
