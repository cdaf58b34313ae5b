//! What a record is worth on a day, before anything is concluded from it.

use jiff::civil::Date;
use record::RecordNumber;
use serde::Serialize;

/// What a known record is worth on the day asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Standing {
    /// In force.
    Counts,
    /// Adverse, and not yet confirmed by a second officer, or without the document it needs.
    Pending,
    /// Would be an entry of a list whose procedure is not through: not yet decided and served, or not as
    /// its list demands. Without effect.
    Underway,
    /// Objected to: shown as disputed, and suspended in grades until answered.
    Disputed {
        /// The objection.
        by: RecordNumber,
    },
    /// Over since this day.
    Ended {
        /// The first day without effect.
        on: Date,
    },
    /// Repaired (信用修复): display, sharing and use have stopped.
    Repaired {
        /// The repair.
        by: RecordNumber,
    },
    /// Another record stands in its place.
    Corrected {
        /// The correction.
        by: RecordNumber,
    },
    /// Taken back, or for a consent or an appointment revoked; also by the answer that upheld an objection.
    Withdrawn {
        /// What took it back.
        by: RecordNumber,
    },
    /// Has not happened yet on the day asked about.
    Future,
    /// Adverse, and the person was under 18 when it happened: it never counts (guard 13).
    Juvenile,
    /// Its item is not in the catalogue in force: without effect.
    Uncatalogued,
}

impl Standing {
    /// Its code in locale keys.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::Pending => "pending",
            Self::Underway => "underway",
            Self::Disputed { .. } => "disputed",
            Self::Ended { .. } => "ended",
            Self::Repaired { .. } => "repaired",
            Self::Corrected { .. } => "corrected",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Future => "future",
            Self::Juvenile => "juvenile",
            Self::Uncatalogued => "uncatalogued",
        }
    }
}
