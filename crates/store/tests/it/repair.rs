//! Repair: asked for by the subject, decided by the department; and what a department owes an answer to.

use assess::Standing;
use record::{Act, AsOf, Date, RecordNumber, Relation, SubjectId, Target, Value};
use store::{
    ActFault, LookPermit, ObjectionGround, Outcome, PleaInfo, PleaKind, RepairApplication, Store, StoreError,
};

use crate::acts::fault;
use crate::support::*;

on_both! {
    a_repair_is_asked_for_and_granted
    a_repair_is_decided_by_who_looked
    a_repair_is_refused_and_asked_for_again
    a_repair_is_asked_for_where_it_is_open
    two_ask_at_once
    two_answer_at_once
    what_is_owed_is_found_without_a_file
    what_was_taken_back_needs_no_answer
    pleas_held_before_the_table_are_in_it
}

const MARKET: &str = "chancheng.market";
const PROMISE: &str = "今后依法经营，不再发生同类行为";
const WHY: &str = "罚款已缴清，票据已核对";

fn said(performed: Option<&str>) -> RepairApplication {
    RepairApplication::new(PROMISE, performed.map(day)).unwrap()
}

/// A fine of this day that a second officer has confirmed.
async fn fined_on(store: &Store, sequence: u16, document: &str, on: Date) -> RecordNumber {
    let mut fine = penalty(person(sequence), document);
    fine.occurred = on;
    fine.document.as_mut().unwrap().date = on;
    let (id, outcomes) = hand_in_by(store, "chen", &[fine]).await;
    store
        .confirm(id, &officer("lin"), Some(&source(MARKET)))
        .await
        .unwrap();
    number(outcomes[0])
}

async fn fined(store: &Store, sequence: u16, document: &str) -> RecordNumber {
    fined_on(store, sequence, document, day("2026-06-01")).await
}

async fn standing(store: &Store, subject: SubjectId, number: RecordNumber) -> (Standing, bool) {
    let file = file(store, subject).await;
    let as_of: AsOf = store.now_as_of().await.unwrap();
    let bundle = store.bundle(as_of).await.unwrap();
    let assessment = assess::assess(&bundle, &file.all(), as_of);
    let found = assessment.standing(number).unwrap();
    (found.standing, found.displayed)
}

async fn owed(store: &Store) -> Vec<(u64, PleaKind, u64)> {
    let open = store.open_pleas(&source(MARKET)).await.unwrap();
    assert_queues(store).await;
    open.iter()
        .map(|plea| (plea.number.0, plea.kind, plea.about.0))
        .collect()
}

async fn decide(
    store: &Store,
    look: &LookPermit,
    application: RecordNumber,
    granted: bool,
) -> store::Result<RecordNumber> {
    store
        .answer_repair(look, application, granted, &officer("lin"), &source(MARKET), WHY)
        .await
}

async fn a_repair_is_asked_for_and_granted(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let record = fined(&store, 1, "处1").await;
    let own = permit(&store, subject).await;
    assert_eq!(standing(&store, subject, record).await, (Standing::Counts, true));

    let asked = store.apply_repair(&own, record, &said(Some("2026-06-10"))).await;
    let application = asked.unwrap();
    assert_eq!(
        standing(&store, subject, record).await,
        (Standing::Counts, true),
        "alone it changes nothing"
    );
    let again = store.apply_repair(&own, record, &said(Some("2026-06-10"))).await;
    assert_eq!(fault(again), ActFault::AlreadyApplied);
    assert_eq!(owed(&store).await, [(application.0, PleaKind::Repair, record.0)]);

    let by_lin = desk_permit(&store, "lin", MARKET, subject).await;
    let repair = decide(&store, &by_lin, application, true).await.unwrap();
    assert_eq!(
        standing(&store, subject, record).await,
        (Standing::Repaired { by: repair }, false)
    );
    let all = file(&store, subject).await.all();
    let act = all
        .iter()
        .find(|logged| logged.number() == repair)
        .unwrap()
        .record();
    assert_eq!(act.act(), Some(Act::Repair));
    let refers: Vec<_> = act.references.iter().map(|r| (r.relation, r.target)).collect();
    assert_eq!(
        refers,
        [
            (Relation::Repairs, Target::Number(record)),
            (Relation::Answers, Target::Number(application))
        ]
    );
    assert_eq!(
        fault(decide(&store, &by_lin, application, false).await),
        ActFault::AlreadyAnswered
    );
    assert_eq!(
        fault(store.apply_repair(&own, record, &said(None)).await),
        ActFault::NothingToRepair
    );
    assert!(owed(&store).await.is_empty());
    let plea = store.plea(&source(MARKET), application).await.unwrap();
    assert_eq!(plea.answered, Some(repair));
    assert_clean(&store).await;
}

