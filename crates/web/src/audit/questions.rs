//! `GET /audit/questions`: what people ask about looks at their own files, those that wait first.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use store::{LookQuestion, Page, QuestionState};

use super::{LookRow, answer_due, look_row, shell};
use crate::department::owed::left;
use crate::error::Fault;
use crate::extract::Query;
use crate::lang::Lang;
use crate::page::page;
use crate::view::{Filter, Pager, Shell, Tone, day, due_day, with_query};
use crate::visit::Visit;

const PER_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "audit/questions.html")]
pub(crate) struct QuestionsPage {
    shell: Shell,
    filters: Vec<Filter>,
    whole: bool,
    questions: Vec<QuestionRow>,
    pager: Pager,
}

/// One line; what was asked stands behind it, where opening it is a look.
pub(crate) struct QuestionRow {
    pub(crate) number: u64,
    pub(crate) asked: String,
    pub(crate) due: String,
    pub(crate) state: String,
    pub(crate) tone: Tone,
    pub(crate) waits: bool,
    pub(crate) look: LookRow,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    state: Option<String>,
    #[serde(default)]
    page: u32,
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let state = wanted.state.unwrap_or_else(|| "waiting".to_owned());
    let shell = shell(&visit, "/audit/questions").await?;
    let asked = Some(state.as_str()).filter(|state| !state.is_empty());
    let at = Page::new(wanted.page, PER_PAGE);
    let found = visit.store().look_questions(asked, at).await;
    let found = found.map_err(Fault::internal)?;
    let mut questions = Vec::new();
    for question in &found.rows {
        questions.push(row(&visit, question).await);
    }
    let href = with_query("/audit/questions", &[("state", &state)]);
    page(&QuestionsPage {
        shell,
        filters: filters(visit.lang, &state),
        whole: state.is_empty(),
        questions,
        pager: Pager::new(visit.lang, &href, found.page, PER_PAGE, found.total),
    })
}

fn filters(lang: Lang, asked: &str) -> Vec<Filter> {
    let states = QuestionState::CODES.map(|state| (state.to_owned(), lang.t(&format!("question-{state}"))));
    vec![Filter::new(
        "state",
        lang.t("audit-state"),
        lang.t("all"),
        states,
        asked,
    )]
}

/// The view of a question.
pub(super) async fn row(visit: &Visit, question: &LookQuestion) -> QuestionRow {
    let due = answer_due(visit, question.asked);
    let (state, tone) = match question.state {
        QuestionState::Waiting => left(visit, due),
        QuestionState::Answered(_) => (visit.lang.t("question-answered"), Tone::Good),
        QuestionState::Withdrawn(_) => (visit.lang.t("question-withdrawn"), Tone::Off),
    };
    QuestionRow {
        number: question.number.0,
        asked: day(visit.lang, question.asked),
        due: due_day(visit.lang, due),
        state,
        tone,
        waits: question.state == QuestionState::Waiting,
        look: look_row(visit, &question.look).await,
    }
}

#[cfg(test)]
impl QuestionRow {
    pub(crate) fn samples(lang: Lang) -> Vec<Self> {
        [true, false]
            .into_iter()
            .zip(LookRow::samples())
            .map(|(waits, look)| Self {
                number: 4712,
                asked: "2026年11月23日".into(),
                due: "2026年12月14日".into(),
                state: lang.t(if waits { "owed-today" } else { "question-answered" }),
                tone: if waits { Tone::Late } else { Tone::Good },
                waits,
                look,
            })
            .collect()
    }
}

#[cfg(test)]
impl crate::page::Samples for QuestionsPage {
    fn samples(lang: Lang) -> Vec<Self> {
        [
            (Vec::new(), ""),
            (Vec::new(), "waiting"),
            (QuestionRow::samples(lang), "waiting"),
        ]
        .map(|(questions, state)| Self {
            shell: Shell::sample(lang, crate::view::Desk::Audit),
            filters: filters(lang, state),
            whole: state.is_empty(),
            questions,
            pager: Pager::new(lang, "/audit/questions", 1, 50, 2),
        })
        .into()
    }
}
