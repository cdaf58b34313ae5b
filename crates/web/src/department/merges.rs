//! `/department/merges`: two files that are of one, proposed, in force and undone; and the way to propose another.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::{Identifier, IdentifierKind, SubjectId};
use serde::Deserialize;
use store::MergeState;

use super::{officer, shell};
use crate::error::Fault;
use crate::extract::Form;
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Shell, Tone, identifier_fault};
use crate::visit::Visit;

/// Where the list stands.
pub(super) const LIST: &str = "/department/merges";

#[derive(Template)]
#[template(path = "department/merges.html")]
pub(crate) struct MergesPage {
    shell: Shell,
    kinds: Vec<(&'static str, String)>,
    merges: Vec<MergeRow>,
    faults: Vec<FormFault>,
}

struct MergeRow {
    number: u64,
    when: String,
    by: String,
    state: String,
    tone: Tone,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    page(&page_of(&visit, Vec::new()).await?)
}

async fn page_of(visit: &Visit, faults: Vec<FormFault>) -> Result<MergesPage, Fault> {
    let (_, source) = officer(visit)?;
    let found = visit.store().merges(source).await.map_err(Fault::internal)?;
    let mut merges = Vec::with_capacity(found.len());
    for merge in found {
        merges.push(MergeRow {
            number: merge.number.0,
            when: visit.moment(merge.at_ms),
            by: visit.app.officer_name(&merge.by).await,
            state: visit.lang.t(&format!("merge-{}", merge.state.code())),
            tone: tone(merge.state),
        });
    }
    let kind = |kind: IdentifierKind| (kind.code(), visit.lang.t(&format!("identifier-{}", kind.code())));
    Ok(MergesPage {
        shell: shell(visit, LIST).await?,
        kinds: IdentifierKind::ALL.map(kind).into(),
        merges,
        faults,
    })
}

/// How a state is coloured.
pub(super) fn tone(state: MergeState) -> Tone {
    match state {
        MergeState::Proposed => Tone::Late,
        MergeState::InForce => Tone::Good,
        MergeState::Undone => Tone::Off,
    }
}

#[derive(Deserialize)]
pub(crate) struct Find {
    kept_kind: String,
    kept: String,
    merged_kind: String,
    merged: String,
}

/// `POST …/find`: by identifiers, which go in the body and never in an address.
pub(crate) async fn find(visit: Visit, Form(form): Form<Find>) -> Result<Response, Fault> {
    let mut faults = Vec::new();
    let kept = of(&visit, "kept", &form.kept_kind, &form.kept, &mut faults).await?;
    let merged = of(&visit, "merged", &form.merged_kind, &form.merged, &mut faults).await?;
    if let (Some(kept), Some(merged)) = (kept, merged) {
        if kept != merged {
            let session = visit.session()?;
            let name = format!("{session:?}");
            let put = visit.app.pairs.put_as(session, visit.now, name, (kept, merged));
            put.then_some(()).ok_or(Fault::TooMany)?;
            return Ok(see("/department/merges/new"));
        }
        faults.push(FormFault {
            field: "merged",
            says: visit.lang.t("merge-same"),
        });
    }
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page_of(&visit, faults).await?)
}

async fn of(
    visit: &Visit,
    field: &'static str,
    kind: &str,
    identifier: &str,
    faults: &mut Vec<FormFault>,
) -> Result<Option<SubjectId>, Fault> {
    let kind = IdentifierKind::from_code(kind).ok_or_else(|| Fault::bad_request("unknown kind"))?;
    let says = match Identifier::parse(kind, identifier, visit.store().realm()) {
        Err(fault) => identifier_fault(visit.lang, &fault),
        Ok((identifier, _)) => {
            let found = visit.store().find_subject(kind, identifier.value()).await;
            match found.map_err(Fault::internal)? {
                Some(subject) => return Ok(Some(subject)),
                None => visit.lang.t("link-not-found"),
            }
        }
    };
    faults.push(FormFault { field, says });
    Ok(None)
}

#[cfg(test)]
impl crate::page::Samples for MergesPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = |state: MergeState| MergeRow {
            number: 1204,
            when: "今天 09:41".into(),
            by: "陈科员".into(),
            state: lang.t(&format!("merge-{}", state.code())),
            tone: tone(state),
        };
        let page = |merges, faults| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            kinds: IdentifierKind::ALL
                .map(|kind| (kind.code(), lang.t(&format!("identifier-{}", kind.code()))))
                .into(),
            merges,
            faults,
        };
        let fault = FormFault {
            field: "merged",
            says: lang.t("merge-same"),
        };
        vec![
            page(Vec::new(), vec![fault]),
            page(
                [MergeState::Proposed, MergeState::InForce, MergeState::Undone]
                    .map(row)
                    .into(),
                Vec::new(),
            ),
        ]
    }
}
