//! Simulations: drafts of rules that were tried on everyone, what came of it, and who has read that. An edition that changes what
//! decides about people is published only after one of them (guard 10).

use assess::{Bundle, needs_simulation};
use record::{BundleDigest, Date, OfficerId, SimulationId, SourceCode, SubjectId, TreeSize};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::administration::AdminKind;
use crate::db::{Arg, Row, Tx, args};
use crate::keys::{Keys, to_hex};
use crate::organisation::{Page, Paged};
use crate::sharing::{sign_with, signs};
use crate::{Result, SignedAnswer, Store, StoreError};

/// What of a seal is kept: its header and its signature. What it is over stands in the row.
const PARTS: char = '.';
/// How much of a digest is noted with an act.
const DIGEST_SHOWN: usize = 12;

/// A draft that is to be tried on everyone.
#[derive(Debug, Clone)]
pub struct NewSimulation {
    /// What it is called.
    pub name: String,
    /// Why the rules should change.
    pub why: String,
    /// Who drafted it.
    pub by: OfficerId,
    /// Of which department; nobody's at the command line.
    pub source: Option<SourceCode>,
    /// The draft.
    pub bundle: Bundle,
    /// The days on which it is tried.
    pub days: Vec<Date>,
}

/// A draft and what became of it.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// Its number.
    pub id: SimulationId,
    /// What it is called.
    pub name: String,
    /// Why the rules should change.
    pub why: String,
    /// Who drafted it.
    pub by: String,
    /// When, in milliseconds since 1970 UTC.
    pub drafted_ms: i64,
    /// The draft's edition.
    pub edition: String,
    /// The draft's digest.
    pub digest: BundleDigest,
    /// The days on which it is tried.
    pub days: Vec<Date>,
    /// How far it is.
    pub state: SimulationState,
}

/// How far a simulation is.
#[derive(Debug, Clone)]
pub enum SimulationState {
    /// It waits, or runs.
    Waiting,
    /// It is done.
    Done(SimulationDone),
    /// It could not be done: why, as a code.
    Failed(String),
}

/// What came of a simulation.
#[derive(Debug, Clone)]
pub struct SimulationDone {
    /// When it was done, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// How much of the log was known.
    pub known: TreeSize,
    /// The report, as JSON.
    pub figures: String,
    /// What anybody can check it by; nothing if somebody changed the row beside the program.
    pub seal: Option<SignedAnswer>,
}

/// Which simulations are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SimulationFilter {
    /// Only those whose name or edition has this in it.
    pub text: String,
    /// Only `waiting`, `done` or `failed`.
    pub state: Option<&'static str>,
}

impl SimulationState {
    /// Every state, as a code.
    pub const CODES: [&'static str; 3] = ["waiting", "done", "failed"];

    /// Its code in addresses and locale keys.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done(_) => "done",
            Self::Failed(_) => "failed",
        }
    }
}

/// Whether an edition may be published, as far as simulations go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SimulationGate {
    /// It changes nothing that decides about people.
    NotNeeded,
    /// It was tried on everyone, and whoever approves it has read what came of it.
    Read(SimulationId),
    /// It was tried, and whoever approves it has not read that.
    Unread {
        /// The newest report of it.
        id: SimulationId,
        /// Who approves it.
        approver: OfficerId,
    },
    /// It was never tried.
    Untried(BundleDigest),
}

impl SimulationGate {
    /// Whether it may be published.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::NotNeeded | Self::Read(_))
    }
}

impl std::fmt::Display for SimulationGate {
    /// What is missing and how one comes by it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotNeeded => f.write_str("it changes nothing that is tried first"),
            Self::Read(id) => write!(f, "simulation {id} of it was read"),
            Self::Unread { id, approver } => write!(
                f,
                "`{approver}` approves it and has not read simulation {id} of it: read `/office/simulations/{id}` under that name first"
            ),
            Self::Untried(digest) => write!(
                f,
                "it changes what decides about people, and no simulation of digest `{digest}` is kept: run `xinlian simulate --policy DIR --keep NAME --drafted-by NAME --why TEXT`, and let whoever approves it read the report"
            ),
        }
    }
}

