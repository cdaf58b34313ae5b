//! Why the log does not go on, each with what to do.

use ledger::{FormatFault, Origin, SignerFault, UnfitCheckpoint};

/// Why the log cannot go on, or be read.
#[derive(Debug, thiserror::Error)]
pub enum LogFault {
    /// Another process writes it.
    #[error("another process writes the log in `{0}`; it goes on with what waits")]
    Held(String),
    /// Another process took over.
    #[error("another process has taken the log over; this one signs nothing any more")]
    Overtaken,
    /// What the setting says is another log.
    #[error(transparent)]
    OtherLog(OtherLog),
    /// The folder knows more than the database.
    #[error(
        "the log is published up to {published} leaves and the database knows of {known}: a former state of the database \
         was brought back by hand. Signing would fork the log; bring a backup back with `xinlian restore`, which begins another"
    )]
    Ahead {
        /// The size in the folder.
        published: u64,
        /// The size in the database.
        known: u64,
    },
    /// The checkpoint in the folder is none of this log.
    #[error("`{0}` is not a checkpoint of this store's log; move the folder away, and it is written again")]
    OtherCheckpoint(String),
    /// An entry that was appended is not there.
    #[error("leaf {0} has no record in the database; run `xinlian verify`")]
    Gap(u64),
    /// The records do not lead to the signed root.
    #[error(
        "the log does not come to what was signed: {0}. Run `xinlian verify`, which names every difference"
    )]
    Damaged(String),
    /// Something is not in its format.
    #[error(transparent)]
    Format(#[from] FormatFault),
    /// Nothing was signed.
    #[error(transparent)]
    Signer(#[from] SignerFault),
    /// Something else than the batch was signed.
    #[error(transparent)]
    Unfit(#[from] UnfitCheckpoint),
}

/// A log keeps its origin for good.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this store's log is `{held}` for good, and the setting says `{wanted}`; set `[ledger] origin` back")]
pub struct OtherLog {
    /// Under which it signs.
    pub held: Origin,
    /// What the setting says.
    pub wanted: Origin,
}
