//! Proofs computed from tiles, by the definitions of RFC 6962 sections 2.1.1 and 2.1.2.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use super::{Tile, TileLevel, perfect};
use crate::{Hash, LeafIndex, LogSize, Suite};

/// Where tiles come from: a folder, a database, a server. It may fail.
pub trait TileReader {
    /// How it fails.
    type Error;

    /// The bytes of a tile of hashes; for a sequencer that recovers, of the last bundle of entries too. Where a partial tile is gone,
    /// the beginning of the full one is the same.
    ///
    /// # Errors
    /// When the tile cannot be read.
    fn read_tile(&self, tile: Tile) -> Result<Vec<u8>, Self::Error>;
}

/// Why a tree in tiles gives no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeFault<E> {
    /// The reader failed.
    #[error("`{0}` cannot be read: {1}")]
    Reader(Tile, E),
    /// A tile is not as long as its name says.
    #[error("`{0}` has {1} bytes and should have {expected}; fetch it again from a mirror", expected = .0.bytes().unwrap_or_default())]
    Damaged(Tile, usize),
    /// What was asked for lies beyond the tree.
    #[error("the tree has {size} leaves; `{asked}` is beyond it")]
    Beyond {
        /// The size of the tree.
        size: LogSize,
        /// The leaf or the size that was asked for.
        asked: u64,
    },
}

/// Answers about one tree of one size, of which each tile is read once. Made for a question or a few, and then dropped.
///
/// What is read is not compared with a signed root here: whoever hands a proof out verifies it first, which costs some 40 hashes.
pub struct Proofs<'r, S, R> {
    reader: &'r R,
    size: LogSize,
    tiles: BTreeMap<Tile, Vec<Hash>>,
    suite: PhantomData<S>,
}

type Answer<T, R> = Result<T, TreeFault<<R as TileReader>::Error>>;

impl<'r, S: Suite, R: TileReader> Proofs<'r, S, R> {
    /// The tree of that size in those tiles.
    pub fn new(reader: &'r R, size: LogSize) -> Self {
        Self {
            reader,
            size,
            tiles: BTreeMap::new(),
            suite: PhantomData,
        }
    }

    /// The root of the tree.
    pub fn root(&mut self) -> Answer<Hash, R> {
        self.range(0, self.size.0)
    }

    /// The root that the tree had when it was of that size.
    pub fn root_at(&mut self, size: LogSize) -> Answer<Hash, R> {
        self.within(size.0, size <= self.size)?;
        self.range(0, size.0)
    }

    /// The hash of a leaf.
    pub fn leaf(&mut self, index: LeafIndex) -> Answer<Hash, R> {
        self.within(index.0, index.0 < self.size.0)?;
        self.subtree(0, index.0)
    }

    /// The path from a leaf's sibling up to the child of the root: `PATH(m, D[n])`.
    pub fn inclusion(&mut self, index: LeafIndex) -> Answer<Vec<Hash>, R> {
        self.within(index.0, index.0 < self.size.0)?;
        let (mut from, mut to) = (0, self.size.0);
        let mut path = Vec::new();
        while to - from > 1 {
            let middle = from + split(to - from);
            if index.0 < middle {
                path.push(self.range(middle, to)?);
                to = middle;
            } else {
                path.push(self.range(from, middle)?);
                from = middle;
            }
        }
        path.reverse();
        Ok(path)
    }

    /// That the tree of the former size is the beginning of this one: `PROOF(m, D[n])`; without hashes if either has no leaf, or both
    /// are of one size.
    pub fn consistency(&mut self, former: LogSize) -> Answer<Vec<Hash>, R> {
        self.within(former.0, former <= self.size)?;
        let (mut from, mut to) = (0, self.size.0);
        let mut path = Vec::new();
        if former.0 == 0 {
            return Ok(path);
        }
        while former.0 < to {
            let middle = from + split(to - from);
            if former.0 <= middle {
                path.push(self.range(middle, to)?);
                to = middle;
            } else {
                path.push(self.range(from, middle)?);
                from = middle;
            }
        }
        if from > 0 {
            path.push(self.range(from, to)?);
        }
        path.reverse();
        Ok(path)
    }

    /// `MTH(D[from:to])`, where `from` is where some subtree of the tree begins.
    fn range(&mut self, from: u64, to: u64) -> Answer<Hash, R> {
        let mut subtrees = Vec::new();
        let mut at = from;
        while at < to {
            let height = (to - at)
                .ilog2()
                .min(if at == 0 { 63 } else { at.trailing_zeros() });
            subtrees.push(self.subtree(height, at >> height)?);
            at += 1 << height;
        }
        let mut subtrees = subtrees.into_iter().rev();
        let last = subtrees.next().unwrap_or_else(S::empty);
        Ok(subtrees.fold(last, |right, left| S::node(&left, &right)))
    }

    /// The root of the perfect subtree of that height, counted from 0 within it.
    fn subtree(&mut self, height: u32, index: u64) -> Answer<Hash, R> {
        let level = TileLevel::Hashes(u8::try_from(height / 8).unwrap_or(u8::MAX));
        let first = index << (height % 8);
        let beyond = TreeFault::Beyond {
            size: self.size,
            asked: index,
        };
        let tile = Tile::of(level, first >> 8, self.size).ok_or(beyond)?;
        let (from, count) = ((first & 0xff) as usize, 1 << (height % 8));
        self.load(tile)?;
        let hashes = self
            .tiles
            .get(&tile)
            .and_then(|hashes| hashes.get(from..from + count));
        let hashes = hashes.ok_or(TreeFault::Beyond {
            size: self.size,
            asked: index,
        })?;
        Ok(perfect::<S>(hashes))
    }

    pub(super) fn tile(&mut self, tile: Tile) -> Answer<Vec<Hash>, R> {
        self.load(tile)?;
        Ok(self.tiles.get(&tile).cloned().unwrap_or_default())
    }

    fn load(&mut self, tile: Tile) -> Answer<(), R> {
        if !self.tiles.contains_key(&tile) {
            let bytes = self
                .reader
                .read_tile(tile)
                .map_err(|error| TreeFault::Reader(tile, error))?;
            if Some(bytes.len()) != tile.bytes() {
                return Err(TreeFault::Damaged(tile, bytes.len()));
            }
            let (hashes, _) = bytes.as_chunks::<{ Hash::BYTES }>();
            self.tiles
                .insert(tile, hashes.iter().copied().map(Hash).collect());
        }
        Ok(())
    }

    fn within(&self, asked: u64, yes: bool) -> Answer<(), R> {
        if yes {
            Ok(())
        } else {
            Err(TreeFault::Beyond {
                size: self.size,
                asked,
            })
        }
    }
}

/// The largest power of two below a count of at least two.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}
