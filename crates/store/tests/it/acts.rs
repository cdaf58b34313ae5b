//! Acts of people and their guards.

use assess::{Standing, assess};
use record::{Act, PurposeCode, RecordNumber, ServiceCode, SubjectId, TreeSize, Value};
use store::{ActFault, ObjectionGround, Outcome, Page, Store, StoreError, UnlinkedWhy};

use crate::support::*;

on_both! {
    a_second_officer_confirms
    two_confirm_at_once
    a_person_links_and_unlinks
    two_link_at_once
    only_what_belongs_to_nobody_is_linked
    a_base_register_is_never_unlinked
    a_linked_adverse_record_can_be_confirmed
    who_it_was_is_confirmed_too
    objection_and_answer
    objection_at_the_counter
    withdrawal
    consent_and_its_end
    acts_say_why
}

pub(crate) fn fault<T: std::fmt::Debug>(result: store::Result<T>) -> ActFault {
    match result {
        Err(StoreError::Act(fault)) => fault,
        other => panic!("not refused by a guard: {other:?}"),
    }
}

async fn a_second_officer_confirms(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let market = source("chancheng.market");
    let (id, outcomes) = hand_in_by(&store, "chen", &[penalty(person(1), "处1")]).await;
    let same = store.confirm(id, &officer("chen"), Some(&market)).await;
    assert_eq!(fault(same), ActFault::SameOfficer);
    let other = store
        .confirm(id, &officer("he"), Some(&source("chancheng.court")))
        .await;
    assert_eq!(fault(other), ActFault::OtherSource);
    let unknown = store
        .confirm(record::SubmissionId(77), &officer("lin"), Some(&market))
        .await;
    assert!(matches!(unknown, Err(StoreError::NoSubmission(_))));
    let open = store
        .begin_submission(&submission("chancheng.market", "chen"))
        .await
        .unwrap();
    store.append(open, &[penalty(person(1), "处2")]).await.unwrap();
    assert_eq!(
        fault(store.confirm(open, &officer("lin"), Some(&market)).await),
        ActFault::NothingPending
    );

    let confirmed = store.confirm(id, &officer("lin"), Some(&market)).await.unwrap();
    assert_eq!(
        fault(store.confirm(id, &officer("lin"), Some(&market)).await),
        ActFault::AlreadyConfirmed
    );
    assert_eq!(store.submission(id).await.unwrap().state.code(), "confirmed");
    assert!(store.pending_submissions(&market).await.unwrap().is_empty());
    let (nothing, _) = hand_in_by(&store, "chen", &[licence(person(1), "证1")]).await;
    assert_eq!(
        fault(store.confirm(nothing, &officer("lin"), Some(&market)).await),
        ActFault::NothingPending
    );
    // The confirmation bears on the submission, and so comes with the file of everyone in it.
    let file = file(&store, subject).await;
    assert_eq!(numbers(&file.acts), [confirmed.0]);
    assert_eq!(file.submissions[&id].officer, officer("chen"));
    assert!(
        file.records
            .iter()
            .any(|logged| logged.number() == number(outcomes[0]))
    );
    assert_clean(&store).await;
}

async fn two_confirm_at_once(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let other = home.open().await;
    for round in 0..5 {
        let (id, _) = hand_in_by(&store, "chen", &[penalty(person(1), &format!("处{round}"))]).await;
        let (lin, wang) = (officer("lin"), officer("wang"));
        let (one, two) = tokio::join!(store.confirm(id, &lin, None), other.confirm(id, &wang, None));
        let late = if one.is_ok() { two } else { one };
        assert_eq!(fault(late), ActFault::AlreadyConfirmed);
    }
    assert_clean(&store).await;
}

/// A record that belongs to nobody, for the name differs.
async fn stray(store: &Store, number_of_document: &str) -> RecordNumber {
    let mut stated = person(1);
    stated.name = "骆志明".into();
    let outcome = hand_in(store, &[licence(stated, number_of_document)]).await[0];
    assert!(matches!(outcome, Outcome::Unlinked(_, UnlinkedWhy::NameDiffers)));
    number(outcome)
}

