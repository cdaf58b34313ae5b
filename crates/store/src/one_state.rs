//! One state of the database for everything that one request reads.
//!
//! To begin and to end a transaction costs more than most statements of a page. What is asked within [`Store::in_one_state`] shares
//! one, and what a state says of itself is asked once. Whatever is written within ends it, so that what is read after reads what was
//! written: a look, first of all. Nothing of it outlives the request.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::sqlite::SqlitePool;
use sqlx::{Sqlite, Transaction};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard, Semaphore};

use record::{SubjectId, TreeSize};

use crate::db::{Db, Tx, args};
use crate::{Result, Store, SubjectFile};

tokio::task_local! {
    static SHARED: Arc<Shared>;
}

/// What one request shares.
struct Shared {
    /// Of which database.
    readers: Readers,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    state: Option<Arc<Turn<State>>>,
    /// How often something was written meanwhile.
    writes: u64,
}

/// How many files a request keeps: its own, and those of the organisations that somebody acts for.
const FILES_MOST: usize = 8;

/// A transaction that reads, with what was read by it.
pub(crate) struct State {
    pub(crate) tx: Transaction<'static, Sqlite>,
    /// What it says of itself, by statement.
    facts: HashMap<&'static str, i64>,
    files: Vec<SubjectFile>,
}

/// How many requests have a state at a time. The others read without one: so that the connections that are left are for those who ask
/// briefly, and nobody waits with one for another.
const SHARING_MOST: usize = 8;
/// How many connections read.
pub(crate) const READERS_MOST: u32 = 12;

/// Connections of SQLite that read.
#[derive(Debug, Clone)]
pub(crate) struct Readers(Arc<SqlitePool>, Arc<Semaphore>);

impl Readers {
    pub(crate) fn of(pool: SqlitePool) -> Self {
        Self(Arc::new(pool), Arc::new(Semaphore::new(SHARING_MOST)))
    }

    pub(crate) async fn close(&self) {
        self.0.close().await;
    }

    /// The transaction that the request shares, if it is free; or one of its own.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        let shared = SHARED.try_with(Arc::clone).ok();
        let shared = shared.filter(|shared| Arc::ptr_eq(&shared.readers.0, &self.0));
        if let Some(shared) = shared
            && let Some(state) = shared.turn().await?
        {
            return Ok(Tx::Shared(state));
        }
        Ok(Tx::Sqlite(self.0.begin().await?))
    }
}

impl Shared {
    /// The open state, or a new one; nothing if somebody reads from it at this moment.
    async fn turn(&self) -> Result<Option<OwnedMutexGuard<State>>> {
        let (open, writes) = {
            let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            (open.state.clone(), open.writes)
        };
        if let Some(state) = open {
            return Ok(state.try_lock_owned().ok());
        }
        let state = Arc::new(Turn::new(State {
            tx: self.readers.0.begin().await?,
            facts: HashMap::new(),
            files: Vec::new(),
        }));
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.writes == writes {
            open.state = Some(Arc::clone(&state));
        }
        Ok(state.try_lock_owned().ok())
    }
}

/// Something was written: what is read from now on is another state.
pub(crate) fn end() {
    // Outside of a request nothing is shared.
    let _ = SHARED.try_with(|shared| {
        let mut open = shared.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.state = None;
        open.writes += 1;
    });
}

impl Tx {
    /// What a statement without parameters says: a number that does not change in one state, so that a request asks it once.
    pub(crate) async fn fact(&mut self, sql: &'static str) -> Result<i64> {
        if let Self::Shared(state) = self
            && let Some(known) = state.facts.get(sql)
        {
            return Ok(*known);
        }
        let fact = self.one_int(sql, args![]).await?;
        if let Self::Shared(state) = self {
            state.facts.insert(sql, fact);
        }
        Ok(fact)
    }

    /// How many records there are.
    pub(crate) async fn tree_size(&mut self) -> Result<TreeSize> {
        let next = self
            .fact("SELECT next FROM counter WHERE name = 'record'")
            .await?;
        Ok(TreeSize::from_i64(next))
    }

    /// A file that was read from this state, at this size of the log.
    pub(crate) fn file_read(&self, subject: SubjectId, known: TreeSize) -> Option<SubjectFile> {
        let Self::Shared(state) = self else { return None };
        let mut files = state.files.iter();
        files
            .find(|file| file.subject == subject && file.known == known)
            .cloned()
    }

    /// Keeps a file for as long as the state is read from.
    pub(crate) fn keep_file(&mut self, file: &SubjectFile) {
        if let Self::Shared(state) = self
            && state.files.len() < FILES_MOST
        {
            state.files.push(file.clone());
        }
    }
}

impl Store {
    /// Runs what asks many things in a row: on SQLite, all of it reads one state of the database until it writes something itself. What
    /// others write meanwhile it does not see, so it is not for what waits for others.
    pub async fn in_one_state<F: Future>(&self, asks: F) -> F::Output {
        match &self.inner.db {
            Db::Sqlite { readers, .. } => {
                let Ok(_sharing) = readers.1.try_acquire() else {
                    return asks.await;
                };
                let shared = Shared {
                    readers: readers.clone(),
                    open: Mutex::default(),
                };
                SHARED.scope(Arc::new(shared), asks).await
            }
            Db::Postgres(_) => asks.await,
        }
    }
}
