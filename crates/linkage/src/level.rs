//! How far two values of a field agree: a short list of words, the same for every field.

use serde::{Deserialize, Serialize};

/// What comparing two values of one field showed. Each comparison uses some of these
/// ([`Compare::levels`](crate::Compare::levels)), the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Level {
    /// The same, but for width, case and blanks.
    Same,
    /// The same name otherwise written: traditional and simplified, with and without interpunct, in another order.
    OtherwiseWritten,
    /// The same firm under another form or place: only the trade name agrees.
    TradeName,
    /// The same sound in other characters (颜 and 闫), or pinyin that can be read so.
    SameSound,
    /// The same as far as a masked value shows it.
    AsFarAsShown,
    /// Day and month stand in each other's place.
    Swapped,
    /// One character or digit more, less, other, or two neighbours swapped.
    OneOff,
    /// Two of them.
    TwoOff,
    /// Very alike as a whole.
    Close,
    /// Somewhat alike.
    Near,
    /// Little alike.
    Far,
    /// The same road and house number; of the door within, one of them says nothing.
    SameHouse,
    /// The same road, at another number or behind another door.
    SameRoad,
    /// Born in the same year.
    SameYear,
    /// None of the others: they differ.
    Other,
    /// One of the two has no value, or none that can be read. It is no evidence either way.
    Missing,
}

impl Level {
    /// All of them, in the order above.
    pub const ALL: [Self; 16] = [
        Self::Same,
        Self::OtherwiseWritten,
        Self::TradeName,
        Self::SameSound,
        Self::AsFarAsShown,
        Self::Swapped,
        Self::OneOff,
        Self::TwoOff,
        Self::Close,
        Self::Near,
        Self::Far,
        Self::SameHouse,
        Self::SameRoad,
        Self::SameYear,
        Self::Other,
        Self::Missing,
    ];

    /// Its code, as it is serialised and in locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::OtherwiseWritten => "otherwise_written",
            Self::TradeName => "trade_name",
            Self::SameSound => "same_sound",
            Self::AsFarAsShown => "as_far_as_shown",
            Self::Swapped => "swapped",
            Self::OneOff => "one_off",
            Self::TwoOff => "two_off",
            Self::Close => "close",
            Self::Near => "near",
            Self::Far => "far",
            Self::SameHouse => "same_house",
            Self::SameRoad => "same_road",
            Self::SameYear => "same_year",
            Self::Other => "other",
            Self::Missing => "missing",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_what_is_serialised() {
        for level in Level::ALL {
            assert_eq!(serde_json::to_value(level).unwrap(), level.code());
        }
    }
}
