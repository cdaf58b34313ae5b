//! Sealed reports: that one was made, for whom, on which day, and which bytes it has. The report itself is not kept
//! ([ADR 0014](../../../docs/adr/0014-sealed-reports.md)).

use record::{Date, ReportCode, SubjectId, TreeSize};
use serde::Serialize;

use crate::db::{Arg, Row, Tx, args};
use crate::sharing::{sign_with, signs};
use crate::{Clock, LookPermit, Result, SignedAnswer, Store, StoreError};

/// So many days after its last day a report is forgotten.
const FORGOTTEN_DAYS: i32 = 365;
/// What of a seal is kept: its header and its signature. What it is over stands in the row.
const PARTS: char = '.';

/// A report that was just made.
#[derive(Debug, Clone)]
pub struct NewReport {
    /// The code that is printed on it.
    pub code: ReportCode,
    /// Whose it is, with all but the first character hidden.
    pub masked_name: String,
    /// The SHA-256 digest of its bytes.
    pub digest: [u8; 32],
    /// By which edition of the rules.
    pub edition: String,
    /// How much of the log it rests on.
    pub known: TreeSize,
    /// The last day on which it can be verified.
    pub until: Date,
}

/// A report that was made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its code.
    pub code: ReportCode,
    /// Whose it is, with all but the first character hidden.
    pub masked_name: String,
    /// The SHA-256 digest of its bytes.
    pub digest: [u8; 32],
    /// When it was made, in milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// By which edition of the rules.
    pub edition: String,
    /// How much of the log it rests on.
    pub known: TreeSize,
    /// The last day on which it can be verified.
    pub until: Date,
    /// What it is worth today.
    pub state: ReportState,
    /// What anybody can check it by, without asking here: a signature over what this says.
    pub seal: SignedAnswer,
}

/// What a report is worth on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportState {
    /// It can be verified.
    Holds,
    /// Its last day is over.
    Expired,
    /// Whoever had it made took it back, at this moment in milliseconds since 1970 UTC.
    Withdrawn(i64),
}

/// What a seal is over, as JSON in this order.
#[derive(Serialize)]
struct Statement<'a> {
    report: &'a str,
    name: &'a str,
    sha256: String,
    made_ms: i64,
    edition: &'a str,
    known: u64,
    until: String,
}

const COLUMNS: &str =
    "code, masked_name, digest, made_ms, edition, known, until_day, seal, withdrawn_ms, subject";

