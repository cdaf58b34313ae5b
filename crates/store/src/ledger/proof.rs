//! What is asked of the log: how far it is, where a record stands, its proof, its files.

use ledger::{Leaf, LeafIndex, LogProof, LogSize, Proofs, SignedCheckpoint, Tile, TileReader as _};
use record::RecordNumber;
use serde::Serialize;

use super::entries::{Leaves, entries, place_of};
use super::writer::blocking;
use super::{HouseSuite, LogFault};
use crate::db::{Tx, args};
use crate::{Result, Store, StoreError};

/// How far the log is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogStatus {
    /// The key by which its checkpoints are verified, with its name; none before it was first written.
    pub key: Option<String>,
    /// So many leaves are in it.
    pub size: u64,
    /// So many wait: they are in the next checkpoints.
    pub waiting: u64,
    /// Of all of them, logged and waiting, so many are records.
    pub records: u64,
    /// The last checkpoint.
    pub checkpoint: Option<String>,
}

/// Where a record's leaf stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogPlace {
    /// Appended, and in the next checkpoints.
    Promised(LeafIndex),
    /// In the log, which has so many leaves.
    Integrated(LeafIndex, LogSize),
}

/// A record's proof of logging.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofOfLogging {
    /// What its leaf says.
    pub leaf: Leaf,
    /// The proof, whose extra is the leaf.
    pub proof: LogProof,
    /// The key by which its checkpoint is verified.
    pub key: String,
}

/// A file of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogFile {
    /// The checkpoint, which another replaces.
    Checkpoint(String),
    /// A tile or bundle, which never changes.
    Tile(Vec<u8>),
}

/// The row of the log, as far as it is published.
pub(super) struct Published {
    pub(super) key: Option<String>,
    pub(super) size: LogSize,
    pub(super) checkpoint: Option<String>,
}

impl Store {
    /// How far the log is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn log_status(&self) -> Result<LogStatus> {
        let mut tx = self.inner.db.read().await?;
        let all = Leaves::all(&mut tx).await?;
        let published = published(&mut tx).await?;
        Ok(LogStatus {
            key: published.key,
            size: published.size.0,
            waiting: all.size().0.saturating_sub(published.size.0),
            records: all.records.unsigned_abs(),
            checkpoint: published.checkpoint,
        })
    }

    /// Where a record's leaf stands, or will.
    ///
    /// # Errors
    /// When there is no such record.
    pub async fn log_place(&self, record: RecordNumber) -> Result<LogPlace> {
        let mut tx = self.inner.db.read().await?;
        let place = place_of(&mut tx, record).await?.ok_or(StoreError::NotFound)?;
        let size = published(&mut tx).await?.size;
        Ok(if place.0 < size.0 {
            LogPlace::Integrated(place, size)
        } else {
            LogPlace::Promised(place)
        })
    }

    /// A record's proof under the last checkpoint; `None` while it waits.
    ///
    /// # Errors
    /// When there is no such record, or a file of the log cannot be read.
    pub async fn log_proof(&self, record: RecordNumber) -> Result<Option<ProofOfLogging>> {
        let mut tx = self.inner.db.read().await?;
        let index = place_of(&mut tx, record).await?.ok_or(StoreError::NotFound)?;
        let published = published(&mut tx).await?;
        let (Some(key), Some(text)) = (published.key, published.checkpoint) else {
            return Ok(None);
        };
        if index.0 >= published.size.0 {
            return Ok(None);
        }
        let checkpoint = SignedCheckpoint::parse(text.as_bytes()).map_err(LogFault::from)?;
        let entry = entries(&mut tx, LogSize(index.0), published.size, 1).await?;
        let entry = entry.into_iter().flatten().next();
        let entry = entry.ok_or(LogFault::Gap(index.0))?;
        let leaf = Leaf::parse(&entry).map_err(|fault| LogFault::Damaged(fault.to_string()))?;
        drop(tx);
        let (folder, size) = (self.inner.log.clone(), published.size);
        let path = blocking(move || {
            let path = Proofs::<HouseSuite, _>::new(&folder, size).inclusion(index);
            Ok(path.map_err(|fault| LogFault::Damaged(fault.to_string()))?)
        });
        Ok(Some(ProofOfLogging {
            leaf,
            proof: LogProof {
                extra: Some(entry),
                index,
                path: path.await?,
                checkpoint,
            },
            key,
        }))
    }

    /// A file of the log by its path in the specification: the checkpoint, or what is under it. `None` for anything else.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn log_file(&self, path: &str) -> Result<Option<LogFile>> {
        let mut tx = self.inner.db.read().await?;
        let published = published(&mut tx).await?;
        drop(tx);
        if path == "checkpoint" {
            return Ok(published.checkpoint.map(LogFile::Checkpoint));
        }
        let asked = Tile::parse(path).ok();
        let asked = asked.filter(|tile| {
            Tile::of(tile.level(), tile.index(), published.size).is_some_and(|of| of.width() >= tile.width())
        });
        let Some(tile) = asked else { return Ok(None) };
        let folder = self.inner.log.clone();
        let read = blocking(move || Ok(folder.read_tile(tile).ok()));
        Ok(read.await?.map(LogFile::Tile))
    }
}

pub(super) async fn published(tx: &mut Tx) -> Result<Published> {
    let sql = "SELECT key, size, checkpoint FROM ledger WHERE id = 1";
    let row = tx.row(sql, args![]).await?.ok_or(StoreError::NotFound)?;
    Ok(Published {
        key: row.text_or_none(0)?,
        size: LogSize(row.int(1)?.unsigned_abs()),
        checkpoint: row.text_or_none(2)?,
    })
}
