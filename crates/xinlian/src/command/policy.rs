//! `xinlian policy check`: the guards as rules, and every worked case.

use std::path::PathBuf;
use std::process::ExitCode;

use assess::Bundle;
use record::Realm;

use crate::{EXIT_FOUND_FAULTS, policies};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Read the policies, hold them against the guards and run every worked case
    Check(Check),
}

#[derive(clap::Args)]
pub(crate) struct Check {
    /// Folder of the policies [default: the built-in ones]
    dir: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(serde::Serialize)]
struct Outcome {
    edition: String,
    digest: String,
    faults: Vec<String>,
    findings: Vec<String>,
    cases_passed: usize,
    cases_failed: Vec<String>,
}

pub(crate) fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Check(args) = command;
    let outcome = check(&args)?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&outcome)?);
    } else {
        say(&outcome);
    }
    let clean = outcome.faults.is_empty() && outcome.findings.is_empty() && outcome.cases_failed.is_empty();
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(EXIT_FOUND_FAULTS) })
}

fn check(args: &Check) -> anyhow::Result<Outcome> {
    let files = policies::read(args.dir.as_deref())?;
    // Worked cases use made-up identities and may rest on unverified clauses, so they run as in the demo.
    let bundle = match Bundle::parse(files.bundle, Realm::Demo) {
        Ok(bundle) => bundle,
        Err(faults) => {
            return Ok(Outcome {
                edition: String::new(),
                digest: String::new(),
                faults: faults.iter().map(ToString::to_string).collect(),
                findings: Vec::new(),
                cases_passed: 0,
                cases_failed: Vec::new(),
            });
        }
    };
    let mut faults: Vec<String> = Vec::new();
    if let Err(found) = exchange::Layouts::from_bundle(&bundle) {
        faults.extend(found.iter().map(ToString::to_string));
    }
    let results = assess::run_cases(&bundle, &files.cases);
    let (passed, failed): (Vec<_>, Vec<_>) = results.iter().partition(|result| result.passed());
    Ok(Outcome {
        edition: bundle.edition().to_owned(),
        digest: bundle.digest().to_string(),
        faults,
        findings: assess::check(&bundle).iter().map(ToString::to_string).collect(),
        cases_passed: passed.len(),
        cases_failed: failed.iter().map(ToString::to_string).collect(),
    })
}

fn say(outcome: &Outcome) {
    for line in outcome.faults.iter().chain(&outcome.findings).chain(&outcome.cases_failed) {
        println!("{line}");
    }
    println!(
        "policies `{}`: {} faults, {} findings, {} worked cases pass, {} fail",
        outcome.edition,
        outcome.faults.len(),
        outcome.findings.len(),
        outcome.cases_passed,
        outcome.cases_failed.len()
    );
}
