//! Overseeing looks: the list without names, weights, reviews, questions, and what was done to the house.

use record::{CaseNumber, PurposeCode, SubjectId};
use store::{
    ActFault, AdminFilter, AdminKind, Door, Finding, LookFilter, NewLook, NewStaff, Page, QuestionState,
    Store, StoreError, UnusualFilter, Viewer,
};

use crate::support::*;

on_both! {
    the_list_names_no_person_and_tells_them_apart
    what_is_unusual_is_weighed_once_and_explains_itself
    ones_own_name_and_surname_are_known_without_telling_them
    a_review_is_kept_and_the_queue_shrinks
    a_question_waits_is_answered_or_taken_back
    what_is_done_to_the_house_is_noted
    what_is_held_is_counted
}

const PAGE: fn() -> Page = || Page::new(1, 50);

/// A department's officer looks, for evidence.
async fn evidence(store: &Store, by: &str, subject: SubjectId, what: &str) -> u64 {
    let look = NewLook {
        viewer: Viewer::staff(officer(by), source("chancheng.market"), Door::Department),
        purpose: PurposeCode::new("department.evidence").unwrap(),
        case: CaseNumber::new("案1").ok(),
        what: what.into(),
        ..new_look(subject)
    };
    store.look(&look).await.unwrap();
    store.looks_at(subject, Page::new(1, 1)).await.unwrap().rows[0].id
}

fn staff(name: &str, shown: &str) -> NewStaff {
    NewStaff {
        officer: officer(name),
        name: shown.into(),
        source: source("chancheng.market"),
        role: "officer".into(),
        password: "x".into(),
        totp: vec![1; 20],
    }
}

async fn the_list_names_no_person_and_tells_them_apart(home: &Home) {
    let store = home.create().await;
    let one = found(&store, person(1)).await;
    let two = found(&store, person(2)).await;
    let firm = found(&store, company(1, "佛山市南庄餐饮有限公司")).await;
    for subject in [one, two, one, firm] {
        evidence(&store, "chen", subject, "record 1").await;
    }
    own_permit(&store, one).await;
    let all = store.all_looks(&LookFilter::default(), PAGE()).await.unwrap();
    assert_eq!(all.total, 4, "a person's own visits are nobody's business");
    assert!(!format!("{:?}", all.rows).contains("罗志明"));
    let marks: Vec<&str> = all.rows.iter().map(|seen| seen.mark.as_str()).collect();
    assert_eq!(marks[1], marks[3]);
    assert_ne!(marks[1], marks[2]);
    assert_eq!(
        all.rows[0].organisation.as_deref(),
        Some("佛山市南庄餐饮有限公司")
    );
    let by = LookFilter {
        officer: Some(officer("li")),
        ..LookFilter::default()
    };
    assert_eq!(store.all_looks(&by, PAGE()).await.unwrap().total, 0);
    // Of one person only with a look at them, which is in the list too.
    let at = desk_permit(&store, "shen", "chancheng.audit", one).await;
    let at = LookFilter {
        at: Some(&at),
        ..LookFilter::default()
    };
    let found = store.all_looks(&at, PAGE()).await.unwrap();
    assert_eq!(found.total, 3);
    assert_eq!(found.rows[0].look.viewer, "shen");
    let late = LookFilter {
        from_ms: Some(home.clock.now_ms() + 1),
        ..LookFilter::default()
    };
    assert_eq!(store.all_looks(&late, PAGE()).await.unwrap().total, 0);
}

async fn what_is_unusual_is_weighed_once_and_explains_itself(home: &Home) {
    let store = home.create().await;
    let one = found(&store, person(1)).await;
    let ordinary = evidence(&store, "chen", one, "link 1").await;
    assert_eq!(store.weigh_looks().await.unwrap(), 0);
    // A Monday evening, at somebody whom the department holds nothing of.
    home.at("2026-11-23T13:30:00Z");
    let evening = evidence(&store, "chen", one, "record 1").await;
    assert_eq!(store.weigh_looks().await.unwrap(), 1);
    assert_eq!(store.weigh_looks().await.unwrap(), 0, "each is weighed once");
    let (found_one, _) = store.unusual_look(evening).await.unwrap();
    assert_eq!(found_one.points, 50);
    let sum: u32 = found_one.reasons.iter().map(|reason| reason.points).sum();
    assert_eq!(sum, found_one.points);
    let signs: Vec<&str> = found_one
        .reasons
        .iter()
        .map(|reason| reason.sign.code())
        .collect();
    assert_eq!(signs, ["no_business", "out_of_hours"]);
    assert!(matches!(
        store.unusual_look(ordinary).await,
        Err(StoreError::NotFound)
    ));
    // Once the department holds a record, it has business there.
    append_one(&store, licence(person(1), "证1")).await;
    evidence(&store, "chen", one, "record 1").await;
    assert_eq!(store.weigh_looks().await.unwrap(), 0);
    // Again and again, on a third day, and in the evening.
    home.at("2026-11-24T13:30:00Z");
    evidence(&store, "chen", one, "record 1").await;
    home.at("2026-11-25T13:30:00Z");
    evidence(&store, "chen", one, "record 1").await;
    assert_eq!(store.weigh_looks().await.unwrap(), 1);
    // Twenty people within ten minutes, and a list of as many that is confirmed.
    home.at("2026-11-26T02:00:00Z");
    for sequence in 100..125 {
        let someone = found(&store, person(sequence)).await;
        evidence(&store, "lin", someone, "records 7").await;
        evidence(&store, "wu", someone, "link 7").await;
    }
    assert_eq!(store.weigh_looks().await.unwrap(), 6, "from the twentieth on");
    let burst = UnusualFilter {
        sign: Some(assess::LookSign::Burst),
        officer: Some(officer("wu")),
        ..UnusualFilter::default()
    };
    assert_eq!(store.unusual_looks(&burst, PAGE()).await.unwrap().total, 6);
    let others = UnusualFilter {
        officer: Some(officer("lin")),
        ..UnusualFilter::default()
    };
    assert_eq!(store.unusual_looks(&others, PAGE()).await.unwrap().total, 0);
}

