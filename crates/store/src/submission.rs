//! Hand-ins: their state, their reports, the evidence to confirm, and rows that belong to nobody yet.

use std::collections::{BTreeMap, BTreeSet};

use record::{LayoutCode, Logged, OfficerId, RecordNumber, SourceCode, SubjectId, SubmissionId};

use crate::append::{SubmissionTotals, report_place};
use crate::db::{Arg, Row, Tx, args};
use crate::organisation::{Page, Paged};
use crate::project::UnlinkedWhy;
use crate::read::RECORD_COLUMNS;
use crate::seal::open_under;
use crate::{Result, Store, StoreError};

/// A hand-in.
#[derive(Debug, Clone)]
pub struct SubmissionInfo {
    /// Its number.
    pub id: SubmissionId,
    /// Which department.
    pub source: SourceCode,
    /// In which layout.
    pub layout: Option<LayoutCode>,
    /// The file's name.
    pub file_name: Option<String>,
    /// Who handed it in.
    pub officer: OfficerId,
    /// When, in milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// Its counts.
    pub totals: SubmissionTotals,
    /// How far it is.
    pub state: SubmissionState,
}

/// How far a hand-in is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmissionState {
    /// Begun and not finished: under way, or cut off.
    Open,
    /// Finished, with adverse records that wait for a second officer.
    Waiting,
    /// Finished, and nothing waits.
    Done,
    /// To be taken back as a whole, once a second officer confirms.
    Undoing {
        /// By whom.
        by: OfficerId,
        /// The act.
        number: RecordNumber,
    },
    /// Taken back as a whole.
    Undone {
        /// The second officer.
        by: OfficerId,
        /// The confirmation.
        number: RecordNumber,
    },
    /// Confirmed by a second officer, in this record.
    Confirmed {
        /// By whom.
        by: OfficerId,
        /// The act.
        number: RecordNumber,
    },
}

impl SubmissionState {
    /// Its code in URLs and locale keys.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Confirmed { .. } => "confirmed",
            Self::Undoing { .. } => "undoing",
            Self::Undone { .. } => "undone",
        }
    }
}

/// Which hand-ins are wanted.
#[derive(Debug, Clone, Default)]
pub struct SubmissionFilter {
    /// Only of this layout.
    pub layout: Option<LayoutCode>,
    /// Only in this state (a [`SubmissionState::code`]).
    pub state: Option<String>,
    /// Only files whose name holds this.
    pub file_name: Option<String>,
}

/// A record that belongs to nobody yet.
#[derive(Debug, Clone)]
pub struct UnlinkedRow {
    /// The record.
    pub logged: Logged,
    /// Why it belongs to nobody.
    pub why: UnlinkedWhy,
}

const INFO: &str = "SELECT s.id, s.source, s.layout, s.file_name, s.officer, s.received_ms, s.finished, s.row_count, \
    s.accepted, s.pending, s.duplicate, s.unlinked, s.refused, c.officer, c.number, \
    (SELECT COUNT(*) FROM linked_adverse l WHERE l.submission = s.id), \
    u.number, us.officer, uc.officer, uc.number \
    FROM submission s LEFT JOIN confirmation c ON c.submission = s.id ";

/// The living proposal to take a hand-in back, and its confirmation.
pub(crate) const UNDO: &str = "LEFT JOIN (SELECT f.target_submission AS id, MAX(f.number) AS number FROM reference f \
    WHERE f.relation = 1 AND f.target_submission IS NOT NULL \
    AND NOT EXISTS (SELECT 1 FROM reference g WHERE g.target_number = f.number AND g.relation = 1) \
    GROUP BY f.target_submission) u ON u.id = s.id \
    LEFT JOIN record ur ON ur.number = u.number LEFT JOIN submission us ON us.id = ur.submission \
    LEFT JOIN confirmation uc ON uc.submission = ur.submission";

/// A hand-in that waits for a second officer.
const WAITS: &str = "s.finished = 1 AND u.number IS NULL AND ((c.number IS NULL AND s.pending > 0) \
    OR EXISTS (SELECT 1 FROM linked_adverse l WHERE l.submission = s.id))";