/// Guard 9, and whose record it is.
async fn a_repair_is_decided_by_who_looked(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let stranger = found(&store, person(2)).await;
    let record = fined(&store, 1, "处1").await;
    let own = permit(&store, subject).await;
    let asked = store.apply_repair(&own, record, &said(Some("2026-06-10"))).await;
    let application = asked.unwrap();
    let by_lin = desk_permit(&store, "lin", MARKET, subject).await;
    let by_he = desk_permit(&store, "he", "chancheng.court", subject).await;
    let elsewhere = desk_permit(&store, "lin", MARKET, stranger).await;
    for wrong in [&by_he, &elsewhere, &own] {
        assert_eq!(
            fault(decide(&store, wrong, application, true).await),
            ActFault::NoLook
        );
    }
    let (he, court) = (officer("he"), source("chancheng.court"));
    let foreign = store
        .answer_repair(&by_he, application, true, &he, &court, WHY)
        .await;
    assert_eq!(fault(foreign), ActFault::OtherSource);
    assert_eq!(
        fault(decide(&store, &by_lin, record, true).await),
        ActFault::WrongKind
    );
    let silent = store
        .answer_repair(&by_lin, application, true, &officer("lin"), &source(MARKET), "好")
        .await;
    assert_eq!(fault(silent), ActFault::NoReason);
    assert_eq!(owed(&store).await.len(), 1, "none of these answered it");
}

async fn a_repair_is_refused_and_asked_for_again(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let record = fined(&store, 1, "处1").await;
    let own = permit(&store, subject).await;
    let by_lin = desk_permit(&store, "lin", MARKET, subject).await;
    let day = Some("2026-06-10");
    let first = store.apply_repair(&own, record, &said(day)).await.unwrap();
    let refused = decide(&store, &by_lin, first, false).await.unwrap();
    assert_eq!(standing(&store, subject, record).await, (Standing::Counts, true));
    let all = file(&store, subject).await.all();
    let act = all
        .iter()
        .find(|logged| logged.number() == refused)
        .unwrap()
        .record();
    assert_eq!(
        (act.act(), act.field("upheld"), act.field("ground")),
        (
            Some(Act::Answer),
            Some(&Value::Bool(false)),
            Some(&Value::Text(WHY.into()))
        )
    );
    assert!(owed(&store).await.is_empty());
    let second = store.apply_repair(&own, record, &said(None)).await.unwrap();
    decide(&store, &by_lin, second, true).await.unwrap();
    assert!(!standing(&store, subject, record).await.1);
    assert_clean(&store).await;
}

