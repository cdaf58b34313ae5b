//! `GET /office/staff`: who works where, in which role, and whether they can sign in.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use store::StaffEntry;

use super::shell;
use crate::error::Fault;
use crate::extract::Query;
use crate::page::page;
use crate::view::{Filter, Pager, Shell, with_query};
use crate::visit::Visit;

const PER_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "office/staff.html")]
pub(crate) struct StaffPage {
    shell: Shell,
    filters: Vec<Filter>,
    staff: Vec<StaffRow>,
    pager: Pager,
}

struct StaffRow {
    name: String,
    officer: String,
    source: String,
    role: String,
    since: String,
    closed: bool,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    role: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    page: u32,
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let mut all = visit.store().all_staff().await.map_err(Fault::internal)?;
    all.retain(|one| {
        (wanted.role.is_empty() || one.role == wanted.role)
            && (wanted.source.is_empty() || one.source.as_str() == wanted.source)
    });
    let at = wanted.page.clamp(1, 10_000);
    let skip = usize::try_from((at - 1) * PER_PAGE).unwrap_or(0);
    let shown = all.iter().skip(skip).take(usize::try_from(PER_PAGE).unwrap_or(0));
    let href = with_query(
        "/office/staff",
        &[("role", &wanted.role), ("source", &wanted.source)],
    );
    page(&StaffPage {
        shell: shell(&visit, "/office/staff"),
        filters: filters(&visit, &wanted.role, &wanted.source),
        staff: shown.map(|one| row(&visit, one)).collect(),
        pager: Pager::new(visit.lang, &href, at, PER_PAGE, super::count(all.len())),
    })
}

fn filters(visit: &Visit, role: &str, source: &str) -> Vec<Filter> {
    let lang = visit.lang;
    let staff = |role: &&assess::Role| role.code.parse().is_ok_and(identity::Role::is_staff);
    let roles = visit.bundle.roles().filter(staff);
    let roles = roles.map(|role| (role.code.clone(), lang.of(&role.name)));
    let sources = visit.bundle.sources();
    let sources = sources.map(|source| (source.code.to_string(), lang.of(&source.name)));
    vec![
        Filter::new("role", lang.t("office-role"), lang.t("all"), roles, role),
        Filter::new("source", lang.t("audit-source"), lang.t("all"), sources, source),
    ]
}

fn row(visit: &Visit, one: &StaffEntry) -> StaffRow {
    let role = visit.bundle.role(&one.role);
    StaffRow {
        name: one.name.clone(),
        officer: one.officer.to_string(),
        source: visit.source_name(&one.source),
        role: role.map_or_else(|| one.role.clone(), |role| visit.lang.of(&role.name)),
        since: visit.moment(one.created_ms),
        closed: one.disabled,
    }
}

#[cfg(test)]
impl crate::page::Samples for StaffPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = |closed| StaffRow {
            name: "陈科员".into(),
            officer: "chen".into(),
            source: "市场监督管理局".into(),
            role: "归集部门经办".into(),
            since: "今天 09:41".into(),
            closed,
        };
        [Vec::new(), vec![row(false), row(true)]]
            .map(|staff| Self {
                shell: Shell::sample(lang, crate::view::Desk::Office),
                filters: Vec::new(),
                staff,
                pager: Pager::new(lang, "/office/staff", 1, 50, 2),
            })
            .into()
    }
}
