//! `/department/sharing/{number}`: one application: answered by the owner, asked under by the recipient, ended by either.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::{Identifier, IdentifierKind, RecordNumber};
use serde::Deserialize;
use store::{ActFault, Answered, Door, Question, Share, ShareState, SignedAnswer, StoreError, Way};

use super::answer::KeptAnswer;
use super::asking::{self, WrongNumber, own_share};
use super::changes::{self, ChangeRow};
use super::{HOME, item_name, tone};
use crate::department::{officer, shell};
use crate::error::Fault;
use crate::extract::{Form, Path};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Shell, Tone, act_fault, day, grouped};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "department/sharing/one.html")]
pub(crate) struct SharePage {
    shell: Shell,
    number: u64,
    item: String,
    facts: Vec<(String, String)>,
    state: String,
    tone: Tone,
    /// Who decided or ended it, and with which words.
    said: Option<(String, String)>,
    /// The owner answers it.
    to_answer: bool,
    /// The recipient asks under it.
    asking: Option<Asking>,
    can_end: bool,
    kinds: Vec<(&'static str, String, bool)>,
    form: Ask,
    changes: Vec<ChangeRow>,
    own: bool,
    faults: Vec<FormFault>,
}

/// In which ways the recipient asks.
struct Asking {
    /// How many subjects are left today.
    left: String,
    query: bool,
    batch: bool,
    follow: bool,
}

pub(crate) async fn show(visit: Visit, Path(number): Path<u64>) -> Result<Response, Fault> {
    let share = own_share(&visit, number).await?;
    page(&page_of(&visit, &share, Ask::default(), Vec::new()).await?)
}

async fn page_of(
    visit: &Visit,
    share: &Share,
    form: Ask,
    faults: Vec<FormFault>,
) -> Result<SharePage, Fault> {
    let (_, source) = officer(visit)?;
    let own = share.recipient == *source;
    let in_force = share.state.is_in_force();
    let asks = own && in_force;
    let said = match &share.state {
        ShareState::Refused { by, why } | ShareState::InForce { by, why } | ShareState::Ended { by, why } => {
            Some((visit.app.officer_name(by).await, why.clone()))
        }
        ShareState::Waiting | ShareState::Expired => None,
    };
    let has = |way: Way| share.asks.ways.contains(&way);
    let asking = if asks {
        let left = visit.store().left_today(share).await.map_err(Fault::internal)?;
        Some(Asking {
            left: grouped(left),
            query: has(Way::Query) || has(Way::Batch),
            batch: has(Way::Batch),
            follow: has(Way::Changes),
        })
    } else {
        None
    };
    let under = visit
        .store()
        .changes_under(share)
        .await
        .map_err(Fault::internal)?;
    let kinds = [IdentifierKind::ResidentId, IdentifierKind::Uscc].map(|kind| {
        let name = visit.lang.t(&format!("identifier-{}", kind.code()));
        (kind.code(), name, form.kind == kind.code())
    });
    let waiting = share.state == ShareState::Waiting;
    Ok(SharePage {
        shell: shell(visit, HOME).await?,
        number: share.number.0,
        item: item_name(visit, &share.asks.item),
        facts: facts(visit, share).await?,
        state: visit.lang.t(&format!("share-{}", share.state.code())),
        tone: tone(&share.state),
        said,
        to_answer: !own && waiting,
        asking,
        can_end: in_force || (own && waiting),
        kinds: kinds.into(),
        form,
        changes: under
            .iter()
            .map(|change| changes::row(visit, change, own))
            .collect(),
        own,
        faults,
    })
}

async fn facts(visit: &Visit, share: &Share) -> Result<Vec<(String, String)>, Fault> {
    let lang = visit.lang;
    let asks = &share.asks;
    let item = visit.bundle.item(&asks.item);
    let label = |name: &record::FieldName| {
        let field = item.and_then(|item| item.field(name.as_str()));
        field.map_or_else(|| name.to_string(), |field| lang.of(&field.label))
    };
    let mut fields: Vec<String> = vec![lang.t("share-fields-always")];
    fields.extend(asks.fields.iter().map(label));
    let ways = asks
        .ways
        .iter()
        .map(|way| lang.t(&format!("share-way-{}", way.code())));
    let (records, subjects) = visit
        .store()
        .handed_out(share.number)
        .await
        .map_err(Fault::internal)?;
    let handed = [("records", grouped(records)), ("subjects", grouped(subjects))];
    let facts = [
        ("share-owner", visit.source_name(&asks.owner)),
        ("share-recipient", visit.source_name(&share.recipient)),
        ("share-by", visit.app.officer_name(&share.by).await),
        ("share-what-for", asks.what_for.clone()),
        ("share-basis", asks.basis.clone()),
        ("share-ways", lang.list(ways)),
        ("share-fields", lang.list(fields)),
        ("share-per-day", grouped(asks.per_day.into())),
        ("share-since", day(lang, share.applied)),
        ("share-until", day(lang, asks.until)),
        (
            "share-handed-out",
            lang.with(
                "share-handed-out-so-far",
                &handed.each_ref().map(|(name, value)| (*name, value.as_str())),
            ),
        ),
    ];
    Ok(facts.map(|(key, value)| (lang.t(key), value)).into())
}

#[derive(Deserialize)]
pub(crate) struct Answer {
    #[serde(default)]
    decision: String,
    #[serde(default)]
    why: String,
}

/// `POST …/answer`: the owner grants or refuses.
pub(crate) async fn answer(
    visit: Visit,
    Path(number): Path<u64>,
    Form(form): Form<Answer>,
) -> Result<Response, Fault> {
    let share = own_share(&visit, number).await?;
    let (by, source) = officer(&visit)?;
    let granted = match form.decision.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Fault::bad_request("no decision")),
    };
    let done = visit
        .store()
        .answer_share(share.number, granted, by, source, &form.why)
        .await;
    settled(&visit, &share, done).await
}

