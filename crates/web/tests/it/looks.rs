//! Nobody's file is shown before the look is written, and the person sees who looked, why and in which case.

use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use store::Look;

use crate::access::objection_of;
use crate::counter::{BOTH, check};
use crate::people::{licence, penalty, person, resident, stray};
use crate::support::{Answer, House, Jar, main_of};

/// Runs a statement behind the store's back.
pub(crate) async fn sql(house: &House, text: &str) {
    let url = format!(
        "sqlite://{}",
        house.folder.path().join("data/xinlian.db").display()
    );
    let mut raw = SqliteConnection::connect(&url).await.unwrap();
    sqlx::query(AssertSqlSafe(text.to_owned()))
        .execute(&mut raw)
        .await
        .unwrap();
    raw.close().await.unwrap();
}

fn line(look: &Look) -> String {
    let dash = || "-".to_owned();
    format!(
        "{} {} {} {} {} {} · {}",
        look.viewer_kind,
        look.viewer,
        look.source.clone().unwrap_or_else(dash),
        look.door,
        look.purpose,
        look.case.clone().unwrap_or_else(dash),
        look.what
    )
}

/// One way to somebody's file: who goes it, the form if it is one, and the look that it leaves.
struct Way(Jar, String, Option<Form>, String);
type Form = &'static [(&'static str, &'static str)];

/// Every way to the file of person 1: a page or a form that opens it.
async fn ways(house: &House) -> Vec<Way> {
    house.found(person(1)).await;
    let mut ways = at_the_counter(house).await;
    ways.extend(at_the_department(house).await);
    ways.extend(at_home(house).await);
    ways
}

async fn at_the_counter(house: &House) -> Vec<Way> {
    let li = house.staff("li").await;
    let case = check(house, &li, 1, "hygiene-licence-renewal", "2026-1123-7").await;
    house.post(&li, &format!("{case}/consent"), &BOTH).await.goes_to();
    let leaves = "staff li nanzhuang.service-centre counter counter.service 2026-1123-7 · verdict hygiene-licence-renewal";
    let way = |of: &str, form| Way(li.clone(), format!("{case}{of}"), form, leaves.to_owned());
    vec![
        way("", None),
        way("/letter", None),
        way("/receipt", None),
        way("/consent", Some(&BOTH)),
    ]
}

async fn at_the_department(house: &House) -> Vec<Way> {
    let (chen, lin) = (house.staff("chen").await, house.staff("lin").await);
    let (submission, _) = house.append("chen", penalty(person(1), "处1")).await;
    let (_, stray) = house.append("chen", stray(1, "证9")).await;
    let link = format!("/department/unlinked/{stray}");
    let own = resident(1);
    let found = [("kind", "resident_id"), ("identifier", own.value())];
    house.post(&lin, &format!("{link}/find"), &found).await.goes_to();
    let leaves = |who: &str, what: &str| {
        format!("staff {who} chancheng.market department department.evidence chancheng.market{what}")
    };
    let evidence = |who: &str| leaves(who, &format!("#{submission} · records {submission}"));
    let confirm = format!("/department/confirm/{submission}");
    let of_link = leaves("lin", &format!("/{stray} · link {stray}"));
    let (_, contested) = house.append("chen", licence(person(1), "证1")).await;
    let subject = house.subject_of(1).await;
    let plea = objection_of(house, subject, contested).await;
    let of_own = leaves("lin", &format!("/{contested} · record {contested}"));
    let one = format!("/department/records/{contested}");
    let short: &[(&str, &str)] = &[("why", "短")];
    let answer = format!("/department/due/{plea}");
    let of_plea = leaves("lin", &format!("/{plea} · plea {contested}"));
    let other = house.found(person(2)).await;
    let others = resident(2);
    let pair = [
        ("kept_kind", "resident_id"),
        ("kept", own.value()),
        ("merged_kind", "resident_id"),
        ("merged", others.value()),
    ];
    house.post(&lin, "/department/merges/find", &pair).await.goes_to();
    let merge = "/department/merges/new".to_owned();
    let of_merge = leaves("lin", &format!("/{subject}-{other} · merge"));
    vec![
        Way(lin.clone(), merge.clone(), None, of_merge.clone()),
        Way(lin.clone(), merge, Some(&[("why", "短")]), of_merge),
        Way(lin.clone(), confirm.clone(), None, evidence("lin")),
        Way(chen, confirm.clone(), None, evidence("chen")),
        Way(lin.clone(), confirm, Some(&[]), evidence("lin")),
        Way(lin.clone(), link, None, of_link),
        Way(lin.clone(), one.clone(), None, of_own.clone()),
        Way(lin.clone(), format!("{one}/withdraw"), Some(short), of_own),
        Way(lin.clone(), answer.clone(), None, of_plea.clone()),
        Way(lin, answer, Some(&[("decision", "no"), ("why", "短")]), of_plea),
    ]
}

