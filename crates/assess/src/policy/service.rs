//! Services at the counter: their materials, and what trust opens.

use record::{ItemCode, PurposeCode, ServiceCode, SubjectKind};
use serde::{Deserialize, Serialize};

use super::access::Purpose;
use super::catalogue::Item;
use super::fault::Faults;
use super::read::Placed;
use super::scorecard::Letter;
use super::text::{LegalBasis, Text};

/// A material that a service asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Its code within the service.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// An item whose living record about the person takes its place: what a department holds is
    /// never asked for again.
    #[serde(default)]
    pub held_as: Option<ItemCode>,
    /// Within how many working days it may be handed in later (容缺). Without this it is core.
    #[serde(default)]
    pub defer_working_days: Option<u32>,
}

impl Material {
    /// Whether it must be there from the start.
    pub fn is_core(&self) -> bool {
        self.defer_working_days.is_none()
    }
}

/// 信任审批: who may hand in deferrable materials later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trust {
    /// The least letter.
    pub grade_at_least: Letter,
    /// Items of which no record may be in force, e.g. an unrepaired false promise.
    #[serde(default)]
    pub bars: Vec<ItemCode>,
    /// What the clerk and the person read when it applies; `{due}` is the day.
    pub text: Text,
}

/// A service item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its code, e.g. `hygiene-licence-renewal`.
    pub code: ServiceCode,
    /// Its name.
    pub name: Text,
    /// The office that decides.
    pub office: Text,
    /// Who may ask for it.
    pub subjects: Vec<SubjectKind>,
    /// The promised handling time in working days, the same for everyone.
    pub promised_working_days: u32,
    /// Whether it is done without coming to the counter when nothing is missing (零跑腿).
    #[serde(default)]
    pub zero_visit: bool,
    /// The purposes for which it is asked.
    pub purposes: Vec<PurposeCode>,
    /// Written from memory.
    #[serde(default)]
    pub unverified: bool,
    /// What it rests on.
    pub legal_basis: Vec<LegalBasis>,
    /// What the person reads on the ordinary path.
    pub ordinary_text: Text,
    /// What the person reads when everything is there.
    pub complete_text: Text,
    /// What trust opens, if anything.
    #[serde(default)]
    pub trust: Option<Trust>,
    /// The materials, in the order of the checklist.
    #[serde(skip_deserializing)]
    pub materials: Vec<Material>,
}

impl Service {
    /// The material of this code.
    pub fn material(&self, code: &str) -> Option<&Material> {
        self.materials.iter().find(|material| material.code == code)
    }
}

pub(crate) fn verify_service(
    service: &Placed<Service>,
    materials: &[Placed<Material>],
    items: &[Item],
    purposes: &[Purpose],
    faults: &mut Faults,
) {
    let Placed {
        value: service,
        place,
    } = service;
    if !(1..=365).contains(&service.promised_working_days) {
        let message = format!(
            "`{}` working days are not within 1 to 365",
            service.promised_working_days
        );
        place.fault_at(faults, "promised_working_days", message, "");
    }
    for code in &service.purposes {
        if !purposes.iter().any(|purpose| purpose.code == *code) {
            place.fault_at(faults, "purposes", format!("there is no purpose `{code}`"), "");
        }
    }
    let bars = service.trust.as_ref().map_or(&[][..], |trust| &trust.bars);
    for code in bars {
        if !items.iter().any(|item| item.code == *code && item.is_adverse()) {
            let message = format!("bar `{code}` is no adverse item of the catalogue");
            place.fault_at(
                faults,
                "trust",
                message,
                "guard 4: only a documented fact bars anything",
            );
        }
    }
    for (at, Placed { value, place }) in materials.iter().enumerate() {
        if materials
            .iter()
            .take(at)
            .any(|other| other.value.code == value.code)
        {
            place.fault_at(
                faults,
                "code",
                format!("material `{}` stands twice", value.code),
                "",
            );
        }
        if let Some(code) = &value.held_as
            && !items.iter().any(|item| item.code == *code && !item.is_adverse())
        {
            let message = format!("item `{code}` is not in the catalogue, or is adverse");
            place.fault_at(faults, "held_as", message, "name an item that a department holds");
        }
        if let Some(days) = value.defer_working_days
            && !(1..=service.promised_working_days).contains(&days)
        {
            let message = format!("`{days}` working days are beyond the promised handling time");
            place.fault_at(
                faults,
                "defer_working_days",
                message,
                "容缺 ends before the service does",
            );
        }
    }
}
