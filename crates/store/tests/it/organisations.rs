//! The public search: organisations by name, code or document number, and never a person.

use record::{ItemCode, Record, Stated, SubjectKind};
use store::{OrganisationHit, Page, Paged, Store, StoreError};

use crate::support::*;

on_both! {
    by_a_part_of_the_name
    however_it_is_typed
    wildcards_are_plain_characters
    by_the_code
    by_a_published_document
    a_document_follows_its_record
    page_by_page
    a_new_name_takes_the_place_of_the_old
    a_person_is_never_found
    a_sole_trader_by_its_own_code_only
    a_long_text_is_refused
    many_files_are_what_each_is
}

/// With acts, a merge, a hand-in taken back and a person among them.
async fn many_files_are_what_each_is(home: &Home) {
    let store = home.create().await;
    let person_found = found(&store, person(1)).await;
    let mut firms = Vec::new();
    for number in 1..=3 {
        firms.push(found(&store, company(number, &format!("佛山市南庄餐饮{number}店"))).await);
    }
    let merged = append_one(&store, registration(company(4, "佛山市南庄餐饮1店旧照"))).await;
    let market = record::SourceCode::new("chancheng.market").unwrap();
    let firm = |number: u32| company(number, &format!("佛山市南庄餐饮{number}店"));
    let (confirmed, _) = hand_in_by(
        &store,
        "chen",
        &[penalty(firm(1), "处1"), penalty(firm(2), "处2")],
    )
    .await;
    store
        .confirm(confirmed, &officer("lin"), Some(&market))
        .await
        .unwrap();
    let withdrawn = append_one(&store, licence(firm(3), "证3")).await;
    let why = "报错了年度，已核对";
    store
        .withdraw(withdrawn, &officer("chen"), &market, why)
        .await
        .unwrap();
    let own = own_permit(&store, firms[1]).await;
    let contested = file(&store, firms[1]).await.records.last().unwrap().number();
    let ground = store::ObjectionGround::new("这张罚单不是我们的").unwrap();
    store.object(&own, contested, &ground).await.unwrap();
    let merged = record::SubjectId(merged.0);
    merge(&store, "chancheng.market", firms[0], merged).await;

    let mut asked = firms.clone();
    asked.extend([person_found, merged, record::SubjectId(9_999)]);
    let many = store.public_files(&asked).await.unwrap();
    assert_eq!(many.len(), 4, "neither the person nor nobody");
    assert_eq!(many[&merged].subject, firms[0], "the file that it is in");
    for (subject, file) in &many {
        let one = store.public_file(*subject).await.unwrap();
        assert_eq!(format!("{file:?}"), format!("{one:?}"));
    }
}

async fn search(store: &Store, text: &str) -> Paged<OrganisationHit> {
    store.search_organisations(text, Page::new(1, 10)).await.unwrap()
}

/// The names found, in order.
async fn names(store: &Store, text: &str) -> Vec<String> {
    let found = search(store, text).await;
    assert_eq!(found.total, found.rows.len() as u64, "all on one page");
    found.rows.into_iter().map(|hit| hit.name).collect()
}

async fn by_a_part_of_the_name(home: &Home) {
    let store = home.create().await;
    let firm = company(1, "佛山市南庄餐饮有限公司");
    let subject = found(&store, firm.clone()).await;
    found(&store, company(2, "佛山市张槎五金厂")).await;
    for text in ["佛山市南庄餐饮有限公司", "佛山市南庄", "南庄餐饮", "有限公司"] {
        assert_eq!(names(&store, text).await, [firm.name.as_str()], "{text}");
    }
    assert_eq!(names(&store, "佛山").await.len(), 2);
    let hit = search(&store, "南庄").await.rows.remove(0);
    let expected = OrganisationHit {
        subject,
        kind: "organisation".into(),
        name: firm.name.clone(),
        uscc: firm.identifier.unwrap().value().to_owned(),
    };
    assert_eq!(hit, expected);
    for text in ["餐饮南庄", "祖庙"] {
        let none = search(&store, text).await;
        assert_eq!((none.rows.len(), none.total, none.pages), (0, 0, 1), "{text}");
    }
}

async fn however_it_is_typed(home: &Home) {
    let store = home.create().await;
    found(&store, company(1, "ＡＢＣ８（佛山）科技有限公司")).await;
    found(&store, company(2, "xyz(禅城) 科技有限公司")).await;
    for text in ["ABC8", "abc8", "ａｂｃ８", " ＡＢＣ 8（佛山", "8(佛山)科技"] {
        assert_eq!(
            names(&store, text).await,
            ["ＡＢＣ８（佛山）科技有限公司"],
            "{text}"
        );
    }
    for text in ["XYZ（禅城）科技", "ｘｙｚ　(禅城)"] {
        assert_eq!(names(&store, text).await, ["xyz(禅城) 科技有限公司"], "{text}");
    }
}

