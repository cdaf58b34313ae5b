//! The comparisons, and a value read once for one of them.

use serde::{Deserialize, Serialize};

use crate::address::{self, Address};
use crate::date::{self, Day};
use crate::level::Level;
use crate::masked::{self, Masked};
use crate::organisation::{self, OrganisationName};
use crate::person::{self, PersonName};
use crate::text::{edits, jaro_winkler};

/// How the values of a field are compared. All are symmetric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Compare {
    /// Equal or not, after folding width, case and blanks.
    Exact,
    /// Latin text by Jaro–Winkler: close from 0.92, near from 0.88, far from 0.7.
    Text,
    /// A short code: how many edits lie between, up to two.
    Code,
    /// A date of birth.
    Date,
    /// A name of a person, Han or Latin.
    Person,
    /// A name of an organisation.
    Organisation,
    /// An address within the city.
    Address,
    /// A telephone number, whole or masked.
    Phone,
    /// An identifier, whole or masked.
    Number,
}

const EXACT: &[Level] = &[Level::Same, Level::Other];
const TEXT: &[Level] = &[Level::Same, Level::Close, Level::Near, Level::Far, Level::Other];
const CODE: &[Level] = &[Level::Same, Level::OneOff, Level::TwoOff, Level::Other];

impl Compare {
    /// The levels that this comparison can come out at, strongest first; the last is [`Level::Other`].
    /// [`Level::Missing`] is never among them: it is no evidence.
    pub fn levels(self) -> &'static [Level] {
        match self {
            Self::Exact => EXACT,
            Self::Text => TEXT,
            Self::Code => CODE,
            Self::Date => date::LEVELS,
            Self::Person => person::LEVELS,
            Self::Organisation => organisation::LEVELS,
            Self::Address => address::LEVELS,
            Self::Phone | Self::Number => masked::LEVELS,
        }
    }

    /// Compares two values as they were written.
    ///
    /// ```
    /// use linkage::{Compare, Level};
    /// assert_eq!(Compare::Person.level("颜明月", "閆明月"), Level::SameSound);
    /// assert_eq!(Compare::Date.level("1990-03-04", "1990年4月3日"), Level::Swapped);
    /// assert_eq!(Compare::Phone.level("138****1234", ""), Level::Missing);
    /// ```
    pub fn level(self, one: &str, other: &str) -> Level {
        match (self.read(one), self.read(other)) {
            (Some(one), Some(other)) => one.level(&other),
            _ => Level::Missing,
        }
    }

    /// Reads a value; `None` if it is empty or cannot be read, which counts as missing.
    pub(crate) fn read(self, text: &str) -> Option<Value> {
        match self {
            Self::Exact | Self::Text | Self::Code => {
                let chars: Vec<char> = record::tidy_text(text).to_lowercase().chars().collect();
                (!chars.is_empty()).then_some(match self {
                    Self::Text => Value::Text(chars),
                    Self::Code => Value::Code(chars),
                    _ => Value::Exact(chars),
                })
            }
            Self::Date => Day::read(text).map(Value::Date),
            Self::Person => PersonName::read(text).map(|name| Value::Person(Box::new(name))),
            Self::Organisation => {
                OrganisationName::read(text).map(|name| Value::Organisation(Box::new(name)))
            }
            Self::Address => Address::read(text).map(Value::Address),
            Self::Phone => Masked::read_phone(text).map(Value::Masked),
            Self::Number => Masked::read(text).map(Value::Masked),
        }
    }
}

/// A value of a field, read for its comparison.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Exact(Vec<char>),
    Text(Vec<char>),
    Code(Vec<char>),
    Date(Day),
    Person(Box<PersonName>),
    Organisation(Box<OrganisationName>),
    Address(Address),
    Masked(Masked),
}

/// Which part of a value two rows must share to be looked at together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// All of it, folded.
    Whole,
    /// So many characters at the beginning.
    Start(u8),
    /// How a name sounds. Of a person's name in any order and script, so 王伟 and Wei Wang share it.
    Sound,
    /// The trade name of an organisation.
    TradeName,
    /// The year of a date.
    Year,
    /// Month and day of a date.
    MonthDay,
    /// Road and house number of an address.
    House,
    /// So many digits at the end of a number, if they are shown.
    End(u8),
}

impl Value {
    /// The two must be of one comparison; values of two different ones differ.
    pub(crate) fn level(&self, other: &Self) -> Level {
        match (self, other) {
            (Self::Exact(one), Self::Exact(two)) if one == two => Level::Same,
            (Self::Text(one), Self::Text(two)) => text_level(one, two),
            (Self::Code(one), Self::Code(two)) => match edits(one, two, 2) {
                Some(0) => Level::Same,
                Some(1) => Level::OneOff,
                Some(_) => Level::TwoOff,
                None => Level::Other,
            },
            (Self::Date(one), Self::Date(two)) => one.level(*two),
            (Self::Person(one), Self::Person(two)) => one.level(two),
            (Self::Organisation(one), Self::Organisation(two)) => one.level(two),
            (Self::Address(one), Self::Address(two)) => one.level(two),
            (Self::Masked(one), Self::Masked(two)) => one.level(two),
            _ => Level::Other,
        }
    }

    /// What is counted when one asks how rare the value is. Values at [`Level::Same`] or
    /// [`Level::OtherwiseWritten`] to each other share it. Masked numbers have none.
    pub(crate) fn term(&self) -> Option<String> {
        Some(match self {
            Self::Exact(chars) | Self::Text(chars) | Self::Code(chars) => chars.iter().collect(),
            Self::Date(day) => day.whole(),
            Self::Person(name) => name.term(),
            Self::Organisation(name) => name.term(),
            Self::Address(address) => address.whole(),
            Self::Masked(number) if number.is_whole() => number.text(),
            Self::Masked(_) => return None,
        })
    }

    /// The part of the value for a key, if it has such a part.
    pub(crate) fn part(&self, part: Part) -> Option<String> {
        match (part, self) {
            (Part::Whole, _) => self.term(),
            (Part::Start(count), _) => Some(self.term()?.chars().take(usize::from(count)).collect()),
            (Part::Sound, Self::Person(name)) => Some(name.sound_key()),
            (Part::Sound, Self::Organisation(name)) => Some(name.sound_key()),
            (Part::TradeName, Self::Organisation(name)) => Some(name.trade()),
            (Part::Year, Self::Date(day)) => Some(day.year()),
            (Part::MonthDay, Self::Date(day)) => Some(day.month_day()),
            (Part::House, Self::Address(address)) => address.house(),
            (Part::End(count), Self::Masked(number)) => number.tail(usize::from(count)),
            _ => None,
        }
    }
}

fn text_level(one: &[char], two: &[char]) -> Level {
    if one == two {
        return Level::Same;
    }
    let alike = jaro_winkler(one, two);
    match alike {
        _ if alike >= 0.92 => Level::Close,
        _ if alike >= 0.88 => Level::Near,
        _ if alike >= 0.7 => Level::Far,
        _ => Level::Other,
    }
}
