//! What the database says.

use std::cmp::Ordering;
use std::time::Duration;

use store::{Clock, Store, StoreError};

use super::Finding;
use crate::place::StoreArgs;

/// Whoever wants to write should have their turn by then.
const WRITE_TIME: Duration = Duration::from_secs(5);
/// Everything should be recomputed once in so many days.
const VERIFY_DAYS: i64 = 35;
/// Two clocks that differ by more are not the same.
const CLOCKS_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// Every check that asks the database.
pub(super) async fn all(args: &StoreArgs) -> Vec<Finding> {
    // Looked at first without opening the store, which would bring its tables up to date.
    match Store::schema_at(&args.place()).await {
        Err(error) => return vec![Finding::fault("database", error.to_string(), help_of(&error))],
        Ok(schema) => {
            let (applied, known) = (schema.applied, schema.known);
            let says = format!("the tables are of version {applied}, the program of {known}");
            match applied.cmp(&known) {
                Ordering::Equal => {}
                Ordering::Less => {
                    let help = "take a backup with the program of before; the next start brings the tables up to date";
                    return vec![Finding::warn("migrations", says, help)];
                }
                Ordering::Greater => {
                    return vec![Finding::fault(
                        "migrations",
                        says,
                        "install the later program again",
                    )];
                }
            }
        }
    }
    let store = match args.open().await {
        Ok(store) => store,
        Err(error) => {
            let help = "see the message; without its own key file nothing can be read";
            return vec![Finding::fault("database", format!("{error:#}"), help)];
        }
    };
    let mut found = vec![Finding::ok(
        "migrations",
        "the tables are those that the program knows",
    )];
    for checked in [
        database(&store).await,
        writer(&store).await,
        clock(&store).await,
        verified(&store).await,
        figures(&store).await,
    ] {
        match checked {
            Ok(finding) => found.push(finding),
            Err(error) => found.push(Finding::fault("database", error.to_string(), help_of(&error))),
        }
    }
    store.close().await;
    found
}

fn help_of(error: &StoreError) -> &'static str {
    match error {
        StoreError::NoStore(_) => {
            "make one with `xinlian init`, or say where it is with `--data` or `--database`"
        }
        _ => "see whether the database runs, and may be reached from here",
    }
}

async fn database(store: &Store) -> Result<Finding, StoreError> {
    let version = store.database_version().await?;
    let settings = store.unsafe_settings().await?;
    Ok(if settings.is_empty() {
        Finding::ok("database", version)
    } else {
        Finding::fault(
            "database",
            format!("{version}: {}", settings.join(", ")),
            "turn it on: what was acknowledged could be lost when the power fails",
        )
    })
}

async fn writer(store: &Store) -> Result<Finding, StoreError> {
    Ok(match tokio::time::timeout(WRITE_TIME, store.try_write()).await {
        Ok(wrote) => {
            wrote?;
            Finding::ok("writer", "who writes gets their turn")
        }
        Err(_) => Finding::warn(
            "writer",
            format!("nobody else could write for {} s", WRITE_TIME.as_secs()),
            "wait, if `verify`, `rebuild` or an import is running; else see who holds the database",
        ),
    })
}

async fn clock(store: &Store) -> Result<Finding, StoreError> {
    let marks = store.clock_marks().await?;
    let now = Clock::System.now_ms();
    let help = "set the clock, e.g. by systemd-timesyncd or chrony: days and deadlines follow from it";
    Ok(if marks.last_ms > now + CLOCKS_MS {
        let last = Clock::minute_of(marks.last_ms);
        Finding::fault(
            "clock",
            format!("it is behind: something was written at {last}"),
            help,
        )
    } else if marks
        .of_database_ms
        .is_some_and(|other| (other - now).abs() > CLOCKS_MS)
    {
        Finding::warn(
            "clock",
            "it differs from the database's by more than a minute",
            help,
        )
    } else {
        Finding::ok("clock", format!("{} in Asia/Shanghai", Clock::minute_of(now)))
    })
}

async fn verified(store: &Store) -> Result<Finding, StoreError> {
    let help = "run `xinlian verify`, best every month; writing waits meanwhile";
    let Some(last) = store.last_verify().await? else {
        return Ok(Finding::warn("verify", "it was never run here", help));
    };
    let says = format!(
        "{} records on {}, {} differences",
        last.records,
        Clock::minute_of(last.at_ms),
        last.differences
    );
    let days = (Clock::System.now_ms() - last.at_ms) / DAY_MS;
    Ok(if last.differences > 0 {
        let help = "run it again and read what differs; keep the newest backup; `xinlian rebuild` mends projections only";
        Finding::fault("verify", says, help)
    } else if days > VERIFY_DAYS {
        Finding::warn("verify", format!("{says}, {days} days ago"), help)
    } else {
        Finding::ok("verify", says)
    })
}

async fn figures(store: &Store) -> Result<Finding, StoreError> {
    let figures = store.figures().await?;
    let says = format!(
        "{} files wait, {} changes to be told",
        figures.jobs_waiting, figures.pushes_due
    );
    Ok(if figures.pushes_given_up > 0 {
        let says = format!("{says}, {} given up", figures.pushes_given_up);
        Finding::warn(
            "queues",
            says,
            "see `xinlian webhook list`: a department's system does not take them",
        )
    } else {
        Finding::ok("queues", says)
    })
}