#[derive(Deserialize)]
pub(crate) struct Why {
    #[serde(default)]
    why: String,
}

/// `POST …/end`: by either side.
pub(crate) async fn end(
    visit: Visit,
    Path(number): Path<u64>,
    Form(form): Form<Why>,
) -> Result<Response, Fault> {
    let share = own_share(&visit, number).await?;
    let (by, source) = officer(&visit)?;
    let done = visit.store().end_share(share.number, by, source, &form.why).await;
    settled(&visit, &share, done).await
}

async fn settled(
    visit: &Visit,
    share: &Share,
    done: Result<RecordNumber, StoreError>,
) -> Result<Response, Fault> {
    match done {
        Ok(_) => Ok(see(&format!("{HOME}/{}", share.number))),
        Err(StoreError::Act(ActFault::NoReason)) => {
            let fault = FormFault {
                field: "why",
                says: visit.lang.t("share-why-missing"),
            };
            let page = page_of(visit, share, Ask::default(), vec![fault]).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(StoreError::Act(fault)) => Err(Fault::Conflict(act_fault(visit.lang, &fault))),
        Err(error) => Err(Fault::internal(error)),
    }
}

/// What is asked: numbers, one a line, in a case.
#[derive(Deserialize, Default)]
pub(crate) struct Ask {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    numbers: String,
    #[serde(default)]
    case: String,
    #[serde(default)]
    since: String,
}

/// `POST …/ask`: about subjects by their numbers, which go in the body and never in an address.
pub(crate) async fn ask(
    visit: Visit,
    Path(number): Path<u64>,
    Form(form): Form<Ask>,
) -> Result<Response, Fault> {
    let share = own_share(&visit, number).await?;
    let mut faults = Vec::new();
    let question = question(&visit, &share, &form, &mut faults)?;
    let about = numbers(&visit, &share, &form, &mut faults);
    let mut answer = None;
    if let (Some(question), true) = (question, faults.is_empty()) {
        let asked = visit.store().ask_shared(&question, &about).await;
        answer = Some(asked.map(|(answers, signed)| (answers, signed, None)));
    }
    answered(&visit, share, form, faults, answer).await
}

/// `POST …/changes`: whatever is new since a number.
pub(crate) async fn follow(
    visit: Visit,
    Path(number): Path<u64>,
    Form(form): Form<Ask>,
) -> Result<Response, Fault> {
    let share = own_share(&visit, number).await?;
    let mut faults = Vec::new();
    let question = question(&visit, &share, &form, &mut faults)?;
    let since = form.since.trim();
    let since: Option<u64> = if since.is_empty() {
        Some(0)
    } else {
        since.parse().ok()
    };
    if since.is_none() {
        faults.push(FormFault {
            field: "since",
            says: visit.lang.t("share-since-wrong"),
        });
    }
    let mut answer = None;
    if let (Some(question), Some(since), true) = (question, since, faults.is_empty()) {
        let new = visit.store().changes_shared(&question, RecordNumber(since)).await;
        answer = Some(new.map(|(answers, next, signed)| (answers, signed, Some(next))));
    }
    answered(&visit, share, form, faults, answer).await
}

/// What the store answers: what is said of each subject, the signed whole, and of changes the number to go on from.
type Answers = (Vec<Answered>, SignedAnswer, Option<RecordNumber>);

/// Shows the answer, or the form again with what is wrong.
async fn answered(
    visit: &Visit,
    share: Share,
    form: Ask,
    mut faults: Vec<FormFault>,
    answer: Option<Result<Answers, StoreError>>,
) -> Result<Response, Fault> {
    match answer {
        Some(Ok((answers, signed, next))) => {
            let case = form.case.trim().to_owned();
            let kept = KeptAnswer {
                share,
                case,
                answers,
                signed,
                next,
            };
            return keep(visit, kept);
        }
        Some(Err(error)) => faults.push(refused(visit, error)?),
        None => {}
    }
    let page = page_of(visit, &share, form, faults).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// What is asked, or what the form lacks for it.
fn question(
    visit: &Visit,
    share: &Share,
    form: &Ask,
    faults: &mut Vec<FormFault>,
) -> Result<Option<Question>, Fault> {
    let question = asking::question(visit, share, &form.case, Door::Department)?;
    if question.is_none() {
        faults.push(FormFault {
            field: "case",
            says: visit.lang.t("share-case-missing"),
        });
    }
    Ok(question)
}

/// The numbers of the form; each that cannot be one is named with its line.
fn numbers(visit: &Visit, share: &Share, form: &Ask, faults: &mut Vec<FormFault>) -> Vec<Identifier> {
    let kind = IdentifierKind::from_code(&form.kind).unwrap_or(IdentifierKind::ResidentId);
    let lines = form.numbers.lines().map(str::trim).zip(1_usize..);
    let (asked, at): (Vec<_>, Vec<_>) = lines
        .filter(|(line, _)| !line.is_empty())
        .map(|(line, at)| ((kind.code(), line), at))
        .unzip();
    let wrong = match asking::numbers(visit, share, &asked) {
        Ok(found) => return found,
        Err(wrong) => wrong,
    };
    let in_form = |wrong: WrongNumber| FormFault {
        field: "numbers",
        says: match wrong.place.and_then(|place| at.get(place)) {
            Some(line) => {
                let values = [("line", line.to_string()), ("says", wrong.says)];
                let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
                visit.lang.with("share-numbers-line", &values)
            }
            None => wrong.says,
        },
    };
    faults.extend(wrong.into_iter().map(in_form));
    Vec::new()
}

/// A refusal that the form can show.
fn refused(visit: &Visit, error: StoreError) -> Result<FormFault, Fault> {
    let says = match error {
        StoreError::Act(ActFault::OverQuota(left)) => {
            visit.lang.with("share-over-quota", &[("left", &grouped(left))])
        }
        StoreError::Act(fault) => return Err(Fault::Conflict(act_fault(visit.lang, &fault))),
        StoreError::NotFound => return Err(Fault::NotFound),
        error => return Err(Fault::internal(error)),
    };
    Ok(FormFault {
        field: "numbers",
        says,
    })
}

/// The answer waits for the page that shows it: one answer, one look.
fn keep(visit: &Visit, kept: KeptAnswer) -> Result<Response, Fault> {
    let session = visit.session()?;
    let token = visit.app.answers.put(session, visit.now, Arc::new(kept));
    let token = token.ok_or(Fault::TooMany)?;
    Ok(see(&format!("{HOME}/answers/{token}")))
}

/// Every state, for samples.
#[cfg(test)]
pub(super) fn states() -> Vec<ShareState> {
    let by = || record::OfficerId::new("lin").unwrap();
    let why = || "同意按此提供".to_owned();
    vec![
        ShareState::Waiting,
        ShareState::Refused { by: by(), why: why() },
        ShareState::InForce { by: by(), why: why() },
        ShareState::Ended { by: by(), why: why() },
        ShareState::Expired,
    ]
}

#[cfg(test)]
impl crate::page::Samples for SharePage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let page = |state: &ShareState, own: bool, batch: bool| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            number: 1204,
            item: "行政处罚（一般）".into(),
            facts: vec![(lang.t("share-what-for"), "换发许可证前的核验".into())],
            state: lang.t(&format!("share-{}", state.code())),
            tone: tone(state),
            said: (*state != ShareState::Waiting).then(|| ("林科长".into(), "同意按此提供".into())),
            to_answer: !own && *state == ShareState::Waiting,
            asking: (own && state.is_in_force()).then(|| Asking {
                left: "100".into(),
                query: true,
                batch,
                follow: batch,
            }),
            can_end: state.is_in_force(),
            kinds: vec![("resident_id", lang.t("identifier-resident_id"), false)],
            form: Ask::default(),
            changes: if own { ChangeRow::samples(lang) } else { Vec::new() },
            own,
            faults: vec![FormFault {
                field: "why",
                says: lang.t("share-why-missing"),
            }],
        };
        let mut samples = Vec::new();
        for state in states() {
            for own in [true, false] {
                let mut page = page(&state, own, own && samples.len() % 4 == 0);
                if !page.to_answer && !page.can_end {
                    page.faults.clear();
                }
                samples.push(page);
            }
        }
        samples
    }
}
