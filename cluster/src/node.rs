//! The node of a plan that rates.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use batch::{BatchError, Wording, rate_places};
use datafusion::arrow::array::{ArrayRef, AsArray, RecordBatch, UInt64Array};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, UInt64Type};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchReceiverStream;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, Partitioning, PlanProperties,
};
use futures::StreamExt;
use tokio::sync::mpsc::Sender;

use crate::columns::{Columns, schema};
use crate::error::ClusterError;
use crate::job::Job;
use crate::mirrors::Mirrors;

/// How many batches wait for whoever reads them.
const WAITING: usize = 2;

/// Rates the subjects of a mirror: one partition for each range of subjects, one row for each subject, in the order of the
/// subjects. Nothing is hashed and nothing is exchanged.
///
/// Its one input has a row for each range, `from` and `to`, a range in a partition. It reads nothing but the mirror; the ranges
/// are an input of their own because that is what Ballista divides a stage's tasks by (docs/adr/0021).
#[derive(Debug)]
pub struct RateExec {
    job: Arc<Job>,
    /// Which columns are asked for.
    columns: Vec<usize>,
    ranges: Arc<dyn ExecutionPlan>,
    properties: Arc<PlanProperties>,
}

impl RateExec {
    /// Rates ranges of subjects, each in a partition of its own, and gives the named columns of the table of ratings.
    ///
    /// # Errors
    /// When a column is not there.
    pub fn new(job: Arc<Job>, columns: Vec<usize>, ranges: &[Range<u64>]) -> Result<Self> {
        Self::over(job, columns, input(ranges)?)
    }

    /// The same over ranges that come from a plan.
    ///
    /// # Errors
    /// When a column is not there.
    pub(crate) fn over(job: Arc<Job>, columns: Vec<usize>, ranges: Arc<dyn ExecutionPlan>) -> Result<Self> {
        let schema = Arc::new(schema().project(&columns)?);
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema),
            Partitioning::UnknownPartitioning(ranges.output_partitioning().partition_count()),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Ok(Self {
            job,
            columns,
            ranges,
            properties: Arc::new(properties),
        })
    }

    /// What is rated.
    pub(crate) fn job(&self) -> &Job {
        &self.job
    }

    /// Which columns are asked for.
    pub(crate) fn columns(&self) -> &[usize] {
        &self.columns
    }
}

fn input(ranges: &[Range<u64>]) -> Result<Arc<dyn ExecutionPlan>> {
    let place = |name| Field::new(name, DataType::UInt64, false);
    let schema: SchemaRef = Arc::new(Schema::new(vec![place("from"), place("to")]));
    let row = |range: &Range<u64>| {
        let column = |place| Arc::new(UInt64Array::from(vec![place])) as _;
        let columns = vec![column(range.start), column(range.end)];
        Ok(vec![RecordBatch::try_new(schema.clone(), columns)?])
    };
    let partitions = ranges.iter().map(row).collect::<Result<Vec<_>>>()?;
    Ok(MemorySourceConfig::try_new_exec(
        &partitions,
        schema.clone(),
        None,
    )?)
}

impl DisplayAs for RateExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RateExec: {} on {}", self.job.mirror, self.job.on)
    }
}

impl ExecutionPlan for RateExec {
    fn name(&self) -> &'static str {
        "RateExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.ranges]
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let [ranges] = <[_; 1]>::try_from(children)
            .map_err(|_| DataFusionError::Internal("`RateExec` has one input".to_owned()))?;
        Ok(Arc::new(Self::over(
            self.job.clone(),
            self.columns.clone(),
            ranges,
        )?))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let mirrors = context
            .session_config()
            .get_extension::<Mirrors>()
            .ok_or_else(|| {
                DataFusionError::Execution("this process was given no folder of mirrors to read".to_owned())
            })?;
        let mut ranges = self.ranges.execute(partition, context.clone())?;
        let mut out = RecordBatchReceiverStream::builder(self.schema(), WAITING);
        let part = Part {
            job: self.job.clone(),
            schema: self.schema(),
            mirrors,
            rows_most: context.session_config().batch_size().max(1),
            out: out.tx(),
        };
        out.spawn(async move {
            while let Some(batch) = ranges.next().await {
                for range in read_ranges(&batch?)? {
                    let part = part.clone();
                    tokio::task::spawn_blocking(move || part.rate(range))
                        .await
                        .map_err(|fell| DataFusionError::Execution(format!("the fold fell: {fell}")))??;
                }
            }
            Ok(())
        });
        Ok(out.build())
    }
}

fn read_ranges(batch: &RecordBatch) -> Result<Vec<Range<usize>>> {
    let bad = || DataFusionError::Internal("the ranges of a `RateExec` cannot be read".to_owned());
    let [from, to] = batch.columns() else {
        return Err(bad());
    };
    let places = |column: &ArrayRef| {
        let places = column.as_primitive_opt::<UInt64Type>().ok_or_else(bad)?;
        let places = places.values().iter().map(|place| usize::try_from(*place));
        places
            .collect::<std::result::Result<Vec<_>, _>>()
            .map_err(|_| bad())
    };
    Ok(places(from)?
        .into_iter()
        .zip(places(to)?)
        .map(|(from, to)| from..to)
        .collect())
}

/// What a thread needs that rates a range.
#[derive(Clone)]
struct Part {
    job: Arc<Job>,
    schema: SchemaRef,
    mirrors: Arc<Mirrors>,
    rows_most: usize,
    out: Sender<Result<RecordBatch>>,
}

impl Part {
    fn rate(&self, places: Range<usize>) -> Result<()> {
        let (mirror, bundle) = self.mirrors.open(&self.job)?;
        if places.end > mirror.subjects().len() {
            return Err(ClusterError::Plan("it names more subjects than the mirror has".to_owned()).into());
        }
        let mut columns = Columns::new(Wording::of(&bundle), self.schema.clone());
        let mut failed = None;
        let rated = rate_places(&bundle, &mirror, self.job.on, places, |outcome| {
            columns.push(outcome);
            if columns.rows() < self.rows_most {
                return Ok(());
            }
            self.send(&mut columns).map_err(|why| {
                failed = why;
                BatchError::GivenUp
            })
        });
        match (rated, failed) {
            (_, Some(why)) => Err(why),
            // Whoever asked has gone; that is no fault.
            (Err(BatchError::GivenUp), None) => Ok(()),
            (Err(why), None) => Err(ClusterError::from(why).into()),
            (Ok(()), None) if columns.rows() > 0 => {
                self.send(&mut columns).or_else(|why| why.map_or(Ok(()), Err))
            }
            (Ok(()), None) => Ok(()),
        }
    }

    /// Sends what there is.
    ///
    /// # Errors
    /// Without a reason when nobody reads any more.
    fn send(&self, columns: &mut Columns<'_>) -> std::result::Result<(), Option<DataFusionError>> {
        let batch = columns.take().map_err(Some)?;
        self.out.blocking_send(Ok(batch)).map_err(|_| None)
    }
}
