//! `/department/merges/new` and `/department/merges/{number}`: two files side by side, and what becomes of them.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::{RecordNumber, SubjectId};
use serde::Deserialize;
use store::{ActFault, LookPermit, MergeInfo, MergeState, StoreError, SubjectFile};

use super::link::{identifiers, shown_name};
use super::merges::{LIST, tone};
use super::{new_look, officer, shell};
use crate::error::Fault;
use crate::extract::{Form, Path};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Shell, Tone, act_fault};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "department/merge.html")]
pub(crate) struct MergePage {
    shell: Shell,
    /// Empty for one that is not proposed yet.
    number: String,
    state: Option<(String, Tone)>,
    /// Whose file stays, and whose goes into it; the second is gone once they are one.
    files: Vec<FileView>,
    can_confirm: bool,
    can_undo: bool,
    /// Where the form goes: to propose or to undo.
    why: String,
    faults: Vec<FormFault>,
}

/// A file as it stands beside another, as far as comparing needs it.
pub(super) struct FileView {
    pub(super) title: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) facts: Vec<(String, String)>,
    pub(super) records: u64,
}

/// What the forms bring.
#[derive(Deserialize, Default)]
pub(crate) struct Why {
    #[serde(default)]
    pub(super) why: String,
}

/// Two looks, one for each file. Guard 9: they are written before anything is shown or done.
struct Both {
    kept: LookPermit,
    merged: LookPermit,
}

/// A look at one of two files that are put beside each other.
pub(super) async fn look_beside(
    visit: &Visit,
    (subject, other): (SubjectId, SubjectId),
    what: &str,
) -> Result<LookPermit, Fault> {
    let case = format!("/{subject}-{other}");
    let look = new_look(visit, subject, &case, what.to_owned())?;
    visit.store().look(&look).await.map_err(Fault::of_store)
}

async fn look_at_both(visit: &Visit, (kept, merged): (SubjectId, SubjectId)) -> Result<Both, Fault> {
    Ok(Both {
        kept: look_beside(visit, (kept, merged), "merge").await?,
        merged: look_beside(visit, (merged, kept), "merge").await?,
    })
}

/// A file under a title.
pub(super) fn file_view(visit: &Visit, file: &SubjectFile, title: &str) -> FileView {
    FileView {
        title: visit.lang.t(title),
        name: shown_name(file),
        kind: visit.lang.t(&format!("kind-{}", file.kind.code())),
        facts: identifiers(visit, file),
        records: file.records.len() as u64,
    }
}

/// The file that a look has opened.
pub(super) async fn opened(visit: &Visit, permit: &LookPermit) -> Result<SubjectFile, Fault> {
    visit.store().file(permit, None).await.map_err(Fault::internal)
}

/// What is merged, or to be: an act's, or what was found in this session.
enum Asked {
    New((SubjectId, SubjectId)),
    Old(MergeInfo),
}

impl Asked {
    fn pair(&self) -> (SubjectId, SubjectId) {
        match self {
            Self::New(pair) => *pair,
            Self::Old(merge) => (merge.subject, merge.merged),
        }
    }
}

async fn page_of(
    visit: &Visit,
    asked: &Asked,
    both: &Both,
    why: String,
    faults: Vec<FormFault>,
) -> Result<MergePage, Fault> {
    let (officer, _) = officer(visit)?;
    let state = match asked {
        Asked::New(_) => None,
        Asked::Old(merge) => Some(merge.state),
    };
    let mut files = vec![file_view(visit, &opened(visit, &both.kept).await?, "merge-kept")];
    if both.merged.subject() != both.kept.subject() {
        files.push(file_view(
            visit,
            &opened(visit, &both.merged).await?,
            "merge-merged",
        ));
    }
    let own = matches!(asked, Asked::Old(merge) if merge.by == *officer);
    Ok(MergePage {
        shell: shell(visit, LIST).await?,
        number: match asked {
            Asked::New(_) => String::new(),
            Asked::Old(merge) => merge.number.to_string(),
        },
        state: state.map(|state| (visit.lang.t(&format!("merge-{}", state.code())), tone(state))),
        files,
        can_confirm: state == Some(MergeState::Proposed) && !own,
        can_undo: matches!(state, Some(MergeState::Proposed | MergeState::InForce)),
        why,
        faults,
    })
}

fn pair(visit: &Visit) -> Result<Option<(SubjectId, SubjectId)>, Fault> {
    let session = visit.session()?;
    Ok(visit.app.pairs.get(session, visit.now, &format!("{session:?}")))
}

async fn shown(visit: &Visit, asked: Asked) -> Result<Response, Fault> {
    let both = look_at_both(visit, asked.pair()).await?;
    page(&page_of(visit, &asked, &both, String::new(), Vec::new()).await?)
}

/// `GET …/new`: the two that were found, side by side.
pub(crate) async fn compare(visit: Visit) -> Result<Response, Fault> {
    match pair(&visit)? {
        Some(pair) => shown(&visit, Asked::New(pair)).await,
        None => Ok(see(LIST)),
    }
}

