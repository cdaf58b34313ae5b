//! Nothing of a person stands in clear at rest, and nothing of a person is read before a look is written.

use record::{CaseNumber, PurposeCode, Record, RecordNumber, ServiceCode, SourceCode, SubjectId, Value};
use store::{Door, ObjectionGround, Page, RepairApplication, SessionOwner, Store, StoreError, Viewer};

use crate::support::*;

on_both! {
    nothing_of_a_person_stands_in_clear
    what_is_public_stands_in_clear
    each_look_says_who_and_why
    a_look_opens_one_file
    a_look_that_is_not_written_opens_nothing
}

/// What is said of people in these tests and must be found nowhere.
const SECRETS: [&str; 15] = [
    "罗志明",
    "骆志明",
    "欧阳海棠",
    "处罚秘密文号",
    "未挂接文号",
    "无证摆卖凉茶",
    "罚没凉茶三十箱",
    "户口本原件与申请表相符",
    "身份证号码录错一位",
    "罚款已经缴清票据在此",
    "核对后金额确有误差",
    "承诺不再无证摆卖",
    "缴款票据尚未收到",
    "notice-edition-of-persons",
    "第三行的姓名读不懂",
];

/// A record with something in every kind of place.
fn told(mut record: Record) -> Record {
    record.document.as_mut().unwrap().authority = "处罚秘密文号".into();
    if record.item.as_str().starts_with("penalty.") {
        record = with(record, "fact", Value::Text("无证摆卖凉茶".into()));
    }
    with(record, "content", Value::Text("罚没凉茶三十箱".into()))
}

/// People with records and acts of every kind, linked, unlinked and looked at.
async fn lived(home: &Home, store: &Store) {
    let (market, chen) = (source("chancheng.market"), officer("chen"));
    let one = found(store, person(1)).await;
    let mut other = person(2);
    other.name = "欧阳海棠".into();
    let two = found(store, other.clone()).await;
    let rows = [
        told(penalty(person(1), "处罚秘密文号1")),
        told(penalty(other, "处罚秘密文号2")),
        told(licence(person(1), "处罚秘密文号3")),
    ];
    let (id, outcomes) = hand_in_by(store, "chen", &rows).await;
    store.confirm(id, &officer("lin"), Some(&market)).await.unwrap();
    let report = submission("chancheng.market", "chen");
    let reported = store.begin_submission(&report).await.unwrap();
    let none = store::SubmissionTotals::default();
    let said = format!("第三行的姓名读不懂：{}", resident(1).value());
    store
        .finish_submission(
            reported,
            &none,
            &store::SubmissionQuality::default(),
            said.as_bytes(),
        )
        .await
        .unwrap();

    let mut mistyped = person(1);
    mistyped.name = "骆志明".into();
    let stray = append_one(store, told(penalty(mistyped, "未挂接文号1"))).await;
    append_one(store, told(penalty(person(3), "未挂接文号2"))).await;
    let why = "户口本原件与申请表相符";
    store.link(stray, two, &chen, &market, why).await.unwrap();
    store
        .unlink(stray, &chen, &market, "身份证号码录错一位")
        .await
        .unwrap();
    store.link(stray, one, &chen, &market, why).await.unwrap();

    let own = permit(store, one).await;
    let ground = ObjectionGround::new("罚款已经缴清票据在此").unwrap();
    let objection = store.object(&own, number(outcomes[0]), &ground).await.unwrap();
    let answer = "核对后金额确有误差";
    // Another officer than who handed it in.
    let look = desk_permit(store, "lin", "chancheng.market", one).await;
    store
        .answer(&look, objection, true, &officer("lin"), &market, answer)
        .await
        .unwrap();
    repair_refused(store, two, number(outcomes[1])).await;
    acts_at_the_counter(store, one).await;
    signed_in(home, store, one).await;
    for subject in [one, two] {
        file(store, subject).await;
    }
}

async fn repair_refused(store: &Store, subject: SubjectId, record: RecordNumber) {
    let own = permit(store, subject).await;
    let said = RepairApplication::new("承诺不再无证摆卖", Some(day("2026-06-10"))).unwrap();
    let asked = store.apply_repair(&own, record, &said).await.unwrap();
    let look = desk_permit(store, "chen", "chancheng.market", subject).await;
    let (chen, market) = (officer("chen"), source("chancheng.market"));
    let why = "缴款票据尚未收到";
    store
        .answer_repair(&look, asked, false, &chen, &market, why)
        .await
        .unwrap();
}

