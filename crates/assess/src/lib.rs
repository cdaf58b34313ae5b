//! Every conclusion of the house: grade, list entries, measures and decisions, as a pure function of
//! records, dated policy and a date.
//!
//! ```text
//! assess(bundle, records, as_of) ─► standings ─► grade · entries ─► measures
//!                                        └──────► decide(…, ask) ─► verdict
//! ```
//!
//! It does **not** know: the clock, randomness, files, SQL, HTTP, who asks, or which identifiers belong
//! together. It holds no state. Nothing in it turns a grade into a restriction, and nothing outside it
//! can make a [`Restriction`] at all.

#![warn(missing_docs)]

mod assessment;
mod because;
pub mod book;
mod cases;
mod check;
mod counted;
mod day;
mod decide;
mod diff;
mod disparity;
mod draft;
mod duties;
mod entry;
mod exits;
mod fold;
mod grade;
mod improve;
mod life;
mod mandate;
mod measure;
mod message;
mod mutate;
mod person;
mod plan;
mod plea;
mod policy;
mod procedure;
mod rater;
mod reading;
mod repair;
mod resolve;
mod standing;
mod town;

pub use assessment::{Assessment, RecordStanding, assess};
pub use because::Because;
pub use cases::{CaseResult, check_coverage, run_cases};
pub use check::{Finding, Severity, check, check_change};
pub use day::DayStamp;
pub use decide::{
    Ask, Decision, DecisionReason, MaterialState, MaterialStatus, ReasonKind, Verdict, consent_in_force,
    decide,
};
pub use diff::{Change, ClauseChange, KeyChange, Statement, diff, statements};
pub use disparity::{Disparity, FEW, Graded, GroupLabels, GroupShare, age_band, disparity};
pub use draft::{ScorecardNumber, needs_simulation, scorecard_numbers, with_numbers};
pub use duties::{Duty, duties};
pub use entry::ListEntry;
pub use grade::{DimensionScore, Facts, Grade, NotRated, Rating, Reason};
pub use improve::{Improvement, Step};
pub use life::{Life, LifeSpan, life};
pub use mandate::{Appointment, AppointmentState, Mandates, Scope, mandates};
pub use measure::{Incentive, Measure, Restriction};
pub use message::{Message, messages};
pub use mutate::{Fate, Mutant, Tally, Trial, TrialFault, mutants};
pub use plan::{Line, Plan};
pub use policy::{
    Base, Bin, Bundle, Calendar, Class, Clause, Colour, CountsFrom, Deadline, Dimension, Due, DutyKind,
    Feature, FieldSpec, Hint, Holiday, IncentiveRule, Item, ItemFault, Lasts, LegalBasis, Letter, Letters,
    Level, List, LookFacts, LookReason, LookRule, LookRules, LookSign, LookWeight, Material, MeasureRule,
    MessageKind, MessageRule, ModelCard, Nature, PolicyFault, Publicity, Purpose, Reading, RecordCheck,
    RepairChannel, RepairCondition, RepairNeed, RepairRules, RepairTier, RestrictionClass, RestrictionRule,
    Role, Scorecard, Service, Source, State, Step as ListStep, Text, Tier, Town, Trust, Who, Workday,
    decay_thousandths,
};
pub use procedure::{Procedure, StepAhead, StepTaken};
pub use rater::{REASONS_MOST, Rated, Rater, Who as RatedWho, lines_read};
pub use reading::Fact;
pub use repair::{ConditionMet, RepairAnswer, repair};
pub use standing::Standing;

/// The version of what this engine means. A conclusion names it, and golden conclusions are pinned to it.
pub const SEMANTICS: u32 = 1;

/// The version of the language that policy files are written in, see `docs/policy-language.md`.
pub const LANGUAGE: u32 = 1;
