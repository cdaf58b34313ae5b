//! `/department/upload`: choose a file, see what the check says, hand it in.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use askama::Template;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::{Reader, SourceFile};
use record::{LayoutCode, OfficerId, SourceCode, SubmissionId};
use serde::Deserialize;
use store::Store;
use tokio::sync::OwnedSemaphorePermit;

use super::submission::download;
use super::{Counts, ErrorRow, NoteView, error_row, layout_name, layouts, notes, officer, shell};
use crate::error::Fault;
use crate::extract::{Form, Multipart, Path, Query};
use crate::intake::{HandIn, HandedIn, IntakeFault, take_in};
use crate::lang::Lang;
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Pager, RecordContext, Shell};
use crate::visit::Visit;

/// The largest file.
pub(crate) const FILE_BYTES_MOST: usize = 64 * 1024 * 1024;
const PER_PAGE: u32 = 50;
/// A small file is done before the browser is answered; a larger one shows its progress.
const PATIENCE: Duration = Duration::from_millis(1_200);

/// A file between upload and commit. It lives in memory, for identifiers in clear never touch a disk, and is
/// bound to the session that uploaded it.
pub(crate) struct Upload {
    file: String,
    layout: Option<LayoutCode>,
    source: SourceCode,
    officer: OfficerId,
    bytes: Mutex<Vec<u8>>,
    state: Mutex<State>,
    /// Its share of the room that all such files have together.
    _room: OwnedSemaphorePermit,
}

#[derive(Clone)]
enum State {
    Checking { done: u64 },
    Checked(Arc<HandedIn>),
    Failed(Arc<IntakeFault>),
    Taking { done: u64, total: u64 },
    Taken(SubmissionId),
}

/// What a run over the file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// To see what would become of it.
    Check,
    /// To take it in; a row that is held with other content is refused.
    Take,
    /// To take it in; such a row corrects what is held.
    TakeWithCorrections,
}

impl Upload {
    fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// The file's bytes: a copy to check, or the bytes themselves, for nobody needs them after commit.
    fn bytes(&self, keep: bool) -> Vec<u8> {
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        if keep {
            bytes.clone()
        } else {
            std::mem::take(&mut *bytes)
        }
    }

    fn hand_in(&self, how: How) -> HandIn {
        HandIn {
            source: self.source.clone(),
            officer: self.officer.clone(),
            layout: self.layout.clone(),
            dry_run: how == How::Check,
            corrects: how == How::TakeWithCorrections,
        }
    }
}

#[derive(Template)]
#[template(path = "department/upload.html")]
pub(crate) struct UploadPage {
    shell: Shell,
    layouts: Vec<LayoutChoice>,
    chosen: String,
    most_bytes: usize,
    faults: Vec<FormFault>,
}

struct LayoutChoice {
    code: String,
    name: String,
}

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
    Failed(String),
    Ready(Box<Ready>),
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

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    page(&page_of(&visit, String::new(), Vec::new()).await?)
}

async fn page_of(visit: &Visit, chosen: String, faults: Vec<FormFault>) -> Result<UploadPage, Fault> {
    let (_, source) = officer(visit)?;
    let all = layouts(visit)?;
    let choices = all.of_source(&visit.bundle, source).map(|layout| LayoutChoice {
        code: layout.code().to_string(),
        name: visit.lang.of(layout.name()),
    });
    Ok(UploadPage {
        shell: shell(visit, "/department/upload").await?,
        layouts: choices.collect(),
        chosen,
        most_bytes: FILE_BYTES_MOST,
        faults,
    })
}

