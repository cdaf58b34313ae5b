//! Projections are a function of the records: made anew, they are equal to the byte.

use record::{Relation, SubjectId, Target, TreeSize, Value};
use store::{ObjectionGround, Store};

use crate::support::*;

on_both! {
    a_rebuild_changes_nothing
    a_rebuild_mends_what_was_altered
    a_rebuild_refuses_what_does_not_open
    a_second_policy_is_in_force_from_its_day
}

/// A log with something of everything; the subjects in it.
pub(crate) async fn busy(home: &Home, store: &Store) -> Vec<SubjectId> {
    let market = source("chancheng.market");
    let chen = officer("chen");
    let one = found(store, person(1)).await;
    let two = found(store, person(2)).await;
    let old = company(1, "佛山市南庄餐饮有限公司");
    let firm = found(store, old.clone()).await;
    let (id, outcomes) = hand_in_by(
        store,
        "chen",
        &[penalty(person(1), "处1"), penalty(old.clone(), "处2")],
    )
    .await;
    store.confirm(id, &officer("lin"), Some(&market)).await.unwrap();
    // Unlinked, linked, unlinked, linked to another; one of them adverse.
    let mut stated = person(1);
    stated.name = "骆志明".into();
    let mut nameless = old.clone();
    nameless.identifier = None;
    let stray = append_one(store, penalty(stated, "处3")).await;
    let lost = append_one(store, penalty(nameless, "处4")).await;
    store
        .link(stray, two, &chen, &market, "户口本原件相符")
        .await
        .unwrap();
    store
        .unlink(stray, &chen, &market, "身份证号码录错")
        .await
        .unwrap();
    store
        .link(stray, one, &chen, &market, "户口本原件相符")
        .await
        .unwrap();
    store
        .link(lost, firm, &chen, &market, "营业执照相符")
        .await
        .unwrap();
    append_one(store, crate::mandate::represents_of(old.clone(), 1)).await;
    // One that nobody has found an owner for yet.
    append_one(store, penalty(person(9), "处5")).await;
    // A new name, taught and used in one batch, and a correction.
    let new = company(1, "佛山市禅城餐饮有限公司");
    let mut renamed = registration(new.clone());
    renamed.occurred = day("2026-07-01");
    let corrected = with(penalty(person(1), "处1"), "kind", Value::Text("警告".into()));
    let corrected = referring(corrected, Relation::Corrects, Target::Number(number(outcomes[0])));
    hand_in(store, &[renamed, licence(new.clone(), "证1"), corrected]).await;
    // A second policy, and what came after it.
    home.at("2026-11-24T01:00:00Z");
    store
        .publish_bundle(bundle(), &officer("xu"), &officer("xie"))
        .await
        .unwrap();
    let three = found(store, person(3)).await;
    let own = permit(store, one).await;
    let ground = ObjectionGround::new("罚款已经缴清，金额有误").unwrap();
    store.object(&own, number(outcomes[0]), &ground).await.unwrap();
    store
        .notice(
            &own,
            &officer("li"),
            &source("nanzhuang.service-centre"),
            "2026-1",
        )
        .await
        .unwrap();
    overseen(store, one).await;
    merges(store, one, two, three).await;
    let mut unknown = person(8);
    unknown.identifier = None;
    append_one(store, licence(unknown, "证6")).await;
    vec![one, two, firm, three]
}

/// A look that its person asks about, and that is unusual and reviewed.
async fn overseen(store: &Store, subject: SubjectId) {
    store.plant_honey(subject, "nobody has cause").await.unwrap();
    let look = last_look(store, subject).await;
    store.weigh_looks().await.unwrap();
    let own = own_permit(store, subject).await;
    store.ask_look(&own, look, "那天我没有去办事").await.unwrap();
    let (shen, audit) = (officer("shen"), source("chancheng.audit"));
    let found = store.review_look(look, store::Finding::FollowUp, &shen, &audit, "已请窗口说明");
    found.await.unwrap();
}

/// Three who was two, what came under either number since, and a merge taken back.
async fn merges(store: &Store, one: SubjectId, two: SubjectId, three: SubjectId) {
    let (done, _) = merge(store, "chancheng.police", two, three).await;
    hand_in(store, &[licence(person(3), "证3"), licence(person(2), "证4")]).await;
    let look = desk_permit(store, "wu", "chancheng.police", two).await;
    let (wu, police) = (officer("wu"), source("chancheng.police"));
    store
        .unmerge(done, &look, &wu, &police, "两人并非同一人")
        .await
        .unwrap();
    hand_in(store, &[licence(person(3), "证5")]).await;
    merge(store, "chancheng.police", one, three).await;
}

