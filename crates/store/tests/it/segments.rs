//! What is sealed is as it was: every file, at every size of the log, for every door that reads it.

use std::collections::BTreeMap;
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
    straight_into_segments_is_the_same
    held_in_segments_is_told_without_opening
    a_batch_that_fails_leaves_nothing
    many_segments_become_one
    what_found_its_owner_later_is_sealed_when_all_are_gone_through
    keys_are_turned_over
    a_file_that_is_altered_or_gone_is_named
    a_run_that_is_altered_or_gone_is_named
    nothing_of_a_file_is_in_clear
    a_file_cut_off_before_it_was_listed_is_swept_away
}

async fn seal(store: &Store) -> Sealing {
    store.seal_records(Seal::default(), |_| ()).await.unwrap()
}

/// The files of segments, in their order.
fn files(home: &Home) -> Vec<PathBuf> {
    files_of(home, "parquet")
}

/// The files of this ending beside the database, in their order.
fn files_of(home: &Home, ending: &str) -> Vec<PathBuf> {
    let beside = match &home.place {
        Place::Folder(folder) => folder.as_path(),
        Place::Url(_) => home.keys.parent().unwrap(),
    };
    let Ok(entries) = std::fs::read_dir(beside.join("segments")) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|of| of == ending));
    found.sort();
    found
}

/// The id that a file is named by.
fn id_of(path: &std::path::Path) -> String {
    let name = path.file_stem().unwrap().to_str().unwrap();
    name.trim_start_matches('0').to_owned()
}

/// The projections, but for whether a record lies under whom it is about, which sealing changes.
async fn projections(home: &Home) -> BTreeMap<&'static str, Vec<String>> {
    let mut all = home.projections().await;
    for line in all.get_mut("membership").unwrap() {
        *line = line.replace("at_home=Some(1)", "at_home=Some(0)");
    }
    all
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
    let projections_before = projections(home).await;
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
    assert_eq!(projections(home).await, projections_before);
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

/// Whatever else there is, what came straight into segments reads as what was handed in record by record.
async fn straight_into_segments_is_the_same(home: &Home) {
    if all_is_sealed() {
        return;
    }
    let store = home.create().await;
    let subjects = busy(home, &store).await;
    let nobody = penalty(person(90), "处无");
    let documents = (1..30).map(|n| penalty(person(n % 7), &format!("直{n}")));
    let batch: Vec<Record> = documents.chain([nobody]).collect();
    let submission = store
        .begin_submission(&submission(batch[0].source.as_str(), "chen"))
        .await
        .unwrap();
    let outcomes = store.append_sealed(submission, &batch).await.unwrap();
    assert!(
        matches!(outcomes.last(), Some(Outcome::Unlinked(..))),
        "{outcomes:?}"
    );
    let linked = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Outcome::Pending(_)))
        .count();
    assert!(linked > 5, "{outcomes:?}");
    let count = "SELECT CAST(COUNT(*) AS BIGINT) FROM record WHERE home IS NOT NULL";
    assert_eq!(home.one(count).await, linked.to_string());
    assert_eq!(files_of(home, "run").len(), 2);
    assert_clean(&store).await;
    // Each is in the file of whom it is about, and can be linked, taken out and sealed with the rest.
    for (record, outcome) in batch.iter().zip(&outcomes) {
        let page = store.submission_rows(submission, Page::new(1, 50)).await.unwrap();
        let (logged, subject) = page
            .rows
            .iter()
            .find(|(one, _)| one.number() == number(*outcome))
            .unwrap();
        assert_eq!(logged.record(), record);
        let Some(subject) = subject else { continue };
        let permit = permit(&store, *subject).await;
        let file = store.file(&permit, None).await.unwrap();
        assert!(
            file.records.iter().any(|one| one.record() == record),
            "{outcome:?}"
        );
    }
    let before = read(&store, &subjects).await;
    seal(&store).await;
    assert_eq!(read(&store, &subjects).await, before);
    assert_clean(&store).await;
    assert_eq!(store.rebuild().await.unwrap().mended, []);
    assert_eq!(read(&store, &subjects).await, before);
    assert_clean(&store).await;
}

