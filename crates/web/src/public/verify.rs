//! `/verify`: whether a report was made here, until when it holds, and whether a file is the one that was made, byte for byte.
//! Never what is in it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use record::ReportCode;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use store::{Report, ReportState};

use crate::error::Fault;
use crate::extract::{Multipart, Query};
use crate::page::{FormFault, page_with};
use crate::report::pdf::MARKER;
use crate::state::App;
use crate::view::{Desk, Shell, day};
use crate::visit::{Frame, Visit};

/// The largest file that is looked at. A report is a hundred times smaller.
pub(crate) const FILE_BYTES_MOST: usize = 8 * 1024 * 1024;
/// So many wrong codes with the same beginning within the window close that beginning for a while. A right one does not count, and
/// nobody who types another report's code has to wait.
const WRONG_MOST: u64 = 5;
const WINDOW_MINUTES: i64 = 15;

#[derive(Template)]
#[template(path = "public/verify.html")]
pub(crate) struct VerifyPage {
    shell: Shell,
    code: String,
    most_bytes: usize,
    answer: Option<Answer>,
    faults: Vec<FormFault>,
}

/// What is said of a report.
struct Answer {
    tone: &'static str,
    title: String,
    says: String,
    facts: Vec<(String, String)>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    code: String,
}

/// What is known of the file beside the code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum File {
    /// None was sent.
    NotSent,
    /// It is the one that was made.
    Same,
    /// It is another.
    Differs,
}

pub(crate) async fn show(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let typed: String = asked.code.chars().take(40).collect();
    if typed.trim().is_empty() {
        return answered(&visit, StatusCode::OK, typed, None, Vec::new());
    }
    let Ok(code) = ReportCode::parse(&typed) else {
        return refused(
            &visit,
            StatusCode::UNPROCESSABLE_ENTITY,
            typed,
            "code",
            "verify-no-code",
        );
    };
    match look_up(&app, &visit, &code).await? {
        Found::Wait => refused(
            &visit,
            StatusCode::TOO_MANY_REQUESTS,
            typed,
            "code",
            "verify-wait",
        ),
        Found::Nothing => {
            let answer = Answer::unknown(&visit);
            answered(&visit, StatusCode::NOT_FOUND, typed, Some(answer), Vec::new())
        }
        Found::Report(report) => {
            let answer = Answer::of(&visit, &report, File::NotSent);
            answered(&visit, StatusCode::OK, code.to_string(), Some(answer), Vec::new())
        }
    }
}

/// `POST /verify`: a file, whose digest is compared. The file is not kept.
pub(crate) async fn check(
    State(app): State<App>,
    visit: Visit,
    Multipart(mut form): Multipart,
) -> Result<Response, Fault> {
    let refuses = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Fault::TooLarge,
        _ => Fault::bad_request(error),
    };
    let mut bytes = Vec::new();
    while let Some(field) = form.next_field().await.map_err(refuses)? {
        if field.name() == Some("file") {
            bytes = field.bytes().await.map_err(refuses)?.into();
        }
    }
    if bytes.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return refused(&visit, status, String::new(), "file", "verify-no-file");
    }
    if bytes.len() > FILE_BYTES_MOST {
        return Err(Fault::TooLarge);
    }
    let same = app.store.report_of_digest(Sha256::digest(&bytes).into()).await;
    if let Some(report) = same.map_err(Fault::internal)? {
        let answer = Answer::of(&visit, &report, File::Same);
        return answered(&visit, StatusCode::OK, String::new(), Some(answer), Vec::new());
    }
    let found = match code_in(&bytes) {
        Some(code) => look_up(&app, &visit, &code).await?,
        None => Found::Nothing,
    };
    let (status, answer) = match found {
        Found::Report(report) => (StatusCode::OK, Answer::of(&visit, &report, File::Differs)),
        Found::Nothing | Found::Wait => (StatusCode::NOT_FOUND, Answer::unknown_file(&visit)),
    };
    answered(&visit, status, String::new(), Some(answer), Vec::new())
}

enum Found {
    Report(Box<Report>),
    Nothing,
    /// Too many wrong ones.
    Wait,
}

/// A report by its code, unless too many wrong codes with its beginning were tried.
async fn look_up(app: &App, visit: &Visit, code: &ReportCode) -> Result<Found, Fault> {
    // One at a time: the count cannot be outrun by asking in parallel.
    let _gate = app.verify_gate.lock().await;
    let tried = format!("report {}", code.beginning());
    let since_ms = visit.now.as_millisecond() - WINDOW_MINUTES * 60_000;
    let wrong = app.store.failed_attempts(&tried, since_ms).await;
    if wrong.map_err(Fault::internal)? >= WRONG_MOST {
        return Ok(Found::Wait);
    }
    if let Some(report) = app.store.report(code).await.map_err(Fault::internal)? {
        return Ok(Found::Report(Box::new(report)));
    }
    let noted = app.store.note_attempt(&tried, false).await;
    noted.map_err(Fault::internal)?;
    Ok(Found::Nothing)
}

