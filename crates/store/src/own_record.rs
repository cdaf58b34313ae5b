//! A department's own record, one at a time: whose it is, who linked it, and whether it was taken back.

use std::collections::BTreeSet;

use record::{CaseNumber, Logged, OfficerId, PurposeCode, RecordNumber, Relation, SourceCode, SubjectId};

use crate::act::said;
use crate::db::{Row, Tx, args};
use crate::merger::{Groups, NOW};
use crate::organisation::{Page, Paged};
use crate::{LookPermit, NewLook, Result, Store, StoreError, Viewer};

/// A record of a department, read by one of its officers.
#[derive(Debug)]
pub struct OwnRecord {
    /// The record.
    pub logged: Logged,
    /// The link that joins it to its subject, if a person made it.
    pub link: Option<Link>,
    /// The act that took it back, if there is one. Of its whole hand-in the hand-in tells.
    pub withdrawn: Option<Logged>,
    /// Whether its subject stands on it: a base register's.
    pub founds: bool,
}

/// A record that a person joined to a subject.
#[derive(Debug)]
pub struct Link {
    /// The link.
    pub number: RecordNumber,
    /// The record.
    pub record: RecordNumber,
    /// Who did.
    pub officer: OfficerId,
    /// What they compared.
    pub evidence: String,
    /// When it was appended, in milliseconds since 1970.
    pub at_ms: i64,
    /// Whether it stands.
    pub stands: bool,
}

/// Some of a department's own records, in the order of their numbers.
#[derive(Debug)]
pub struct OwnBlock {
    /// The records. One that was erased is left out.
    pub records: Vec<Logged>,
    /// The number to go on from, unless that was all.
    pub next: Option<RecordNumber>,
}

/// Links with the moment they were appended, and whether they stand.
const LINKS: &str = "SELECT r.number, f.target_number, s.received_ms, m.number FROM record r \
    JOIN submission s ON s.id = r.submission JOIN reference f ON f.number = r.number AND f.place = 0 \
    LEFT JOIN membership m ON m.number = f.target_number AND m.from_number = r.number AND m.until_number IS NULL \
    WHERE r.source = $1 AND r.home IS NULL AND r.item = 'act.link'";

impl Store {
    /// Whose file a record of this department is in, if it is in one.
    ///
    /// # Errors
    /// When the department has no such record.
    pub async fn subject_of(&self, source: &SourceCode, record: RecordNumber) -> Result<Option<SubjectId>> {
        let mut tx = self.inner.db.read().await?;
        subject_in(&mut tx, source, record).await
    }

    /// A record of this department. Of one that is in a file, whoever reads it has looked at the file.
    ///
    /// # Errors
    /// When the department has no such record, or the look is missing or at another.
    pub async fn own_record(
        &self,
        source: &SourceCode,
        record: RecordNumber,
        permit: Option<&LookPermit>,
    ) -> Result<OwnRecord> {
        let mut tx = self.inner.db.read().await?;
        let subject = subject_in(&mut tx, source, record).await?;
        if subject.is_some() && subject != permit.map(LookPermit::subject) {
            return Err(StoreError::NotFound);
        }
        let logged = self.logged_in(&mut tx, &[record]).await?.pop();
        let sql = format!("{LINKS} AND f.target_number = $2 AND m.number IS NOT NULL");
        let link = tx.row(sql, args![source.as_str(), record]).await?;
        let link = match link {
            Some(row) => self.links(&mut tx, &[row]).await?.pop(),
            None => None,
        };
        let sql = "SELECT 1 FROM subject_name WHERE number = $1";
        let founds = tx.row(sql, args![record]).await?.is_some();
        let sql =
            "SELECT number FROM reference WHERE target_number = $1 AND relation = $2 ORDER BY number LIMIT 1";
        let relation = i64::from(Relation::Withdraws.number());
        let withdrawn = match tx.row(sql, args![record, relation]).await? {
            Some(row) => {
                let act = RecordNumber::from_i64(row.int(0)?);
                self.logged_in(&mut tx, &[act]).await?.pop()
            }
            None => None,
        };
        Ok(OwnRecord {
            logged: logged.ok_or(StoreError::NotFound)?,
            link,
            withdrawn,
            founds,
        })
    }

