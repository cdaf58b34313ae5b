//! One-time codes (RFC 6238): six digits, SHA-1, 30 seconds, one step either way.

use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::NoRandomness;

/// How long one code lasts.
pub const STEP_SECONDS: u64 = 30;

/// Why a code was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeFault {
    /// Not the code of this moment, nor of the step before or after.
    #[error("the code is not the one of this moment")]
    Wrong,
    /// It, or a later one, was used already.
    #[error("the code was used already; wait for the next one")]
    Replayed,
}

/// Why a text is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretFault {
    /// Not base32.
    #[error("the secret is not base32")]
    NotBase32,
    /// Fewer than 16 bytes.
    #[error("the secret has fewer than 16 bytes")]
    TooShort,
}

/// The secret that a member of staff and the server share.
#[derive(Clone)]
pub struct TotpSecret(Zeroizing<Vec<u8>>);

impl TotpSecret {
    /// A new secret of 20 random bytes.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn generate() -> Result<Self, NoRandomness> {
        Ok(Self(Zeroizing::new(crate::random::<20>()?.to_vec())))
    }

    /// A secret as it was stored.
    ///
    /// # Errors
    /// When it is shorter than 16 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SecretFault> {
        if bytes.len() < 16 {
            return Err(SecretFault::TooShort);
        }
        Ok(Self(Zeroizing::new(bytes.to_vec())))
    }

    /// A secret as people type it into an authenticator.
    ///
    /// # Errors
    /// When it is not base32 or too short.
    pub fn from_base32(text: &str) -> Result<Self, SecretFault> {
        let tidy: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let secret = Secret::try_from_base32(tidy.to_uppercase()).map_err(|_| SecretFault::NotBase32)?;
        Self::from_bytes(secret.as_bytes())
    }

    /// The bytes, to be stored encrypted.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The secret as people type it.
    pub fn to_base32(&self) -> String {
        Secret::from(self.0.to_vec()).to_base32()
    }

    /// The code at a time, in seconds since 1970.
    pub fn code_at(&self, unix_seconds: u64) -> String {
        self.totp().generate(unix_seconds).to_string()
    }

    /// Checks a code at a time, and hands back its step, which the caller keeps as `last_step`.
    ///
    /// # Errors
    /// When the code is another, or its step is not after `last_step`.
    ///
    /// ```
    /// use identity::{CodeFault, TotpSecret};
    /// let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
    /// let step = secret.check(&secret.code_at(59), 59, None).unwrap();
    /// assert_eq!(secret.check(&secret.code_at(59), 59, Some(step)), Err(CodeFault::Replayed));
    /// ```
    pub fn check(&self, code: &str, unix_seconds: u64, last_step: Option<u64>) -> Result<u64, CodeFault> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let step = self.totp().check(&code, unix_seconds).ok_or(CodeFault::Wrong)?;
        if last_step.is_some_and(|last| step <= last) {
            return Err(CodeFault::Replayed);
        }
        Ok(step)
    }

    fn totp(&self) -> Totp {
        Builder::new()
            .with_secret(self.0.to_vec())
            .with_digits(6)
            .with_skew(1)
            .with_step_duration(STEP_SECONDS)
            .build_noncompliant()
    }
}

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        // The secret of RFC 6238 appendix B.
        TotpSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // Appendix B gives eight digits; six are their last six.
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret().code_at(time), code, "{time}");
        }
    }

    #[test]
    fn one_step_either_way_and_each_step_once() {
        let now = 1_234_567_890;
        let at = |seconds: u64| secret().code_at(seconds);
        for (code, expect) in [
            (at(now), Ok(now / 30)),
            (at(now - 30), Ok(now / 30 - 1)),
            (at(now + 30), Ok(now / 30 + 1)),
            (at(now - 60), Err(CodeFault::Wrong)),
            (at(now + 60), Err(CodeFault::Wrong)),
            (String::new(), Err(CodeFault::Wrong)),
            ("12345".into(), Err(CodeFault::Wrong)),
            ("abcdef".into(), Err(CodeFault::Wrong)),
        ] {
            assert_eq!(secret().check(&code, now, None), expect, "{code}");
        }
        let step = now / 30;
        assert_eq!(
            secret().check(&at(now), now, Some(step)),
            Err(CodeFault::Replayed)
        );
        assert_eq!(
            secret().check(&at(now - 30), now, Some(step)),
            Err(CodeFault::Replayed)
        );
        assert_eq!(secret().check(&at(now + 30), now, Some(step)), Ok(step + 1));
        assert_eq!(
            secret().check("005 924", now, None),
            Ok(step),
            "spaces as people type them"
        );
    }

    #[test]
    fn secrets_go_through_base32() {
        let made = TotpSecret::generate().unwrap();
        let read = TotpSecret::from_base32(&made.to_base32().to_lowercase()).unwrap();
        assert_eq!(made.expose(), read.expose());
        assert_eq!(TotpSecret::from_base32("1!").unwrap_err(), SecretFault::NotBase32);
        assert_eq!(
            TotpSecret::from_base32("MFRGG").unwrap_err(),
            SecretFault::TooShort
        );
        assert_eq!(format!("{made:?}"), "TotpSecret(…)");
    }
}