/// `POST /department/upload`: keeps the file and begins to check it.
pub(crate) async fn receive(visit: Visit, form: Multipart) -> Result<Response, Fault> {
    let sent = Sent::read(form).await?;
    let fault = |field, key: &str| FormFault {
        field,
        says: visit.lang.t(key),
    };
    let layout = LayoutCode::new(sent.layout.clone()).ok();
    let layout = layout.filter(|code| layouts(&visit).is_ok_and(|all| all.get(code).is_some()));
    let mut faults = Vec::new();
    if sent.bytes.is_empty() {
        faults.push(fault("file", "upload-no-file"));
    }
    if layout.is_none() && !sent.layout.is_empty() {
        faults.push(fault("layout", "upload-unknown-layout"));
    }
    if !faults.is_empty() {
        let page = page_of(&visit, sent.layout, faults).await?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let (officer, source) = officer(&visit)?;
    let kib = u32::try_from(sent.bytes.len().div_ceil(1024)).map_err(|_| Fault::TooLarge)?;
    let room = Arc::clone(&visit.app.upload_kib).try_acquire_many_owned(kib);
    let put = room.ok().and_then(|room| {
        let upload = Arc::new(Upload {
            file: sent.file,
            layout,
            source: source.clone(),
            officer: officer.clone(),
            bytes: Mutex::new(sent.bytes),
            state: Mutex::new(State::Checking { done: 0 }),
            _room: room,
        });
        let token = visit
            .app
            .uploads
            .put(visit.session?, visit.now, Arc::clone(&upload))?;
        Some((token, upload))
    });
    let Some((token, upload)) = put else {
        let page = page_of(&visit, sent.layout, vec![fault("file", "upload-busy-elsewhere")]).await?;
        return page_with(StatusCode::SERVICE_UNAVAILABLE, &page);
    };
    let checking = tokio::spawn(check(visit.store().clone(), visit.app.reader.clone(), upload));
    let _still_checking = tokio::time::timeout(PATIENCE, checking).await;
    Ok(see(&format!("/department/upload/{token}")))
}

/// What the form sent.
struct Sent {
    file: String,
    bytes: Vec<u8>,
    layout: String,
}

impl Sent {
    async fn read(Multipart(mut form): Multipart) -> Result<Self, Fault> {
        let refused = |error: MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Fault::TooLarge,
            _ => Fault::bad_request(error),
        };
        let mut sent = Self {
            file: String::new(),
            bytes: Vec::new(),
            layout: String::new(),
        };
        while let Some(field) = form.next_field().await.map_err(refused)? {
            match field.name() {
                Some("file") => {
                    sent.file = plain_name(field.file_name().unwrap_or_default());
                    sent.bytes = field.bytes().await.map_err(refused)?.into();
                }
                Some("layout") => sent.layout = field.text().await.map_err(refused)?,
                _ => {}
            }
        }
        if sent.bytes.len() > FILE_BYTES_MOST {
            return Err(Fault::TooLarge);
        }
        Ok(sent)
    }
}

/// A file's name without folders, tidied, at most 100 characters.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    record::tidy_text(last).chars().take(100).collect()
}

async fn check(store: Store, reader: Reader, upload: Arc<Upload>) {
    let state = match run(&store, reader, &upload, How::Check).await {
        Ok(checked) => State::Checked(Arc::new(checked)),
        Err(fault) => State::Failed(Arc::new(fault)),
    };
    upload.set(state);
}

async fn commit_all(store: Store, reader: Reader, upload: Arc<Upload>, how: How) {
    let state = match run(&store, reader, &upload, how).await {
        Ok(HandedIn {
            submission: Some(submission),
            ..
        }) => State::Taken(submission),
        Ok(_) => State::Failed(Arc::new(IntakeFault::Inside(
            "a commit without a submission".to_owned(),
        ))),
        Err(fault) => State::Failed(Arc::new(fault)),
    };
    upload.set(state);
}

/// Looks the file through on a thread of its own, then takes it in or pretends to.
async fn run(store: &Store, reader: Reader, upload: &Upload, how: How) -> Result<HandedIn, IntakeFault> {
    let (name, bytes) = (upload.file.clone(), upload.bytes(how == How::Check));
    let opened = tokio::task::spawn_blocking(move || SourceFile::from_bytes(&name, bytes, &reader)).await;
    let opened = opened.map_err(|error| IntakeFault::Inside(error.to_string()))?;
    let file = opened.map_err(|fault| IntakeFault::File(Box::new(fault)))?;
    let total = u64::from(file.row_count());
    let progress = |done| {
        upload.set(if how == How::Check {
            State::Checking { done }
        } else {
            State::Taking { done, total }
        });
    };
    take_in(store, &upload.hand_in(how), file, progress).await
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    page: u32,
}

fn held(visit: &Visit, token: &str) -> Result<Option<Arc<Upload>>, Fault> {
    Ok(visit.app.uploads.get(visit.session()?, visit.now, token))
}

/// `GET /department/upload/{token}`: what the check says, or how far it is.
pub(crate) async fn preview(
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
        State::Failed(fault) => PreviewState::Failed(says(visit.lang, &fault)),
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
        errors: shown.map(|error| error_row(lang, error)).collect(),
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

/// `GET /department/templates/{layout}.xlsx`
pub(crate) async fn template(visit: Visit, Path(file): Path<String>) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let code = file
        .strip_suffix(".xlsx")
        .and_then(|code| LayoutCode::new(code).ok());
    let code = code.ok_or(Fault::NotFound)?;
    let all = layouts(&visit)?;
    let found = all
        .of_source(&visit.bundle, source)
        .find(|layout| *layout.code() == code);
    let bytes = exchange::template_workbook(found.ok_or(Fault::NotFound)?);
    Ok(download(&file, bytes.map_err(Fault::internal)?))
}

#[cfg(test)]
impl crate::page::Samples for UploadPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let layouts = || {
            vec![LayoutChoice {
                code: "sgs-penalty-2018".into(),
                name: "行政处罚".into(),
            }]
        };
        let fault = FormFault {
            field: "file",
            says: lang.t("upload-no-file"),
        };
        [Vec::new(), vec![fault]]
            .map(|faults| Self {
                shell: Shell::sample(lang, crate::view::Desk::Department),
                layouts: layouts(),
                chosen: "sgs-penalty-2018".into(),
                most_bytes: 64,
                faults,
            })
            .into()
    }
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
            PreviewState::Failed("…".into()),
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
