//! The department desk: hand in, see what came of it, confirm, link.

pub(crate) mod columns;
pub(crate) mod confirm;
pub(crate) mod confirm_list;
pub(crate) mod home;
pub(crate) mod link;
pub(crate) mod merge;
pub(crate) mod merges;
pub(crate) mod owed;
pub(crate) mod own_record;
pub(crate) mod plea;
pub(crate) mod preview;
pub(crate) mod proposal;
pub(crate) mod quality;
pub(crate) mod representative;
pub(crate) mod representatives;
pub(crate) mod sharing;
pub(crate) mod submission;
pub(crate) mod submissions;
pub(crate) mod undo;
pub(crate) mod unlinked;
pub(crate) mod upload;
pub(crate) mod waiting;
pub(crate) mod whole;

use std::sync::Arc;

use exchange::{Layout, Layouts, Report, RowError};
use record::{CaseNumber, LayoutCode, OfficerId, SourceCode, SubjectId};
use store::{Door, NewLook, Page, SubmissionInfo, SubmissionState, Viewer};

use crate::error::Fault;
use crate::lang::Lang;
use crate::view::{Desk, NavItem, Shell, Tone, grouped};
use crate::visit::Visit;

/// The officer and the department.
pub(crate) fn officer(visit: &Visit) -> Result<(&OfficerId, &SourceCode), Fault> {
    visit.permit.staff().ok_or(Fault::Forbidden)
}

/// A look of the officer's at somebody's file, to be written before anything of it is shown (guard 9). The case is the
/// department's own: its code, and what is given of it.
pub(crate) fn new_look(
    visit: &Visit,
    subject: SubjectId,
    case: &str,
    what: String,
) -> Result<NewLook, Fault> {
    let (officer, source) = officer(visit)?;
    Ok(NewLook {
        viewer: Viewer::staff(officer.clone(), source.clone(), Door::Department),
        subject,
        purpose: visit.permit.purpose().ok_or(Fault::Forbidden)?,
        case: CaseNumber::new(format!("{source}{case}")).ok(),
        what,
    })
}

/// The layouts of the rules in force.
pub(crate) fn layouts(visit: &Visit) -> Result<Arc<Layouts>, Fault> {
    visit.app.layouts(&visit.bundle).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Fault::Internal(faults.join("; "))
    })
}

/// What waits for this officer.
pub(crate) struct Due {
    /// Submissions of colleagues to confirm.
    pub(crate) to_confirm: u64,
    /// Submissions of one's own that wait for a colleague.
    pub(crate) waiting: u64,
    /// Records without a subject.
    pub(crate) unlinked: u64,
    /// Objections and applications for repair to answer.
    pub(crate) owed: u64,
    /// Of these, those whose day is over.
    pub(crate) late: u64,
    /// How long there is for the first of them.
    pub(crate) soonest: Option<(String, Tone)>,
    /// Applications of other departments, and changes to put right.
    pub(crate) sharing: u64,
    /// Representatives whom colleagues named, if this department keeps a register.
    pub(crate) namings: u64,
}

/// Counts what waits.
pub(crate) async fn due(visit: &Visit) -> Result<Due, Fault> {
    let (officer, source) = officer(visit)?;
    let pending = visit
        .store()
        .pending_submissions(source)
        .await
        .map_err(Fault::internal)?;
    let unlinked = visit.store().unlinked(source, Page::new(1, 1)).await;
    let owed = visit.store().open_pleas(source).await.map_err(Fault::internal)?;
    let late = owed.iter().filter(|plea| owed::is_late(visit, plea)).count();
    let own = pending.iter().filter(|info| is_own(info, officer)).count();
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let namings = if founds(visit)? {
        visit.store().namings(source).await.map_err(Fault::internal)?
    } else {
        Vec::new()
    };
    Ok(Due {
        namings: count(namings.iter().filter(|one| one.waits_for(officer)).count()),
        to_confirm: count(pending.len() - own),
        waiting: count(own),
        unlinked: unlinked.map_err(Fault::internal)?.total,
        owed: count(owed.len()),
        late: count(late),
        soonest: owed
            .iter()
            .filter_map(|plea| owed::due(visit, plea))
            .min_by_key(|due| due.on)
            .map(|due| owed::left(visit, due)),
        sharing: sharing::waiting(visit).await?,
    })
}

/// Whether what waits of a hand-in waits for somebody else than this officer.
pub(crate) fn is_own(info: &SubmissionInfo, officer: &OfficerId) -> bool {
    match &info.state {
        SubmissionState::Undoing { by, .. } => by == officer,
        _ => info.officer == *officer,
    }
}

/// The frame of a page of this desk, with what waits beside its places.
pub(crate) async fn shell(visit: &Visit, current: &str) -> Result<Shell, Fault> {
    shell_with(visit, current, &due(visit).await?)
}

/// The same, of a page that has asked what is due already.
pub(crate) fn shell_with(visit: &Visit, current: &str, due: &Due) -> Result<Shell, Fault> {
    let item = |href, key, count| NavItem::of(visit.lang, href, key, current).counting(count);
    let mut nav = vec![
        item("/department", "nav-due", 0),
        item("/department/due", "nav-owed", due.owed),
        item("/department/confirm", "nav-confirm", due.to_confirm),
        item("/department/unlinked", "nav-unlinked", due.unlinked),
        item("/department/sharing", "nav-sharing", due.sharing),
        item("/department/upload", "nav-upload", 0),
        item("/department/submissions", "nav-history", 0),
        item("/department/records", "nav-records", 0),
        item("/department/quality", "nav-quality", 0),
    ];
    // Only a register can say that two of its entries are one, and who represents whom.
    if founds(visit)? {
        nav.push(item("/department/merges", "nav-merges", 0));
        nav.push(item(
            "/department/representatives",
            "nav-representatives",
            due.namings,
        ));
    }
    Ok(Shell {
        nav,
        ..visit.shell(Desk::Department)
    })
}

