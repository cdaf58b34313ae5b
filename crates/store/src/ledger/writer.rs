//! The one writer of the log: it takes what waits, gives it its places, and signs.

use std::fs::File;
use std::sync::Arc;

use ledger::{
    Checkpoint, KeyName, LogSigner, LogSize, Origin, Sequencer, SignedCheckpoint, Step, Suite as _, Tile,
};
use zeroize::Zeroizing;

use super::entries::{Leaves, entries};
use super::{BATCH, HouseSuite, LogFault, LogFolder, OtherLog};
use crate::db::{Tx, args};
use crate::seal::{open_under, random, seal_under};
use crate::{Progress, Result, Store, StoreError};

/// The place under which the secret of the row is sealed.
const SECRET: &str = "ledger.secret/v1/1";

/// The one writer of a log. Nobody else signs while it is there: in its folder it holds a lock, and in the database the last number of the
/// fence, without which nothing is published.
///
/// After an error it is of no use: drop it and begin again, which recovers.
pub struct LogWriter {
    store: Store,
    folder: LogFolder,
    signer: LogSigner,
    sequencer: Sequencer<HouseSuite>,
    fence: i64,
    /// Open for as long as anything is written.
    lock: Arc<File>,
}

/// What was put into the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Integrated {
    /// So many leaves.
    pub leaves: u64,
    /// The log has so many now.
    pub size: LogSize,
    /// So many wait still.
    pub waiting: u64,
}

/// The row, once it has a key.
struct Held {
    fence: i64,
    signer: LogSigner,
    signed: Option<SignedCheckpoint>,
}

impl Store {
    /// Becomes the one writer of the log of this origin: whoever wrote before signs nothing any more. The first time the log's key is drawn;
    /// files that are missing are written again, which is told.
    ///
    /// # Errors
    /// When another process writes in the same folder, the log has another origin, the folder knows more than the database, or the records do
    /// not lead to what was signed.
    pub async fn write_the_log(&self, origin: &Origin, tell: impl FnMut(Progress)) -> Result<LogWriter> {
        let folder = self.inner.log.clone();
        let lock = blocking({
            let folder = folder.clone();
            move || folder.lock()
        });
        let lock = Arc::new(lock.await?);
        let held = self.take_the_log(origin).await?;
        let last = held.signed.as_ref().map(|signed| signed.checkpoint().clone());
        check_published(&folder, held.signed.as_ref(), &held.signer)?;
        let sequencer = match recover(&folder, &lock, last.clone()).await {
            Err(StoreError::Log(LogFault::Damaged(_))) => {
                let size = last.as_ref().map_or(LogSize(0), |last| last.size);
                self.write_again(&folder, size, tell).await?;
                recover(&folder, &lock, last).await?
            }
            recovered => recovered?,
        };
        if let Some(signed) = &held.signed {
            let text = signed.to_string();
            if folder.checkpoint()?.as_ref() != Some(&text) {
                folder.publish(&text)?;
            }
        }
        Ok(LogWriter {
            store: self.clone(),
            folder,
            signer: held.signer,
            sequencer,
            fence: held.fence,
            lock,
        })
    }

    /// Takes the next number of the fence, and the key.
    async fn take_the_log(&self, origin: &Origin) -> Result<Held> {
        let mut tx = self.inner.db.write().await?;
        tx.execute("UPDATE ledger SET fence = fence + 1 WHERE id = 1", args![])
            .await?;
        let sql = "SELECT fence, edition, key, secret, checkpoint FROM ledger WHERE id = 1";
        let row = tx.row(sql, args![]).await?.ok_or(StoreError::NotFound)?;
        let name = named(origin, row.int(1)?)?;
        let (keys, _) = self.keys(&mut tx).await?;
        let secret = match row.bytes_or_none(3)? {
            Some(sealed) => Zeroizing::new(open_under(&keys, SECRET, &sealed)?),
            None => Zeroizing::new(random()?.to_vec()),
        };
        let secret = secret
            .first_chunk::<32>()
            .ok_or_else(|| StoreError::DoesNotOpen(SECRET.to_owned()))?;
        let signer = HouseSuite::signer(secret).map_err(LogFault::from)?;
        let signer = LogSigner::new(name, Box::new(signer)).map_err(LogFault::from)?;
        let key = signer.key().to_string();
        match row.text_or_none(2)? {
            None => {
                let sealed = seal_under(&keys, SECRET, secret)?;
                let sql = "UPDATE ledger SET key = $1, secret = $2 WHERE id = 1";
                tx.execute(sql, args![key, sealed]).await?;
            }
            Some(held) if held == key => {}
            Some(held) => return Err(other(&held, &signer)),
        }
        let last = row.text_or_none(4)?;
        let last = last.map(|text| SignedCheckpoint::parse(text.as_bytes()));
        let last = last.transpose().map_err(LogFault::from)?;
        tx.commit().await?;
        Ok(Held {
            fence: row.int(0)?,
            signer,
            signed: last,
        })
    }