async fn a_repair_is_asked_for_where_it_is_open(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let stranger = found(&store, person(2)).await;
    let (own, others) = (permit(&store, subject).await, permit(&store, stranger).await);
    let fine = fined(&store, 1, "处1").await;
    let young = fined_on(&store, 1, "处2", day("2026-09-01")).await;
    let (_, pending) = hand_in_by(&store, "chen", &[penalty(person(1), "处3")]).await;
    let good = append_one(&store, licence(person(1), "证1")).await;
    let mut entry = penalty(person(1), "执1");
    entry.item = record::ItemCode::new("court.judgment-defaulter").unwrap();
    entry.source = source("chancheng.court");
    entry.fields.clear();
    let entry = with(entry, "disrupt_type", Value::Text("违反财产报告制度".into()));
    let (id, outcomes) = hand_in_by(&store, "he", &[entry]).await;
    store.confirm(id, &officer("su"), None).await.unwrap();
    let ask = async |look, record, day| fault(store.apply_repair(look, record, &said(day)).await);

    let done = Some("2026-06-10");
    assert_eq!(ask(&others, fine, done).await, ActFault::NotOfSubject);
    assert_eq!(ask(&own, fine, None).await, ActFault::NotPerformed);
    assert_eq!(ask(&own, fine, Some("2026-11-24")).await, ActFault::NotPerformed);
    assert_eq!(
        ask(&own, young, done).await,
        ActFault::RepairNotOpen(day("2026-12-01"))
    );
    assert_eq!(
        ask(&own, number(pending[0]), done).await,
        ActFault::NothingToRepair
    );
    assert_eq!(ask(&own, good, done).await, ActFault::NothingToRepair);
    assert_eq!(
        ask(&own, number(outcomes[0]), done).await,
        ActFault::NotRepairable
    );
    for short in ["", " 好 ", &"长".repeat(501)] {
        let refused = RepairApplication::new(short, None).unwrap_err();
        assert_eq!(refused, ActFault::NoCommitment);
    }
    assert!(owed(&store).await.is_empty());

    home.at("2026-12-01T01:00:00Z");
    store.apply_repair(&own, young, &said(done)).await.unwrap();
    let application = store.open_pleas(&source(MARKET)).await.unwrap()[0].number;
    assert_eq!(ask(&own, application, done).await, ActFault::WrongKind);
}

async fn two_ask_at_once(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let other = home.open().await;
    let own = permit(&store, subject).await;
    for round in 0..3 {
        let record = fined(&store, 1, &format!("处{round}")).await;
        let said = said(Some("2026-06-10"));
        let (one, two) = tokio::join!(
            store.apply_repair(&own, record, &said),
            other.apply_repair(&own, record, &said)
        );
        let late = if one.is_ok() { two } else { one };
        assert_eq!(fault(late), ActFault::AlreadyApplied);
    }
}

async fn two_answer_at_once(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let other = home.open().await;
    let own = permit(&store, subject).await;
    let by_lin = desk_permit(&store, "lin", MARKET, subject).await;
    for round in 0..3 {
        let record = fined(&store, 1, &format!("处{round}")).await;
        let application = store.apply_repair(&own, record, &said(Some("2026-06-10"))).await;
        let application = application.unwrap();
        let (one, two) = tokio::join!(
            decide(&store, &by_lin, application, true),
            decide(&other, &by_lin, application, false)
        );
        let late = if one.is_ok() { two } else { one };
        assert_eq!(fault(late), ActFault::AlreadyAnswered);
    }
    assert_clean(&store).await;
}

async fn what_is_owed_is_found_without_a_file(home: &Home) {
    let store = home.create().await;
    let (one, two) = (found(&store, person(1)).await, found(&store, person(2)).await);
    let (of_one, of_two) = (fined(&store, 1, "处1").await, fined(&store, 2, "处2").await);
    let (own, others) = (permit(&store, one).await, permit(&store, two).await);
    let ground = ObjectionGround::new("罚款已经缴清，金额有误").unwrap();
    let objection = store.object(&own, of_one, &ground).await.unwrap();
    home.at("2026-11-25T16:30:00Z");
    let asked = store
        .apply_repair(&others, of_two, &said(Some("2026-06-10")))
        .await;
    let application = asked.unwrap();
    let looks = home.dump("look").await.len();

    let open = store.open_pleas(&source(MARKET)).await.unwrap();
    let line = |plea: &PleaInfo| {
        (
            plea.number,
            plea.kind,
            plea.item.to_string(),
            plea.began,
            plea.subject,
        )
    };
    assert_eq!(
        open.iter().map(line).collect::<Vec<_>>(),
        [
            (
                objection,
                PleaKind::Objection,
                "penalty.fine".to_owned(),
                day("2026-11-23"),
                Some(one)
            ),
            // Past midnight in the city.
            (
                application,
                PleaKind::Repair,
                "penalty.fine".to_owned(),
                day("2026-11-26"),
                Some(two)
            )
        ]
    );
    let all = file(&store, two).await.all();
    let act = all.iter().find(|logged| logged.number() == application).unwrap();
    assert_eq!(
        act.record().occurred,
        open[1].began,
        "the day that the act itself says"
    );
    assert_eq!(
        home.dump("look").await.len(),
        looks + 1,
        "the look at the file alone"
    );

    let court = source("chancheng.court");
    assert!(store.open_pleas(&court).await.unwrap().is_empty());
    for number in [objection, application, of_one, RecordNumber(909_090)] {
        let foreign = store.plea(&court, number).await;
        assert!(matches!(foreign, Err(StoreError::NotFound)), "{foreign:?}");
    }
    let no_plea = store.plea(&source(MARKET), of_one).await;
    assert!(matches!(no_plea, Err(StoreError::NotFound)), "{no_plea:?}");
    assert_clean(&store).await;
}

