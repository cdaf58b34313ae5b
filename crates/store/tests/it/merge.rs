//! Two subjects who were one, one who was two, and names and numbers that change.

use assess::{Rating, Standing, assess};
use record::{AsOf, Record, RecordNumber, SubjectId, SubjectKind, Value};
use store::{ActFault, Outcome, Page, Store, StoreError, UnlinkedWhy};

use crate::support::*;

on_both! {
    two_files_become_one_and_two_again
    what_another_handle_teaches_counts_at_once
    a_merge_needs_two_officers_who_looked
    a_merge_is_of_two_and_of_one_kind
    merges_of_merges
    looks_are_seen_by_whom_they_concern
    a_merged_file_is_read_as_it_was_known
    a_changed_number_keeps_the_file
    a_changed_number_founds_nobody
    a_changed_name_keeps_the_file
    one_who_was_two
    what_was_confirmed_is_confirmed_in_the_merged_file
    merges_are_a_function_of_the_records
    two_confirm_one_merge_at_once
}

const POLICE: &str = "chancheng.police";
const WHY: &str = "两个号码是同一人，人口库已核实";

fn fault<T: std::fmt::Debug>(result: store::Result<T>) -> ActFault {
    match result {
        Err(StoreError::Act(fault)) => fault,
        other => panic!("not refused by a guard: {other:?}"),
    }
}

async fn records(store: &Store, subject: SubjectId) -> Vec<u64> {
    numbers(&file(store, subject).await.records)
}

async fn found_by(store: &Store, stated: &record::Stated) -> Option<SubjectId> {
    let identifier = stated.identifier.as_ref().unwrap();
    let found = store.find_subject(identifier.kind(), identifier.value()).await;
    found.unwrap()
}

async fn two_files_become_one_and_two_again(home: &Home) {
    let store = home.create().await;
    let (one, two) = (found(&store, person(1)).await, found(&store, person(2)).await);
    let before = append_one(&store, licence(person(2), "证1")).await;
    let (act, _) = merge(&store, POLICE, one, two).await;

    // One file, under both numbers and by both names.
    assert_eq!(records(&store, one).await, [one.0, two.0, before.0]);
    assert_eq!(file(&store, two).await.subject, one, "the file they are in");
    assert_eq!(found_by(&store, &person(2)).await, Some(one));
    let merged = file(&store, one).await;
    assert_eq!(merged.name, person(1).name);
    assert_eq!(merged.identifiers, [resident(2), resident(1)], "its own last");
    assert!(numbers(&merged.acts).contains(&act.0));
    // What comes under either number, or under a mixture of the two, comes to it.
    let own = append_one(&store, licence(person(1), "证2")).await;
    let other = append_one(&store, licence(person(2), "证3")).await;
    let mut mixed = person(2);
    mixed.name = person(1).name;
    let outcome = hand_in(&store, &[licence(mixed.clone(), "证4")]).await[0];
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    let mixed_number = number(outcome);
    assert_eq!(
        records(&store, one).await,
        [one.0, two.0, before.0, own.0, other.0, mixed_number.0]
    );
    assert_clean(&store).await;

    // Undone: each has what its number says, what came in meanwhile too.
    let look = desk_permit(&store, "zhou", POLICE, two).await;
    let undo = store
        .unmerge(act, &look, &officer("zhou"), &source(POLICE), "两人并非同一人")
        .await
        .unwrap();
    assert_eq!(records(&store, one).await, [one.0, own.0]);
    assert_eq!(
        records(&store, two).await,
        [two.0, before.0, other.0, mixed_number.0]
    );
    assert_eq!(found_by(&store, &person(2)).await, Some(two));
    let outcome = hand_in(&store, &[licence(mixed, "证5")]).await[0];
    assert!(matches!(outcome, Outcome::Unlinked(_, UnlinkedWhy::NameDiffers)));
    // Both can read what was done.
    for subject in [one, two] {
        let acts = numbers(&file(&store, subject).await.acts);
        assert!(acts.contains(&act.0) && acts.contains(&undo.0), "{acts:?}");
    }
    let again = store
        .unmerge(act, &look, &officer("zhou"), &source(POLICE), "两人并非同一人")
        .await;
    assert!(matches!(fault(again), ActFault::NotMerged));
    assert_clean(&store).await;
    // And merged once more.
    merge(&store, POLICE, two, one).await;
    assert_eq!(file(&store, one).await.subject, two);
    assert_clean(&store).await;
}

