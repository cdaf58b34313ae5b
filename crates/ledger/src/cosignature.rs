//! Cosignatures (c2sp.org/tlog-cosignature, Ed25519): a witness says that at this time this was the largest tree of the log that it
//! knows, and that it grew from what it knew before.
//!
//! What is signed:
//!
//! ```text
//! cosignature/v1
//! time 1679315147
//! example.com/behind-the-sofa
//! 20852163
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//! ```
//!
//! The message does not hold the witness's name, so that a key is of one witness and one suite alone. ML-DSA-44, which the
//! specification prefers, is not here yet (docs/adr/0022-witnessed-log.md).

use crate::{
    FormatFault, KeyName, NoteSignature, SignatureType, SignedCheckpoint, Signer, SignerFault, VerifierKey,
};

/// Seconds since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PosixSeconds(pub u64);

/// The time of a cosignature that has been verified; `None` if the key is no witness's.
pub fn cosigned_at(key: &VerifierKey, signature: &NoteSignature) -> Option<PosixSeconds> {
    let (time, _) = signature.bytes.split_first_chunk::<8>()?;
    key.signs()
        .is_cosignature()
        .then(|| PosixSeconds(u64::from_be_bytes(*time)))
}

/// The message that a timestamped signature is over, and the signature itself.
pub(crate) fn message_and_signature<'b>(text: &str, timestamped: &'b [u8]) -> Option<(String, &'b [u8])> {
    let (time, signature) = timestamped.split_first_chunk::<8>()?;
    let time = u64::from_be_bytes(*time);
    i64::try_from(time).ok()?;
    Some((message(text, PosixSeconds(time)), signature))
}

fn message(text: &str, time: PosixSeconds) -> String {
    format!("cosignature/v1\ntime {}\n{text}", time.0)
}

/// Signs for a witness.
pub struct WitnessSigner {
    key: VerifierKey,
    signer: Box<dyn Signer + Send + Sync>,
}

impl WitnessSigner {
    /// A signer for the witness of that name.
    ///
    /// # Errors
    /// When the signer's public key is not of its algorithm's length.
    pub fn new(name: KeyName, signer: Box<dyn Signer + Send + Sync>) -> Result<Self, FormatFault> {
        let signs = SignatureType::of_witness(signer.algorithm());
        let key = VerifierKey::new(name, signs, signer.public_key())?;
        Ok(Self { key, signer })
    }

    /// By which others verify.
    pub fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// The cosignature over a checkpoint. A witness asks [`crate::decide`] first, which hands out what may be cosigned.
    pub(crate) fn cosign(
        &self,
        checkpoint: &SignedCheckpoint,
        now: PosixSeconds,
    ) -> Result<NoteSignature, SignerFault> {
        if now.0 == 0 || i64::try_from(now.0).is_err() {
            return Err(SignerFault::NoTime(now.0));
        }
        let text = checkpoint.note().text();
        let signature = self.signer.sign(message(text, now).as_bytes())?;
        let bytes = [now.0.to_be_bytes().as_slice(), &signature].concat();
        if !self.key.verify(text, &bytes) {
            return Err(SignerFault::OtherKey(self.key.name().to_string()));
        }
        Ok(NoteSignature {
            name: self.key.name().clone(),
            id: self.key.id(),
            bytes,
        })
    }
}
