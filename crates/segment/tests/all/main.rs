//! One binary of tests: what is written to files and read back.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

mod evidence;
mod mirror;