/// What a seal is over, as JSON in this order.
#[derive(Serialize)]
struct Statement<'a> {
    simulation: u64,
    policy: String,
    known: u64,
    days: &'a str,
    made_ms: i64,
    sha256: String,
}

const COLUMNS: &str =
    "id, name, why, officer, drafted_ms, edition, digest, days, finished_ms, known, figures, seal, fault";

impl Store {
    /// Keeps a draft that is to be tried, and notes that it was handed over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn draft_simulation(&self, new: &NewSimulation) -> Result<SimulationId> {
        let mut tx = self.inner.db.write().await?;
        let id = tx.locked_counter("simulation").await?;
        let sql = "UPDATE counter SET next = $1 WHERE name = 'simulation'";
        tx.execute(sql, args![id + 1]).await?;
        let columns = [
            "id",
            "name",
            "why",
            "officer",
            "drafted_ms",
            "edition",
            "digest",
            "bundle",
            "days",
        ];
        let line = args![
            id,
            new.name.as_str(),
            new.why.as_str(),
            new.by.as_str(),
            self.clock().now_ms(),
            new.bundle.edition(),
            new.bundle.digest().0,
            new.bundle.to_bytes(),
            said_days(&new.days),
        ];
        tx.insert("simulation", &columns, vec![line], "").await?;
        let about = about(SimulationId::from_i64(id), new.bundle.digest());
        let kind = AdminKind::SimulationDrafted;
        self.note_by(&mut tx, kind, new.by.as_str(), new.source.as_ref(), &about)
            .await?;
        tx.commit().await?;
        Ok(SimulationId::from_i64(id))
    }

    /// The simulations that are wanted, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn simulations(&self, filter: &SimulationFilter, page: Page) -> Result<Paged<Simulation>> {
        let state = match filter.state {
            Some("waiting") => "finished_ms IS NULL",
            Some("done") => "figures IS NOT NULL",
            Some("failed") => "fault IS NOT NULL",
            _ => "1 = 1",
        };
        let wanted =
            format!("{state} AND (LOWER(name) LIKE $1 ESCAPE '!' OR LOWER(edition) LIKE $1 ESCAPE '!')");
        let text = filter.text.trim().to_lowercase();
        let text = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let text = format!("%{text}%");
        let mut tx = self.inner.db.read().await?;
        let count = format!("SELECT COUNT(*) FROM simulation WHERE {wanted}");
        let total = tx.one_int(count, args![text.as_str()]).await?;
        let sql =
            format!("SELECT {COLUMNS} FROM simulation WHERE {wanted} ORDER BY id DESC LIMIT $2 OFFSET $3");
        let rows = tx
            .rows(sql, args![text.as_str(), page.limit(), page.offset()])
            .await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let found = rows.iter().map(|row| simulation_of(&keys, row));
        Ok(Paged::of(page, total, found.collect::<Result<_>>()?))
    }

    /// The simulations that wait to be made, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting_simulations(&self) -> Result<Vec<SimulationId>> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT id FROM simulation WHERE finished_ms IS NULL ORDER BY id";
        let rows = tx.rows(sql, args![]).await?;
        rows.iter()
            .map(|row| Ok(SimulationId::from_i64(row.int(0)?)))
            .collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn simulation(&self, id: SimulationId) -> Result<Option<Simulation>> {
        let mut tx = self.inner.db.read().await?;
        let sql = format!("SELECT {COLUMNS} FROM simulation WHERE id = $1");
        let Some(row) = tx.row(sql, args![id.to_i64()]).await? else {
            return Ok(None);
        };
        let (keys, _) = self.keys(&mut tx).await?;
        simulation_of(&keys, &row).map(Some)
    }

    /// The draft of a simulation.
    ///
    /// # Errors
    /// When there is none of this number, or its draft cannot be read by this version.
    pub async fn simulation_bundle(&self, id: SimulationId) -> Result<Bundle> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT bundle FROM simulation WHERE id = $1";
        let row = tx
            .row(sql, args![id.to_i64()])
            .await?
            .ok_or(StoreError::NotFound)?;
        let place = || StoreError::DoesNotOpen(format!("the draft of simulation {id}"));
        Bundle::from_bytes(&row.bytes(0)?).map_err(|_| place())
    }

    /// Keeps and seals what came of a simulation, and whose its examples are. Whether it was waited for.
    ///
    /// # Errors
    /// When the database fails or the key file cannot be read.
    pub async fn finish_simulation(
        &self,
        id: SimulationId,
        known: TreeSize,
        figures: &str,
        examples: &[(u32, SubjectId)],
    ) -> Result<bool> {
        let now = self.clock().now_ms();
        let mut tx = self.inner.db.write().await?;
        let sql = "SELECT digest, days FROM simulation WHERE id = $1 AND finished_ms IS NULL";
        let Some(row) = tx.row(sql, args![id.to_i64()]).await? else {
            return Ok(false);
        };
        let (keys, _) = self.keys(&mut tx).await?;
        let (digest, days) = (BundleDigest(row.hash(0)?), row.text(1)?);
        let statement = Statement::of(id, digest, known, &days, now, figures);
        let seal = sign_with(keys.generation(keys.newest_id())?, &statement);
        let sql = "UPDATE simulation SET finished_ms = $2, known = $3, figures = $4, seal = $5 WHERE id = $1";
        let seal = format!("{}{PARTS}{}", seal.protected, seal.signature);
        tx.execute(sql, args![id.to_i64(), now, known, figures, seal])
            .await?;
        let lines: Vec<Vec<Arg>> = examples
            .iter()
            .map(|(number, subject)| args![id.to_i64(), i64::from(*number), *subject])
            .collect();
        if !lines.is_empty() {
            let columns = ["simulation", "number", "subject"];
            tx.insert("simulation_example", &columns, lines, "").await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Keeps that a simulation could not be made, and why, as a code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fail_simulation(&self, id: SimulationId, why: &str) -> Result<()> {
        let mut tx = self.inner.db.write().await?;
        let sql = "UPDATE simulation SET finished_ms = $2, fault = $3 WHERE id = $1 AND finished_ms IS NULL";
        tx.execute(sql, args![id.to_i64(), self.clock().now_ms(), why])
            .await?;
        tx.commit().await
    }

    /// Notes that an officer reads a report, the first time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read_simulation(
        &self,
        one: &Simulation,
        officer: &OfficerId,
        source: &SourceCode,
    ) -> Result<()> {
        let mut tx = self.inner.db.write().await?;
        let sql = "INSERT INTO simulation_reader (simulation, officer, at_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        let now = self.clock().now_ms();
        let first = tx
            .execute(sql, args![one.id.to_i64(), officer.as_str(), now])
            .await?;
        if first > 0 {
            let (kind, about) = (AdminKind::SimulationRead, about(one.id, one.digest));
            self.note_by(&mut tx, kind, officer.as_str(), Some(source), &about)
                .await?;
        }
        tx.commit().await
    }

    /// Who has read a report and when first, in milliseconds since 1970 UTC; in this order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn simulation_readers(&self, id: SimulationId) -> Result<Vec<(String, i64)>> {
        let mut tx = self.inner.db.read().await?;
        let sql =
            "SELECT officer, at_ms FROM simulation_reader WHERE simulation = $1 ORDER BY at_ms, officer";
        let rows = tx.rows(sql, args![id.to_i64()]).await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
    }

    /// Whose an example of a report is, if it has one of this number. To open that file takes a look.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn simulation_example(&self, id: SimulationId, number: u32) -> Result<Option<SubjectId>> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT subject FROM simulation_example WHERE simulation = $1 AND number = $2";
        let row = tx.row(sql, args![id.to_i64(), i64::from(number)]).await?;
        row.map(|row| Ok(SubjectId::from_i64(row.int(0)?))).transpose()
    }

    /// What the choice of examples of a report begins with.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn draw_seed(&self) -> Result<[u8; 32]> {
        crate::seal::random()
    }

    /// Whether an edition may be published by this approver, as far as simulations go: against what is in force today.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn simulation_gate(&self, new: &Bundle, approver: &OfficerId) -> Result<SimulationGate> {
        let in_force = self.bundle(self.now_as_of().await?).await?;
        if !needs_simulation(&in_force, new) {
            return Ok(SimulationGate::NotNeeded);
        }
        let mut tx = self.inner.db.read().await?;
        let sql = format!(
            "SELECT {COLUMNS} FROM simulation WHERE digest = $1 AND figures IS NOT NULL ORDER BY id DESC"
        );
        let (keys, _) = self.keys(&mut tx).await?;
        let mut unread = None;
        for row in tx.rows(sql, args![new.digest().0]).await? {
            let one = simulation_of(&keys, &row)?;
            let SimulationState::Done(SimulationDone { seal: Some(_), .. }) = one.state else {
                continue;
            };
            if has_read(&mut tx, one.id, approver).await? {
                return Ok(SimulationGate::Read(one.id));
            }
            unread.get_or_insert(one.id);
        }
        Ok(match unread {
            Some(id) => SimulationGate::Unread {
                id,
                approver: approver.clone(),
            },
            None => SimulationGate::Untried(new.digest()),
        })
    }
}

