//! Looks: who looked at whom, when and why. A look is written before anything is shown (guard 9).

use record::{CaseNumber, OfficerId, PurposeCode, SourceCode, SubjectId, TreeSize};
use serde::{Deserialize, Serialize};

use crate::db::{Arg, Row, Tx, args};
use crate::listed::from_json;
use crate::merger::{Groups, NOW};
use crate::organisation::{Page, Paged};
use crate::{Result, Store, StoreError};

/// What the name of somebody who acts for an organisation begins with, before the number of the person.
const AGENT: &str = "person.";

/// Who looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Viewer {
    /// What kind of viewer.
    pub kind: ViewerKind,
    /// A member of staff's sign-in name; `self` for the person; `cli` for an operator.
    pub id: OfficerId,
    /// The department, for staff.
    pub source: Option<SourceCode>,
    /// Through which door.
    pub door: Door,
    /// The person, where somebody acts for an organisation.
    pub person: Option<SubjectId>,
}

/// What kind of viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewerKind {
    /// A member of staff.
    Staff,
    /// The person themself.
    #[serde(rename = "self")]
    Oneself,
    /// Somebody who acts for the organisation.
    Agent,
    /// An operator at the command line.
    Cli,
}

impl ViewerKind {
    fn code(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Oneself => "self",
            Self::Agent => "agent",
            Self::Cli => "cli",
        }
    }
}

/// Through which door a look came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// The department's desk.
    Department,
    /// The counter.
    Counter,
    /// A person's own file.
    My,
    /// The command line.
    Cli,
    /// Another system, by a key.
    Api,
    /// The auditor's desk.
    Audit,
    /// The credit office, at an example of a simulation.
    Office,
}

impl Door {
    /// Every door.
    pub const ALL: [Self; 7] = [
        Self::Department,
        Self::Counter,
        Self::My,
        Self::Cli,
        Self::Api,
        Self::Audit,
        Self::Office,
    ];

    /// Its code in SQL and locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Department => "department",
            Self::Counter => "counter",
            Self::My => "my",
            Self::Cli => "cli",
            Self::Api => "api",
            Self::Audit => "audit",
            Self::Office => "office",
        }
    }
}

impl Viewer {
    /// A member of staff at a desk.
    pub fn staff(id: OfficerId, source: SourceCode, door: Door) -> Self {
        Self {
            kind: ViewerKind::Staff,
            id,
            source: Some(source),
            door,
            person: None,
        }
    }

    /// The person themself.
    ///
    /// # Errors
    /// Never in practice: the reserved name keeps to the rule of codes.
    pub fn oneself() -> Result<Self> {
        let id = OfficerId::new("self").map_err(|_| StoreError::NotFound)?;
        Ok(Self {
            kind: ViewerKind::Oneself,
            id,
            source: None,
            door: Door::My,
            person: None,
        })
    }

    /// A person who acts for an organisation.
    ///
    /// # Errors
    /// Never in practice: the name made of the number keeps to the rule of codes.
    pub fn agent(person: SubjectId) -> Result<Self> {
        let id = OfficerId::new(format!("{AGENT}{person}")).map_err(|_| StoreError::NotFound)?;
        Ok(Self {
            kind: ViewerKind::Agent,
            id,
            source: None,
            door: Door::My,
            person: Some(person),
        })
    }

    /// An operator at the command line.
    ///
    /// # Errors
    /// Never in practice: the reserved name keeps to the rule of codes.
    pub fn cli() -> Result<Self> {
        let id = OfficerId::new("cli").map_err(|_| StoreError::NotFound)?;
        Ok(Self {
            kind: ViewerKind::Cli,
            id,
            source: None,
            door: Door::Cli,
            person: None,
        })
    }
}

/// A look about to be taken.
#[derive(Debug, Clone)]
pub struct NewLook {
    /// Who.
    pub viewer: Viewer,
    /// At whom.
    pub subject: SubjectId,
    /// What for.
    pub purpose: PurposeCode,
    /// In which case.
    pub case: Option<CaseNumber>,
    /// At what of the file, as a code, e.g. `file`, `record 12`, `verdict hygiene-licence-renewal`.
    pub what: String,
}