impl Store {
    /// A code that no report has.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn draw_report_code(&self) -> Result<ReportCode> {
        let mut drawn = None;
        while drawn.is_none() {
            drawn = ReportCode::of_random(&crate::seal::random()?);
        }
        drawn.ok_or(StoreError::NoRandomness)
    }

    /// Keeps that a report was made of the file that a look has opened; and forgets those whose last day is long over.
    ///
    /// # Errors
    /// When the database fails or the key file cannot be read.
    pub async fn keep_report(&self, permit: &LookPermit, new: &NewReport) -> Result<()> {
        let made_ms = self.clock().now_ms();
        let until = new.until.to_string();
        let mut tx = self.inner.db.write().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let statement = Statement {
            report: new.code.as_str(),
            name: &new.masked_name,
            sha256: crate::keys::to_hex(&new.digest),
            made_ms,
            edition: &new.edition,
            known: new.known.0,
            until: until.clone(),
        };
        let seal = sign_with(keys.generation(keys.newest_id())?, &statement);
        let long_over = self
            .clock()
            .today()
            .saturating_sub(jiff::Span::new().days(FORGOTTEN_DAYS));
        tx.execute(
            "DELETE FROM report WHERE until_day < $1",
            args![long_over.to_string()],
        )
        .await?;
        let columns = [
            "code",
            "subject",
            "masked_name",
            "digest",
            "made_ms",
            "edition",
            "known",
            "until_day",
            "seal",
        ];
        let line = args![
            new.code.as_str(),
            permit.subject(),
            new.masked_name.as_str(),
            new.digest,
            made_ms,
            new.edition.as_str(),
            new.known,
            until,
            format!("{}{PARTS}{}", seal.protected, seal.signature),
        ];
        tx.insert("report", &columns, vec![line], "").await?;
        tx.commit().await
    }

    /// The reports that were made of a file, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reports(&self, permit: &LookPermit) -> Result<Vec<Report>> {
        let mut tx = self.inner.db.read().await?;
        let sql = format!("SELECT {COLUMNS} FROM report WHERE subject IN ({{in}})");
        let subjects: Vec<Arg> = permit.at().iter().copied().map(Arg::from).collect();
        let rows = tx.rows_in(&sql, &[], &subjects).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            found.extend(self.report_of(&mut tx, row).await?);
        }
        found.sort_by_key(|report| std::cmp::Reverse(report.made_ms));
        Ok(found)
    }

    /// Takes a report of the file back: from now on it is not vouched for. Whether there is such a report of this file.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn withdraw_report(&self, permit: &LookPermit, code: &ReportCode) -> Result<bool> {
        let now = self.clock().now_ms();
        let mut tx = self.inner.db.write().await?;
        let row = tx
            .row("SELECT subject FROM report WHERE code = $1", args![code.as_str()])
            .await?;
        let of = row.map(|row| row.int(0)).transpose()?.map(SubjectId::from_i64);
        if !of.is_some_and(|subject| permit.at().contains(&subject)) {
            return Ok(false);
        }
        let sql = "UPDATE report SET withdrawn_ms = $1 WHERE code = $2 AND withdrawn_ms IS NULL";
        tx.execute(sql, args![now, code.as_str()]).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The report of this code, if it was made here. It says nothing of what is in it.
    ///
    /// # Errors
    /// When the database fails or the key file cannot be read.
    pub async fn report(&self, code: &ReportCode) -> Result<Option<Report>> {
        self.find_report("code", args![code.as_str()]).await
    }

    /// The report of exactly these bytes, if it was made here.
    ///
    /// # Errors
    /// When the database fails or the key file cannot be read.
    pub async fn report_of_digest(&self, digest: [u8; 32]) -> Result<Option<Report>> {
        self.find_report("digest", args![digest]).await
    }

    async fn find_report(&self, column: &str, value: Vec<Arg>) -> Result<Option<Report>> {
        let mut tx = self.inner.db.read().await?;
        let sql = format!("SELECT {COLUMNS} FROM report WHERE {column} = $1");
        match tx.row(sql, value).await? {
            Some(row) => self.report_of(&mut tx, &row).await,
            None => Ok(None),
        }
    }

    /// A row whose seal fits; one that somebody changed beside the program is none.
    async fn report_of(&self, tx: &mut Tx, row: &Row) -> Result<Option<Report>> {
        let (keys, _) = self.keys(tx).await?;
        let Ok(code) = ReportCode::parse(&row.text(0)?) else {
            return Ok(None);
        };
        let Ok(until) = row.text(6)?.parse::<Date>() else {
            return Ok(None);
        };
        let (masked_name, digest, edition) = (row.text(1)?, row.hash(2)?, row.text(4)?);
        let (made_ms, known) = (row.int(3)?, TreeSize::from_i64(row.int(5)?));
        let statement = Statement {
            report: code.as_str(),
            name: &masked_name,
            sha256: crate::keys::to_hex(&digest),
            made_ms,
            edition: &edition,
            known: known.0,
            until: until.to_string(),
        };
        let kept = row.text(7)?;
        let Some(seal) = kept
            .split_once(PARTS)
            .and_then(|(protected, signature)| signs(keys.all(), protected, signature, &statement))
        else {
            return Ok(None);
        };
        let state = match row.int_or_none(8)? {
            Some(at_ms) => ReportState::Withdrawn(at_ms),
            None if until < Clock::day_of(self.clock().now()) => ReportState::Expired,
            None => ReportState::Holds,
        };
        Ok(Some(Report {
            code,
            masked_name,
            digest,
            made_ms,
            edition,
            known,
            until,
            state,
            seal,
        }))
    }
}
