//! The log against a reference tree, against the specifications' own examples, against hostile input, and against clients that others
//! wrote.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

mod formats;
mod hostile;
mod key_tree;
mod leaves;
mod peers;
mod policy;
mod sequencer;
mod support;
mod tree;
mod witness;
