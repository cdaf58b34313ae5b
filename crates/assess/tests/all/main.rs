//! One binary of tests: data through the public API.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

mod catalogue;
mod checks;
mod counterfactual;
mod decisions;
mod diff;
mod drafts;
mod duties;
mod golden;
mod guards;
mod heard;
mod language;
mod life;
mod limits;
mod lives;
mod made;
mod mutate;
mod policies;
mod procedure_rules;
mod procedures;
mod readings;
mod repair;
mod schema;
mod support;
mod told;
