//! `/my/looks/{id}/ask`: “I do not recognise this look”: asking the auditor about it, the answer, and taking the question back.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use record::RecordNumber;
use serde::Deserialize;
use store::{LookPermit, LookQuestion, QuestionState, StoreError};

use super::{LookView, Opened, look_view, open, shell};
use crate::audit::answer_due;
use crate::error::Fault;
use crate::extract::{Form, Last};
use crate::page::{FormFault, page, page_with, see};
use crate::view::{Shell, Tone, act_fault, due_day};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "my/question.html")]
pub(crate) struct QuestionPage {
    shell: Shell,
    id: u64,
    look: LookView,
    questions: Vec<QuestionView>,
    can_ask: bool,
    /// By when a question asked today is answered.
    due: String,
    ground: String,
    faults: Vec<FormFault>,
}

/// A question about a look, as the person reads it.
#[derive(Debug, Clone)]
pub(crate) struct QuestionView {
    /// Where it stands.
    pub(crate) state: String,
    /// How that is coloured.
    pub(crate) tone: Tone,
    /// What was asked.
    pub(crate) asked: String,
    /// The answer, if there is one.
    pub(crate) answer: Option<String>,
    /// By when it is answered.
    pub(crate) due: String,
    /// Whether it waits.
    pub(crate) waits: bool,
}

/// Everything asked about looks at a file, by look, the newest first; whoever reads it has opened the file.
pub(crate) async fn asked(visit: &Visit, permit: &LookPermit) -> Result<Vec<(u64, QuestionView)>, Fault> {
    let told = visit
        .store()
        .questions_in(permit)
        .await
        .map_err(Fault::internal)?;
    let view = |(question, asked, answer): (LookQuestion, String, Option<String>)| {
        let code = question.state.code();
        let view = QuestionView {
            state: visit.lang.t(&format!("question-{code}")),
            tone: match question.state {
                QuestionState::Waiting => Tone::Late,
                QuestionState::Answered(_) => Tone::Good,
                QuestionState::Withdrawn(_) => Tone::Off,
            },
            asked,
            answer,
            due: due_day(visit.lang, answer_due(visit, question.asked)),
            waits: question.state == QuestionState::Waiting,
        };
        (question.look.look.id, view)
    };
    Ok(told.into_iter().map(view).collect())
}

#[derive(Deserialize, Default)]
pub(crate) struct Question {
    #[serde(default)]
    ground: String,
}

pub(crate) async fn show(visit: Visit, Last(id): Last<u64>) -> Result<Response, Fault> {
    let opened = open(&visit, "looks").await?;
    page(&page_of(&visit, &opened, id, String::new(), Vec::new()).await?)
}

async fn page_of(
    visit: &Visit,
    opened: &Opened,
    id: u64,
    ground: String,
    faults: Vec<FormFault>,
) -> Result<QuestionPage, Fault> {
    let seen = visit.store().look_at_oneself(&opened.permit, id).await;
    let seen = seen.map_err(Fault::of_store)?;
    let asked = asked(visit, &opened.permit).await?;
    let questions: Vec<QuestionView> = asked
        .into_iter()
        .filter(|(look, _)| *look == id)
        .map(|(_, view)| view)
        .collect();
    Ok(QuestionPage {
        shell: shell(visit, opened, "/looks"),
        id,
        look: look_view(visit, &seen.look).ok_or(Fault::NotFound)?,
        can_ask: !questions.iter().any(|question| question.waits),
        questions,
        due: due_day(visit.lang, answer_due(visit, visit.today())),
        ground,
        faults,
    })
}

/// `POST /my/looks/{id}/ask`
pub(crate) async fn ask(
    visit: Visit,
    Last(id): Last<u64>,
    Form(form): Form<Question>,
) -> Result<Response, Fault> {
    let opened = open(&visit, "looks").await?;
    match visit.store().ask_look(&opened.permit, id, &form.ground).await {
        Ok(number) => Ok(see(&visit.own(&format!("/looks?done=look-asked&n={number}")))),
        Err(StoreError::Act(fault)) => {
            let fault = FormFault {
                field: "ground",
                says: act_fault(visit.lang, &fault),
            };
            let page = page_of(&visit, &opened, id, form.ground, vec![fault]).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(Fault::of_store(error)),
    }
}

/// `POST /my/looks/{id}/withdraw`: the question that waits is taken back.
pub(crate) async fn withdraw(visit: Visit, Last(id): Last<u64>) -> Result<Response, Fault> {
    let opened = open(&visit, "looks").await?;
    let waiting = waiting(&visit, &opened.permit, id).await?;
    let Some(number) = waiting else {
        return Err(Fault::NotFound);
    };
    let withdrawn = visit.store().withdraw_question(&opened.permit, number).await;
    let number = withdrawn.map_err(Fault::of_store)?;
    Ok(see(&visit.own(&format!("/looks?done=look-withdrawn&n={number}"))))
}

async fn waiting(visit: &Visit, permit: &LookPermit, id: u64) -> Result<Option<RecordNumber>, Fault> {
    let told = visit
        .store()
        .questions_in(permit)
        .await
        .map_err(Fault::internal)?;
    let waits =
        |question: &LookQuestion| question.look.look.id == id && question.state == QuestionState::Waiting;
    Ok(told
        .into_iter()
        .map(|(question, ..)| question)
        .find(waits)
        .map(|question| question.number))
}

#[cfg(test)]
impl QuestionView {
    pub(crate) fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        [
            ("question-waiting", Tone::Late),
            ("question-answered", Tone::Good),
            ("question-withdrawn", Tone::Off),
        ]
        .map(|(key, tone)| Self {
            state: lang.t(key),
            tone,
            asked: "…".into(),
            answer: (tone == Tone::Good).then(|| "…".into()),
            due: "2026年12月14日".into(),
            waits: tone == Tone::Late,
        })
        .into()
    }
}

#[cfg(test)]
impl crate::page::Samples for QuestionPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let looks = LookView::samples(lang).into_iter().zip([true, false]);
        looks
            .map(|(look, can_ask)| Self {
                shell: Shell::sample(lang, crate::view::Desk::My),
                id: 7,
                look,
                questions: if can_ask {
                    Vec::new()
                } else {
                    QuestionView::samples(lang)
                },
                can_ask,
                due: "2026年12月14日".into(),
                ground: "…".into(),
                faults: if can_ask {
                    vec![FormFault {
                        field: "ground",
                        says: lang.t("fault-NO-REASON"),
                    }]
                } else {
                    Vec::new()
                },
            })
            .collect()
    }
}
