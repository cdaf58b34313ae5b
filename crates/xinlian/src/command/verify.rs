//! `xinlian verify`: recompute and compare.

use std::process::ExitCode;

use record::AsOf;
use segment::{Mirror, MirrorError};
use serde::Serialize;
use store::{Store, VerifyReport};

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

#[derive(Serialize)]
struct Found {
    #[serde(flatten)]
    report: VerifyReport,
    /// None if there is no mirror, or one that would be made anew before it is read.
    mirror: Option<OfMirror>,
}

/// What the packed mirror says otherwise than the records.
#[derive(Serialize)]
struct OfMirror {
    known: u64,
    damaged_blocks: Vec<usize>,
    subjects: Vec<u64>,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = args.store.open().await?;
    let found = Found {
        report: store.verify().await?,
        mirror: of_mirror(&args, &store).await?,
    };
    if args.json {
        say_line!("{}", serde_json::to_string_pretty(&found)?);
    } else {
        say_line!("{}", found.report);
        if let Some(mirror) = &found.mirror {
            say(mirror)?;
        }
    }
    let whole = found.mirror.as_ref().is_none_or(OfMirror::is_clean);
    Ok(if found.report.is_clean() && whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(EXIT_FOUND_FAULTS)
    })
}

impl OfMirror {
    fn is_clean(&self) -> bool {
        self.damaged_blocks.is_empty() && self.subjects.is_empty()
    }
}

async fn of_mirror(args: &Args, store: &Store) -> anyhow::Result<Option<OfMirror>> {
    let place = Store::lasting_mirror_place(&args.store.mirrors());
    let mirror = match Mirror::open(&place) {
        Ok(mirror) => mirror,
        Err(MirrorError::Damaged(block)) => {
            return Ok(Some(OfMirror {
                known: 0,
                damaged_blocks: vec![block],
                subjects: Vec::new(),
            }));
        }
        // Not there, torn or of another version: nobody reads it.
        Err(_) => return Ok(None),
    };
    let known = mirror.about().known;
    let now = store.now_as_of().await?;
    let bundle = store.bundle(AsOf { known, ..now }).await?;
    if bundle.resolving_digest() != mirror.about().rules {
        return Ok(None);
    }
    let damaged_blocks = mirror.damaged_blocks()?;
    let subjects = if damaged_blocks.is_empty() {
        store.verify_mirror(&mirror, &bundle).await?.subjects
    } else {
        Vec::new()
    };
    Ok(Some(OfMirror {
        known: known.0,
        damaged_blocks,
        subjects,
    }))
}

fn say(mirror: &OfMirror) -> anyhow::Result<()> {
    if mirror.is_clean() {
        say_line!("the packed mirror of {} records says what they say", mirror.known);
        return Ok(());
    }
    for block in &mirror.damaged_blocks {
        say_line!("block {block} of the packed mirror is damaged");
    }
    for subject in &mirror.subjects {
        say_line!("the packed mirror says something else of subject {subject} than the records");
    }
    say_line!("remove the folder `mirror` of the store: it is made anew when it is asked for");
    Ok(())
}
