//! A mirror gives back what was written, or says that it does not.
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use assess::{DayStamp, Fact, LifeSpan, Plan, RatedWho};
use jiff::civil::date;
use proptest::prelude::*;
use record::{SubjectKind, TreeSize};
use segment::{About, Batch, Mirror, MirrorError, Writer};

type Everyone = BTreeMap<u64, (RatedWho, Vec<LifeSpan>)>;

fn about() -> About {
    About {
        known: TreeSize(7),
        rules: "these".to_owned(),
        plan: serde_json::from_str::<Plan>("[]").unwrap(),
    }
}

fn span() -> impl Strategy<Value = LifeSpan> {
    let day = || (1930 * 384..2120 * 384_i32).prop_map(DayStamp);
    let until = prop_oneof![Just(DayStamp::NEVER), day()];
    let months =
        prop::option::of((24_000..24_300_i32, 0..400_i32).prop_map(|(first, more)| (first, first + more)));
    (0..9_u16, day(), day(), until, -9..9_000_000_000_i64, months).prop_map(
        |(line, occurred, from, until, quantity, covers)| LifeSpan {
            line,
            from,
            until,
            fact: Fact {
                occurred,
                quantity,
                covers,
            },
        },
    )
}

fn everyone() -> impl Strategy<Value = Everyone> {
    let kind = prop::sample::select(vec![
        None,
        Some(SubjectKind::Person),
        Some(SubjectKind::Organisation),
        Some(SubjectKind::SoleTrader),
    ]);
    let day = || prop::option::of(Just(date(1980, 2, 29)));
    let who = (kind, day(), day()).prop_map(|(kind, born, over)| RatedWho { kind, born, over });
    let spans = prop::collection::vec(span(), 0..30);
    prop::collection::btree_map(any::<u64>(), (who, spans), 0..200)
}

fn write(place: &Path, everyone: &Everyone) {
    let mut writer = Writer::create(place, about()).unwrap();
    for (id, (who, spans)) in everyone {
        writer.push(*id, *who, spans).unwrap();
    }
    writer.finish().unwrap();
}

