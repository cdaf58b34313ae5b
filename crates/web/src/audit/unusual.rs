//! `GET /audit/unusual`: looks that weigh enough to be reviewed, the heaviest first.

use askama::Template;
use assess::LookSign;
use axum::response::Response;
use record::OfficerId;
use serde::Deserialize;
use store::{Finding, Page, UnusualFilter, UnusualLook};

use super::{LookRow, look_row, review_due, shell};
use crate::department::owed::left;
use crate::error::Fault;
use crate::extract::Query;
use crate::page::page;
use crate::view::{Filter, Pager, Shell, Tone, with_query};
use crate::visit::Visit;

const PER_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "audit/unusual.html")]
pub(crate) struct UnusualPage {
    shell: Shell,
    filters: Vec<Filter>,
    officer: String,
    review_from: u32,
    /// Whether the list is of everything there is.
    whole: bool,
    looks: Vec<UnusualRow>,
    pager: Pager,
}

/// One line.
pub(crate) struct UnusualRow {
    pub(crate) look: LookRow,
    pub(crate) points: u32,
    /// The names of its signs.
    pub(crate) signs: Vec<String>,
    pub(crate) state: String,
    pub(crate) tone: Tone,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    state: Option<String>,
    #[serde(default)]
    sign: String,
    #[serde(default)]
    officer: String,
    #[serde(default)]
    page: u32,
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let state = wanted.state.unwrap_or_else(|| "open".to_owned());
    let shell = shell(&visit, "/audit/unusual").await?;
    let filter = UnusualFilter {
        state: Some(state.clone()).filter(|state| !state.is_empty()),
        sign: LookSign::from_code(&wanted.sign),
        officer: OfficerId::new(wanted.officer.trim().to_lowercase()).ok(),
    };
    let at = Page::new(wanted.page, PER_PAGE);
    let found = visit.store().unusual_looks(&filter, at).await;
    let found = found.map_err(Fault::internal)?;
    let mut looks = Vec::new();
    for one in &found.rows {
        looks.push(row(&visit, one).await);
    }
    let href = with_query(
        "/audit/unusual",
        &[
            ("state", &state),
            ("sign", &wanted.sign),
            ("officer", &wanted.officer),
        ],
    );
    page(&UnusualPage {
        shell,
        filters: filters(&visit, &state, &wanted.sign),
        review_from: visit.bundle.look_rules().review_from().unwrap_or(0),
        whole: state.is_empty() && wanted.sign.is_empty() && wanted.officer.is_empty(),
        officer: wanted.officer,
        looks,
        pager: Pager::new(visit.lang, &href, found.page, PER_PAGE, found.total),
    })
}

fn filters(visit: &Visit, state: &str, sign: &str) -> Vec<Filter> {
    let lang = visit.lang;
    let findings = Finding::ALL.map(Finding::code).into_iter();
    let states = std::iter::once("open").chain(findings);
    let states = states.map(|state| (state.to_owned(), lang.t(&format!("finding-{state}"))));
    let rules = visit.bundle.look_rules().rules();
    let signs = rules
        .iter()
        .map(|rule| (rule.sign.code().to_owned(), lang.of(&rule.name)));
    vec![
        Filter::new("state", lang.t("audit-state"), lang.t("all"), states, state),
        Filter::new("sign", lang.t("audit-sign"), lang.t("all"), signs, sign),
    ]
}

/// The view of an unusual look.
pub(super) async fn row(visit: &Visit, one: &UnusualLook) -> UnusualRow {
    let rules = visit.bundle.look_rules();
    let name = |sign: LookSign| {
        let rule = rules.rule(sign);
        rule.map_or_else(|| sign.code().to_owned(), |rule| visit.lang.of(&rule.name))
    };
    let (state, tone) = match one.finding {
        None => left(visit, review_due(visit, one.look.look.at_ms)),
        Some(Finding::Explained) => (visit.lang.t("finding-explained"), Tone::Off),
        Some(Finding::FollowUp) => (visit.lang.t("finding-follow_up"), Tone::Bad),
    };
    UnusualRow {
        look: look_row(visit, &one.look).await,
        points: one.points,
        signs: one.reasons.iter().map(|reason| name(reason.sign)).collect(),
        state,
        tone,
    }
}

#[cfg(test)]
impl UnusualRow {
    pub(crate) fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        [Tone::Late, Tone::Bad]
            .into_iter()
            .zip(LookRow::samples())
            .map(|(tone, look)| Self {
                look,
                points: 60,
                signs: vec!["与经办人同名".into(), "非工作时间".into()],
                state: lang.count("owed-left", 3),
                tone,
            })
            .collect()
    }
}

#[cfg(test)]
impl crate::page::Samples for UnusualPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        [
            (Vec::new(), true),
            (Vec::new(), false),
            (UnusualRow::samples(lang), false),
        ]
        .map(|(looks, whole)| Self {
            shell: Shell::sample(lang, crate::view::Desk::Audit),
            filters: vec![Filter::new(
                "state",
                lang.t("audit-state"),
                lang.t("all"),
                [("open".to_owned(), lang.t("finding-open"))],
                "open",
            )],
            officer: String::new(),
            review_from: 50,
            whole,
            looks,
            pager: Pager::new(lang, "/audit/unusual", 1, 50, 2),
        })
        .into()
    }
}