async fn a_rebuild_changes_nothing(home: &Home) {
    let store = home.create().await;
    let subjects = busy(home, &store).await;
    assert_clean(&store).await;
    let before = home.projections().await;
    assert!(
        before.values().all(|rows| !rows.is_empty()),
        "something of everything: {before:#?}"
    );
    let mut files = Vec::new();
    for subject in &subjects {
        files.push(format!("{:?}", file(&store, *subject).await));
    }
    let report = store.rebuild().await.unwrap();
    assert!(report.mended.is_empty(), "{report}");
    assert_eq!(report.records, store.tree_size().await.unwrap().0);
    assert_eq!(
        report.projection_rows,
        before.values().map(|rows| rows.len() as u64).sum::<u64>()
    );
    assert_eq!(home.projections().await, before);
    for (subject, before) in subjects.iter().zip(files) {
        assert_eq!(format!("{:?}", file(&store, *subject).await), before);
    }
    assert_clean(&store).await;
    // And it goes on from there.
    append_one(&store, licence(person(3), "证2")).await;
    assert_clean(&store).await;
}

async fn a_rebuild_mends_what_was_altered(home: &Home) {
    let store = home.create().await;
    busy(home, &store).await;
    let before = home.projections().await;
    home.sql("DELETE FROM membership").await;
    home.sql("DELETE FROM linked_adverse").await;
    home.sql("UPDATE organisation SET name = '别的公司'").await;
    home.sql("INSERT INTO subject (id, kind) VALUES (777, 'person')")
        .await;
    assert!(!store.verify().await.unwrap().is_clean());
    let report = store.rebuild().await.unwrap();
    let mended = report.to_string();
    for table in ["membership", "linked_adverse", "organisation", "subject"] {
        assert!(
            report.mended.iter().any(|difference| difference.table == table),
            "{mended}"
        );
    }
    assert_eq!(home.projections().await, before);
    assert_clean(&store).await;
}

async fn a_rebuild_refuses_what_does_not_open(home: &Home) {
    if all_is_sealed() {
        return;
    }
    let store = home.create().await;
    busy(home, &store).await;
    let before = home.projections().await;
    home.sql("UPDATE record SET body = substr(body, 1, 60) WHERE number = 2")
        .await;
    let refused = store.rebuild().await.unwrap_err().to_string();
    assert!(refused.contains("record 2"), "{refused}");
    assert_eq!(home.projections().await, before, "and nothing is changed");
}

async fn a_second_policy_is_in_force_from_its_day(home: &Home) {
    let store = home.create().await;
    let mut files = policy_files();
    let text = files.get_mut("bundle.toml").unwrap();
    let line = text
        .lines()
        .find(|line| line.starts_with("in_force_from"))
        .unwrap()
        .to_owned();
    *text = text.replace(&line, "in_force_from = 2026-12-01");
    let next = parse(files, record::Realm::Demo);
    let first = bundle().digest();
    let before = store.tree_size().await.unwrap();
    let published = store
        .publish_bundle(&next, &officer("xu"), &officer("xie"))
        .await
        .unwrap();
    let known = published.known_from();
    let digest = async |on: &str, known: TreeSize| {
        store
            .bundle(record::AsOf { on: day(on), known })
            .await
            .unwrap()
            .digest()
    };
    assert_eq!(digest("2026-11-30", known).await, first, "not yet");
    assert_eq!(digest("2026-12-01", known).await, next.digest());
    assert_eq!(digest("2026-12-01", before).await, first, "it was not known then");
    let nothing = store
        .bundle(record::AsOf {
            on: day("2026-12-01"),
            known: TreeSize(0),
        })
        .await;
    assert!(matches!(nothing, Err(store::StoreError::NoPolicy(_))));
    let again = home.open().await;
    assert_eq!(
        again
            .bundle(record::AsOf {
                on: day("2026-12-01"),
                known
            })
            .await
            .unwrap()
            .digest(),
        next.digest()
    );
    assert_clean(&again).await;
}
