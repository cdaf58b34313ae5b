//! `xinlian policy check`: the guards as rules, and every worked case.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use assess::{Bundle, Severity};
use record::Realm;

use crate::command::say_line;
use crate::{EXIT_FOUND_FAULTS, policies};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of the policies [default: the built-in ones]
    dir: Option<PathBuf>,
    /// List the notes too, such as each clause that is not yet verified
    #[arg(long)]
    notes: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Default, serde::Serialize)]
struct Outcome {
    edition: String,
    digest: String,
    /// What keeps the policies from being read at all.
    faults: Vec<String>,
    /// What keeps them from being published.
    errors: Vec<String>,
    warnings: Vec<String>,
    /// What to know, such as each clause that is not yet verified.
    notes: Vec<String>,
    cases_passed: usize,
    cases_failed: Vec<String>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let outcome = check(args.dir.as_deref())?;
    if args.json {
        say_line!("{}", serde_json::to_string_pretty(&outcome)?);
    } else {
        say(&outcome, args.notes)?;
    }
    Ok(if outcome.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(EXIT_FOUND_FAULTS)
    })
}

impl Outcome {
    fn is_clean(&self) -> bool {
        self.faults.is_empty() && self.errors.is_empty() && self.cases_failed.is_empty()
    }
}

/// Whether a folder of policies may be published; says why not.
pub(super) fn is_publishable(dir: &Path) -> anyhow::Result<bool> {
    let outcome = check(Some(dir))?;
    if !outcome.is_clean() {
        say(&outcome, false)?;
    }
    Ok(outcome.is_clean())
}

fn check(dir: Option<&Path>) -> anyhow::Result<Outcome> {
    let files = policies::read(dir)?;
    // Worked cases use made-up identities and may rest on unverified clauses, so they run as in the demo.
    let bundle = match Bundle::parse(files.bundle, Realm::Demo) {
        Ok(bundle) => bundle,
        Err(faults) => {
            return Ok(Outcome {
                faults: faults.iter().map(ToString::to_string).collect(),
                ..Outcome::default()
            });
        }
    };
    let mut faults: Vec<String> = Vec::new();
    if let Err(found) = exchange::Layouts::from_bundle(&bundle) {
        faults.extend(found.iter().map(ToString::to_string));
    }
    let results = assess::run_cases(&bundle, &files.cases);
    let mut findings = assess::check(&bundle);
    findings.extend(assess::check_coverage(&bundle, &results));
    let of = |severity| {
        findings
            .iter()
            .filter(|f| f.severity == severity)
            .map(ToString::to_string)
            .collect()
    };
    let (passed, failed): (Vec<_>, Vec<_>) = results.iter().partition(|result| result.passed());
    Ok(Outcome {
        edition: bundle.edition().to_owned(),
        digest: bundle.digest().to_string(),
        faults,
        errors: of(Severity::Error),
        warnings: of(Severity::Warning),
        notes: of(Severity::Note),
        cases_passed: passed.len(),
        cases_failed: failed.iter().map(ToString::to_string).collect(),
    })
}

fn say(outcome: &Outcome, with_notes: bool) -> anyhow::Result<()> {
    for line in outcome.notes.iter().filter(|_| with_notes) {
        say_line!("{line}");
    }
    let said = [
        &outcome.warnings,
        &outcome.faults,
        &outcome.errors,
        &outcome.cases_failed,
    ];
    for line in said.into_iter().flatten() {
        say_line!("{line}");
    }
    say_line!(
        "policies `{}`: {} errors, {} warnings, {} notes; {} worked cases pass, {} fail",
        outcome.edition,
        outcome.faults.len() + outcome.errors.len(),
        outcome.warnings.len(),
        outcome.notes.len(),
        outcome.cases_passed,
        outcome.cases_failed.len()
    );
    Ok(())
}
