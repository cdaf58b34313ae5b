//! `/department/sharing/answers/{token}`: an answer as it was given, to read and to keep; and the keys to check it by.

use std::sync::Arc;

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use record::{Identifier, RecordNumber};
use store::{Answered, Share, SharedRecord, SignedAnswer};

use super::{HOME, item_name};
use crate::department::shell;
use crate::download::download;
use crate::error::Fault;
use crate::extract::Path;
use crate::page::{page, see};
use crate::view::{RecordContext, Shell, day};
use crate::visit::Visit;

/// An answer that waits to be read.
pub(crate) struct KeptAnswer {
    pub(super) share: Share,
    pub(super) case: String,
    pub(super) answers: Vec<Answered>,
    pub(super) signed: SignedAnswer,
    /// Of changes: the number to go on from.
    pub(super) next: Option<RecordNumber>,
}

#[derive(Template)]
#[template(path = "department/sharing/answer.html")]
pub(crate) struct AnswerPage {
    shell: Shell,
    token: String,
    share: u64,
    item: String,
    owner: String,
    case: String,
    next: Option<u64>,
    answers: Vec<AnswerView>,
}

/// What is answered about one subject.
struct AnswerView {
    identifier: String,
    records: Vec<SharedView>,
    /// Held records that are shared no more.
    gone: Vec<u64>,
}

struct SharedView {
    number: u64,
    facts: Vec<(String, String)>,
    disputed: bool,
}

fn kept(visit: &Visit, token: &str) -> Result<Option<Arc<KeptAnswer>>, Fault> {
    Ok(visit.app.answers.get(visit.session()?, visit.now, token))
}

pub(crate) async fn show(visit: Visit, Path(token): Path<String>) -> Result<Response, Fault> {
    let Some(kept) = kept(&visit, &token)? else {
        return Ok(see(HOME));
    };
    let share = &kept.share;
    page(&AnswerPage {
        shell: shell(&visit, HOME).await?,
        token,
        share: share.number.0,
        item: item_name(&visit, &share.asks.item),
        owner: visit.source_name(&share.asks.owner),
        case: kept.case.clone(),
        next: kept.next.map(|number| number.0),
        answers: kept
            .answers
            .iter()
            .map(|answer| view(&visit, share, answer))
            .collect(),
    })
}

fn view(visit: &Visit, share: &Share, answer: &Answered) -> AnswerView {
    let shown = |identifier: &Identifier| {
        if identifier.kind().is_of_organisation() {
            identifier.value().to_owned()
        } else {
            identifier.masked()
        }
    };
    AnswerView {
        identifier: answer.identifier.as_ref().map(shown).unwrap_or_default(),
        records: answer
            .records
            .iter()
            .map(|one| shared(visit, share, one))
            .collect(),
        gone: answer.gone.iter().map(|number| number.0).collect(),
    }
}

fn shared(visit: &Visit, share: &Share, shared: &SharedRecord) -> SharedView {
    let lang = visit.lang;
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: None,
        lang,
    };
    let mut facts = vec![(lang.t("shared-occurred"), day(lang, shared.occurred))];
    if let Some(ends) = shared.ends {
        facts.push((lang.t("shared-ends"), day(lang, ends)));
    }
    if let Some(document) = &shared.document {
        let says = format!("{} · {}", document.number, document.authority);
        facts.push((lang.t("shared-document"), says));
    }
    let item = visit.bundle.item(&share.asks.item);
    for (name, value) in &shared.fields {
        let field = item.and_then(|item| item.field(name.as_str()));
        let label = field.map_or_else(|| name.to_string(), |field| lang.of(&field.label));
        facts.push((label, context.value(value)));
    }
    SharedView {
        number: shared.number.0,
        facts,
        disputed: shared.disputed,
    }
}

/// `GET …/answer.json`: the same answer under its signature.
pub(crate) async fn file(visit: Visit, Path(token): Path<String>) -> Result<Response, Fault> {
    let kept = kept(&visit, &token)?.ok_or(Fault::NotFound)?;
    let name = format!("shared-{}.json", kept.share.number);
    let bytes = serde_json::to_vec(&kept.signed).map_err(Fault::internal)?;
    Ok(download(&name, "application/jose+json", bytes))
}

/// `GET /sharing/keys.json`: the public keys by which anybody can check an answer.
pub(crate) async fn keys(visit: Visit) -> Result<Response, Fault> {
    let keys = visit.store().answer_keys().await.map_err(Fault::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "application/jwk-set+json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, keys.to_string()).into_response())
}

#[cfg(test)]
impl crate::page::Samples for AnswerPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let record = |disputed| SharedView {
            number: 1204,
            facts: vec![(lang.t("shared-occurred"), "2026-03-05".into())],
            disputed,
        };
        let page = |next, answers| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            token: "t".into(),
            share: 12,
            item: "行政处罚（一般）".into(),
            owner: "禅城区市场监督管理局".into(),
            case: "禅卫核〔2026〕1号".into(),
            next,
            answers,
        };
        let none = AnswerView {
            identifier: "440604********1214".into(),
            records: Vec::new(),
            gone: Vec::new(),
        };
        let some = AnswerView {
            identifier: "440604********1214".into(),
            records: vec![record(true), record(false)],
            gone: vec![3, 4],
        };
        vec![page(None, vec![none, some]), page(Some(1205), Vec::new())]
    }
}