    /// Records that a department handed in, from a number on and at most so many. Whose file they are in was looked at first: one
    /// look at each, on the disk before any of it is read (guard 9).
    ///
    /// # Errors
    /// When the viewer is of no department, the database fails or a record does not open.
    pub async fn own_records(
        &self,
        viewer: &Viewer,
        (purpose, case): (&PurposeCode, Option<&CaseNumber>),
        from: RecordNumber,
        most: u32,
    ) -> Result<OwnBlock> {
        let source = viewer.source.as_ref().ok_or(StoreError::NotFound)?;
        let mut tx = self.inner.db.write().await?;
        let sql = "SELECT r.number, m.subject FROM record r \
            LEFT JOIN membership m ON m.number = r.number AND m.until_number IS NULL \
            WHERE r.source = $1 AND r.number >= $2 AND r.item NOT LIKE 'act.%' ORDER BY r.number LIMIT $3";
        let rows = tx
            .rows(sql, args![source.as_str(), from, i64::from(most) + 1])
            .await?;
        let mut numbers = Vec::with_capacity(rows.len());
        let mut subjects = BTreeSet::new();
        for row in &rows {
            numbers.push(RecordNumber::from_i64(row.int(0)?));
            subjects.extend(row.int_or_none(1)?.map(SubjectId::from_i64));
        }
        let next = numbers.get(most as usize).copied();
        numbers.truncate(most as usize);
        let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else {
            let records = Vec::new();
            return Ok(OwnBlock { records, next });
        };
        let what = format!("own-records {first}–{last}");
        let subjects: Vec<SubjectId> = subjects.into_iter().collect();
        let groups = Groups::load(&mut tx, &subjects, NOW).await?;
        let roots: BTreeSet<SubjectId> = subjects.iter().map(|one| groups.root(*one)).collect();
        for subject in roots {
            let look = NewLook {
                viewer: viewer.clone(),
                subject,
                purpose: purpose.clone(),
                case: case.cloned(),
                what: what.clone(),
            };
            let mut at = vec![subject];
            at.extend(groups.merged_into(subject));
            self.write_looks(&mut tx, &[(&look, &at)]).await?;
        }
        tx.commit().await?;
        let mut tx = self.inner.db.read().await?;
        let records = self.logged_in(&mut tx, &numbers).await?;
        Ok(OwnBlock { records, next })
    }

    /// The links that a department's officers made, the newest first.
    ///
    /// # Errors
    /// When the database fails or a record does not open.
    pub async fn links_of(&self, source: &SourceCode, page: Page) -> Result<Paged<Link>> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT COUNT(*) FROM record WHERE source = $1 AND home IS NULL AND item = 'act.link'";
        let total = tx.one_int(sql, args![source.as_str()]).await?;
        let sql = format!("{LINKS} ORDER BY r.number DESC LIMIT $2 OFFSET $3");
        let rows = tx
            .rows(sql, args![source.as_str(), page.limit(), page.offset()])
            .await?;
        let links = self.links(&mut tx, &rows).await?;
        Ok(Paged::of(page, total, links))
    }

    /// In the order of the rows.
    async fn links(&self, tx: &mut Tx, rows: &[Row]) -> Result<Vec<Link>> {
        let mut numbers = Vec::with_capacity(rows.len());
        for row in rows {
            numbers.push(RecordNumber::from_i64(row.int(0)?));
        }
        let acts = self.logged_in(tx, &numbers).await?;
        let mut links = Vec::with_capacity(rows.len());
        for (row, number) in rows.iter().zip(numbers) {
            let act = acts.iter().find(|act| act.number() == number);
            let act = act.ok_or(StoreError::NotFound)?.record();
            let officer = said(act, "officer").and_then(|officer| OfficerId::new(officer).ok());
            links.push(Link {
                number,
                record: RecordNumber::from_i64(row.int(1)?),
                officer: officer.ok_or(StoreError::NotFound)?,
                evidence: said(act, "evidence").unwrap_or_default().to_owned(),
                at_ms: row.int(2)?,
                stands: row.int_or_none(3)?.is_some(),
            });
        }
        Ok(links)
    }
}

async fn subject_in(tx: &mut Tx, source: &SourceCode, record: RecordNumber) -> Result<Option<SubjectId>> {
    let sql = "SELECT m.subject FROM record r LEFT JOIN membership m ON m.number = r.number AND m.until_number IS NULL \
        WHERE r.number = $1 AND r.source = $2 AND r.item NOT LIKE 'act.%'";
    let row = tx.row(sql, args![record, source.as_str()]).await?;
    let subject = row.ok_or(StoreError::NotFound)?.int_or_none(0)?;
    let Some(subject) = subject.map(SubjectId::from_i64) else {
        return Ok(None);
    };
    Ok(Some(Groups::load(tx, &[subject], NOW).await?.root(subject)))
}
