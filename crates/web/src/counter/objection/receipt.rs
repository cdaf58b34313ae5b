//! `GET /counter/object/{token}/receipt`: what was entered, by which day it is answered and where, to print.

use askama::Template;
use assess::DutyKind;
use axum::response::Response;
use record::{Act, Logged, Relation, Target, Value};

use super::{HERE, Named, open};
use crate::attached::{self, FileView};
use crate::counter::{clerk, shell};
use crate::error::Fault;
use crate::extract::Path;
use crate::page::{page, see};
use crate::view::{Shell, day, due_day};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "counter/objection_receipt.html")]
pub(crate) struct ReceiptPage {
    shell: Shell,
    number: u64,
    case: String,
    name: String,
    identifier: String,
    contested: Named,
    ground: String,
    entered: String,
    files: Vec<FileView>,
    answer_by: Option<String>,
    place: String,
    commitment: String,
}

pub(crate) async fn show(visit: Visit, Path(token): Path<String>) -> Result<Response, Fault> {
    let opened = match open(&visit, &token).await {
        Err(Fault::NotFound) => return Ok(see(HERE)),
        opened => opened?,
    };
    let number = opened.held.entered.ok_or(Fault::NotFound)?;
    let all = opened.file.all();
    let act = all.iter().find(|logged| logged.number() == number);
    let act = act
        .filter(|logged| logged.record().act() == Some(Act::Object))
        .ok_or(Fault::NotFound)?;
    let contested = all
        .iter()
        .find(|logged| contests(act, logged))
        .ok_or(Fault::NotFound)?;
    let began = act.record().occurred;
    let deadline = visit.bundle.deadline(DutyKind::ObjectionAnswer);
    let due = deadline.map(|deadline| deadline.due(visit.bundle.calendar(), began));
    let (_, place) = clerk(&visit)?;
    page(&ReceiptPage {
        shell: shell(&visit, HERE),
        number: number.0,
        case: opened.held.case.to_string(),
        name: opened.name(),
        identifier: opened.identifier(),
        contested: opened.view(&visit, contested),
        ground: match act.record().field("ground") {
            Some(Value::Text(ground)) => ground.clone(),
            _ => String::new(),
        },
        entered: day(visit.lang, began),
        files: attached::views(visit.lang, act, None),
        answer_by: due.map(|due| due_day(visit.lang, due)),
        place: visit.source_name(place),
        commitment: act.commitment().to_string(),
    })
}

fn contests(act: &Logged, record: &Logged) -> bool {
    let mut references = act.record().references.iter();
    references.any(|reference| {
        reference.relation == Relation::ObjectsTo && reference.target == Target::Number(record.number())
    })
}

#[cfg(test)]
impl crate::page::Samples for ReceiptPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        [None, Some("2026年12月2日".to_owned())]
            .map(|answer_by| Self {
                shell: Shell::sample(lang, crate::view::Desk::Counter),
                number: 4712,
                case: "2026-1123-0419".into(),
                name: "黄**".into(),
                identifier: "440604********0479".into(),
                contested: Named::sample(7),
                ground: "…".into(),
                entered: "2026年11月23日".into(),
                files: FileView::samples(lang),
                answer_by,
                place: "南庄镇行政服务中心".into(),
                commitment: "ab".repeat(32),
            })
            .into()
    }
}
