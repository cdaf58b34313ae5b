//! Sharing between departments: applied for, granted, asked, answered, and put right when it changes.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use ed25519_dalek::{Signature, VerifyingKey};
use record::{CaseNumber, FieldName, ItemCode, RecordNumber};
use store::{
    ActFault, Application, ChangeKind, ObjectionGround, Page, Question, ShareState, SignedAnswer, Store,
    StoreError, SubmissionFilter, Way,
};

use crate::support::*;

on_both! {
    granted_asked_and_answered
    the_person_sees_who_asked
    what_is_not_in_effect_is_not_handed_out
    the_day_has_an_end
    every_recipient_is_told
    what_was_told_is_put_right
    what_is_new_comes_page_by_page
    what_takes_effect_later_is_new_then
    each_way_is_granted_by_itself
    either_side_ends_it
    only_what_the_catalogue_shares_is_applied_for
    an_application_says_why_and_keeps_its_bounds
    a_honey_record_is_noted
}

pub(crate) const MARKET: &str = "chancheng.market";
pub(crate) const HEALTH: &str = "chancheng.health";
const WHY: &str = "换发许可证前的核验";

fn fault<T: std::fmt::Debug>(result: store::Result<T>) -> ActFault {
    match result {
        Err(StoreError::Act(fault)) => fault,
        other => panic!("not refused by a guard: {other:?}"),
    }
}

fn asks(item: &str, per_day: u32) -> Application {
    Application {
        owner: source(MARKET),
        item: ItemCode::new(item).unwrap(),
        ways: Way::ALL.to_vec(),
        fields: vec![FieldName::new("kind").unwrap()],
        what_for: WHY.to_owned(),
        basis: "行政许可法".to_owned(),
        per_day,
        until: day("2027-11-22"),
    }
}

/// What the health bureau was granted by the market regulator.
pub(crate) async fn granted(store: &Store, item: &str, per_day: u32) -> Question {
    let share = store
        .apply_share(&asks(item, per_day), &officer("wu"), &source(HEALTH))
        .await
        .unwrap();
    store
        .answer_share(share, true, &officer("chen"), &source(MARKET), "同意按此提供")
        .await
        .unwrap();
    question(share)
}

pub(crate) fn question(share: RecordNumber) -> Question {
    Question {
        share,
        officer: officer("wu"),
        recipient: source(HEALTH),
        case: CaseNumber::new("禅卫核〔2026〕1号").unwrap(),
        door: store::Door::Department,
    }
}

/// A fine that two officers stand behind.
pub(crate) async fn fine(store: &Store, sequence: u16, document: &str) -> RecordNumber {
    let record = with(
        penalty(person(sequence), document),
        "content",
        record::Value::Text("罚款二千元".into()),
    );
    let (id, outcomes) = hand_in_by(store, "chen", &[record]).await;
    store
        .confirm(id, &officer("lin"), Some(&source(MARKET)))
        .await
        .unwrap();
    number(outcomes[0])
}

/// The numbers answered about a person.
pub(crate) async fn numbers(store: &Store, question: &Question, sequence: u16) -> Vec<RecordNumber> {
    let (answers, _) = store.ask_shared(question, &[resident(sequence)]).await.unwrap();
    answers[0].records.iter().map(|record| record.number).collect()
}

/// Checks a signature by the published keys alone, and gives back what was signed.
async fn opened(store: &Store, answer: &SignedAnswer) -> serde_json::Value {
    let keys = store.answer_keys().await.unwrap();
    let header: serde_json::Value = serde_json::from_slice(&B64.decode(&answer.protected).unwrap()).unwrap();
    assert_eq!(header["alg"], "EdDSA");
    let key = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["kid"] == header["kid"])
        .unwrap();
    let x = B64.decode(key["x"].as_str().unwrap()).unwrap();
    let key = VerifyingKey::from_bytes(&x.try_into().unwrap()).unwrap();
    let signature = Signature::from_slice(&B64.decode(&answer.signature).unwrap()).unwrap();
    let signed = format!("{}.{}", answer.protected, answer.payload);
    key.verify_strict(signed.as_bytes(), &signature).unwrap();
    assert!(
        key.verify_strict(format!("{signed}x").as_bytes(), &signature)
            .is_err()
    );
    serde_json::from_slice(&B64.decode(&answer.payload).unwrap()).unwrap()
}

