//! How plans travel: ours beside those that Ballista knows.

use std::ops::Range;
use std::sync::Arc;

use ballista_core::serde::{BallistaLogicalExtensionCodec, BallistaPhysicalExtensionCodec};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::common::TableReference;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::logical_expr::{Extension, LogicalPlan};
use datafusion::physical_plan::ExecutionPlan;
use datafusion_proto::logical_plan::LogicalExtensionCodec;
use datafusion_proto::physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension};

use crate::error::ClusterError;
use crate::job::Job;
use crate::node::RateExec;
use crate::table::Ratings;

/// How a [`Ratings`] table travels from who asks to the scheduler. No other table does.
#[derive(Debug, Default)]
pub struct RatingLogicalCodec(BallistaLogicalExtensionCodec);

/// How a [`RateExec`] travels from the scheduler to the executors, beside what Ballista has of its own.
#[derive(Debug, Default)]
pub struct RatingPhysicalCodec(BallistaPhysicalExtensionCodec);

impl LogicalExtensionCodec for RatingLogicalCodec {
    fn try_decode(&self, bytes: &[u8], inputs: &[LogicalPlan], context: &TaskContext) -> Result<Extension> {
        self.0.try_decode(bytes, inputs, context)
    }

    fn try_encode(&self, node: &Extension, bytes: &mut Vec<u8>) -> Result<()> {
        self.0.try_encode(node, bytes)
    }

    fn try_decode_table_provider(
        &self,
        bytes: &[u8],
        table: &TableReference,
        _: SchemaRef,
        _: &TaskContext,
    ) -> Result<Arc<dyn TableProvider>> {
        let Some(read) = Job::unpack::<Vec<Range<u64>>>(bytes) else {
            return Err(ClusterError::Refused(table.to_string()).into());
        };
        let (job, ranges) = read?;
        Ok(Arc::new(Ratings::of(job, ranges)))
    }

    fn try_encode_table_provider(
        &self,
        table: &TableReference,
        node: Arc<dyn TableProvider>,
        bytes: &mut Vec<u8>,
    ) -> Result<()> {
        let Some(ratings) = node.downcast_ref::<Ratings>() else {
            return Err(ClusterError::Refused(table.to_string()).into());
        };
        Ok(ratings.job().pack(ratings.ranges(), bytes)?)
    }
}

impl PhysicalExtensionCodec for RatingPhysicalCodec {
    fn try_decode(
        &self,
        bytes: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Some(read) = Job::unpack::<Vec<usize>>(bytes) else {
            return self.0.try_decode(bytes, inputs, context, converter);
        };
        let (job, columns) = read?;
        let [ranges] = inputs else {
            return Err(DataFusionError::Internal("`RateExec` has one input".to_owned()));
        };
        Ok(Arc::new(RateExec::over(Arc::new(job), columns, ranges.clone())?))
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        bytes: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        match node.downcast_ref::<RateExec>() {
            Some(rate) => Ok(rate.job().pack(rate.columns(), bytes)?),
            None => self.0.try_encode(node, bytes, converter),
        }
    }
}
