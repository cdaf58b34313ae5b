//! What is rated: by which rules, on which day, from which mirror. It travels in every plan.

use std::path::Path;
use std::sync::Arc;

use assess::Bundle;
use jiff::civil::Date;
use segment::Mirror;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{ClusterError, Result};

/// What is rated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The mirror's name in the folder of mirrors, which each machine has for itself or shares.
    pub mirror: String,
    /// The mirror's checksum: a machine that has another one says so.
    pub sum: u32,
    /// The day asked about.
    pub on: Date,
    /// The canonical bytes of the bundle, all its files among them.
    pub rules: Arc<[u8]>,
}

/// What stands before the rules in the bytes of a plan.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head<T> {
    mirror: String,
    sum: u32,
    on: Date,
    more: T,
}

/// Marks the bytes of ours among those of the engine.
const MARK: [u8; 8] = *b"XLRATE01";

impl Job {
    /// The rating of an open mirror by a bundle.
    pub fn new(mirror: &Mirror, place: &Path, bundle: &Bundle, on: Date) -> Self {
        let name = place.file_name().unwrap_or_default();
        Self {
            mirror: name.to_string_lossy().into_owned(),
            sum: mirror.sum(),
            on,
            rules: bundle.to_bytes().into(),
        }
    }

    /// Itself and something more, as bytes: the mark, the length of the head, the head as JSON, the rules.
    pub(crate) fn pack<T: Serialize>(&self, more: T, bytes: &mut Vec<u8>) -> Result<()> {
        let head = Head {
            mirror: self.mirror.clone(),
            sum: self.sum,
            on: self.on,
            more,
        };
        let head = serde_json::to_vec(&head).map_err(|why| ClusterError::Plan(why.to_string()))?;
        let length = u32::try_from(head.len()).map_err(|why| ClusterError::Plan(why.to_string()))?;
        bytes.extend_from_slice(&MARK);
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(&head);
        bytes.extend_from_slice(&self.rules);
        Ok(())
    }

    /// What [`Job::pack`] packed; none if the bytes do not bear the mark.
    pub(crate) fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Option<Result<(Self, T)>> {
        let rest = bytes.strip_prefix(&MARK)?;
        Some(Self::unpack_marked(rest))
    }

    fn unpack_marked<T: DeserializeOwned>(bytes: &[u8]) -> Result<(Self, T)> {
        let short = || ClusterError::Plan("it ends too early".to_owned());
        let (length, rest) = bytes.split_first_chunk::<4>().ok_or_else(short)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| short())?;
        let (head, rules) = rest.split_at_checked(length).ok_or_else(short)?;
        let head: Head<T> =
            serde_json::from_slice(head).map_err(|why| ClusterError::Plan(why.to_string()))?;
        let job = Self {
            mirror: head.mirror,
            sum: head.sum,
            on: head.on,
            rules: rules.into(),
        };
        Ok((job, head.more))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_and_nothing_else_is_taken() {
        let job = Job {
            mirror: "people.mirror".to_owned(),
            sum: 7,
            on: Date::constant(2026, 11, 1),
            rules: Arc::from(*b"rules"),
        };
        let mut bytes = Vec::new();
        job.pack([1_usize, 2], &mut bytes).unwrap();
        let (back, more) = Job::unpack::<Vec<usize>>(&bytes).unwrap().unwrap();
        assert_eq!((back, more), (job, vec![1, 2]));
        assert!(Job::unpack::<Vec<usize>>(b"of the engine").is_none());
        for end in MARK.len()..bytes.len() - 5 {
            assert!(
                Job::unpack::<Vec<usize>>(&bytes[..end]).unwrap().is_err(),
                "{end}"
            );
        }
    }
}
