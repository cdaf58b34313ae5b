//! Backups: a store as it was at one moment, written while others go on, and brought back only if nothing of it was altered.
//!
//! ```text
//! FOLDER/xinlian-20261127T094107Z/
//!   database.db            every table but those keys, as an SQLite database, whichever database the store is in
//!   record-keys.db         the keys of records and segments, wrapped: apart, so that erasing one here leaves the rest as it is
//!   segments/              the segments of sealed records, as they lie in the store
//!   manifest.json          what it is of, how many records, the head of their chain, and a digest of every MiB
//!   manifest.json.sha256   the digest of the manifest
//! ```
//!
//! Why it is so: `docs/adr/0013-backups-are-copies-of-tables.md`. The key file is never in it: whoever has both can read everything. Sessions are left out, so that nobody is signed in where it is
//! brought back.

mod copy;
mod head;
mod manifest;
mod restore;

use std::path::{Path, PathBuf};

use record::TreeSize;

pub use manifest::{BackupFault, Manifest};
pub use restore::{RestoreTo, Restored};

use crate::backup::copy::{KEYS, copy, is_left_out, rows, tables};
use crate::backup::manifest::{DATABASE_FILE, FORMAT, KEYS_FILE, sync_folder};
use crate::condition::schema_of;
use crate::db::{Db, Tx, args};
use crate::keys::file_error;
use crate::open::{INDEX_KEY, KEY_CHECK, REALM, make_private_folder, meta};
use crate::{Result, Store};

/// How far it is: rows done, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Done.
    pub done: u64,
    /// Of so many.
    pub of: u64,
}

impl Store {
    /// Writes a backup into a folder of its own below this one, as the store is at this moment; others go on reading and writing.
    /// The folder has its name only once everything is on the disk.
    ///
    /// # Errors
    /// When the database fails or a file cannot be written; then nothing of it is left under its name.
    pub async fn backup(&self, below: &Path, tell: impl FnMut(Progress)) -> Result<(PathBuf, Manifest)> {
        make_private_folder(below)?;
        let made = self.clock().now();
        let name = format!("xinlian-{}", made.strftime("%Y%m%dT%H%M%SZ"));
        let folder = below.join(&name);
        if folder.exists() {
            return Err(BackupFault::Exists(folder.display().to_string()).into());
        }
        let part = below.join(format!(".{name}.part"));
        // What an earlier one that was cut off left.
        let _ = std::fs::remove_dir_all(&part);
        make_private_folder(&part)?;
        match self.write_backup(&part, made, tell).await {
            Ok(manifest) => {
                std::fs::rename(&part, &folder).map_err(|error| file_error(&folder, error))?;
                sync_folder(below)?;
                Ok((folder, manifest))
            }
            Err(error) => {
                let _ = std::fs::remove_dir_all(&part);
                Err(error)
            }
        }
    }

    async fn write_backup(
        &self,
        part: &Path,
        made: jiff::Timestamp,
        tell: impl FnMut(Progress),
    ) -> Result<Manifest> {
        // Everything is read in this one transaction, which sees one state.
        let mut from = self.inner.db.read().await?;
        let next = from
            .one_int("SELECT next FROM counter WHERE name = 'record'", args![])
            .await?;
        let size = TreeSize::from_i64(next);
        let mut manifest = Manifest {
            format: FORMAT,
            made: made.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            made_ms: made.as_millisecond(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            semantics: assess::SEMANTICS,
            schema: schema_of(&mut from).await?,
            database: self.database_version().await?,
            realm: meta(&mut from, REALM).await?,
            key_generation: meta(&mut from, INDEX_KEY).await?,
            key_check: meta(&mut from, KEY_CHECK).await?,
            records: size.0,
            head: head::head(&mut from, size).await?,
            files: Vec::new(),
        };
        let database = part.join(DATABASE_FILE);
        let keys = part.join(KEYS_FILE);
        let (to, to_keys) = (Db::sqlite(&database, true).await?, Db::sqlite_plain(&keys).await?);
        let copied = copy_apart(&mut from, &to, &to_keys, tell).await;
        // Closed whatever happened, so that the files can be moved or removed.
        to.close().await;
        to_keys.close().await;
        copied?;
        manifest.add_file(part, DATABASE_FILE)?;
        manifest.add_file(part, KEYS_FILE)?;
        for name in self.copy_segments(&mut from, part).await? {
            manifest.add_file(part, &name)?;
        }
        manifest.write(part)?;
        Ok(manifest)
    }

    /// The head of the chain over every record's commitment, in the order of their numbers. Two stores with the same head have the
    /// same records.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn head(&self) -> Result<(TreeSize, String)> {
        let mut tx = self.inner.db.read().await?;
        let next = tx
            .one_int("SELECT next FROM counter WHERE name = 'record'", args![])
            .await?;
        let size = TreeSize::from_i64(next);
        Ok((size, head::head(&mut tx, size).await?))
    }
}

/// Copies every table: the records' keys into a database of their own.
async fn copy_apart(from: &mut Tx, to: &Db, to_keys: &Db, mut tell: impl FnMut(Progress)) -> Result<()> {
    let mut shape = to.read().await?;
    let all = tables(&mut shape).await?;
    let mut apart = to_keys.write().await?;
    for table in KEYS {
        apart
            .execute(copy::made_by(&mut shape, table).await?, args![])
            .await?;
    }
    apart.commit().await?;
    drop(shape);
    let kept: Vec<_> = all.iter().filter(|table| !is_left_out(&table.name)).collect();
    let mut of = 0;
    for table in &kept {
        of += rows(from, table).await?;
    }
    copy::empty(to, &all).await?;
    let mut done = 0;
    for table in kept {
        let mut into = if KEYS.contains(&table.name.as_str()) {
            to_keys.write().await?
        } else {
            to.write().await?
        };
        copy(from, &mut into, table, |rows| {
            done += rows;
            tell(Progress { done, of });
        })
        .await?;
        into.commit().await?;
    }
    Ok(())
}
