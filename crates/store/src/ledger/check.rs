//! The log held against the records: every leaf recomputed, every file compared, the root against what was signed.

use std::collections::HashMap;

use ledger::{
    EntryBundle, Leaf, LogSize, NewTile, Sequencer, SignedCheckpoint, Statement, SubmissionLeaf, TILE_WIDTH,
    Tile, TileLevel, TileReader as _, VerifierKey,
};
use record::SourceCode;

use super::entries::{BLOCK, Leaves, entries};
use super::leaves::{following, root_of};
use super::proof::{Published, published};
use super::{BATCH, HouseSuite, LogFault, LogFolder};
use crate::db::{Tx, args};
use crate::upkeep::{Difference, difference};
use crate::{Result, Store};

const LOG: &str = "log";

impl Store {
    /// Recomputes the log from the records and names every difference; how many leaves there are. The transaction holds the counter of
    /// records, and what is published beside it only grows.
    pub(crate) async fn check_log(&self, tx: &mut Tx, differences: &mut Vec<Difference>) -> Result<u64> {
        let Published {
            key,
            size: published,
            checkpoint,
        } = published(tx).await?;
        let all = Leaves::all(tx).await?.size();
        check_others(tx, differences).await?;
        let checked = all.max(published);
        let mut sequencer = Sequencer::<HouseSuite>::default();
        while sequencer.size() < published {
            let from = sequencer.size();
            let read = entries(tx, from, published, BATCH).await?;
            let own = self.mended(from, published, read, differences);
            let batch = sequencer.append(&own).map_err(LogFault::from)?;
            let is_of_log =
                |new: &&NewTile| Tile::of(new.tile.level(), new.tile.index(), published) == Some(new.tile);
            for new in batch.tiles().iter().filter(is_of_log) {
                differences.extend(compared(&self.inner.log, new, published));
            }
            if batch.size() == published
                && let Some(what) = signed_otherwise(key.as_deref(), checkpoint.as_deref(), &batch)
            {
                differences.push(difference(LOG, "checkpoint".to_owned(), &what));
            }
        }
        Ok(checked.0)
    }

    /// The entries of a batch; in the place of one that the database lacks, what its bundle has.
    fn mended(
        &self,
        from: LogSize,
        size: LogSize,
        entries: Vec<Option<Vec<u8>>>,
        differences: &mut Vec<Difference>,
    ) -> Vec<Vec<u8>> {
        let mut mended = Vec::with_capacity(entries.len());
        for (place, entry) in (from.0..).zip(entries) {
            mended.push(entry.unwrap_or_else(|| {
                let what = "the database has nothing for it";
                differences.push(difference(LOG, format!("leaf {place}"), what));
                logged_entry(&self.inner.log, place, size).unwrap_or_default()
            }));
        }
        mended
    }
}

fn bundle_of(folder: &LogFolder, place: u64, size: LogSize) -> Option<EntryBundle> {
    let tile = Tile::of(TileLevel::Entries, place / TILE_WIDTH as u64, size)?;
    EntryBundle::parse(&folder.read_tile(tile).ok()?, tile.width()).ok()
}

fn logged_entry(folder: &LogFolder, place: u64, size: LogSize) -> Option<Vec<u8>> {
    let within = usize::try_from(place % TILE_WIDTH as u64).ok()?;
    let bundle = bundle_of(folder, place, size)?;
    bundle.entries().nth(within).map(<[u8]>::to_vec)
}

