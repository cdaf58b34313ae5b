//! Files in and out.
#![warn(missing_docs)]
mod cell;
mod fault;
mod file;
mod layout;
mod read;
pub use fault::FileFault;
pub use file::{Format, SourceFile};
pub use layout::{Column, Layout, Layouts};