async fn held_in_segments_is_told_without_opening(home: &Home) {
    let store = home.create().await;
    for n in 0..7 {
        found(&store, person(n)).await;
    }
    let records = rows();
    let id = store
        .begin_submission(&submission(records[0].source.as_str(), "chen"))
        .await
        .unwrap();
    let first = store.append_sealed(id, &records).await.unwrap();
    let again = store.append_sealed(id, &records).await.unwrap();
    for (first, again) in first.iter().zip(&again) {
        assert_eq!(*again, Outcome::Duplicate(number(*first)));
    }
    // The same document with other content is a conflict, among rows of the batch as well as with what is held.
    let changed = with(records[0].clone(), "kind", Value::Text("警告".into()));
    let new = penalty(person(1), "处新");
    let other = with(new.clone(), "kind", Value::Text("警告".into()));
    let outcomes = store
        .append_sealed(id, &[changed, new.clone(), new, other])
        .await
        .unwrap();
    assert_eq!(outcomes[0], Outcome::Conflict(number(first[0])));
    assert_eq!(outcomes[2], Outcome::Duplicate(number(outcomes[1])));
    assert_eq!(outcomes[3], Outcome::Conflict(number(outcomes[1])));
    assert_clean(&store).await;
}

async fn a_batch_that_fails_leaves_nothing(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let records = rows();
    let id = store
        .begin_submission(&submission(records[0].source.as_str(), "chen"))
        .await
        .unwrap();
    let (files_before, size) = (files(home), store.tree_size().await.unwrap());
    let mut foreign = records.clone();
    foreign.push(registration(person(3)));
    assert!(store.append_sealed(id, &foreign).await.is_err());
    assert_eq!(files(home), files_before);
    assert_eq!(store.tree_size().await.unwrap(), size);
    store.append_sealed(id, &records).await.unwrap();
    assert_clean(&store).await;
}

async fn many_segments_become_one(home: &Home) {
    if all_is_sealed() {
        return;
    }
    let store = home.create().await;
    let subjects = [found(&store, person(1)).await, found(&store, person(2)).await];
    let mut merged = 0;
    for n in 0..20 {
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
    assert_eq!(merged, 32, "sixteen of each of two buckets");
    let before = read(&store, &subjects).await;
    assert_eq!(file(&store, subjects[0]).await.records.len(), 21);
    assert_clean(&store).await;
    // What was merged is kept for whoever reads it still, and then it is gone, with its key.
    let kept = files(home).len();
    let listed = "SELECT CAST(COUNT(*) AS BIGINT) FROM segment_key";
    assert_eq!(home.one(listed).await, kept.to_string());
    home.at("2026-11-23T04:00:00Z");
    seal(&store).await;
    assert_eq!(files(home).len(), kept - 32);
    assert_eq!(home.one(listed).await, (kept - 32).to_string());
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
    let id = id_of(&path);
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
            .any(|one| one.table == "segment" && one.row == id);
        assert!(named, "byte {at}: {report}");
    }
    std::fs::remove_file(&path).unwrap();
    let store = home.open().await;
    let report = store.verify().await.unwrap();
    assert!(
        report
            .differences
            .iter()
            .any(|one| one.table == "segment" && one.row == id),
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

/// What is held already cannot be told by a run that was altered, so that nothing is taken in until it is mended.
async fn a_run_that_is_altered_or_gone_is_named(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    hand_in(&store, &rows()).await;
    seal(&store).await;
    for path in files_of(home, "run") {
        let whole = std::fs::read(&path).unwrap();
        let row = format!("run {}", id_of(&path));
        let mut altered = whole.clone();
        altered[30] ^= 1;
        for bytes in [Some(altered), Some(whole[..20].to_vec()), None] {
            match bytes {
                Some(bytes) => std::fs::write(&path, bytes).unwrap(),
                None => std::fs::remove_file(&path).unwrap(),
            }
            let report = home.open().await.verify().await.unwrap();
            assert!(report.differences.iter().any(|one| one.row == row), "{report}");
        }
        std::fs::write(&path, &whole).unwrap();
        assert_clean(&home.open().await).await;
    }
    for path in files_of(home, "run") {
        std::fs::remove_file(path).unwrap();
    }
    let store = home.open().await;
    let id = store
        .begin_submission(&submission(rows()[0].source.as_str(), "chen"))
        .await
        .unwrap();
    let refused = store.append(id, &rows()).await;
    assert!(matches!(refused, Err(StoreError::DoesNotOpen(_))), "{refused:?}");
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
        ("00000977.parquet", true),
        ("00000978.parquet", false),
        ("00000979.run", true),
        ("notes.txt", true),
    ] {
        let file = std::fs::File::create(folder.join(name)).unwrap();
        if old {
            file.set_modified(UNIX_EPOCH + Duration::from_hours(9)).unwrap();
        }
    }
    seal(&store).await;
    assert_eq!(files(home), [listed.clone(), folder.join("00000978.parquet")]);
    assert_eq!(files_of(home, "run").len(), 2);
    assert!(folder.join("notes.txt").exists());
}
