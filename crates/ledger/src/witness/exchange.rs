//! What witnesses find out by showing each other what they hold: a log that shows each of them another history.

use crate::{Fork, Hash, LogSize, NoteFault, SignedCheckpoint, Suite, VerifierKey, verify_consistency};

/// What two checkpoints of one log say of each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// One is the other's beginning.
    OneHistory,
    /// Nothing joins them so far: ask the log for the consistency proof between these sizes, and if it does not join them, its tiles
    /// ([`Fork::from_tiles`]). A log that gives neither is to be complained of.
    Unjoined {
        /// The size of the smaller one.
        former: LogSize,
        /// The size of the larger one.
        later: LogSize,
    },
    /// No history has both.
    Forked(Box<Fork>),
}

/// Compares what is held with what another witness holds, both of the log with these keys. `proof` is the consistency proof between them,
/// as far as there is one.
///
/// # Errors
/// When one of them is not signed by the log.
pub fn compare<S: Suite>(
    held: &SignedCheckpoint,
    other: &SignedCheckpoint,
    log: &[VerifierKey],
    proof: &[Hash],
) -> Result<Comparison, NoteFault> {
    held.verify(log)?;
    other.verify(log)?;
    let told = |signed: &SignedCheckpoint| (signed.checkpoint().size, signed.checkpoint().root);
    let (former, later) = if told(held).0 <= told(other).0 {
        (told(held), told(other))
    } else {
        (told(other), told(held))
    };
    if verify_consistency::<S>(former, later, proof).is_ok() {
        return Ok(Comparison::OneHistory);
    }
    let fork = Fork::found::<S>(held, other, proof).filter(|fork| fork.verify::<S>(log).is_ok());
    Ok(match fork {
        Some(fork) => Comparison::Forked(Box::new(fork)),
        None => Comparison::Unjoined {
            former: former.0,
            later: later.0,
        },
    })
}
