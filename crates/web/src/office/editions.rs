//! `GET /office/editions`, `/office/editions/{number}`: every edition of the rules that was published, and what each changed.

use askama::Template;
use assess::{Change, ClauseChange};
use axum::response::Response;
use record::OfficerId;
use serde::Deserialize;
use store::Publication;

use super::shell;
use crate::error::Fault;
use crate::extract::{Path, Query};
use crate::lang::Lang;
use crate::page::page;
use crate::view::{Filter, Pager, Shell, Tone, day, with_query};
use crate::visit::Visit;

const PER_PAGE: u32 = 50;
const KINDS: [&str; 3] = ["added", "removed", "changed"];

#[derive(Template)]
#[template(path = "office/editions.html")]
pub(crate) struct EditionsPage {
    shell: Shell,
    editions: Vec<EditionRow>,
}

struct EditionRow {
    number: u64,
    edition: String,
    name: String,
    from: String,
    by: String,
    approved_by: String,
    digest: String,
    in_force: bool,
    first: bool,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let published = visit.store().publications().await.map_err(Fault::internal)?;
    let mut editions = Vec::new();
    for (at, one) in published.iter().enumerate() {
        editions.push(EditionRow {
            number: one.number.0,
            edition: one.bundle.edition().to_owned(),
            name: visit.lang.of(one.bundle.name()),
            from: day(visit.lang, one.bundle.in_force_from()),
            by: officer(&visit, &one.by).await,
            approved_by: officer(&visit, &one.approved_by).await,
            digest: one.bundle.digest().to_string().chars().take(12).collect(),
            in_force: one.bundle.digest() == visit.bundle.digest(),
            first: at + 1 == published.len(),
        });
    }
    page(&EditionsPage {
        shell: shell(&visit, "/office/editions"),
        editions,
    })
}

async fn officer(visit: &Visit, code: &str) -> String {
    match OfficerId::new(code) {
        Ok(officer) if code != "system" => visit.app.officer_name(&officer).await,
        _ => visit.lang.t("office-at-founding"),
    }
}

#[derive(Template)]
#[template(path = "office/edition.html")]
pub(crate) struct EditionPage {
    shell: Shell,
    title: String,
    before: Option<String>,
    total: u64,
    filters: Vec<Filter>,
    changes: Vec<ChangeRow>,
    pager: Pager,
}

struct ChangeRow {
    clause: String,
    name: String,
    what: String,
    tone: Tone,
    /// What it is, what it was, what it is now.
    keys: Vec<(String, String, String)>,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    page: u32,
}

pub(crate) async fn one(
    visit: Visit,
    Path(number): Path<u64>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let published = visit.store().publications().await.map_err(Fault::internal)?;
    let mut later = published.iter().skip_while(|one| one.number.0 != number);
    let new = later.next().ok_or(Fault::NotFound)?;
    let old = later.next();
    let changes = old.map_or_else(Vec::new, |old| assess::diff(&old.bundle, &new.bundle));
    let total = super::count(changes.len());
    let wants = |change: &&ClauseChange| wanted.kind.is_empty() || code(&change.change) == wanted.kind;
    let changes: Vec<&ClauseChange> = changes.iter().filter(wants).collect();
    let at = wanted.page.clamp(1, 10_000);
    let skip = usize::try_from((at - 1) * PER_PAGE).unwrap_or(0);
    let shown = changes
        .iter()
        .skip(skip)
        .take(usize::try_from(PER_PAGE).unwrap_or(0));
    let lang = visit.lang;
    let href = with_query(&format!("/office/editions/{number}"), &[("kind", &wanted.kind)]);
    let named = |one: &Publication| one.bundle.edition().to_owned();
    page(&EditionPage {
        shell: shell(&visit, "/office/editions"),
        title: lang.with("office-edition", &[("edition", &named(new))]),
        before: old.map(named),
        total,
        filters: filters(lang, &wanted.kind),
        changes: shown.map(|change| row(lang, change)).collect(),
        pager: Pager::new(lang, &href, at, PER_PAGE, super::count(changes.len())),
    })
}

fn code(change: &Change) -> &'static str {
    match change {
        Change::Added => "added",
        Change::Removed => "removed",
        Change::Changed { .. } => "changed",
    }
}

fn filters(lang: Lang, asked: &str) -> Vec<Filter> {
    let kinds = KINDS.map(|kind| (kind.to_owned(), lang.t(&format!("change-{kind}"))));
    vec![Filter::new(
        "kind",
        lang.t("office-change"),
        lang.t("all"),
        kinds,
        asked,
    )]
}

fn row(lang: Lang, change: &ClauseChange) -> ChangeRow {
    let kind = code(&change.change);
    let said = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    ChangeRow {
        clause: change.clause.clone(),
        name: lang.of(&change.name),
        what: lang.t(&format!("change-{kind}")),
        tone: match change.change {
            Change::Added => Tone::Good,
            Change::Removed => Tone::Off,
            Change::Changed { .. } => Tone::Late,
        },
        keys: match &change.change {
            Change::Changed { keys } => keys
                .iter()
                .map(|key| (lang.of(&key.label), said(&key.from), said(&key.to)))
                .collect(),
            _ => Vec::new(),
        },
    }
}

#[cfg(test)]
impl crate::page::Samples for EditionsPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let row = |in_force| EditionRow {
            number: 12,
            edition: "2026.2".into(),
            name: "禅城区信用规则".into(),
            from: "2026年12月1日".into(),
            by: "徐科员".into(),
            approved_by: "谢科长".into(),
            digest: "0123456789ab".into(),
            in_force,
            first: in_force,
        };
        vec![Self {
            shell: Shell::sample(lang, crate::view::Desk::Office),
            editions: vec![row(false), row(true)],
        }]
    }
}

#[cfg(test)]
impl crate::page::Samples for EditionPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let row = |kind: &str, keys| ChangeRow {
            clause: "measures.a".into(),
            name: "…".into(),
            what: lang.t(&format!("change-{kind}")),
            tone: Tone::Good,
            keys,
        };
        [
            (None, Vec::new()),
            (Some("2026.1"), Vec::new()),
            (
                Some("2026.1"),
                vec![
                    row("added", Vec::new()),
                    row("changed", vec![("分值".into(), "5".into(), "6".into())]),
                ],
            ),
        ]
        .map(|(before, changes)| Self {
            shell: Shell::sample(lang, crate::view::Desk::Office),
            title: lang.with("office-edition", &[("edition", "2026.2")]),
            before: before.map(str::to_owned),
            total: super::count(changes.len()),
            filters: filters(lang, ""),
            changes,
            pager: Pager::new(lang, "/office/editions/12", 1, 50, 2),
        })
        .into()
    }
}
