//! `xinlian fixtures`: the files of a made-up district.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::command::say_line;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder to write into, one folder a source
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many persons; organisations are 3 for 20 persons
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(20..=2_000_000))]
    subjects: u32,
    /// The same seed gives the same files
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The day on which the files are handed in [default: today]
    #[arg(long, value_name = "DATE")]
    today: Option<record::Date>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let today = args.today.unwrap_or_else(|| store::Clock::System.today());
    let written = crate::fixtures::write(&args.out, args.subjects, args.seed, today)?;
    for file in &written.files {
        say_line!("{}\t{}\t{}", file.source, file.layout, file.path.display());
    }
    Ok(ExitCode::SUCCESS)
}
