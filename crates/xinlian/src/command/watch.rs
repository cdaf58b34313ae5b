//! `xinlian watch`: a folder for each department; what is laid into it is taken in, and its report laid beside it.
//!
//! ```text
//! FOLDER/chancheng.market/fines.xlsx     ─►  FOLDER/chancheng.market/taken/fines.xlsx
//!                                            FOLDER/chancheng.market/taken/fines.xlsx.report.json
//!                                            FOLDER/chancheng.market/taken/fines.xlsx.returned.xlsx   if rows were refused
//!                                        or  FOLDER/chancheng.market/refused/fines.xlsx, and fines.xlsx.fault.txt
//! ```
//!
//! A file is moved only once its report is written. If the program ends in between, the file is taken in again, and its rows
//! are found to be held: nothing is lost and nothing comes twice.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, bail};
use exchange::{Layouts, Reader, SourceFile, error_workbook};
use record::{OfficerId, SourceCode};
use store::Store;
use web::intake::{Continues, HandIn, HandedIn, IntakeFault, take_in};

use crate::command::say_line;
use crate::place::StoreArgs;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    /// Folder with a folder for each department, named by its code
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Seconds between two looks; a file is taken once it is the same in both
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    every: u64,
    /// Look twice, take what is there and end
    #[arg(long)]
    once: bool,
    /// In whose name files are handed in; another person confirms adverse records
    #[arg(long, value_name = "NAME", default_value = "watch")]
    officer: OfficerId,
}

/// What a file was at a look: its length and when it was last written.
type Seen = (u64, SystemTime);

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = args.store.open_or_create().await?;
    let reader = Reader::of_this_program()?;
    if !args.folder.is_dir() {
        bail!("`{}` is no folder", args.folder.display());
    }
    let mut end = std::pin::pin!(web::told_to_end());
    let mut seen = look(&store, &args.folder).await?;
    loop {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(args.every)) => {}
            () = &mut end => return Ok(ExitCode::SUCCESS),
        }
        let now = look(&store, &args.folder).await?;
        for (path, (source, was)) in &now {
            let settled = seen.get(path).is_some_and(|(_, before)| before == was);
            if settled {
                take(&store, &reader, &args.officer, source, path).await?;
            }
        }
        if args.once {
            return Ok(ExitCode::SUCCESS);
        }
        seen = now;
    }
}

/// The files that lie in the folders of departments.
async fn look(store: &Store, folder: &Path) -> anyhow::Result<BTreeMap<PathBuf, (SourceCode, Seen)>> {
    let bundle = store.bundle(store.now_as_of().await?).await?;
    let mut found = BTreeMap::new();
    for source in bundle.sources() {
        let Ok(files) = fs::read_dir(folder.join(source.code.as_str())) else {
            continue;
        };
        for file in files {
            let file = file?;
            let name = file.file_name().to_string_lossy().into_owned();
            // Hidden, half written by others, or the lock of a spreadsheet program.
            let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
            let passing =
                name.starts_with(['.', '~']) || ["part", "tmp", "crdownload"].contains(&ending.as_str());
            let metadata = file.metadata()?;
            if metadata.is_file() && !passing {
                let seen = (metadata.len(), metadata.modified()?);
                found.insert(file.path(), (source.code.clone(), seen));
            }
        }
    }
    Ok(found)
}

async fn take(
    store: &Store,
    reader: &Reader,
    officer: &OfficerId,
    source: &SourceCode,
    path: &Path,
) -> anyhow::Result<()> {
    let hand_in = HandIn {
        source: source.clone(),
        officer: officer.clone(),
        layout: None,
        dry_run: false,
        corrects: false,
        // What was cut off by a crash lies in the folder still.
        continues: Continues::CutOff,
    };
    let opened = SourceFile::open(path, reader).map_err(|fault| IntakeFault::File(Box::new(fault)));
    let taken = match opened {
        Ok(file) => take_in(store, &hand_in, file, |_| {}).await,
        Err(fault) => Err(fault),
    };
    match taken {
        Ok(done) => {
            say_line!("{}: {}", path.display(), done.report.counts_line());
            let beside = beside(store, &done).await?;
            lay(path, "taken", &beside)
        }
        Err(IntakeFault::File(fault)) => {
            say_line!("{}: refused: {fault}", path.display());
            let said = format!(
                "{}\n{}\n{}\n{}\n{}\n",
                fault.code, fault.what.zh, fault.help.zh, fault.what.en, fault.help.en
            );
            lay(path, "refused", &[("fault.txt", said.into_bytes())])
        }
        // The store's trouble is not the file's: it stays, and is tried again.
        Err(fault) => {
            eprintln!("{}: {fault}; it will be tried again", path.display());
            Ok(())
        }
    }
}

/// What is laid beside a file that was taken in: its report, and the refused rows as a workbook.
async fn beside(store: &Store, done: &HandedIn) -> anyhow::Result<Vec<(&'static str, Vec<u8>)>> {
    let mut beside = vec![("report.json", serde_json::to_vec_pretty(&done.report)?)];
    if !done.returned.rows.is_empty() {
        let bundle = store.bundle(store.now_as_of().await?).await?;
        let layouts = Layouts::from_bundle(&bundle).unwrap_or_default();
        let layout = done.report.layout.as_ref().and_then(|code| layouts.get(code));
        if let Some(layout) = layout {
            let workbook = error_workbook(layout, &done.report, &done.returned)?;
            beside.push(("returned.xlsx", workbook));
        }
    }
    Ok(beside)
}

/// Writes what belongs beside the file into the folder, then moves the file there.
fn lay(path: &Path, folder: &str, beside: &[(&str, Vec<u8>)]) -> anyhow::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let into = path.parent().unwrap_or(Path::new(".")).join(folder);
    fs::create_dir_all(&into).with_context(|| format!("cannot make `{}`", into.display()))?;
    // Of one name there may be many files in the course of a year.
    let free = (1_u32..=100_000)
        .map(|n| match n {
            1 => name.to_string(),
            n => format!("{n}-{name}"),
        })
        .find(|name| !into.join(name).exists())
        .context("no name is left")?;
    for (ending, bytes) in beside {
        fs::write(into.join(format!("{free}.{ending}")), bytes)?;
    }
    fs::rename(path, into.join(&free)).with_context(|| format!("cannot move `{}`", path.display()))?;
    Ok(())
}
