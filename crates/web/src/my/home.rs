//! `GET /my`: the grade with why and how to improve, list entries, looks and every record, by source or by time.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use assess::{NotRated, Rating};
use axum::response::Response;
use record::{Logged, OfficerId, SourceCode};
use serde::Deserialize;
use store::Look;

use super::{LookView, Opened, look_views, looks, open, shell, visits};
use crate::access::Action;
use crate::error::Fault;
use crate::extract::Query;
use crate::page::{page, see};
use crate::view::{
    EntryView, GradeView, ImprovementView, ProcedureView, RecordContext, RecordView, Shell, Tone, day,
    entries, grade, incentives, procedures,
};
use crate::visit::{Frame, Visit};

/// The version of the notice on the page.
const NOTICE_VERSION: &str = "2026-1";
/// How many of the latest looks are shown.
const LOOKS_SHOWN: usize = 3;
/// How many ways to improve are shown before one asks for the others.
const BETTER_SHOWN: usize = 5;
/// How many records of one item, all in effect and none adverse, are shown before one asks for the others.
const ALIKE_SHOWN: usize = 2;

#[derive(Template)]
#[template(path = "my/home.html")]
pub(crate) struct HomePage {
    shell: Shell,
    as_of: String,
    known: u64,
    /// The notice to be acknowledged first, if none was given.
    notice: Option<String>,
    grade: Option<GradeView>,
    /// More ways to improve it than the first few.
    better_more: Vec<ImprovementView>,
    not_rated: String,
    entries: Vec<EntryView>,
    procedures: Vec<ProcedureView>,
    incentives: Vec<(String, String)>,
    incentives_count: u64,
    looks: Vec<LookView>,
    can_ask: bool,
    looks_count: u64,
    by_time: bool,
    groups: Vec<Group>,
}

/// The records of one source or of one year.
struct Group {
    title: String,
    count: usize,
    records: Vec<RecordView>,
    /// Those that are like others above them: of the same item, in effect, not adverse.
    alike: Vec<RecordView>,
    alike_count: u64,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// `time`, or by source.
    #[serde(default)]
    by: String,
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let opened = open(&visit, "file").await?;
    let Opened { file, assessment, .. } = &opened;
    let lang = visit.lang;
    let by_time = asked.by == "time";
    let (mut grade, not_rated) = match &assessment.rating {
        Rating::Rated(found) => {
            let view = grade(lang, &visit.bundle, assessment, found, &file.records);
            (Some(view), None)
        }
        Rating::NotRated(why) => (None, Some(*why)),
    };
    let notice =
        (not_rated == Some(NotRated::NoNotice)).then(|| lang.with("notice-lead", &[("name", &file.name)]));
    let better_more = grade.as_mut().map_or_else(Vec::new, |grade| {
        let shown = grade.improvements.len().min(BETTER_SHOWN);
        grade.improvements.split_off(shown)
    });
    let incentives = incentives(lang, assessment);
    let looks = looks(&visit, file.subject, false).await?;
    let views = look_views(&visit, visits(&looks).take(LOOKS_SHOWN), None);
    page(&HomePage {
        shell: shell(&visit, &opened, ""),
        as_of: day(lang, visit.today()),
        known: visit.as_of.known.0,
        notice,
        grade,
        better_more,
        not_rated: not_rated
            .map(|why| lang.t(&format!("rating-{}", why.code())))
            .unwrap_or_default(),
        entries: entries(lang, &visit.bundle, assessment),
        procedures: procedures(lang, &visit.bundle, assessment),
        incentives_count: u64::try_from(incentives.len()).unwrap_or(0),
        incentives,
        looks: views,
        can_ask: visit.may(Action::AskLook),
        looks_count: recent(&visit, &looks),
        by_time,
        groups: groups(&visit, &opened, by_time),
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

/// The records by source or by year, the newest first; acts of one's own stand on their own pages.
fn groups(visit: &Visit, opened: &Opened, by_time: bool) -> Vec<Group> {
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: Some(&opened.assessment),
        lang: visit.lang,
    };
    let seen = opened.file.seen_for(&visit.bundle, opened.permit.purpose());
    let mut records: Vec<&Logged> = seen.filter(|logged| logged.record().act().is_none()).collect();
    records.reverse();
    if by_time {
        records.sort_by_key(|logged| std::cmp::Reverse(logged.record().occurred));
        let mut years: Vec<(i16, Vec<RecordView>)> = Vec::new();
        for logged in records {
            let year = logged.record().occurred.year();
            match years.last_mut() {
                Some((last, of_year)) if *last == year => of_year.push(context.view(logged)),
                _ => years.push((year, vec![context.view(logged)])),
            }
        }
        let title = |year: i16| visit.lang.with("records-year", &[("year", &year.to_string())]);
        return years
            .into_iter()
            .map(|(year, of)| group(title(year), of))
            .collect();
    }
    let mut by_source: BTreeMap<&SourceCode, Vec<RecordView>> = BTreeMap::new();
    for logged in records {
        let of_source = by_source.entry(&logged.record().source).or_default();
        of_source.push(context.view(logged));
    }
    let groups = by_source.into_iter();
    groups
        .map(|(code, of)| group(visit.source_name(code), of))
        .collect()
}

/// A group with what is alike set apart. Whatever is adverse, contested, waiting or over is never among it.
fn group(title: String, all: Vec<RecordView>) -> Group {
    let count = all.len();
    let mut of_item: HashMap<String, usize> = HashMap::new();
    let (alike, records): (Vec<_>, Vec<_>) = all.into_iter().partition(|record| {
        let before = of_item.entry(record.item.clone()).or_default();
        *before += usize::from(record.standing.tone == Tone::Good);
        record.standing.tone == Tone::Good && *before > ALIKE_SHOWN
    });
    Group {
        title,
        count,
        records,
        alike_count: u64::try_from(alike.len()).unwrap_or(0),
        alike,
    }
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
    Ok(see(&visit.own("?done=notice")))
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
            can_ask: full,
            looks_count: 3,
            better_more: Vec::new(),
            by_time: full,
            groups: if full {
                let good = || {
                    let mut record = RecordView::sample();
                    record.standing.tone = Tone::Good;
                    record
                };
                vec![group(
                    "市监局".into(),
                    vec![RecordView::sample(), good(), good(), good()],
                )]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_is_set_apart_and_nothing_adverse_is() {
        let record = |item: &str, tone| {
            let mut record = RecordView::sample();
            record.item = item.into();
            record.standing.tone = tone;
            record
        };
        let all = vec![
            record("penalty", Tone::Bad),
            record("insurance", Tone::Good),
            record("penalty", Tone::Late),
            record("insurance", Tone::Good),
            record("insurance", Tone::Good),
            record("penalty", Tone::Off),
            record("penalty", Tone::Bad),
            record("honour", Tone::Good),
        ];
        let group = group("…".into(), all);
        assert_eq!((group.count, group.records.len(), group.alike_count), (8, 7, 1));
        assert!(group.alike.iter().all(|record| record.item == "insurance"));
    }
}
