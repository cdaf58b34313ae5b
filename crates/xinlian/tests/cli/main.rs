//! The program from the outside: what a user types, what they read, and the code that it ends with.
//!
//! Cases on a store run on SQLite and on PostgreSQL; the latter needs `scripts/with-postgres.sh`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod api_key;
mod backup;
mod config;
mod crash;
mod demo;
mod editions;
mod explain;
mod fixtures;
mod formats;
mod honey;
mod ingest;
mod keys;
mod log;
mod manual;
mod messy;
mod nightly;
mod otlp;
mod policy;
mod pull;
mod rate;
mod refused;
mod serve;
mod staff;
mod support;
mod tables;
mod tls;
mod told;
mod upkeep;
mod usage;
mod watch;
mod webhook;
