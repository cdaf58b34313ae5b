//! Keys by which another system speaks for a department. Making one is `identity`'s; this keeps its hash.

use std::fmt;

use record::{OfficerId, SourceCode};

use crate::administration::AdminKind;
use crate::db::{Row, args};
use crate::{Result, Store, StoreError};

/// A key of another system's, without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The name under which it hands in, e.g. `api-market`.
    pub officer: OfficerId,
    /// The department that it speaks for.
    pub source: SourceCode,
    /// When it was made, in milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// When it ends.
    pub expires_ms: i64,
    /// When it was used last, to the minute.
    pub last_used_ms: Option<i64>,
    /// Whether it was taken back.
    pub revoked: bool,
    /// The client certificate without which it opens nothing.
    pub certificate: Option<Fingerprint>,
}

/// The SHA-256 of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

const COLUMNS: &str = "officer, source, created_ms, expires_ms, last_used_ms, revoked, certificate";
/// A use is noted once a minute.
const MINUTE_MS: i64 = 60_000;

impl Store {
    /// Keeps a key under its hash, bound to a client certificate or to none.
    ///
    /// # Errors
    /// When there is a key or a member of staff of this name, or the database fails.
    pub async fn put_api_key(
        &self,
        hash: [u8; 32],
        officer: &OfficerId,
        source: &SourceCode,
        expires_ms: i64,
        certificate: Option<Fingerprint>,
    ) -> Result<()> {
        let mut tx = self.inner.db.write().await?;
        let sql = "SELECT 1 FROM api_key WHERE officer = $1 UNION ALL SELECT 1 FROM staff WHERE officer = $1";
        if tx.row(sql, args![officer.as_str()]).await?.is_some() {
            return Err(StoreError::NameTaken(officer.to_string()));
        }
        let columns = [
            "hash",
            "officer",
            "source",
            "created_ms",
            "expires_ms",
            "certificate",
        ];
        let now = self.clock().now_ms();
        let certificate = certificate.map(|certificate| certificate.0);
        let line = args![
            hash,
            officer.as_str(),
            source.as_str(),
            now,
            expires_ms,
            certificate
        ];
        tx.insert("api_key", &columns, vec![line], "").await?;
        self.note(&mut tx, AdminKind::KeyMade, Some(source), officer.as_str())
            .await?;
        tx.commit().await
    }

    /// The key of this hash, if it is good today and its certificate, if it is bound to one, was shown; that it was used is noted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_api_key(&self, hash: [u8; 32], shown: Option<Fingerprint>) -> Result<Option<ApiKey>> {
        let now = self.clock().now_ms();
        let mut tx = self.inner.db.read().await?;
        let sql =
            format!("SELECT {COLUMNS} FROM api_key WHERE hash = $1 AND revoked = 0 AND expires_ms > $2");
        let Some(row) = tx.row(sql, args![hash, now]).await? else {
            return Ok(None);
        };
        let key = key_of(&row)?;
        drop(tx);
        if key.certificate.is_some() && key.certificate != shown {
            return Ok(None);
        }
        if key.last_used_ms.is_none_or(|last| now - last >= MINUTE_MS) {
            let mut tx = self.inner.db.write().await?;
            let sql = "UPDATE api_key SET last_used_ms = $2 WHERE hash = $1";
            tx.execute(sql, args![hash, now]).await?;
            tx.commit().await?;
        }
        Ok(Some(key))
    }

    /// Every key, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>> {
        let mut tx = self.inner.db.read().await?;
        let sql = format!("SELECT {COLUMNS} FROM api_key ORDER BY officer");
        tx.rows(sql, args![]).await?.iter().map(key_of).collect()
    }

    /// Takes a key back: from now on it opens nothing.
    ///
    /// # Errors
    /// When there is none of this name.
    pub async fn revoke_api_key(&self, officer: &OfficerId) -> Result<()> {
        let mut tx = self.inner.db.write().await?;
        let sql = "UPDATE api_key SET revoked = 1 WHERE officer = $1";
        if tx.execute(sql, args![officer.as_str()]).await? == 0 {
            return Err(StoreError::NotFound);
        }
        self.note(&mut tx, AdminKind::KeyRevoked, None, officer.as_str())
            .await?;
        tx.commit().await
    }
}

fn key_of(row: &Row) -> Result<ApiKey> {
    Ok(ApiKey {
        officer: OfficerId::new(row.text(0)?).map_err(|_| StoreError::NotFound)?,
        source: SourceCode::new(row.text(1)?).map_err(|_| StoreError::NotFound)?,
        created_ms: row.int(2)?,
        expires_ms: row.int(3)?,
        last_used_ms: row.int_or_none(4)?,
        revoked: row.int(5)? != 0,
        certificate: row.hash_or_none(6)?.map(Fingerprint),
    })
}
