//! Bringing a backup back: nothing is overwritten, nothing damaged is taken, and what stands there in the end has the same records.

use std::path::{Path, PathBuf};

use record::TreeSize;
use serde::Serialize;

use super::copy::{KEYS, copy, empty_in, rows, tables};
use super::manifest::{DATABASE_FILE, KEYS_FILE, make_private, sync_folder};
use super::{BackupFault, Manifest, Progress, head};
use crate::db::{Db, args};
use crate::keys::{Keys, file_error};
use crate::ledger::begin_another_log;
use crate::open::{DATABASE, REALM, make_private_folder, meta};
use crate::segments;
use crate::{Clock, Place, Result, Store, StoreError, VerifyReport};

/// Where a backup is brought back.
#[derive(Debug, Clone)]
pub struct RestoreTo {
    /// A new or empty folder: of the SQLite database, and of the keys.
    pub folder: PathBuf,
    /// An empty PostgreSQL database in place of SQLite.
    pub database: Option<String>,
    /// The key file that belongs to the backup; a copy of it is laid into the folder.
    pub keys_from: PathBuf,
}

/// What stands there.
#[derive(Debug, Clone, Serialize)]
pub struct Restored {
    /// What it was made from.
    pub manifest: Manifest,
    /// The head of its records, which is the manifest's.
    pub head: String,
    /// What verifying it found. A difference was in the store that the backup is of.
    pub verify: VerifyReport,
}

/// Where the key file is laid.
const KEYS_NAME: &str = "keys.toml";

impl Store {
    /// Brings a backup back.
    ///
    /// # Errors
    /// When anything of it was altered, the key file is another's, or something stands there already; then nothing is.
    pub async fn restore(
        from: &Path,
        to: &RestoreTo,
        clock: Clock,
        tell: impl FnMut(Progress),
    ) -> Result<Restored> {
        let manifest = Manifest::check(from)?;
        let is_empty = match std::fs::read_dir(&to.folder) {
            Ok(mut entries) => entries.next().is_none(),
            Err(_) => !to.folder.exists(),
        };
        if !is_empty {
            return Err(BackupFault::NotEmpty(to.folder.display().to_string()).into());
        }
        let generation = manifest.key_generation.parse().unwrap_or_default();
        let fits = Keys::load(&to.keys_from)?
            .check(generation)
            .is_ok_and(|check| check == manifest.key_check);
        if !fits {
            return Err(BackupFault::OtherKeys(to.keys_from.display().to_string()).into());
        }
        let mut part = to.folder.clone().into_os_string();
        part.push(".part");
        let part = PathBuf::from(part);
        let _ = std::fs::remove_dir_all(&part);
        make_private_folder(&part)?;
        let staged = stage(from, &part, to, &manifest, tell).await;
        if let Err(error) = staged {
            let _ = std::fs::remove_dir_all(&part);
            return Err(error);
        }
        if to.folder.exists() {
            std::fs::remove_dir(&to.folder).map_err(|error| file_error(&to.folder, error))?;
        }
        std::fs::rename(&part, &to.folder).map_err(|error| file_error(&to.folder, error))?;
        if let Some(parent) = to.folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            sync_folder(parent)?;
        }
        let place = match &to.database {
            Some(url) => Place::Url(url.clone()),
            None => Place::Folder(to.folder.clone()),
        };
        let store = Self::open(&place, Some(&to.folder.join(KEYS_NAME)), clock).await?;
        let verify = store.verify().await?;
        let (_, head) = store.head().await?;
        store.close().await;
        Ok(Restored {
            manifest,
            head,
            verify,
        })
    }
}

