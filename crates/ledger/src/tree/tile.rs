//! Which tile: its level, its index, its width, and its path (c2sp.org/tlog-tiles).

use std::fmt;

use super::TILE_WIDTH;
use crate::hash::from_decimal;
use crate::{Format, FormatFault, LogSize};

/// A level of tiles: entries themselves, or hashes of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileLevel {
    /// `tile/entries/…`: bundles of entries.
    Entries,
    /// `tile/0/…` and above, up to 63: the hashes of level `l` are roots of perfect subtrees of 256ˡ leaves.
    Hashes(u8),
}

/// The name of a tile or of a bundle of entries.
///
/// ```
/// use ledger::{LogSize, Tile, TileLevel};
/// let tile = Tile::of(TileLevel::Hashes(0), 273, LogSize(70_000)).unwrap();
/// assert_eq!(tile.to_string(), "tile/0/273.p/112");
/// assert_eq!(Tile::parse("tile/0/273.p/112").unwrap(), tile);
/// assert_eq!(Tile::parse("tile/entries/x001/x234/067").unwrap().index(), 1_234_067);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    level: TileLevel,
    index: u64,
    width: u16,
}

const FULL: u16 = 256;
const HIGHEST_LEVEL: u8 = 63;
const HASH_BYTES: usize = 32;

impl Tile {
    /// The tile as a tree of that size has it: full or partial. `None` if the tree has none there.
    pub fn of(level: TileLevel, index: u64, size: LogSize) -> Option<Self> {
        let count = level.count(size);
        let before = index.checked_mul(TILE_WIDTH as u64)?;
        let left = count.checked_sub(before).filter(|left| *left > 0)?;
        let width = u16::try_from(left).map_or(FULL, |left| left.min(FULL));
        Some(Self { level, index, width })
    }

    /// Reads a path. Every other way of writing the same tile is refused.
    ///
    /// # Errors
    /// When it is not the path of a tile.
    pub fn parse(path: &str) -> Result<Self, FormatFault> {
        read(path)
            .filter(|tile| tile.to_string() == path)
            .ok_or_else(|| FormatFault::new(Format::TilePath, format!("`{}`", shortened(path))))
    }

    /// Its level.
    pub fn level(self) -> TileLevel {
        self.level
    }

    /// Its index within the level.
    pub fn index(self) -> u64 {
        self.index
    }

    /// How many hashes or entries it has, 1 to 256.
    pub fn width(self) -> usize {
        usize::from(self.width)
    }

    /// Whether it will never grow.
    pub fn is_full(self) -> bool {
        self.width == FULL
    }

    /// The same tile once it is full, which stands in for every partial one of its place.
    #[must_use]
    pub fn full(self) -> Self {
        Self { width: FULL, ..self }
    }

    /// How long the file is; `None` for entries, whose lengths differ.
    pub fn bytes(self) -> Option<usize> {
        matches!(self.level, TileLevel::Hashes(_)).then(|| self.width() * HASH_BYTES)
    }
}

impl TileLevel {
    /// How many hashes the level has in a tree of that size.
    pub(crate) fn count(self, size: LogSize) -> u64 {
        match self {
            Self::Entries => size.0,
            Self::Hashes(level) => size.0.checked_shr(u32::from(level) * 8).unwrap_or(0),
        }
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            TileLevel::Entries => f.write_str("tile/entries/")?,
            TileLevel::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for (place, group) in groups.iter().enumerate().rev() {
            if place == 0 {
                write!(f, "{group:03}")?;
            } else {
                write!(f, "x{group:03}/")?;
            }
        }
        if self.is_full() {
            Ok(())
        } else {
            write!(f, ".p/{}", self.width)
        }
    }
}

/// Whatever might be meant; comparing with what is written again settles the rest.
fn read(path: &str) -> Option<Tile> {
    let rest = path.strip_prefix("tile/")?;
    let (level, rest) = rest.split_once('/')?;
    let level = match level {
        "entries" => TileLevel::Entries,
        number => {
            let level = from_decimal(number).and_then(|level| u8::try_from(level).ok())?;
            TileLevel::Hashes(level).within()?
        }
    };
    let (index, width) = match rest.split_once(".p/") {
        Some((index, width)) => (index, u16::try_from(from_decimal(width)?).ok()?),
        None => (rest, FULL),
    };
    let mut number = 0_u64;
    for group in index.split('/') {
        let digits = group.strip_prefix('x').unwrap_or(group);
        let value = digits.parse::<u64>().ok().filter(|value| *value < 1000)?;
        number = number.checked_mul(1000)?.checked_add(value)?;
    }
    (1..=FULL).contains(&width).then_some(Tile {
        level,
        index: number,
        width,
    })
}

impl TileLevel {
    fn within(self) -> Option<Self> {
        match self {
            Self::Hashes(level) if level > HIGHEST_LEVEL => None,
            _ => Some(self),
        }
    }
}

fn shortened(path: &str) -> String {
    path.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_spec() {
        for (level, index, size, path) in [
            (TileLevel::Hashes(0), 0, 1, "tile/0/000.p/1"),
            (TileLevel::Hashes(0), 0, 5, "tile/0/000.p/5"),
            (TileLevel::Hashes(0), 0, 255, "tile/0/000.p/255"),
            (TileLevel::Hashes(0), 0, 256, "tile/0/000"),
            (TileLevel::Hashes(1), 0, 256, "tile/1/000.p/1"),
            (TileLevel::Hashes(0), 1, 257, "tile/0/001.p/1"),
            (TileLevel::Hashes(0), 272, 70_000, "tile/0/272"),
            (TileLevel::Hashes(1), 1, 70_000, "tile/1/001.p/17"),
            (TileLevel::Hashes(2), 0, 70_000, "tile/2/000.p/1"),
            (
                TileLevel::Entries,
                1_234_067,
                1 << 40,
                "tile/entries/x001/x234/067",
            ),
            (TileLevel::Hashes(0), 1_234, 1 << 40, "tile/0/x001/234"),
            (TileLevel::Hashes(0), 1_000, 1 << 40, "tile/0/x001/000"),
        ] {
            let tile = Tile::of(level, index, LogSize(size)).unwrap();
            assert_eq!(tile.to_string(), path);
            assert_eq!(Tile::parse(path).unwrap(), tile);
        }
    }

    #[test]
    fn what_a_tree_does_not_have_is_no_tile() {
        for (level, index, size) in [
            (TileLevel::Hashes(0), 0, 0),
            (TileLevel::Entries, 0, 0),
            (TileLevel::Hashes(1), 0, 255),
            (TileLevel::Hashes(0), 1, 256),
            (TileLevel::Hashes(0), u64::MAX, u64::MAX),
            (TileLevel::Hashes(9), 0, u64::MAX),
        ] {
            assert_eq!(
                Tile::of(level, index, LogSize(size)),
                None,
                "{level:?} {index} {size}"
            );
        }
    }

    #[test]
    fn a_tile_has_one_path() {
        for path in [
            "",
            "tile/0/0",
            "tile/0/00",
            "tile/0/0000",
            "tile/00/000",
            "tile/64/000",
            "tile/8/0/000",
            "tile/0/x000/001",
            "tile/0/001/x002",
            "tile/0/x001",
            "tile/0/001/002",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/05",
            "tile/0/000.p/5/",
            "tile/0/+01",
            "tile/-1/000",
            "tile/data/000",
            "tile/entries/000.p/",
            "/tile/0/000",
            "tile/0/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert!(Tile::parse(path).is_err(), "{path}");
        }
    }
}
