//! Keys of other systems: random, shown once to whoever makes one; only their hash is stored.

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::session::{from_hex, to_hex};
use crate::{NoRandomness, random};

/// What a key begins with, so that people and scanners for secrets know it when they see one.
const PREFIX: &str = "xinlian_";

/// The key of another system: `xinlian_` and 32 random bytes as 64 hexadecimal digits.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ApiKey([u8; 32]);

impl ApiKey {
    /// A new key.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    ///
    /// ```
    /// use identity::ApiKey;
    /// let key = ApiKey::generate()?;
    /// assert_eq!(ApiKey::parse(&key.to_text()).unwrap().hash(), key.hash());
    /// # Ok::<(), identity::NoRandomness>(())
    /// ```
    pub fn generate() -> Result<Self, NoRandomness> {
        Ok(Self(random()?))
    }

    /// A key as a request brings it; anything else is none.
    pub fn parse(text: &str) -> Option<Self> {
        from_hex(text.strip_prefix(PREFIX)?).map(Self)
    }

    /// The key as its owner keeps it.
    pub fn to_text(&self) -> String {
        format!("{PREFIX}{}", to_hex(&self.0))
    }

    /// SHA-256 of it: what the store holds. A key has 256 random bits, so that nothing slower is needed.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}
