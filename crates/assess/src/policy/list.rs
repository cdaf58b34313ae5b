//! Statutory lists: which items enter a subject, for how long, and how it leaves.

use std::collections::BTreeMap;

use record::{FieldName, ItemCode, ListCode};
use serde::{Deserialize, Serialize};

use super::catalogue::Item;
use super::fault::Faults;
use super::read::Placed;
use super::step::{State, Step};
use super::text::{LegalBasis, Text};

/// Whether a list honours or warns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// 红名单
    Red,
    /// 黑名单
    Black,
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Its code, e.g. `court-defaulters`.
    pub code: ListCode,
    /// Its name.
    pub name: Text,
    /// Red or black.
    pub colour: Colour,
    /// The items each of whose records is an entry. There is no other way onto a list (guard 4).
    pub items: Vec<ItemCode>,
    /// The items whose records end the entry that their `entry_document` or reference names.
    #[serde(default)]
    pub exits: Vec<ItemCode>,
    /// The fields that tell the fact; the first that a record has is quoted.
    pub fact_fields: Vec<FieldName>,
    /// Other fields of the entry by which an exit may name it, e.g. `case_code`.
    #[serde(default)]
    pub exit_fields: Vec<FieldName>,
    /// The field by which the records of one procedure know each other, e.g. `case`.
    #[serde(default)]
    pub case_field: Option<FieldName>,
    /// How long an entry lasts that does not say so itself, in months.
    pub term_months: u32,
    /// The longest it lasts whatever it says, in months.
    pub term_months_most: u32,
    /// How one gets off it, in plain words.
    pub exit_text: Text,
    /// Written from memory: supports no restriction in a live realm.
    #[serde(default)]
    pub unverified: bool,
    /// What it rests on.
    pub legal_basis: Vec<LegalBasis>,
    /// Where an entry can stand. None in a list without a procedure: its entries are in force as they come.
    #[serde(default, skip_deserializing)]
    pub states: Vec<State>,
    /// The steps between them.
    #[serde(default, skip_deserializing)]
    pub steps: Vec<Step>,
}

impl List {
    /// The state of this code.
    pub fn state(&self, code: &str) -> Option<&State> {
        self.states.iter().find(|state| state.code == code)
    }

    /// The step of this code.
    pub fn step(&self, code: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.code == code)
    }

    /// Whether the entry has effect in the state of this code.
    pub fn is_in_force(&self, state: &str) -> bool {
        self.state(state).is_some_and(|state| state.in_force)
    }
}

/// By item: the lists a step of whose procedure its records can make.
pub(crate) fn step_lists<'a>(lists: impl Iterator<Item = &'a List>) -> BTreeMap<ItemCode, Vec<ListCode>> {
    let mut found: BTreeMap<ItemCode, Vec<ListCode>> = BTreeMap::new();
    for list in lists {
        for item in list
            .steps
            .iter()
            .filter(|step| !step.is_act())
            .filter_map(|step| step.by.as_ref())
        {
            let codes = found.entry(item.clone()).or_default();
            if !codes.contains(&list.code) {
                codes.push(list.code.clone());
            }
        }
    }
    found
}

/// How long a list's entries last, in months.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// One that does not say so itself.
    pub(crate) default: u32,
    /// One that does, at most.
    pub(crate) most: u32,
}

/// By item: the shortest terms of the lists it enters.
pub(crate) fn terms<'a>(lists: impl Iterator<Item = &'a List>) -> BTreeMap<ItemCode, Terms> {
    let mut found: BTreeMap<ItemCode, Terms> = BTreeMap::new();
    for list in lists {
        for item in &list.items {
            let (default, most) = (list.term_months, list.term_months_most);
            let terms = found.entry(item.clone()).or_insert(Terms { default, most });
            terms.default = terms.default.min(default);
            terms.most = terms.most.min(most);
        }
    }
    found
}

pub(crate) fn verify_list(list: &Placed<List>, items: &[Item], faults: &mut Faults) {
    let Placed { value: list, place } = list;
    for (key, codes) in [("items", &list.items), ("exits", &list.exits)] {
        for code in codes {
            let Some(item) = items.iter().find(|item| item.code == *code) else {
                let message = format!("item `{code}` is not in the catalogue");
                place.fault_at(faults, key, message, "add it there, or take it out here");
                continue;
            };
            if key == "items" {
                verify_entry_item(list, item, place, faults);
            } else if item.is_adverse() {
                let message = format!("exit `{code}` is adverse");
                place.fault_at(faults, key, message, "an exit needs no second officer");
            }
        }
    }
    if list.items.is_empty() {
        place.fault_at(faults, "items", "no item enters it", "name at least one");
    }
    if list.legal_basis.is_empty() {
        place.fault(
            faults,
            "no legal basis",
            "guard 4: name the law that makes the list",
        );
    }
    if list.term_months == 0 || list.term_months > list.term_months_most || list.term_months_most > 60 {
        let message = format!(
            "a term of `{}`, at most `{}` months, is not within 1 to 60",
            list.term_months, list.term_months_most
        );
        place.fault_at(faults, "term_months", message, "guard 7: everything ends");
    }
}

fn verify_entry_item(list: &List, item: &Item, place: &super::read::Place, faults: &mut Faults) {
    let code = &item.code;
    if !item.document_required {
        let message = format!("item `{code}` asks for no document");
        place.fault_at(
            faults,
            "items",
            message,
            "guard 4: an entry needs its own legal document",
        );
    }
    if item.is_adverse() != (list.colour == Colour::Black) {
        let message = format!("item `{code}` speaks the other way than the list");
        place.fault_at(
            faults,
            "items",
            message,
            "black lists take adverse items, red ones good ones",
        );
    }
    let told = list
        .fact_fields
        .iter()
        .any(|name| item.field(name.as_str()).is_some_and(|field| field.required));
    if !told {
        let message = format!("no fact field is required by item `{code}`");
        place.fault_at(
            faults,
            "fact_fields",
            message,
            "guard 1: an entry states its fact",
        );
    }
}
