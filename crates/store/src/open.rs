//! Making and opening a store.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use assess::Bundle;
use record::{AsOf, OfficerId, Realm, RecordNumber, TreeSize};

use crate::common_marks::CommonMarks;
use crate::db::{Db, Tx, args};
use crate::keys::Keys;
use crate::known::Remembered;
use crate::ledger::{self, LogFolder};
use crate::segments::{self, Segments};
use crate::{Clock, Result, StoreError};

/// Where the database is.
#[derive(Debug, Clone)]
pub enum Place {
    /// SQLite in this folder, as `xinlian.db`.
    Folder(PathBuf),
    /// PostgreSQL at this URL.
    Url(String),
}

impl std::fmt::Display for Place {
    /// Without a URL's password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "`{}`", folder.display()),
            Self::Url(_) => write!(f, "the PostgreSQL database"),
        }
    }
}

/// The store. Cloning it gives another handle to the same one.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) db: Db,
    /// Where the database lies, if it lies in a folder.
    pub(crate) folder: Option<PathBuf>,
    pub(crate) realm: Realm,
    pub(crate) clock: Clock,
    pub(crate) keys_file: PathBuf,
    pub(crate) keys: RwLock<Arc<Keys>>,
    pub(crate) bundles: Mutex<HashMap<RecordNumber, Arc<Bundle>>>,
    pub(crate) remembered: Mutex<Option<Remembered>>,
    pub(crate) common_marks: Mutex<CommonMarks>,
    pub(crate) segments: Segments,
    pub(crate) log: LogFolder,
}

pub(crate) const REALM: &str = "realm";
/// The file of the SQLite database in its folder.
pub(crate) const DATABASE: &str = "xinlian.db";
/// Which generation's index key the tags are made with.
pub(crate) const INDEX_KEY: &str = "index_key";
/// By which the database knows its own key file.
pub(crate) const KEY_CHECK: &str = "key_check";

impl Store {
    /// Opens a store that is there, and brings its tables up to date.
    ///
    /// # Errors
    /// When there is none, or the key file is not its own.
    pub async fn open(place: &Place, keys_file: Option<&Path>, clock: Clock) -> Result<Self> {
        if let Place::Folder(folder) = place
            && !database_file(folder).exists()
        {
            return Err(StoreError::NoStore(place.to_string()));
        }
        let keys_file = keys_path(place, keys_file)?;
        let db = connect(place, false).await?;
        let mut tx = db.read().await?;
        let realm = match tx
            .row("SELECT value FROM meta WHERE key = $1", args![REALM])
            .await?
        {
            Some(row) if row.text(0)? == "live" => Realm::Live,
            Some(_) => Realm::Demo,
            None => return Err(StoreError::NoStore(place.to_string())),
        };
        let keys = Keys::load(&keys_file)?;
        let check = keys.check(index_key(&mut tx).await?)?;
        if meta(&mut tx, KEY_CHECK).await? != check {
            return Err(StoreError::OtherKeys(keys_file.display().to_string()));
        }
        drop(tx);
        let store = Self::of(db, place, realm, clock, keys_file, keys);
        store.complete_public_records().await?;
        store.complete_runs().await?;
        store.complete_ledger().await?;
        Ok(store)
    }

