//! `/gallery`: every component of the pages with an example of each state, for whoever builds or judges a page. What it shows is made up and says
//! nothing of anyone.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::attached::FileView;
use crate::error::Fault;
use crate::extract::{Form, Query};
use crate::lang::Lang;
use crate::page::{FormFault, page, page_with, see};
use crate::view::{
    Chart, Choice, Column, Desk, Figure, Filter, Given, GradeView, ImprovementView, LetterStep, Masked,
    Pager, Point, ReasonView, Shell, Sort, Step, Task, Tone, grouped, points, with_query,
};
use crate::visit::Visit;

const PATH: &str = "/gallery";
const ROWS_PER_PAGE: u32 = 4;
/// Month, rows handed in, rows sent back.
const MONTHS: [(&str, u64, u64); 6] = [
    ("2026-06", 812, 41),
    ("2026-07", 930, 22),
    ("2026-08", 1104, 30),
    ("2026-09", 986, 12),
    ("2026-10", 1180, 9),
    ("2026-11", 1204, 8),
];

#[derive(Template)]
#[template(path = "public/gallery.html")]
pub(crate) struct GalleryPage {
    shell: Shell,
    columns: Vec<Column>,
    filters: Vec<Filter>,
    rows: Vec<Row>,
    pager: Pager,
    figures: Vec<Figure>,
    tasks: Vec<Task>,
    given: Vec<Given>,
    files: Vec<FileView>,
    file_faults: Vec<FormFault>,
    steps: Vec<Step>,
    grade: GradeView,
    masked: Masked,
    purposes: Vec<Choice>,
    bar: Chart,
    line: Chart,
    ring: Chart,
    spark: Chart,
    faults: Vec<FormFault>,
}

struct Row {
    month: &'static str,
    rows: u64,
    refused: u64,
}

#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    sort: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: u32,
    #[serde(default)]
    shown: u8,
}

#[derive(Deserialize)]
pub(crate) struct Reveal {
    #[serde(default)]
    purpose: String,
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    page(&gallery(visit.shell(Desk::Public), &asked, Vec::new()))
}

