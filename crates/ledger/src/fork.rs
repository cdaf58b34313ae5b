//! Proof of fork: two checkpoints that one log signed and that no history joins. Whoever has the log's key can check it, and needs to
//! believe nobody.
//!
//! ```text
//! xinlian/fork@v1
//! root <base64>        ; what the later tree had as its root when it was as large as the earlier one
//! <base64>             ; the consistency proof from that root to the later one, one hash a line
//!
//! the earlier checkpoint, word for word
//!
//! the later checkpoint, word for word
//! ```
//!
//! A tree has one beginning of each size. If the later tree's beginning has another root than the earlier checkpoint says, the log
//! signed two histories.

use std::fmt;

use crate::log_proof::hashes;
use crate::{
    Format, FormatFault, Hash, LogSize, MAX_NOTE_BYTES, NoteFault, ProofFault, Proofs, SignedCheckpoint,
    Suite, TileReader, TreeFault, VerifierKey, former_root, verify_consistency,
};

const HEADER: &str = "xinlian/fork@v1";

/// A proof of fork, verified or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    earlier: SignedCheckpoint,
    later: SignedCheckpoint,
    root: Hash,
    path: Vec<Hash>,
}

/// Why something proves no fork.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoFork {
    /// A checkpoint is not of that log.
    #[error(transparent)]
    Note(#[from] NoteFault),
    /// The proof does not belong to the later tree.
    #[error(transparent)]
    Proof(#[from] ProofFault),
    /// The later tree begins as the earlier one.
    #[error("both checkpoints are of one history; nothing is wrong with them")]
    OneHistory,
}

impl Fork {
    /// What two checkpoints and a proof between them show. `None` if they show no fork: either they are of one history, or the proof
    /// belongs to neither.
    ///
    /// Signatures are not looked at here; [`Fork::verify`] does.
    pub fn found<S: Suite>(held: &SignedCheckpoint, other: &SignedCheckpoint, path: &[Hash]) -> Option<Self> {
        let (earlier, later) = ordered(held, other);
        if size_of(earlier) == LogSize(0) {
            // Every tree begins with the empty one; what is wrong with its root is no fork.
            return None;
        }
        let fork = |root, path: &[Hash]| Self {
            earlier: earlier.clone(),
            later: later.clone(),
            root,
            path: path.to_vec(),
        };
        if size_of(earlier) == size_of(later) {
            let root = later.checkpoint().root;
            return (root != earlier.checkpoint().root).then(|| fork(root, &[]));
        }
        let root = former_root::<S>(told(earlier), told(later), path).ok()?;
        (root != earlier.checkpoint().root).then(|| fork(root, path))
    }

    /// What two checkpoints show, given the tiles of the larger one: always finds the fork if there is one.
    ///
    /// # Errors
    /// When the tiles cannot be read.
    pub fn from_tiles<S: Suite, R: TileReader>(
        held: &SignedCheckpoint,
        other: &SignedCheckpoint,
        tiles_of_larger: &R,
    ) -> Result<Option<Self>, TreeFault<R::Error>> {
        let (earlier, later) = ordered(held, other);
        if size_of(earlier) == size_of(later) || size_of(earlier) == LogSize(0) {
            return Ok(Self::found::<S>(earlier, later, &[]));
        }
        let mut proofs = Proofs::<S, R>::new(tiles_of_larger, size_of(later));
        let root = proofs.root_at(size_of(earlier))?;
        let path = proofs.consistency(size_of(earlier))?;
        let is_of_later = verify_consistency::<S>((size_of(earlier), root), told(later), &path).is_ok();
        let forked = is_of_later && root != earlier.checkpoint().root;
        Ok(forked.then(|| Self {
            earlier: earlier.clone(),
            later: later.clone(),
            root,
            path,
        }))
    }

    /// That the log with these keys has signed two histories.
    ///
    /// # Errors
    /// When this does not show it.
    pub fn verify<S: Suite>(&self, log: &[VerifierKey]) -> Result<(), NoFork> {
        self.earlier.verify(log)?;
        self.later.verify(log)?;
        if size_of(&self.earlier) == LogSize(0) {
            return Err(NoFork::OneHistory);
        }
        verify_consistency::<S>((size_of(&self.earlier), self.root), told(&self.later), &self.path)?;
        if self.root == self.earlier.checkpoint().root {
            Err(NoFork::OneHistory)
        } else {
            Ok(())
        }
    }

    /// The checkpoint of the smaller tree.
    pub fn earlier(&self) -> &SignedCheckpoint {
        &self.earlier
    }

    /// The checkpoint of the larger tree, or of the other one of the same size.
    pub fn later(&self) -> &SignedCheckpoint {
        &self.later
    }

    /// Reads a proof of fork.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatFault> {
        let fault = |why: &str| FormatFault::new(Format::Fork, why);
        if bytes.len() > 3 * MAX_NOTE_BYTES {
            return Err(fault("it is longer than 3 MiB"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| fault("it is not UTF-8"))?;
        let parts: Vec<&str> = text.split("\n\n").collect();
        let [head, earlier, of_earlier, later, of_later] = parts.as_slice() else {
            return Err(fault("it has not two checkpoints after its head"));
        };
        let mut lines = head.split('\n');
        if lines.next() != Some(HEADER) {
            return Err(fault("its first line is not `xinlian/fork@v1`"));
        }
        let root = lines
            .next()
            .and_then(|line| line.strip_prefix("root "))
            .and_then(Hash::parse);
        let root = root.ok_or_else(|| fault("its second line is not `root` and a hash"))?;
        let path = hashes(lines)
            .ok_or_else(|| fault("a line of its proof is no hash, or there are more than 63"))?;
        let earlier = SignedCheckpoint::parse(format!("{earlier}\n\n{of_earlier}\n").as_bytes())?;
        let later = SignedCheckpoint::parse(format!("{later}\n\n{of_later}").as_bytes())?;
        if size_of(&earlier) > size_of(&later) {
            return Err(fault("its checkpoints are in the wrong order"));
        }
        Ok(Self {
            earlier,
            later,
            root,
            path,
        })
    }
}

impl fmt::Display for Fork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}\nroot {}", self.root)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}\n{}", self.earlier, self.later)
    }
}

/// By size, and by root where both are of one size: whoever finds a fork writes the same proof.
fn ordered<'s>(
    one: &'s SignedCheckpoint,
    other: &'s SignedCheckpoint,
) -> (&'s SignedCheckpoint, &'s SignedCheckpoint) {
    if told(one) <= told(other) {
        (one, other)
    } else {
        (other, one)
    }
}

fn size_of(signed: &SignedCheckpoint) -> LogSize {
    signed.checkpoint().size
}

fn told(signed: &SignedCheckpoint) -> (LogSize, Hash) {
    (signed.checkpoint().size, signed.checkpoint().root)
}
