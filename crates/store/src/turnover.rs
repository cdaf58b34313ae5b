//! Keys turned over: whatever is sealed is wrapped under a new generation, whatever is found by tags is tagged anew.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError};

use record::{RecordNumber, SubmissionId};
use serde::Serialize;

use crate::administration::AdminKind;
use crate::db::{Arg, Tx, args};
use crate::keys::Keys;
use crate::listed::sought;
use crate::open::{INDEX_KEY, KEY_CHECK};
use crate::project::PROJECTIONS;
use crate::read::HOME;
use crate::seal::{Random, open_under, seal_under, unwrap_key, wrap_key};
use crate::segments::Marks;
use crate::upkeep::{BLOCK, IN_BLOCKS, block, evidence, tags_of};
use crate::{Result, Store, StoreError};

/// What turning the keys over did.
#[derive(Debug, Clone, Serialize)]
pub struct RotateReport {
    /// The new generation.
    pub generation: u32,
    /// How many record keys were wrapped anew.
    pub record_keys: u64,
}

impl fmt::Display for RotateReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (generation, keys) = (self.generation, self.record_keys);
        write!(
            f,
            "generation {generation} of the keys: {keys} record keys wrapped anew, every index made anew"
        )
    }
}

impl Store {
    /// A new generation of keys: every record key is wrapped under the new one, every identifier and row
    /// indexed anew. The key file keeps the old generation, for backups.
    ///
    /// # Errors
    /// When something does not open or cannot be written; then the database is as before.
    pub async fn rotate_keys(&self, keys_file: &Path) -> Result<RotateReport> {
        let mut tx = self.inner.db.write_log().await?;
        let (old, _) = self.keys(&mut tx).await?;
        let new = Arc::new(old.with_new_generation()?);
        // The new keys are on the disk before anything is sealed under them.
        new.replace(keys_file)?;
        let record_keys = rewrap_records(&mut tx, &old, &new).await?;
        reseal(&mut tx, &old, &new, "segment_key", "segment", "wrapped").await?;
        reseal(&mut tx, &old, &new, "submission", "id", "report").await?;
        reseal(&mut tx, &old, &new, "staff", "officer", "totp").await?;
        reseal(&mut tx, &old, &new, "job", "id", "body").await?;
        reseal(&mut tx, &old, &new, "webhook", "source", "secret").await?;
        reseal(&mut tx, &old, &new, "ledger", "id", "secret").await?;
        let generation = new.newest_id();
        self.retag(&mut tx, &new, generation).await?;
        for (key, value) in [
            (INDEX_KEY, generation.to_string()),
            (KEY_CHECK, new.check(generation)?),
        ] {
            tx.execute("UPDATE meta SET value = $2 WHERE key = $1", args![key, value])
                .await?;
        }
        // The tags in the projections are made with the new key by making the projections anew.
        *self.inner.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&new);
        self.reproject(&mut tx).await?;
        for (table, _) in PROJECTIONS {
            tx.execute(format!("DROP TABLE old_{table}"), args![]).await?;
        }
        self.note(&mut tx, AdminKind::KeysRotated, None, &generation.to_string())
            .await?;
        tx.commit().await?;
        Ok(RotateReport {
            generation,
            record_keys,
        })
    }

    /// Sameness and content tags under an index key, and runs of those that are sealed.
    pub(crate) async fn retag(&self, tx: &mut Tx, keys: &Keys, generation: u32) -> Result<()> {
        let index = keys.generation(generation)?;
        let at_once = block(tx).await?;
        let mut runs = self.new_runs(tx).await?;
        let mut from = 0;
        loop {
            let rows = tx.rows(evidence(IN_BLOCKS), args![from, at_once]).await?;
            let Some(last) = rows.last() else { break };
            from = last.int(0)? + 1;
            let opened = self.opened(tx, keys, &rows).await?;
            for (row, opened) in rows.iter().zip(opened) {
                let logged = opened?.logged()?;
                let (same, content) = tags_of(index, row, &logged)?;
                if row.int_or_none(HOME)?.is_some() {
                    let marks = Marks::of(logged.number(), &same, &content, &logged.commitment().0);
                    runs.take(tx, marks).await?;
                    continue;
                }
                let start = sought(&same);
                let sql =
                    "UPDATE record SET same_tag = $2, same_start = $3, content_tag = $4 WHERE number = $1";
                tx.execute(sql, args![row.int(0)?, same, start, content]).await?;
            }
        }
        runs.finish(tx).await
    }
}

async fn rewrap_records(tx: &mut Tx, old: &Keys, new: &Keys) -> Result<u64> {
    let (mut from, mut count) = (0, 0);
    let mut random = Random::default();
    loop {
        let sql =
            "SELECT number, key_id, wrapped FROM record_key WHERE number >= $1 ORDER BY number LIMIT $2";
        let rows = tx.rows(sql, args![from, BLOCK]).await?;
        let Some(last) = rows.last() else { return Ok(count) };
        from = last.int(0)? + 1;
        for row in &rows {
            let number = RecordNumber::from_i64(row.int(0)?);
            let key_id = u32::try_from(row.int(1)?).map_err(|_| StoreError::NoKey(0))?;
            let key = unwrap_key(old, number, key_id, &row.bytes(2)?)?;
            let (key_id, wrapped) = wrap_key(&mut random, new, number, &key)?;
            let sql = "UPDATE record_key SET key_id = $2, wrapped = $3 WHERE number = $1";
            tx.execute(sql, args![number, i64::from(key_id), wrapped]).await?;
            count += 1;
        }
    }
}

/// Seals a column anew. Places are named as where they were sealed first: `table.column/v1/key`.
async fn reseal(tx: &mut Tx, old: &Keys, new: &Keys, table: &str, key: &str, column: &str) -> Result<()> {
    let rows = tx
        .rows(
            format!("SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL"),
            args![],
        )
        .await?;
    for row in rows {
        let (said, id) = match row.int(0) {
            Ok(id) => (SubmissionId::from_i64(id).to_string(), Arg::Int(id)),
            Err(_) => (row.text(0)?, Arg::Text(row.text(0)?)),
        };
        let place = format!("{table}.{column}/v1/{said}");
        let sealed = seal_under(new, &place, &open_under(old, &place, &row.bytes(1)?)?)?;
        tx.execute(
            format!("UPDATE {table} SET {column} = $2 WHERE {key} = $1"),
            vec![id, Arg::Bytes(sealed)],
        )
        .await?;
    }
    Ok(())
}
