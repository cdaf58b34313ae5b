//! What the district holds, in counts: nothing here knows a record, and nobody's file is opened.

use std::collections::BTreeMap;

use record::{ItemCode, SourceCode};

use crate::db::{Tx, args};
use crate::district::day_of;
use crate::{Result, Store, StoreError};

/// How many months are told.
const MONTHS: usize = 24;

/// Everything that is held, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holdings {
    /// How many subjects of each kind, by its code.
    pub subjects: BTreeMap<String, u64>,
    /// How many records of each item by each source; acts are not among them.
    pub records: Vec<(ItemCode, SourceCode, u64)>,
    /// How many rows of files were taken in each month, the oldest first: year, month, rows.
    pub months: Vec<(i16, i8, u64)>,
    /// When each source handed a file in last, in milliseconds since 1970 UTC.
    pub last_file_ms: BTreeMap<SourceCode, i64>,
}

/// How the database fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseHealth {
    /// `SQLite` or `PostgreSQL`.
    pub kind: &'static str,
    /// How many bytes it takes.
    pub bytes: u64,
    /// The number of the newest migration.
    pub migration: u64,
}

impl Store {
    /// Counts what is held.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn holdings(&self) -> Result<Holdings> {
        let mut tx = self.inner.db.read().await?;
        let mut found = Holdings::default();
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        let sql = "SELECT kind, CAST(SUM(subjects) AS BIGINT) FROM subject_tally GROUP BY kind";
        for row in tx.rows(sql, args![]).await? {
            found.subjects.insert(row.text(0)?, count(row.int(1)?));
        }
        let sql = "SELECT item, source, CAST(SUM(records) AS BIGINT) FROM tally WHERE item NOT LIKE 'act.%' \
            GROUP BY item, source ORDER BY item, source";
        for row in tx.rows(sql, args![]).await? {
            let item = ItemCode::new(row.text(0)?).map_err(|_| StoreError::NotFound)?;
            let source = SourceCode::new(row.text(1)?).map_err(|_| StoreError::NotFound)?;
            found.records.push((item, source, count(row.int(2)?)));
        }
        let mut months: BTreeMap<(i16, i8), u64> = BTreeMap::new();
        let sql = "SELECT source, received_ms, accepted + pending + unlinked FROM submission \
            WHERE layout IS NOT NULL AND finished = 1";
        for row in tx.rows(sql, args![]).await? {
            let at_ms = row.int(1)?;
            let source = SourceCode::new(row.text(0)?).map_err(|_| StoreError::NotFound)?;
            let day = day_of(at_ms)?;
            *months.entry((day.year(), day.month())).or_default() += count(row.int(2)?);
            let last = found.last_file_ms.entry(source).or_insert(at_ms);
            *last = (*last).max(at_ms);
        }
        let months = months.into_iter().rev().take(MONTHS);
        found.months = months.map(|((year, month), rows)| (year, month, rows)).collect();
        found.months.reverse();
        Ok(found)
    }

    /// How the database fares.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn database_health(&self) -> Result<DatabaseHealth> {
        let mut tx = self.inner.db.read().await?;
        let (kind, size) = match tx {
            Tx::Sqlite(_) | Tx::Shared(_) => (
                "SQLite",
                "SELECT p.page_count * s.page_size FROM pragma_page_count() p, pragma_page_size() s",
            ),
            Tx::Postgres(_) => ("PostgreSQL", "SELECT pg_database_size(current_database())"),
        };
        let bytes = tx.one_int(size, args![]).await?;
        let migration = tx
            .one_int("SELECT MAX(version) FROM _sqlx_migrations", args![])
            .await?;
        Ok(DatabaseHealth {
            kind,
            bytes: u64::try_from(bytes).unwrap_or(0),
            migration: u64::try_from(migration).unwrap_or(0),
        })
    }
}
