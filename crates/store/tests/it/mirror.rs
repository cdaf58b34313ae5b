//! The packed mirror says what the files say, is of now, and a bad one is never read.

use std::sync::Arc;

use assess::{Bundle, Plan, RatedWho, Rater, Rating, assess};
use record::{AsOf, Realm, SubjectId};
use segment::{Batch, Mirror};
use store::Store;
use tempfile::TempDir;

use crate::rebuild::busy;
use crate::support::*;

on_both! {
    everyone_is_rated_as_at_the_desk
    one_that_is_stale_or_torn_is_made_anew
    one_that_grows_is_the_one_made_anew
    one_that_says_something_else_is_found
}

async fn busy_one(home: &Home) -> (Store, Vec<SubjectId>) {
    let store = home.create().await;
    let subjects = busy(home, &store).await;
    (store, subjects)
}

/// Now, the rules in force, and a folder for mirrors.
async fn asked(store: &Store) -> (AsOf, Arc<Bundle>, TempDir) {
    let as_of = store.now_as_of().await.unwrap();
    let bundle = store.bundle(as_of).await.unwrap();
    (as_of, bundle, tempfile::tempdir().unwrap())
}

async fn everyone_is_rated_as_at_the_desk(home: &Home) {
    let (store, subjects) = busy_one(home).await;
    let (as_of, bundle, folder) = asked(&store).await;
    let place = folder.path().join("mirror/people.mirror");
    let mirror = store.mirror(&place, &bundle, as_of.known, |_| ()).await.unwrap();
    let plan = Plan::of(&bundle);
    let mut batch = Batch::default();
    let mut rated = 0;
    for days in [-700_i64, -1, 0, 1, 400] {
        let on = as_of.on.saturating_add(jiff::Span::new().days(days));
        let mut scorecards = Rater::new(&bundle, &plan, on);
        for subject in &subjects {
            let file = file(&store, *subject).await;
            let told = mirror.find(file.subject.0).unwrap();
            let spans = mirror.read(told, &mut batch).unwrap();
            let rating = scorecards.rate(told.who, spans);
            let found = assess(&bundle, &file.all(), AsOf { on, ..as_of });
            match (rating, found.rating) {
                (Ok(rating), Rating::Rated(grade)) => {
                    assert_eq!((rating.letter, rating.points), (grade.letter, grade.points));
                    rated += 1;
                }
                (Err(why), Rating::NotRated(also)) => assert_eq!(why, also),
                other => panic!("{other:?}"),
            }
        }
    }
    assert!(rated > 0, "somebody is rated");
    let found = store.verify_mirror(&mirror, &bundle).await.unwrap();
    assert!(found.subjects.is_empty(), "{found:?}");
}

async fn one_that_is_stale_or_torn_is_made_anew(home: &Home) {
    let (store, _) = busy_one(home).await;
    let (as_of, bundle, folder) = asked(&store).await;
    let place = folder.path().join("people.mirror");
    let mut made = 0;
    // Of now, of an earlier moment, and of now again.
    let earlier = record::TreeSize(as_of.known.0 / 2);
    for (known, new) in [
        (as_of.known, true),
        (as_of.known, false),
        (earlier, true),
        (earlier, false),
        (as_of.known, false),
    ] {
        let before = made;
        let mirror = store.mirror(&place, &bundle, known, |_| made += 1).await.unwrap();
        assert_eq!(mirror.about().known, known);
        assert_eq!(made > before, new, "made anew only when it must be");
    }
    let whole = std::fs::read(&place).unwrap();
    std::fs::write(&place, &whole[..whole.len() - 5]).unwrap();
    store.mirror(&place, &bundle, as_of.known, |_| ()).await.unwrap();
    assert_eq!(std::fs::read(&place).unwrap(), whole, "the same to the byte");
    // Scorecards may change without it, whatever else does not.
    for (file, anew) in [
        ("rating/person.toml", false),
        ("lists/court-defaulters.toml", true),
    ] {
        let mut files = policy_files();
        files.get_mut(file).unwrap().push_str("# a draft\n");
        let draft = Bundle::parse(files, Realm::Demo).unwrap();
        let before = made;
        store
            .mirror(&place, &draft, as_of.known, |_| made += 1)
            .await
            .unwrap();
        assert_eq!(made > before, anew, "{file}");
    }
}

/// From every size of the log to the last, whatever came between: links undone, merges, answers, a batch taken back.
async fn one_that_grows_is_the_one_made_anew(home: &Home) {
    let (store, _) = busy_one(home).await;
    let (as_of, bundle, folder) = asked(&store).await;
    let made = folder.path().join("made.mirror");
    store.mirror(&made, &bundle, as_of.known, |_| ()).await.unwrap();
    let whole = std::fs::read(&made).unwrap();
    for from in 0..as_of.known.0 {
        let place = folder.path().join(format!("{from}.mirror"));
        store
            .mirror(&place, &bundle, record::TreeSize(from), |_| ())
            .await
            .unwrap();
        let grown = store
            .mirror(&place, &bundle, as_of.known, |_| panic!("it grows"))
            .await
            .unwrap();
        assert_eq!(grown.about().known, as_of.known);
        assert_eq!(std::fs::read(&place).unwrap(), whole, "from {from}");
        std::fs::remove_file(&place).unwrap();
    }
}

async fn one_that_says_something_else_is_found(home: &Home) {
    let (store, _) = busy_one(home).await;
    let (as_of, bundle, folder) = asked(&store).await;
    let place = folder.path().join("people.mirror");
    let mirror = store.mirror(&place, &bundle, as_of.known, |_| ()).await.unwrap();
    let mut writer = segment::Writer::create(&place, mirror.about().clone()).unwrap();
    let mut batch = Batch::default();
    let (first, second) = (&mirror.subjects()[0], &mirror.subjects()[1]);
    // The first has one fact less, the second is not there, and somebody nobody knows is.
    let spans = mirror.read(first, &mut batch).unwrap();
    writer
        .push(first.id, first.who, &spans[..spans.len() - 1])
        .unwrap();
    let others = mirror.subjects().iter().skip(2);
    for other in others {
        writer
            .push(other.id, other.who, mirror.read(other, &mut batch).unwrap())
            .unwrap();
    }
    let who = RatedWho::default();
    writer.push(u64::MAX, who, &[]).unwrap();
    writer.finish().unwrap();
    let other = Mirror::open(&place).unwrap();
    let mut found = store.verify_mirror(&other, &bundle).await.unwrap().subjects;
    found.sort_unstable();
    assert_eq!(found, [first.id, second.id, u64::MAX]);
}
