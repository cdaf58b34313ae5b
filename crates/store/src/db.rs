//! The two databases behind one small surface: statements with `$1` parameters, and rows of three types.
//! Every statement in this crate is written once and runs on both.

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Postgres, Row as _, Sqlite, Transaction};
use tokio::sync::OwnedMutexGuard;

use crate::one_state::{self, READERS_MOST, Readers, State};
use crate::{Result, StoreError};

/// A parameter of a statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Arg {
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
    NoInt,
    NoText,
    NoBytes,
}

macro_rules! arg_from {
    ($($type:ty => $arg:ident / $none:ident by $by:expr;)*) => {$(
        impl From<$type> for Arg {
            fn from(value: $type) -> Self {
                Self::$arg($by(value))
            }
        }
        impl From<Option<$type>> for Arg {
            fn from(value: Option<$type>) -> Self {
                value.map_or(Self::$none, Self::from)
            }
        }
    )*};
}

arg_from! {
    i64 => Int / NoInt by std::convert::identity;
    bool => Int / NoInt by i64::from;
    String => Text / NoText by std::convert::identity;
    &str => Text / NoText by str::to_owned;
    Vec<u8> => Bytes / NoBytes by std::convert::identity;
    [u8; 8] => Bytes / NoBytes by Vec::from;
    [u8; 32] => Bytes / NoBytes by Vec::from;
    record::RecordNumber => Int / NoInt by record::RecordNumber::to_i64;
    record::SubjectId => Int / NoInt by record::SubjectId::to_i64;
    record::SubmissionId => Int / NoInt by record::SubmissionId::to_i64;
    record::TreeSize => Int / NoInt by record::TreeSize::to_i64;
}

/// The arguments of a statement, each turned by `Arg::from`.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Arg::from($value)),*] };
}
pub(crate) use args;

/// A row of either database. Columns are taken by place.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    pub(crate) fn int(&self, place: usize) -> Result<i64> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(place)?,
            Self::Postgres(row) => row.try_get(place)?,
        })
    }

    pub(crate) fn int_or_none(&self, place: usize) -> Result<Option<i64>> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(place)?,
            Self::Postgres(row) => row.try_get(place)?,
        })
    }

    pub(crate) fn text(&self, place: usize) -> Result<String> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(place)?,
            Self::Postgres(row) => row.try_get(place)?,
        })
    }

    pub(crate) fn text_or_none(&self, place: usize) -> Result<Option<String>> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(place)?,
            Self::Postgres(row) => row.try_get(place)?,
        })
    }

    pub(crate) fn bytes(&self, place: usize) -> Result<Vec<u8>> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(place)?,
            Self::Postgres(row) => row.try_get(place)?,
        })
    }

    pub(crate) fn bytes_or_none(&self, place: usize) -> Result<Option<Vec<u8>>> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(place)?,
            Self::Postgres(row) => row.try_get(place)?,
        })
    }

    /// 32 bytes, which a commitment or tag is.
    pub(crate) fn hash(&self, place: usize) -> Result<[u8; 32]> {
        of_32(self.bytes(place)?)
    }

    pub(crate) fn hash_or_none(&self, place: usize) -> Result<Option<[u8; 32]>> {
        self.bytes_or_none(place)?.map(of_32).transpose()
    }
}

fn of_32(bytes: Vec<u8>) -> Result<[u8; 32]> {
    <[u8; 32]>::try_from(bytes).map_err(|_| not_32())
}

pub(crate) fn not_32() -> StoreError {
    StoreError::DoesNotOpen("a column of 32 bytes".to_owned())
}

/// The database.
#[derive(Debug, Clone)]
pub(crate) enum Db {
    /// One writer, and readers beside it.
    Sqlite {
        writer: SqlitePool,
        readers: Readers,
    },
    Postgres(PgPool),
}

/// A transaction, or a connection to read with.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    /// Of SQLite, to read with, in turn with whatever else a request reads.
    Shared(OwnedMutexGuard<State>),
    Postgres(Transaction<'static, Postgres>),
}

/// The tables, step by step, for either database.
static SQLITE_STEPS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_STEPS: Migrator = sqlx::migrate!("migrations/postgres");

/// Rows that one statement inserts at most.
pub(crate) const ROWS_AT_ONCE: usize = 200;
/// The most parameters one statement takes on either database.
const PARAMETERS_MOST: usize = 30_000;
/// Rows that SQLite's thread hands over before it waits for whoever reads them.
const ROWS_AHEAD: usize = 1_000;
/// Statements that a connection keeps prepared: more than the program has.
const STATEMENTS_KEPT: usize = 1_000;

/// Pages of SQLite's log, 64 MiB, after which they are written to their places: those that several hand-ins touch, once.
const LOG_PAGES_MOST: &str = "16384";

