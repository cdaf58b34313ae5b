//! `xinlian doctor`: looks whether everything is as it must be, and says what to do where it is not. It changes nothing.

mod machine;
mod of_store;

use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use crate::EXIT_FOUND_FAULTS;
use crate::command::backup::BackupFolder;
use crate::command::say_line;
use crate::command::serve::{Certificates, Collector, Disk, ReportFont};
use crate::place::StoreArgs;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    backups: BackupFolder,
    #[command(flatten)]
    disk: Disk,
    #[command(flatten)]
    font: ReportFont,
    #[command(flatten)]
    tls: Certificates,
    #[command(flatten)]
    otlp: Collector,
    /// Warn if the newest backup is older than so many hours
    #[arg(
        long,
        value_name = "HOURS",
        default_value = "26",
        env = "XINLIAN_BACKUP_AGE_HOURS_MOST",
        value_parser = clap::value_parser!(u32).range(0..=8_760)
    )]
    backup_age_hours_most: u32,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// As it must be.
    Ok,
    /// It works, and should be looked after.
    Warn,
    /// It does not work, or will not when it is needed.
    Fault,
}

/// What a check found.
#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    state: State,
    says: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

impl Finding {
    fn ok(check: &'static str, says: impl Into<String>) -> Self {
        Self {
            check,
            state: State::Ok,
            says: says.into(),
            help: None,
        }
    }

    fn warn(check: &'static str, says: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            state: State::Warn,
            help: Some(help.into()),
            ..Self::ok(check, says)
        }
    }

    fn fault(check: &'static str, says: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            state: State::Fault,
            ..Self::warn(check, says, help)
        }
    }
}

/// What is found, and how bad the worst is.
#[derive(Serialize)]
struct Report {
    state: State,
    checks: Vec<Finding>,
}

pub(crate) async fn run(args: Args, config: Option<&PathBuf>) -> anyhow::Result<ExitCode> {
    let mut checks = machine::settings(config.map(PathBuf::as_path));
    checks.extend(machine::key_file(&args.store));
    checks.extend(machine::disk(&args.store, &args.backups, args.disk));
    checks.extend(of_store::all(&args.store).await);
    checks.extend(machine::backups(&args.backups, args.backup_age_hours_most));
    checks.push(machine::fonts(&args.font));
    checks.extend(machine::certificates(&args.tls));
    checks.extend(machine::collector(&args.otlp).await);
    let state = checks
        .iter()
        .map(|finding| finding.state)
        .max()
        .unwrap_or(State::Ok);
    let report = Report { state, checks };
    if args.json {
        say_line!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        for finding in &report.checks {
            let state = match finding.state {
                State::Ok => "ok",
                State::Warn => "warn",
                State::Fault => "FAULT",
            };
            say_line!("{state:<6}{:<11}{}", finding.check, finding.says);
            if let Some(help) = &finding.help {
                say_line!("{:17}do: {help}", "");
            }
        }
    }
    Ok(if state == State::Fault {
        ExitCode::from(EXIT_FOUND_FAULTS)
    } else {
        ExitCode::SUCCESS
    })
}
