//! The nightly run: what only time changes is caught. Decisions compute when they are asked, so nothing of anyone goes stale; what is counted
//! over everyone does, and is worked out anew here.
//!
//! Each step can be cut off and taken again: arrivals are counted on from where they were, the mirror is replaced whole, statistics are kept by
//! day, and a run that is done is noted as an administrative act.

use std::path::Path;
use std::time::Duration;

use batch::{Outcome, TOLD_LEAST};
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use store::{Clock, LastNightly, ShareDone, Store};

use crate::office::monthly::make_reports;
use crate::state::App;
use crate::statistics::{RunFault, make_statistics, rate_all};

/// So often it is looked whether it is time.
const LOOKS_EVERY: Duration = Duration::from_secs(20);
/// After a run that failed the next one waits so long.
const REST: SignedDuration = SignedDuration::from_mins(30);

/// Rates everyone for today, works the statistics out and keeps them, makes the monthly reports that are due, and notes that. `None` if a run of
/// today has done so and nothing came in since.
///
/// # Errors
/// When the store fails, or the mirror cannot be made or read.
pub async fn run_nightly(
    store: &Store,
    folder: &Path,
    told: impl FnMut(ShareDone),
) -> Result<Option<LastNightly>, RunFault> {
    let (now, last) = (store.now_as_of().await?, store.last_nightly().await?);
    let kept = store.statistics().await?;
    let kept_today = kept.is_some_and(|kept| kept.day == now.on && kept.known == now.known);
    let of_today = |last: &&LastNightly| day_of(last.at_ms) == now.on;
    if kept_today
        && last
            .as_ref()
            .is_some_and(|last| of_today(&last) && last.known == now.known)
    {
        return Ok(None);
    }
    let made = make_statistics(store, folder, told).await?;
    // A second run of a day compares with the same day as the first.
    let since = match &last {
        Some(last) if of_today(&last) => last.since,
        Some(last) => day_of(last.at_ms),
        None => now.on.yesterday().unwrap_or(now.on),
    };
    let before = rate_all(&made.bundle, &made.mirror, since).await?;
    let figures = serde_json::to_string(&made.statistics).unwrap_or_default();
    store
        .keep_statistics(made.as_of.known, made.bundle.edition(), &figures)
        .await?;
    make_reports(store).await?;
    let moved = moved(&before, &made.outcomes);
    let rated = made.outcomes.iter().filter(|one| one.rating.is_ok()).count();
    let done = LastNightly {
        at_ms: store.clock().now_ms(),
        known: made.as_of.known,
        rated: u64::try_from(rated).unwrap_or(u64::MAX),
        since,
        moved: Some(moved).filter(|moved| *moved == 0 || *moved >= TOLD_LEAST),
    };
    store.note_nightly(&done).await?;
    Ok(Some(done))
}

/// How many have another letter, or are rated on one of the two days alone. Both are of the same records and rules: only time differs.
fn moved(before: &[Outcome], after: &[Outcome]) -> u64 {
    let letter = |one: &Outcome| one.rating.as_ref().ok().map(|rated| (rated.card, rated.letter));
    let both = before.iter().zip(after);
    let moved = both.filter(|(was, is)| letter(was) != letter(is)).count();
    u64::try_from(moved).unwrap_or(u64::MAX)
}

fn day_of(at_ms: i64) -> Date {
    Clock::day_of(Timestamp::from_millisecond(at_ms).unwrap_or_default())
}

/// Runs once a day from this time on; at the start what was missed.
pub(crate) async fn keep_running(app: App, at: Time) {
    let mut rests_until = Timestamp::MIN;
    loop {
        let now = app.store.clock().now();
        if now >= rests_until && is_due(&app, at).await {
            // One run over everyone at a time.
            let _turn = app.simulation_gate.lock().await;
            match run_nightly(&app.store, &app.mirrors, |_| {}).await {
                Ok(Some(done)) => tracing::info!(rated = done.rated, "the nightly run is done"),
                Ok(None) => {}
                Err(fault) => {
                    tracing::error!(%fault, "the nightly run failed");
                    rests_until = now.saturating_add(REST).unwrap_or(Timestamp::MAX);
                }
            }
        }
        tokio::time::sleep(LOOKS_EVERY).await;
    }
}

async fn is_due(app: &App, at: Time) -> bool {
    match app.store.last_nightly().await {
        Ok(last) => missed(app.store.clock().now(), at, last.map(|last| last.at_ms)),
        Err(error) => {
            tracing::error!(%error, "when the last nightly run was cannot be read");
            false
        }
    }
}

/// Whether the last time of day at which one was due has passed without one.
fn missed(now: Timestamp, at: Time, last_ms: Option<i64>) -> bool {
    let today = Clock::day_of(now);
    let midnight = |day: Date| Clock::midnight_ms(day);
    let into_day = i64::from(at.hour()) * 3_600_000 + i64::from(at.minute()) * 60_000;
    let due_today = midnight(today) + into_day;
    let due = if due_today <= now.as_millisecond() {
        due_today
    } else {
        midnight(today.yesterday().unwrap_or(today)) + into_day
    };
    last_ms.is_none_or(|last| last < due)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_due_once_a_day_and_a_missed_one_at_once() {
        let at = Time::constant(2, 30, 0, 0);
        let of = |text: &str| text.parse::<Timestamp>().unwrap();
        // In Asia/Shanghai half past two is half past six of the evening before.
        for (now, last, expect) in [
            ("2026-11-23T01:41:00Z", None, true),
            ("2026-11-23T01:41:00Z", Some("2026-11-22T18:30:01Z"), false),
            ("2026-11-23T18:29:59Z", Some("2026-11-22T18:30:01Z"), false),
            ("2026-11-23T18:30:00Z", Some("2026-11-22T18:30:01Z"), true),
            ("2026-11-23T01:41:00Z", Some("2026-11-22T18:00:00Z"), true),
        ] {
            let last = last.map(|last| of(last).as_millisecond());
            assert_eq!(missed(of(now), at, last), expect, "{now}");
        }
    }
}
