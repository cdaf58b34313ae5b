//! One file for each subcommand: its arguments, then `run`.

pub(crate) mod api_key;
pub(crate) mod backup;
pub(crate) mod bench;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod fixtures;
pub(crate) mod honey;
pub(crate) mod ingest;
pub(crate) mod init;

pub(crate) mod keys;
pub(crate) mod layout;
pub(crate) mod log;
pub(crate) mod man;
pub(crate) mod nightly;
pub(crate) mod policy;
pub(crate) mod proof;
pub(crate) mod pull;
pub(crate) mod rate;
pub(crate) mod rebuild;
pub(crate) mod report;
pub(crate) mod restore;
pub(crate) mod seal;
pub(crate) mod serve;
pub(crate) mod simulate;
pub(crate) mod staff;
pub(crate) mod statistics;
pub(crate) mod verify;
pub(crate) mod verify_proof;
pub(crate) mod watch;
pub(crate) mod webhook;

use std::io::{ErrorKind, Write as _};

use anyhow::ensure;
use record::SourceCode;
use store::Store;

/// That the rules in force know this source.
pub(crate) async fn known_source(store: &Store, source: &SourceCode) -> anyhow::Result<()> {
    let bundle = store.bundle(store.now_as_of().await?).await?;
    ensure!(
        bundle.source(source).is_some(),
        "no source has the code `{source}`; see `policies/sources.toml`"
    );
    Ok(())
}

/// Prints one line. Whoever reads may stop reading, as `head` does: that is no fault, and the work goes on.
pub(crate) fn print_line(line: impl std::fmt::Display) -> std::io::Result<()> {
    match writeln!(std::io::stdout().lock(), "{line}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}

/// Prints what already has its line ends. Whoever reads may stop reading.
pub(crate) fn say_bytes(bytes: &[u8]) -> std::io::Result<()> {
    match std::io::stdout().lock().write_all(bytes) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}

/// Prints one line as `println!` does, and returns if it cannot; see [`print_line`].
macro_rules! say_line {
    ($($line:tt)*) => {
        crate::command::print_line(format_args!($($line)*))?
    };
}
pub(crate) use say_line;
