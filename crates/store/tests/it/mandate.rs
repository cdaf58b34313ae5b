//! Acting for an organisation: who may is found on both databases, by exact number and name, and rebuilt to the same.

use assess::{AppointmentState, Scope};
use record::{Record, RecordNumber, Stated, SubjectId, Value, mask_name};
use store::{ActFault, Capacity, LookPermit, NewAppointment, NewLook, Store, StoreError, Viewer};

use crate::acts::fault;
use crate::support::*;

on_both! {
    the_register_makes_a_representative_whoever_came_first
    an_appointment_is_asked_accepted_and_laid_down
    an_agent_is_written_down_as_such
    what_was_read_is_each_readers_own
    whom_the_register_cannot_name_two_officers_name
    a_naming_is_refused_or_dropped_and_had_no_effect
    what_the_register_says_later_follows_a_naming
}

const NAME: &str = "佛山市禅城区安信陶瓷有限公司";

fn represents(sequence: u16) -> Record {
    represents_of(company(1, NAME), sequence)
}

/// What the register says of who represents an organisation.
pub(crate) fn represents_of(organisation: Stated, sequence: u16) -> Record {
    let named = with(
        record("chancheng.market", "organisation.representative", organisation),
        "representative",
        Value::Text(person(sequence).name),
    );
    let number = Value::Text(resident(sequence).value().to_owned());
    with(named, "representative_number", number)
}

/// A file of a company, opened by who acts for it.
async fn acting(store: &Store, by: SubjectId, of: SubjectId) -> LookPermit {
    let look = NewLook {
        viewer: Viewer::agent(by).unwrap(),
        ..new_look(of)
    };
    store.look(&look).await.unwrap()
}

fn new(sequence: u16) -> NewAppointment {
    NewAppointment {
        name: person(sequence).name,
        number: resident(sequence).value().to_owned(),
        scope: Scope::Act,
        last: day("2027-01-31"),
    }
}

async fn the_register_makes_a_representative_whoever_came_first(home: &Home) {
    let store = home.create().await;
    let organisation = found(&store, company(1, NAME)).await;
    append_one(&store, represents(1)).await;
    // The population register comes after.
    let one = found(&store, person(1)).await;
    let two = found(&store, person(2)).await;
    let mandate = store.mandate(one, organisation).await.unwrap().unwrap();
    assert_eq!(
        (mandate.capacity, mandate.name.as_str()),
        (Capacity::Representative, NAME)
    );
    assert_eq!(store.mandate(two, organisation).await.unwrap(), None);
    let own = own_permit(&store, one).await;
    assert_eq!(store.mandates_of(&own).await.unwrap().len(), 1);
    // Nobody asks for another.
    let looked = permit(&store, one).await;
    assert!(matches!(
        store.mandates_of(&looked).await,
        Err(StoreError::NotFound)
    ));
    let before = home.projections().await;
    store.rebuild().await.unwrap();
    assert_eq!(home.projections().await, before);
    assert_clean(&store).await;
}

async fn an_appointment_is_asked_accepted_and_laid_down(home: &Home) {
    let store = home.create().await;
    let organisation = found(&store, company(1, NAME)).await;
    append_one(&store, represents(1)).await;
    let (one, two) = (found(&store, person(1)).await, found(&store, person(2)).await);
    let permit = acting(&store, one, organisation).await;
    let mut wrong = new(2);
    wrong.name = person(3).name;
    assert_eq!(
        fault(store.appoint(&permit, &wrong).await),
        ActFault::UnknownPerson
    );
    let mut late = new(2);
    late.last = day("2036-01-01");
    assert_eq!(
        fault(store.appoint(&permit, &late).await),
        ActFault::AppointmentEnds
    );
    let appointment = store.appoint(&permit, &new(2)).await.unwrap();
    assert_eq!(
        fault(store.appoint(&permit, &new(2)).await),
        ActFault::AlreadyAppointed
    );
    assert_eq!(
        store.mandate(two, organisation).await.unwrap(),
        None,
        "asked is not accepted"
    );

    let others = own_permit(&store, one).await;
    let foreign = store.answer_appointment(&others, appointment, true).await;
    assert!(matches!(foreign, Err(StoreError::NotFound)));
    let own = own_permit(&store, two).await;
    store.answer_appointment(&own, appointment, true).await.unwrap();
    let mandate = store.mandate(two, organisation).await.unwrap().unwrap();
    let Capacity::Appointed(found) = mandate.capacity else {
        panic!("{mandate:?}")
    };
    assert_eq!(
        (found.state, found.scope),
        (AppointmentState::Accepted, Scope::Act)
    );
    let agent = acting(&store, two, organisation).await;
    assert_eq!(
        fault(store.appoint(&agent, &new(1)).await),
        ActFault::NotRepresentative
    );

    store.answer_appointment(&own, appointment, false).await.unwrap();
    assert_eq!(store.mandate(two, organisation).await.unwrap(), None);
    // Once laid down it is asked for anew, and revoked before anybody answers.
    let again = store.appoint(&permit, &new(2)).await.unwrap();
    store.revoke_appointment(&permit, again).await.unwrap();
    let gone = store.answer_appointment(&own, again, true).await;
    assert!(matches!(gone, Err(StoreError::NotFound)));
    let before = home.projections().await;
    store.rebuild().await.unwrap();
    assert_eq!(home.projections().await, before);
    assert_clean(&store).await;
}

