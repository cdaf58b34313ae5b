//! `/audit/unusual/{id}`: one unusual look, why it is one, what was found, and the finding.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::CaseNumber;
use serde::Deserialize;
use store::{ActFault, Finding, Review, StoreError, UnusualLook};

use super::unusual::{UnusualRow, row};
use super::{auditor, looks, officer_shown, shell};
use crate::error::Fault;
use crate::extract::{Form, Path};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Shell, Step, Tone, act_fault};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "audit/unusual_one.html")]
pub(crate) struct OnePage {
    shell: Shell,
    one: UnusualRow,
    edition: String,
    reasons: Vec<ReasonRow>,
    reviews: Vec<Step>,
    /// Whether the auditor may review it: not their own look.
    mine: bool,
    finding: String,
    note: String,
    case: String,
    faults: Vec<FormFault>,
}

struct ReasonRow {
    name: String,
    text: String,
    basis: String,
    points: u32,
}

#[derive(Deserialize, Default)]
pub(crate) struct Said {
    #[serde(default)]
    finding: String,
    #[serde(default)]
    note: String,
}

pub(crate) async fn show(visit: Visit, Path(id): Path<u64>) -> Result<Response, Fault> {
    page(&page_of(&visit, id, &Said::default(), "", Vec::new()).await?)
}

async fn unusual(visit: &Visit, id: u64) -> Result<(UnusualLook, Vec<Review>), Fault> {
    let found = visit.store().unusual_look(id).await;
    found.map_err(Fault::of_store)
}

async fn page_of(
    visit: &Visit,
    id: u64,
    said: &Said,
    case: &str,
    faults: Vec<FormFault>,
) -> Result<OnePage, Fault> {
    let shell = shell(visit, "/audit/unusual").await?;
    let (one, reviews) = unusual(visit, id).await?;
    let (officer, _) = auditor(visit)?;
    let rules = visit.bundle.look_rules();
    let lang = visit.lang;
    let reasons = one.reasons.iter().map(|reason| {
        let rule = rules.rule(reason.sign);
        let laws = rule.into_iter().flat_map(|rule| &rule.legal_basis);
        ReasonRow {
            name: rule.map_or_else(|| reason.sign.code().to_owned(), |rule| lang.of(&rule.name)),
            text: rule.map_or_else(String::new, |rule| lang.of(&rule.text)),
            basis: lang.list(laws.map(|law| {
                let article = law.article.as_deref().unwrap_or_default();
                format!("{}{article}", lang.of(&law.law))
            })),
            points: reason.points,
        }
    });
    let mut steps = Vec::new();
    for review in &reviews {
        steps.push(Step {
            what: lang.t(&format!("finding-{}", review.finding.code())),
            when: visit.moment(review.at_ms),
            who: officer_shown(visit, &review.officer).await,
            says: review.note.clone(),
            tone: match review.finding {
                Finding::Explained => Tone::Good,
                Finding::FollowUp => Tone::Bad,
            },
        });
    }
    Ok(OnePage {
        shell,
        reasons: reasons.collect(),
        mine: one.look.look.viewer == officer.as_str(),
        edition: one.edition.clone(),
        one: row(visit, &one).await,
        reviews: steps,
        finding: said.finding.clone(),
        note: said.note.clone(),
        case: case.to_owned(),
        faults,
    })
}

/// `POST /audit/unusual/{id}`: what the auditor found.
pub(crate) async fn review(
    visit: Visit,
    Path(id): Path<u64>,
    Form(said): Form<Said>,
) -> Result<Response, Fault> {
    unusual(&visit, id).await?;
    let (officer, source) = auditor(&visit)?;
    let fault = match Finding::from_code(&said.finding) {
        None => FormFault {
            field: "finding-explained",
            says: visit.lang.t("audit-choose-finding"),
        },
        Some(finding) => {
            let store = visit.store();
            match store.review_look(id, finding, officer, source, &said.note).await {
                Ok(number) => {
                    let code = finding.code();
                    return Ok(see(&format!("/audit/unusual?done=look-{code}&n={number}")));
                }
                Err(StoreError::Act(fault)) => FormFault {
                    field: if fault == ActFault::NoReason {
                        "note"
                    } else {
                        "finding-explained"
                    },
                    says: act_fault(visit.lang, &fault),
                },
                Err(error) => return Err(Fault::of_store(error)),
            }
        }
    };
    let page = page_of(&visit, id, &said, "", vec![fault]).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

#[derive(Deserialize)]
pub(crate) struct Who {
    #[serde(default)]
    case: String,
}

/// `POST /audit/unusual/{id}/who`: every look at the same subject, and who it is; the auditor's look is written there.
pub(crate) async fn who(visit: Visit, Path(id): Path<u64>, Form(form): Form<Who>) -> Result<Response, Fault> {
    let (one, _) = unusual(&visit, id).await?;
    if let Ok(case) = CaseNumber::new(form.case.as_str()) {
        return looks::ask(&visit, one.look.look.subject, case);
    }
    let fault = FormFault {
        field: "case",
        says: visit.lang.t("audit-bad-case"),
    };
    let page = page_of(&visit, id, &Said::default(), &form.case, vec![fault]).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

#[cfg(test)]
impl crate::page::Samples for OnePage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let step = |key: &str, tone| Step {
            what: lang.t(key),
            when: "今天 09:41".into(),
            who: "沈审计".into(),
            says: "…".into(),
            tone,
        };
        UnusualRow::samples(lang)
            .into_iter()
            .zip([false, true])
            .map(|(one, mine)| Self {
                shell: Shell::sample(lang, crate::view::Desk::Audit),
                one,
                edition: "2026.1".into(),
                reasons: vec![ReasonRow {
                    name: "…".into(),
                    text: "…".into(),
                    basis: "个人信息保护法第六条".into(),
                    points: 60,
                }],
                reviews: if mine {
                    Vec::new()
                } else {
                    vec![
                        step("finding-follow_up", Tone::Bad),
                        step("finding-explained", Tone::Good),
                    ]
                },
                mine,
                finding: "explained".into(),
                note: "…".into(),
                case: String::new(),
                faults: vec![FormFault {
                    field: "note",
                    says: lang.t("audit-choose-finding"),
                }],
            })
            .collect()
    }
}
