//! What all requests share.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use assess::{Bundle, PolicyFault};
use exchange::Layouts;
use identity::SessionHash;
use jiff::SignedDuration;
use record::{BundleDigest, OfficerId, Realm, SubjectId};
use store::Store;
use tokio::sync::{Mutex as AsyncMutex, Semaphore};

use crate::api::around::Pace;
use crate::audit::Asked;
use crate::config::{Config, DemoGuide, Running};
use crate::counter::CounterCase;
use crate::counter::objection::CounterObjection;
use crate::department::link::Candidate;
use crate::department::sharing::answer::KeptAnswer;
use crate::department::waiting::Upload;
use crate::my::repair_check::Draft;
use crate::office::simulation::SimulationStep;
use crate::ops::health::Health;
use crate::ops::metrics::Metrics;
use crate::ops::otlp::Otlp;
use crate::report::{FontFault, ReportFont, ReportSettings};
use crate::shelf::Shelf;

/// Shared state. Cloning gives another handle to the same one.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

/// Everything in it.
pub(crate) struct Inner {
    /// The store.
    pub(crate) store: Store,
    /// Whether cookies are `Secure`.
    pub(crate) secure_cookies: bool,
    /// The demo's guide, in a demo store only.
    pub(crate) demo: Option<DemoGuide>,
    /// Who reads workbooks.
    pub(crate) reader: exchange::Reader,
    /// How it is watched and ended.
    pub(crate) running: Running,
    /// How sealed reports are made.
    pub(crate) report: ReportSettings,
    /// Their font, once it was found.
    report_font: Mutex<Option<ReportFont>>,
    /// What was counted since it began.
    pub(crate) metrics: Metrics,
    /// Where traces wait, if they are sent anywhere.
    pub(crate) otlp: Option<Otlp>,
    /// What is remembered between two askings whether it is ready.
    pub(crate) health: Health,
    /// Files between upload and commit. In memory: identifiers in clear never touch a disk.
    pub(crate) uploads: Shelf<Arc<Upload>>,
    /// How many KiB of such files there may be in all.
    pub(crate) upload_kib: Arc<Semaphore>,
    /// Applicants at the counters.
    pub(crate) cases: Shelf<CounterCase>,
    /// Objections that are being entered at the counters.
    pub(crate) objections: Shelf<CounterObjection>,
    /// Subjects that an officer has found for an unlinked record.
    pub(crate) candidates: Shelf<Candidate>,
    /// Two subjects that an officer has found to be one.
    pub(crate) pairs: Shelf<(SubjectId, SubjectId)>,
    /// Answers of other departments that wait to be read.
    pub(crate) answers: Shelf<Arc<KeptAnswer>>,
    /// At whom an auditor asks who looked, and in which case.
    pub(crate) asked: Shelf<Asked>,
    /// Applications for repair that are checked before they are sent. In memory: what is not sent touches no disk.
    pub(crate) repairs: Shelf<Arc<Draft>>,
    /// Reports that wait to be taken away. In memory: they touch no disk.
    pub(crate) reports: Shelf<Arc<Vec<u8>>>,
    /// Which pages of a submission's evidence an officer has opened.
    pub(crate) opened: Shelf<BTreeSet<u32>>,
    /// One file that was handed over is taken in at a time.
    pub(crate) job_gate: AsyncMutex<()>,
    /// How far each of them is: rows done, of how many.
    progress: Mutex<HashMap<u64, (u64, u64)>>,
    /// The folder of packed mirrors.
    pub(crate) mirrors: PathBuf,
    /// One simulation is made at a time.
    pub(crate) simulation_gate: AsyncMutex<()>,
    /// How far it is.
    pub(crate) simulating: Mutex<Option<(u64, SimulationStep)>>,
    /// At what pace keys ask.
    pub(crate) pace: Pace,
    /// One password is checked at a time: it costs tens of milliseconds and 19 MiB.
    pub(crate) sign_in_gate: AsyncMutex<()>,
    /// One code of a report is looked up at a time, so that wrong ones are counted.
    pub(crate) verify_gate: AsyncMutex<()>,
    names: Mutex<HashMap<OfficerId, String>>,
    /// The layouts of the rules that were asked for last: reading them takes longer than most pages.
    layouts: Mutex<Option<(BundleDigest, Arc<Layouts>)>>,
    requests: AtomicU64,
    begun_ms: i64,
}

impl std::ops::Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// All files that wait, together.
const UPLOAD_KIB_MOST: usize = 256 * 1024;