/// A look that was taken. Its fields stand in the order of the columns that are selected.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Look {
    /// Its number.
    pub id: u64,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Who: kind of viewer.
    pub viewer_kind: String,
    /// Who: sign-in name.
    pub viewer: String,
    /// Of which department.
    pub source: Option<String>,
    /// Through which door.
    pub door: String,
    /// At whom.
    pub subject: SubjectId,
    /// What for.
    pub purpose: String,
    /// In which case.
    pub case: Option<String>,
    /// At what.
    pub what: String,
}

impl Look {
    /// Whether whoever the file is about looked, or who acts for them.
    pub fn is_own(&self) -> bool {
        self.viewer_kind == ViewerKind::Oneself.code() || self.agent().is_some()
    }

    /// The person who looked for the organisation.
    pub fn agent(&self) -> Option<SubjectId> {
        (self.viewer_kind == ViewerKind::Agent.code())
            .then(|| self.viewer.strip_prefix(AGENT)?.parse().ok())
            .flatten()
    }
}

/// Leave to read one subject's file: proof that the look is on the disk. Only [`Store::look`] makes one.
#[derive(Debug)]
pub struct LookPermit {
    look: NewLook,
    /// At whom it was written: the subject, and those merged into it then.
    at: Vec<SubjectId>,
}

impl LookPermit {
    /// Whose file it opens: of one who was merged, the file they are in.
    pub fn subject(&self) -> SubjectId {
        self.look.subject
    }

    /// For what it was opened.
    pub fn purpose(&self) -> &PurposeCode {
        &self.look.purpose
    }

    /// Everyone whose file it opens: the subject, and those merged into it then.
    pub(crate) fn at(&self) -> &[SubjectId] {
        &self.at
    }

    /// Whether the person themself looked, or who acts for the organisation.
    pub(crate) fn is_own(&self) -> bool {
        matches!(self.look.viewer.kind, ViewerKind::Oneself | ViewerKind::Agent)
    }

    /// Whether a natural person looked at their own file.
    pub(crate) fn is_oneself(&self) -> bool {
        self.look.viewer.kind == ViewerKind::Oneself
    }

    /// The person who acts for the organisation, if somebody does.
    pub fn agent(&self) -> Option<SubjectId> {
        self.look.viewer.person
    }

    /// The clerk who looked at a counter, and the service centre.
    pub(crate) fn at_counter(&self) -> Option<(&OfficerId, &SourceCode)> {
        let Viewer {
            kind,
            id,
            source,
            door,
            ..
        } = &self.look.viewer;
        let clerk = *kind == ViewerKind::Staff && *door == Door::Counter;
        source.as_ref().filter(|_| clerk).map(|place| (id, place))
    }

    /// Whether this member of staff looked.
    pub(crate) fn is_of(&self, officer: &OfficerId) -> bool {
        self.look.viewer.kind == ViewerKind::Staff && self.look.viewer.id == *officer
    }
}

impl Store {
    /// Writes a look and, once it is on the disk, gives leave to read. A file of several who were merged is looked at
    /// as a whole, and each of them has the look, whatever becomes of the merge.
    ///
    /// # Errors
    /// When there is no such subject or the database fails; then nothing may be shown.
    pub async fn look(&self, look: &NewLook) -> Result<LookPermit> {
        let mut permits = self.look_at_each(std::slice::from_ref(look)).await?;
        permits.pop().ok_or(StoreError::NotFound)
    }

    /// Several looks, written together: all of them, or none.
    ///
    /// # Errors
    /// When one of the subjects does not exist or the database fails; then nothing may be shown.
    pub async fn look_at_each(&self, looks: &[NewLook]) -> Result<Vec<LookPermit>> {
        if looks.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.inner.db.write().await?;
        let permits = permits_for(&mut tx, looks).await?;
        let taken: Vec<_> = permits.iter().map(|one| (&one.look, one.at())).collect();
        self.write_looks(&mut tx, &taken).await?;
        tx.commit().await?;
        Ok(permits)
    }

