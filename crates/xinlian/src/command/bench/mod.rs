//! `xinlian bench`: the figures of `docs/performance.md`.

mod district;
mod everyone;

use std::process::ExitCode;
use std::time::Duration;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Time ingest, explanation and counter decisions on a made-up district of its own
    District(district::Args),
    /// Time how files are opened, in a store that is there
    Files(district::Files),
    /// Make a mirror of a made-up population, skewed as real ones are
    Generate(everyone::Generate),
    /// Rate everyone of such a mirror, one subject after the other, and again and again
    Rate(everyone::Rate),
    /// Write what another engine needs to rate the same
    Facts(everyone::Facts),
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::District(args) => district::run(args).await,
        Command::Files(args) => district::files(args).await,
        Command::Generate(args) => everyone::generate(&args),
        Command::Rate(args) => everyone::rate(&args),
        Command::Facts(args) => everyone::facts(&args),
    }
}

/// The value that `percent` of the sorted times do not exceed.
fn at(sorted: &[Duration], percent: usize) -> Duration {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}
