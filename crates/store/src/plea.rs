//! Objections and applications for repair that wait: what a department owes an answer to, found without opening a
//! file.

use std::collections::HashSet;

use assess::{Bundle, Item};
use jiff::Timestamp;
use record::{
    Act, AsOf, Date, ItemCode, OfficerId, Record, RecordNumber, Relation, SourceCode, SubjectId, Target,
};

use crate::act::reason;
use crate::db::{Arg, Row, Tx, args};
use crate::merger::NOW;
use crate::project::Numbered;
use crate::submission::UNDONE_BY;
use crate::{ActFault, Attachments, Clock, Result, Store, StoreError};

/// The most that one list of open pleas holds.
const OPEN_MOST: i64 = 1_000;

/// What a subject asks of a department.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PleaKind {
    /// That a record is wrong.
    Objection,
    /// That a record be repaired.
    Repair,
}

impl PleaKind {
    /// Its code in locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Objection => "objection",
            Self::Repair => "repair",
        }
    }

    pub(crate) fn of(item: &str) -> Option<Self> {
        match item {
            item if item == Act::Object.code() => Some(Self::Objection),
            item if item == Act::ApplyRepair.code() => Some(Self::Repair),
            _ => None,
        }
    }
}

/// What a person says against a record, with what shows it.
#[derive(Debug, Clone)]
pub struct ObjectionGround {
    pub(crate) says: String,
    pub(crate) files: Attachments,
}

impl ObjectionGround {
    /// A ground of 5 to 500 characters.
    ///
    /// # Errors
    /// When it is shorter or longer.
    pub fn new(text: &str) -> std::result::Result<Self, ActFault> {
        let says = reason(text)?;
        let files = Attachments::default();
        Ok(Self { says, files })
    }

    /// The same, with files that show it.
    #[must_use]
    pub fn with_files(mut self, files: Attachments) -> Self {
        self.files = files;
        self
    }
}

/// An objection or application for repair. It says of nobody what they have done: whoever opens the record looks at
/// its subject first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PleaInfo {
    /// The act.
    pub number: RecordNumber,
    /// The department that owes the answer.
    pub source: SourceCode,
    /// What is asked.
    pub kind: PleaKind,
    /// The record that it is about.
    pub about: RecordNumber,
    /// That record's item.
    pub item: ItemCode,
    /// The day it was made.
    pub began: Date,
    /// Whose file the record is in; `None` once its link was undone.
    pub subject: Option<SubjectId>,
    /// The act that answered it.
    pub answered: Option<RecordNumber>,
    /// Who handed that record in, and so does not answer an objection to it.
    pub handed_in_by: OfficerId,
}

const INFO: &str = "SELECT p.number, a.item, p.about, t.item, s.received_ms, m.subject, p.answered_number, p.source, h.officer FROM plea p \
    JOIN record a ON a.number = p.number JOIN submission s ON s.id = a.submission JOIN record t ON t.number = p.about \
    JOIN submission h ON h.id = t.submission \
    LEFT JOIN membership m ON m.number = p.about AND m.until_number IS NULL";

fn info_of(row: &Row) -> Result<PleaInfo> {
    // An act is of the day on which it was handed in.
    let received = Timestamp::from_millisecond(row.int(4)?).map_err(|_| StoreError::NotFound)?;
    Ok(PleaInfo {
        number: RecordNumber::from_i64(row.int(0)?),
        source: SourceCode::new(row.text(7)?).map_err(|_| StoreError::NotFound)?,
        kind: PleaKind::of(&row.text(1)?).ok_or(StoreError::NotFound)?,
        about: RecordNumber::from_i64(row.int(2)?),
        item: ItemCode::new(row.text(3)?).map_err(|_| StoreError::NotFound)?,
        began: Clock::day_of(received),
        subject: row.int_or_none(5)?.map(SubjectId::from_i64),
        answered: row.int_or_none(6)?.map(RecordNumber::from_i64),
        handed_in_by: OfficerId::new(row.text(8)?).map_err(|_| StoreError::NotFound)?,
    })
}

