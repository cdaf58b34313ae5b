//! `GET /my`: the grade with why and how to improve, list entries, looks and every record.

use std::collections::BTreeMap;

use askama::Template;
use assess::{NotRated, Rating};
use axum::response::Response;
use record::{OfficerId, SourceCode};
use store::Look;

use super::{LookView, Opened, look_views, looks, open, shell};
use crate::error::Fault;
use crate::page::{page, see};
use crate::view::{
    EntryView, GradeView, ProcedureView, RecordContext, RecordView, Shell, day, entries, grade, incentives,
    procedures,
};
use crate::visit::{Frame, Visit};

/// The version of the notice on the page.
const NOTICE_VERSION: &str = "2026-1";
/// How many of the latest looks are shown.
const LOOKS_SHOWN: usize = 3;

#[derive(Template)]
#[template(path = "my/home.html")]
pub(crate) struct HomePage {
    shell: Shell,
    as_of: String,
    known: u64,
    /// The notice to be acknowledged first, if none was given.
    notice: Option<String>,
    grade: Option<GradeView>,
    not_rated: String,
    entries: Vec<EntryView>,
    procedures: Vec<ProcedureView>,
    incentives: Vec<(String, String)>,
    incentives_count: u64,
    looks: Vec<LookView>,
    looks_count: u64,
    groups: Vec<Group>,
}

/// The records of one source.
struct Group {
    source: String,
    records: Vec<RecordView>,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let opened = open(&visit, "file").await?;
    let Opened { file, assessment, .. } = &opened;
    let lang = visit.lang;
    let (grade, not_rated) = match &assessment.rating {
        Rating::Rated(found) => {
            let view = grade(lang, &visit.bundle, assessment, found, &file.records);
            (Some(view), None)
        }
        Rating::NotRated(why) => (None, Some(*why)),
    };
    let notice =
        (not_rated == Some(NotRated::NoNotice)).then(|| lang.with("notice-lead", &[("name", &file.name)]));
    let incentives = incentives(lang, assessment);
    let looks = looks(&visit, file.subject, false).await?;
    let mut views = look_views(&visit, &looks);
    views.truncate(LOOKS_SHOWN);
    page(&HomePage {
        shell: shell(&visit, "/my"),
        as_of: day(lang, visit.today()),
        known: visit.as_of.known.0,
        notice,
        grade,
        not_rated: not_rated
            .map(|why| lang.t(&format!("rating-{}", why.code())))
            .unwrap_or_default(),
        entries: entries(lang, &visit.bundle, assessment),
        procedures: procedures(lang, &visit.bundle, assessment),
        incentives_count: u64::try_from(incentives.len()).unwrap_or(0),
        incentives,
        looks: views,
        looks_count: recent(&visit, &looks),
        groups: groups(&visit, &opened),
    })
}

/// How many looks there were in the last 30 days.
fn recent(visit: &Visit, looks: &[Look]) -> u64 {
    let since = visit.today().saturating_sub(jiff::Span::new().days(30));
    let recent = looks
        .iter()
        .filter(|look| Frame::day_of(look.at_ms) >= since)
        .count();
    u64::try_from(recent).unwrap_or(0)
}

/// The records by source, the newest first; acts of one's own stand on their own pages.
fn groups(visit: &Visit, opened: &Opened) -> Vec<Group> {
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: Some(&opened.assessment),
        lang: visit.lang,
    };
    let mut by_source: BTreeMap<&SourceCode, Vec<RecordView>> = BTreeMap::new();
    let seen = opened.file.seen_for(&visit.bundle, opened.permit.purpose());
    for logged in seen.rev() {
        if logged.record().act().is_none() {
            let of_source = by_source.entry(&logged.record().source).or_default();
            of_source.push(context.view(logged));
        }
    }
    let group = |(code, records)| Group {
        source: visit.source_name(code),
        records,
    };
    by_source.into_iter().map(group).collect()
}

/// `POST /my/notice`: the person has read the notice and acknowledges it.
pub(crate) async fn acknowledge(visit: Visit) -> Result<Response, Fault> {
    let opened = open(&visit, "file").await?;
    if opened.assessment.rating == Rating::NotRated(NotRated::NoNotice) {
        let officer = OfficerId::new("subject").map_err(Fault::internal)?;
        let source = SourceCode::new("subject").map_err(Fault::internal)?;
        let noted = visit
            .store()
            .notice(&opened.permit, &officer, &source, NOTICE_VERSION)
            .await;
        noted.map_err(Fault::internal)?;
    }
    Ok(see("/my?done=notice"))
}

#[cfg(test)]
impl crate::page::Samples for HomePage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        use crate::view::sample_grade;
        let with = |notice: Option<String>, grade: Option<GradeView>, full: bool| Self {
            shell: Shell::sample(lang, crate::view::Desk::My),
            as_of: "2026年11月23日".into(),
            known: 1204,
            notice,
            grade,
            not_rated: lang.t("rating-minor"),
            entries: if full {
                vec![EntryView::sample(true)]
            } else {
                Vec::new()
            },
            procedures: if full {
                vec![ProcedureView::sample(lang)]
            } else {
                Vec::new()
            },
            incentives: if full {
                vec![("容缺受理".into(), "…".into())]
            } else {
                Vec::new()
            },
            incentives_count: u64::from(full),
            looks: if full { LookView::samples(lang) } else { Vec::new() },
            looks_count: 3,
            groups: if full {
                vec![Group {
                    source: "市监局".into(),
                    records: vec![RecordView::sample()],
                }]
            } else {
                Vec::new()
            },
        };
        let notice = lang.with("notice-lead", &[("name", "罗志明")]);
        vec![
            with(Some(notice), None, false),
            with(None, None, false),
            with(None, Some(sample_grade(lang)), true),
        ]
    }
}
