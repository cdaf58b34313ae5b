//! The clauses of a bundle: what conclusions cite, each with its words and its law.

use std::collections::BTreeMap;

use record::ClauseId;

use super::fault::Faults;
use super::parse::Parts;
use super::read::{Place, Placed};
use super::text::{Clause, LegalBasis, Text};

/// The id of a clause; `None` only for parts that `collect` refused.
pub(crate) fn clause_id(parts: &[&str]) -> Option<ClauseId> {
    ClauseId::new(parts.join(".")).ok()
}

pub(super) fn collect(parts: &Parts, faults: &mut Faults) -> BTreeMap<ClauseId, Clause> {
    let mut found = Clauses {
        clauses: BTreeMap::new(),
        faults,
    };
    for Placed { value, place } in &parts.items {
        let id = ["catalogue", value.code.as_str()];
        found.add(&id, &value.name, &value.legal_basis, false, place);
        for field in &value.fields {
            found.whole(&field.label, place);
        }
    }
    for Placed { value, place } in &parts.classes {
        found.add(
            &["class", &value.code],
            &value.name,
            &value.legal_basis,
            false,
            place,
        );
    }
    for Placed { value, place } in &parts.lists {
        let id = ["lists", value.code.as_str()];
        found.add(&id, &value.name, &value.legal_basis, value.unverified, place);
        found.whole(&value.exit_text, place);
    }
    add_procedures(parts, &mut found);
    for Placed { value, place } in &parts.restrictions {
        let id = ["measures", value.code.as_str()];
        found.add(&id, &value.name, &value.legal_basis, value.unverified, place);
        found.whole(&value.text, place);
        found.whole(&value.agency, place);
        if let Some(target) = &value.target {
            found.whole(target, place);
        }
    }
    for Placed { value, place } in &parts.incentives {
        let id = ["measures", value.code.as_str()];
        found.add(&id, &value.name, &value.legal_basis, value.unverified, place);
        found.whole(&value.text, place);
        found.whole(&value.agency, place);
        if let Some(target) = &value.target {
            found.whole(target, place);
        }
    }
    add_repair(parts, &mut found);
    for Placed { value, place } in &parts.look_rules {
        let code = value.sign.code().replace('_', "-");
        found.add(
            &["looks", &code],
            &value.name,
            &value.legal_basis,
            value.unverified,
            place,
        );
        found.whole(&value.text, place);
    }
    add_scorecards(parts, &mut found);
    add_services(parts, &mut found);
    found.clauses
}

fn add_procedures(parts: &Parts, found: &mut Clauses<'_>) {
    for (list, procedure) in parts.lists.iter().zip(&parts.procedures) {
        let code = list.value.code.as_str();
        for Placed { value: state, place } in &procedure.states {
            found.whole(&state.name, place);
        }
        for Placed { value: step, place } in &procedure.steps {
            let id = ["lists", code, &step.code];
            found.add(&id, &step.text, &step.legal_basis, list.value.unverified, place);
            if let Some(document) = &step.document {
                found.whole(document, place);
            }
        }
    }
}

fn add_repair(parts: &Parts, found: &mut Clauses<'_>) {
    for Placed { value, place } in &parts.repair.tiers {
        let id = ["repair", value.tier.code()];
        found.add(&id, &value.name, &value.legal_basis, false, place);
    }
    for Placed { value, place } in &parts.repair.conditions {
        let code = value.needs.code().replace('_', "-");
        let id = ["repair", "condition", &code];
        found.add(&id, &value.name, &value.legal_basis, false, place);
        found.whole(&value.met, place);
        found.slots(&value.missing, &["open_from"], place);
    }
    for Placed { value, place } in &parts.repair.channels {
        let id = ["repair", "channel", &value.code];
        found.add(&id, &value.name, &value.legal_basis, value.unverified, place);
        found.whole(&value.text, place);
    }
    if let Some(Placed { value, place }) = &parts.repair.head {
        for text in value.stops.iter().chain(&value.tells) {
            found.whole(text, place);
        }
    }
    for Placed { value, place } in &parts.deadlines {
        let code = value.duty.code().replace('_', "-");
        let id = ["deadlines", &code];
        found.add(&id, &value.name, &value.legal_basis, value.unverified, place);
        found.whole(&value.text, place);
    }
}

