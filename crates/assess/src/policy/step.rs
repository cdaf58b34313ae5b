//! A list's procedure as data: its states, and the steps that lead from one to the next, each by a record
//! of a catalogue item and on a legal document.

use record::{Act, FieldName, ItemCode, ValueKind};
use serde::{Deserialize, Serialize};

use super::catalogue::Item;
use super::fault::Faults;
use super::list::List;
use super::read::{Place, Placed};
use super::text::{LegalBasis, Text};

/// The field by which a record of an item that several lists use says which of them it is about.
pub(crate) const LIST_FIELD: &str = "list";

/// Where an entry, or an entry in the making, stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Its code within the list, e.g. `noticed`.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Whether the entry has effect in it.
    #[serde(default)]
    pub in_force: bool,
}

/// Whose step it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The department that keeps the list.
    Source,
    /// The person or organisation itself.
    Subject,
    /// A court.
    Court,
}

impl Who {
    /// Its name in both languages.
    pub fn name(self) -> Text {
        match self {
            Self::Source => Text::new("列入机关", "the deciding office"),
            Self::Subject => Text::new("当事人", "the person or organisation itself"),
            Self::Court => Text::new("人民法院", "the court"),
        }
    }
}

/// One step of a list's procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its code within the list; its clause is `lists.LIST.STEP`.
    pub code: String,
    /// The states that it leaves; none if it opens a procedure.
    #[serde(default)]
    pub from: Vec<String>,
    /// The state that it reaches.
    pub to: String,
    /// The item whose record makes it; or `act.repair`, `act.withdraw`.
    #[serde(default)]
    pub by: Option<ItemCode>,
    /// Whether it comes by itself when the entry's term is over.
    #[serde(default)]
    pub at_term: bool,
    /// The legal document that it rests on.
    #[serde(default)]
    pub document: Option<Text>,
    /// Whose step it is.
    pub who: Who,
    /// Within how many working days of the state that it leaves it is due.
    #[serde(default)]
    pub within_working_days: Option<u32>,
    /// How many working days of the state that it leaves must be over before it.
    #[serde(default)]
    pub waits_working_days: u32,
    /// How many months of the state that it leaves must be over before it.
    #[serde(default)]
    pub waits_months: u32,
    /// What happens, in plain words.
    pub text: Text,
    /// What it rests on.
    pub legal_basis: Vec<LegalBasis>,
}

impl Step {
    /// Whether it opens a procedure.
    pub fn opens(&self) -> bool {
        self.from.is_empty()
    }

    /// Whether it can be taken in this state.
    pub fn leaves(&self, state: &str) -> bool {
        self.from.iter().any(|from| from == state)
    }

    pub(crate) fn is_by(&self, item: &ItemCode) -> bool {
        self.by.as_ref() == Some(item)
    }

    pub(crate) fn is_act(&self) -> bool {
        self.by.as_ref().is_some_and(|by| by.as_str().starts_with("act."))
    }
}

/// A list file's procedure with its places: the list's own are those of its values.
#[derive(Debug, Clone)]
pub(crate) struct PlacedProcedure {
    pub(crate) states: Vec<Placed<State>>,
    pub(crate) steps: Vec<Placed<Step>>,
}

/// That a list's procedure is whole: every name in it is known, and its steps agree with its items and exits.
pub(crate) fn verify_procedure(
    list: &Placed<List>,
    procedure: &PlacedProcedure,
    lists: &[List],
    items: &[Item],
    faults: &mut Faults,
) {
    let Placed { value: list, place } = list;
    for (at, Placed { value: state, place }) in procedure.states.iter().enumerate() {
        let earlier = procedure.states.iter().take(at);
        if earlier.into_iter().any(|other| other.value.code == state.code) {
            place.fault_at(faults, "code", format!("state `{}` stands twice", state.code), "");
        }
    }
    for (at, Placed { value: step, place }) in procedure.steps.iter().enumerate() {
        let earlier = procedure.steps.iter().take(at);
        if earlier.into_iter().any(|other| other.value.code == step.code) {
            place.fault_at(faults, "code", format!("step `{}` stands twice", step.code), "");
        }
        verify_step(list, step, place, items, faults);
    }
    if list.steps.is_empty() {
        if !list.states.is_empty() {
            place.fault(
                faults,
                "it has states and no steps",
                "write a `[[step]]` into each state",
            );
        }
        return;
    }
    for item in &list.items {
        if !list.steps.iter().any(|step| step.is_by(item)) {
            let message = format!("no step is made by item `{item}`");
            place.fault_at(
                faults,
                "items",
                message,
                "without one its entries never take effect",
            );
        }
        let elsewhere = |other: &&List| other.code != list.code && other.items.contains(item);
        if let Some(other) = lists.iter().find(elsewhere) {
            let message = format!("item `{item}` enters list `{}` too", other.code);
            place.fault_at(faults, "items", message, "a decision is about one list");
        }
    }
    for exit in &list.exits {
        if !list.steps.iter().any(|step| step.is_by(exit)) {
            let message = format!("no step is made by exit `{exit}`");
            place.fault_at(faults, "exits", message, "write the `[[step]]` that it makes");
        }
    }
}

