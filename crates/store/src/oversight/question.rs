//! “I do not understand this look”: a person's question to the auditor, its answer, and taking it back.

use std::collections::HashMap;

use jiff::Timestamp;
use record::{Act, Date, Logged, OfficerId, RecordNumber, Reference, Relation, SourceCode, Target, Value};

use super::list::{LOOK, SeenLook};
use crate::act::{of_subject, reason, said, text};
use crate::bundle::named;
use crate::db::{Row, Tx, args};
use crate::look::look_of;
use crate::organisation::{Page, Paged};
use crate::{ActFault, Clock, LookPermit, Result, Store, StoreError};

/// A question about a look.
#[derive(Debug, Clone)]
pub struct LookQuestion {
    /// The act.
    pub number: RecordNumber,
    /// The look it is about.
    pub look: SeenLook,
    /// The day it was asked.
    pub asked: Date,
    /// When it was answered, in milliseconds since 1970 UTC.
    pub answered_ms: Option<i64>,
    /// Where it stands.
    pub state: QuestionState,
}

/// Where a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionState {
    /// It waits for the auditor.
    Waiting,
    /// It was answered, in this record.
    Answered(RecordNumber),
    /// The person took it back, in this record.
    Withdrawn(RecordNumber),
}

impl QuestionState {
    /// Every state's code, in the order in which a list offers them.
    pub const CODES: [&'static str; 3] = ["waiting", "answered", "withdrawn"];

    /// Its code in addresses and locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Answered(_) => "answered",
            Self::Withdrawn(_) => "withdrawn",
        }
    }
}

const FROM: &str = "FROM look_question q JOIN look l ON l.id = q.look JOIN record r ON r.number = q.number \
    JOIN submission s ON s.id = r.submission";

fn columns() -> String {
    format!(
        "SELECT {LOOK}, q.number, s.received_ms, q.answered_number, q.withdrawn_number, \
        (SELECT a.received_ms FROM record ar JOIN submission a ON a.id = ar.submission WHERE ar.number = q.answered_number) {FROM}"
    )
}

