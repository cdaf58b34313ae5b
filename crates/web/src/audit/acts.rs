//! `GET /audit/acts`: what was done to the house itself: staff, keys, endpoints, shares, rules, upkeep.

use askama::Template;
use axum::response::Response;
use record::{ItemCode, OfficerId, SourceCode};
use serde::Deserialize;
use store::{AdminAct, AdminFilter, AdminKind, Clock, Page};

use super::{officer_shown, period, shell};
use crate::download::{ROWS_MOST, csv};
use crate::error::Fault;
use crate::extract::Query;
use crate::page::page;
use crate::view::{Filter, Pager, Shell, with_chosen};
use crate::visit::Visit;

const PER_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "audit/acts.html")]
pub(crate) struct ActsPage {
    shell: Shell,
    filters: Vec<Filter>,
    wanted: Wanted,
    acts: Vec<ActRow>,
    export: String,
    pager: Pager,
}

struct ActRow {
    when: String,
    what: String,
    about: String,
    officer: String,
    source: String,
    number: Option<u64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    officer: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    page: u32,
}

impl Wanted {
    fn filter(&self) -> AdminFilter {
        let (from_ms, until_ms) = period(&self.from, &self.to);
        AdminFilter {
            kind: AdminKind::from_code(&self.kind),
            officer: OfficerId::new(self.officer.trim().to_lowercase()).ok(),
            source: SourceCode::new(self.source.clone()).ok(),
            from_ms,
            until_ms,
        }
    }

    fn href(&self, path: &str) -> String {
        let asked = [
            ("kind", self.kind.as_str()),
            ("officer", &self.officer),
            ("source", &self.source),
            ("from", &self.from),
            ("to", &self.to),
        ];
        with_chosen(path, &asked)
    }
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let shell = shell(&visit, "/audit/acts").await?;
    let at = Page::new(wanted.page, PER_PAGE);
    let found = visit.store().administration(&wanted.filter(), at).await;
    let found = found.map_err(Fault::internal)?;
    let mut acts = Vec::new();
    for act in &found.rows {
        acts.push(row(&visit, act).await);
    }
    page(&ActsPage {
        shell,
        filters: filters(&visit, &wanted),
        acts,
        export: wanted.href("/audit/acts.csv"),
        pager: Pager::new(
            visit.lang,
            &wanted.href("/audit/acts"),
            found.page,
            PER_PAGE,
            found.total,
        ),
        wanted,
    })
}

fn filters(visit: &Visit, wanted: &Wanted) -> Vec<Filter> {
    let lang = visit.lang;
    let kinds =
        AdminKind::ALL.map(|kind| (kind.code().to_owned(), lang.t(&format!("admin-{}", kind.code()))));
    let sources = visit.bundle.sources();
    let sources = sources.map(|source| (source.code.to_string(), lang.of(&source.name)));
    vec![
        Filter::new("kind", lang.t("audit-what"), lang.t("all"), kinds, &wanted.kind),
        Filter::new(
            "source",
            lang.t("audit-source"),
            lang.t("all"),
            sources,
            &wanted.source,
        ),
    ]
}

async fn row(visit: &Visit, act: &AdminAct) -> ActRow {
    let kind = act.kind.code();
    let key = match act.granted {
        Some(true) => "admin-share-granted".to_owned(),
        Some(false) => "admin-share-refused".to_owned(),
        None => format!("admin-{kind}"),
    };
    ActRow {
        when: visit.moment(act.at_ms),
        what: visit.lang.t(&key),
        about: about(visit, act),
        officer: officer_shown(visit, &act.officer).await,
        source: act
            .source
            .as_ref()
            .map(|source| visit.source_name(source))
            .unwrap_or_default(),
        number: act.number.map(|number| number.0),
    }
}

