//! What a record is: one statement by a source about a subject, under a catalogue item,
//! with a document and dates. Immutable.
//!
//! This crate knows the words of the house and their bytes: identifiers and how they are
//! checked, records and their canonical form, commitments, references, and the two dates
//! on which everything is asked.
//!
//! It does **not** know: tokio, SQL, HTTP, files, the clock, randomness, or any rule of
//! policy. A key, a date or a number is always handed in.

#![warn(missing_docs)]

mod canonical;
mod commitment;
mod id;
mod identifier;
mod logged;
mod name;
#[allow(
    clippy::module_inception,
    reason = "the crate is named for its noun, and the noun has a file"
)]
mod record;
mod report_code;
mod value;

pub use canonical::{CanonicalError, MAX_STATEMENT_BYTES};
pub use commitment::{COMMITMENT_CONTEXT, Commitment, RecordKey};
pub use id::{
    AnnouncementId, BundleDigest, CaseNumber, ClauseId, FieldName, IdFault, ItemCode, LayoutCode, ListCode,
    MeasureCode, OfficerId, PurposeCode, RecordNumber, ServiceCode, SimulationId, SourceCode, SubjectId,
    SubmissionId, TreeSize,
};
pub use identifier::{
    Identifier, IdentifierFault, IdentifierKind, IdentifierWarning, Realm, demo_resident_id, demo_uscc,
    resident_birth_date,
};
pub use logged::{AsOf, Logged};
pub use name::{mask_identifier, mask_name, same_name, same_name_key, tidied, tidy_text};
pub use record::{
    Act, Document, Ends, Record, RecordFault, Reference, Relation, Stated, SubjectKind, Submitted, Target,
};
pub use report_code::ReportCode;
pub use value::{AmountFen, Value, ValueKind};

/// A calendar date, always in Asia/Shanghai. Re-exported so that every crate means the same type.
pub use jiff::civil::Date;