/// A handle remembers whom identifiers name; what another teaches meanwhile, it knows all the same.
async fn what_another_handle_teaches_counts_at_once(home: &Home) {
    let one = home.create().await;
    let two = home.open().await;
    found(&one, person(1)).await;
    let renamed = || {
        let mut stated = person(1);
        stated.name = "骆志明1".to_owned();
        stated
    };
    let merged = || {
        let mut stated = person(1);
        stated.name = person(2).name;
        stated
    };
    let first = [
        licence(person(1), "证1"),
        licence(renamed(), "证2"),
        licence(person(2), "证3"),
        licence(merged(), "证4"),
    ];
    let linked = async |store: &Store, records: &[Record]| {
        let outcomes = hand_in(store, records).await.into_iter();
        outcomes
            .map(|outcome| matches!(outcome, Outcome::Accepted(_)))
            .collect::<Vec<_>>()
    };
    assert_eq!(linked(&one, &first).await, [true, false, false, false]);
    // Another name, another person, and that the two are one.
    let mut again = registration(renamed());
    again.occurred = day("2026-07-01");
    hand_in(&two, &[again]).await;
    let (subject, other) = (
        found_by(&two, &person(1)).await.unwrap(),
        found(&two, person(2)).await,
    );
    let second = [
        licence(renamed(), "证5"),
        licence(person(2), "证6"),
        licence(merged(), "证7"),
    ];
    assert_eq!(linked(&one, &second).await, [true, true, false]);
    merge(&two, POLICE, subject, other).await;
    assert_eq!(linked(&one, &[licence(merged(), "证8")]).await, [true]);
    // What a dry run or a hand-in given up would have taught, nobody knows.
    let new = submission(POLICE, "wu");
    one.dry_run(&new, &[registration(person(3))]).await.unwrap();
    assert_eq!(linked(&one, &[licence(person(3), "证9")]).await, [false]);
    assert_clean(&one).await;
}

async fn a_merge_needs_two_officers_who_looked(home: &Home) {
    let store = home.create().await;
    let (one, two) = (found(&store, person(1)).await, found(&store, person(2)).await);
    let three = found(&store, person(3)).await;
    let police = source(POLICE);
    let (wu, zhou) = (officer("wu"), officer("zhou"));
    let wus_one = desk_permit(&store, "wu", POLICE, one).await;
    let wus_two = desk_permit(&store, "wu", POLICE, two).await;
    let zhous_one = desk_permit(&store, "zhou", POLICE, one).await;
    let zhous_two = desk_permit(&store, "zhou", POLICE, two).await;
    let zhous_three = desk_permit(&store, "zhou", POLICE, three).await;
    assert_eq!(
        fault(store.merge(&wus_one, &wus_two, &wu, &police, "短").await),
        ActFault::NoReason
    );
    assert_eq!(
        fault(store.merge(&wus_one, &zhous_two, &wu, &police, WHY).await),
        ActFault::NoLook,
        "another's look is not one's own"
    );
    let market = source("chancheng.market");
    assert_eq!(
        fault(store.merge(&wus_one, &wus_two, &wu, &market, WHY).await),
        ActFault::OtherSource
    );
    let act = store.merge(&wus_one, &wus_two, &wu, &police, WHY).await.unwrap();
    assert_eq!(records(&store, one).await, [one.0], "nothing yet");
    assert_eq!(records(&store, two).await, [two.0]);
    assert_eq!(
        fault(store.merge(&zhous_one, &zhous_two, &zhou, &police, WHY).await),
        ActFault::AlreadyMerged,
        "it is proposed"
    );

    let confirm = async |kept, merged, by, from| store.confirm_merge(act, kept, merged, by, from).await;
    for (kept, merged, by, from, why) in [
        (&wus_one, &wus_two, &wu, &police, ActFault::SameOfficer),
        (&wus_one, &wus_two, &zhou, &police, ActFault::NoLook),
        (&zhous_one, &zhous_three, &zhou, &police, ActFault::NoLook),
        (&zhous_two, &zhous_one, &zhou, &police, ActFault::NoLook),
        (&zhous_one, &zhous_two, &zhou, &market, ActFault::OtherSource),
    ] {
        assert_eq!(fault(confirm(kept, merged, by, from).await), why);
    }
    // The ordinary confirmation of a hand-in does not do.
    let file = file(&store, one).await;
    let hand_in = file.acts.iter().find(|logged| logged.number() == act).unwrap();
    let ordinary = store.confirm(hand_in.submission(), &zhou, Some(&police)).await;
    assert_eq!(fault(ordinary), ActFault::NothingPending);
    let nothing = store
        .confirm_merge(RecordNumber(one.0), &zhous_one, &zhous_two, &zhou, &police)
        .await;
    assert_eq!(fault(nothing), ActFault::WrongKind);

    confirm(&zhous_one, &zhous_two, &zhou, &police).await.unwrap();
    assert_eq!(records(&store, one).await, [one.0, two.0]);
    assert_eq!(
        fault(confirm(&zhous_one, &zhous_two, &zhou, &police).await),
        ActFault::AlreadyMerged
    );
    let stranger = desk_permit(&store, "wu", POLICE, three).await;
    let undo = async |look, by, from| store.unmerge(act, look, by, from, "两人并非同一人").await;
    assert_eq!(fault(undo(&stranger, &wu, &police).await), ActFault::NoLook);
    assert_eq!(fault(undo(&zhous_one, &wu, &police).await), ActFault::NoLook);
    assert_eq!(fault(undo(&wus_one, &wu, &market).await), ActFault::OtherSource);
    undo(&wus_one, &wu, &police).await.unwrap();
    assert_clean(&store).await;
}

