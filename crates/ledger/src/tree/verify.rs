//! Verification of proofs, as RFC 9162 sections 2.1.3.2 and 2.1.4.2 write it down for the same tree.

use crate::{Hash, LeafIndex, LogSize, Suite};

/// The most hashes that a proof may have: a tree has no more than 2⁶³ leaves.
pub const MAX_PROOF_HASHES: usize = 63;

/// Why a proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// It has more or fewer hashes than a proof between these sizes.
    #[error("the proof has {0} hashes, which does not fit these sizes; ask for the one between them")]
    Length(usize),
    /// It leads to another root.
    #[error(
        "the proof leads to the root `{found}` and not to `{wanted}`; what it was said to prove is not so"
    )]
    OtherRoot {
        /// Where it leads.
        found: Hash,
        /// Where it should.
        wanted: Hash,
    },
    /// Of two trees the former is the larger.
    #[error("a tree of {former} leaves is not the beginning of one of {later}; put the smaller first")]
    Order {
        /// The size of the former.
        former: LogSize,
        /// The size of the later.
        later: LogSize,
    },
    /// The leaf lies beyond the tree.
    #[error("leaf {index} is beyond a tree of {size} leaves")]
    Beyond {
        /// The leaf.
        index: LeafIndex,
        /// The size of the tree.
        size: LogSize,
    },
}

/// Whether a leaf with this hash has this place in the tree with this root.
///
/// # Errors
/// When the proof does not show it.
pub fn verify_inclusion<S: Suite>(
    leaf: Hash,
    index: LeafIndex,
    size: LogSize,
    path: &[Hash],
    root: Hash,
) -> Result<(), ProofFault> {
    same(root_from_inclusion::<S>(leaf, index, size, path)?, root)
}

/// The root to which a leaf and its path lead.
///
/// # Errors
/// When no tree of this size has such a path.
pub fn root_from_inclusion<S: Suite>(
    leaf: Hash,
    index: LeafIndex,
    size: LogSize,
    path: &[Hash],
) -> Result<Hash, ProofFault> {
    if index.0 >= size.0 {
        return Err(ProofFault::Beyond { index, size });
    }
    let (mut node, mut last, mut hash) = (index.0, size.0 - 1, leaf);
    for sibling in path {
        if last == 0 {
            return Err(ProofFault::Length(path.len()));
        }
        if node & 1 == 1 || node == last {
            hash = S::node(sibling, &hash);
            let skipped = node.trailing_zeros();
            (node, last) = (node >> skipped, last >> skipped);
        } else {
            hash = S::node(&hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last == 0 {
        Ok(hash)
    } else {
        Err(ProofFault::Length(path.len()))
    }
}

/// Whether the former tree is the beginning of the later one.
///
/// A tree without leaves is the beginning of every tree and needs no hashes; so do two trees of one size, which must have one root.
///
/// # Errors
/// When the proof does not show it.
pub fn verify_consistency<S: Suite>(
    former: (LogSize, Hash),
    later: (LogSize, Hash),
    path: &[Hash],
) -> Result<(), ProofFault> {
    if former.0.0 == 0 {
        same(former.1, S::empty())?;
        return if path.is_empty() {
            Ok(())
        } else {
            Err(ProofFault::Length(path.len()))
        };
    }
    same(former_root::<S>(former, later, path)?, former.1)
}

/// The root that a tree of the former size has if the later tree is as the proof says: what an honest proof shows equal to
/// the former root, and a proof of another history different from it. What comes back is bound to the later root alone.
///
/// Where the former size is a power of two its own root begins the computation, so that only that one can come out.
///
/// # Errors
/// When the proof does not lead to the later root.
pub fn former_root<S: Suite>(
    former: (LogSize, Hash),
    later: (LogSize, Hash),
    path: &[Hash],
) -> Result<Hash, ProofFault> {
    let (size, of_size) = (former.0.0, later.0.0);
    if size > of_size {
        return Err(ProofFault::Order {
            former: former.0,
            later: later.0,
        });
    }
    let wrong_length = ProofFault::Length(path.len());
    if size == of_size || size == 0 {
        return if path.is_empty() && size > 0 {
            Ok(later.1)
        } else {
            Err(wrong_length)
        };
    }
    let (first, rest) = match path.split_first() {
        None => return Err(wrong_length),
        Some(_) if size.is_power_of_two() => (former.1, path),
        Some((first, rest)) => (*first, rest),
    };
    let skipped = (size - 1).trailing_ones();
    let (mut node, mut last) = ((size - 1) >> skipped, (of_size - 1) >> skipped);
    let (mut was, mut is) = (first, first);
    for hash in rest {
        if last == 0 {
            return Err(wrong_length);
        }
        if node & 1 == 1 || node == last {
            was = S::node(hash, &was);
            is = S::node(hash, &is);
            let skipped = node.trailing_zeros();
            (node, last) = (node >> skipped, last >> skipped);
        } else {
            is = S::node(&is, hash);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last != 0 {
        return Err(wrong_length);
    }
    same(is, later.1)?;
    Ok(was)
}

fn same(found: Hash, wanted: Hash) -> Result<(), ProofFault> {
    if found == wanted {
        Ok(())
    } else {
        Err(ProofFault::OtherRoot { found, wanted })
    }
}
