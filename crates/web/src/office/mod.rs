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
pub(crate) mod simulation;
pub(crate) mod sources;
pub(crate) mod staff;

use assess::Level;
use record::{Date, SourceCode};
use store::{Holdings, PleaInfo};

use crate::department::owed::{due, is_late};
use crate::error::Fault;
use crate::view::{Desk, NavItem, Shell};
use crate::visit::Visit;

/// The frame of a page of this desk.
pub(crate) fn shell(visit: &Visit, current: &str) -> Shell {
    let item = |href, key| NavItem::of(visit.lang, href, key, current);
    Shell {
        nav: vec![
            item("/office", "nav-overview"),
            item("/office/queue", "nav-queue"),
            item("/office/reports", "nav-monthly"),
            item("/office/statistics", "nav-statistics"),
            item("/office/announcements", "nav-announcements"),
            item("/office/rules", "nav-rules"),
            item("/office/editions", "nav-editions"),
            item("/office/simulations", "nav-simulations"),
            item("/office/sources", "nav-sources"),
            item("/office/staff", "nav-staff"),
            item("/office/health", "nav-health"),
        ],
        ..visit.shell(Desk::Office)
    }
}

/// What is held.
pub(crate) async fn holdings(visit: &Visit) -> Result<Holdings, Fault> {
    visit.store().holdings().await.map_err(Fault::internal)
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
    let mut waiting = visit.store().queues().await.map_err(Fault::internal)?;
    // What persons and companies do themselves waits at no department.
    let departments = visit.bundle.sources();
    let departments = departments.filter(|source| source.level != Level::Subject);
    let queue = |source: &assess::Source| {
        let waits = waiting.remove(&source.code).unwrap_or_default();
        let late = waits.pleas.iter().filter(|plea| is_late(visit, plea)).count();
        Queue {
            source: source.code.clone(),
            late: count(late),
            pleas: waits.pleas,
            to_confirm: waits.to_confirm,
            oldest_ms: waits.oldest_ms,
            unlinked: waits.unlinked,
        }
    };
    Ok(departments.map(queue).collect())
}

/// The day by which a plea is answered; the last there is for one without a deadline.
pub(crate) fn due_day_of(visit: &Visit, plea: &PleaInfo) -> Date {
    due(visit, plea).map_or(Date::MAX, |due| due.on)
}

pub(crate) fn count(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
