//! The scheduler: it divides a rating into tasks, hands them to executors, and hands those of a lost one to another.

use std::net::SocketAddr;
use std::sync::Arc;

use ballista_core::config::TaskSchedulingPolicy;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::{SchedulerConfig, TaskDistributionPolicy};
use ballista_scheduler::scheduler_process::start_server;

use crate::MESSAGE_MOST;
use crate::codec::{RatingLogicalCodec, RatingPhysicalCodec};
use crate::error::Result;

/// How a scheduler runs.
#[derive(Debug, Clone)]
pub struct SchedulerOptions {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The name or address by which executors reach it, if not that one.
    pub external_host: Option<String>,
    /// After how many seconds without a sign an executor counts as lost.
    pub lost_after: u64,
}

/// Runs a scheduler until it is ended.
///
/// # Errors
/// When it cannot listen.
pub async fn scheduler(options: SchedulerOptions) -> Result<()> {
    let host = options.listen.ip().to_string();
    let config = SchedulerConfig {
        external_host: options.external_host.unwrap_or_else(|| host.clone()),
        bind_host: host,
        bind_port: options.listen.port(),
        scheduling_policy: TaskSchedulingPolicy::PushStaged,
        task_distribution: TaskDistributionPolicy::RoundRobin,
        executor_timeout_seconds: options.lost_after,
        expire_dead_executor_interval_seconds: (options.lost_after / 3).max(1),
        no_executors_grace_period_seconds: options.lost_after,
        grpc_server_max_decoding_message_size: MESSAGE_MOST,
        grpc_server_max_encoding_message_size: MESSAGE_MOST,
        grpc_client_max_message_size: MESSAGE_MOST,
        override_logical_codec: Some(Arc::new(RatingLogicalCodec::default())),
        override_physical_codec: Some(Arc::new(RatingPhysicalCodec::default())),
        ..SchedulerConfig::default()
    };
    let cluster = BallistaCluster::new_from_config(&config).await?;
    Ok(start_server(cluster, options.listen, Arc::new(config)).await?)
}
