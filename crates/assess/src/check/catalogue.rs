//! The catalogue, whole: no class without items, and every item says how its records end, who sees them and
//! what its code lists are. Findings name the line, for a catalogue is long.

use serde::de::DeserializeOwned;

use super::{Findings, Severity};
use crate::policy::{Bundle, Class, Document, Faults, Item, Placed};

const RULE: &str = "catalogue-whole";

/// For reading one's own file: 个人信息保护法 45 leaves nothing out of it.
const OWN_FILE: &str = "own-file";

/// The class whose adverse items have no tier: a court's decisions end as the court's own law says, and NDRC
/// order 36 does not reach them.
const OF_COURTS: &str = "judicial";

pub(super) fn check(bundle: &Bundle, found: &mut Findings) {
    for Placed { value: class, place } in placed::<Class>(bundle, "class") {
        if !bundle.items().any(|item| item.class == class.code) {
            let mut faults = Faults::default();
            let message = format!("class `{}` has no item", class.code);
            place.fault_at(
                &mut faults,
                "code",
                message,
                "add the items that it is for, or take it out",
            );
            tell(&class.code, faults, found);
        }
    }
    for item in placed::<Item>(bundle, "item") {
        let mut faults = Faults::default();
        if item.value.is_adverse() {
            adverse(bundle, &item, &mut faults);
        }
        retention(&item, &mut faults);
        code_lists(&item, &mut faults);
        purposes(bundle, &item, &mut faults);
        tell(item.value.code.as_str(), faults, found);
    }
    held(bundle, found);
}

/// What a service counts as held by a department must be seen for the purposes of the service.
fn held(bundle: &Bundle, found: &mut Findings) {
    for service in bundle.services() {
        let materials = service.materials.iter();
        let items = materials.filter_map(|material| bundle.item(material.held_as.as_ref()?));
        for item in items {
            for purpose in service
                .purposes
                .iter()
                .filter(|purpose| !item.is_seen_for(purpose))
            {
                let about = format!("services.{}", service.code);
                let message = format!("item `{}` is not seen for `{purpose}`", item.code);
                let help = "add the purpose to its `seen_for`, or ask for the paper";
                found.add(Severity::Error, RULE, &about, message, help);
            }
        }
    }
}

fn tell(about: &str, faults: Faults, found: &mut Findings) {
    for fault in faults.sorted() {
        let message = format!(
            "{}:{}:{}: {}",
            fault.file, fault.line, fault.column, fault.message
        );
        found.add(Severity::Error, RULE, about, message, &fault.help);
    }
}

/// Items of the bundle in force stay in the new one: records that have lost their item have lost their words.
pub(super) fn check_kept(in_force: &Bundle, new: &Bundle, found: &mut Findings) {
    for item in in_force.items().filter(|item| new.item(&item.code).is_none()) {
        let help = "keep it and give it `until`, so that its records stay readable";
        found.add(
            Severity::Error,
            "catalogue-kept",
            item.code.as_str(),
            "the item is gone",
            help,
        );
    }
}

/// The entries of the catalogue again, each with its place. What does not read was told by parsing.
fn placed<T: DeserializeOwned>(bundle: &Bundle, key: &str) -> Vec<Placed<T>> {
    let mut faults = Faults::default();
    let files = bundle.files().iter();
    files
        .filter(|(path, _)| path.starts_with("catalogue/"))
        .filter_map(|(path, text)| Document::open(path, text, &mut faults))
        .flat_map(|mut document| document.take_array::<T>(key, &mut Faults::default()))
        .collect()
}

/// An adverse item states its tier, unless a court or a list with terms of its own ends it, and whether it can be
/// repaired: neither is left to a default.
fn adverse(bundle: &Bundle, item: &Placed<Item>, faults: &mut Faults) {
    let Placed { value: item, place } = item;
    let listed = bundle.lists().any(|list| list.items.contains(&item.code));
    if item.tier.is_none() && item.class != OF_COURTS && !listed {
        let help = "信用修复管理办法: write `tier`, or name it as an entry of a list";
        place.fault(
            faults,
            format!("adverse item `{}` states no tier", item.code),
            help,
        );
    }
    if !place.states("repairable") {
        let message = format!(
            "adverse item `{}` does not state whether it can be repaired",
            item.code
        );
        place.fault(faults, message, "write `repairable`");
    }
    if item.retention_months.is_none() {
        let message = format!("adverse item `{}` states no retention", item.code);
        place.fault(faults, message, "write `retention_months`");
    }
}

fn retention(item: &Placed<Item>, faults: &mut Faults) {
    let Placed { value: item, place } = item;
    let Some((effect, kept)) = item.effect_months_most.zip(item.retention_months) else {
        return;
    };
    if kept < effect {
        let message = format!("is kept for `{kept}` months and has effect for `{effect}`");
        let help = "what has effect can be explained: keep it at least as long";
        place.fault_at(faults, "retention_months", message, help);
    }
}

fn code_lists(item: &Placed<Item>, faults: &mut Faults) {
    let Placed { value: item, place } = item;
    for field in &item.fields {
        if field.values.as_ref().is_some_and(Vec::is_empty) {
            let message = format!("the code list of field `{}` is empty", field.name);
            place.fault_at(faults, "field", message, "name its values, or leave `values` out");
        }
    }
}

fn purposes(bundle: &Bundle, item: &Placed<Item>, faults: &mut Faults) {
    let Placed { value: item, place } = item;
    for purpose in &item.seen_for {
        if bundle.purpose(purpose).is_none() {
            let message = format!("there is no purpose `{purpose}`");
            place.fault_at(faults, "seen_for", message, "see access/purposes.toml");
        }
    }
    let own = bundle
        .purposes()
        .find(|purpose| purpose.code.as_str() == OWN_FILE);
    if !item.seen_for.is_empty() && own.is_some_and(|own| !item.seen_for.contains(&own.code)) {
        let message = format!("item `{}` is kept from its own subject", item.code);
        place.fault_at(faults, "seen_for", message, "个人信息保护法 45: add `own-file`");
    }
}
