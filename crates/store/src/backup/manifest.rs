//! The manifest: what a backup is of, and the digests by which it is known to be whole.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::keys::{file_error, to_hex};
use crate::{Result, StoreError};

/// Of the files and the manifest.
pub(super) const FORMAT: u32 = 1;
pub(super) const DATABASE_FILE: &str = "database.db";
pub(super) const KEYS_FILE: &str = "record-keys.db";
const MANIFEST_FILE: &str = "manifest.json";
const DIGEST_FILE: &str = "manifest.json.sha256";
/// Each piece of a file of this length has a digest, so that damage can be told where it is.
const PIECE_BYTES: usize = 1024 * 1024;

/// What a backup is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Of the files and the manifest.
    pub format: u32,
    /// When it was begun, UTC.
    pub made: String,
    /// The same in milliseconds since 1970.
    pub made_ms: i64,
    /// The program's version.
    pub program: String,
    /// The version of the engine's semantics.
    pub semantics: u32,
    /// The last migration of the tables.
    pub schema: i64,
    /// Which database the store is in.
    pub database: String,
    /// `live` or `demo`.
    pub realm: String,
    /// Which generation of the key file the index is made with.
    pub key_generation: String,
    /// By which the key file is known that belongs to it.
    pub key_check: String,
    /// How many records.
    pub records: u64,
    /// The head of the chain over their commitments.
    pub head: String,
    /// Its files.
    pub files: Vec<FileDigest>,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDigest {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of the whole, in hexadecimal digits, as `sha256sum` says it.
    pub sha256: String,
    /// SHA-256 of each MiB.
    pub pieces: Vec<String>,
}

/// Why a backup cannot be made or brought back.
#[derive(Debug, thiserror::Error)]
pub enum BackupFault {
    /// One of the same second.
    #[error("there is a backup `{0}` already; try again in a second")]
    Exists(String),
    /// No backup.
    #[error("`{0}` is no backup: it has no `manifest.json`; name the folder `xinlian-…` itself")]
    NoBackup(String),
    /// Altered or torn.
    #[error("`{file}` is damaged: {what}; take another backup")]
    Damaged {
        /// Which file.
        file: String,
        /// What is wrong and where.
        what: String,
    },
    /// Made by a later program.
    #[error(
        "it was made by version {0} of the program, which knows more than this one; use that version or a later one"
    )]
    Newer(String),
    /// The key file is another store's.
    #[error("`{0}` is not the key file that belongs to this backup; bring its own")]
    OtherKeys(String),
    /// Something is there already.
    #[error("`{0}` holds something already; nothing is overwritten: name a folder that is new or empty")]
    NotEmpty(String),
    /// The records are not those of the manifest.
    #[error("the records have the head `{found}`, and the manifest says `{expected}`; nothing was restored")]
    OtherHead {
        /// What the manifest says.
        expected: String,
        /// What was computed.
        found: String,
    },
}

impl Manifest {
    /// Reads the manifest of a backup, and holds every file against it.
    ///
    /// # Errors
    /// When there is none, or anything of it was altered: the first file, and where.
    pub fn check(folder: &Path) -> Result<Self> {
        let manifest = Self::read(folder)?;
        for file in &manifest.files {
            file.check(folder)?;
        }
        Ok(manifest)
    }