/// Everyone, read by two threads.
fn read(mirror: &Mirror) -> Result<Everyone, MirrorError> {
    let found = Mutex::new(Everyone::new());
    let batches = mirror.batches();
    let work = || {
        let mut batch = Batch::default();
        while batches.take(&mut batch)? {
            batches.each(&mut batch, |subject, spans| {
                let twice = found
                    .lock()
                    .unwrap()
                    .insert(subject.id, (subject.who, spans.to_vec()));
                assert!(twice.is_none(), "a subject is read once");
                Ok::<_, MirrorError>(())
            })?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let one: Result<(), MirrorError> = work();
        one.and(other.join().unwrap())
    })?;
    Ok(found.into_inner().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Parts stand next to each other, hold everyone, and what is read part by part is what is read at once.
    #[test]
    fn parts_are_everyone_in_their_order(everyone in everyone(), count in 0..40_u64) {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("people.mirror");
        write(&place, &everyone);
        let mirror = Mirror::open(&place).unwrap();
        let parts = mirror.parts(count);
        prop_assert!(parts.len() as u64 <= count.max(1), "{parts:?}");
        let (mut next, mut found, mut batch) = (0, Vec::new(), Batch::default());
        for part in parts {
            prop_assert!(part.start == next && part.end > part.start);
            next = part.end;
            let batches = mirror.batches_of(part);
            while batches.take(&mut batch).unwrap() {
                batches
                    .each(&mut batch, |subject, spans| {
                        found.push((subject.id, (subject.who, spans.to_vec())));
                        Ok::<_, MirrorError>(())
                    })
                    .unwrap();
            }
        }
        prop_assert_eq!(next, mirror.subjects().len());
        prop_assert_eq!(found, everyone.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn everyone_comes_back(everyone in everyone()) {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("mirror");
        write(&place, &everyone);
        let mirror = Mirror::open(&place).unwrap();
        prop_assert_eq!(mirror.about(), &about());
        prop_assert_eq!(&read(&mirror).unwrap(), &everyone);
        let mut batch = Batch::default();
        for (id, (who, spans)) in &everyone {
            let subject = mirror.find(*id).unwrap();
            prop_assert_eq!(subject.who, *who);
            prop_assert_eq!(mirror.read(subject, &mut batch).unwrap(), spans.as_slice());
        }
        prop_assert!(mirror.damaged_blocks().unwrap().is_empty());
    }

    /// Torn at any place, or with any bit turned, it is told from a good one before it is believed.
    #[test]
    fn a_bad_one_is_noticed(everyone in everyone(), at in any::<prop::sample::Index>(), bit in 0..8_u8, torn in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("mirror");
        write(&place, &everyone);
        let mut bytes = fs::read(&place).unwrap();
        let at = at.index(bytes.len());
        if torn {
            bytes.truncate(at);
        } else {
            bytes[at] ^= 1 << bit;
        }
        fs::write(&place, &bytes).unwrap();
        let noticed = match Mirror::open(&place) {
            Err(_) => true,
            Ok(mirror) => !mirror.damaged_blocks().unwrap().is_empty() && (everyone.values().all(|(_, spans)| spans.is_empty()) || read(&mirror).is_err()),
        };
        prop_assert!(noticed, "byte {}", at);
    }
}

#[test]
fn one_that_is_not_finished_leaves_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("mirror");
    write(&place, &Everyone::new());
    let who = RatedWho::default();
    let mut writer = Writer::create(&place, about()).unwrap();
    writer.push(2, who, &[]).unwrap();
    assert!(matches!(writer.push(2, who, &[]), Err(MirrorError::Order(2))));
    drop(writer);
    assert!(Mirror::open(&place).unwrap().subjects().is_empty());
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing is left beside it"
    );
}

#[test]
fn a_subject_of_many_blocks_is_read_whole() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("mirror");
    let span = |n: i32| LifeSpan {
        line: 3,
        from: DayStamp::FIRST,
        until: DayStamp::NEVER,
        fact: Fact {
            occurred: DayStamp(2020 * 384 + n % 300),
            quantity: i64::from(n),
            covers: None,
        },
    };
    let who = RatedWho {
        kind: Some(SubjectKind::Person),
        born: Some(date(1970, 1, 1)),
        over: None,
    };
    let everyone: Everyone = [
        (1, (who, (0..77_000).map(span).collect())),
        (2, (who, vec![span(5)])),
    ]
    .into();
    write(&place, &everyone);
    assert_eq!(read(&Mirror::open(&place).unwrap()).unwrap(), everyone);
}

#[test]
fn two_writers_do_not_spoil_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("mirror");
    let who = RatedWho::default();
    let mut one = Writer::create(&place, about()).unwrap();
    let mut other = Writer::create(&place, about()).unwrap();
    one.push(1, who, &[]).unwrap();
    other.push(2, who, &[]).unwrap();
    one.finish().unwrap();
    assert!(Mirror::open(&place).unwrap().find(1).is_some());
    other.finish().unwrap();
    assert!(Mirror::open(&place).unwrap().find(2).is_some());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&place).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600, "its owner's alone");
}

#[test]
fn what_was_left_is_swept_after_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("mirror");
    for (name, days) in [("mirror.7-0.new", 2), ("mirror.8-0.new", 0), ("other.7-0.new", 2)] {
        let left = fs::File::create(folder.path().join(name)).unwrap();
        let now = left.metadata().unwrap().modified().unwrap();
        left.set_modified(now - std::time::Duration::from_hours(days * 24))
            .unwrap();
    }
    write(&place, &Everyone::new());
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|one| one.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["mirror", "mirror.8-0.new", "other.7-0.new"]);
}

#[test]
fn two_mirrors_that_differ_have_different_sums() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("people.mirror");
    let sum = |subject| {
        write(
            &place,
            &Everyone::from([(subject, (RatedWho::default(), Vec::new()))]),
        );
        Mirror::open(&place).unwrap().sum()
    };
    assert_eq!(sum(1), sum(1));
    assert_ne!(sum(1), sum(2));
}