async fn a_merge_is_of_two_and_of_one_kind(home: &Home) {
    let store = home.create().await;
    let one = found(&store, person(1)).await;
    let firm = found(&store, company(1, "佛山市南庄餐饮有限公司")).await;
    let (wu, market) = (officer("wu"), source("chancheng.market"));
    let a = desk_permit(&store, "wu", "chancheng.market", one).await;
    let b = desk_permit(&store, "wu", "chancheng.market", firm).await;
    assert_eq!(
        fault(store.merge(&a, &b, &wu, &market, WHY).await),
        ActFault::WrongKind
    );
    assert_eq!(
        fault(store.merge(&b, &b, &wu, &market, WHY).await),
        ActFault::AlreadyMerged
    );
    // A proposal taken back can be made again.
    let two = found(&store, person(2)).await;
    let police = source(POLICE);
    let b = desk_permit(&store, "wu", POLICE, two).await;
    let act = store.merge(&a, &b, &wu, &police, WHY).await.unwrap();
    store
        .unmerge(act, &a, &wu, &police, "核对后不是同一人")
        .await
        .unwrap();
    let c = desk_permit(&store, "zhou", POLICE, one).await;
    let d = desk_permit(&store, "zhou", POLICE, two).await;
    let late = store.confirm_merge(act, &c, &d, &officer("zhou"), &police).await;
    assert_eq!(fault(late), ActFault::AlreadyMerged);
    merge(&store, POLICE, one, two).await;
    assert_eq!(records(&store, two).await, [one.0, two.0]);
    assert_clean(&store).await;
}

async fn merges_of_merges(home: &Home) {
    let store = home.create().await;
    let mut who = Vec::new();
    for sequence in 0..4 {
        who.push(found(&store, person(sequence)).await);
    }
    let (inner, _) = merge(&store, POLICE, who[1], who[0]).await;
    merge(&store, POLICE, who[2], who[1]).await;
    merge(&store, POLICE, who[2], who[3]).await;
    for subject in &who {
        assert_eq!(file(&store, *subject).await.subject, who[2]);
    }
    let all: Vec<u64> = who.iter().map(|subject| subject.0).collect();
    assert_eq!(records(&store, who[0]).await, all);
    // The inner one undone takes only its own out.
    let look = desk_permit(&store, "wu", POLICE, who[0]).await;
    store
        .unmerge(inner, &look, &officer("wu"), &source(POLICE), "两人并非同一人")
        .await
        .unwrap();
    assert_eq!(records(&store, who[0]).await, all[..1]);
    assert_eq!(records(&store, who[3]).await, all[1..]);
    assert_clean(&store).await;
    let before = home.projections().await;
    store.rebuild().await.unwrap();
    assert_eq!(home.projections().await, before);
}

