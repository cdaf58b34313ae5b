//! `GET /department/quality`: how well and how timely this department hands in, month by month.

use askama::Template;
use axum::response::Response;
use record::Date;
use store::MonthQuality;

use super::{officer, shell};
use crate::error::Fault;
use crate::lang::Lang;
use crate::page::page;
use crate::view::{self, Chart, Point, Shell, Tone, grouped, row_fault};
use crate::visit::Visit;

/// How many of the commonest faults a month names.
const FAULTS_SHOWN: usize = 3;

#[derive(Template)]
#[template(path = "department/quality.html")]
pub(crate) struct QualityPage {
    shell: Shell,
    latest: Option<Chart>,
    /// Where there are months enough for a line.
    scores: Option<Chart>,
    faults: Option<Chart>,
    months: Vec<MonthRow>,
}

struct MonthRow {
    month: String,
    files: String,
    undone: u64,
    rows: String,
    refused: String,
    late: String,
    score: String,
    timeliness: String,
    /// Code and how often.
    faults: Vec<(String, String)>,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let months = visit.store().quality(source).await.map_err(Fault::internal)?;
    let (latest, scores, faults) = (
        latest(visit.lang, &months),
        scores(visit.lang, &months),
        faults(visit.lang, &months),
    );
    let percent = |share: Option<u64>| share.map_or_else(|| "–".to_owned(), |share| format!("{share}%"));
    let rows = months.into_iter().map(|month| MonthRow {
        month: month_said(visit.lang, &month),
        files: grouped(month.files),
        undone: month.undone,
        rows: grouped(month.rows),
        refused: grouped(month.refused),
        late: grouped(month.late),
        score: percent(month.score()),
        timeliness: percent(month.timeliness()),
        faults: month
            .faults
            .into_iter()
            .take(FAULTS_SHOWN)
            .map(|(code, found)| (row_fault(visit.lang, &code), grouped(found)))
            .collect(),
    });
    page(&QualityPage {
        latest,
        scores,
        faults,
        months: rows.collect(),
        shell: shell(&visit, "/department/quality").await?,
    })
}

/// A share at which a bar is no longer coloured as a warning.
const FINE_PERCENT: u64 = 90;

fn share(label: String, percent: u64) -> Point {
    Point {
        label,
        value: percent,
        shown: format!("{percent}%"),
        tone: if percent < FINE_PERCENT {
            Tone::Late
        } else {
            Tone::Good
        },
    }
}

/// As one says it; a chart has room for figures only.
fn month_said(lang: Lang, month: &MonthQuality) -> String {
    let day = Date::new(month.year, month.month, 1);
    day.map_or_else(|_| month_name(month), |day| view::month(lang, day))
}

fn month_name(month: &MonthQuality) -> String {
    format!("{:04}-{:02}", month.year, month.month)
}

fn newest(months: &[MonthQuality]) -> Option<&MonthQuality> {
    months.iter().max_by_key(|month| (month.year, month.month))
}

/// Quality and timeliness of the latest month, as bars.
pub(super) fn latest(lang: Lang, months: &[MonthQuality]) -> Option<Chart> {
    let month = newest(months)?;
    let shares = [
        ("quality-score", month.score()),
        ("quality-timeliness", month.timeliness()),
    ];
    let points = shares
        .into_iter()
        .filter_map(|(key, found)| Some(share(lang.t(key), found?)));
    Some(Chart {
        title: lang.with("quality-of", &[("month", &month_said(lang, month))]),
        of: lang.t("nav-quality"),
        unit: "%".to_owned(),
        full: Some(100),
        points: points.collect(),
    })
}

/// Quality month by month, the oldest at the left; nothing for a single month.
fn scores(lang: Lang, months: &[MonthQuality]) -> Option<Chart> {
    let mut all: Vec<&MonthQuality> = months.iter().collect();
    all.sort_by_key(|month| (month.year, month.month));
    let points: Vec<Point> = all
        .into_iter()
        .filter_map(|month| Some(share(month_name(month), month.score()?)))
        .collect();
    (points.len() > 1).then(|| Chart {
        title: lang.t("quality-scores"),
        of: lang.t("quality-month"),
        unit: "%".to_owned(),
        full: Some(100),
        points,
    })
}

/// The commonest faults of the latest month.
pub(super) fn faults(lang: Lang, months: &[MonthQuality]) -> Option<Chart> {
    let month = newest(months)?;
    let point = |(code, found): &(String, u64)| Point {
        label: row_fault(lang, code),
        value: *found,
        shown: grouped(*found),
        tone: Tone::Bad,
    };
    (!month.faults.is_empty()).then(|| Chart {
        title: lang.t("quality-faults"),
        of: lang.t("error-code"),
        unit: lang.t("count-rows"),
        full: None,
        points: month.faults.iter().take(FAULTS_SHOWN).map(point).collect(),
    })
}

/// A chart for rendering samples.
#[cfg(test)]
pub(super) fn sample_chart(lang: Lang) -> Chart {
    Chart {
        title: lang.with("quality-of", &[("month", "2026-11")]),
        of: lang.t("nav-quality"),
        unit: "%".into(),
        full: Some(100),
        points: vec![
            share(lang.t("quality-score"), 99),
            share(lang.t("quality-timeliness"), 62),
        ],
    }
}

#[cfg(test)]
impl crate::page::Samples for QualityPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let row = |undone| MonthRow {
            month: "2026-11".into(),
            files: "12".into(),
            undone,
            rows: "1,204".into(),
            refused: "8".into(),
            late: "3".into(),
            score: "99%".into(),
            timeliness: "98%".into(),
            faults: vec![("DATE-INVALID".into(), "5".into())],
        };
        [Vec::new(), vec![row(0), row(1)]]
            .map(|months| Self {
                shell: Shell::sample(lang, view::Desk::Department),
                latest: (!months.is_empty()).then(|| sample_chart(lang)),
                scores: (months.len() > 1).then(|| sample_chart(lang)),
                faults: (!months.is_empty()).then(|| sample_chart(lang)),
                months,
            })
            .into()
    }
}
