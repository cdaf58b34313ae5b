//! The counter: a verdict with its clause, never a grade.

use assess::{Letter, Rating};
use jiff::SignedDuration;
use record::{Date, Record, SubjectId, Value};

use crate::people::{documented, officer, person, record, resident, with};
use crate::support::{House, Jar, assessment, main_of};

const SERVICE: &str = "hygiene-licence-renewal";
/// Everything at the core of the service: what is missing may follow later.
const CORE: [(&str, &str); 2] = [("in_hand", "application"), ("in_hand", "inspection-report")];
pub(crate) const BOTH: [(&str, &str); 2] = [("told", "yes"), ("agreed", "yes")];

/// Checks a person at the counter, with the core of the materials on the desk; the case's address.
pub(crate) async fn check(house: &House, clerk: &Jar, sequence: u16, service: &str, case: &str) -> String {
    let resident = resident(sequence);
    let form = [
        ("identifier", resident.value()),
        ("kind", "resident_id"),
        ("service", service),
        ("case", case),
    ];
    let address = house
        .post(clerk, "/counter/check", &form)
        .await
        .goes_to()
        .to_owned();
    assert_eq!(house.post(clerk, &address, &CORE).await.goes_to(), address);
    address
}

/// The verdict's box.
fn verdict(page: &str) -> &str {
    let (_, from) = page.split_once(r#"role="status"><strong>"#).expect(page);
    from.split_once("</div>").unwrap().0
}

/// A page's text without tags.
fn words(page: &str) -> String {
    let pieces = main_of(page)
        .split('<')
        .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    pieces.collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn without_consent_the_ordinary_path_and_nothing_written() {
    let house = House::new().await;
    house.found(person(1)).await;
    let li = house.staff("li").await;
    let before = house.store.tree_size().await.unwrap();
    let address = check(&house, &li, 1, SERVICE, "2026-1123-7").await;
    let page = house.get(&li, &address).await.page(200);
    assert!(verdict(&page).contains("按普通流程办理"), "{page}");
    assert!(
        page.contains(r#"name="agreed""#) && page.contains(r#"name="told""#),
        "{page}"
    );
    assert!(!page.contains(&format!("{address}/receipt")));
    house.get(&li, &format!("{address}/receipt")).await.page(404);
    for half in [
        &[][..],
        &BOTH[..1],
        &BOTH[1..],
        &[("told", "no"), ("agreed", "yes")],
    ] {
        let page = house
            .post(&li, &format!("{address}/consent"), half)
            .await
            .page(422);
        assert!(verdict(&page).contains("按普通流程办理"), "{half:?}");
    }
    assert_eq!(
        house.store.tree_size().await.unwrap(),
        before,
        "who does not agree leaves no trace"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn with_notice_and_consent_what_is_missing_may_follow() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let li = house.staff("li").await;
    let before = house.store.tree_size().await.unwrap();
    let address = check(&house, &li, 1, SERVICE, "2026-1123-7").await;
    let agreed = house.post(&li, &format!("{address}/consent"), &BOTH).await;
    let consent = before.0 + 1;
    assert_eq!(agreed.goes_to(), format!("{address}?done=consent&n={consent}"));
    assert_eq!(
        house.store.tree_size().await.unwrap().0,
        before.0 + 2,
        "the notice and the consent"
    );
    let page = house.get(&li, agreed.goes_to()).await.page(200);
    assert!(verdict(&page).contains("可容缺受理：今天受理"), "{page}");
    // Ten working days for the old licence; the letter of authority has five.
    assert!(verdict(&page).contains("2026年12月7日"), "{page}");
    assert!(page.contains("2026年11月30日"), "{page}");
    assert!(
        verdict(&page).contains("services.hygiene-licence-renewal.trust"),
        "the clause: {}",
        verdict(&page)
    );
    assert!(!page.contains(r#"name="agreed""#), "asked once");
    // Sent twice, it is one consent.
    let again = house.post(&li, &format!("{address}/consent"), &BOTH).await;
    assert_eq!(again.goes_to(), format!("{address}?done=consent&n={consent}"));
    assert_eq!(house.store.tree_size().await.unwrap().0, before.0 + 2);
    let receipt = house.get(&li, &format!("{address}/receipt")).await.page(200);
    assert!(main_of(&receipt).contains(&format!(">{consent}<")), "{receipt}");
    let letter = house.get(&li, &format!("{address}/letter")).await.page(200);
    assert!(
        letter.contains("2026-1123-7") && letter.contains("可容缺受理"),
        "{letter}"
    );
    let held = house
        .get(&house.person(subject).await, "/my/consents")
        .await
        .page(200);
    assert!(held.contains(&format!("/my/consents/{consent}/revoke")), "{held}");
    // The consent is for this service: another asks anew, or does not need it.
    let other = check(&house, &li, 1, "elder-card", "2026-1123-8").await;
    assert!(
        !house
            .get(&li, &other)
            .await
            .page(200)
            .contains(&format!("{other}/receipt"))
    );
}

/// Two persons with different grades and one verdict: the counter cannot tell them apart.
#[tokio::test(flavor = "multi_thread")]
async fn the_answer_holds_neither_letter_nor_points() {
    let house = House::new().await;
    let (low, high) = (house.found(person(1)).await, house.found(person(2)).await);
    for year in 2018..2026 {
        let insured = months("foshan.hrss", "person.social-insurance", year);
        house.append("zhou", insured).await;
        let saved = months("foshan.housing-fund", "person.housing-fund", year);
        house.append("zhou", saved).await;
    }
    let title = documented("foshan.hrss", "person.qualification", person(2), "佛人社职1号");
    let title = with(title, "title", Value::Text("工程师".into()));
    house
        .append("zhou", with(title, "level", Value::Text("中级".into())))
        .await;
    let li = house.staff("li").await;
    let mut seen: Vec<Vec<String>> = Vec::new();
    for sequence in [1, 2] {
        let address = check(&house, &li, sequence, SERVICE, "2026-1123-7").await;
        house
            .post(&li, &format!("{address}/consent"), &BOTH)
            .await
            .goes_to();
        let mut pages = Vec::new();
        for path in [
            address.clone(),
            format!("{address}/letter"),
            format!("{address}/receipt"),
            "/counter".into(),
            "/counter/ledger".into(),
        ] {
            for lang in ["zh", "en"] {
                pages.push(house.get(&li, &format!("{path}?lang={lang}")).await.page(200));
            }
        }
        let grade = grade(&house, if sequence == 1 { low } else { high }).await;
        for page in &pages {
            let words = words(page);
            let tokens: Vec<&str> = words
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '.')
                .collect();
            for secret in ["A", "B", "C", "D", &grade.1.to_string()] {
                assert!(!tokens.contains(&secret), "`{secret}` stands on\n{words}");
            }
            assert!(!words.contains("points") && !words.contains("得分"), "{words}");
        }
        let plain = |page: &String| {
            page.replace(&address, "HERE")
                .replace(|c: char| c.is_ascii_digit(), "")
        };
        // What differs in a receipt or ledger is the seal and who was there before.
        seen.push(pages.iter().take(4).map(plain).collect());
    }
    assert_ne!(
        grade(&house, low).await.0,
        grade(&house, high).await.0,
        "else this shows nothing"
    );
    assert_eq!(seen[0], seen[1]);
}

/// A year of insurance or fund, paid in full by the second person.
fn months(from: &str, item: &str, year: i16) -> Record {
    let day = |text: String| text.parse::<Date>().unwrap();
    let mut paid = record(from, item, person(2));
    paid.occurred = day(format!("{year}-12-31"));
    let paid = with(paid, "months", Value::Integer(12));
    let paid = with(paid, "period_from", Value::Date(day(format!("{year}-01-01"))));
    with(paid, "period_to", Value::Date(day(format!("{year}-12-31"))))
}

async fn grade(house: &House, subject: SubjectId) -> (Letter, i32) {
    match assessment(house, subject).await.rating {
        Rating::Rated(grade) => (grade.letter, grade.points),
        Rating::NotRated(why) => panic!("{why:?}"),
    }
}

/// Whose grade opens nothing is answered as one who did not consent is, and no worse (guard 1).
#[tokio::test(flavor = "multi_thread")]
async fn a_low_grade_is_the_ordinary_path_and_no_worse() {
    let house = House::new().await;
    house.found(person(1)).await;
    house.found(person(2)).await;
    let breach = documented(
        "zumiao.service-centre",
        "commitment.breach",
        person(2),
        "祖庙政务认1号",
    );
    let breach = with(
        breach,
        "service",
        Value::Text("告知承诺制办理食品经营许可".into()),
    );
    let (submission, _) = house.append("chen", breach).await;
    house
        .store
        .confirm(submission, &officer("lin"), None)
        .await
        .unwrap();
    let li = house.staff("li").await;
    let ordinary = check(&house, &li, 1, SERVICE, "2026-1123-7").await;
    let ordinary = house.get(&li, &ordinary).await.page(200);
    let barred = check(&house, &li, 2, SERVICE, "2026-1123-7").await;
    house
        .post(&li, &format!("{barred}/consent"), &BOTH)
        .await
        .goes_to();
    let barred = house.get(&li, &barred).await.page(200);
    let text = |page: &str| {
        let verdict = verdict(page);
        verdict.split_once("<small>").unwrap().0.to_owned()
    };
    assert_eq!(text(&barred), text(&ordinary));
    assert!(
        !barred.contains("虚假"),
        "the counter is not told what stands against a person"
    );
    let materials = |page: &str| {
        let (_, from) = page.split_once(r#"<ul class="check">"#).unwrap();
        from.split_once("</ul>")
            .unwrap()
            .0
            .replace(|c: char| c.is_ascii_digit(), "")
    };
    assert_eq!(materials(&barred), materials(&ordinary));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_form_lacks_is_said_and_nobody_is_looked_at() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let li = house.staff("li").await;
    let resident = resident(1);
    let whole = [
        ("identifier", resident.value()),
        ("kind", "resident_id"),
        ("service", SERVICE),
        ("case", "2026-1"),
    ];
    for (field, value) in [
        ("identifier", "440604198001010000"),
        ("identifier", ""),
        ("service", "no-such"),
        ("case", ""),
    ] {
        let form = whole.map(|(name, good)| (name, if name == field { value } else { good }));
        let page = house.post(&li, "/counter/check", &form).await.page(422);
        assert!(page.contains(&format!(r##"href="#{field}""##)), "{field}: {page}");
    }
    assert!(house.looks(subject).await.is_empty());
    // An unknown number is answered as one without a file is: by the ordinary path.
    let stranger = crate::people::resident(9);
    let form = whole.map(|(name, good)| {
        (
            name,
            if name == "identifier" {
                stranger.value()
            } else {
                good
            },
        )
    });
    let page = house.post(&li, "/counter/check", &form).await.page(200);
    assert!(verdict(&page).starts_with("按普通"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_applicant_is_masked_and_the_case_ends() {
    let house = House::new().await;
    house.found(person(1)).await;
    let li = house.staff("li").await;
    let address = check(&house, &li, 1, SERVICE, "2026-1123-7").await;
    house
        .post(&li, &format!("{address}/consent"), &BOTH)
        .await
        .goes_to();
    for path in [
        address.clone(),
        format!("{address}/letter"),
        format!("{address}/receipt"),
    ] {
        let page = house.get(&li, &path).await.page(200);
        assert!(
            !page.contains(resident(1).value()) && !page.contains(&person(1).name),
            "{path}"
        );
        assert!(page.contains(&resident(1).masked()), "{path}");
    }
    house.pass(SignedDuration::from_mins(50));
    assert_eq!(house.get(&li, &address).await.status, 200);
    let later = house.staff("li").await;
    assert_eq!(
        house.get(&later, &address).await.goes_to(),
        "/counter",
        "another session of the same clerk"
    );
    house.post(&li, "/sign-out", &[]).await.goes_to();
    let again = house.staff("li").await;
    assert_eq!(house.get(&again, &address).await.goes_to(), "/counter");
}
