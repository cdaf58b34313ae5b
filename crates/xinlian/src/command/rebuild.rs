//! `xinlian rebuild`: every projection anew.

use std::process::ExitCode;

use crate::command::say_line;
use crate::place::StoreArgs;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let report = args.store.open().await?.rebuild().await?;
    say_line!("{report}");
    Ok(ExitCode::SUCCESS)
}