fn verify_step(list: &List, step: &Step, place: &Place, items: &[Item], faults: &mut Faults) {
    for (key, code) in step
        .from
        .iter()
        .map(|from| ("from", from))
        .chain([("to", &step.to)])
    {
        if list.state(code).is_none() {
            let message = format!("there is no state `{code}`");
            place.fault_at(faults, key, message, "write it as a `[[state]]` of this list");
        }
    }
    if step.by.is_some() == step.at_term {
        let help = "give it `by = \"an.item\"`, or `at_term = true` if it comes by itself";
        place.fault_at(
            faults,
            "by",
            "what makes the step is not said, or said twice",
            help,
        );
    }
    if step.at_term && step.opens() {
        place.fault_at(
            faults,
            "at_term",
            "a procedure does not open by itself",
            "give it `from`",
        );
    }
    if let Some(by) = &step.by {
        verify_by(list, step, by, place, items, faults);
    }
}

fn verify_by(list: &List, step: &Step, by: &ItemCode, place: &Place, items: &[Item], faults: &mut Faults) {
    if by.as_str().starts_with("act.") {
        if ![Act::Repair.code(), Act::Withdraw.code()].contains(&by.as_str()) {
            let message = format!("`{by}` makes no step of a list");
            place.fault_at(faults, "by", message, "only `act.repair` and `act.withdraw` do");
        }
        return;
    }
    let Some(item) = items.iter().find(|item| item.code == *by) else {
        let message = format!("item `{by}` is not in the catalogue");
        return place.fault_at(faults, "by", message, "add it there, or name another");
    };
    let in_force = |code: &String| list.state(code).is_some_and(|state| state.in_force);
    let leaves_force = step.from.iter().any(in_force) && !in_force(&step.to);
    let (entry, exit) = (list.items.contains(by), list.exits.contains(by));
    if leaves_force && !exit {
        let message = format!("`{by}` ends an entry and is not among `exits`");
        place.fault_at(faults, "by", message, "name it in `exits`");
    }
    if entry || exit {
        return verify_case_field(list, step, item, entry, place, faults);
    }
    let asks = |name: &str| {
        item.field(name)
            .is_some_and(|field| field.required && field.kind == ValueKind::Text)
    };
    if !asks(LIST_FIELD) {
        let message = format!("item `{by}` does not say which list it is about");
        let help = "give it a required text field `list`, which names the list by its code";
        place.fault_at(faults, "by", message, help);
    }
    verify_case_field(list, step, item, true, place, faults);
}

/// Records of one procedure know each other by their case.
fn verify_case_field(
    list: &List,
    step: &Step,
    item: &Item,
    needed: bool,
    place: &Place,
    faults: &mut Faults,
) {
    let alone = step.opens() && list.items.contains(&item.code);
    if !needed || alone {
        return;
    }
    let has = |name: &FieldName| {
        item.field(name.as_str())
            .is_some_and(|field| field.required && field.kind == ValueKind::Text)
    };
    let names_entry =
        !list.items.contains(&item.code) && item.field("entry_document").is_some_and(|field| field.required);
    if !names_entry && !list.case_field.as_ref().is_some_and(has) {
        let message = format!("item `{}` does not say which case it belongs to", item.code);
        let help = "give it the list's `case_field`, or `entry_document`, as a required text field";
        place.fault_at(faults, "by", message, help);
    }
}
