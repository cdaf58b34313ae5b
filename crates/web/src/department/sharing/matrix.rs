//! `/department/sharing/matrix`: who is given what by whom, over three levels.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use assess::Level;
use axum::response::Response;
use record::SourceCode;
use store::Share;

use super::catalogue::level_code;
use super::item_name;
use crate::department::{officer, shell};
use crate::error::Fault;
use crate::page::page;
use crate::view::{Shell, day};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "department/sharing/matrix.html")]
pub(crate) struct MatrixPage {
    shell: Shell,
    /// Who is given: the columns, with the level of each.
    recipients: Vec<(String, String)>,
    rows: Vec<MatrixRow>,
    shares: Vec<Line>,
}

/// A department that gives.
struct MatrixRow {
    owner: String,
    level: String,
    /// For each recipient, how many items.
    cells: Vec<usize>,
}

/// One share in force, in full.
struct Line {
    owner: String,
    recipient: String,
    item: String,
    what_for: String,
    basis: String,
    ways: String,
    until: String,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    officer(&visit)?;
    let shares = visit.store().shares().await.map_err(Fault::internal)?;
    let in_force: Vec<&Share> = shares.iter().filter(|share| share.state.is_in_force()).collect();
    let mut counts = BTreeMap::<(&SourceCode, &SourceCode), usize>::new();
    for share in &in_force {
        *counts.entry((&share.asks.owner, &share.recipient)).or_default() += 1;
    }
    let sorted = |sources: BTreeSet<&SourceCode>| {
        let level = |code: &SourceCode| visit.bundle.source(code).map(|source| source.level);
        let order = |code: &SourceCode| match level(code) {
            Some(Level::City) => 0,
            Some(Level::District) => 1,
            Some(Level::Town) => 2,
            Some(Level::Subject) | None => 3,
        };
        let named = |code: &SourceCode| {
            let level = level(code).map_or("subject", level_code);
            visit.lang.t(&format!("level-{level}"))
        };
        let mut sources: Vec<(SourceCode, String)> = sources
            .into_iter()
            .map(|code| (code.clone(), named(code)))
            .collect();
        sources.sort_by_key(|(code, _)| (order(code), code.clone()));
        sources
    };
    let owners = sorted(counts.keys().map(|(owner, _)| *owner).collect());
    let recipients = sorted(counts.keys().map(|(_, recipient)| *recipient).collect());
    let cell =
        |owner: &SourceCode, recipient: &SourceCode| counts.get(&(owner, recipient)).copied().unwrap_or(0);
    let rows = owners.into_iter().map(|(owner, level)| MatrixRow {
        cells: recipients
            .iter()
            .map(|(recipient, _)| cell(&owner, recipient))
            .collect(),
        owner: visit.source_name(&owner),
        level,
    });
    let line = |share: &&Share| {
        let ways = share
            .asks
            .ways
            .iter()
            .map(|way| visit.lang.t(&format!("share-way-{}", way.code())));
        Line {
            owner: visit.source_name(&share.asks.owner),
            recipient: visit.source_name(&share.recipient),
            item: item_name(&visit, &share.asks.item),
            what_for: share.asks.what_for.clone(),
            basis: share.asks.basis.clone(),
            ways: visit.lang.list(ways),
            until: day(visit.lang, share.asks.until),
        }
    };
    page(&MatrixPage {
        shell: shell(&visit, super::HOME).await?,
        rows: rows.collect(),
        recipients: recipients
            .iter()
            .map(|(code, level)| (visit.source_name(code), level.clone()))
            .collect(),
        shares: in_force.iter().map(line).collect(),
    })
}

#[cfg(test)]
impl crate::page::Samples for MatrixPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let page = |full: bool| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            recipients: vec![("禅城区人民法院".into(), lang.t("level-district"))],
            rows: (0..u8::from(full))
                .map(|_| MatrixRow {
                    owner: "佛山市税务局".into(),
                    level: lang.t("level-city"),
                    cells: vec![0, 2],
                })
                .collect(),
            shares: vec![Line {
                owner: "佛山市税务局".into(),
                recipient: "禅城区人民法院".into(),
                item: "纳税信用A级".into(),
                what_for: "核验".into(),
                basis: "税收征收管理法".into(),
                ways: lang.t("share-way-query"),
                until: "2027-11-23".into(),
            }],
        };
        vec![page(false), page(true)]
    }
}