async fn an_agent_is_written_down_as_such(home: &Home) {
    let store = home.create().await;
    let organisation = found(&store, company(1, NAME)).await;
    append_one(&store, represents(1)).await;
    let one = found(&store, person(1)).await;
    let permit = acting(&store, one, organisation).await;
    let licence = append_one(&store, licence(company(1, NAME), "证1")).await;
    let ground = store::ObjectionGround::new("登记的住所有误，请核对").unwrap();
    let objection = store.object(&permit, licence, &ground).await.unwrap();
    let file = file(&store, organisation).await;
    let act = file
        .records
        .iter()
        .find(|logged| logged.number() == objection)
        .unwrap();
    assert_eq!(act.record().field("by"), Some(&Value::Integer(one.to_i64())));
    let looks = store
        .looks_at(organisation, store::Page::new(1, 50))
        .await
        .unwrap();
    assert!(
        looks
            .rows
            .iter()
            .any(|look| look.agent() == Some(one) && look.is_own())
    );
    // The auditor sees looks of others; whom a company sends is its own business.
    let seen = store
        .all_looks(&store::LookFilter::default(), store::Page::new(1, 50))
        .await
        .unwrap();
    assert!(seen.rows.iter().all(|seen| seen.look.viewer_kind != "agent"));
    // Nothing about the company is in the file of the person.
    let own = crate::support::file(&store, one).await;
    assert_eq!(own.records.len(), 1, "the register's entry alone");
}

async fn what_was_read_is_each_readers_own(home: &Home) {
    let store = home.create().await;
    let organisation = found(&store, company(1, NAME)).await;
    append_one(&store, represents(1)).await;
    let (one, two) = (found(&store, person(1)).await, found(&store, person(2)).await);
    let permit = acting(&store, one, organisation).await;
    let keys = ["record_in-3".to_owned(), "appointed-9".to_owned()];
    store.mark_read(&permit, one, &keys).await.unwrap();
    store.mark_read(&permit, one, &keys[..1]).await.unwrap();
    assert_eq!(store.read_messages(&permit, one).await.unwrap(), keys.into());
    assert!(store.read_messages(&permit, two).await.unwrap().is_empty());
}

const MARKET: &str = "chancheng.market";
const PAPERS: &str = "护照与登记档案的任命书已当面核对";

/// A person with foreign papers, whom the population register knows by a passport.
async fn foreigner(store: &Store) -> SubjectId {
    let (identifier, _) =
        record::Identifier::parse(record::IdentifierKind::Passport, "E12345678", record::Realm::Demo)
            .unwrap();
    let stated = Stated {
        kind: record::SubjectKind::Person,
        name: "玛丽亚·陈".into(),
        identifier: Some(identifier),
    };
    found(store, stated).await
}

async fn looks(store: &Store, who: &str, at: [SubjectId; 2]) -> [LookPermit; 2] {
    let [one, other] = at;
    [
        desk_permit(store, who, MARKET, one).await,
        desk_permit(store, who, MARKET, other).await,
    ]
}

async fn whom_the_register_cannot_name_two_officers_name(home: &Home) {
    let store = home.create().await;
    let (chen, lin, market) = (officer("chen"), officer("lin"), source(MARKET));
    let organisation = found(&store, company(1, NAME)).await;
    let maria = foreigner(&store).await;
    let passport = record::IdentifierKind::Passport;
    let by = |number, name| store.find_person(passport, number, name);
    assert_eq!(by("E12345678", "玛丽亚·陈").await.unwrap(), Some(maria));
    assert_eq!(
        by("E12345678", "玛丽亚").await.unwrap(),
        None,
        "by number and name"
    );

    let both = looks(&store, "chen", [organisation, maria]).await;
    let named = store
        .name_representative(&both[0], &both[1], &chen, &market, PAPERS)
        .await
        .unwrap();
    assert_eq!(
        store.mandate(maria, organisation).await.unwrap(),
        None,
        "it waits"
    );
    let own = own_permit(&store, maria).await;
    assert!(store.mandates_of(&own).await.unwrap().is_empty());
    let found_one = store.naming(&market, named).await.unwrap();
    assert!(found_one.waits_for(&lin) && !found_one.waits_for(&chen));
    let again = store
        .name_representative(&both[0], &both[1], &chen, &market, PAPERS)
        .await;
    assert_eq!(fault(again), ActFault::AlreadyNamed);

    // Whoever named does not confirm, and nobody confirms what they did not look at.
    let same = store
        .confirm_naming(named, &both[0], &both[1], &chen, &market)
        .await;
    assert_eq!(fault(same), ActFault::SameOfficer);
    let others = store
        .confirm_naming(named, &both[0], &both[1], &lin, &market)
        .await;
    assert_eq!(fault(others), ActFault::NoLook);
    let second = looks(&store, "lin", [organisation, maria]).await;
    let turned = store
        .confirm_naming(named, &second[1], &second[0], &lin, &market)
        .await;
    assert_eq!(fault(turned), ActFault::NoLook);
    store
        .confirm_naming(named, &second[0], &second[1], &lin, &market)
        .await
        .unwrap();

    let mandate = store.mandate(maria, organisation).await.unwrap().unwrap();
    assert_eq!(mandate.capacity, Capacity::Representative);
    assert_eq!(store.mandates_of(&own).await.unwrap().len(), 1);
    let acts = acting(&store, maria, organisation).await;
    found(&store, person(2)).await;
    store.appoint(&acts, &new(2)).await.unwrap();
    let mandated = store.mandated_in(&acts).await.unwrap();
    let representative = mandated.representative.unwrap();
    assert_eq!(
        (representative.record, representative.person),
        (named, Some(maria))
    );
    assert_ne!(representative.masked_name, "玛丽亚·陈");
    let before = home.projections().await;
    store.rebuild().await.unwrap();
    assert_eq!(home.projections().await, before);
    assert_clean(&store).await;
}

