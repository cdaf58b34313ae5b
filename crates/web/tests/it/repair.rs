//! Repair and objection, from a person's own file to the department's answer.

use assess::Standing;
use jiff::SignedDuration;
use record::{Record, RecordNumber, SubjectId};

use crate::access::objection_of;
use crate::people::{company, day, licence, officer, penalty, person};
use crate::support::{Answer, House, Jar, assessment, main_of};

const WHY: &str = "罚款已缴清，票据已核对";
const APPLICATION: [(&str, &str); 2] = [("performed", "2026-06-10"), ("commitment", "yes")];

async fn standing(house: &House, subject: SubjectId, number: RecordNumber) -> Standing {
    let found = assessment(house, subject).await;
    found.standing(number).unwrap().standing
}

/// A fine of this day about someone, confirmed by a second officer.
async fn fined(house: &House, mut fine: Record, on: &str) -> RecordNumber {
    fine.occurred = day(on);
    fine.document.as_mut().unwrap().date = day(on);
    let (submission, number) = house.append("chen", fine).await;
    let confirmed = house.store.confirm(submission, &officer("lin"), None).await;
    confirmed.unwrap();
    number
}

/// The number at the end of where one is sent.
fn number_of(goes_to: &str) -> u64 {
    goes_to.rsplit('=').next().unwrap().parse().unwrap()
}

async fn applied(house: &House, own: &Jar, record: RecordNumber) -> u64 {
    let address = format!("/my/records/{record}/repair");
    let check = house.post(own, &address, &APPLICATION).await.goes_to().to_owned();
    number_of(send(house, own, &check).await.goes_to())
}