async fn granted_asked_and_answered(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let record = fine(&store, 1, "罚1").await;
    let share = store
        .apply_share(&asks("penalty.fine", 10), &officer("wu"), &source(HEALTH))
        .await
        .unwrap();
    let question = question(share);
    let asked = store.ask_shared(&question, &[resident(1)]).await;
    assert_eq!(
        fault(asked),
        ActFault::NotGranted,
        "not before the owner grants it"
    );
    let other = store
        .answer_share(share, true, &officer("wu"), &source(HEALTH), WHY)
        .await;
    assert_eq!(fault(other), ActFault::OtherSource, "not by the applicant");
    store
        .answer_share(share, true, &officer("chen"), &source(MARKET), "同意按此提供")
        .await
        .unwrap();
    let twice = store
        .answer_share(share, false, &officer("chen"), &source(MARKET), WHY)
        .await;
    assert_eq!(fault(twice), ActFault::AlreadyAnswered);

    let (answers, signed) = store.ask_shared(&question, &[resident(1)]).await.unwrap();
    let [answer] = answers.as_slice() else {
        panic!("{answers:?}")
    };
    let [shared] = answer.records.as_slice() else {
        panic!("{answer:?}")
    };
    assert_eq!(shared.number, record);
    let fields: Vec<&str> = shared.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(fields, ["kind"], "and not the content, which was not granted");
    assert_eq!(shared.document.as_ref().unwrap().number, "罚1");
    assert!(!shared.disputed);

    let payload = opened(&store, &signed).await;
    assert_eq!(payload["format"], "xinlian-shared-answer/1");
    assert_eq!(
        (&payload["realm"], &payload["owner"], &payload["recipient"]),
        (&"demo".into(), &MARKET.into(), &HEALTH.into())
    );
    assert_eq!(payload["answers"][0]["identifier"][1], resident(1).value());
    assert_eq!(payload["answers"][0]["records"][0]["number"], record.0);

    // It is evidence: nothing is lost when everything else is made anew.
    let before = store.shares().await.unwrap();
    store.rebuild().await.unwrap();
    assert_eq!(store.shares().await.unwrap(), before);
}

async fn the_person_sees_who_asked(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let record = fine(&store, 1, "罚1").await;
    let question = granted(&store, "penalty.fine", 10).await;
    let share = question.share;
    store.ask_shared(&question, &[resident(1)]).await.unwrap();
    let looks = store.looks_at(subject, Page::new(1, 10)).await.unwrap().rows;
    let look = &looks[0];
    assert_eq!(
        (
            look.viewer.as_str(),
            look.source.as_deref(),
            look.purpose.as_str(),
            look.what.as_str()
        ),
        ("wu", Some(HEALTH), "department.sharing", "shared penalty.fine")
    );
    assert_eq!(store.handed_out(share).await.unwrap(), (1, 1));
    assert_eq!(store.recipients_of(record).await.unwrap(), [source(HEALTH)]);
    // A number that nobody has, and a person without such a record, look the same.
    found(&store, person(2)).await;
    let (answers, _) = store
        .ask_shared(&question, &[resident(2), resident(3)])
        .await
        .unwrap();
    assert!(
        answers
            .iter()
            .all(|answer| answer.records.is_empty() && answer.gone.is_empty())
    );
    // Others do not even see that there is a share.
    let elsewhere = store.share(share, &source("foshan.tax")).await;
    assert!(matches!(elsewhere, Err(StoreError::NotFound)));
    let as_other = Question {
        recipient: source("foshan.tax"),
        ..question
    };
    assert!(matches!(
        store.ask_shared(&as_other, &[resident(1)]).await,
        Err(StoreError::NotFound)
    ));
}

