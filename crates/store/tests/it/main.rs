//! The store on both databases: every case runs on SQLite and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

mod support;

mod acts;
mod announcements;
mod attachments;
mod backup;
mod district;
mod everyone;
mod files;
mod intake;
mod jobs;
mod keys;
mod kill;
mod likeness;
mod log;
mod mandate;
mod merge;
mod mirror;
mod one_state;
mod organisations;
mod oversight;
mod own_headers;
mod privacy;
mod public_lists;
mod push;
mod rebuild;
mod repair;
mod segments;
mod sharing;
mod simulations;
mod staff;
mod statistics;
mod tamper;
mod undo;