async fn a_person_links_and_unlinks(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let market = source("chancheng.market");
    let chen = officer("chen");
    let record = stray(&store, "证1").await;
    let before = store.tree_size().await.unwrap();
    let linked = store
        .link(record, subject, &chen, &market, "户口本原件相符")
        .await
        .unwrap();
    let between = store.tree_size().await.unwrap();
    assert_eq!(store.unlinked(&market, Page::new(1, 10)).await.unwrap().total, 0);
    let again = store
        .link(record, subject, &chen, &market, "户口本原件相符")
        .await;
    assert_eq!(fault(again), ActFault::AlreadyLinked);
    let unlinked = store
        .unlink(record, &chen, &market, "身份证号码录错")
        .await
        .unwrap();
    assert_eq!(
        fault(store.unlink(record, &chen, &market, "身份证号码录错").await),
        ActFault::NotLinked
    );
    let waiting = store.unlinked_one(&market, record).await.unwrap();
    assert_eq!(waiting.why, UnlinkedWhy::Undone);

    // What was known then is what was known then.
    let at = async |known: TreeSize| {
        let file = file_at(&store, subject, known.0).await;
        (numbers(&file.records), numbers(&file.acts))
    };
    assert_eq!(at(before).await, (vec![subject.0], vec![]));
    assert_eq!(at(between).await, (vec![subject.0, record.0], vec![linked.0]));
    assert_eq!(at(TreeSize(unlinked.0)).await.0, [subject.0, record.0]);
    assert_eq!(at(unlinked.known_from()).await, (vec![subject.0], vec![]));
    // And it can be linked once more.
    let relinked = store
        .link(record, subject, &chen, &market, "派出所已更正")
        .await
        .unwrap();
    assert_eq!(at(relinked.known_from()).await.0, [subject.0, record.0]);
    assert_eq!(at(unlinked.known_from()).await.0, [subject.0]);
    assert_clean(&store).await;
}

async fn two_link_at_once(home: &Home) {
    let store = home.create().await;
    let (one, two) = (found(&store, person(1)).await, found(&store, person(2)).await);
    let other = home.open().await;
    let market = source("chancheng.market");
    for round in 0..5 {
        let record = stray(&store, &format!("证{round}")).await;
        let (chen, lin) = (officer("chen"), officer("lin"));
        let (first, second) = tokio::join!(
            store.link(record, one, &chen, &market, "户口本原件相符"),
            other.link(record, two, &lin, &market, "户口本原件相符")
        );
        let late = if first.is_ok() { second } else { first };
        assert_eq!(
            fault(late),
            ActFault::AlreadyLinked,
            "a record is about one subject"
        );
    }
    assert_clean(&store).await;
}

async fn only_what_belongs_to_nobody_is_linked(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let market = source("chancheng.market");
    let chen = officer("chen");
    let linked = append_one(&store, licence(person(1), "证1")).await;
    let why = "户口本原件相符";
    assert_eq!(
        fault(store.link(linked, subject, &chen, &market, why).await),
        ActFault::AlreadyLinked
    );
    let record = stray(&store, "证2").await;
    let court = source("chancheng.court");
    assert_eq!(
        fault(store.link(record, subject, &chen, &court, why).await),
        ActFault::OtherSource
    );
    let nobody = store.link(record, SubjectId(linked.0), &chen, &market, why).await;
    assert!(matches!(nobody, Err(StoreError::NotFound)), "{nobody:?}");
    let nothing = store.link(RecordNumber(999), subject, &chen, &market, why).await;
    assert!(matches!(nothing, Err(StoreError::NotFound)), "{nothing:?}");
    let act = store.link(record, subject, &chen, &market, why).await.unwrap();
    assert_eq!(
        fault(store.link(act, subject, &chen, &market, why).await),
        ActFault::WrongKind,
        "an act"
    );
}

async fn a_base_register_is_never_unlinked(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let police = source("chancheng.police");
    let founding = RecordNumber(subject.0);
    let refused = store
        .unlink(founding, &officer("wu"), &police, "身份证号码录错")
        .await;
    assert_eq!(
        fault(refused),
        ActFault::WrongKind,
        "or the whole file would be gone"
    );
    assert_eq!(numbers(&file(&store, subject).await.records), [subject.0]);
}

async fn a_linked_adverse_record_can_be_confirmed(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let market = source("chancheng.market");
    let mut stated = person(1);
    stated.name = "骆志明".into();
    let (id, outcomes) = hand_in_by(&store, "chen", &[penalty(stated, "处1")]).await;
    let record = number(outcomes[0]);
    assert_eq!(
        fault(store.confirm(id, &officer("lin"), Some(&market)).await),
        ActFault::NothingPending
    );
    store
        .link(record, subject, &officer("chen"), &market, "户口本原件相符")
        .await
        .unwrap();
    let waiting = store.pending_submissions(&market).await.unwrap();
    assert_eq!(
        waiting.iter().map(|one| one.id).collect::<Vec<_>>(),
        [id],
        "now it waits"
    );
    assert_eq!(store.submission(id).await.unwrap().state.code(), "waiting");
    store.confirm(id, &officer("lin"), Some(&market)).await.unwrap();
    assert!(store.pending_submissions(&market).await.unwrap().is_empty());
}

