//! What became of records that this department holds of others: told at once, and put right within a day.

use axum::response::Response;
use record::RecordNumber;
use serde::Deserialize;
use store::{ActFault, Change, StoreError};

use super::{HOME, item_name};
use crate::department::officer;
use crate::error::Fault;
use crate::extract::Form;
use crate::page::see;
use crate::view::{Tone, act_fault};
use crate::visit::Visit;

/// One change, as both sides see it.
pub(crate) struct ChangeRow {
    pub(super) share: u64,
    pub(super) record: u64,
    pub(super) change: u64,
    pub(super) item: String,
    pub(super) other: String,
    pub(super) kind: String,
    /// What the recipient has to do.
    pub(super) does: String,
    pub(super) when: String,
    pub(super) state: String,
    pub(super) tone: Tone,
    pub(super) open: bool,
}

/// What waits for this department.
pub(super) async fn to_put_right(visit: &Visit) -> Result<Vec<ChangeRow>, Fault> {
    let (_, source) = officer(visit)?;
    let found = visit
        .store()
        .changes_to_put_right(source, None, store::CHANGES_MOST)
        .await;
    let found = found.map_err(Fault::internal)?;
    Ok(found.iter().map(|change| row(visit, change, true)).collect())
}

/// A line about a change; of the recipient's own, the other side is the owner.
pub(super) fn row(visit: &Visit, change: &Change, own: bool) -> ChangeRow {
    let lang = visit.lang;
    let (state, tone) = match change.acknowledged {
        Some(_) => (lang.t("change-put-right"), Tone::Good),
        None if change.is_late(visit.now) => (lang.t("change-late"), Tone::Bad),
        None => {
            let due = visit.moment(change.due_ms);
            (lang.with("change-due", &[("when", &due)]), Tone::Late)
        }
    };
    ChangeRow {
        share: change.share.0,
        record: change.record.0,
        change: change.by.0,
        item: item_name(visit, &change.item),
        other: visit.source_name(if own { &change.owner } else { &change.recipient }),
        kind: lang.t(&format!("change-{}", change.kind.code())),
        does: lang.t(&format!("change-{}-do", change.kind.code())),
        when: visit.moment(change.at_ms),
        state,
        tone,
        open: change.acknowledged.is_none(),
    }
}

#[derive(Deserialize)]
pub(crate) struct PutRight {
    share: u64,
    record: u64,
    change: u64,
    #[serde(default)]
    how: String,
}

/// `POST /department/sharing/changes`: an officer says that it was put right, and how.
pub(crate) async fn put_right(visit: Visit, Form(form): Form<PutRight>) -> Result<Response, Fault> {
    let (by, source) = officer(&visit)?;
    let done = visit
        .store()
        .acknowledge(
            RecordNumber(form.share),
            RecordNumber(form.record),
            RecordNumber(form.change),
            by,
            source,
            &form.how,
        )
        .await;
    match done {
        Ok(_) | Err(StoreError::Act(ActFault::AlreadyAnswered)) => Ok(see(HOME)),
        Err(StoreError::NotFound) => Err(Fault::NotFound),
        Err(StoreError::Act(fault)) => Err(Fault::Conflict(act_fault(visit.lang, &fault))),
        Err(error) => Err(Fault::internal(error)),
    }
}

#[cfg(test)]
impl ChangeRow {
    pub(super) fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        use store::ChangeKind::{Answered, Corrected, Disputed, Ended, Repaired, Unlinked, Withdrawn};
        let kinds = [
            Corrected, Withdrawn, Disputed, Answered, Repaired, Unlinked, Ended,
        ];
        let numbers = 1..;
        let row = |(number, kind): (u64, store::ChangeKind)| Self {
            share: 12,
            record: number,
            change: 1204,
            item: "行政处罚（一般）".into(),
            other: "禅城区市场监督管理局".into(),
            kind: lang.t(&format!("change-{}", kind.code())),
            does: lang.t(&format!("change-{}-do", kind.code())),
            when: "今天 09:41".into(),
            state: lang.t("change-late"),
            tone: Tone::Bad,
            open: kind != Corrected,
        };
        numbers.zip(kinds).map(row).collect()
    }
}
