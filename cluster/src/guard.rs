//! What an executor runs: ratings, and what SQL makes of them. Everything else is refused before it begins.

use std::fmt;
use std::sync::Arc;

use ballista_core::JobId;
use ballista_executor::execution_engine::{DefaultExecutionEngine, ExecutionEngine, QueryStageExecutor};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::prelude::SessionConfig;

use crate::error::ClusterError;

/// Nodes that read and write nothing but what other nodes of the same plan gave.
const ADMITTED: [&str; 18] = [
    "RateExec",
    "AggregateExec",
    "CoalesceBatchesExec",
    "CoalescePartitionsExec",
    "CooperativeExec",
    "EmptyExec",
    "FilterExec",
    "GlobalLimitExec",
    "LocalLimitExec",
    "PlaceholderRowExec",
    "ProjectionExec",
    "RepartitionExec",
    "ShuffleReaderExec",
    "ShuffleWriterExec",
    "SortExec",
    "SortPreservingMergeExec",
    "SortShuffleWriterExec",
    "UnionExec",
];

/// Ballista's engine behind a list of what it may run. Whoever can speak to a cluster can send it any plan: one that reads a file
/// of the machine, or writes one. Here there is no such plan.
pub struct RatingEngine(DefaultExecutionEngine);

impl fmt::Debug for RatingEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RatingEngine")
    }
}

impl Default for RatingEngine {
    fn default() -> Self {
        Self(DefaultExecutionEngine::new())
    }
}

impl ExecutionEngine for RatingEngine {
    fn create_query_stage_exec(
        &self,
        job: JobId,
        stage: usize,
        task: usize,
        partitions: Vec<usize>,
        plan: Arc<dyn ExecutionPlan>,
        work_dir: &str,
        config: &SessionConfig,
    ) -> Result<Arc<dyn QueryStageExecutor>> {
        admit(plan.as_ref())?;
        self.0
            .create_query_stage_exec(job, stage, task, partitions, plan, work_dir, config)
    }
}

/// That a plan has no node but those on the list, and reads no source but rows that stand in the plan itself.
fn admit(plan: &dyn ExecutionPlan) -> Result<()> {
    let in_plan = plan.downcast_ref::<DataSourceExec>().is_some_and(|source| {
        let source: &dyn std::any::Any = source.data_source().as_ref();
        source.is::<MemorySourceConfig>()
    });
    if !in_plan && !ADMITTED.contains(&plan.name()) {
        return Err(ClusterError::Refused(plan.name().to_owned()).into());
    }
    plan.children()
        .into_iter()
        .try_for_each(|child| admit(child.as_ref()))
}