    /// Looks, each at some subjects. Nothing may be shown before it is committed.
    pub(crate) async fn write_looks(&self, tx: &mut Tx, looks: &[(&NewLook, &[SubjectId])]) -> Result<()> {
        let count: usize = looks.iter().map(|(_, subjects)| subjects.len()).sum();
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let sql = "UPDATE counter SET next = next + $1 WHERE name = 'look' RETURNING next";
        let mut next = tx.one_int(sql, args![count]).await? - count;
        let columns = [
            "id",
            "at_ms",
            "viewer_kind",
            "viewer",
            "source",
            "door",
            "subject",
            "purpose",
            "case_number",
            "what",
            "together_with",
        ];
        let at_ms = self.clock().now_ms();
        let mut lines = Vec::new();
        for (look, subjects) in looks {
            let first = next;
            let line = |(id, subject): (i64, &SubjectId)| {
                args![
                    id,
                    at_ms,
                    look.viewer.kind.code(),
                    look.viewer.id.as_str(),
                    look.viewer.source.as_ref().map(SourceCode::as_str),
                    look.viewer.door.code(),
                    *subject,
                    look.purpose.as_str(),
                    look.case.as_ref().map(CaseNumber::as_str),
                    look.what.as_str(),
                    (id != first).then_some(first),
                ]
            };
            lines.extend((first..).zip(*subjects).map(line));
            next += i64::try_from(subjects.len()).unwrap_or(i64::MAX);
        }
        tx.insert("look", &columns, lines, "").await
    }

    /// The file may hold the records of one whom the look was not written at: merged since, or merged once and read as
    /// it was then. They are looked at too.
    pub(crate) async fn look_at_all(&self, permit: &LookPermit, known: TreeSize) -> Result<()> {
        let subject = permit.subject();
        let mut tx = self.inner.db.read().await?;
        let inside = Groups::load(&mut tx, &[subject], known)
            .await?
            .merged_into(subject);
        drop(tx);
        let more: Vec<SubjectId> = inside
            .into_iter()
            .filter(|one| !permit.at.contains(one))
            .collect();
        if !more.is_empty() {
            let mut tx = self.inner.db.write().await?;
            self.write_looks(&mut tx, &[(&permit.look, &more)]).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Who looked at a subject, the newest first: what the person themself sees.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn looks_at(&self, subject: SubjectId, page: Page) -> Result<Paged<Look>> {
        let mut tx = self.inner.db.read().await?;
        let (from, mut find) = looks_from(&mut tx, subject, true).await?;
        let count = format!("SELECT COUNT(*) FROM look WHERE {from}");
        let total = tx.one_int(count, find.clone()).await?;
        let (limit, offset) = (find.len() + 1, find.len() + 2);
        find.extend(args![page.limit(), page.offset()]);
        let sql = format!("{LOOK} WHERE {from} ORDER BY id DESC LIMIT ${limit} OFFSET ${offset}");
        let rows = tx.rows(sql, find).await?;
        let looks = rows.iter().map(look_of).collect::<Result<_>>()?;
        Ok(Paged::of(page, total, looks))
    }

    /// The newest of them, the newest first, at most so many. `own` are those of the person, and of whoever acts for the organisation:
    /// with or without.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest_looks_at(&self, subject: SubjectId, own: bool, most: u32) -> Result<Vec<Look>> {
        let mut tx = self.inner.db.read().await?;
        let (from, mut find) = looks_from(&mut tx, subject, own).await?;
        find.push(Arg::Int(most.into()));
        let sql = format!("{LOOK} WHERE {from} ORDER BY id DESC LIMIT ${}", find.len());
        if let Tx::Postgres(_) = tx {
            return tx.rows(sql, find).await?.iter().map(look_of).collect();
        }
        // SQLite hands each row over from a thread of its own, which costs more than to find it.
        let sql = format!("SELECT json_group_array(json_array({LOOK_COLUMNS})) FROM ({sql})");
        let row = tx.row(sql, find).await?.ok_or(StoreError::NotFound)?;
        let mut looks: Vec<Look> = from_json(&row.text(0)?)?;
        looks.sort_unstable_by_key(|look| std::cmp::Reverse(look.id));
        Ok(looks)
    }

    /// What a member of staff looked at since a moment, the newest first: the day's ledger.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn looks_by(&self, viewer: &OfficerId, since_ms: i64, page: Page) -> Result<Paged<Look>> {
        let mut tx = self.inner.db.read().await?;
        let from = "viewer = $1 AND viewer_kind = 'staff' AND at_ms >= $2";
        let total = tx
            .one_int(
                format!("SELECT COUNT(*) FROM look WHERE {from}"),
                args![viewer.as_str(), since_ms],
            )
            .await?;
        let sql = format!("{LOOK} WHERE {from} ORDER BY id DESC LIMIT $3 OFFSET $4");
        let rows = tx
            .rows(sql, args![viewer.as_str(), since_ms, page.limit(), page.offset()])
            .await?;
        let looks = rows.iter().map(look_of).collect::<Result<_>>()?;
        Ok(Paged::of(page, total, looks))
    }
}

