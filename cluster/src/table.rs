//! The table of ratings, of which SQL can be asked.

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use segment::Mirror;

use crate::columns::schema;
use crate::job::Job;
use crate::node::RateExec;

/// How many records a part has, about: a fiftieth of a second of one core.
const PART: u64 = 1 << 20;
/// The least parts that are made, so that a few executors have about the same to do.
const PARTS_LEAST: u64 = 16;
/// The most parts.
const PARTS_MOST: u64 = 4096;

/// The ratings of a mirror's subjects, as a table that is made when it is asked: `subject`, `scorecard`, `grade`, `points`,
/// `dimensions`, `reasons` and `not_rated`.
#[derive(Debug, Clone)]
pub struct Ratings {
    job: Arc<Job>,
    ranges: Vec<Range<u64>>,
}

impl Ratings {
    /// Those of a mirror, in so many parts, or as many as suit its size.
    pub fn new(job: Job, mirror: &Mirror, parts: Option<u64>) -> Self {
        let parts = parts.unwrap_or_else(|| (mirror.rows() / PART).clamp(PARTS_LEAST, PARTS_MOST));
        let ranges = mirror.parts(parts).into_iter();
        Self::of(
            job,
            ranges.map(|range| range.start as u64..range.end as u64).collect(),
        )
    }

    pub(crate) fn of(job: Job, ranges: Vec<Range<u64>>) -> Self {
        Self {
            job: Arc::new(job),
            ranges,
        }
    }

    /// What is rated.
    pub(crate) fn job(&self) -> &Job {
        &self.job
    }

    /// The places of the subjects of each part.
    pub(crate) fn ranges(&self) -> &[Range<u64>] {
        &self.ranges
    }
}

#[async_trait]
impl TableProvider for Ratings {
    fn schema(&self) -> SchemaRef {
        schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let all = || (0..schema().fields().len()).collect();
        let columns = projection.cloned().unwrap_or_else(all);
        Ok(Arc::new(RateExec::new(self.job.clone(), columns, &self.ranges)?))
    }
}