/// Whether this department keeps a base register.
fn founds(visit: &Visit) -> Result<bool, Fault> {
    let (_, source) = officer(visit)?;
    let items = visit.bundle.source(source).map(|source| &source.items);
    let mut items = items.into_iter().flatten();
    Ok(items.any(|item| visit.bundle.item(item).is_some_and(|item| item.founds)))
}

/// The name of a layout.
pub(crate) fn layout_name(visit: &Visit, layouts: &Layouts, code: Option<&LayoutCode>) -> String {
    let Some(code) = code else {
        return visit.lang.t("submission-any-file");
    };
    let found = layouts.get(code);
    found.map_or_else(|| code.to_string(), |layout| visit.lang.of(layout.name()))
}

/// The file's name, or what stands for it.
pub(crate) fn file_name(visit: &Visit, info: &SubmissionInfo) -> String {
    let name = info.file_name.clone();
    name.unwrap_or_else(|| visit.lang.t("submission-any-file"))
}

/// The rows of a list of submissions.
pub(crate) async fn submission_rows(
    visit: &Visit,
    found: Vec<SubmissionInfo>,
) -> Result<Vec<SubmissionRow>, Fault> {
    let layouts = layouts(visit)?;
    let mut rows = Vec::with_capacity(found.len());
    for info in found {
        let (state, tone) = match info.state {
            SubmissionState::Open => ("submission-running", Tone::Off),
            SubmissionState::Waiting => ("submission-pending", Tone::Late),
            SubmissionState::Undoing { .. } => ("submission-undoing", Tone::Late),
            SubmissionState::Undone { .. } => ("submission-undone", Tone::Off),
            SubmissionState::Done | SubmissionState::Confirmed { .. } => ("submission-complete", Tone::Good),
        };
        rows.push(SubmissionRow {
            id: info.id.0,
            file: file_name(visit, &info),
            layout: layout_name(visit, &layouts, info.layout.as_ref()),
            when: visit.moment(info.received_ms),
            officer: visit.app.officer_name(&info.officer).await,
            rows: grouped(info.totals.rows),
            refused: grouped(info.totals.refused),
            state: visit.lang.t(state),
            tone,
        });
    }
    Ok(rows)
}

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
    /// What the column is, if the layout knows it.
    pub(crate) column: String,
    /// Its official code, or the heading in the file.
    pub(crate) column_code: String,
    /// What stands there.
    pub(crate) value: String,
    /// The stable code.
    pub(crate) code: String,
    /// What is wrong and what to do.
    pub(crate) says: String,
    /// Whether it may be right after all.
    pub(crate) soft: bool,
}

/// Something that refuses no row but should be known.
#[derive(Debug, Clone)]
pub(crate) struct NoteView {
    /// The stable code.
    pub(crate) code: String,
    /// What it is.
    pub(crate) says: String,
    /// How many rows have it, and the first of them.
    pub(crate) rows: String,
}

/// The view of a fault.
pub(crate) fn error_row(lang: Lang, layout: Option<&Layout>, error: &RowError) -> ErrorRow {
    let column = layout.and_then(|layout| layout.column(&error.column));
    ErrorRow {
        row: error.row.into(),
        column: column.map(|column| lang.of(column.name())).unwrap_or_default(),
        column_code: error.column.clone(),
        value: error.value.clone(),
        code: error.code.clone(),
        says: error.message_of(lang.code()).to_owned(),
        soft: error.code == "CONFLICT",
    }
}

/// The views of a report's notes.
pub(crate) fn notes(lang: Lang, report: &Report) -> Vec<NoteView> {
    let view = |note: &exchange::Note| {
        let values = [
            ("rows", grouped(note.rows.into())),
            ("row", grouped(note.row.into())),
        ];
        NoteView {
            code: note.code.clone(),
            says: match lang {
                Lang::Zh => note.message.clone(),
                Lang::En => note.message_en.clone(),
            },
            rows: lang.with(
                "note-rows",
                &values.each_ref().map(|(name, value)| (*name, value.as_str())),
            ),
        }
    };
    report.notes.iter().map(view).collect()
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

impl From<&Report> for Counts {
    fn from(report: &Report) -> Self {
        Self {
            rows: report.rows.into(),
            accepted: report.accepted.into(),
            pending: report.pending.into(),
            duplicate: report.duplicate.into(),
            unlinked: report.unlinked.into(),
            refused: report.refused.into(),
        }
    }
}

impl From<store::SubmissionTotals> for Counts {
    fn from(totals: store::SubmissionTotals) -> Self {
        Self {
            rows: totals.rows,
            accepted: totals.accepted,
            pending: totals.pending,
            duplicate: totals.duplicate,
            unlinked: totals.unlinked,
            refused: totals.refused,
        }
    }
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
                column: if soft {
                    String::new()
                } else {
                    "处罚决定日期".into()
                },
                column_code: "CF_JDRQ".into(),
                value: value.into(),
                code: code.into(),
                says: "没有 13 月；请核对决定书".into(),
                soft,
            })
            .into()
    }
}

#[cfg(test)]
impl NoteView {
    pub(crate) fn samples(lang: Lang) -> Vec<Self> {
        vec![Self {
            code: "LATE".into(),
            says: "…".into(),
            rows: lang.with("note-rows", &[("rows", "3"), ("row", "7")]),
        }]
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
