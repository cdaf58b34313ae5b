//! Overseeing looks: every look as an auditor sees it, without knowing at whom; which of them weigh enough to be asked about; what
//! was found; and what people ask about looks at their own files.
//!
//! Questions, answers and findings are records. A weight is neither: it is made once, by the rules of its day.

mod list;
mod question;
mod review;
mod weigh;

pub use list::{LookFilter, SeenLook};
pub use question::{LookQuestion, QuestionState};
pub use review::{Finding, Review, UnusualFilter, UnusualLook};

use record::{Act, Relation, Value};

use crate::Result;
use crate::act::said;
use crate::db::{Tx, args};
use crate::plea::target_of;
use crate::project::Numbered;

/// The projection: a question opens, its answer or its being taken back closes it; and each finding of an auditor.
pub(crate) async fn project_questions(tx: &mut Tx, part: &[Numbered<'_>]) -> Result<()> {
    for Numbered { number, record, .. } in part {
        let look = match record.field("look") {
            Some(Value::Integer(look)) => Some(*look),
            _ => None,
        };
        match (record.act(), look) {
            (Some(Act::AskLook), Some(look)) => {
                let line = args![*number, look];
                tx.insert("look_question", &["number", "look"], vec![line], "")
                    .await?;
            }
            (Some(Act::ReviewLook), Some(look)) => {
                let finding = said(record, "finding").and_then(Finding::from_code);
                if let Some(finding) = finding {
                    let line = args![*number, look, finding.code()];
                    tx.insert("look_review", &["number", "look", "finding"], vec![line], "")
                        .await?;
                }
            }
            (Some(Act::AnswerLook), _) => {
                close(
                    tx,
                    "answered_number",
                    target_of(record, Relation::Answers),
                    *number,
                )
                .await?;
            }
            (Some(Act::Revoke), _) => {
                close(
                    tx,
                    "withdrawn_number",
                    target_of(record, Relation::Revokes),
                    *number,
                )
                .await?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The first that closes a question does; an act upon anything else closes none.
async fn close(
    tx: &mut Tx,
    column: &str,
    question: Option<record::RecordNumber>,
    by: record::RecordNumber,
) -> Result<()> {
    if let Some(question) = question.filter(|question| *question < by) {
        let sql = format!(
            "UPDATE look_question SET {column} = $1 WHERE number = $2 AND answered_number IS NULL \
            AND withdrawn_number IS NULL"
        );
        tx.execute(sql, args![by, question]).await?;
    }
    Ok(())
}
