//! `xinlian explain`: the same question has the same answer to the byte, and asking leaves a trace.

use record::IdentifierKind;
use store::Page;

use crate::support::{Home, UNREADABLE, USAGE, on_both, wait};
use crate::tables::{
    COMPANY, HRSS, MARKET, POLICE, Table, company, company_code, insurance, person_id, person_name, register,
};

on_both! {
    a_day_and_a_size_of_the_log_replay_to_the_byte
    every_look_is_written_down
    a_company_is_asked_about_by_its_code
    a_subject_that_is_not_there_is_answered_in_words
}

/// Three persons; the second has had notice and three years of insurance, in this order.
pub(crate) fn people(home: &Home) -> String {
    home.init_demo();
    let id = person_id(1);
    let notices = Table::new(["姓名", "证件号码", "告知书版本", "送达日期"]).row([
        &person_name(1),
        &id,
        "2026-1",
        "2026-05-10",
    ]);
    for (place, (source, table)) in [
        (POLICE, register(3)),
        ("nanzhuang.service-centre", notices),
        (HRSS, insurance(3, 2023)),
        (HRSS, insurance(3, 2024)),
        (HRSS, insurance(3, 2025)),
    ]
    .into_iter()
    .enumerate()
    {
        let file = home.write(&format!("{place}.csv"), table.csv());
        assert_eq!(home.ingest(source, &file, &[]).0, 0);
    }
    assert_eq!(home.verify_clean(), 14);
    id
}

fn a_day_and_a_size_of_the_log_replay_to_the_byte(home: &Home) {
    let id = people(home);
    let ask = |on: &str, known: &str| {
        home.run("explain", &["--json", "--on", on, "--known", known, &id])
            .ok()
    };
    let today = ask("2026-06-01", "14");
    assert_eq!(today.out, ask("2026-06-01", "14").out);
    assert_eq!(
        today.out,
        ask("2026-06-01", "9999").out,
        "no more is known than there is"
    );
    let conclusion = today.json();
    assert_eq!(
        conclusion["as_of"],
        serde_json::json!({"on": "2026-06-01", "known": 14})
    );
    let points = |ran: crate::support::Ran| ran.json()["rating"]["rated"]["points"].as_i64();
    let with_all = points(today).unwrap();
    // Before the second year was handed in, before the notice was served, before it was handed in.
    let with_one = points(ask("2026-06-01", "8")).unwrap();
    assert!(with_one < with_all, "{with_one} and {with_all}");
    assert_eq!(points(ask("2026-05-09", "14")), None);
    assert_eq!(ask("2026-05-09", "14").json()["rating"]["not_rated"], "no_notice");
    assert_eq!(ask("2026-06-01", "4").json()["rating"]["not_rated"], "no_notice");
    // What comes later changes no answer of before.
    let before = ask("2026-06-01", "14").out;
    for year in [2021, 2022] {
        let file = home.write("later.csv", insurance(3, year).csv());
        assert_eq!(home.ingest(HRSS, &file, &[]).0, 0);
    }
    assert_eq!(ask("2026-06-01", "14").out, before);
    assert!(points(ask("2026-06-01", "20")).unwrap() > with_all);
    home.run("explain", &["--on", "2026-02-30", &id]).ends(USAGE);
    home.run("explain", &["--known", "some", &id]).ends(USAGE);
}

fn every_look_is_written_down(home: &Home) {
    let id = people(home);
    let looks = || {
        wait(async {
            let store = home.open().await;
            let subject = store
                .find_subject(IdentifierKind::ResidentId, &id)
                .await
                .unwrap()
                .unwrap();
            let looks = store.looks_at(subject, Page::new(1, 50)).await.unwrap().rows;
            store.close().await;
            looks
        })
    };
    assert!(looks().is_empty());
    home.run("explain", &["--json", &id]).ok();
    let case = ["--purpose", "audit.review", "--case", "2026-117", &id];
    home.run("explain", &case).ok();
    // Another person's file is no look at this one.
    home.run("explain", &[&person_id(0)]).ok();
    let seen: Vec<_> = looks()
        .iter()
        .map(|look| {
            assert_eq!((look.viewer_kind.as_str(), look.door.as_str()), ("cli", "cli"));
            (look.purpose.clone(), look.case.clone(), look.what.clone())
        })
        .collect();
    let look = |purpose: &str, case: Option<&str>| {
        (purpose.to_owned(), case.map(str::to_owned), "explain".to_owned())
    };
    assert_eq!(
        seen,
        [
            look("audit.review", Some("2026-117")),
            look("operator.explain", None)
        ]
    );
}

fn a_company_is_asked_about_by_its_code(home: &Home) {
    home.init_demo();
    let file = home.write("a.csv", company().csv());
    assert_eq!(home.ingest(MARKET, &file, &[]).0, 0);
    let code = company_code();
    home.run("explain", &[&code]).ok().says(&[COMPANY, "subject #1"]);
    let said = home
        .run("explain", &["--json", "--on", "2026-06-01", &code])
        .ok()
        .out;
    for other in [format!("uscc:{code}"), "#1".to_owned()] {
        assert_eq!(
            home.run("explain", &["--json", "--on", "2026-06-01", &other])
                .ok()
                .out,
            said
        );
    }
}

fn a_subject_that_is_not_there_is_answered_in_words(home: &Home) {
    let id = people(home);
    let asked = |subject: &str, says: &str| {
        home.run("explain", &[subject])
            .ends(UNREADABLE)
            .complains(&[says]);
    };
    asked(&person_id(500), "no subject has this identifier");
    asked("uscc:440604", "no subject has this identifier");
    asked("ticket:440604", "`ticket` is no kind of identifier");
    asked("#x", "`#x` is no subject's number");
    asked("#4000", "there is no such thing");
    home.run("explain", &["--known", "1", &id])
        .ends(UNREADABLE)
        .complains(&["with 1 records known"]);
}