impl PleaInfo {
    /// Whether this officer may answer it: an objection is not answered by whoever handed the record in.
    pub fn is_for(&self, officer: &OfficerId) -> bool {
        self.kind == PleaKind::Repair || self.handed_in_by != *officer
    }
}

impl Store {
    /// What a department owes an answer to, the oldest first. Left out is what needs none any more: its record was
    /// taken back or corrected since, or belongs to nobody.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_pleas(&self, source: &SourceCode) -> Result<Vec<PleaInfo>> {
        let mut tx = self.inner.db.read().await?;
        self.open_pleas_in(&mut tx, Some(source)).await
    }

    /// What one department, or what every department owes an answer to.
    pub(crate) async fn open_pleas_in(
        &self,
        tx: &mut Tx,
        source: Option<&SourceCode>,
    ) -> Result<Vec<PleaInfo>> {
        let (of_source, limit, args) = match source {
            Some(source) => (
                "p.source = $1 AND ",
                " LIMIT $2",
                args![source.as_str(), OPEN_MOST],
            ),
            None => ("", "", args![]),
        };
        let sql = format!(
            "{INFO} WHERE {of_source}p.answered_number IS NULL AND m.subject IS NOT NULL ORDER BY p.number{limit}"
        );
        let rows = tx.rows(sql, args).await?;
        let mut open = rows.iter().map(info_of).collect::<Result<Vec<_>>>()?;
        let mended = self.mended_in(tx, &open).await?;
        open.retain(|plea| {
            !mended
                .iter()
                .any(|(about, by)| *about == plea.about && *by > plea.number)
        });
        Ok(open)
    }

    /// Objections and applications of every department that have their answer, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answered_pleas(&self, most: u32) -> Result<Vec<PleaInfo>> {
        let mut tx = self.inner.db.read().await?;
        let sql = format!("{INFO} WHERE p.answered_number IS NOT NULL ORDER BY p.number DESC LIMIT $1");
        let rows = tx.rows(sql, args![i64::from(most)]).await?;
        rows.iter().map(info_of).collect()
    }

    /// Those to records of one department, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answered_pleas_of(&self, source: &SourceCode, most: u32) -> Result<Vec<PleaInfo>> {
        let mut tx = self.inner.db.read().await?;
        let sql = format!(
            "{INFO} WHERE p.source = $1 AND p.answered_number IS NOT NULL AND m.subject IS NOT NULL \
            ORDER BY p.number DESC LIMIT $2"
        );
        let rows = tx.rows(sql, args![source.as_str(), i64::from(most)]).await?;
        rows.iter().map(info_of).collect()
    }

    /// One objection or application to a record of this department, whether it waits or not.
    ///
    /// # Errors
    /// When there is none, or it is about another department's record: both look the same.
    pub async fn plea(&self, source: &SourceCode, number: RecordNumber) -> Result<PleaInfo> {
        let mut tx = self.inner.db.read().await?;
        let sql = format!("{INFO} WHERE p.number = $1 AND p.source = $2");
        let row = tx.row(sql, args![number, source.as_str()]).await?;
        info_of(&row.ok_or(StoreError::NotFound)?)
    }

    /// Which of these records their own source took back or corrected, in effect, and by which record.
    async fn mended_in(&self, tx: &mut Tx, pleas: &[PleaInfo]) -> Result<Vec<(RecordNumber, RecordNumber)>> {
        let about: HashSet<RecordNumber> = pleas.iter().map(|plea| plea.about).collect();
        let values: Vec<Arg> = about.into_iter().map(Arg::from).collect();
        let (corrects, withdraws) = (Relation::Corrects.number(), Relation::Withdraws.number());
        let sql = format!(
            "SELECT f.target_number, f.number, f.relation, r.item, c.number FROM reference f \
            JOIN record r ON r.number = f.number JOIN record t ON t.number = f.target_number AND t.source = r.source \
            LEFT JOIN confirmation c ON c.submission = r.submission \
            WHERE f.relation IN ({corrects}, {withdraws}) AND f.target_number IN ({{in}})"
        );
        let rows = tx.rows_in(&sql, &[], &values).await?;
        let undone = self.undone_about(tx, &values).await?;
        if rows.is_empty() {
            return Ok(undone);
        }
        let (on, known) = (self.clock().today(), NOW);
        let bundle = self.bundle_in(tx, AsOf { on, known }).await?;
        let mut mended = undone;
        for row in rows {
            let item = ItemCode::new(row.text(3)?).ok();
            let adverse = item
                .and_then(|item| bundle.item(&item))
                .is_some_and(Item::is_adverse);
            // An adverse correction takes the place of nothing before a second officer has confirmed it.
            if row.int(2)? == i64::from(withdraws) || !adverse || row.int_or_none(4)?.is_some() {
                let pair = (row.int(0)?, row.int(1)?);
                mended.push((RecordNumber::from_i64(pair.0), RecordNumber::from_i64(pair.1)));
            }
        }
        Ok(mended)
    }
}