/// The codes of an act in words.
fn about(visit: &Visit, act: &AdminAct) -> String {
    let lang = visit.lang;
    let (first, second) = act.about.split_once(' ').unwrap_or((&act.about, ""));
    let pair = [("first", first), ("second", second)];
    match act.kind {
        AdminKind::StaffPut => {
            let role = visit.bundle.role(second);
            let role = role.map_or_else(|| second.to_owned(), |role| lang.of(&role.name));
            format!("{first} · {role}")
        }
        AdminKind::Verified => lang.with("admin-verified-about", &pair),
        AdminKind::Rebuilt => lang.with("admin-rebuilt-about", &pair),
        AdminKind::EventsReplayed => lang.with("admin-events-replayed-about", &pair),
        AdminKind::RecordsSealed => lang.with("admin-records-sealed-about", &pair),
        AdminKind::KeysRotated => lang.with("admin-keys-rotated-about", &pair),
        AdminKind::ShareApplied => {
            let item = ItemCode::new(first).ok();
            let item = item.and_then(|code| visit.bundle.item(&code));
            let item = item.map_or_else(|| first.to_owned(), |item| lang.of(&item.name));
            let owner = SourceCode::new(second).map(|owner| visit.source_name(&owner));
            format!("{item} · {}", owner.unwrap_or_else(|_| second.to_owned()))
        }
        AdminKind::ShareAnswered | AdminKind::ShareEnded => lang.with("seal-number", &[("number", first)]),
        AdminKind::AnnouncementPublished | AdminKind::AnnouncementTakenBack => {
            lang.with("announcement-number", &[("number", first)])
        }
        AdminKind::NightlyRun => {
            let mut said = act.about.split(' ').skip(1);
            let mut next = || said.next().unwrap_or_default().to_owned();
            let (rated, since, moved) = (next(), next(), next());
            let moved = if moved == "few" { "<10" } else { &moved };
            let said = [("rated", rated.as_str()), ("since", &since), ("moved", moved)];
            lang.with("admin-nightly-run-about", &said)
        }
        AdminKind::SimulationDrafted | AdminKind::SimulationRead => lang.with("simulation-about-act", &pair),
        _ => act.about.clone(),
    }
}

/// `GET /audit/acts.csv`: the same list as a file.
pub(crate) async fn export(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let heads = [
        "look-when",
        "audit-what",
        "audit-about",
        "audit-officer",
        "audit-source",
        "audit-record",
    ];
    let mut rows = vec![heads.map(|key| visit.lang.t(key)).to_vec()];
    let filter = wanted.filter();
    for number in 1.. {
        let found = visit
            .store()
            .administration(&filter, Page::new(number, 200))
            .await;
        let found = found.map_err(Fault::internal)?;
        for act in &found.rows {
            let row = row(&visit, act).await;
            rows.push(vec![
                Clock::minute_of(act.at_ms),
                row.what,
                row.about,
                row.officer,
                row.source,
                row.number.map(|number| number.to_string()).unwrap_or_default(),
            ]);
        }
        if found.page >= found.pages || rows.len() > ROWS_MOST {
            break;
        }
    }
    csv("administration.csv", &rows)
}

#[cfg(test)]
impl crate::page::Samples for ActsPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = |number| ActRow {
            when: "今天 09:41".into(),
            what: lang.t("admin-staff-put"),
            about: "chen".into(),
            officer: lang.t("look-operator"),
            source: "市场监督管理局".into(),
            number,
        };
        [Vec::new(), vec![row(None), row(Some(0)), row(Some(12))]]
            .map(|acts| Self {
                shell: Shell::sample(lang, crate::view::Desk::Audit),
                filters: vec![Filter::new(
                    "kind",
                    lang.t("audit-what"),
                    lang.t("all"),
                    AdminKind::ALL
                        .map(|kind| (kind.code().to_owned(), lang.t(&format!("admin-{}", kind.code())))),
                    "",
                )],
                wanted: Wanted::default(),
                acts,
                export: "/audit/acts.csv".into(),
                pager: Pager::new(lang, "/audit/acts", 1, 50, 2),
            })
            .into()
    }
}
