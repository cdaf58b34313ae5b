//! A representative whom the register's file cannot name: two officers of the register name them, and until the second has confirmed it, nothing
//! opens.

use record::{Identifier, IdentifierKind, Realm, Stated, SubjectId, SubjectKind};

use crate::people::{company, person};
use crate::support::{Answer, House, Jar, main_of};

const LIST: &str = "/department/representatives";
const NAME: &str = "玛丽亚·陈";
const PASSPORT: &str = "E12345678";

/// A person with foreign papers.
fn maria() -> Stated {
    let (identifier, _) = Identifier::parse(IdentifierKind::Passport, PASSPORT, Realm::Demo).unwrap();
    Stated {
        kind: SubjectKind::Person,
        name: NAME.into(),
        identifier: Some(identifier),
    }
}

struct Desk {
    house: House,
    organisation: SubjectId,
    maria: SubjectId,
}

impl Desk {
    async fn new() -> Self {
        let house = House::new().await;
        Self {
            organisation: house.found(company(1)).await,
            maria: house.found(maria()).await,
            house,
        }
    }

    async fn find(&self, jar: &Jar, number: &str, name: &str) -> Answer {
        let uscc = company(1).identifier.unwrap();
        let form = [
            ("uscc", uscc.value()),
            ("kind", "passport"),
            ("number", number),
            ("name", name),
        ];
        self.house.post(jar, &format!("{LIST}/find"), &form).await
    }

    /// What `chen` names, by its address.
    async fn named(&self) -> String {
        let chen = self.house.staff("chen").await;
        self.find(&chen, PASSPORT, NAME).await.goes_to();
        let why = [("why", "护照和登记档案里的任命书已当面核对")];
        let done = self.house.post(&chen, &format!("{LIST}/new"), &why).await;
        assert_eq!(done.goes_to(), format!("{LIST}?done=naming-propose"));
        let market = crate::people::source("chancheng.market");
        let namings = self.house.store.namings(&market).await.unwrap();
        format!("{LIST}/{}", namings[0].number)
    }
}

fn company_desk() -> String {
    format!("/company/{}", company(1).identifier.unwrap().value())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_names_does_not_confirm_and_the_desk_shows_what_waits() {
    let desk = Desk::new().await;
    let house = &desk.house;
    let own = house.person(desk.maria).await;
    let naming = desk.named().await;
    assert_eq!(house.get(&own, &company_desk()).await.status.as_u16(), 403);

    // The first officer reads that a colleague must, and is refused who tries all the same.
    let chen = house.staff("chen").await;
    let page = house.get(&chen, &naming).await.page(200);
    assert!(main_of(&page).contains("需由同事确认"), "{page}");
    let confirms = format!("action=\"{naming}/confirm\"");
    assert!(!page.contains(&confirms), "no button to confirm: {page}");
    let refused = house.post(&chen, &format!("{naming}/confirm"), &[]).await;
    assert!(refused.page(409).contains("需由同事确认"));
    let home = house.get(&chen, "/department").await.page(200);
    assert!(!main_of(&home).contains("待确认的法定代表人"), "{home}");

    // The second one finds it among what is due; both files are looked at before they are shown.
    let lin = house.staff("lin").await;
    let home = house.get(&lin, "/department").await.page(200);
    assert!(main_of(&home).contains("待确认的法定代表人"), "{home}");
    let list = house.get(&lin, &format!("{LIST}?state=proposed")).await.page(200);
    assert!(list.contains(&naming) && !list.contains(NAME), "{list}");
    let before = house.looks(desk.maria).await.len();
    let page = house.get(&lin, &naming).await.page(200);
    assert!(page.contains("护照和登记档案里的任命书"), "what shows it: {page}");
    assert!(!page.contains(NAME) && !page.contains(PASSPORT), "masked: {page}");
    assert_eq!(house.looks(desk.maria).await.len(), before + 1);
    assert!(!house.looks(desk.organisation).await.is_empty());
    let done = house.post(&lin, &format!("{naming}/confirm"), &[]).await;
    assert_eq!(done.goes_to(), format!("{LIST}?done=naming-confirm"));

    let page = house.get(&own, &company_desk()).await.page(200);
    assert!(page.contains(&company(1).name), "{page}");
    let agents = house.get(&own, &format!("{}/agents", company_desk())).await;
    assert!(agents.page(200).contains("玛***"), "by its own records");
    // Both read in words what the officers looked at.
    let looks = house.get(&own, "/my/looks").await.page(200);
    assert!(looks.contains("谁是法定代表人"), "{looks}");

    let why = [("why", "登记机关已经更正了任命")];
    let back = house.post(&chen, &format!("{naming}/take-back"), &why).await;
    assert_eq!(back.goes_to(), format!("{LIST}?done=naming-take-back"));
    assert_eq!(house.get(&own, &company_desk()).await.status.as_u16(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_not_of_this_number_finds_nobody_and_opens_nothing() {
    let desk = Desk::new().await;
    let chen = desk.house.staff("chen").await;
    for (number, name, says) in [
        (PASSPORT, "陈大文", "没有号码和姓名都相符的人"),
        ("E99999999", NAME, "没有号码和姓名都相符的人"),
        (PASSPORT, "", "没有号码和姓名都相符的人"),
    ] {
        let page = desk.find(&chen, number, name).await.page(422);
        assert!(main_of(&page).contains(says), "{number} {name}: {page}");
    }
    assert!(desk.house.looks(desk.maria).await.is_empty());
    // Nothing was found: there is nobody to name.
    let new = desk.house.get(&chen, &format!("{LIST}/new")).await;
    assert_eq!(new.goes_to(), LIST);
    // A second naming of the same company waits for the first.
    let naming = desk.named().await;
    let other = desk.house.found(person(2)).await;
    let number = crate::people::resident(2);
    let uscc = company(1).identifier.unwrap();
    let form = [
        ("uscc", uscc.value()),
        ("kind", "resident_id"),
        ("number", number.value()),
        ("name", &person(2).name),
    ];
    desk.house
        .post(&chen, &format!("{LIST}/find"), &form)
        .await
        .goes_to();
    let why = [("why", "任命书已经当面核对过")];
    let again = desk.house.post(&chen, &format!("{LIST}/new"), &why).await;
    again.page(409);
    assert_eq!(
        desk.house.looks(other).await.len(),
        1,
        "the look is written first"
    );
    desk.house
        .post(&chen, &format!("{naming}/take-back"), &why)
        .await
        .goes_to();
    desk.house
        .post(&chen, &format!("{LIST}/new"), &why)
        .await
        .goes_to();
}
