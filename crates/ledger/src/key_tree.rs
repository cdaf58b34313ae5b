//! A puncturable function (Goldreich, Goldwasser and Micali): the keys of a segment's records from one seed, any of which can be
//! destroyed alone.
//!
//! The seed is the root of a binary tree; a node's children are derived from it and never the other way round. Key `i` hangs below leaf
//! `i`. To puncture at `i` is to put the siblings of its path in the place of what lay above it: every other key can still be derived and
//! key `i` by nobody. A segment whose records are all there costs one seed.
//!
//! What cannot be taken back is what was copied before. Whoever punctures writes the new state over every copy of the old one, backups
//! too, before saying that a record is erased.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use minicbor::Decoder;
use minicbor::decode::Error as CborError;
use record::RecordKey;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::leaf::encoded;

/// The highest tree: 2³² keys.
pub const MAX_KEY_TREE_HEIGHT: u8 = 32;

/// The most nodes that are read: as many records of a segment may be erased before it is written anew.
const MAX_NODES: u64 = 1 << 20;

const VERSION: u8 = 1;

/// The keys of a segment that are not destroyed.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyTree {
    height: u8,
    /// From the left, without overlap; no two of them are siblings, for then their parent would stand there.
    nodes: Vec<Node>,
}

/// A node whose keys are all there.
#[derive(Clone, PartialEq, Eq, Zeroize, zeroize::ZeroizeOnDrop)]
struct Node {
    /// How far above its keys.
    height: u8,
    /// The first of its keys.
    first: u64,
    seed: [u8; 32],
}

/// Why a key tree has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyTreeFault {
    /// Too high.
    #[error("a key tree of height {0} is too high; the most is {MAX_KEY_TREE_HEIGHT}")]
    TooHigh(u8),
    /// The segment has no such key.
    #[error("key {index} is beyond a tree of height {height}; count from the segment's first record")]
    Beyond {
        /// Which.
        index: u64,
        /// Of how high a tree.
        height: u8,
    },
    /// The key was destroyed.
    #[error("key {0} is destroyed; the record was erased, and nobody can derive it again")]
    Destroyed(u64),
    /// The bytes are no key tree, or not as it is written here.
    #[error("not a key tree in its canonical bytes: {0}; take the segment's keys from a backup")]
    Bytes(String),
}

impl KeyTree {
    /// The keys of a new segment: `2^height` of them, from a seed that the caller drew at random.
    ///
    /// # Errors
    /// When the tree would be too high.
    pub fn from_random(seed: [u8; 32], height: u8) -> Result<Self, KeyTreeFault> {
        if height > MAX_KEY_TREE_HEIGHT {
            return Err(KeyTreeFault::TooHigh(height));
        }
        Ok(Self {
            height,
            nodes: vec![Node {
                height,
                first: 0,
                seed,
            }],
        })
    }

    /// The key of the segment's record `index`, counted from 0.
    ///
    /// # Errors
    /// When it is destroyed or beyond the segment.
    pub fn key(&self, index: u64) -> Result<RecordKey, KeyTreeFault> {
        let mut node = self
            .nodes
            .get(self.above(index)?)
            .ok_or(KeyTreeFault::Destroyed(index))?
            .clone();
        while node.height > 0 {
            node = node.child(node.right_of(index));
        }
        Ok(node.key())
    }

    /// The keys of consecutive records, from `first`; two derivations each, where [`KeyTree::key`] needs one for each level. Ends before
    /// the first that is destroyed or beyond.
    pub fn keys_from(&self, first: u64) -> impl Iterator<Item = RecordKey> {
        // Nodes that are still to be gone through, the next one last.
        let to_come = |node: &&Node| node.first + node.keys() > first;
        // With room from the start: a vector that grows leaves copies behind that nobody wipes.
        let mut stack = Vec::with_capacity(self.nodes.len() + usize::from(self.height));
        stack.extend(self.nodes.iter().filter(to_come).rev().cloned());
        let mut next = first;
        std::iter::from_fn(move || {
            let mut node = stack.pop().filter(|node| node.first <= next)?;
            while node.height > 0 {
                let right = node.right_of(next);
                if !right {
                    stack.push(node.child(true));
                }
                node = node.child(right);
            }
            next += 1;
            Some(node.key())
        })
    }

    /// Destroys a key: neither it nor anything above it is left here.
    ///
    /// # Errors
    /// When it is destroyed already or beyond the segment.
    pub fn puncture(&mut self, index: u64) -> Result<(), KeyTreeFault> {
        let place = self.above(index)?;
        let mut node = self
            .nodes
            .get(place)
            .ok_or(KeyTreeFault::Destroyed(index))?
            .clone();
        // With room from the start, as above.
        let height = usize::from(node.height);
        let (mut left, mut right) = (Vec::with_capacity(height), Vec::with_capacity(height));
        while node.height > 0 {
            let goes_right = node.right_of(index);
            if goes_right {
                left.push(node.child(false));
            } else {
                right.push(node.child(true));
            }
            node = node.child(goes_right);
        }
        right.reverse();
        let (before, after) = self.nodes.split_at(place);
        let nodes = before
            .iter()
            .cloned()
            .chain(left)
            .chain(right)
            .chain(after.iter().skip(1).cloned())
            .collect();
        self.nodes = nodes;
        Ok(())
    }

