//! Sealing at rest: XChaCha20-Poly1305, with what a thing is and where it stands as associated data, so
//! that a sealed value moved to another row does not open.

use chacha20poly1305::aead::{Aead as _, AeadInOut as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use record::{RecordKey, RecordNumber};
use zeroize::Zeroizing;

use crate::keys::Keys;
use crate::{Result, StoreError};

const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;

/// 32 random bytes from the system.
pub(crate) fn random() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::NoRandomness)?;
    Ok(bytes)
}

/// Randomness from the system, asked for a page at a time, for asking costs more than what is got. Wiped when dropped.
#[derive(Default)]
pub(crate) struct Random {
    left: Zeroizing<Vec<u8>>,
}

/// So much is asked for at a time.
const RANDOM_BYTES: usize = 4_096;

impl Random {
    /// The next bytes, which nobody has had.
    pub(crate) fn bytes<const N: usize>(&mut self) -> Result<[u8; N]> {
        if self.left.len() < N {
            self.left.resize(RANDOM_BYTES.max(N), 0);
            getrandom::fill(&mut self.left).map_err(|_| StoreError::NoRandomness)?;
        }
        let from = self.left.len() - N;
        let bytes = self
            .left
            .last_chunk::<N>()
            .copied()
            .ok_or(StoreError::NoRandomness)?;
        self.left.truncate(from);
        Ok(bytes)
    }
}

/// Nonce, then ciphertext with its tag.
pub(crate) fn seal(key: &[u8; 32], place: &str, plain: &[u8]) -> Result<Vec<u8>> {
    seal_by(&mut Random::default(), key, place, plain)
}

fn seal_by(random: &mut Random, key: &[u8; 32], place: &str, plain: &[u8]) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE_BYTES] = random.bytes()?;
    let mut sealed = Vec::with_capacity(NONCE_BYTES + plain.len() + TAG_BYTES);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    let fault = || StoreError::DoesNotOpen(place.to_owned());
    let (_, text) = sealed.split_at_mut_checked(NONCE_BYTES).ok_or_else(fault)?;
    let tag = XChaCha20Poly1305::new(key.into())
        .encrypt_inout_detached(&XNonce::from(nonce), place.as_bytes(), text.into())
        .map_err(|_| fault())?;
    sealed.extend_from_slice(&tag);
    Ok(sealed)
}

pub(crate) fn open(key: &[u8; 32], place: &str, sealed: &[u8]) -> Result<Vec<u8>> {
    let fault = || StoreError::DoesNotOpen(place.to_owned());
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or_else(fault)?;
    XChaCha20Poly1305::new(key.into())
        .decrypt(
            &XNonce::from(*nonce),
            Payload {
                msg: sealed,
                aad: place.as_bytes(),
            },
        )
        .map_err(|_| fault())
}

/// Seals under the newest wrapping key and puts that key's id first.
pub(crate) fn seal_under(keys: &Keys, place: &str, plain: &[u8]) -> Result<Vec<u8>> {
    let id = keys.newest_id();
    let sealed = seal(&keys.generation(id)?.wrap, &format!("{place}/{id}"), plain)?;
    Ok([&id.to_le_bytes()[..], &sealed].concat())
}

pub(crate) fn open_under(keys: &Keys, place: &str, sealed: &[u8]) -> Result<Vec<u8>> {
    let (id, sealed) = sealed
        .split_first_chunk()
        .ok_or_else(|| StoreError::DoesNotOpen(place.to_owned()))?;
    let id = u32::from_le_bytes(*id);
    open(&keys.generation(id)?.wrap, &format!("{place}/{id}"), sealed)
}

/// A record's key, wrapped for the table `record_key`.
pub(crate) fn wrap_key(
    random: &mut Random,
    keys: &Keys,
    number: RecordNumber,
    key: &RecordKey,
) -> Result<(u32, Vec<u8>)> {
    let id = keys.newest_id();
    let place = format!("record_key.wrapped/v1/{number}/{id}");
    let sealed = seal_by(random, &keys.generation(id)?.wrap, &place, key.expose())?;
    Ok((id, sealed))
}

pub(crate) fn unwrap_key(
    keys: &Keys,
    number: RecordNumber,
    key_id: u32,
    wrapped: &[u8],
) -> Result<RecordKey> {
    let place = format!("record_key.wrapped/v1/{number}/{key_id}");
    let bytes = open(&keys.generation(key_id)?.wrap, &place, wrapped)?;
    let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| StoreError::DoesNotOpen(place))?;
    Ok(RecordKey::from_random(bytes))
}

const BODY_CONTEXT: &[u8] = b"xinlian/body/v1";

pub(crate) fn seal_body(
    random: &mut Random,
    key: &RecordKey,
    number: RecordNumber,
    bytes: &[u8],
) -> Result<Vec<u8>> {
    seal_by(
        random,
        &key.derive(BODY_CONTEXT),
        &format!("record.body/v1/{number}"),
        bytes,
    )
}

pub(crate) fn open_body(key: &RecordKey, number: RecordNumber, sealed: &[u8]) -> Result<Vec<u8>> {
    open(
        &key.derive(BODY_CONTEXT),
        &format!("record.body/v1/{number}"),
        sealed,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_in_its_place() {
        let key = random().unwrap();
        let sealed = seal(&key, "table.column/1", b"440604").unwrap();
        assert_eq!(open(&key, "table.column/1", &sealed).unwrap(), b"440604");
        assert!(open(&key, "table.column/2", &sealed).is_err());
        assert!(open(&random().unwrap(), "table.column/1", &sealed).is_err());
        assert!(open(&key, "table.column/1", &sealed[..20]).is_err());
        let mut flipped = sealed;
        *flipped.last_mut().unwrap() ^= 1;
        assert!(open(&key, "table.column/1", &flipped).is_err());
    }
}
