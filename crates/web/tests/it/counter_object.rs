//! An objection at the counter: the clerk finds what the person names and nothing else, and it suspends the record at once.

use assess::Standing;
use record::RecordNumber;

use crate::people::{company, licence, officer, penalty, person, resident, source};
use crate::support::{House, Jar, assessment, main_of};

const DOCUMENT: &str = "佛禅市监处〔2026〕9101号";
const GROUND: &str = "这不是我的摊位，处罚的是同名的另一个人";

fn named(names: &str) -> Vec<(&'static str, String)> {
    let number = resident(1).value().to_owned();
    vec![
        ("identifier", number),
        ("names", names.to_owned()),
        ("case", "2026-1123-9".to_owned()),
    ]
}

async fn ask(house: &House, clerk: &Jar, names: &str) -> String {
    let form = named(names);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = house.post(clerk, "/counter/object", &form).await;
    answer.goes_to().to_owned()
}

/// A house where a fine was confirmed, and nothing else adverse is held.
async fn fined() -> (House, record::SubjectId, RecordNumber) {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    house.append("chen", licence(person(1), "证1")).await;
    let (submission, record) = house.append("chen", penalty(person(1), DOCUMENT)).await;
    let market = source("chancheng.market");
    let lin = officer("lin");
    let confirmed = house.store.confirm(submission, &lin, Some(&market));
    confirmed.await.unwrap();
    (house, subject, record)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_entered_suspends_the_record_and_says_where() {
    let (house, subject, record) = fined().await;
    let li = house.staff("li").await;
    let address = ask(&house, &li, "佛禅市监处[2026]9101号").await;
    let page = house.get(&li, &address).await.page(200);
    let main = main_of(&page);
    assert!(
        main.contains(DOCUMENT),
        "brackets are read as people write them: {main}"
    );
    assert!(!main.contains("证1"), "nothing else of the file: {main}");
    assert!(
        !main.contains(resident(1).value()) && !main.contains(&person(1).name),
        "{main}"
    );

    let number = record.to_string();
    let unread = [("record", number.as_str()), ("ground", GROUND)];
    house.post(&li, &address, &unread).await.page(422);
    let short = [("record", number.as_str()), ("ground", "不对"), ("read", "yes")];
    house.post(&li, &address, &short).await.page(422);
    let form = [("record", number.as_str()), ("ground", GROUND), ("read", "yes")];
    let entered = house.post(&li, &address, &form).await;
    assert!(
        entered
            .goes_to()
            .starts_with(&format!("{address}/receipt?done=counter-object&n="))
    );
    let found = assessment(&house, subject).await;
    let standing = found.standing(record).unwrap().standing;
    assert!(matches!(standing, Standing::Disputed { .. }), "{standing:?}");

    let receipt = house.get(&li, entered.goes_to()).await.page(200);
    assert!(
        main_of(&receipt).contains(GROUND) && main_of(&receipt).contains("2026年12月2日"),
        "{receipt}"
    );
    let again = house.post(&li, &address, &form).await;
    assert_eq!(
        again.goes_to(),
        format!("{address}/receipt"),
        "sent twice it is one"
    );

    let own = house.person(subject).await;
    let page = house.get(&own, &format!("/my/records/{record}")).await.page(200);
    assert!(main_of(&page).contains("南庄镇行政服务中心由窗口登记"), "{page}");
    let looks = house.looks(subject).await;
    assert!(
        looks
            .iter()
            .any(|look| look.purpose == "counter.objection" && look.what == "objection")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn by_the_records_number_too_and_never_what_belongs_to_others() {
    let (house, _, record) = fined().await;
    house.found(person(2)).await;
    let (_, theirs) = house.append("chen", licence(person(2), "证2")).await;
    let li = house.staff("li").await;
    let address = ask(&house, &li, &record.to_string()).await;
    assert!(house.get(&li, &address).await.page(200).contains(DOCUMENT));
    for absent in ["证2", "证9", &theirs.to_string()] {
        let address = ask(&house, &li, absent).await;
        let page = house.get(&li, &address).await.page(200);
        assert!(page.contains("没有找到可以提出异议的这一条"), "{absent}");
        let number = theirs.to_string();
        let form = [("record", number.as_str()), ("ground", GROUND), ("read", "yes")];
        house.post(&li, &address, &form).await.page(422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_speaks_for_itself_and_a_stranger_is_nobody() {
    let house = House::new().await;
    house.found(company(1)).await;
    let li = house.staff("li").await;
    let uscc = company(1).identifier.unwrap();
    for (number, says) in [
        (uscc.value(), "代企业办事"),
        (resident(7).value(), "没有这个号码"),
        ("", "证件号码有误"),
    ] {
        let form = [("identifier", number), ("names", "证1"), ("case", "2026-1123-9")];
        let page = house.post(&li, "/counter/object", &form).await.page(422);
        assert!(main_of(&page).contains(says), "{number}: {page}");
    }
    let form = [("identifier", ""), ("names", " "), ("case", "")];
    let page = house.post(&li, "/counter/object", &form).await.page(422);
    assert_eq!(
        page.matches(r#"class="fault""#).count(),
        3,
        "all faults at once: {page}"
    );
}
