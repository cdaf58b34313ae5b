//! `GET /audit/files/{token}/{number}/{place}`: a file that somebody handed in, for an auditor who asked about them in a case.

use axum::response::Response;
use record::{Act, RecordNumber};
use store::SubjectFile;

use super::{Asked, look};
use crate::attached::{self, FileView};
use crate::error::Fault;
use crate::extract::Path;
use crate::page::see;
use crate::visit::Visit;

/// The files that went with one objection or application.
pub(crate) struct HandedIn {
    pub(crate) title: String,
    pub(crate) files: Vec<FileView>,
}

/// A look of its own, in the case in which the auditor asked; the person reads it.
pub(crate) async fn show(
    visit: Visit,
    Path((token, number, place)): Path<(String, u64, u8)>,
) -> Result<Response, Fault> {
    let asked = visit.app.asked.get(visit.session()?, visit.now, &token);
    let Some(Asked { subject, case }) = asked else {
        return Ok(see("/audit/looks"));
    };
    let permit = look(&visit, subject, Some(case), format!("attachment {number}")).await?;
    attached::send(visit.store(), &permit, RecordNumber(number), place).await
}

/// What somebody handed in, by the objection or application that it went with: that it is there, and nothing of what is in it.
pub(super) fn handed_in(visit: &Visit, file: &SubjectFile, token: &str) -> Vec<HandedIn> {
    let acts = file.records.iter().chain(&file.acts);
    let titled = acts.filter_map(|act| {
        let key = match act.record().act()? {
            Act::Object => "plea-objection",
            Act::ApplyRepair => "plea-repair",
            _ => return None,
        };
        let number = act.number();
        let files = attached::views(visit.lang, act, Some(&format!("/audit/files/{token}/{number}/")));
        let no = visit.lang.with("seal-number", &[("number", &number.to_string())]);
        (!files.is_empty()).then(|| HandedIn {
            title: format!("{} {no}", visit.lang.t(key)),
            files,
        })
    });
    titled.collect()
}