/// `POST /gallery`: what the form of a masked value does when a purpose is given, and when none is.
pub(crate) async fn reveal(visit: Visit, Form(form): Form<Reveal>) -> Result<Response, Fault> {
    if form.purpose.is_empty() {
        let fault = FormFault {
            field: "purpose",
            says: visit.lang.t("mask-no-purpose"),
        };
        let page = gallery(visit.shell(Desk::Public), &Asked::default(), vec![fault]);
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    Ok(see("/gallery?shown=1#mask"))
}

fn gallery(shell: Shell, asked: &Asked, faults: Vec<FormFault>) -> GalleryPage {
    let lang = shell.lang;
    let states = ["few", "many"].map(|code| (code.to_owned(), lang.t(&format!("gallery-state-{code}"))));
    let state = Filter::new(
        "state",
        lang.t("count-refused"),
        lang.t("all"),
        states,
        &asked.state,
    );
    let href = with_query(PATH, &[("state", &asked.state)]);
    let sort = Sort::of(&asked.sort, &["month", "rows", "refused"]);
    let mut rows: Vec<Row> = MONTHS
        .into_iter()
        .filter(|(_, _, refused)| match asked.state.as_str() {
            "few" => *refused < 20,
            "many" => *refused >= 20,
            _ => true,
        })
        .map(|(month, rows, refused)| Row { month, rows, refused })
        .collect();
    match sort.by {
        "rows" => sort.rows(&mut rows, |row| row.rows),
        "refused" => sort.rows(&mut rows, |row| row.refused),
        _ => sort.rows(&mut rows, |row| row.month),
    }
    let total = u64::try_from(rows.len()).unwrap_or(0);
    let number = asked
        .page
        .clamp(1, 1 + u32::from(total > u64::from(ROWS_PER_PAGE)));
    let per_page = usize::try_from(ROWS_PER_PAGE).unwrap_or(0);
    let skip = if number > 1 { per_page } else { 0 };
    let column = |key: &str, name| Column::sorts(lang.t(key), name, sort, &href);
    GalleryPage {
        columns: vec![
            column("quality-month", "month"),
            column("count-rows", "rows").right(),
            column("count-refused", "refused").right(),
            Column::plain(lang.t("submission-state")),
        ],
        filters: vec![state],
        rows: rows.into_iter().skip(skip).take(per_page).collect(),
        pager: Pager::new(
            lang,
            &with_query(&href, &[("sort", &asked.sort)]),
            number,
            ROWS_PER_PAGE,
            total,
        ),
        figures: figures(lang),
        tasks: tasks(lang),
        given: given(lang),
        files: FileView::samples(lang),
        file_faults: vec![FormFault {
            field: "files",
            says: lang.t("fault-FILE-KIND"),
        }],
        steps: steps(lang),
        grade: sample_grade(lang),
        masked: masked(lang, asked.shown == 1),
        purposes: purposes(lang),
        bar: bar(lang),
        line: months(lang, "count-rows", |(_, rows, _)| rows),
        ring: ring(lang),
        spark: months(lang, "count-refused", |(_, _, refused)| refused),
        faults,
        shell,
    }
}

fn figures(lang: Lang) -> Vec<Figure> {
    let figure = |number, key: &str, class| Figure {
        number: grouped(number),
        says: lang.t(key),
        class,
    };
    vec![
        figure(1204, "count-rows", ""),
        figure(1173, "count-pending", "plus"),
        figure(14, "count-duplicate", ""),
        figure(9, "count-unlinked", "wait"),
        figure(8, "count-refused-long", "minus"),
    ]
}

fn tasks(lang: Lang) -> Vec<Task> {
    let task = |count, key: &str, more: String, tone| Task {
        count,
        says: lang.t(key),
        more,
        tone,
        href: PATH,
        go: lang.t("unlinked-open"),
    };
    vec![
        task(2, "due-owed", lang.count("due-owed-late", 1), Tone::Bad),
        task(31, "due-unlinked", lang.t("due-unlinked-what"), Tone::Late),
        task(0, "due-to-confirm", String::new(), Tone::Off),
    ]
}

fn given(lang: Lang) -> Vec<Given> {
    let given = |key: &str, value: String, change| Given {
        label: lang.t(key),
        value,
        change,
    };
    vec![
        given("applicant", "罗**".into(), Some(PATH.into())),
        given("counter-case", "2026-1123-0419".into(), Some(PATH.into())),
        given("letter-time", lang.with("letter-time-says", &[("n", "10")]), None),
    ]
}

fn steps(lang: Lang) -> Vec<Step> {
    let day = |day: i8| crate::view::day(lang, jiff::civil::date(2026, 11, day));
    let step = |key: &str, on, tone| Step {
        what: lang.t(key),
        when: day(on),
        who: lang.t("gallery-office"),
        says: String::new(),
        tone,
    };
    vec![
        step("timeline-received", 2, Tone::Good),
        step("object-title", 18, Tone::Late),
        step("timeline-not-upheld", 20, Tone::Bad),
        step("timeline-ended", 23, Tone::Off),
    ]
}

fn sample_grade(lang: Lang) -> GradeView {
    let reason = |by: i32, key: &str, record| ReasonView {
        points: points(by),
        minus: by < 0,
        text: lang.t(key),
        from: lang.t("gallery-office"),
        record,
    };
    let letter = |letter, from, here| LetterStep { letter, from, here };
    GradeView {
        letter: "A",
        points: 92,
        opens: lang.count("grade-opens", 14),
        reasons: vec![
            reason(70, "gallery-reason-base", None),
            reason(28, "gallery-reason-plus", Some(1)),
            reason(-6, "gallery-reason-minus", Some(2)),
        ],
        sum_says: lang.with("grade-sum", &[("letter", "A"), ("from", "85")]),
        improvements: vec![ImprovementView {
            points: points(6),
            text: lang.t("gallery-better"),
            on: None,
            opens: false,
            letter_then: String::new(),
        }],
        scale: vec![
            letter("D", 0, false),
            letter("C", 55, false),
            letter("B", 70, false),
            letter("A", 85, true),
        ],
    }
}

fn masked(lang: Lang, whole: bool) -> Masked {
    let value = if whole {
        "440604190001011214"
    } else {
        "440604********1214"
    };
    Masked {
        id: String::new(),
        label: lang.t("identifier-resident_id"),
        value: value.to_owned(),
        whole,
        action: PATH.to_owned(),
    }
}

fn purposes(lang: Lang) -> Vec<Choice> {
    let first = (String::new(), lang.t("mask-choose"), true);
    let more =
        ["call", "card"].map(|code| (code.to_owned(), lang.t(&format!("gallery-purpose-{code}")), false));
    std::iter::once(first).chain(more).collect()
}

fn chart(lang: Lang, title: String, of: &str, points: Vec<Point>) -> Chart {
    Chart {
        title,
        of: lang.t(of),
        unit: lang.t("count-rows"),
        full: None,
        points,
    }
}

fn bar(lang: Lang) -> Chart {
    let point = |key: &str, value: u64, tone| Point {
        label: lang.t(key),
        value,
        shown: format!("{value}%"),
        tone,
    };
    let points = vec![
        point("quality-score", 99, Tone::Good),
        point("quality-timeliness", 62, Tone::Late),
    ];
    Chart {
        full: Some(100),
        unit: "%".into(),
        ..chart(lang, lang.t("nav-quality"), "quality-month", points)
    }
}

fn months(lang: Lang, key: &str, of: fn((&'static str, u64, u64)) -> u64) -> Chart {
    let point = |month: (&'static str, u64, u64)| Point {
        label: month.0.to_owned(),
        value: of(month),
        shown: grouped(of(month)),
        tone: Tone::Good,
    };
    chart(lang, lang.t(key), "quality-month", MONTHS.map(point).into())
}

fn ring(lang: Lang) -> Chart {
    let point = |key: &str, value, tone| Point {
        label: lang.t(key),
        value,
        shown: grouped(value),
        tone,
    };
    let points = vec![
        point("count-accepted", 1173, Tone::Good),
        point("count-duplicate", 140, Tone::Off),
        point("count-unlinked", 90, Tone::Late),
        point("count-refused", 80, Tone::Bad),
    ];
    chart(lang, lang.t("submission-state"), "submission-state", points)
}

#[cfg(test)]
impl crate::page::Samples for GalleryPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let asked = |sort: &str, state: &str, page, shown| Asked {
            sort: sort.into(),
            state: state.into(),
            page,
            shown,
        };
        let fault = || FormFault {
            field: "purpose",
            says: lang.t("mask-no-purpose"),
        };
        let with = |asked, faults| gallery(Shell::sample(lang, Desk::Public), &asked, faults);
        vec![
            with(asked("", "", 0, 0), Vec::new()),
            with(asked("-rows", "many", 2, 1), Vec::new()),
            with(asked("refused", "few", 1, 0), vec![fault()]),
        ]
    }
}