    /// Writes every tile and bundle of the log again, from the database. Whether they lead to what was signed is seen by recovering.
    async fn write_again(
        &self,
        folder: &LogFolder,
        size: LogSize,
        mut tell: impl FnMut(Progress),
    ) -> Result<()> {
        let mut sequencer = Sequencer::<HouseSuite>::default();
        while sequencer.size() < size {
            let from = sequencer.size();
            let mut tx = self.inner.db.read().await?;
            let entries = complete(from, entries(&mut tx, from, size, BATCH).await?)?;
            let batch = sequencer.append(&entries).map_err(LogFault::from)?;
            let stays = |tile: &Tile| Tile::of(tile.level(), tile.index(), size) == Some(*tile);
            let tiles = batch.tiles().iter().filter(|new| stays(&new.tile));
            let steps: Vec<Step> = tiles.cloned().map(Step::Write).chain([Step::Sync]).collect();
            let folder = folder.clone();
            blocking(move || folder.run(steps)).await?;
            tell(Progress {
                done: sequencer.size().0,
                of: size.0,
            });
        }
        Ok(())
    }
}

impl LogWriter {
    /// The key by which others verify what it signs.
    pub fn key(&self) -> String {
        self.signer.key().to_string()
    }

    /// How many leaves the log has.
    pub fn size(&self) -> LogSize {
        self.sequencer.size()
    }

    /// Puts what waits into the log, a batch of it: when this returns, it is published. `None` if nothing waits.
    ///
    /// # Errors
    /// When somebody else took over, a record is missing, or something cannot be written; then this writer is of no use any more.
    pub async fn integrate(&mut self) -> Result<Option<Integrated>> {
        let (all, entries) = self.waiting().await?;
        if entries.is_empty() {
            return Ok(None);
        }
        let former = self.size();
        let batch = self.sequencer.append(&entries).map_err(LogFault::from)?;
        let (size, root) = (batch.size(), batch.root());
        let signed = self.signer.sign(size, root).map_err(LogFault::from)?;
        let mut steps = batch.steps(signed.clone()).map_err(LogFault::from)?.into_iter();
        let before = steps
            .by_ref()
            .take_while(|step| !matches!(step, Step::Checkpoint(_)));
        self.run(before.collect()).await?;
        // The checkpoint is where the database has it; the file follows.
        self.commit(former, &signed).await?;
        let (folder, lock) = (self.folder.clone(), Arc::clone(&self.lock));
        blocking(move || {
            let _held = lock;
            folder.publish(&signed.to_string())
        })
        .await?;
        self.run(steps.collect()).await?;
        Ok(Some(Integrated {
            leaves: size.0 - former.0,
            size,
            waiting: all.0.saturating_sub(size.0),
        }))
    }

    async fn waiting(&self) -> Result<(LogSize, Vec<Vec<u8>>)> {
        let from = self.size();
        let mut tx = self.store.inner.db.read().await?;
        let all = Leaves::all(&mut tx).await?.size();
        if all <= from {
            return Ok((all, Vec::new()));
        }
        let entries = entries(&mut tx, from, all, BATCH).await?;
        Ok((all, complete(from, entries)?))
    }