async fn what_is_not_in_effect_is_not_handed_out(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let question = granted(&store, "penalty.fine", 100).await;
    let (id, _) = hand_in_by(&store, "chen", &[penalty(person(1), "罚1")]).await;
    assert!(numbers(&store, &question, 1).await.is_empty(), "not confirmed");
    store
        .confirm(id, &officer("lin"), Some(&source(MARKET)))
        .await
        .unwrap();
    let first = numbers(&store, &question, 1).await;
    assert_eq!(first.len(), 1);
    // A contested one is handed out as contested.
    let permit = store.look(&new_look(subject)).await.unwrap();
    let ground = ObjectionGround::new("罚款不是我的").unwrap();
    store.object(&permit, first[0], &ground).await.unwrap();
    let (answers, _) = store.ask_shared(&question, &[resident(1)]).await.unwrap();
    assert!(answers[0].records[0].disputed);
    // Taken back, it is gone, and named as gone to whoever holds it.
    store
        .withdraw(first[0], &officer("chen"), &source(MARKET), "报错了人员")
        .await
        .unwrap();
    let (answers, _) = store.ask_shared(&question, &[resident(1)]).await.unwrap();
    assert!(answers[0].records.is_empty());
    assert_eq!(answers[0].gone, first);
    // Another department's record of the same item is not the owner's to share.
    let mut other = penalty(person(1), "罚9");
    other.source = source("chancheng.health");
    let (id, _) = hand_in_by(&store, "wu", &[other]).await;
    store
        .confirm(id, &officer("he"), Some(&source(HEALTH)))
        .await
        .unwrap();
    assert!(numbers(&store, &question, 1).await.is_empty());
}

async fn the_day_has_an_end(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let question = granted(&store, "penalty.fine", 3).await;
    let looks = async || store.looks_at(subject, Page::new(1, 50)).await.unwrap().total;
    let four = [resident(1), resident(2), resident(3), resident(4)];
    assert_eq!(
        fault(store.ask_shared(&question, &four).await),
        ActFault::OverQuota(3)
    );
    assert_eq!(looks().await, 0, "nobody was looked at");
    store.ask_shared(&question, &four[..2]).await.unwrap();
    assert_eq!(
        fault(store.ask_shared(&question, &four[..2]).await),
        ActFault::OverQuota(1)
    );
    store.ask_shared(&question, &four[..1]).await.unwrap();
    let share = store.share(question.share, &source(HEALTH)).await.unwrap();
    assert_eq!(store.left_today(&share).await.unwrap(), 0);
    assert_eq!(
        fault(store.ask_shared(&question, &four[..1]).await),
        ActFault::OverQuota(0)
    );
    assert_eq!(looks().await, 2);
    home.at("2026-11-24T01:41:00Z");
    assert_eq!(store.left_today(&share).await.unwrap(), 3);
    store.ask_shared(&question, &four[..1]).await.unwrap();
}

async fn every_recipient_is_told(home: &Home) {
    let store = home.create().await;
    let health = source(HEALTH);
    let subject = found(&store, person(1)).await;
    let before = fine(&store, 1, "罚0").await;
    let question = granted(&store, "penalty.fine", 100).await;
    let (alone, joined) = (fine(&store, 1, "罚1").await, fine(&store, 1, "罚2").await);
    let (batch, outcomes) = hand_in_by(&store, "chen", &[penalty(person(1), "罚3")]).await;
    store
        .confirm(batch, &officer("lin"), Some(&source(MARKET)))
        .await
        .unwrap();
    let whole = number(outcomes[0]);
    assert_eq!(
        numbers(&store, &question, 1).await,
        [before, alone, joined, whole]
    );
    assert!(
        store
            .changes_to_put_right(&health, None, 1_000)
            .await
            .unwrap()
            .is_empty()
    );

    let market = source(MARKET);
    let withdrawn = store
        .withdraw(alone, &officer("chen"), &market, "报错了人员")
        .await
        .unwrap();
    let unlinked = store
        .unlink(joined, &officer("chen"), &market, "不是同一个人")
        .await
        .unwrap();
    store
        .propose_undo(batch, &officer("chen"), &market, "整批报错了")
        .await
        .unwrap();
    let told = async || {
        let changes = store.changes_to_put_right(&health, None, 1_000).await.unwrap();
        changes
            .iter()
            .map(|change| (change.record, change.kind, change.by))
            .collect::<Vec<_>>()
    };
    let first = [
        (alone, ChangeKind::Withdrawn, withdrawn),
        (joined, ChangeKind::Unlinked, unlinked),
    ];
    assert_eq!(told().await, first, "a proposal alone is nothing to tell");
    let undone = store.confirm_undo(batch, &officer("lin"), &market).await.unwrap();
    let permit = store.look(&new_look(subject)).await.unwrap();
    let ground = ObjectionGround::new("罚款不是我的").unwrap();
    let objection = store.object(&permit, before, &ground).await.unwrap();
    let mut all = first.to_vec();
    all.push((whole, ChangeKind::Withdrawn, undone));
    all.push((before, ChangeKind::Disputed, objection));
    assert_eq!(told().await, all);
}

