//! `xinlian policy mutate`: changes whatever decides something by one, and looks whether a worked case notices.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use assess::{Fate, Mutant, Tally, Trial};
use indicatif::{ProgressBar, ProgressStyle};

use crate::command::say_line;
use crate::{EXIT_FOUND_FAULTS, policies};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of the policies [default: the built-in ones]
    dir: Option<PathBuf>,
    /// Only clauses that begin so, e.g. `rating.person` or `lists.wage-arrears`
    #[arg(long, value_name = "PREFIX", default_value = "")]
    clause: String,
    /// Only every so many-th change, for a quick look
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    every: u32,
    /// How many of a hundred changes must fail a case; with fewer the command ends with 3
    #[arg(long, value_name = "PERCENT", default_value_t = 90, value_parser = clap::value_parser!(u32).range(0..=100))]
    at_least: u32,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What came of all of them.
#[derive(serde::Serialize)]
struct Outcome<'m> {
    all: Tally,
    killed_thousandths: usize,
    clauses: BTreeMap<&'m str, Tally>,
    /// Where a case is missing.
    survived: Vec<&'m Mutant>,
    /// Each mutant and its fate, in the order of the files.
    mutants: Vec<Fated<'m>>,
}

#[derive(serde::Serialize)]
struct Fated<'m> {
    #[serde(flatten)]
    mutant: &'m Mutant,
    #[serde(flatten)]
    fate: &'m Fate,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let files = policies::read(args.dir.as_deref())?;
    let trial = Trial::new(&files.bundle.into_iter().chain(files.cases).collect())?;
    let every = usize::try_from(args.every)?;
    let mutants: Vec<Mutant> = trial
        .mutants()
        .into_iter()
        .filter(|mutant| mutant.clause.starts_with(&args.clause))
        .step_by(every)
        .collect();
    if mutants.is_empty() {
        bail!("no clause that decides anything begins with `{}`", args.clause);
    }
    let bar = ProgressBar::new(mutants.len().try_into()?).with_style(ProgressStyle::with_template(
        "{bar:30} {pos}/{len} changes, {eta} left",
    )?);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let fates = trial.all(&mutants, threads, |_| bar.inc(1));
    bar.finish_and_clear();
    let outcome = Outcome::of(&mutants, &fates);
    if args.json {
        say_line!("{}", serde_json::to_string_pretty(&outcome)?);
    } else {
        say(&outcome)?;
    }
    let enough = outcome.killed_thousandths >= usize::try_from(args.at_least)? * 10;
    Ok(if enough {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(EXIT_FOUND_FAULTS)
    })
}

impl<'m> Outcome<'m> {
    fn of(mutants: &'m [Mutant], fates: &'m [Fate]) -> Self {
        let mut all = Tally::default();
        let mut clauses: BTreeMap<&str, Tally> = BTreeMap::new();
        let mut survived = Vec::new();
        for (mutant, fate) in mutants.iter().zip(fates) {
            all.add(fate);
            clauses.entry(&mutant.clause).or_default().add(fate);
            if *fate == Fate::Survived {
                survived.push(mutant);
            }
        }
        let pairs = mutants.iter().zip(fates);
        Self {
            all,
            killed_thousandths: all.killed_thousandths(),
            clauses,
            survived,
            mutants: pairs.map(|(mutant, fate)| Fated { mutant, fate }).collect(),
        }
    }
}

/// What survived, by clause, then the sum.
fn say(outcome: &Outcome<'_>) -> anyhow::Result<()> {
    for (clause, tally) in outcome.clauses.iter().filter(|(_, tally)| tally.survived > 0) {
        let could = tally.killed + tally.survived;
        say_line!(
            "{clause}: {} of {could} killed; no case notices that",
            tally.killed
        );
        for mutant in outcome.survived.iter().filter(|mutant| mutant.clause == *clause) {
            say_line!("    {}", what(mutant));
        }
    }
    let Tally {
        killed,
        survived,
        refused,
        equal,
        ..
    } = outcome.all;
    let (whole, tenth) = (outcome.killed_thousandths / 10, outcome.killed_thousandths % 10);
    say_line!(
        "{killed} of {} changes fail a worked case, {whole}.{tenth}%; apart from them {refused} could not be published and {equal} change nothing",
        killed + survived
    );
    Ok(())
}

fn what(mutant: &Mutant) -> String {
    let Mutant {
        file,
        line,
        key,
        from,
        to,
        ..
    } = mutant;
    if to.is_empty() {
        format!("`{key}` lacks `{from}` (policies/{file}:{line})")
    } else {
        format!("`{key}` is `{to}` in place of `{from}` (policies/{file}:{line})")
    }
}
