//! `GET /my/records/{number}/proof`: the proof that a record of one's own stands in the log, to be kept. Whoever is shown it learns nothing of
//! what the record says.

use axum::response::Response;
use record::RecordNumber;
use store::LogPlace;

use super::open;
use crate::download::download;
use crate::error::Fault;
use crate::extract::Last;
use crate::visit::Visit;

/// Whether a record's seal stands in the log yet.
pub(crate) struct SealView {
    /// In words.
    pub(crate) says: String,
    /// Whether it does, so that there is a proof.
    pub(crate) proved: bool,
}

impl SealView {
    pub(crate) async fn of(visit: &Visit, number: RecordNumber) -> Result<Self, Fault> {
        let place = visit.store().log_place(number).await.map_err(Fault::internal)?;
        Ok(match place {
            LogPlace::Promised(_) => Self {
                says: visit.lang.t("seal-promised"),
                proved: false,
            },
            LogPlace::Integrated(leaf, size) => Self {
                says: visit.lang.with(
                    "seal-integrated",
                    &[("leaf", &(leaf.0 + 1).to_string()), ("size", &size.to_string())],
                ),
                proved: true,
            },
        })
    }
}

pub(crate) async fn show(visit: Visit, Last(number): Last<u64>) -> Result<Response, Fault> {
    let number = RecordNumber(number);
    let opened = open(&visit, &format!("record {number}")).await?;
    let mut seen = opened.file.seen_for(&visit.bundle, opened.permit.purpose());
    if !seen.any(|logged| logged.number() == number) {
        return Err(Fault::NotFound);
    }
    let proved = visit.store().log_proof(number).await.map_err(Fault::internal)?;
    let proved = proved.ok_or(Fault::NotFound)?;
    let name = format!("record-{number}.tlog-proof");
    Ok(download(
        &name,
        "text/plain; charset=utf-8",
        proved.proof.to_string().into_bytes(),
    ))
}

#[cfg(test)]
impl SealView {
    pub(crate) fn sample(lang: crate::lang::Lang, proved: bool) -> Self {
        Self {
            says: if proved {
                lang.with("seal-integrated", &[("leaf", "7"), ("size", "9")])
            } else {
                lang.t("seal-promised")
            },
            proved,
        }
    }
}
