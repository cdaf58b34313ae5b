//! One binary of tests: data through the public API.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

mod catalogue;
mod golden;
mod guards;
mod language;
mod made;
mod policies;
mod readings;
mod schema;
mod support;
