//! Proofs of logging that are verified offline (c2sp.org/tlog-proof): an index, an inclusion proof and a checkpoint, in one text.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra base64                      ; left out if there is none
//! index 73894
//! base64 hash                       ; from the leaf's sibling up, one a line
//!
//! the checkpoint, word for word
//! ```

use std::fmt;

use crate::hash::{from_base64, to_base64};
use crate::note::before_checkpoint;
use crate::{
    Format, FormatFault, Hash, KeyName, LeafIndex, MAX_PROOF_HASHES, NoteFault, ProofFault, SignatureType,
    SignedCheckpoint, Suite, TrustPolicy, Weighed, verify_inclusion,
};

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// A proof of logging, verified or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogProof {
    /// What the application adds; nobody has signed it. Not empty if there is any.
    pub extra: Option<Vec<u8>>,
    /// The place of the leaf.
    pub index: LeafIndex,
    /// The inclusion proof.
    pub path: Vec<Hash>,
    /// The checkpoint, with the cosignatures that it had.
    pub checkpoint: SignedCheckpoint,
}

/// Why a proof of logging is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogProofFault {
    /// Its checkpoint is not signed by a log of the policy, or a signature is forged.
    #[error(transparent)]
    Note(#[from] NoteFault),
    /// The log is of another suite.
    #[error("the log `{0}` is of another suite; hash the leaf as that one does")]
    OtherSuite(KeyName),
    /// Too few witnesses have cosigned.
    #[error("{0}")]
    Unwitnessed(String),
    /// The leaf is not where it is said to be.
    #[error(transparent)]
    Proof(#[from] ProofFault),
}

impl LogProof {
    /// Reads a proof.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatFault> {
        let fault = |why: &str| FormatFault::new(Format::Proof, why);
        let (head, note) = before_checkpoint(bytes, Format::Proof)?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(fault("its first line is not `c2sp.org/tlog-proof@v1`"));
        }
        let extra = match lines.next_if(|line| line.starts_with("extra ")) {
            None => None,
            Some(line) => {
                let extra = line
                    .strip_prefix("extra ")
                    .and_then(from_base64)
                    .filter(|extra| !extra.is_empty());
                Some(extra.ok_or_else(|| fault("its `extra` is not base64, or empty"))?)
            }
        };
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .and_then(LeafIndex::parse);
        let index = index.ok_or_else(|| fault("the line `index` is missing, or is no number"))?;
        let path = hashes(lines)
            .ok_or_else(|| fault("a line of its proof is no hash, or there are more than 63"))?;
        let checkpoint = SignedCheckpoint::parse(note.as_bytes())?;
        Ok(Self {
            extra,
            index,
            path,
            checkpoint,
        })
    }

    /// That the leaf with this hash stands in a log of the policy, as enough witnesses saw it; and who they were.
    ///
    /// # Errors
    /// When it does not.
    pub fn verify<S: Suite>(&self, leaf: Hash, policy: &TrustPolicy) -> Result<Weighed, LogProofFault> {
        let weighed = policy.weigh(&self.checkpoint)?;
        if weighed.log().signs() != SignatureType::of_log(S::ALGORITHM) {
            return Err(LogProofFault::OtherSuite(weighed.log().name().clone()));
        }
        let told = self.checkpoint.checkpoint();
        verify_inclusion::<S>(leaf, self.index, told.size, &self.path, told.root)?;
        if weighed.is_witnessed() {
            Ok(weighed)
        } else {
            Err(LogProofFault::Unwitnessed(weighed.to_string()))
        }
    }
}

impl fmt::Display for LogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", to_base64(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

/// Hashes, one a line, no more than a proof may have.
pub(crate) fn hashes<'t>(lines: impl Iterator<Item = &'t str>) -> Option<Vec<Hash>> {
    let hashes = lines
        .take(MAX_PROOF_HASHES + 1)
        .map(Hash::parse)
        .collect::<Option<Vec<_>>>()?;
    (hashes.len() <= MAX_PROOF_HASHES).then_some(hashes)
}
