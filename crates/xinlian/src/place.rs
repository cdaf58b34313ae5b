//! Where a store lies, as the command line says it: the same three options on every command.

use std::path::PathBuf;

use anyhow::Context as _;
use record::Realm;
use store::{Clock, Place, Store, StoreError};

use crate::policies;

/// Where the records and the keys are.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct StoreArgs {
    /// Folder of the store (SQLite, and the keys unless told otherwise)
    #[arg(
        long,
        value_name = "DIR",
        default_value = "xinlian-data",
        env = "XINLIAN_DATA"
    )]
    pub(crate) data: PathBuf,
    /// PostgreSQL to use in place of SQLite; the keys stay in --data or --keys
    #[arg(long, value_name = "URL", env = "XINLIAN_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// File of the keys, which never lie in the database [default: DIR/keys.toml]
    #[arg(long, value_name = "FILE", env = "XINLIAN_KEYS")]
    pub(crate) keys: Option<PathBuf>,
}

impl StoreArgs {
    /// The database's place.
    pub(crate) fn place(&self) -> Place {
        match &self.database {
            Some(url) => Place::Url(url.clone()),
            None => Place::Folder(self.data.clone()),
        }
    }

    /// The key file's place.
    pub(crate) fn keys_file(&self) -> PathBuf {
        self.keys.clone().unwrap_or_else(|| self.data.join("keys.toml"))
    }

    /// The folder of packed mirrors.
    pub(crate) fn mirrors(&self) -> PathBuf {
        self.data.join("mirror")
    }

    /// Opens the store, which must be there.
    pub(crate) async fn open(&self) -> anyhow::Result<Store> {
        Store::open(&self.place(), Some(&self.keys_file()), Clock::System)
            .await
            .with_context(|| format!("cannot open the store in {}", self.said()))
    }

    /// Opens the store, or makes a new one for real records with the built-in policies.
    pub(crate) async fn open_or_create(&self) -> anyhow::Result<Store> {
        let opened = Store::open(&self.place(), Some(&self.keys_file()), Clock::System).await;
        if !matches!(opened, Err(StoreError::NoStore(_))) {
            return opened.with_context(|| format!("cannot open the store in {}", self.said()));
        }
        let bundle = policies::bundle(None, Realm::Live)?;
        let (place, keys) = (self.place(), self.keys_file());
        let made = Store::create(&place, Some(&keys), Realm::Live, &bundle, Clock::System).await;
        let made = made.with_context(|| format!("cannot make a store in {}", self.said()))?;
        eprintln!(
            "made a new live store in {}; keys: `{}`",
            self.said(),
            keys.display()
        );
        Ok(made)
    }

    /// The place in words, without a password.
    pub(crate) fn said(&self) -> String {
        match &self.database {
            Some(_) => "the PostgreSQL database of --database".to_owned(),
            None => format!("`{}`", self.data.display()),
        }
    }
}