/// `POST …/new`: the officer says that the two are one; without effect before a second one confirms it.
pub(crate) async fn propose(visit: Visit, Form(form): Form<Why>) -> Result<Response, Fault> {
    let Some(pair) = pair(&visit)? else {
        return Ok(see(LIST));
    };
    let (officer, source) = officer(&visit)?;
    let both = look_at_both(&visit, pair).await?;
    let store = visit.store();
    let done = store
        .merge(&both.kept, &both.merged, officer, source, &form.why)
        .await;
    answer(&visit, &Asked::New(pair), &both, form, done, "merge-propose").await
}

async fn merge(visit: &Visit, number: u64) -> Result<MergeInfo, Fault> {
    let (_, source) = officer(visit)?;
    match visit.store().merge_info(source, RecordNumber(number)).await {
        Ok(merge) => Ok(merge),
        Err(StoreError::NotFound) => Err(Fault::NotFound),
        Err(error) => Err(Fault::internal(error)),
    }
}

/// `GET …/{number}`.
pub(crate) async fn show(visit: Visit, Path(number): Path<u64>) -> Result<Response, Fault> {
    let merge = merge(&visit, number).await?;
    shown(&visit, Asked::Old(merge)).await
}

/// `POST …/{number}/confirm`: by a second officer.
pub(crate) async fn confirm(visit: Visit, Path(number): Path<u64>) -> Result<Response, Fault> {
    let asked = Asked::Old(merge(&visit, number).await?);
    let (officer, source) = officer(&visit)?;
    let both = look_at_both(&visit, asked.pair()).await?;
    let done = visit
        .store()
        .confirm_merge(RecordNumber(number), &both.kept, &both.merged, officer, source)
        .await;
    answer(&visit, &asked, &both, Why::default(), done, "merge-confirm").await
}

/// `POST …/{number}/undo`: two files again, at once.
pub(crate) async fn undo(
    visit: Visit,
    Path(number): Path<u64>,
    Form(form): Form<Why>,
) -> Result<Response, Fault> {
    let asked = Asked::Old(merge(&visit, number).await?);
    let (officer, source) = officer(&visit)?;
    let both = look_at_both(&visit, asked.pair()).await?;
    let done = visit
        .store()
        .unmerge(RecordNumber(number), &both.kept, officer, source, &form.why)
        .await;
    answer(&visit, &asked, &both, form, done, "merge-undo").await
}

async fn answer(
    visit: &Visit,
    asked: &Asked,
    both: &Both,
    form: Why,
    done: Result<RecordNumber, StoreError>,
    what: &str,
) -> Result<Response, Fault> {
    let says = match done {
        Ok(_) => return Ok(see(&format!("{LIST}?done={what}"))),
        Err(StoreError::Act(ActFault::NoReason)) => visit.lang.t("link-evidence-missing"),
        Err(StoreError::Act(ActFault::OtherSource)) => visit.lang.t("merge-other-source"),
        Err(StoreError::Act(fault)) => {
            let why = act_fault(visit.lang, &fault);
            return Err(Fault::Conflict(
                visit.lang.with("merge-refused", &[("why", &why)]),
            ));
        }
        Err(error) => return Err(Fault::internal(error)),
    };
    let fault = FormFault { field: "why", says };
    let page = page_of(visit, asked, both, form.why, vec![fault]).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

#[cfg(test)]
impl FileView {
    /// Files under these titles.
    pub(super) fn samples<const N: usize>(lang: crate::lang::Lang, titles: [&str; N]) -> Vec<Self> {
        let file = |title: &str| Self {
            title: lang.t(title),
            name: "罗*".into(),
            kind: lang.t("kind-person"),
            facts: vec![(lang.t("identifier-resident_id"), "440604********1214".into())],
            records: 12,
        };
        titles.map(file).into()
    }
}

#[cfg(test)]
impl crate::page::Samples for MergePage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let page = |number: &str, state: Option<MergeState>, one: bool, faults| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            number: number.into(),
            state: state.map(|state| (lang.t(&format!("merge-{}", state.code())), tone(state))),
            files: if one {
                FileView::samples(lang, ["merge-kept"])
            } else {
                FileView::samples(lang, ["merge-kept", "merge-merged"])
            },
            can_confirm: state == Some(MergeState::Proposed),
            can_undo: matches!(state, Some(MergeState::Proposed | MergeState::InForce)),
            why: String::new(),
            faults,
        };
        let fault = FormFault {
            field: "why",
            says: lang.t("merge-other-source"),
        };
        vec![
            page("", None, false, vec![fault]),
            page("7", Some(MergeState::Proposed), false, Vec::new()),
            page("7", Some(MergeState::InForce), true, Vec::new()),
            page("7", Some(MergeState::Undone), false, Vec::new()),
        ]
    }
}