async fn looks_are_seen_by_whom_they_concern(home: &Home) {
    let store = home.create().await;
    let (one, two) = (found(&store, person(1)).await, found(&store, person(2)).await);
    let seen = async |subject| store.looks_at(subject, Page::new(1, 200)).await.unwrap();
    permit(&store, two).await;
    let (act, _) = merge(&store, POLICE, one, two).await;
    // 2 at one, and 3 at two, before they were one: whoever reads the file sees all of them.
    assert_eq!(seen(one).await.total, 5);
    assert_eq!(seen(two).await.total, 5);
    home.at("2026-11-23T02:00:00Z");
    permit(&store, two).await;
    assert_eq!(seen(one).await.total, 6, "told once, though both were looked at");
    let look = desk_permit(&store, "wu", POLICE, one).await;
    store
        .unmerge(act, &look, &officer("wu"), &source(POLICE), "两人并非同一人")
        .await
        .unwrap();
    // Each keeps the looks that showed their records, those at the common file too.
    assert_eq!(seen(one).await.total, 4);
    assert_eq!(seen(two).await.total, 5);
}

async fn a_merged_file_is_read_as_it_was_known(home: &Home) {
    let store = home.create().await;
    let (one, two) = (found(&store, person(1)).await, found(&store, person(2)).await);
    let (act, confirmed) = merge(&store, POLICE, one, two).await;
    let look = desk_permit(&store, "wu", POLICE, one).await;
    let undone = store
        .unmerge(act, &look, &officer("wu"), &source(POLICE), "两人并非同一人")
        .await
        .unwrap();
    let at = async |known: u64| numbers(&file_at(&store, one, known).await.records);
    assert_eq!(at(confirmed.0).await, [one.0], "proposed, not confirmed");
    assert_eq!(at(confirmed.0 + 1).await, [one.0, two.0]);
    assert_eq!(at(undone.0).await, [one.0, two.0]);
    assert_eq!(at(undone.0 + 1).await, [one.0]);
    // Whoever reads the past so has looked at the other, too.
    let looks = store.looks_at(two, Page::new(1, 200)).await.unwrap();
    let by_li = looks.rows.iter().filter(|look| look.viewer == "li").count();
    assert_eq!(by_li, 2, "{looks:?}");
}

fn changed(subject: record::Stated, former: &record::Identifier) -> Record {
    let item = match subject.kind {
        SubjectKind::Person => "person.identity-changed",
        _ => "organisation.identity-changed",
    };
    let from = registration(subject.clone()).source;
    let mut record = licence(subject, "变更1");
    record.source = from;
    record.item = record::ItemCode::new(item).unwrap();
    record.fields.clear();
    let record = with(
        record,
        "former_identifier",
        Value::Text(former.value().to_lowercase()),
    );
    with(
        record,
        "former_identifier_kind",
        Value::Text(former.kind().code().to_owned()),
    )
}

async fn a_changed_number_keeps_the_file(home: &Home) {
    let store = home.create().await;
    let one = found(&store, person(1)).await;
    let old = append_one(&store, licence(person(1), "证1")).await;
    let mut new = person(7);
    new.name = person(1).name;
    // Taught and used in one batch.
    let act = append_one(&store, changed(new.clone(), &resident(1))).await;
    let after = append_one(&store, licence(new.clone(), "证2")).await;
    let late = append_one(&store, licence(person(1), "证3")).await;
    assert_eq!(
        records(&store, one).await,
        [one.0, old.0, act.0, after.0, late.0],
        "under the old number and the new"
    );
    assert_eq!(found_by(&store, &person(1)).await, Some(one));
    assert_eq!(found_by(&store, &new).await, Some(one));
    let file = file(&store, one).await;
    assert_eq!(file.identifiers, [resident(1), resident(7)]);
    assert_clean(&store).await;
    // A company's code, with what the public finds.
    let firm = company(1, "佛山市南庄餐饮有限公司");
    let subject = found(&store, firm.clone()).await;
    let renumbered = company(2, "佛山市南庄餐饮有限公司");
    append_one(
        &store,
        changed(renumbered.clone(), firm.identifier.as_ref().unwrap()),
    )
    .await;
    let code = renumbered.identifier.unwrap();
    let hit = store.organisation(code.value()).await.unwrap().unwrap();
    assert_eq!(hit.subject, subject);
    assert_clean(&store).await;
}