async fn acts_at_the_counter(store: &Store, subject: SubjectId) {
    let own = permit(store, subject).await;
    let (li, centre) = (officer("li"), source("nanzhuang.service-centre"));
    let version = "notice-edition-of-persons";
    store.notice(&own, &li, &centre, version).await.unwrap();
    let purpose = PurposeCode::new("counter.service").unwrap();
    let service = ServiceCode::new("hygiene-licence-renewal").unwrap();
    let consent = store
        .consent(&own, &li, &centre, &purpose, &service, None)
        .await
        .unwrap();
    store.revoke(&own, consent).await.unwrap();
}

/// Sessions, and a resident number typed where a name was wanted.
async fn signed_in(home: &Home, store: &Store, subject: SubjectId) {
    let owner = SessionOwner::Subject(subject);
    let expires_ms = home.clock.now_ms() + 1_000;
    store.put_session([1; 32], &owner, expires_ms).await.unwrap();
    for typed in [resident(1).value(), "罗志明1"] {
        store.note_attempt(typed, false).await.unwrap();
    }
}

/// Every form in which a text might lie in a database: as it is, as hex, in UTF-16 either way round.
fn forms(text: &str) -> Vec<Vec<u8>> {
    let hex: Vec<String> = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    vec![
        text.as_bytes().to_vec(),
        hex.concat().to_uppercase().into_bytes(),
        hex.concat().into_bytes(),
        hex.join(", ").into_bytes(),
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ]
}

fn holds(text: &str, secret: &str) -> bool {
    forms(secret).iter().any(|form| text.contains(&one_by_one(form)))
}

/// Each byte as a character of its own, so that any bytes can be searched as text.
fn one_by_one(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Everything the database holds: every column of every table there is and, on SQLite, every byte of its files.
async fn everything(home: &Home) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for table in home.tables().await {
        let rows = home.dump(&table).await.join("\n");
        all.push((table, one_by_one(rows.as_bytes())));
    }
    if home.kind == Kind::Sqlite {
        let mut folders = vec![home.folder.path().join("data")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                all.push((
                    path.display().to_string(),
                    one_by_one(&std::fs::read(&path).unwrap()),
                ));
            }
        }
    }
    all
}

fn assert_nowhere(all: &[(String, String)], secrets: &[String]) {
    for (place, text) in all {
        for secret in secrets {
            assert!(!holds(text, secret), "`{secret}` stands in clear in {place}");
        }
    }
}

async fn nothing_of_a_person_stands_in_clear(home: &Home) {
    let store = home.create().await;
    lived(home, &store).await;
    let mut secrets: Vec<String> = SECRETS.map(str::to_owned).to_vec();
    for n in 1..=3 {
        let id = resident(n).value().to_owned();
        // Its area, birthday and order alone would do.
        secrets.push(id[..17].to_owned());
        secrets.push(id[6..].to_owned());
        secrets.push(id);
    }
    let before = everything(home).await;
    let tables: Vec<&str> = before.iter().map(|(place, _)| place.as_str()).collect();
    for table in PROJECTIONS
        .iter()
        .chain(&["record", "record_key", "submission", "look"])
    {
        assert!(tables.contains(table), "`{table}` was not looked through");
    }
    assert_nowhere(&before, &secrets);
    // Nor after what copies tables aside and seals everything anew, nor once the log is folded in.
    store.verify().await.unwrap();
    store.rebuild().await.unwrap();
    store.rotate_keys(&home.keys).await.unwrap();
    assert_nowhere(&everything(home).await, &secrets);
    store.close().await;
    assert_nowhere(&everything(home).await, &secrets);
}

/// The search above finds what there is to be found: organisations are public.
async fn what_is_public_stands_in_clear(home: &Home) {
    let store = home.create().await;
    let firm = company(1, "佛山市南庄餐饮有限公司");
    found(&store, firm.clone()).await;
    let row = with(
        licence(firm.clone(), "禅市监许1号"),
        "content",
        Value::Text("餐饮服务秘密".into()),
    );
    append_one(&store, row).await;
    let all = everything(home).await;
    let code = firm.identifier.unwrap().value().to_owned();
    for text in [firm.name.as_str(), &code, "禅市监许1号"] {
        let places = all.iter().filter(|(_, all)| holds(all, text)).count();
        let expected = if home.kind == Kind::Sqlite { 2 } else { 1 };
        assert!(places >= expected, "`{text}` was found in {places} places");
    }
    // The rest of what is said of it lies in the sealed body only.
    assert_nowhere(&all, &["餐饮服务秘密".to_owned(), "陈大文".to_owned()]);
}