fn add_scorecards(parts: &Parts, found: &mut Clauses<'_>) {
    for (Placed { value: card, place }, features) in &parts.cards {
        let basis = &card.legal_basis;
        found.add(&["rating", &card.code], &card.name, basis, false, place);
        found.add(
            &["rating", &card.code, "base"],
            &card.base.text,
            basis,
            false,
            place,
        );
        if let Some(model) = &card.model_card {
            for (_, text) in model.parts() {
                found.whole(text, place);
            }
        }
        for dimension in &card.dimensions {
            let id = ["rating", &card.code, "bound", &dimension.code];
            found.add(&id, &dimension.name, basis, false, place);
            found.whole(&dimension.bound_text, place);
        }
        for Placed {
            value: feature,
            place,
        } in features
        {
            let id = ["rating", &card.code, &feature.code];
            found.add(&id, &feature.name, basis, false, place);
            found.slots(&feature.text, &["value"], place);
            if let Some(text) = &feature.improve {
                found.slots(text, &["missing", "next"], place);
            }
        }
    }
}

fn add_services(parts: &Parts, found: &mut Clauses<'_>) {
    for (
        Placed {
            value: service,
            place,
        },
        materials,
    ) in &parts.services
    {
        let (code, basis, unverified) = (service.code.as_str(), &service.legal_basis, service.unverified);
        found.add(&["services", code], &service.name, basis, unverified, place);
        found.slots(&service.ordinary_text, &[], place);
        found.slots(&service.complete_text, &[], place);
        if let Some(trust) = &service.trust {
            found.add(
                &["services", code, "trust"],
                &service.name,
                basis,
                unverified,
                place,
            );
            found.slots(&trust.text, &["due"], place);
        }
        for Placed { value, place } in materials {
            found.add(
                &["services", code, &value.code],
                &value.name,
                basis,
                unverified,
                place,
            );
        }
    }
}

struct Clauses<'a> {
    clauses: BTreeMap<ClauseId, Clause>,
    faults: &'a mut Faults,
}

impl Clauses<'_> {
    fn add(&mut self, id: &[&str], title: &Text, basis: &[LegalBasis], unverified: bool, place: &Place) {
        self.whole(title, place);
        for law in basis {
            self.whole(&law.law, place);
        }
        let id = match ClauseId::new(id.join(".")) {
            Ok(id) => id,
            Err(fault) => {
                return place.fault_at(self.faults, "code", fault.to_string(), "choose a shorter code");
            }
        };
        let clause = Clause {
            id: id.clone(),
            title: title.clone(),
            legal_basis: basis.to_vec(),
            unverified: unverified || basis.iter().any(|law| law.unverified),
            file: place.file().to_owned(),
            line: place.line(),
        };
        if self.clauses.insert(id.clone(), clause).is_some() {
            place.fault_at(self.faults, "code", format!("clause `{id}` stands twice"), "");
        }
    }

    fn whole(&mut self, text: &Text, place: &Place) {
        if !text.is_whole() {
            let message = format!("a text is empty: zh `{}`, en `{}`", text.zh, text.en);
            place.fault(
                self.faults,
                message,
                "every text stands in Chinese and in English",
            );
        }
    }

    fn slots(&mut self, text: &Text, allowed: &[&str], place: &Place) {
        self.whole(text, place);
        for slot in text.slots() {
            if !allowed.contains(&slot) {
                let message = format!("`{{{slot}}}` is filled with nothing here");
                let help = match allowed {
                    [] => "this text takes none".to_owned(),
                    some => format!("this text takes `{{{}}}`", some.join("}`, `{")),
                };
                place.fault(self.faults, message, help);
            }
        }
    }
}
