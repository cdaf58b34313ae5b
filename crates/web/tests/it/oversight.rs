//! The auditor's desk and the credit office: what they show, what they write first, and what they never show.

use crate::access::asked_look;
use crate::people::{company, licence, person, resident};
use crate::support::{House, main_of};

const CASE: &str = "审2026-1";

#[tokio::test(flavor = "multi_thread")]
async fn a_question_goes_to_the_auditor_and_its_answer_comes_back() {
    let house = House::new().await;
    let own = house.found(person(1)).await;
    let (look, _) = asked_look(&house, own).await;
    let me = house.person(own).await;
    let page = house.get(&me, "/my/looks").await.page(200);
    assert!(page.contains("已提问，等待答复"), "{page}");
    let again = [("ground", "我还是不明白这次查询")];
    let answer = house.post(&me, &format!("/my/looks/{look}/ask"), &again).await;
    assert!(answer.page(422).contains("您已经问过"));
    house
        .post(&me, &format!("/my/looks/{look}/withdraw"), &[])
        .await
        .goes_to();
    assert!(house.get(&me, "/my/looks").await.page(200).contains("已撤回"));
    let asked = house.post(&me, &format!("/my/looks/{look}/ask"), &again).await;
    let number = asked.goes_to().rsplit('=').next().unwrap().to_owned();

    let shen = house.staff("shen").await;
    let list = house.get(&shen, "/audit/questions").await.page(200);
    assert!(list.contains(&format!("/audit/questions/{number}")));
    assert!(
        !list.contains("罗志明") && !list.contains("我还是不明白"),
        "{list}"
    );
    let before = house.looks(own).await.len();
    let one = format!("/audit/questions/{number}");
    let page = house.get(&shen, &one).await.page(200);
    assert!(
        page.contains("我还是不明白这次查询") && !page.contains("罗志明1"),
        "{page}"
    );
    let looks = house.looks(own).await;
    assert_eq!(looks.len(), before + 1, "opening a question is a look");
    assert_eq!(looks.last().unwrap().door, "audit");
    let empty = house.post(&shen, &one, &[("says", "短")]).await;
    empty.page(422);
    let says = [("says", "经查，系核对同名记录，已要求改进")];
    house.post(&shen, &one, &says).await.goes_to();
    let page = house.get(&me, "/my/looks").await.page(200);
    assert!(
        page.contains("已答复") && page.contains("经查，系核对同名记录"),
        "{page}"
    );
    assert!(page.contains("审计"), "the person sees that the auditor looked");
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_about_a_person_is_a_look_written_first() {
    let house = House::new().await;
    let own = house.found(person(1)).await;
    asked_look(&house, own).await;
    let shen = house.staff("shen").await;
    let number = resident(1);
    let form = [
        ("kind", "resident_id"),
        ("identifier", number.value()),
        ("case", ""),
    ];
    let refused = house.post(&shen, "/audit/looks/find", &form).await.page(422);
    assert!(refused.contains("请填写办件号"), "a look needs its case");
    let nobody = resident(9);
    let form = [
        ("kind", "resident_id"),
        ("identifier", nobody.value()),
        ("case", CASE),
    ];
    house.post(&shen, "/audit/looks/find", &form).await.page(422);
    let form = [
        ("kind", "resident_id"),
        ("identifier", number.value()),
        ("case", CASE),
    ];
    let found = house.post(&shen, "/audit/looks/find", &form).await;
    let address = found.goes_to().to_owned();
    assert!(!address.contains(number.value()), "{address}");
    let before = house.looks(own).await.len();
    let page = house.get(&shen, &address).await.page(200);
    let looks = house.looks(own).await;
    let last = looks.last().unwrap();
    assert_eq!(looks.len(), before + 1);
    assert_eq!(
        (last.viewer.as_str(), last.purpose.as_str(), last.case.as_deref()),
        ("shen", "audit.review", Some(CASE))
    );
    assert!(page.contains("罗**") && !page.contains(number.value()), "{page}");
    // Another auditor's session opens nothing by this address.
    let li = house.staff("li").await;
    assert_eq!(house.get(&li, &address).await.status.as_u16(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_name_nobody_filter_and_export_without_formulas() {
    let house = House::new().await;
    let own = house.found(person(1)).await;
    let (look, _) = asked_look(&house, own).await;
    let shen = house.staff("shen").await;
    let all = house.get(&shen, "/audit/looks").await.page(200);
    assert!(!all.contains("罗志明") && all.contains(&format!("/audit/unusual/{look}")));
    let none = house.get(&shen, "/audit/looks?officer=nobody").await.page(200);
    assert!(none.contains("没有符合条件的查询"));
    let past = house.get(&shen, "/audit/looks?to=2020-01-01").await.page(200);
    assert!(past.contains("没有符合条件的查询"));
    let csv = house.get(&shen, "/audit/looks.csv?officer=lin").await;
    assert!(csv.header("content-disposition").contains("looks.csv"));
    let text = csv.text();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains("2026-7") && !text.contains("罗志明"));
    let unusual = house.get(&shen, "/audit/unusual?sign=decoy").await.page(200);
    assert!(unusual.contains("诱饵档案"));
    let review = [("finding", "explained"), ("note", "经核对，属演练")];
    let one = format!("/audit/unusual/{look}");
    house
        .post(&shen, &one, &[("finding", "explained")])
        .await
        .page(422);
    house.post(&shen, &one, &review).await.goes_to();
    let left = house.get(&shen, "/audit/unusual").await.page(200);
    assert!(!main_of(&left).contains(&one), "the queue shrinks");
    assert!(house.get(&shen, &one).await.page(200).contains("经核对，属演练"));
    let acts = house.get(&shen, "/audit/acts?kind=staff-put").await.page(200);
    assert!(acts.contains("chen") && !acts.contains("发布规则</th>"));
    let csv = house.get(&shen, "/audit/acts.csv").await.text();
    assert!(
        csv.contains("发布规则") && csv.contains("增加或更改人员"),
        "{csv}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_credit_office_sees_counts_and_nobody() {
    let house = House::new().await;
    let own = house.found(person(1)).await;
    house.found(company(1)).await;
    let (_, record) = house.append("chen", licence(person(1), "证1")).await;
    crate::access::objection_of(&house, own, record).await;
    let before = house.looks(own).await.len();
    let guan = house.staff("guan").await;
    for path in [
        "/office",
        "/office/queue",
        "/office/queue?state=late",
        "/office/queue?state=answered",
        "/office/sources?sort=-owed&level=district",
        "/office/staff?role=officer",
        "/office/health",
        "/office/editions",
    ] {
        let page = house.get(&guan, path).await.page(200);
        assert!(
            !page.contains("罗志明") && !page.contains(resident(1).value()),
            "{path}"
        );
    }
    assert_eq!(house.looks(own).await.len(), before, "and looks at nobody");
    let queue = house.get(&guan, "/office/queue").await.page(200);
    assert!(queue.contains("禅城区市场监督管理局") && queue.contains(&record_name(&house).await));
    let none = house.get(&guan, "/office/queue?kind=repair").await.page(200);
    assert!(none.contains("没有符合条件的异议"));
    let rules = house.get(&guan, "/office/rules?q=诱饵档案").await.page(200);
    assert!(rules.contains("虚设的档案"));
    let english = house.get(&guan, "/office/rules?lang=en&part=3").await.page(200);
    assert!(english.contains("<h3>"), "{english}");
    assert!(
        house
            .get(&guan, "/office/health")
            .await
            .page(200)
            .contains("从未核验")
    );
    house.store.verify().await.unwrap();
    assert!(
        house
            .get(&guan, "/office/health")
            .await
            .page(200)
            .contains("0 处不符")
    );
    house.get(&guan, "/office/editions/909").await.page(404);
}

async fn record_name(house: &House) -> String {
    let as_of = house.store.now_as_of().await.unwrap();
    let bundle = house.store.bundle(as_of).await.unwrap();
    let item = record::ItemCode::new("licence.general").unwrap();
    bundle.item(&item).unwrap().name.zh.clone()
}
