//! What can be wrong with a mirror.

/// The result of whatever may meet a bad mirror.
pub type Result<T> = std::result::Result<T, MirrorError>;

/// Why a mirror cannot be read or written. Nothing is lost by it: the mirror is made anew from the records.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MirrorError {
    /// The file cannot be read or written.
    #[error("the mirror cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// It is no mirror, or was never finished.
    #[error("the mirror is torn: {0}")]
    Torn(&'static str),
    /// It is of another version of this format.
    #[error("the mirror is of version {found} of its format, and this program reads {wanted}")]
    Version {
        /// The one that the file says.
        found: u32,
        /// The one that is read.
        wanted: u32,
    },
    /// A part of it is not what was written.
    #[error("block {0} of the mirror is damaged")]
    Damaged(usize),
    /// Subjects were handed in out of order.
    #[error("subject {0} came after one with a greater id")]
    Order(u64),
    /// More than the format holds.
    #[error("the mirror cannot hold more {0}")]
    Full(&'static str),
}
