//! The one registry of typed ids: a noun has one id type, and no bare integer or string
//! crosses a boundary in its place.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Why a text is not an id of the wanted noun.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {noun}: {rule}")]
pub struct IdFault {
    /// What was to be named.
    pub noun: &'static str,
    /// The text as given, cut to 80 characters.
    pub text: String,
    /// What such an id looks like.
    pub rule: &'static str,
}

const CODE_RULE: &str = "1 to 64 of `a-z`, `0-9`, `.`, `-`, `_`, beginning with a letter or digit";

fn is_code(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_'))
        && text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
}

macro_rules! code_ids {
    ($($(#[$doc:meta])* $name:ident = $noun:literal;)*) => {$(
        $(#[$doc])*
        ///
        /// 1 to 64 of `a-z`, `0-9`, `.`, `-`, `_`, beginning with a letter or digit. Cloning it copies no text: a few codes stand in
        /// millions of records.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Parses the code.
            ///
            /// # Errors
            /// When the text breaks the rule of codes.
            pub fn new(text: impl Into<String>) -> Result<Self, IdFault> {
                let text = text.into();
                if is_code(&text) {
                    Ok(Self(text.into()))
                } else {
                    Err(IdFault { noun: $noun, text: text.chars().take(80).collect(), rule: CODE_RULE })
                }
            }

            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        /// So that a map of codes is asked with plain text.
        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdFault;
            fn try_from(text: String) -> Result<Self, IdFault> {
                Self::new(text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdFault;
            fn from_str(text: &str) -> Result<Self, IdFault> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.as_str().to_owned()
            }
        }
    )*};
}

macro_rules! number_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl $name {
            /// The number as SQL stores it; saturates, which no count here can reach.
            pub fn to_i64(self) -> i64 {
                i64::try_from(self.0).unwrap_or(i64::MAX)
            }

            /// The number as SQL gave it; a negative one, which a CHECK forbids, reads as 0.
            pub fn from_i64(number: i64) -> Self {
                Self(u64::try_from(number).unwrap_or(0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

code_ids! {
    /// A source: the department that hands records in, e.g. `chancheng.market`.
    SourceCode = "source code";
    /// A catalogue item, e.g. `penalty.fine`.
    ItemCode = "catalogue item code";
    /// A field of a catalogue item, e.g. `fine_fen`.
    FieldName = "field name";
    /// A file layout, e.g. `sgs-penalty-2018`.
    LayoutCode = "layout code";
    /// A statutory list, e.g. `court-defaulters`.
    ListCode = "list code";
    /// A measure, e.g. `limit-consumption`.
    MeasureCode = "measure code";
    /// A service item at the counter, e.g. `hygiene-licence-renewal`.
    ServiceCode = "service code";
    /// A purpose for which a file may be looked at, e.g. `counter.service`.
    PurposeCode = "purpose code";
    /// A clause of policy: file and item within it, e.g. `rating.person.social-insurance`.
    ClauseId = "clause id";
    /// A member of staff, by sign-in name, e.g. `chen`; `system` and `cli` are reserved.
    OfficerId = "officer id";
}

number_ids! {
    /// A record's number: its place in the one sequence, from 0, without gaps. Its leaf in the ledger names it.
    RecordNumber;
    /// How many records are known: a record counts if its number is below this.
    TreeSize;
    /// A subject. It is the number of the record that founded the subject, so that a rebuild gives it again.
    SubjectId;
    /// A submission: one hand-in of one file or call, from 0, without gaps.
    SubmissionId;
    /// An announcement of the credit office, from 1, without gaps.
    AnnouncementId;
    /// A simulation of a draft of the rules, from 1, without gaps.
    SimulationId;
}

impl RecordNumber {
    /// The tree size at which this record is the newest known one.
    pub fn known_from(self) -> TreeSize {
        TreeSize(self.0.saturating_add(1))
    }
}

/// The number of the piece of work for which a file is looked at, as the desk writes it.
///
/// 1 to 64 characters without control characters; free in form because each court and counter has its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseNumber(String);

impl CaseNumber {
    /// Parses a case number, trimming white space.
    ///
    /// # Errors
    /// When it is empty, longer than 64 characters or has a control character.
    pub fn new(text: impl AsRef<str>) -> Result<Self, IdFault> {
        let text = text.as_ref().trim();
        let length = text.chars().count();
        if (1..=64).contains(&length) && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdFault {
                noun: "case number",
                text: text.chars().take(80).collect(),
                rule: "1 to 64 characters, no control characters",
            })
        }
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CaseNumber {
    type Error = IdFault;
    fn try_from(text: String) -> Result<Self, IdFault> {
        Self::new(text)
    }
}

impl From<CaseNumber> for String {
    fn from(id: CaseNumber) -> String {
        id.0
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// SHA-256 over a policy bundle's canonical bytes: which rules a conclusion was reached under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BundleDigest(pub [u8; 32]);

impl fmt::Display for BundleDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for BundleDigest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_keep_to_their_rule() {
        for (text, ok) in [
            ("chancheng.market", true),
            ("a", true),
            ("440604", true),
            ("", false),
            ("A", false),
            ("-a", false),
            ("a b", false),
            ("市监", false),
            (&"a".repeat(64), true),
            (&"a".repeat(65), false),
        ] {
            assert_eq!(SourceCode::new(text).is_ok(), ok, "{text}");
        }
    }

    #[test]
    fn case_numbers_are_free_but_bounded() {
        assert_eq!(
            CaseNumber::new(" （2018）粤0604执123号 ").unwrap().as_str(),
            "（2018）粤0604执123号"
        );
        assert!(CaseNumber::new("").is_err());
        assert!(CaseNumber::new("a\nb").is_err());
    }
}
