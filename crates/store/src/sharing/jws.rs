//! Answers under a signature that anybody can check: JWS in its flattened JSON form (RFC 7515) with Ed25519 (RFC 8037).
//!
//! The key is made of the store's own newest keys, so that a backup of the key file is a backup of it; the public half is
//! published as a JWK set.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use ed25519_dalek::{Signer as _, SigningKey};
use serde::Serialize;
use serde_json::json;

use crate::keys::Generation;
use crate::{Result, Store, tags};

/// A signed answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignedAnswer {
    /// The answer as JSON, in base64url.
    pub payload: String,
    /// The protected header: algorithm and key, in base64url.
    pub protected: String,
    /// The signature over `protected.payload`, in base64url.
    pub signature: String,
}

fn key_of(generation: &Generation) -> (String, SigningKey) {
    let key = SigningKey::from_bytes(&tags::of_signing(generation));
    let public = B64.encode(key.verifying_key().as_bytes());
    let kid = format!("{}-{}", generation.id, public.get(..8).unwrap_or_default());
    (kid, key)
}

/// Signs something under the key of a generation.
pub(crate) fn sign_with(generation: &Generation, said: &impl Serialize) -> SignedAnswer {
    let (kid, key) = key_of(generation);
    let header = json!({ "alg": "EdDSA", "kid": kid });
    let protected = B64.encode(header.to_string());
    let payload = B64.encode(serde_json::to_vec(said).unwrap_or_default());
    let signature = key.sign(format!("{protected}.{payload}").as_bytes());
    SignedAnswer {
        payload,
        protected,
        signature: B64.encode(signature.to_bytes()),
    }
}

/// What was signed, whole again, if one of our keys made this signature over what is said. Ed25519 signs the same in the same
/// way, so that it is enough to sign once more.
pub(crate) fn signs<'a>(
    generations: impl Iterator<Item = &'a Generation>,
    protected: &str,
    signature: &str,
    said: &impl Serialize,
) -> Option<SignedAnswer> {
    generations
        .map(|generation| sign_with(generation, said))
        .find(|signed| signed.protected == protected && signed.signature == signature)
}

impl Store {
    /// Signs an answer.
    pub(super) async fn sign(&self, answer: &impl Serialize) -> Result<SignedAnswer> {
        let mut tx = self.inner.db.read().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        drop(tx);
        Ok(sign_with(keys.generation(keys.newest_id())?, answer))
    }

    /// The public keys by which answers can be checked, old ones too, as a JWK set (RFC 7517).
    ///
    /// # Errors
    /// When the database fails or the key file cannot be read.
    pub async fn answer_keys(&self) -> Result<serde_json::Value> {
        let mut tx = self.inner.db.read().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let jwk = |generation: &Generation| {
            let (kid, key) = key_of(generation);
            let x = B64.encode(key.verifying_key().as_bytes());
            json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": x })
        };
        let keys: Vec<_> = keys.all().map(jwk).collect();
        Ok(json!({ "keys": keys }))
    }
}
