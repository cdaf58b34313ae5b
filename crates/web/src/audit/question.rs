//! `/audit/questions/{number}`: what a person asks about a look, and the answer. To read it is a look at the person's file.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::{CaseNumber, RecordNumber};
use serde::Deserialize;
use store::{LookPermit, LookQuestion, StoreError};

use super::questions::{QuestionRow, row};
use super::{auditor, look, named, shell};
use crate::error::Fault;
use crate::extract::{Form, Path};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Shell, act_fault};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "audit/question.html")]
pub(crate) struct QuestionPage {
    shell: Shell,
    question: QuestionRow,
    who: String,
    asks: String,
    answer: Option<String>,
    says: String,
    faults: Vec<FormFault>,
}

#[derive(Deserialize, Default)]
pub(crate) struct Answer {
    #[serde(default)]
    says: String,
}

pub(crate) async fn show(visit: Visit, Path(number): Path<u64>) -> Result<Response, Fault> {
    let question = question(&visit, number).await?;
    let permit = permit(&visit, &question).await?;
    page(&page_of(&visit, &question, &permit, String::new(), Vec::new()).await?)
}

async fn question(visit: &Visit, number: u64) -> Result<LookQuestion, Fault> {
    let found = visit.store().look_question(RecordNumber(number)).await;
    found.map_err(Fault::of_store)
}

/// The auditor's look, under the question as its case.
async fn permit(visit: &Visit, question: &LookQuestion) -> Result<LookPermit, Fault> {
    let (_, source) = auditor(visit)?;
    let number = question.number;
    let case = CaseNumber::new(format!("{source}/{number}")).ok();
    look(
        visit,
        question.look.look.subject,
        case,
        format!("question {number}"),
    )
    .await
}

async fn page_of(
    visit: &Visit,
    question: &LookQuestion,
    permit: &LookPermit,
    says: String,
    faults: Vec<FormFault>,
) -> Result<QuestionPage, Fault> {
    let store = visit.store();
    let file = store.file(permit, None).await.map_err(Fault::internal)?;
    let told = store.questions_in(permit).await.map_err(Fault::internal)?;
    let told = told.into_iter().find(|(one, ..)| one.number == question.number);
    let (_, asks, answer) = told.ok_or(Fault::NotFound)?;
    Ok(QuestionPage {
        shell: shell(visit, "/audit/questions").await?,
        question: row(visit, question).await,
        who: named(&file),
        asks,
        answer,
        says,
        faults,
    })
}

/// `POST /audit/questions/{number}`
pub(crate) async fn answer(
    visit: Visit,
    Path(number): Path<u64>,
    Form(form): Form<Answer>,
) -> Result<Response, Fault> {
    let question = question(&visit, number).await?;
    let permit = permit(&visit, &question).await?;
    let (officer, source) = auditor(&visit)?;
    let answered = visit
        .store()
        .answer_question(&permit, question.number, officer, source, &form.says);
    match answered.await {
        Ok(_) => Ok(see(&format!("/audit/questions?done=look-answered&n={number}"))),
        Err(StoreError::Act(fault)) => {
            let fault = FormFault {
                field: "says",
                says: act_fault(visit.lang, &fault),
            };
            let page = page_of(&visit, &question, &permit, form.says, vec![fault]).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(Fault::of_store(error)),
    }
}

#[cfg(test)]
impl crate::page::Samples for QuestionPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        QuestionRow::samples(lang)
            .into_iter()
            .map(|question| Self {
                shell: Shell::sample(lang, crate::view::Desk::Audit),
                who: "罗** 4406**********1234".into(),
                asks: "…".into(),
                answer: (!question.waits).then(|| "…".into()),
                faults: if question.waits {
                    vec![FormFault {
                        field: "says",
                        says: "…".into(),
                    }]
                } else {
                    Vec::new()
                },
                question,
                says: String::new(),
            })
            .collect()
    }
}