impl Store {
    /// A person asks about a look at their own file.
    ///
    /// # Errors
    /// When the file was not opened by the person, the look is at somebody else or their own, it is asked about already, or
    /// no reason is given.
    pub async fn ask_look(&self, own: &LookPermit, look: u64, ground: &str) -> Result<RecordNumber> {
        let ground = reason(ground)?;
        let mut tx = self.inner.db.write_log().await?;
        let id = self.own_look(&mut tx, own, look).await?;
        let open = "SELECT 1 FROM look_question WHERE look = $1 AND answered_number IS NULL AND withdrawn_number IS NULL";
        if tx.row(open, args![id]).await?.is_some() {
            return Err(ActFault::AlreadyAsked.into());
        }
        let stated = self.file_in(&mut tx, own.subject(), None).await?.stated();
        let fields = named([("look", Value::Integer(id)), ("ground", text(&ground))])?;
        let act = self.own_act(own, Act::AskLook, stated, fields)?;
        let number = self.append_act_in(&mut tx, &of_subject()?, act).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// One look at the person's own file, before they ask about it.
    ///
    /// # Errors
    /// When it is at somebody else, or the person's own: both look as if there were none.
    pub async fn look_at_oneself(&self, own: &LookPermit, look: u64) -> Result<SeenLook> {
        let mut tx = self.inner.db.read().await?;
        let id = self.own_look(&mut tx, own, look).await?;
        let sql = format!("SELECT {LOOK} FROM look l WHERE l.id = $1");
        let row = tx.row(sql, args![id]).await?.ok_or(StoreError::NotFound)?;
        let mut seen = self.seen(&mut tx, vec![look_of(&row)?]).await?;
        seen.pop().ok_or(StoreError::NotFound)
    }

    async fn own_look(&self, tx: &mut Tx, own: &LookPermit, look: u64) -> Result<i64> {
        let id = i64::try_from(look).map_err(|_| StoreError::NotFound)?;
        let sql = "SELECT subject FROM look WHERE id = $1 AND viewer_kind NOT IN ('self', 'agent')";
        let row = tx.row(sql, args![id]).await?.ok_or(StoreError::NotFound)?;
        let subject = row.int(0)?;
        if own.is_own() && own.at().iter().any(|one| one.to_i64() == subject) {
            Ok(id)
        } else {
            Err(StoreError::NotFound)
        }
    }

    /// The person takes a question back; it needs no answer then.
    ///
    /// # Errors
    /// When it is no question of this person, or does not wait any more.
    pub async fn withdraw_question(&self, own: &LookPermit, question: RecordNumber) -> Result<RecordNumber> {
        let mut tx = self.inner.db.write_log().await?;
        let found = self.question_in(&mut tx, question).await?;
        self.own_look(&mut tx, own, found.look.look.id).await?;
        if found.state != QuestionState::Waiting {
            return Err(ActFault::AlreadyAnswered.into());
        }
        let stated = self.file_in(&mut tx, own.subject(), None).await?.stated();
        let mut act = self.own_act(own, Act::Revoke, stated, named([])?)?;
        act.references.push(Reference {
            relation: Relation::Revokes,
            target: Target::Number(question),
        });
        let number = self.append_act_in(&mut tx, &of_subject()?, act).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// An auditor, who looked at the file, answers a question. Whose look it was does not answer it themself.
    ///
    /// # Errors
    /// When the look is not the auditor's or at another's file, the question does not wait, is about the auditor's own look, or
    /// no answer is given.
    pub async fn answer_question(
        &self,
        permit: &LookPermit,
        question: RecordNumber,
        officer: &OfficerId,
        source: &SourceCode,
        says: &str,
    ) -> Result<RecordNumber> {
        let says = reason(says)?;
        let mut tx = self.inner.db.write_log().await?;
        let found = self.question_in(&mut tx, question).await?;
        if found.look.look.viewer == officer.as_str() {
            return Err(ActFault::OwnLook.into());
        }
        if !permit.is_of(officer) || !permit.at().contains(&found.look.look.subject) {
            return Err(ActFault::NoLook.into());
        }
        if found.state != QuestionState::Waiting {
            return Err(ActFault::AlreadyAnswered.into());
        }
        let fields = named([("officer", text(officer.as_str())), ("ground", text(&says))])?;
        self.on_target(
            tx,
            Act::AnswerLook,
            Relation::Answers,
            question,
            officer,
            source,
            fields,
        )
        .await
    }

    /// Questions of everyone in a state, or in any; those that wait from the oldest on, others from the newest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn look_questions(&self, state: Option<&str>, page: Page) -> Result<Paged<LookQuestion>> {
        let (wanted, order) = match state {
            Some("waiting") => ("q.answered_number IS NULL AND q.withdrawn_number IS NULL", "ASC"),
            Some("answered") => ("q.answered_number IS NOT NULL", "DESC"),
            Some("withdrawn") => ("q.withdrawn_number IS NOT NULL", "DESC"),
            _ => ("1 = 1", "DESC"),
        };
        let mut tx = self.inner.db.read().await?;
        let count = format!("SELECT COUNT(*) {FROM} WHERE {wanted}");
        let total = tx.one_int(count, args![]).await?;
        let sql = format!(
            "{} WHERE {wanted} ORDER BY q.number {order} LIMIT $1 OFFSET $2",
            columns()
        );
        let rows = tx.rows(sql, args![page.limit(), page.offset()]).await?;
        let found = self.questions_of(&mut tx, &rows).await?;
        Ok(Paged::of(page, total, found))
    }

    /// One question.
    ///
    /// # Errors
    /// When there is none of this number.
    pub async fn look_question(&self, number: RecordNumber) -> Result<LookQuestion> {
        let mut tx = self.inner.db.read().await?;
        self.question_in(&mut tx, number).await
    }

    async fn question_in(&self, tx: &mut Tx, number: RecordNumber) -> Result<LookQuestion> {
        let sql = format!("{} WHERE q.number = $1", columns());
        let rows = tx.rows(sql, args![number]).await?;
        let mut found = self.questions_of(tx, &rows).await?;
        found.pop().ok_or(StoreError::NotFound)
    }

    /// What was asked and answered in this file, by look; whoever reads it has looked at the file.
    ///
    /// # Errors
    /// When the database fails or a record does not open.
    pub async fn questions_in(
        &self,
        permit: &LookPermit,
    ) -> Result<Vec<(LookQuestion, String, Option<String>)>> {
        let mut tx = self.inner.db.read().await?;
        let mut rows = Vec::new();
        for subject in permit.at() {
            let sql = format!(
                "{} WHERE l.subject = $1 ORDER BY q.number DESC LIMIT 500",
                columns()
            );
            rows.extend(tx.rows(sql, args![*subject]).await?);
        }
        let questions = self.questions_of(&mut tx, &rows).await?;
        let mut numbers: Vec<RecordNumber> = Vec::new();
        for question in &questions {
            numbers.push(question.number);
            numbers.extend(match question.state {
                QuestionState::Answered(answer) => Some(answer),
                _ => None,
            });
        }
        let logged = self.logged_in(&mut tx, &numbers).await?;
        let says: HashMap<RecordNumber, String> = logged
            .iter()
            .map(|one: &Logged| {
                let words = said(one.record(), "ground").unwrap_or_default();
                (one.number(), words.to_owned())
            })
            .collect();
        let told = |question: LookQuestion| {
            let asked = says.get(&question.number).cloned().unwrap_or_default();
            let answer = match question.state {
                QuestionState::Answered(answer) => says.get(&answer).cloned(),
                _ => None,
            };
            (question, asked, answer)
        };
        Ok(questions.into_iter().map(told).collect())
    }

    async fn questions_of(&self, tx: &mut Tx, rows: &[Row]) -> Result<Vec<LookQuestion>> {
        let looks = rows.iter().map(look_of).collect::<Result<Vec<_>>>()?;
        let seen = self.seen(tx, looks).await?;
        let question = |(row, look): (&Row, SeenLook)| {
            let received = Timestamp::from_millisecond(row.int(11)?).map_err(|_| StoreError::NotFound)?;
            let number = |place| row.int_or_none(place).map(|n| n.map(RecordNumber::from_i64));
            let state = match (number(12)?, number(13)?) {
                (Some(answer), _) => QuestionState::Answered(answer),
                (None, Some(act)) => QuestionState::Withdrawn(act),
                (None, None) => QuestionState::Waiting,
            };
            Ok(LookQuestion {
                number: RecordNumber::from_i64(row.int(10)?),
                look,
                asked: Clock::day_of(received),
                answered_ms: row.int_or_none(14)?,
                state,
            })
        };
        rows.iter().zip(seen).map(question).collect()
    }
}