async fn a_naming_is_refused_or_dropped_and_had_no_effect(home: &Home) {
    let store = home.create().await;
    let (chen, lin, market) = (officer("chen"), officer("lin"), source(MARKET));
    let organisation = found(&store, company(1, NAME)).await;
    let (maria, one) = (foreigner(&store).await, found(&store, person(1)).await);
    let both = looks(&store, "chen", [organisation, maria]).await;
    let name = async |first: &LookPermit, second: &LookPermit, from: &str, why: &str| {
        let from = source(from);
        let done = store.name_representative(first, second, &chen, &from, why);
        done.await
    };
    for (done, expect) in [
        (name(&both[0], &both[1], MARKET, "短").await, ActFault::NoReason),
        (
            name(&both[0], &both[1], "foshan.tax", PAPERS).await,
            ActFault::OtherSource,
        ),
        (
            name(&both[0], &both[0], MARKET, PAPERS).await,
            ActFault::WrongKind,
        ),
    ] {
        assert_eq!(fault(done), expect);
    }
    // A colleague does not agree: it is dropped, and never had an effect.
    let named = name(&both[0], &both[1], MARKET, PAPERS).await.unwrap();
    let second = looks(&store, "lin", [organisation, maria]).await;
    let none = store
        .take_back_naming(named, &second[1], &lin, &market, "任命书已经过期")
        .await;
    assert_eq!(fault(none), ActFault::NoLook);
    store
        .take_back_naming(named, &second[0], &lin, &market, "任命书已经过期")
        .await
        .unwrap();
    let gone = store
        .confirm_naming(named, &second[0], &second[1], &lin, &market)
        .await;
    assert_eq!(fault(gone), ActFault::AlreadyNamed);
    let own = acting(&store, one, organisation).await;
    let mandated = store.mandated_in(&own).await.unwrap();
    assert!(mandated.representative.is_none() && mandated.former.is_empty());
    assert_clean(&store).await;
}

async fn what_the_register_says_later_follows_a_naming(home: &Home) {
    let store = home.create().await;
    let (chen, lin, market) = (officer("chen"), officer("lin"), source(MARKET));
    let organisation = found(&store, company(1, NAME)).await;
    let (maria, one) = (foreigner(&store).await, found(&store, person(1)).await);
    let both = looks(&store, "chen", [organisation, maria]).await;
    let second = looks(&store, "lin", [organisation, maria]).await;
    let name = async || {
        let done = store.name_representative(&both[0], &both[1], &chen, &market, PAPERS);
        done.await
    };
    let named = name().await.unwrap();
    store
        .confirm_naming(named, &second[0], &second[1], &lin, &market)
        .await
        .unwrap();
    append_one(&store, represents(1)).await;
    assert_eq!(
        store.mandate(one, organisation).await.unwrap(),
        None,
        "an older entry"
    );
    let mut later = represents(1);
    later.occurred = store.clock().today();
    append_one(&store, later).await;
    assert!(store.mandate(one, organisation).await.unwrap().is_some());
    assert_eq!(store.mandate(maria, organisation).await.unwrap(), None);
    let named = name().await.unwrap();
    store
        .confirm_naming(named, &second[0], &second[1], &lin, &market)
        .await
        .unwrap();
    assert!(store.mandate(maria, organisation).await.unwrap().is_some());
    store
        .take_back_naming(named, &both[0], &chen, &market, "登记机关已更正")
        .await
        .unwrap();
    assert!(
        store.mandate(one, organisation).await.unwrap().is_some(),
        "as before it"
    );
    // What was confirmed and taken back is told; what was never confirmed is not.
    let own = acting(&store, one, organisation).await;
    let mandated = store.mandated_in(&own).await.unwrap();
    let taken_back: Vec<RecordNumber> = mandated
        .former
        .iter()
        .filter(|former| former.taken_back)
        .map(|former| former.record)
        .collect();
    assert_eq!(taken_back, [named]);
    assert_eq!(mandated.name_of(maria), Some(mask_name("玛丽亚·陈").as_str()));
    assert_clean(&store).await;
}
