//! What a log is hashed and signed with. One log has one suite; another suite is another log over the same entries, with an origin
//! of its own.

mod international;
mod national;

use std::fmt;

use record::{Commitment, RecordKey};

pub use international::{Ed25519Signer, Sha256Ed25519};
pub use national::{SM2_DISTINGUISHING_ID, Sm2Signer, Sm3Sm2};

use crate::Hash;

/// Hash, signature and commitment that belong together. The tree is that of RFC 6962 section 2.1 whatever the hash.
pub trait Suite: fmt::Debug + Clone + Copy + PartialEq + Eq + Send + Sync + 'static {
    /// How the suite is called where one is chosen, e.g. `sha256-ed25519`.
    const NAME: &'static str;
    /// With what the log signs its checkpoints, and its witnesses cosign them.
    const ALGORITHM: SignatureAlgorithm;
    /// Whoever signs with a secret in memory.
    type Signer: Signer;

    /// The hash of a leaf: `H(0x00 ‖ entry)`.
    fn leaf(entry: &[u8]) -> Hash;
    /// The hash of an inner node: `H(0x01 ‖ left ‖ right)`.
    fn node(left: &Hash, right: &Hash) -> Hash;
    /// The root of a tree without leaves: `H()`.
    fn empty() -> Hash;
    /// `HMAC-H(k, "xinlian/record/v1" ‖ canonical bytes)`.
    fn commit(canonical_bytes: &[u8], key: &RecordKey) -> Commitment;
    /// A signer with this secret.
    ///
    /// # Errors
    /// When these bytes are no secret of the suite; of random ones, as good as never.
    fn signer(secret: &[u8; 32]) -> Result<Self::Signer, SignerFault>;
    /// Whether this is the signature of that public key over the message.
    fn verify(public: &[u8], message: &[u8], signature: &[u8]) -> bool;
}

/// Whoever holds a secret key: a file, or a module that never gives it out.
pub trait Signer {
    /// Which algorithm it signs with.
    fn algorithm(&self) -> SignatureAlgorithm;
    /// The public half: 32 bytes for Ed25519, 65 for SM2 (`04 ‖ x ‖ y`).
    fn public_key(&self) -> Vec<u8>;
    /// Signs. 64 bytes for either algorithm: `R ‖ S` for Ed25519, `r ‖ s` for SM2.
    ///
    /// # Errors
    /// When the module that holds the key cannot sign now.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignerFault>;
}

/// An algorithm of signatures. Its number stands in leaves; it never changes and is never used for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignatureAlgorithm {
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// SM2 with SM3 (GB/T 32918.2), under the usual distinguishing id.
    Sm2,
}

impl SignatureAlgorithm {
    /// The number that stands in leaves.
    pub fn number(self) -> u8 {
        match self {
            Self::Ed25519 => 1,
            Self::Sm2 => 2,
        }
    }

    /// The algorithm of a number.
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::Ed25519, Self::Sm2]
            .into_iter()
            .find(|algorithm| algorithm.number() == number)
    }

    /// How long a public key is.
    pub fn public_key_bytes(self) -> usize {
        match self {
            Self::Ed25519 => 32,
            Self::Sm2 => 65,
        }
    }

    /// Whether this is the signature of that public key over the message.
    pub fn verify(self, public: &[u8], message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519 => Sha256Ed25519::verify(public, message, signature),
            Self::Sm2 => Sm3Sm2::verify(public, message, signature),
        }
    }
}

/// Why nothing was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignerFault {
    /// The bytes are no secret key.
    #[error("these 32 bytes are no secret key of {0}; draw others")]
    NoSecret(&'static str),
    /// The module that holds the key answered so.
    #[error("the key's module did not sign: {0}; see whether it is there and unlocked")]
    Module(String),
    /// A time that no cosignature may have.
    #[error("a cosignature cannot be of second {0} since 1970; set the clock")]
    NoTime(u64),
    /// The key and whoever signs for it do not belong together.
    #[error("the signer holds another key than `{0}`; give the one that belongs to it")]
    OtherKey(String),
}
