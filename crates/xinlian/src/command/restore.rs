//! `xinlian restore`: a backup brought back where nothing is yet, and shown to have the same records.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use indicatif::HumanCount;
use serde_json::json;
use store::{Clock, Manifest, RestoreTo, Store};

use crate::EXIT_FOUND_FAULTS;
use crate::command::{backup, say_line};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of the one backup, `xinlian-…`
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Folder to make: of the SQLite database and of the key file
    #[arg(long, value_name = "DIR", required_unless_present = "dry_run")]
    into: Option<PathBuf>,
    /// An empty PostgreSQL database in place of SQLite; --into holds the key file then
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The key file that belongs to the backup; it is copied
    #[arg(long, value_name = "FILE", required_unless_present = "dry_run")]
    keys_from: Option<PathBuf>,
    /// Only look whether the backup is whole
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let (Some(folder), Some(keys_from), false) = (args.into, args.keys_from, args.dry_run) else {
        let manifest = Manifest::check(&args.from).context("the backup cannot be used")?;
        if args.json {
            say_line!("{}", serde_json::to_string_pretty(&manifest)?);
        } else {
            say_line!(
                "whole: {} records of {} on {}, head {}",
                HumanCount(manifest.records),
                manifest.database,
                manifest.made,
                manifest.head
            );
        }
        return Ok(ExitCode::SUCCESS);
    };
    let to = RestoreTo {
        folder: folder.clone(),
        database: args.database,
        keys_from,
    };
    let bar = backup::bar("rows");
    let restored = Store::restore(&args.from, &to, Clock::System, |progress| {
        backup::show(&bar, progress);
    })
    .await;
    bar.finish_and_clear();
    let restored = restored.context("nothing was restored")?;
    let same = restored.head == restored.manifest.head;
    if args.json {
        let report = json!({
            "into": folder.display().to_string(),
            "made": restored.manifest.made,
            "records": restored.manifest.records,
            "head": restored.head,
            "same_head": same,
            "verify": restored.verify,
        });
        say_line!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        say_line!(
            "restored into `{}`, as it was on {}\n{}\nhead {}, as the backup says",
            folder.display(),
            restored.manifest.made,
            restored.verify,
            restored.head,
        );
    }
    Ok(if restored.verify.is_clean() && same {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(EXIT_FOUND_FAULTS)
    })
}
