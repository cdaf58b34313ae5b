//! `xinlian layout infer`: a layout proposed for a spreadsheet that nobody knows.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use exchange::{Reader, SourceFile, infer_layout};
use record::{ItemCode, Realm};

use crate::command::say_line;
use crate::{EXIT_FOUND_FAULTS, policies};

/// How many rows are looked at.
const ROWS: usize = 500;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Propose a layout for a spreadsheet, to be finished by hand
    Infer(InferArgs),
}

#[derive(clap::Args)]
pub(crate) struct InferArgs {
    /// A table as a department sends it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The catalogue item that its rows become [default: the likeliest]
    #[arg(long, value_name = "CODE")]
    item: Option<ItemCode>,
    /// The code of the new layout
    #[arg(long, value_name = "CODE", default_value = "new-layout")]
    code: String,
    /// The worksheet [default: the first with a header]
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Folder of policies with the catalogue [default: those built in]
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,
}

pub(crate) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Infer(args) = command;
    let bundle = policies::bundle(args.policies.as_deref(), Realm::Live)?;
    let item = match &args.item {
        Some(code) => Some(
            bundle
                .item(code)
                .with_context(|| format!("the catalogue has no item `{code}`; see `xinlian policy show`"))?,
        ),
        None => None,
    };
    let file = SourceFile::open(&args.file, &Reader::of_this_program()?)?;
    let tables = file.peek(ROWS)?;
    let wanted = |name: &Option<String>| args.sheet.is_none() || *name == args.sheet;
    let table = tables
        .iter()
        .find(|table| wanted(&table.sheet) && table.header().is_some());
    let Some((table, header)) = table.and_then(|table| Some((table, table.header()?))) else {
        bail!("no table with a header was found in `{}`", args.file.display());
    };
    let headers = table.rows.get(header).cloned().unwrap_or_default();
    let rows = table.rows.get(header + 1..).unwrap_or_default();
    let proposal = infer_layout(&bundle, &args.code, item, &headers, rows);
    say_line!("{}", proposal.text.trim_end());
    if proposal.unfinished.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("To be finished before it is a layout:");
    for fault in &proposal.unfinished {
        eprintln!("  {fault}");
    }
    Ok(ExitCode::from(EXIT_FOUND_FAULTS))
}
