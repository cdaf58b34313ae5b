//! Staff, sessions and attempts to sign in. Hashing and codes are `identity`'s; this keeps them.

use record::{OfficerId, SourceCode, SubjectId};

use crate::administration::AdminKind;
use crate::db::{Tx, args};
use crate::seal::{open_under, seal_under};
use crate::tags::{self, Tag};
use crate::{Result, Store, StoreError};

/// A member of staff to be added.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// Sign-in name.
    pub officer: OfficerId,
    /// The name pages show.
    pub name: String,
    /// The department.
    pub source: SourceCode,
    /// The role's code in policy.
    pub role: String,
    /// The password's hash, as `identity` makes it.
    pub password: String,
    /// The secret of one-time codes; sealed at rest.
    pub totp: Vec<u8>,
}

/// A member of staff.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Sign-in name.
    pub officer: OfficerId,
    /// The name pages show.
    pub name: String,
    /// The department.
    pub source: SourceCode,
    /// The role's code in policy.
    pub role: String,
    /// The password's hash.
    pub password: String,
    /// The secret of one-time codes.
    pub totp: Vec<u8>,
    /// The last time step whose code was used; none before it is taken again.
    pub last_step: u64,
    /// Whether sign-in is closed.
    pub disabled: bool,
}

/// A member of staff as a list has them: nothing by which anyone could sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffEntry {
    /// Sign-in name.
    pub officer: OfficerId,
    /// The name pages show.
    pub name: String,
    /// The department.
    pub source: SourceCode,
    /// The role's code in policy.
    pub role: String,
    /// Whether sign-in is closed.
    pub disabled: bool,
    /// When they were added, in milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// When they looked at anybody's file last.
    pub last_look_ms: Option<i64>,
}

/// Whose session it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionOwner {
    /// A member of staff.
    Staff(OfficerId),
    /// A person or company.
    Subject(SubjectId),
}

/// A session that has not expired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub owner: SessionOwner,
    /// When it ends, in milliseconds since 1970 UTC.
    pub expires_ms: i64,
}

fn totp_place(officer: &OfficerId) -> String {
    format!("staff.totp/v1/{officer}")
}

