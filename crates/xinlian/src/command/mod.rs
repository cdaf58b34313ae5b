//! One file for each subcommand: its arguments, then `run`.

pub(crate) mod bench;
pub(crate) mod demo;
pub(crate) mod explain;
pub(crate) mod fixtures;
pub(crate) mod ingest;
pub(crate) mod init;
pub(crate) mod keys;
pub(crate) mod policy;
pub(crate) mod rebuild;
pub(crate) mod serve;
pub(crate) mod staff;
pub(crate) mod verify;