async fn at_home(house: &House) -> Vec<Way> {
    let own = house.person(house.subject_of(1).await).await;
    let (_, number) = house.append("chen", licence(person(1), "证1b")).await;
    let record = format!("/my/records/{number}");
    let way = |path: &str, form, what: &str| {
        let leaves = format!("self self - my own-file - · {what}");
        Way(own.clone(), path.to_owned(), form, leaves)
    };
    vec![
        way("/my", None, "file"),
        way("/my/looks", None, "looks"),
        way("/my/consents", None, "consents"),
        way(&record, None, &format!("record {number}")),
        way(&format!("{record}/repair"), None, &format!("repair {number}")),
        way(
            &format!("{record}/repair"),
            Some(&[("commitment", "yes")]),
            &format!("repair {number}"),
        ),
        way("/my/notice", Some(&[]), "file"),
        way(
            &format!("{record}/object"),
            Some(&[("ground", "短")]),
            &format!("record {number}"),
        ),
        way("/my/consents/7/revoke", Some(&[]), "consent 7"),
    ]
}

async fn go(house: &House, Way(jar, path, form, _): &Way) -> Answer {
    match form {
        Some(form) => house.post(jar, path, form).await,
        None => house.get(jar, path).await,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_to_a_file_leaves_its_look() {
    let house = House::new().await;
    let ways = ways(&house).await;
    let subject = house.subject_of(1).await;
    for way in ways {
        let before = house.looks(subject).await.len();
        go(&house, &way).await;
        let after: Vec<String> = house.looks(subject).await[before..].iter().map(line).collect();
        assert_eq!(after, [way.3], "{}", way.1);
    }
}

/// The look comes first: where it cannot be written, nothing is shown and nothing is done.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_look_nothing_is_shown() {
    let house = House::new().await;
    let ways = ways(&house).await;
    sql(
        &house,
        "CREATE TRIGGER no_looks BEFORE INSERT ON look BEGIN SELECT RAISE(ABORT, 'no room'); END",
    )
    .await;
    let size = house.store.tree_size().await.unwrap();
    for way in &ways {
        let page = go(&house, way).await.page(500);
        for secret in [
            &person(1).name,
            "罗*",
            resident(1).value(),
            &resident(1).masked(),
            "处1",
            "证1",
            "no room",
            "look",
        ] {
            assert!(
                !main_of(&page).contains(secret),
                "{} shows `{secret}`: {page}",
                way.1
            );
        }
    }
    assert_eq!(house.store.tree_size().await.unwrap(), size, "nothing was done");
    // It is the look that was wanting: with it, each page is there.
    sql(&house, "DROP TRIGGER no_looks").await;
    for way in ways.iter().filter(|way| way.2.is_none()) {
        assert_eq!(go(&house, way).await.status, 200, "{}", way.1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_person_sees_who_looked_why_and_in_which_case() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let other = house.found(person(2)).await;
    let li = house.staff("li").await;
    let case = check(&house, &li, 1, "hygiene-licence-renewal", "2026-1123-7").await;
    for _ in 0..3 {
        house.get(&li, &case).await.page(200);
    }
    let (submission, _) = house.append("chen", penalty(person(1), "处1")).await;
    house
        .get(
            &house.staff("lin").await,
            &format!("/department/confirm/{submission}"),
        )
        .await
        .page(200);
    let own = house.person(subject).await;
    for path in ["/my/looks", "/my"] {
        let page = house.get(&own, path).await.page(200);
        let main = main_of(&page);
        for said in [
            "南庄镇行政服务中心",
            "窗口办事",
            "2026-1123-7",
            "公共场所卫生许可证延续",
            "3 次",
        ] {
            assert!(main.contains(said), "{path} does not say `{said}`: {main}");
        }
        for said in [
            "禅城区市场监督管理局",
            "归集部门核对",
            &format!("批次 {submission} 的证据"),
        ] {
            assert!(main.contains(said), "{path} does not say `{said}`: {main}");
        }
        assert!(!main.contains("您本人"), "one's own are not among them: {main}");
    }
    assert!(main_of(&house.get(&own, "/my/looks?own=1").await.page(200)).contains("您本人"));
    let page = house.get(&house.person(other).await, "/my/looks").await.page(200);
    assert!(!page.contains("2026-1123-7") && !page.contains("批次"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clerks_ledger_has_each_case_once_and_only_the_clerks() {
    let house = House::new().await;
    house.found(person(1)).await;
    let (li, mo) = (house.staff("li").await, house.staff("mo").await);
    for (clerk, number) in [(&li, "2026-1123-7"), (&li, "2026-1123-8"), (&mo, "2026-1123-9")] {
        let case = check(&house, clerk, 1, "elder-card", number).await;
        house.get(clerk, &case).await.page(200);
        house.get(clerk, &case).await.page(200);
    }
    let page = house.get(&li, "/counter/ledger").await.page(200);
    let main = main_of(&page);
    for (number, times) in [("2026-1123-7", 1), ("2026-1123-8", 1), ("2026-1123-9", 0)] {
        assert_eq!(main.matches(number).count(), times, "{number}: {main}");
    }
    assert!(!main.contains(&person(1).name) && !main.contains(resident(1).value()));
    // Yesterday's is not today's.
    house.pass(jiff::SignedDuration::from_hours(24));
    let li = house.staff("li").await;
    assert!(
        !house
            .get(&li, "/counter/ledger")
            .await
            .page(200)
            .contains("2026-1123-7")
    );
}

/// A whole number is shown once it was said what for; that is a look, which the person reads.
#[tokio::test(flavor = "multi_thread")]
async fn a_whole_identifier_is_a_look_of_its_own() {
    let house = House::new().await;
    let own = house.found(person(1)).await;
    let (_, number) = house.append("chen", licence(person(1), "证1")).await;
    let whole = resident(1).value().to_owned();
    let lin = house.staff("lin").await;
    let record = format!("/department/records/{number}");
    let page = house.get(&lin, &record).await.page(200);
    assert!(!page.contains(&whole) && page.contains("/reveal\""), "{page}");
    let reveal = format!("{record}/reveal");
    for wrong in [&[][..], &[("purpose", "curious")]] {
        let refused = house.post(&lin, &reveal, wrong).await.page(422);
        assert!(
            !refused.contains(&whole) && refused.contains("请选择用途"),
            "{refused}"
        );
    }
    let before = house.looks(own).await.len();
    let shown = house.post(&lin, &reveal, &[("purpose", "compare")]).await;
    assert!(shown.page(200).contains(&whole));
    assert_eq!(shown.header("cache-control"), "no-store");
    let looks = house.looks(own).await;
    assert_eq!(looks.len(), before + 1);
    assert_eq!(looks.last().unwrap().what, format!("identifier compare {number}"));
    let me = house.person(own).await;
    let mine = house.get(&me, "/my/looks").await.page(200);
    assert!(mine.contains("证件号码全文：与原件核对"), "{mine}");
    let zhou = house.staff("zhou").await;
    house
        .post(&zhou, &reveal, &[("purpose", "compare")])
        .await
        .page(404);
}
