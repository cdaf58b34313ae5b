//! An executor: it rates the parts that a scheduler hands it, from the mirrors in its own folder.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::extension::SessionConfigExt;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use datafusion::prelude::SessionConfig;

use crate::MESSAGE_MOST;
use crate::codec::{RatingLogicalCodec, RatingPhysicalCodec};
use crate::error::{ClusterError, Result};
use crate::guard::RatingEngine;
use crate::mirrors::Mirrors;

/// How an executor runs.
#[derive(Debug, Clone)]
pub struct ExecutorOptions {
    /// The folder of mirrors, the only one of which it reads.
    pub mirrors: PathBuf,
    /// Host and port of the scheduler.
    pub scheduler: (String, u16),
    /// Where others fetch what it made; it takes tasks at the next port.
    pub listen: SocketAddr,
    /// The name or address by which others reach it, if not that one.
    pub external_host: Option<String>,
    /// Where what it made lies until it is fetched.
    pub work: PathBuf,
    /// How many parts it rates at once.
    pub threads: usize,
    /// Every how many seconds it gives a sign.
    pub sign_every: u64,
}

/// Runs an executor until it is ended.
///
/// # Errors
/// When it cannot listen, or does not reach the scheduler.
pub async fn executor(options: ExecutorOptions) -> Result<()> {
    let mirrors = Arc::new(Mirrors::new(options.mirrors));
    let settings = move || SessionConfig::new_with_ballista().with_extension(mirrors.clone());
    let host = options.listen.ip().to_string();
    let port = options.listen.port();
    let next = port.checked_add(1).filter(|_| port > 0);
    let config = ExecutorProcessConfig {
        external_host: Some(options.external_host.unwrap_or_else(|| host.clone())),
        bind_host: host,
        port,
        grpc_port: next.ok_or_else(|| ClusterError::Address(options.listen.to_string()))?,
        scheduler_host: options.scheduler.0,
        scheduler_port: options.scheduler.1,
        scheduler_connect_timeout_seconds: 30,
        vcores: options.threads.max(1),
        task_scheduling_policy: TaskSchedulingPolicy::PushStaged,
        work_dir: Some(options.work.to_string_lossy().into_owned()),
        job_data_ttl_seconds: 3600,
        job_data_clean_up_interval_seconds: 600,
        grpc_max_decoding_message_size: MESSAGE_MOST,
        grpc_max_encoding_message_size: MESSAGE_MOST,
        executor_heartbeat_interval_seconds: options.sign_every.max(1),
        override_execution_engine: Some(Arc::new(RatingEngine::default())),
        override_config_producer: Some(Arc::new(settings)),
        override_logical_codec: Some(Arc::new(RatingLogicalCodec::default())),
        override_physical_codec: Some(Arc::new(RatingPhysicalCodec::default())),
        ..ExecutorProcessConfig::default()
    };
    Ok(start_executor_process(Arc::new(config)).await?)
}
