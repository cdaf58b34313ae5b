//! The department's desk: hand in, see what came of it, have it confirmed.

use assess::{Hint, Standing};
use record::{Date, FieldName, Value};

use crate::people::{penalty, person, resident, stray};
use crate::support::{House, Jar, assessment, main_of};

const HEADER: &str = "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_XDR_ZJLX,CF_XDR_ZJHM,CF_WSH,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG";

/// A row of the penalties' layout about a person.
pub(crate) fn fine(sequence: u16, document: &str, kind: &str) -> String {
    let (name, id) = (person(sequence).name, resident(sequence));
    let id = id.value();
    format!(
        "{name},自然人,,身份证,{id},{document},超出许可范围经营,《食品安全法》,{kind},罚款人民币二千元,0.200000,2026-11-20,禅城区市场监督管理局"
    )
}

/// A file of such rows.
pub(crate) fn csv(rows: &[String]) -> Vec<u8> {
    format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes()
}

const LAYOUT: &str = "sgs-penalty-2018";

/// Uploads a file and opens what the check says: the preview's address and page.
async fn preview(house: &House, jar: &Jar, name: &str, bytes: &[u8]) -> (String, String) {
    let address = house.upload(jar, name, LAYOUT, bytes).await.goes_to().to_owned();
    let page = house.get(jar, &address).await.page(200);
    (address, page)
}

/// Hands in what was checked; the report's address.
async fn commit(house: &House, jar: &Jar, address: &str) -> String {
    assert_eq!(house.post(jar, address, &[]).await.goes_to(), address);
    house.get(jar, address).await.goes_to().to_owned()
}

