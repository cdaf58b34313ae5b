//! What a log's one writer does with entries: which files it writes and in which order, and what it does after it was cut off.
//!
//! Nothing here writes. Whoever does, does the steps one after the other; dying between any two of them loses no checkpoint that
//! anybody has seen, and leaves no file that a client could mistake for part of the log.
//!
//! ```text
//! append ─► tiles and bundles of the new size ─► Sync ─► checkpoint ─► Sync ─► Publish ─► partial ones that are full now go
//! recover ─► the right edge is read and held against the checkpoint ─► files beyond it go ─► Sync
//! ```
//!
//! A mirror does the same with entries and checkpoints of somebody else: [`Batch::steps`] refuses a checkpoint that its own tree does not
//! come to. Whoever is refused drops the sequencer and recovers.
//!
//! Entries that wait are kept elsewhere, in the order of their leaves; after recovery the writer takes them from [`Sequencer::size`] on.
//! That there is only one writer is not settled here either.

use std::collections::BTreeSet;

use crate::{
    Checkpoint, Edge, EntryBundle, FormatFault, Hash, LogSize, MAX_ENTRY_BYTES, NewTile, SignedCheckpoint,
    Suite, TILE_WIDTH, Tile, TileLevel, TileReader, TreeFault,
};

/// A thing to do before the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Write a tile or a bundle; whole or not at all is not asked for.
    Write(NewTile),
    /// See that all before is on the disk, names of files too.
    Sync,
    /// Put this checkpoint into the place of the last one, whole or not at all.
    Checkpoint(Box<SignedCheckpoint>),
    /// From here on others may see the checkpoint: readers, witnesses, those who wait for a receipt.
    Publish,
    /// Remove a file.
    Remove(Tile),
}

/// The state of the one writer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequencer<S> {
    edge: Edge<S>,
    /// The entries that are in no full bundle yet.
    last: EntryBundle,
    /// Partial tiles that were written and whose full ones were not.
    partial: BTreeSet<Tile>,
}

/// Entries that have their places, but are not signed for yet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "the sequencer has gone on; what is not written must be recovered"]
pub struct Batch {
    size: LogSize,
    root: Hash,
    new: Vec<NewTile>,
    stale: Vec<Tile>,
}

/// A checkpoint that was signed for another tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the checkpoint is of {found} leaves and the batch of {wanted}, or their roots differ; sign what the batch says"
)]
pub struct UnfitCheckpoint {
    /// The size that was signed.
    pub found: LogSize,
    /// The size of the batch.
    pub wanted: LogSize,
}

/// Why a log cannot go on from its files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryFault<E> {
    /// A tile cannot be read, or is not as long as it should be.
    #[error(transparent)]
    Tree(#[from] TreeFault<E>),
    /// The tiles do not lead to the signed root.
    #[error(
        "the tiles of the right edge lead to `{found}` and the checkpoint says `{wanted}`; fetch them from a mirror"
    )]
    OtherRoot {
        /// Where they lead.
        found: Hash,
        /// What was signed.
        wanted: Hash,
    },
    /// The last bundle is not what the tile of leaves says.
    #[error("`{0}` does not hold the entries of its leaves; fetch it from a mirror")]
    Entries(Tile),
}

impl<S: Suite> Default for Sequencer<S> {
    fn default() -> Self {
        Self {
            edge: Edge::default(),
            last: EntryBundle::default(),
            partial: BTreeSet::new(),
        }
    }
}

impl<S: Suite> Sequencer<S> {
    /// How many leaves the log has: the index of the next one.
    pub fn size(&self) -> LogSize {
        self.edge.size()
    }

    /// Gives entries their places, all of them or none.
    ///
    /// # Errors
    /// When an entry is too long for a bundle.
    pub fn append(&mut self, entries: &[impl AsRef<[u8]>]) -> Result<Batch, FormatFault> {
        if let Some(long) = entries
            .iter()
            .find(|entry| entry.as_ref().len() > MAX_ENTRY_BYTES)
        {
            EntryBundle::default().push(long.as_ref())?;
        }
        let mut new = self.bundles(entries)?;
        new.extend(
            self.edge
                .append(entries.iter().map(|entry| S::leaf(entry.as_ref()))),
        );
        let full = |tile: &Tile| new.iter().any(|new| new.tile == tile.full());
        let stale: Vec<Tile> = self.partial.iter().copied().filter(full).collect();
        self.partial.retain(|tile| !stale.contains(tile));
        self.partial
            .extend(new.iter().map(|new| new.tile).filter(|tile| !tile.is_full()));
        Ok(Batch {
            size: self.size(),
            root: self.edge.root(),
            new,
            stale,
        })
    }

