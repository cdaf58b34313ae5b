//! `xinlian rate`: everyone rated on a day, from the packed mirror.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, bail};
use assess::{Bundle, Plan};
use batch::{Counts, Outcome, Wording, cores, rate, statement, write_facts, write_outcomes};
use indicatif::ProgressBar;
use record::{AsOf, Date};
use segment::Mirror;
use store::ShareDone;

use crate::command::backup::bar;
use crate::command::say_line;
use crate::place::StoreArgs;
use crate::policies;

mod elsewhere;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    /// The day asked about [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// Rate by the policies of this folder, which change nothing in the store [default: those in force]
    #[arg(long, value_name = "DIR")]
    policy: Option<PathBuf>,
    /// Write what came out for each subject, by number, as Parquet
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write what was rated as `facts.parquet` and `subjects.parquet` into this folder
    #[arg(long, value_name = "DIR")]
    facts: Option<PathBuf>,
    /// Print the SQL statement over those two that gives the same points and grades by this scorecard, and rate nobody
    #[arg(long, value_name = "SCORECARD", conflicts_with_all = ["out", "facts", "json"])]
    sql: Option<String>,
    /// Have it done by the cluster whose scheduler listens at this address, `http://HOST:PORT`, with `xinlian-cluster`
    #[arg(long, value_name = "URL", conflicts_with_all = ["facts", "sql"])]
    cluster: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = args.store.open().await?;
    let now = store.now_as_of().await?;
    let as_of = AsOf {
        on: args.on.unwrap_or(now.on),
        ..now
    };
    let in_force = store.bundle(now).await?;
    let bundle: Arc<Bundle> = match &args.policy {
        Some(folder) => policies::bundle(Some(folder), in_force.realm())?.into(),
        None => in_force.clone(),
    };
    if let Some(url) = &args.cluster {
        return elsewhere::rate(&args, url, &store, (&in_force, &bundle), as_of).await;
    }
    let (bar, folder) = (bar("subjects"), args.store.mirrors());
    let told = telling(&bar);
    // A mirror of other rules than those in force is of use once.
    let mirror = if Plan::serves(&in_force, &bundle) {
        store
            .lasting_mirror(&folder, &in_force, as_of.known, told)
            .await?
    } else {
        store.draft_mirror(&folder, &bundle, as_of.known, told).await?
    };
    bar.finish_and_clear();
    if let Some(code) = &args.sql {
        return sql(&bundle, &mirror, code, as_of.on);
    }
    let begun = Instant::now();
    let outcomes = everyone(&bundle, &mirror, as_of.on)?;
    let seconds = begun.elapsed().as_secs_f64();
    if let Some(folder) = &args.facts {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
        write_facts(&mirror, folder).with_context(|| format!("cannot write into `{}`", folder.display()))?;
    }
    if let Some(out) = &args.out {
        write_outcomes(out, &bundle, &outcomes)
            .with_context(|| format!("cannot write `{}`", out.display()))?;
    }
    let counts = counts(&bundle, &mirror, as_of.on, &outcomes).in_seconds(seconds);
    if args.json {
        say_line!("{}", serde_json::to_string_pretty(&counts)?);
    } else {
        say_line!("{counts}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Tells a bar how far a mirror is made.
fn telling(bar: &ProgressBar) -> impl FnMut(ShareDone) {
    |share| {
        bar.set_length(share.of);
        bar.set_position(share.done);
    }
}

/// Lines are counted as in the mirror that `--facts` writes from.
fn sql(bundle: &Bundle, mirror: &Mirror, code: &str, on: Date) -> anyhow::Result<ExitCode> {
    let Some(sql) = statement(bundle, &mirror.about().plan, code, on) else {
        let codes: Vec<&str> = bundle.scorecards().map(|card| card.code.as_str()).collect();
        bail!("there is no scorecard `{code}`; there are: {}", codes.join(", "));
    };
    say_line!("{}", sql.trim_end());
    Ok(ExitCode::SUCCESS)
}

fn everyone(bundle: &Bundle, mirror: &Mirror, on: Date) -> anyhow::Result<Vec<Outcome>> {
    let bar = bar("rated");
    bar.set_length(mirror.subjects().len() as u64);
    let outcomes = rate(bundle, mirror, on, cores(), |done| bar.set_position(done))?;
    bar.finish_and_clear();
    Ok(outcomes)
}

fn counts(bundle: &Bundle, mirror: &Mirror, on: Date, outcomes: &[Outcome]) -> Counts {
    let (wording, mut counts) = (Wording::of(bundle), Counts::new(bundle, mirror, on));
    for outcome in outcomes {
        counts.add(&wording.short_row(outcome));
    }
    counts
}
