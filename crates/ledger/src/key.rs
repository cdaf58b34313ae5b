//! Verifier keys (c2sp.org/signed-note): a name, an id of four bytes, a signature type and a public key, in one line.
//!
//! ```text
//! example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
//! name            id       base64(type ‖ public key)
//! ```

use std::fmt;

use sha2::{Digest, Sha256};

use crate::cosignature::message_and_signature;
use crate::hash::{from_base64, to_base64};
use crate::{Format, FormatFault, SignatureAlgorithm};

/// The name of a key: not empty, without spaces, plus signs and control characters. Best a web address without its scheme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

impl KeyName {
    /// Reads a name.
    ///
    /// # Errors
    /// When the name breaks the rule.
    pub fn new(text: impl Into<String>) -> Result<Self, FormatFault> {
        let text = text.into();
        let breaks = |c: char| c.is_whitespace() || c == '+' || c < ' ';
        if text.is_empty() || text.contains(breaks) {
            let why = format!(
                "the name `{}` is empty, or has a space or a plus sign",
                text.escape_debug()
            );
            return Err(FormatFault::new(Format::VerifierKey, why));
        }
        Ok(Self(text))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a signature in a note is made with and what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignatureType {
    /// 0x01: Ed25519 over the text of the note.
    Ed25519,
    /// 0x04: a cosignature with its time (c2sp.org/tlog-cosignature).
    CosignatureEd25519,
    /// 0xff and a name of ours: SM2 over the text of the note.
    Sm2,
    /// 0xff and a name of ours: the same message as 0x04, signed with SM2.
    CosignatureSm2,
}

impl SignatureType {
    const ALL: [Self; 4] = [
        Self::Ed25519,
        Self::CosignatureEd25519,
        Self::Sm2,
        Self::CosignatureSm2,
    ];

    /// How a log signs with that algorithm.
    pub fn of_log(algorithm: SignatureAlgorithm) -> Self {
        match algorithm {
            SignatureAlgorithm::Ed25519 => Self::Ed25519,
            SignatureAlgorithm::Sm2 => Self::Sm2,
        }
    }

    /// How a witness does.
    pub fn of_witness(algorithm: SignatureAlgorithm) -> Self {
        match algorithm {
            SignatureAlgorithm::Ed25519 => Self::CosignatureEd25519,
            SignatureAlgorithm::Sm2 => Self::CosignatureSm2,
        }
    }

    /// What stands before the public key. None of them is the beginning of another.
    pub fn prefix(self) -> &'static [u8] {
        match self {
            Self::Ed25519 => &[0x01],
            Self::CosignatureEd25519 => &[0x04],
            Self::Sm2 => b"\xffxinlian/sm2-sm3/note/v1",
            Self::CosignatureSm2 => b"\xffxinlian/sm2-sm3/cosignature/v1",
        }
    }

    /// The algorithm under it.
    pub fn algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::Ed25519 | Self::CosignatureEd25519 => SignatureAlgorithm::Ed25519,
            Self::Sm2 | Self::CosignatureSm2 => SignatureAlgorithm::Sm2,
        }
    }

    /// Whether it is a witness's, with a time.
    pub fn is_cosignature(self) -> bool {
        matches!(self, Self::CosignatureEd25519 | Self::CosignatureSm2)
    }
}

/// A public key by which signatures in notes are verified.
///
/// ```
/// use ledger::{Note, VerifierKey};
/// let key = VerifierKey::parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").unwrap();
/// assert_eq!(key.name().as_str(), "example.com/foo");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifierKey {
    name: KeyName,
    id: u32,
    signs: SignatureType,
    public: Vec<u8>,
}

impl VerifierKey {
    /// A key with its name.
    ///
    /// # Errors
    /// When the public key has another length than those of its algorithm.
    pub fn new(name: KeyName, signs: SignatureType, public: Vec<u8>) -> Result<Self, FormatFault> {
        let wanted = signs.algorithm().public_key_bytes();
        if public.len() != wanted {
            let why = format!(
                "`{name}` has a public key of {} bytes, and {wanted} are wanted",
                public.len()
            );
            return Err(FormatFault::new(Format::VerifierKey, why));
        }
        let id = id_of(&name, signs, &public);
        Ok(Self {
            name,
            id,
            signs,
            public,
        })
    }

    /// Reads the line.
    ///
    /// # Errors
    /// When it is no verifier key of a type known here, or its id does not follow from the rest.
    pub fn parse(text: &str) -> Result<Self, FormatFault> {
        let fault = |why: &str| FormatFault::new(Format::VerifierKey, why);
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(fault("it has not three parts, joined by `+`"));
        };
        let name = KeyName::new(name)?;
        let bytes = from_base64(key).ok_or_else(|| fault("its last part is not base64"))?;
        let known = SignatureType::ALL
            .into_iter()
            .find_map(|signs| bytes.strip_prefix(signs.prefix()).map(|public| (signs, public)));
        let Some((signs, public)) = known else {
            return Err(fault(
                "its signature type is unknown here; Ed25519 (1, 4) and SM2 are known",
            ));
        };
        let key = Self::new(name, signs, public.to_vec())?;
        if format!("{:08x}", key.id) == id {
            Ok(key)
        } else {
            Err(fault("its id does not follow from its name and key"))
        }
    }

    /// Its name.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// Its id: four bytes that tell keys apart, and no more.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What it signs.
    pub fn signs(&self) -> SignatureType {
        self.signs
    }

    /// The public key itself.
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// Whether this is this key's signature over the text of a note.
    pub fn verify(&self, text: &str, signature: &[u8]) -> bool {
        let algorithm = self.signs.algorithm();
        if self.signs.is_cosignature() {
            let parts = message_and_signature(text, signature);
            parts.is_some_and(|(message, signature)| {
                algorithm.verify(&self.public, message.as_bytes(), signature)
            })
        } else {
            algorithm.verify(&self.public, text.as_bytes(), signature)
        }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [self.signs.prefix(), &self.public].concat();
        write!(f, "{}+{:08x}+{}", self.name, self.id, to_base64(&key))
    }
}

/// `SHA-256(name ‖ 0x0A ‖ type ‖ public key)[:4]`, for keys of the national suite as well: it identifies, and protects nothing.
fn id_of(name: &KeyName, signs: SignatureType, public: &[u8]) -> u32 {
    let digest = Sha256::new()
        .chain_update(name.as_str())
        .chain_update(b"\n")
        .chain_update(signs.prefix())
        .chain_update(public)
        .finalize();
    digest
        .iter()
        .take(4)
        .fold(0, |id, byte| (id << 8) | u32::from(*byte))
}
