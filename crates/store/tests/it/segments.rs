//! What is sealed is as it was: every file, at every size of the log, for every door that reads it.

use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use record::{Record, Relation, SubjectId, Target, Value};
use store::{Outcome, Page, Place, Seal, Sealing, Store, StoreError};

use crate::rebuild::busy;
use crate::support::*;

on_both! {
    what_is_sealed_is_read_as_before
    the_newest_stay
    what_is_held_already_is_known_still
    many_segments_become_one
    what_found_its_owner_later_is_sealed_when_all_are_gone_through
    keys_are_turned_over
    a_file_that_is_altered_or_gone_is_named
    nothing_of_a_file_is_in_clear
    a_file_cut_off_before_it_was_listed_is_swept_away
}

async fn seal(store: &Store) -> Sealing {
    store.seal_records(Seal::default(), |_| ()).await.unwrap()
}

/// The files of segments, in their order.
fn files(home: &Home) -> Vec<PathBuf> {
    let beside = match &home.place {
        Place::Folder(folder) => folder.as_path(),
        Place::Url(_) => home.keys.parent().unwrap(),
    };
    let Ok(entries) = std::fs::read_dir(beside.join("segments")) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

/// Everything that is read of some subjects, at several sizes of the log.
async fn read(store: &Store, subjects: &[SubjectId]) -> Vec<String> {
    let size = store.tree_size().await.unwrap().0;
    let mut said = Vec::new();
    for subject in subjects {
        let permit = permit(store, *subject).await;
        for known in [size, size / 2, size - 1] {
            let file = store.file(&permit, Some(record::TreeSize(known))).await;
            said.push(format!("{:?}", file.map(|file| (file.name.clone(), file.all()))));
        }
    }
    for id in 0..40 {
        let page = store
            .submission_rows(record::SubmissionId(id), Page::new(1, 50))
            .await;
        said.push(format!("{:?}", page.map(|page| page.rows)));
    }
    said
}

async fn what_is_sealed_is_read_as_before(home: &Home) {
    if all_is_sealed() {
        return;
    }
    let store = home.create().await;
    let subjects = busy(home, &store).await;
    let (before, head) = (read(&store, &subjects).await, store.head().await.unwrap());
    let projections = home.projections().await;
    let as_of = store.now_as_of().await.unwrap();
    let bundle = store.bundle(as_of).await.unwrap();
    let place = home.folder.path().join("one.mirror");
    store.mirror(&place, &bundle, as_of.known, |_| ()).await.unwrap();
    let mut told = Vec::new();
    let sealing = store
        .seal_records(Seal::default(), |share| told.push(share))
        .await
        .unwrap();
    assert!(sealing.records > 10 && sealing.segments > 1, "{sealing}");
    assert!(told.iter().all(|share| share.done <= share.of));
    assert_eq!(files(home).len() as u64, sealing.segments);
    assert_eq!(store.to_seal(0).await.unwrap(), 0);
    for store in [store.clone(), home.open().await] {
        assert_eq!(read(&store, &subjects).await, before);
        assert_eq!(store.head().await.unwrap(), head);
        assert_clean(&store).await;
    }
    assert_eq!(home.projections().await, projections);
    let again = home.folder.path().join("two.mirror");
    store.mirror(&again, &bundle, as_of.known, |_| ()).await.unwrap();
    assert_eq!(std::fs::read(&again).unwrap(), std::fs::read(&place).unwrap());
    // What was sealed is gone from the database, and only that.
    let sealed = format!("{}", sealing.records);
    let count = "SELECT CAST(COUNT(*) AS BIGINT) FROM record WHERE home IS NOT NULL";
    for sql in [
        count.to_owned(),
        format!("{count} AND length(body) = 0 AND length(same_tag) = 0 AND length(content_tag) = 0"),
        format!("{count} AND number NOT IN (SELECT number FROM record_key)"),
    ] {
        assert_eq!(home.one(&sql).await, sealed, "{sql}");
    }
    assert_eq!(store.rebuild().await.unwrap().mended, []);
    assert_eq!(
        seal(&store).await,
        Sealing::default(),
        "there is nothing left to be sealed"
    );
}

async fn the_newest_stay(home: &Home) {
    if all_is_sealed() {
        return;
    }
    let store = home.create().await;
    let subjects = busy(home, &store).await;
    let before = read(&store, &subjects).await;
    let size = store.tree_size().await.unwrap().0;
    let keep = |keep| Seal {
        keep,
        ..Seal::default()
    };
    assert_eq!(
        store.seal_records(keep(size), |_| ()).await.unwrap(),
        Sealing::default()
    );
    assert_eq!(
        store.seal_records(keep(size + 9), |_| ()).await.unwrap(),
        Sealing::default()
    );
    let half = store.seal_records(keep(size / 2), |_| ()).await.unwrap();
    assert!(half.records > 0, "{half}");
    assert_eq!(read(&store, &subjects).await, before);
    let newest = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM record WHERE home IS NOT NULL AND number >= {}",
        size - size / 2
    );
    assert_eq!(home.one(&newest).await, "0");
    let rest = seal(&store).await;
    assert!(rest.records > 0, "{rest}");
    assert_eq!(read(&store, &subjects).await, before);
    assert_clean(&store).await;
}

