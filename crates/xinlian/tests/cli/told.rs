//! A server killed in the middle of telling a department's system: nothing is lost, and what is told twice has one id. Then it is
//! told once more, because an operator asks for it.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use record::{
    CaseNumber, Document, Identifier, IdentifierKind, OfficerId, Record, SourceCode, Stated, SubjectKind,
};
use store::{Application, Door, NewSubmission, Outcome, Question, Reach, Store, SubmissionTotals, Way};

use crate::serve::Served;
use crate::support::{Home, UNREADABLE, USAGE, on_both, wait};
use crate::tables::{HRSS, POLICE, person_id, person_name, register};

on_both! {
    killed_between_the_call_and_its_note_it_is_told_again
}

/// A receiver that hears calls and answers when it is told to.
struct Receiver(TcpListener);

/// One call, not answered yet.
struct Call {
    stream: TcpStream,
    id: String,
    body: String,
}

impl Receiver {
    fn hear(&self) -> Call {
        let begun = Instant::now();
        let mut stream = loop {
            if let Ok((stream, _)) = self.0.accept() {
                break stream;
            }
            assert!(
                begun.elapsed() < Duration::from_mins(1),
                "nothing was told for a minute"
            );
            std::thread::sleep(Duration::from_millis(20));
        };
        stream.set_nonblocking(false).unwrap();
        let mut said = String::new();
        let mut part = [0; 4096];
        while !is_whole(&said) {
            let count = stream.read(&mut part).unwrap();
            assert!(count > 0, "{said}");
            said += &String::from_utf8_lossy(&part[..count]);
        }
        let (head, body) = said.split_once("\r\n\r\n").unwrap();
        let id = head.lines().find_map(|line| line.strip_prefix("webhook-id: "));
        Call {
            id: id.unwrap().to_owned(),
            body: body.to_owned(),
            stream,
        }
    }
}

fn is_whole(heard: &str) -> bool {
    let parts = heard.split_once("\r\n\r\n");
    parts.is_some_and(|(head, body)| head.contains(&format!("content-length: {}\r\n", body.len())))
}

impl Call {
    fn take(mut self) {
        self.stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
    }
}

fn killed_between_the_call_and_its_note_it_is_told_again(home: &Home) {
    home.init_demo();
    let file = home.write("a.csv", register(3).csv());
    home.ingest(POLICE, &file, &[]);
    let receiver = Receiver(TcpListener::bind("127.0.0.1:0").unwrap());
    receiver.0.set_nonblocking(true).unwrap();
    let url = format!("http://{}/in", receiver.0.local_addr().unwrap());
    wait(async {
        let store = home.open().await;
        let hrss = SourceCode::new(HRSS).unwrap();
        store.put_webhook(&hrss, &url, Reach::Public).await.unwrap();
        hand_out_and_withdraw(&store, &hrss).await;
        store.close().await;
    });
    let of = ["--source", HRSS];
    home.run("webhook events", &of).ok();
    let served = Served::new(home, &[]);
    let first = receiver.hear();
    // It has been sent, and nobody has noted it: SIGKILL.
    drop(served);
    home.run("webhook events", &of)
        .ok()
        .says(&[&first.id, "waiting, 1 tries"]);
    let served = Served::new(home, &[]);
    let second = receiver.hear();
    assert_eq!(
        (&second.id, &second.body),
        (&first.id, &first.body),
        "nothing is lost"
    );
    let id = second.id.clone();
    second.take();
    until_it_says(home, "sent, 2 tries, status 204");

    // Sent again because somebody asks, whether it was taken or not.
    home.run("webhook replay", &of).ends(USAGE);
    home.run("webhook replay", &["--source", HRSS, "--id", "x"])
        .ends(USAGE);
    home.run("webhook replay", &["--source", POLICE, "--id", &id])
        .ends(UNREADABLE)
        .complains(&["has no endpoint"]);
    let args = ["--source", HRSS, "--state", "sent", "--dry-run"];
    home.run("webhook replay", &args)
        .ok()
        .says(&["1 events would be"]);
    home.run("webhook replay", &["--source", HRSS, "--id", &id])
        .ok()
        .says(&["1 events are sent again"]);
    let third = receiver.hear();
    assert_eq!(third.id, id);
    third.take();
    until_it_says(home, "sent, 1 tries, status 204");
    let events = home
        .run("webhook events", &["--source", HRSS, "--json"])
        .ok()
        .json_lines();
    let [event] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!((&event["id"], &event["replays"]), (&id.into(), &1.into()));
    assert_eq!(served.end().0, Some(0));
    home.verify_clean();
}

