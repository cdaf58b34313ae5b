//! `xinlian completions`: what a shell needs to finish words.

use std::process::ExitCode;

use clap_complete::Shell;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which shell; its own manual says where the output belongs
    shell: Shell,
}

pub(crate) fn run(args: &Args, mut command: clap::Command) -> anyhow::Result<ExitCode> {
    // Into memory first: whoever reads may stop reading.
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut command, "xinlian", &mut text);
    super::print_line(String::from_utf8_lossy(&text).trim_end())?;
    Ok(ExitCode::SUCCESS)
}
