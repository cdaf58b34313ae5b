//! What can go wrong.

use std::path::PathBuf;

use datafusion::error::DataFusionError;

/// The result of a call.
pub type Result<T> = std::result::Result<T, ClusterError>;

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// A mirror cannot be opened.
    #[error("the mirror `{place}` cannot be opened: {why}")]
    Mirror {
        /// Where it should lie.
        place: PathBuf,
        /// Why not.
        why: segment::MirrorError,
    },
    /// A mirror is not the one that the run is of.
    #[error(
        "the mirror `{0}` is not the one that this run is of; give this machine the same file, or begin again"
    )]
    OtherMirror(PathBuf),
    /// A name that leads out of the folder of mirrors.
    #[error("`{0}` is no name of a file in the folder of mirrors")]
    Name(String),
    /// The rules cannot be read.
    #[error("the rules cannot be read: {0}")]
    Rules(String),
    /// The fold failed.
    #[error(transparent)]
    Batch(#[from] batch::BatchError),
    /// What came with a plan cannot be read.
    #[error("the plan cannot be read; run the same version everywhere: {0}")]
    Plan(String),
    /// A plan does something else than rating.
    #[error("`{0}` is refused: this cluster rates mirrors and does nothing else")]
    Refused(String),
    /// An address that is none.
    #[error("`{0}` is no address; write `http://HOST:PORT`")]
    Address(String),
    /// Something is missing in what came back.
    #[error("{came} of {of} subjects came back, so nothing was written; begin again")]
    Incomplete {
        /// How many came.
        came: u64,
        /// How many there are.
        of: u64,
    },
    /// Rows came in another order, or twice.
    #[error("subject {0} came back out of its order, so nothing was written; begin again")]
    Order(i64),
    /// A file cannot be read or written.
    #[error("`{place}`: {why}")]
    File {
        /// Which.
        place: PathBuf,
        /// Why not.
        why: std::io::Error,
    },
    /// The engine failed.
    #[error("{0}")]
    Engine(#[from] DataFusionError),
    /// The cluster failed.
    #[error("{0}")]
    Ballista(#[from] ballista_core::error::BallistaError),
}

impl From<ClusterError> for DataFusionError {
    fn from(error: ClusterError) -> Self {
        match error {
            ClusterError::Engine(error) => error,
            // In words, for between machines an error is told as it is written for those who debug it.
            other => Self::Execution(other.to_string()),
        }
    }
}