async fn a_changed_number_founds_nobody(home: &Home) {
    let store = home.create().await;
    let one = found(&store, person(1)).await;
    // Of someone unknown, or of one of another name: a slip of the pen joins nobody to a stranger.
    let unknown = hand_in(&store, &[changed(person(7), &resident(8))]).await[0];
    assert!(matches!(
        unknown,
        Outcome::Unlinked(_, UnlinkedWhy::UnknownIdentifier)
    ));
    let stranger = hand_in(&store, &[changed(person(6), &resident(1))]).await[0];
    assert!(matches!(stranger, Outcome::Unlinked(_, UnlinkedWhy::NameDiffers)));
    assert_eq!(found_by(&store, &person(7)).await, None);
    assert_eq!(records(&store, one).await, [one.0]);
    // Where both are known already, they are two until somebody merges them.
    let two = found(&store, person(2)).await;
    let both = append_one(&store, changed(person(2), &resident(1))).await;
    assert_eq!(records(&store, one).await, [one.0]);
    assert_eq!(records(&store, two).await, [two.0, both.0]);
    // And no other item may say so.
    let sly = with(
        licence(person(9), "证9"),
        "former_identifier",
        Value::Text(resident(1).value().to_owned()),
    );
    let id = store
        .begin_submission(&submission("chancheng.market", "chen"))
        .await
        .unwrap();
    assert!(matches!(
        store.append(id, &[sly]).await,
        Err(StoreError::NotOfCatalogue(_))
    ));
    assert_clean(&store).await;
}

async fn a_changed_name_keeps_the_file(home: &Home) {
    let store = home.create().await;
    let one = found(&store, person(1)).await;
    let old = append_one(&store, licence(person(1), "证1")).await;
    let mut renamed = person(1);
    renamed.name = "骆志鸣".into();
    let mut registered = registration(renamed.clone());
    registered.occurred = day("2026-08-01");
    let name = append_one(&store, registered).await;
    let new = append_one(&store, licence(renamed.clone(), "证2")).await;
    let late = append_one(&store, licence(person(1), "证3")).await;
    let file = file(&store, one).await;
    assert_eq!(numbers(&file.records), [one.0, old.0, name.0, new.0, late.0]);
    assert_eq!(file.name, renamed.name, "the newest");
    assert_clean(&store).await;
}

async fn one_who_was_two(home: &Home) {
    let store = home.create().await;
    let market = source("chancheng.market");
    let one = found(&store, person(1)).await;
    let (id, outcomes) = hand_in_by(
        &store,
        "chen",
        &[penalty(person(1), "处1"), licence(person(1), "证1")],
    )
    .await;
    store.confirm(id, &officer("lin"), Some(&market)).await.unwrap();
    let (wrong, right) = (number(outcomes[0]), number(outcomes[1]));
    // The register gives the second person a number of their own; the records that are theirs are moved by hand.
    let two = found(&store, person(2)).await;
    store
        .unlink(wrong, &officer("chen"), &market, "同号的另一人")
        .await
        .unwrap();
    assert_eq!(records(&store, one).await, [one.0, right.0]);
    let known = store.now_as_of().await.unwrap();
    let clean = assess(
        bundle(),
        &file(&store, one).await.all(),
        AsOf {
            on: day("2026-09-01"),
            ..known
        },
    );
    assert!(clean.standing(wrong).is_none());
    store
        .link(wrong, two, &officer("chen"), &market, "户口本原件相符")
        .await
        .unwrap();
    assert_eq!(records(&store, two).await, [wrong.0, two.0]);
    assert_clean(&store).await;
}

