//! What changed of records that were handed out: each recipient is told at once, and says when it has put them right.

use jiff::Timestamp;
use record::{Act, ItemCode, OfficerId, RecordNumber, Relation, SourceCode, Value};

use super::Share;
use crate::act::{reason, text};
use crate::bundle::named;
use crate::db::{Row, Tx, args};
use crate::submission::UNDONE_BY;
use crate::{ActFault, Result, Store, StoreError};

/// How long a recipient has: a day (guard 7).
const WITHIN_MS: i64 = 24 * 60 * 60 * 1000;
/// The most that one list holds.
const MOST: i64 = 1_000;

/// So many changes are read at once at the most.
pub const CHANGES_MOST: u32 = 1_000;

/// What became of a record that was handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// Another stands in its place.
    Corrected,
    /// Its source took it back, alone or with its hand-in.
    Withdrawn,
    /// Its subject contests it.
    Disputed,
    /// The objection to it was answered.
    Answered,
    /// Repaired: display, sharing and use stop.
    Repaired,
    /// It was joined to the wrong subject.
    Unlinked,
    /// The entry it is has ended.
    Ended,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Corrected,
        Self::Withdrawn,
        Self::Disputed,
        Self::Answered,
        Self::Repaired,
        Self::Unlinked,
        Self::Ended,
    ];

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its code in locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Corrected => "corrected",
            Self::Withdrawn => "withdrawn",
            Self::Disputed => "disputed",
            Self::Answered => "answered",
            Self::Repaired => "repaired",
            Self::Unlinked => "unlinked",
            Self::Ended => "ended",
        }
    }

    /// What an act or record of this relation does to its target, if its recipients are told of it.
    pub(super) fn of(relation: i64) -> Option<Self> {
        let number = u8::try_from(relation).ok()?;
        let found = Relation::ALL
            .into_iter()
            .find(|relation| relation.number() == number)?;
        match found {
            Relation::Corrects => Some(Self::Corrected),
            Relation::Withdraws => Some(Self::Withdrawn),
            Relation::ObjectsTo => Some(Self::Disputed),
            Relation::Answers => Some(Self::Answered),
            Relation::Repairs => Some(Self::Repaired),
            Relation::Unlinks => Some(Self::Unlinked),
            Relation::Exits => Some(Self::Ended),
            _ => None,
        }
    }
}

/// Something that a recipient is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Under which share the record was handed out.
    pub share: RecordNumber,
    /// The record.
    pub record: RecordNumber,
    /// Its item.
    pub item: ItemCode,
    /// Of which department it is.
    pub owner: SourceCode,
    /// To which it was handed out.
    pub recipient: SourceCode,
    /// What became of it.
    pub kind: ChangeKind,
    /// By which record or act.
    pub by: RecordNumber,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// By when it is to be put right.
    pub due_ms: i64,
    /// The act that says it was.
    pub acknowledged: Option<RecordNumber>,
}

/// What bears on records that were handed out before, as `share, number, recipient, subject, change, relation`: acts on a record,
/// objections answered, and whole hand-ins taken back.
pub(super) fn bearing() -> String {
    let handed = "SELECT h.share, h.number, h.recipient, h.subject";
    let one = format!(
        "{handed}, f.number AS change, f.relation FROM handout h JOIN reference f ON f.target_number = h.number \
        WHERE f.relation IN (0, 1, 2, 4, 7, 9) AND f.number >= h.known"
    );
    let answered = format!(
        "{handed}, p.answered_number AS change, 3 AS relation FROM handout h JOIN plea p ON p.about = h.number \
        JOIN record a ON a.number = p.number WHERE a.item = 'act.object' AND p.answered_number >= h.known"
    );
    let whole = format!(
        "{handed}, {UNDONE_BY} AS change, 1 AS relation FROM handout h JOIN record r ON r.number = h.number \
        WHERE {UNDONE_BY} >= h.known"
    );
    format!("({one} UNION {answered} UNION {whole})")
}

/// The same with items, departments, days and whether it was put right, as [`change_of`] reads it.
pub(super) fn told() -> String {
    format!(
        "SELECT t.share, t.number, r.item, r.source, t.recipient, t.relation, t.change, s.received_ms, k.act \
        FROM {} t JOIN record r ON r.number = t.number JOIN record c ON c.number = t.change \
        JOIN submission s ON s.id = c.submission \
        LEFT JOIN acknowledged k ON k.share = t.share AND k.number = t.number AND k.change = t.change",
        bearing()
    )
}

fn change_of(row: &Row) -> Result<Change> {
    let at_ms = row.int(7)?;
    Ok(Change {
        share: RecordNumber::from_i64(row.int(0)?),
        record: RecordNumber::from_i64(row.int(1)?),
        item: ItemCode::new(row.text(2)?).map_err(|_| StoreError::NotFound)?,
        owner: SourceCode::new(row.text(3)?).map_err(|_| StoreError::NotFound)?,
        recipient: SourceCode::new(row.text(4)?).map_err(|_| StoreError::NotFound)?,
        kind: ChangeKind::of(row.int(5)?).ok_or(StoreError::NotFound)?,
        by: RecordNumber::from_i64(row.int(6)?),
        at_ms,
        due_ms: at_ms.saturating_add(WITHIN_MS),
        acknowledged: row.int_or_none(8)?.map(RecordNumber::from_i64),
    })
}

/// Where a change stands among all that a department is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangePlace {
    /// The record or act that changed it.
    pub by: RecordNumber,
    /// The record that was handed out.
    pub record: RecordNumber,
    /// Under which share.
    pub share: RecordNumber,
}

