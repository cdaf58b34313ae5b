//! `/department/unlinked/{number}`: one unlinked record and the subject it may belong to, side by side.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use identity::SessionHash;
use record::{Identifier, IdentifierKind, RecordNumber, SubjectId, SubjectKind, mask_name, same_name_key};
use serde::Deserialize;
use store::{ActFault, QueueRow, StoreError, SubjectFile, UnlinkedRow};

use super::proposal::{PROPOSED_MOST, ProposalView, proposal_views, shown};
use super::whole::{self, Reveal};
use super::{new_look, officer, shell};
use crate::error::Fault;
use crate::extract::{Form, Path};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Choice, Masked, RecordContext, RecordView, Shell, act_fault, identifier_fault};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "department/link.html")]
pub(crate) struct LinkPage {
    shell: Shell,
    record: RecordView,
    /// The number on the record, if it is of somebody who is known here and will read that it was shown.
    masked: Option<Masked>,
    purposes: Vec<Choice>,
    why: String,
    kinds: Vec<(&'static str, String)>,
    candidate: Option<CandidateView>,
    proposals: Vec<ProposalView>,
    evidence: String,
    faults: Vec<FormFault>,
}

/// A subject that an officer has found for an unlinked record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    subject: SubjectId,
    /// Whether it has been shown beside the record, which is a look at it.
    opened: bool,
}

struct CandidateView {
    name: String,
    kind: String,
    facts: Vec<(String, String)>,
    name_differs: bool,
}

pub(crate) async fn show(visit: Visit, Path(number): Path<u64>) -> Result<Response, Fault> {
    page(&page_of(&visit, RecordNumber(number), false, String::new(), Vec::new()).await?)
}

async fn page_of(
    visit: &Visit,
    number: RecordNumber,
    whole: bool,
    evidence: String,
    faults: Vec<FormFault>,
) -> Result<LinkPage, Fault> {
    let QueueRow { row, proposals } = unlinked(visit, number).await?;
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: None,
        lang: visit.lang,
    };
    let candidate = match candidate(visit, number)? {
        Some(found) => Some(candidate_view(visit, &row, found.subject).await?),
        None => None,
    };
    let kind = |kind: IdentifierKind| (kind.code(), visit.lang.t(&format!("identifier-{}", kind.code())));
    Ok(LinkPage {
        shell: shell(visit, "/department/unlinked").await?,
        record: context.view(&row.logged),
        masked: holder(visit, &row).await?.and_then(|_| {
            let action = format!("/department/unlinked/{number}/reveal");
            whole::masked(visit.lang, &row.logged, whole, action)
        }),
        purposes: whole::purposes(visit.lang),
        why: visit.lang.t(&format!("unlinked-{}", row.why.code())),
        kinds: kinds_for(&row).into_iter().map(kind).collect(),
        candidate,
        proposals: proposal_views(visit.lang, &proposals),
        evidence,
        faults,
    })
}

async fn unlinked(visit: &Visit, number: RecordNumber) -> Result<QueueRow, Fault> {
    let (_, source) = officer(visit)?;
    match visit.store().queue_one(source, number, PROPOSED_MOST).await {
        Ok(row) => Ok(row),
        Err(StoreError::NotFound) => Err(Fault::NotFound),
        Err(error) => Err(Fault::internal(error)),
    }
}

/// Who has the number on the record, whatever name stands beside it.
async fn holder(visit: &Visit, row: &UnlinkedRow) -> Result<Option<SubjectId>, Fault> {
    let stated = row.logged.record().subject.as_ref();
    let Some(identifier) = stated.and_then(|stated| stated.identifier.as_ref()) else {
        return Ok(None);
    };
    let found = visit
        .store()
        .find_subject(identifier.kind(), identifier.value())
        .await;
    found.map_err(Fault::internal)
}

