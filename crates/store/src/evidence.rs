//! Records as they lie in the database: committed to, and sealed under keys of their own.

use std::num::NonZero;

use record::{Commitment, RecordKey, RecordNumber, SubmissionId};

use crate::candidate::Candidate;
use crate::db::{Arg, Tx, args};
use crate::keys::{Generation, Keys};
use crate::listed::sought;
use crate::seal::{Random, seal_body, wrap_key};
use crate::{Result, tags};

/// So many records are sealed by each thread at the least; what is less is not worth one.
const SEALED_LEAST: usize = 1_000;

/// What is appended, with the numbers that it has got.
pub(crate) type Fresh<'a> = (RecordNumber, &'a Candidate<'a>);

/// Rows of `record`, and of `record_key`.
type Sealed = (Vec<Vec<Arg>>, Vec<Vec<Arg>>);

pub(crate) async fn write_evidence(
    tx: &mut Tx,
    keys: &Keys,
    index: &Generation,
    submission: SubmissionId,
    fresh: &[Fresh<'_>],
) -> Result<()> {
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
    let record_key = ["number", "key_id", "wrapped"];
    for (rows, key_rows) in sealed_by_all(keys, index, submission, fresh)? {
        tx.insert("record", &record, rows, "").await?;
        tx.insert("record_key", &record_key, key_rows, "").await?;
    }
    Ok(())
}

/// Sealing a large hand-in takes as long as a third of writing it, so every processor does its part of it.
fn sealed_by_all(
    keys: &Keys,
    index: &Generation,
    submission: SubmissionId,
    fresh: &[Fresh<'_>],
) -> Result<Vec<Sealed>> {
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    let part = fresh.len().div_ceil(processors).max(SEALED_LEAST);
    if fresh.len() <= part {
        return Ok(vec![sealed(keys, index, submission, fresh)?]);
    }
    std::thread::scope(|scope| {
        let parts: Vec<_> = fresh
            .chunks(part)
            .map(|part| scope.spawn(move || sealed(keys, index, submission, part)))
            .collect();
        parts
            .into_iter()
            .map(|part| {
                part.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
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