/// What a file of the log says otherwise than the records, leaf by leaf where it can be told.
fn compared(folder: &LogFolder, new: &NewTile, size: LogSize) -> Vec<Difference> {
    let found = match folder.read_tile(new.tile) {
        Ok(found) if found == new.bytes => return Vec::new(),
        Ok(found) => found,
        Err(error) => {
            return vec![difference(
                LOG,
                new.tile.to_string(),
                &format!("cannot be read: {error}"),
            )];
        }
    };
    let first = new.tile.index() * TILE_WIDTH as u64;
    let other = |leaf: u64| {
        let what = format!(
            "`{}` says something else than the record or hand-in of today",
            new.tile
        );
        difference(LOG, format!("leaf {leaf}"), &what)
    };
    let leaves: Vec<Difference> = match new.tile.level() {
        TileLevel::Entries => {
            let own = EntryBundle::parse(&new.bytes, new.tile.width()).ok();
            let logged = bundle_of(folder, first, size);
            let pairs = own.as_ref().zip(logged.as_ref());
            let places = pairs.into_iter().flat_map(|(own, logged)| {
                (first..)
                    .zip(own.entries().zip(logged.entries()))
                    .filter(|(_, (own, logged))| own != logged)
                    .map(|(place, _)| place)
            });
            places.map(other).collect()
        }
        TileLevel::Hashes(0) if found.len() == new.bytes.len() => {
            let hashes = new.bytes.chunks(32).zip(found.chunks(32));
            let places = (first..).zip(hashes).filter(|(_, (own, logged))| own != logged);
            places.map(|(place, _)| other(place)).collect()
        }
        TileLevel::Hashes(_) => Vec::new(),
    };
    if leaves.is_empty() {
        let what = "does not hold what the records lead to";
        return vec![difference(LOG, new.tile.to_string(), what)];
    }
    leaves
}

/// What is wrong with the checkpoint, given the tree that the records lead to.
fn signed_otherwise(key: Option<&str>, checkpoint: Option<&str>, batch: &ledger::Batch) -> Option<String> {
    let (Some(key), Some(text)) = (key, checkpoint) else {
        return Some("is missing, though leaves were published".to_owned());
    };
    let signed = match SignedCheckpoint::parse(text.as_bytes()) {
        Ok(signed) => signed,
        Err(fault) => return Some(fault.to_string()),
    };
    let verified = VerifierKey::parse(key).map(|key| signed.verify(&[key]).is_ok());
    if verified != Ok(true) {
        return Some("is not signed by the log's key".to_owned());
    }
    let told = signed.checkpoint();
    let same = (told.size, told.root) == (batch.size(), batch.root());
    (!same).then(|| {
        format!(
            "says root `{}` of {} leaves, and the records lead to `{}` of {}",
            told.root,
            told.size,
            batch.root(),
            batch.size()
        )
    })
}

/// Holds leaves that are no records against what they are of: every finished hand-in has one, and it says what follows from its records.
async fn check_others(tx: &mut Tx, differences: &mut Vec<Difference>) -> Result<()> {
    let mut last: HashMap<SourceCode, Statement> = HashMap::new();
    let (mut from, mut others, mut hand_ins) = (0, 0, 0);
    loop {
        let sql = "SELECT leaf, records, entry FROM ledger_leaf WHERE leaf >= $1 ORDER BY leaf LIMIT $2";
        let rows = tx.rows(sql, args![from, BLOCK]).await?;
        for row in &rows {
            let leaf = row.int(0)?;
            from = leaf + 1;
            let mut wrong = |what: &str| differences.push(difference("ledger_leaf", leaf.to_string(), what));
            if leaf - row.int(1)? != others {
                wrong("does not stand where it says: leaves before it were removed or added");
            }
            others = leaf - row.int(1)? + 1;
            match Leaf::parse(&row.bytes(2)?) {
                Ok(Leaf::Submission(said)) => {
                    hand_ins += 1;
                    if !follows(tx, &said, last.get(&said.statement.source)).await? {
                        wrong("says something else than what follows from its hand-in");
                    }
                    last.insert(said.statement.source.clone(), said.statement);
                }
                Ok(_) => {}
                Err(fault) => wrong(&fault.to_string()),
            }
        }
        if rows.is_empty() {
            break;
        }
    }
    let sql = "SELECT COUNT(*) FROM submission s WHERE s.finished = 1 \
        AND EXISTS (SELECT 1 FROM record r WHERE r.submission = s.id)";
    let finished = tx.one_int(sql, args![]).await?;
    if finished != hand_ins {
        let what = format!("{finished} finished hand-ins have records, and {hand_ins} have leaves");
        differences.push(difference("ledger_leaf", "all".to_owned(), &what));
    }
    Ok(())
}

/// Whether a hand-in's leaf is what follows from its records and from what its source said before.
async fn follows(tx: &mut Tx, said: &SubmissionLeaf, before: Option<&Statement>) -> Result<bool> {
    let (records, root) = root_of(tx, said.submission).await?;
    let told = &said.statement;
    Ok(records > 0 && *told == following(before, &told.source, Some(&told.schema), records, root)?)
}