async fn wildcards_are_plain_characters(home: &Home) {
    let store = home.create().await;
    found(&store, company(1, "佛山市百分百%有限公司")).await;
    found(&store, company(2, "佛山市_下划线有限公司")).await;
    found(&store, company(3, "佛山市\\斜线有限公司")).await;
    found(&store, company(4, "佛山市平常有限公司")).await;
    for (text, name) in [
        ("%", "佛山市百分百%有限公司"),
        ("_", "佛山市_下划线有限公司"),
        ("\\", "佛山市\\斜线有限公司"),
    ] {
        assert_eq!(names(&store, text).await, [name], "{text}");
    }
    for text in ["佛%常", "佛山市_常", "%%", "' OR 1=1 --"] {
        assert!(names(&store, text).await.is_empty(), "{text}");
    }
}

async fn by_the_code(home: &Home) {
    let store = home.create().await;
    let one = company(1, "佛山市南庄餐饮有限公司");
    found(&store, one.clone()).await;
    found(&store, company(2, "佛山市张槎五金厂")).await;
    let code = one.identifier.unwrap().value().to_owned();
    assert_eq!(names(&store, &code).await, [one.name.as_str()]);
    assert_eq!(
        names(&store, &code.to_lowercase()).await,
        [one.name.as_str()],
        "in small letters"
    );
    assert_eq!(names(&store, &code[..8]).await.len(), 2, "by how it begins");
    assert!(names(&store, &code[8..]).await.is_empty(), "not by how it ends");
    for text in [code.clone(), format!(" {} ", code.to_lowercase())] {
        assert_eq!(store.organisation(&text).await.unwrap().unwrap().name, one.name);
    }
    assert_eq!(
        store.organisation(&code[..17]).await.unwrap(),
        None,
        "the whole code"
    );
    assert_eq!(store.organisation("").await.unwrap(), None);
}

/// The same penalty under the heading of another item.
fn of_item(item: &str, mut record: Record) -> Record {
    record.item = ItemCode::new(item).unwrap();
    record
}

async fn by_a_published_document(home: &Home) {
    let store = home.create().await;
    let firm = company(1, "佛山市南庄餐饮有限公司");
    found(&store, firm.clone()).await;
    found(&store, company(2, "佛山市张槎五金厂")).await;
    let minor = penalty(firm.clone(), "禅市监罚〔2026〕2号");
    let rows = [
        licence(firm.clone(), "禅市监许（2026）1号"),
        of_item("penalty.minor", minor),
        penalty(firm.clone(), "禅市监罚〔2026〕3号"),
    ];
    hand_in(&store, &rows).await;
    for text in ["禅市监许（2026）1号", "禅市监许[2026]1号", " 禅市监许 (2026) 1号"] {
        assert_eq!(names(&store, text).await, [firm.name.as_str()], "{text}");
    }
    assert!(
        names(&store, "禅市监许（2026）").await.is_empty(),
        "only the whole number"
    );
    assert!(
        names(&store, "禅市监罚〔2026〕2号").await.is_empty(),
        "a minor penalty is not published"
    );
    assert!(
        names(&store, "禅市监罚〔2026〕3号").await.is_empty(),
        "whether a penalty counts, and may be shown, is for an assessment to say"
    );
}

async fn a_document_follows_its_record(home: &Home) {
    let store = home.create().await;
    let (chen, market) = (officer("chen"), source("chancheng.market"));
    let firm = found(&store, company(1, "佛山市南庄餐饮有限公司")).await;
    let human = found(&store, person(1)).await;
    let stray = append_one(&store, licence(company(2, "佛山市张槎五金厂"), "证1")).await;
    assert!(names(&store, "证1").await.is_empty(), "it belongs to nobody");
    let why = "营业执照相符";
    store.link(stray, firm, &chen, &market, why).await.unwrap();
    assert_eq!(names(&store, "证1").await, ["佛山市南庄餐饮有限公司"]);
    store.unlink(stray, &chen, &market, "录入时看错了").await.unwrap();
    assert!(names(&store, "证1").await.is_empty(), "the link was undone");
    store.link(stray, human, &chen, &market, why).await.unwrap();
    assert!(names(&store, "证1").await.is_empty(), "it is a person's");
}