impl App {
    /// The state of a fresh server.
    pub(crate) fn new(config: Config) -> Self {
        let demo = config.demo.filter(|_| config.store.realm() == Realm::Demo);
        Self(Arc::new(Inner {
            begun_ms: config.store.clock().now_ms(),
            store: config.store,
            secure_cookies: config.secure_cookies,
            demo,
            reader: config.reader,
            otlp: config.running.otlp_endpoint.as_deref().map(Otlp::new),
            running: config.running,
            report: config.report,
            report_font: Mutex::default(),
            metrics: Metrics::default(),
            health: Health::default(),
            uploads: Shelf::new(64, SignedDuration::from_mins(15)),
            upload_kib: Arc::new(Semaphore::new(UPLOAD_KIB_MOST)),
            cases: Shelf::new(20_000, SignedDuration::from_hours(4)),
            objections: Shelf::new(10_000, SignedDuration::from_hours(4)),
            candidates: Shelf::new(10_000, SignedDuration::from_mins(30)),
            pairs: Shelf::new(1_000, SignedDuration::from_mins(30)),
            answers: Shelf::new(1_000, SignedDuration::from_mins(30)),
            asked: Shelf::new(1_000, SignedDuration::from_hours(2)),
            repairs: Shelf::new(1_000, SignedDuration::from_mins(30)),
            reports: Shelf::new(1_000, SignedDuration::from_mins(15)),
            opened: Shelf::new(10_000, SignedDuration::from_hours(8)),
            job_gate: AsyncMutex::new(()),
            progress: Mutex::default(),
            mirrors: config.mirrors,
            simulation_gate: AsyncMutex::new(()),
            simulating: Mutex::default(),
            pace: Pace::default(),
            sign_in_gate: AsyncMutex::new(()),
            verify_gate: AsyncMutex::new(()),
            names: Mutex::default(),
            layouts: Mutex::default(),
            requests: AtomicU64::new(0),
        }))
    }

    /// A number for a request, to find it in the log again.
    pub(crate) fn next_request(&self) -> String {
        let n = self.requests.fetch_add(1, Ordering::Relaxed);
        format!("{:x}-{n}", self.begun_ms)
    }

    /// When it began, in seconds since 1970 UTC.
    pub(crate) fn begun_seconds(&self) -> i64 {
        self.begun_ms / 1_000
    }

    /// How many traces were dropped, if they are sent anywhere.
    pub(crate) fn otlp_dropped(&self) -> Option<u64> {
        self.otlp.as_ref().map(Otlp::dropped)
    }

    /// The name that pages show of a member of staff.
    pub(crate) async fn officer_name(&self, officer: &OfficerId) -> String {
        let known = self
            .names
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(officer)
            .cloned();
        if let Some(name) = known {
            return name;
        }
        match self.store.staff(officer).await {
            Ok(Some(staff)) => {
                let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
                names.insert(officer.clone(), staff.name.clone());
                staff.name
            }
            _ => officer.to_string(),
        }
    }

    /// The layouts of these rules.
    pub(crate) fn layouts(&self, bundle: &Bundle) -> Result<Arc<Layouts>, Vec<PolicyFault>> {
        let mut held = self.layouts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, layouts)) = &*held
            && *of == bundle.digest()
        {
            return Ok(Arc::clone(layouts));
        }
        let layouts = Arc::new(Layouts::from_bundle(bundle)?);
        *held = Some((bundle.digest(), Arc::clone(&layouts)));
        Ok(layouts)
    }

    /// The font of reports, read when it is first wanted; looked for again as long as there is none.
    pub(crate) async fn report_font(&self) -> Result<ReportFont, FontFault> {
        let known = self
            .report_font
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(font) = known {
            return Ok(font);
        }
        let named = self.report.font.clone();
        let found = tokio::task::spawn_blocking(move || ReportFont::find(named.as_deref())).await;
        let found = found.unwrap_or(Err(FontFault::None))?;
        *self.report_font.lock().unwrap_or_else(PoisonError::into_inner) = Some(found.clone());
        Ok(found)
    }

    /// How far a file is that is being taken in.
    pub(crate) fn progress_of(&self, job: u64) -> Option<(u64, u64)> {
        let progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.get(&job).copied()
    }

    pub(crate) fn set_progress(&self, job: u64, done: u64, rows: u64) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.insert(job, (done, rows));
    }

    pub(crate) fn end_progress(&self, job: u64) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.remove(&job);
    }

    /// Forgets what waits for a session.
    pub(crate) fn forget(&self, session: SessionHash) {
        self.uploads.forget(session);
        self.cases.forget(session);
        self.candidates.forget(session);
        self.pairs.forget(session);
        self.answers.forget(session);
        self.asked.forget(session);
        self.repairs.forget(session);
        self.reports.forget(session);
        self.opened.forget(session);
    }
}
