//! Sweeping: files of segments that nobody reads any more, and files that no row names.

use std::collections::BTreeSet;
use std::time::Duration;

use super::file_name;
use super::runs::run_name;
use crate::db::args;
use crate::keys::file_error;
use crate::{Result, Store};

/// So long a file is kept for whoever began to read before it was merged into another, or is being written by somebody.
const KEPT: Duration = Duration::from_hours(1);

impl Store {
    /// Removes what was merged away some time ago, with its key; and files that were cut off before they were listed.
    pub(crate) async fn sweep_segments(&self) -> Result<()> {
        let now = self.clock().now_ms();
        let before = now - i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX);
        let mut tx = self.inner.db.write().await?;
        let sql = "SELECT id FROM segment WHERE gone_ms < $1";
        let mut gone = Vec::new();
        for row in tx.rows(sql, args![before]).await? {
            let id = row.int(0)?;
            gone.push(id);
            tx.execute("DELETE FROM segment_key WHERE segment = $1", args![id])
                .await?;
            tx.execute("DELETE FROM segment WHERE id = $1", args![id]).await?;
        }
        let mut named = BTreeSet::new();
        for row in tx.rows("SELECT id FROM segment", args![]).await? {
            named.insert(file_name(row.int(0)?));
        }
        let mut gone_runs = Vec::new();
        for row in tx
            .rows("SELECT id FROM run WHERE gone_ms < $1", args![before])
            .await?
        {
            gone_runs.push(row.int(0)?);
        }
        tx.execute("DELETE FROM run WHERE gone_ms < $1", args![before])
            .await?;
        for row in tx.rows("SELECT id FROM run", args![]).await? {
            named.insert(run_name(row.int(0)?));
        }
        tx.commit().await?;
        for id in gone_runs {
            self.inner.segments.forget_run(id);
            let _ = std::fs::remove_file(self.inner.segments.folder().join(run_name(id)));
        }
        for id in gone {
            self.inner.segments.forget(id);
            let _ = std::fs::remove_file(self.inner.segments.path(id));
        }
        self.inner.segments.remove_others(&named, KEPT)
    }
}

impl super::Segments {
    /// Removes files that are not among these names and as old as that.
    fn remove_others(&self, named: &BTreeSet<String>, older_than: Duration) -> Result<()> {
        let entries = match std::fs::read_dir(self.folder()) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(file_error(self.folder(), error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| file_error(self.folder(), error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let age = entry.metadata().and_then(|about| about.modified());
            let age = age.map(|modified| modified.elapsed().unwrap_or_default());
            let ending = name
                .rsplit_once('.')
                .map(|(digits, ending)| (digits.len(), ending));
            let is_ours = matches!(ending, Some((8.., "parquet" | "run")));
            if is_ours && !named.contains(&name) && age.is_ok_and(|age| age > older_than) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
        Ok(())
    }
}