async fn each_look_says_who_and_why(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    let market = source("chancheng.market");
    let case = CaseNumber::new("（2026）粤0604行1号").unwrap();
    let viewers = [
        (
            Viewer::staff(officer("chen"), market, Door::Department),
            "department.evidence",
            Some(case),
        ),
        (Viewer::oneself().unwrap(), "own-file", None),
        (Viewer::cli().unwrap(), "operator.explain", None),
    ];
    for (n, (viewer, purpose, case)) in viewers.iter().enumerate() {
        home.at(&format!("2026-11-23T02:0{n}:00Z"));
        let mut look = new_look(subject);
        look.viewer = viewer.clone();
        look.purpose = PurposeCode::new(*purpose).unwrap();
        look.case = case.clone();
        look.what = format!("record {n}");
        store.look(&look).await.unwrap();
    }
    let seen = store.looks_at(subject, Page::new(1, 10)).await.unwrap().rows;
    assert_eq!(seen.len(), 3);
    let kinds = ["staff", "self", "cli"];
    for (n, (look, (viewer, purpose, case))) in seen.iter().rev().zip(&viewers).enumerate() {
        assert_eq!((look.viewer_kind.as_str(), look.subject), (kinds[n], subject));
        assert_eq!(
            (look.viewer.as_str(), look.purpose.as_str()),
            (viewer.id.as_str(), *purpose)
        );
        assert_eq!(look.door, viewer.door.code());
        assert_eq!(
            look.source.as_deref(),
            viewer.source.as_ref().map(SourceCode::as_str)
        );
        assert_eq!(look.case.as_deref(), case.as_ref().map(CaseNumber::as_str));
        assert_eq!(look.what, format!("record {n}"));
        assert_eq!(look.at_ms, seen[2].at_ms + 60_000 * i64::try_from(n).unwrap());
    }
    assert_eq!(home.dump("look").await.len(), 3);
}

async fn a_look_opens_one_file(home: &Home) {
    let store = home.create().await;
    let one = found(&store, person(1)).await;
    let two = found(&store, person(2)).await;
    let theirs = append_one(&store, licence(person(2), "证2")).await;
    let permit = permit(&store, one).await;
    assert_eq!(permit.subject(), one);
    let file = store.file(&permit, None).await.unwrap();
    assert_eq!((file.subject, file.identifiers), (one, vec![resident(1)]));
    assert_eq!(numbers(&file.records), [one.0], "{two} has records of its own");
    // Nor does it let one speak for the other.
    let ground = ObjectionGround::new("这不是我的记录").unwrap();
    let refused = store.object(&permit, theirs, &ground).await;
    assert!(matches!(refused, Err(StoreError::Act(_))), "{refused:?}");
    let refused = store.revoke(&permit, theirs).await;
    assert!(matches!(refused, Err(StoreError::Act(_))), "{refused:?}");
}

async fn a_look_that_is_not_written_opens_nothing(home: &Home) {
    let store = home.create().await;
    let subject = found(&store, person(1)).await;
    home.sql("ALTER TABLE look RENAME TO look_away").await;
    let refused = store.look(&new_look(subject)).await;
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
    home.sql("ALTER TABLE look_away RENAME TO look").await;
    assert!(home.dump("look").await.is_empty());
    // A row that breaks the table's own rule, as a look at a number taken already does.
    home.sql(
        "INSERT INTO look VALUES (1, 0, 'cli', 'cli', NULL, 'cli', 0, 'operator.explain', NULL, 'file', NULL)",
    )
    .await;
    let refused = store.look(&new_look(subject)).await;
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
    assert_eq!(home.dump("look").await.len(), 1, "and leaves nothing behind");
    home.sql("DELETE FROM look").await;
    permit(&store, subject).await;
    assert_eq!(home.dump("look").await.len(), 1);
}
