//! Looks: who looked at whom, when and why. A look is written before anything is shown (guard 9).

use record::{CaseNumber, OfficerId, PurposeCode, SourceCode, SubjectId};
use serde::Serialize;

use crate::db::{Row, args};
use crate::organisation::{Page, Paged};
use crate::{Result, Store, StoreError};

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
    /// An operator at the command line.
    Cli,
}

impl ViewerKind {
    fn code(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Oneself => "self",
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
}

impl Door {
    /// Every door.
    pub const ALL: [Self; 4] = [Self::Department, Self::Counter, Self::My, Self::Cli];

    /// Its code in SQL and locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Department => "department",
            Self::Counter => "counter",
            Self::My => "my",
            Self::Cli => "cli",
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

/// A look that was taken.
#[derive(Debug, Clone, Serialize)]
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

/// Leave to read one subject's file: proof that the look is on the disk. Only [`Store::look`] makes one.
#[derive(Debug)]
pub struct LookPermit {
    subject: SubjectId,
}

impl LookPermit {
    /// Whose file it opens.
    pub fn subject(&self) -> SubjectId {
        self.subject
    }
}

impl Store {
    /// Writes a look and, once it is on the disk, gives leave to read.
    ///
    /// # Errors
    /// When there is no such subject or the database fails; then nothing may be shown.
    pub async fn look(&self, look: &NewLook) -> Result<LookPermit> {
        let mut tx = self.inner.db.write().await?;
        if tx
            .row("SELECT 1 FROM subject WHERE id = $1", args![look.subject])
            .await?
            .is_none()
        {
            return Err(StoreError::NotFound);
        }
        let id = tx.locked_counter("look").await?;
        tx.execute("UPDATE counter SET next = $1 WHERE name = 'look'", args![id + 1])
            .await?;
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
        ];
        let line = args![
            id,
            self.clock().now_ms(),
            look.viewer.kind.code(),
            look.viewer.id.as_str(),
            look.viewer.source.as_ref().map(SourceCode::as_str),
            look.viewer.door.code(),
            look.subject,
            look.purpose.as_str(),
            look.case.as_ref().map(CaseNumber::as_str),
            look.what.as_str(),
        ];
        tx.insert("look", &columns, vec![line], "").await?;
        tx.commit().await?;
        Ok(LookPermit {
            subject: look.subject,
        })
    }

    /// Who looked at a subject, the newest first: what the person themself sees.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn looks_at(&self, subject: SubjectId, page: Page) -> Result<Paged<Look>> {
        let mut tx = self.inner.db.read().await?;
        let total = tx
            .one_int("SELECT COUNT(*) FROM look WHERE subject = $1", args![subject])
            .await?;
        let sql = format!("{LOOK} WHERE subject = $1 ORDER BY id DESC LIMIT $2 OFFSET $3");
        let rows = tx.rows(sql, args![subject, page.limit(), page.offset()]).await?;
        let looks = rows.iter().map(look_of).collect::<Result<_>>()?;
        Ok(Paged::of(page, total, looks))
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

const LOOK: &str =
    "SELECT id, at_ms, viewer_kind, viewer, source, door, subject, purpose, case_number, what FROM look";

fn look_of(row: &Row) -> Result<Look> {
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