impl Store {
    /// Which of these records were taken back with their whole hand-in, and by which confirmation.
    async fn undone_about(&self, tx: &mut Tx, about: &[Arg]) -> Result<Vec<(RecordNumber, RecordNumber)>> {
        let sql = format!(
            "SELECT r.number, {UNDONE_BY} FROM record r WHERE {UNDONE_BY} IS NOT NULL AND r.number IN ({{in}})"
        );
        let mut undone = Vec::new();
        for row in tx.rows_in(&sql, &[], about).await? {
            undone.push((
                RecordNumber::from_i64(row.int(0)?),
                RecordNumber::from_i64(row.int(1)?),
            ));
        }
        Ok(undone)
    }
}

/// Refuses what has its answer.
pub(crate) async fn check_unanswered(tx: &mut Tx, plea: RecordNumber) -> Result<()> {
    let sql = "SELECT 1 FROM plea WHERE number = $1 AND answered_number IS NOT NULL";
    match tx.row(sql, args![plea]).await? {
        Some(_) => Err(ActFault::AlreadyAnswered.into()),
        None => Ok(()),
    }
}

/// The record that an act bears on in this way.
pub(crate) fn target_of(record: &Record, relation: Relation) -> Option<RecordNumber> {
    let mut references = record.references.iter();
    references.find_map(|reference| match reference.target {
        Target::Number(number) if reference.relation == relation => Some(number),
        _ => None,
    })
}

/// The projection: a plea opens, and the first answer by who may answer closes it.
pub(crate) async fn project_pleas(tx: &mut Tx, bundle: Option<&Bundle>, part: &[Numbered<'_>]) -> Result<()> {
    for one in part {
        match one.record.act() {
            Some(Act::Object) => open(tx, *one, Relation::ObjectsTo).await?,
            Some(Act::ApplyRepair) => open(tx, *one, Relation::Asks).await?,
            Some(Act::Answer | Act::Repair) => close(tx, bundle, *one).await?,
            _ => {}
        }
    }
    Ok(())
}

async fn open(tx: &mut Tx, one: Numbered<'_>, relation: Relation) -> Result<()> {
    let Some(about) = target_of(one.record, relation).filter(|about| *about < one.number) else {
        return Ok(());
    };
    let sql =
        "INSERT INTO plea (number, about, source) SELECT $1, number, source FROM record WHERE number = $2";
    tx.execute(sql, args![one.number, about]).await?;
    Ok(())
}

async fn close(tx: &mut Tx, bundle: Option<&Bundle>, one: Numbered<'_>) -> Result<()> {
    let Some(plea) = target_of(one.record, Relation::Answers).filter(|plea| *plea < one.number) else {
        return Ok(());
    };
    let source = &one.record.source;
    let for_others = bundle
        .and_then(|bundle| bundle.source(source))
        .is_some_and(|source| source.repairs_for_others);
    let sql = "UPDATE plea SET answered_number = $1 WHERE number = $2 AND answered_number IS NULL \
        AND (source = $3 OR $4 = 1)";
    let args = args![one.number, plea, source.as_str(), i64::from(for_others)];
    tx.execute(sql, args).await?;
    Ok(())
}
