//! Commitments: what the ledger holds of a record, and all that it holds.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What is put before a record's canonical bytes when they are committed to.
pub const COMMITMENT_CONTEXT: &[u8] = b"xinlian/record/v1";

/// A record's own key: 32 random bytes. Without it the commitment says nothing about the record,
/// so destroying it erases.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RecordKey([u8; 32]);

impl RecordKey {
    /// A key of these bytes, which the caller drew at random.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes: to be wrapped and stored, or handed to the source with its receipt.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key derived from this one for another use, e.g. encrypting the record at rest.
    /// `context` must differ from [`COMMITMENT_CONTEXT`].
    pub fn derive(&self, context: &[u8]) -> [u8; 32] {
        mac(&self.0, &[context])
    }
}

impl fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordKey(…)")
    }
}

/// `HMAC-SHA256(k, "xinlian/record/v1" ‖ canonical bytes)`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Commitment(pub [u8; 32]);

impl Commitment {
    /// Commits to canonical bytes under the record's own key.
    ///
    /// ```
    /// use record::{Commitment, RecordKey};
    /// let key = RecordKey::from_random([7; 32]);
    /// let commitment = Commitment::to(b"bytes", &key);
    /// assert!(commitment.opens(b"bytes", &key));
    /// assert!(!commitment.opens(b"other", &key));
    /// ```
    pub fn to(canonical_bytes: &[u8], key: &RecordKey) -> Self {
        Self(mac(&key.0, &[COMMITMENT_CONTEXT, canonical_bytes]))
    }

    /// Whether these bytes and this key are what was committed to. In constant time.
    pub fn opens(&self, canonical_bytes: &[u8], key: &RecordKey) -> bool {
        Self::to(canonical_bytes, key).0.ct_eq(&self.0).into()
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length")
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Commitment({self})")
    }
}

impl serde::Serialize for Commitment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
