//! Making simulations: one after the other, and after the program was cut off those that waited.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, PoisonError};

use assess::{Bundle, GroupLabels, Plan};
use batch::{
    BatchError, DayReport, DrawnExample, ListMove, Rules, Side, SimulationReport, Trial, cores, simulate,
};
use record::{AsOf, Date, SimulationId, SubjectId, TreeSize};
use segment::Mirror;
use store::{Store, StoreError};

use crate::state::App;

/// How far a simulation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SimulationStep {
    /// What is done: `mirror`, `draft`, `groups` or `rating`.
    pub what: &'static str,
    /// So many subjects.
    pub done: u64,
    /// Of so many.
    pub of: u64,
}

/// What came of a simulation.
#[derive(Debug, Clone)]
pub struct Simulated {
    /// What may be shown of it.
    pub report: SimulationReport,
    /// How much of the log was known.
    pub known: TreeSize,
    /// By its number in the report, whose each example is.
    pub examples: Vec<(u32, SubjectId)>,
}

/// Why there is no simulation.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimulationFault {
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The run failed.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// There is no day to ask about.
    #[error("no day is named on which to try it")]
    NoDay,
}

/// Tries a draft on everyone on some days, against the rules in force today. Mirrors lie in the folder; that of a draft which
/// changes how records stand is made for it and removed.
///
/// # Errors
/// When the store fails, a mirror cannot be made or read, or there is no day.
pub async fn simulate_rules(
    store: &Store,
    folder: &Path,
    draft: &Arc<Bundle>,
    days: &[Date],
    told: impl Fn(SimulationStep) + Send + Sync + 'static,
) -> Result<Simulated, SimulationFault> {
    let mut days = days.to_vec();
    days.sort_unstable();
    days.dedup();
    let last = days.last().copied().ok_or(SimulationFault::NoDay)?;
    let now = store.now_as_of().await?;
    let in_force = store.bundle(now).await?;
    let told = Arc::new(told);
    let step = |what| {
        let told = Arc::clone(&told);
        move |share: store::ShareDone| {
            told(SimulationStep {
                what,
                done: share.done,
                of: share.of,
            });
        }
    };
    let before = store
        .lasting_mirror(folder, &in_force, now.known, step("mirror"))
        .await?;
    let before = Arc::new(before);
    let scorecards_alone = Plan::serves(&in_force, draft);
    let after = if scorecards_alone {
        Arc::clone(&before)
    } else {
        Arc::new(
            store
                .draft_mirror(folder, draft, now.known, step("draft"))
                .await?,
        )
    };
    let lists = if scorecards_alone {
        None
    } else {
        let as_of = AsOf { on: last, ..now };
        Some(list_moves(store, &in_force, draft, as_of).await?)
    };
    let groups = store.group_labels(&days, now.known, step("groups")).await?;
    let seed = store.draw_seed()?;
    let rules = |bundle: &Bundle| Rules {
        edition: bundle.edition().to_owned(),
        digest: bundle.digest().to_string(),
    };
    let (was, is) = (rules(&in_force), rules(draft));
    let both = Both {
        bundles: (in_force, Arc::clone(draft)),
        mirrors: (before, after),
        seed,
    };
    let rated = tokio::task::spawn_blocking(move || rate_days(&both, &days, &groups, &*told));
    let (days, drawn) = rated.await.map_err(|_| BatchError::Thread)??;
    Ok(Simulated {
        report: SimulationReport {
            before: was,
            after: is,
            known: now.known.0,
            days,
            lists,
        },
        known: now.known,
        examples: drawn
            .into_iter()
            .map(|one| (one.number, SubjectId(one.subject)))
            .collect(),
    })
}

/// What one simulation rates by.
struct Both {
    bundles: (Arc<Bundle>, Arc<Bundle>),
    mirrors: (Arc<Mirror>, Arc<Mirror>),
    seed: [u8; 32],
}

/// Each day in turn. Examples are of the last one.
fn rate_days(
    both: &Both,
    days: &[Date],
    groups: &[HashMap<u64, GroupLabels>],
    told: &(dyn Fn(SimulationStep) + Sync),
) -> Result<(Vec<DayReport>, Vec<DrawnExample>), BatchError> {
    let each = both.mirrors.0.subjects().len() as u64;
    let mut reports: Vec<DayReport> = Vec::new();
    let mut drawn = Vec::new();
    for (on, groups) in days.iter().zip(groups) {
        let side = |bundle, mirror| Side { bundle, mirror };
        let trial = Trial {
            before: side(&both.bundles.0, &both.mirrors.0),
            after: side(&both.bundles.1, &both.mirrors.1),
            groups,
            threads: cores(),
            seed: both.seed,
        };
        for card in reports.iter_mut().flat_map(|day| &mut day.cards) {
            card.examples.clear();
        }
        let before = reports.len() as u64 * each;
        let of = days.len() as u64 * each;
        let (report, examples) = simulate(&trial, *on, |done| {
            told(SimulationStep {
                what: "rating",
                done: before + done,
                of,
            });
        })?;
        drawn = examples;
        reports.push(report);
    }
    Ok((reports, drawn))
}

async fn list_moves(
    store: &Store,
    in_force: &Bundle,
    draft: &Bundle,
    as_of: AsOf,
) -> Result<Vec<ListMove>, StoreError> {
    let moves = store.moves(in_force, draft, as_of).await?;
    let (mut gained, mut lost) = (BTreeMap::new(), BTreeMap::new());
    for of_kind in moves.into_values() {
        for (sums, counts) in [(&mut gained, of_kind.gained), (&mut lost, of_kind.lost)] {
            for (clause, count) in counts {
                *sums.entry(clause).or_default() += count;
            }
        }
    }
    Ok(ListMove::of(&gained, &lost))
}

/// Makes every simulation that waits, until none does. Whoever comes meanwhile waits, and finds nothing left.
pub(crate) async fn all(app: App) {
    let _turn = app.simulation_gate.lock().await;
    let waiting = match app.store.waiting_simulations().await {
        Ok(waiting) => waiting,
        Err(error) => return tracing::error!(%error, "what is to be simulated cannot be listed"),
    };
    for id in waiting {
        if let Err(fault) = make(&app, id).await {
            tracing::error!(simulation = id.0, %fault, "a simulation could not be made");
            let code = match fault {
                SimulationFault::Store(_) => "store",
                SimulationFault::Batch(_) => "run",
                SimulationFault::NoDay => "day",
            };
            if let Err(error) = app.store.fail_simulation(id, code).await {
                tracing::error!(simulation = id.0, %error, "that cannot be noted either");
            }
        }
        *app.simulating.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

async fn make(app: &App, id: SimulationId) -> Result<(), SimulationFault> {
    let Some(one) = app.store.simulation(id).await? else {
        return Ok(());
    };
    let draft = Arc::new(app.store.simulation_bundle(id).await?);
    let watched = app.clone();
    let told = move |step| {
        *watched.simulating.lock().unwrap_or_else(PoisonError::into_inner) = Some((id.0, step));
    };
    let made = simulate_rules(&app.store, &app.mirrors, &draft, &one.days, told).await?;
    let figures = serde_json::to_string(&made.report).unwrap_or_default();
    app.store
        .finish_simulation(id, made.known, &figures, &made.examples)
        .await?;
    Ok(())
}
