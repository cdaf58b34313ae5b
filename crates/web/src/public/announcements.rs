//! `/announcements` and `/announcements/{id}`: what the credit office has to say to everyone, as pages, JSON and Atom. Only between its
//! first day and its last; what was taken back is not there any more.

use std::fmt::Write as _;

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use record::AnnouncementId;
use serde::{Deserialize, Serialize};
use store::{Announcement, AnnouncementState, Page};

use super::data::{self, Format};
use super::list::escaped;
use crate::error::Fault;
use crate::extract::{Path, Query};
use crate::lang::Lang;
use crate::office::announcements::title;
use crate::page::page;
use crate::view::{Desk, Pager, Run, Shell, day, paragraphs};
use crate::visit::{Frame, Visit};

const ON_A_PAGE: u32 = 20;
const IN_A_FILE: u32 = 100;
/// On the home page.
pub(crate) const NEWEST: u32 = 3;

#[derive(Template)]
#[template(path = "public/announcements.html")]
pub(crate) struct AnnouncementsPage {
    shell: Shell,
    rows: Vec<AnnouncementRow>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "public/announcement.html")]
pub(crate) struct AnnouncementPage {
    shell: Shell,
    title: String,
    from: String,
    until: String,
    paragraphs: Vec<Vec<Run>>,
}

/// One line of a list.
pub(crate) struct AnnouncementRow {
    pub(crate) id: u64,
    pub(crate) title: String,
    pub(crate) from: String,
}

/// One as data: both languages.
#[derive(Serialize)]
struct DataAnnouncement {
    id: u64,
    from: String,
    until: String,
    title_zh: String,
    title_en: String,
    body_zh: String,
    body_en: String,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    page: u32,
}

pub(crate) async fn show(
    visit: Visit,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let path = visit.here.split('?').next().unwrap_or_default();
    let (_, format) = Format::of(path);
    let size = if format == Format::Html {
        ON_A_PAGE
    } else {
        IN_A_FILE
    };
    let found = visit
        .store()
        .announcements(Some(AnnouncementState::Shown), Page::new(wanted.page, size))
        .await
        .map_err(Fault::internal)?;
    let next = (found.page < found.pages).then(|| format!("/announcements.json?page={}", found.page + 1));
    match format {
        Format::Html => page(&AnnouncementsPage {
            shell: visit.shell(Desk::Public),
            rows: found.rows.iter().map(|one| row(visit.lang, one)).collect(),
            pager: Pager::new(visit.lang, "/announcements", found.page, size, found.total),
        }),
        Format::Json => {
            let rows: Vec<DataAnnouncement> = found.rows.into_iter().map(data_of).collect();
            data::json(&visit, &headers, &rows, next)
        }
        Format::Atom => Ok(feed(&visit, &headers, &found.rows)),
        Format::Csv => Err(Fault::NotFound),
    }
}

pub(crate) async fn one(visit: Visit, Path(id): Path<u64>) -> Result<Response, Fault> {
    let found = visit.store().announcement(AnnouncementId(id)).await;
    let one = found.map_err(Fault::internal)?;
    let one = one
        .filter(|one| one.state == AnnouncementState::Shown)
        .ok_or(Fault::NotFound)?;
    let lang = visit.lang;
    page(&AnnouncementPage {
        shell: visit.shell(Desk::Public),
        title: title(lang, &one).to_owned(),
        from: day(lang, one.text.from),
        until: day(lang, one.text.until),
        paragraphs: paragraphs(body(lang, &one)),
    })
}

/// The newest that are shown.
pub(crate) async fn newest(visit: &Visit) -> Result<Vec<AnnouncementRow>, Fault> {
    let shown = Some(AnnouncementState::Shown);
    let found = visit.store().announcements(shown, Page::new(1, NEWEST)).await;
    let found = found.map_err(Fault::internal)?;
    Ok(found.rows.iter().map(|one| row(visit.lang, one)).collect())
}

fn row(lang: Lang, one: &Announcement) -> AnnouncementRow {
    AnnouncementRow {
        id: one.id.0,
        title: title(lang, one).to_owned(),
        from: day(lang, one.text.from),
    }
}

fn body(lang: Lang, one: &Announcement) -> &str {
    match lang {
        Lang::Zh => &one.text.body_zh,
        Lang::En => &one.text.body_en,
    }
}

fn data_of(one: Announcement) -> DataAnnouncement {
    DataAnnouncement {
        id: one.id.0,
        from: one.text.from.to_string(),
        until: one.text.until.to_string(),
        title_zh: one.text.title_zh,
        title_en: one.text.title_en,
        body_zh: one.text.body_zh,
        body_en: one.text.body_en,
    }
}

/// The newest as Atom (RFC 4287).
fn feed(visit: &Visit, headers: &HeaderMap, rows: &[Announcement]) -> Response {
    let base = visit.app.report.address.as_deref().unwrap_or_default();
    // It came to be seen when it was published, or on its first day if that was later.
    let since = |one: &Announcement| {
        let published = one.published.as_ref().map_or(one.written_ms, |(_, at_ms)| *at_ms);
        let first = one.text.from.to_zoned(crate::view::shanghai());
        let first = first.map_or(0, |first| first.timestamp().as_millisecond());
        let later = if Frame::day_of(published) >= one.text.from {
            published
        } else {
            first
        };
        jiff::Timestamp::from_millisecond(later).unwrap_or_default()
    };
    let newest = rows.iter().map(since).max().unwrap_or_default();
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
    );
    let (heading, author) = (visit.lang.t("announcements-title"), visit.lang.t("brand"));
    let _infallible = write!(
        xml,
        "<id>urn:xinlian:announcements</id>\n<title>{}</title>\n<updated>{newest}</updated>\n\
         <author><name>{}</name></author>\n<link rel=\"alternate\" href=\"{base}/announcements\"/>\n\
         <link rel=\"self\" href=\"{base}/announcements.atom\"/>\n",
        escaped(&heading),
        escaped(&author),
    );
    for one in rows {
        let _infallible = writeln!(
            xml,
            "<entry><id>urn:xinlian:announcement:{id}</id><title>{}</title><updated>{}</updated>\
             <link href=\"{base}/announcements/{id}\"/><summary>{}</summary></entry>",
            escaped(title(visit.lang, one)),
            since(one),
            escaped(body(visit.lang, one)),
            id = one.id,
        );
    }
    xml.push_str("</feed>\n");
    data::send(
        visit,
        headers,
        "application/atom+xml; charset=utf-8",
        xml.into_bytes(),
    )
}

#[cfg(test)]
impl AnnouncementRow {
    pub(crate) fn sample() -> Self {
        Self {
            id: 3,
            title: "关于年报的提醒".into(),
            from: "2026年11月23日".into(),
        }
    }
}

#[cfg(test)]
impl crate::page::Samples for AnnouncementsPage {
    fn samples(lang: Lang) -> Vec<Self> {
        [Vec::new(), vec![AnnouncementRow::sample()]]
            .map(|rows| Self {
                shell: Shell::sample(lang, Desk::Public),
                pager: Pager::new(lang, "/announcements", 1, ON_A_PAGE, u64::from(!rows.is_empty())),
                rows,
            })
            .into()
    }
}

#[cfg(test)]
impl crate::page::Samples for AnnouncementPage {
    fn samples(lang: Lang) -> Vec<Self> {
        vec![Self {
            shell: Shell::sample(lang, Desk::Public),
            title: "关于年报的提醒".into(),
            from: "2026年11月23日".into(),
            until: "2026年12月31日".into(),
            paragraphs: paragraphs("见[指南](/guide)。\n\n第二段"),
        }]
    }
}
