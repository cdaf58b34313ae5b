//! Which messages of a file somebody has read. What a message says is kept nowhere.

use std::collections::BTreeSet;

use record::SubjectId;

use crate::db::args;
use crate::{LookPermit, Result, Store};

impl Store {
    /// The messages of the file that were read by this reader, by key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read_messages(&self, permit: &LookPermit, reader: SubjectId) -> Result<BTreeSet<String>> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT message FROM message_read WHERE subject = $1 AND reader = $2";
        let rows = tx.rows(sql, args![permit.subject(), reader]).await?;
        rows.iter().map(|row| row.text(0)).collect()
    }

    /// Notes that this reader has read these.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mark_read(&self, permit: &LookPermit, reader: SubjectId, keys: &[String]) -> Result<()> {
        let at_ms = self.clock().now_ms();
        let line = |key: &String| args![permit.subject(), reader, key.as_str(), at_ms];
        let lines = keys.iter().map(line).collect();
        let mut tx = self.inner.db.write().await?;
        let columns = ["subject", "reader", "message", "at_ms"];
        let known = " ON CONFLICT (subject, reader, message) DO NOTHING";
        tx.insert("message_read", &columns, lines, known).await?;
        tx.commit().await
    }
}