/// The same, or one that is to be taken back once a second officer confirms.
pub(crate) const WAITS_OR_UNDOING: &str = "((s.finished = 1 AND u.number IS NULL AND ((c.number IS NULL AND s.pending > 0) \
    OR EXISTS (SELECT 1 FROM linked_adverse l WHERE l.submission = s.id))) OR (u.number IS NOT NULL AND uc.number IS NULL))";

/// Of the record `r`: the confirmation by which its hand-in was taken back as a whole; NULL if it was not.
pub(crate) const UNDONE_BY: &str = "(SELECT MAX(c.number) FROM reference f JOIN record w ON w.number = f.number \
    JOIN confirmation c ON c.submission = w.submission WHERE f.target_submission = r.submission AND f.relation = 1 \
    AND NOT EXISTS (SELECT 1 FROM reference g WHERE g.target_number = f.number AND g.relation = 1))";

/// Of the record `r`: that it was taken back neither with its whole hand-in nor by itself. Which hand-ins were is asked once and not
/// for each record: they are few.
pub(crate) const STANDS: &str = "r.submission NOT IN (SELECT f.target_submission FROM reference f \
    JOIN record w ON w.number = f.number JOIN confirmation c ON c.submission = w.submission \
    WHERE f.relation = 1 AND f.target_submission IS NOT NULL \
    AND NOT EXISTS (SELECT 1 FROM reference g WHERE g.target_number = f.number AND g.relation = 1)) \
    AND NOT EXISTS (SELECT 1 FROM reference t WHERE t.target_number = r.number AND t.relation = 1)";

/// Of the record `r`: whether it was taken back by itself.
const WITHDRAWN: &str =
    "EXISTS (SELECT 1 FROM reference t WHERE t.target_number = r.number AND t.relation = 1)";

fn info_of(row: &Row) -> Result<SubmissionInfo> {
    let count = |place| row.int(place).map(|count| u64::try_from(count).unwrap_or(0));
    let pending = count(9)?;
    let confirmed = row
        .text_or_none(13)?
        .and_then(|by| OfficerId::new(by).ok())
        .zip(row.int_or_none(14)?);
    let linked = count(15)? > 0;
    let officer = |place| {
        row.text_or_none(place)
            .map(|by| by.and_then(|by| OfficerId::new(by).ok()))
    };
    let number = |place| {
        row.int_or_none(place)
            .map(|number| number.map(RecordNumber::from_i64))
    };
    let undoing = officer(17)?.zip(number(16)?);
    let undone = officer(18)?.zip(number(19)?);
    let state = match (undone, undoing, confirmed) {
        (Some((by, number)), ..) => SubmissionState::Undone { by, number },
        (None, Some((by, number)), _) => SubmissionState::Undoing { by, number },
        (.., Some((by, number))) if !linked => SubmissionState::Confirmed {
            by,
            number: RecordNumber::from_i64(number),
        },
        _ if row.int(6)? == 0 => SubmissionState::Open,
        _ if pending > 0 || linked => SubmissionState::Waiting,
        _ => SubmissionState::Done,
    };
    Ok(SubmissionInfo {
        id: SubmissionId::from_i64(row.int(0)?),
        source: SourceCode::new(row.text(1)?).map_err(|_| StoreError::NotFound)?,
        layout: row.text_or_none(2)?.and_then(|code| LayoutCode::new(code).ok()),
        file_name: row.text_or_none(3)?,
        officer: OfficerId::new(row.text(4)?).map_err(|_| StoreError::NotFound)?,
        received_ms: row.int(5)?,
        totals: SubmissionTotals {
            rows: count(7)?,
            accepted: count(8)?,
            pending,
            duplicate: count(10)?,
            unlinked: count(11)?,
            refused: count(12)?,
        },
        state,
    })
}