/// Sends what was checked.
pub(crate) async fn send(house: &House, own: &Jar, check: &str) -> Answer {
    let (address, draft) = check.split_once("/check?draft=").unwrap();
    house
        .post(own, &format!("{address}/send"), &[("draft", draft)])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_is_checked_before_it_is_sent() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let own = house.person(subject).await;
    let record = fined(&house, penalty(person(1), "处1"), "2026-06-01").await;
    let address = format!("/my/records/{record}/repair");
    let size = house.store.tree_size().await.unwrap();
    let check = house
        .post(&own, &address, &APPLICATION)
        .await
        .goes_to()
        .to_owned();
    let page = house.get(&own, &check).await.page(200);
    for said in ["还没有提交", "2026年6月10日", "处1", "我郑重承诺", "没有"] {
        assert!(main_of(&page).contains(said), "does not say `{said}`: {page}");
    }
    assert_eq!(house.store.tree_size().await.unwrap(), size, "nothing was sent");
    // The way back has what was answered, and what is changed there takes its place.
    let draft = check.rsplit('=').next().unwrap().to_owned();
    assert!(
        page.contains(&format!("{address}?draft={draft}#performed")),
        "{page}"
    );
    let form = house
        .get(&own, &format!("{address}?draft={draft}"))
        .await
        .page(200);
    assert!(form.contains("2026-06-10") && form.contains("checked"), "{form}");
    let changed = [
        ("performed", "2026-06-20"),
        ("commitment", "yes"),
        ("draft", draft.as_str()),
    ];
    let again = house.post(&own, &address, &changed).await.goes_to().to_owned();
    assert!(house.get(&own, &again).await.page(200).contains("2026年6月20日"));
    assert_eq!(
        send(&house, &own, &check).await.goes_to(),
        "/my?done=repair-expired",
        "the first is gone"
    );
    // Another session has no part in it.
    let elsewhere = house.person(subject).await;
    assert_eq!(
        send(&house, &elsewhere, &again).await.goes_to(),
        "/my?done=repair-expired"
    );
    assert!(
        send(&house, &own, &again)
            .await
            .goes_to()
            .contains("done=repair-asked")
    );
    assert_eq!(
        send(&house, &own, &again).await.goes_to(),
        "/my?done=repair-expired",
        "sent twice it is one"
    );
    assert_eq!(house.store.tree_size().await.unwrap().0, size.0 + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_says_what_it_asks_for_and_waits() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let own = house.person(subject).await;
    house.post(&own, "/my/notice", &[]).await.goes_to();
    let record = fined(&house, penalty(person(1), "处1"), "2026-06-01").await;
    let address = format!("/my/records/{record}/repair");
    let home = house.get(&own, "/my").await.page(200);
    assert!(main_of(&home).contains(&format!("href=\"{address}\"")), "{home}");

    let page = house.get(&own, &address).await.page(200);
    for said in [
        "现在可以申请",
        "2026年9月1日",
        "停止公示",
        "停止共享",
        "停止使用",
        "3 个工作日",
        "10 个工作日",
    ] {
        assert!(page.contains(said), "does not say `{said}`: {page}");
    }
    for (form, field) in [
        (vec![("performed", "2026-06-10")], "commitment"),
        (vec![("commitment", "yes")], "performed"),
        (vec![("commitment", "yes"), ("performed", "明天")], "performed"),
        (
            vec![("commitment", "yes"), ("performed", "2027-01-01")],
            "performed",
        ),
    ] {
        let page = house.post(&own, &address, &form).await.page(422);
        assert!(page.contains(&format!("href=\"#{field}\"")), "{form:?}: {page}");
    }
    applied(&house, &own, record).await;
    let page = house.get(&own, &address).await.page(200);
    // Monday the 23rd, three and ten working days on.
    for said in ["等待答复", "2026年11月26日", "2026年12月7日"] {
        assert!(page.contains(said), "does not say `{said}`: {page}");
    }
    assert!(
        !page.contains("id=\"apply\""),
        "one application at a time: {page}"
    );
    house.post(&own, &address, &APPLICATION).await.page(422);
    assert_eq!(standing(&house, subject, record).await, Standing::Counts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fine_is_repaired_when_the_department_grants_it() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let (own, lin) = (house.person(subject).await, house.staff("lin").await);
    house.post(&own, "/my/notice", &[]).await.goes_to();
    let record = fined(&house, penalty(person(1), "处1"), "2026-06-01").await;
    let address = format!("/my/records/{record}/repair");
    let application = applied(&house, &own, record).await;
    let plea = format!("/department/due/{application}");
    let list = house.get(&lin, "/department/due").await.page(200);
    assert!(main_of(&list).contains(&format!("href=\"{plea}\"")), "{list}");
    assert!(
        main_of(&list).contains("还有 3 天") && !list.contains("罗"),
        "nobody is named: {list}"
    );
    let page = house.get(&lin, &plea).await.page(200);
    assert!(
        page.contains("处1") && page.contains("2026年6月10日") && page.contains("decision-yes"),
        "{page}"
    );
    assert!(page.contains("本人说明，待核实"), "{page}");
    for (form, field) in [
        (vec![("why", WHY)], "decision-no"),
        (vec![("decision", "yes"), ("why", "好")], "why"),
    ] {
        let page = house.post(&lin, &plea, &form).await.page(422);
        assert!(page.contains(&format!("href=\"#{field}\"")), "{form:?}: {page}");
    }
    assert_eq!(standing(&house, subject, record).await, Standing::Counts);
    let answered = house
        .post(&lin, &plea, &[("decision", "yes"), ("why", WHY)])
        .await;
    assert!(
        answered
            .goes_to()
            .starts_with("/department/due?done=plea-granted")
    );
    assert!(matches!(
        standing(&house, subject, record).await,
        Standing::Repaired { .. }
    ));
    let closed = house.get(&lin, &plea).await.page(200);
    assert!(
        !closed.contains("name=\"decision\""),
        "nothing is decided again: {closed}"
    );
    let again = [("decision", "no"), ("why", "再看一次，不予修复")];
    let again = house.post(&lin, &plea, &again).await;
    assert_eq!(again.goes_to(), "/department/due", "once");
    let home = house.get(&own, "/my").await.page(200);
    assert!(home.contains("已修复") && !home.contains(&address), "{home}");
    assert!(
        house
            .get(&own, &address)
            .await
            .page(200)
            .contains("没有需要修复的")
    );
    let record = house.get(&own, &format!("/my/records/{record}")).await.page(200);
    assert!(record.contains(WHY), "the reason is told: {record}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_repair_says_why_and_can_be_asked_for_again() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let (own, lin) = (house.person(subject).await, house.staff("lin").await);
    let record = fined(&house, penalty(person(1), "处1"), "2026-06-01").await;
    let application = applied(&house, &own, record).await;
    let plea = format!("/department/due/{application}");
    let why = "罚款尚未缴清，请缴清后再申请";
    house
        .post(&lin, &plea, &[("decision", "no"), ("why", why)])
        .await
        .goes_to();
    assert_eq!(standing(&house, subject, record).await, Standing::Counts);
    let page = house
        .get(&own, &format!("/my/records/{record}/repair"))
        .await
        .page(200);
    assert!(page.contains(why) && page.contains("id=\"apply\""), "{page}");
    let page = house.get(&own, &format!("/my/records/{record}")).await.page(200);
    assert!(
        page.contains("不同意修复") && !page.contains("异议不成立"),
        "{page}"
    );
    applied(&house, &own, record).await;
}

/// What is not open yet, or never, says when and why, and takes no application.
#[tokio::test(flavor = "multi_thread")]
async fn a_repair_that_is_not_open_says_when_or_why() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let own = house.person(subject).await;
    let young = fined(&house, penalty(person(1), "处1"), "2026-10-01").await;
    let (_, pending) = house.append("chen", penalty(person(1), "处2")).await;
    let (_, good) = house.append("chen", licence(person(1), "证1")).await;
    for (record, says) in [
        (young, "2027年1月1日 起可以申请"),
        (pending, "现在不产生任何影响"),
        (good, "这不是不利记录"),
    ] {
        let address = format!("/my/records/{record}/repair");
        let page = house.get(&own, &address).await.page(200);
        assert!(
            page.contains(says) && !page.contains("id=\"apply\""),
            "{says}: {page}"
        );
        let size = house.store.tree_size().await.unwrap();
        house.post(&own, &address, &APPLICATION).await.page(422);
        assert_eq!(house.store.tree_size().await.unwrap(), size);
    }
}

/// An officer cannot grant what a condition keeps from repair, whatever the form says.
#[tokio::test(flavor = "multi_thread")]
async fn what_ended_meanwhile_can_only_be_answered() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let own = house.person(subject).await;
    let record = fined(&house, penalty(person(1), "处1"), "2026-01-10").await;
    let application = applied(&house, &own, record).await;
    house.pass(SignedDuration::from_hours(24 * 60));
    let lin = house.staff("lin").await;
    let plea = format!("/department/due/{application}");
    let list = house.get(&lin, "/department/due").await.page(200);
    assert!(main_of(&list).contains("逾期"), "{list}");
    assert!(
        house
            .get(&lin, "/department")
            .await
            .page(200)
            .contains("1 件已逾期")
    );
    let page = house.get(&lin, &plea).await.page(200);
    assert!(!page.contains("decision-yes"), "{page}");
    house
        .post(&lin, &plea, &[("decision", "yes"), ("why", WHY)])
        .await
        .page(422);
    let said = [("decision", "no"), ("why", "记录已到期，不再公示")];
    house.post(&lin, &plea, &said).await.goes_to();
    let list = house.get(&lin, "/department/due").await.page(200);
    assert!(!main_of(&list).contains(&plea), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_is_answered_on_the_same_page() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let firm = house.found(company(1)).await;
    let lin = house.staff("lin").await;
    let upheld = fined(&house, penalty(person(1), "处1"), "2026-06-01").await;
    let not = fined(&house, penalty(company(1), "处2"), "2026-06-01").await;
    for (about, record, decision) in [(subject, upheld, "yes"), (firm, not, "no")] {
        let objection = objection_of(&house, about, record).await;
        let plea = format!("/department/due/{objection}");
        let page = house.get(&lin, &plea).await.page(200);
        assert!(page.contains("这张证不是我的，请核对"), "{page}");
        house
            .post(&lin, &plea, &[("decision", decision), ("why", WHY)])
            .await
            .goes_to();
    }
    assert!(matches!(
        standing(&house, subject, upheld).await,
        Standing::Withdrawn { .. }
    ));
    assert_eq!(standing(&house, firm, not).await, Standing::Counts);
}

/// An organisation's record stops being published the moment its repair is granted.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_repaired_is_published_no_more() {
    let house = House::new().await;
    let firm = house.found(company(1)).await;
    let lin = house.staff("lin").await;
    let record = fined(
        &house,
        penalty(company(1), "佛禅市监处〔2026〕77号"),
        "2026-06-01",
    )
    .await;
    let uscc = company(1).identifier.unwrap();
    let address = format!("/organisations/{}", uscc.value());
    let published = async || {
        let page = house.get(&Jar::none(), &address).await.page(200);
        main_of(&page).contains("佛禅市监处〔2026〕77号")
    };
    assert!(published().await, "else this shows nothing");
    let own = house.person(firm).await;
    let application = applied(&house, &own, record).await;
    assert!(published().await);
    let plea = format!("/department/due/{application}");
    house
        .post(&lin, &plea, &[("decision", "yes"), ("why", WHY)])
        .await
        .goes_to();
    assert!(!published().await);
}
