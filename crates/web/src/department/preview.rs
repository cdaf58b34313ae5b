//! `/department/upload/{token}`: what the check says of a file, how far it is, and handing it in.

use std::sync::PoisonError;

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::waiting::{How, PATIENCE, State, commit_all, held};
use super::{Counts, ErrorRow, NoteView, error_row, layout_name, layouts, notes, shell};
use crate::error::Fault;
use crate::extract::{Form, Path, Query};
use crate::intake::{HandedIn, IntakeFault};
use crate::lang::Lang;
use crate::page::{page, see};
use crate::view::{Pager, RecordContext, Shell};
use crate::visit::Visit;

const PER_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "department/preview.html")]
pub(crate) struct PreviewPage {
    shell: Shell,
    file: String,
    token: String,
    state: PreviewState,
}

enum PreviewState {
    Working(Working),
    Failed(Failed),
    Ready(Box<Ready>),
}

/// Why a file cannot be taken in, and whether its columns can be matched by hand.
struct Failed {
    says: String,
    columns: bool,
}

struct Working {
    says: String,
    done: u64,
    total: u64,
}

struct Ready {
    layout: String,
    counts: Counts,
    takeable: u64,
    /// Rows that are held with other content, and may correct it.
    conflicts: u64,
    errors: Vec<ErrorRow>,
    notes: Vec<NoteView>,
    samples: Vec<SampleRow>,
    pager: Pager,
}

#[derive(Debug, Clone)]
struct SampleRow {
    row: u64,
    subject: String,
    identifier: String,
    item: String,
    summary: String,
    document: String,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    page: u32,
}

/// `GET /department/upload/{token}`: what the check says, or how far it is.
pub(crate) async fn show(
    visit: Visit,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let Some(upload) = held(&visit, &token)? else {
        return Ok(see("/department/upload"));
    };
    let mut shell = shell(&visit, "/department/upload").await?;
    let state = match upload.state() {
        State::Taken(submission) => {
            return Ok(see(&format!("/department/submissions/{submission}")));
        }
        State::Checking { done } => working(&visit, "preview-checking", done, 0),
        State::Taking { done, total } => working(&visit, "preview-taking", done, total),
        State::Failed(fault) => PreviewState::Failed(Failed {
            says: says(visit.lang, &fault),
            columns: of_columns(&fault),
        }),
        State::Checked(checked) => ready(&visit, &token, &checked, asked.page.max(1))?,
    };
    if matches!(state, PreviewState::Working(_)) {
        shell.refresh_seconds = Some(1);
    }
    page(&PreviewPage {
        shell,
        file: upload.file.clone(),
        token,
        state,
    })
}

/// Whether its columns, and nothing else, keep the file out.
fn of_columns(fault: &IntakeFault) -> bool {
    matches!(fault, IntakeFault::File(fault) if ["HEADER-MISSING", "HEADER-TWICE", "LAYOUT-UNKNOWN"].contains(&fault.code.as_str()))
}

fn working(visit: &Visit, key: &str, done: u64, total: u64) -> PreviewState {
    PreviewState::Working(Working {
        says: visit.lang.t(key),
        done,
        total,
    })
}

/// Why a file cannot be taken in; what is ours to mend goes to the log.
fn says(lang: Lang, fault: &IntakeFault) -> String {
    match fault {
        IntakeFault::File(fault) => {
            let end = match lang {
                Lang::Zh => "；",
                Lang::En => "; ",
            };
            format!(
                "{}：{}{end}{}",
                fault.code,
                lang.of(&fault.what),
                lang.of(&fault.help)
            )
        }
        inside => {
            tracing::error!(%inside, "a file could not be taken in");
            lang.t("error-500")
        }
    }
}

