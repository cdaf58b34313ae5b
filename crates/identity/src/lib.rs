//! Who signs in: passwords, one-time codes, session tokens, roles.
//!
//! This crate knows how a secret is made, kept and compared. It does **not** know: the store, HTTP,
//! policy or the clock. Times are handed in; what must be remembered between two sign-ins (the
//! last used step of a code, the hash of a session's token) is handed back to the caller to keep.
//!
//! Randomness comes from the operating system, here and nowhere else in the web's half of the house.

#![warn(missing_docs)]

mod api_key;
mod password;
mod role;
mod session;
mod totp;

pub use api_key::ApiKey;
pub use password::{PasswordFault, PasswordHash, verify_or_decoy};
pub use role::{Role, UnknownRole};
pub use session::{SessionHash, SessionToken};
pub use totp::{CodeFault, STEP_SECONDS, SecretFault, TotpSecret};

/// The operating system gave no randomness. Nothing can be made safely without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no randomness")]
pub struct NoRandomness;

fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}
