//! `xinlian keys rotate`: a new generation of keys.

use std::process::ExitCode;

use crate::place::StoreArgs;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make new keys, wrap every record's key under the new one and index every identifier anew
    Rotate(Rotate),
}

#[derive(clap::Args)]
pub(crate) struct Rotate {
    #[command(flatten)]
    store: StoreArgs,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Rotate(args) = command;
    let report = args
        .store
        .open()
        .await?
        .rotate_keys(&args.store.keys_file())
        .await?;
    println!("{report}");
    Ok(ExitCode::SUCCESS)
}
