//! What every conclusion carries: the clause, and the records it was applied to.

use record::{ClauseId, RecordNumber};
use serde::Serialize;

/// What a conclusion rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Because {
    /// The clause of policy.
    pub clause: ClauseId,
    /// The records that it was applied to, by number.
    pub records: Vec<RecordNumber>,
}
