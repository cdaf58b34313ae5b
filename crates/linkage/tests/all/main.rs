//! Proposals on made-up registers, and what holds for any rows: one program, so that it is linked once.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test"
)]

mod chinese;
mod made;
mod organisations;
mod properties;
