//! `xinlian policy publish` and `editions`: from a folder to what is in force, as a record.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use assess::Severity;
use record::OfficerId;

use crate::command::say_line;
use crate::place::StoreArgs;
use crate::{EXIT_FOUND_FAULTS, policies};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of the policies
    dir: PathBuf,
    #[command(flatten)]
    store: StoreArgs,
    /// Who drafted them
    #[arg(long, value_name = "NAME")]
    drafted_by: OfficerId,
    /// Who read them and approves; another person
    #[arg(long, value_name = "NAME")]
    approved_by: OfficerId,
    /// Only say what would be published
    #[arg(long)]
    dry_run: bool,
}

#[derive(clap::Args)]
pub(crate) struct EditionArgs {
    #[command(flatten)]
    store: StoreArgs,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    if args.drafted_by == args.approved_by {
        bail!("`{}` drafted it, so another person approves it", args.drafted_by);
    }
    let store = args.store.open().await?;
    let new = policies::bundle(Some(&args.dir), store.realm())?;
    if !super::check::is_publishable(&args.dir)? {
        return Ok(ExitCode::from(EXIT_FOUND_FAULTS));
    }
    let in_force = store.bundle(store.now_as_of().await?).await?;
    if new.digest() == in_force.digest() {
        bail!(
            "`{}` is what is in force already; nothing changes",
            args.dir.display()
        );
    }
    let today = store.clock().today();
    if new.in_force_from() < today {
        bail!(
            "in force from {}, and rules do not reach back: set `in_force_from` in bundle.toml to {today} or later",
            new.in_force_from()
        );
    }
    let worse = assess::check_change(&in_force, &new);
    let mut refused = false;
    for finding in &worse {
        refused |= finding.severity == Severity::Error;
        say_line!("{finding}");
    }
    if refused {
        return Ok(ExitCode::from(EXIT_FOUND_FAULTS));
    }
    say_line!(
        "edition `{}`, digest {}, in force from {}: {} clauses differ from `{}`",
        new.edition(),
        new.digest(),
        new.in_force_from(),
        assess::diff(&in_force, &new).len(),
        in_force.edition()
    );
    let gate = store.simulation_gate(&new, &args.approved_by).await?;
    if !gate.is_open() {
        say_line!(
            "{}: {gate}",
            if store.is_demo() {
                "warning"
            } else {
                "not yet to be published"
            }
        );
    }
    if args.dry_run {
        return Ok(ExitCode::SUCCESS);
    }
    if !gate.is_open() && !store.is_demo() {
        return Ok(ExitCode::from(EXIT_FOUND_FAULTS));
    }
    let number = store
        .publish_bundle(&new, &args.drafted_by, &args.approved_by)
        .await
        .context("it was not published")?;
    say_line!("published as record {number}; what was concluded before replays as before");
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn editions(args: &EditionArgs) -> anyhow::Result<ExitCode> {
    let store = args.store.open().await?;
    let in_force = store.bundle(store.now_as_of().await?).await?;
    for one in store.publications().await? {
        say_line!(
            "record {}: edition `{}`, in force from {}{}, drafted by {}, approved by {}, digest {}",
            one.number,
            one.bundle.edition(),
            one.bundle.in_force_from(),
            if one.bundle.digest() == in_force.digest() {
                " (now)"
            } else {
                ""
            },
            one.by,
            one.approved_by,
            one.bundle.digest()
        );
    }
    Ok(ExitCode::SUCCESS)
}