    fn bundles(&mut self, entries: &[impl AsRef<[u8]>]) -> Result<Vec<NewTile>, FormatFault> {
        let (before, after) = (self.size().0, LogSize(self.size().0 + entries.len() as u64));
        let mut new = Vec::new();
        let mut write = |index: u64, bundle: &EntryBundle| {
            let tile = Tile::of(TileLevel::Entries, index, after);
            new.extend(tile.map(|tile| NewTile {
                tile,
                bytes: bundle.as_bytes().to_vec(),
            }));
        };
        for (at, entry) in (before..).zip(entries) {
            self.last.push(entry.as_ref())?;
            if self.last.len() == TILE_WIDTH {
                write(at / TILE_WIDTH as u64, &self.last);
                self.last = EntryBundle::default();
            }
        }
        if !self.last.is_empty() && !entries.is_empty() {
            write(after.0 / TILE_WIDTH as u64, &self.last);
        }
        Ok(new)
    }

    /// The writer again, from the last checkpoint on the disk (`None` if there never was one) and the names of all files that are there,
    /// and what is to be done before it goes on: files beyond the checkpoint are of a batch that was cut off, and partial ones may have
    /// been left where full ones are.
    ///
    /// # Errors
    /// When the right edge is not what the checkpoint says. Tiles further left are not read; `verify` does.
    pub fn recover<R: TileReader>(
        checkpoint: Option<&Checkpoint>,
        reader: &R,
        files: impl IntoIterator<Item = Tile>,
    ) -> Result<(Self, Vec<Step>), RecoveryFault<R::Error>> {
        let size = checkpoint.map_or(LogSize(0), |checkpoint| checkpoint.size);
        let edge = Edge::<S>::read(size, reader)?;
        let (found, wanted) = (
            edge.root(),
            checkpoint.map_or_else(S::empty, |checkpoint| checkpoint.root),
        );
        if found != wanted {
            return Err(RecoveryFault::OtherRoot { found, wanted });
        }
        let last = last_bundle::<S, R>(&edge, reader)?;
        let mut partial = BTreeSet::new();
        let mut steps = Vec::new();
        for tile in files {
            let of_tree = Tile::of(tile.level(), tile.index(), size);
            match of_tree.filter(|of_tree| of_tree.width() >= tile.width()) {
                Some(of_tree) if of_tree.is_full() && !tile.is_full() => steps.push(Step::Remove(tile)),
                Some(_) if tile.is_full() => {}
                Some(_) => drop(partial.insert(tile)),
                None => steps.push(Step::Remove(tile)),
            }
        }
        if !steps.is_empty() {
            steps.push(Step::Sync);
        }
        Ok((Self { edge, last, partial }, steps))
    }
}

impl Batch {
    /// The size of the tree to sign.
    pub fn size(&self) -> LogSize {
        self.size
    }

    /// The root of the tree to sign.
    pub fn root(&self) -> Hash {
        self.root
    }

    /// The tiles and bundles that it writes, full and partial.
    pub fn tiles(&self) -> &[NewTile] {
        &self.new
    }

    /// What to do, one after the other, given the checkpoint of this tree.
    ///
    /// # Errors
    /// When the checkpoint is of another tree.
    pub fn steps(self, signed: SignedCheckpoint) -> Result<Vec<Step>, UnfitCheckpoint> {
        let told = signed.checkpoint();
        if (told.size, told.root) != (self.size, self.root) {
            return Err(UnfitCheckpoint {
                found: told.size,
                wanted: self.size,
            });
        }
        let mut steps: Vec<Step> = self.new.into_iter().map(Step::Write).collect();
        steps.extend([
            Step::Sync,
            Step::Checkpoint(Box::new(signed)),
            Step::Sync,
            Step::Publish,
        ]);
        steps.extend(self.stale.into_iter().map(Step::Remove));
        Ok(steps)
    }
}

/// The entries that are in no full bundle, held against the leaves.
fn last_bundle<S: Suite, R: TileReader>(
    edge: &Edge<S>,
    reader: &R,
) -> Result<EntryBundle, RecoveryFault<R::Error>> {
    let size = edge.size();
    let Some(tile) = Tile::of(TileLevel::Entries, size.0 / TILE_WIDTH as u64, size) else {
        return Ok(EntryBundle::default());
    };
    let bytes = reader
        .read_tile(tile)
        .map_err(|error| TreeFault::Reader(tile, error))?;
    let bundle = EntryBundle::parse(&bytes, tile.width()).map_err(|_| RecoveryFault::Entries(tile))?;
    if bundle.leaves::<S>().eq(edge.leaves().iter().copied()) {
        Ok(bundle)
    } else {
        Err(RecoveryFault::Entries(tile))
    }
}
