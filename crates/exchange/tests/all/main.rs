//! The crate from outside: files in, records and reports out, by the layouts of the house.

mod golden;
mod hostile;
mod layouts;
mod same;
mod support;
mod workbooks;
