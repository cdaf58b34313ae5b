//! The credit office: the whole of the district in counts, queues and rules. Nobody's file is opened here, and nothing on these
//! pages says who anybody is.

pub(crate) mod announcement;
pub(crate) mod announcements;
pub(crate) mod editions;
pub(crate) mod health;
pub(crate) mod home;
pub(crate) mod monthly;
pub(crate) mod queue;
pub(crate) mod rules;
pub(crate) mod sources;
pub(crate) mod staff;

use std::sync::Arc;

use assess::Level;
use record::{Date, SourceCode};
use store::{Holdings, Page, PleaInfo};

use crate::department::owed::{due, is_late};
use crate::error::Fault;
use crate::view::{Desk, NavItem, Shell};
use crate::visit::Visit;

/// How long counts over everything are kept, in milliseconds: they read every row.
const COUNTS_KEPT_MS: i64 = 5 * 60_000;

/// The frame of a page of this desk.
pub(crate) fn shell(visit: &Visit, current: &str) -> Shell {
    let item = |href, key| NavItem::of(visit.lang, href, key, current);
    Shell {
        nav: vec![
            item("/office", "nav-overview"),
            item("/office/queue", "nav-queue"),
            item("/office/reports", "nav-monthly"),
            item("/office/announcements", "nav-announcements"),
            item("/office/rules", "nav-rules"),
            item("/office/editions", "nav-editions"),
            item("/office/sources", "nav-sources"),
            item("/office/staff", "nav-staff"),
            item("/office/health", "nav-health"),
        ],
        ..visit.shell(Desk::Office)
    }
}

/// What is held, as it was counted at most a few minutes ago.
pub(crate) async fn holdings(visit: &Visit) -> Result<Arc<Holdings>, Fault> {
    let now = visit.now.as_millisecond();
    if let Some(held) = visit.app.held(now - COUNTS_KEPT_MS) {
        return Ok(held);
    }
    let counted = visit.store().holdings().await.map_err(Fault::internal)?;
    let counted = Arc::new(counted);
    visit.app.set_held(now, Arc::clone(&counted));
    Ok(counted)
}

/// What one department has waiting.
pub(crate) struct Queue {
    /// Which department.
    pub(crate) source: SourceCode,
    /// Objections and applications for repair.
    pub(crate) pleas: Vec<PleaInfo>,
    /// Of these, those whose day is over.
    pub(crate) late: u64,
    /// Hand-ins that wait for a second officer.
    pub(crate) to_confirm: u64,
    /// The oldest of them, in milliseconds since 1970 UTC.
    pub(crate) oldest_ms: Option<i64>,
    /// Records that belong to nobody yet.
    pub(crate) unlinked: u64,
}

/// What every department has waiting.
pub(crate) async fn queues(visit: &Visit) -> Result<Vec<Queue>, Fault> {
    let mut queues = Vec::new();
    // What persons and companies do themselves waits at no department.
    let departments = visit.bundle.sources();
    let departments = departments.filter(|source| source.level != Level::Subject);
    for source in departments {
        let code = &source.code;
        let store = visit.store();
        let pleas = store.open_pleas(code).await.map_err(Fault::internal)?;
        let pending = store.pending_submissions(code).await.map_err(Fault::internal)?;
        let unlinked = store.unlinked(code, Page::new(1, 1)).await;
        let late = pleas.iter().filter(|plea| is_late(visit, plea)).count();
        queues.push(Queue {
            source: code.clone(),
            late: count(late),
            pleas,
            to_confirm: count(pending.len()),
            oldest_ms: pending.iter().map(|info| info.received_ms).min(),
            unlinked: unlinked.map_err(Fault::internal)?.total,
        });
    }
    Ok(queues)
}

/// The day by which a plea is answered; the last there is for one without a deadline.
pub(crate) fn due_day_of(visit: &Visit, plea: &PleaInfo) -> Date {
    due(visit, plea).map_or(Date::MAX, |due| due.on)
}

pub(crate) fn count(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