async fn ones_own_name_and_surname_are_known_without_telling_them(home: &Home) {
    let store = home.create().await;
    let one = found(&store, person(1)).await;
    store.put_staff(&staff("luo", "罗志明1")).await.unwrap();
    store.put_staff(&staff("luo-two", "罗科长")).await.unwrap();
    append_one(&store, licence(person(1), "证1")).await;
    let own = evidence(&store, "luo", one, "record 1").await;
    evidence(&store, "luo-two", one, "record 1").await;
    assert_eq!(
        store.weigh_looks().await.unwrap(),
        1,
        "a surname alone is not reviewed"
    );
    let (found_one, _) = store.unusual_look(own).await.unwrap();
    assert_eq!(found_one.points, 60);
    assert!(!format!("{found_one:?}").contains("罗志明"));
    // In the evening the surname weighs with the hour, and with nothing else not enough.
    home.at("2026-11-23T13:30:00Z");
    evidence(&store, "luo-two", one, "record 1").await;
    assert_eq!(store.weigh_looks().await.unwrap(), 0);
}

async fn a_review_is_kept_and_the_queue_shrinks(home: &Home) {
    let store = home.create().await;
    let one = found(&store, person(1)).await;
    store.plant_honey(one, "nobody has cause").await.unwrap();
    let look = evidence(&store, "chen", one, "record 1").await;
    let own = evidence(&store, "shen", one, "record 1").await;
    store.weigh_looks().await.unwrap();
    let open = UnusualFilter {
        state: Some("open".into()),
        ..UnusualFilter::default()
    };
    assert_eq!(store.unusual_looks(&open, PAGE()).await.unwrap().total, 2);
    let (shen, audit) = (officer("shen"), source("chancheng.audit"));
    let review = |look, finding, note| store.review_look(look, finding, &shen, &audit, note);
    let short = review(look, Finding::Explained, "短").await;
    assert!(matches!(short, Err(StoreError::Act(ActFault::NoReason))));
    let mine = review(own, Finding::Explained, "是我自己查的").await;
    assert!(matches!(mine, Err(StoreError::Act(ActFault::OwnLook))));
    review(look, Finding::FollowUp, "已请部门说明").await.unwrap();
    review(look, Finding::Explained, "部门已说明，属正常核对")
        .await
        .unwrap();
    assert_eq!(store.unusual_looks(&open, PAGE()).await.unwrap().total, 1);
    let (found_one, reviews) = store.unusual_look(look).await.unwrap();
    assert_eq!(found_one.finding, Some(Finding::Explained));
    let notes: Vec<&str> = reviews.iter().map(|review| review.note.as_str()).collect();
    assert_eq!(notes, ["已请部门说明", "部门已说明，属正常核对"]);
    assert_clean(&store).await;
}