/// Makes everything ready in a folder beside the one that is wanted; PostgreSQL gets all or nothing.
async fn stage(
    from: &Path,
    part: &Path,
    to: &RestoreTo,
    manifest: &Manifest,
    mut tell: impl FnMut(Progress),
) -> Result<()> {
    let lay = |source: &Path, name: &str| -> Result<PathBuf> {
        let path = part.join(name);
        std::fs::copy(source, &path).map_err(|error| file_error(source, error))?;
        make_private(&path)?;
        Ok(path)
    };
    lay(&to.keys_from, KEYS_NAME)?;
    lay_segments(from, part, manifest)?;
    let database = lay(&from.join(DATABASE_FILE), DATABASE)?;
    let keys = lay(&from.join(KEYS_FILE), KEYS_FILE)?;
    let joined = async {
        let (db, of_keys) = (
            Db::sqlite(&database, false).await?,
            Db::sqlite_plain(&keys).await?,
        );
        let joined = join(&db, &of_keys, manifest, &mut tell).await;
        let moved = match (&joined, &to.database) {
            (Ok(()), Some(url)) => move_over(&db, url, manifest, &mut tell).await,
            _ => Ok(()),
        };
        of_keys.close().await;
        db.close().await;
        joined.and(moved)
    };
    joined.await.map_err(|error| match error {
        StoreError::Migrate(sqlx::migrate::MigrateError::VersionMissing(_)) => {
            BackupFault::Newer(manifest.program.clone()).into()
        }
        error => error,
    })?;
    let remove = |path: &Path| std::fs::remove_file(path).map_err(|error| file_error(path, error));
    remove(&keys)?;
    if to.database.is_some() {
        remove(&database)?;
    } else {
        let synced = std::fs::File::open(&database).and_then(|file| file.sync_all());
        synced.map_err(|error| file_error(&database, error))?;
    }
    sync_folder(part)
}

/// Lays the segments where the store looks for them: beside its database, or beside its key file.
fn lay_segments(from: &Path, part: &Path, manifest: &Manifest) -> Result<()> {
    let those = manifest.files.iter().map(|file| file.name.as_str());
    let those: Vec<&str> = those.filter(|name| name.starts_with(segments::FOLDER)).collect();
    if those.is_empty() {
        return Ok(());
    }
    let folder = part.join(segments::FOLDER);
    make_private_folder(&folder)?;
    for name in those {
        segments::copy_whole(&from.join(name), &part.join(name))?;
    }
    sync_folder(&folder)
}

/// Puts the keys back beside what they open.
async fn join(db: &Db, of_keys: &Db, manifest: &Manifest, tell: &mut impl FnMut(Progress)) -> Result<()> {
    let mut shape = db.read().await?;
    let all = tables(&mut shape).await?;
    drop(shape);
    let mut to = db.write().await?;
    let mut from = of_keys.read().await?;
    for table in all.iter().filter(|table| KEYS.contains(&table.name.as_str())) {
        let (mut done, of) = (0, rows(&mut from, table).await?);
        copy(&mut from, &mut to, table, |rows| {
            done += rows;
            tell(Progress { done, of });
        })
        .await?;
    }
    // What the log signed after the backup is unknown here: going on with its key could fork it.
    begin_another_log(&mut to).await?;
    same_head(&mut to, manifest).await?;
    to.commit().await
}

/// From SQLite into an empty PostgreSQL database, in one transaction.
async fn move_over(db: &Db, url: &str, manifest: &Manifest, tell: &mut impl FnMut(Progress)) -> Result<()> {
    let target = Db::postgres(url).await?;
    let mut to = target.write_log().await?;
    if meta(&mut to, REALM).await.is_ok() {
        return Err(StoreError::StoreExists("the PostgreSQL database".to_owned()));
    }
    let mut from = db.read().await?;
    let all = tables(&mut from).await?;
    empty_in(&mut to, &all).await?;
    let (mut done, mut of) = (0, 0);
    for table in &all {
        of += rows(&mut from, table).await?;
    }
    for table in &all {
        copy(&mut from, &mut to, table, |rows| {
            done += rows;
            tell(Progress { done, of });
        })
        .await?;
    }
    same_head(&mut to, manifest).await?;
    to.commit().await?;
    target.close().await;
    Ok(())
}

/// That the records are those of the manifest, before anything lasts.
async fn same_head(tx: &mut crate::db::Tx, manifest: &Manifest) -> Result<()> {
    let next = tx
        .one_int("SELECT next FROM counter WHERE name = 'record'", args![])
        .await?;
    let found = head::head(tx, TreeSize::from_i64(next)).await?;
    if found == manifest.head && TreeSize::from_i64(next).0 == manifest.records {
        return Ok(());
    }
    let expected = manifest.head.clone();
    Err(BackupFault::OtherHead { expected, found }.into())
}