/// What became of one of many that were said to be put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acknowledged {
    /// It is said.
    Now,
    /// It was said before, and stays as it was.
    Before,
    /// Nothing of the kind was told to this department.
    NotTold,
}

impl Change {
    /// Where it stands.
    pub fn place(&self) -> ChangePlace {
        ChangePlace {
            by: self.by,
            record: self.record,
            share: self.share,
        }
    }

    /// Whether the day is over and nobody has said that it was put right.
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.acknowledged.is_none() && now.as_millisecond() > self.due_ms
    }
}

impl Store {
    /// What a department is told of records handed to it and has not put right, the oldest first: at most so many, those that come after
    /// a place in that order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn changes_to_put_right(
        &self,
        recipient: &SourceCode,
        after: Option<ChangePlace>,
        most: u32,
    ) -> Result<Vec<Change>> {
        let sql = format!(
            "{} WHERE t.recipient = $1 AND k.act IS NULL AND (t.change, t.number, t.share) > ($2, $3, $4) \
            ORDER BY t.change, t.number, t.share LIMIT $5",
            told()
        );
        let [by, record, share] = match after {
            Some(place) => [place.by, place.record, place.share].map(RecordNumber::to_i64),
            None => [-1; 3],
        };
        let mut tx = self.inner.db.read().await?;
        let args = args![recipient.as_str(), by, record, share, i64::from(most)];
        let rows = tx.rows(sql, args).await?;
        rows.iter().map(change_of).collect()
    }

    /// What was told under a share, put right or not, the newest first: for both of its sides.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn changes_under(&self, share: &Share) -> Result<Vec<Change>> {
        let sql = format!(
            "{} WHERE t.share = $1 ORDER BY t.change DESC, t.number LIMIT $2",
            told()
        );
        let mut tx = self.inner.db.read().await?;
        let rows = tx.rows(sql, args![share.number, MOST]).await?;
        rows.iter().map(change_of).collect()
    }

    /// To how many departments a record was handed out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recipients_of(&self, record: RecordNumber) -> Result<Vec<SourceCode>> {
        let sql = "SELECT DISTINCT recipient FROM handout WHERE number = $1 ORDER BY recipient";
        let mut tx = self.inner.db.read().await?;
        let mut found = Vec::new();
        for row in tx.rows(sql, args![record]).await? {
            found.push(SourceCode::new(row.text(0)?).map_err(|_| StoreError::NotFound)?);
        }
        Ok(found)
    }

    /// An officer of the recipient says that a change was put right, and how.
    ///
    /// # Errors
    /// When nothing of the kind was told to this department, it was said before, or not how.
    pub async fn acknowledge(
        &self,
        share: RecordNumber,
        record: RecordNumber,
        change: RecordNumber,
        officer: &OfficerId,
        recipient: &SourceCode,
        how: &str,
    ) -> Result<RecordNumber> {
        let how = reason(how)?;
        let mut tx = self.inner.db.write_log().await?;
        let one = ChangePlace {
            by: change,
            record,
            share,
        };
        let number = self
            .acknowledge_in(&mut tx, one, officer, recipient, &how)
            .await?;
        tx.commit().await?;
        Ok(number)
    }

    /// The same of many at once, each with how: all that can be said is, or nothing if the database fails. What became of each is
    /// told in their order.
    ///
    /// # Errors
    /// When one of them does not say how, or the database fails; then nothing was said.
    pub async fn acknowledge_many(
        &self,
        many: &[(ChangePlace, &str)],
        officer: &OfficerId,
        recipient: &SourceCode,
    ) -> Result<Vec<Acknowledged>> {
        let mut said = Vec::with_capacity(many.len());
        for (place, how) in many {
            said.push((*place, reason(how)?));
        }
        let mut tx = self.inner.db.write_log().await?;
        let mut found = Vec::with_capacity(said.len());
        for (place, how) in &said {
            found.push(
                match self
                    .acknowledge_in(&mut tx, *place, officer, recipient, how)
                    .await
                {
                    Ok(_) => Acknowledged::Now,
                    Err(StoreError::Act(ActFault::AlreadyAnswered)) => Acknowledged::Before,
                    Err(StoreError::NotFound) => Acknowledged::NotTold,
                    Err(error) => return Err(error),
                },
            );
        }
        tx.commit().await?;
        Ok(found)
    }

    async fn acknowledge_in(
        &self,
        tx: &mut Tx,
        place: ChangePlace,
        officer: &OfficerId,
        recipient: &SourceCode,
        how: &str,
    ) -> Result<RecordNumber> {
        let ChangePlace { by, record, share } = place;
        let sql = format!(
            "{} WHERE t.share = $1 AND t.number = $2 AND t.change = $3 AND t.recipient = $4",
            told()
        );
        let args = args![share, record, by, recipient.as_str()];
        let row = tx.row(sql, args).await?.ok_or(StoreError::NotFound)?;
        if change_of(&row)?.acknowledged.is_some() {
            return Err(ActFault::AlreadyAnswered.into());
        }
        let fields = named([
            ("officer", text(officer.as_str())),
            ("record", Value::Integer(record.to_i64())),
            ("change", Value::Integer(by.to_i64())),
            ("ground", text(how)),
        ])?;
        let mut act = self.bare(Act::Acknowledge, recipient.clone(), None, fields);
        act.references.push(record::Reference {
            relation: Relation::Answers,
            target: share.into(),
        });
        let number = self.append_act_in(tx, officer, act).await?;
        let columns = ["share", "number", "change", "act"];
        let line = args![share, record, by, number];
        tx.insert("acknowledged", &columns, vec![line], "").await?;
        Ok(number)
    }
}