    /// Reads the manifest alone.
    ///
    /// # Errors
    /// When there is none, it was altered, or it is of a later program.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(MANIFEST_FILE);
        let bytes = std::fs::read(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => BackupFault::NoBackup(folder.display().to_string()).into(),
            _ => file_error(&path, error),
        })?;
        let digest_path = folder.join(DIGEST_FILE);
        let digest = std::fs::read(&digest_path).map_err(|error| file_error(&digest_path, error))?;
        if digest != digest_line(&bytes).into_bytes() {
            let what = format!("its digest is not what `{DIGEST_FILE}` says");
            return Err(damaged(MANIFEST_FILE, what));
        }
        let manifest: Self =
            serde_json::from_slice(&bytes).map_err(|error| damaged(MANIFEST_FILE, error.to_string()))?;
        if manifest.format > FORMAT {
            return Err(BackupFault::Newer(manifest.program).into());
        }
        Ok(manifest)
    }

    /// The newest backup below a folder whose manifest can be read.
    pub fn newest(below: &Path) -> Option<(PathBuf, Self)> {
        let folders = std::fs::read_dir(below).ok()?.filter_map(std::result::Result::ok);
        folders
            .map(|entry| entry.path())
            .filter_map(|path| Some((path.clone(), Self::read(&path).ok()?)))
            .max_by_key(|(_, manifest)| manifest.made_ms)
    }

    /// Takes in a file's digests, once it is on the disk.
    pub(super) fn add_file(&mut self, folder: &Path, name: &str) -> Result<()> {
        let path = folder.join(name);
        make_private(&path)?;
        let synced = File::open(&path).and_then(|file| file.sync_all());
        synced.map_err(|error| file_error(&path, error))?;
        self.files.push(FileDigest::of(folder, name)?);
        Ok(())
    }

    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        for (name, content) in [
            (DIGEST_FILE, digest_line(&bytes).into_bytes()),
            (MANIFEST_FILE, bytes),
        ] {
            let path = folder.join(name);
            let written = File::create(&path).and_then(|mut file| {
                file.write_all(&content)?;
                file.sync_all()
            });
            written.map_err(|error| file_error(&path, error))?;
            make_private(&path)?;
        }
        sync_folder(folder)
    }
}

impl FileDigest {
    fn of(folder: &Path, name: &str) -> Result<Self> {
        let path = folder.join(name);
        let failed = |error| file_error(&path, error);
        let mut file = File::open(&path).map_err(failed)?;
        let (mut whole, mut bytes, mut pieces) = (Sha256::new(), 0, Vec::new());
        loop {
            let mut piece = Vec::new();
            let most = u64::try_from(PIECE_BYTES).unwrap_or(u64::MAX);
            let read = (&mut file).take(most).read_to_end(&mut piece).map_err(failed)?;
            if read == 0 {
                break;
            }
            bytes += u64::try_from(read).unwrap_or_default();
            whole.update(&piece);
            pieces.push(to_hex(&Sha256::digest(&piece)));
        }
        Ok(Self {
            name: name.to_owned(),
            bytes,
            sha256: to_hex(&whole.finalize()),
            pieces,
        })
    }

    fn check(&self, folder: &Path) -> Result<()> {
        let found = match Self::of(folder, &self.name) {
            Err(StoreError::File { error, .. }) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(damaged(&self.name, "it is missing".to_owned()));
            }
            found => found?,
        };
        let differs = self
            .pieces
            .iter()
            .zip(&found.pieces)
            .position(|(one, other)| one != other);
        if let Some(piece) = differs {
            let from = piece * PIECE_BYTES;
            let what = format!("its bytes {from} to {} were altered", from + PIECE_BYTES - 1);
            return Err(damaged(&self.name, what));
        }
        if found.bytes != self.bytes {
            let what = format!("it has {} bytes, and {} are expected", found.bytes, self.bytes);
            return Err(damaged(&self.name, what));
        }
        if found.sha256 != self.sha256 {
            return Err(damaged(&self.name, "its digest is another".to_owned()));
        }
        Ok(())
    }
}

fn damaged(file: &str, what: String) -> StoreError {
    let file = file.to_owned();
    BackupFault::Damaged { file, what }.into()
}

/// As `sha256sum --check` reads it.
fn digest_line(bytes: &[u8]) -> String {
    format!("{}  {MANIFEST_FILE}\n", to_hex(&Sha256::digest(bytes)))
}

/// That only its owner reads it.
pub(super) fn make_private(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
            .map_err(|error| file_error(path, error))?;
    }
    Ok(())
}

/// That the names in a folder are on the disk.
pub(super) fn sync_folder(folder: &Path) -> Result<()> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|error| file_error(folder, error))
}
