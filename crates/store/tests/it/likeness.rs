//! Records without an identifier: whom they may concern stands first, and nobody is it before a person says so.

use record::{Record, RecordNumber, Stated, SubjectId, SubjectKind, Value};
use store::{Level, Page, QueueRow, Store};

use crate::support::*;

on_both! {
    the_one_meant_stands_first
    a_name_that_many_have_proposes_nobody
    whoever_a_person_ruled_out_is_not_proposed_again
    the_queue_begins_with_what_can_be_said
    a_merged_file_is_proposed_once
    what_was_taken_back_waits_no_longer
    a_company_is_proposed_by_what_its_register_says
}

/// A resident of this name, born in 1980, with an address and a telephone number.
fn resident_of(sequence: u16, name: &str, address: &str, phone: &str) -> Record {
    let mut subject = person(sequence);
    name.clone_into(&mut subject.name);
    let record = registration(subject);
    let record = with(record, "address", Value::Text(address.into()));
    with(record, "phone", Value::Text(phone.into()))
}

fn nameless(name: &str) -> Stated {
    Stated {
        kind: SubjectKind::Person,
        name: name.into(),
        identifier: None,
    }
}

/// A penalty of somebody of this name with these hints.
fn of(name: &str, document: &str, hints: &[(&str, Value)]) -> Record {
    let bare = penalty(nameless(name), document);
    hints
        .iter()
        .fold(bare, |record, (field, value)| with(record, field, value.clone()))
}

fn told(text: &str) -> Value {
    Value::Text(text.into())
}

async fn asked(store: &Store, number: RecordNumber) -> QueueRow {
    let market = source("chancheng.market");
    store.queue_one(&market, number, 5).await.unwrap()
}

fn ids(row: &QueueRow) -> Vec<SubjectId> {
    row.proposals.iter().map(|proposal| proposal.id).collect()
}

async fn register(store: &Store) -> Vec<SubjectId> {
    let rows = [
        resident_of(1, "欧阳海棠", "佛山市禅城区汾江中路12号", "12000001234"),
        resident_of(2, "欧阳海棠", "佛山市禅城区建新路3号", "12000005678"),
        resident_of(3, "颜海棠", "佛山市禅城区汾江中路12号", "12000009999"),
    ];
    let outcomes = hand_in(store, &rows).await;
    outcomes
        .into_iter()
        .map(|outcome| SubjectId(number(outcome).0))
        .collect()
}

async fn the_one_meant_stands_first(home: &Home) {
    let store = home.create().await;
    let people = register(&store).await;
    let hints = [
        ("subject_birth_date", Value::Date(day("1980-01-01"))),
        ("subject_phone", told("120****5678")),
    ];
    let number = append_one(&store, of("歐陽海棠", "处1", &hints)).await;
    let row = asked(&store, number).await;
    assert_eq!(ids(&row)[..2], [people[1], people[0]]);
    let [first, second, ..] = row.proposals.as_slice() else {
        panic!("two of the name")
    };
    assert!(
        first.almost_certain && !second.almost_certain,
        "{first:?} {second:?}"
    );
    let level = |at: usize, field: &str| {
        let mut because = row.proposals[at].because.iter();
        because.find(|said| said.field == field).map(|said| said.level)
    };
    assert_eq!(level(0, "name"), Some(Level::OtherwiseWritten));
    assert_eq!(level(0, "phone"), Some(Level::AsFarAsShown));
    assert_eq!(level(1, "phone"), Some(Level::Other));
    assert_eq!(level(0, "address"), Some(Level::Missing));
    // It is a proposal: the record is about nobody, and no file has it.
    for subject in &people {
        assert_eq!(numbers(&file(&store, *subject).await.all()), [subject.0]);
    }
    assert_clean(&store).await;
}

