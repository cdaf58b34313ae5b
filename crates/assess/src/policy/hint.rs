//! What a row without an identifier may say of whom it means, whatever its item.

use record::ValueKind;

use super::text::Text;

/// The longest hint, in characters.
const MOST_CHARS: usize = 300;

/// A hint at whom a row means that has no identifier. It orders an officer's queue of proposals and is read by nothing
/// else; a row with an identifier has none, because nobody needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hint {
    /// The date of birth.
    BirthDate,
    /// An address.
    Address,
    /// A telephone number, which may be masked.
    Phone,
    /// An identifier as far as it is shown, e.g. `440604********1234`.
    Number,
}

impl Hint {
    /// All of them, in the order of templates.
    pub const ALL: [Self; 4] = [Self::BirthDate, Self::Address, Self::Phone, Self::Number];

    /// The field of a record that holds it.
    pub fn field(self) -> &'static str {
        match self {
            Self::BirthDate => "subject_birth_date",
            Self::Address => "subject_address",
            Self::Phone => "subject_phone",
            Self::Number => "subject_number",
        }
    }

    /// The hint that a field of this name holds, if any.
    pub fn of_field(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hint| hint.field() == name)
    }

    /// What it takes.
    pub fn kind(self) -> ValueKind {
        match self {
            Self::BirthDate => ValueKind::Date,
            Self::Address | Self::Phone | Self::Number => ValueKind::Text,
        }
    }

    /// Its name on pages.
    pub fn name(self) -> Text {
        match self {
            Self::BirthDate => Text::new("当事人出生日期", "Date of birth, as stated"),
            Self::Address => Text::new("当事人住址", "Address, as stated"),
            Self::Phone => Text::new("当事人联系电话", "Telephone, as stated"),
            Self::Number => Text::new("当事人证件号码（遮盖）", "Identifier as far as shown"),
        }
    }

    /// The longest text it takes, in characters.
    pub fn max_chars(self) -> usize {
        MOST_CHARS
    }
}
