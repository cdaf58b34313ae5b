//! Files that another system handed over: kept, sealed, until they are taken in, so that neither a second request nor a
//! crash takes one in twice.

use std::collections::HashMap;

use record::{LayoutCode, OfficerId, RecordNumber, SourceCode, SubmissionId};
use sha2::{Digest as _, Sha256};

use crate::append::{NewSubmission, Outcome};
use crate::db::{Row, Tx, args};
use crate::project::UnlinkedWhy;
use crate::seal::{open_under, seal_under};
use crate::{Result, Store, StoreError};

/// A file to be taken in.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Which department.
    pub source: SourceCode,
    /// Who handed it over.
    pub officer: OfficerId,
    /// What its sender knows it by: the same key is the same file.
    pub once: String,
    /// By which layout; found by its headers if none is named.
    pub layout: Option<LayoutCode>,
    /// Its name.
    pub file_name: String,
    /// The file.
    pub body: Vec<u8>,
}

/// A file that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub id: u64,
    /// Which department.
    pub source: SourceCode,
    /// Who handed it over.
    pub officer: OfficerId,
    /// By which layout, if one was named.
    pub layout: Option<LayoutCode>,
    /// Its name.
    pub file_name: String,
    /// When it came, in milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// What it is taken in as, once that has begun.
    pub submission: Option<SubmissionId>,
    /// Whether nothing is left to do.
    pub finished: bool,
    /// Why it was not taken in, in the words of whoever tried.
    pub fault: Option<String>,
}

/// What became of handing a file over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// It is new.
    New(Job),
    /// It came before: the same key, and the same file.
    Again(Job),
    /// The key came before with another file.
    OtherFile,
}

const COLUMNS: &str =
    "id, source, officer, layout, file_name, received_ms, submission, finished, fault, digest";

