//! Where SQL is asked: in this process, or of a cluster.

use std::path::PathBuf;
use std::sync::Arc;

use ballista_core::extension::{SessionConfigExt, SessionStateExt};
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::MESSAGE_MOST;
use crate::codec::{RatingLogicalCodec, RatingPhysicalCodec};
use crate::error::{ClusterError, Result};
use crate::mirrors::Mirrors;

/// A session of this process, on so many threads, that reads the mirrors of a folder.
pub fn local(folder: PathBuf, threads: usize) -> SessionContext {
    let config = SessionConfig::new()
        .with_target_partitions(threads.max(1))
        .with_extension(Arc::new(Mirrors::new(folder)));
    SessionContext::new_with_config(config)
}

/// A session of the cluster whose scheduler listens at an address, `http://HOST:PORT`.
///
/// # Errors
/// When it is no address.
pub fn remote(url: &str) -> Result<SessionContext> {
    let config = SessionConfig::new_with_ballista()
        .with_ballista_adaptive_query_planner(false)
        .with_ballista_grpc_client_max_message_size(MESSAGE_MOST as usize)
        .with_ballista_logical_extension_codec(Arc::new(RatingLogicalCodec::default()))
        .with_ballista_physical_extension_codec(Arc::new(RatingPhysicalCodec::default()));
    let state = SessionStateBuilder::new()
        .with_default_features()
        .with_config(config)
        .build();
    Ok(SessionContext::new_with_state(
        state.upgrade_for_ballista(address(url)?)?,
    ))
}

/// The address of a scheduler as Ballista wants it.
fn address(url: &str) -> Result<String> {
    let bad = || ClusterError::Address(url.to_owned());
    let rest = url.strip_prefix("http://").ok_or_else(bad)?.trim_end_matches('/');
    let (host, port) = rest.rsplit_once(':').ok_or_else(bad)?;
    let well = !host.is_empty() && !host.contains('/') && port.parse::<u16>().is_ok();
    well.then(|| format!("http://{rest}")).ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_a_port() {
        assert_eq!(
            address("http://10.0.0.7:50050/").unwrap(),
            "http://10.0.0.7:50050"
        );
        for bad in [
            "",
            "10.0.0.7:50050",
            "http://:1",
            "http://a",
            "http://a:b",
            "ftp://a:1",
            "http://a/b:1",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