async fn what_was_told_is_put_right(home: &Home) {
    let store = home.create().await;
    let (health, market) = (source(HEALTH), source(MARKET));
    let subject = found(&store, person(1)).await;
    let before = fine(&store, 1, "罚0").await;
    let question = granted(&store, "penalty.fine", 100).await;
    let (alone, joined) = (fine(&store, 1, "罚1").await, fine(&store, 1, "罚2").await);
    numbers(&store, &question, 1).await;
    let chen = officer("chen");
    let withdrawn = store.withdraw(alone, &chen, &market, "报错了人员").await.unwrap();
    let unlinked = store
        .unlink(joined, &chen, &market, "不是同一个人")
        .await
        .unwrap();
    let permit = store.look(&new_look(subject)).await.unwrap();
    let ground = ObjectionGround::new("罚款不是我的").unwrap();
    store.object(&permit, before, &ground).await.unwrap();
    let told = async || {
        let changes = store.changes_to_put_right(&health, None, 1_000).await.unwrap();
        changes.iter().map(|change| change.record).collect::<Vec<_>>()
    };
    assert_eq!(told().await, [alone, joined, before]);
    // Within a day.
    let changes = store.changes_to_put_right(&health, None, 1_000).await.unwrap();
    assert!(changes.iter().all(|change| !change.is_late(store.clock().now())));
    home.at("2026-11-24T01:42:00Z");
    assert!(changes.iter().all(|change| change.is_late(store.clock().now())));

    let wu = officer("wu");
    let put_right = async |record, change, how: &'static str| {
        store
            .acknowledge(question.share, record, change, &wu, &health, how)
            .await
    };
    assert_eq!(fault(put_right(alone, withdrawn, "").await), ActFault::NoReason);
    assert!(matches!(
        put_right(joined, withdrawn, "已删除").await,
        Err(StoreError::NotFound | StoreError::Act(_))
    ));
    put_right(alone, withdrawn, "已从本系统删除").await.unwrap();
    let twice = put_right(alone, withdrawn, "已从本系统删除").await;
    assert_eq!(fault(twice), ActFault::AlreadyAnswered);
    let other = store
        .acknowledge(
            question.share,
            joined,
            unlinked,
            &officer("chen"),
            &market,
            "已从本系统删除",
        )
        .await;
    assert!(
        matches!(other, Err(StoreError::NotFound)),
        "not by another department"
    );
    assert_eq!(told().await, [joined, before]);
    let share = store.share(question.share, &market).await.unwrap();
    let both_sides = store.changes_under(&share).await.unwrap();
    assert_eq!(both_sides.len(), 3);
    assert_eq!(
        both_sides
            .iter()
            .filter(|change| change.acknowledged.is_some())
            .count(),
        1
    );
    // Asked anew it is answered as it is now, and there is nothing to put right about what was handed out since.
    numbers(&store, &question, 1).await;
    // The contested one was handed out as such.
    assert_eq!(told().await, [joined]);
}

