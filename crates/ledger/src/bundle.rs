//! Bundles of entries (c2sp.org/tlog-tiles): up to 256 entries, each after its length in two bytes, big-endian.

use crate::{Format, FormatFault, Hash, Suite, TILE_WIDTH};

/// The longest entry: its length has two bytes.
pub const MAX_ENTRY_BYTES: usize = 0xffff;

/// The entries of a tile, in the order of their leaves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryBundle {
    bytes: Vec<u8>,
    count: usize,
}

impl EntryBundle {
    /// Appends an entry.
    ///
    /// # Errors
    /// When the bundle is full or the entry too long.
    pub fn push(&mut self, entry: &[u8]) -> Result<(), FormatFault> {
        let length = u16::try_from(entry.len());
        let length =
            length.map_err(|_| fault(format!("an entry has {} bytes, and 65535 fit", entry.len())))?;
        if self.count == TILE_WIDTH {
            return Err(fault("it has 256 entries already".to_owned()));
        }
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(entry);
        self.count += 1;
        Ok(())
    }

    /// Reads a bundle of as many entries as its path says.
    ///
    /// # Errors
    /// When there are more or fewer, or one is cut off.
    pub fn parse(bytes: &[u8], width: usize) -> Result<Self, FormatFault> {
        let bundle = Self {
            bytes: bytes.to_vec(),
            count: width,
        };
        let mut rest = bytes;
        let mut count = 0;
        while !rest.is_empty() {
            (_, rest) = first(rest).ok_or_else(|| fault(format!("entry {count} is cut off")))?;
            count += 1;
        }
        if count == width && (1..=TILE_WIDTH).contains(&count) {
            Ok(bundle)
        } else {
            Err(fault(format!(
                "it has {count} entries, and its path says {width}"
            )))
        }
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether it has none yet.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Its entries.
    pub fn entries(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = self.bytes.as_slice();
        std::iter::from_fn(move || {
            let (entry, after) = first(rest)?;
            rest = after;
            Some(entry)
        })
    }

    /// The hashes of its leaves, as the tile of level 0 has them.
    pub fn leaves<S: Suite>(&self) -> impl Iterator<Item = Hash> {
        self.entries().map(S::leaf)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

fn first(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

fn fault(why: String) -> FormatFault {
    FormatFault::new(Format::EntryBundle, why)
}
