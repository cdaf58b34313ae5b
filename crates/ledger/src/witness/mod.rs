//! What a witness answers (c2sp.org/tlog-witness), as a function of what it holds and what it is given.

mod exchange;
mod wire;

pub use exchange::{Comparison, compare};
pub use wire::{AddCheckpoint, Answer};

use crate::{
    Fork, LogSize, NoteFault, PosixSeconds, ProofFault, SignatureType, SignedCheckpoint, SignerFault, Suite,
    VerifierKey, WitnessSigner, verify_consistency,
};

/// What a witness does with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It keeps the checkpoint and cosigns it.
    Accept(Box<Accepted>),
    /// It does not.
    Refuse {
        /// Why.
        refusal: Refusal,
        /// What convinces anybody that the log signed two histories, where the request shows it.
        fork: Option<Box<Fork>>,
    },
}

/// A checkpoint that may be cosigned. Only [`decide`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    checkpoint: SignedCheckpoint,
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No log of this origin is witnessed here.
    #[error("no log `{0}` is witnessed here; ask its operator for the witnesses of the log")]
    UnknownLog(String),
    /// The checkpoint is not signed by the log.
    #[error(transparent)]
    Unsigned(NoteFault),
    /// The former size is larger than the checkpoint's.
    #[error("the former size {old} is beyond the checkpoint's {size}; a log only grows")]
    Order {
        /// The former size.
        old: LogSize,
        /// The checkpoint's.
        size: LogSize,
    },
    /// The former size is not the one that is held here.
    #[error("the former size {old} is not {held}, which is held here; send the proof from there")]
    Conflict {
        /// The former size as sent.
        old: LogSize,
        /// What is held.
        held: LogSize,
    },
    /// It is no growth of what is held.
    #[error(transparent)]
    Inconsistent(ProofFault),
}

impl Refusal {
    /// What is answered.
    pub fn answer(&self) -> Answer {
        match self {
            Self::UnknownLog(_) => Answer::UnknownLog,
            Self::Unsigned(_) => Answer::Forbidden,
            Self::Order { .. } => Answer::BadRequest,
            Self::Conflict { held, .. } => Answer::Conflict(*held),
            Self::Inconsistent(_) => Answer::Unprocessable,
        }
    }
}

/// Decides on a request. `log` are the keys of the log that the request's checkpoint names, none if it is not witnessed here, and
/// `held` is the last checkpoint of it that was cosigned.
///
/// Reading what is held, deciding and keeping the new one must be one step that no other request comes between; else a log could be
/// rolled back by two requests at once.
pub fn decide<S: Suite>(
    request: &AddCheckpoint,
    log: &[VerifierKey],
    held: Option<&SignedCheckpoint>,
) -> Decision {
    match check::<S>(request, log, held) {
        Ok(()) => Decision::Accept(Box::new(Accepted {
            checkpoint: request.checkpoint.clone(),
        })),
        Err(refusal) => {
            let fork = held.and_then(|held| Fork::found::<S>(held, &request.checkpoint, &request.proof));
            let fork = fork.filter(|fork| fork.verify::<S>(log).is_ok());
            Decision::Refuse {
                refusal,
                fork: fork.map(Box::new),
            }
        }
    }
}

/// The checks, in the order in which the specification gives their answers.
fn check<S: Suite>(
    request: &AddCheckpoint,
    log: &[VerifierKey],
    held: Option<&SignedCheckpoint>,
) -> Result<(), Refusal> {
    let told = request.checkpoint.checkpoint();
    // A key of another suite is no key of this log.
    let is_own = |key: &&VerifierKey| {
        key.name().as_str() == told.origin.as_str() && key.signs() == SignatureType::of_log(S::ALGORITHM)
    };
    let log: Vec<VerifierKey> = log.iter().filter(is_own).cloned().collect();
    if log.is_empty() {
        return Err(Refusal::UnknownLog(told.origin.to_string()));
    }
    request.checkpoint.verify(&log).map_err(Refusal::Unsigned)?;
    let (old, size) = (request.old, told.size);
    if old > size {
        return Err(Refusal::Order { old, size });
    }
    let held = held.map(SignedCheckpoint::checkpoint);
    let former = held.map_or((LogSize(0), S::empty()), |held| (held.size, held.root));
    if old != former.0 {
        return Err(Refusal::Conflict { old, held: former.0 });
    }
    if size == LogSize(0) && told.root != S::empty() {
        let found = ProofFault::OtherRoot {
            found: told.root,
            wanted: S::empty(),
        };
        return Err(Refusal::Inconsistent(found));
    }
    verify_consistency::<S>(former, (size, told.root), &request.proof).map_err(Refusal::Inconsistent)
}

impl Accepted {
    /// What is to be kept, durably, before anything is cosigned.
    pub fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// The answer, once the checkpoint is kept.
    ///
    /// # Errors
    /// When the signer does not sign, or `now` is no time.
    pub fn cosign(&self, witness: &WitnessSigner, now: PosixSeconds) -> Result<Answer, SignerFault> {
        Ok(Answer::Cosigned(vec![witness.cosign(&self.checkpoint, now)?]))
    }
}
