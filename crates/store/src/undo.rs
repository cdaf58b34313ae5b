//! A whole hand-in taken back by its source: one officer proposes it, another confirms, and from then on none of its
//! records counts. The records stay, and so does what was said about them.

use std::collections::HashSet;

use record::{Act, OfficerId, RecordNumber, Relation, SourceCode, SubmissionId};

use crate::act::{reason, said, text};
use crate::bundle::named;
use crate::db::{Arg, Tx, args};
use crate::submission::UNDONE_BY;
use crate::{ActFault, Result, Store, StoreError, SubmissionInfo, SubmissionState};

impl Store {
    /// Proposes to take back everything that came with a hand-in. It has effect once a second officer confirms it.
    ///
    /// # Errors
    /// When the hand-in is another department's, no file, not finished, or being taken back already, or no reason is given.
    pub async fn propose_undo(
        &self,
        submission: SubmissionId,
        officer: &OfficerId,
        officer_source: &SourceCode,
        why: &str,
    ) -> Result<RecordNumber> {
        let why = reason(why)?;
        let info = self.file_of_source(submission, officer_source).await?;
        match info.state {
            SubmissionState::Open => return Err(ActFault::WrongKind.into()),
            SubmissionState::Undoing { .. } | SubmissionState::Undone { .. } => {
                return Err(ActFault::AlreadyUndone.into());
            }
            SubmissionState::Waiting | SubmissionState::Done | SubmissionState::Confirmed { .. } => {}
        }
        let mut tx = self.inner.db.write_log().await?;
        // Once more, now that nobody else can write.
        if proposal(&mut tx, submission).await?.is_some() {
            return Err(ActFault::AlreadyUndone.into());
        }
        let fields = named([("officer", text(officer.as_str())), ("ground", text(&why))])?;
        self.on_target(
            tx,
            Act::Withdraw,
            Relation::Withdraws,
            submission,
            officer,
            officer_source,
            fields,
        )
        .await
    }

    /// A second officer confirms that a hand-in is taken back.
    ///
    /// # Errors
    /// When nothing is proposed, it has been confirmed, or the officer is the first one or of another department.
    pub async fn confirm_undo(
        &self,
        submission: SubmissionId,
        officer: &OfficerId,
        officer_source: &SourceCode,
    ) -> Result<RecordNumber> {
        let (tx, proposal) = self.unconfirmed(submission, officer_source).await?;
        if proposal.by == officer.as_str() {
            return Err(ActFault::SameOfficer.into());
        }
        let fields = named([("officer", text(officer.as_str()))])?;
        self.on_target(
            tx,
            Act::Confirm,
            Relation::Confirms,
            proposal.submission,
            officer,
            officer_source,
            fields,
        )
        .await
    }

    /// Drops a proposal that nobody has confirmed: whoever made it, or the second officer who does not agree.
    ///
    /// # Errors
    /// When nothing is proposed, it has been confirmed, the officer is of another department, or no reason is given.
    pub async fn drop_undo(
        &self,
        submission: SubmissionId,
        officer: &OfficerId,
        officer_source: &SourceCode,
        why: &str,
    ) -> Result<RecordNumber> {
        let why = reason(why)?;
        let (tx, proposal) = self.unconfirmed(submission, officer_source).await?;
        let fields = named([("officer", text(officer.as_str())), ("ground", text(&why))])?;
        self.on_target(
            tx,
            Act::Withdraw,
            Relation::Withdraws,
            proposal.number,
            officer,
            officer_source,
            fields,
        )
        .await
    }

    /// Why a hand-in is to be taken back, or was.
    ///
    /// # Errors
    /// When nothing is proposed or the act does not open.
    pub async fn undo_ground(&self, submission: SubmissionId) -> Result<String> {
        let mut tx = self.inner.db.read().await?;
        let proposal = proposal(&mut tx, submission).await?.ok_or(StoreError::NotFound)?;
        let acts = self.logged_in(&mut tx, &[proposal.number]).await?;
        let ground = acts.first().and_then(|act| said(act.record(), "ground"));
        ground.map(str::to_owned).ok_or(StoreError::NotFound)
    }

    /// The proposal to take a hand-in of this department back, which nobody has confirmed, and the transaction that it
    /// was read in.
    async fn unconfirmed(&self, submission: SubmissionId, source: &SourceCode) -> Result<(Tx, Proposal)> {
        self.file_of_source(submission, source).await?;
        let mut tx = self.inner.db.write_log().await?;
        let proposal = proposal(&mut tx, submission).await?.ok_or(ActFault::WrongKind)?;
        if proposal.confirmed {
            return Err(ActFault::AlreadyUndone.into());
        }
        Ok((tx, proposal))
    }

    /// A hand-in of a file, by the department whose it is.
    async fn file_of_source(&self, submission: SubmissionId, source: &SourceCode) -> Result<SubmissionInfo> {
        let info = self.submission(submission).await?;
        if info.source != *source {
            return Err(ActFault::OtherSource.into());
        }
        if info.layout.is_none() {
            return Err(ActFault::WrongKind.into());
        }
        Ok(info)
    }
}

/// The living proposal to take a hand-in back.
struct Proposal {
    number: RecordNumber,
    /// The hand-in that the proposal itself is.
    submission: SubmissionId,
    by: String,
    confirmed: bool,
}

async fn proposal(tx: &mut Tx, submission: SubmissionId) -> Result<Option<Proposal>> {
    let sql = "SELECT f.number, r.submission, s.officer, c.number FROM reference f \
        JOIN record r ON r.number = f.number JOIN submission s ON s.id = r.submission \
        LEFT JOIN confirmation c ON c.submission = r.submission \
        WHERE f.target_submission = $1 AND f.relation = 1 \
        AND NOT EXISTS (SELECT 1 FROM reference g WHERE g.target_number = f.number AND g.relation = 1) \
        ORDER BY f.number DESC LIMIT 1";
    let Some(row) = tx.row(sql, args![submission]).await? else {
        return Ok(None);
    };
    Ok(Some(Proposal {
        number: RecordNumber::from_i64(row.int(0)?),
        submission: SubmissionId::from_i64(row.int(1)?),
        by: row.text(2)?,
        confirmed: row.int_or_none(3)?.is_some(),
    }))
}

/// Which of these records their own source has taken back, one by one or with their hand-in, so that the same row is new
/// when it is handed in again.
pub(crate) async fn withdrawn_among(tx: &mut Tx, numbers: &[RecordNumber]) -> Result<HashSet<RecordNumber>> {
    let values: Vec<Arg> = numbers.iter().map(|number| Arg::from(*number)).collect();
    let mut found = HashSet::new();
    let alone = "SELECT f.target_number FROM reference f JOIN record w ON w.number = f.number \
        WHERE f.relation = 1 AND w.item = 'act.withdraw' AND f.target_number IN ({in})";
    let whole =
        format!("SELECT r.number FROM record r WHERE {UNDONE_BY} IS NOT NULL AND r.number IN ({{in}})");
    for sql in [alone, &whole] {
        for row in tx.rows_in(sql, &[], &values).await? {
            found.insert(RecordNumber::from_i64(row.int(0)?));
        }
    }
    Ok(found)
}