async fn what_is_new_comes_page_by_page(home: &Home) {
    let store = home.create().await;
    for sequence in 1..=3 {
        found(&store, person(sequence)).await;
    }
    let one = fine(&store, 1, "罚1").await;
    let question = granted(&store, "penalty.fine", 100).await;
    let (answers, next, signed) = store.changes_shared(&question, RecordNumber(0)).await.unwrap();
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0].identifier, Some(resident(1)));
    assert_eq!(answers[0].records[0].number, one);
    assert_eq!(opened(&store, &signed).await["next"], next.0);
    let two = fine(&store, 2, "罚2").await;
    store
        .withdraw(one, &officer("chen"), &source(MARKET), "报错了人员")
        .await
        .unwrap();
    let (answers, then, _) = store.changes_shared(&question, next).await.unwrap();
    let found: Vec<_> = answers
        .iter()
        .map(|answer| {
            (
                answer.identifier.clone().unwrap(),
                answer.records.iter().map(|r| r.number).collect::<Vec<_>>(),
                answer.gone.clone(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [(resident(2), vec![two], vec![]), (resident(1), vec![], vec![one])]
    );
    let (answers, last, _) = store.changes_shared(&question, then).await.unwrap();
    assert!(answers.is_empty());
    assert_eq!(last, then);
    // Taken back with its whole hand-in, it is gone too.
    let batch = store
        .submissions(&source(MARKET), &SubmissionFilter::default(), Page::new(1, 1))
        .await
        .unwrap()
        .rows[0]
        .id;
    store
        .propose_undo(batch, &officer("chen"), &source(MARKET), "整批报错了")
        .await
        .unwrap();
    store
        .confirm_undo(batch, &officer("lin"), &source(MARKET))
        .await
        .unwrap();
    let (answers, _, _) = store.changes_shared(&question, last).await.unwrap();
    assert_eq!((answers.len(), answers[0].gone.as_slice()), (1, [two].as_slice()));
}

/// A record is new to others once it is in effect, whenever it was handed in; before that nothing is said of it.
async fn what_takes_effect_later_is_new_then(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let question = granted(&store, "penalty.fine", 100).await;
    let (id, outcomes) = hand_in_by(&store, "chen", &[penalty(person(1), "罚1")]).await;
    let (answers, next, _) = store.changes_shared(&question, RecordNumber(0)).await.unwrap();
    assert!(answers.is_empty(), "it is not confirmed");
    store
        .confirm(id, &officer("lin"), Some(&source(MARKET)))
        .await
        .unwrap();
    let (answers, next, _) = store.changes_shared(&question, next).await.unwrap();
    assert_eq!(answers[0].records[0].number, number(outcomes[0]));
    // One that was handed in without a number, and joined to her later.
    let mut stray = person(1);
    stray.identifier = None;
    let (id, outcomes) = hand_in_by(&store, "chen", &[penalty(stray, "罚2")]).await;
    let (answers, next, _) = store.changes_shared(&question, next).await.unwrap();
    assert!(answers.is_empty(), "it is of nobody yet");
    let stray = number(outcomes[0]);
    let subject = store
        .find_subject(resident(1).kind(), resident(1).value())
        .await
        .unwrap()
        .unwrap();
    store
        .link(stray, subject, &officer("lin"), &source(MARKET), "户口本原件相符")
        .await
        .unwrap();
    store
        .confirm(id, &officer("he"), Some(&source(MARKET)))
        .await
        .unwrap();
    let (answers, _, _) = store.changes_shared(&question, next).await.unwrap();
    let numbers: Vec<_> = answers[0].records.iter().map(|record| record.number).collect();
    assert!(numbers.contains(&stray), "{numbers:?}");
}

async fn each_way_is_granted_by_itself(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    // A share without this way gives nothing in it.
    let mut only = asks("licence.general", 10);
    only.ways = vec![Way::Query];
    let share = store
        .apply_share(&only, &officer("wu"), &source(HEALTH))
        .await
        .unwrap();
    store
        .answer_share(share, true, &officer("chen"), &source(MARKET), "同意按此提供")
        .await
        .unwrap();
    let changes = store.changes_shared(&question(share), RecordNumber(0)).await;
    assert_eq!(fault(changes), ActFault::NotGranted);
    let batch = store
        .ask_shared(&question(share), &[resident(1), resident(2)])
        .await;
    assert_eq!(fault(batch), ActFault::NotGranted);
}

async fn either_side_ends_it(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let state = async |share| store.share(share, &source(HEALTH)).await.unwrap().state;
    let again = async || {
        store
            .apply_share(&asks("penalty.fine", 10), &officer("wu"), &source(HEALTH))
            .await
    };

    let question = granted(&store, "penalty.fine", 10).await;
    assert_eq!(fault(again().await), ActFault::AlreadyShared);
    let other = store
        .end_share(question.share, &officer("x"), &source("foshan.tax"), WHY)
        .await;
    assert_eq!(fault(other), ActFault::OtherSource);
    store
        .end_share(question.share, &officer("chen"), &source(MARKET), "用途已经完成")
        .await
        .unwrap();
    assert!(matches!(state(question.share).await, ShareState::Ended { .. }));
    let asked = store.ask_shared(&question, &[resident(1)]).await;
    assert_eq!(fault(asked), ActFault::NotGranted);
    let twice = store
        .end_share(question.share, &officer("wu"), &source(HEALTH), WHY)
        .await;
    assert_eq!(fault(twice), ActFault::NotGranted);

    let refused = again().await.unwrap();
    store
        .answer_share(refused, false, &officer("chen"), &source(MARKET), "没有法定职责")
        .await
        .unwrap();
    let ShareState::Refused { by, why } = state(refused).await else {
        panic!("not refused")
    };
    assert_eq!((by.as_str(), why.as_str()), ("chen", "没有法定职责"));

    let taken_back = again().await.unwrap();
    let by_owner = store
        .end_share(taken_back, &officer("chen"), &source(MARKET), WHY)
        .await;
    assert_eq!(fault(by_owner), ActFault::NotGranted, "the owner answers");
    store
        .end_share(taken_back, &officer("wu"), &source(HEALTH), "不再需要了")
        .await
        .unwrap();
    assert!(matches!(state(taken_back).await, ShareState::Ended { .. }));

    let question = granted(&store, "penalty.fine", 10).await;
    home.at("2027-11-22T15:59:00Z");
    assert!(state(question.share).await.is_in_force(), "on its last day");
    home.at("2027-11-22T16:01:00Z");
    assert_eq!(state(question.share).await, ShareState::Expired);
    assert_eq!(
        fault(store.ask_shared(&question, &[resident(1)]).await),
        ActFault::NotGranted
    );
}

async fn only_what_the_catalogue_shares_is_applied_for(home: &Home) {
    let store = home.create().await;
    let apply = async |asks: Application, from: &str| {
        fault(store.apply_share(&asks, &officer("wu"), &source(from)).await)
    };
    let good = || asks("penalty.fine", 10);
    let field = |name: &str| FieldName::new(name).unwrap();
    // A register of persons is not shared; what the owner does not hand in is not its own; nobody asks themselves.
    let police = Application {
        owner: source("chancheng.police"),
        item: ItemCode::new("person.registration").unwrap(),
        fields: Vec::new(),
        ..good()
    };
    assert_eq!(apply(police, HEALTH).await, ActFault::NotShared);
    let tax = Application {
        owner: source("foshan.tax"),
        ..good()
    };
    assert_eq!(apply(tax, HEALTH).await, ActFault::NotShared);
    assert_eq!(apply(good(), MARKET).await, ActFault::NotShared);
    assert_eq!(
        apply(
            Application {
                fields: vec![field("colour")],
                ..good()
            },
            HEALTH
        )
        .await,
        ActFault::NotShared
    );
    assert_eq!(
        apply(
            Application {
                ways: Vec::new(),
                ..good()
            },
            HEALTH
        )
        .await,
        ActFault::NotShared
    );
    let last = Application {
        until: day("2029-11-23"),
        per_day: 100_000,
        ..good()
    };
    store
        .apply_share(&last, &officer("wu"), &source(HEALTH))
        .await
        .unwrap();
}

async fn an_application_says_why_and_keeps_its_bounds(home: &Home) {
    let store = home.create().await;
    let apply =
        async |asks: Application| fault(store.apply_share(&asks, &officer("wu"), &source(HEALTH)).await);
    let good = || asks("penalty.fine", 10);
    for (until, per_day) in [
        ("2026-11-23", 10),
        ("2029-11-24", 10),
        ("2027-11-22", 0),
        ("2027-11-22", 100_001),
    ] {
        let asks = Application {
            until: day(until),
            per_day,
            ..good()
        };
        assert_eq!(apply(asks).await, ActFault::OutOfBounds, "{until} {per_day}");
    }
    assert_eq!(
        apply(Application {
            what_for: "查".into(),
            ..good()
        })
        .await,
        ActFault::NoReason
    );
    assert_eq!(
        apply(Application {
            basis: String::new(),
            ..good()
        })
        .await,
        ActFault::NoReason
    );
}

async fn a_honey_record_is_noted(home: &Home) {
    let store = home.create().await;
    let decoy = found(&store, person(1)).await;
    found(&store, person(2)).await;
    assert!(matches!(
        store.plant_honey(record::SubjectId(999), "x").await,
        Err(StoreError::NotFound)
    ));
    store.plant_honey(decoy, "2026 年第一批").await.unwrap();
    let question = granted(&store, "penalty.fine", 100).await;
    store.ask_shared(&question, &[resident(2)]).await.unwrap();
    assert!(store.honey_hits().await.unwrap().is_empty());
    let (answers, _) = store.ask_shared(&question, &[resident(1)]).await.unwrap();
    assert!(
        answers[0].records.is_empty(),
        "and whoever asked learns nothing of it"
    );
    let hits = store.honey_hits().await.unwrap();
    let [hit] = hits.as_slice() else {
        panic!("{hits:?}")
    };
    assert_eq!(
        (hit.subject, hit.officer.as_str(), hit.source.as_str()),
        (decoy, "wu", HEALTH)
    );
}