async fn what_was_taken_back_needs_no_answer(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let own = permit(&store, subject).await;
    let (chen, market) = (officer("chen"), source(MARKET));
    let ground = ObjectionGround::new("罚款已经缴清，金额有误").unwrap();
    let withdrawn = fined(&store, 1, "处1").await;
    let corrected = fined(&store, 1, "处2").await;
    let asked = [
        store.object(&own, withdrawn, &ground).await.unwrap(),
        store.object(&own, corrected, &ground).await.unwrap(),
    ];
    assert_eq!(owed(&store).await.len(), 2);
    store
        .withdraw(withdrawn, &chen, &market, "决定已撤销")
        .await
        .unwrap();
    assert_eq!(
        owed(&store).await,
        [(asked[1].0, PleaKind::Objection, corrected.0)]
    );

    let fine = with(
        penalty(person(1), "处2"),
        "content",
        Value::Text("罚款一千元".into()),
    );
    let correction = referring(fine, Relation::Corrects, Target::Number(corrected));
    let (id, outcomes) = hand_in_by(&store, "chen", &[correction]).await;
    assert!(matches!(outcomes[0], Outcome::Pending(_)), "{outcomes:?}");
    assert_eq!(owed(&store).await.len(), 1, "not before it is confirmed");
    store.confirm(id, &officer("lin"), Some(&market)).await.unwrap();
    assert!(owed(&store).await.is_empty());
    // Whoever objects to what was taken back already is answered all the same.
    let again = ObjectionGround::new("撤回的理由写错了，请更正").unwrap();
    let late = store.object(&own, withdrawn, &again).await.unwrap();
    assert_eq!(owed(&store).await, [(late.0, PleaKind::Objection, withdrawn.0)]);
}

/// The migration fills the table with what was held before there was one, as projection does.
async fn pleas_held_before_the_table_are_in_it(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let own = permit(&store, subject).await;
    let by_lin = desk_permit(&store, "lin", MARKET, subject).await;
    let ground = ObjectionGround::new("罚款已经缴清，金额有误").unwrap();
    for round in 0..2 {
        let record = fined(&store, 1, &format!("处{round}")).await;
        let objection = store.object(&own, record, &ground).await.unwrap();
        let asked = store.apply_repair(&own, record, &said(Some("2026-06-10"))).await;
        if round == 0 {
            let (lin, market) = (officer("lin"), source(MARKET));
            let answer = store.answer(&by_lin, objection, false, &lin, &market, WHY).await;
            answer.unwrap();
            decide(&store, &by_lin, asked.unwrap(), true).await.unwrap();
        }
    }
    let made = home.dump("plea").await;
    assert_eq!(made.len(), 4);
    let migration = include_str!("../../migrations/sqlite/0003_pleas.sql");
    let (_, fill) = migration.split_once("INSERT").unwrap();
    assert_eq!(home.sql("DELETE FROM plea").await, 4);
    assert_eq!(
        home.sql(&format!("INSERT{}", fill.trim_end_matches([';', '\n'])))
            .await,
        4
    );
    assert_eq!(home.dump("plea").await, made);
    assert_clean(&store).await;
}
