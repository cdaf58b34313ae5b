//! Everyone rated, or a question asked of the ratings, here or on a cluster.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use assess::Bundle;
use batch::{Counts, OutcomeFile};
use datafusion::arrow::array::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::physical_plan::ExecutionPlanProperties as _;
use datafusion::prelude::SessionContext;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use jiff::civil::Date;
use segment::Mirror;

use crate::columns::{each_row, first_subject};
use crate::error::{ClusterError, Result};
use crate::job::Job;
use crate::mirrors::read_rules;
use crate::session::{local, remote};
use crate::table::Ratings;

type BatchResult = std::result::Result<RecordBatch, DataFusionError>;

/// Where the work is done.
#[derive(Debug, Clone)]
pub enum Place {
    /// In this process, on so many threads.
    Here(usize),
    /// On the cluster whose scheduler listens at this address.
    Cluster(String),
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The mirror. Executors read the file of this name in their own folders.
    pub mirror: PathBuf,
    /// The file with the canonical bytes of the rules.
    pub rules: PathBuf,
    /// The day asked about.
    pub on: Date,
    /// Where the work is done.
    pub place: Place,
    /// In how many parts [default: as many as suit the mirror's size].
    pub parts: Option<u64>,
}

struct Ready {
    mirror: Mirror,
    bundle: Bundle,
    context: SessionContext,
}

impl Asked {
    fn ready(&self, parts: Option<u64>) -> Result<Ready> {
        let mirror = Mirror::open(&self.mirror).map_err(|why| ClusterError::Mirror {
            place: self.mirror.clone(),
            why,
        })?;
        let rules = std::fs::read(&self.rules).map_err(file(&self.rules))?;
        let bundle = read_rules(&rules)?;
        let context = match &self.place {
            Place::Here(threads) => {
                let folder = self.mirror.parent().unwrap_or(Path::new("."));
                local(folder.to_owned(), *threads)
            }
            Place::Cluster(url) => remote(url)?,
        };
        let job = Job::new(&mirror, &self.mirror, &bundle, self.on);
        let table = Ratings::new(job, &mirror, parts);
        context.register_table("ratings", Arc::new(table))?;
        Ok(Ready {
            mirror,
            bundle,
            context,
        })
    }
}

/// Rates everyone and counts how it came out. What came out for each is written where `out` says, once all of it is there.
///
/// # Errors
/// When something fails, or when not everyone came back; then nothing was written.
pub async fn rate(asked: &Asked, out: Option<&Path>) -> Result<Counts> {
    let ready = asked.ready(asked.parts)?;
    match try_once(asked, &ready, out).await {
        // A machine that was lost after the last part was done takes with it what it made.
        Err(why) if asked.on_cluster() && is_lost(&why) => {
            log::warn!("what was made could not be fetched ({why}); everyone is rated once more");
            try_once(asked, &ready, out).await
        }
        other => other,
    }
}

impl Asked {
    fn on_cluster(&self) -> bool {
        matches!(self.place, Place::Cluster(_))
    }

    /// All ratings. Of a cluster the parts come as they are done; here, a part is made on each thread and handed over when those
    /// before it are.
    async fn batches(&self, context: &SessionContext) -> Result<BoxStream<'static, BatchResult>> {
        let table = context.table("ratings").await?;
        let Place::Here(threads) = self.place else {
            return Ok(table.execute_stream().await?.boxed());
        };
        let (plan, task) = (table.create_physical_plan().await?, context.task_ctx());
        let parts = 0..plan.output_partitioning().partition_count();
        let made = futures::stream::iter(parts).map(move |part| {
            let stream = plan.execute(part, task.clone());
            tokio::spawn(async move { stream?.try_collect::<Vec<_>>().await })
        });
        let made = made.buffered(threads.max(1));
        let batches = made.flat_map(|part| {
            let fell = |why| DataFusionError::Execution(format!("a part fell: {why}"));
            let batches = part.map_err(fell).and_then(|part| part);
            futures::stream::iter(match batches {
                Ok(batches) => batches.into_iter().map(Ok).collect(),
                Err(why) => vec![Err(why)],
            })
        });
        Ok(batches.boxed())
    }
}

/// That an error is not the scheduler's word that the work itself failed.
fn is_lost(why: &ClusterError) -> bool {
    matches!(why, ClusterError::Engine(why) if !why.to_string().contains(" failed: "))
}

async fn try_once(asked: &Asked, ready: &Ready, out: Option<&Path>) -> Result<Counts> {
    let begun = Instant::now();
    let beside = out.map(|out| out.with_added_extension("part"));
    let mut file = beside.as_deref().map(OutcomeFile::create).transpose()?;
    let counted = collect(asked, ready, file.as_mut()).await;
    let (Some(out), Some(beside), Some(file)) = (out, &beside, file) else {
        return Ok(counted?.in_seconds(begun.elapsed().as_secs_f64()));
    };
    let written = match counted {
        Ok(counts) => file.finish().map(|()| counts).map_err(Into::into),
        Err(why) => Err(why),
    };
    if written.is_err() {
        // It is of no use, and what failed is said.
        let _ = std::fs::remove_file(beside);
    } else {
        std::fs::rename(beside, out).map_err(self::file(out))?;
    }
    Ok(written?.in_seconds(begun.elapsed().as_secs_f64()))
}

/// Takes all ratings in the order of the mirror. Parts come from a cluster as they are done; those that are early wait.
async fn collect(asked: &Asked, ready: &Ready, mut file: Option<&mut OutcomeFile>) -> Result<Counts> {
    let mut counts = Counts::new(&ready.bundle, &ready.mirror, asked.on);
    let subjects = ready.mirror.subjects();
    let next = |counts: &Counts| {
        let at = usize::try_from(counts.subjects()).ok()?;
        i64::try_from(subjects.get(at)?.id).ok()
    };
    let mut early: BTreeMap<i64, RecordBatch> = BTreeMap::new();
    let mut batches = asked.batches(&ready.context).await?;
    while let Some(batch) = batches.next().await {
        let batch = batch?;
        if let Some(first) = first_subject(&batch)
            && early.insert(first, batch).is_some()
        {
            return Err(ClusterError::Order(first));
        }
        while let Some(batch) = next(&counts).and_then(|subject| early.remove(&subject)) {
            each_row(&batch, |row| {
                if next(&counts) != Some(row.subject) {
                    return Err(ClusterError::Order(row.subject));
                }
                counts.add(row);
                file.as_mut().map_or(Ok(()), |file| Ok(file.push(row)?))
            })?;
        }
    }
    let of = subjects.len() as u64;
    if counts.subjects() != of {
        return Err(ClusterError::Incomplete {
            came: counts.subjects(),
            of,
        });
    }
    Ok(counts)
}

/// The answer to a question in SQL over the table `ratings`.
///
/// # Errors
/// When it cannot be answered.
pub async fn answer(asked: &Asked, sql: &str) -> Result<Vec<RecordBatch>> {
    // The engine of this process begins all parts at once.
    let parts = match asked.place {
        Place::Here(threads) => asked.parts.or(u64::try_from(threads).ok()),
        Place::Cluster(_) => asked.parts,
    };
    let ready = asked.ready(parts)?;
    Ok(ready.context.sql(sql).await?.collect().await?)
}

fn file(place: &Path) -> impl FnOnce(std::io::Error) -> ClusterError {
    let place = place.to_owned();
    move |why| ClusterError::File { place, why }
}
