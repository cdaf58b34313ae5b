//! Passwords of staff: argon2id (RFC 9106) in PHC strings.

use std::sync::OnceLock;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc};
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use crate::{NoRandomness, random};

/// 19 MiB, 2 passes, 1 lane: the least that OWASP advises for argon2id.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The longest password taken, so that no one makes the server hash a novel.
const MOST_BYTES: usize = 256;

/// Why a password was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Shorter than it may be.
    #[error("the password has {found} characters; it takes at least 10")]
    TooShort {
        /// How many characters it has.
        found: usize,
    },
    /// Longer than it may be.
    #[error("the password has {found} bytes; it takes at most 256")]
    TooLong {
        /// How many bytes it has.
        found: usize,
    },
    /// No randomness for the salt.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The hash function refused its parameters, which are constants.
    #[error("the password could not be hashed")]
    Hashing,
}

/// A password's hash as a PHC string: what is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Hashes a password under a fresh salt.
    ///
    /// # Errors
    /// When the password is shorter than 10 characters or longer than 256 bytes.
    ///
    /// ```
    /// let hash = identity::PasswordHash::of("correct horse")?;
    /// assert!(hash.fits("correct horse"));
    /// assert!(!hash.fits("correct hors"));
    /// # Ok::<(), identity::PasswordFault>(())
    /// ```
    pub fn of(password: &str) -> Result<Self, PasswordFault> {
        let found = password.chars().count();
        if found < 10 {
            return Err(PasswordFault::TooShort { found });
        }
        if password.len() > MOST_BYTES {
            return Err(PasswordFault::TooLong {
                found: password.len(),
            });
        }
        let salt: [u8; 16] = random()?;
        let hash: phc::PasswordHash = hasher()
            .ok_or(PasswordFault::Hashing)?
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(|_| PasswordFault::Hashing)?;
        Ok(Self(hash.to_string()))
    }

    /// A hash as it was stored. One that is no PHC string fits no password.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The PHC string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the password's hash. Takes tens of milliseconds on purpose.
    pub fn fits(&self, password: &str) -> bool {
        if password.len() > MOST_BYTES {
            return false;
        }
        let Ok(hash) = phc::PasswordHash::new(&self.0) else {
            return false;
        };
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Compares a password with the stored hash or, where there is no such member of staff, with a
/// decoy, so that the answer takes equally long and does not tell who exists.
pub fn verify_or_decoy(password: &str, stored: Option<&PasswordHash>) -> bool {
    static DECOY: OnceLock<Option<PasswordHash>> = OnceLock::new();
    if let Some(hash) = stored {
        return hash.fits(password);
    }
    if let Some(decoy) = DECOY.get_or_init(make_decoy) {
        let _never = decoy.fits(password);
    }
    false
}

fn make_decoy() -> Option<PasswordHash> {
    let unknown: [u8; 32] = random().ok()?;
    let unknown: Zeroizing<String> = Zeroizing::new(unknown.iter().copied().map(char::from).collect());
    PasswordHash::of(&unknown).ok()
}

fn hasher() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_fits_its_password_only() {
        let hash = PasswordHash::of("demo-xinlian").unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(hash.fits("demo-xinlian"));
        assert!(!hash.fits("demo-xinliam"));
        assert!(!hash.fits(""));
        assert!(PasswordHash::from_stored(hash.as_str()).fits("demo-xinlian"));
        assert_ne!(
            hash,
            PasswordHash::of("demo-xinlian").unwrap(),
            "each has its own salt"
        );
        assert_eq!(format!("{hash:?}"), "PasswordHash(…)");
    }

    #[test]
    fn bounds_and_rubbish() {
        assert_eq!(
            PasswordHash::of("short"),
            Err(PasswordFault::TooShort { found: 5 })
        );
        assert_eq!(
            PasswordHash::of(&"x".repeat(257)),
            Err(PasswordFault::TooLong { found: 257 })
        );
        assert!(!PasswordHash::from_stored("rubbish").fits("rubbish"));
        assert!(!verify_or_decoy("anything at all", None));
    }
}
