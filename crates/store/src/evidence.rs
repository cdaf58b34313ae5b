//! Records as they lie in the database: committed to, and sealed under keys of their own.

use record::{Commitment, RecordKey, RecordNumber, SubmissionId};

use crate::candidate::Candidate;
use crate::db::{Arg, ROWS_AT_ONCE, Tx, args};
use crate::keys::{Generation, Keys};
use crate::listed::sought;
use crate::seal::{Random, seal_body, wrap_key};
use crate::{Result, tags};

/// What is appended, with the numbers that it has got.
pub(crate) type Fresh<'a> = (RecordNumber, &'a Candidate<'a>);

/// Rows of `record`, and of `record_key`.
type Sealed = (Vec<Vec<Arg>>, Vec<Vec<Arg>>);

/// Seals the records and writes them. Both take about as long, so that while some are written the next are sealed.
pub(crate) async fn write_evidence(
    tx: &mut Tx,
    keys: &Keys,
    index: &Generation,
    submission: SubmissionId,
    fresh: &[Fresh<'_>],
) -> Result<()> {
    let mut parts = fresh
        .chunks(ROWS_AT_ONCE)
        .map(|part| sealed(keys, index, submission, part));
    let mut part = parts.next().transpose()?;
    while let Some(rows) = part {
        // The statement goes to the database first, whatever the order in which the two end.
        let (written, next) = tokio::join!(biased; write(tx, rows), async { parts.next().transpose() });
        written?;
        part = next?;
    }
    Ok(())
}

async fn write(tx: &mut Tx, (rows, key_rows): Sealed) -> Result<()> {
    let record = [
        "number",
        "submission",
        "source",
        "item",
        "same_tag",
        "same_start",
        "content_tag",
        "commitment",
        "commitment_start",
        "body",
    ];
    tx.insert("record", &record, rows, "").await?;
    tx.insert("record_key", &["number", "key_id", "wrapped"], key_rows, "")
        .await
}

fn sealed(keys: &Keys, index: &Generation, submission: SubmissionId, fresh: &[Fresh<'_>]) -> Result<Sealed> {
    let mut rows = Vec::with_capacity(fresh.len());
    let mut key_rows = Vec::with_capacity(fresh.len());
    let mut random = Random::default();
    for (number, candidate) in fresh {
        let key = RecordKey::from_random(random.bytes()?);
        let (bytes, content) = candidate.said();
        let same = candidate.same.unwrap_or_else(|| tags::of_act(index, *number));
        let commitment = Commitment::to(bytes, &key).0;
        let (key_id, wrapped) = wrap_key(&mut random, keys, *number, &key)?;
        rows.push(args![
            *number,
            submission,
            candidate.record.source.as_str(),
            candidate.record.item.as_str(),
            same,
            sought(&same),
            *content,
            commitment,
            sought(&commitment),
            seal_body(&mut random, &key, *number, bytes)?,
        ]);
        key_rows.push(args![*number, i64::from(key_id), wrapped]);
    }
    Ok((rows, key_rows))
}
