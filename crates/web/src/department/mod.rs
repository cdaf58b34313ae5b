//! The department desk: hand in, see what came of it, confirm, link.

pub(crate) mod confirm;
pub(crate) mod confirm_list;
pub(crate) mod home;
pub(crate) mod link;
pub(crate) mod submission;
pub(crate) mod submissions;
pub(crate) mod unlinked;
pub(crate) mod upload;

use crate::view::Tone;

/// The five counts of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    /// All rows: the sum of the others.
    pub(crate) rows: u64,
    /// Taken in and in force.
    pub(crate) accepted: u64,
    /// Taken in, waiting for a second officer.
    pub(crate) pending: u64,
    /// Held already.
    pub(crate) duplicate: u64,
    /// Taken in without a subject.
    pub(crate) unlinked: u64,
    /// Sent back.
    pub(crate) refused: u64,
}

/// One fault of one row, as a page shows it.
#[derive(Debug, Clone)]
pub(crate) struct ErrorRow {
    /// The row in the file.
    pub(crate) row: u64,
    /// The column's heading.
    pub(crate) column: String,
    /// What stands there.
    pub(crate) value: String,
    /// The stable code.
    pub(crate) code: String,
    /// What is wrong and what to do.
    pub(crate) says: String,
    /// Whether it may be right after all.
    pub(crate) soft: bool,
}

/// One submission in a list.
#[derive(Debug, Clone)]
pub(crate) struct SubmissionRow {
    /// Its number.
    pub(crate) id: u64,
    /// The file's name.
    pub(crate) file: String,
    /// The layout's name.
    pub(crate) layout: String,
    /// When it was handed in.
    pub(crate) when: String,
    /// By whom.
    pub(crate) officer: String,
    /// How many rows.
    pub(crate) rows: String,
    /// How many were sent back.
    pub(crate) refused: String,
    /// Where it stands.
    pub(crate) state: String,
    /// How that is coloured.
    pub(crate) tone: Tone,
}

#[cfg(test)]
impl Counts {
    pub(crate) fn sample() -> Self {
        Self {
            rows: 1204,
            accepted: 0,
            pending: 1173,
            duplicate: 14,
            unlinked: 9,
            refused: 8,
        }
    }
}

#[cfg(test)]
impl ErrorRow {
    pub(crate) fn samples() -> Vec<Self> {
        [("DATE-INVALID", "2026年13月2日", false), ("UNIT", "", true)]
            .map(|(code, value, soft)| Self {
                row: 37,
                column: "CF_JDRQ".into(),
                value: value.into(),
                code: code.into(),
                says: "没有 13 月；请核对决定书".into(),
                soft,
            })
            .into()
    }
}

#[cfg(test)]
impl SubmissionRow {
    pub(crate) fn samples() -> Vec<Self> {
        vec![Self {
            id: 12,
            file: "2026年11月处罚.csv".into(),
            layout: "行政处罚 双公示 2018 版".into(),
            when: "今天 09:41".into(),
            officer: "陈科员".into(),
            rows: "1,204".into(),
            refused: "8".into(),
            state: "待复核".into(),
            tone: Tone::Late,
        }]
    }
}
