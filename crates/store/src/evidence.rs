//! Records as they lie in the database: committed to, and sealed under keys of their own.

use record::{Commitment, RecordKey, RecordNumber, SubjectId, SubmissionId};
use segment::SealedRecord;

use crate::candidate::Candidate;
use crate::columns::Column;
use crate::cores::on_every_core;
use crate::db::{Arg, ROWS_AT_ONCE, Tx, args};
use crate::keys::{Generation, Keys};
use crate::listed::sought;
use crate::seal::{Random, seal_body, wrap_key};
use crate::segments::{Draft, Marks};
use crate::{Result, StoreError, tags};

/// What is appended, with the numbers that it has got.
pub(crate) type Fresh<'a> = (RecordNumber, &'a Candidate<'a>);

/// The same, and whom it is about.
pub(crate) type Placed<'a> = (Fresh<'a>, SubjectId);

/// Rows of `record`, and of `record_key`.
type Sealed = (Vec<Vec<Arg>>, Vec<Vec<Arg>>);

/// Seals the records and writes them. Both take about as long, so that while some are written the next are sealed.
pub(crate) async fn write_evidence(
    tx: &mut Tx,
    (keys, index): (&Keys, &Generation),
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

/// Commits to records that go straight into segments, on every core: what is to be written, and the commitments, in their order.
pub(crate) fn drafted(
    submission: SubmissionId,
    sealed: &[Placed<'_>],
) -> Result<(Vec<Draft>, Vec<[u8; 32]>)> {
    let parts: Vec<&[Placed<'_>]> = sealed.chunks(ROWS_AT_ONCE).collect();
    let drafted = on_every_core(&parts, |part| {
        let mut random = Random::default();
        let drafts = part.iter().map(|one| draft(&mut random, submission, one));
        drafts.collect::<Result<Vec<_>>>()
    });
    let drafted = drafted.into_iter().collect::<Result<Vec<_>>>()?;
    Ok(drafted.into_iter().flatten().unzip())
}

fn draft(
    random: &mut Random,
    submission: SubmissionId,
    ((number, candidate), subject): &Placed<'_>,
) -> Result<(Draft, [u8; 32])> {
    let key = RecordKey::from_random(random.bytes()?);
    let (bytes, content) = candidate.said();
    let commitment = Commitment::to(bytes, &key).0;
    // Only acts are the same as no other, and they stay in the database.
    let same = candidate.same.ok_or(StoreError::NotFound)?;
    let record = SealedRecord {
        subject: *subject,
        occurred: candidate.record.occurred,
        number: *number,
        submission,
        source: candidate.record.source.clone(),
        item: candidate.record.item.clone(),
        key,
        statement: bytes.clone(),
    };
    let marks = Marks::of(*number, &same, content, &commitment);
    Ok((Draft { record, marks }, commitment))
}

/// Writes the rows of records that go straight into segments: all that remains of them here.
pub(crate) async fn write_sealed_rows(
    tx: &mut Tx,
    submission: SubmissionId,
    sealed: &[Placed<'_>],
    commitments: Vec<[u8; 32]>,
) -> Result<()> {
    let Some(((_, first), _)) = sealed.first() else {
        return Ok(());
    };
    let nothing = || Column::One(Arg::Bytes(Vec::new()));
    let numbers = sealed.iter().map(|((number, _), _)| number.to_i64());
    let items = sealed
        .iter()
        .map(|((_, candidate), _)| candidate.record.item.as_str());
    let homes = sealed.iter().map(|(_, home)| home.to_i64());
    let columns = vec![
        ("number", Column::Ints(numbers.collect())),
        ("submission", Column::One(submission.into())),
        ("source", Column::One(first.record.source.as_str().into())),
        ("item", Column::Texts(items.collect())),
        ("same_tag", nothing()),
        ("same_start", nothing()),
        ("content_tag", nothing()),
        ("commitment", Column::Hashes(commitments)),
        ("commitment_start", nothing()),
        ("body", nothing()),
        ("home", Column::Ints(homes.collect())),
    ];
    tx.insert_columns("record", columns, sealed.len()).await
}