impl Store {
    /// Keeps a file to be taken in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_job(&self, new: &NewJob) -> Result<Handed> {
        let once: [u8; 32] = Sha256::digest(new.once.as_bytes()).into();
        // Another layout is another reading of it.
        let mut digest = Sha256::new_with_prefix(&new.body);
        digest.update(new.layout.as_ref().map_or("", LayoutCode::as_str));
        let digest: [u8; 32] = digest.finalize().into();
        let mut tx = self.inner.db.write().await?;
        // Locked first, so that of two at once the second finds the first.
        let id = tx.locked_counter("job").await?;
        let sql = format!("SELECT {COLUMNS} FROM job WHERE source = $1 AND once = $2");
        if let Some(row) = tx.row(sql, args![new.source.as_str(), once]).await? {
            return Ok(if row.hash(9)? == digest {
                Handed::Again(job_of(&row)?)
            } else {
                Handed::OtherFile
            });
        }
        let sql = "UPDATE counter SET next = $1 WHERE name = 'job'";
        tx.execute(sql, args![id + 1]).await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let body = seal_under(&keys, &body_place(id), &new.body)?;
        let now = self.clock().now_ms();
        let columns = [
            "id",
            "source",
            "officer",
            "once",
            "digest",
            "layout",
            "file_name",
            "received_ms",
            "body",
        ];
        let line = args![
            id,
            new.source.as_str(),
            new.officer.as_str(),
            once,
            digest,
            new.layout.as_ref().map(LayoutCode::as_str),
            new.file_name.as_str(),
            now,
            body
        ];
        tx.insert("job", &columns, vec![line], "").await?;
        let job = job_in(&mut tx, id).await?;
        tx.commit().await?;
        Ok(Handed::New(job))
    }

    /// A department's file that was handed over.
    ///
    /// # Errors
    /// When it has none of this number.
    pub async fn job(&self, source: &SourceCode, id: u64) -> Result<Job> {
        let mut tx = self.inner.db.read().await?;
        let id = i64::try_from(id).map_err(|_| StoreError::NotFound)?;
        let job = job_in(&mut tx, id).await?;
        if job.source == *source {
            Ok(job)
        } else {
            Err(StoreError::NotFound)
        }
    }

    /// The files that nobody has taken in yet, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting_jobs(&self) -> Result<Vec<Job>> {
        let mut tx = self.inner.db.read().await?;
        let sql = format!("SELECT {COLUMNS} FROM job WHERE finished = 0 ORDER BY id");
        tx.rows(sql, args![]).await?.iter().map(job_of).collect()
    }

    /// The file of one that waits.
    ///
    /// # Errors
    /// When it waits no longer, or does not open.
    pub async fn job_body(&self, id: u64) -> Result<Vec<u8>> {
        let id = i64::try_from(id).map_err(|_| StoreError::NotFound)?;
        let mut tx = self.inner.db.read().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let sql = "SELECT body FROM job WHERE id = $1 AND finished = 0";
        let row = tx.row(sql, args![id]).await?.ok_or(StoreError::NotFound)?;
        open_under(&keys, &body_place(id), &row.bytes(0)?)
    }

    /// Begins to take a file in, or goes on with what was begun when the program was cut off.
    ///
    /// # Errors
    /// When it waits no longer.
    pub async fn begin_job(&self, id: u64, new: &NewSubmission) -> Result<SubmissionId> {
        let id = i64::try_from(id).map_err(|_| StoreError::NotFound)?;
        let mut tx = self.inner.db.write().await?;
        let job = job_in(&mut tx, id).await?;
        if job.finished {
            return Err(StoreError::NotFound);
        }
        if let Some(begun) = job.submission {
            return Ok(begun);
        }
        let submission = self.begin_submission_in(&mut tx, new).await?;
        let sql = "UPDATE job SET submission = $2 WHERE id = $1";
        tx.execute(sql, args![id, submission]).await?;
        tx.commit().await?;
        Ok(submission)
    }

    /// A file is taken in, or cannot be: its body is destroyed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish_job(&self, id: u64, fault: Option<&str>) -> Result<()> {
        let id = i64::try_from(id).map_err(|_| StoreError::NotFound)?;
        let mut tx = self.inner.db.write().await?;
        let sql = "UPDATE job SET finished = 1, body = NULL, fault = $2 WHERE id = $1 AND finished = 0";
        tx.execute(sql, args![id, fault]).await?;
        tx.commit().await
    }

    /// The newest hand-in of this file by this officer that was cut off: begun and never finished.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cut_off(&self, new: &NewSubmission) -> Result<Option<SubmissionId>> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT MAX(id) FROM submission WHERE finished = 0 AND source = $1 AND layout = $2 \
            AND file_digest = $3 AND officer = $4";
        let layout = new.layout.as_ref().map(LayoutCode::as_str);
        let values = args![new.source.as_str(), layout, new.file_digest, new.officer.as_str()];
        let row = tx.row(sql, values).await?.ok_or(StoreError::NotFound)?;
        Ok(row.int_or_none(0)?.map(SubmissionId::from_i64))
    }

    /// What became of the records that a hand-in has appended so far.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn outcomes_in(&self, submission: SubmissionId) -> Result<HashMap<RecordNumber, Outcome>> {
        let mut tx = self.inner.db.read().await?;
        let bundle = self.bundle_before(&mut tx, i64::MAX).await?;
        let sql = "SELECT r.number, r.item, u.why FROM record r LEFT JOIN unlinked u ON u.number = r.number \
            WHERE r.submission = $1";
        let mut found = HashMap::new();
        for row in tx.rows(sql, args![submission]).await? {
            let number = RecordNumber::from_i64(row.int(0)?);
            let item = record::ItemCode::new(row.text(1)?).ok();
            let item = bundle.as_ref().and_then(|bundle| bundle.item(item.as_ref()?));
            let why = row.text_or_none(2)?.and_then(|why| UnlinkedWhy::from_code(&why));
            let outcome = match why {
                Some(why) => Outcome::Unlinked(number, why),
                None if item.is_some_and(assess::Item::is_adverse) => Outcome::Pending(number),
                None => Outcome::Accepted(number),
            };
            found.insert(number, outcome);
        }
        Ok(found)
    }
}

fn body_place(id: i64) -> String {
    format!("job.body/v1/{}", SubmissionId::from_i64(id))
}

async fn job_in(tx: &mut Tx, id: i64) -> Result<Job> {
    let sql = format!("SELECT {COLUMNS} FROM job WHERE id = $1");
    let row = tx.row(sql, args![id]).await?.ok_or(StoreError::NotFound)?;
    job_of(&row)
}

fn job_of(row: &Row) -> Result<Job> {
    let layout = row.text_or_none(3)?.and_then(|code| LayoutCode::new(code).ok());
    Ok(Job {
        id: u64::try_from(row.int(0)?).unwrap_or(0),
        source: SourceCode::new(row.text(1)?).map_err(|_| StoreError::NotFound)?,
        officer: OfficerId::new(row.text(2)?).map_err(|_| StoreError::NotFound)?,
        layout,
        file_name: row.text(4)?,
        received_ms: row.int(5)?,
        submission: row.int_or_none(6)?.map(SubmissionId::from_i64),
        finished: row.int(7)? != 0,
        fault: row.text_or_none(8)?,
    })
}
