//! Whose file is not what it was at an earlier size of the log.

use std::collections::BTreeSet;

use record::{RecordNumber, SubjectId, SubmissionId, TreeSize};

use crate::Result;
use crate::db::{Arg, Row, Tx, args};

/// What a reference in a run of records bears on, at any number of removes: an answer bears on an objection, which bears on a
/// record.
#[derive(Default)]
struct Borne {
    numbers: BTreeSet<RecordNumber>,
    submissions: BTreeSet<SubmissionId>,
}

/// Every subject whose file may differ between two sizes of the log, those who have none any more among them.
pub(crate) async fn touched(tx: &mut Tx, from: TreeSize, to: TreeSize) -> Result<BTreeSet<SubjectId>> {
    let mut found = BTreeSet::new();
    let own = "SELECT DISTINCT subject FROM membership WHERE number >= $1 AND number < $2";
    take(&mut found, &tx.rows(own, args![from, to]).await?)?;
    let merged = "SELECT subject FROM merger WHERE (number >= $1 AND number < $2) OR (from_number >= $1 AND from_number < $2) \
        OR (until_number >= $1 AND until_number < $2) UNION SELECT merged FROM merger WHERE (number >= $1 AND number < $2) \
        OR (from_number >= $1 AND from_number < $2) OR (until_number >= $1 AND until_number < $2)";
    take(&mut found, &tx.rows(merged, args![from, to]).await?)?;
    let borne = borne(tx, from, to).await?;
    let numbers: Vec<Arg> = borne.numbers.iter().map(|number| Arg::from(*number)).collect();
    let of_records = "SELECT subject FROM membership WHERE number IN ({in})";
    take(&mut found, &tx.rows_in(of_records, &[], &numbers).await?)?;
    let submissions: Vec<Arg> = borne.submissions.iter().map(|one| Arg::from(*one)).collect();
    let of_submissions = "SELECT m.subject FROM membership m JOIN record r ON r.number = m.number WHERE r.submission IN ({in})";
    take(&mut found, &tx.rows_in(of_submissions, &[], &submissions).await?)?;
    Ok(found)
}

async fn borne(tx: &mut Tx, from: TreeSize, to: TreeSize) -> Result<Borne> {
    let mut borne = Borne::default();
    let first = "SELECT target_number, target_submission FROM reference WHERE number >= $1 AND number < $2";
    let mut rows = tx.rows(first, args![from, to]).await?;
    loop {
        let (mut numbers, mut submissions) = (Vec::new(), Vec::new());
        for row in &rows {
            let number = row.int_or_none(0)?.map(RecordNumber::from_i64);
            let submission = row.int_or_none(1)?.map(SubmissionId::from_i64);
            numbers.extend(
                number
                    .filter(|number| borne.numbers.insert(*number))
                    .map(Arg::from),
            );
            submissions.extend(
                submission
                    .filter(|one| borne.submissions.insert(*one))
                    .map(Arg::from),
            );
        }
        if numbers.is_empty() && submissions.is_empty() {
            return Ok(borne);
        }
        let of_records = "SELECT target_number, target_submission FROM reference WHERE number IN ({in})";
        rows = tx.rows_in(of_records, &[], &numbers).await?;
        let of_submissions = "SELECT f.target_number, f.target_submission FROM reference f \
            JOIN record r ON r.number = f.number WHERE r.submission IN ({in})";
        rows.extend(tx.rows_in(of_submissions, &[], &submissions).await?);
    }
}

fn take(found: &mut BTreeSet<SubjectId>, rows: &[Row]) -> Result<()> {
    for row in rows {
        found.insert(SubjectId::from_i64(row.int(0)?));
    }
    Ok(())
}
