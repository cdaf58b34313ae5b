//! Working statistics out: what came in is counted on, everyone is rated from the mirror, and towns are looked up for this run alone.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use assess::Bundle;
use batch::{
    Arrived, BatchError, Counted, Outcome, Statistics, cores, rate, statistics, write_arrived, write_facts,
    write_outcomes, write_towns,
};
use record::{AsOf, Date, SubjectKind};
use segment::Mirror;
use store::{ShareDone, Store, StoreError};

/// Why a run over everyone did not come to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunFault {
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The run failed.
    #[error(transparent)]
    Batch(#[from] BatchError),
}

/// Statistics, and what they were made of.
#[derive(Debug)]
pub struct StatisticsMade {
    /// What is told.
    pub statistics: Statistics,
    /// As of when.
    pub as_of: AsOf,
    /// By which rules.
    pub bundle: Arc<Bundle>,
    /// Everyone's records as rating reads them.
    pub mirror: Arc<Mirror>,
    /// Everyone, rated.
    pub outcomes: Vec<Outcome>,
    arrived: Vec<Arrived>,
    towns: HashMap<u64, String>,
}

/// Works the statistics of today out. `told` hears how far each step is.
///
/// # Errors
/// When the store fails, or the mirror cannot be made or read.
pub async fn make_statistics(
    store: &Store,
    folder: &Path,
    mut told: impl FnMut(ShareDone),
) -> Result<StatisticsMade, RunFault> {
    let as_of = store.now_as_of().await?;
    let bundle = store.bundle(as_of).await?;
    store.count_arrived(as_of.known, &mut told).await?;
    let mirror = store
        .lasting_mirror(folder, &bundle, as_of.known, &mut told)
        .await?;
    let mirror = Arc::new(mirror);
    let towns = store.towns(&bundle, as_of.known, &mut told).await?;
    let outcomes = rate_all(&bundle, &mirror, as_of.on).await?;
    let arrived = store.arrived().await?.into_iter().map(|one| Arrived {
        month: one.month,
        source: one.source,
        item: one.item,
        days: one.days,
        records: one.records,
    });
    let arrived: Vec<Arrived> = arrived.collect();
    let subjects = mirror.subjects().iter();
    let kinds: HashMap<u64, SubjectKind> = subjects.filter_map(|one| Some((one.id, one.who.kind?))).collect();
    let before = store.statistics().await?;
    // What another version kept in another form is made anew.
    let before = before.and_then(|kept| serde_json::from_str::<Statistics>(&kept.figures).ok());
    let counted = Counted {
        on: as_of.on,
        known: as_of.known.0,
        arrived: &arrived,
        outcomes: &outcomes,
        kinds: &kinds,
        towns: &towns,
    };
    Ok(StatisticsMade {
        statistics: statistics(&bundle, &counted, before.as_ref()),
        as_of,
        bundle,
        mirror,
        outcomes,
        arrived,
        towns,
    })
}

/// Everyone on a day, by every core, while others are served.
pub(crate) async fn rate_all(
    bundle: &Arc<Bundle>,
    mirror: &Arc<Mirror>,
    on: Date,
) -> Result<Vec<Outcome>, RunFault> {
    let (bundle, mirror) = (Arc::clone(bundle), Arc::clone(mirror));
    let rated = tokio::task::spawn_blocking(move || rate(&bundle, &mirror, on, cores(), |_| {})).await;
    Ok(rated.map_err(|_| BatchError::Thread)??)
}

impl StatisticsMade {
    /// Writes what the statements of the statistics read: `arrived.parquet`, `facts.parquet`, `subjects.parquet`, `outcome.parquet` and
    /// `towns.parquet`.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write_tables(&self, folder: &Path) -> Result<(), BatchError> {
        std::fs::create_dir_all(folder)?;
        write_arrived(&folder.join("arrived.parquet"), &self.arrived)?;
        write_facts(&self.mirror, folder)?;
        write_outcomes(&folder.join("outcome.parquet"), &self.bundle, &self.outcomes)?;
        write_towns(&folder.join("towns.parquet"), &self.towns)
    }
}
