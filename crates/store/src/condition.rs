//! How the store does, for those who run it: counts and sizes, and nothing of anyone.

use crate::db::{Db, Tx, args};
use crate::open::database_file;
use crate::{Place, Result, Store, StoreError};

/// Counts and sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Records.
    pub records: u64,
    /// Looks at files.
    pub looks: u64,
    /// Files that were handed over and are not taken in.
    pub jobs_waiting: u64,
    /// Changes that departments' systems are yet to be told of.
    pub pushes_due: u64,
    /// Changes that a system did not take, and of which it is not told again.
    pub pushes_given_up: u64,
    /// Bytes of the database and of the segments beside it.
    pub bytes: u64,
    /// Bytes that are free where the store's folder lies.
    pub free_bytes: Option<u64>,
}

/// Of which version the tables are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// The last migration that ran.
    pub applied: i64,
    /// The last that the program knows.
    pub known: i64,
}

impl Schema {
    /// Whether the tables are those that the program knows.
    pub fn is_current(self) -> bool {
        self.applied == self.known
    }
}

/// What `verify` found when it ran last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastVerify {
    /// When it ended, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// How many records it read.
    pub records: u64,
    /// How many differences it found.
    pub differences: u64,
}

/// What there is to tell a clock by that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockMarks {
    /// When something was handed in or looked at last, in milliseconds since 1970 UTC.
    pub last_ms: i64,
    /// What the database's own clock says, if it has one.
    pub of_database_ms: Option<i64>,
}

impl Store {
    /// Counts and sizes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn figures(&self) -> Result<Figures> {
        let mut tx = self.inner.db.read().await?;
        let database = unsigned(tx.bytes_of_database().await?);
        let mut count = async |sql: &str| Ok::<_, StoreError>(unsigned(tx.one_int(sql, args![]).await?));
        Ok(Figures {
            records: count("SELECT next FROM counter WHERE name = 'record'").await?,
            looks: count("SELECT next FROM counter WHERE name = 'look'").await?,
            jobs_waiting: count("SELECT COUNT(*) FROM job WHERE finished = 0").await?,
            pushes_due: count("SELECT COUNT(*) FROM push WHERE next_ms IS NOT NULL").await?,
            pushes_given_up: count(
                "SELECT COUNT(*) FROM push WHERE next_ms IS NULL AND delivered_ms IS NULL",
            )
            .await?,
            bytes: database + count("SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM segment").await?,
            free_bytes: self.free_bytes(),
        })
    }

    /// Of which version the tables are: another program may have brought them further since this one opened them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn schema(&self) -> Result<Schema> {
        let mut tx = self.inner.db.read().await?;
        Ok(Schema {
            applied: schema_of(&mut tx).await?,
            known: self.inner.db.known_version(),
        })
    }

    /// Of which version the tables of a store are, looked at without opening it, which would bring them up to date.
    ///
    /// # Errors
    /// When there is none.
    pub async fn schema_at(place: &Place) -> Result<Schema> {
        let db = match place {
            Place::Folder(folder) if !database_file(folder).exists() => {
                return Err(StoreError::NoStore(place.to_string()));
            }
            Place::Folder(folder) => Db::sqlite_plain(&database_file(folder)).await?,
            Place::Url(url) => Db::postgres_plain(url).await?,
        };
        let mut tx = db.read().await?;
        let applied = schema_of(&mut tx).await;
        drop(tx);
        let known = db.known_version();
        db.close().await;
        match applied {
            Ok(applied) => Ok(Schema { applied, known }),
            // A database without any table of ours.
            Err(StoreError::Database(sqlx::Error::Database(_))) => {
                Err(StoreError::NoStore(place.to_string()))
            }
            Err(error) => Err(error),
        }
    }

    /// What there is to tell a clock by that is wrong.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clock_marks(&self) -> Result<ClockMarks> {
        let mut tx = self.inner.db.read().await?;
        let submitted = "SELECT COALESCE(MAX(received_ms), 0) FROM submission";
        let looked = "SELECT COALESCE(MAX(at_ms), 0) FROM look";
        let last_ms = tx
            .one_int(submitted, args![])
            .await?
            .max(tx.one_int(looked, args![]).await?);
        let of_database_ms = match tx {
            Tx::Sqlite(_) | Tx::Shared(_) => None,
            Tx::Postgres(_) => {
                let sql = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
                Some(tx.one_int(sql, args![]).await?)
            }
        };
        Ok(ClockMarks {
            last_ms,
            of_database_ms,
        })
    }

    /// Takes the turn of whoever appends, and gives it back: returns once nobody else writes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn try_write(&self) -> Result<()> {
        self.inner.db.write_log().await?.rollback().await
    }

    /// Bytes that are free where the store's folder lies. A database on a server has its own disk, which is not seen from here.
    pub fn free_bytes(&self) -> Option<u64> {
        free_bytes(self.inner.folder.as_deref()?)
    }

    /// Which database it is, and of which version.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn database_version(&self) -> Result<String> {
        let (name, sql) = match &self.inner.db {
            Db::Sqlite { .. } => ("SQLite", "SELECT sqlite_version()"),
            Db::Postgres(_) => ("PostgreSQL", "SELECT current_setting('server_version')"),
        };
        let mut tx = self.inner.db.read().await?;
        let row = tx.row(sql, args![]).await?.ok_or(StoreError::NotFound)?;
        Ok(format!("{name} {}", row.text(0)?))
    }

    /// What the database would do with what was acknowledged if the power failed: empty if nothing is lost.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unsafe_settings(&self) -> Result<Vec<String>> {
        let mut tx = self.inner.db.read().await?;
        let mut found = Vec::new();
        if let Tx::Sqlite(_) | Tx::Shared(_) = tx {
            let mode = tx.row("PRAGMA journal_mode", args![]).await?;
            let mode = mode.ok_or(StoreError::NotFound)?.text(0)?;
            if mode != "wal" {
                found.push(format!("journal_mode is {mode}"));
            }
            return Ok(found);
        }
        for name in ["fsync", "full_page_writes", "synchronous_commit"] {
            let row = tx.row("SELECT current_setting($1)", args![name]).await?;
            let value = row.ok_or(StoreError::NotFound)?.text(0)?;
            if value == "off" {
                found.push(format!("{name} is off"));
            }
        }
        Ok(found)
    }

    /// What `verify` found when it ran last, if it ever did.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_verify(&self) -> Result<Option<LastVerify>> {
        let Some(act) = self.last_verified().await? else {
            return Ok(None);
        };
        // What `verify` noted: how many records, and how many differences.
        let mut counts = act
            .about
            .split(' ')
            .map(|count| count.parse().unwrap_or_default());
        Ok(Some(LastVerify {
            at_ms: act.at_ms,
            records: counts.next().unwrap_or_default(),
            differences: counts.next().unwrap_or_default(),
        }))
    }
}

/// The last migration that ran.
pub(crate) async fn schema_of(tx: &mut Tx) -> Result<i64> {
    let sql = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations WHERE success";
    tx.one_int(sql, args![]).await
}

/// Bytes that are free to this process where a folder lies.
pub fn free_bytes(folder: &std::path::Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
