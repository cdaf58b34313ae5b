//! `xinlian verify`: recompute and compare.

use std::process::ExitCode;

use crate::EXIT_FOUND_FAULTS;
use crate::command::say_line;
use crate::place::StoreArgs;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let report = args.store.open().await?.verify().await?;
    if args.json {
        say_line!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        say_line!("{report}");
    }
    Ok(if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(EXIT_FOUND_FAULTS)
    })
}