fn ready(visit: &Visit, token: &str, checked: &HandedIn, number: u32) -> Result<PreviewState, Fault> {
    let report = &checked.report;
    let lang = visit.lang;
    let skip = usize::try_from((number - 1).saturating_mul(PER_PAGE)).unwrap_or(0);
    let shown = report
        .errors
        .iter()
        .skip(skip)
        .take(usize::try_from(PER_PAGE).unwrap_or(0));
    let total = u64::try_from(report.errors.len()).unwrap_or(0);
    let all = layouts(visit)?;
    Ok(PreviewState::Ready(Box::new(Ready {
        layout: layout_name(visit, &all, report.layout.as_ref()),
        counts: report.into(),
        takeable: u64::from(report.accepted + report.pending + report.unlinked),
        conflicts: conflicts(report),
        errors: shown
            .map(|error| error_row(lang, report.layout.as_ref().and_then(|code| all.get(code)), error))
            .collect(),
        notes: notes(lang, report),
        samples: samples(visit, checked),
        pager: Pager::new(
            lang,
            &format!("/department/upload/{token}"),
            number,
            PER_PAGE,
            total,
        ),
    })))
}

fn conflicts(report: &exchange::Report) -> u64 {
    let found = report.errors.iter().filter(|error| error.code == "CONFLICT");
    found.map(|_| 1).sum()
}

fn samples(visit: &Visit, checked: &HandedIn) -> Vec<SampleRow> {
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: None,
        lang: visit.lang,
    };
    let sample = |(row, record): &(u32, record::Record)| {
        let said = context.said(record);
        SampleRow {
            row: (*row).into(),
            subject: said.name,
            identifier: said.identifier,
            item: said.item,
            summary: said.summary,
            document: record
                .document
                .as_ref()
                .map(|document| document.number.clone())
                .unwrap_or_default(),
        }
    };
    checked.samples.iter().map(sample).collect()
}

#[derive(Deserialize)]
pub(crate) struct Commit {
    /// `yes` if rows that are held with other content correct what is held.
    #[serde(default)]
    corrects: String,
}

/// `POST /department/upload/{token}`: hands in what was checked.
pub(crate) async fn commit(
    visit: Visit,
    Path(token): Path<String>,
    Form(form): Form<Commit>,
) -> Result<Response, Fault> {
    let Some(upload) = held(&visit, &token)? else {
        return Ok(see("/department/upload"));
    };
    let begins = {
        let mut state = upload.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State::Checked(checked) => {
                let total = checked.row_count.into();
                *state = State::Taking { done: 0, total };
                true
            }
            // Sent twice: the first is under way.
            _ => false,
        }
    };
    if begins {
        let how = if form.corrects == "yes" {
            How::TakeWithCorrections
        } else {
            How::Take
        };
        let taking = tokio::spawn(commit_all(
            visit.store().clone(),
            visit.app.reader.clone(),
            upload,
            how,
        ));
        let _still_taking = tokio::time::timeout(PATIENCE, taking).await;
    }
    Ok(see(&format!("/department/upload/{token}")))
}

#[cfg(test)]
impl crate::page::Samples for PreviewPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let ready = |counts: Counts, takeable| {
            PreviewState::Ready(Box::new(Ready {
                layout: "行政处罚".into(),
                counts,
                takeable,
                conflicts: takeable,
                errors: ErrorRow::samples(),
                notes: NoteView::samples(lang),
                samples: vec![SampleRow {
                    row: 2,
                    subject: "罗**".into(),
                    identifier: "440604********1214".into(),
                    item: "行政处罚".into(),
                    summary: "罚款 200 元".into(),
                    document: "佛禅市监处〔2026〕12号".into(),
                }],
                pager: Pager::new(lang, "/x", 1, 50, 8),
            }))
        };
        let working = |key| {
            PreviewState::Working(Working {
                says: lang.t(key),
                done: 10,
                total: 20,
            })
        };
        vec![
            working("preview-checking"),
            working("preview-taking"),
            PreviewState::Failed(Failed {
                says: "…".into(),
                columns: true,
            }),
            ready(Counts::sample(), 1173),
            ready(Counts::default(), 0),
        ]
        .into_iter()
        .map(|state| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            file: "a.csv".into(),
            token: "t".into(),
            state,
        })
        .collect()
    }
}
