//! The files of the log, by the paths of the specification.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use ledger::{NewTile, Step, Tile, TileLevel, TileReader};

use super::LogFault;
use crate::Result;
use crate::keys::file_error;
use crate::open::make_private_folder;

const CHECKPOINT: &str = "checkpoint";
const CHECKPOINT_PART: &str = "checkpoint.part";
const LOCK: &str = "lock";
/// More files than that are put on the disk by one call for all of its file system.
const ONE_BY_ONE_MOST: usize = 32;

/// Where the log of a store lies.
#[derive(Debug, Clone)]
pub(crate) struct LogFolder {
    folder: PathBuf,
}

impl LogFolder {
    pub(crate) fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where.
    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }

    /// Keeps other processes from writing for as long as the file is open.
    pub(super) fn lock(&self) -> Result<File> {
        make_private_folder(&self.folder)?;
        let path = self.folder.join(LOCK);
        let file = File::options()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|error| file_error(&path, error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(LogFault::Held(self.folder.display().to_string()).into()),
            Err(TryLockError::Error(error)) => Err(file_error(&path, error)),
        }
    }

    /// What is published.
    pub(crate) fn checkpoint(&self) -> Result<Option<String>> {
        let path = self.folder.join(CHECKPOINT);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(file_error(&path, error)),
        }
    }

    /// Puts another checkpoint in the place of the last, whole or not at all; when this returns it is on the disk.
    pub(super) fn publish(&self, text: &str) -> Result<()> {
        let part = self.folder.join(CHECKPOINT_PART);
        let written = File::create(&part).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|error| file_error(&part, error))?;
        let path = self.folder.join(CHECKPOINT);
        fs::rename(&part, &path).map_err(|error| file_error(&path, error))?;
        sync(&self.folder)
    }

    /// Does steps that concern tiles and bundles alone.
    pub(super) fn run(&self, steps: impl IntoIterator<Item = Step>) -> Result<()> {
        let mut unsynced = Vec::new();
        for step in steps {
            match step {
                Step::Write(new) => unsynced.push(self.put(&new)?),
                Step::Sync => self.sync_all(&std::mem::take(&mut unsynced))?,
                Step::Remove(tile) => self.remove(tile)?,
                Step::Checkpoint(_) | Step::Publish => {}
            }
        }
        Ok(())
    }

    fn put(&self, new: &NewTile) -> Result<PathBuf> {
        let path = self.folder.join(new.tile.to_string());
        if let Some(folder) = path.parent() {
            make_private_folder(folder)?;
        }
        fs::write(&path, &new.bytes).map_err(|error| file_error(&path, error))?;
        Ok(path)
    }

    fn remove(&self, tile: Tile) -> Result<()> {
        let path = self.folder.join(tile.to_string());
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(file_error(&path, error)),
            _ => {
                // The folder of partial ones, if it was the last.
                let _ = path
                    .parent()
                    .filter(|_| !tile.is_full())
                    .is_none_or(|folder| fs::remove_dir(folder).is_ok());
                Ok(())
            }
        }
    }

    /// That these files are on the disk, and their names, and those of their folders.
    fn sync_all(&self, files: &[PathBuf]) -> Result<()> {
        if files.len() > ONE_BY_ONE_MOST {
            let folder = File::open(&self.folder).map_err(|error| file_error(&self.folder, error))?;
            return rustix::fs::syncfs(&folder).map_err(|error| file_error(&self.folder, error.into()));
        }
        let mut folders = BTreeSet::from([self.folder.as_path()]);
        for path in files {
            sync(path)?;
            let above = path.ancestors().skip(1);
            folders.extend(above.take_while(|folder| *folder != self.folder));
        }
        folders.into_iter().try_for_each(sync)
    }

    /// Every tile and bundle that lies there. Files of other names are nobody's.
    pub(super) fn tiles(&self) -> Result<Vec<Tile>> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.join("tile")];
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(file_error(&folder, error)),
            };
            for entry in entries {
                let entry = entry.map_err(|error| file_error(&folder, error))?;
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Some(tile) = path
                    .strip_prefix(&self.folder)
                    .ok()
                    .and_then(|path| Tile::parse(path.to_str()?).ok())
                {
                    found.push(tile);
                }
            }
        }
        Ok(found)
    }
}

/// Why a tile cannot be read.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct Unread(#[from] std::io::Error);

impl TileReader for LogFolder {
    type Error = Unread;

    /// A partial one is read from the full one where that has taken its place.
    fn read_tile(&self, tile: Tile) -> std::result::Result<Vec<u8>, Unread> {
        let read = |tile: Tile| fs::read(self.folder.join(tile.to_string()));
        match read(tile) {
            Err(error) if error.kind() == ErrorKind::NotFound && !tile.is_full() => {
                Ok(cut(tile, read(tile.full())?))
            }
            read => Ok(read?),
        }
    }
}

/// The beginning of a full tile or bundle, as wide as this one.
fn cut(tile: Tile, mut full: Vec<u8>) -> Vec<u8> {
    let bytes = match tile.level() {
        TileLevel::Hashes(_) => tile.bytes(),
        TileLevel::Entries => ledger::EntryBundle::parse(&full, tile.full().width())
            .ok()
            .map(|bundle| {
                let entries = bundle.entries().take(tile.width());
                entries.map(|entry| 2 + entry.len()).sum()
            }),
    };
    full.truncate(bytes.unwrap_or(full.len()));
    full
}

fn sync(path: &Path) -> Result<()> {
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.map_err(|error| file_error(path, error))
}