/// `POST /department/unlinked/{number}/reveal`: the whole number on the record, once it was said what for; whoever has it reads that.
pub(crate) async fn reveal(
    visit: Visit,
    Path(number): Path<u64>,
    Form(form): Form<Reveal>,
) -> Result<Response, Fault> {
    let number = RecordNumber(number);
    let QueueRow { row, .. } = unlinked(&visit, number).await?;
    let holder = holder(&visit, &row).await?.ok_or(Fault::NotFound)?;
    let Some(occasion) = form.occasion() else {
        let fault = FormFault {
            field: "purpose",
            says: visit.lang.t("mask-no-purpose"),
        };
        let page = page_of(&visit, number, false, String::new(), vec![fault]).await?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    whole::look(&visit, holder, occasion, number).await?;
    page(&page_of(&visit, number, true, String::new(), Vec::new()).await?)
}

/// The kinds that can name such a subject, the likeliest first.
fn kinds_for(row: &UnlinkedRow) -> Vec<IdentifierKind> {
    let kind = row.logged.record().subject.as_ref().map(|stated| stated.kind);
    let mut kinds: Vec<IdentifierKind> = IdentifierKind::ALL.into();
    match kind {
        Some(SubjectKind::Person) => kinds.retain(|kind| !kind.is_of_organisation()),
        Some(SubjectKind::Organisation) => kinds.retain(|kind| kind.is_of_organisation()),
        _ => kinds.sort_by_key(|kind| !kind.is_of_organisation()),
    }
    kinds
}

/// The shelf is one for all sessions, and a name on it is one owner's: so the name holds the session.
fn shelf_name(session: SessionHash, number: RecordNumber) -> String {
    format!("{session:?}-{number}")
}

fn candidate(visit: &Visit, number: RecordNumber) -> Result<Option<Candidate>, Fault> {
    let session = visit.session()?;
    let name = shelf_name(session, number);
    Ok(visit.app.candidates.get(session, visit.now, &name))
}

fn put_candidate(visit: &Visit, number: RecordNumber, candidate: Candidate) -> Result<(), Fault> {
    let session = visit.session()?;
    let name = shelf_name(session, number);
    let kept = visit.app.candidates.put_as(session, visit.now, name, candidate);
    kept.then_some(()).ok_or(Fault::TooMany)
}

/// Writes the look, then opens the file as far as linking needs it: names and identifiers.
async fn candidate_view(
    visit: &Visit,
    row: &UnlinkedRow,
    subject: SubjectId,
) -> Result<CandidateView, Fault> {
    let number = row.logged.number();
    let look = new_look(visit, subject, &format!("/{number}"), format!("link {number}"))?;
    let permit = visit.store().look(&look).await.map_err(Fault::internal)?;
    let opened = true;
    put_candidate(visit, number, Candidate { subject, opened })?;
    let file = visit.store().file(&permit, None).await.map_err(Fault::internal)?;
    let stated = row.logged.record().subject.as_ref();
    let stated_key = stated.map(|stated| same_name_key(&stated.name));
    Ok(CandidateView {
        name: shown_name(&file),
        kind: visit.lang.t(&format!("kind-{}", file.kind.code())),
        name_differs: stated_key.is_some_and(|key| key != same_name_key(&file.name)),
        facts: identifiers(visit, &file),
    })
}

/// A person's name is masked: the officer has the document.
pub(super) fn shown_name(file: &SubjectFile) -> String {
    if file.kind == SubjectKind::Person {
        mask_name(&file.name)
    } else {
        file.name.clone()
    }
}

/// Every identifier of the file, a person's masked.
pub(super) fn identifiers(visit: &Visit, file: &SubjectFile) -> Vec<(String, String)> {
    let fact = |identifier: &Identifier| {
        let kind = identifier.kind();
        let value = if kind.is_of_organisation() {
            identifier.value().to_owned()
        } else {
            identifier.masked()
        };
        (visit.lang.t(&format!("identifier-{}", kind.code())), value)
    };
    file.identifiers.iter().map(fact).collect()
}

#[derive(Deserialize)]
pub(crate) struct Find {
    kind: String,
    identifier: String,
}

/// `POST …/find`: by identifier, which goes in the body and never in an address.
pub(crate) async fn find(
    visit: Visit,
    Path(number): Path<u64>,
    Form(form): Form<Find>,
) -> Result<Response, Fault> {
    let number = RecordNumber(number);
    unlinked(&visit, number).await?;
    let kind = IdentifierKind::from_code(&form.kind).ok_or_else(|| Fault::bad_request("unknown kind"))?;
    let realm = visit.store().realm();
    let says = match Identifier::parse(kind, &form.identifier, realm) {
        Err(fault) => identifier_fault(visit.lang, &fault),
        Ok((identifier, _)) => {
            let found = visit.store().find_subject(kind, identifier.value()).await;
            if let Some(subject) = found.map_err(Fault::internal)? {
                let opened = false;
                put_candidate(&visit, number, Candidate { subject, opened })?;
                return Ok(see(&format!("/department/unlinked/{number}")));
            }
            visit.lang.t("link-not-found")
        }
    };
    let fault = FormFault {
        field: "identifier",
        says,
    };
    let page = page_of(&visit, number, false, String::new(), vec![fault]).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

#[derive(Deserialize)]
pub(crate) struct Open {
    place: usize,
}

/// `POST …/open`: whom a proposal means, by its place; from then on it is as if found by identifier.
pub(crate) async fn open(
    visit: Visit,
    Path(number): Path<u64>,
    Form(form): Form<Open>,
) -> Result<Response, Fault> {
    let number = RecordNumber(number);
    let proposals = unlinked(&visit, number).await?.proposals;
    let mut proposals = shown(&proposals);
    let place = form.place.checked_sub(1);
    let meant = place
        .and_then(|place| proposals.nth(place))
        .ok_or(Fault::NotFound)?;
    let (subject, opened) = (meant.id, false);
    put_candidate(&visit, number, Candidate { subject, opened })?;
    Ok(see(&format!("/department/unlinked/{number}")))
}

#[derive(Deserialize)]
pub(crate) struct Link {
    evidence: String,
}

/// `POST …/link`: joins the record to the subject that was opened beside it, and to no other.
pub(crate) async fn link(
    visit: Visit,
    Path(number): Path<u64>,
    Form(form): Form<Link>,
) -> Result<Response, Fault> {
    let number = RecordNumber(number);
    let (officer, source) = officer(&visit)?;
    let Some(Candidate {
        subject,
        opened: true,
    }) = candidate(&visit, number)?
    else {
        return Ok(see(&format!("/department/unlinked/{number}")));
    };
    let linked = visit
        .store()
        .link(number, subject, officer, source, &form.evidence)
        .await;
    let (field, says) = match linked {
        Ok(_) => return Ok(see(&format!("/department/unlinked?done=link&n={number}"))),
        Err(StoreError::Act(ActFault::NoReason)) => ("evidence", visit.lang.t("link-evidence-missing")),
        Err(StoreError::Act(ActFault::OtherSource) | StoreError::NotFound) => return Err(Fault::NotFound),
        Err(StoreError::Act(fault)) => {
            let why = act_fault(visit.lang, &fault);
            return Err(Fault::Conflict(visit.lang.with("link-refused", &[("why", &why)])));
        }
        Err(error) => return Err(Fault::internal(error)),
    };
    let page = page_of(
        &visit,
        number,
        false,
        form.evidence,
        vec![FormFault { field, says }],
    )
    .await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

#[cfg(test)]
impl crate::page::Samples for LinkPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let candidate = |name_differs| CandidateView {
            name: "罗*".into(),
            kind: lang.t("kind-person"),
            facts: vec![
                (lang.t("fact-name"), "罗*".into()),
                (lang.t("fact-identifiers"), "440604********1214".into()),
            ],
            name_differs,
        };
        let fault = |field, key: &str| FormFault {
            field,
            says: lang.t(key),
        };
        [
            (None, vec![fault("identifier", "link-not-found")]),
            (
                Some(candidate(true)),
                vec![fault("evidence", "link-evidence-missing")],
            ),
            (Some(candidate(false)), Vec::new()),
        ]
        .map(|(candidate, faults)| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            record: RecordView::sample(),
            masked: candidate.is_some().then(|| Masked {
                id: String::new(),
                label: lang.t("identifier-resident_id"),
                value: "440604********1214".into(),
                whole: false,
                action: "/department/unlinked/7/reveal".into(),
            }),
            purposes: whole::purposes(lang),
            why: lang.t("unlinked-name_differs"),
            kinds: IdentifierKind::ALL
                .map(|kind| (kind.code(), lang.t(&format!("identifier-{}", kind.code()))))
                .into(),
            proposals: if candidate.is_none() {
                ProposalView::samples(lang)
            } else {
                Vec::new()
            },
            candidate,
            evidence: String::new(),
            faults,
        })
        .into()
    }
}
