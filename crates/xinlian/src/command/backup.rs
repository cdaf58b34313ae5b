//! `xinlian backup`: the store as it is now, while others go on.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use serde_json::json;
use store::Progress;

use crate::command::say_line;
use crate::place::StoreArgs;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    folder: BackupFolder,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Where backups lie.
#[derive(clap::Args, Clone)]
pub(crate) struct BackupFolder {
    /// Folder of the backups; each is a folder of its own in it
    #[arg(long, visible_alias = "to", value_name = "DIR", env = "XINLIAN_BACKUP_FOLDER")]
    pub(crate) backup_folder: Option<PathBuf>,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let below = args
        .folder
        .backup_folder
        .context("say where to: `--to DIR`, or `folder` below `[backup]` in the file of settings")?;
    let store = args.store.open().await?;
    let needed = store.figures().await?.bytes;
    if let Some(free) = existing(&below).and_then(store::free_bytes) {
        ensure!(
            free > needed,
            "`{}` has {} free, and about {} are needed",
            below.display(),
            HumanBytes(free),
            HumanBytes(needed)
        );
    }
    let bar = bar("rows");
    let made = store.backup(&below, |progress| show(&bar, progress)).await;
    bar.finish_and_clear();
    let (folder, manifest) = made.context("no backup was made")?;
    store.close().await;
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    if args.json {
        let folder = folder.display().to_string();
        say_line!(
            "{}",
            json!({ "folder": folder, "bytes": bytes, "records": manifest.records, "head": manifest.head })
        );
    } else {
        say_line!(
            "{}: {} records, {}, head {}\nthe key file is not in it: keep a copy of `{}` in another place",
            folder.display(),
            HumanCount(manifest.records),
            HumanBytes(bytes),
            manifest.head,
            args.store.keys_file().display()
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// The nearest folder above that is there already.
fn existing(folder: &Path) -> Option<&Path> {
    let above = folder.ancestors().map(|above| {
        if above.as_os_str().is_empty() {
            Path::new(".")
        } else {
            above
        }
    });
    above.into_iter().find(|above| above.exists())
}

/// Rows so far; drawn on a terminal only.
pub(crate) fn bar(of: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("[{elapsed_precise}] {bar:30} {human_pos}/{human_len} {msg}");
    ProgressBar::new(0)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_message(of)
}

pub(crate) fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.of);
    bar.set_position(progress.done);
}
