//! SHA-256 and Ed25519: what C2SP's formats are written for.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use record::{Commitment, RecordKey};
use sha2::{Digest, Sha256};

use super::{SignatureAlgorithm, Signer, SignerFault, Suite};
use crate::Hash;

/// SHA-256 and Ed25519.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sha256Ed25519;

impl Suite for Sha256Ed25519 {
    const NAME: &'static str = "sha256-ed25519";
    const ALGORITHM: SignatureAlgorithm = SignatureAlgorithm::Ed25519;
    type Signer = Ed25519Signer;

    fn leaf(entry: &[u8]) -> Hash {
        Hash(
            Sha256::new()
                .chain_update([0])
                .chain_update(entry)
                .finalize()
                .into(),
        )
    }

    fn node(left: &Hash, right: &Hash) -> Hash {
        let node = Sha256::new().chain_update([1]);
        Hash(node.chain_update(left.0).chain_update(right.0).finalize().into())
    }

    fn empty() -> Hash {
        Hash(Sha256::digest([]).into())
    }

    fn commit(canonical_bytes: &[u8], key: &RecordKey) -> Commitment {
        Commitment::to(canonical_bytes, key)
    }

    fn signer(secret: &[u8; 32]) -> Result<Ed25519Signer, SignerFault> {
        Ok(Ed25519Signer(SigningKey::from_bytes(secret)))
    }

    /// Strictly: keys of small order and points in another encoding are refused.
    fn verify(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
        let key = public.try_into().ok().map(VerifyingKey::from_bytes);
        match (key, Signature::from_slice(signature)) {
            (Some(Ok(key)), Ok(signature)) => key.verify_strict(message, &signature).is_ok(),
            _ => false,
        }
    }
}

/// An Ed25519 key in memory, wiped when dropped.
pub struct Ed25519Signer(SigningKey);

impl Signer for Ed25519Signer {
    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::Ed25519
    }

    fn public_key(&self) -> Vec<u8> {
        self.0.verifying_key().as_bytes().to_vec()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignerFault> {
        Ok(self.0.sign(message).to_bytes())
    }
}
