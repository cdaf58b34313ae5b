//! A tree that grows: what its right edge needs in memory, and the tiles that each growth brings about.

use std::marker::PhantomData;

use super::{Proofs, TILE_WIDTH, Tile, TileLevel, TileReader, TreeFault, joined, perfect};
use crate::{Hash, LogSize, Suite};

/// The right edge of a tree of tiles: of each level the hashes that are in no full tile yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge<S> {
    size: u64,
    /// Level by level, fewer than 256 hashes in each.
    levels: Vec<Vec<Hash>>,
    suite: PhantomData<S>,
}

/// A tile that is to be written, with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTile {
    /// Which.
    pub tile: Tile,
    /// Its hashes, one after the other.
    pub bytes: Vec<u8>,
}

impl<S: Suite> Default for Edge<S> {
    fn default() -> Self {
        Self {
            size: 0,
            levels: Vec::new(),
            suite: PhantomData,
        }
    }
}

impl<S: Suite> Edge<S> {
    /// The edge of a tree that lies in tiles. Whoever has a signed root compares it with [`Edge::root`].
    ///
    /// # Errors
    /// When a tile of the edge cannot be read or has another length.
    pub fn read<R: TileReader>(size: LogSize, reader: &R) -> Result<Self, TreeFault<R::Error>> {
        let mut proofs = Proofs::<S, R>::new(reader, size);
        let mut levels = Vec::new();
        for level in 0..8_u8 {
            let count = TileLevel::Hashes(level).count(size);
            if count == 0 {
                break;
            }
            let full = count / TILE_WIDTH as u64;
            let partial = Tile::of(TileLevel::Hashes(level), full, size);
            levels.push(partial.map_or_else(|| Ok(Vec::new()), |tile| proofs.tile(tile))?);
        }
        Ok(Self {
            size: size.0,
            levels,
            suite: PhantomData,
        })
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> LogSize {
        LogSize(self.size)
    }

    /// The leaves that are in no full tile yet.
    pub(crate) fn leaves(&self) -> &[Hash] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        let over = |right, level: &Vec<Hash>| joined::<S>(level, right);
        self.levels.iter().fold(None, over).unwrap_or_else(S::empty)
    }

    /// Appends leaves by their hashes and gives the tiles that the tree now has and had not: full ones in the order in which they
    /// filled, and then the partial ones of its new size.
    pub fn append(&mut self, leaves: impl IntoIterator<Item = Hash>) -> Vec<NewTile> {
        let before = LogSize(self.size);
        let mut tiles = Vec::new();
        for leaf in leaves {
            self.push(leaf, &mut tiles);
        }
        let now = self.size();
        for (level, hashes) in (0_u8..).map(TileLevel::Hashes).zip(&self.levels) {
            let (count, former) = (level.count(now), level.count(before));
            let partial = Tile::of(level, count / TILE_WIDTH as u64, now).filter(|_| count > former);
            tiles.extend(partial.map(|tile| NewTile {
                tile,
                bytes: bytes_of(hashes),
            }));
        }
        tiles
    }

    fn push(&mut self, leaf: Hash, full: &mut Vec<NewTile>) {
        self.size += 1;
        let size = self.size();
        let mut hash = leaf;
        for level in 0_u8.. {
            if self.levels.len() == usize::from(level) {
                self.levels.push(Vec::with_capacity(TILE_WIDTH));
            }
            let Some(hashes) = self.levels.get_mut(usize::from(level)) else {
                return;
            };
            hashes.push(hash);
            if hashes.len() < TILE_WIDTH {
                return;
            }
            let level = TileLevel::Hashes(level);
            let index = (level.count(size) / TILE_WIDTH as u64).saturating_sub(1);
            let tile = Tile::of(level, index, size);
            full.extend(tile.map(|tile| NewTile {
                tile,
                bytes: bytes_of(hashes),
            }));
            hash = perfect::<S>(hashes);
            hashes.clear();
        }
    }
}

fn bytes_of(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}
