//! What is said of the running program, to those who run it: whether it lives and is ready, figures, and a line in the log for
//! each request. None of it names a person, an identifier or a query.

pub(crate) mod body;
pub(crate) mod health;
pub(crate) mod log;
pub(crate) mod metrics;
pub(crate) mod otlp;
pub(crate) mod sealing;
pub(crate) mod sequencing;
