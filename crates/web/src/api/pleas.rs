//! `/api/v1/pleas`: what the caller's department owes an answer to, with the files that were handed in: that they are there, and what each is.

use axum::http::StatusCode;
use axum::response::Response;
use record::{CaseNumber, Date, ItemCode};
use serde::Serialize;
use store::{AttachmentMark, Door, NewLook, PleaInfo, Viewer, attachments_of};

use super::json;
use crate::department::{officer, owed};
use crate::error::Fault;
use crate::visit::Visit;

#[derive(Serialize)]
struct Pleas {
    pleas: Vec<PleaLine>,
}

/// An objection or an application for repair. It names nobody and repeats nothing of what was written.
#[derive(Serialize)]
struct PleaLine {
    number: u64,
    kind: &'static str,
    /// The record it is about.
    record: u64,
    item: ItemCode,
    began: Date,
    /// By when it is to be answered, if the rules set a deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Date>,
    files: Vec<FileLine>,
}

#[derive(Serialize)]
struct FileLine {
    place: u8,
    kind: &'static str,
    bytes: usize,
    /// In hexadecimal digits.
    sha256: String,
}

impl FileLine {
    fn of((place, mark): (u8, AttachmentMark)) -> Self {
        Self {
            place,
            kind: mark.kind.code(),
            bytes: mark.bytes,
            sha256: mark.digest_text(),
        }
    }
}

/// `GET /api/v1/pleas`: the oldest first. The act that names the files is opened by leave of a look at its subject, which is written
/// first; a file itself is opened by an officer at the desk.
pub(crate) async fn list(visit: Visit) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let open = visit.store().open_pleas(source).await.map_err(Fault::internal)?;
    let mut pleas = Vec::with_capacity(open.len());
    for plea in open {
        pleas.push(line(&visit, plea).await?);
    }
    Ok(json(StatusCode::OK, &Pleas { pleas }))
}

async fn line(visit: &Visit, plea: PleaInfo) -> Result<PleaLine, Fault> {
    Ok(PleaLine {
        number: plea.number.0,
        kind: plea.kind.code(),
        record: plea.about.0,
        began: plea.began,
        due: owed::due(visit, &plea).map(|due| due.on),
        files: files(visit, &plea).await?,
        item: plea.item,
    })
}

async fn files(visit: &Visit, plea: &PleaInfo) -> Result<Vec<FileLine>, Fault> {
    let (officer, source) = officer(visit)?;
    let look = NewLook {
        viewer: Viewer::staff(officer.clone(), source.clone(), Door::Api),
        subject: plea.subject.ok_or(Fault::NotFound)?,
        purpose: visit.permit.purpose().ok_or(Fault::Forbidden)?,
        case: CaseNumber::new(format!("{source}/{}", plea.number)).ok(),
        what: format!("plea {}", plea.about),
    };
    let permit = visit.store().look(&look).await.map_err(Fault::internal)?;
    let file = visit.store().file(&permit, None).await.map_err(Fault::internal)?;
    let mut acts = file.records.iter().chain(&file.acts);
    let act = acts.find(|logged| logged.number() == plea.number);
    let marks = act.map(|act| attachments_of(act.record())).unwrap_or_default();
    Ok(marks.into_iter().map(FileLine::of).collect())
}
