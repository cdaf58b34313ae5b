//! `/open-data`: what open data there is, with which fields, under which terms, and how often it changes.

use askama::Template;
use axum::response::Response;

use super::data::FIELDS;
use crate::error::Fault;
use crate::page::page;
use crate::view::{Desk, Shell};
use crate::visit::Visit;

/// The data sets: the stem of their words, their address without an ending, and the endings.
const SETS: [(&str, &str, &[&str]); 6] = [
    ("open-licences", "/licences", &["json", "csv", "atom"]),
    ("open-penalties", "/penalties", &["json", "csv", "atom"]),
    ("open-search", "/organisations", &["json", "csv"]),
    ("open-announcements", "/announcements", &["json", "atom"]),
    ("open-statistics", "/statistics", &["json", "csv"]),
    ("open-organisation", "/organisations/…", &["json", "csv"]),
];

#[derive(Template)]
#[template(path = "public/open_data.html")]
pub(crate) struct OpenDataPage {
    shell: Shell,
    sets: Vec<SetView>,
    fields: Vec<(&'static str, String)>,
}

struct SetView {
    name: String,
    says: String,
    links: Vec<Link>,
}

/// An address, and whether one can go there; that of one organisation is a pattern.
struct Link {
    address: String,
    goes: bool,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    page(&page_of(visit.shell(Desk::Public)))
}

fn page_of(shell: Shell) -> OpenDataPage {
    let set = |(key, address, endings): (&str, &str, &[&str])| SetView {
        name: shell.t(&format!("{key}-name")),
        says: shell.t(key),
        links: endings
            .iter()
            .map(|ending| Link {
                address: format!("{address}.{ending}"),
                goes: !address.contains('…'),
            })
            .collect(),
    };
    OpenDataPage {
        sets: SETS.into_iter().map(set).collect(),
        fields: FIELDS
            .into_iter()
            .map(|field| (field, shell.t(&format!("field-{}", field.replace('_', "-")))))
            .collect(),
        shell,
    }
}

#[cfg(test)]
impl crate::page::Samples for OpenDataPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        vec![page_of(Shell::sample(lang, Desk::Public))]
    }
}
