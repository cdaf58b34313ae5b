//! `xinlian seal`: records leave the database for segments.

use std::process::ExitCode;

use indicatif::HumanBytes;
use indicatif::HumanCount;
use serde_json::json;
use store::{Progress, Seal};

use crate::command::backup::{bar, show};
use crate::command::say_line;
use crate::place::StoreArgs;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    recent: Recent,
    /// Go through all records, also those that belonged to nobody when they were passed over
    #[arg(long)]
    from_start: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Which records stay in the database.
#[derive(clap::Args, Clone, Copy)]
pub(crate) struct Recent {
    /// So many of the newest records stay in the database; older ones are sealed into segments
    #[arg(
        long = "recent",
        value_name = "RECORDS",
        default_value = "1000000",
        env = "XINLIAN_EVIDENCE_RECENT"
    )]
    pub(crate) recent: u32,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = args.store.open().await?;
    let bar = bar("records");
    let seal = Seal {
        keep: args.recent.recent.into(),
        from_start: args.from_start,
    };
    let told = |share: store::ShareDone| {
        show(
            &bar,
            Progress {
                done: share.done,
                of: share.of,
            },
        );
    };
    let done = store.seal_records(seal, told).await;
    bar.finish_and_clear();
    let done = done?;
    store.close().await;
    if args.json {
        say_line!("{}", json!(done));
    } else {
        say_line!(
            "{} records sealed into {} segments, {}; {} segments merged",
            HumanCount(done.records),
            done.segments,
            HumanBytes(done.bytes),
            done.merged
        );
    }
    Ok(ExitCode::SUCCESS)
}
