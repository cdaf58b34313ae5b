//! SM3 and SM2 (国密): a tree of its own beside the first, for those who must have it.
//!
//! C2SP's formats name SHA-256 and assign SM2 no signature type. The tree is the same but for the hash; signatures have types that
//! begin with 0xff, as signed-note asks of those without a number.

use hmac::{Hmac, KeyInit, Mac};
use record::{COMMITMENT_CONTEXT, Commitment, RecordKey};
use sm2::dsa::signature::{Signer as _, Verifier as _};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm2::elliptic_curve::sec1::ToSec1Point as _;
use sm3::{Digest, Sm3};

use super::{SignatureAlgorithm, Signer, SignerFault, Suite};
use crate::Hash;

/// The distinguishing id that goes into each signature: the one of GM/T 0009, which others assume too.
pub const SM2_DISTINGUISHING_ID: &str = "1234567812345678";

/// SM3 and SM2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sm3Sm2;

impl Suite for Sm3Sm2 {
    const NAME: &'static str = "sm3-sm2";
    const ALGORITHM: SignatureAlgorithm = SignatureAlgorithm::Sm2;
    type Signer = Sm2Signer;

    fn leaf(entry: &[u8]) -> Hash {
        Hash(Sm3::new().chain_update([0]).chain_update(entry).finalize().into())
    }

    fn node(left: &Hash, right: &Hash) -> Hash {
        let node = Sm3::new().chain_update([1]);
        Hash(node.chain_update(left.0).chain_update(right.0).finalize().into())
    }

    fn empty() -> Hash {
        Hash(Sm3::digest([]).into())
    }

    fn commit(canonical_bytes: &[u8], key: &RecordKey) -> Commitment {
        let Ok(mac) = Hmac::<Sm3>::new_from_slice(key.expose()) else {
            unreachable!("HMAC takes keys of any length")
        };
        let mac = mac.chain_update(COMMITMENT_CONTEXT).chain_update(canonical_bytes);
        Commitment(mac.finalize().into_bytes().into())
    }

    fn signer(secret: &[u8; 32]) -> Result<Sm2Signer, SignerFault> {
        SigningKey::from_slice(SM2_DISTINGUISHING_ID, secret)
            .map(Sm2Signer)
            .map_err(|_| SignerFault::NoSecret("SM2"))
    }

    fn verify(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
        // A point has one form here; SEC 1 knows a compressed one as well.
        if public.len() != SignatureAlgorithm::Sm2.public_key_bytes() {
            return false;
        }
        let key = VerifyingKey::from_sec1_bytes(SM2_DISTINGUISHING_ID, public);
        match (key, Signature::from_slice(signature)) {
            (Ok(key), Ok(signature)) => key.verify(message, &signature).is_ok(),
            _ => false,
        }
    }
}

/// An SM2 key in memory. Signs by RFC 6979, so that the same message has the same signature and no randomness is needed.
pub struct Sm2Signer(SigningKey);

impl Signer for Sm2Signer {
    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::Sm2
    }

    fn public_key(&self) -> Vec<u8> {
        let point = self.0.verifying_key().to_sec1_point(false);
        point.as_bytes().to_vec()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignerFault> {
        let signature = self.0.try_sign(message);
        let signature =
            signature.map_err(|_| SignerFault::Module("this message cannot be signed".to_owned()))?;
        Ok(signature.to_bytes().into())
    }
}
