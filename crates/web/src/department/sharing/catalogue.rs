//! `/department/sharing/catalogue`: every item that a department shares, to be applied for.

use askama::Template;
use assess::Level;
use axum::response::Response;
use record::same_name_key;
use serde::Deserialize;

use crate::department::{officer, shell};
use crate::error::Fault;
use crate::extract::Query;
use crate::page::page;
use crate::view::{Pager, Shell, with_query};
use crate::visit::Visit;

const HERE: &str = "/department/sharing/catalogue";
const PER_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "department/sharing/catalogue.html")]
pub(crate) struct CataloguePage {
    shell: Shell,
    find: String,
    /// Code, name, and whether it is chosen.
    levels: Vec<(&'static str, String, bool)>,
    offers: Vec<Offer>,
    pager: Pager,
}

/// One item of one department.
struct Offer {
    owner_code: String,
    owner: String,
    level: String,
    item_code: String,
    item: String,
    class: String,
    fields: String,
    /// Applied for or granted: the share.
    share: Option<(u64, String)>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    find: String,
    #[serde(default)]
    level: String,
    #[serde(default)]
    page: u32,
}

/// The code of a level in addresses and locale keys.
pub(super) fn level_code(level: Level) -> &'static str {
    match level {
        Level::City => "city",
        Level::District => "district",
        Level::Town => "town",
        Level::Subject => "subject",
    }
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let (_, own) = officer(&visit)?;
    let shares = visit.store().shares().await.map_err(Fault::internal)?;
    let find = same_name_key(&asked.find);
    let mut offers = Vec::new();
    for source in visit.bundle.sources().filter(|source| source.code != *own) {
        let level = level_code(source.level);
        if source.level == Level::Subject || (!asked.level.is_empty() && asked.level != level) {
            continue;
        }
        for item in source.items.iter().filter_map(|code| visit.bundle.item(code)) {
            let words = [&source.name.zh, &source.name.en, &item.name.zh, &item.name.en];
            let found = words.iter().any(|word| same_name_key(word).contains(&find));
            if !store::is_shared(&visit.bundle, &source.code, &item.code) || !(find.is_empty() || found) {
                continue;
            }
            let share = shares
                .iter()
                .find(|share| share.is_open_for(own, &source.code, &item.code));
            let class = visit.bundle.class(&item.class);
            let fields = item.fields.iter().map(|field| visit.lang.of(&field.label));
            offers.push(Offer {
                owner_code: source.code.to_string(),
                owner: visit.lang.of(&source.name),
                level: visit.lang.t(&format!("level-{level}")),
                item_code: item.code.to_string(),
                item: visit.lang.of(&item.name),
                class: class.map_or_else(String::new, |class| visit.lang.of(&class.name)),
                fields: visit.lang.list(fields),
                share: share.map(|share| {
                    let state = visit.lang.t(&format!("share-{}", share.state.code()));
                    (share.number.0, state)
                }),
            });
        }
    }
    let number = asked.page.clamp(1, 10_000);
    let total = u64::try_from(offers.len()).unwrap_or(u64::MAX);
    let skip = usize::try_from((number - 1) * PER_PAGE).unwrap_or(usize::MAX);
    let most = usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    let href = with_query(HERE, &[("find", &asked.find), ("level", &asked.level)]);
    let levels = ["city", "district", "town"].map(|code| {
        let name = visit.lang.t(&format!("level-{code}"));
        (code, name, asked.level == code)
    });
    page(&CataloguePage {
        shell: shell(&visit, super::HOME).await?,
        find: asked.find,
        levels: levels.into(),
        offers: offers.into_iter().skip(skip).take(most).collect(),
        pager: Pager::new(visit.lang, &href, number, PER_PAGE, total),
    })
}

#[cfg(test)]
impl crate::page::Samples for CataloguePage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let offer = |share| Offer {
            owner_code: "chancheng.market".into(),
            owner: "禅城区市场监督管理局".into(),
            level: lang.t("level-district"),
            item_code: "penalty.fine".into(),
            item: "行政处罚（一般）".into(),
            class: "行政管理".into(),
            fields: "处罚类别、违法事实".into(),
            share,
        };
        let page = |offers| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            find: "处罚".into(),
            levels: vec![("district", lang.t("level-district"), true)],
            offers,
            pager: Pager::new(lang, HERE, 1, PER_PAGE, 2),
        };
        let granted = Some((12, lang.t("share-in-force")));
        vec![page(Vec::new()), page(vec![offer(None), offer(granted)])]
    }
}