    /// How many keys are destroyed.
    pub fn destroyed(&self) -> u64 {
        self.nodes.iter().fold(1 << self.height, |keys: u64, node| {
            keys.saturating_sub(node.keys())
        })
    }

    /// How high the tree is: it had `2^height` keys.
    pub fn height(&self) -> u8 {
        self.height
    }

    /// Its one encoding, to be sealed before it is stored:
    ///
    /// ```text
    /// [1, height: uint, [* node-height: uint, first: uint, seed: bstr .size 32]]
    /// ```
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let nodes = self.nodes.as_slice();
        Zeroizing::new(encoded(|e| {
            e.array(3)?
                .u8(VERSION)?
                .u8(self.height)?
                .array(3 * nodes.len() as u64)?;
            for node in nodes {
                e.u8(node.height)?.u64(node.first)?.bytes(&node.seed)?;
            }
            Ok(())
        }))
    }

    /// Reads what [`KeyTree::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are not exactly that.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyTreeFault> {
        let tree =
            decode(&mut Decoder::new(bytes)).map_err(|error| KeyTreeFault::Bytes(error.to_string()))?;
        if tree.is_canonical() && *tree.to_bytes() == bytes {
            Ok(tree)
        } else {
            Err(KeyTreeFault::Bytes(
                "nodes out of order, or another encoding".to_owned(),
            ))
        }
    }

    /// The place of the node above a key.
    fn above(&self, index: u64) -> Result<usize, KeyTreeFault> {
        if index >> self.height != 0 {
            return Err(KeyTreeFault::Beyond {
                index,
                height: self.height,
            });
        }
        let after = self.nodes.partition_point(|node| node.first <= index);
        let place = after.checked_sub(1).ok_or(KeyTreeFault::Destroyed(index))?;
        let covers = self
            .nodes
            .get(place)
            .is_some_and(|node| index - node.first < node.keys());
        if covers {
            Ok(place)
        } else {
            Err(KeyTreeFault::Destroyed(index))
        }
    }

    fn is_canonical(&self) -> bool {
        let mut end = 0;
        let within = self.nodes.iter().all(|node| {
            let (height, first) = (node.height, node.first);
            let fits = height <= self.height && first >= end && first % node.keys() == 0;
            end = first.saturating_add(node.keys());
            fits && end <= 1 << self.height
        });
        let siblings = self.nodes.windows(2).any(|pair| match pair {
            [left, right] => left.height == right.height && left.first ^ right.first == left.keys(),
            _ => false,
        });
        within && !siblings
    }
}

impl Node {
    fn keys(&self) -> u64 {
        1 << self.height
    }

    /// Whether the way to a key goes right.
    fn right_of(&self, index: u64) -> bool {
        self.height > 0 && (index >> (self.height - 1)) & 1 == 1
    }

    fn child(&self, right: bool) -> Self {
        let height = self.height.saturating_sub(1);
        let (context, first) = if right {
            (
                b"xinlian/key-tree/v1/right".as_slice(),
                self.first + (1 << height),
            )
        } else {
            (b"xinlian/key-tree/v1/left".as_slice(), self.first)
        };
        Self {
            height,
            first,
            seed: derived(&self.seed, context),
        }
    }

    fn key(&self) -> RecordKey {
        RecordKey::from_random(derived(&self.seed, b"xinlian/key-tree/v1/key"))
    }
}

/// Says nothing of the seeds.
impl fmt::Debug for KeyTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "KeyTree(height {}, {} destroyed)",
            self.height,
            self.destroyed()
        )
    }
}

fn derived(seed: &[u8; 32], context: &[u8]) -> [u8; 32] {
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(seed) else {
        unreachable!("HMAC takes keys of any length")
    };
    mac.chain_update(context).finalize().into_bytes().into()
}

fn decode(d: &mut Decoder<'_>) -> Result<KeyTree, CborError> {
    if d.array()? != Some(3) || d.u8()? != VERSION {
        return Err(CborError::message("a version that is not known"));
    }
    let height = d.u8()?;
    let parts = d.array()?.unwrap_or(u64::MAX);
    if height > MAX_KEY_TREE_HEIGHT || parts % 3 != 0 || parts / 3 > MAX_NODES {
        return Err(CborError::message("too high, or with too many nodes"));
    }
    let mut nodes = Vec::new();
    for _ in 0..parts / 3 {
        let (node_height, first) = (d.u8()?, d.u64()?);
        if node_height > height {
            return Err(CborError::message("a node above the root"));
        }
        let seed = d
            .bytes()?
            .try_into()
            .map_err(|_| CborError::message("a seed has 32 bytes"))?;
        nodes.push(Node {
            height: node_height,
            first,
            seed,
        });
    }
    Ok(KeyTree { height, nodes })
}
