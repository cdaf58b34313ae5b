//! A company's public page: its short address, what was public on a day, and what it never says again.

use jiff::SignedDuration;
use record::Value;

use crate::access::short_of;
use crate::people::{company, day, licence, officer, penalty, person, registration, with};
use crate::support::{House, Jar, main_of};

const FINE: &str = "佛禅市监处〔2026〕3号";
const LICENCE: &str = "佛禅食〔2026〕9号";

fn page_of(number: u32) -> String {
    format!("/organisations/{}", company(number).identifier.unwrap().value())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_short_address_stays_when_the_name_changes() {
    let house = House::new().await;
    let none = Jar::none();
    house.found(company(1)).await;
    let short = short_of(&house).await;
    assert_eq!(house.get(&none, &short).await.goes_to(), page_of(1));
    let mut renamed = company(1);
    renamed.name = "佛山市石湾新陶有限公司".into();
    let mut entry = with(registration(renamed), "status", Value::Text("存续".into()));
    entry.occurred = day("2026-11-20");
    house.append("chen", entry).await;
    let page = house.get(&none, &page_of(1)).await.page(200);
    assert!(
        page.contains("佛山市石湾新陶有限公司") && page.contains("存续"),
        "{page}"
    );
    assert_eq!(short_of(&house).await, short, "the same after a new name");
    assert_eq!(
        house.get(&none, &short.to_lowercase()).await.goes_to(),
        page_of(1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_address_leads_to_no_person_and_a_mistyped_one_nowhere() {
    let house = House::new().await;
    let none = Jar::none();
    house.found(company(1)).await;
    let own = house.found(person(1)).await;
    let short = short_of(&house).await;
    let mut slip = short.clone();
    slip.push('0');
    house.get(&none, &slip).await.page(404);
    // Every code of up to three letters: whatever it leads to is the company.
    let letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    for first in letters.chars().take(4) {
        for second in letters.chars() {
            let answer = house.get(&none, &format!("/o/{first}{second}")).await;
            let leads = answer.status.as_u16() == 303;
            assert!(!leads || answer.goes_to() == page_of(1), "/o/{first}{second}");
        }
    }
    assert!(house.looks(own).await.is_empty(), "and nobody was looked at");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_day_shows_what_was_public_and_still_is() {
    let house = House::new().await;
    let none = Jar::none();
    house.found(company(1)).await;
    house.append("chen", licence(company(1), LICENCE)).await;
    house.pass(SignedDuration::from_hours(24 * 3));
    let (submission, number) = house.append("chen", penalty(company(1), FINE)).await;
    house.pass(SignedDuration::from_hours(24 * 3));
    house
        .store
        .confirm(submission, &officer("lin"), None)
        .await
        .unwrap();
    house.pass(SignedDuration::from_hours(24));
    let at = async |on: &str| {
        let page = house
            .get(&none, &format!("{}?on={on}", page_of(1)))
            .await
            .page(200);
        // The history is of today, whatever day is asked about.
        let main = main_of(&page).to_owned();
        let (before, _) = main.split_once("id=\"history\"").unwrap();
        before.to_owned()
    };
    for (on, licence, fine) in [
        ("2026-11-22", false, false),
        ("2026-11-23", true, false),
        ("2026-11-27", true, false),
        ("2026-11-29", true, true),
        ("2026-11-30", true, true),
    ] {
        let page = at(on).await;
        assert_eq!(
            (page.contains(LICENCE), page.contains(FINE)),
            (licence, fine),
            "{on}"
        );
    }
    let data = house
        .get(&none, &format!("{}.json?on=2026-11-27", page_of(1)))
        .await
        .page(200);
    assert!(
        data.contains(LICENCE) && !data.contains(FINE),
        "data of the same day"
    );
    for wrong in ["2026-12-24", "yesterday"] {
        let page = house
            .get(&none, &format!("{}?on={wrong}", page_of(1)))
            .await
            .page(422);
        assert!(page.contains("请选今天或以前的一天"), "{wrong}");
    }
    // Taken back: no day brings it again, and of it only that something went.
    let lin = house.staff("lin").await;
    let withdraw = format!("/department/records/{number}/withdraw");
    let why = [("why", "处罚决定已依法撤销")];
    house.post(&lin, &withdraw, &why).await.goes_to();
    for on in ["2026-11-29", "2026-11-30", ""] {
        let page = house
            .get(&none, &format!("{}?on={on}", page_of(1)))
            .await
            .page(200);
        assert!(!page.contains(FINE) && !page.contains("依法撤销"), "{on}: {page}");
        let (_, history) = page.split_once("id=\"history\"").unwrap();
        assert!(
            history.contains("有信息停止公示") && history.contains("2026年11月30日"),
            "{on}"
        );
        assert!(!history.contains("处罚"), "not what it was");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_never_confirmed_leaves_no_trace() {
    let house = House::new().await;
    house.found(company(1)).await;
    let (_, number) = house.append("chen", penalty(company(1), FINE)).await;
    house.pass(SignedDuration::from_hours(24));
    let lin = house.staff("lin").await;
    let withdraw = format!("/department/records/{number}/withdraw");
    house
        .post(&lin, &withdraw, &[("why", "整条录错，重新报送")])
        .await
        .goes_to();
    let page = house.get(&Jar::none(), &page_of(1)).await.page(200);
    let (_, history) = page.split_once("<ol class=\"timeline\"").unwrap();
    assert!(
        !history.split("</ol>").next().unwrap().contains("停止公示"),
        "{page}"
    );
}

/// Every guide has its law from the rules in force, in both languages.
#[tokio::test(flavor = "multi_thread")]
async fn guides_say_how_long_and_by_which_law() {
    let house = House::new().await;
    let none = Jar::none();
    let all = house.get(&none, "/guide").await.page(200);
    for (topic, law) in [
        ("see", "个人信息保护法 第四十五条"),
        ("object", "征信业管理条例 第二十五条"),
        ("repair", "信用修复管理办法"),
        ("looks", "个人信息保护法 第五十条"),
        ("grade", "个人信息保护法 第二十四条"),
        ("restriction", "法释"),
        ("verify", "个人信息保护法"),
        ("mistaken", "个人信息保护法 第四十六条"),
    ] {
        assert!(all.contains(&format!("/guide/{topic}\"")), "{topic}");
        let page = house.get(&none, &format!("/guide/{topic}")).await.page(200);
        assert!(page.contains(law), "{topic}: {page}");
        let english = house
            .get(&none, &format!("/guide/{topic}?lang=en"))
            .await
            .page(200);
        assert!(english.contains("The rules, and the law"), "{topic}");
    }
    house.get(&none, "/guide/nothing").await.page(404);
}
