//! What waits at every department, asked once for all of them: counts and numbers, and nothing of anybody.

use std::collections::BTreeMap;

use record::SourceCode;

use crate::db::{Row, args};
use crate::submission::{STANDS, UNDO, WAITS_OR_UNDOING};
use crate::{PleaInfo, Result, Store, StoreError};

/// What waits at one department.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceQueue {
    /// Objections and applications for repair, the oldest first.
    pub pleas: Vec<PleaInfo>,
    /// Hand-ins that wait for a second officer.
    pub to_confirm: u64,
    /// When the oldest of them came, in milliseconds since 1970 UTC.
    pub oldest_ms: Option<i64>,
    /// Records that belong to nobody yet.
    pub unlinked: u64,
}

impl Store {
    /// What waits, by department; one at which nothing waits is not among them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn queues(&self) -> Result<BTreeMap<SourceCode, SourceQueue>> {
        let mut tx = self.inner.db.read().await?;
        let mut queues: BTreeMap<SourceCode, SourceQueue> = BTreeMap::new();
        for plea in self.open_pleas_in(&mut tx, None).await? {
            queues.entry(plea.source.clone()).or_default().pleas.push(plea);
        }
        let sql = format!(
            "SELECT s.source, COUNT(*), MIN(s.received_ms) FROM submission s \
            LEFT JOIN confirmation c ON c.submission = s.id {UNDO} WHERE {WAITS_OR_UNDOING} GROUP BY s.source"
        );
        for row in tx.rows(sql, args![]).await? {
            let queue = queues.entry(source(&row)?).or_default();
            queue.to_confirm = count(&row)?;
            queue.oldest_ms = row.int_or_none(2)?;
        }
        let sql = format!(
            "SELECT n.source, COUNT(*) FROM unlinked n JOIN record r ON r.number = n.number WHERE {STANDS} GROUP BY n.source"
        );
        for row in tx.rows(sql, args![]).await? {
            queues.entry(source(&row)?).or_default().unlinked = count(&row)?;
        }
        Ok(queues)
    }
}

fn source(row: &Row) -> Result<SourceCode> {
    SourceCode::new(row.text(0)?).map_err(|_| StoreError::NotFound)
}

fn count(row: &Row) -> Result<u64> {
    Ok(u64::try_from(row.int(1)?).unwrap_or(0))
}
