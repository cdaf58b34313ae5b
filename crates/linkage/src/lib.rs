//! Whom a row without an identifier may concern: proposals, weighed in bits and explained field by field.
//!
//! The model is that of Fellegi and Sunter (1969): each field adds log2(m / u) for how far its two values agree,
//! a prior is added, and the sum is a match probability. Names are compared as Chinese names are written.
//! A proposal orders an officer's queue. It decides nothing: a name alone never matches (guard 5), and what a
//! person has not confirmed has no effect. See `docs/matching.md`.
//!
//! It does **not** know: files, a database, the clock, randomness (a seed is handed in), identifiers in clear,
//! policy, grades or lists. It is the one core crate with floats, because it draws no conclusion
//! (docs/adr/0010).

#![warn(missing_docs)]

mod address;
mod compare;
mod date;
mod field;
mod index;
mod level;
mod linkage;
mod masked;
mod mix;
mod model;
mod organisation;
mod person;
mod place;
mod profile;
mod register;
mod script;
mod shipped;
mod sound;
mod table;
mod text;
mod train;

pub use compare::{Compare, Part};
pub use field::{Demand, Field};
pub use index::{Index, Proposal};
pub use level::Level;
pub use linkage::{Linkage, Pair};
pub use model::{Block, Certain, FieldEvidence, Key, MOST_FIELDS, Model, ModelFault, probability};
pub use profile::{Kind, PROFILE_FIELDS, Profile};
pub use register::Register;
pub use sound::initials;
pub use train::Training;
