//! Files that go with an objection or an application: who can open them, how they are handed out, and what is not taken.

use record::RecordNumber;

use crate::people::{licence, officer, penalty, person};
use crate::repair::send;
use crate::support::{Answer, House, Jar, main_of};

const GROUND: (&str, &str) = ("ground", "这张罚单不是我的，请核对原件");
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n%%EOF\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR....\0\0\0\0IEND\xaeB`\x82";

struct Desk {
    house: House,
    own: Jar,
    record: RecordNumber,
}

impl Desk {
    async fn new() -> Self {
        let house = House::new().await;
        let subject = house.found(person(1)).await;
        let own = house.person(subject).await;
        let record = house.append("chen", licence(person(1), "证1")).await.1;
        Self { house, own, record }
    }

    async fn object(&self, files: &[(&str, &[u8])]) -> Answer {
        let address = format!("/my/records/{}/object", self.record);
        self.house.post_files(&self.own, &address, &[GROUND], files).await
    }
}

fn number_of(answer: &Answer) -> u64 {
    answer.goes_to().rsplit('=').next().unwrap().parse().unwrap()
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.header(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_with_an_objection_is_opened_by_both_sides_and_each_look_is_told() {
    let desk = Desk::new().await;
    let house = &desk.house;
    let objection = number_of(&desk.object(&[("../收据.exe", PNG), ("b.pdf", PDF)]).await);
    let page = house
        .get(&desk.own, &format!("/my/records/{}", desk.record))
        .await
        .page(200);
    let own = format!("/my/files/{objection}-1");
    assert!(
        main_of(&page).contains(&own) && main_of(&page).contains("PNG"),
        "{page}"
    );

    let lin = house.staff("lin").await;
    let plea = format!("/department/due/{objection}");
    let page = house.get(&lin, &plea).await.page(200);
    assert!(main_of(&page).contains(&format!("{plea}/files/2")), "{page}");
    let subject = house.subject_of(1).await;
    let before = house.looks(subject).await.len();
    for (jar, address, bytes, kind) in [
        (&desk.own, &own, PNG, "image/png"),
        (&lin, &format!("{plea}/files/2"), PDF, "application/pdf"),
    ] {
        let answer = house.get(jar, address).await;
        assert_eq!(
            (answer.status.as_u16(), header(&answer, "content-type")),
            (200, kind)
        );
        assert!(header(&answer, "content-disposition").starts_with("attachment; filename=\"xinlian-"));
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
        assert_eq!(
            header(&answer, "content-security-policy"),
            "default-src 'none'; sandbox"
        );
        assert_eq!(answer.bytes, bytes);
    }
    let name = header(&house.get(&desk.own, &own).await, "content-disposition").to_owned();
    assert!(
        name.ends_with("''%E6%94%B6%E6%8D%AE.exe.png"),
        "it ends as what it is: {name}"
    );
    let looks = house.looks(subject).await;
    let told: Vec<&str> = looks[before..].iter().map(|look| look.what.as_str()).collect();
    assert_eq!(told, vec![format!("attachment {objection}"); 3]);
    let page = house.get(&desk.own, "/my/looks").await.page(200);
    assert!(page.contains(&format!("打开第 {objection} 号")), "{page}");

    // Nobody else, and nothing that is not there.
    let other = house.found(person(2)).await;
    let other = house.person(other).await;
    house.get(&other, &own).await.page(404);
    house
        .get(&house.staff("zhou").await, &format!("{plea}/files/1"))
        .await
        .page(404);
    for absent in [
        format!("/my/files/{objection}-3"),
        "/my/files/1-1".into(),
        "/my/files/x".into(),
    ] {
        house.get(&desk.own, &absent).await.page(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_none_of_the_three_kinds_is_not_taken() {
    let desk = Desk::new().await;
    let size = desk.house.store.tree_size().await.unwrap();
    let large = [PDF, &vec![b' '; store::ATTACHMENT_BYTES_MOST][..], PDF].concat();
    let polyglot = [PNG, b"PK\x03\x04<script>alert(1)</script>"].concat();
    for (files, says) in [
        (vec![("a.pdf", &b""[..])], "空的"),
        (vec![("a.pdf", b"<script>alert(1)</script>")], "不是完整的"),
        (vec![("a.png", &polyglot)], "不是完整的"),
        (vec![("a.pdf", PDF), ("b.jpg", b"MZ\x90")], "不是完整的"),
        (vec![("a.pdf", &large)], "超过 5 MB"),
        (vec![("a.pdf", PDF); 6], "最多选 5 个"),
    ] {
        let page = desk.object(&files).await.page(422);
        assert!(main_of(&page).contains(says), "{says}: {page}");
        assert!(page.contains(GROUND.1), "what was written stays: {page}");
    }
    assert_eq!(desk.house.store.tree_size().await.unwrap(), size);
    // Where no file is chosen, a browser sends one without a name.
    number_of(&desk.object(&[("", b"")]).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repair_has_files_too_and_keeps_them_while_it_is_checked() {
    let desk = Desk::new().await;
    let (house, own) = (&desk.house, &desk.own);
    let mut fine = penalty(person(1), "处1");
    fine.occurred = crate::people::day("2026-06-01");
    fine.document.as_mut().unwrap().date = fine.occurred;
    let (submission, record) = house.append("chen", fine).await;
    house
        .store
        .confirm(submission, &officer("lin"), None)
        .await
        .unwrap();
    let address = format!("/my/records/{record}/repair");
    let form = [("performed", "2026-06-10"), ("commitment", "yes")];
    let check = house.post_files(own, &address, &form, &[("缴款.pdf", PDF)]).await;
    let check = check.goes_to().to_owned();
    let page = house.get(own, &check).await.page(200);
    assert!(main_of(&page).contains("缴款.pdf"), "{page}");
    let draft = check.rsplit('=').next().unwrap().to_owned();
    let changed = [form[0], form[1], ("draft", draft.as_str())];
    let check = house
        .post_files(own, &address, &changed, &[])
        .await
        .goes_to()
        .to_owned();
    let asked = number_of(&send(house, own, &check).await);
    let lin = house.staff("lin").await;
    let opened = house.get(&lin, &format!("/department/due/{asked}/files/1")).await;
    assert_eq!((opened.status.as_u16(), &opened.bytes[..]), (200, PDF));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_answer_the_department_and_the_auditor_can_still_open_them() {
    let desk = Desk::new().await;
    let house = &desk.house;
    let objection = number_of(&desk.object(&[("b.pdf", PDF)]).await);
    let lin = house.staff("lin").await;
    let plea = format!("/department/due/{objection}");
    let form = [("decision", "no"), ("why", "经查，原件与记录一致")];
    house.post(&lin, &plea, &form).await.goes_to();
    let list = house.get(&lin, "/department/due?state=answered").await.page(200);
    assert!(main_of(&list).contains(&plea), "{list}");
    let page = house.get(&lin, &plea).await.page(200);
    assert!(
        main_of(&page).contains("经查，原件与记录一致"),
        "the answer: {page}"
    );
    assert!(
        !page.contains("name=\"decision\""),
        "nothing is decided again: {page}"
    );
    let subject = house.subject_of(1).await;
    // Whoever handed the record in may read it too, once it is answered.
    for officer in ["lin", "chen"] {
        let jar = house.staff(officer).await;
        let before = house.looks(subject).await.len();
        let opened = house.get(&jar, &format!("{plea}/files/1")).await;
        assert_eq!((opened.status.as_u16(), &opened.bytes[..]), (200, PDF));
        assert_eq!(house.looks(subject).await.len(), before + 1, "{officer}");
    }

    // The auditor asks about the person in a case, and opens it on purpose.
    let shen = house.staff("shen").await;
    let resident = crate::people::resident(1);
    let find = [
        ("kind", "resident_id"),
        ("identifier", resident.value()),
        ("case", "审2026-7"),
    ];
    let found = house.post(&shen, "/audit/looks/find", &find).await;
    let page = house.get(&shen, found.goes_to()).await.page(200);
    let (_, rest) = page.split_once("href=\"/audit/files/").unwrap();
    let address = format!("/audit/files/{}", rest.split('"').next().unwrap());
    let before = house.looks(subject).await.len();
    let opened = house.get(&shen, &address).await;
    assert_eq!((opened.status.as_u16(), &opened.bytes[..]), (200, PDF));
    let looks = house.looks(subject).await;
    let look = looks.last().unwrap();
    assert_eq!(looks.len(), before + 1);
    assert_eq!(
        (look.viewer.as_str(), look.case.as_deref(), look.what.as_str()),
        (
            "shen",
            Some("审2026-7"),
            format!("attachment {objection}").as_str()
        )
    );
    // By the address alone nobody else opens it.
    let other = house.staff("shen").await;
    assert_eq!(house.get(&other, &address).await.goes_to(), "/audit/looks");
    house.get(&shen, &address.replace("/1", "/9")).await.page(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_says_that_files_are_there() {
    let desk = Desk::new().await;
    let house = &desk.house;
    let objection = number_of(&desk.object(&[("a.png", PNG), ("b.pdf", PDF)]).await);
    let key = crate::api::key(house, "api-market", "chancheng.market").await;
    let subject = house.subject_of(1).await;
    let before = house.looks(subject).await.len();
    let answer = crate::api::told(&crate::api::get(house, &key, "/api/v1/pleas").await, 200);
    crate::openapi::check("get /api/v1/pleas", 200, &answer);
    let [plea] = answer["pleas"].as_array().unwrap().as_slice() else {
        panic!("{answer}")
    };
    assert_eq!(plea["number"], objection);
    assert_eq!(plea["record"], desk.record.0);
    let files = plea["files"].as_array().unwrap();
    let sizes: Vec<_> = files
        .iter()
        .map(|file| (file["kind"].as_str(), file["bytes"].as_u64()))
        .collect();
    let size = |bytes: &[u8]| u64::try_from(bytes.len()).ok();
    assert_eq!(sizes, [(Some("png"), size(PNG)), (Some("pdf"), size(PDF))]);
    assert!(
        !answer.to_string().contains("原件"),
        "nothing of what was written: {answer}"
    );
    let looks = house.looks(subject).await;
    assert_eq!(looks.len(), before + 1, "the look is written first");
    assert_eq!(
        (looks[before].viewer.as_str(), looks[before].door.as_str()),
        ("api-market", "api")
    );
    // Another department's system is told nothing of it.
    let hrss = crate::api::key(house, "api-hrss", "foshan.hrss").await;
    let none = crate::api::told(&crate::api::get(house, &hrss, "/api/v1/pleas").await, 200);
    assert_eq!(none["pleas"].as_array().unwrap().len(), 0);
}
