//! Segments give back what was put in, to whoever has the key and only as it was.

use std::path::Path;

use proptest::prelude::*;
use record::{Date, ItemCode, RecordKey, RecordNumber, SourceCode, SubjectId, SubmissionId};
use segment::{Merged, SealedRecord, Segment, SegmentError, SegmentKey, SegmentWriter, Written};
use sha2::{Digest, Sha256};

fn key(byte: u8) -> SegmentKey {
    SegmentKey::from_random([byte; 32])
}

/// A record that follows from its number.
fn sealed(subject: u64, day: i8, number: u64) -> SealedRecord {
    let byte = u8::try_from(number % 251).unwrap();
    SealedRecord {
        subject: SubjectId(subject),
        occurred: Date::constant(2026, 6, day),
        number: RecordNumber(number),
        submission: SubmissionId(number / 7),
        source: SourceCode::new(["chancheng.market", "chancheng.tax"][usize::from(byte % 2)]).unwrap(),
        item: ItemCode::new(["penalty.market", "licence.food", "honour.city"][usize::from(byte % 3)])
            .unwrap(),
        key: RecordKey::from_random([byte; 32]),
        statement: format!("statement {number}")
            .repeat(usize::from(byte % 9))
            .into_bytes(),
    }
}

fn write(path: &Path, key: &SegmentKey, records: &[SealedRecord]) -> Result<Written, SegmentError> {
    let mut writer = SegmentWriter::create(path, key)?;
    for record in records {
        writer.push(record.clone())?;
    }
    writer.finish()
}

/// All that a record says, to compare it.
fn said(record: &SealedRecord) -> impl PartialEq + std::fmt::Debug + use<> {
    (
        (record.subject, record.occurred, record.number, record.submission),
        (record.source.clone(), record.item.clone()),
        (*record.key.expose(), record.statement.clone()),
    )
}

fn all(segment: &Segment) -> Result<Vec<SealedRecord>, SegmentError> {
    let (mut rows, mut found) = (segment.all()?, Vec::new());
    while rows.take(&mut found)? {}
    Ok(found)
}

/// Records of these many subjects, in order; numbers in none.
fn file(subjects: u64, each: u64) -> Vec<SealedRecord> {
    let mut records: Vec<SealedRecord> = (0..subjects * each)
        .map(|at| {
            sealed(
                at % subjects * 3,
                i8::try_from(at % 28).unwrap() + 1,
                at * 5 % (subjects * each),
            )
        })
        .collect();
    records.sort_by_key(|one| (one.subject, one.occurred, one.number));
    records.dedup_by_key(|one| (one.subject, one.occurred, one.number));
    records
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn what_is_put_in_comes_out(
        places in prop::collection::btree_set((0..60u64, 1..28i8, 0..5_000u64), 0..600),
        asked in prop::collection::btree_set((0..60u64, 0..5_000u64), 0..12),
        every in 1..20usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.parquet");
        let records: Vec<SealedRecord> = places.iter().map(|(subject, day, number)| sealed(*subject, *day, *number)).collect();
        let written = write(&path, &key(1), &records).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        prop_assert_eq!(written.records, records.len() as u64);
        prop_assert_eq!(written.bytes, bytes.len() as u64);
        prop_assert_eq!(written.digest, <[u8; 32]>::from(Sha256::digest(&bytes)));
        let segment = Segment::open(&path, &key(1)).unwrap();
        prop_assert_eq!(segment.records(), records.len() as u64);
        let expected: Vec<_> = records.iter().map(said).collect();
        prop_assert_eq!(all(&segment).unwrap().iter().map(said).collect::<Vec<_>>(), expected);
        // Some that are there, and some that are not.
        let there = records.iter().step_by(every).map(|one| (one.subject, one.number));
        let asked: Vec<_> = asked.into_iter().map(|(subject, number)| (SubjectId(subject), RecordNumber(number))).chain(there).collect();
        let expected: Vec<_> = records.iter().filter(|one| asked.contains(&(one.subject, one.number))).map(said).collect();
        prop_assert_eq!(segment.find(&asked).unwrap().iter().map(said).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn some_subjects_are_found_over_pages_and_row_groups() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("1.parquet");
    let records = file(700, 200);
    write(&path, &key(1), &records).unwrap();
    let segment = Segment::open(&path, &key(1)).unwrap();
    assert_eq!(all(&segment).unwrap().len(), records.len());
    for asked in [
        vec![0],
        vec![2_097],
        vec![3, 999, 2_000],
        vec![1],
        (0..2_100).collect(),
    ] {
        let is_asked = |one: &&SealedRecord| asked.contains(&one.subject.0);
        let wanted: Vec<_> = records
            .iter()
            .filter(is_asked)
            .map(|one| (one.subject, one.number))
            .collect();
        let expected: Vec<_> = records.iter().filter(is_asked).map(said).collect();
        let found: Vec<_> = segment.find(&wanted).unwrap().iter().map(said).collect();
        assert_eq!(found, expected, "{} subjects", asked.len());
    }
}

#[test]
fn records_out_of_order_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (at, (before, after)) in [
        (sealed(2, 1, 1), sealed(1, 1, 2)),
        (sealed(1, 2, 1), sealed(1, 1, 2)),
        (sealed(1, 1, 2), sealed(1, 1, 1)),
        (sealed(1, 1, 1), sealed(1, 1, 1)),
    ]
    .into_iter()
    .enumerate()
    {
        let refused = write(
            &folder.path().join(at.to_string()),
            &key(1),
            &[before, after.clone()],
        );
        assert!(matches!(refused, Err(SegmentError::Order(number)) if number == after.number));
    }
    // Over the end of a batch, too.
    let mut records = file(50, 82);
    records.truncate(4_096);
    records.push(records[4_095].clone());
    let refused = write(&folder.path().join("batch"), &key(1), &records);
    assert!(matches!(refused, Err(SegmentError::Order(_))));
}

#[test]
fn nothing_is_written_over_and_nobody_else_may_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("1.parquet");
    write(&path, &key(1), &[sealed(1, 1, 1)]).unwrap();
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert!(matches!(
        SegmentWriter::create(&path, &key(2)),
        Err(SegmentError::Io(_))
    ));
}