async fn a_name_that_many_have_proposes_nobody(home: &Home) {
    let store = home.create().await;
    let rows: Vec<Record> = (1..=101)
        .map(|sequence| resident_of(sequence, "王伟", "佛山市", "12000000000"))
        .collect();
    hand_in(&store, &rows).await;
    let bare = append_one(&store, of("王伟", "处1", &[])).await;
    assert_eq!(ids(&asked(&store, bare).await), []);
    // A birthday that few share tells them apart again.
    let mut young = resident_of(102, "王伟", "佛山市", "12000000000");
    young.fields.insert(
        record::FieldName::new("birth_date").unwrap(),
        Value::Date(day("1999-09-09")),
    );
    let young = SubjectId(append_one(&store, young).await.0);
    let born = [("subject_birth_date", Value::Date(day("1999-09-09")))];
    let told = append_one(&store, of("王伟", "处2", &born)).await;
    assert_eq!(ids(&asked(&store, told).await), [young]);
}

async fn whoever_a_person_ruled_out_is_not_proposed_again(home: &Home) {
    let store = home.create().await;
    let people = register(&store).await;
    let market = source("chancheng.market");
    let number = append_one(&store, of("欧阳海棠", "处1", &[])).await;
    let before = ids(&asked(&store, number).await);
    assert!(before.contains(&people[0]) && before.contains(&people[1]));
    desk_permit(&store, "chen", "chancheng.market", people[0]).await;
    let chen = officer("chen");
    let link = store
        .link(number, people[0], &chen, &market, "户口本原件与申请表相符")
        .await;
    link.unwrap();
    store
        .unlink(number, &chen, &market, "身份证号码录错一位")
        .await
        .unwrap();
    let after = ids(&asked(&store, number).await);
    assert!(
        !after.contains(&people[0]) && after.contains(&people[1]),
        "{after:?}"
    );
}

async fn the_queue_begins_with_what_can_be_said(home: &Home) {
    let store = home.create().await;
    let people = register(&store).await;
    let hints = [
        ("subject_birth_date", Value::Date(day("1980-01-01"))),
        ("subject_phone", told("12000001234")),
        ("subject_address", told("汾江中路十二号")),
    ];
    let outcomes = hand_in(
        &store,
        &[
            of("无名氏", "处1", &[]),
            of("闫海棠", "处2", &[]),
            of("欧阳海棠", "处3", &hints),
        ],
    )
    .await;
    let [nobody, sounding, certain] = [0, 1, 2].map(|at: usize| number(outcomes[at]));
    let market = source("chancheng.market");
    let queue = store.queue(&market, Page::new(1, 10), 3).await.unwrap();
    let order: Vec<RecordNumber> = queue.rows.iter().map(|row| row.row.logged.number()).collect();
    assert_eq!((queue.total, order), (3, vec![certain, sounding, nobody]));
    assert_eq!(ids(&queue.rows[0])[0], people[0]);
    assert_eq!(ids(&queue.rows[1]), [people[2]]);
    assert!(!queue.rows[1].proposals[0].almost_certain, "a sound is no name");
    assert_eq!(ids(&queue.rows[2]), []);
    let second = store.queue(&market, Page::new(2, 2), 3).await.unwrap();
    assert_eq!(second.rows.len(), 1);
    assert_eq!(second.rows[0].row.logged.number(), nobody);
    // Another department sees its own.
    let police = store
        .queue(&source("chancheng.police"), Page::new(1, 10), 3)
        .await
        .unwrap();
    assert_eq!(police.total, 0);
    assert!(
        store
            .queue_one(&source("chancheng.police"), certain, 3)
            .await
            .is_err()
    );
}

