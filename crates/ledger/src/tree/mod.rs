//! The Merkle tree of RFC 6962 section 2.1, kept as tiles (c2sp.org/tlog-tiles).

mod edge;
mod frontier;
mod proofs;
mod tile;
mod verify;

pub use edge::{Edge, NewTile};
pub use frontier::{Frontier, root_of};
pub use proofs::{Proofs, TileReader, TreeFault};
pub use tile::{Tile, TileLevel};
pub use verify::{
    MAX_PROOF_HASHES, ProofFault, former_root, root_from_inclusion, verify_consistency, verify_inclusion,
};

use crate::{Hash, Suite};

/// How many hashes a full tile has.
pub const TILE_WIDTH: usize = 256;

/// The root over hashes whose count is a power of two, as one perfect subtree.
fn perfect<S: Suite>(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => S::empty(),
        [one] => *one,
        [left, right] => S::node(left, right),
        _ => {
            let (left, right) = hashes.split_at(hashes.len() / 2);
            S::node(&perfect::<S>(left), &perfect::<S>(right))
        }
    }
}

/// The root over a right edge: hashes of perfect subtrees of one height, to the left of what `right` stands for.
fn joined<S: Suite>(mut hashes: &[Hash], mut right: Option<Hash>) -> Option<Hash> {
    while !hashes.is_empty() {
        let smallest = 1 << hashes.len().trailing_zeros();
        let (rest, last) = hashes.split_at(hashes.len() - smallest);
        let subtree = perfect::<S>(last);
        right = Some(right.map_or(subtree, |right| S::node(&subtree, &right)));
        hashes = rest;
    }
    right
}
