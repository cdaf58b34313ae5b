//! `xinlian ingest`: files of a department, through the same door as the desk's upload.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use exchange::{Reader, Report, SourceFile};
use indicatif::{ProgressBar, ProgressStyle};
use record::{LayoutCode, OfficerId, SourceCode};
use store::Store;
use web::intake::{Continues, HandIn};

use crate::command::say_line;
use crate::place::StoreArgs;
use crate::{EXIT_FOUND_FAULTS, EXIT_UNREADABLE};

#[derive(clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line, read one by one"
)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    /// The department that hands the files in, e.g. `chancheng.market`
    #[arg(long, value_name = "CODE")]
    source: SourceCode,
    /// The layout of the files [default: found by their header]
    #[arg(long, value_name = "NAME")]
    layout: Option<LayoutCode>,
    /// Who hands them in; another person confirms adverse records
    #[arg(long, value_name = "NAME", default_value = "cli")]
    officer: OfficerId,
    /// Print one JSON object for each file
    #[arg(long)]
    json: bool,
    /// Check and report, and keep nothing
    #[arg(long)]
    dry_run: bool,
    /// Rows that are held with other content correct what is held, instead of being refused as CONFLICT
    #[arg(long)]
    corrects: bool,
    /// Go on with the last hand-in of the same file that was cut off, e.g. by a power failure
    #[arg(long, conflicts_with = "dry_run")]
    resume: bool,
    /// CSV or NDJSON (packed with zstd or gzip or not), XLSX, XLS or Parquet files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = args.store.open_or_create().await?;
    let bundle = store.bundle(store.now_as_of().await?).await?;
    if bundle.source(&args.source).is_none() {
        let known: Vec<_> = bundle.sources().map(|source| source.code.to_string()).collect();
        bail!(
            "no source has the code `{}`; the sources are: {}",
            args.source,
            known.join(", ")
        );
    }
    let (mut refused, mut unreadable) = (false, false);
    for path in &args.files {
        match take_in_one(&store, &args, path).await {
            Ok(report) => {
                refused |= report.refused > 0;
                say(&report, args.json)?;
            }
            Err(error) => {
                unreadable = true;
                say_unreadable(path, &error, args.json)?;
            }
        }
    }
    Ok(match (unreadable, refused) {
        (true, _) => ExitCode::from(EXIT_UNREADABLE),
        (false, true) => ExitCode::from(EXIT_FOUND_FAULTS),
        (false, false) => ExitCode::SUCCESS,
    })
}

async fn take_in_one(store: &Store, args: &Args, path: &Path) -> anyhow::Result<Report> {
    let file = SourceFile::open(path, &Reader::of_this_program()?)?;
    let bar = progress(path, file.row_count());
    let hand_in = HandIn {
        source: args.source.clone(),
        officer: args.officer.clone(),
        layout: args.layout.clone(),
        dry_run: args.dry_run,
        corrects: args.corrects,
        continues: if args.resume {
            Continues::CutOff
        } else {
            Continues::Nothing
        },
    };
    let taken = web::intake::take_in(store, &hand_in, file, |rows| bar.set_position(rows)).await;
    bar.finish_and_clear();
    Ok(taken?.report)
}

/// Rows so far, and how long the rest takes; drawn on a terminal only.
fn progress(path: &Path, rows: u32) -> ProgressBar {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let style =
        ProgressStyle::with_template("{msg} {bar:30} {human_pos} of {human_len} rows, {per_sec}, {eta} left");
    ProgressBar::new(rows.into())
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_message(name)
}

pub(crate) fn say(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        say_line!("{}", serde_json::to_string(report)?);
        return Ok(());
    }
    say_line!(
        "{} ({}): {}",
        report.file,
        report.layout.as_ref().map_or("no layout", LayoutCode::as_str),
        report.counts_line()
    );
    for error in &report.errors {
        say_line!(
            "  row {} {}: {} {}",
            error.row,
            error.column,
            error.code,
            error.message_en
        );
    }
    Ok(())
}

fn say_unreadable(path: &Path, error: &anyhow::Error, json: bool) -> anyhow::Result<()> {
    if json {
        let line = serde_json::json!({ "file": path.display().to_string(), "error": format!("{error:#}") });
        say_line!("{}", serde_json::to_string(&line)?);
    } else {
        eprintln!("{}: {error:#}", path.display());
    }
    Ok(())
}
