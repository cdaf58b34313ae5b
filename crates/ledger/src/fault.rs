//! Why bytes are not what a format says.

use std::fmt;

/// A format of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// c2sp.org/signed-note
    Note,
    /// A verifier key of c2sp.org/signed-note.
    VerifierKey,
    /// c2sp.org/tlog-checkpoint
    Checkpoint,
    /// The path of a tile, c2sp.org/tlog-tiles.
    TilePath,
    /// A bundle of entries, c2sp.org/tlog-tiles.
    EntryBundle,
    /// c2sp.org/tlog-proof
    Proof,
    /// The body of add-checkpoint, c2sp.org/tlog-witness.
    AddCheckpoint,
    /// A witness's answer, c2sp.org/tlog-witness.
    WitnessAnswer,
    /// c2sp.org/tlog-policy
    Policy,
    /// A proof of fork, docs/ledger.md.
    Fork,
}

impl Format {
    fn noun_and_source(self) -> (&'static str, &'static str) {
        match self {
            Self::Note => ("signed note", "c2sp.org/signed-note"),
            Self::VerifierKey => ("verifier key", "c2sp.org/signed-note"),
            Self::Checkpoint => ("checkpoint", "c2sp.org/tlog-checkpoint"),
            Self::TilePath => ("path of a tile", "c2sp.org/tlog-tiles"),
            Self::EntryBundle => ("bundle of entries", "c2sp.org/tlog-tiles"),
            Self::Proof => ("proof of logging", "c2sp.org/tlog-proof"),
            Self::AddCheckpoint => ("request to cosign", "c2sp.org/tlog-witness"),
            Self::WitnessAnswer => ("witness's answer", "c2sp.org/tlog-witness"),
            Self::Policy => ("trust policy", "c2sp.org/tlog-policy"),
            Self::Fork => ("proof of fork", "docs/ledger.md"),
        }
    }
}

/// What was read is not of the wanted format, or not in its one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatFault {
    /// What was wanted.
    pub format: Format,
    /// Why it is none, in lower case, with the place.
    pub why: String,
}

impl FormatFault {
    pub(crate) fn new(format: Format, why: impl Into<String>) -> Self {
        Self {
            format,
            why: why.into(),
        }
    }
}

impl fmt::Display for FormatFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (noun, source) = self.format.noun_and_source();
        write!(f, "not a {noun}: {}; {source} says how it is written", self.why)
    }
}

impl std::error::Error for FormatFault {}