async fn what_was_taken_back_waits_no_longer(home: &Home) {
    let store = home.create().await;
    let market = source("chancheng.market");
    let number = append_one(&store, of("无名氏", "处1", &[])).await;
    assert!(
        store
            .own_record(&market, number, None)
            .await
            .unwrap()
            .withdrawn
            .is_none()
    );
    let why = "查无此人，文书有误";
    store
        .withdraw(number, &officer("chen"), &market, why)
        .await
        .unwrap();
    assert_eq!(store.unlinked(&market, Page::new(1, 10)).await.unwrap().total, 0);
    assert!(store.queue_one(&market, number, 3).await.is_err());
    let own = store.own_record(&market, number, None).await.unwrap();
    assert!(own.withdrawn.is_some() && own.link.is_none() && !own.founds);
    // Of others there is nothing to see, and nothing without a look at whoever it is about.
    let police = source("chancheng.police");
    assert!(store.own_record(&police, number, None).await.is_err());
    let subject = found(&store, person(1)).await;
    let known = append_one(&store, licence(person(1), "证1")).await;
    assert_eq!(store.subject_of(&market, known).await.unwrap(), Some(subject));
    assert!(store.own_record(&market, known, None).await.is_err());
    let other = found(&store, person(2)).await;
    let wrong = desk_permit(&store, "chen", "chancheng.market", other).await;
    assert!(store.own_record(&market, known, Some(&wrong)).await.is_err());
    let permit = desk_permit(&store, "chen", "chancheng.market", subject).await;
    assert!(store.own_record(&market, known, Some(&permit)).await.is_ok());
    let founding = RecordNumber(subject.0);
    let permit = desk_permit(&store, "chen", "chancheng.police", subject).await;
    let founding = store.own_record(&police, founding, Some(&permit)).await.unwrap();
    assert!(founding.founds);
    // A link stands in the list with its reason, and says when it was undone.
    let stray = append_one(&store, of("罗志明1", "处2", &[])).await;
    let chen = officer("chen");
    store
        .link(stray, subject, &chen, &market, "户口本原件与申请表相符")
        .await
        .unwrap();
    let links = store.links_of(&market, Page::new(1, 10)).await.unwrap();
    let [link] = links.rows.as_slice() else {
        panic!("one link")
    };
    assert_eq!(
        (link.record, link.officer.as_str(), link.stands),
        (stray, "chen", true)
    );
    assert_eq!(link.evidence, "户口本原件与申请表相符");
    let permit = desk_permit(&store, "chen", "chancheng.market", subject).await;
    let own = store.own_record(&market, stray, Some(&permit)).await.unwrap();
    assert_eq!(own.link.unwrap().number, link.number);
    store
        .unlink(stray, &chen, &market, "身份证号码录错一位")
        .await
        .unwrap();
    let links = store.links_of(&market, Page::new(1, 10)).await.unwrap();
    assert!(!links.rows[0].stands);
    assert!(
        store
            .own_record(&market, stray, None)
            .await
            .unwrap()
            .link
            .is_none()
    );
}

async fn a_merged_file_is_proposed_once(home: &Home) {
    let store = home.create().await;
    let people = register(&store).await;
    let police = source("chancheng.police");
    let mut permits = Vec::new();
    for by in ["chen", "lin"] {
        for subject in &people[..2] {
            permits.push(desk_permit(&store, by, "chancheng.police", *subject).await);
        }
    }
    let merge = store
        .merge(
            &permits[0],
            &permits[1],
            &officer("chen"),
            &police,
            "同一人，两次登记",
        )
        .await
        .unwrap();
    let confirmed = store
        .confirm_merge(merge, &permits[2], &permits[3], &officer("lin"), &police)
        .await;
    confirmed.unwrap();
    let number = append_one(
        &store,
        of("欧阳海棠", "处1", &[("subject_phone", told("12000005678"))]),
    )
    .await;
    let row = asked(&store, number).await;
    assert_eq!(ids(&row), [people[0]], "the one file");
    let phone = row.proposals[0].because.iter().find(|said| said.field == "phone");
    assert_eq!(
        phone.map(|said| said.level),
        Some(Level::Same),
        "by what either says"
    );
}

async fn a_company_is_proposed_by_what_its_register_says(home: &Home) {
    let store = home.create().await;
    let meant = found(&store, company(1, "佛山市明珠餐饮有限公司")).await;
    let other = found(&store, company(2, "佛山市星火餐饮有限公司")).await;
    let mut stated = company(1, "明珠（佛山）餐饮有限责任公司");
    stated.identifier = None;
    let number = append_one(&store, penalty(stated, "处1")).await;
    let row = asked(&store, number).await;
    assert_eq!(ids(&row), [meant]);
    assert_ne!(meant, other);
    assert_eq!(row.proposals[0].because[0].level, Level::TradeName);
    assert!(!row.proposals[0].almost_certain);
}
