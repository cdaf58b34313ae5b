//! Telling departments' own systems what became of records that they hold, as soon as it is known. The store says what is due,
//! and keeps what came of it, so that a restart forgets nothing; here it is sent.
//!
//! An endpoint's answer says that it was told and no more. Nothing of that answer is kept or believed.

mod address;
mod run;
mod send;

use std::net::IpAddr;

use record::{Realm, SourceCode};
use store::{Reach, Store, StoreError};

pub(crate) use run::keep_telling;
pub use run::tell_all;
pub use send::Trust;
pub(crate) use send::send_json;

/// Why an endpoint was not told. It is an operator's to read, and names no one.
#[derive(Debug, thiserror::Error)]
pub enum PushFault {
    /// Not an address.
    #[error("`{0}` is no address of an endpoint; write `https://host/path`, without a user and a `#`")]
    NoUrl(String),
    /// An address of the internal network, of this machine, or of none.
    #[error(
        "`{0}` is not called: it is not a public address; `--intranet` permits those of the internal network"
    )]
    AddressRefused(IpAddr),
    /// Not over TLS.
    #[error("an endpoint is called over `https`; `--plain` permits `http` in the internal network")]
    NoTls,
    /// No connection, or one that broke.
    #[error("it was not reached: {0}")]
    NotReached(String),
    /// No answer in time.
    #[error("it did not answer in time")]
    TooSlow,
    /// It did not take it. Redirects are not followed.
    #[error("it answered with status `{0}`")]
    Status(u16),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PushFault {
    /// Whether the same may be taken a little later.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::NotReached(_) | Self::TooSlow => true,
            Self::Status(status) => matches!(status, 408 | 429 | 500..=599),
            _ => false,
        }
    }

    /// The status of its answer, if it gave one.
    fn status(&self) -> Option<u16> {
        match self {
            Self::Status(status) => Some(*status),
            _ => None,
        }
    }
}

/// Whether an endpoint may have this address, as far as can be told today: what it points to is looked at before each call.
///
/// # Errors
/// When it is none, or points to what may not be called. That its name is not known today is no fault.
pub async fn check_url(url: &str, reach: Reach, realm: Realm) -> Result<(), PushFault> {
    let endpoint = address::Endpoint::parse(url)?;
    match endpoint.resolve(reach, realm).await {
        Err(PushFault::NotReached(_)) | Ok(_) => Ok(()),
        Err(fault) => Err(fault),
    }
}

/// Sends a telling of nothing to a department's endpoint; the status that it answers with.
///
/// # Errors
/// When there is no endpoint, or it does not take it.
pub async fn push_test(store: &Store, trust: &Trust, source: &SourceCode) -> Result<u16, PushFault> {
    let push = store.test_push(source).await?;
    let status = send::send(trust, &push, store.realm()).await?;
    Ok(status.as_u16())
}