#[test]
fn nothing_opens_without_its_key_or_altered_or_torn() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("1.parquet");
    write(&path, &key(1), &file(20, 10)).unwrap();
    assert!(matches!(
        Segment::open(&path, &key(2)),
        Err(SegmentError::DoesNotOpen(_))
    ));
    let whole = std::fs::read(&path).unwrap();
    // What it is about stands nowhere in clear.
    for word in ["statement", "penalty.market", "chancheng", "subject"] {
        assert!(
            !whole.windows(word.len()).any(|bytes| bytes == word.as_bytes()),
            "{word}"
        );
    }
    let read = || Segment::open(&path, &key(1)).and_then(|segment| all(&segment));
    let expected: Vec<_> = read().unwrap().iter().map(said).collect();
    let (mut tried, mut noticed) = (0, 0);
    for at in (0..whole.len()).step_by(29).chain(whole.len() - 12..whole.len()) {
        let mut altered = whole.clone();
        altered[at] ^= 0x20;
        tried += 1;
        std::fs::write(&path, &altered).unwrap();
        // What no reader minds, such as what kind of file it says it is, changes nothing of what is read.
        match read() {
            Err(_) => noticed += 1,
            Ok(found) => assert_eq!(found.iter().map(said).collect::<Vec<_>>(), expected, "byte {at}"),
        }
    }
    assert!(noticed * 100 > tried * 95, "{noticed} of {tried}");
    for length in [0, 3, 8, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..length]).unwrap();
        assert!(read().is_err(), "{length} bytes of {}", whole.len());
    }
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(read().unwrap().len(), 200);
}

#[test]
fn several_are_read_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let records = file(300, 70);
    let mut segments = Vec::new();
    for part in 0..5 {
        let path = folder.path().join(part.to_string());
        let own: Vec<SealedRecord> = records
            .iter()
            .filter(|one| one.number.0 % 5 == part)
            .cloned()
            .collect();
        write(&path, &key(1), &own).unwrap();
        segments.push(Segment::open(&path, &key(1)).unwrap());
    }
    let empty = folder.path().join("empty");
    write(&empty, &key(2), &[]).unwrap();
    segments.push(Segment::open(&empty, &key(2)).unwrap());
    let mut merged = Merged::of(&segments.iter().collect::<Vec<_>>()).unwrap();
    let mut found = Vec::new();
    while let Some(record) = merged.next().unwrap() {
        found.push(said(&record));
    }
    assert_eq!(found, records.iter().map(said).collect::<Vec<_>>());
}

/// A segment that an earlier version wrote, which other engines read in the stories of the browser too.
#[test]
fn one_that_was_written_before_reads_still() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/segment.parquet");
    let records = file(12, 25);
    if std::env::var_os("XINLIAN_WRITE_GOLDEN").is_some() {
        let _ = std::fs::remove_file(&path);
        write(&path, &key(7), &records).unwrap();
    }
    let segment = Segment::open(&path, &key(7)).unwrap();
    let expected: Vec<_> = records.iter().map(said).collect();
    assert_eq!(
        all(&segment).unwrap().iter().map(said).collect::<Vec<_>>(),
        expected
    );
}
