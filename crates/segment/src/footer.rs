//! The end of a mirror: what it is of, where its parts stand, and the checksums of its blocks.
//!
//! ```text
//! sums of the blocks, 4 each · the footer as JSON · its length 4 · checksum of all this 4 · MAGIC 8
//! ```

use std::fs::File;
use std::os::unix::fs::FileExt;

use assess::Plan;
use record::TreeSize;
use serde::{Deserialize, Serialize};

use crate::error::{MirrorError, Result};
use crate::packed::take;

/// The first and the last bytes of every mirror.
pub(crate) const MAGIC: [u8; 8] = *b"XLMIRROR";
/// The version of this format.
const VERSION: u32 = 1;
/// Length, checksum and magic.
const TAIL: usize = 16;
/// The longest footer that is read, in bytes: that of a mirror of some 60 billion spans.
const MOST: u64 = 64 << 20;

/// What a mirror is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// How much of the log it knows.
    pub known: TreeSize,
    /// The digest of the rules by which references were resolved, as the writer of the mirror counts them.
    pub rules: String,
    /// Which items and fields its spans are of.
    pub plan: Plan,
}

/// Where the parts stand.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Footer {
    pub(crate) version: u32,
    pub(crate) about: About,
    pub(crate) subjects: u64,
    pub(crate) rows: u64,
    pub(crate) wide: u64,
    /// Where wide spans, the index, and the footer begin; packed spans begin after the magic.
    pub(crate) wide_at: u64,
    pub(crate) index_at: u64,
    pub(crate) end: u64,
}

impl Footer {
    pub(crate) fn new(about: About) -> Self {
        Self {
            version: VERSION,
            about,
            subjects: 0,
            rows: 0,
            wide: 0,
            wide_at: 0,
            index_at: 0,
            end: 0,
        }
    }

    pub(crate) fn to_bytes(&self, sums: &[u32]) -> Vec<u8> {
        let mut bytes: Vec<u8> = sums.iter().flat_map(|sum| sum.to_le_bytes()).collect();
        // Its maps have text keys, so it always has a JSON form.
        let json = serde_json::to_vec(self).unwrap_or_default();
        bytes.extend_from_slice(&json);
        bytes.extend_from_slice(&u32::try_from(json.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend_from_slice(&crc32fast::hash(&bytes).to_le_bytes());
        bytes.extend_from_slice(&MAGIC);
        bytes
    }

    /// The footer of a file, the sums of its blocks, and the sum of both.
    pub(crate) fn read(file: &File) -> Result<(Self, Vec<u32>, u32)> {
        let length = file.metadata()?.len();
        let torn = MirrorError::Torn;
        let tail_at = length.checked_sub(TAIL as u64).ok_or(torn("it is too short"))?;
        let mut tail = [0; TAIL];
        file.read_exact_at(&mut tail, tail_at)?;
        let mut rest = tail.as_slice();
        let json_length = u64::from(u32::from_le_bytes(take(&mut rest)));
        let sum = u32::from_le_bytes(take(&mut rest));
        if take(&mut rest) != MAGIC {
            return Err(torn("it does not end as one"));
        }
        let json_at = tail_at.checked_sub(json_length).filter(|_| json_length <= MOST);
        let json_at = json_at.ok_or(torn("its footer is too long"))?;
        let footer: Self = serde_json::from_slice(&bytes_at(file, json_at, json_length)?)
            .map_err(|_| torn("its footer cannot be read"))?;
        if footer.version != VERSION {
            return Err(MirrorError::Version {
                found: footer.version,
                wanted: VERSION,
            });
        }
        let sums_length = json_at.checked_sub(footer.end).filter(|length| *length <= MOST);
        let sums_length = sums_length.ok_or(torn("its footer points past its end"))?;
        let mut whole = bytes_at(file, footer.end, sums_length + json_length + 4)?;
        if crc32fast::hash(&whole) != sum {
            return Err(torn("its footer is damaged"));
        }
        whole.truncate(usize::try_from(sums_length).unwrap_or(0));
        let (sums, _) = whole.as_chunks::<4>();
        let sums = sums.iter().map(|sum| u32::from_le_bytes(*sum)).collect();
        Ok((footer, sums, sum))
    }
}

fn bytes_at(file: &File, at: u64, length: u64) -> Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(length).map_err(|_| MirrorError::Torn("it is too long"))?];
    file.read_exact_at(&mut bytes, at)?;
    Ok(bytes)
}
