//! Signing in and out, and the demo's own door.

use jiff::SignedDuration;
use record::Realm;

use crate::looks::sql;
use crate::people::person;
use crate::stock::PASSWORD;
use crate::support::{Answer, House, Jar, Kind, main_of};

async fn enter(house: &House, jar: &Jar, name: &str, password: &str, code: &str) -> Answer {
    let form = [("name", name), ("password", password), ("code", code)];
    house.post(jar, "/sign-in", &form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_and_code_open_the_right_desk() {
    let house = House::new().await;
    for (name, home) in [
        ("chen", "/department"),
        ("li", "/counter"),
        ("  LIN ", "/department"),
    ] {
        let entered = enter(&house, &Jar::none(), name, PASSWORD, &house.code()).await;
        assert_eq!(entered.goes_to(), home);
        let mut jar = Jar::none();
        jar.keep(&entered);
        assert_eq!(house.get(&jar, home).await.status, 200, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_comes_back_to_where_one_was_going_but_never_elsewhere() {
    let house = House::new().await;
    let asked = house.get(&Jar::none(), "/department/submissions?page=2").await;
    let to = asked.goes_to().to_owned();
    assert_eq!(to, "/sign-in?next=%2Fdepartment%2Fsubmissions%3Fpage%3D2");
    let form = house.get(&Jar::none(), &to).await.page(200);
    assert!(
        form.contains(r#"name="next" value="/department/submissions?page=2""#),
        "{form}"
    );
    let steps = [
        ("/department/submissions?page=2", "/department/submissions?page=2"),
        ("//evil.example", "/department"),
        ("https://evil.example/", "/department"),
        ("/\\evil.example", "/department"),
    ];
    for (next, expect) in steps {
        house.pass(SignedDuration::from_secs(30));
        let code = house.code();
        let form = [
            ("name", "chen"),
            ("password", PASSWORD),
            ("code", &code),
            ("next", next),
        ];
        let entered = house.post(&Jar::none(), "/sign-in", &form).await;
        assert_eq!(entered.goes_to(), expect);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_which_part_was_wrong() {
    let house = House::new().await;
    let right = house.code();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let mut pages = Vec::new();
    for (name, password, code) in [
        ("chen", "another password", right.as_str()),
        ("chen", PASSWORD, wrong),
        ("chen", "another password", wrong),
        ("chan", PASSWORD, right.as_str()),
        ("not a name!", PASSWORD, right.as_str()),
    ] {
        let refused = enter(&house, &Jar::none(), name, password, code).await;
        assert_eq!(refused.cookies(), Vec::<&str>::new());
        let page = refused.page(422);
        assert!(
            !page.contains(password) && !page.contains(code),
            "a secret is shown again"
        );
        pages.push(main_of(&page).replace(&format!(r#"value="{name}""#), ""));
    }
    for page in &pages {
        assert_eq!(page, &pages[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_once() {
    let house = House::new().await;
    let code = house.code();
    assert_eq!(
        enter(&house, &Jar::none(), "chen", PASSWORD, &code)
            .await
            .goes_to(),
        "/department"
    );
    enter(&house, &Jar::none(), "chen", PASSWORD, &code)
        .await
        .page(422);
    house.pass(SignedDuration::from_secs(30));
    enter(&house, &Jar::none(), "chen", PASSWORD, &code)
        .await
        .page(422);
    let next = house.code();
    assert_eq!(
        enter(&house, &Jar::none(), "chen", PASSWORD, &next)
            .await
            .goes_to(),
        "/department"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn five_failures_close_a_name_for_a_quarter_of_an_hour() {
    let house = House::new().await;
    for _ in 0..5 {
        enter(&house, &Jar::none(), "chen", "another password", &house.code())
            .await
            .page(422);
    }
    enter(&house, &Jar::none(), "chen", PASSWORD, &house.code())
        .await
        .page(429);
    enter(&house, &Jar::none(), " CHEN", PASSWORD, &house.code())
        .await
        .page(429);
    let lin = enter(&house, &Jar::none(), "lin", PASSWORD, &house.code()).await;
    assert_eq!(lin.goes_to(), "/department", "another name is open");
    house.pass(SignedDuration::from_mins(14));
    enter(&house, &Jar::none(), "chen", PASSWORD, &house.code())
        .await
        .page(429);
    house.pass(SignedDuration::from_mins(2));
    let chen = enter(&house, &Jar::none(), "chen", PASSWORD, &house.code()).await;
    assert_eq!(chen.goes_to(), "/department");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_one_says_so_or_the_day_is_over() {
    let house = House::new().await;
    let mut jar = Jar::none();
    jar.keep(&enter(&house, &jar, "chen", PASSWORD, &house.code()).await);
    let copied = jar.clone();
    let left = house.post(&jar, "/sign-out", &[]).await;
    jar.keep(&left);
    assert_eq!(jar.0.get("xl_session"), None, "the cookie goes");
    let back = house.get(&copied, "/department").await;
    assert!(
        back.goes_to().starts_with("/sign-in"),
        "the session went too, not the cookie alone"
    );

    house.pass(SignedDuration::from_secs(30));
    jar.keep(&enter(&house, &jar, "chen", PASSWORD, &house.code()).await);
    house.pass(SignedDuration::from_hours(9) - SignedDuration::from_secs(1));
    assert_eq!(house.get(&jar, "/department").await.status, 200);
    house.pass(SignedDuration::from_secs(2));
    assert!(
        house
            .get(&jar, "/department")
            .await
            .goes_to()
            .starts_with("/sign-in")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_there_before_ends_with_signing_in() {
    let house = House::new().await;
    let before = house.staff("zhou").await;
    let mut after = before.clone();
    after.keep(&enter(&house, &before, "chen", PASSWORD, &house.code()).await);
    assert_ne!(before.0["xl_session"], after.0["xl_session"]);
    assert!(
        house
            .get(&before, "/department")
            .await
            .goes_to()
            .starts_with("/sign-in")
    );
    assert_eq!(house.get(&after, "/department").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_let_go_is_nobody_at_once() {
    let house = House::new().await;
    let chen = house.staff("chen").await;
    assert_eq!(house.get(&chen, "/department").await.status, 200);
    sql(&house, "UPDATE staff SET disabled = 1 WHERE officer = 'chen'").await;
    let gone = house.get(&chen, "/department").await;
    assert!(gone.goes_to().starts_with("/sign-in"));
    enter(&house, &Jar::none(), "chen", PASSWORD, &house.code())
        .await
        .page(422);
    let lin = house.staff("lin").await;
    assert_eq!(house.get(&lin, "/department").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_made_up_session_is_nobody() {
    let house = House::new().await;
    for token in ["", "x", &"0".repeat(64), "chen", "' OR 1=1 --"] {
        let jar = Jar([("xl_session".to_owned(), token.to_owned())].into());
        assert!(
            house
                .get(&jar, "/department")
                .await
                .goes_to()
                .starts_with("/sign-in"),
            "{token}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demos_door_lets_in_its_own_people_only() {
    let house = House::new().await;
    house.found(person(1)).await;
    let enter = async |form: &[(&str, &str)]| house.post(&Jar::none(), "/demo/enter", form).await;
    let entered = enter(&[("person", "0")]).await;
    assert_eq!(entered.goes_to(), "/my");
    let mut jar = Jar::none();
    jar.keep(&entered);
    assert_eq!(house.get(&jar, "/my").await.status, 200);
    assert_eq!(enter(&[("staff", "chen")]).await.goes_to(), "/department");
    enter(&[("person", "1")]).await.page(404);
    let stranger = enter(&[("staff", "lin")]).await;
    assert_eq!(stranger.goes_to(), "/demo", "lin is staff, but not of the guide");
    assert!(stranger.cookies().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_a_demo_there_is_no_demo_door() {
    for (realm, guide) in [(Realm::Live, true), (Realm::Live, false), (Realm::Demo, false)] {
        let house = House::of(Kind {
            realm,
            secure: true,
            guide,
        })
        .await;
        for form in [[("person", "0")], [("staff", "chen")]] {
            let refused = house.post(&Jar::none(), "/demo/enter", &form).await;
            assert!(refused.cookies().is_empty());
            refused.page(404);
        }
        let page = house.get(&Jar::none(), "/demo").await.page(404);
        assert!(!page.contains(PASSWORD));
    }
}