impl Store {
    /// Adds a member of staff, or replaces name, role, password and secret of one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_staff(&self, new: &NewStaff) -> Result<()> {
        let mut tx = self.inner.db.write().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let totp = seal_under(&keys, &totp_place(&new.officer), &new.totp)?;
        let columns = [
            "officer",
            "name",
            "source",
            "role",
            "password",
            "totp",
            "created_ms",
        ];
        let line = args![
            new.officer.as_str(),
            new.name.as_str(),
            new.source.as_str(),
            new.role.as_str(),
            new.password.as_str(),
            totp,
            self.clock().now_ms(),
        ];
        let newer = " ON CONFLICT (officer) DO UPDATE SET name = excluded.name, source = excluded.source, \
            role = excluded.role, password = excluded.password, totp = excluded.totp, disabled = 0";
        tx.insert("staff", &columns, vec![line], newer).await?;
        let about = format!("{} {}", new.officer, new.role);
        self.note(&mut tx, AdminKind::StaffPut, Some(&new.source), &about)
            .await?;
        tx.commit().await
    }

    /// Closes sign-in to a member of staff; their sessions end at once.
    ///
    /// # Errors
    /// When there is nobody of this name.
    pub async fn disable_staff(&self, officer: &OfficerId) -> Result<()> {
        let mut tx = self.inner.db.write().await?;
        let sql = "SELECT source FROM staff WHERE officer = $1";
        let row = tx.row(sql, args![officer.as_str()]).await?;
        let source = row.ok_or(StoreError::NotFound)?.text(0)?;
        let source = SourceCode::new(source).map_err(|_| StoreError::NotFound)?;
        let sql = "UPDATE staff SET disabled = 1 WHERE officer = $1";
        tx.execute(sql, args![officer.as_str()]).await?;
        tx.execute("DELETE FROM session WHERE officer = $1", args![officer.as_str()])
            .await?;
        self.note(&mut tx, AdminKind::StaffDisabled, Some(&source), officer.as_str())
            .await?;
        tx.commit().await
    }

    /// Everyone who may sign in or once could, by department and name; without passwords and secrets.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all_staff(&self) -> Result<Vec<StaffEntry>> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT s.officer, s.name, s.source, s.role, s.disabled, s.created_ms, \
            (SELECT MAX(l.at_ms) FROM look l WHERE l.viewer = s.officer AND l.viewer_kind = 'staff') \
            FROM staff s ORDER BY s.source, s.officer";
        let mut found = Vec::new();
        for row in tx.rows(sql, args![]).await? {
            found.push(StaffEntry {
                officer: OfficerId::new(row.text(0)?).map_err(|_| StoreError::NotFound)?,
                name: row.text(1)?,
                source: SourceCode::new(row.text(2)?).map_err(|_| StoreError::NotFound)?,
                role: row.text(3)?,
                disabled: row.int(4)? != 0,
                created_ms: row.int(5)?,
                last_look_ms: row.int_or_none(6)?,
            });
        }
        Ok(found)
    }

    /// A member of staff by sign-in name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn staff(&self, officer: &OfficerId) -> Result<Option<Staff>> {
        let mut tx = self.inner.db.read().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let sql =
            "SELECT name, source, role, password, totp, last_step, disabled FROM staff WHERE officer = $1";
        let Some(row) = tx.row(sql, args![officer.as_str()]).await? else {
            return Ok(None);
        };
        Ok(Some(Staff {
            officer: officer.clone(),
            name: row.text(0)?,
            source: SourceCode::new(row.text(1)?).map_err(|_| StoreError::NotFound)?,
            role: row.text(2)?,
            password: row.text(3)?,
            totp: open_under(&keys, &totp_place(officer), &row.bytes(4)?)?,
            last_step: u64::try_from(row.int(5)?).unwrap_or(0),
            disabled: row.int(6)? != 0,
        }))
    }

    /// Spends a time step's code: true once for each step, and never for an earlier one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn spend_step(&self, officer: &OfficerId, step: u64) -> Result<bool> {
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        let mut tx = self.inner.db.write().await?;
        let sql = "UPDATE staff SET last_step = $2 WHERE officer = $1 AND last_step < $2";
        let spent = tx.execute(sql, args![officer.as_str(), step]).await?;
        tx.commit().await?;
        Ok(spent == 1)
    }

    /// Notes an attempt to sign in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_attempt(&self, name: &str, succeeded: bool) -> Result<()> {
        let now = self.clock().now_ms();
        let mut tx = self.inner.db.write().await?;
        let name = self.attempt_tag(&mut tx, name).await?;
        tx.execute(
            "DELETE FROM sign_in_attempt WHERE at_ms < $1",
            args![now - 86_400_000],
        )
        .await?;
        tx.insert(
            "sign_in_attempt",
            &["name_tag", "at_ms", "succeeded"],
            vec![args![name, now, succeeded]],
            "",
        )
        .await?;
        tx.commit().await
    }

    /// How many attempts with this name have failed since a moment, after the last that succeeded.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn failed_attempts(&self, name: &str, since_ms: i64) -> Result<u64> {
        let sql = "SELECT COUNT(*) FROM sign_in_attempt WHERE name_tag = $1 AND succeeded = 0 AND at_ms >= $2 AND at_ms > \
            COALESCE((SELECT MAX(at_ms) FROM sign_in_attempt WHERE name_tag = $1 AND succeeded = 1), -1)";
        let mut tx = self.inner.db.read().await?;
        let name = self.attempt_tag(&mut tx, name).await?;
        Ok(u64::try_from(tx.one_int(sql, args![name, since_ms]).await?).unwrap_or(0))
    }

    /// What was typed as a name, as attempts are kept by it. Turning the keys over forgets them.
    async fn attempt_tag(&self, tx: &mut Tx, name: &str) -> Result<Tag> {
        let (keys, index) = self.keys(tx).await?;
        let name: String = name.chars().take(64).collect();
        Ok(tags::of_attempt(keys.generation(index)?, &name))
    }

    /// Keeps a session under its token's hash.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_session(
        &self,
        token_hash: [u8; 32],
        owner: &SessionOwner,
        expires_ms: i64,
    ) -> Result<()> {
        let (officer, subject) = match owner {
            SessionOwner::Staff(officer) => (Some(officer.as_str()), None),
            SessionOwner::Subject(subject) => (None, Some(*subject)),
        };
        let now = self.clock().now_ms();
        let mut tx = self.inner.db.write().await?;
        tx.execute("DELETE FROM session WHERE expires_ms <= $1", args![now])
            .await?;
        let columns = ["token", "officer", "subject", "created_ms", "expires_ms"];
        tx.insert(
            "session",
            &columns,
            vec![args![token_hash, officer, subject, now, expires_ms]],
            "",
        )
        .await?;
        tx.commit().await
    }

    /// The session of a token's hash, unless it has expired.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(&self, token_hash: [u8; 32]) -> Result<Option<Session>> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT officer, subject, expires_ms FROM session WHERE token = $1 AND expires_ms > $2";
        let Some(row) = tx.row(sql, args![token_hash, self.clock().now_ms()]).await? else {
            return Ok(None);
        };
        let owner = match (row.text_or_none(0)?, row.int_or_none(1)?) {
            (Some(officer), _) => {
                SessionOwner::Staff(OfficerId::new(officer).map_err(|_| StoreError::NotFound)?)
            }
            (None, Some(subject)) => SessionOwner::Subject(SubjectId::from_i64(subject)),
            (None, None) => return Ok(None),
        };
        Ok(Some(Session {
            owner,
            expires_ms: row.int(2)?,
        }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(&self, token_hash: [u8; 32]) -> Result<()> {
        let mut tx = self.inner.db.write().await?;
        tx.execute("DELETE FROM session WHERE token = $1", args![token_hash])
            .await?;
        tx.commit().await
    }
}
