//! `/company`: for which organisations one may act, and which ask one to; one chooses, accepts, declines, or lays down.

use askama::Template;
use assess::AppointmentState;
use axum::response::Response;
use record::RecordNumber;
use store::{ActFault, Capacity, Mandate, StoreError};

use super::{open, shell};
use crate::acting::role_of;
use crate::error::Fault;
use crate::extract::Last;
use crate::page::{page, see};
use crate::view::{Shell, day};
use crate::visit::Visit;

/// Its address.
pub(crate) const HERE: &str = "/company";

#[derive(Template)]
#[template(path = "my/companies.html")]
pub(crate) struct CompaniesPage {
    shell: Shell,
    /// One may act for these.
    companies: Vec<CompanyView>,
    /// These ask.
    asking: Vec<CompanyView>,
}

struct CompanyView {
    name: String,
    uscc: String,
    /// As what.
    role: String,
    /// Until which day, if it ends.
    until: Option<String>,
    /// The appointment, which one can answer.
    appointment: Option<u64>,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let opened = open(&visit, "companies").await?;
    let mandates = visit.store().mandates_of(&opened.permit).await;
    let mandates = mandates.map_err(Fault::internal)?;
    let asks = |mandate: &Mandate| match &mandate.capacity {
        Capacity::Representative => false,
        Capacity::Appointed(appointment) => appointment.state == AppointmentState::Asked,
    };
    let (asking, mut acting): (Vec<_>, Vec<_>) = mandates.into_iter().partition(asks);
    acting.dedup_by(|one, other| one.uscc == other.uscc);
    let views = |mandates: Vec<Mandate>| mandates.iter().map(|one| view(&visit, one)).collect();
    page(&CompaniesPage {
        shell: shell(&visit, &opened, HERE),
        companies: views(acting),
        asking: views(asking),
    })
}

fn view(visit: &Visit, mandate: &Mandate) -> CompanyView {
    let role = visit.bundle.role(role_of(&mandate.capacity).code());
    let appointment = match &mandate.capacity {
        Capacity::Representative => None,
        Capacity::Appointed(appointment) => Some(appointment),
    };
    let last = appointment.and_then(|one| one.ends?.yesterday().ok());
    CompanyView {
        name: mandate.name.clone(),
        uscc: mandate.uscc.clone(),
        role: role.map_or_else(String::new, |role| visit.lang.of(&role.name)),
        until: last.map(|last| day(visit.lang, last)),
        appointment: appointment.map(|one| one.number.0),
    }
}

/// `POST /my/appointments/{number}/accept`
pub(crate) async fn accept(visit: Visit, Last(number): Last<u64>) -> Result<Response, Fault> {
    answer(&visit, number, true, "appoint-accept").await
}

/// `POST /my/appointments/{number}/decline`: or, once it was accepted, laying it down.
pub(crate) async fn decline(visit: Visit, Last(number): Last<u64>) -> Result<Response, Fault> {
    answer(&visit, number, false, "appoint-decline").await
}

async fn answer(visit: &Visit, number: u64, accepted: bool, done: &str) -> Result<Response, Fault> {
    let opened = open(visit, "companies").await?;
    let answered = visit
        .store()
        .answer_appointment(&opened.permit, RecordNumber(number), accepted)
        .await;
    match answered {
        Ok(number) => Ok(see(&format!("{HERE}?done={done}&n={number}"))),
        // Pressed twice.
        Err(StoreError::Act(ActFault::AlreadyAnswered)) => Ok(see(HERE)),
        Err(error) => Err(Fault::of_store(error)),
    }
}

#[cfg(test)]
impl crate::page::Samples for CompaniesPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let company = |appointment: Option<u64>| CompanyView {
            name: "佛山市禅城区第1陶瓷有限公司".into(),
            uscc: "91440604DEM0000X".into(),
            role: "法定代表人".into(),
            until: appointment.map(|_| "2026年12月31日".into()),
            appointment,
        };
        [false, true]
            .map(|full| Self {
                shell: Shell::sample(lang, crate::view::Desk::My),
                companies: if full {
                    vec![company(None), company(Some(7))]
                } else {
                    Vec::new()
                },
                asking: if full { vec![company(Some(8))] } else { Vec::new() },
            })
            .into()
    }
}
