//! 信用修复: the tiers, the conditions, what stops, and the ways that open earlier. Read from `repair.toml`.

use record::{ClauseId, ItemCode};
use serde::{Deserialize, Serialize};

use super::catalogue::{Item, Tier};
use super::clauses::clause_id;
use super::fault::Faults;
use super::read::{Document, Placed};
use super::text::{LegalBasis, Text};

/// A tier: how long it is shown at least and at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepairTier {
    /// Which tier.
    pub tier: Tier,
    /// Its name.
    pub name: Text,
    /// The shortest display before repair, in months from the document's date.
    pub display_months_least: u32,
    /// The longest display, in months from the document's date.
    pub display_months_most: u32,
    /// What it rests on.
    pub legal_basis: Vec<LegalBasis>,
}

/// What a repair asks for. A closed set: the engine knows how to see each in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairNeed {
    /// It is no kind of record that law keeps from repair.
    Repairable,
    /// Its shortest display is over.
    ShortestDisplay,
    /// What the document ordered is performed and put right.
    Performed,
    /// A public commitment was given.
    Commitment,
}

impl RepairNeed {
    /// Its code in locale keys, and in clause ids with `-` for `_`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Repairable => "repairable",
            Self::ShortestDisplay => "shortest_display",
            Self::Performed => "performed",
            Self::Commitment => "commitment",
        }
    }

    pub(crate) fn clause(self) -> Option<ClauseId> {
        clause_id(&["repair", "condition", &self.code().replace('_', "-")])
    }
}

/// One condition, with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepairCondition {
    /// Which.
    pub needs: RepairNeed,
    /// Its name.
    pub name: Text,
    /// What to say when it is met.
    pub met: Text,
    /// What to say, and to do, when it is not. `{open_from}` is filled in for the shortest display.
    pub missing: Text,
    /// What it rests on.
    pub legal_basis: Vec<LegalBasis>,
}

/// A way that opens repair earlier, e.g. an approved plan of reorganisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepairChannel {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// What it does, in plain words.
    pub text: Text,
    /// The items any record of which opens it, for records that are older than it.
    pub opened_by: Vec<ItemCode>,
    /// The conditions that it takes the place of.
    pub waives: Vec<RepairNeed>,
    /// Written from memory.
    #[serde(default)]
    pub unverified: bool,
    /// What it rests on.
    pub legal_basis: Vec<LegalBasis>,
}

/// All of `repair.toml`. A bundle without the file repairs by its items alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RepairRules {
    pub(crate) tiers: Vec<RepairTier>,
    pub(crate) conditions: Vec<RepairCondition>,
    pub(crate) channels: Vec<RepairChannel>,
    pub(crate) head: RepairHead,
}

/// What stands in the file beside the tables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RepairHead {
    /// The items whose records show that a document was performed.
    #[serde(default)]
    pub(crate) performed_by: Vec<ItemCode>,
    /// What stops with a repair.
    #[serde(default)]
    pub(crate) stops: Vec<Text>,
    /// Who is to be told of it.
    #[serde(default)]
    pub(crate) tells: Vec<Text>,
}

impl RepairRules {
    /// The tiers, in the order of the file.
    pub fn tiers(&self) -> &[RepairTier] {
        &self.tiers
    }

    /// The conditions, in the order of the file.
    pub fn conditions(&self) -> &[RepairCondition] {
        &self.conditions
    }

    /// The channels, in the order of the file.
    pub fn channels(&self) -> &[RepairChannel] {
        &self.channels
    }

    /// What stops with a repair, in words.
    pub fn stops(&self) -> &[Text] {
        &self.head.stops
    }

    /// Who is told of one, in words.
    pub fn tells(&self) -> &[Text] {
        &self.head.tells
    }

    /// The shortest display of an item, in months: its own, or that of its tier.
    pub fn months_least(&self, item: &Item) -> u32 {
        let tier = self.tiers.iter().find(|tier| Some(tier.tier) == item.tier);
        let of_tier = tier.map_or(0, |tier| tier.display_months_least);
        item.display_months_least.unwrap_or(of_tier)
    }

    /// The longest display of an item, in months: its own, and never more than its tier's.
    pub fn months_most(&self, item: &Item) -> Option<u32> {
        let tier = self.tiers.iter().find(|tier| Some(tier.tier) == item.tier);
        let of_tier = tier.map(|tier| tier.display_months_most);
        item.display_months_most.into_iter().chain(of_tier).min()
    }
}

/// The file as read, with its places.
#[derive(Default)]
pub(crate) struct RepairFile {
    pub(crate) tiers: Vec<Placed<RepairTier>>,
    pub(crate) conditions: Vec<Placed<RepairCondition>>,
    pub(crate) channels: Vec<Placed<RepairChannel>>,
    pub(crate) head: Option<Placed<RepairHead>>,
}

impl RepairFile {
    pub(crate) fn read(mut document: Document<'_>, faults: &mut Faults) -> Self {
        Self {
            tiers: document.take_array("tier", faults),
            conditions: document.take_array("condition", faults),
            channels: document.take_array("channel", faults),
            head: document.take_rest(faults),
        }
    }

    pub(crate) fn into_rules(self) -> RepairRules {
        RepairRules {
            tiers: self.tiers.into_iter().map(|tier| tier.value).collect(),
            conditions: self.conditions.into_iter().map(|one| one.value).collect(),
            channels: self.channels.into_iter().map(|one| one.value).collect(),
            head: self.head.map(|head| head.value).unwrap_or_default(),
        }
    }

    pub(crate) fn verify(&self, items: &[Item], faults: &mut Faults) {
        for (at, Placed { value, place }) in self.tiers.iter().enumerate() {
            let (least, most) = (
                value.tier.display_months_least(),
                value.tier.display_months_most(),
            );
            if value.display_months_least > least || value.display_months_most > most {
                let message = format!(
                    "`{}` to `{}` months are more than the {least} to {most} of the tier",
                    value.display_months_least, value.display_months_most
                );
                let help = "NDRC order 36 bounds the tier";
                place.fault_at(faults, "display_months_most", message, help);
            }
            if self
                .tiers
                .iter()
                .take(at)
                .any(|other| other.value.tier == value.tier)
            {
                place.fault_at(faults, "tier", "the tier stands twice", "");
            }
        }
        for (at, Placed { value, place }) in self.conditions.iter().enumerate() {
            let mut before = self.conditions.iter().take(at);
            if before.any(|other| other.value.needs == value.needs) {
                let message = format!("condition `{}` stands twice", value.needs.code());
                place.fault_at(faults, "needs", message, "");
            }
        }
        for Placed { value, place } in &self.channels {
            if value.waives.is_empty() || value.waives.contains(&RepairNeed::Repairable) {
                let message = "a channel takes the place of a condition, and not of `repairable`";
                place.fault_at(faults, "waives", message, "that one is the catalogue's to say");
            }
            known(&value.opened_by, "opened_by", items, place, faults);
        }
        if let Some(Placed { value, place }) = &self.head {
            known(&value.performed_by, "performed_by", items, place, faults);
        }
    }
}

fn known(codes: &[ItemCode], key: &str, items: &[Item], place: &super::read::Place, faults: &mut Faults) {
    for code in codes {
        match items.iter().find(|item| item.code == *code) {
            None => {
                let message = format!("item `{code}` is not in the catalogue");
                place.fault_at(faults, key, message, "add it there, or take it out here");
            }
            Some(item) if item.is_adverse() => {
                let message = format!("item `{code}` is adverse");
                place.fault_at(faults, key, message, "what opens a repair speaks against nobody");
            }
            Some(_) => {}
        }
    }
}