fn rows() -> Vec<Record> {
    (1..30)
        .map(|n| penalty(person(n % 7), &format!("处{n}")))
        .collect()
}

async fn what_is_held_already_is_known_still(home: &Home) {
    let store = home.create().await;
    for n in 0..7 {
        found(&store, person(n)).await;
    }
    let first = hand_in(&store, &rows()).await;
    seal(&store).await;
    let again = hand_in(&store, &rows()).await;
    for (first, again) in first.iter().zip(&again) {
        assert_eq!(*again, Outcome::Duplicate(number(*first)));
    }
    // Another content is a conflict; as a correction it is taken, and then it is the one that is held.
    let changed = with(rows().remove(0), "kind", Value::Text("警告".into()));
    assert_eq!(
        hand_in(&store, std::slice::from_ref(&changed)).await,
        [Outcome::Conflict(number(first[0]))]
    );
    let corrects = referring(
        changed.clone(),
        Relation::Corrects,
        Target::Number(number(first[0])),
    );
    let taken = hand_in(&store, &[corrects]).await;
    assert!(matches!(taken[0], Outcome::Pending(_)), "{taken:?}");
    seal(&store).await;
    assert_eq!(
        hand_in(&store, &[changed]).await,
        [Outcome::Duplicate(number(taken[0]))]
    );
    assert_clean(&store).await;
}

async fn many_segments_become_one(home: &Home) {
    if all_is_sealed() {
        return;
    }
    let store = home.create().await;
    let subjects = [found(&store, person(1)).await, found(&store, person(2)).await];
    let mut merged = 0;
    for n in 0..12 {
        hand_in(
            &store,
            &[
                penalty(person(1), &format!("处{n}")),
                penalty(person(2), &format!("罚{n}")),
            ],
        )
        .await;
        merged += seal(&store).await.merged;
    }
    assert_eq!(merged, 16, "eight of each of two buckets");
    let before = read(&store, &subjects).await;
    assert_eq!(file(&store, subjects[0]).await.records.len(), 13);
    assert_clean(&store).await;
    // What was merged is kept for whoever reads it still, and then it is gone, with its key.
    let kept = files(home).len();
    let listed = "SELECT CAST(COUNT(*) AS BIGINT) FROM segment_key";
    assert_eq!(home.one(listed).await, kept.to_string());
    home.at("2026-11-23T04:00:00Z");
    seal(&store).await;
    assert_eq!(files(home).len(), kept - 16);
    assert_eq!(home.one(listed).await, (kept - 16).to_string());
    assert_eq!(read(&store, &subjects).await, before);
    assert_eq!(read(&home.open().await, &subjects).await, before);
    assert_clean(&store).await;
}