pub(crate) async fn submissions_in(
    tx: &mut Tx,
    ids: &BTreeSet<SubmissionId>,
) -> Result<BTreeMap<SubmissionId, SubmissionInfo>> {
    let values: Vec<Arg> = ids.iter().map(|id| Arg::from(*id)).collect();
    let rows = tx
        .rows_in(&format!("{INFO}{UNDO} WHERE s.id IN ({{in}})"), &[], &values)
        .await?;
    rows.iter()
        .map(|row| info_of(row).map(|info| (info.id, info)))
        .collect()
}

impl Store {
    /// A hand-in by its number.
    ///
    /// # Errors
    /// When there is none.
    pub async fn submission(&self, id: SubmissionId) -> Result<SubmissionInfo> {
        let mut tx = self.inner.db.read().await?;
        let row = tx.row(format!("{INFO}{UNDO} WHERE s.id = $1"), args![id]).await?;
        info_of(&row.ok_or(StoreError::NoSubmission(id))?)
    }

    /// A department's files, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn submissions(
        &self,
        source: &SourceCode,
        filter: &SubmissionFilter,
        page: Page,
    ) -> Result<Paged<SubmissionInfo>> {
        let mut args = args![source.as_str()];
        let mut wanted = vec!["s.source = $1 AND s.layout IS NOT NULL".to_owned()];
        if let Some(layout) = &filter.layout {
            args.push(Arg::from(layout.as_str()));
            wanted.push(format!("s.layout = ${}", args.len()));
        }
        if let Some(name) = filter.file_name.as_deref().filter(|name| !name.is_empty()) {
            let name: String = name.chars().filter(|c| !c.is_control()).take(100).collect();
            args.push(Arg::Text(format!(
                "%{}%",
                name.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
            )));
            wanted.push(format!("s.file_name LIKE ${} ESCAPE '\\'", args.len()));
        }
        match filter.state.as_deref() {
            Some("open") => wanted.push("s.finished = 0".to_owned()),
            Some("waiting") => wanted.push(WAITS.to_owned()),
            Some("done") => wanted.push(format!(
                "s.finished = 1 AND u.number IS NULL AND c.number IS NULL AND NOT ({WAITS})"
            )),
            Some("confirmed") => wanted.push("u.number IS NULL AND c.number IS NOT NULL".to_owned()),
            Some("undoing") => wanted.push("u.number IS NOT NULL AND uc.number IS NULL".to_owned()),
            Some("undone") => wanted.push("uc.number IS NOT NULL".to_owned()),
            _ => {}
        }
        let wanted = wanted.join(" AND ");
        let mut tx = self.inner.db.read().await?;
        let from = format!("FROM submission s LEFT JOIN confirmation c ON c.submission = s.id {UNDO}");
        let total = tx
            .one_int(format!("SELECT COUNT(*) {from} WHERE {wanted}"), args.clone())
            .await?;
        let (limit, offset) = (args.len() + 1, args.len() + 2);
        args.extend(args![page.limit(), page.offset()]);
        let sql = format!("{INFO}{UNDO} WHERE {wanted} ORDER BY s.id DESC LIMIT ${limit} OFFSET ${offset}");
        let rows = tx.rows(sql, args).await?;
        let found = rows.iter().map(info_of).collect::<Result<_>>()?;
        Ok(Paged::of(page, total, found))
    }

    /// A department's hand-ins that wait for a second officer, for their adverse records or to be taken back; the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pending_submissions(&self, source: &SourceCode) -> Result<Vec<SubmissionInfo>> {
        let mut tx = self.inner.db.read().await?;
        let sql = format!("{INFO}{UNDO} WHERE s.source = $1 AND {WAITS_OR_UNDOING} ORDER BY s.id LIMIT 500");
        tx.rows(sql, args![source.as_str()])
            .await?
            .iter()
            .map(info_of)
            .collect()
    }

    /// The report of a finished hand-in.
    ///
    /// # Errors
    /// When there is no such hand-in or its report does not open.
    pub async fn submission_report(&self, id: SubmissionId) -> Result<Option<Vec<u8>>> {
        let mut tx = self.inner.db.read().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let row = tx
            .row("SELECT report FROM submission WHERE id = $1", args![id])
            .await?;
        let sealed = row.ok_or(StoreError::NoSubmission(id))?.bytes_or_none(0)?;
        sealed
            .map(|sealed| open_under(&keys, &report_place(id), &sealed))
            .transpose()
    }

    /// The records of a hand-in: the evidence that a second officer has open. The subject of each, where it
    /// has one, so that the caller logs the look.
    ///
    /// # Errors
    /// When the database fails or a record does not open.
    pub async fn submission_rows(
        &self,
        id: SubmissionId,
        page: Page,
    ) -> Result<Paged<(Logged, Option<SubjectId>)>> {
        let mut tx = self.inner.db.read().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let total = tx
            .one_int("SELECT COUNT(*) FROM record WHERE submission = $1", args![id])
            .await?;
        let sql =
            format!("SELECT {RECORD_COLUMNS} WHERE r.submission = $1 ORDER BY r.number LIMIT $2 OFFSET $3");
        let rows = tx.rows(sql, args![id, page.limit(), page.offset()]).await?;
        let logged = self.logged(&mut tx, &keys, &rows).await?;
        let numbers: Vec<Arg> = logged.iter().map(|one| Arg::from(one.number())).collect();
        let sql = "SELECT number, subject FROM membership WHERE until_number IS NULL AND number IN ({in})";
        let mut subjects = BTreeMap::new();
        for row in tx.rows_in(sql, &[], &numbers).await? {
            subjects.insert(
                RecordNumber::from_i64(row.int(0)?),
                SubjectId::from_i64(row.int(1)?),
            );
        }
        let rows = logged
            .into_iter()
            .map(|one| {
                let subject = subjects.get(&one.number()).copied();
                (one, subject)
            })
            .collect();
        Ok(Paged::of(page, total, rows))
    }

    /// A department's records that belong to nobody yet, the oldest first.
    ///
    /// # Errors
    /// When the database fails or a record does not open.
    pub async fn unlinked(&self, source: &SourceCode, page: Page) -> Result<Paged<UnlinkedRow>> {
        let mut tx = self.inner.db.read().await?;
        let of_source =
            format!("FROM unlinked n JOIN record r ON r.number = n.number WHERE n.source = $1 AND {STANDS}");
        let total = tx
            .one_int(format!("SELECT COUNT(*) {of_source}"), args![source.as_str()])
            .await?;
        let sql = format!("SELECT n.number, n.why {of_source} ORDER BY n.number LIMIT $2 OFFSET $3");
        let rows = tx
            .rows(sql, args![source.as_str(), page.limit(), page.offset()])
            .await?;
        let rows = self.unlinked_of(&mut tx, &rows).await?;
        Ok(Paged::of(page, total, rows))
    }

    /// One record of a department that belongs to nobody yet.
    ///
    /// # Errors
    /// When there is none.
    pub async fn unlinked_one(&self, source: &SourceCode, number: RecordNumber) -> Result<UnlinkedRow> {
        let mut tx = self.inner.db.read().await?;
        let sql = format!(
            "SELECT n.number, n.why FROM unlinked n JOIN record r ON r.number = n.number \
             WHERE n.source = $1 AND n.number = $2 AND NOT {WITHDRAWN}"
        );
        let rows = tx.rows(sql, args![source.as_str(), number]).await?;
        self.unlinked_of(&mut tx, &rows)
            .await?
            .pop()
            .ok_or(StoreError::NotFound)
    }

    async fn unlinked_of(&self, tx: &mut Tx, rows: &[Row]) -> Result<Vec<UnlinkedRow>> {
        let mut whys = BTreeMap::new();
        for row in rows {
            let why = UnlinkedWhy::from_code(&row.text(1)?).ok_or(StoreError::NotFound)?;
            whys.insert(RecordNumber::from_i64(row.int(0)?), why);
        }
        let numbers: Vec<RecordNumber> = whys.keys().copied().collect();
        let logged = self.logged_in(tx, &numbers).await?;
        Ok(logged
            .into_iter()
            .filter_map(|logged| {
                whys.get(&logged.number())
                    .map(|why| UnlinkedRow { why: *why, logged })
            })
            .collect())
    }
}