    async fn run(&self, steps: Vec<Step>) -> Result<()> {
        let (folder, lock) = (self.folder.clone(), Arc::clone(&self.lock));
        blocking(move || {
            let _held = lock;
            folder.run(steps)
        })
        .await
    }

    async fn commit(&self, former: LogSize, signed: &SignedCheckpoint) -> Result<()> {
        let size = |size: LogSize| i64::try_from(size.0).unwrap_or(i64::MAX);
        let mut tx = self.store.inner.db.write().await?;
        let sql = "UPDATE ledger SET size = $1, checkpoint = $2 WHERE id = 1 AND fence = $3 AND size = $4";
        let now = size(signed.checkpoint().size);
        let args = args![now, signed.to_string(), self.fence, size(former)];
        if tx.execute(sql, args).await? == 0 {
            return Err(LogFault::Overtaken.into());
        }
        tx.commit().await
    }
}

/// What was signed since a backup is not known where it is brought back, so that there another log begins, with a key and a name of its own.
pub(crate) async fn begin_another_log(tx: &mut Tx) -> Result<()> {
    let sql = "UPDATE ledger SET edition = edition + 1, fence = fence + 1, size = 0, checkpoint = NULL, key = NULL, \
        secret = NULL WHERE key IS NOT NULL";
    tx.execute(sql, args![]).await?;
    Ok(())
}

/// The log's name: the origin, and from its second edition on a number.
fn named(origin: &Origin, edition: i64) -> Result<KeyName> {
    let name = match edition {
        1 => origin.to_string(),
        edition => format!("{origin}/{edition}"),
    };
    Ok(KeyName::new(name).map_err(LogFault::from)?)
}

fn other(held: &str, signer: &LogSigner) -> StoreError {
    let origins = ledger::VerifierKey::parse(held).and_then(|held| {
        Ok(OtherLog {
            held: Origin::new(held.name().as_str())?,
            wanted: Origin::new(signer.key().name().as_str())?,
        })
    });
    origins.map_or_else(LogFault::from, LogFault::OtherLog).into()
}

/// All entries, or which is missing.
fn complete(from: LogSize, entries: Vec<Option<Vec<u8>>>) -> Result<Vec<Vec<u8>>> {
    let places = (from.0..).zip(entries);
    let entries = places.map(|(place, entry)| entry.ok_or(LogFault::Gap(place)));
    Ok(entries.collect::<std::result::Result<_, _>>()?)
}

/// That the folder knows of nothing that the database does not.
fn check_published(folder: &LogFolder, known: Option<&SignedCheckpoint>, signer: &LogSigner) -> Result<()> {
    let Some(text) = folder.checkpoint()? else {
        return Ok(());
    };
    let published = SignedCheckpoint::parse(text.as_bytes())
        .ok()
        .filter(|signed| signed.verify(std::slice::from_ref(signer.key())).is_ok());
    let published =
        published.ok_or_else(|| LogFault::OtherCheckpoint(folder.path().display().to_string()))?;
    let (published, known) = (published.checkpoint(), known.map(SignedCheckpoint::checkpoint));
    let known_size = known.map_or(0, |known| known.size.0);
    let same = known.is_none_or(|known| known.size != published.size || known.root == published.root);
    if published.size.0 > known_size || !same {
        return Err(LogFault::Ahead {
            published: published.size.0,
            known: known_size,
        }
        .into());
    }
    Ok(())
}

async fn recover(
    folder: &LogFolder,
    lock: &Arc<File>,
    last: Option<Checkpoint>,
) -> Result<Sequencer<HouseSuite>> {
    let (folder, lock) = (folder.clone(), Arc::clone(lock));
    blocking(move || {
        let _held = lock;
        let recovered = Sequencer::recover(last.as_ref(), &folder, folder.tiles()?);
        let (sequencer, steps) = recovered.map_err(|fault| LogFault::Damaged(fault.to_string()))?;
        folder.run(steps)?;
        Ok(sequencer)
    })
    .await
}

/// Files are read and written on a thread where that keeps nobody waiting.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| LogFault::Damaged("a thread that handled its files fell".to_owned()))?
}