async fn a_question_waits_is_answered_or_taken_back(home: &Home) {
    let store = home.create().await;
    let one = found(&store, person(1)).await;
    let two = found(&store, person(2)).await;
    let look = evidence(&store, "chen", one, "record 1").await;
    let (own, others) = (own_permit(&store, one).await, own_permit(&store, two).await);
    let ground = "那天我没有去办事";
    let foreign = store.ask_look(&others, look, ground).await;
    assert!(matches!(foreign, Err(StoreError::NotFound)));
    let clerk = permit(&store, one).await;
    let staff = store.ask_look(&clerk, look, ground).await;
    assert!(matches!(staff, Err(StoreError::NotFound)), "only the person asks");
    let first = store.ask_look(&own, look, ground).await.unwrap();
    let again = store.ask_look(&own, look, ground).await;
    assert!(matches!(again, Err(StoreError::Act(ActFault::AlreadyAsked))));
    store.withdraw_question(&own, first).await.unwrap();
    let second = store
        .ask_look(&own, look, "请再查一次，我想知道原因")
        .await
        .unwrap();
    let waiting = store.look_questions(Some("waiting"), PAGE()).await.unwrap();
    assert_eq!((waiting.total, waiting.rows[0].number), (1, second));
    let (shen, audit) = (officer("shen"), source("chancheng.audit"));
    let says = "经查，系核对同名记录";
    let at_another = desk_permit(&store, "shen", "chancheng.audit", two).await;
    let wrong = store
        .answer_question(&at_another, second, &shen, &audit, says)
        .await;
    assert!(matches!(wrong, Err(StoreError::Act(ActFault::NoLook))));
    let at = desk_permit(&store, "chen", "chancheng.market", one).await;
    let oneself = store
        .answer_question(&at, second, &officer("chen"), &source("chancheng.market"), says)
        .await;
    assert!(matches!(oneself, Err(StoreError::Act(ActFault::OwnLook))));
    let at = desk_permit(&store, "shen", "chancheng.audit", one).await;
    store
        .answer_question(&at, second, &shen, &audit, says)
        .await
        .unwrap();
    let told = store.questions_in(&own).await.unwrap();
    let states: Vec<&str> = told.iter().map(|(one, ..)| one.state.code()).collect();
    assert_eq!(states, ["answered", "withdrawn"]);
    assert_eq!(told[0].2.as_deref(), Some(says));
    assert!(matches!(told[1].0.state, QuestionState::Withdrawn(_)));
    let late = store.withdraw_question(&own, second).await;
    assert!(matches!(late, Err(StoreError::Act(ActFault::AlreadyAnswered))));
    for secret in [ground, says] {
        for table in home.tables().await {
            assert!(!home.dump(&table).await.join("\n").contains(secret), "{table}");
        }
    }
    assert_clean(&store).await;
    let report = store.rebuild().await.unwrap();
    assert!(report.mended.is_empty(), "{report}");
}

async fn what_is_done_to_the_house_is_noted(home: &Home) {
    let store = home.create().await;
    store.put_staff(&staff("luo", "罗科长")).await.unwrap();
    store.disable_staff(&officer("luo")).await.unwrap();
    assert!(store.disable_staff(&officer("nobody")).await.is_err());
    assert!(store.staff(&officer("luo")).await.unwrap().unwrap().disabled);
    let market = source("chancheng.market");
    let until = home.clock.now_ms() + 1_000;
    store
        .put_api_key([7; 32], &officer("api-market"), &market, until, None)
        .await
        .unwrap();
    store.revoke_api_key(&officer("api-market")).await.unwrap();
    store.verify().await.unwrap();
    let all = store
        .administration(&AdminFilter::default(), PAGE())
        .await
        .unwrap();
    let mut kinds: Vec<&str> = all.rows.iter().map(|act| act.kind.code()).collect();
    kinds.sort_unstable();
    assert_eq!(
        kinds,
        [
            "key-made",
            "key-revoked",
            "policy-published",
            "staff-disabled",
            "staff-put",
            "verified"
        ]
    );
    let published = AdminFilter {
        kind: Some(AdminKind::PolicyPublished),
        ..AdminFilter::default()
    };
    let published = store.administration(&published, PAGE()).await.unwrap();
    assert_eq!(published.rows[0].about, bundle().edition());
    assert_eq!(published.rows[0].number.unwrap().0, 0);
    let verified = store.last_verified().await.unwrap().unwrap();
    assert_eq!(verified.about, "1 0");
    let of_market = AdminFilter {
        source: Some(market),
        until_ms: Some(home.clock.now_ms() + 1),
        ..AdminFilter::default()
    };
    assert_eq!(store.administration(&of_market, PAGE()).await.unwrap().total, 3);
    let key = all.rows.iter().find(|act| act.kind == AdminKind::KeyMade);
    assert_eq!(key.unwrap().about, "api-market");
    let names: Vec<String> = store
        .all_staff()
        .await
        .unwrap()
        .into_iter()
        .map(|one| format!("{} {}", one.officer, one.disabled))
        .collect();
    assert_eq!(names, ["luo true"]);
}

async fn what_is_held_is_counted(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    found(&store, company(1, "佛山市南庄餐饮有限公司")).await;
    append_one(&store, licence(person(1), "证1")).await;
    let held = store.holdings().await.unwrap();
    assert_eq!(held.subjects["person"], 1);
    assert_eq!(held.records.iter().map(|(.., count)| count).sum::<u64>(), 3);
    assert_eq!(held.months, [(2026, 11, 3)]);
    assert_eq!(held.last_file_ms.len(), 2);
    let month = store.month_facts("2026-11".parse().unwrap()).await.unwrap();
    let (person, firm) = (month.subjects["person"], month.subjects["organisation"]);
    assert_eq!((person.all, person.new, firm.all), (1, 1, 1));
    let health = store.database_health().await.unwrap();
    assert!(health.bytes > 0 && health.migration >= 11, "{health:?}");
}
