//! Roles: what a viewer signs in as. What a role may do is policy (`access/roles.toml`), not code.

use serde::{Deserialize, Serialize};

/// A role. Each has an entry of this code in the policy's `access/roles.toml`; one without may nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works at the department desk of its source.
    Officer,
    /// Works at the counter of its source.
    Clerk,
    /// Oversees looks and administrative acts, and does nothing else.
    Auditor,
    /// Works at the credit office: the whole of the district, and nobody's file.
    Office,
    /// Another system that speaks for its source, by a key.
    System,
    /// A person, at their own file.
    Person,
    /// A legal representative, at the file of the organisation.
    Representative,
    /// Somebody whom an organisation appointed to act for it.
    Agent,
    /// Somebody whom an organisation appointed to read for it.
    Reader,
    /// Everyone.
    Public,
}

/// A text that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no role; roles are `officer`, `clerk`, `auditor`, `office`, `system`, `person`, `representative`, `agent`, `reader`, `public`"
)]
pub struct UnknownRole(pub String);

impl Role {
    /// Every role.
    pub const ALL: [Self; 10] = [
        Self::Officer,
        Self::Clerk,
        Self::Auditor,
        Self::Office,
        Self::System,
        Self::Person,
        Self::Representative,
        Self::Agent,
        Self::Reader,
        Self::Public,
    ];

    /// Its code in policy, SQL and locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Clerk => "clerk",
            Self::Auditor => "auditor",
            Self::Office => "office",
            Self::System => "system",
            Self::Person => "person",
            Self::Representative => "representative",
            Self::Agent => "agent",
            Self::Reader => "reader",
            Self::Public => "public",
        }
    }

    /// Whether members of staff hold it.
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Officer | Self::Clerk | Self::Auditor | Self::Office)
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownRole;
    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.code() == text)
            .ok_or_else(|| UnknownRole(text.chars().take(64).collect()))
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_both_ways() {
        for role in Role::ALL {
            assert_eq!(role.code().parse(), Ok(role));
        }
        assert!("admin".parse::<Role>().is_err());
    }
}