/// Confirmed about one, then joined to another: without a second officer's eyes it has no effect there.
async fn who_it_was_is_confirmed_too(home: &Home) {
    let store = home.create().await;
    let (one, two) = (found(&store, person(1)).await, found(&store, person(2)).await);
    let market = source("chancheng.market");
    let (id, outcomes) = hand_in_by(&store, "chen", &[penalty(person(1), "处1")]).await;
    let record = number(outcomes[0]);
    store.confirm(id, &officer("lin"), Some(&market)).await.unwrap();
    assert_eq!(standing(&store, one, record).await, Some(Standing::Counts));
    let wei = officer("wei");
    let wrong = store.unlink(record, &wei, &market, "身份证号码录错");
    wrong.await.unwrap();
    assert_eq!(store.submission(id).await.unwrap().state.code(), "confirmed");
    let link = store.link(record, two, &wei, &market, "户口本原件相符");
    link.await.unwrap();
    assert_eq!(standing(&store, one, record).await, None);
    assert_eq!(standing(&store, two, record).await, Some(Standing::Pending));
    assert_eq!(store.submission(id).await.unwrap().state.code(), "waiting");
    assert_eq!(store.pending_submissions(&market).await.unwrap().len(), 1);
    for same in ["chen", "wei"] {
        let confirmed = store.confirm(id, &officer(same), Some(&market)).await;
        assert_eq!(fault(confirmed), ActFault::SameOfficer, "{same}");
    }
    store.confirm(id, &officer("lin"), Some(&market)).await.unwrap();
    assert_eq!(standing(&store, two, record).await, Some(Standing::Counts));
    assert_eq!(store.submission(id).await.unwrap().state.code(), "confirmed");
    assert_eq!(
        fault(store.confirm(id, &officer("lin"), Some(&market)).await),
        ActFault::AlreadyConfirmed
    );
    assert_clean(&store).await;
}

async fn standing(store: &Store, subject: SubjectId, record: RecordNumber) -> Option<Standing> {
    let as_of = store.now_as_of().await.unwrap();
    let bundle = store.bundle(as_of).await.unwrap();
    let found = assess(&bundle, &file(store, subject).await.all(), as_of);
    found.standing(record).map(|found| found.standing)
}

/// `chen` handed the contested record in.
async fn who_handed_in_does_not_answer(store: &Store, subject: SubjectId, objection: RecordNumber) {
    let chen = officer("chen");
    let look = desk_permit(store, "chen", "chancheng.market", subject).await;
    let market = source("chancheng.market");
    let answer = store.answer(&look, objection, true, &chen, &market, "核对后确有误差");
    assert_eq!(fault(answer.await), ActFault::HandedIn);
}

/// A clerk enters an objection for a person who is present; no desk of a department can, and nobody for a company.
async fn objection_at_the_counter(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let organisation = found(&store, company(1, "佛山市禅城区石湾陶瓷有限公司")).await;
    let record = number(hand_in_by(&store, "chen", &[licence(person(1), "证1")]).await.1[0]);
    let of_company = number(
        hand_in_by(
            &store,
            "chen",
            &[licence(company(1, "佛山市禅城区石湾陶瓷有限公司"), "证2")],
        )
        .await
        .1[0],
    );
    let ground = ObjectionGround::new("许可证已经注销，信息有误").unwrap();
    let desk = desk_permit(&store, "chen", "chancheng.market", subject).await;
    assert_eq!(
        fault(store.object(&desk, record, &ground).await),
        ActFault::NoLook
    );
    let for_company = permit(&store, organisation).await;
    let refused = store.object(&for_company, of_company, &ground).await;
    assert_eq!(fault(refused), ActFault::NotOfSubject);
    let counter = permit(&store, subject).await;
    let objection = store.object(&counter, record, &ground).await.unwrap();
    let all = file(&store, subject).await.all();
    let act = all.iter().find(|logged| logged.number() == objection).unwrap();
    let said = |field: &str| act.record().field(field).cloned();
    assert_eq!(said("officer"), Some(Value::Text("li".into())));
    assert_eq!(
        said("place"),
        Some(Value::Text("nanzhuang.service-centre".into()))
    );
    let disputed = standing(&store, subject, record).await;
    assert_eq!(disputed, Some(Standing::Disputed { by: objection }));
    assert_clean(&store).await;
}