/// The leave that these looks give once they are committed: each file as a whole, with everyone merged into it.
async fn permits_for(tx: &mut Tx, looks: &[NewLook]) -> Result<Vec<LookPermit>> {
    let mut subjects: Vec<SubjectId> = looks.iter().map(|look| look.subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let values: Vec<Arg> = subjects.iter().copied().map(Arg::from).collect();
    let known = tx.rows_in("SELECT id FROM subject WHERE id IN ({in})", &[], &values);
    if known.await?.len() != subjects.len() {
        return Err(StoreError::NotFound);
    }
    let groups = Groups::load(tx, &subjects, NOW).await?;
    let permit = |look: &NewLook| {
        let mut look = look.clone();
        look.subject = groups.root(look.subject);
        let mut at = vec![look.subject];
        at.extend(groups.merged_into(look.subject));
        LookPermit { look, at }
    };
    Ok(looks.iter().map(permit).collect())
}

/// The condition of looks at a subject and everyone merged into it, with its parameters; with one's own, or without.
async fn looks_from(tx: &mut Tx, subject: SubjectId, own: bool) -> Result<(String, Vec<Arg>)> {
    let groups = Groups::load(tx, &[subject], NOW).await?;
    let subject = groups.root(subject);
    let mut find = args![subject];
    let mut from = "subject = $1".to_owned();
    for merged in groups.merged_into(subject) {
        find.push(Arg::from(merged));
        // What was looked at as a whole is told once.
        let other = format!(
            " OR subject = ${} AND NOT EXISTS \
            (SELECT 1 FROM look w WHERE w.subject = $1 AND w.id = look.together_with)",
            find.len()
        );
        from.push_str(&other);
    }
    // As the index of others' looks says it.
    let others = if own {
        ""
    } else {
        " AND viewer_kind NOT IN ('self', 'agent')"
    };
    Ok((format!("({from}){others}"), find))
}

const LOOK_COLUMNS: &str =
    "id, at_ms, viewer_kind, viewer, source, door, subject, purpose, case_number, what";
const LOOK: &str =
    "SELECT id, at_ms, viewer_kind, viewer, source, door, subject, purpose, case_number, what FROM look";

pub(crate) fn look_of(row: &Row) -> Result<Look> {
    Ok(Look {
        id: u64::try_from(row.int(0)?).unwrap_or(0),
        at_ms: row.int(1)?,
        viewer_kind: row.text(2)?,
        viewer: row.text(3)?,
        source: row.text_or_none(4)?,
        door: row.text(5)?,
        subject: SubjectId::from_i64(row.int(6)?),
        purpose: row.text(7)?,
        case: row.text_or_none(8)?,
        what: row.text(9)?,
    })
}