fn until_it_says(home: &Home, says: &str) {
    let begun = Instant::now();
    loop {
        let listed = home.run("webhook events", &["--source", HRSS]).ok();
        if listed.out.contains(says) {
            return;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "no `{says}` in {listed:#?}"
        );
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A licence that the police gives out is handed to the bureau under a share, and taken back.
async fn hand_out_and_withdraw(store: &Store, hrss: &SourceCode) {
    let [chen, lin, zhou] = ["chen", "lin", "zhou"].map(|name| OfficerId::new(name).unwrap());
    let police = SourceCode::new(POLICE).unwrap();
    let (record, identifier) = licence(store, &police);
    let today = record.occurred;
    let new = NewSubmission {
        source: police.clone(),
        layout: None,
        file_name: None,
        file_digest: None,
        officer: chen.clone(),
    };
    let submission = store.begin_submission(&new).await.unwrap();
    let Outcome::Accepted(number) = store.append(submission, &[record]).await.unwrap()[0] else {
        panic!("it was not taken")
    };
    let totals = SubmissionTotals {
        rows: 1,
        accepted: 1,
        ..SubmissionTotals::default()
    };
    let quality = store::SubmissionQuality::default();
    store
        .finish_submission(submission, &totals, &quality, b"{}")
        .await
        .unwrap();
    let asks = Application {
        owner: police.clone(),
        item: "licence.general".parse().unwrap(),
        ways: vec![Way::Query],
        fields: Vec::new(),
        what_for: "评选前的核验".to_owned(),
        basis: "行政许可法".to_owned(),
        per_day: 10,
        until: today.checked_add(jiff::Span::new().days(100)).unwrap(),
    };
    let share = store.apply_share(&asks, &zhou, hrss).await.unwrap();
    store
        .answer_share(share, true, &lin, &police, "同意按此提供")
        .await
        .unwrap();
    let question = Question {
        share,
        officer: zhou,
        recipient: hrss.clone(),
        case: CaseNumber::new("佛人社评〔2026〕12号").unwrap(),
        door: Door::Api,
    };
    let (answers, _) = store.ask_shared(&question, &[identifier]).await.unwrap();
    assert_eq!(answers[0].records.len(), 1);
    store
        .withdraw(number, &chen, &police, "报错了人员")
        .await
        .unwrap();
}

/// A licence that the police gives out, and to whom.
fn licence(store: &Store, police: &SourceCode) -> (Record, Identifier) {
    let id = Identifier::parse(IdentifierKind::ResidentId, &person_id(1), store.realm());
    let (identifier, _) = id.unwrap();
    let today = store.clock().today();
    let record = Record {
        source: police.clone(),
        item: "licence.general".parse().unwrap(),
        subject: Some(Stated {
            kind: SubjectKind::Person,
            name: person_name(1),
            identifier: Some(identifier.clone()),
        }),
        document: Some(Document {
            number: "佛禅公许〔2026〕1号".to_owned(),
            authority: "禅城公安分局".to_owned(),
            date: today,
        }),
        occurred: today,
        ends: None,
        fields: BTreeMap::new(),
        references: Vec::new(),
    };
    (record, identifier)
}