impl Db {
    /// SQLite: write-ahead log, and every commit on the disk before it is acknowledged.
    pub(crate) async fn sqlite(file: &std::path::Path, create: bool) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .row_buffer_size(ROWS_AHEAD)
            .statement_cache_capacity(STATEMENTS_KEPT)
            .busy_timeout(std::time::Duration::from_mins(1))
            .pragma("cache_size", "-65536")
            .pragma("wal_autocheckpoint", LOG_PAGES_MOST)
            .pragma("secure_delete", "on");
        // A connection within the house does not break while nobody uses it.
        let pool = SqlitePoolOptions::new().test_before_acquire(false);
        let writer = pool
            .clone()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        SQLITE_STEPS.run(&writer).await?;
        let options = options.pragma("cache_size", "-16384");
        let readers = pool.max_connections(READERS_MOST).connect_with(options).await?;
        let readers = Readers::of(readers);
        Ok(Self::Sqlite { writer, readers })
    }

    /// A file of SQLite without the tables of a store, and one connection.
    pub(crate) async fn sqlite_plain(file: &std::path::Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .foreign_keys(false);
        let pool = SqlitePoolOptions::new().max_connections(1);
        let writer = pool.connect_with(options).await?;
        Ok(Self::Sqlite {
            readers: Readers::of(writer.clone()),
            writer,
        })
    }

    /// A database as it is, without bringing its tables up to date.
    pub(crate) async fn postgres_plain(url: &str) -> Result<Self> {
        let pool = PgPoolOptions::new().max_connections(1);
        Ok(Self::Postgres(pool.connect(url).await?))
    }

    pub(crate) async fn postgres(url: &str) -> Result<Self> {
        let pool = PgPoolOptions::new().max_connections(8).connect(url).await?;
        POSTGRES_STEPS.run(&pool).await?;
        Ok(Self::Postgres(pool))
    }

    /// A transaction that writes. On SQLite it is the only one.
    pub(crate) async fn write(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// A transaction that appends, or that makes anew what follows from the log. There is one at a time: it
    /// holds the counter of records from its beginning, so that what it checks stays so until it ends.
    pub(crate) async fn write_log(&self) -> Result<Tx> {
        let mut tx = self.write().await?;
        tx.locked_counter("record").await?;
        Ok(tx)
    }

    /// A transaction that only reads, of one state throughout.
    pub(crate) async fn read(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { readers, .. } => readers.begin().await?,
            Self::Postgres(pool) => Tx::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        })
    }

    /// The last step that this program knows.
    pub(crate) fn known_version(&self) -> i64 {
        let steps = match self {
            Self::Sqlite { .. } => &SQLITE_STEPS,
            Self::Postgres(_) => &POSTGRES_STEPS,
        };
        steps.iter().map(|step| step.version).max().unwrap_or_default()
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// A statement of a database with its arguments.
macro_rules! bound {
    ($database:ty, $sql:expr, $args:expr) => {{
        let mut query = sqlx::query::<$database>(AssertSqlSafe($sql));
        for arg in $args {
            query = match arg {
                Arg::Int(value) => query.bind(value),
                Arg::Text(value) => query.bind(value),
                Arg::Bytes(value) => query.bind(value),
                Arg::NoInt => query.bind(None::<i64>),
                Arg::NoText => query.bind(None::<String>),
                Arg::NoBytes => query.bind(None::<Vec<u8>>),
            };
        }
        query
    }};
}

/// Binds the arguments, runs `$method` on the transaction within, and wraps what it gives.
macro_rules! run {
    ($tx:expr, $sql:expr, $args:expr, $inner:ident, $query:ident => $body:expr) => {
        match $tx {
            Tx::Sqlite($inner) => {
                let $query = bound!(Sqlite, $sql, $args);
                $body
            }
            Tx::Shared(state) => {
                let $inner = &mut state.tx;
                let $query = bound!(Sqlite, $sql, $args);
                $body
            }
            Tx::Postgres($inner) => {
                let $query = bound!(Postgres, $sql, $args);
                $body
            }
        }
    };
}

impl Tx {
    /// Runs a statement; how many rows it touched.
    pub(crate) async fn execute(&mut self, sql: impl Into<String>, args: Vec<Arg>) -> Result<u64> {
        let sql: String = sql.into();
        Ok(run!(self, sql, args, tx, query => query.execute(&mut **tx).await?.rows_affected()))
    }

    /// All rows.
    pub(crate) async fn rows(&mut self, sql: impl Into<String>, args: Vec<Arg>) -> Result<Vec<Row>> {
        let sql: String = sql.into();
        Ok(run!(self, sql, args, tx, query => {
            query.fetch_all(&mut **tx).await?.into_iter().map(Row::from).collect()
        }))
    }

    /// The first row, if there is one.
    pub(crate) async fn row(&mut self, sql: impl Into<String>, args: Vec<Arg>) -> Result<Option<Row>> {
        let sql: String = sql.into();
        Ok(run!(self, sql, args, tx, query => query.fetch_optional(&mut **tx).await?.map(Row::from)))
    }

    /// The first column of the one row there is, e.g. a count.
    pub(crate) async fn one_int(&mut self, sql: impl Into<String>, args: Vec<Arg>) -> Result<i64> {
        self.row(sql, args).await?.ok_or(StoreError::NotFound)?.int(0)
    }

    /// Inserts many rows into a table, in as many statements as it takes.
    pub(crate) async fn insert(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: Vec<Vec<Arg>>,
        ending: &str,
    ) -> Result<()> {
        let most = (PARAMETERS_MOST / columns.len().max(1)).min(ROWS_AT_ONCE);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<Vec<Arg>> = rows.by_ref().take(most).collect();
            let values: Vec<String> = (0..chunk.len())
                .map(|row| format!("({})", self.places(row * columns.len() + 1, columns.len())))
                .collect();
            // Whoever inserts gives the transaction up when that fails. So told, SQLite sets no copy of each page aside by which to
            // undo the one statement.
            let (or, ending) = match self {
                Self::Postgres(_) => ("", ending),
                _ if ending.is_empty() => (" OR FAIL", ""),
                _ if ending.ends_with(" DO NOTHING") => (" OR IGNORE", ""),
                _ => ("", ending),
            };
            let sql = format!(
                "INSERT{or} INTO {table} ({}) VALUES {}{ending}",
                columns.join(", "),
                values.join(", ")
            );
            self.execute(sql, chunk.into_iter().flatten().collect()).await?;
        }
        Ok(())
    }

    /// Places of a statement that has no others. SQLite looks numbered ones up in a list for every value that is bound, so that
    /// a thousand of them take a million steps; there they have no number.
    fn places(&self, first: usize, count: usize) -> String {
        match self {
            Self::Sqlite(_) | Self::Shared(_) => vec!["?"; count].join(", "),
            Self::Postgres(_) => places(first, count),
        }
    }

    /// The condition that a column's codes begin with `prefix`, which ends in a point. In SQLite without a function, for the indexes
    /// of this condition.
    pub(crate) fn is_below(&self, column: &str, prefix: &str) -> String {
        match self {
            Self::Sqlite(_) | Self::Shared(_) => {
                let after_points = prefix.replace('.', "/");
                format!("{column} >= '{prefix}' AND {column} < '{after_points}'")
            }
            Self::Postgres(_) => format!("substr({column}, 1, {}) = '{prefix}'", prefix.len()),
        }
    }

    /// No bytes, as a value in a statement.
    pub(crate) fn no_bytes(&self) -> &'static str {
        match self {
            Self::Sqlite(_) | Self::Shared(_) => "x''",
            Self::Postgres(_) => "''::bytea",
        }
    }

    /// How many bytes the database takes.
    pub(crate) async fn bytes_of_database(&mut self) -> Result<i64> {
        let sql = match self {
            Self::Sqlite(_) | Self::Shared(_) => {
                "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            }
            Self::Postgres(_) => "SELECT pg_database_size(current_database())",
        };
        self.one_int(sql, args![]).await
    }

    /// Makes it last. When this returns, it is on the disk.
    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Shared(_) => {}
            Self::Postgres(tx) => tx.commit().await?,
        }
        one_state::end();
        Ok(())
    }

    /// Makes it as if it had never been.
    pub(crate) async fn rollback(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await?,
            Self::Shared(_) => {}
            Self::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }

    /// Locks the row of a counter for this transaction and reads it. On SQLite the transaction is the
    /// only writer anyway.
    pub(crate) async fn locked_counter(&mut self, name: &str) -> Result<i64> {
        let lock = match self {
            Self::Sqlite(_) | Self::Shared(_) => "",
            Self::Postgres(_) => " FOR UPDATE",
        };
        self.one_int(
            format!("SELECT next FROM counter WHERE name = $1{lock}"),
            args![name],
        )
        .await
    }
}

impl From<SqliteRow> for Row {
    fn from(row: SqliteRow) -> Self {
        Self::Sqlite(row)
    }
}

impl From<PgRow> for Row {
    fn from(row: PgRow) -> Self {
        Self::Postgres(row)
    }
}

/// `$3, $4, $5`: so many places from a first one.
pub(crate) fn places(first: usize, count: usize) -> String {
    (first..first + count)
        .map(|place| format!("${place}"))
        .collect::<Vec<_>>()
        .join(", ")
}