async fn objection_and_answer(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let stranger = found(&store, person(2)).await;
    let market = source("chancheng.market");
    let (id, outcomes) = hand_in_by(&store, "chen", &[penalty(person(1), "处1")]).await;
    let record = number(outcomes[0]);
    let confirmed = store.confirm(id, &officer("lin"), Some(&market)).await.unwrap();
    let ground = ObjectionGround::new("罚款已经缴清，金额有误").unwrap();
    let own = permit(&store, subject).await;
    let others = permit(&store, stranger).await;
    assert_eq!(
        fault(store.object(&others, record, &ground).await),
        ActFault::NotOfSubject
    );
    let objection = store.object(&own, record, &ground).await.unwrap();
    assert_eq!(
        fault(store.object(&own, record, &ground).await),
        ActFault::SameGround
    );
    assert_eq!(
        fault(store.object(&own, objection, &ground).await),
        ActFault::WrongKind
    );
    let second = ObjectionGround::new("处罚的不是本人，是同名的人").unwrap();
    let second = store.object(&own, record, &second).await.unwrap();

    let why = "经查，金额录入有误";
    let (lin, court) = (officer("lin"), source("chancheng.court"));
    let by_he = desk_permit(&store, "he", "chancheng.court", subject).await;
    let by_lin = desk_permit(&store, "lin", "chancheng.market", subject).await;
    let elsewhere = desk_permit(&store, "lin", "chancheng.market", stranger).await;
    let answered = store
        .answer(&by_he, objection, true, &officer("he"), &court, why)
        .await;
    assert_eq!(fault(answered), ActFault::OtherSource);
    for wrong in [&by_he, &elsewhere, &own] {
        let unseen = store.answer(wrong, objection, true, &lin, &market, why).await;
        assert_eq!(fault(unseen), ActFault::NoLook);
    }
    let no_objection = store.answer(&by_lin, record, true, &lin, &market, why).await;
    assert_eq!(fault(no_objection), ActFault::WrongKind);
    who_handed_in_does_not_answer(&store, subject, objection).await;
    let answer = store
        .answer(&by_lin, objection, true, &lin, &market, why)
        .await
        .unwrap();
    let again = store.answer(&by_lin, objection, false, &lin, &market, why).await;
    assert_eq!(fault(again), ActFault::AlreadyAnswered);
    let file = file(&store, subject).await;
    let all = numbers(&file.all());
    assert_eq!(
        all,
        [subject.0, record.0, confirmed.0, objection.0, second.0, answer.0]
    );
    assert!(numbers(&file.acts).contains(&confirmed.0), "by the submission");
    assert!(
        numbers(&file.acts).contains(&answer.0),
        "by the objection, in turn"
    );
    let acts: Vec<_> = file
        .all()
        .iter()
        .filter_map(|logged| logged.record().act())
        .collect();
    assert_eq!(acts, [Act::Confirm, Act::Object, Act::Object, Act::Answer]);
    let before = file_at(&store, subject, answer.0).await;
    assert!(!numbers(&before.all()).contains(&answer.0), "not yet known then");
    assert_clean(&store).await;
}

async fn withdrawal(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let record = append_one(&store, licence(person(1), "证1")).await;
    let why = "发证有误，已撤销";
    let court = source("chancheng.court");
    assert_eq!(
        fault(store.withdraw(record, &officer("he"), &court, why).await),
        ActFault::OtherSource
    );
    let act = store
        .withdraw(record, &officer("chen"), &source("chancheng.market"), why)
        .await
        .unwrap();
    assert_eq!(numbers(&file(&store, subject).await.acts), [act.0]);
}

async fn consent_and_its_end(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let stranger = found(&store, person(2)).await;
    let own = permit(&store, subject).await;
    let others = permit(&store, stranger).await;
    let centre = source("nanzhuang.service-centre");
    let notice = store
        .notice(&own, &officer("li"), &centre, "2026-1")
        .await
        .unwrap();
    let purpose = PurposeCode::new("counter.service").unwrap();
    let service = ServiceCode::new("hygiene-licence-renewal").unwrap();
    let until = Some(day("2027-11-23"));
    let consent = store
        .consent(&own, &officer("li"), &centre, &purpose, &service, until)
        .await
        .unwrap();
    let twice = store
        .consent(&own, &officer("li"), &centre, &purpose, &service, until)
        .await
        .unwrap();
    assert_ne!(consent, twice, "two consents on one day are two");
    assert_eq!(
        fault(store.revoke(&others, consent).await),
        ActFault::NotOfSubject
    );
    assert_eq!(fault(store.revoke(&own, notice).await), ActFault::WrongKind);
    let revoked = store.revoke(&own, consent).await.unwrap();
    let file = file(&store, subject).await;
    assert_eq!(
        numbers(&file.all()),
        [subject.0, notice.0, consent.0, twice.0, revoked.0]
    );
    assert_clean(&store).await;
}

async fn acts_say_why(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let market = source("chancheng.market");
    let record = stray(&store, "证1").await;
    for why in ["", "   短  ", &"长".repeat(501)] {
        assert_eq!(
            fault(store.link(record, subject, &officer("chen"), &market, why).await),
            ActFault::NoReason
        );
        assert_eq!(
            fault(store.withdraw(record, &officer("chen"), &market, why).await),
            ActFault::NoReason
        );
        assert!(ObjectionGround::new(why).is_err());
    }
}