async fn page_by_page(home: &Home) {
    let store = home.create().await;
    for (n, name) in ["戊厂", "甲厂", "丁厂", "乙厂", "丙厂"].into_iter().enumerate() {
        found(&store, company(u32::try_from(n).unwrap(), name)).await;
    }
    let everyone = names(&store, "").await;
    assert_eq!(everyone.len(), 5, "an empty text finds all");
    assert_eq!(names(&store, "　 ").await, everyone);
    let mut seen = Vec::new();
    for (number, rows) in [(1, 2), (2, 2), (3, 1), (4, 0)] {
        let page = store
            .search_organisations("厂", Page::new(number, 2))
            .await
            .unwrap();
        assert_eq!(
            (page.rows.len(), page.total, page.page, page.pages),
            (rows, 5, number, 3)
        );
        seen.extend(page.rows.into_iter().map(|hit| hit.name));
    }
    assert_eq!(seen, everyone, "each once, in one order");
    let far = Page::new(u32::MAX, u32::MAX);
    assert_eq!((far.number(), far.size()), (100_000, 200));
    assert!(
        store
            .search_organisations("厂", far)
            .await
            .unwrap()
            .rows
            .is_empty()
    );
    let bounds = Page::new(0, 0);
    assert_eq!((bounds.number(), bounds.size()), (1, 1));
    let first = store.search_organisations("厂", bounds).await.unwrap();
    assert_eq!(first.rows.first().map(|hit| &hit.name), everyone.first());
}

async fn a_new_name_takes_the_place_of_the_old(home: &Home) {
    let store = home.create().await;
    let (old, new) = (company(1, "佛山市旧名有限公司"), company(1, "佛山市新名有限公司"));
    let subject = found(&store, old.clone()).await;
    append_one(&store, licence(old, "证1")).await;
    let mut renamed = registration(new.clone());
    renamed.occurred = day("2026-07-01");
    append_one(&store, renamed).await;
    assert!(names(&store, "旧名").await.is_empty());
    let code = new.identifier.as_ref().unwrap().value().to_owned();
    for text in ["新名", "证1", code.as_str()] {
        let hits = search(&store, text).await.rows;
        assert_eq!(hits.len(), 1, "{text}");
        assert_eq!((hits[0].subject, &hits[0].name), (subject, &new.name), "{text}");
    }
    assert_clean(&store).await;
}

async fn a_person_is_never_found(home: &Home) {
    let store = home.create().await;
    let human = person(1);
    let subject = found(&store, human.clone()).await;
    hand_in(&store, &[licence(human.clone(), "证1")]).await;
    let id = resident(1);
    for text in [
        human.name.as_str(),
        "罗志明",
        id.value(),
        &id.value()[..6],
        "证1",
        "",
    ] {
        assert!(names(&store, text).await.is_empty(), "{text}");
    }
    assert_eq!(store.organisation(id.value()).await.unwrap(), None);
    let file = store.public_file(subject).await;
    assert!(matches!(file, Err(StoreError::NotFound)), "{file:?}");
}

async fn a_sole_trader_by_its_own_code_only(home: &Home) {
    let store = home.create().await;
    let trader = |identifier| Stated {
        kind: SubjectKind::SoleTrader,
        name: "禅城区罗记面馆".into(),
        identifier: Some(identifier),
    };
    let own = company(1, "").identifier.unwrap();
    let public = found(&store, trader(own.clone())).await;
    let owners = trader(resident(1));
    let hidden = found(&store, owners.clone()).await;
    append_one(&store, licence(owners, "证1")).await;
    let hits = search(&store, "罗记").await.rows;
    assert_eq!(hits.len(), 1, "only the one that has a code of its own");
    let hit = hits.first().unwrap();
    assert_eq!(
        (hit.subject, hit.kind.as_str(), hit.uscc.as_str()),
        (public, "sole_trader", own.value())
    );
    assert!(names(&store, resident(1).value()).await.is_empty());
    assert!(names(&store, "证1").await.is_empty());
    assert_eq!(store.public_file(public).await.unwrap().subject, public);
    let file = store.public_file(hidden).await;
    assert!(matches!(file, Err(StoreError::NotFound)), "{file:?}");
}

async fn a_long_text_is_refused(home: &Home) {
    let store = home.create().await;
    let page = Page::new(1, 10);
    let long = store.search_organisations(&"厂".repeat(101), page).await;
    assert!(matches!(long, Err(StoreError::SearchTooLong)), "{long:?}");
    assert!(
        names(&store, &"厂".repeat(100)).await.is_empty(),
        "a hundred will do"
    );
}
