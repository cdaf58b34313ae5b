//! `/department/sharing`: what this department is given by others, what others ask of it, and what has to be put right.

pub(crate) mod answer;
pub(crate) mod asking;
pub(crate) mod catalogue;
pub(crate) mod changes;
pub(crate) mod events;
pub(crate) mod matrix;
pub(crate) mod new;
pub(crate) mod one;

use askama::Template;
use axum::response::Response;
use record::{ItemCode, SourceCode};
use store::{Share, ShareState};

use super::{officer, shell};
use crate::error::Fault;
use crate::page::page;
use crate::view::{Shell, Tone, day};
use crate::visit::{Frame, Visit};

/// Where the desk of sharing stands.
pub(super) const HOME: &str = "/department/sharing";

#[derive(Template)]
#[template(path = "department/sharing/home.html")]
pub(crate) struct SharingPage {
    shell: Shell,
    changes: Vec<changes::ChangeRow>,
    /// What others ask of this department and wait for.
    asked: Vec<ShareRow>,
    /// What this department is given, or has applied for.
    taken: Vec<ShareRow>,
    /// What this department gives.
    given: Vec<ShareRow>,
}

/// One share in a list.
pub(crate) struct ShareRow {
    number: u64,
    item: String,
    /// The other side.
    other: String,
    since: String,
    until: String,
    state: String,
    tone: Tone,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let shares = visit.store().shares().await.map_err(Fault::internal)?;
    let waits = |share: &&Share| share.asks.owner == *source && share.state == ShareState::Waiting;
    let given = |share: &&Share| share.asks.owner == *source && share.state != ShareState::Waiting;
    let taken = |share: &&Share| share.recipient == *source;
    let row = |share: &Share| share_row(&visit, source, share);
    page(&SharingPage {
        shell: shell(&visit, HOME).await?,
        changes: changes::to_put_right(&visit).await?,
        asked: shares.iter().filter(waits).map(row).collect(),
        taken: shares.iter().filter(taken).map(row).collect(),
        given: shares.iter().filter(given).map(row).collect(),
    })
}

/// How many things of sharing wait for this department: applications to answer, and changes to put right.
pub(super) async fn waiting(visit: &Visit) -> Result<u64, Fault> {
    let (_, source) = officer(visit)?;
    let shares = visit.store().shares().await.map_err(Fault::internal)?;
    let asked = shares
        .iter()
        .filter(|share| share.asks.owner == *source && share.state == ShareState::Waiting);
    let changes = visit
        .store()
        .changes_to_put_right(source, None, store::CHANGES_MOST)
        .await;
    let count = asked.count() + changes.map_err(Fault::internal)?.len();
    Ok(u64::try_from(count).unwrap_or(u64::MAX))
}

fn share_row(visit: &Visit, own: &SourceCode, share: &Share) -> ShareRow {
    let other = if share.recipient == *own {
        &share.asks.owner
    } else {
        &share.recipient
    };
    ShareRow {
        number: share.number.0,
        item: item_name(visit, &share.asks.item),
        other: visit.source_name(other),
        since: day(visit.lang, share.applied),
        until: day(visit.lang, share.asks.until),
        state: visit.lang.t(&format!("share-{}", share.state.code())),
        tone: tone(&share.state),
    }
}

/// How a state is coloured.
fn tone(state: &ShareState) -> Tone {
    match state {
        ShareState::Waiting => Tone::Late,
        ShareState::InForce { .. } => Tone::Good,
        ShareState::Refused { .. } | ShareState::Ended { .. } | ShareState::Expired => Tone::Off,
    }
}

/// The name of an item.
fn item_name(visit: &Frame, code: &ItemCode) -> String {
    let item = visit.bundle.item(code);
    item.map_or_else(|| code.to_string(), |item| visit.lang.of(&item.name))
}

#[cfg(test)]
impl ShareRow {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = |state: &ShareState| Self {
            number: 1204,
            item: "行政处罚（一般）".into(),
            other: "禅城区市场监督管理局".into(),
            since: "2026-11-01".into(),
            until: "2027-10-31".into(),
            state: lang.t(&format!("share-{}", state.code())),
            tone: tone(state),
        };
        one::states().iter().map(row).collect()
    }
}

#[cfg(test)]
impl crate::page::Samples for SharingPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let page = |full: bool| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            changes: if full {
                changes::ChangeRow::samples(lang)
            } else {
                Vec::new()
            },
            asked: if full { ShareRow::samples(lang) } else { Vec::new() },
            taken: if full { ShareRow::samples(lang) } else { Vec::new() },
            given: if full { ShareRow::samples(lang) } else { Vec::new() },
        };
        vec![page(false), page(true)]
    }
}