/// The figures of a page, in their order: rows, accepted or pending, duplicate, unlinked, refused.
fn figures(page: &str) -> Vec<u32> {
    let (_, from) = page.split_once(r#"<div class="figures">"#).expect(page);
    let figures = from.split_once("</section>").map_or(from, |(figures, _)| figures);
    let bold = figures.split("<div><b").skip(1);
    bold.map(|piece| {
        let (_, value) = piece.split_once('>').unwrap();
        value.split_once('<').unwrap().0.replace(',', "").parse().unwrap()
    })
    .collect()
}

fn document(number: u32) -> String {
    format!("佛禅市监处〔2026〕{number}号")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_row_comes_back_and_the_others_are_taken() {
    let house = House::new().await;
    house.found(person(1)).await;
    let chen = house.staff("chen").await;
    let before = house.store.tree_size().await.unwrap();
    let file = csv(&[
        fine(1, &document(7), "罚款"),
        fine(1, &document(8), "罚酒"),
        fine(9, &document(9), "罚款"),
    ]);
    let (address, page) = preview(&house, &chen, "../../<b>十一月.csv", &file).await;
    assert_eq!(figures(&page), [3, 1, 0, 1, 1], "{page}");
    assert!(page.contains("CF_CFLB") && page.contains("罚酒"), "{page}");
    assert!(
        page.contains("&#60;b&#62;十一月.csv") || page.contains("&lt;b&gt;十一月.csv"),
        "{page}"
    );
    assert!(!page.contains("../"));
    assert_eq!(
        house.store.tree_size().await.unwrap(),
        before,
        "a check takes nothing in"
    );

    let report = commit(&house, &chen, &address).await;
    assert_eq!(house.store.tree_size().await.unwrap().0, before.0 + 2);
    let page = house.get(&chen, &report).await.page(200);
    assert_eq!(
        figures(&page),
        [3, 1, 0, 1, 1],
        "the report says what the check said"
    );
    assert!(page.contains("罚酒"));
    let other_column = house
        .get(&chen, &format!("{report}?column=CF_WSH"))
        .await
        .page(200);
    assert!(!main_of(&other_column).contains("罚酒"), "filtered by column");
    // Sent twice, it is taken once.
    assert_eq!(commit(&house, &chen, &address).await, report);
    assert_eq!(house.store.tree_size().await.unwrap().0, before.0 + 2);
    let list = house.get(&chen, "/department/submissions").await.page(200);
    assert_eq!(main_of(&list).matches(&format!("href=\"{report}\"")).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_returned_rows_can_be_sent_again() {
    let house = House::new().await;
    house.found(person(1)).await;
    let chen = house.staff("chen").await;
    let file = csv(&[fine(1, &document(7), "罚款"), fine(1, &document(8), "罚酒")]);
    let (address, _) = preview(&house, &chen, "a.csv", &file).await;
    let report = commit(&house, &chen, &address).await;
    let link = format!("{report}/errors.xlsx");
    assert!(house.get(&chen, &report).await.page(200).contains(&link));
    let book = house.get(&chen, &link).await;
    assert_eq!(book.status, 200);
    assert!(
        book.header("content-disposition")
            .starts_with("attachment; filename=\"returned-")
    );
    assert!(book.header("content-type").contains("spreadsheetml"));
    let opened =
        exchange::SourceFile::from_bytes("returned.xlsx", book.bytes.clone(), &exchange::Reader::Here)
            .unwrap();
    assert_eq!(opened.row_count(), 2, "the header and the one refused row");
    // As it is, it is refused for the same fault; the good row is not in it, so nothing is a duplicate.
    let (_, page) = preview(&house, &chen, "returned.xlsx", &book.bytes).await;
    assert_eq!(figures(&page), [1, 0, 0, 0, 1], "{page}");
    assert!(page.contains("罚酒"));
    // A report without refused rows has no workbook.
    let (address, _) = preview(&house, &chen, "b.csv", &csv(&[fine(1, &document(8), "罚款")])).await;
    let report = commit(&house, &chen, &address).await;
    assert!(!house.get(&chen, &report).await.page(200).contains("errors.xlsx"));
    house.get(&chen, &format!("{report}/errors.xlsx")).await.page(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_twice_adds_nothing() {
    let house = House::new().await;
    house.found(person(1)).await;
    let chen = house.staff("chen").await;
    let file = csv(&[fine(1, &document(7), "罚款")]);
    let (first, _) = preview(&house, &chen, "a.csv", &file).await;
    let (second, page) = preview(&house, &chen, "a.csv", &file).await;
    assert_eq!(figures(&page), [1, 1, 0, 0, 0]);
    commit(&house, &chen, &first).await;
    let size = house.store.tree_size().await.unwrap();
    let (third, page) = preview(&house, &chen, "a.csv", &file).await;
    assert_eq!(figures(&page), [1, 0, 1, 0, 0], "{page}");
    assert!(
        !page.contains(&format!("action=\"{third}\"")),
        "there is nothing to hand in"
    );
    // What was checked before the first was handed in is a duplicate by now.
    let report = commit(&house, &chen, &second).await;
    assert_eq!(
        figures(&house.get(&chen, &report).await.page(200)),
        [1, 0, 1, 0, 0]
    );
    assert_eq!(house.store.tree_size().await.unwrap(), size);
    // The same document with another content is a conflict, which is a fault of its row.
    let changed = csv(&[fine(1, &document(7), "罚款").replace("0.200000", "0.300000")]);
    let (_, page) = preview(&house, &chen, "a.csv", &changed).await;
    assert_eq!(figures(&page), [1, 0, 0, 0, 1], "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_none_is_refused_with_words() {
    let house = House::new().await;
    let chen = house.staff("chen").await;
    house.upload(&chen, "", LAYOUT, b"").await.page(422);
    let page = house
        .upload(&chen, "a.csv", "no-such-layout", b"a,b\n")
        .await
        .page(422);
    assert!(page.contains(r##"href="#layout""##), "{page}");
    let files: [&[u8]; 4] = [
        b"a,b\n1,2\n",
        b"PK\x03\x04 not a workbook",
        b"%PDF-1.7",
        b"\x00\x01\x02\x03",
    ];
    for bytes in files {
        let (address, page) = preview(&house, &chen, "a.csv", bytes).await;
        assert!(
            page.contains(r#"role="alert""#) && !page.contains(&format!("action=\"{address}\"")),
            "{page}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_officer_confirms_with_every_page_open() {
    let house = House::new().await;
    let mut rows = Vec::new();
    for sequence in 1..=21 {
        house.found(person(sequence)).await;
        rows.push(fine(sequence, &document(sequence.into()), "罚款"));
    }
    let (chen, lin) = (house.staff("chen").await, house.staff("lin").await);
    let (address, _) = preview(&house, &chen, "a.csv", &csv(&rows)).await;
    let report = commit(&house, &chen, &address).await;
    let confirm = report.replace("submissions", "confirm");
    let size = house.store.tree_size().await.unwrap();
    // The submitter may read it, is given no form, and is refused without it too.
    for page in ["", "?page=2"] {
        let shown = house.get(&chen, &format!("{confirm}{page}")).await.page(200);
        assert!(!shown.contains(&format!("action=\"{confirm}\"")), "{shown}");
    }
    house.post(&chen, &confirm, &[("read", "yes")]).await.page(422);

    house.post(&lin, &confirm, &[("read", "yes")]).await.page(422);
    let first = house.get(&lin, &confirm).await.page(200);
    assert!(
        !first.contains(&format!("action=\"{confirm}\"")),
        "a page is not open yet"
    );
    house.post(&lin, &confirm, &[("read", "yes")]).await.page(422);
    let last = house.subject_of(21).await;
    let by_lin = async || {
        house
            .looks(last)
            .await
            .iter()
            .filter(|look| look.viewer == "lin")
            .count()
    };
    assert_eq!(
        by_lin().await,
        0,
        "who is on page two is not looked at on page one"
    );
    let second = house.get(&lin, &format!("{confirm}?page=2")).await.page(200);
    assert_eq!(by_lin().await, 1);
    assert!(second.contains(&format!("action=\"{confirm}\"")), "{second}");
    house.post(&lin, &confirm, &[]).await.page(422);
    assert_eq!(
        house.store.tree_size().await.unwrap(),
        size,
        "nothing was confirmed so far"
    );

    let done = house.post(&lin, &confirm, &[("read", "yes")]).await;
    assert!(done.goes_to().starts_with(&format!("{report}?done=confirm")));
    assert_eq!(house.store.tree_size().await.unwrap().0, size.0 + 1);
    let standing = assessment(&house, last).await.standings.last().unwrap().standing;
    assert_eq!(standing, Standing::Counts);
    assert_eq!(
        house.get(&lin, &confirm).await.goes_to(),
        report,
        "nothing waits any more"
    );
    assert_eq!(
        house.post(&lin, &confirm, &[("read", "yes")]).await.goes_to(),
        report
    );
    assert_eq!(house.store.tree_size().await.unwrap().0, size.0 + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stray_record_is_linked_with_a_reason() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let (_, number) = house.append("chen", stray(1, "证9")).await;
    let lin = house.staff("lin").await;
    let here = format!("/department/unlinked/{number}");
    let (find, link) = (format!("{here}/find"), format!("{here}/link"));
    let reason = [("evidence", "户口本原件相符，曾用名骆志明")];
    let records = async || assessment(&house, subject).await.standings.len();
    assert_eq!(
        house.post(&lin, &link, &reason).await.goes_to(),
        here,
        "nobody has been found yet"
    );
    for wrong in ["440604198001010000", resident(9).value()] {
        house
            .post(&lin, &find, &[("kind", "resident_id"), ("identifier", wrong)])
            .await
            .page(422);
    }
    let own = resident(1);
    let found = [("kind", "resident_id"), ("identifier", own.value())];
    assert_eq!(house.post(&lin, &find, &found).await.goes_to(), here);
    let page = house.get(&lin, &here).await.page(200);
    assert!(
        page.contains(&own.masked()) && !page.contains(own.value()),
        "{page}"
    );
    assert!(!page.contains(&person(1).name), "{page}");
    house.post(&lin, &link, &[("evidence", "短")]).await.page(422);
    assert_eq!(records().await, 1);
    let linked = house.post(&lin, &link, &reason).await;
    assert!(linked.goes_to().starts_with("/department/unlinked?done=link"));
    assert_eq!(records().await, 2);
    house.get(&lin, &here).await.page(404);

    // It was somebody else after all.
    let list = "/department/records";
    let page = house.get(&lin, list).await.page(200);
    assert!(page.contains("曾用名骆志明") && page.contains("有效"), "{page}");
    for wrong in ["0", "99999999999999999999", "无"] {
        house.get(&lin, &format!("{list}?number={wrong}")).await.page(404);
    }
    let own = format!("{list}/{number}");
    let asked = format!("{list}?number=%EF%BC%83%20{number}");
    assert_eq!(house.get(&lin, &asked).await.goes_to(), own);
    let before = house.looks(subject).await.len();
    house.get(&lin, &own).await.page(200);
    assert_eq!(house.looks(subject).await.len(), before + 1);
    let unlink = format!("{own}/unlink");
    house.post(&lin, &unlink, &[("why", "短")]).await.page(422);
    let why = [("why", "身份证号不同，是同名的另一人")];
    let undone = house.post(&lin, &unlink, &why).await;
    assert_eq!(undone.goes_to(), format!("{list}?done=unlink&n={number}"));
    assert_eq!(records().await, 1);
    house.get(&lin, &here).await.page(200);
    assert!(house.get(&lin, list).await.page(200).contains("已解除"));
    house.post(&lin, &unlink, &why).await.page(409);

    let withdraw = format!("{own}/withdraw");
    house.post(&lin, &withdraw, &[("why", "短")]).await.page(422);
    house.post(&lin, &withdraw, &why).await.goes_to();
    let page = house.get(&lin, &own).await.page(200);
    assert!(page.contains("已撤回") && !page.contains("/withdraw"), "{page}");
}

/// What may be said of whom a record means is said without naming anybody; opening one is a look, and linking a decision.
#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_names_nobody_before_it_is_opened() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let mut row = penalty(person(1), "证9");
    row.subject.as_mut().unwrap().identifier = None;
    let born = FieldName::new(Hint::BirthDate.field()).unwrap();
    row.fields.insert(born, Value::Date(Date::constant(1980, 1, 1)));
    let (_, number) = house.append("chen", row).await;
    let lin = house.staff("lin").await;
    let own = resident(1);
    let queue = house.get(&lin, "/department/unlinked").await.page(200);
    assert!(queue.contains("可能性大"), "{queue}");
    let here = format!("/department/unlinked/{number}");
    let open = format!("{here}/open");
    let page = house.get(&lin, &here).await.page(200);
    assert!(
        page.contains("出生日期") && page.contains("打开并排核对"),
        "{page}"
    );
    for page in [&queue, &page] {
        assert!(
            !page.contains(&own.masked()) && !page.contains(own.value()),
            "{page}"
        );
    }
    let looked = async || house.looks(subject).await.iter().any(|look| look.viewer == "lin");
    assert!(!looked().await, "nobody's file was opened");
    for place in ["0", "2", "18446744073709551615"] {
        house.post(&lin, &open, &[("place", place)]).await.page(404);
    }
    assert_eq!(house.post(&lin, &open, &[("place", "1")]).await.goes_to(), here);
    let page = house.get(&lin, &here).await.page(200);
    assert!(page.contains(&own.masked()), "{page}");
    assert!(looked().await);
    let reason = [("evidence", "户口本原件相符，已当面核对")];
    let linked = house.post(&lin, &format!("{here}/link"), &reason).await;
    assert!(linked.goes_to().starts_with("/department/unlinked?done=link"));
    house.post(&lin, &open, &[("place", "1")]).await.page(404);
}

/// Guard 5: a person joins them with the evidence open. Whoever has not opened the file has no evidence.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_linked_whose_file_was_not_opened() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let (_, number) = house.append("chen", stray(1, "证9")).await;
    let lin = house.staff("lin").await;
    let here = format!("/department/unlinked/{number}");
    let own = resident(1);
    house
        .post(
            &lin,
            &format!("{here}/find"),
            &[("kind", "resident_id"), ("identifier", own.value())],
        )
        .await
        .goes_to();
    house
        .post(&lin, &format!("{here}/link"), &[("evidence", "户口本原件相符")])
        .await;
    let looked = house.looks(subject).await.iter().any(|look| look.viewer == "lin");
    let linked = assessment(&house, subject).await.standings.len() > 1;
    assert!(looked || !linked, "linked without a look");
}
