//! A folder in memory, logs to put into it, and the tree of RFC 6962 as its text defines it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use ledger::{
    Edge, EntryBundle, Hash, KeyName, LogSigner, LogSize, NewTile, Proofs, Sha256Ed25519, SignedCheckpoint,
    Suite, Tile, TileLevel, TileReader, WitnessSigner,
};

/// Sizes at which something changes: nothing, one, around a tile, around a tile of tiles.
pub(crate) const BOUNDARIES: [u64; 12] = [0, 1, 2, 3, 255, 256, 257, 511, 513, 65_535, 65_536, 65_537];

/// How many cases of a property: so many, or what `PROPTEST_CASES` says, as in `make assure`, but no more than is worth the time.
pub(crate) fn cases(short: u32, most: u32) -> u32 {
    let wanted = std::env::var("PROPTEST_CASES").ok();
    wanted
        .and_then(|text| text.parse().ok())
        .unwrap_or(short)
        .min(most)
}

/// Tiles and bundles by their paths.
#[derive(Default, Clone)]
pub(crate) struct Folder {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) read: RefCell<usize>,
}

impl Folder {
    pub(crate) fn write(&mut self, tiles: Vec<NewTile>) {
        for new in tiles {
            self.files.insert(new.tile.to_string(), new.bytes);
        }
    }
}

impl TileReader for Folder {
    type Error = String;

    fn read_tile(&self, tile: Tile) -> Result<Vec<u8>, String> {
        *self.read.borrow_mut() += 1;
        let exact = self.files.get(&tile.to_string());
        // The full tile begins as the partial one did.
        let full = || self.files.get(&tile.full().to_string());
        let bytes = exact.or_else(full).ok_or("absent")?;
        Ok(bytes[..tile.bytes().unwrap()].to_vec())
    }
}

/// The entry of a leaf.
pub(crate) fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}").into_bytes()
}

/// A log that has grown in batches, with its tiles.
pub(crate) struct Log<S: Suite> {
    pub(crate) leaves: Vec<Hash>,
    pub(crate) edge: Edge<S>,
    pub(crate) folder: Folder,
}

impl<S: Suite> Log<S> {
    pub(crate) fn of(size: u64) -> Self {
        let mut log = Self {
            leaves: Vec::new(),
            edge: Edge::default(),
            folder: Folder::default(),
        };
        log.grow(size, entry);
        log
    }

    pub(crate) fn grow(&mut self, size: u64, entry: impl Fn(u64) -> Vec<u8>) {
        let from = self.edge.size().0;
        let new: Vec<Hash> = (from..size).map(|index| S::leaf(&entry(index))).collect();
        self.folder.write(self.edge.append(new.iter().copied()));
        self.leaves.extend(new);
        self.bundles(from, size, entry);
    }

    fn bundles(&mut self, from: u64, size: u64, entry: impl Fn(u64) -> Vec<u8>) {
        for index in from / 256..size.div_ceil(256) {
            let Some(tile) = Tile::of(TileLevel::Entries, index, LogSize(size)) else {
                continue;
            };
            let mut bundle = EntryBundle::default();
            for place in 0..tile.width() as u64 {
                bundle.push(&entry(index * 256 + place)).unwrap();
            }
            self.folder
                .files
                .insert(tile.to_string(), bundle.as_bytes().to_vec());
        }
    }

    pub(crate) fn proofs(&self) -> Proofs<'_, S, Folder> {
        Proofs::new(&self.folder, self.edge.size())
    }

    pub(crate) fn signed(&self, signer: &LogSigner) -> SignedCheckpoint {
        signer.sign(self.edge.size(), self.edge.root()).unwrap()
    }
}

pub(crate) fn log_signer<S: Suite>(name: &str, seed: u8) -> LogSigner
where
    S::Signer: Send + Sync + 'static,
{
    LogSigner::new(
        KeyName::new(name).unwrap(),
        Box::new(S::signer(&[seed; 32]).unwrap()),
    )
    .unwrap()
}

pub(crate) fn witness_signer<S: Suite>(name: &str, seed: u8) -> WitnessSigner
where
    S::Signer: Send + Sync + 'static,
{
    WitnessSigner::new(
        KeyName::new(name).unwrap(),
        Box::new(S::signer(&[seed; 32]).unwrap()),
    )
    .unwrap()
}

pub(crate) fn city() -> LogSigner {
    log_signer::<Sha256Ed25519>("city.example/log", 1)
}

/// `MTH`, `PATH` and `PROOF` of RFC 6962 section 2.1, word for word and without any thought of speed.
pub(crate) mod reference {
    use super::{Hash, Suite};

    fn split(n: usize) -> usize {
        let mut k = 1;
        while k * 2 < n {
            k *= 2;
        }
        k
    }

    pub(crate) fn mth<S: Suite>(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => S::empty(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(split(leaves.len()));
                S::node(&mth::<S>(left), &mth::<S>(right))
            }
        }
    }

    pub(crate) fn path<S: Suite>(m: usize, leaves: &[Hash]) -> Vec<Hash> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let k = split(leaves.len());
        let (left, right) = leaves.split_at(k);
        let (mut path, sibling) = if m < k {
            (path::<S>(m, left), mth::<S>(right))
        } else {
            (path::<S>(m - k, right), mth::<S>(left))
        };
        path.push(sibling);
        path
    }

    pub(crate) fn proof<S: Suite>(m: usize, leaves: &[Hash]) -> Vec<Hash> {
        if m == 0 {
            Vec::new()
        } else {
            subproof::<S>(m, leaves, true)
        }
    }

    fn subproof<S: Suite>(m: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
        if m == leaves.len() {
            return if whole { Vec::new() } else { vec![mth::<S>(leaves)] };
        }
        let k = split(leaves.len());
        let (left, right) = leaves.split_at(k);
        let (mut proof, sibling) = if m <= k {
            (subproof::<S>(m, left, whole), mth::<S>(right))
        } else {
            (subproof::<S>(m - k, right, false), mth::<S>(left))
        };
        proof.push(sibling);
        proof
    }
}
