//! What can go wrong in a run.

/// The result of a run.
pub type Result<T> = std::result::Result<T, BatchError>;

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// The mirror is bad, or cannot be read.
    #[error(transparent)]
    Mirror(#[from] segment::MirrorError),
    /// A file cannot be written.
    #[error("the file cannot be written: {0}")]
    Io(#[from] std::io::Error),
    /// A Parquet file cannot be written.
    #[error("the Parquet file cannot be written: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// The mirror does not hold what these rules read.
    #[error("the mirror does not hold what these rules read; make it anew by them")]
    Plan,
    /// Whoever was told wants to hear no more.
    #[error("the run was given up")]
    GivenUp,
    /// A thread of the run fell.
    #[error("a thread of the run fell")]
    Thread,
}
