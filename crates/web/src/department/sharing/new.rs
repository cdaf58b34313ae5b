//! `/department/sharing/new`: applies for an item of another department, with what it is for and the law it rests on.

use std::collections::BTreeMap;

use askama::Template;
use assess::Item;
use axum::http::StatusCode;
use axum::response::Response;
use record::{Date, FieldName, ItemCode, SourceCode};
use serde::Deserialize;
use store::{ActFault, Application, StoreError, Way};

use super::HOME;
use crate::department::{officer, shell};
use crate::error::Fault;
use crate::extract::{Form, Query};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Shell, act_fault};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "department/sharing/new.html")]
pub(crate) struct NewPage {
    shell: Shell,
    owner_code: String,
    owner: String,
    item_code: String,
    item: String,
    /// Code, name, what it is, and whether it is ticked.
    ways: Vec<(&'static str, String, String, bool)>,
    /// Name, label, and whether it is ticked.
    fields: Vec<(String, String, bool)>,
    what_for: String,
    basis: String,
    per_day: String,
    until: String,
    faults: Vec<FormFault>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    owner: String,
    item: String,
}

/// What is applied for: of which department, which item.
struct Wanted<'v> {
    owner: SourceCode,
    item: &'v Item,
}

fn wanted<'v>(visit: &'v Visit, owner: &str, item: &str) -> Result<Wanted<'v>, Fault> {
    let owner = SourceCode::new(owner).map_err(|_| Fault::NotFound)?;
    let code = ItemCode::new(item).map_err(|_| Fault::NotFound)?;
    let item = visit.bundle.item(&code).ok_or(Fault::NotFound)?;
    if store::is_shared(&visit.bundle, &owner, &code) {
        Ok(Wanted { owner, item })
    } else {
        Err(Fault::NotFound)
    }
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let wanted = wanted(&visit, &asked.owner, &asked.item)?;
    let year = visit.today().saturating_add(jiff::Span::new().years(1));
    let first = [
        ("way-query", "on".to_owned()),
        ("per_day", "100".to_owned()),
        ("until", year.to_string()),
    ];
    let form = first.map(|(key, value)| (key.to_owned(), value)).into();
    page(&page_of(&visit, &wanted, &form, Vec::new()).await?)
}

async fn page_of(
    visit: &Visit,
    wanted: &Wanted<'_>,
    form: &BTreeMap<String, String>,
    faults: Vec<FormFault>,
) -> Result<NewPage, Fault> {
    let said = |key: &str| form.get(key).cloned().unwrap_or_default();
    let way = |way: Way| {
        let key = format!("way-{}", way.code());
        let ticked = form.contains_key(&key);
        let words = |ending: &str| visit.lang.t(&format!("share-way-{}{ending}", way.code()));
        (way.code(), words(""), words("-what"), ticked)
    };
    let field = |field: &assess::FieldSpec| {
        let name = field.name.to_string();
        let ticked = form.contains_key(&format!("field-{name}"));
        (name, visit.lang.of(&field.label), ticked)
    };
    Ok(NewPage {
        shell: shell(visit, HOME).await?,
        owner_code: wanted.owner.to_string(),
        owner: visit.source_name(&wanted.owner),
        item_code: wanted.item.code.to_string(),
        item: visit.lang.of(&wanted.item.name),
        ways: Way::ALL.map(way).into(),
        fields: wanted.item.fields.iter().map(field).collect(),
        what_for: said("what_for"),
        basis: said("basis"),
        per_day: said("per_day"),
        until: said("until"),
        faults,
    })
}

/// `POST`.
pub(crate) async fn apply(
    visit: Visit,
    Form(form): Form<BTreeMap<String, String>>,
) -> Result<Response, Fault> {
    let said = |key: &str| form.get(key).map(String::as_str).unwrap_or_default();
    let wanted = wanted(&visit, said("owner"), said("item"))?;
    let (by, source) = officer(&visit)?;
    let ways: Vec<Way> = Way::ALL
        .into_iter()
        .filter(|way| form.contains_key(&format!("way-{}", way.code())))
        .collect();
    let ticked = |field: &&assess::FieldSpec| form.contains_key(&format!("field-{}", field.name));
    let fields: Vec<FieldName> = wanted
        .item
        .fields
        .iter()
        .filter(ticked)
        .map(|field| field.name.clone())
        .collect();
    let mut faults = Vec::new();
    let mut fault = |field: &'static str, key: &str| {
        faults.push(FormFault {
            field,
            says: visit.lang.t(key),
        });
    };
    if ways.is_empty() {
        fault("way-query", "share-ways-missing");
    }
    for (field, key) in [
        ("what_for", "share-what-for-missing"),
        ("basis", "share-basis-missing"),
    ] {
        if record::tidy_text(said(field)).chars().count() < 5 {
            fault(field, key);
        }
    }
    let per_day: Option<u32> = said("per_day").trim().parse().ok();
    let until: Option<Date> = said("until").trim().parse().ok();
    if per_day.is_none() {
        fault("per_day", "share-per-day-wrong");
    }
    if until.is_none() {
        fault("until", "share-until-wrong");
    }
    if let (Some(per_day), Some(until), true) = (per_day, until, faults.is_empty()) {
        let asks = Application {
            owner: wanted.owner.clone(),
            item: wanted.item.code.clone(),
            ways,
            fields,
            what_for: said("what_for").to_owned(),
            basis: said("basis").to_owned(),
            per_day,
            until,
        };
        match visit.store().apply_share(&asks, by, source).await {
            Ok(number) => return Ok(see(&format!("{HOME}/{number}"))),
            Err(StoreError::Act(ActFault::OutOfBounds)) => faults.push(FormFault {
                field: "until",
                says: act_fault(visit.lang, &ActFault::OutOfBounds),
            }),
            Err(StoreError::Act(fault)) => return Err(Fault::Conflict(act_fault(visit.lang, &fault))),
            Err(error) => return Err(Fault::internal(error)),
        }
    }
    let page = page_of(&visit, &wanted, &form, faults).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

#[cfg(test)]
impl crate::page::Samples for NewPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let way = |way: Way| {
            let words = |ending: &str| lang.t(&format!("share-way-{}{ending}", way.code()));
            (way.code(), words(""), words("-what"), way == Way::Query)
        };
        let page = |fields, faults| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            owner_code: "chancheng.market".into(),
            owner: "禅城区市场监督管理局".into(),
            item_code: "penalty.fine".into(),
            item: "行政处罚（一般）".into(),
            ways: Way::ALL.map(way).into(),
            fields,
            what_for: String::new(),
            basis: String::new(),
            per_day: "100".into(),
            until: "2027-11-23".into(),
            faults,
        };
        let fault = FormFault {
            field: "what_for",
            says: lang.t("share-what-for-missing"),
        };
        let fields = vec![
            ("kind".into(), "处罚类别".into(), true),
            ("fact".into(), "违法事实".into(), false),
        ];
        vec![page(Vec::new(), vec![fault]), page(fields, Vec::new())]
    }
}
