//! `GET /office/announcements`: what the credit office wrote for everyone, by its state.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use store::{Announcement, AnnouncementState, Page};

use super::shell;
use crate::error::Fault;
use crate::extract::Query;
use crate::lang::Lang;
use crate::page::page;
use crate::view::{Filter, Pager, Shell, Tone, day, with_query};
use crate::visit::Visit;

const PER_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "office/announcements.html")]
pub(crate) struct AnnouncementsPage {
    shell: Shell,
    filters: Vec<Filter>,
    rows: Vec<AnnouncementRow>,
    pager: Pager,
}

struct AnnouncementRow {
    id: u64,
    title: String,
    from: String,
    until: String,
    state: String,
    tone: Tone,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: u32,
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let state = AnnouncementState::from_code(&wanted.state);
    let at = Page::new(wanted.page, PER_PAGE);
    let found = visit.store().announcements(state, at).await;
    let found = found.map_err(Fault::internal)?;
    let href = with_query("/office/announcements", &[("state", &wanted.state)]);
    let lang = visit.lang;
    page(&AnnouncementsPage {
        shell: shell(&visit, "/office/announcements"),
        filters: vec![filter(lang, &wanted.state)],
        rows: found.rows.iter().map(|one| row(lang, one)).collect(),
        pager: Pager::new(lang, &href, found.page, PER_PAGE, found.total),
    })
}

fn filter(lang: Lang, asked: &str) -> Filter {
    let states = AnnouncementState::ALL.map(|state| (state.code().to_owned(), state_says(lang, state)));
    Filter::new("state", lang.t("audit-state"), lang.t("all"), states, asked)
}

fn row(lang: Lang, one: &Announcement) -> AnnouncementRow {
    AnnouncementRow {
        id: one.id.0,
        title: title(lang, one).to_owned(),
        from: day(lang, one.text.from),
        until: day(lang, one.text.until),
        state: state_says(lang, one.state),
        tone: tone(one.state),
    }
}

/// A state in words.
pub(super) fn state_says(lang: Lang, state: AnnouncementState) -> String {
    lang.t(&format!("announcement-{}", state.code()))
}

/// How a state is coloured.
pub(super) fn tone(state: AnnouncementState) -> Tone {
    match state {
        AnnouncementState::Draft | AnnouncementState::Upcoming => Tone::Late,
        AnnouncementState::Shown => Tone::Good,
        AnnouncementState::Over | AnnouncementState::TakenBack => Tone::Off,
    }
}

/// Its title in a language.
pub(crate) fn title(lang: Lang, one: &Announcement) -> &str {
    match lang {
        Lang::Zh => &one.text.title_zh,
        Lang::En => &one.text.title_en,
    }
}

#[cfg(test)]
impl crate::page::Samples for AnnouncementsPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let row = |state| AnnouncementRow {
            id: 3,
            title: "关于年报的提醒".into(),
            from: "2026年11月23日".into(),
            until: "2026年12月31日".into(),
            state: state_says(lang, state),
            tone: tone(state),
        };
        [Vec::new(), AnnouncementState::ALL.map(row).into()]
            .map(|rows| Self {
                shell: Shell::sample(lang, crate::view::Desk::Office),
                filters: vec![filter(lang, "draft")],
                rows,
                pager: Pager::new(lang, "/office/announcements", 1, 50, 5),
            })
            .into()
    }
}
