//! `GET /my/files/{number}-{place}`: a file that went with an objection or application of one's own.

use axum::response::Response;
use record::RecordNumber;

use super::permit_to;
use crate::attached;
use crate::error::Fault;
use crate::extract::Last;
use crate::visit::Visit;

pub(crate) async fn show(visit: Visit, Last(which): Last<String>) -> Result<Response, Fault> {
    let (number, place) = which.split_once('-').ok_or(Fault::NotFound)?;
    let number = number.parse().map(RecordNumber).map_err(|_| Fault::NotFound)?;
    let place = place.parse().map_err(|_| Fault::NotFound)?;
    let permit = permit_to(&visit, &format!("attachment {number}")).await?;
    attached::send(visit.store(), &permit, number, place).await
}