    /// A transaction for what a migration left to be done once, if it is still to be done: with its end, it is.
    pub(crate) async fn take_what_is_due(&self, what: &str) -> Result<Option<Tx>> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT 1 FROM meta WHERE key = $1";
        if tx.row(sql, args![what]).await?.is_none() {
            return Ok(None);
        }
        drop(tx);
        let mut tx = self.inner.db.write_log().await?;
        // Another process may have done it meanwhile.
        let taken = tx.execute("DELETE FROM meta WHERE key = $1", args![what]).await?;
        if taken == 0 {
            tx.rollback().await?;
            return Ok(None);
        }
        Ok(Some(tx))
    }

    /// Makes a new store, whose record 0 is the first policy bundle, in one transaction: what is cut off
    /// before its end is made by the next call.
    ///
    /// # Errors
    /// When there is one already or its files cannot be written.
    pub async fn create(
        place: &Place,
        keys_file: Option<&Path>,
        realm: Realm,
        bundle: &Bundle,
        clock: Clock,
    ) -> Result<Self> {
        if let Place::Folder(folder) = place {
            make_private_folder(folder)?;
        }
        let keys_file = keys_path(place, keys_file)?;
        let db = connect(place, true).await?;
        let mut tx = db.write_log().await?;
        if tx
            .row("SELECT value FROM meta WHERE key = $1", args![REALM])
            .await?
            .is_some()
        {
            return Err(StoreError::StoreExists(place.to_string()));
        }
        let keys = if keys_file.exists() {
            Keys::load(&keys_file)?
        } else {
            Keys::create(&keys_file)?
        };
        let realm_name = if realm == Realm::Live { "live" } else { "demo" };
        let index_key = keys.newest_id().to_string();
        let check = keys.check(keys.newest_id())?;
        for (key, value) in [
            (REALM, realm_name),
            (INDEX_KEY, index_key.as_str()),
            (KEY_CHECK, check.as_str()),
        ] {
            tx.execute("INSERT INTO meta (key, value) VALUES ($1, $2)", args![key, value])
                .await?;
        }
        let store = Self::of(db, place, realm, clock, keys_file, keys);
        let system = OfficerId::new("system").map_err(|_| StoreError::NotFound)?;
        let record = store.publication(bundle, &system, &system)?;
        store.append_act_in(&mut tx, &system, record).await?;
        tx.commit().await?;
        Ok(store)
    }

    fn of(db: Db, place: &Place, realm: Realm, clock: Clock, keys_file: PathBuf, keys: Keys) -> Self {
        let folder = match place {
            Place::Folder(folder) => Some(folder.clone()),
            Place::Url(_) => None,
        };
        // Beside the database, or what stands for it here.
        let beside = folder.as_deref().or_else(|| keys_file.parent());
        let beside = beside.unwrap_or(Path::new(""));
        let segments = Segments::in_folder(beside.join(segments::FOLDER));
        let log = LogFolder::at(beside.join(ledger::FOLDER));
        let keys = RwLock::new(Arc::new(keys));
        Self {
            inner: Arc::new(Inner {
                db,
                folder,
                realm,
                clock,
                keys_file,
                keys,
                bundles: Mutex::default(),
                remembered: Mutex::default(),
                common_marks: Mutex::default(),
                segments,
                log,
            }),
        }
    }

    /// Whose identities it takes in.
    pub fn realm(&self) -> Realm {
        self.inner.realm
    }

    /// Its clock.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// How many records there are.
    pub async fn tree_size(&self) -> Result<TreeSize> {
        let mut tx = self.inner.db.read().await?;
        tx.tree_size().await
    }

    /// Today, with all that is known.
    pub async fn now_as_of(&self) -> Result<AsOf> {
        Ok(AsOf {
            on: self.inner.clock.today(),
            known: self.tree_size().await?,
        })
    }

    /// Closes every connection; SQLite then folds its write-ahead log into the database.
    pub async fn close(&self) {
        self.inner.db.close().await;
    }

    /// The keys as they are now: read anew if another process has turned them over.
    pub(crate) async fn keys(&self, tx: &mut Tx) -> Result<(Arc<Keys>, u32)> {
        let id = index_key(tx).await?;
        let held = Arc::clone(&self.inner.keys.read().unwrap_or_else(PoisonError::into_inner));
        if held.generation(id).is_ok() {
            return Ok((held, id));
        }
        let keys = Arc::new(Keys::load(&self.inner.keys_file)?);
        keys.generation(id)?;
        *self.inner.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&keys);
        Ok((keys, id))
    }
}

async fn index_key(tx: &mut Tx) -> Result<u32> {
    let id = tx.fact("SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'index_key'");
    u32::try_from(id.await?).map_err(|_| StoreError::NotFound)
}

/// What the database says of itself.
pub(crate) async fn meta(tx: &mut Tx, key: &str) -> Result<String> {
    let row = tx
        .row("SELECT value FROM meta WHERE key = $1", args![key])
        .await?;
    row.ok_or(StoreError::NotFound)?.text(0)
}

pub(crate) fn database_file(folder: &Path) -> PathBuf {
    folder.join(DATABASE)
}

fn keys_path(place: &Place, keys_file: Option<&Path>) -> Result<PathBuf> {
    match (keys_file, place) {
        (Some(path), _) => Ok(path.to_owned()),
        (None, Place::Folder(folder)) => Ok(folder.join("keys.toml")),
        (None, Place::Url(_)) => Err(StoreError::KeyFile {
            path: "--keys".to_owned(),
            reason: "a store in PostgreSQL needs a key file of its own; name one".to_owned(),
        }),
    }
}

async fn connect(place: &Place, create: bool) -> Result<Db> {
    match place {
        Place::Folder(folder) => {
            let db = Db::sqlite(&database_file(folder), create).await?;
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let file = database_file(folder);
                std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).map_err(|error| {
                    StoreError::File {
                        path: file.display().to_string(),
                        error,
                    }
                })?;
            }
            Ok(db)
        }
        Place::Url(url) => Db::postgres(url).await,
    }
}

pub(crate) fn make_private_folder(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| StoreError::File {
        path: folder.display().to_string(),
        error,
    })
}