async fn has_read(tx: &mut Tx, id: SimulationId, officer: &OfficerId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM simulation_reader WHERE simulation = $1 AND officer = $2";
    Ok(tx.one_int(sql, args![id.to_i64(), officer.as_str()]).await? > 0)
}

impl<'a> Statement<'a> {
    fn of(
        id: SimulationId,
        digest: BundleDigest,
        known: TreeSize,
        days: &'a str,
        made_ms: i64,
        figures: &str,
    ) -> Self {
        let sha256: [u8; 32] = Sha256::digest(figures.as_bytes()).into();
        Self {
            simulation: id.0,
            policy: digest.to_string(),
            known: known.0,
            days,
            made_ms,
            sha256: to_hex(&sha256),
        }
    }
}

fn about(id: SimulationId, digest: BundleDigest) -> String {
    let digest = digest.to_string();
    format!("{id} {}", digest.get(..DIGEST_SHOWN).unwrap_or_default())
}

fn said_days(days: &[Date]) -> String {
    let days: Vec<String> = days.iter().map(ToString::to_string).collect();
    days.join(",")
}

fn simulation_of(keys: &Keys, row: &Row) -> Result<Simulation> {
    let id = SimulationId::from_i64(row.int(0)?);
    let (digest, said) = (BundleDigest(row.hash(6)?), row.text(7)?);
    let days = said.split(',').filter_map(|day| day.parse().ok()).collect();
    let state = match (row.int_or_none(8)?, row.text_or_none(10)?) {
        (None, _) => SimulationState::Waiting,
        (Some(_), None) => SimulationState::Failed(row.text_or_none(12)?.unwrap_or_default()),
        (Some(at_ms), Some(figures)) => {
            let known = TreeSize::from_i64(row.int(9)?);
            let kept = row.text_or_none(11)?.unwrap_or_default();
            let statement = Statement::of(id, digest, known, &said, at_ms, &figures);
            let seal = kept
                .split_once(PARTS)
                .and_then(|(protected, signature)| signs(keys.all(), protected, signature, &statement));
            SimulationState::Done(SimulationDone {
                at_ms,
                known,
                figures,
                seal,
            })
        }
    };
    Ok(Simulation {
        id,
        name: row.text(1)?,
        why: row.text(2)?,
        by: row.text(3)?,
        drafted_ms: row.int(4)?,
        edition: row.text(5)?,
        digest,
        days,
        state,
    })
}
