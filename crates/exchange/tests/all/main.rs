//! The crate from outside: files in, records and reports out, by the layouts of the house.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod golden;
mod hints;
mod hostile;
mod layouts;
mod own_headers;
mod same;
mod support;
mod workbooks;
