//! Who may do what, and for which purposes a file may be looked at.

use record::PurposeCode;
use serde::{Deserialize, Serialize};

use super::fault::Faults;
use super::read::Placed;
use super::text::{LegalBasis, Text};

/// A purpose for which a file may be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// Its code, e.g. `counter.service`.
    pub code: PurposeCode,
    /// Its name, as the person reads it among the looks at their file.
    pub name: Text,
    /// What it allows and what it does not.
    pub text: Text,
    /// Whether a decision for this purpose may use the grade (guard 1).
    #[serde(default)]
    pub may_ask_grade: bool,
    /// Whether a look must name a case.
    #[serde(default)]
    pub needs_case: bool,
    /// What it rests on.
    #[serde(default)]
    pub legal_basis: Vec<LegalBasis>,
}

/// A role: what its holders may do. Whatever is not named is denied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its code, e.g. `clerk`.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// The acts allowed, e.g. `submission.upload`.
    pub may: Vec<String>,
    /// The purposes for which its holders may look.
    #[serde(default)]
    pub purposes: Vec<PurposeCode>,
    /// Whether its holders act only within their own source.
    #[serde(default)]
    pub own_source_only: bool,
}

impl Role {
    /// Whether its holders may do this.
    pub fn may(&self, act: &str) -> bool {
        self.may.iter().any(|allowed| allowed == act)
    }

    /// Whether its holders may look for this purpose.
    pub fn may_look_for(&self, purpose: &PurposeCode) -> bool {
        self.purposes.contains(purpose)
    }
}

pub(crate) fn verify_role(role: &Placed<Role>, purposes: &[Purpose], faults: &mut Faults) {
    let Placed { value: role, place } = role;
    for code in &role.purposes {
        if !purposes.iter().any(|purpose| purpose.code == *code) {
            let message = format!("there is no purpose `{code}`");
            place.fault_at(faults, "purposes", message, "see access/purposes.toml");
        }
    }
}