async fn what_was_confirmed_is_confirmed_in_the_merged_file(home: &Home) {
    let store = home.create().await;
    let (one, two) = (found(&store, person(1)).await, found(&store, person(2)).await);
    let market = source("chancheng.market");
    let (id, outcomes) = hand_in_by(&store, "chen", &[penalty(person(2), "处1")]).await;
    let penalty = number(outcomes[0]);
    store.confirm(id, &officer("lin"), Some(&market)).await.unwrap();
    let own = permit(&store, two).await;
    store
        .notice(
            &own,
            &officer("li"),
            &source("nanzhuang.service-centre"),
            "2026-1",
        )
        .await
        .unwrap();
    let on = day("2026-11-23");
    let standing = async |subject| {
        let file = file(&store, subject).await;
        let as_of = AsOf {
            on,
            known: file.known,
        };
        assess(bundle(), &file.all(), as_of)
    };
    assert!(matches!(standing(one).await.rating, Rating::NotRated(_)));
    let (act, _) = merge(&store, POLICE, one, two).await;
    let merged = standing(one).await;
    assert_eq!(merged.standing(penalty).unwrap().standing, Standing::Counts);
    assert!(merged.rating.grade().is_some(), "told once is told");
    let look = desk_permit(&store, "wu", POLICE, one).await;
    store
        .unmerge(act, &look, &officer("wu"), &source(POLICE), "两人并非同一人")
        .await
        .unwrap();
    assert!(standing(one).await.standing(penalty).is_none());
    let back = standing(two).await;
    assert_eq!(back.standing(penalty).unwrap().standing, Standing::Counts);
    assert_eq!(back.kind, Some(SubjectKind::Person), "its founding record stands");
    assert!(back.standing(RecordNumber(two.0)).is_some());
}

async fn merges_are_a_function_of_the_records(home: &Home) {
    let store = home.create().await;
    let (one, two) = (found(&store, person(1)).await, found(&store, person(2)).await);
    merge(&store, POLICE, one, two).await;
    append_one(&store, licence(person(2), "证1")).await;
    let before = home.projections().await;
    home.sql("UPDATE merger SET until_number = 900").await;
    let report = store.verify().await.unwrap();
    assert!(!report.is_clean());
    home.sql("DELETE FROM merger").await;
    store.rebuild().await.unwrap();
    assert_eq!(home.projections().await, before);
    // Whoever alters the hand-in so that one officer did both, has merged nobody.
    let altered = "UPDATE submission SET officer = 'zhou' WHERE officer = 'wu'";
    assert!(home.sql(altered).await > 0);
    let report = store.verify().await.unwrap();
    assert!(
        report.differences.iter().any(|one| one.table == "merger"),
        "{report}"
    );
    // Keys turned over leave it as it is.
    home.sql("UPDATE submission SET officer = 'wu' WHERE officer = 'zhou' AND id = (SELECT submission FROM record WHERE item = 'act.merge')")
        .await;
    assert_clean(&store).await;
    store.rotate_keys(&home.keys).await.unwrap();
    assert_eq!(found_by(&store, &person(2)).await, Some(one));
    assert_clean(&store).await;
}

async fn two_confirm_one_merge_at_once(home: &Home) {
    let store = home.create().await;
    let other = home.open().await;
    let (wu, police) = (officer("wu"), source(POLICE));
    for round in 0..3_u16 {
        let one = found(&store, person(10 + round)).await;
        let two = found(&store, person(20 + round)).await;
        let wus_one = desk_permit(&store, "wu", POLICE, one).await;
        let wus_two = desk_permit(&store, "wu", POLICE, two).await;
        let act = store.merge(&wus_one, &wus_two, &wu, &police, WHY).await.unwrap();
        let zhous_one = desk_permit(&store, "zhou", POLICE, one).await;
        let zhous_two = desk_permit(&store, "zhou", POLICE, two).await;
        let dengs_one = desk_permit(&store, "deng", POLICE, one).await;
        let dengs_two = desk_permit(&store, "deng", POLICE, two).await;
        let (zhou, deng) = (officer("zhou"), officer("deng"));
        let (first, second) = tokio::join!(
            store.confirm_merge(act, &zhous_one, &zhous_two, &zhou, &police),
            other.confirm_merge(act, &dengs_one, &dengs_two, &deng, &police)
        );
        let late = if first.is_ok() { second } else { first };
        assert_eq!(fault(late), ActFault::AlreadyMerged);
        assert_eq!(records(&store, two).await, [one.0, two.0]);
    }
    assert_clean(&store).await;
}
