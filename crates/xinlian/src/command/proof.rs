//! `xinlian proof`: that a record stands in the log, for whoever believes nobody.

use std::process::ExitCode;

use anyhow::Context as _;
use record::RecordNumber;

use crate::command::say_bytes;
use crate::place::StoreArgs;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    /// Number of the record
    #[arg(value_name = "RECORD")]
    record: RecordNumber,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = args.store.open().await?;
    let number = args.record;
    let proved = store.log_proof(number).await;
    let proved = proved.with_context(|| format!("record {number} cannot be proved"))?;
    store.close().await;
    let proved = proved.with_context(|| {
        format!(
            "record {number} waits to be logged; a server does that within seconds, or `xinlian log --close`"
        )
    })?;
    say_bytes(proved.proof.to_string().as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