/// The code that a file of ours names in its keywords, whatever became of the rest.
fn code_in(bytes: &[u8]) -> Option<ReportCode> {
    const PRINTED: usize = 19;
    let marker = MARKER.as_bytes();
    let starts = bytes.windows(marker.len()).enumerate();
    let mut codes = starts
        .filter(|(_, window)| *window == marker)
        .filter_map(|(at, _)| {
            let from = at + marker.len();
            let text = std::str::from_utf8(bytes.get(from..from + PRINTED)?).ok()?;
            ReportCode::parse(text).ok()
        });
    codes.next()
}

impl Answer {
    fn of(visit: &Visit, report: &Report, file: File) -> Self {
        let lang = visit.lang;
        let key = match (report.state, file) {
            (_, File::Differs) => "verify-differs",
            (ReportState::Withdrawn(_), _) => "verify-withdrawn",
            (ReportState::Expired, _) => "verify-expired",
            (ReportState::Holds, File::Same) => "verify-same",
            (ReportState::Holds, File::NotSent) => "verify-holds",
        };
        let tone = match (report.state, file) {
            (_, File::Differs) | (ReportState::Withdrawn(_), _) => "no",
            (ReportState::Expired, _) => "late",
            (ReportState::Holds, _) => "",
        };
        let fact = |key: &str, value: String| (lang.t(key), value);
        let mut facts = vec![
            fact("verify-code", report.code.to_string()),
            fact("verify-name", report.masked_name.clone()),
            fact("verify-made", day(lang, Frame::day_of(report.made_ms))),
            fact("verify-until", day(lang, report.until)),
            fact("verify-edition", report.edition.clone()),
        ];
        if let ReportState::Withdrawn(at_ms) = report.state {
            facts.push(fact("verify-withdrawn-on", day(lang, Frame::day_of(at_ms))));
        }
        let of_file = match file {
            File::NotSent => "verify-file-not-sent",
            File::Same => "verify-file-same",
            File::Differs => "verify-file-differs",
        };
        facts.push(fact("verify-file", lang.t(of_file)));
        Self {
            tone,
            title: lang.t(&format!("{key}-title")),
            says: lang.t(key),
            facts,
        }
    }

    fn unknown(visit: &Visit) -> Self {
        Self::without_facts(
            visit.lang.t("verify-unknown-title"),
            visit.lang.t("verify-unknown"),
        )
    }

    fn unknown_file(visit: &Visit) -> Self {
        Self::without_facts(
            visit.lang.t("verify-unknown-file-title"),
            visit.lang.t("verify-unknown-file"),
        )
    }

    fn without_facts(title: String, says: String) -> Self {
        Self {
            tone: "no",
            title,
            says,
            facts: Vec::new(),
        }
    }
}

fn refused(
    visit: &Visit,
    status: StatusCode,
    typed: String,
    field: &'static str,
    key: &str,
) -> Result<Response, Fault> {
    let minutes = WINDOW_MINUTES.to_string();
    let says = visit.lang.with(key, &[("minutes", &minutes)]);
    answered(visit, status, typed, None, vec![FormFault { field, says }])
}

fn answered(
    visit: &Visit,
    status: StatusCode,
    code: String,
    answer: Option<Answer>,
    faults: Vec<FormFault>,
) -> Result<Response, Fault> {
    let page = VerifyPage {
        shell: visit.shell(Desk::Public),
        code,
        most_bytes: FILE_BYTES_MOST,
        answer,
        faults,
    };
    page_with(status, &page)
}

#[cfg(test)]
impl crate::page::Samples for VerifyPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let page = |answer, faults| Self {
            shell: Shell::sample(lang, Desk::Public),
            code: "7K3M-9QXD-40RT-C2PA".into(),
            most_bytes: FILE_BYTES_MOST,
            answer,
            faults,
        };
        let answer = |key: &str, tone, file: &str| Answer {
            tone,
            title: lang.t(&format!("{key}-title")),
            says: lang.t(key),
            facts: vec![
                (lang.t("verify-code"), "7K3M-9QXD-40RT-C2PA".into()),
                (lang.t("verify-name"), "罗**".into()),
                (lang.t("verify-made"), "…".into()),
                (lang.t("verify-until"), "…".into()),
                (lang.t("verify-edition"), "…".into()),
                (lang.t("verify-withdrawn-on"), "…".into()),
                (lang.t("verify-file"), lang.t(file)),
            ],
        };
        let fault = |field, key: &str| FormFault {
            field,
            says: lang.with(key, &[("minutes", "15")]),
        };
        vec![
            page(None, Vec::new()),
            page(
                Some(answer("verify-holds", "", "verify-file-not-sent")),
                Vec::new(),
            ),
            page(Some(answer("verify-same", "", "verify-file-same")), Vec::new()),
            page(
                Some(answer("verify-differs", "no", "verify-file-differs")),
                Vec::new(),
            ),
            page(
                Some(answer("verify-expired", "late", "verify-file-same")),
                Vec::new(),
            ),
            page(
                Some(answer("verify-withdrawn", "no", "verify-file-same")),
                Vec::new(),
            ),
            page(
                Some(answer("verify-unknown", "no", "verify-file-not-sent")),
                Vec::new(),
            ),
            page(
                Some(answer("verify-unknown-file", "no", "verify-file-not-sent")),
                Vec::new(),
            ),
            page(None, vec![fault("code", "verify-no-code")]),
            page(None, vec![fault("code", "verify-wait")]),
            page(None, vec![fault("file", "verify-no-file")]),
        ]
    }
}
