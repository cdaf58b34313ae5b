//! A hash of the tree, and the two ways in which the formats write numbers and bytes.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// A hash of 32 bytes, of whichever suite. Written in base64 (RFC 4648 section 4), as all formats of the log do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// How many bytes a hash has.
    pub const BYTES: usize = 32;

    /// Reads base64. `None` unless it is exactly how a hash writes itself.
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_slice(&from_base64(text)?)
    }

    /// `None` unless there are 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_base64(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// How many leaves a tree has. Formats write it in decimal; beyond 2⁶³ − 1 it is not read, for SQL and Go know no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LogSize(pub u64);

/// The place of a leaf in its log, from 0. It is not the number of a record: submissions, erasures and looks are leaves too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeafIndex(pub u64);

impl LogSize {
    /// Reads a size in decimal without leading zeros.
    pub fn parse(text: &str) -> Option<Self> {
        from_decimal(text).map(Self)
    }
}

impl fmt::Display for LogSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl LeafIndex {
    /// Reads an index in decimal without leading zeros.
    pub fn parse(text: &str) -> Option<Self> {
        from_decimal(text).map(Self)
    }
}

impl fmt::Display for LeafIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// ASCII digits without leading zeros, up to 2⁶³ − 1.
pub(crate) fn from_decimal(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let leading = text.len() > 1 && text.starts_with('0');
    if !plain || leading {
        return None;
    }
    text.parse().ok().filter(|number| i64::try_from(*number).is_ok())
}

pub(crate) fn to_base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// Padded, without anything between, and without bits that say nothing: one text for the same bytes.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_form() {
        for (text, number) in [
            ("0", Some(0)),
            ("20852163", Some(20_852_163)),
            ("9223372036854775807", Some(i64::MAX as u64)),
            ("9223372036854775808", None),
            ("00", None),
            ("01", None),
            ("+1", None),
            ("-1", None),
            ("1 ", None),
            ("", None),
            ("１", None),
        ] {
            assert_eq!(from_decimal(text), number, "{text}");
        }
    }

    #[test]
    fn hashes_have_one_form() {
        let text = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        assert_eq!(Hash::parse(text).unwrap().to_string(), text);
        for other in [
            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I",
            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=",
            "CsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=",
            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==",
            "",
        ] {
            assert_eq!(Hash::parse(other), None, "{other}");
        }
    }
}