async fn what_found_its_owner_later_is_sealed_when_all_are_gone_through(home: &Home) {
    if all_is_sealed() {
        return;
    }
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let mut nameless = person(1);
    nameless.identifier = None;
    let stray = append_one(&store, penalty(nameless, "处1")).await;
    assert_eq!(
        seal(&store).await.records,
        1,
        "whom the register founded, and not what is nobody's"
    );
    let market = source("chancheng.market");
    store
        .link(stray, subject, &officer("chen"), &market, "户口本原件相符")
        .await
        .unwrap();
    assert_eq!(seal(&store).await.records, 0);
    let all = Seal {
        from_start: true,
        ..Seal::default()
    };
    assert_eq!(store.seal_records(all, |_| ()).await.unwrap().records, 1);
    // It may find another owner even so.
    let other = found(&store, person(2)).await;
    store
        .unlink(stray, &officer("chen"), &market, "身份证号码录错")
        .await
        .unwrap();
    store
        .link(stray, other, &officer("chen"), &market, "户口本原件相符")
        .await
        .unwrap();
    assert!(numbers(&file(&store, other).await.records).contains(&stray.0));
    assert!(!numbers(&file(&store, subject).await.records).contains(&stray.0));
    assert_clean(&store).await;
}

async fn keys_are_turned_over(home: &Home) {
    let store = home.create().await;
    let subjects = busy(home, &store).await;
    seal(&store).await;
    let before = read(&store, &subjects).await;
    store.rotate_keys(&home.keys).await.unwrap();
    for store in [store.clone(), home.open().await] {
        assert_eq!(read(&store, &subjects).await, before);
        assert_clean(&store).await;
    }
    // Each is under the second generation, whose id it begins with.
    let keys = home.dump("segment_key").await;
    let second = |line: &String| line.contains("wrapped=Some([02, 00, 00, 00, ");
    assert!(!keys.is_empty() && keys.iter().all(second), "{keys:?}");
    let held = hand_in(&store, &[licence(company(1, "佛山市禅城餐饮有限公司"), "证1")]).await;
    assert!(matches!(held[0], Outcome::Duplicate(_)), "{held:?}");
}

async fn a_file_that_is_altered_or_gone_is_named(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    hand_in(&store, &rows()).await;
    seal(&store).await;
    let path = files(home).remove(0);
    let whole = std::fs::read(&path).unwrap();
    for at in [4, 40, whole.len() / 2, whole.len() - 30] {
        let mut altered = whole.clone();
        altered[at] ^= 1;
        std::fs::write(&path, altered).unwrap();
        let store = home.open().await;
        let report = store.verify().await.unwrap();
        let named = report
            .differences
            .iter()
            .any(|one| one.table == "segment" && one.row == "1");
        assert!(named, "byte {at}: {report}");
    }
    std::fs::remove_file(&path).unwrap();
    let store = home.open().await;
    let report = store.verify().await.unwrap();
    assert!(
        report
            .differences
            .iter()
            .any(|one| one.table == "segment" && one.row == "1"),
        "{report}"
    );
    let refused = store.file(&permit(&store, subject).await, None).await;
    assert!(matches!(refused, Err(StoreError::DoesNotOpen(_))), "{refused:?}");
    std::fs::write(&path, &whole).unwrap();
    assert_clean(&home.open().await).await;
    // A record that is said to lie there and does not.
    home.sql("UPDATE record SET home = home + 1 WHERE number = 1")
        .await;
    let report = home.open().await.verify().await.unwrap();
    assert!(
        report
            .differences
            .iter()
            .any(|one| one.table == "record" && one.row == "1"),
        "{report}"
    );
}

async fn nothing_of_a_file_is_in_clear(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    hand_in(&store, &rows()).await;
    seal(&store).await;
    let value = resident(1).value().to_owned();
    for path in files(home) {
        let bytes = std::fs::read(&path).unwrap();
        for word in [value.as_str(), "罗志明", "处1", "penalty"] {
            assert!(
                !bytes.windows(word.len()).any(|part| part == word.as_bytes()),
                "{word}"
            );
        }
    }
}

async fn a_file_cut_off_before_it_was_listed_is_swept_away(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    seal(&store).await;
    let listed = files(home).remove(0);
    let folder = listed.parent().unwrap();
    for (name, old) in [
        ("00000077.parquet", true),
        ("00000078.parquet", false),
        ("notes.txt", true),
    ] {
        let file = std::fs::File::create(folder.join(name)).unwrap();
        if old {
            file.set_modified(UNIX_EPOCH + Duration::from_hours(9)).unwrap();
        }
    }
    seal(&store).await;
    let names: Vec<String> = files(home)
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, ["00000001.parquet", "00000078.parquet", "notes.txt"]);
}
