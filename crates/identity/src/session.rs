//! Session tokens: random, shown once to the browser; only their hash is stored.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{NoRandomness, random};

/// What a session's cookie holds: 32 random bytes as 64 hexadecimal digits.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SessionToken([u8; 32]);

/// SHA-256 of a token: what the store holds. Whoever reads the store cannot sign in with it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionHash(pub [u8; 32]);

impl SessionToken {
    /// A new token.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    ///
    /// ```
    /// use identity::SessionToken;
    /// let token = SessionToken::generate()?;
    /// assert_eq!(SessionToken::parse(&token.to_text()).unwrap().hash(), token.hash());
    /// # Ok::<(), identity::NoRandomness>(())
    /// ```
    pub fn generate() -> Result<Self, NoRandomness> {
        Ok(Self(random()?))
    }

    /// A token as the cookie brings it; anything else is none.
    pub fn parse(text: &str) -> Option<Self> {
        from_hex(text).map(Self)
    }

    /// The token as the cookie holds it.
    pub fn to_text(&self) -> String {
        to_hex(&self.0)
    }

    /// Its hash.
    pub fn hash(&self) -> SessionHash {
        SessionHash(Sha256::digest(self.0).into())
    }
}

impl SessionHash {
    /// Compares in constant time.
    pub fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

impl std::fmt::Debug for SessionHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

/// 32 bytes of 64 lower-case hexadecimal digits; anything else is none.
pub(crate) fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (place, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *place = hex_digit(*high)? << 4 | hex_digit(*low)?;
    }
    Some(bytes)
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _infallible = write!(text, "{byte:02x}");
            text
        })
}

fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_go_through_cookies_and_rubbish_does_not() {
        let token = SessionToken::generate().unwrap();
        let text = token.to_text();
        assert_eq!(text.len(), 64);
        assert!(SessionToken::parse(&text).unwrap().hash().is(&token.hash()));
        assert_ne!(SessionToken::generate().unwrap().hash(), token.hash());
        for rubbish in ["", "00", &"g".repeat(64), &"0".repeat(65), &"é".repeat(32)] {
            assert!(SessionToken::parse(rubbish).is_none(), "{rubbish}");
        }
        assert_eq!(format!("{token:?}"), "SessionToken(…)");
    }

    #[test]
    fn the_hash_is_plain_sha256() {
        let token = SessionToken::parse(&"00".repeat(32)).unwrap();
        assert_eq!(
            format!("{:?}", token.hash()),
            "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"
        );
    }
}
